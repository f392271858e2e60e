"""A fork lays copies of one run side by side: with the same draws they go on as the run does, with draws of their own they part."""

from __future__ import annotations

import numpy as np
import pytest

import chainwright as cw
from chainwright.words.errors import UsageError
from chainwright.words.subjects import SCHEMA

TABLES = ("items", "lanes", "enterprises", "recipes")


def column_of(world: cw.World, table: str, name: str, place: int) -> np.ndarray:
    """A column of one run of a union."""
    rows = getattr(world, table)
    return rows[name][rows.run == place]


def assert_same(one: cw.World, run: int, other: cw.World, place: int) -> None:
    for table in TABLES:
        for column in SCHEMA.table(table):
            if column.kind in ("state", "input"):
                np.testing.assert_array_equal(
                    column_of(one, table, column.name, run), column_of(other, table, column.name, place), err_msg=f"{table}.{column.name}"
                )


@pytest.mark.parametrize("name", ["beer_game", "battery", "bulldozer", "two_sources"])
@pytest.mark.parametrize("stop", [0, 7])
def test_copies_with_the_same_draws_go_on_as_the_run_does(name: str, stop: int) -> None:
    scenario = cw.load(name)
    world = cw.World(scenario.blueprint(), runs=[4, 2, 9], changes=dict(scenario.stages()))
    world.step(stop)
    futures = world.fork(3, run=2)
    assert futures.period == stop
    assert futures.runs.number.tolist() == [2, 2, 2]
    for one in (world, futures):
        one.step(12)
    for place in range(3):
        assert_same(world, 1, futures, place)


def test_copies_with_draws_of_their_own_part_and_the_first_does_not() -> None:
    world = cw.World(cw.load("battery").blueprint(), runs=[3])
    world.step(5)
    futures = world.fork(3, draws="own")
    for one in (world, futures):
        one.step(10)
    assert_same(world, 0, futures, 0)
    demands = [column_of(futures, "items", "demand", place) for place in range(3)]
    assert not np.array_equal(demands[0], demands[1])
    assert not np.array_equal(demands[1], demands[2])


def test_a_fork_of_a_fork_meets_no_branch_again() -> None:
    world = cw.World(cw.load("newsvendor").blueprint())
    children = world.fork(4, draws="own")
    assert children.runs.branch.tolist() == [0, 1, 2, 3]
    twins = cw.World(world.blueprint, [0], branches=[2])
    grandchildren = twins.fork(3, draws="own")
    assert grandchildren.runs.branch.tolist() == [2, 2_000_001, 2_000_002]


def test_a_copy_of_a_copy_goes_on_as_it_does() -> None:
    futures = cw.World(cw.load("battery").blueprint(), runs=[3]).fork(3, draws="own")
    futures.step(5)
    with pytest.raises(UsageError, match="the world has 3 runs; say which one to copy: place=0 to 2"):
        futures.fork(2)
    with pytest.raises(UsageError, match="run 3 is there 3 times; say which one to copy: place=0 to 2"):
        futures.fork(2, run=3)
    with pytest.raises(UsageError, match="place must be a whole number from 0 to 2, got 3"):
        futures.fork(2, place=3)
    further = futures.fork(2, draws="own", place=1)
    assert further.runs.branch.tolist() == [1, 1_000_001]
    for one in (futures, further):
        one.step(6)
    assert_same(futures, 1, further, 0)


def test_forks_of_forks_go_on_without_end() -> None:
    world = cw.World(cw.load("newsvendor").blueprint())
    branches = []
    for _ in range(12):
        world = world.fork(3, draws="own", place=world.runs.rows - 1)
        branches += world.runs.branch.tolist()[1:]
    assert len(set(branches)) == len(branches)
    assert min(branches) > 0


def test_the_branch_of_a_copy_does_not_depend_on_its_company() -> None:
    world = cw.World(cw.load("battery").blueprint(), runs=[3])
    world.step(5)
    few, many = world.fork(2, draws="own"), world.fork(5, draws="own")
    for one in (few, many):
        one.step(10)
    for place in range(2):
        assert_same(few, place, many, place)


def test_a_fork_inside_an_event_and_across_a_change_in_mid_run() -> None:
    scenario = cw.load("beer_game").with_(
        {"disruptions": [{"kind": "closure", "target": {"enterprise": "brewery"}, "start": 6, "duration": 4}]}
    )
    changes = dict(scenario.stages([(5, {"policies.place_orders.default.target": 30}), (14, {"policies.place_orders.default.target": 10})]))
    world = cw.World(scenario.blueprint(), runs=range(2), changes=changes)
    world.step(7)
    futures = world.fork(2, run=1)
    for one in (world, futures):
        one.step(12)
    for place in range(2):
        assert_same(world, 1, futures, place)


def test_a_fork_can_be_kept_and_copied() -> None:
    futures = cw.World(cw.load("battery").blueprint()).fork(3, draws="own")
    futures.step(4)
    kept = futures.snapshot()
    twin = futures.copy()
    futures.step(6)
    straight = futures.items.on_hand.copy()
    futures.restore(kept)
    for one in (futures, twin):
        one.step(6)
        np.testing.assert_array_equal(one.items.on_hand, straight)


@pytest.mark.parametrize(
    ("asked", "message"),
    [
        ({"copies": 0}, "the number of copies"),
        ({"copies": 2, "draws": "sme"}, "draws must be 'same' or 'own', got 'sme'; did you mean 'same'?"),
        ({"copies": 2}, "the world has 2 runs; say which one to copy: run=0"),
        ({"copies": 2, "run": 7}, "the world has no run 7; it has 0, 1"),
    ],
)
def test_a_fork_that_cannot_be_made_says_why(asked: dict[str, object], message: str) -> None:
    world = cw.World(cw.load("newsvendor").blueprint(), runs=range(2))
    with pytest.raises(UsageError) as told:
        world.fork(**asked)  # type: ignore[arg-type]
    assert message in str(told.value)
