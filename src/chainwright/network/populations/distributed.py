"""Parameters that are drawn: a number, a distribution, or one of these by role; every row's draw is its own."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import special

from chainwright.state import distributions
from chainwright.state.streams import uniform
from chainwright.words.errors import suggestion
from chainwright.words.trade import ROLES

Floats = NDArray[np.float64]
Mistakes = list[tuple[str, str]]

# What each distribution needs.
DISTRIBUTIONS: Mapping[str, tuple[str, ...]] = {
    "uniform": ("low", "high"),
    "normal": ("mean", "deviation"),
    "lognormal": ("mean", "deviation"),
    "gamma": ("mean", "deviation"),
    "exponential": ("mean",),
    "triangular": ("low", "mode", "high"),
    "pareto": ("smallest", "exponent"),
    "poisson": ("mean",),
    "choice": ("values",),
}
# What any of them may have beside that.
LIMITS = ("at_least", "at_most")
# Numbers among these that lie within the bounds of the parameter itself.
BOUNDED = ("low", "high", "mode", "values", "smallest", *LIMITS)
POSITIVE = ("deviation", "exponent")


def distributed(
    meaning: str,
    default: Any = dataclasses.MISSING,
    *,
    unit: str = "-",
    minimum: float = 0.0,
    maximum: float = math.inf,
    whole: bool = False,
    by_role: bool = True,
) -> Any:
    """Declare a parameter that may be a number, a distribution, or a mapping of roles to these (a dataclass field).

    Parameters
    ----------
    meaning, default, unit, minimum, maximum
        As of `chainwright.policies.base.parameter`. What a distribution without end draws outside the bounds is moved to the bound.
    whole : bool
        Whether whole numbers are drawn: a uniform distribution gives each from `low` to `high` the same chance, others are rounded.
    by_role : bool
        Whether roles may have their own.
    """
    said = {"meaning": meaning, "unit": unit, "minimum": minimum, "maximum": maximum, "kind": "anything", "choices": ()}
    metadata = {**said, "distributed": True, "whole": whole, "by_role": by_role}
    if default is dataclasses.MISSING:
        return dataclasses.field(metadata=metadata)
    return dataclasses.field(default=default, metadata=metadata)


def mistakes_of(field: dataclasses.Field[Any], value: Any) -> Mistakes:
    """What is wrong with the value of a distributed parameter: (dotted path, message).

    Examples
    --------
    >>> field = distributed("Cost", 1.0)
    >>> field.name = "holding_cost"
    >>> mistakes_of(field, {"retailer": {"distribution": "uniform", "low": 3.0, "hihg": 4.0}})
    [('holding_cost.retailer.hihg', "distribution 'uniform' has no 'hihg'; did you mean 'high'?")]
    """
    if value is None and field.default is None:
        return []
    if isinstance(value, Mapping) and "distribution" not in value and field.metadata["by_role"]:
        return _mistakes_by_role(field, value)
    return _mistakes(field, value, field.name)


def _mistakes_by_role(field: dataclasses.Field[Any], value: Mapping[str, Any]) -> Mistakes:
    if not value:
        return [(field.name, "expected a number, a distribution, or values by role, got nothing")]
    found: Mistakes = []
    for role, own in value.items():
        if role not in (*ROLES, "default"):
            if any(key in value for names in DISTRIBUTIONS.values() for key in names):
                return [(field.name, f"'distribution' is missing; expected one of {', '.join(DISTRIBUTIONS)}")]
            found.append((f"{field.name}.{role}", f"no role is called {role!r}{suggestion(str(role), (*ROLES, 'default', 'distribution'))}"))
        else:
            found += _mistakes(field, own, f"{field.name}.{role}")
    return found


def _mistakes(field: dataclasses.Field[Any], value: Any, path: str) -> Mistakes:
    if not isinstance(value, Mapping):
        wrong = _wrong_number(field, value, True)
        return [(path, wrong)] if wrong else []
    name = value.get("distribution")
    if not isinstance(name, str) or name not in DISTRIBUTIONS:
        if "distribution" not in value:
            return [(path, f"'distribution' is missing; expected one of {', '.join(DISTRIBUTIONS)}")]
        known = suggestion(str(name), DISTRIBUTIONS)
        return [(f"{path}.distribution", f"no distribution is called {name!r}{known}")]
    needed = DISTRIBUTIONS[name]
    known_keys = ("distribution", *needed, *LIMITS, *(("probabilities",) if name == "choice" else ()))
    found = [
        (f"{path}.{key}", f"distribution {name!r} has no {key!r}{suggestion(str(key), known_keys)}") for key in value if key not in known_keys
    ]
    found += [(path, f"distribution {name!r} needs {key!r}") for key in needed if key not in value and len(found) == 0]
    for key in (*needed, *LIMITS):
        if key not in value:
            continue
        for one in _listed(value[key]) if key == "values" else [value[key]]:
            wrong = _wrong_number(field, one, key in BOUNDED) or (f"{one:g} is less than 0" if key in POSITIVE and one < 0.0 else "")
            if wrong:
                found.append((f"{path}.{key}", wrong))
                break
    return found or _mistakes_together(name, value, path)


def _mistakes_together(name: str, value: Mapping[str, Any], path: str) -> Mistakes:
    """What is wrong between sound numbers of one distribution."""
    found: Mistakes = []
    pairs = [("low", "high"), ("low", "mode"), ("mode", "high"), ("at_least", "at_most")]
    found += [
        (f"{path}.{high}", f"{value[high]:g} is less than {low} ({value[low]:g})")
        for low, high in pairs
        if low in value and high in value and value[high] < value[low]
    ]
    if name == "pareto" and min(value["smallest"], value["exponent"]) <= 0.0:
        found.append((path, "a pareto distribution needs a smallest value and an exponent above 0"))
    if name in ("lognormal", "gamma", "exponential", "poisson") and value["mean"] < 0.0:
        found.append((f"{path}.mean", f"{value['mean']:g} is less than 0"))
    if name == "choice":
        values, probabilities = _listed(value["values"]), value.get("probabilities")
        if not values:
            found.append((f"{path}.values", "expected at least one value"))
        if probabilities is not None:
            chances = _listed(probabilities)
            if len(chances) != len(values):
                found.append((f"{path}.probabilities", f"{len(values)} values need as many probabilities, got {len(chances)}"))
            elif not all(_number(one) and one >= 0.0 for one in chances) or not math.isclose(math.fsum(chances), 1.0, rel_tol=1e-6):
                found.append((f"{path}.probabilities", "expected numbers from 0 to 1 whose sum is 1"))
    return found


def _listed(value: Any) -> list[Any]:
    return list(value) if isinstance(value, list | tuple) else [value]


def _number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)


def _wrong_number(field: dataclasses.Field[Any], value: Any, bounded: bool) -> str:
    """What is wrong with one number, or an empty text."""
    whole = field.metadata["whole"] and bounded
    expected = "a whole number" if whole else "a number"
    if not _number(value):
        return f"expected {expected} or a distribution, got {value!r}" if value is not None else f"expected {expected}, got nothing"
    if whole and value != int(value):
        return f"expected a whole number, got {value:g}"
    low, high = field.metadata["minimum"], field.metadata["maximum"]
    if bounded and not low <= value <= high:
        return f"expected {expected} from {low:g} to {high:g}, got {value:g}" if math.isfinite(high) else f"expected at least {low:g}, got {value:g}"
    return ""


def draw(
    field: dataclasses.Field[Any],
    value: Any,
    seed: int,
    coordinate: NDArray[np.uint64],
    roles: list[str] | None = None,
    role: NDArray[Any] | None = None,
    own: Mapping[str, float] | None = None,
) -> Floats:
    """The values of a distributed parameter, one per row.

    A row's draw depends on the seed, the name of the parameter and the row's coordinate, and on nothing else: another distribution, another
    parameter or more rows move no other draw.

    Parameters
    ----------
    field : dataclasses.Field
        The declared parameter.
    value : number or mapping
        What is said.
    seed : int
        Seed of the population.
    coordinate : array of uint64
        One per row.
    roles, role : list of str and array of int, optional
        The roles that occur, and which of them each row has.
    own : mapping, optional
        Roles that neither a value for everybody nor the default reaches, with what they have where they are not named.
    """
    sent: Floats | None = None

    def one(spec: Any, chosen: NDArray[np.bool_] | slice) -> Any:
        nonlocal sent
        if not isinstance(spec, Mapping):
            return float(spec)
        if sent is None:
            sent = np.atleast_1d(uniform(seed, 0, 0, f"population {field.name}", coordinate, 0))
        return quantile(spec, sent[chosen], field.metadata["whole"], field.metadata["minimum"], field.metadata["maximum"])

    by_role = isinstance(value, Mapping) and "distribution" not in value
    if roles is None or role is None or (not by_role and not own):
        return np.broadcast_to(np.asarray(one(value, slice(None)), np.float64), coordinate.shape)
    made = np.empty(len(coordinate))
    for number, name in enumerate(roles):
        chosen = role == number
        if by_role and name in value:
            spec = value[name]
        elif own and name in own:
            spec = own[name]
        else:
            spec = value.get("default", field.default) if by_role else value
        made[chosen] = one(spec, chosen)
    return made


def quantile(spec: Mapping[str, Any], drawn: Floats, whole: bool = False, minimum: float = -math.inf, maximum: float = math.inf) -> Floats:
    """Values of a distribution by inverse transform, within bounds.

    Examples
    --------
    >>> quantile({"distribution": "uniform", "low": 1, "high": 3}, np.array([0.1, 0.5, 0.9]), whole=True).tolist()
    [1.0, 2.0, 3.0]
    >>> quantile({"distribution": "triangular", "low": 0.0, "mode": 1.0, "high": 2.0}, np.array([0.5])).tolist()
    [1.0]
    """
    name = spec["distribution"]
    if name == "uniform":
        # Each whole number from low to high has a stretch of length 1.
        made = np.floor(spec["low"] + (spec["high"] + 1 - spec["low"]) * drawn) if whole else spec["low"] + (spec["high"] - spec["low"]) * drawn
    elif name == "choice":
        values = _listed(spec["values"])
        made = distributions.discrete(drawn, values, spec.get("probabilities") or [1.0] * len(values))
    elif name == "triangular":
        made = _triangular(drawn, float(spec["low"]), float(spec["mode"]), float(spec["high"]))
    elif name == "pareto":
        made = spec["smallest"] * special.inv_boxcox(-special.log1p(-drawn) / spec["exponent"], 0.0)
    elif name == "exponential":
        made = -spec["mean"] * special.log1p(-drawn)
    elif name == "poisson":
        made = distributions.poisson(drawn, float(spec["mean"]))
    else:
        made = getattr(distributions, name)(drawn, float(spec["mean"]), float(spec["deviation"]))
    if whole:
        made = np.rint(made)
    low, high = max(minimum, spec.get("at_least", minimum)), min(maximum, spec.get("at_most", maximum))
    return np.clip(np.asarray(made, np.float64), low, high)


def _triangular(drawn: Floats, low: float, mode: float, high: float) -> Floats:
    if high == low:
        return np.full_like(drawn, low)
    rising = (mode - low) / (high - low)
    below = low + np.sqrt(drawn * (high - low) * (mode - low))
    above = high - np.sqrt((1.0 - drawn) * (high - low) * (high - mode))
    return np.where(drawn < rising, below, above)
