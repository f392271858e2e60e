"""Forecasting policies: the inherited suite, textbook numbers, warm-up, deviations, demand over the lead time."""

from __future__ import annotations

import numpy as np
import pytest

from chainwright.policies.base import Policy
from chainwright.policies.formulas.bullwhip import autoregressive_lead_time_deviation
from chainwright.policies.formulas.sharing import upstream_net_stock_variance
from chainwright.policies.trade.forecast import ExponentialSmoothing, KnownMean, MinimumMeanSquareError, MovingAverage, Naive
from chainwright.policies.trade.forecast_intermittent import Croston
from chainwright.policies.trade.forecast_shared import Collaborative
from chainwright.policies.trade.forecast_trend import Holt, HoltWinters
from tests.policies.sample_view import SampleView
from tests.policies.suite import ItemPolicySuite

SERIES = [120.0, 132.0, 101.0, 134.0, 90.0, 130.0, 150.0, 160.0, 155.0, 170.0, 165.0, 180.0]
SHARES = np.array([0.0, 0.1, 0.5, 1.0])


def forecasts(policy: Policy, demands: list[float], lead_time: float = 3.0) -> list[dict[str, float]]:
    """What the policy answers and writes for one item, period by period."""
    found = []
    view: SampleView | None = None
    for period, demand in enumerate(demands, start=1):
        columns = {"demand": demand, "lead_time": lead_time}
        if view is None:
            view = SampleView(columns)
            view.remember_first(policy)
        view = view.replaced(columns, period)
        answer, news = policy(view)
        view.remember(news)
        found.append({"forecast": float(answer)} | {name: float(value) for name, value in news.items() if name in policy.writes})
    return found


class ForecastSuite(ItemPolicySuite):
    """What all forecasts have in common."""

    non_negative = False

    def test_observes_end_demand_where_it_is_shared(self) -> None:
        policy = self.made(self.examples[0])
        for seed in range(4):
            shared, own = self.view(2 * seed + 1), self.view(2 * seed + 1)
            own._shared_demand = False
            own.columns["demand"] = own.columns["end_demand"]
            for view in (shared, own):
                view.remember_first(policy)
            assert np.asarray(policy(shared)[0]).tobytes() == np.asarray(policy(own)[0]).tobytes()

    @pytest.mark.parametrize("which", ["demand", "end_demand", "demand_of_buyers"])
    def test_observes_the_demand_that_is_said(self, which: str) -> None:
        told, plain = self.made({**self.examples[0], "observe": which}), self.made({**self.examples[0], "observe": "demand"})
        for seed in range(3):
            view, own = self.view(seed), self.view(seed)
            view._shared_demand = True
            own.columns["demand"] = view.sum_over_buyers("demand", by_share=True) if which == "demand_of_buyers" else view.columns[which]
            for one, policy in ((view, told), (own, plain)):
                one.remember_first(policy)
            assert np.asarray(told(view)[0]).tobytes() == np.asarray(plain(own)[0]).tobytes()

    def test_says_what_it_observes(self) -> None:
        looks = [self.policy.looks_at({"observe": which}) for which in (None, "demand", "end_demand", "demand_of_buyers")]
        assert ["end_demand" in one.own for one in looks] == [False, False, True, False]
        assert ["demand" in one.of_buyers for one in looks] == [False, False, False, True]

    def test_writes_deviation_and_lead_time_demand(self) -> None:
        for example, seed in self.cases():
            for _, news in self.run(self.made(example), list(self.history(seed))):
                assert set(self.policy.writes) <= set(news)
                assert (np.asarray(news["forecast_deviation"]) >= 0.0).all()

    def test_a_fixed_deviation_stays(self) -> None:
        example = self.examples[0] | {"deviation": 2.5}
        for _, news in self.run(self.made(example), list(self.history(1))):
            assert (np.broadcast_to(news["forecast_deviation"], 23) == 2.5).all()


class TestNaive(ForecastSuite):
    policy = Naive
    examples = [{}, {"error_smoothing": SHARES}, {"deviation": np.array([0.0, 3.0])}]

    def test_repeats_the_demand(self) -> None:
        found = forecasts(Naive(), [4.0, 8.0])
        assert [one["forecast"] for one in found] == [4.0, 8.0]
        assert [one["forecast_lead_time"] for one in found] == [12.0, 24.0]
        assert [one["forecast_deviation"] for one in found] == [0.0, 4.0]


class TestMovingAverage(ForecastSuite):
    policy = MovingAverage
    examples = [
        {"periods": 1},
        {"periods": 4},
        {"periods": np.array([1, 3, 9])},
        {"periods": np.array([2, 5]), "initial": np.array([0.0, 7.0])},
        {"periods": 3, "initial": 4.0, "deviation": np.array([1.0, 2.0])},
    ]

    def test_is_the_mean_so_far_and_then_of_the_latest(self) -> None:
        found = forecasts(MovingAverage(periods=3), SERIES)
        expected = [np.mean(SERIES[max(0, end - 3) : end]) for end in range(1, len(SERIES) + 1)]
        assert [one["forecast"] for one in found] == pytest.approx(expected, rel=1e-14)

    def test_starts_filled_with_the_initial_demand(self) -> None:
        found = forecasts(MovingAverage(periods=4, initial=4.0), [8.0, 8.0, 8.0, 8.0, 8.0])
        assert [one["forecast"] for one in found] == [5.0, 6.0, 7.0, 8.0, 8.0]

    @pytest.mark.parametrize("initial", [None, 100.0])
    def test_deviation_is_that_of_the_latest_errors(self, initial: float | None) -> None:
        found = forecasts(MovingAverage(periods=3, initial=initial), SERIES)
        before = [initial, *[one["forecast"] for one in found[:-1]]]
        errors = [demand - one for demand, one in zip(SERIES, before, strict=True) if one is not None]
        expected = [np.sqrt(np.mean(np.square(errors[max(0, end - 3) : end]))) for end in range(1, len(errors) + 1)]
        assert [one["forecast_deviation"] for one in found][len(SERIES) - len(errors) :] == pytest.approx(expected, rel=1e-14)
        assert initial is not None or found[0]["forecast_deviation"] == 0.0


class TestExponentialSmoothing(ForecastSuite):
    policy = ExponentialSmoothing
    examples = [{"smoothing": SHARES}, {"smoothing": 0.3, "initial": np.array([0.0, 5.0])}, {"smoothing": 0.2, "error_smoothing": SHARES}]

    def test_textbook_number(self) -> None:
        assert forecasts(ExponentialSmoothing(smoothing=0.3), SERIES)[-1]["forecast"] == pytest.approx(162.520885, abs=5e-7)
        assert forecasts(ExponentialSmoothing(smoothing=0.3, initial=120.0), SERIES)[-1]["forecast"] == pytest.approx(162.520885, abs=5e-7)

    def test_squared_errors_are_smoothed(self) -> None:
        found = forecasts(ExponentialSmoothing(smoothing=0.5, error_smoothing=0.25), [10.0, 14.0, 12.0, 6.0])
        # Forecasts 10, 12, 12, so errors 4, 0, -6.
        assert [one["forecast_deviation"] for one in found] == pytest.approx([0.0, 4.0, np.sqrt(12.0), np.sqrt(18.0)])


class TestKnownMean(ForecastSuite):
    policy = KnownMean
    examples = [{"mean": np.array([0.0, 5.0, 1e6])}, {"mean": 3.0, "deviation": 2.0}]

    def test_never_moves(self) -> None:
        found = forecasts(KnownMean(mean=5.0, deviation=2.0), SERIES)
        assert {one["forecast"] for one in found} == {5.0}
        assert {one["forecast_lead_time"] for one in found} == {15.0}


class TestMinimumMeanSquareError(ForecastSuite):
    policy = MinimumMeanSquareError
    examples = [
        {"mean": np.array([0.0, 5.0]), "correlation": np.array([-1.0, 0.0, 0.5, 1.0])},
        {"mean": 5.0, "correlation": 0.7, "deviation_over": "lead time"},
        {"mean": 5.0, "correlation": np.array([-0.5, 0.7]), "deviation_over": "lead time", "begins_after": np.array([0, 1, 4])},
    ]

    @pytest.mark.parametrize("lead_time", [0, 1, 2, 7])
    def test_expects_the_demand_over_the_lead_time(self, lead_time: int) -> None:
        found = forecasts(MinimumMeanSquareError(mean=10.0, correlation=0.7), [14.0], float(lead_time))[0]
        assert found["forecast"] == pytest.approx(12.8)
        assert found["forecast_lead_time"] == pytest.approx(sum(10.0 + 4.0 * 0.7**ahead for ahead in range(1, lead_time + 1)))

    @pytest.mark.parametrize("lead_time", [1, 2, 7])
    def test_deviation_over_the_lead_time(self, lead_time: int) -> None:
        policy = MinimumMeanSquareError(mean=10.0, correlation=0.7, deviation=2.0, deviation_over="lead time")
        written = forecasts(policy, [14.0], float(lead_time))[0]["forecast_deviation"]
        assert written * np.sqrt(lead_time) == pytest.approx(autoregressive_lead_time_deviation(0.7, 2.0, lead_time))
        by_hand = sum((sum(0.7**step for step in range(ahead))) ** 2 for ahead in range(1, lead_time + 1))
        assert written * np.sqrt(lead_time) == pytest.approx(2.0 * np.sqrt(by_hand))


    @pytest.mark.parametrize("after", [0, 1, 3])
    def test_a_lead_time_that_begins_after_that_of_the_buyer(self, after: int) -> None:
        policy = MinimumMeanSquareError(mean=10.0, correlation=0.7, deviation=2.0, deviation_over="lead time", begins_after=after)
        found = forecasts(policy, [14.0], 4.0)[0]
        assert found["forecast_lead_time"] == pytest.approx(sum(10.0 + 4.0 * 0.7 ** (after + ahead) for ahead in range(1, 5)))
        known = upstream_net_stock_variance(0.7, after, 4, shared=True)
        assert found["forecast_deviation"] * 2.0 == pytest.approx(2.0 * np.sqrt(known))


class TestCollaborative(ForecastSuite):
    policy = Collaborative
    examples = [
        {},
        {"weight": np.array([0.0, 0.5, 1.0]), "smoothing": SHARES},
        {"weight": 0.5, "initial": np.array([0.0, 7.0]), "error_smoothing": SHARES},
        {"deviation": 2.0},
    ]

    def told(self, policy: Collaborative, demands: list[float], of_buyers: list[float]) -> list[float]:
        """Forecasts of an item whose buyers tell theirs."""

        class Told(SampleView):
            def sum_over_buyers(self, name: str, by_share: bool = False) -> float:
                assert name == "forecast"
                assert by_share
                return of_buyers[self.period - 1]

        found, memory = [], {}
        for period, demand in enumerate(demands, start=1):
            view = Told({"demand": demand, "lead_time": 2.0}, period=period)
            view.remember_first(policy)
            view._memory |= memory
            answer, news = policy(view)
            view.remember(news)
            memory = view._memory
            found.append(float(answer))
        return found

    def test_joins_the_buyers_forecasts_with_its_own(self) -> None:
        policy = Collaborative(weight=0.75, smoothing=0.5)
        # Own forecasts 8, 10, 8, 8: alone in the first period, and where no buyer tells one.
        assert self.told(policy, [8.0, 12.0, 6.0, 8.0], [20.0, 20.0, 0.0, 4.0]) == [8.0, 17.5, 8.0, 5.0]

    def test_without_weight_it_is_exponential_smoothing(self) -> None:
        own = [one["forecast"] for one in forecasts(ExponentialSmoothing(smoothing=0.3), SERIES)]
        assert self.told(Collaborative(weight=0.0, smoothing=0.3), SERIES, [50.0] * len(SERIES)) == own


class TestHolt(ForecastSuite):
    policy = Holt
    examples = [
        {"smoothing": SHARES, "trend_smoothing": np.array([0.0, 0.3, 1.0])},
        {"smoothing": 0.5, "trend_smoothing": 0.3, "initial": np.array([0.0, 100.0]), "initial_trend": np.array([-2.0, 12.0])},
    ]

    def test_textbook_numbers(self) -> None:
        policy = Holt(smoothing=0.5, trend_smoothing=0.3, initial=120.0, initial_trend=12.0)
        over = [forecasts(policy, SERIES, float(lead_time))[-1]["forecast_lead_time"] for lead_time in range(4)]
        assert np.diff(over) == pytest.approx([185.877758, 193.167916, 200.458074], abs=5e-7)
        assert forecasts(policy, SERIES)[-1]["forecast"] == pytest.approx(185.877758, abs=5e-7)

    def test_a_given_level_lies_before_the_first_period(self) -> None:
        line = forecasts(Holt(smoothing=0.4, trend_smoothing=0.2, initial=10.0, initial_trend=2.0), [12.0, 14.0, 16.0])
        assert [one["forecast"] for one in line] == pytest.approx([14.0, 16.0, 18.0])
        assert [one["forecast_deviation"] for one in line] == pytest.approx([0.0, 0.0, 0.0])


def seasonal(periods: int, seasonality: str) -> list[float]:
    """A line with a season of four, without noise."""
    if seasonality == "additive":
        return [20.0 + 2.0 * period + (-6.0, 1.0, 8.0, -3.0)[period % 4] for period in range(periods)]
    return [(20.0 + 2.0 * period) * (0.5, 1.1, 1.5, 0.9)[period % 4] for period in range(periods)]


FACTORS: dict[str, list[float]] = {"additive": [-6.0, 1.0, 8.0, -3.0], "multiplicative": [0.5, 1.1, 1.5, 0.9]}


class TestHoltWinters(ForecastSuite):
    policy = HoltWinters
    examples = [
        {"smoothing": SHARES, "trend_smoothing": 0.1, "season_smoothing": SHARES, "season": 4},
        {"smoothing": 0.3, "trend_smoothing": 0.2, "season_smoothing": 0.2, "season": np.array([1, 3, 5]), "initial_trend": 1.0},
        {"smoothing": 0.3, "trend_smoothing": 0.2, "season_smoothing": 0.2, "season": 3, "factors": [0.0, 4.0, -4.0]},
        {"smoothing": 0.3, "trend_smoothing": 0.2, "season_smoothing": 0.2, "season": 2, "factors": [1.0, -1.0], "initial": np.array([0.0, 9.0])},
    ]

    @pytest.mark.parametrize("seasonality", ["additive", "multiplicative"])
    @pytest.mark.parametrize("initial", [None, 18.0])
    def test_a_line_with_known_factors_is_foreseen(self, seasonality: str, initial: float | None) -> None:
        policy = HoltWinters(
            smoothing=0.3,
            trend_smoothing=0.2,
            season_smoothing=0.4,
            season=4,
            seasonality=seasonality,
            factors=FACTORS[seasonality],
            initial=initial,
            initial_trend=2.0,
        )
        self.check_foresight(policy, seasonality, 0)

    def test_a_season_is_learned_from_its_first_round(self) -> None:
        policy = HoltWinters(smoothing=0.3, trend_smoothing=0.2, season_smoothing=0.4, season=4, initial_trend=2.0)
        self.check_foresight(policy, "additive", 4)

    def test_factors_are_learned_from_their_first_round(self) -> None:
        policy = HoltWinters(smoothing=0.3, trend_smoothing=0.2, season_smoothing=0.4, season=4, seasonality="multiplicative")
        pattern = [10.0 * factor for factor in FACTORS["multiplicative"]] * 3
        found = forecasts(policy, pattern, 5.0)
        assert [one["forecast"] for one in found[3:]] == pytest.approx([pattern[place % 4] for place in range(4, 13)])
        assert [one["forecast_lead_time"] for one in found[3:]] == pytest.approx(
            [sum(pattern[place % 4] for place in range(s, s + 5)) for s in range(4, 13)]
        )

    def check_foresight(self, policy: HoltWinters, seasonality: str, learning: int) -> None:
        for lead_time in (0, 1, 3, 6, 9):
            truth = seasonal(30, seasonality)
            found = forecasts(policy, truth[:14], float(lead_time))
            for seen, one in enumerate(found, start=1):
                if seen < learning:
                    continue
                assert one["forecast"] == pytest.approx(truth[seen])
                assert one["forecast_lead_time"] == pytest.approx(sum(truth[seen : seen + lead_time]))

    def test_a_number_of_factors_that_does_not_fit(self) -> None:
        assert HoltWinters.mistakes({"season": 4, "factors": [1.0, 2.0]}) == [
            "factors has 2 numbers, expected one for each of the 4 periods of the season"
        ]
        assert HoltWinters.mistakes({"season": 4, "initial": 2.0}) != []


class TestHoltWintersMultiplicative(ForecastSuite):
    policy = HoltWinters
    examples = [
        {"smoothing": 0.3, "trend_smoothing": 0.2, "season_smoothing": 0.2, "season": 3, "seasonality": "multiplicative", "factors": [0.5, 1.0, 1.5]},
        {"smoothing": SHARES, "trend_smoothing": 0.1, "season_smoothing": 0.5, "season": np.array([2, 4]), "seasonality": "multiplicative"},
    ]

    def view(self, seed: int, period: int = 1, rows: int = 23) -> SampleView:
        # Ratios of demands near nothing to huge ones leave the range of numbers; real seasons do not.
        view = super().view(seed, period, rows)
        for name in ("demand", "end_demand"):
            view.columns[name] = np.where(view.columns[name] != 0.0, 1.0 + np.abs(np.clip(view.columns[name], -1e3, 1e3)), 0.0)
        return view


class TestCroston(ForecastSuite):
    policy = Croston
    examples = [
        {"smoothing": SHARES},
        {"smoothing": 0.2, "interval_smoothing": SHARES, "variant": "sba"},
        {"smoothing": 0.2, "variant": "tsb", "interval_smoothing": SHARES},
        {"smoothing": 0.2, "initial_size": np.array([0.0, 5.0]), "initial_interval": np.array([1.0, 4.0])},
        {"smoothing": 0.2, "variant": "tsb", "initial_size": 5.0, "initial_interval": 2.0},
    ]
    DEMANDS = (0.0, 6.0, 0.0, 0.0, 12.0, 0.0)

    @pytest.mark.parametrize(
        "variant, expected",
        [
            ("croston", [0.0, 3.0, 3.0, 3.0, 9.0 / 2.5, 9.0 / 2.5]),
            ("sba", [0.0, 2.25, 2.25, 2.25, 0.75 * 3.6, 0.75 * 3.6]),
            ("tsb", [0.0, 3.0, 1.5, 0.75, 0.5625 * 9.0, 0.28125 * 9.0]),
        ],
    )
    def test_by_hand(self, variant: str, expected: list[float]) -> None:
        found = forecasts(Croston(smoothing=0.5, variant=variant), list(self.DEMANDS))
        assert [one["forecast"] for one in found] == pytest.approx(expected)

    def test_sba_corrects_by_the_weight_of_the_interval(self) -> None:
        found = forecasts(Croston(smoothing=0.1, interval_smoothing=0.4, variant="sba"), [0.0, 0.0, 0.0, 8.0] * 6)
        # Size 8 every 4 periods, less .4 / 2.
        assert found[-1]["forecast"] == pytest.approx((1.0 - 0.4 / 2.0) * 8.0 / 4.0)
        alike = forecasts(Croston(smoothing=0.1, variant="sba"), [0.0, 0.0, 0.0, 8.0] * 6)
        assert alike[-1]["forecast"] == pytest.approx((1.0 - 0.1 / 2.0) * 8.0 / 4.0)

    def test_starts_where_it_is_told(self) -> None:
        found = forecasts(Croston(smoothing=0.5, initial_size=8.0, initial_interval=4.0), [0.0, 6.0])
        assert [one["forecast"] for one in found] == pytest.approx([2.0, 7.0 / 3.0])
        assert found[0]["forecast_deviation"] == pytest.approx(2.0)

    def test_sba_mends_what_croston_overstates(self) -> None:
        random = np.random.default_rng(3)
        demands = np.where(random.random(4000) < 0.25, random.gamma(4.0, 2.0, 4000), 0.0).tolist()
        means = {v: np.mean([one["forecast"] for one in forecasts(Croston(smoothing=0.3, variant=v), demands)][200:]) for v in ("croston", "sba")}
        assert means["croston"] > 1.05 * np.mean(demands)
        assert means["sba"] == pytest.approx(np.mean(demands), rel=0.05)

    def test_initials_go_together(self) -> None:
        assert Croston.mistakes({"smoothing": 0.2, "initial_size": 3.0}) != []
