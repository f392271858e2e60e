"""A subject that is declared after chainwright was imported is known to the builder, unions, snapshots, forks and changes."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest

import chainwright as cw
from chainwright.network.blueprint import Blueprint
from chainwright.network.points import Points
from chainwright.state.table import is_one_value
from chainwright.words.subjects import FEATURES, RINGS, SCHEMA, SHAPES, SUBJECTS
from tests.declared.upkeep import AWAY, BREAKS, UPKEEP, declared, somebody_works, with_machines
from tests.shipped import shipped

PERIODS = 30


@pytest.fixture(autouse=True)
def known() -> Iterator[None]:
    with declared():
        yield


@pytest.fixture
def plain() -> Blueprint:
    return shipped("beer_game").blueprint()


def bits(world: Any, run: int = 0, tables: tuple[str, ...] = ("enterprises", "items", "lanes", "machines")) -> dict[str, bytes]:
    """Every column of one run."""
    found = {}
    for name in tables:
        table = getattr(world, name)
        rows = table.run == run
        for column in SCHEMA.table(name):
            # Keys are row numbers, which differ from union to union.
            if column.dtype != "str" and column.kind != "key":
                found[f"{name}.{column.name}"] = np.ascontiguousarray(table[column.name][rows]).tobytes()
    return found


def differing(one: dict[str, bytes], other: dict[str, bytes]) -> list[str]:
    return [name for name in one if one[name] != other[name]]


def test_where_nobody_needs_it_it_is_not_there(plain: Blueprint) -> None:
    world = cw.World(plain)
    world.step(5)
    assert (world.machines.rows, world.repairs, world.upkeep) == (0, None, None)
    assert "upkeep" not in world.features
    assert [phase.name for phase in world.phases] == ["receive", "plan", "fulfil", "settle"]
    assert is_one_value(world.items.broken)
    idle = cw.World(with_machines(plain, 0.0))
    idle.step(5)
    assert (idle.machines.rows, idle.repairs) == (2 * 5, None)
    assert is_one_value(idle.machines.wear)
    assert differing(bits(world, tables=("enterprises", "items", "lanes")), bits(idle)) == []


def test_it_is_played_as_a_plain_loop_plays_it(plain: Blueprint) -> None:
    world = cw.World(with_machines(plain, 1.0))
    names = world.machines.label.tolist()
    # Those of an item lie side by side, by their labels.
    assert names == ["lathe", "saw"] * 5
    assert (np.diff(world.machines.item) >= 0).all()
    assert world.machines.rate.tolist() == [2.0, 1.0] * 5
    wear, back, times = [0.0] * len(names), [0] * len(names), [0] * len(names)
    for now in range(1, PERIODS + 1):
        world.step()
        for place, item in enumerate(world.machines.item.tolist()):
            if now >= back[place]:
                wear[place] += world.machines.rate[place] * world.items.shipped[item]
                if wear[place] >= BREAKS:
                    wear[place], back[place], times[place] = 0.0, now + AWAY, times[place] + 1
        assert world.machines.wear.tolist() == wear
        assert world.upkeep.times.tolist() == times
        away = [now < one for one in back]
        assert world.items.broken.sum() == sum(away)
    assert sum(times) > 4


def test_a_run_is_the_same_alone_and_in_a_union(plain: Blueprint) -> None:
    blueprint = with_machines(plain, 1.0)
    alone, together = cw.World(blueprint, [2]), cw.World(blueprint, range(4))
    for world in (alone, together):
        world.step(PERIODS)
    assert differing(bits(alone), bits(together, 2)) == []


def test_beside_a_run_that_does_not_need_it(plain: Blueprint) -> None:
    worn, idle = with_machines(plain, 1.0), with_machines(plain, 0.0)
    both = cw.World(Points((worn, idle), np.array([0, 1])), [0, 0])
    alone = [cw.World(worn), cw.World(idle)]
    for world in (both, *alone):
        world.step(PERIODS)
    assert differing(bits(alone[0]), bits(both, 0)) == []
    assert differing(bits(alone[1]), bits(both, 1)) == []
    assert not both.items.broken[both.items.run == 1].any()


# At the higher rate both machines of a seller are away at times, and nobody can order of it.
@pytest.mark.parametrize("rate", [1.0, 6.0])
@pytest.mark.parametrize("kept_in", [8, 9, 10, 11])
def test_a_snapshot_goes_on_as_if_it_had_never_stopped(plain: Blueprint, rate: float, kept_in: int) -> None:
    blueprint = with_machines(plain, rate)
    world, never = cw.World(blueprint, range(2)), cw.World(blueprint, range(2))
    world.step(kept_in)
    kept = world.snapshot()
    world.step(9)
    world.restore(kept)
    copied = world.copy()
    futures = world.fork(3, run=1)
    for one in (world, copied, futures):
        one.step(PERIODS - kept_in)
    never.step(PERIODS)
    for one, runs in ((world, (0, 1)), (copied, (0, 1)), (futures, (1, 1, 1))):
        for place, run in enumerate(runs):
            assert differing(bits(never, run), bits(one, place)) == []
    of_runs = [futures.upkeep.times[futures.machines.run == run].tolist() for run in range(3)]
    assert of_runs[0] == of_runs[1] == of_runs[2] == never.upkeep.times[never.machines.run == 1].tolist()


def test_it_comes_on_in_mid_run_and_stays(plain: Blueprint) -> None:
    idle, worn = with_machines(plain, 0.0), with_machines(plain, 1.0)
    sudden = cw.World(idle)
    sudden.step(6)
    before = sudden.snapshot()
    sudden.change(worn)
    announced = cw.World(idle, changes={7: worn})
    announced.step(6)
    # Whoever knows of a change has what it needs from the start.
    assert "upkeep" in announced.features
    for world in (sudden, announced):
        world.step(PERIODS - 6)
    assert differing(bits(sudden), bits(announced)) == []
    assert sudden.upkeep.times.sum() > 0
    assert announced.upkeep.changes == 1
    sudden.change(idle)
    assert "wear_out" in [phase.name for phase in sudden.phases]
    # Back before it came on, it is as if it had never been.
    sudden.restore(before)
    calm = cw.World(idle)
    calm.step(6)
    assert differing(bits(calm), bits(sudden)) == []
    assert not sudden.repairs.later(6).any()
    assert not sudden.upkeep.times.any()


def test_a_change_in_mid_run_leaves_it_to_the_conditions_on_which_lanes_one_orders(plain: Blueprint) -> None:
    worn, dear = with_machines(plain, 6.0), with_machines(plain, 6.0)
    dear.tables["items"]["holding_cost"] = dear.tables["items"]["holding_cost"] * 2.0
    world, never = cw.World(worn), cw.World(worn)
    shut = 0
    for _ in range(PERIODS):
        world.step()
        never.step()
        shut += int((~world.lanes.trading).sum())
        # It changes what stock costs, and nothing else.
        world.change(dear)
        assert world.lanes.trading.tolist() == never.lanes.trading.tolist()
        assert world.items.lead_time.tolist() == never.items.lead_time.tolist()
    assert shut > 3
    assert world.items.orders.tolist() == never.items.orders.tolist()


def test_who_has_no_machine_at_work_takes_no_orders(plain: Blueprint) -> None:
    world = cw.World(with_machines(plain, 6.0))
    shut = 0
    for _ in range(PERIODS):
        world.step()
        open_ = somebody_works(world)
        assert world.lanes.trading.tolist() == open_.tolist()
        # Who has nobody to order from waits for nothing, and sees so.
        longest = np.where(open_, world.lanes.order_delay + world.lanes.transport_time, 0)
        for lane, buyer in enumerate(world.lanes.buyer.tolist()):
            assert world.items.lead_time[buyer] == max(longest[lane], world.items.makes[buyer] * world.items.production_time[buyer])
        before = open_
        shut += int((~open_).sum())
        world.step()
        assert not world.lanes.ordered[~before].any()
    assert shut > 3


def test_machines_of_another_scenario_are_another_structure(plain: Blueprint) -> None:
    assert with_machines(plain, 0.0).structure == with_machines(plain, 1.0).structure
    assert with_machines(plain, 1.0).structure != plain.structure
    world = cw.World(with_machines(plain, 1.0))
    with pytest.raises(cw.UsageError, match="same scenario"):
        cw.World(plain).restore(world.snapshot())


@pytest.mark.parametrize(
    "subject, words",
    [
        (UPKEEP, "subject 'upkeep' is declared twice"),
        ({"name": "more", "tables": UPKEEP.tables}, "table 'machines' is declared twice"),
        ({"name": "more", "features": UPKEEP.features}, "feature 'upkeep' is declared twice"),
        ({"name": "more", "rings": UPKEEP.rings}, "ring 'repairs': the name is taken"),
        ({"name": "more", "columns": UPKEEP.columns}, r"column machines\.item is declared twice"),
    ],
)
def test_what_is_taken_is_not_declared_again(subject: Any, words: str) -> None:
    from chainwright.words.declarations import Subject
    from chainwright.words.subjects import declare

    before = (dict(SUBJECTS), dict(SHAPES), dict(FEATURES), dict(RINGS), len(list(SCHEMA)))
    with pytest.raises(ValueError, match=words):
        declare(Subject(about="More.", **subject) if isinstance(subject, dict) else subject)
    assert (dict(SUBJECTS), dict(SHAPES), dict(FEATURES), dict(RINGS), len(list(SCHEMA))) == before
