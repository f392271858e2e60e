"""What `check` proves and what it fails, with the counter-example in words."""

from __future__ import annotations

import dataclasses
import random
import threading
from typing import Any

import numpy as np
import pytest

import chainwright as cw
from chainwright.agents.check import check
from chainwright.agents.check_network import small_network
from chainwright.agents.check_states import State
from chainwright.policies.base import FAMILY_OF_DECISION, parameter, policies_for
from chainwright.policies.orders import BaseStock, OrderUpTo
from chainwright.words.columns import DECISIONS
from chainwright.words.errors import CheckFailed, UsageError
from chainwright.world import World
from tests.agents.classes import AsThePolicy, AsThePolicyInColumns

LAST = "  every answer is finite, at least 0 and the same when asked again; nothing is changed"
NOTHING = "; a decision answers, and changes nothing"


class Panicker(cw.Distributor):
    """Doubles the order whenever the shelf looks empty."""

    def place_orders(self, item: Any) -> Any:
        if item.on_hand < item.safety_stock:
            return 2 * item.forecast
        return max(item.base_stock_level - item.inventory_position, 0)


class FastPanicker(Panicker):
    """The same for whole columns."""

    factor = 2

    @cw.columnar
    def place_orders(self, items: Any) -> Any:
        calm = np.maximum(items.base_stock_level - items.inventory_position, 0)
        return np.where(items.on_hand < items.safety_stock, self.factor * items.forecast, calm)


def made(method: Any, decision: str = "place_orders", base: type = cw.Distributor, columns: bool = False) -> Any:
    """A class called Wrong with one method."""
    return type("Wrong", (base,), {decision: cw.columnar(method) if columns else method})


def failure(checked: Any, **options: Any) -> str:
    """The counter-example of a check that must fail."""
    with pytest.raises(CheckFailed) as caught:
        check(checked, **options)
    return str(caught.value)


# --- what holds ----------------------------------------------------------------------------------------------


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


def test_names_are_enough() -> None:
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
        "Broken.place_orders differs from Panicker.place_orders in row 4 of 30 (middle_04/goods, state 3): "
        "the row answers 16.0, the column 24.0, where on_hand = 5.0, safety_stock = 7.0, forecast = 8.0 "
        "(the column reads base_stock_level = 1.0, inventory_position = -2.0 too)"
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
        "Wrong.place_orders differs from Twin.place_orders in row 1 of 30 (middle_01/goods, state 3): "
        "the row answers 6.0, the column 3.0, where on_hand = 9.0, forecast = 6.0 (the column reads demand = 3.0 too)"
    )


@pytest.mark.parametrize(
    "method, told",
    [
        (lambda self, items: items.forecast.mean() + 0.0 * items.forecast, "6.0, asked about all rows 3.966666666666667, where forecast = 6.0"),
        (lambda self, items: np.sort(items.on_hand), "9.0, asked about all rows 0.0, where on_hand = 9.0"),
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
        "Wrong.choose_sellers differs from Twin.choose_sellers in row 8 of 60 (source_1 to middle_05/goods, state 3): "
        "the row answers rank 0.0, the column rank 1.0, where price = [4.0, 5.0]"
    )


def test_two_scalar_classes_that_differ() -> None:
    assert failure(Panicker, against=made(lambda self, item: item.demand)) == (
        "Panicker.place_orders differs from Wrong.place_orders in row 1 of 30 (middle_01/goods, state 2): it answers 2.0, the other 1.0, "
        "where on_hand = 1.0, safety_stock = 1.0, base_stock_level = 1.0, inventory_position = -1.0, demand = 1.0"
    )


# --- answers that cannot be used, and changes ----------------------------------------------------------------


@pytest.mark.parametrize(
    "method, told",
    [
        (lambda self, item: None, " answers None for middle_01/goods (state 1); expected a number"),
        (lambda self, item: "3", " answers '3' for middle_01/goods (state 1); expected a number"),
        (lambda self, item: np.ones(1), " answers array([1.]) for middle_01/goods (state 1); expected a number"),
        (lambda self, item: float("nan"), " answers nan for middle_01/goods (state 1); expected a finite number"),
        (lambda self, item: -item.demand, " answers -1.0 for middle_01/goods (state 2), where demand = 1.0; expected at least 0"),
        (
            lambda self, item: item.on_hand / item.demand,
            " fails with ZeroDivisionError (float division by zero) for middle_01/goods (state 1), where on_hand = 0.0, demand = 0.0",
        ),
        (lambda self, item: self.cash - 1.0, " answers -1.0 for middle_01/goods (state 1), where cash = 0.0; expected at least 0"),
        (
            lambda self, item: super(Panicker, self).place_orders(item) - 1.0,
            " answers -1.0 for middle_01/goods (state 1), where the policy's answer = 0.0; expected at least 0",
        ),
        (
            lambda self, item: item.from_sellers.backorder.sum() - 2.0,
            " answers -2.0 for middle_01/goods (state 1), where backorder on lanes from sellers = 0.0; expected at least 0",
        ),
    ],
    ids=["none", "text", "array", "nan", "negative", "zero division", "of the enterprise", "of the policy", "of the lanes"],
)
def test_a_scalar_answer_that_cannot_be_used(method: Any, told: str) -> None:
    assert failure(made(method, base=Panicker)) == f"Wrong.place_orders{told}"


@pytest.mark.parametrize(
    "method, told",
    [
        (lambda self, items: None, " answers None for all 30 rows (state 1); expected one number for each of 30 rows"),
        (lambda self, items: items.demand[1:], " answers 29 numbers for all 30 rows (state 1); expected one number for each of 30 rows"),
        (
            lambda self, items: items.on_hand / items.demand,
            " answers nan for middle_01/goods (state 1), where on_hand = 0.0, demand = 0.0; expected a finite number",
        ),
        (lambda self, items: items.demand - 1.0, " answers -1.0 for middle_01/goods (state 1), where demand = 0.0; expected at least 0"),
        (
            lambda self, items: 1.0 if items.demand > 3 else 0.0,
            " fails with ValueError (The truth value of an array with more than one element is "
            "ambiguous. Use a.any() or a.all()) for all 30 rows (state 1); `if` wants one number; for columns say np.where",
        ),
        (
            lambda self, items: self.cash,
            " fails with AttributeError (cash) for all 30 rows (state 1); in a columnar method self is one object for "
            "all enterprises; what differs between them comes from the columns",
        ),
    ],
    ids=["none", "short", "nan", "negative", "if", "self"],
)
def test_a_columnar_answer_that_cannot_be_used(method: Any, told: str) -> None:
    assert failure(made(method, columns=True)) == f"Wrong.place_orders{told}"


@pytest.mark.parametrize(
    "answer, told",
    [
        (lambda lanes: None, "None for the lanes of middle_01/goods (state 1); expected a weight for each lane (1), or a pair of ranks and weights"),
        (lambda lanes: lanes.price - 1.0, "weight -1.0 for source_1 to middle_01/goods (state 1), where price = 0.0; expected at least 0"),
        (
            lambda lanes: (np.inf * lanes.price, 1.0),
            "rank nan for source_1 to middle_01/goods (state 1), where price = 0.0; expected a finite number",
        ),
    ],
    ids=["none", "negative weight", "rank"],
)
def test_an_answer_about_lanes_that_cannot_be_used(answer: Any, told: str) -> None:
    assert failure(made(lambda self, lanes: answer(lanes), "choose_sellers")) == f"Wrong.choose_sellers answers {told}"


def set_of_item(self: Any, item: Any) -> float:
    item.on_hand = 5.0
    return 1.0


def set_what_is_not_there(self: Any, item: Any) -> float:
    item.hope = 5.0
    return 1.0


def set_below(self: Any, item: Any) -> float:
    item._table.on_hand[item.rows] += 1.0
    return 1.0


def set_elsewhere(self: Any, item: Any) -> float:
    if self.name == "middle_02":
        self.model.world.items.on_hand[self.sellers[0].item("goods").rows] -= 7.0
    return 1.0


def write_short_column(self: Any, item: Any) -> float:
    item.to_buyers.price[0] = 5.0
    return 1.0


@pytest.mark.parametrize(
    "method, told",
    [
        (set_of_item, "tries to set on_hand of what it sees for middle_01/goods (state 1)"),
        (set_what_is_not_there, "tries to set hope of what it sees for middle_01/goods (state 1)"),
        (set_below, "changes on_hand of middle_01/goods from 0.0 to 1.0, asked about middle_01/goods (state 1)"),
        (write_short_column, "tries to write into a column that it sees for middle_01/goods (state 1), where price on lanes to buyers = [0.0, 0.0]"),
    ],
    ids=["item", "unknown", "table", "short column"],
)
def test_a_scalar_method_that_changes_something(method: Any, told: str) -> None:
    assert failure(made(method)) == f"Wrong.place_orders {told}{NOTHING}"


def test_the_call_that_changes_something_is_found() -> None:
    told = "Wrong.place_orders changes on_hand of source_3/goods from 0.0 to -7.0, asked about middle_02/goods (state 1)"
    assert failure(made(set_elsewhere)) == f"{told}{NOTHING}"


def test_setting_a_column_through_the_agent() -> None:
    def method(self: Any, item: Any) -> float:
        self.on_hand = 5.0
        return 1.0

    assert failure(made(method)).startswith("Wrong.place_orders fails for middle_01/goods (state 1); 'on_hand' is a column of the world")


def write_own(self: Any, items: Any) -> Any:
    items.on_hand[0] = 1.0
    return items.on_hand


def write_own_in_place(self: Any, items: Any) -> Any:
    items.on_hand += 1.0
    return items.on_hand


def write_group(self: Any, lanes: Any) -> Any:
    lanes.group[0] = 1
    return lanes.want


def write_lent(self: Any, lanes: Any) -> Any:
    lanes.want[0] = 1.0
    return lanes.want


@pytest.mark.parametrize(
    "method, decision, rows",
    [
        (write_own, "place_orders", 30),
        (write_own_in_place, "place_orders", 30),
        (write_group, "allocate_stock", 60),
        (write_lent, "allocate_stock", 60),
    ],
)
def test_a_columnar_method_that_changes_something(method: Any, decision: str, rows: int) -> None:
    told = f"Wrong.{decision} tries to write into a column that it sees for all {rows} rows (state 1){NOTHING}"
    assert failure(made(method, decision, columns=True)) == told


def test_opening_what_is_closed_to_writing() -> None:
    def method(self: Any, lanes: Any) -> Any:
        lanes.want.flags.writeable = True
        lanes.want[0] = 3.0
        return lanes.want

    told = "Wrong.allocate_stock changes want of its view, asked about the lanes of middle_01/goods (state 1)"
    assert failure(made(method, "allocate_stock")) == f"{told}{NOTHING}"


def test_draws_that_are_not_those_of_the_world() -> None:
    random.seed(3)
    told = failure(made(lambda self, item: random.random()))
    assert told.startswith("Wrong.place_orders answers 0.")
    assert " and, asked again, 0." in told
    assert told.endswith(' for middle_01/goods (state 1); draw random numbers by the view\'s draw("a name of one\'s own"), '
                         "and keep what is to be remembered on self")  # fmt: skip


def test_memory_that_is_not_the_agents_own() -> None:
    past: list[float] = []

    def method(self: Any, item: Any) -> Any:
        past.append(item.demand)
        return len(past)

    assert failure(made(method)).startswith("Wrong.place_orders answers 1.0 and, asked again, 31.0 for middle_01/goods (state 1)")


@pytest.mark.parametrize(
    "method, where, hidden, line",
    [
        (lambda self, item: item.end_demand, "middle_01/goods", "'end_demand' of items is hidden", "end_demand: own"),
        (lambda self, item: item.sum_over_buyers("on_hand"), "middle_01/goods", "'on_hand' of a buyer is hidden", "on_hand: partner"),
    ],
)
def test_a_hidden_column(method: Any, where: str, hidden: str, line: str) -> None:
    name, shown = line.split(": ")
    told = f"{hidden}; a scenario can say visibility: {{{line}}}, a check visibility={{'{name}': '{shown}'}}"
    assert failure(made(method)) == f"Wrong.place_orders looks at what it cannot see for {where} (state 1); {told}"


def test_a_setup_that_fails() -> None:
    class Lost(Panicker):
        def setup(self) -> None:
            self.boss = self.model.enterprise("headquarters")

    assert failure(Lost) == "Lost cannot take its seats in the small network of a check: UsageError: no enterprise is called 'headquarters'"


def test_memory_that_cannot_be_copied() -> None:
    class Lazy(Panicker):
        def setup(self) -> None:
            self.lock = threading.Lock()

        def place_orders(self, item: Any) -> Any:
            return 1.0

    with pytest.raises(UsageError, match="what Lazy keeps on self cannot be copied, as snapshots do: TypeError: cannot pickle"):
        check(Lazy)


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


# --- policies ------------------------------------------------------------------------------------------------

NUMBERS = {
    "level": 20.0,
    "reorder_point": 5.0,
    "order_up_to": 20.0,
    "quantity": 7.0,
    "smoothing": 0.3,
    "target": 17.0,
    "stock_adjustment": 0.3,
    "supply_line_weight": 0.5,
}


def shipped_orders() -> list[Any]:
    """Every order policy of the package, with parameters where it needs some."""
    made = []
    for policy in policies_for("place_orders").values():
        if policy.__module__.startswith("chainwright."):
            needed = [field.name for field in policy.parameters() if field.default is dataclasses.MISSING]
            made.append(policy(**{name: NUMBERS[name] for name in needed}))
    return made


@pytest.mark.parametrize("policy", shipped_orders(), ids=lambda policy: policy.name)
def test_every_order_policy_holds_bit_for_bit(policy: cw.Policy) -> None:
    proof = check(policy, states=40).proofs[0]
    assert proof.exact
    assert proof.rows >= 400


@pytest.mark.parametrize("decision", [decision for decision in FAMILY_OF_DECISION if decision != "plan_production"])
def test_one_policy_of_each_family_holds(decision: str) -> None:
    named = {
        "demand": "poisson",
        "forecast_demand": "naive",
        "place_orders": "base_stock",
        "choose_sellers": "cheapest",
        "allocate_stock": "priority",
    }
    policy = policies_for(decision)[named[decision]]
    checked = check(policy(mean=4.0) if decision == "demand" else policy, states=20)  # type: ignore[call-arg]
    assert [proof.decision for proof in checked.proofs] == [decision]
    assert checked.proofs[0].exact


@dataclasses.dataclass(frozen=True)
class Own(cw.Policy):
    """A policy of a user, which nobody has registered."""

    name = "own"
    family = "orders"
    formula = "-"
    source = "-"
    remembers = {"before": cw.Memory("Demand of the period before")}
    level: Any = parameter("A level", 3.0)

    def __call__(self, view: Any) -> Any:
        return view.demand + self.level * view.memory("before"), {"before": view.demand}


def test_a_policy_that_is_not_registered_holds() -> None:
    assert str(check(Own(level=2.0), states=10)) == (
        f"Own holds on 10 random states (seed 1):\n  place_orders: 300 rows, bit for bit the same for one row alone\n{LAST}"
    )
    assert "own" not in policies_for("place_orders")


def answering(answer: Any, **more: Any) -> Any:
    """The policy with another answer."""
    return dataclasses.dataclass(frozen=True)(type("Wrong", (Own,), {"__call__": answer, "__module__": __name__, **more}))


def change_itself(self: Any, view: Any) -> Any:
    self.level = 4.0
    return view.demand


def change_itself_by_force(self: Any, view: Any) -> Any:
    object.__setattr__(self, "level", self.level + 1.0)
    return view.demand


REMEMBERED = "; what a policy remembers it answers beside its decision, and declares in `remembers`"


@pytest.mark.parametrize(
    "answer, told",
    [
        (lambda self, view: view.demand / (1.0 + np.mean(view.demand)), None),
        (lambda self, view: (view.demand, {"before": np.cumsum(view.demand)}), None),
        (
            lambda self, view: (view.demand, {"after": view.demand}),
            " answers 'after' beside its decision, which it declares neither in `remembers` nor in `writes`",
        ),
        (change_itself, f" tries to change itself for all 30 rows (state 1){REMEMBERED}"),
        (change_itself_by_force, f" changes itself: it sets level{REMEMBERED}"),
        (
            lambda self, view: view.end_demand,
            " looks at what it cannot see for all 30 rows (state 1); 'end_demand' of items is hidden; a scenario can say "
            "visibility: {end_demand: own}, a check visibility={'end_demand': 'own'}; a policy says in `wants` what must be shown to it",
        ),
        (lambda self, view: view.demand - 1.0, " answers -1.0 for middle_01/goods (state 1), where demand = 0.0; expected at least 0"),
    ],
    ids=["mean", "memory", "undeclared", "itself", "itself by force", "hidden", "negative"],
)
def test_a_policy_that_does_not_hold(answer: Any, told: str | None) -> None:
    found = failure(answering(answer))
    if told is None:
        assert found.startswith("Wrong differs from itself in row ")
        assert "asked about this row alone it answers " in found
    else:
        assert found == f"Wrong{told}"


def test_a_policy_sees_what_it_wants() -> None:
    check(answering(lambda self, view: view.end_demand, wants=("end_demand",)), states=5)


def test_returns_may_be_negative_where_the_policy_says_so() -> None:
    assert check(BaseStock(level=1.0, allow_negative=True), states=20).least == float("-inf")
