"""Ordering policies: the inherited suite, and what each orders in plain cases."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from chainwright.policies.base import Policy
from chainwright.policies.trade.orders import BaseStock, EchelonBaseStock, EconomicOrderQuantity, MinMax, OrderUpTo, PeriodicReview, ReorderPoint
from chainwright.policies.trade.orders_behavioural import AnchorAndAdjust, ConstantOrder, PassOn, SmoothingOrderUpTo
from chainwright.policies.trade.orders_vendor import VendorManaged, VendorOrderUpTo
from tests.policies.sample_view import Columns, SampleView
from tests.policies.suite import ItemPolicySuite

LEVELS = np.array([0.0, 20.0, -5.0, 1e6])
EITHER = np.array([True, False])


def orders(policy: Policy, period: int = 1, **columns: Any) -> list[float]:
    """What the policy orders for some items of which a few columns are given, none remembered."""
    view = SampleView({name: np.asarray(values, dtype=np.float64) for name, values in columns.items()}, period=period)
    view.remember_first(policy)
    answer = policy(view)
    return np.asarray(answer[0] if isinstance(answer, tuple) else answer).tolist()


class TestBaseStock(ItemPolicySuite):
    policy = BaseStock
    examples = [{}, {"level": LEVELS}]

    def test_fills_up_to_the_level(self) -> None:
        assert orders(BaseStock(level=20.0), inventory_position=[12.0, 20.0, 25.0]) == [8.0, 0.0, 0.0]
        assert orders(BaseStock(level=20.0, allow_negative=True), inventory_position=[12.0, 25.0]) == [8.0, -5.0]
        assert orders(BaseStock(), inventory_position=[12.0], base_stock_level=[15.0]) == [3.0]


class TestBaseStockWithReturns(ItemPolicySuite):
    policy = BaseStock
    examples = [{"level": LEVELS, "allow_negative": EITHER}]
    non_negative = False


class TestOrderUpTo(ItemPolicySuite):
    policy = OrderUpTo
    examples = [
        {"safety_factor": np.array([0.0, 1.645, -1.0])},
        {"safety_stock": np.array([0.0, 12.0])},
        {"lead_time": np.array([0.0, 3.0, 2.5]), "safety_factor": 2.0},
    ]
    STATE = {"inventory_position": [20.0], "forecast": [10.0], "forecast_deviation": [3.0], "forecast_lead_time": [44.0], "lead_time": [4.0]}

    def test_level_is_forecast_and_safety(self) -> None:
        assert orders(OrderUpTo(safety_factor=2.0), **self.STATE) == [44.0 + 2.0 * 3.0 * 2.0 - 20.0]
        assert orders(OrderUpTo(safety_stock=5.0), **self.STATE) == [29.0]

    def test_another_lead_time_adds_the_forecast(self) -> None:
        assert orders(OrderUpTo(safety_factor=2.0, lead_time=9.0), **self.STATE) == [44.0 + 5.0 * 10.0 + 2.0 * 3.0 * 3.0 - 20.0]

    def test_writes_level_and_safety_stock(self) -> None:
        view = SampleView({name: np.array(values) for name, values in self.STATE.items()})
        assert {name: value.tolist() for name, value in OrderUpTo(safety_factor=2.0)(view)[1].items()} == {
            "base_stock_level": [56.0],
            "safety_stock": [12.0],
        }

    def test_one_safety_stock(self) -> None:
        assert OrderUpTo.mistakes({"safety_stock": 3.0, "safety_factor": 1.0}) != []
        assert OrderUpTo.reads_forecast


class TestEchelonBaseStock(ItemPolicySuite):
    policy = EchelonBaseStock
    examples = [{}, {"level": LEVELS}]

    def test_counts_the_stock_downstream(self) -> None:
        assert orders(EchelonBaseStock(level=50.0), echelon_stock=[30.0], on_order=[5.0]) == [15.0]
        assert EchelonBaseStock.wants == ("echelon_stock",)


class TestMinMax(ItemPolicySuite):
    policy = MinMax
    examples = [{"reorder_point": np.array([-4.0, 0.0, 6.0]), "order_up_to": np.array([0.0, 40.0, 1e6])}]

    def test_orders_at_and_below_the_point(self) -> None:
        policy = MinMax(reorder_point=6.0, order_up_to=40.0)
        assert orders(policy, inventory_position=[6.0, 6.5, -3.0]) == [34.0, 0.0, 43.0]

    def test_levels_in_order(self) -> None:
        assert MinMax.mistakes({"reorder_point": 6.0, "order_up_to": 5.0}) == ["order_up_to lies below reorder_point"]


class TestReorderPoint(ItemPolicySuite):
    policy = ReorderPoint
    examples = [{"reorder_point": np.array([-4.0, 0.0, 6.0]), "quantity": np.array([1.0, 40.0, 0.3])}]

    def test_orders_the_fewest_lots_that_bring_it_above(self) -> None:
        policy = ReorderPoint(reorder_point=3.0, quantity=5.0)
        assert orders(policy, inventory_position=[4.0, 3.0, -1.0, -2.0, -6.5]) == [0.0, 5.0, 5.0, 10.0, 10.0]

    def test_position_ends_above_the_point(self) -> None:
        position = np.arange(-40.0, 10.0, 0.25)
        after = position + np.array(orders(ReorderPoint(reorder_point=3.0, quantity=5.0), inventory_position=position))
        assert (after[position <= 3.0] > 3.0).all()
        assert (after[position <= 3.0] <= 8.0).all()

    def test_a_lot_of_nothing(self) -> None:
        assert ReorderPoint.mistakes({"reorder_point": 3.0, "quantity": 0.0}) == ["quantity is 0, expected more"]
        assert orders(ReorderPoint(reorder_point=3.0, quantity=0.0), inventory_position=[1.0]) == [0.0]


class TestPeriodicReview(ItemPolicySuite):
    policy = PeriodicReview
    examples = [{}, {"level": LEVELS, "review": np.array([1, 2, 5]), "first": np.array([1, 4])}]

    @pytest.mark.parametrize("first, expected", [(1, [1, 4, 7, 10]), (3, [3, 6, 9])])
    def test_orders_in_its_periods(self, first: int, expected: list[int]) -> None:
        policy = PeriodicReview(level=20.0, review=3, first=first)
        ordered = [period for period in range(1, 11) if orders(policy, period, inventory_position=[12.0]) == [8.0]]
        assert ordered == expected


class TestEconomicOrderQuantity(ItemPolicySuite):
    policy = EconomicOrderQuantity
    examples = [
        {},
        {"reorder_point": np.array([0.0, 5.0]), "demand_rate": np.array([0.0, 1300.0]), "ordering_cost": 8.0, "holding_cost": np.array([0.0, 0.225])},
    ]

    def test_lot_of_the_textbook(self) -> None:
        policy = EconomicOrderQuantity(reorder_point=5.0, demand_rate=1300.0)
        state = {"ordering_cost": [8.0, 8.0], "holding_cost": [0.225, 0.225], "lead_time": [0.0, 0.0], "safety_stock": [0.0, 0.0]}
        assert orders(policy, inventory_position=[5.0, 6.0], **state) == pytest.approx([304.04678, 0.0])

    def test_reorder_point_from_lead_time_and_safety_stock(self) -> None:
        policy = EconomicOrderQuantity(demand_rate=8.0, ordering_cost=4.0, holding_cost=1.0)
        assert orders(policy, inventory_position=[20.0, 19.0, 8.0], lead_time=[2.0] * 3, safety_stock=[3.0] * 3) == [0.0, 8.0, 16.0]

    def test_without_costs_it_orders_what_is_missing(self) -> None:
        policy = EconomicOrderQuantity(reorder_point=5.0, demand_rate=8.0, ordering_cost=0.0, holding_cost=1.0)
        assert orders(policy, inventory_position=[2.0, 9.0]) == [3.0, 0.0]

    def test_needs_a_forecast_where_no_rate_is_given(self) -> None:
        assert EconomicOrderQuantity.needs_forecast({})
        assert not EconomicOrderQuantity.needs_forecast({"demand_rate": 3.0})


class TestPassOn(ItemPolicySuite):
    policy = PassOn
    examples = [{}]

    def test_orders_the_demand(self) -> None:
        assert orders(PassOn(), demand=[4.0, 0.0, -2.0]) == [4.0, 0.0, 0.0]
        assert orders(PassOn(allow_negative=True), demand=[4.0, -2.0]) == [4.0, -2.0]


class TestConstantOrder(ItemPolicySuite):
    policy = ConstantOrder
    examples = [{"quantity": np.array([0.0, 7.5])}]

    def test_orders_the_same(self) -> None:
        assert orders(ConstantOrder(quantity=7.5), demand=[4.0, 100.0]) == [7.5, 7.5]


class TestSmoothingOrderUpTo(ItemPolicySuite):
    policy = SmoothingOrderUpTo
    examples = [{}, {"level": LEVELS, "mean": np.array([0.0, 8.0]), "smoothing_time": np.array([1.0, 3.0, 8.0])}]

    def test_closes_a_share_of_the_gap(self) -> None:
        policy = SmoothingOrderUpTo(level=30.0, mean=8.0, smoothing_time=4.0)
        assert orders(policy, inventory_position=[22.0, 18.0, 26.0, 90.0]) == [8.0, 9.0, 7.0, 0.0]

    def test_with_time_one_it_is_base_stock(self) -> None:
        positions = np.linspace(-20.0, 40.0, 25)
        calm = orders(SmoothingOrderUpTo(level=30.0, mean=8.0, allow_negative=True), inventory_position=positions)
        assert calm == pytest.approx(orders(BaseStock(level=30.0, allow_negative=True), inventory_position=positions))

    def test_needs_a_forecast_where_no_mean_is_given(self) -> None:
        assert SmoothingOrderUpTo.needs_forecast({"level": 3.0})
        assert not SmoothingOrderUpTo.needs_forecast({"mean": 3.0})


class TestAnchorAndAdjust(ItemPolicySuite):
    policy = AnchorAndAdjust
    examples = [
        {},
        {"smoothing": np.array([0.0, 0.5, 1.0]), "stock_adjustment": np.array([0.0, 1.0]), "supply_line_weight": 1.0, "target": LEVELS},
        {"initial": np.array([0.0, 4.0]), "hold_until": np.array([0, 3, 20])},
        {"hold_until": 3, "hold_order": np.array([2.0, 5.0])},
        {"hold_until": 3},
    ]

    def test_anchors_and_adjusts(self) -> None:
        policy = AnchorAndAdjust(smoothing=0.5, stock_adjustment=0.25, supply_line_weight=0.5, target=20.0, initial=4.0)
        assert orders(policy, demand=[8.0, 8.0], inventory_level=[10.0, 60.0], on_order=[12.0, 12.0]) == [6.0 + 0.25 * (20.0 - 10.0 - 6.0), 0.0]

    def test_expects_the_first_demand_where_nothing_is_said(self) -> None:
        policy = AnchorAndAdjust(smoothing=0.5, stock_adjustment=0.0)
        assert orders(policy, demand=[8.0], inventory_level=[0.0], on_order=[0.0]) == [8.0]

    @pytest.mark.parametrize("initial, hold_order, held", [(4.0, None, 4.0), (4.0, 3.0, 3.0), (None, None, 8.0)])
    def test_holds(self, initial: float | None, hold_order: float | None, held: float) -> None:
        policy = AnchorAndAdjust(
            smoothing=0.0, stock_adjustment=1.0, supply_line_weight=1.0, target=28.0, initial=initial, hold_until=4, hold_order=hold_order
        )
        state = {"demand": [8.0], "inventory_level": [0.0], "on_order": [0.0]}
        assert [orders(policy, period, **state)[0] for period in (1, 4)] == [held, held]
        assert orders(policy, 5, **state)[0] == (28.0 if initial is None else initial) + (8.0 if initial is None else 28.0)


class TestVendorManaged(ItemPolicySuite):
    policy = VendorManaged
    examples = [
        {},
        {"safety_factor": np.array([0.0, 1.645, -1.0])},
        {"minimum": np.array([0.0, 15.0]), "maximum": np.array([20.0, float("inf")]), "safety_factor": 1.0},
        {"from_stock": EITHER, "safety_factor": 2.0},
    ]
    BUYERS = {"inventory_position": [20.0, 20.0, 50.0], "forecast_lead_time": [30.0, 60.0, 40.0], "forecast_deviation": [3.0, 3.0, 3.0]}

    def managed(self, policy: VendorManaged, **seller: float) -> list[float]:
        """What a seller decides for three buyers of which it has `seller` to send."""

        class Seller(Columns):
            def sum_over_buyers(self, name: str, by_share: bool = False) -> Any:
                return np.full(3, sum(TestVendorManaged.BUYERS[name]))

        own = {"on_hand": 0.0, "backorder": 0.0, "requirements": 0.0, "unlimited": False, **seller}
        links = {"lane": Columns({"order_delay": np.full(3, 1), "transport_time": np.full(3, 3)})}
        links["seller"] = Seller({name: np.full(3, value) for name, value in own.items()})
        view = SampleView({name: np.array(values) for name, values in self.BUYERS.items()}, links)
        return policy(view)[0].tolist()

    def test_fills_up_to_the_forecast_and_safety_within_the_band(self) -> None:
        assert self.managed(VendorManaged()) == [10.0, 40.0, 0.0]
        assert self.managed(VendorManaged(safety_factor=2.0)) == [10.0 + 2.0 * 3.0 * 2.0, 52.0, 2.0]
        assert self.managed(VendorManaged(minimum=35.0, maximum=45.0)) == [15.0, 25.0, 0.0]

    def test_sends_each_buyer_its_part_of_what_is_free(self) -> None:
        assert self.managed(VendorManaged(from_stock=True), on_hand=52.0, backorder=10.0, requirements=3.0) == [9.0, 18.0, 0.0]
        assert self.managed(VendorManaged(from_stock=True), on_hand=5.0, backorder=10.0) == [0.0, 0.0, 0.0]
        assert self.managed(VendorManaged(from_stock=True), unlimited=True) == [10.0, 40.0, 0.0]

    def test_looks_at_what_it_needs(self) -> None:
        assert VendorManaged.looks_at({}).own == ("inventory_position", "forecast_lead_time")
        assert VendorManaged.looks_at({"safety_factor": 1.0}).own == ("inventory_position", "forecast_lead_time", "forecast_deviation")
        assert VendorManaged.decided_by == "seller"

    def test_a_band_upside_down(self) -> None:
        assert VendorManaged.mistakes({"minimum": 5.0, "maximum": 4.0}) == ["minimum lies above maximum"]


class TestVendorOrderUpTo(ItemPolicySuite):
    policy = VendorOrderUpTo
    examples = [
        {},
        {"safety_factor": np.array([0.0, 1.645]), "smoothing_time": np.array([1.0, 4.0, 8.0])},
        {"buyers_level": LEVELS},
    ]

    def test_counts_the_stock_of_the_buyers(self) -> None:
        class WithBuyers(SampleView):
            def sum_over_buyers(self, name: str, by_share: bool = False) -> Any:
                assert by_share
                return {"inventory_position": 70.0, "orders": 12.0, "base_stock_level": 90.0}[name]

            def orders_on_the_way(self) -> Any:
                return 4.0

        own = {"inventory_position": 20.0, "forecast": 10.0, "forecast_deviation": 3.0, "forecast_lead_time": 40.0, "lead_time": 4.0}

        def order(**parameters: float) -> float:
            return float(VendorOrderUpTo(**parameters)(WithBuyers(own))[0])

        # The system holds 20 + 70 + 12 − 4 = 98 of a level of 40 + 90.
        assert order() == 32.0
        assert order(safety_factor=2.0) == 44.0
        assert order(buyers_level=80.0) == 22.0
        assert order(smoothing_time=4.0) == 10.0 + 22.0 / 4.0

    def test_looks_at_levels_that_are_not_said(self) -> None:
        assert VendorOrderUpTo.looks_at({}).of_buyers == ("inventory_position", "orders", "base_stock_level")
        assert VendorOrderUpTo.looks_at({"buyers_level": 3.0}).of_buyers == ("inventory_position", "orders")


class TestVendorOrderUpToWithReturns(ItemPolicySuite):
    policy = VendorOrderUpTo
    examples = [{"allow_negative": EITHER}]
    non_negative = False
