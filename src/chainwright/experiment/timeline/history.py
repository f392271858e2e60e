"""What is kept of every period that was played: columns of items, lanes, enterprises and echelons, and the measures."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from chainwright.experiment.timeline.append_only import Growing, Series
from chainwright.experiment.timeline.measuring import SO_FAR, Measuring
from chainwright.experiment.timeline.row_names import Names
from chainwright.metrics.trade import frames
from chainwright.metrics.trade.accumulate import TIMELINE
from chainwright.metrics.trade.definitions import cost_kinds
from chainwright.phases.costs import COSTS
from chainwright.words.subjects import as_declared

Floats = NDArray[np.float64]

ITEM_COLUMNS = (
    *("on_hand", "backorder", "in_process", "demand", "orders", "production_orders", "received", "shipped", "lost", "consumed"),
    *("forecast", "on_order", "inventory_position", "base_stock_level", "costs"),
)
LANE_COLUMNS = ("ordered", "shipped", "received", "in_transit", "backorder", "open")
ENTERPRISE_COLUMNS = ("cash", "closed")
# Of an echelon how its orders have swung so far against the end demand.
SWING = "bullwhip_ratio_to_end_demand"
TABLES = ("items", "lanes", "enterprises", "echelons")
# What events close of a lane.
OPEN = ("orders_open", "shipments_open", "transit_open", "receipt_open")


@as_declared
def history_columns() -> dict[str, tuple[str, ...]]:
    """By table which columns are kept; of echelons every cost by itself.

    Examples
    --------
    >>> history_columns()["enterprises"], history_columns()["echelons"][-2:]
    (('cash', 'closed'), ('purchase_cost', 'bullwhip_ratio_to_end_demand'))
    """
    return {"items": ITEM_COLUMNS, "lanes": LANE_COLUMNS, "enterprises": ENTERPRISE_COLUMNS, "echelons": (*TIMELINE, *cost_kinds(), SWING)}


class History:
    """Columns of every period that a timeline has played; the row of period t is t - 1.

    All arrays can only be read; rows that are in them stay as they are, also where the timeline forgets them later.

    Parameters
    ----------
    world : World
        Of the one run that is kept, before its first period.
    measuring : Measuring
        What watches it.
    horizon : int
        Periods that there will be at the most.
    tables : collection of str
        Which of ``items``, ``lanes``, ``enterprises`` and ``echelons`` are kept.

    Attributes
    ----------
    names : Names
        Who the rows are.
    items, lanes, enterprises, echelons : mapping
        By column an array with one line per period, rows in the order of the scenario file. ``production_orders`` of items are in good
        units, ``costs`` of items the sum of all costs that the item paid in the period, ``open`` of lanes the share that events leave.
    measures : mapping
        Network-wide metrics of the measured periods so far, one number per period; empty (nan) during the warm-up.
    rates : mapping
        The same of each period alone; of those that one period does not tell (`SO_FAR`) the measure so far.
    """

    def __init__(self, world: Any, measuring: Measuring, horizon: int, tables: Collection[str] = TABLES) -> None:
        self.names = Names(world)
        self._kept: dict[str, dict[str, Growing]] = {}
        for table in ("items", "lanes", "enterprises"):
            columns = history_columns()[table] if table in tables else ()
            rows = len(self.names.rows[table])
            self._kept[table] = {name: Growing((rows,), horizon, np.bool_ if name == "closed" else np.float64) for name in columns}
        # Short lines lie side by side.
        self._measured = tuple(measuring.measures(world))
        self._by_echelon = "echelons" in tables
        lines = len(history_columns()["echelons"])
        shapes = {"echelons": (lines, measuring.single.echelons), "measures": (len(self._measured),), "rates": (len(self._measured),)}
        self._blocks = {name: Growing(shape, horizon) for name, shape in shapes.items()}

    @property
    def periods(self) -> int:
        """How many periods are kept."""
        return self._blocks["measures"].count

    @property
    def items(self) -> Mapping[str, Floats]:
        return self._table("items")

    @property
    def lanes(self) -> Mapping[str, Floats]:
        return self._table("lanes")

    @property
    def enterprises(self) -> Mapping[str, NDArray[Any]]:
        return self._table("enterprises")

    @property
    def echelons(self) -> Mapping[str, Floats]:
        return self._block("echelons", history_columns()["echelons"] if self._by_echelon else ())

    @property
    def measures(self) -> Mapping[str, Floats]:
        return self._block("measures", self._measured)

    @property
    def rates(self) -> Mapping[str, Floats]:
        return self._block("rates", self._measured)

    def _table(self, name: str) -> Series:
        return Series({column: (kept, None) for column, kept in self._kept[name].items()})

    def _block(self, name: str, columns: tuple[str, ...]) -> Series:
        return Series({column: (self._blocks[name], number) for number, column in enumerate(columns)})

    def add(self, world: Any, measuring: Measuring) -> None:
        """Keep the period that the world has just played.

        Parameters
        ----------
        world : World
            Of one run.
        measuring : Measuring
            What has watched it.
        """
        for table, kept in self._kept.items():
            columns, rows = getattr(world, table), self.names.rows[table]
            for name, one in kept.items():
                values = _MADE[name](columns) if name in _MADE else columns[name]
                one.add(values[rows])
        if self._by_echelon:
            self._blocks["echelons"].add(_of_echelons(world, measuring))
        measures, rates = measuring.measures(world), measuring.rates(world)
        self._blocks["measures"].add([measures[name][0] for name in self._measured])
        self._blocks["rates"].add([(measures if name in SO_FAR else rates)[name][0] for name in self._measured])

    def start(self, periods: int) -> History:
        """The first periods, which are shared, as a history that goes on by itself."""
        twin = object.__new__(History)
        twin.__dict__.update(self.__dict__)
        twin._kept = {table: {name: one.start(periods) for name, one in columns.items()} for table, columns in self._kept.items()}
        twin._blocks = {name: one.start(periods if name != "echelons" or self._by_echelon else 0) for name, one in self._blocks.items()}
        return twin


def _of_echelons(world: Any, measuring: Measuring) -> Floats:
    """Sums of the latest period by echelon, one line per column."""
    single = measuring.single
    columns = history_columns()["echelons"]
    lines = np.zeros((len(columns), single.echelons))
    lines[: len(TIMELINE)] = measuring.by_echelon
    if world.costs:
        for number, cost in enumerate(COSTS.values()):
            lines[len(TIMELINE) + number] = single.by_echelon(world.items[cost.paid])
    if "prices" in world.features:
        lines[columns.index("purchase_cost")] = single.by_echelon(single.bought_outside_now(world))
    lines[-1] = frames.swing_ratios(world, measuring.total)[SWING]
    return lines


def _costs(items: Any) -> Floats:
    first, second, *others = (cost.paid for cost in COSTS.values())
    total: Floats = items[first] + items[second]
    for name in (*others, "purchase_cost_paid"):
        total += items[name]
    return total


def _open(lanes: Any) -> Floats:
    """What events leave of a lane: 0 where orders, shipments, transit or receipt are stopped."""
    share: Floats = lanes[OPEN[0]] * lanes[OPEN[1]]
    for name in OPEN[2:]:
        share *= lanes[name]
    return share


_MADE = {
    "production_orders": lambda items: items.production_orders * items.yield_share,
    "costs": _costs,
    "open": _open,
}
