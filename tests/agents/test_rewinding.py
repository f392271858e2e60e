"""Going on from a snapshot, or in a fork, is never having stopped: also for what agents share, send, or begin later."""

from __future__ import annotations

from collections import deque
from typing import Any

import numpy as np
import pytest

import chainwright as cw
from chainwright.agents.model import roster_of
from chainwright.words.errors import UsageError
from tests.agents.classes import Nervous, Panicker


def world_of(agents: dict[str, Any], runs: int = 1, interventions: Any = ()) -> cw.World:
    scenario = cw.load("beer_game")
    blueprint = scenario.blueprint()
    return cw.World(blueprint, range(runs), changes=dict(scenario.stages(interventions)), agents=roster_of(blueprint, agents))


def agent_of(world: cw.World, name: str, place: int = 0) -> Any:
    roster: Any = world.agents
    return roster.agent(roster.row_of(name, place))


def assert_goes_on(agents: dict[str, Any]) -> None:
    """A world that is rewound, one that is copied and one that is forked go on as the world that was never stopped."""
    straight, rewound = world_of(agents, 2), world_of(agents, 2)
    straight.step(9)
    rewound.step(4)
    kept = rewound.snapshot()
    rewound.step(5)
    rewound.restore(kept)
    twin, futures = rewound.copy(), rewound.fork(2, run=1)
    for world in (rewound, twin, futures):
        world.step(5)
    np.testing.assert_array_equal(rewound.items.orders, straight.items.orders)
    np.testing.assert_array_equal(twin.items.orders, straight.items.orders)
    for place in range(2):
        np.testing.assert_array_equal(futures.items.orders[futures.items.run == place], straight.items.orders[straight.items.run == 1])


# --- what agents have in common -------------------------------------------------------------------------------


def test_what_was_sent_is_kept_as_it_was() -> None:
    class Diary(cw.Retailer):
        def setup(self) -> None:
            self.plan: list[float] = []

        def place_orders(self, item: Any) -> Any:
            self.plan.append(item.period)
            self.send("wholesaler", self.plan)
            return 4.0

    class Reader(cw.Distributor):
        def place_orders(self, item: Any) -> Any:
            return float(sum(sum(message.content) for message in self.messages if message.kind == "word"))

    assert_goes_on({"retailer": Diary, "wholesaler": Reader})


def test_what_two_agents_have_in_common_they_have_in_common_ever_after() -> None:
    class Offers(cw.Retailer):
        def setup(self) -> None:
            self.deal = {"rounds": 0}

        def place_orders(self, item: Any) -> Any:
            if item.period == 1:
                self.send("wholesaler", self.deal)
            self.deal["rounds"] += 1
            return 4.0

    class Agrees(cw.Distributor):
        def setup(self) -> None:
            self.deal = {"rounds": 0}

        def place_orders(self, item: Any) -> Any:
            self.deal = next((message.content for message in self.messages if message.kind == "word"), self.deal)
            return float(self.deal["rounds"])

    assert_goes_on({"retailer": Offers, "wholesaler": Agrees})


def test_a_partner_may_be_remembered() -> None:
    class Faithful(cw.Distributor):
        def setup(self) -> None:
            self.first = self.sellers[0]
            self.all = {*self.sellers, *self.buyers}

        def place_orders(self, item: Any) -> Any:
            assert self.first == self.sellers[0]
            assert self.first in self.all
            assert self.first != self.buyers[0]
            self.send(self.first, item.period)
            return 4.0 + len(self.all)

    assert_goes_on({"wholesaler": Faithful})
    world = world_of({"wholesaler": Faithful}, 2)
    world.step(2)
    futures = world.fork(2, run=1)
    futures.step()
    partners = [agent_of(futures, "wholesaler", place).first for place in range(2)]
    assert [partner.name for partner in partners] == ["distributor", "distributor"]
    assert partners[0] != partners[1]
    with pytest.raises(UsageError, match=r"a partner is no name; compare its .name with 'distributor'"):
        assert partners[0] == "distributor"


# --- what was not there yet -----------------------------------------------------------------------------------


def test_agents_that_are_made_later_begin_anew() -> None:
    class Visitor(cw.Retailer):
        def place_orders(self, item: Any) -> Any:
            if item.period < 6:
                return 4.0
            friend = self.model.enterprise("wholesaler")
            friend.visits = getattr(friend, "visits", 0) + 1
            return float(friend.visits)

    assert_goes_on({"retailer": Visitor})


def test_generators_that_are_made_later_begin_anew() -> None:
    world = world_of({}, 2)
    world.step(2)
    kept = world.snapshot()
    model = world.agents.model(1)  # type: ignore[union-attr]
    drawn = model.random.random(), model.rng.random()
    world.restore(kept)
    assert (model.random.random(), model.rng.random()) == drawn


# --- columns --------------------------------------------------------------------------------------------------


class Averaging(cw.Enterprise):
    """Columns in a list, in a deque and in a dictionary, beside what is the same for all rows."""

    @cw.columnar
    def place_orders(self, items: Any) -> Any:
        if not hasattr(self, "past"):
            self.past: list[Any] = []
            self.last: deque[Any] = deque(maxlen=2)
            self.kept: dict[str, Any] = {"noise": np.zeros(len(items.demand)), "names": ["noise"], "pair": (0, 1.5)}
        self.past = [*self.past, items.demand.copy()][-3:]
        self.last.append(items.draw("noise"))
        self.kept["noise"] = self.kept["noise"] * 0.5 + items.draw("noise")
        return sum(self.past) / len(self.past) + self.last[0] + self.kept["noise"]


def test_columns_within_lists_and_dictionaries_follow_their_rows() -> None:
    assert_goes_on({"default": Averaging})
    world = world_of({"default": Averaging}, 3)
    world.step(4)
    futures = world.fork(2, run=2)
    for columnar_self in futures.agents.columnar_selves:  # type: ignore[union-attr]
        remembered: Any = columnar_self.self
        assert {len(column) for column in (*remembered.past, *remembered.last, remembered.kept["noise"])} == {len(columnar_self.rows)}
        assert (remembered.last.maxlen, remembered.kept["names"], remembered.kept["pair"]) == (2, ["noise"], (0, 1.5))


# --- a change of what is shown --------------------------------------------------------------------------------


def test_a_remembered_item_shows_what_may_be_seen_by_now() -> None:
    told: list[tuple[bool, bool]] = []

    class Keeper(cw.Distributor):
        def setup(self) -> None:
            self.mine = self.item
            self.buyer = self.buyers[0]
            self.sold = self.item.to_buyers

        def place_orders(self, item: Any) -> Any:
            assert self.mine is item
            assert super().place_orders(self.mine) == super().place_orders(item)
            told.append((self.mine.sees("end_demand"), self.sold.buyer.sees("on_hand")))
            if told[-1][1]:
                assert self.buyer.on_hand == self.sold.buyer.on_hand[0] == self.model.enterprise("retailer").on_hand
            return super().place_orders(item)

    changes = [(3, {"visibility.end_demand": "own", "visibility.on_hand": "partner"}), (5, {"visibility.end_demand": "hidden"})]
    world = world_of({"wholesaler": Keeper}, interventions=changes)
    world.step(6)
    assert told == [(False, False)] * 2 + [(True, True)] * 2 + [(False, True)] * 2
    agent_of(world, "wholesaler").sold = None
    world.fork(2)


# --- what cannot be -------------------------------------------------------------------------------------------


def test_a_snapshot_fits_only_where_the_same_agents_decide() -> None:
    worlds = [world_of({}), world_of({"wholesaler": Panicker}), world_of({"retailer": Nervous})]
    for one in worlds:
        for other in worlds:
            if one is other:
                one.restore(other.snapshot())
                continue
            with pytest.raises(UsageError, match=r"with the same agents; \w+ decides place_orders for others in it than here"):
                one.restore(other.snapshot())
    plain = cw.World(cw.load("beer_game").blueprint())
    plain.step(3)
    worlds[0].restore(plain.snapshot())
    assert worlds[0].period == 3
    plain.restore(worlds[0].snapshot())


def _corner_shop(name: str) -> dict[str, Any]:
    people = {"role": "customer", "items": {"bread": {"demand": {"policy": "constant", "value": 3}}}}
    return {
        "chainwright": 1,
        "title": "A corner shop",
        "horizon": 10,
        "products": {"bread": {}},
        "enterprises": {"people": people, name: {"role": "retailer", "items": {"bread": {"unlimited": True}}}},
        "lanes": [{"seller": name, "buyer": "people", "product": "bread"}],
    }


def test_a_snapshot_of_another_scenario_is_refused() -> None:
    # Of the same shape, with other names.
    one, other = (cw.World(cw.Scenario.from_document(_corner_shop(name)).blueprint()) for name in ("shop", "stall"))
    with pytest.raises(UsageError, match="a snapshot fits only a world of the same scenario and the same runs"):
        one.restore(other.snapshot())


def test_what_cannot_be_copied_is_told_with_its_owner() -> None:
    class Streaming(cw.Retailer):
        def setup(self) -> None:
            self.numbers = (number for number in range(3))

        def place_orders(self, item: Any) -> Any:
            return 4.0

    world = world_of({"retailer": Streaming})
    world.step()
    with pytest.raises(UsageError, match=r"what <Streaming retailer> keeps as self.numbers cannot be copied, as snapshots do: TypeError"):
        world.snapshot()


# --- what a setup may ask for ---------------------------------------------------------------------------------


def test_a_setup_may_ask_for_the_policy() -> None:
    class Planner(cw.Distributor):
        def setup(self) -> None:
            self.weight = self.policy("place_orders").smoothing
            self.share = self.policy("choose_sellers").name
            self.would = super().place_orders(self.item)
            self.send(self.sellers[0], "hello")

        def place_orders(self, item: Any) -> Any:
            return super().place_orders(item)

    world = world_of({"wholesaler": Planner})
    world.step()
    wholesaler = agent_of(world, "wholesaler")
    assert (wholesaler.weight, wholesaler.share) == (0.36, "fixed_shares")
    assert wholesaler.would >= 0.0
