"""What one page, and all pages together, may ask of this machine; whatever is more is refused with what to do instead."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from chainwright.scenario import keys
from chainwright.scenario.read.yaml_file import LARGEST_FILE
from chainwright.words.counts import plural
from chainwright.words.errors import UsageError

# An uploaded file; no scenario file that is read here may be larger either.
UPLOAD_BYTES = min(2_000_000, LARGEST_FILE)


@dataclass(frozen=True)
class Limits:
    """The limits of a server.

    Parameters
    ----------
    enterprises, lanes : int
        Of a network that is drawn.
    horizon : int
        Periods of a timeline.
    sessions : int
        Pages that are open at the same time.
    timelines : int
        Timelines that a page holds at the same time.
    timeline_bytes, all_bytes : int
        Memory that one timeline, and all timelines of all pages together, may take.
    runs : int
        Runs of a band.
    points : int
        Points of a small sweep.
    all_runs : int
        Runs of a small sweep, all points together.
    work : int
        Rows of items times periods times runs of one job.
    rows : int
        Echelons times periods times runs of the bands: what is kept of all runs at once, some 400 bytes each.
    upload_bytes : int
        Size of an uploaded file.
    checks : int
        Values of an uploaded file times how often all of them are checked: once for each variant and intervention.
    """

    enterprises: int = 3_000
    lanes: int = 60_000
    horizon: int = 20_000
    sessions: int = 100
    timelines: int = 8
    timeline_bytes: int = 400_000_000
    all_bytes: int = 3_000_000_000
    runs: int = 200
    points: int = 100
    all_runs: int = 2_000
    work: int = 300_000_000
    rows: int = 1_000_000
    upload_bytes: int = UPLOAD_BYTES
    checks: int = 3_000_000

    def told(self) -> dict[str, int]:
        """What a page is told, so that it can answer before anything is sent."""
        names = ("enterprises", "lanes", "horizon", "runs", "points", "all_runs", "upload_bytes")
        return {name: getattr(self, name) for name in names}


@dataclass(frozen=True)
class Size:
    """How many enterprises and lanes a scenario has, at the most where it is generated; endless where nobody can tell."""

    enterprises: float
    lanes: float


def size(data: Mapping[str, Any]) -> Size:
    """The size of a document of a scenario, without generating its network.

    Examples
    --------
    >>> size({"population": {"generator": "serial", "stages": 4, "chains": 1000}})
    Size(enterprises=6000, lanes=5000)
    """
    if keys.populated(data):
        return _of_population(data["population"])
    counts = [len(keys.parts(data, section)) for section in ("enterprises", "lanes")]
    return Size(*counts)


def check_size(found: Size, limits: Limits, what: str) -> None:
    """Refuse what is too large to be drawn.

    Raises
    ------
    UsageError
        With its size, the limit and what to do.
    """
    for count, most, name in ((found.enterprises, limits.enterprises, "enterprises"), (found.lanes, limits.lanes, "lanes")):
        if count > most:
            many = f"up to {count:,.0f}" if math.isfinite(count) else "nobody knows how many"
            raise UsageError(
                f"{what} has {many} {name}, and {most:,} are the most that are drawn here; open something smaller, or use `chainwright run`"
            )


def check_work(items: int, periods: int, runs: int, limits: Limits, kept: int = 0) -> None:
    """Refuse a job that would take far too long, or far too much memory, on a machine that others use as well.

    Parameters
    ----------
    items, periods, runs : int
        Items of the network, periods of each run, and runs.
    limits : Limits
        Of the server.
    kept : int
        Numbers of a kind that are kept of each run and period until the end.

    Raises
    ------
    UsageError
        With how many runs would do.
    """
    fits = min(limits.work // max(items * periods, 1), limits.rows // (kept * periods) if kept * periods else runs)
    if runs <= fits:
        return
    instead = f"{fits} would do" if fits else "none would do"
    raise UsageError(f"{runs:,} runs of {plural(periods, 'period')} of this network are too much for the page; {instead}, or use `chainwright sweep`")


# --- populations: the most that the parameters can make ---------------------------------------------------------


def _of_population(section: Any) -> Size:
    """An upper estimate by the generator's parameters, those that are not said at their defaults."""
    from chainwright.scenario.resolve.generated import generator_of

    generator = generator_of(section)
    estimate = _ESTIMATES.get(getattr(generator, "name", ""))
    if generator is None or estimate is None:
        return Size(math.inf, math.inf)
    said = {field.name: field.default for field in generator.parameters()}
    said |= {name: value for name, value in section.items() if value is not None}
    try:
        return estimate(said)
    except (TypeError, ValueError, OverflowError, KeyError, IndexError):
        return Size(math.inf, math.inf)


def _most(said: Any) -> float:
    """The largest that a number, or a range of two, can be."""
    return max(float(one) for one in said) if isinstance(said, list | tuple) else float(said)


def _power(base: float, exponent: float) -> float:
    return math.inf if exponent * math.log(max(base, 1.0)) > 40.0 else base**exponent


def _serial(said: Mapping[str, Any]) -> Size:
    return Size((said["stages"] + 2) * said["chains"], (said["stages"] + 1) * said["chains"])


def _tree(said: Mapping[str, Any]) -> Size:
    branching, depth = _most(said["branching"]), float(said["depth"])
    stages = depth if branching <= 1.0 else (_power(branching, depth) - 1.0) / (branching - 1.0)
    leaves = _power(branching, depth - 1.0) * _most(said["customers_per_retailer"])
    return Size(1.0 + stages + leaves, stages + leaves)


def _assembly(said: Mapping[str, Any]) -> Size:
    branching, depth = _most(said["branching"]), float(said["depth"])
    makers = depth + 1.0 if branching <= 1.0 else (_power(branching, depth + 1.0) - 1.0) / (branching - 1.0)
    return Size(makers + said["customers"], makers + said["customers"])


def _layered(said: Mapping[str, Any]) -> Size:
    """From the customers up, as the generator goes: each item has sellers of its own, and a layer keeps what it is asked for."""
    layers = [float(said[name]) for name in ("customers", "retailers", "distributors", "manufacturers", "suppliers")]
    depth, products = float(said["bill_of_materials_depth"]), float(said["products"])
    parts = max(products, float(said["components_per_product"]))
    asked, lanes = layers[0], 0.0
    for layer in layers[1:4]:
        if layer:
            lanes += asked * min(float(said["most_sellers"]), layer)
            asked = min(asked * min(float(said["most_sellers"]), layer), layer * products)
    if depth:
        asked = min(asked * float(said["components_per_product"]), max(layers[3], 1.0) * parts)
    lanes += asked * min(float(said["most_sellers"]), layers[4]) * max(depth, 1.0)
    # A million products fill the memory as a million lanes do.
    return Size(sum(layers), max(lanes, parts * (depth + 1.0)))


def _scale_free(said: Mapping[str, Any]) -> Size:
    firms = float(said["firms"])
    customers = float(said["customers"]) if said["customers"] is not None else firms
    # The mean of the drawn numbers of sellers may lie above what is asked for.
    lanes = 1.5 * firms * float(said["degree"]) + firms + customers * float(said["customer_sellers"])
    return Size(firms + customers + said["suppliers"], max(lanes, float(said["industries"])))


_ESTIMATES = {"serial": _serial, "tree": _tree, "assembly": _assembly, "layered": _layered, "scale_free": _scale_free}
