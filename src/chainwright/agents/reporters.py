"""What a model's data collector reports: readable sums of the network, and the orders of each enterprise of a small one."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

import numpy as np
import pandas
from mesa import DataCollector

from chainwright.agents.enterprise import Enterprise, enterprise_columns
from chainwright.phases.costs import COSTS
from chainwright.state.totals import sum_by
from chainwright.words.errors import UsageError, nearest, suggestion
from chainwright.words.subjects import SCHEMA, as_declared

# Enterprises are reported one by one up to this number of them.
SMALL = 12
# What of each: none of these is the name of something that is reported of the whole model, beside which batch_run puts it.
OF_ENTERPRISES = ("orders", "on_hand", "backorder", "demand")
KEYWORDS = ("model_reporters", "agent_reporters", "agenttype_reporters", "tables")
# Units of columns that are added up over the products of an enterprise.
AMOUNTS = ("units", "units per period", "money per period")


@as_declared
def of_items() -> tuple[str, ...]:
    """Columns of items, also those whose name an agent has for a decision (`demand`)."""
    return tuple(column.name for column in SCHEMA.table("items") if column.name not in enterprise_columns())


class Collector(DataCollector):  # type: ignore[misc]
    """Mesa's data collector; the rows of the model's variables are called by their periods."""

    def __init__(self, **reporters: Any) -> None:
        super().__init__(**reporters)
        self.of_agents = {title: said for title, said in (reporters.get("agent_reporters") or {}).items() if isinstance(said, str)}
        self.periods: list[int] = []
        self._begun = False

    def collect(self, model: Any) -> None:
        """Collect what is asked for at the end of a period."""
        if not self._begun:
            self._refuse_misspelt(model)
            self._begun = True
        super().collect(model)
        if self.model_reporters:
            self.periods.append(model.period)

    def _refuse_misspelt(self, model: Any) -> None:
        """What no agent has, and is almost a column, was meant as one; Mesa would report nothing, or not say which is meant."""
        for title, said in self.of_agents.items():
            like = nearest(said, (*enterprise_columns(), *of_items()))
            if like is not None and not any(hasattr(agent, said) for agent in model.agents):
                raise UsageError(f"collect: no agent has {said!r}, which {title!r} reports; did you mean {like!r}?")

    def get_model_vars_dataframe(self) -> pandas.DataFrame:
        """What was collected of the whole model: one row per period."""
        frame: pandas.DataFrame = super().get_model_vars_dataframe()
        return frame.set_axis(pandas.Index(self.periods, dtype="int64", name="period"), axis=0)


class EnterpriseCollector(Collector):
    """Reports the enterprises by name straight from the columns, so that nobody's agent is made for it."""

    def _refuse_misspelt(self, model: Any) -> None:
        """Nothing is misspelt."""

    def _record_agents(self, model: Any) -> list[tuple[Any, ...]]:
        world = model.world
        items, count = world.items, world.enterprises.rows
        columns = [sum_by(items.enterprise, items[name], count).tolist() for name in OF_ENTERPRISES]
        # Mesa counts its rows by `time` where it has one, by steps before; an enterprise's number is its place, from 1.
        now = getattr(model, "time", model.steps)
        return [(now, row + 1, str(name), *values) for row, (name, *values) in enumerate(zip(world.enterprises.name, *columns, strict=True))]


class ColumnReporter:
    """Reports a column of items for each enterprise: its item's value, and the sum where it keeps several products.

    Whoever collects sees every column, also those that are hidden from the enterprises.
    """

    def __init__(self, name: str) -> None:
        self.name = name

    def __call__(self, agent: Any) -> Any:
        """The value of one enterprise; empty for agents of other kinds."""
        if not isinstance(agent, Enterprise):
            return None
        column = agent.model.world.items[self.name]
        values = [column[item.rows] for item in agent.items.values()]
        if len(values) == 1:
            return values[0].item() if isinstance(values[0], np.generic) else values[0]
        return float(sum_by(np.zeros(len(values), np.int32), np.array(values), 1)[0])


def make_collector(model: Any, collect: Any) -> DataCollector:
    """Mesa's data collector for a model.

    Raises
    ------
    UsageError
        When `collect` names something that Mesa's data collector does not take, or a column that each product of an enterprise has
        for itself.
    """
    if isinstance(collect, bool):
        if not collect:
            return Collector()
        if model.world.enterprises.rows > SMALL:
            return Collector(model_reporters=_reporters(model))
        return EnterpriseCollector(model_reporters=_reporters(model), agent_reporters={"name": "name"} | {name: name for name in OF_ENTERPRISES})
    if not isinstance(collect, Mapping):
        example = "{'agent_reporters': {'Stock': 'on_hand'}}"
        raise UsageError(f"collect must be True, False or what Mesa's DataCollector takes, such as {example}, got {collect!r}")
    unknown = [key for key in collect if key not in KEYWORDS]
    if unknown:
        raise UsageError(f"collect: a DataCollector takes no {unknown[0]!r}{suggestion(str(unknown[0]), KEYWORDS)}")
    wanted = dict(collect)
    if wanted.get("agent_reporters"):
        wanted["agent_reporters"] = _of_items(model, wanted["agent_reporters"])
    if wanted.get("agenttype_reporters"):
        wanted["agenttype_reporters"] = {kind: _of_items(model, reporters) for kind, reporters in wanted["agenttype_reporters"].items()}
    return Collector(**wanted)


def _of_items(model: Any, reporters: Mapping[str, Any]) -> dict[str, Any]:
    """The reporters of agents, those that name a column of items made fit for enterprises of several products."""
    made = dict(reporters)
    for title, said in reporters.items():
        if not isinstance(said, str) or said not in of_items():
            continue
        if SCHEMA["items", said].unit not in AMOUNTS:
            _refuse_several_products(model, title, said)
        made[title] = ColumnReporter(said)
    return made


def _refuse_several_products(model: Any, title: str, column: str) -> None:
    """Amounts of several products are added up; a price, a time or a share of each is no number of the enterprise."""
    world = model.world
    several = np.flatnonzero(np.bincount(world.items.enterprise, minlength=world.enterprises.rows) > 1)
    if len(several):
        name = world.enterprises.name[several[0]]
        products = world.products.name[world.items.product[world.items.enterprise == several[0]]]
        remedy = f"{{{title!r}: lambda agent: agent.items[{str(products[0])!r}].{column} if {str(products[0])!r} in agent.items else None}}"
        raise UsageError(f"collect: {name} keeps {len(products)} products, each with its own {column!r}; report that of one product: {remedy}")


def _reporters(model: Any) -> dict[str, Callable[[Any], float]]:
    made: dict[str, Callable[[Any], float]] = {
        "End demand": _end_demand,
        "Orders": partial(_sum_of_items, name="orders"),
        "Stock on hand": partial(_sum_of_items, name="on_hand"),
        "Backorder": partial(_sum_of_items, name="backorder"),
        "In transit": _in_transit,
        "Cost of the period": _cost,
        "Fill rate of the period": _fill_rate,
    }
    world = model.world
    items = world.items
    buying = np.unique(items.enterprise[world.lanes.buyer[~items.customer[world.lanes.buyer]]])
    if len(buying) <= SMALL:
        echelon = {int(row): int(items.echelon[items.enterprise == row].max()) for row in buying}
        for row in sorted(buying.tolist(), key=lambda one: (echelon[one], one)):
            made[f"Orders of {world.enterprises.name[row]}"] = partial(_orders_of, items=np.flatnonzero(items.enterprise == row))
    return made


def _total(world: Any, values: Any) -> float:
    """Sum over the items of the run, outside sources left out, in the order of the rows as in a union."""
    kept = np.where(world.items.unlimited, 0.0, values)
    return float(sum_by(world.items.run, kept, 1)[0])


def _sum_of_items(model: Any, name: str) -> float:
    return _total(model.world, model.world.items[name])


def _end_demand(model: Any) -> float:
    items = model.world.items
    return _total(model.world, np.where(items.customer, items.demand, 0.0))


def _in_transit(model: Any) -> float:
    world = model.world
    return float(sum_by(world.lanes.run, world.lanes.in_transit, 1)[0])


def _cost(model: Any) -> float:
    items = model.world.items
    return _total(model.world, sum(items[cost.paid] for cost in COSTS.values()))


def _fill_rate(model: Any) -> float:
    """Share of what customers asked for that was shipped in the same period; empty where nothing was asked for."""
    world = model.world
    to_customers = world.items.customer[world.lanes.buyer]
    sellers = np.zeros(world.items.rows, np.bool_)
    sellers[world.lanes.seller[to_customers]] = True
    asked = _total(world, np.where(sellers, world.items.seen + world.items.unseen, 0.0))
    in_time = _total(world, np.where(sellers, world.items.shipped_in_time, 0.0))
    return in_time / asked if asked > 0.0 else float("nan")


def _orders_of(model: Any, items: Any) -> float:
    values = model.world.items.orders[items]
    return float(sum_by(np.zeros(len(items), np.int32), values, 1)[0])
