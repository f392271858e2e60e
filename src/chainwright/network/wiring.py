"""Wiring a world: levels, pipelines, events and the flags that leave out what no row needs."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from chainwright.network.assemble import Template, Union
from chainwright.network.blueprint import Blueprint
from chainwright.network.blueprint import Pipeline as Contents
from chainwright.phases.ages import Ages
from chainwright.phases.disrupt import Events
from chainwright.phases.downstream import Downstream
from chainwright.phases.level import Level
from chainwright.phases.transport import Transport
from chainwright.state.pipeline import Pipeline
from chainwright.state.streams import row_key


def wire(world: Any, blueprint: Blueprint, template: Template, union: Union, all_blueprints: Sequence[Blueprint], anew: bool = True) -> None:
    """Make everything that the phases use beside the tables.

    With `anew` False (a change in mid-run) levels, pipelines and events stay, and only what follows from inputs is made again.
    """
    items, lanes = world.items, world.lanes
    world.name_rank = template.name_rank[union.layouts["items"].source]
    _flags(world, blueprint)
    last_due = None if anew else world.transport.last_due
    world.transport = _transport(world, blueprint, template, union)
    if anew:
        world.ages = Ages(np.zeros(items.rows, np.bool_), lanes.rows)
        world.levels = _levels(world, template, union)
        world.delayed_lanes = np.flatnonzero(lanes.order_delay > 0)
        _pipelines(world, blueprint, template, union, all_blueprints)
        world.events = _events(world, blueprint, template, union)
        names = ("demand", "forecast_demand", "plan_production", "place_orders")
        world.answers = {name: np.zeros(items.rows) for name in names}
        world.answers |= {"releasable": np.zeros(items.rows), "component_share": np.ones(items.rows)}
        world.answers |= {name: np.zeros(lanes.rows) for name in ("rank", "weight", "lane_fact", "want")}
        world.transit_before = np.zeros(lanes.rows)
        world.orders_later = np.zeros(lanes.rows)
    else:
        events = _events(world, blueprint, template, union)
        # The next period opens everything that the former events may have closed.
        events.touched = world.events.touched
        world.events = events
        world.transport.last_due[...] = last_due
        world.goods.widen(longest_transport(blueprint), world.period)
        world.orders.widen(max(int(lanes.order_delay.max(initial=0)), 1), world.period)
        world.process.widen(int(items.production_time.max(initial=0)), world.period)
    world.downstream = _downstream(world, template, union)
    for level in world.levels:
        _facts(world, level)


def _flags(world: Any, blueprint: Blueprint) -> None:
    items, lanes = world.items, world.lanes
    scheduled = bool(blueprint.events)
    # What was needed once may still hold goods or orders.
    features = set(getattr(world, "features", ()))
    # An event can hold goods at a closed door or orders at a closed seller, even where nothing is delayed.
    if scheduled or bool((lanes.transport_time > 0).any()) or blueprint.drawn_times:
        features.add("transit")
    if scheduled or bool((lanes.order_delay > 0).any()):
        features.add("order_delay")
    if bool((items.production_time[items.makes] > 0).any()) or (scheduled and bool(items.makes.any())):
        features.add("process")
    world.features = frozenset(features)
    world.any_makes = bool(items.makes.any())
    costs = ("holding_cost", "backorder_cost", "ordering_cost", "production_cost")
    world.lost_items = items.unmet_demand == "lost"
    world.cancelled_items = items.unmet_demand == "cancelled"
    flags = {
        "any_costs": any(bool(items[name].any()) for name in costs) or bool(lanes.in_transit_holding_cost.any()),
        "any_prices": bool(lanes.price.any()),
        "any_values": bool(items.unit_cost.any()),
        "any_lost": bool(world.lost_items.any()),
        "any_given_up": bool((world.lost_items | world.cancelled_items).any()),
        "any_spread": bool(items.yield_spread.any()),
    }
    for name, wanted in flags.items():
        # What was wanted once stays, so that its columns go back to 0 when a change in mid-run does away with it.
        setattr(world, name, wanted or getattr(world, name, False))
    world.unlimited_rows = np.flatnonzero(items.unlimited)


def _levels(world: Any, template: Template, union: Union) -> list[Level]:
    blocks = union.layouts["items"].blocks
    lane_levels = np.unique(template.lane_level)
    sold = dict(zip(lane_levels.tolist(), union.layouts["lanes"].blocks, strict=True))
    levels = []
    end = 0
    for number, rows in enumerate(blocks):
        own = sold.get(number, slice(end, end))
        end = own.stop
        owner = world.lanes.buyer
        bought = np.flatnonzero((owner >= rows.start) & (owner < rows.stop))
        # The lanes of a buyer stand in the order of their sellers' names, which settles ties.
        bought = bought[np.lexsort((bought, world.name_rank[world.lanes.seller[bought]], owner[bought]))]
        levels.append(Level(rows, own, world.items, world.lanes, world.recipes, bought))
    return levels


def _facts(world: Any, level: Level) -> None:
    """Facts of a level that follow from inputs."""
    level.find_instant_lanes(world.lanes, world.transport.drawn)
    items, lanes, rows, sold = world.items, world.lanes, level.items, level.sold
    whole = world.products.whole_units[items.product[rows]]
    lost, cancelled = world.lost_items[rows], world.cancelled_items[rows]
    delayed_making = level.makes & (items.production_time[rows] > 0)
    level.whole_units = whole
    level.any_whole = bool(whole.any())
    level.lost = lost
    level.cancelled = cancelled
    level.any_lost = bool(lost.any())
    level.any_given_up = bool(lost.any() or cancelled.any())
    level.unlimited = items.unlimited[rows]
    lots = items.minimum_order[rows].any() or items.lot_multiple[rows].any() or np.isfinite(items.order_cap[rows]).any()
    level.any_lot_rules = bool(whole.any() or lots)
    level.all_active = bool(lanes.active[level.bought].all())
    level.lanes_first = bool((~items.recipes_first[rows]).any())
    level.any_delayed_making = bool(delayed_making.any())
    level.makes_at_once = items.production_time[rows] == 0
    level.sold_delayed = lanes.order_delay[sold] > 0
    level.sold_instant = (lanes.transport_time[sold] == 0) & ~world.transport.drawn[sold]
    level.any_transit = bool(((lanes.transport_time[sold] > 0) | world.transport.drawn[sold]).any())
    level.any_drawn = bool(world.transport.drawn[sold].any())


def _transport(world: Any, blueprint: Blueprint, template: Template, union: Union) -> Transport:
    lanes = world.lanes
    choices = []
    for time in blueprint.drawn_times:
        rows = np.sort(union.layouts["lanes"].where(template.place["lanes"][time.rows]).ravel())
        choices.append((rows, np.asarray(time.values), np.asarray(time.probabilities)))
    keys = row_key(world.seed, world.runs.number[lanes.run], world.runs.branch[lanes.run], "transport", lanes.coordinate)
    transport = Transport(choices, keys, lanes.rows)
    transport.keep_order(np.flatnonzero(transport.drawn & ~lanes.overtaking))
    return transport


def _pipelines(world: Any, blueprint: Blueprint, template: Template, union: Union, all_blueprints: Sequence[Blueprint]) -> None:
    """Rings wide enough for every delay that the scenario and its interventions know, with their initial contents."""
    items, lanes = world.items, world.lanes
    longest = {"orders": 1, "goods": 1, "process": 1}
    for one in all_blueprints:
        columns = one.tables
        longest["orders"] = max(longest["orders"], int(columns["lanes"]["order_delay"].max(initial=0)))
        longest["goods"] = max(longest["goods"], longest_transport(one))
        longest["process"] = max(longest["process"], int(columns["items"]["production_time"].max(initial=0)))
    contents = {"orders": blueprint.orders_waiting, "goods": blueprint.in_transit, "process": blueprint.in_process}
    tables = {"orders": "lanes", "goods": "lanes", "process": "items"}
    for name, initial in contents.items():
        reach = int(initial.due.max(initial=0))
        pipeline = Pipeline((items if tables[name] == "items" else lanes).rows, max(longest[name], reach))
        _fill(pipeline, initial, template, union, tables[name])
        setattr(world, name, pipeline)
    # Nothing overtakes what was on its way at the start either.
    rows = union.layouts["lanes"].where(template.place["lanes"][blueprint.in_transit.row])
    np.maximum.at(world.transport.last_due, rows, blueprint.in_transit.due)


def longest_transport(blueprint: Blueprint) -> int:
    """The longest transport time that can occur, at least 1 (an event can hold goods back for a period)."""
    drawn = [int(time.values.max()) for time in blueprint.drawn_times]
    return max(1, int(blueprint.tables["lanes"]["transport_time"].max(initial=0)), *drawn)


def _fill(pipeline: Pipeline, contents: Contents, template: Template, union: Union, table: str) -> None:
    """Put the initial contents of one run into the pipelines of all runs."""
    rows = union.layouts[table].where(template.place[table][contents.row])
    cells = (np.asarray(contents.due, np.int64) % pipeline.width) * pipeline.rows + rows
    np.add.at(pipeline.ring.reshape(-1), cells, np.broadcast_to(contents.amount, cells.shape))


def _events(world: Any, blueprint: Blueprint, template: Template, union: Union) -> Events:
    scheduled = []
    for event in blueprint.events:
        rows = union.layouts[event.table].where(template.place[event.table][event.rows]).ravel()
        scheduled.append((event, np.sort(rows)))
    return Events(scheduled, world.items.rows, world.lanes.rows)


def _downstream(world: Any, template: Template, union: Union) -> Downstream:
    items, lanes, recipes = world.items, world.lanes, world.recipes
    upper = np.concatenate([lanes.seller, recipes.component])
    lower = np.concatenate([lanes.buyer, recipes.item])
    active = np.where(lanes.active, lanes.share, 0.0)
    total = np.bincount(lanes.buyer, weights=active, minlength=items.rows)[lanes.buyer]
    share = np.divide(active, total, out=np.zeros(lanes.rows), where=total > 0.0)
    weight = np.concatenate([share, recipes.quantity / np.maximum(items.yield_share[recipes.item], 1e-12)])
    cycle = template.item_cycle[union.layouts["items"].source]
    # Runs are disjoint: two ends of a link in one cycle group of the template lie in the same run.
    in_cycle = cycle[upper] == cycle[lower]
    return Downstream(upper, lower, weight, items.echelon, in_cycle, frozenset())
