"""What `check` proves of agents, and how it tells where rows and columns differ."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import chainwright as cw
from chainwright.agents import registry
from chainwright.agents.proof.check import check
from chainwright.agents.proof.random_states import State
from chainwright.agents.proof.small_network import small_network
from chainwright.policies.trade.orders import BaseStock, OrderUpTo
from chainwright.words.errors import UsageError
from chainwright.words.subjects import DECISIONS
from chainwright.world import World
from tests.agents.checking import LAST, FastPanicker, Panicker, failure, made
from tests.agents.classes import AsThePolicy, AsThePolicyInColumns


def test_the_panicker_holds() -> None:
    assert str(check(Panicker)) == f"Panicker holds on 100 random states (seed 1):\n  place_orders: 3,000 rows\n{LAST}"


def test_a_columnar_twin_holds_bit_for_bit() -> None:
    told = "  place_orders: 3,000 rows, bit for bit as Panicker.place_orders answers row by row"
    assert repr(check(FastPanicker)) == f"FastPanicker holds on 100 random states (seed 1):\n{told}\n{LAST}"


def test_two_classes_are_compared() -> None:
    class Other(cw.Enterprise):
        @cw.columnar
        def place_orders(self, items: Any) -> Any:
            calm = np.maximum(items.base_stock_level - items.inventory_position, 0)
            return np.where(items.on_hand < items.safety_stock, items.forecast + items.forecast, calm)

    for one, other in ((Panicker, Other), (Other, Panicker), (Panicker, Panicker), (Other, FastPanicker)):
        proof = check(one, other, states=20).proofs[0]
        assert proof.rows == 600
        assert proof.exact
        assert proof.against == f"as {other.__name__}.place_orders answers"


def test_rounding_is_forgiven_and_told() -> None:
    class Sum(cw.Distributor):
        def place_orders(self, item: Any) -> Any:
            return 0.1 * item.on_hand + (0.2 * item.demand + 0.3 * item.forecast)

    class OtherOrder(Sum):
        @cw.columnar
        def place_orders(self, items: Any) -> Any:
            return (0.1 * items.on_hand + 0.2 * items.demand) + 0.3 * items.forecast

    class Cancelling(cw.Distributor):
        def place_orders(self, item: Any) -> Any:
            return 1.0 + ((item.on_hand + item.demand) - item.on_hand) - item.demand

    class CancellingOtherwise(Cancelling):
        @cw.columnar
        def place_orders(self, items: Any) -> Any:
            return 1.0 + (items.on_hand - items.on_hand) + (items.demand - items.demand)

    for checked in (OtherOrder, CancellingOtherwise):
        assert not check(checked).proofs[0].exact
    assert "3,000 rows, to 1e-12 as Sum.place_orders answers row by row" in str(check(OtherOrder))


def test_what_agents_remember_is_put_back_between_two_calls() -> None:
    class Counter(cw.Distributor):
        def setup(self) -> None:
            self.count = 0
            self.past: list[float] = []
            self.last: Any = None

        def place_orders(self, item: Any) -> Any:
            self.count += 1
            self.past = [*self.past, item.demand][-3:]
            self.last = item
            return self.count + sum(self.past)

    class FastCounter(Counter):
        copies = True

        @cw.columnar
        def place_orders(self, items: Any) -> Any:
            past = getattr(self, "demands", [])
            self.demands = [*past, items.demand.copy() if self.copies else items.demand][-3:]
            self.count = getattr(self, "count", 0) + 1
            total = self.demands[0]
            for demand in self.demands[1:]:
                total = total + demand
            return self.count + total

    check(Counter)
    check(FastCounter)
    # A column that is remembered as it is goes on changing.
    assert failure(type("Alive", (FastCounter,), {"copies": False})) == (
        "Alive.place_orders differs from Counter.place_orders in row 1 of 30 (middle_01/goods, state 2): "
        "the row answers 3.0, the column 4.0, where demand = 1.0"
    )


def test_what_one_decision_keeps_the_next_one_finds() -> None:
    class Thinker(cw.Retailer):
        def forecast_demand(self, item: Any) -> Any:
            self.expected = 0.5 * item.demand + 0.5 * super().forecast_demand(item)
            return self.expected

        def place_orders(self, item: Any) -> Any:
            return self.expected

    assert [proof.decision for proof in check(Thinker).proofs] == ["forecast_demand", "place_orders"]


def test_draws_by_coordinates_and_of_mesa_hold() -> None:
    class Gambler(cw.Customer):
        def demand(self, item: Any) -> Any:
            return item.draw("luck") + self.random.random() + self.model.rng.random()

    class Drawer(cw.Customer):
        def demand(self, item: Any) -> Any:
            return 5.0 * item.draw("luck")

    class FastDrawer(Drawer):
        @cw.columnar
        def demand(self, items: Any) -> Any:
            return 5.0 * items.draw("luck")

    check(Gambler)
    assert check(FastDrawer).proofs[0].exact


def test_what_the_policy_would_do_is_the_same_by_row_and_by_column() -> None:
    proofs = check(AsThePolicyInColumns, AsThePolicy, states=30).proofs
    assert [proof.decision for proof in proofs] == list(DECISIONS)
    assert all(proof.exact and proof.rows >= 900 for proof in proofs)


def test_ranks_mean_their_order_only() -> None:
    class Loyal(cw.Retailer):
        def allocate_stock(self, lanes: Any) -> Any:
            return -lanes.backorder, lanes.want

    class FastLoyal(Loyal):
        @cw.columnar
        def allocate_stock(self, lanes: Any) -> Any:
            return 100.0 - 2.0 * lanes.backorder, lanes.want

    check(FastLoyal)


def test_decisions_that_nobody_asks_of_the_role_are_told() -> None:
    class Broad(cw.Retailer):
        def demand(self, item: Any) -> Any:
            return 1.0

        def place_orders(self, item: Any) -> Any:
            return 1.0

    assert "\n  demand: never asked of this role\n  place_orders: 300 rows\n" in str(check(Broad, states=10))


def test_hidden_columns_can_be_shown() -> None:
    class Informed(cw.Distributor):
        def place_orders(self, item: Any) -> Any:
            return item.end_demand + item.sum_over_buyers("on_hand")

    check(Informed, visibility={"end_demand": "own", "on_hand": "partner"})


def test_names_are_enough(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(registry, "_KNOWN", {})
    cw.register(type("Checked_by_name", (Panicker,), {}))
    assert check("Checked_by_name", states=2).name == "Checked_by_name"
    assert check("base_stock", states=2).name == "BaseStock"


def test_the_states_begin_with_the_simplest_and_agree_with_themselves() -> None:
    world = World(small_network())
    for number in (1, 2, 30, 60, 90):
        state = State(world, number, 100, 1)
        state.lay(world)
        items = world.items
        assert np.array_equal(items.inventory_level, items.on_hand - items.requirements - items.backorder)
        assert np.array_equal(items.inventory_position, items.inventory_level + items.on_order)
        assert (items.forecast >= 0.0).all()
        assert ((items.yield_share > 0.0) & (items.yield_share <= 1.0)).all()
        for column in (items.on_hand, items.demand, world.lanes.backorder):
            if number <= 2:
                assert set(column.tolist()) == {float(number - 1)}
            else:
                assert (column == 0.0).any()
                assert len(np.unique(column)) > 5
        same = State(world, number, 100, 1).columns
        other = State(world, number, 100, 2).columns
        assert all(np.array_equal(column, same[key]) for key, column in state.columns.items())
        assert any(not np.array_equal(column, other[key]) for key, column in state.columns.items())
    assert (world.enterprises.cash < 0.0).any()
    assert (world.items.inventory_position < 0.0).any()


# --- twins that differ ---------------------------------------------------------------------------------------


def test_a_wrong_constant() -> None:
    class Broken(FastPanicker):
        factor = 3

    # Its scalar twin knows no factor; of the first state in which it matters, the first row is told.
    assert failure(Broken) == (
        "Broken.place_orders differs from Panicker.place_orders in row 1 of 30 (middle_01/goods, state 3): "
        "the row answers 2.0, the column 3.0, where on_hand = 1.0, safety_stock = 2.0, forecast = 1.0 "
        "(the column reads base_stock_level = 3.0, inventory_position = -9.0 too)"
    )


def test_a_twin_with_the_constants_of_its_own_class() -> None:
    class Scaled(cw.Distributor):
        factor = 2

        def place_orders(self, item: Any) -> Any:
            return self.factor * item.forecast

    class FastScaled(Scaled):
        factor = 3

        @cw.columnar
        def place_orders(self, items: Any) -> Any:
            return self.factor * items.forecast

    check(FastScaled, states=10)


def test_a_condition_on_the_whole_column() -> None:
    class Twin(cw.Distributor):
        def place_orders(self, item: Any) -> Any:
            return item.demand if item.on_hand < 3 else item.forecast

    class Wrong(Twin):
        @cw.columnar
        def place_orders(self, items: Any) -> Any:
            return items.demand if (items.on_hand < 3).any() else items.forecast

    assert failure(Wrong) == (
        "Wrong.place_orders differs from Twin.place_orders in row 4 of 30 (middle_04/goods, state 3): "
        "the row answers 2.0, the column 9.0, where on_hand = 3.0, forecast = 2.0 (the column reads demand = 9.0 too)"
    )


@pytest.mark.parametrize(
    "method, told",
    [
        (lambda self, items: items.forecast.mean() + 0.0 * items.forecast, "1.0, asked about all rows 4.933333333333334, where forecast = 1.0"),
        (lambda self, items: np.sort(items.on_hand), "1.0, asked about all rows 0.0, where on_hand = 1.0"),
        (lambda self, items: np.arange(len(items.on_hand)), "0.0, asked about all rows 1.0, where on_hand = 0.0"),
    ],
    ids=["mean", "sort", "place"],
)
def test_rows_that_depend_on_each_other(method: Any, told: str) -> None:
    first = "row 2 of 30 (middle_02/goods, state 1)" if told.startswith("0.0") else "row 1 of 30 (middle_01/goods, state 3)"
    expected = f"Wrong.place_orders differs from itself in {first}: asked about this row alone it answers {told}"
    assert failure(made(method, columns=True)) == expected


def test_a_sum_over_all_lanes_instead_of_the_group() -> None:
    def share(self: Any, lanes: Any) -> Any:
        return lanes.want / np.maximum(np.sum(lanes.want), 1.0)

    class Twin(cw.Distributor):
        def allocate_stock(self, lanes: Any) -> Any:
            return lanes.want / np.maximum(lanes.total(lanes.want), 1.0)

    row, alone, together = "row 1 of 60 (middle_01 to customer_01/goods, state 2)", "weight 0.5", "weight 0.016666666666666666"
    assert failure(made(share, "allocate_stock", columns=True)) == (
        f"Wrong.allocate_stock differs from itself in {row}: asked about the lanes of this item alone it answers {alone}, "
        f"asked about all rows {together}, where want = [1.0, 1.0]"
    )
    assert failure(made(share, "allocate_stock", Twin, columns=True)) == (
        f"Wrong.allocate_stock differs from Twin.allocate_stock in {row}: the row answers {alone}, the column {together}, where want = [1.0, 1.0]"
    )
    check(made(lambda self, lanes: lanes.want / np.maximum(lanes.total(lanes.want), 1.0), "allocate_stock", Twin, columns=True))


def test_ranks_that_differ() -> None:
    class Twin(cw.Retailer):
        def choose_sellers(self, lanes: Any) -> Any:
            return lanes.price, 1.0

    class Wrong(Twin):
        @cw.columnar
        def choose_sellers(self, lanes: Any) -> Any:
            return -lanes.price, np.ones(len(lanes.price))

    assert failure(Wrong) == (
        "Wrong.choose_sellers differs from Twin.choose_sellers in row 4 of 60 (source_1 to middle_03/goods, state 3): "
        "the row answers rank 0.0, the column rank 2.0, where price = [3.0, 9.0, 7.0]"
    )


def test_two_scalar_classes_that_differ() -> None:
    assert failure(Panicker, against=made(lambda self, item: item.demand)) == (
        "Panicker.place_orders differs from Wrong.place_orders in row 1 of 30 (middle_01/goods, state 2): it answers 2.0, the other 1.0, "
        "where on_hand = 1.0, safety_stock = 1.0, base_stock_level = 1.0, inventory_position = -1.0, demand = 1.0"
    )


# --- nothing to check ----------------------------------------------------------------------------------------


class Quiet(cw.Retailer):
    """Overrides nothing."""


class Misspelt(cw.Retailer):
    """Overrides nothing, but wanted to."""

    def place_order(self, item: Any) -> Any:
        return 1.0


@pytest.mark.parametrize(
    "call, told",
    [
        (
            lambda: check(Quiet),
            "Quiet overrides no decision: nothing to check; decisions are demand, forecast_demand, plan_production, place_orders, choose_sellers, "
            "allocate_stock",
        ),
        (lambda: check(Misspelt), "Misspelt overrides no decision: nothing to check; it defines 'place_order', did you mean 'place_orders'?"),
        (
            lambda: check(made(lambda self, lanes: 1.0, "allocate_stock", cw.Customer)),
            "Wrong overrides allocate_stock, which nobody asks of a customer: nothing to check",
        ),
        (lambda: check(Panicker, Misspelt), "Panicker and Misspelt override no decision in common: nothing to compare"),
        (
            lambda: check(Panicker, made(lambda self, item: 1.0, base=cw.Retailer)),
            "Panicker is a distributor, Wrong a retailer: nothing to compare",
        ),
        (lambda: check("bass_stock"), "no agent and no policy is called 'bass_stock'; did you mean 'base_stock'?"),
        (lambda: check("constant"), "'constant' is the name of several policies; say which: ConstantDemand or ConstantOrder"),
        (
            lambda: check(7),
            "expected a class of agents (a subclass of Enterprise, Retailer, ...), a policy, or the name of one, got 7",
        ),
        (lambda: check(Panicker, states=0), "states must be a whole number of at least 1, got 0"),
        (
            lambda: check("min_max"),
            "MinMax needs reorder_point and order_up_to; check it with parameters: check(MinMax(reorder_point=..., order_up_to=...))",
        ),
        (lambda: check(BaseStock(level=np.ones(3))), "BaseStock: level is a column; a check wants plain numbers"),
        (
            lambda: check(OrderUpTo(safety_factor=1.0, safety_stock=2.0)),
            "OrderUpTo: safety_stock is fixed, so safety_factor has no meaning: give one of them",
        ),
        (lambda: check(BaseStock, against=BaseStock), "a policy is compared with itself only; `against` is for classes of agents"),
        (
            lambda: check(type("Loose", (cw.Policy,), {})),
            "Loose is no dataclass, as policies are; write @dataclasses.dataclass(frozen=True) above the class",
        ),
    ],
)
def test_there_is_nothing_to_check(call: Any, told: str) -> None:
    with pytest.raises(UsageError) as caught:
        call()
    assert str(caught.value) == told
