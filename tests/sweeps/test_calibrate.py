"""Calibration: parameters that made a series are found again, and what is said of their certainty is true."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest

import chainwright as cw
from chainwright.experiment.calibrating.fit import determine
from chainwright.experiment.calibrating.observed import Observed, Series, observed_of
from chainwright.experiment.calibrating.play import Simulator
from chainwright.experiment.designs.factor import Factor
from chainwright.experiment.optimising.space import Space

SEAT = "policies.place_orders.wholesaler"
# The averages that Sterman (1989) estimated; the scenario plays with them.
TRUE = {f"{SEAT}.smoothing": 0.36, f"{SEAT}.stock_adjustment": 0.26, f"{SEAT}.supply_line_weight": 0.34, f"{SEAT}.target": 17.0}
OVER: dict[str, Any] = {**dict.fromkeys(list(TRUE)[:3], (0.0, 1.0)), f"{SEAT}.target": (0.0, 40.0)}


@pytest.fixture(scope="module")
def played() -> pd.DataFrame:
    """What the game gives, seat by seat."""
    panel = cw.run("beer_game", record=["orders", "on_hand"]).panel
    assert panel is not None
    return panel


def own(panel: pd.DataFrame, enterprise: str = "wholesaler") -> pd.DataFrame:
    return panel[panel["enterprise"] == enterprise].reset_index(drop=True)


# --- recovery ----------------------------------------------------------------------------------------------------------------


def test_a_players_rule_is_recovered_from_his_orders(played: pd.DataFrame) -> None:
    fit = cw.calibrate("beer_game", OVER, own(played), "orders")
    for path, value in TRUE.items():
        assert fit.fitted[path] == pytest.approx(value, abs=1e-6)
    assert fit.loss < 1e-8
    assert set(fit.parameters["verdict"]) == {"determined"}
    assert fit.series["explained"][0] == pytest.approx(1.0)
    # The fitted scenario plays the same.
    again = own(cw.run(fit.scenario, record=["orders"]).panel)
    np.testing.assert_allclose(again["orders"], own(played)["orders"], atol=1e-6)


@pytest.mark.slow
def test_noise_in_the_series_makes_intervals_that_hold_the_truth(played: pd.DataFrame) -> None:
    noise = np.random.default_rng(7).normal(0.0, 0.5, 36)
    fit = cw.calibrate("beer_game", OVER, own(played).assign(orders=lambda table: table["orders"] + noise), "orders", confidence=0.99)
    rows = fit.parameters.set_index("factor")
    for path, value in TRUE.items():
        assert rows.loc[path, "low"] <= value <= rows.loc[path, "high"]
        low, high = OVER[path]
        assert 0.0 < rows.loc[path, "high"] - rows.loc[path, "low"] < 0.75 * (high - low)
    # Four parameters take their share of 36 squared errors away; what is left has the size of the noise.
    left = fit.loss * np.sqrt(36 / 32)
    assert 0.35 < left < 0.65
    # Nothing that was tried is nearer, the truth neither.
    truth = float(np.sqrt(np.mean(noise * noise)))
    assert fit.loss <= truth
    assert fit.loss_of_fit == fit.trials["loss"].min()


def test_a_policy_and_a_whole_number_are_found_among_choices(played: pd.DataFrame) -> None:
    over = {"policies.place_orders.default.policy": ["pass_on", "anchor_and_adjust"], "policies.place_orders.default.target": (14, 20)}
    scenario = cw.load("beer_game").with_({"policies.place_orders.default.target": 14})
    fit = cw.calibrate(scenario, over, own(played), "orders")
    # What takes no target fails, and is no match.
    assert fit.fitted == {"policies.place_orders.default.policy": "anchor_and_adjust", "policies.place_orders.default.target": 17}
    assert fit.loss == 0.0
    assert fit.parameters["low"].isna().all()


def test_where_demand_is_random_the_mean_over_replications_is_fitted() -> None:
    """The stand's stock is its level less a demand of mean 50 and deviation 8 (and never below 0, far off here)."""
    path = "policies.place_orders.stand.level"
    seen = cw.run(cw.load("newsvendor").with_({path: 90}), seed=99, periods=200, record=["on_hand"]).panel
    seen = seen[(seen["enterprise"] == "stand") & (seen["period"] > 5)]
    fit = cw.calibrate("newsvendor", {path: (60.0, 120.0)}, seen, reps=20)
    error = 8.0 / np.sqrt(195) * np.sqrt(1.0 + 1.0 / 20.0)
    assert abs(fit.fitted[path] - 90.0) < 4.0 * error
    row = fit.parameters.iloc[0]
    assert row["low"] < 90.0 < row["high"]
    assert row["high"] - row["low"] == pytest.approx(2 * 1.96 * 8.0 / np.sqrt(195), rel=0.25)
    # Judged on other replications than those it was fitted by.
    assert fit.loss != fit.loss_of_fit
    assert fit.loss == pytest.approx(8.0, rel=0.2)


def test_several_series_share_the_weights(played: pd.DataFrame) -> None:
    both = played[played["enterprise"].isin(["wholesaler", "distributor"])]
    found = observed_of(both, cw.load("beer_game"))
    seats, columns = ("wholesaler", "distributor"), ("orders", "on_hand")
    assert [one.name for one in found.series] == [f"{seat} beer {column}" for seat in seats for column in columns]
    # Orders and stock have other units and other sizes: each series counts the same.
    for one in found.series:
        assert one.weight * np.var(one.values) == pytest.approx(1.0)
    assert found.weights.mean() == pytest.approx(1.0)
    plain = observed_of(both, cw.load("beer_game"), "orders", weights={"distributor": 0.25})
    assert [one.weight for one in plain.series] == [1.0, 0.25]


def test_mean_absolute_errors_forgive_one_bad_week(played: pd.DataFrame) -> None:
    path = "policies.place_orders.default.target"
    table = own(played)
    table.loc[table["period"] == 20, "orders"] = 400.0
    fit = cw.calibrate("beer_game", {path: (5.0, 30.0)}, table, "orders", loss="mae")
    assert fit.fitted[path] == pytest.approx(17.0, abs=0.1)

    def worst(simulated: np.ndarray, observed: np.ndarray) -> float:
        return float(np.max(np.abs(simulated - observed)))

    square = cw.calibrate("beer_game", {path: (5.0, 30.0)}, table, "orders", loss=worst)
    assert square.loss_name == "worst"
    assert square.fitted[path] != pytest.approx(17.0, abs=0.5)


# --- what is said of it --------------------------------------------------------------------------------------------------------


def test_what_leaves_no_trace_is_not_determined(played: pd.DataFrame) -> None:
    """The drinkers drink what they want, whatever the wholesaler orders; and a forecast says nothing where orders are passed on."""
    over = {f"{SEAT}.target": (0.0, 40.0), f"{SEAT}.smoothing": (0.0, 1.0)}
    fit = cw.calibrate("beer_game", over, own(played, "drinkers"), "orders", budget=40)
    assert fit.parameters["verdict"].tolist() == ["not determined by what was observed"] * 2
    assert (fit.parameters["low"].tolist(), fit.parameters["high"].tolist()) == ([0.0, 0.0], [40.0, 1.0])


def linear(values: np.ndarray, design: np.ndarray) -> tuple[Space, Observed, Any]:
    """Two parameters from 0 to 1 that a series depends on linearly."""
    space = Space([Factor(name, "range", (name,), low=0.0, high=1.0) for name in ("a", "b")])
    series = Series("shop", "part", "orders", 0, np.arange(1, len(values) + 1), values)
    return space, Observed((series,)), lambda places: [design @ np.asarray(place) for place in places]


@pytest.mark.parametrize("correlation, least", [(0.0, 0.88), (0.6, 0.72)])
def test_intervals_hold_the_truth_about_as_often_as_they_say(correlation: float, least: float) -> None:
    """Where the model is linear: nearly 95 of 100 with independent errors, fewer where errors last, since residuals look too calm then."""
    periods = np.arange(1, 49)
    design = np.stack([np.ones(48), np.sin(periods / 3) + periods / 48], axis=1)
    true = np.array([0.4, 0.6])
    held = 0
    for number in range(150):
        random = np.random.default_rng(number)
        errors = random.normal(0.0, 0.05, 48)
        for period in range(1, 48):
            errors[period] += correlation * errors[period - 1]
        values = design @ true + errors
        fitted = np.linalg.lstsq(design, values, rcond=None)[0]
        found = determine(*linear(values, design)[:1], tuple(fitted), *linear(values, design)[1:], 0.95, 1).parameters
        held += int(((found["low"] <= true) & (true <= found["high"])).sum())
    # Four standard errors of a share of 300 are .05 to .09.
    assert least <= held / 300 <= 0.99


def test_parameters_that_make_up_for_each_other_are_named() -> None:
    periods = np.arange(1, 41)
    nearly = np.stack([periods / 40, periods / 40 + 0.05 * np.sin(periods)], axis=1)
    values = nearly @ np.array([0.3, 0.5]) + np.random.default_rng(3).normal(0.0, 0.001, 40)
    space, observed, predict = linear(values, nearly)
    found = determine(space, tuple(np.linalg.lstsq(nearly, values, rcond=None)[0]), observed, predict, 0.95, 1)
    assert found.parameters["verdict"].tolist() == [f"only together with {other}: one makes up for the other" for other in ("b", "a")]
    assert found.correlation.loc["a", "b"] < -0.95


def test_the_table_holds_what_was_observed_and_what_is_simulated(played: pd.DataFrame) -> None:
    table = own(played).iloc[4:30]
    fit = cw.calibrate("beer_game", {f"{SEAT}.target": (0.0, 40.0)}, table, "orders", budget=30)
    assert fit.table["period"].tolist() == table["period"].tolist()
    np.testing.assert_array_equal(fit.table["observed"], table["orders"])
    np.testing.assert_allclose(fit.table["residual"], fit.table["observed"] - fit.table["fitted"])
    profile = fit.profile
    assert profile["loss"].min() == fit.trials["loss"].min()
    assert len(profile) <= 12
    assert len([axes for axes in fit.plot().axes if axes.axison]) == 2


def test_the_answer_is_the_same_every_time(played: pd.DataFrame) -> None:
    one, two = (cw.calibrate("beer_game", {f"{SEAT}.target": (0.0, 40.0)}, own(played), "orders", budget=30) for _ in range(2))
    assert one.trials.equals(two.trials)
    assert one.parameters.equals(two.parameters)


# --- playing -----------------------------------------------------------------------------------------------------------------


def test_candidates_side_by_side_give_what_runs_give() -> None:
    """Bit for bit, alone or in company; a candidate that fails changes nobody else's numbers."""
    scenario = cw.load("newsvendor")
    panel = cw.run(scenario, runs=[4, 5], periods=120, record=["on_hand", "orders"]).panel
    mean = panel[panel["enterprise"] == "stand"].groupby("period")[["orders", "on_hand"]].mean()
    aim = observed_of(mean, scenario, enterprise="stand")
    simulate = Simulator(scenario, aim, scenario.seed)
    path = "policies.place_orders.stand.level"
    company = simulate([{path: 60}, {path: 56.603956}, {"lanes.*.transport_time": -1}, {path: 50}], [4, 5])
    np.testing.assert_array_equal(company[1], np.concatenate([mean["orders"], mean["on_hand"]]))
    assert isinstance(company[2], str)
    assert "transport_time" in company[2]
    for place, level in ((0, 60), (3, 50)):
        (alone,) = simulate([{path: level}], [4, 5])
        np.testing.assert_array_equal(alone, company[place])


# --- reading -----------------------------------------------------------------------------------------------------------------


def test_a_file_a_series_and_a_table_say_the_same(played: pd.DataFrame, tmp_path: Any) -> None:
    scenario = cw.load("beer_game")
    table = own(played)
    table.to_csv(tmp_path / "played.csv", index=False)
    forms = [
        observed_of(tmp_path / "played.csv", scenario, "orders"),
        observed_of(table["orders"].rename(None), scenario, enterprise="wholesaler"),
        observed_of(table.set_index(["enterprise", "period"])[["orders"]], scenario),
        observed_of(played, scenario, ["orders"], "wholesaler", "beer"),
    ]
    for one in forms:
        assert [series.name for series in one.series] == ["wholesaler beer orders"]
        np.testing.assert_array_equal(one.values, table["orders"])
        np.testing.assert_array_equal(one.series[0].periods, np.arange(1, 37))


def test_empty_cells_are_left_out(played: pd.DataFrame) -> None:
    table = own(played)
    table.loc[3:7, "orders"] = np.nan
    found = observed_of(table, cw.load("beer_game"), "orders")
    assert len(found.values) == 31
    assert not set(found.series[0].periods) & set(range(4, 9))


@pytest.mark.parametrize(
    "change, asked, words",
    [
        ({"orders": "many"}, {}, "'many' is no number"),
        ({"period": 0}, {}, "period: expected whole numbers counted from 1"),
        ({"period": 3}, {}, "period 3 stands there twice"),
        ({"enterprise": "wholsaler"}, {}, "did you mean 'wholesaler'?"),
        ({"product": "wine"}, {}, "wholesaler has no 'wine'; expected one of beer"),
        ({"run": np.arange(36)}, {}, "the table holds 36 runs"),
        ({}, {"column": "ordres"}, "did you mean 'orders'?"),
        ({}, {"enterprise": "retailer"}, "the table has no row of 'retailer'"),
        ({}, {"weights": {"order": 1.0}}, "did you mean 'orders'?"),
        ({}, {"weights": {"orders": -1.0}}, "expected a number of at least 0"),
    ],
)  # fmt: skip
def test_observations_that_cannot_be_read(played: pd.DataFrame, change: dict[str, Any], asked: dict[str, Any], words: str) -> None:
    table = own(played).astype({"orders": object}) if "orders" in change else own(played)
    with pytest.raises(cw.UsageError) as told:
        observed_of(table.assign(**change), cw.load("beer_game"), **{"column": "orders", **asked})
    assert words in str(told.value)


def test_everything_that_is_wrong_is_told_at_once(played: pd.DataFrame) -> None:
    with pytest.raises(cw.UsageError) as told:
        cw.calibrate("beer_game", {f"{SEAT}.tragte": (0.0, 40.0)}, own(played), "ordres", loss="rsme", reps=0, method="optune", confidence=2.0)
    for words in ("'target'", "'orders'", "'rmse'", "reps must be", "'optuna'", "confidence must lie"):
        assert words in str(told.value), words
    with pytest.raises(cw.UsageError, match=r"nowhere\.csv: cannot be read: No such file"):
        cw.calibrate("beer_game", OVER, "nowhere.csv")
    with pytest.raises(cw.UsageError, match="does not say whose series"):
        cw.calibrate("beer_game", OVER, pd.Series([4.0, 8.0]))
