"""The beer game against a plain replay of its rules: costs, orders and stock, week by week."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pytest

import chainwright as cw
from chainwright.experiment.theory.cases_bullwhip import SEATS
from chainwright.experiment.theory.table import check_theory

WEEKS = 36
ORDER_DELAY, TRANSPORT_TIME = (2, 2, 2, 1), 2


@dataclass
class Seat:
    """One player: stock, debt, and what is on its way, by the week in which it is due."""

    order_delay: int
    on_hand: float = 12.0
    backorder: float = 0.0
    expected: float = 4.0
    cost: float = 0.0
    orders: list[float] = field(default_factory=list)
    net_stock: list[float] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.orders_sent = defaultdict(float, dict.fromkeys(range(1, self.order_delay + 1), 4.0))
        self.goods_due = defaultdict(float, dict.fromkeys(range(1, TRANSPORT_TIME + 1), 4.0))


def replay(targets: tuple[float, ...], smoothing: float, stock: float, line: float, hold_until: int = 0) -> list[Seat]:
    """Play the game in plain loops, with rules of Sterman (1989)."""
    seats = [Seat(delay) for delay in ORDER_DELAY]
    for week in range(1, WEEKS + 1):
        incoming = [4.0 if week < 5 else 8.0, *(seat.orders_sent.pop(week, 0.0) for seat in seats)]
        at_source = incoming.pop()
        for seat, order in zip(seats, incoming, strict=True):
            seat.on_hand += seat.goods_due.pop(week, 0.0)
            seat.backorder += order
        for number, seat in enumerate(seats):
            owed = seats[number + 1].backorder if number < 3 else at_source
            on_order = sum(seat.orders_sent.values()) + owed + sum(seat.goods_due.values())
            seat.expected = smoothing * incoming[number] + (1.0 - smoothing) * seat.expected
            gap = targets[number] - (seat.on_hand - seat.backorder) - line * on_order
            order = 4.0 if week <= hold_until else max(0.0, seat.expected + stock * gap)
            seat.orders_sent[week + seat.order_delay] += order
            seat.orders.append(order)
        seats[3].goods_due[week + TRANSPORT_TIME] += at_source
        for number in (3, 2, 1, 0):
            seat = seats[number]
            shipped = min(seat.on_hand, seat.backorder)
            seat.on_hand -= shipped
            seat.backorder -= shipped
            if number:
                seats[number - 1].goods_due[week + TRANSPORT_TIME] += shipped
            seat.cost += 0.5 * seat.on_hand + seat.backorder
            seat.net_stock.append(seat.on_hand - seat.backorder)
    return seats


def series(panel: Any, seat: str, column: str) -> list[float]:
    """One column of one seat, week by week."""
    return list(panel[panel["enterprise"] == seat].sort_values("period")[column])


@pytest.fixture(scope="module")
def textbook() -> cw.Result:
    return cw.run(cw.load("beer_game").variant("textbook"), record=["orders", "on_hand", "backorder"], check=True)


def cost_of(result: cw.Result) -> list[float]:
    items = result.items.set_index("enterprise")
    return [float(items.loc[seat, "total_cost"]) for seat in SEATS]


def test_the_held_game_costs_204(textbook: cw.Result) -> None:
    assert cost_of(textbook) == [46.0, 50.0, 54.0, 54.0]


def test_orders_peak_two_weeks_later_in_each_seat(textbook: cw.Result) -> None:
    orders = [series(textbook.panel, seat, "orders") for seat in SEATS]
    assert [(max(seat), 1 + int(np.argmax(seat))) for seat in orders] == [(12.0, 5), (12.0, 7), (12.0, 9), (12.0, 11)]
    assert all(order == 4.0 for seat in orders for order in seat[:4])


def test_the_ratios_of_the_held_game(textbook: cw.Result) -> None:
    items = textbook.items.set_index("enterprise")
    ratios = [float(items.loc[seat, "bullwhip_ratio_to_end_demand"]) for seat in SEATS]
    assert ratios == pytest.approx([1.3359375, 1.5625, 1.7734375, 2.1484375], rel=1e-9)


def test_without_the_hold_it_costs_180() -> None:
    result = cw.run(cw.load("beer_game").variant("textbook").with_({"policies.place_orders.default.hold_until": 0}))
    assert cost_of(result) == [36.0, 44.0, 52.0, 48.0]


def test_passing_on_costs_792() -> None:
    assert cost_of(cw.run(cw.load("beer_game").variant("pass_on"))) == [330.0, 242.0, 154.0, 66.0]


def test_the_replay_knows_the_printed_numbers() -> None:
    seats = replay((28.0, 28.0, 28.0, 20.0), 0.0, 1.0, 1.0, hold_until=4)
    assert [seat.cost for seat in seats] == [46.0, 50.0, 54.0, 54.0]


@pytest.mark.parametrize(
    "targets, smoothing, stock, line, hold_until",
    [
        ((28.0, 28.0, 28.0, 20.0), 0.0, 1.0, 1.0, 4),
        ((28.0, 28.0, 28.0, 20.0), 0.0, 1.0, 1.0, 0),
        ((17.0, 17.0, 17.0, 17.0), 0.36, 0.26, 0.34, 0),
        ((20.0, 15.0, 25.0, 10.0), 0.5, 0.5, 0.0, 2),
    ],
)
def test_week_by_week(targets: tuple[float, ...], smoothing: float, stock: float, line: float, hold_until: int) -> None:
    orders: dict[str, Any] = {
        seat: {
            "policy": "anchor_and_adjust",
            "smoothing": smoothing,
            "stock_adjustment": stock,
            "supply_line_weight": line,
            "target": target,
            "initial": 4,
            "hold_until": hold_until,
            "hold_order": 4,
        }
        for seat, target in zip(SEATS, targets, strict=True)
    }
    scenario = cw.load("beer_game").with_({f"policies.place_orders.{seat}": entry for seat, entry in orders.items()})
    panel = cw.run(scenario, record=["orders", "on_hand", "backorder"], check=True).panel
    for seat, player in zip(SEATS, replay(targets, smoothing, stock, line, hold_until), strict=True):
        assert series(panel, seat, "orders") == pytest.approx(player.orders, rel=1e-9, abs=1e-9)
        net = np.subtract(series(panel, seat, "on_hand"), series(panel, seat, "backorder"))
        assert list(net) == pytest.approx(player.net_stock, rel=1e-9, abs=1e-9)


def test_the_table_shows_it() -> None:
    rows = check_theory(only="A9")
    assert [row.name for row in rows if row.verdict != "holds"] == []
    assert {row.standard_error for row in rows} == {0.0}
