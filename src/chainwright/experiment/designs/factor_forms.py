"""Factors from Python values: lists, ranges, distributions, variants, labelled settings."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from chainwright.experiment.designs.factor import BASE, VARIANT, Factor, as_said, is_number, same
from chainwright.experiment.designs.factor_distributions import distribution_of, is_frozen, of_scipy
from chainwright.scenario.keys import TOP_KEYS
from chainwright.scenario.paths import split_path
from chainwright.scenario.write.yaml_text import flow_text
from chainwright.words.errors import UsageError, suggestion

# Ends of a range lie within; further out differences of them are no numbers any more.
LARGEST = 1e300
# Values of one factor; more are meant as a range.
MOST_VALUES = 100_000
_RANGE = ("low", "high", "whole", "log")
_SPREAD = (*_RANGE, "distribution", "values", "path")
EXPECTED = "a list of values, cw.between(low, high), a distribution such as 'normal(50, 8)', or settings by label"


@dataclass(frozen=True)
class Between:
    """A range of a factor, see `between`."""

    low: float
    high: float
    whole: bool = False
    log: bool = False


def between(low: float, high: float, *, whole: bool = False, log: bool = False) -> Between:
    """A range of values, its ends included.

    Parameters
    ----------
    low, high : float
        The ends.
    whole : bool
        Whether only whole numbers are meant.
    log : bool
        Whether values are spread evenly by their logarithm, as for a factor that may differ by orders of magnitude.

    Returns
    -------
    Between
        What `chainwright.sweep`, `optimise` and `calibrate` take for a factor.

    Raises
    ------
    UsageError
        When the ends are no range.

    Examples
    --------
    >>> between(10, 30, whole=True)
    Between(low=10, high=30, whole=True, log=False)
    """
    low, high = as_said(low), as_said(high)
    for name, end in (("low", low), ("high", high)):
        if not is_number(end) or not abs(end) < LARGEST:
            raise UsageError(f"{name} of a range must be a number, got {end!r}")
        if whole and not float(end).is_integer():
            raise UsageError(f"{name} of a range of whole numbers must be a whole number, got {end!r}")
    for name, flag in (("whole", whole), ("log", log)):
        if not isinstance(flag, bool):
            raise UsageError(f"{name} of a range must be true or false, got {flag!r}")
    if low >= high:
        swap = f"; did you mean {high}..{low}?" if low > high else ""
        raise UsageError(f"low of a range must be below high, got {low} and {high}{swap}")
    if log and low <= 0:
        raise UsageError(f"a range by the logarithm must lie above 0, got {low}..{high}")
    return Between(int(low), int(high), whole, log) if whole else Between(low, high, whole, log)


def factor_of(name: str, given: Any) -> Factor:
    """The factor of a name and what is given for it, a text excepted.

    Raises
    ------
    UsageError
        When it is none.

    Examples
    --------
    >>> factor_of("horizon", range(10, 40, 10)).values
    (10, 20, 30)
    """
    if isinstance(given, Factor):
        return given if given.name == name else replace(given, name=name)
    if isinstance(given, Between):
        ends = between(given.low, given.high, whole=given.whole, log=given.log)
        made = Factor(name, "range", (name,), low=ends.low, high=ends.high, whole=ends.whole, log=ends.log)
    elif is_frozen(given):
        made = Factor(name, "distribution", (name,), distribution=of_scipy(given))
    elif isinstance(given, Mapping):
        return _of_mapping(name, given)
    elif isinstance(given, set | frozenset):
        raise UsageError(f"expected {EXPECTED}; a set has no order, make it a list")
    elif isinstance(given, str) or not isinstance(given, Iterable):
        return listed(name, [given])
    else:
        return listed(name, given)
    if name == VARIANT:
        raise UsageError("variants are named one by one: variant=base,other")
    split_path(name)
    return made


def listed(name: str, given: Iterable[Any], path: str | None = None) -> Factor:
    """The factor of listed values.

    Raises
    ------
    UsageError
        When there are none, one is no value of a scenario file, or one stands there twice.
    """
    values = []
    for value in given:
        values.append(_value(value))
        if len(values) > MOST_VALUES:
            raise UsageError(f"more than {MOST_VALUES:,} values; give a range, such as cw.between(low, high)")
    if not values:
        raise UsageError(f"no value is given; expected {EXPECTED}")
    if name == VARIANT and path is None:
        values = [BASE if value is None else value for value in values]
        other = next((value for value in values if not isinstance(value, str)), None)
        if other is not None:
            raise UsageError(f"expected names of variants, or {BASE} for the scenario itself, got {other!r}")
    else:
        split_path(name if path is None else path)
    seen: set[str] = set()
    for value in values:
        if same(value) in seen:
            raise UsageError(f"the value {_short(value)} is given twice")
        seen.add(same(value))
    if name == VARIANT and path is None:
        return Factor(name, "variant", values=tuple(values))
    return Factor(name, "values", (name if path is None else path,), tuple(values))


def _value(value: Any) -> Any:
    if isinstance(value, Between) or is_frozen(value):
        raise UsageError("a range or a distribution stands alone, not among other values")
    if isinstance(value, set | frozenset):
        raise UsageError("a set has no order; make it a list")
    return as_said(value)


def _short(value: Any) -> str:
    said = value if isinstance(value, str) else flow_text(value)
    return said if len(said) <= 60 else f"{said[:40]}..."


def _of_mapping(name: str, given: Mapping[Any, Any]) -> Factor:
    """A range, a distribution or listed values under words, or values by label."""
    if not given:
        raise UsageError(f"no value is given; expected {EXPECTED}")
    if name == VARIANT:
        raise UsageError(f"expected a list of variants, such as [{BASE}, other], got a mapping")
    is_path = names_a_path(name)
    words = set(map(str, given))
    # Labels may be called low and high, or distribution; then mappings stand behind them.
    spread = any(isinstance(given.get(word), str) for word in ("distribution", "scipy", "path"))
    if spread or (words <= {*_RANGE, "values"} and not all(isinstance(value, Mapping) for value in given.values())):
        return _spread(name, given)
    if is_path:
        if not all(isinstance(value, Mapping) for value in given.values()):
            raise UsageError(f"expected {EXPECTED}; a single value that is a mapping stands in a list: [{{...}}]")
        return Factor(name, "settings", values=tuple(map(str, given)), meant={str(label): {name: as_said(one)} for label, one in given.items()})
    meant = {}
    for label, settings in given.items():
        if settings is not None and not isinstance(settings, Mapping):
            raise UsageError(f"{label!r}: expected values by path, such as {{'policies.place_orders.default.level': 20}}, got {settings!r}")
        meant[str(label)] = {str(path): _value(value) for path, value in (settings or {}).items()}
        for path in meant[str(label)]:
            split_path(path)
    if len(meant) < len(given):
        raise UsageError(f"one label is given twice: {', '.join(map(str, given))}")
    if not any(meant.values()):
        raise UsageError(f"no label sets anything: {', '.join(meant)}")
    if len({same(settings) for settings in meant.values()}) < len(meant):
        raise UsageError(f"two labels set the same: {', '.join(meant)}")
    return Factor(name, "settings", values=tuple(meant), meant=meant)


def _spread(name: str, given: Mapping[Any, Any]) -> Factor:
    """A factor under words: ``{low: 10, high: 30}``, ``{distribution: normal, ...}``, with ``path`` where its name is none."""
    said = {str(key): value for key, value in given.items()}
    path = said.pop("path", name)
    if not isinstance(path, str):
        raise UsageError(f"path: expected a dotted path, got {path!r}")
    split_path(path)
    if "distribution" in said or "scipy" in said:
        plain = {key: as_said(value) for key, value in said.items()}
        return Factor(name, "distribution", (path,), distribution=distribution_of(plain))
    unknown = [key for key in said if key not in _SPREAD]
    if unknown:
        raise UsageError(f"a factor has no {unknown[0]!r}{suggestion(unknown[0], _SPREAD)}")
    if "values" in said:
        if len(said) > 1:
            raise UsageError("values and a range are given; expected one of the two")
        values = said["values"]
        if isinstance(values, str | Mapping) or not isinstance(values, Iterable):
            raise UsageError(f"values: expected a list, got {values!r}")
        return listed(name, values, path)
    missing = [key for key in ("low", "high") if key not in said]
    if missing:
        raise UsageError(f"a range needs {' and '.join(missing)}")
    ends = between(said["low"], said["high"], whole=said.get("whole", False), log=said.get("log", False))
    return Factor(name, "range", (path,), low=ends.low, high=ends.high, whole=ends.whole, log=ends.log)


def names_a_path(name: str) -> bool:
    """Whether a name is a path of a scenario, as far as its first word tells.

    Examples
    --------
    >>> names_a_path("lanes.*.transport_time"), names_a_path("plan")
    (True, False)
    """
    try:
        return split_path(name)[0] in TOP_KEYS
    except UsageError:
        return False
