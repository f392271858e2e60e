"""What `check` says of answers that cannot be used, of changes, and of what nobody may look at."""

from __future__ import annotations

import random
import threading
from typing import Any

import numpy as np
import pytest

from chainwright.agents.proof.check import check
from chainwright.words.errors import UsageError
from tests.agents.checking import NOTHING, Panicker, failure, made


@pytest.mark.parametrize(
    "method, told",
    [
        (lambda self, item: None, " answers None for middle_01/goods (state 1); expected a finite number"),
        (lambda self, item: "3", " answers '3' for middle_01/goods (state 1); expected a finite number"),
        (lambda self, item: np.ones(1), " answers array([1.]) for middle_01/goods (state 1); expected a finite number"),
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
            " looks at what it cannot see for all 30 rows (state 1); in a columnar method self stands for all enterprises of Wrong "
            "and has no 'cash'; what differs between them comes from the columns",
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
    told = "Wrong.place_orders changes on_hand of source_2/goods from 0.0 to -7.0, asked about middle_02/goods (state 1)"
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

    assert failure(Lost) == (
        "Lost cannot take its seats in the small network of a check: UsageError: no enterprise is called 'headquarters'; "
        "model.agents.get('name') lists their names"
    )


def test_memory_that_cannot_be_copied() -> None:
    class Lazy(Panicker):
        def setup(self) -> None:
            self.lock = threading.Lock()

        def place_orders(self, item: Any) -> Any:
            return 1.0

    with pytest.raises(UsageError, match="what Lazy keeps on self cannot be copied, as snapshots do: TypeError: cannot pickle"):
        check(Lazy)
