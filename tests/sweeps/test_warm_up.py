"""When a series has settled: known transients in correlated noise, trends, seasons, rare events, and what shipped scenarios need."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.signal import lfilter

import chainwright as cw
from chainwright.experiment.warm_up.settling import SETTLED, UNSETTLED, Floats, moving_average, mser, settling

PERIODS = np.arange(400.0)


def noise(seed: int, runs: int = 30, correlation: float = 0.0, periods: int = 400) -> Floats:
    """Stationary noise of variance 1, of which each period keeps a share of the one before."""
    rough = np.random.default_rng(seed).normal(size=(runs, periods + 300))
    made = lfilter([1.0], [1.0, -correlation], rough, axis=1)[:, 300:]
    return np.asarray(made * np.sqrt(1.0 - correlation**2))


@given(st.integers(8, 60).flatmap(lambda size: st.tuples(st.lists(st.floats(-9, 9), min_size=size, max_size=size), st.integers(1, size // 4))))
def test_moving_averages_are_welchs(case: tuple[list[float], int]) -> None:
    """Law's textbook, in his words: 2w + 1 observations, and 2i - 1 for the first w."""
    values, window = case
    expected = []
    for i in range(1, len(values) - window + 1):
        reach = window if i > window else i - 1
        expected.append(np.mean([values[i + s - 1] for s in range(-reach, reach + 1)]))
    assert moving_average(np.asarray(values), window) == pytest.approx(np.asarray(expected), abs=1e-9)


@given(st.lists(st.floats(-9, 9), min_size=50, max_size=90))
def test_mser_5_is_the_smallest_squared_standard_error(values: list[float]) -> None:
    count = len(values) // 5
    means = np.asarray(values[: 5 * count]).reshape(-1, 5).mean(axis=1)
    errors = [np.square(means[cut:] - means[cut:].mean()).sum() / (count - cut) ** 2 for cut in range(count - 5)]
    found = mser(np.asarray(values))
    if found is None:
        assert min(errors[count // 2 + 1 :]) <= min(errors[: count // 2 + 1]) + 1e-12
    else:
        assert found <= 5 * count / 2
        assert errors[found // 5] == pytest.approx(min(errors), abs=1e-9)


@pytest.mark.parametrize("correlation", [0.0, 0.6, 0.9])
@pytest.mark.parametrize("seed", range(4))
def test_a_known_transient_is_cut_off(correlation: float, seed: int) -> None:
    """The start is away by 10, of which a twentieth goes each period."""
    start = 10.0 * np.exp(-PERIODS / 20.0)
    found = settling(30.0 + start + noise(seed, correlation=correlation))
    assert found.verdict == SETTLED
    assert found.warm_up is not None
    # What is left adds less to the mean of the rest than its standard error or a thousandth; nor is anything cut off that cannot be seen.
    rest = len(PERIODS) - found.warm_up
    bias = start[found.warm_up :].sum() / rest
    error = np.sqrt((1.0 + correlation) / (1.0 - correlation) / rest / 30)
    assert bias < max(error, 0.001 * 30.0)
    assert start[found.warm_up] > 0.01


@pytest.mark.parametrize("correlation", [0.0, 0.9])
@pytest.mark.parametrize("skewed", [False, True])
def test_a_settled_series_needs_no_warm_up(correlation: float, skewed: bool) -> None:
    """Such false alarms are rare: fewer than 6 of 100, where 2 are to be expected."""
    alarms = 0
    for seed in range(100):
        series = noise(seed, correlation=correlation)
        found = settling(20.0 + (np.exp(1.5 * series) if skewed else series))
        # Of the first points, which are averages of few periods, skewed ones may lie outside.
        alarms += found.verdict == UNSETTLED or found.warm_up is None or found.warm_up > found.window
    assert alarms < 6


@pytest.mark.parametrize(
    "movement",
    [0.02 * PERIODS, 10.0 * np.exp(-PERIODS / 200.0), np.where(PERIODS < 260, 0.0, 3.0), np.sqrt(PERIODS), 8.0 * np.sin(PERIODS / 120.0)],
    ids=["trend", "slow transient", "late jump", "growth that slows down", "part of a season"],
)
@pytest.mark.parametrize("correlation", [0.0, 0.6])
def test_what_still_moves_gets_no_number(movement: Any, correlation: float) -> None:
    found = settling(20.0 + movement + noise(1, correlation=correlation))
    assert (found.verdict, found.warm_up) == (UNSETTLED, None)
    third, fourth = found.quarters
    assert np.sign(fourth - third) == np.sign(movement[300:].mean() - movement[200:300].mean())


@pytest.mark.parametrize("season", [7, 14, 30])
def test_a_season_is_no_transient(season: int) -> None:
    swing = 6.0 * np.sin(2.0 * np.pi * PERIODS / season)
    start = 20.0 * np.exp(-PERIODS / 15.0)
    found = settling(40.0 + swing + start + noise(3))
    assert found.verdict == SETTLED
    assert found.warm_up is not None
    assert 10 <= found.warm_up < 100
    assert settling(40.0 + swing + noise(3)).warm_up in range(found.warm_up)


def test_where_nothing_is_random() -> None:
    """A step is at its level once the window has passed it; what never changes was always there."""
    step = np.where(PERIODS < 50, 0.0, 10.0) + np.zeros((5, 1))
    found = settling(step, window=10)
    assert found.warm_up is not None
    assert 50 <= found.warm_up <= 60
    for value in (0.0, 7.0):
        still = settling(np.full((5, 400), value))
        assert (still.verdict, still.warm_up, still.level) == (SETTLED, 0, value)


def test_rare_events_that_did_not_happen_are_no_transient() -> None:
    """A few large values in a series of zeros; where by chance there are none, the runs agree, which says nothing."""
    rng = np.random.default_rng(8)
    found = [settling(np.where(rng.random((30, 400)) < 0.002, 50.0, 0.0)) for _ in range(20)]
    assert sum(one.warm_up is None or one.warm_up > one.window for one in found) <= 1


# --- scenarios ---------------------------------------------------------------------------------------------------------------


def test_a_scenario_that_starts_full_has_to_wear_off() -> None:
    """Stock far above the base stock is sold off at 50 a day: 1,000 units too many take 20 days."""
    full = cw.load("newsvendor").with_({"enterprises.stand.items.newspaper.on_hand": 1056.6, "warm_up": 0})
    found = cw.warm_up(full, "on_hand", runs=10, periods=400, window=5)
    assert found.periods is not None
    assert 20 <= found.periods <= 30
    assert found.sentence() == f"A warm-up of {found.periods} periods; the scenario says 0, which is too little."
    assert cw.warm_up("newsvendor", runs=10, periods=400).periods == 0


def test_a_scenario_that_cannot_keep_up_never_settles() -> None:
    short = cw.load("two_sources").with_({"recipes.*.capacity": 45})
    found = cw.warm_up(short, ["backorder", "in_transit"], runs=8, periods=300)
    assert found.periods is None
    assert dict(found.table[["column", "verdict"]].to_numpy()) == {"backorder": UNSETTLED, "in_transit": SETTLED}
    assert found.sentence().startswith("No warm-up can be said: backorder moves from ")
    assert "Play more periods, such as 600" in repr(found)
    assert pd.isna(found.table["warm_up"].iloc[0])


@pytest.mark.parametrize("name", ["battery", "bulldozer", "information_sharing", "one_warehouse_or_nine", "serial_textbook", "two_sources"])
def test_shipped_scenarios_say_a_warm_up_that_is_long_enough(name: str) -> None:
    found = cw.warm_up(name, runs=15)
    assert found.periods is not None
    assert found.periods <= found.declared


def test_events_are_left_out_unless_asked_for() -> None:
    calm = cw.warm_up("two_sources", "on_hand", runs=10)
    assert calm.without == ("disruptions",)
    assert "(without its disruptions)" in calm.sentence()
    assert calm.periods is not None
    assert calm.periods < 60
    closed = cw.warm_up("two_sources", "on_hand", runs=10, events=True)
    assert closed.without == ()
    assert closed.periods is None or closed.periods > 120  # the closure of day 120 looks like a start that lasts


def test_columns_are_sums_of_the_timeline_or_of_an_enterprise() -> None:
    found = cw.warm_up("serial_textbook", ["on_hand", "total_cost"], runs=6, periods=120)
    result = cw.run(cw.load("serial_textbook").with_({"warm_up": 0}), runs=6, periods=120, record=["on_hand"])
    assert result.timeline is not None
    for name in ("on_hand", "total_cost"):
        mean = result.timeline.groupby(["run", "period"])[name].sum().groupby("period").mean()
        assert found.settlings[name].mean == pytest.approx(mean.to_numpy())
    assert result.panel is not None
    own = cw.warm_up("serial_textbook", "on_hand", runs=6, periods=120, enterprise="stage_2")
    mean = result.panel[result.panel["enterprise"] == "stage_2"].groupby("period")["on_hand"].mean()
    assert own.settlings["on_hand"].mean == pytest.approx(mean.to_numpy())
    series = found.series
    assert len(series) == 240
    assert series["smoothed"].isna().sum() == 2 * found.settlings["on_hand"].window
    assert ((series["low"] <= series["high"]) | series["low"].isna()).all()


@pytest.mark.parametrize(
    "options, words",
    [
        ({"column": "on_hnd"}, "did you mean 'on_hand'"),
        ({"column": []}, "no column is named"),
        ({"column": "total_cost", "enterprise": "stage_1"}, "there is no column 'total_cost'"),
        ({"enterprise": "stage_11"}, "there is no enterprise 'stage_11'; did you mean"),
        ({"runs": 4}, "runs must be at least 5"),
        ({"runs": 0}, "runs must be a whole number"),
        ({"periods": 30}, "30 periods are too few to see a series settle; ask for 40 at least"),
        ({"periods": 0}, "periods must be a whole number"),
        ({"window": 26}, "window must be a whole number from 1 to 25, got 26"),
        ({"window": 0}, "window must be a whole number from 1 to 25, got 0"),
    ],
)
def test_what_cannot_be_asked_is_told(options: dict[str, Any], words: str) -> None:
    with pytest.raises(cw.UsageError, match=words):
        cw.warm_up("serial_textbook", **({"periods": 100} | options))


def test_the_figure_and_the_files(tmp_path: Path) -> None:
    found = cw.warm_up("two_sources", runs=6, periods=200)
    figure = found.plot()
    panels = [axes for axes in figure.axes if axes.get_visible() and axes.axison]
    assert [axes.get_title(loc="left").split(":")[0] for axes in panels] == ["on hand", "backorder", "in transit", "orders"]
    marks = {text.get_text() for text in figure.legends[0].get_texts()}
    assert {"settled within", "mean over the replications", "moving average", "proposal", "warm-up that the scenario says"} <= marks
    alone = cw.warm_up("two_sources", "on_hand", runs=6, periods=200).plot()
    (axes,) = alone.axes
    proposal = found.settlings["on_hand"].warm_up
    assert proposal is not None
    # Alone it is judged with a narrower band than among four.
    assert int(axes.get_title(loc="left").removeprefix("on hand: ").split()[0]) >= proposal
    folder = found.save(tmp_path / "warm")
    assert {path.name for path in folder.iterdir()} == {"figure.png", "figure.svg", "series.csv", "warm_up.csv", "warm_up.json"}
    said = json.loads((folder / "warm_up.json").read_text())
    assert (said["warm_up"], said["declared"], said["without"]) == (found.periods, 30, ["disruptions"])
    pd.testing.assert_frame_equal(pd.read_csv(folder / "series.csv"), found.series)
