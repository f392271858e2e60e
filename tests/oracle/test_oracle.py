"""The oracle against exact results, and the world against the oracle: every period, every item and every lane."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from chainwright.network.blueprint import Blueprint
from chainwright.words.subjects import SCHEMA
from chainwright.world import World

from . import networks
from .costs import total_cost
from .oracle import Oracle

# The end demand downstream is a matter of the network, not of the period.
NOT_PLAYED = {"end_demand", "echelon_stock"}
PLAYED = {
    table: [column.name for column in SCHEMA.table(table) if column.kind == "state" and column.name not in NOT_PLAYED]
    for table in ("items", "lanes", "enterprises")
}
WRITTEN_BY_POLICIES = ["safety_stock", "base_stock_level"]

CASES: dict[str, Callable[[], Blueprint]] = {
    **{f"tree, {rule}": lambda rule=rule: networks.distribution_tree(rule)
       for rule in ("proportional", "priority", "uniform", "largest_first", "oldest_first")},
    "bill of materials": networks.bill_of_materials,
    "cycle": networks.cycle,
    "undisturbed": networks.disturbed,
    "closures": lambda: networks.disturbed(networks.closures),
    "pauses": lambda: networks.disturbed(networks.pauses),
    "reductions": lambda: networks.disturbed(networks.reductions),
    "everything at once": lambda: networks.disturbed(networks.closures, networks.pauses, networks.reductions),
    **{f"everything, {choosing}, {allocating}": lambda choosing=choosing, allocating=allocating: networks.disturbed(
           networks.closures, networks.pauses, networks.reductions, choosing=choosing, allocating=allocating)
       for choosing, allocating in (("preference", "largest_first"), ("cheapest", "uniform"), ("fastest", "oldest_first"), ("single", "priority"))},
    "goods sent back": lambda: networks.one_stage(20.0, 12.0, periods=3, lead_time=2),
}


RUNS = (0, 1)


def rows_of_world(world: World, oracle: Oracle, run: int) -> dict[str, tuple[list[Any], np.ndarray]]:
    """The oracle's things, and the row of the world that each of them is."""
    things = {"items": oracle.items, "lanes": oracle.lanes, "enterprises": oracle.network.enterprises}
    found = {}
    for table, ours in things.items():
        columns = getattr(world, table)
        numbers = world.runs.number[columns.run].tolist()
        place = {coordinate: row for row, (coordinate, number) in enumerate(zip(columns.coordinate.tolist(), numbers, strict=True)) if number == run}
        found[table] = (ours, np.array([place[thing.coordinate] for thing in ours]))
    return found


def differences(world: World, rows: dict[str, tuple[list[Any], np.ndarray]]) -> list[str]:
    """Every number of the world that is not the oracle's, in words."""
    found = []
    for table, (things, place) in rows.items():
        for name in PLAYED[table] + (WRITTEN_BY_POLICIES if table == "items" else []):
            expected = np.array([float(getattr(thing, name)) for thing in things])
            played = np.asarray(getattr(getattr(world, table), name), dtype=float)[place]
            for number in np.flatnonzero(~np.isclose(played, expected, rtol=1e-9, atol=1e-9)):
                who = things[number].name
                found.append(f"period {world.period}: {table} {who} {name}: world {float(played[number])!r}, oracle {float(expected[number])!r}")
    return found


@pytest.mark.parametrize("seed", [0, 3])
@pytest.mark.parametrize("case", CASES)
def test_world_plays_as_the_oracle(case: str, seed: int) -> None:
    """Two runs side by side in one world, each against an oracle of its own."""
    blueprint = CASES[case]()
    world = World(blueprint, runs=RUNS, seed=seed)
    oracles = [Oracle(blueprint, seed=seed, run=run) for run in RUNS]
    rows = [rows_of_world(world, oracle, run) for oracle, run in zip(oracles, RUNS, strict=True)]
    for _ in range(blueprint.horizon):
        world.step()
        for oracle, own in zip(oracles, rows, strict=True):
            oracle.step()
            found = differences(world, own)
            assert not found, "\n".join(found[:20])


@pytest.mark.parametrize("case", CASES)
def test_oracle_keeps_goods_and_orders(case: str) -> None:
    """What is placed, made and received goes nowhere but where it is counted."""
    oracle = Oracle(CASES[case]())
    for _ in range(40):
        before = {id(thing): held(thing) for thing in oracle.items + oracle.lanes}
        oracle.step()
        for lane in oracle.lanes:
            assert held(lane)[0] - before[id(lane)][0] == pytest.approx(lane.ordered - lane.shipped - lane.lost, abs=1e-9)
            assert held(lane)[1] - before[id(lane)][1] == pytest.approx(lane.shipped - lane.received, abs=1e-9)
            assert min(lane.backorder, lane.in_transit, lane.orders_waiting) > -1e-9 or lane.seller.unlimited
            assert sum(lane.debts.values()) == pytest.approx(lane.backorder, abs=1e-9)
        for item in oracle.items:
            leaving = 0.0 if item.unlimited else item.shipped + item.used
            coming = item.received + item.made - item.consumed - leaving
            assert held(item)[0] - before[id(item)][0] == pytest.approx(coming, abs=1e-9)
            assert held(item)[1] - before[id(item)][1] == pytest.approx(item.released - item.made - item.scrapped, abs=1e-9)
            assert item.on_hand > -1e-9 or case == "goods sent back"
            assert item.requirements == pytest.approx(sum(line.item.unreleased * line.quantity for line in item.used_in), abs=1e-6)


def held(thing: Any) -> tuple[float, float]:
    """What waits: orders and goods of a lane, or stock and work in process of an item."""
    if hasattr(thing, "on_hand"):
        return thing.on_hand, thing.in_process
    return thing.orders_waiting + thing.backorder, thing.in_transit


def test_networks_reach_every_rule() -> None:
    """Each of the networks is short, late, capped, lost or scrapped somewhere: else it would test nothing."""
    reached: set[str] = set()
    for make in CASES.values():
        oracle = Oracle(make())
        for _ in range(40):
            oracle.step()
            for item in oracle.items:
                held_back = not item.closed and item.makes and oracle.releasable(item) > 1e-9
                marks = {
                    "capacity": item.makes and item.released == item.capacity > 0,
                    "components": held_back,
                    "scrap": item.scrapped > 0,
                    "lost": item.lost > 0 and item.unmet_demand == "lost",
                    "cancelled": item.lost > 0 and item.unmet_demand == "cancelled",
                    "refused": any(lane.refusing and lane.lost > 0 for lane in item.selling),
                    "seen while closed": item.closed and item.seen > 0 and item.backorder > 0,
                    "unplaced": item.unplaced > 0,
                    "turned away": any(lane.turned_away > 0 for lane in item.selling),
                    "ordered late": any(lane.late_seen > 0 and lane.order_delay == 0 for lane in item.selling),
                    "ordered late, seen later": any(lane.late_seen > 0 and lane.order_delay > 0 for lane in item.selling),
                    "shared": sum(lane.backorder > 1e-9 < lane.shipped for lane in item.selling) > 1,
                    "held": any(lane.receipt_open < 1 and lane.goods_due for lane in item.buying),
                    "stopped": any(lane.transit_open < 1 and lane.goods_due for lane in item.buying),
                    "in time": 0 < item.shipped_in_time < item.shipped,
                    "work stopped": item.closed and bool(item.due),
                }
                reached |= {name for name, seen in marks.items() if seen}
    missing = set(marks) - reached
    assert not missing


# --- the oracle alone, against results that are known exactly -----------------------------------------------


def seat_costs(blueprint: Blueprint) -> list[float]:
    """Each seat's cost over the 36 weeks of the beer game."""
    oracle = Oracle(blueprint)
    costs = [0.0] * 4
    for _ in range(36):
        oracle.step()
        costs = [cost + total_cost(item) for cost, item in zip(costs, oracle.items[1:5], strict=True)]
    return costs


def anchored(hold_until: int) -> Blueprint:
    rule = {"smoothing": 0.0, "stock_adjustment": 1.0, "supply_line_weight": 1.0, "initial": 4.0, "hold_until": hold_until, "hold_order": 4.0}
    return networks.beer_game("anchor_and_adjust", [{**rule, "target": target} for target in (28.0, 28.0, 28.0, 20.0)])


def test_beer_game_held() -> None:
    assert seat_costs(anchored(4)) == [46.0, 50.0, 54.0, 54.0]


def test_beer_game_not_held() -> None:
    assert seat_costs(anchored(0)) == [36.0, 44.0, 52.0, 48.0]


def test_beer_game_pass_on() -> None:
    assert seat_costs(networks.beer_game("pass_on", [{}] * 4)) == [330.0, 242.0, 154.0, 66.0]


def test_beer_game_bullwhip() -> None:
    """Variance of each seat's orders over that of the end demand, all 36 weeks."""
    oracle = Oracle(anchored(4))
    orders: list[list[float]] = [[] for _ in range(5)]
    for _ in range(36):
        oracle.step()
        for kept, item in zip(orders, oracle.items[:5], strict=True):
            kept.append(item.orders)
    ratios = [float(np.var(kept) / np.var(orders[0])) for kept in orders[1:]]
    assert ratios == pytest.approx([1.3359375, 1.5625, 1.7734375, 2.1484375], rel=1e-12)
    assert [kept.index(12.0) + 1 for kept in orders[1:]] == [5, 7, 9, 11]
    assert [max(kept) for kept in orders[1:]] == [12.0] * 4


def test_serial_system_of_the_textbook() -> None:
    """Snyder and Shen, example 6.1: 47.657 a period, of which 30.0 in transit; within 4 standard errors over 30 replications."""
    costs, moving = [], []
    for run in range(30):
        oracle = Oracle(networks.serial_textbook(), run=run)
        paid = []
        for _ in range(140):
            oracle.step()
            paid.append((sum(total_cost(item) for item in oracle.items), sum(item.in_transit_holding_cost_paid for item in oracle.items)))
        costs.append(float(np.mean([cost for cost, _ in paid[20:]])))
        moving.append(float(np.mean([transit for _, transit in paid[20:]])))
    for sample, known in ((costs, 47.657), (moving, 30.0)):
        error = float(np.std(sample, ddof=1)) / math.sqrt(len(sample))
        assert abs(float(np.mean(sample)) - known) < 4 * error + 0.003


def test_order_up_to_with_moving_average() -> None:
    """Chen and others (2000): Var(orders)/Var(demand) = 1 + 2L/p + 2L²/p² = 2.12 for p 5, L 2."""
    ratios = []
    for run in range(30):
        oracle = Oracle(networks.one_stage(1000.0, 10.0, periods=5, lead_time=2), run=run)
        pairs = []
        for _ in range(150):
            oracle.step()
            pairs.append((oracle.items[1].orders, oracle.items[0].demand))
        orders, demand = zip(*pairs[30:], strict=True)
        ratios.append(float(np.var(orders, ddof=1) / np.var(demand, ddof=1)))
    error = float(np.std(ratios, ddof=1)) / math.sqrt(len(ratios))
    assert abs(float(np.mean(ratios)) - 2.12) < 4 * error
