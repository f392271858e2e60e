"""What a first agent gets wrong is told: whose method, where, the nearest right word, and what to do."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import chainwright as cw
from chainwright.policies.answers import short
from chainwright.words.errors import UsageError, VisibilityError


def agent(base: type = cw.Distributor, **body: Any) -> type:
    return type("Mine", (base,), body)


def ordering(method: Callable[[Any, Any], Any]) -> type:
    return agent(place_orders=method)


def run(agents: Any, scenario: str = "beer_game") -> Any:
    return cw.run(cw.load(scenario).with_({"warm_up": 0}), agents=agents, periods=3)


def told(agents: Any, error: type[Exception] = UsageError, scenario: str = "beer_game") -> str:
    with pytest.raises(error) as caught:
        run(agents, scenario)
    return str(caught.value)


# --- before anything runs ------------------------------------------------------------------------------------

SIGNATURE = "is called with one thing beside self; write def place_orders(self, item)"
SETUP = "leave it out, and begin what an agent remembers in setup(self)"


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ({"place_order": lambda self, item: 3.0}, "Mine.place_order is asked by nobody; did you mean 'place_orders'?"),
        ({"placeOrders": lambda self, item: 3.0}, "Mine.placeOrders is asked by nobody; did you mean 'place_orders'?"),
        ({"place_orders": lambda self: 3.0}, f"Mine.place_orders {SIGNATURE}"),
        ({"place_orders": lambda self, item, lanes: 3.0}, f"Mine.place_orders {SIGNATURE}"),
        ({"place_orders": 3.0}, "Mine.place_orders is no method; write def place_orders(self, item)"),
        (
            {"allocate_stock": lambda self: 3.0},
            "Mine.allocate_stock is called with one thing beside self; write def allocate_stock(self, lanes)",
        ),
        ({"__init__": lambda self: None, "place_orders": lambda self, item: 3.0}, f"Mine.__init__ is called with model and name; {SETUP}"),
    ],
)
def test_methods_that_cannot_be_meant(body: dict[str, Any], message: str) -> None:
    assert told({"wholesaler": agent(**body)}) == f"agents of 'wholesaler': {message}"
    with pytest.raises(UsageError):
        cw.SupplyChain("beer_game", agents={"wholesaler": agent(**body)})


def test_helpers_may_be_called_like_a_decision_that_is_made() -> None:
    run({"wholesaler": agent(place_orders=lambda self, item: self.place_order(item), place_order=lambda self, item: 4.0)})


def test_more_parameters_with_defaults_are_fine() -> None:
    run({"wholesaler": agent(place_orders=lambda self, item, target=12.0: target)})


def test_a_class_that_decides_nothing_is_no_use_in_a_run() -> None:
    decisions = "demand, forecast_demand, plan_production, place_orders, choose_sellers, allocate_stock"
    assert told({"wholesaler": agent(order=lambda self, item: 3.0)}) == (
        f"agents: Mine overrides no decision, so nobody asks it; decisions are {decisions}"
    )
    assert told({"wholesaler": agent(step=lambda self: None)}).endswith("; a period goes by without step()")
    # Whoever holds a model asks its agents for other things as well.
    with cw.SupplyChain("beer_game", agents={"wholesaler": agent(step=lambda self: self.send("retailer", "hello"))}) as model:
        model.step()
        model.enterprise("wholesaler").step()


def test_a_decision_that_nobody_asks_of_its_seat() -> None:
    message = "agents: Mine overrides demand, which nobody asks of"
    assert told({"wholesaler": agent(demand=lambda self, item: 3.0)}) == f"{message} wholesaler, a distributor"
    assert told({"default": agent(demand=lambda self, item: 3.0)}).endswith(", a distributor, or of 1 other with this class")
    # Where one of several decisions is asked, the class is of use.
    run({"wholesaler": agent(demand=lambda self, item: 3.0, place_orders=lambda self, item: 4.0)})


def test_a_world_that_is_forked_keeps_agents_that_decide_nothing() -> None:
    with cw.SupplyChain("beer_game", agents={"wholesaler": agent(step=lambda self: None)}) as model:
        model.step()
        model.world.fork(2).step()


def test_a_role_that_nobody_has() -> None:
    idle = agent(cw.Enterprise, place_orders=lambda self, item: 3.0)
    assert told({"retailer": idle}, scenario="battery") == (
        "agents of 'retailer': no enterprise of the scenario is a retailer; its roles are customer, distributor, manufacturer, supplier"
    )
    with pytest.raises(UsageError, match="agents of 'default': Mine is a retailer, and no enterprise of the scenario is one"):
        run({"default": agent(cw.Retailer, place_orders=lambda self, item: 3.0)}, "battery")


@pytest.mark.parametrize("agents", [cw.Distributor, [cw.Distributor], "Panicker"])
def test_agents_without_seats(agents: Any) -> None:
    for attempt in (lambda: run(agents), lambda: cw.SupplyChain("beer_game", agents=agents)):
        with pytest.raises(UsageError, match=r"agents must say who sits where, such as \{'wholesaler': Panicker\}, got"):
            attempt()


# --- while it runs -------------------------------------------------------------------------------------------


def misspelt(self: Any, item: Any) -> Any:
    return item.on_hnd


def test_what_is_looked_at_in_vain_is_told_with_its_line() -> None:
    line = misspelt.__code__.co_firstlineno + 1
    assert told({"wholesaler": ordering(misspelt)}, VisibilityError) == (
        f"test_slips.py:{line}: Mine.place_orders of wholesaler/beer in period 1: a view of items has no 'on_hnd' to look at; did you mean 'on_hand'?"
    )


def test_the_line_is_told_for_lanes_and_columns_too() -> None:
    lanes = agent(cw.Enterprise, choose_sellers=lambda self, lanes: lanes.prise)
    found = told({"shop": lanes}, VisibilityError, "two_sources")
    assert "Mine.choose_sellers of shop/lamp in period 1: a view of lanes has no 'prise' to look at; did you mean 'price'?" in found
    columns = agent(place_orders=cw.columnar(lambda self, items: items.on_hnd))
    assert "Mine.place_orders of all its enterprises in period 1: a view of items has no 'on_hnd'" in told({"default": columns}, VisibilityError)


def test_errors_of_python_stay_themselves_and_say_in_whose_seat() -> None:
    calls = []

    def divide(self: Any, item: Any) -> Any:
        calls.append(self.name)
        return 1.0 / 0.0 if self.name == "wholesaler" else 4.0

    with pytest.raises(ZeroDivisionError) as caught:
        run({"default": ordering(divide)})
    assert caught.value.__notes__ == ["in Mine.place_orders of wholesaler/beer in period 1"]
    assert caught.value.__context__ is None
    assert calls.count("wholesaler") == 1


def test_if_in_a_columnar_method() -> None:
    columns = agent(place_orders=cw.columnar(lambda self, items: max(items.on_hand, 0)))
    with pytest.raises(ValueError, match="truth value") as caught:
        run({"default": columns})
    assert caught.value.__notes__[0].endswith("; `if` and max want one number: for columns say np.where and np.maximum")


@pytest.mark.parametrize("answer", ["12", b"12", np.str_("12"), 10**400])
def test_what_only_reads_as_a_number_is_none(answer: Any) -> None:
    assert told({"wholesaler": ordering(lambda self, item: answer)}) == (
        f"Mine.place_orders of wholesaler/beer in period 1 returned {short(answer)}; expected a finite number"
    )


def test_an_attribute_that_is_not_there() -> None:
    near = told({"wholesaler": ordering(lambda self, item: self.seller)}, AttributeError)
    assert near == "Mine has no attribute 'seller'; did you mean 'sellers'?"
    memory = told({"wholesaler": ordering(lambda self, item: self.panics)}, AttributeError)
    assert memory == "Mine has no attribute 'panics'; what an agent remembers is begun in its setup(self)"


def test_what_the_model_tells_is_not_set() -> None:
    class Mine(cw.Distributor):
        def setup(self) -> None:
            self.messages = []

        def place_orders(self, item: Any) -> Any:
            return 4.0

    assert told({"wholesaler": Mine}) == "'messages' is what the model tells an enterprise and is not set; call your own memory 'my_messages'"


def test_nothing_is_kept_on_an_item() -> None:
    class Mine(cw.Distributor):
        def place_orders(self, item: Any) -> Any:
            item.last = item.demand

    assert told({"wholesaler": Mine}, AttributeError) == (
        "'last' cannot be set on a view of items; what an agent remembers it keeps on itself, such as self.my_last"
    )


def test_init_without_super() -> None:
    class Mine(cw.Distributor):
        def __init__(self, model: Any, name: str) -> None:
            self.panics = 0

        def place_orders(self, item: Any) -> Any:
            return 4.0

    assert told({"wholesaler": Mine}) == f"Mine.__init__ does not call super().__init__(model, name); {SETUP}"


# --- a model in the hand -------------------------------------------------------------------------------------


@pytest.fixture
def model() -> Any:
    with cw.SupplyChain("beer_game") as made:
        yield made


def test_things_print_as_what_they_are() -> None:
    with cw.SupplyChain("beer_game", run=3) as model:
        model.step()
        assert repr(model) == "<SupplyChain of beer_game, run 3: period 1 of 36>"
        wholesaler = model.enterprise("wholesaler")
        assert f"{wholesaler} {wholesaler.item} {wholesaler.item.product} {wholesaler.item.enterprise}" == (
            "<Distributor wholesaler> wholesaler/beer beer wholesaler"
        )
    assert (repr(model), repr(wholesaler)) == ("<SupplyChain>", "<Distributor>")


def test_a_product_is_no_name(model: Any) -> None:
    item = model.enterprise("wholesaler").item
    assert item.product.name == "beer"
    assert item.product == item.product
    assert {item.product, item.product} == {item.product}
    with pytest.raises(UsageError, match=r"a view of products is no name; compare its \.name with 'beer'"):
        _ = item.product == "beer"


def test_products_and_partners_that_are_not_there(model: Any) -> None:
    wholesaler = model.enterprise("wholesaler")
    with pytest.raises(UsageError, match="wholesaler keeps no 'ber'; did you mean 'beer'"):
        wholesaler.items["ber"]
    assert wholesaler.items.get("ber") is None
    with pytest.raises(UsageError, match="retailer trades no 'ber' with this enterprise; did you mean 'beer'"):
        wholesaler.buyers[0].item("ber")
    with pytest.raises(VisibilityError, match="the partner retailer has no 'nam' to look at; did you mean 'name'"):
        _ = wholesaler.buyers[0].nam
    with pytest.raises(VisibilityError, match="items have no 'onhand' to sum over buyers; did you mean 'on_hand'"):
        wholesaler.item.sum_over_buyers("onhand")
    with pytest.raises(UsageError, match="no enterprise is called 'zzz'; expected one of brewery, distributor"):
        model.enterprise("zzz")
    with cw.SupplyChain("battery") as large, pytest.raises(UsageError, match=r"called 'zzz'; model.agents.get\('name'\) lists their names"):
        large.enterprise("zzz")


def test_a_policy_of_several_products() -> None:
    with cw.SupplyChain("battery") as model, pytest.raises(UsageError, match=r"keeps 7 products; say policy\('place_orders', 'bulk_battery'\), one"):
        model.enterprise("battery_plant").policy("place_orders")


def test_a_misspelt_column_is_not_collected_as_nothing() -> None:
    message = "collect: no agent has 'onhand', which 'Stock' reports; did you mean 'on_hand'"
    with cw.SupplyChain("beer_game", collect={"agent_reporters": {"Stock": "onhand"}}) as model, pytest.raises(UsageError, match=message):
        model.step()
    # Memory may be called almost like a column.
    remembering = agent(cw.Enterprise, setup=lambda self: setattr(self, "on_hands", 3))
    with cw.SupplyChain("beer_game", agents={"default": remembering}, collect={"agent_reporters": {"Mine": "on_hands"}}) as model:
        model.step()
        assert model.datacollector.get_agent_vars_dataframe()["Mine"].tolist() == [3] * 6


def test_an_agent_knows_the_period(model: Any) -> None:
    model.step()
    assert model.enterprise("wholesaler").period == model.period == 1
