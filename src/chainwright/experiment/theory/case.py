"""What a known result is: where it is printed, what the closed form gives, and how the simulator is asked for the same number."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from chainwright.experiment.theory.simulated import CUSTOMER, Reader
from chainwright.scenario import Scenario

# The names that every chain of a known result has, besides its customers and stages.
SOURCE, PRODUCT = "outside", "part"


@dataclass(frozen=True, eq=False)
class Simulation:
    """How a result is simulated: a scenario and how long and how often it runs. Several results may read the same one.

    Parameters
    ----------
    scenario : callable
        Answers the scenario.
    runs, periods, warm_up : int
        Independent replications, measured periods of each, and periods before those.
    seed : int, optional
        Seed of all draws; made of the result's name where nothing is said, so that no two results stand on the same draws.
    """

    scenario: Callable[[], Scenario]
    runs: int = 500
    periods: int = 800
    warm_up: int = 100
    seed: int | None = None


@dataclass(frozen=True)
class KnownResult:
    """One number that is known without this simulator.

    Parameters
    ----------
    name : str
        Short name with the parameters, for example ``A1 (p 5, L 2)``.
    source : str
        Where it is proved or printed.
    quantity : str
        What is measured.
    expected : float
        What a closed form gives; for a formula, the number in print.
    simulation : Simulation or None
        How it is simulated; None for a formula.
    read : callable or None
        Reads the estimate from a result (and the number of measured periods of each run).
    formula : callable or None
        Computes the number, where it is not simulated but only compared with print.
    places : int
        Decimal places of the number in print, for formulas.
    """

    name: str
    source: str
    quantity: str
    expected: float
    simulation: Simulation | None = None
    read: Reader | None = None
    formula: Callable[[], float] | None = None
    places: int = 6


@dataclass(frozen=True)
class Stage:
    """One stage of a chain in a row: its policies, the time and other columns of the lane that supplies it, its item's columns.

    `fill` is in transit to it, in each period of the way, when the run begins.
    """

    orders: Mapping[str, Any]
    transport_time: int
    fill: float = 0.0
    forecast: Mapping[str, Any] | None = None
    item: Mapping[str, Any] | None = None
    lane: Mapping[str, Any] | None = None


def stage_name(number: int) -> str:
    """Name of a stage, counted from 1 at the customers' end."""
    return f"stage_{number}"


def chain(demand: Mapping[str, Any], stages: Sequence[Stage]) -> dict[str, Any]:
    """The scenario document of a chain in a row: customers, stages counted from them upward, a source that never runs out.

    Examples
    --------
    >>> document = chain({"policy": "constant", "value": 4}, [Stage({"policy": "base_stock", "level": 9}, transport_time=1)])
    >>> [(lane["seller"], lane["buyer"]) for lane in document["lanes"]]
    [('stage_1', 'customers'), ('outside', 'stage_1')]
    """
    enterprises: dict[str, Any] = {CUSTOMER: {"role": "customer", "items": {PRODUCT: {"demand": dict(demand)}}}}
    lanes: list[dict[str, Any]] = [{"seller": stage_name(1), "buyer": CUSTOMER, "product": PRODUCT}]
    policies: dict[str, dict[str, Any]] = {"place_orders": {}}
    for number, stage in enumerate(stages, start=1):
        name = stage_name(number)
        seller = stage_name(number + 1) if number < len(stages) else SOURCE
        enterprises[name] = {"role": "retailer" if number == 1 else "distributor", "items": {PRODUCT: dict(stage.item or {})}}
        time = stage.transport_time
        way = {"transport_time": time, "in_transit": [stage.fill] * time} if stage.fill else {"transport_time": time}
        lanes.append({"seller": seller, "buyer": name, "product": PRODUCT, **way, **(stage.lane or {})})
        policies["place_orders"][name] = dict(stage.orders)
        if stage.forecast is not None:
            policies.setdefault("forecast_demand", {})[name] = dict(stage.forecast)
    enterprises[SOURCE] = {"role": "supplier", "items": {PRODUCT: {"unlimited": True}}}
    return {
        "chainwright": 1,
        "title": "A chain with a known result",
        "period": "day",
        "horizon": 1,
        "products": {PRODUCT: {}},
        "enterprises": enterprises,
        "lanes": lanes,
        "policies": policies,
    }


def in_a_row(demand: Mapping[str, Any], *stages: Stage, runs: int = 500, periods: int = 800, warm_up: int = 100) -> Simulation:
    """A chain in a row, ready to be simulated."""
    return Simulation(lambda: Scenario.from_document(chain(demand, stages)), runs, periods, warm_up)
