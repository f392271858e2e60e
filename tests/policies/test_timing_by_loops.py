"""The timing of the model in a few plain loops: with it the policies land on the known results of one stage and of the beer game."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pytest

from chainwright.policies.base import Policy
from chainwright.policies.formulas import bullwhip as theory
from chainwright.policies.trade.forecast import ExponentialSmoothing, MinimumMeanSquareError, MovingAverage
from chainwright.policies.trade.orders import BaseStock, OrderUpTo
from chainwright.policies.trade.orders_behavioural import AnchorAndAdjust, PassOn, SmoothingOrderUpTo
from tests.policies.sample_view import SampleView

MEAN, DEVIATION = 100.0, 5.0
REPLICATIONS, WARM_UP, MEASURED = 2000, 120, 250
# (order_delay, transport_time) for each lead time: whichever way it is made up, it is the sum that counts.
DELAYS = {1: (1, 0), 2: (0, 2), 3: (2, 1), 4: (2, 2), 5: (0, 5)}


class Caller:
    """One policy with its memory."""

    def __init__(self, policy: Policy) -> None:
        self.policy = policy
        self.view: SampleView | None = None

    def __call__(self, period: int, columns: dict[str, Any]) -> tuple[Any, dict[str, Any]]:
        if self.view is None:
            self.view = SampleView(columns)
            self.view.remember_first(self.policy)
        self.view = self.view.replaced(columns, period)
        answer = self.policy(self.view)
        decision, news = answer if isinstance(answer, tuple) else (answer, {})
        self.view.remember(news)
        return decision, {name: value for name, value in news.items() if name in self.policy.writes}


def demands(periods: int, correlation: float, seed: int) -> np.ndarray:
    """Stationary demand, one row a period and one column a replication, with the given deviation."""
    random = np.random.default_rng(seed)
    made = np.empty((periods, REPLICATIONS))
    made[0] = random.normal(size=REPLICATIONS)
    for period in range(1, periods):
        made[period] = correlation * made[period - 1] + np.sqrt(1.0 - correlation**2) * random.normal(size=REPLICATIONS)
    return MEAN + DEVIATION * made


def one_stage(orders: Policy, forecast: Policy | None, lead_time: int, demand: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Orders and inventory level at the end of each period of an item whose seller never runs out."""
    order_delay, transport_time = DELAYS[lead_time]
    order, foresee = Caller(orders), None if forecast is None else Caller(forecast)
    placed = np.zeros_like(demand)
    net_stock = np.zeros_like(demand)
    on_hand_less_backorder = np.zeros(REPLICATIONS)
    shipped = np.zeros_like(demand)
    on_order = np.zeros(REPLICATIONS)
    for now in range(len(demand)):

        def receive(due: int) -> None:
            nonlocal on_hand_less_backorder, on_order
            if due >= 0:
                on_hand_less_backorder = on_hand_less_backorder + shipped[due]
                on_order = on_order - shipped[due]

        if transport_time >= 1:
            receive(now - transport_time)
        on_hand_less_backorder = on_hand_less_backorder - demand[now]
        columns = {
            "demand": demand[now],
            "lead_time": np.full(REPLICATIONS, float(lead_time)),
            "inventory_level": on_hand_less_backorder,
            "on_order": on_order,
            "inventory_position": on_hand_less_backorder + on_order,
        }
        if foresee is not None:
            expected, written = foresee(now + 1, columns)
            columns |= {"forecast": expected, **written}
        placed[now], _ = order(now + 1, columns)
        on_order = on_order + placed[now]
        if now - order_delay >= 0:
            shipped[now] = placed[now - order_delay]
        if transport_time == 0:
            receive(now)
        net_stock[now] = on_hand_less_backorder
    return placed[WARM_UP:], net_stock[WARM_UP:]


def check(values: np.ndarray, mean: float, expected: float) -> None:
    """The variance about the known mean, as a multiple of that of demand, lies within four standard errors."""
    ratios = np.mean(np.square(values - mean), axis=0) / DEVIATION**2
    standard_error = np.std(ratios, ddof=1) / np.sqrt(len(ratios))
    assert abs(np.mean(ratios) - expected) < 4.0 * standard_error
    # The check is sharp enough to see a period's shift.
    assert standard_error < 0.01 * max(expected, 1.0)


ORDER_UP_TO = OrderUpTo(safety_stock=20.0, allow_negative=True)


@pytest.mark.parametrize(
    "correlation, periods, lead_time",
    [(0.0, 5, 1), (0.0, 5, 2), (0.0, 5, 3), (0.0, 10, 4), (0.0, 4, 2), (0.0, 3, 1), (0.5, 5, 2), (0.9, 5, 3), (-0.5, 5, 2), (0.7, 10, 4)],
)
def test_order_up_to_with_a_moving_average(correlation: float, periods: int, lead_time: int) -> None:
    demand = demands(WARM_UP + MEASURED, correlation, seed=1)
    placed, _ = one_stage(ORDER_UP_TO, MovingAverage(periods=periods), lead_time, demand)
    check(placed, MEAN, float(theory.moving_average_ratio(periods, lead_time, correlation)))


def test_a_re_estimated_safety_stock_amplifies_more() -> None:
    demand = demands(WARM_UP + MEASURED, 0.0, seed=2)
    placed, _ = one_stage(OrderUpTo(safety_factor=1.645, allow_negative=True), MovingAverage(periods=5), 2, demand)
    ratios = np.mean(np.square(placed - MEAN), axis=0) / DEVIATION**2
    assert np.mean(ratios) == pytest.approx(2.360, abs=0.0005 + 4.0 * np.std(ratios, ddof=1) / np.sqrt(len(ratios)))


@pytest.mark.parametrize("smoothing, lead_time, correlation", [(0.2, 2, 0.0), (0.1, 4, 0.0), (0.4, 1, 0.0), (0.2, 2, 0.5)])
def test_order_up_to_with_exponential_smoothing(smoothing: float, lead_time: int, correlation: float) -> None:
    demand = demands(WARM_UP + MEASURED, correlation, seed=3)
    placed, _ = one_stage(ORDER_UP_TO, ExponentialSmoothing(smoothing=smoothing), lead_time, demand)
    check(placed, MEAN, float(theory.exponential_smoothing_ratio(smoothing, lead_time, correlation)))


@pytest.mark.parametrize("smoothing_time, lead_time", [(1.0, 1), (1.0, 5), (2.0, 2), (4.0, 3)])
def test_smoothing_order_up_to(smoothing_time: float, lead_time: int) -> None:
    level = 700.0
    policy = SmoothingOrderUpTo(level=level, mean=MEAN, smoothing_time=smoothing_time, allow_negative=True)
    demand = demands(WARM_UP + MEASURED, 0.0, seed=5)
    placed, net_stock = one_stage(policy, None, lead_time, demand)
    variances = theory.smoothing_order_up_to_variances(smoothing_time, lead_time)
    check(placed, MEAN, variances.orders)
    # The position settles at the level after ordering, so the stock that is left is the level less the demand over the lead time.
    check(net_stock, level - lead_time * MEAN, variances.net_stock)
    if smoothing_time == 1.0:
        assert np.allclose(placed, demand[WARM_UP:], rtol=0.0, atol=1e-8)
        base_stock, _ = one_stage(BaseStock(level=level, allow_negative=True), None, lead_time, demand)
        assert np.allclose(placed, base_stock, rtol=0.0, atol=1e-8)


@pytest.mark.parametrize("correlation, lead_time", [(0.5, 1), (0.7, 1), (0.7, 3), (0.5, 4)])
def test_order_up_to_with_the_best_forecast(correlation: float, lead_time: int) -> None:
    demand = demands(WARM_UP + MEASURED, correlation, seed=6)
    placed, _ = one_stage(ORDER_UP_TO, MinimumMeanSquareError(mean=MEAN, correlation=correlation), lead_time, demand)
    check(placed, MEAN, float(theory.minimum_mean_square_error_ratio(correlation, lead_time)))


@pytest.mark.parametrize("correlation", [0.0, -0.4])
def test_no_amplification_without_positive_correlation(correlation: float) -> None:
    demand = demands(WARM_UP + MEASURED, correlation, seed=7)
    placed, _ = one_stage(ORDER_UP_TO, MinimumMeanSquareError(mean=MEAN, correlation=correlation), 2, demand)
    assert np.var(placed) < 1.01 * DEVIATION**2


# --- the beer game: four seats, each called as one row -------------------------------------------------------


@dataclass
class Seat:
    """One seat at the table; what is on its way to it lies in lists, the next period's first."""

    caller: Caller
    orders_waiting: list[float]  # of this seat, on the way to its seller
    in_transit: list[float] = field(default_factory=lambda: [4.0, 4.0])
    on_hand: float = 12.0
    backorder: float = 0.0
    cost: float = 0.0
    orders: list[float] = field(default_factory=list)


def beer_game(policies: list[Policy]) -> list[Seat]:
    """The game over 36 weeks; seats from the retailer to the brewery, whose source never runs out."""
    seats = [Seat(Caller(policy), [4.0, 4.0] if place < 3 else [4.0]) for place, policy in enumerate(policies)]
    for week in range(1, 37):
        for seat in seats:
            seat.on_hand += seat.in_transit.pop(0)
        arriving = [4.0 if week < 5 else 8.0, *(seat.orders_waiting.pop(0) for seat in seats)]
        for place, seat in enumerate(seats):
            seat.backorder += arriving[place]
            owed = seats[place + 1].backorder + (arriving[place + 1] if place < 3 else 0.0) if place < 3 else arriving[4]
            level = seat.on_hand - seat.backorder
            on_order = sum(seat.in_transit) + sum(seat.orders_waiting) + owed
            columns = {"demand": arriving[place], "inventory_level": level, "on_order": on_order, "inventory_position": level + on_order}
            decision, _ = seat.caller(week, columns)
            seat.orders.append(float(decision))
            seat.orders_waiting.append(float(decision))
        for place, seat in enumerate(seats):
            shipped = min(seat.on_hand, seat.backorder)
            seat.on_hand -= shipped
            seat.backorder -= shipped
            if place > 0:
                seats[place - 1].in_transit.append(shipped)
            seat.cost += 0.5 * seat.on_hand + 1.0 * seat.backorder
        seats[3].in_transit.append(arriving[4])
    return seats


def steady(hold_until: int) -> list[Policy]:
    """Anchor and adjust that sees its whole supply line and does not change its expectation."""
    rule = {"smoothing": 0.0, "stock_adjustment": 1.0, "supply_line_weight": 1.0, "initial": 4.0, "hold_until": hold_until}
    return [AnchorAndAdjust(target=target, **rule) for target in (28.0, 28.0, 28.0, 20.0)]


def test_beer_game_with_orders_held() -> None:
    seats = beer_game(steady(hold_until=4))
    assert [seat.cost for seat in seats] == [46.0, 50.0, 54.0, 54.0]
    assert [seat.orders.index(max(seat.orders)) + 1 for seat in seats] == [5, 7, 9, 11]
    assert {max(seat.orders) for seat in seats} == {12.0}
    of_demand = np.var([4.0] * 4 + [8.0] * 32)
    assert [np.var(seat.orders) / of_demand for seat in seats] == pytest.approx([1.3359375, 1.5625, 1.7734375, 2.1484375], rel=1e-12)


def test_beer_game_without_the_hold() -> None:
    assert [seat.cost for seat in beer_game(steady(hold_until=0))] == [36.0, 44.0, 52.0, 48.0]


def test_beer_game_passing_on() -> None:
    assert [seat.cost for seat in beer_game([PassOn()] * 4)] == [330.0, 242.0, 154.0, 66.0]
