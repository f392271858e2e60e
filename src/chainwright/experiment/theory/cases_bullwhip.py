"""Known results on how the variance of orders grows, and the chains that must reproduce them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from chainwright.experiment.theory.case import KnownResult, Simulation, Stage, in_a_row
from chainwright.experiment.theory.simulated import bullwhip_of, cost_of, metric_of, net_stock_amplification_of, order_variance_of
from chainwright.policies.formulas.bullwhip import (
    exponential_smoothing_ratio,
    minimum_mean_square_error_ratio,
    moving_average_ratio,
    review_variance,
    smoothing_order_up_to_variances,
)
from chainwright.scenario import Scenario, load

CHEN = "Chen, Drezner, Ryan and Simchi-Levi (2000), Management Science 46(3), 436-443"
LEE = "Lee, Padmanabhan and Whang (1997), Management Science 43(4), 546-558"
DISNEY = "Disney and Towill (2003), International Journal of Production Economics 85(2), 199-215"
STERMAN = "Sterman (1989), Management Science 35(3), 321-339"

# So far from zero that no demand and no order is ever cut there; the ratios depend on neither number.
MEAN, DEVIATION = 200.0, 10.0
STAGE = "stage_1"


def normal(mean: float = MEAN, deviation: float = DEVIATION) -> dict[str, Any]:
    """Independent normal demand."""
    return {"policy": "normal", "mean": mean, "deviation": deviation}


def autoregressive(correlation: float) -> dict[str, Any]:
    """Autoregressive normal demand; the ratios do not depend on its deviation."""
    return {"policy": "autoregressive", "mean": MEAN, "deviation": DEVIATION / 2.0, "correlation": correlation}


def order_up_to(demand: Mapping[str, Any], forecast: Mapping[str, Any], lead_time: int, **longer: int) -> Simulation:
    """One stage that orders up to its forecast of the lead time and a fixed safety stock."""
    stage = Stage(
        orders={"policy": "order_up_to", "safety_factor": 1.645},
        forecast={**forecast, "deviation": DEVIATION},
        item={"on_hand": 3.0 * DEVIATION * lead_time},
        transport_time=lead_time,
        fill=MEAN,
    )
    return in_a_row(demand, stage, **longer)


def _moving_average(periods: int, lead_time: int, correlation: float | None = None) -> KnownResult:
    demand = normal() if correlation is None else autoregressive(correlation)
    label = f"A1 (p {periods}, L {lead_time})" if correlation is None else f"A2 (correlation {correlation:g}, p {periods}, L {lead_time})"
    return KnownResult(
        label,
        CHEN,
        "variance of orders over variance of demand",
        float(moving_average_ratio(periods, lead_time, correlation or 0.0)),
        order_up_to(demand, {"policy": "moving_average", "periods": periods}, lead_time),
        bullwhip_of(STAGE),
    )


def _smoothing(smoothing: float, lead_time: int, correlation: float | None = None) -> KnownResult:
    demand = normal() if correlation is None else autoregressive(correlation)
    tail = "" if correlation is None else f", correlation {correlation:g}"
    return KnownResult(
        f"A3 (smoothing {smoothing:g}, L {lead_time}{tail})",
        CHEN,
        "variance of orders over variance of demand",
        float(exponential_smoothing_ratio(smoothing, lead_time, correlation or 0.0)),
        order_up_to(demand, {"policy": "exponential_smoothing", "smoothing": smoothing, "initial": MEAN}, lead_time, warm_up=200),
        bullwhip_of(STAGE),
    )


def _smoothed_orders(time: int, lead_time: int) -> list[KnownResult]:
    stage = Stage(
        orders={"policy": "smoothing_order_up_to", "level": MEAN * (lead_time + 1), "smoothing_time": time, "mean": MEAN},
        item={"on_hand": MEAN},
        transport_time=lead_time,
        fill=MEAN,
    )
    simulation = in_a_row(normal(), stage)
    label, below = f"A5 (T {time}, L {lead_time})", "over variance of demand"
    expected = smoothing_order_up_to_variances(time, lead_time)
    net_stock = net_stock_amplification_of(STAGE)
    return [
        KnownResult(label, DISNEY, f"variance of orders {below}", float(expected.orders), simulation, bullwhip_of(STAGE)),
        KnownResult(label, DISNEY, f"variance of net stock {below}", float(expected.net_stock), simulation, net_stock),
    ]


def _best_forecast(correlation: float, lead_time: int) -> KnownResult:
    forecast = {"policy": "minimum_mean_square_error", "mean": MEAN, "correlation": correlation}
    return KnownResult(
        f"A6 (correlation {correlation:g}, L {lead_time})",
        LEE,
        "variance of orders over variance of demand",
        float(minimum_mean_square_error_ratio(correlation, lead_time)),
        order_up_to(autoregressive(correlation), forecast, lead_time),
        bullwhip_of(STAGE),
    )


def _periodic(review: int) -> KnownResult:
    mean, deviation = 10.0, 2.0
    stage = Stage(
        orders={"policy": "periodic_review", "level": 80.0, "review": review},
        item={"on_hand": 80.0},
        transport_time=1,
    )
    return KnownResult(
        f"A7 (every {review} periods)",
        LEE,
        "variance of orders per period",
        float(review_variance(mean, deviation, review)),
        in_a_row(normal(mean, deviation), stage),
        order_variance_of(STAGE),
    )


# --- the beer game: nothing is random, so the numbers must come out exactly ---------------------------------------------------

SEATS = ("retailer", "wholesaler", "distributor", "brewery")
# What the plain replay of the game gives, seat by seat; there is no closed form.
BEER_GAME_COSTS = {"held": (46.0, 50.0, 54.0, 54.0), "not held": (36.0, 44.0, 52.0, 48.0), "passed on": (330.0, 242.0, 154.0, 66.0)}
BEER_GAME_RATIOS = (1.3359375, 1.5625, 1.7734375, 2.1484375)
BEER_GAME_PLAYS: dict[str, Callable[[], Scenario]] = {
    "held": lambda: load("beer_game").variant("textbook"),
    "not held": lambda: load("beer_game").variant("textbook").with_({"policies.place_orders.default.hold_until": 0}),
    "passed on": lambda: load("beer_game").with_({"policies.place_orders.default.policy": "pass_on"}),
}


def _beer_game(play: str) -> list[KnownResult]:
    simulation = Simulation(BEER_GAME_PLAYS[play], runs=1, periods=36, warm_up=0)
    cost, ratio = "total cost of 36 weeks", "variance of orders over variance of end demand"
    results = [
        KnownResult(f"A9 ({play}, {seat})", STERMAN, cost, number, simulation, metric_of(seat, "total_cost"))
        for seat, number in zip(SEATS, BEER_GAME_COSTS[play], strict=True)
    ]
    results.append(KnownResult(f"A9 ({play})", STERMAN, cost, sum(BEER_GAME_COSTS[play]), simulation, cost_of(SEATS, per_period=False)))
    if play == "held":
        results += [
            KnownResult(f"A9 ({play}, {seat})", STERMAN, ratio, number, simulation, bullwhip_of(seat, "drinkers"))
            for seat, number in zip(SEATS, BEER_GAME_RATIOS, strict=True)
        ]
    return results


def bullwhip_results() -> list[KnownResult]:
    """All known results on bullwhip, in order."""
    return [
        *[_moving_average(periods, lead_time) for periods, lead_time in ((5, 1), (5, 2), (5, 3), (10, 4), (4, 2), (3, 1))],
        *[_moving_average(periods, lead_time, rho) for rho, periods, lead_time in ((0.5, 5, 2), (0.9, 5, 3), (-0.5, 5, 2), (0.7, 10, 4))],
        *[_smoothing(smoothing, lead_time) for smoothing, lead_time in ((0.2, 2), (0.1, 4), (0.4, 1))],
        _smoothing(0.2, 2, 0.5),
        *[result for time, lead_time in ((1, 1), (1, 3), (2, 2), (4, 3)) for result in _smoothed_orders(time, lead_time)],
        *[_best_forecast(rho, lead_time) for rho, lead_time in ((0.5, 1), (0.7, 1), (0.7, 3), (0.5, 4), (0.0, 2), (-0.5, 2))],
        *[_periodic(review) for review in (1, 2, 4, 5)],
        *[result for play in BEER_GAME_COSTS for result in _beer_game(play)],
    ]
