"""An agent shows the columns of its row, its partners, its messages and its ledger."""

from __future__ import annotations

from typing import Any

import pytest

import chainwright as cw
from chainwright.agents.order_history import KEPT
from chainwright.words.errors import UsageError, VisibilityError
from tests.agents.classes import Panicker


@pytest.fixture
def model() -> Any:
    with cw.SupplyChain("beer_game") as made:
        yield made


def test_attributes_are_the_columns_of_the_row(model: Any) -> None:
    wholesaler = model.enterprise("wholesaler")
    model.world.items.on_hand[:] = range(model.world.items.rows)
    row = wholesaler.item.rows
    assert wholesaler.on_hand == wholesaler.item.on_hand == float(row)
    assert isinstance(wholesaler.on_hand, float)
    assert (wholesaler.name, wholesaler.role, wholesaler.closed) == ("wholesaler", "distributor", False)
    assert wholesaler.item.product.name == "beer"
    assert wholesaler.item.enterprise.name == "wholesaler"
    assert "inventory_position" in dir(wholesaler)


def test_attributes_cannot_be_set_through_views(model: Any) -> None:
    item = model.enterprise("wholesaler").item
    with pytest.raises(AttributeError):
        item.on_hand = 3.0
    with pytest.raises(ValueError, match="read-only"):
        item.to_buyers.backorder[0] = 3.0


def test_two_models_share_nothing() -> None:
    one, two = cw.SupplyChain("beer_game"), cw.SupplyChain("beer_game")
    one.step()
    one.world.items.on_hand[:] = 99.0
    assert one.enterprise("retailer").on_hand == 99.0
    assert two.enterprise("retailer").on_hand == 12.0


def test_an_enterprise_of_several_products_says_how_to_choose() -> None:
    model = cw.SupplyChain("battery")
    maker = next(agent for agent in model.agents if len(agent.items) > 1)
    product = next(iter(maker.items))
    assert maker.items[product].product.name == product
    with pytest.raises(AttributeError, match=r"keeps \d+ products, each with its own 'on_hand'; say \.items\["):
        _ = maker.on_hand
    with pytest.raises(UsageError, match=r"keeps \d+ products; say \.items\["):
        _ = maker.item


def test_a_misspelt_attribute_is_told_with_the_nearest(model: Any) -> None:
    with pytest.raises(AttributeError, match="Distributor has no attribute 'on_hnd'; did you mean 'on_hand'"):
        _ = model.enterprise("wholesaler").on_hnd
    assert not hasattr(model.enterprise("wholesaler"), "whatever")


def test_partners_show_what_is_public_or_for_partners(model: Any) -> None:
    wholesaler = model.enterprise("wholesaler")
    assert [partner.name for partner in wholesaler.sellers] == ["distributor"]
    assert [partner.name for partner in wholesaler.buyers] == ["retailer"]
    buyer = wholesaler.buyers[0]
    assert (buyer.role, buyer.closed, buyer.products) == ("retailer", False, ("beer",))
    for hidden in ("on_hand", "cash", "orders"):
        with pytest.raises(VisibilityError):
            getattr(buyer, hidden)


def test_a_scenario_can_let_partners_see_more() -> None:
    scenario = cw.load("beer_game").with_({"visibility.on_hand": "partner", "visibility.end_demand": "partner"})
    model = cw.SupplyChain(scenario)
    model.step()
    wholesaler = model.enterprise("wholesaler")
    assert wholesaler.buyers[0].on_hand == model.enterprise("retailer").on_hand
    assert wholesaler.item.sum_over_buyers("on_hand") == model.enterprise("retailer").on_hand
    assert wholesaler.item.to_buyers.buyer.on_hand.tolist() == [model.enterprise("retailer").on_hand]
    assert wholesaler.end_demand == 4.0


def test_hidden_columns_are_hidden_from_their_own_enterprise(model: Any) -> None:
    wholesaler = model.enterprise("wholesaler")
    with pytest.raises(VisibilityError, match="end_demand"):
        _ = wholesaler.end_demand
    with pytest.raises(VisibilityError, match=r"visibility: \{on_hand: partner\}"):
        wholesaler.item.sum_over_buyers("on_hand")


def test_messages_are_the_orders_and_deliveries_of_the_period(model: Any) -> None:
    model.step()
    brewery, wholesaler = model.enterprise("brewery"), model.enterprise("wholesaler")
    found = {(message.kind, message.sender): message.quantity for message in wholesaler.messages}
    assert found == {("order", "retailer"): 4.0, ("delivery", "distributor"): 4.0}
    assert {message.product for message in brewery.messages} == {"beer"}


def test_words_are_read_by_partners_in_the_next_period() -> None:
    heard: list[tuple[int, str, Any]] = []

    class Talker(cw.Enterprise):
        def place_orders(self, item: Any) -> Any:
            heard.extend((item.period, message.sender, message.content) for message in self.messages if message.kind == "word")
            for seller in self.sellers:
                self.send(seller, {"plan": item.period})
            return super().place_orders(item)

    model = cw.SupplyChain("beer_game", agents={"retailer": Talker, "wholesaler": Talker})
    for _ in range(3):
        model.step()
    assert heard == [(2, "retailer", {"plan": 1}), (3, "retailer", {"plan": 2})]
    assert [message.content for message in model.enterprise("distributor").messages if message.kind == "word"] == [{"plan": 2}]
    with pytest.raises(UsageError, match="wholesaler can send only to its sellers and buyers, not to 'brewery'"):
        model.enterprise("wholesaler").send("brewery", "hello")


def test_words_go_to_one_partner_at_a_time(model: Any) -> None:
    wholesaler = model.enterprise("wholesaler")
    with pytest.raises(UsageError, match=r"not to \[<distributor>\]; say one partner, or its name"):
        wholesaler.send(wholesaler.sellers, "hello")
    for receiver in ("retailer", wholesaler.buyers[0], model.enterprise("retailer")):
        wholesaler.send(receiver, "hello")
    model.step()
    assert [message.content for message in model.enterprise("retailer").messages if message.kind == "word"] == ["hello"] * 3


def test_the_ledger_holds_the_last_orders(model: Any) -> None:
    wholesaler = model.enterprise("wholesaler")
    placed = []
    for _ in range(KEPT + 5):
        model.step()
        placed.append((model.period, wholesaler.orders))
    assert [(entry.period, entry.quantity) for entry in wholesaler.ledger] == [one for one in placed[-KEPT:] if one[1]]
    assert {(entry.seller, entry.product) for entry in wholesaler.ledger} == {("distributor", "beer")}


def test_production_orders_are_in_the_ledger() -> None:
    model = cw.SupplyChain("bulldozer")
    makers = [agent for agent in model.agents if any(item.makes for item in agent.items.values())]
    for _ in range(5):
        model.step()
    own = [entry for agent in makers for entry in agent.ledger if entry.seller == agent.name]
    assert own
    world = model.world
    last = sum(entry.quantity for entry in own if entry.period == model.period)
    assert last == pytest.approx(world.items.production_orders.sum())


def test_a_policy_shows_its_parameters(model: Any) -> None:
    wholesaler = model.enterprise("wholesaler")
    assert wholesaler.policy("place_orders").name == "anchor_and_adjust"
    assert wholesaler.policy("choose_sellers").name == "fixed_shares"
    assert wholesaler.policy("forecast_demand") is None
    with pytest.raises(UsageError, match="no decision is called 'place_order'; did you mean 'place_orders'"):
        wholesaler.policy("place_order")
    with pytest.raises(UsageError, match="wholesaler keeps no 'wine'"):
        wholesaler.policy("place_orders", "wine")


def test_asking_what_a_policy_would_decide_changes_nothing(model: Any) -> None:
    twin = cw.SupplyChain("beer_game")
    for _ in range(6):
        for one in (model, twin):
            one.step()
        agent = model.enterprise("wholesaler")
        assert agent.place_orders(agent.item) >= 0.0
        agent.choose_sellers(agent.item.from_sellers)
    assert model.enterprise("brewery").orders == twin.enterprise("brewery").orders


def test_draws_are_the_same_in_every_company() -> None:
    drawn: dict[str, list[float]] = {}

    class Gambler(cw.Enterprise):
        def place_orders(self, item: Any) -> Any:
            drawn.setdefault(self.name, []).append(item.draw("luck"))
            return 4.0

    with cw.SupplyChain("beer_game", seed=3, run=2, agents={"retailer": Gambler}) as model:
        model.step()
    cw.run("beer_game", runs=[0, 2], seed=3, periods=1, agents={"wholesaler": Gambler, "retailer": Gambler})
    assert drawn["retailer"][0] == drawn["retailer"][2]
    assert drawn["retailer"][1] != drawn["retailer"][2]
    assert drawn["wholesaler"][0] != drawn["retailer"][1]


@pytest.mark.parametrize("answer", [None, "many", float("nan"), float("inf"), [1.0, 2.0]])
def test_an_answer_that_is_no_number_is_told_with_its_place(answer: Any) -> None:
    class Wrong(cw.Distributor):
        def place_orders(self, item: Any) -> Any:
            return answer if item.period == 2 and self.name == "wholesaler" else 4.0

    model = cw.SupplyChain("beer_game", agents={"distributor": Wrong, "wholesaler": Wrong})
    model.step()
    with pytest.raises(UsageError) as told:
        model.step()
    assert str(told.value) == f"Wrong.place_orders of wholesaler/beer in period 2 returned {answer!r}; expected a finite number"


def test_a_mistake_in_a_method_is_raised_as_it_is() -> None:
    class Wrong(cw.Distributor):
        def place_orders(self, item: Any) -> Any:
            return 1.0 / 0.0

    model = cw.SupplyChain("beer_game", agents={"wholesaler": Wrong})
    with pytest.raises(ZeroDivisionError):
        model.step()


@pytest.mark.parametrize("answer", [None, [1.0, 2.0, 3.0, 4.0, 5.0], -1.0, (0.0, float("nan")), (0.9, 0.1)])
def test_wrong_weights_are_told_with_their_place(answer: Any) -> None:
    class Wrong(cw.Enterprise):
        def choose_sellers(self, lanes: Any) -> Any:
            return answer

    model = cw.SupplyChain("two_sources", agents={"retailer": Wrong})
    with pytest.raises(UsageError, match=r"choose_sellers of .* in period 1 returned .*; expected"):
        model.step()


def test_an_agent_splits_its_orders_and_allocates_its_stock() -> None:
    class OneSeller(cw.Enterprise):
        def choose_sellers(self, lanes: Any) -> Any:
            assert lanes.total(lanes.order)[0] == pytest.approx(lanes.order.sum())
            return [1.0] + [0.0] * (len(lanes) - 1)

    model = cw.SupplyChain("two_sources", agents={"retailer": OneSeller})
    for _ in range(10):
        model.step()
    retailer = next(agent for agent in model.agents if isinstance(agent, OneSeller))
    assert {entry.seller for entry in retailer.ledger} == {retailer.sellers[0].name}


def test_an_agent_of_a_name_is_made_once() -> None:
    model = cw.SupplyChain("beer_game", agents={"wholesaler": Panicker})
    assert model.enterprise("wholesaler") is model.enterprise("wholesaler")
    assert isinstance(model.enterprise("wholesaler"), Panicker)
    with pytest.raises(UsageError, match="wholesaler has an agent already"):
        Panicker(model, "wholesaler")
    with pytest.raises(UsageError, match="no enterprise is called 'wholesalr'; did you mean 'wholesaler'"):
        model.enterprise("wholesalr")
