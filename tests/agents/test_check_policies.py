"""What `check` proves of policies, and what it fails."""

from __future__ import annotations

import dataclasses
from typing import Any

import numpy as np
import pytest

import chainwright as cw
from chainwright.agents.proof.check import check
from chainwright.policies.base import parameter, policies_for
from chainwright.policies.trade.orders import BaseStock
from chainwright.words.subjects import DECISIONS
from tests.agents.checking import LAST, failure

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


@pytest.mark.parametrize("decision", [decision for decision in DECISIONS if decision != "plan_production"])
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
