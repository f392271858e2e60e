"""What agents remember survives snapshots, forks and changes in mid-run, bit for bit."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import chainwright as cw
from chainwright.agents.model import roster_of
from chainwright.agents.rows_by_owner import by_row
from tests.agents.classes import Nervous

TRADERS = ("retailer", "wholesaler", "distributor", "brewery")


class Counting(cw.Enterprise):
    """A columnar class that remembers a column, and something for all rows."""

    @cw.columnar
    def place_orders(self, items: Any) -> Any:
        if not hasattr(self, "trust"):
            self.trust = np.ones(len(items.on_hand))
            self.periods = [0]
        self.trust = 0.8 * self.trust + 0.2 * (items.on_hand > 5.0)
        self.periods.append(items.period)
        return items.demand * (2.0 - self.trust)


def world_with(agent_class: type[cw.Enterprise], runs: range = range(3), changes: Any = None) -> cw.World:
    blueprint = cw.load("beer_game").blueprint()
    return cw.World(blueprint, runs, changes=changes, agents=roster_of(blueprint, dict.fromkeys(TRADERS, agent_class)))


def lines(world: cw.World, place: int) -> Any:
    """Stock and orders of one run."""
    own = world.items.run == place
    return np.concatenate([world.items.on_hand[own], world.items.orders[own]])


@pytest.mark.parametrize("agent_class", [Nervous, Counting])
def test_going_on_from_a_snapshot_is_never_having_stopped(agent_class: type[cw.Enterprise]) -> None:
    straight, rewound = world_with(agent_class), world_with(agent_class)
    straight.step(9)
    kept = straight.snapshot()
    straight.step(8)
    reached = [lines(straight, place) for place in range(3)]
    rewound.step(3)
    rewound.restore(kept)
    straight.restore(kept)
    twin = straight.copy()
    for world in (rewound, straight, twin):
        world.step(8)
        for place in range(3):
            np.testing.assert_array_equal(lines(world, place), reached[place])


@pytest.mark.parametrize("agent_class", [Nervous, Counting])
def test_copies_of_a_run_go_on_as_the_run_does(agent_class: type[cw.Enterprise]) -> None:
    world = world_with(agent_class)
    world.step(9)
    futures = world.fork(4, run=1)
    world.step(8)
    futures.step(8)
    for place in range(4):
        np.testing.assert_array_equal(lines(futures, place), lines(world, 1))


def test_agents_of_copies_with_draws_of_their_own_draw_for_themselves() -> None:
    world = world_with(Nervous, range(1))
    world.step(3)
    futures = world.fork(3, draws="own")
    world.step(4)
    futures.step(4)
    np.testing.assert_array_equal(lines(futures, 0), lines(world, 0))
    assert not np.array_equal(lines(futures, 1), lines(futures, 0))
    assert not np.array_equal(lines(futures, 1), lines(futures, 2))


@pytest.mark.parametrize("agent_class", [Nervous, Counting])
def test_a_change_in_mid_run_that_changes_nothing_changes_nothing(agent_class: type[cw.Enterprise]) -> None:
    plain, changed = world_with(agent_class), world_with(agent_class)
    for world in (plain, changed):
        world.step(6)
    # Another blueprint of the same content seats everybody anew.
    changed.change(cw.load("beer_game").with_({"title": "the same"}).blueprint())
    for world in (plain, changed):
        world.step(6)
    for place in range(3):
        np.testing.assert_array_equal(lines(changed, place), lines(plain, place))


def test_columns_of_a_columnar_class_follow_their_rows_when_cohorts_part() -> None:
    scenario = cw.load("beer_game")
    parted = scenario.with_({"policies.place_orders.wholesaler": {"policy": "base_stock", "level": 10}})
    plain, changed = world_with(Counting), world_with(Counting)
    for world in (plain, changed):
        world.step(6)
    changed.change(parted.blueprint())
    for world in (plain, changed):
        world.step(6)
    # The class decides as before, whatever policy stands behind it.
    for place in range(3):
        np.testing.assert_array_equal(lines(changed, place), lines(plain, place))


def test_agents_remember_partners_of_their_own_run() -> None:
    class Friend(cw.Retailer):
        def setup(self) -> None:
            self.friend: Any = None

        def place_orders(self, item: Any) -> Any:
            self.friend = self.friend or self.model.enterprise("wholesaler")
            return self.friend.on_hand

    blueprint = cw.load("beer_game").blueprint()
    world = cw.World(blueprint, range(2), agents=roster_of(blueprint, {"retailer": Friend}))
    world.step(2)
    futures = world.fork(2, run=1)
    retailers = [futures.agents.agent(futures.agents.row_of("retailer", place)) for place in range(2)]  # type: ignore[union-attr]
    assert [one.friend.model is one.model for one in retailers] == [True, True]
    assert retailers[0].friend is not retailers[1].friend


def test_agents_may_remember_items_but_no_other_views() -> None:
    class Keeper(cw.Retailer):
        def place_orders(self, item: Any) -> Any:
            self.kept = item
            return item.demand

    class Hoarder(cw.Retailer):
        def place_orders(self, item: Any) -> Any:
            self.kept = item.to_buyers
            return item.demand

    blueprint = cw.load("beer_game").blueprint()
    world = cw.World(blueprint, range(2), agents=roster_of(blueprint, {"retailer": Keeper}))
    world.step(2)
    futures = world.fork(2, run=1)
    for place in range(2):
        retailer: Any = futures.agents.agent(futures.agents.row_of("retailer", place))  # type: ignore[union-attr]
        assert retailer.kept is retailer.item
    world = cw.World(blueprint, agents=roster_of(blueprint, {"retailer": Hoarder}))
    world.step()
    with pytest.raises(cw.UsageError, match="a view of lanes shows what is now and cannot be kept; keep its numbers"):
        world.snapshot()


def test_columns_are_put_together_by_row() -> None:
    rows = [(np.array([5, 2]), np.array([[50.0, 20.0], [51.0, 21.0]])), (np.array([7]), np.array([[70.0], [71.0]]))]
    made = by_row(np.array([7, 2, 3]), rows)
    assert made is not None
    assert made.tolist() == [[70.0, 20.0, 0.0], [71.0, 21.0, 0.0]]
    assert by_row(np.array([1]), []) is None
