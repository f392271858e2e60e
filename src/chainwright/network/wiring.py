"""Wiring a world: levels, pipelines, events and the flags that leave out what no row needs."""

from __future__ import annotations

import operator
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from chainwright.network.blueprint import Blueprint, Event
from chainwright.network.blueprint import Pipeline as Contents
from chainwright.network.derive import Template
from chainwright.network.features import note_features
from chainwright.network.points import Points
from chainwright.network.structure import key_of
from chainwright.network.trade import lead_times
from chainwright.network.trading import trading
from chainwright.network.unite import Union
from chainwright.phases.ground import HELD
from chainwright.phases.risk.disrupt import Events
from chainwright.phases.trade.downstream import Downstream
from chainwright.phases.trade.level import Level, Split, by_delay
from chainwright.phases.trade.oldest_debt import Ages
from chainwright.phases.trade.transport import Transport
from chainwright.phases.trade.unplaced import Unplaced
from chainwright.state.pipeline import Pipeline
from chainwright.state.streams import row_key
from chainwright.state.table import is_on
from chainwright.state.totals import Grouping, sum_by
from chainwright.words.declarations import Ring
from chainwright.words.subjects import DECISIONS, RINGS


def wire(world: Any, points: Points, template: Template, union: Union, all_blueprints: Sequence[Blueprint], anew: bool = True) -> None:
    """Make everything that the phases use beside the tables.

    With `anew` False (a change in mid-run) levels, pipelines and events stay, and only what follows from inputs is made again.
    """
    items, lanes = world.items, world.lanes
    world.name_rank = template.name_rank if world.runs.rows == 1 else template.name_rank[union.layouts["items"].source]
    _flags(world)
    last_due = None if anew else world.transport.last_due
    world.transport = _transport(world, points, template, union)
    if anew:
        world.ages = Ages(np.zeros(items.rows, np.bool_), lanes.rows)
        world.buyer_of_lane = lanes.buyer.astype(np.intp)
        items.backorder[...] = sum_by(lanes.seller, lanes.backorder, items.rows)
        world.levels = _levels(world, template, union)
        _pipelines(world, points, template, union, all_blueprints)
        world.events = _events(world, points, template, union)
        world.unplaced = Unplaced(lanes.rows, max(_longest_delay_of_customers(one) for one in all_blueprints))
        world.answers = {name: np.zeros(items.rows) for name in _about_items()}
        world.answers |= {"releasable": np.zeros(items.rows), "component_share": np.ones(items.rows if "production" in world.features else 0)}
        world.answers["orders_placed"] = np.zeros(items.rows)
        world.in_debt = np.zeros(items.rows, np.bool_)
    else:
        events = _events(world, points, template, union)
        # The next period opens everything that the former events may have closed.
        events.touched = world.events.touched
        world.events = events
        world.transport.last_due[...] = last_due
        # Who no longer decides answers nothing.
        for name in _about_items():
            world.answers[name].fill(0.0)
        for name, ring in RINGS.items():
            if getattr(world, name) is not None:
                getattr(world, name).widen(max(map(ring.longest, points.blueprints)), world.period)
        for subject in HELD:
            if getattr(world, subject) is not None:
                getattr(world, subject).changed(world, points)
        if world.unplaced.late is not None:
            world.unplaced.late.widen(max(map(_longest_delay_of_customers, points.blueprints)), world.period)
    bring_what_came_on(world, points)
    trading(world)
    # A template knows which lanes are active, and nothing of what else speaks against orders.
    _find_lead_times(world, np.flatnonzero(lanes.active != lanes.trading))
    world.order_delays = by_delay(lanes.order_delay, np.arange(lanes.rows))
    world.downstream = _downstream(world, template, union)
    for level in world.levels:
        _facts(world, level)


def rewire(world: Any, lanes: NDArray[np.intp]) -> None:
    """What follows from which lanes trade, made again where that has changed in the middle of a run.

    Parameters
    ----------
    world : World
        After `trading`.
    lanes : array of int
        The lanes on which it has changed; where there are none, nothing is done.
    """
    if not len(lanes):
        return
    _find_lead_times(world, lanes)
    wanted = world.downstream.wanted
    world.downstream = _downstream(world, world.template, world.union)
    world.downstream.wanted = wanted
    for level in world.levels:
        _facts(world, level)


def _find_lead_times(world: Any, lanes: NDArray[np.intp]) -> None:
    """The lead times of those who buy on some lanes, by the lanes that trade."""
    if len(lanes):
        items = world.items
        rows = np.unique(world.lanes.buyer[lanes])
        items.lead_time[rows] = lead_times(items.makes, items.production_time, vars(world.lanes), world.lanes.trading)[rows]


def _about_items() -> list[str]:
    """The decisions that are asked level by level about items, and answered with a number."""
    return [name for name, one in DECISIONS.items() if one.level == "self" and one.answer == "number"]


def _flags(world: Any) -> None:
    items = world.items
    note_features(world)
    _payers(world)
    world.lost_items = items.unmet_demand == "lost"
    world.cancelled_items = items.unmet_demand == "cancelled"
    world.unlimited_rows = np.flatnonzero(items.unlimited)


def bring_what_came_on(world: Any, points: Points) -> None:
    """Rings and what subjects hold, where their feature is on and they are not there yet."""
    for name, ring in RINGS.items():
        if getattr(world, name, None) is None:
            setattr(world, name, _ring(world, ring, points.blueprints) if is_on(ring, world.features) else None)
    for subject, (feature, make) in HELD.items():
        if getattr(world, subject, None) is None:
            setattr(world, subject, make(world, points) if not feature or feature in world.features else None)


def _payers(world: Any) -> None:
    """The stretch of items to which something can be charged."""
    items = world.items
    pays = np.zeros(items.rows, np.bool_)
    pays[getattr(world, "payers", slice(0, 0))] = True
    for cost in world.costs:
        table = getattr(world, cost.table)
        for rate in cost.rates:
            if cost.to:
                pays[table[cost.to][table[rate] > 0.0]] = True
            else:
                pays |= table[rate] > 0.0
    found = np.flatnonzero(pays)
    world.payers = rows = slice(int(found[0]), int(found[-1]) + 1) if len(found) else slice(0, 0)
    world.run_of_payer = Grouping(items.run[rows], world.runs.rows)
    world.owner_of_payer = Grouping(items.enterprise[rows], world.enterprises.rows)


def _levels(world: Any, template: Template, union: Union) -> list[Level]:
    blocks = union.layouts["items"].blocks
    lane_levels = np.unique(template.level["lanes"])
    sold = dict(zip(lane_levels.tolist(), union.layouts["lanes"].blocks, strict=True))
    bought = _by_buyer(world)
    owner = world.buyer_of_lane[bought]
    levels = []
    end = 0
    for number, rows in enumerate(blocks):
        own = sold.get(number, slice(end, end))
        end = own.stop
        first, last = np.searchsorted(owner, (rows.start, rows.stop))
        levels.append(Level(rows, own, world.items, world.lanes, world.recipes, bought[first:last].copy()))
    return levels


def _by_buyer(world: Any) -> NDArray[np.int32]:
    """All lanes by their buyers; those of one buyer stand in the order of their sellers' names, which settles ties."""
    order = np.argsort(world.buyer_of_lane, kind="stable").astype(np.int32)
    name = world.name_rank[world.lanes.seller[order]]
    same = np.diff(world.buyer_of_lane[order]) == 0
    if bool((np.diff(name)[same] < 0).any()):
        order = np.lexsort((world.name_rank[world.lanes.seller], world.buyer_of_lane)).astype(np.int32)
    return order


def _facts(world: Any, level: Level) -> None:
    """Facts of a level that follow from inputs."""
    drawn = world.transport.drawn
    level.find_instant_lanes(world.lanes, drawn)
    items, lanes, rows, sold = world.items, world.lanes, level.items, level.sold
    whole = world.products.whole_units[items.product[rows]]
    lost, cancelled = world.lost_items[rows], world.cancelled_items[rows]
    level.whole_units = whole
    level.any_whole = bool(whole.any())
    level.lost = lost
    level.cancelled = cancelled
    level.any_lost = bool(lost.any())
    level.any_given_up = bool(lost.any() or cancelled.any())
    level.unlimited = np.flatnonzero(items.unlimited[level.sellers])
    lots = items.minimum_order[rows].any() or items.lot_multiple[rows].any() or np.isfinite(items.order_cap[rows]).any()
    level.any_lot_rules = bool(whole.any() or lots)
    level.lanes_first = bool((~items.recipes_first[rows]).any())
    makers = np.flatnonzero(level.makes)
    level.completions = by_delay(items.production_time[rows][makers], makers)
    level.makes_at_once = items.production_time[rows] == 0
    level.drawn = np.flatnonzero(drawn[sold])
    fixed = np.flatnonzero(~drawn[sold])
    level.departures = by_delay(lanes.transport_time[sold][fixed], fixed)
    # With one lane for each buyer there is nothing to split.
    whole_orders = level.single_sourced and bool(lanes.trading[level.bought].all())
    level.split = Split(None, np.bincount(level.buyer, minlength=level.size).astype(np.float64)) if whole_orders else None
    level.split_if_open = None


def _transport(world: Any, points: Points, template: Template, union: Union) -> Transport:
    lanes = world.lanes
    choices = []
    for times, runs in points.parts(lambda one: one.drawn_times, key_of):
        for time in times:
            rows = np.sort(union.layouts["lanes"].where(template.place["lanes"][time.rows], runs).ravel())
            choices.append((rows, np.asarray(time.values), np.asarray(time.probabilities)))
    run = lanes.run if choices else np.zeros(0, np.int32)
    keys = row_key(world.seed, world.runs.number[run], world.runs.branch[run], "transport", lanes.coordinate[: len(run)])
    transport = Transport(choices, keys, lanes.rows)
    transport.keep_order(np.flatnonzero(transport.drawn & ~lanes.overtaking))
    return transport


def _pipelines(world: Any, points: Points, template: Template, union: Union, all_blueprints: Sequence[Blueprint]) -> None:
    """Rings wide enough for every delay that the scenario and its interventions know, with their initial contents."""
    for name, ring in RINGS.items():
        if not is_on(ring, world.features):
            continue
        parts = list(points.parts(operator.methodcaller("content", ring.contents), key_of)) if ring.contents else []
        pipeline = _ring(world, ring, all_blueprints, max((int(initial.due.max(initial=0)) for initial, _ in parts), default=0))
        for initial, runs in parts:
            _fill(pipeline, initial, template, union, ring.table, runs)
        setattr(world, name, pipeline)
    # Nothing overtakes what was on its way at the start either.
    if any(one.drawn_times for one in all_blueprints):
        for initial, runs in points.parts(lambda one: one.content("in_transit"), key_of):
            rows = union.layouts["lanes"].where(template.place["lanes"][initial.row], runs)
            np.maximum.at(world.transport.last_due, rows, initial.due)


def _longest_delay_of_customers(blueprint: Blueprint) -> int:
    """The longest order delay of a customer's lane."""
    enterprises, items, lanes = (blueprint.tables[name] for name in ("enterprises", "items", "lanes"))
    customers = (np.asarray(enterprises["role"]) == "customer")[items["enterprise"]][lanes["buyer"]]
    return int(np.asarray(lanes["order_delay"])[customers].max(initial=0))


def _ring(world: Any, ring: Ring, blueprints: Sequence[Blueprint], reach: int = 0) -> Pipeline:
    """An empty ring, wide enough for some blueprints and for what is due in the period `reach`."""
    return Pipeline(getattr(world, ring.table).rows, max(1, reach, *map(ring.longest, blueprints)))


def _fill(pipeline: Pipeline, contents: Contents, template: Template, union: Union, table: str, runs: NDArray[Any] | None) -> None:
    """Put the initial contents of one run into the pipelines of all runs that begin with them."""
    rows = union.layouts[table].where(template.place[table][contents.row], runs)
    for due in np.unique(contents.due).tolist():
        now = contents.due == due
        amount = np.broadcast_to(contents.amount[now], rows[:, now].shape)
        pipeline.add(due, sum_by(rows[:, now].ravel(), amount.ravel(), pipeline.rows))


def _events(world: Any, points: Points, template: Template, union: Union) -> Events:
    scheduled: list[tuple[Event, NDArray[Any]]] = []
    for events, runs in points.parts(lambda one: one.events, key_of):
        for event in events:
            rows = union.layouts[event.table].where(template.place[event.table][event.rows], runs).ravel()
            scheduled.append((event, np.sort(rows)))
    return Events(scheduled, world.items.rows, world.lanes.rows)


def _downstream(world: Any, template: Template, union: Union) -> Downstream:
    items, lanes, recipes = world.items, world.lanes, world.recipes
    upper = np.concatenate([lanes.seller, recipes.component])
    lower = np.concatenate([lanes.buyer, recipes.item])
    active = np.where(lanes.trading, lanes.share, 0.0)
    total = np.bincount(lanes.buyer, weights=active, minlength=items.rows)[lanes.buyer]
    share = np.divide(active, total, out=np.zeros(lanes.rows), where=total > 0.0)
    weight = np.concatenate([share, recipes.quantity / np.maximum(items.yield_share[recipes.item], 1e-12)])
    cycle = template.item_cycle[union.layouts["items"].source]
    return Downstream(upper, lower, weight, items.echelon, cycle, items.run, frozenset())
