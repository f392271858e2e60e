"""Choosing the points of a sweep: the kinds of design, their options, and one function that makes each of them."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterable, Mapping
from typing import Any

import pandas as pd

from chainwright.experiment.designs.design import Design, design_of_document, frame_of
from chainwright.experiment.designs.factor import Factor, as_said
from chainwright.experiment.designs.factors import factors_of
from chainwright.experiment.designs.factors_text import parse_call
from chainwright.experiment.designs.fractional import fractional, two_level
from chainwright.experiment.designs.levels import factors_of_points, grid, one_at_a_time, points
from chainwright.experiment.designs.samples import halton, latin_hypercube, morris, saltelli, sobol
from chainwright.words.errors import UsageError, suggestion
from chainwright.words.requests import LARGEST_SEED, whole_number

__all__ = ["KINDS", "Design", "design_of_document", "make_design", "options_of"]

KINDS: Mapping[str, Callable[..., tuple[dict[str, list[Any]], dict[str, Any]]]] = {
    "grid": grid,
    "points": points,
    "one_at_a_time": one_at_a_time,
    "latin_hypercube": latin_hypercube,
    "sobol": sobol,
    "halton": halton,
    "two_level": two_level,
    "fractional": fractional,
    "morris": morris,
    "saltelli": saltelli,
}
# What one option of a design may be said as alone: latin_hypercube(100).
_FIRST = {**dict.fromkeys(("latin_hypercube", "sobol", "halton", "saltelli"), "n"),
          "morris": "trajectories", "grid": "levels", "fractional": "resolution"}  # fmt: skip


def make_design(factors: Mapping[str, Any] | Iterable[Factor] | None = None, design: Any = "grid", seed: int = 1) -> Design:
    """The points of a sweep.

    Parameters
    ----------
    factors : mapping or iterable of Factor
        What is varied, see `chainwright.experiment.designs.factors.factors_of`.
    design : str, mapping, DataFrame, list or Design
        The kind of design, with options as ``{"kind": "latin_hypercube", "n": 100}`` or ``"latin_hypercube(n=100)"``; or the points
        themselves, as a table or a list of values by factor. Their columns are factors, paths, or ``variant``.
    seed : int
        Of what is drawn; the same seed gives the same points.

    Returns
    -------
    Design
        The points in their order.

    Raises
    ------
    UsageError
        When the design cannot be made of these factors.

    Examples
    --------
    >>> make_design({"lanes.*.transport_time": [1, 2, 4], "variant": ["base", "pass_on"]}).points
       lanes.*.transport_time  variant
    0                       1     base
    1                       1  pass_on
    2                       2     base
    3                       2  pass_on
    4                       4     base
    5                       4  pass_on
    >>> len(make_design({"horizon": "20..60", "warm_up": "0..10"}, "latin_hypercube(n=8)"))
    8
    """
    if isinstance(design, Design):
        return _as_it_is(factors, design)
    chosen = factors_of(factors)
    used_seed = whole_number(seed, "seed", 0, LARGEST_SEED)
    kind, options = _asked(design)
    if kind == "points":
        chosen = factors_of(factors_of_points(chosen, options.get("points"), options.get("file")))
    if not chosen:
        raise UsageError(f"no factor is given; say what a {kind} design varies, such as factors={{'lanes.*.transport_time': [1, 2, 4]}}")
    columns, facts = KINDS[kind](chosen, used_seed, **options)
    said = {name: _plain(value) for name, value in options.items() if name != "points"}
    count = len(columns[chosen[0].name])
    return Design(kind, chosen, frame_of(columns), {"kind": kind, "seed": used_seed, "points": count, "options": said, **facts})


def options_of(kind: str) -> tuple[str, ...]:
    """The options of a kind of design.

    Examples
    --------
    >>> options_of("latin_hypercube")
    ('n', 'scramble', 'optimise')
    """
    parameters = inspect.signature(KINDS[kind]).parameters.values()
    return tuple(one.name for one in parameters if one.kind is inspect.Parameter.KEYWORD_ONLY)


def _asked(design: Any) -> tuple[str, dict[str, Any]]:
    """The kind of a design and its options."""
    options: dict[str, Any]
    if isinstance(design, str):
        kind, arguments, options = parse_call(design)
        _known(kind)
        if arguments:
            first = _FIRST.get(kind)
            if first is None or len(arguments) > 1 or first in options:
                example = f"; say {options_of(kind)[0]}=..." if options_of(kind) else ""
                raise UsageError(f"design {kind!r}: an option has no name: {arguments[-1]!r}{example}")
            options = {first: arguments[0], **options}
    elif isinstance(design, Mapping):
        options = {str(name): value for name, value in design.items()}
        if "kind" not in options:
            if any(isinstance(value, Iterable) and not isinstance(value, str) for value in options.values()):
                return "points", {"points": pd.DataFrame(dict(design))}
            raise UsageError(f"design: kind is missing; expected one of {', '.join(KINDS)}")
        kind = options.pop("kind")
        _known(kind)
    elif isinstance(design, pd.DataFrame) or (isinstance(design, Iterable) and not isinstance(design, bytes)):
        return "points", {"points": design if isinstance(design, pd.DataFrame) else list(design)}
    else:
        raise UsageError(f"design: expected the name of one ({', '.join(KINDS)}), a mapping with its kind, or the points, got {design!r}")
    known = options_of(kind)
    wrong = [f"design {kind!r} has no option {name!r}{suggestion(name, known)}" for name in options if name not in known]
    if wrong:
        raise UsageError("\n".join(wrong))
    return kind, options


def _known(kind: Any) -> None:
    if not isinstance(kind, str) or kind not in KINDS:
        raise UsageError(f"no design is called {kind!r}{suggestion(str(kind), KINDS)}")


def _as_it_is(factors: Any, design: Design) -> Design:
    """A design that is there already; factors beside it must be its own."""
    if factors:
        names = [factor.name for factor in factors_of(factors)]
        own = [factor.name for factor in design.factors]
        if names != own:
            raise UsageError(f"the design has the factors {', '.join(own)}, and the factors given are {', '.join(names)}; leave factors out")
    return design


def _plain(value: Any) -> Any:
    """An option as JSON can hold it."""
    try:
        return as_said(value)
    except UsageError:
        return str(value)
