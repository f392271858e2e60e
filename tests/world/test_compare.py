"""Comparisons: paired by run, with intervals that say when nothing can be told apart."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scipy import stats

import chainwright as cw
from chainwright.experiment.statistics import welch_half_width


@pytest.fixture(scope="module")
def noisy() -> cw.Scenario:
    return cw.load("beer_game").with_({"enterprises.drinkers.items.beer.demand": {"policy": "normal", "mean": 8, "deviation": 2}})


def test_a_scenario_equals_itself(noisy: cw.Scenario) -> None:
    table = cw.compare(noisy, noisy, runs=5).table
    assert set(table["verdict"]) <= {"equal", "empty"}


def test_the_interval_is_students_t_on_paired_differences(noisy: cw.Scenario) -> None:
    other = noisy.with_({"lanes.wholesaler>retailer.transport_time": 1, "lanes.wholesaler>retailer.in_transit": [4]})
    found = cw.compare(noisy, other, runs=12)
    gaps = found.b.summary["total_cost"].to_numpy(float) - found.a.summary["total_cost"].to_numpy(float)
    interval = stats.ttest_1samp(gaps, 0.0).confidence_interval(0.95)
    row = found.table.set_index("metric").loc["total_cost"]
    assert row["difference"] == pytest.approx(gaps.mean())
    assert (row["low"], row["high"]) == pytest.approx((interval.low, interval.high))


def test_what_spans_zero_is_not_distinguishable(noisy: cw.Scenario) -> None:
    one, other = cw.run(noisy, runs=8, seed=1), cw.run(noisy.with_({"seed": 2}), runs=8, seed=1)
    assert set(cw.compare(one, other).table["verdict"]) <= {"equal", "empty"}
    shifted = other.summary.copy()
    rng = np.random.default_rng(3)
    shifted["total_cost"] += rng.normal(0.0, 100.0, len(shifted))
    noise = cw.Result(**{**other.__dict__, "summary": shifted})
    assert cw.compare(one, noise, metrics=["total_cost"]).table["verdict"].item() == "not distinguishable"


def test_results_of_different_runs_cannot_be_paired(noisy: cw.Scenario) -> None:
    with pytest.raises(cw.UsageError, match="same seed and the same runs"):
        cw.compare(cw.run(noisy, runs=2), cw.run(noisy, runs=3))
    with pytest.raises(cw.UsageError, match="no metric is called"):
        cw.compare(noisy, noisy, runs=1, metrics=["profits"])


def test_what_rounding_leaves_is_no_difference(noisy: cw.Scenario) -> None:
    one = cw.run(noisy, runs=6)
    rounded = one.summary.copy()
    rounded["total_cost"] *= 1.0 + 1e-14
    rounded["lost_sales"] += 4e-17
    other = cw.Result(**{**one.__dict__, "summary": rounded})
    verdicts = cw.compare(one, other, metrics=["total_cost", "lost_sales"]).table["verdict"]
    assert set(verdicts) == {"equal"}


def test_what_would_fill_the_memory_is_played_run_by_run(monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[tuple[int, int]] = []
    whole = cw.compare("newsvendor", cw.load("newsvendor").variant("generous"), runs=3, periods=150)
    monkeypatch.setattr("chainwright.experiment.compare.MOST_ROWS", 10)
    parts = cw.compare(
        "newsvendor", cw.load("newsvendor").variant("generous"), runs=3, periods=150, progress=lambda done, total: told.append((done, total))
    )
    pd.testing.assert_frame_equal(whole.table, parts.table)
    assert (parts.a.run_numbers, parts.a.manifest["runs"]) == ((0, 1, 2), "0-2")
    assert parts.a.items.empty
    assert told[0] == (1, 450)
    assert told[-1] == (450, 450)
    assert [done for done, _ in told[:450]] == list(range(1, 451))
    # One of the two may be a result that is there already.
    again = cw.compare(whole.a, cw.load("newsvendor").variant("generous"))
    pd.testing.assert_frame_equal(again.table, whole.table)


def test_what_pairing_was_worth(noisy: cw.Scenario) -> None:
    other = noisy.with_({"lanes.wholesaler>retailer.transport_time": 1, "lanes.wholesaler>retailer.in_transit": [4]})
    found = cw.compare(noisy, other, runs=20)
    row = found.table.set_index("metric").loc["total_cost"]
    a, b = (result.summary["total_cost"].to_numpy(float) for result in (found.a, found.b))
    interval = stats.ttest_ind(b, a, equal_var=False).confidence_interval(0.95)
    assert row["correlation"] == pytest.approx(np.corrcoef(a, b)[0, 1])
    assert row["half_width"] == pytest.approx((row["high"] - row["low"]) / 2.0)
    assert row["half_width_without_pairing"] == pytest.approx((interval.high - interval.low) / 2.0)
    # So many independent runs are enough, one less is not; without Student's t it would be the ratio of the variances.
    needed = int(row["runs_without_pairing"])
    halves = [welch_half_width(a.var(ddof=1), b.var(ddof=1), runs) for runs in (needed - 1, needed)]
    assert halves[1] <= row["half_width"] < halves[0]
    assert needed == pytest.approx(20 * (a.var(ddof=1) + b.var(ddof=1)) / (b - a).var(ddof=1), rel=0.15)
    assert row["runs_saved"] == 2 * (needed - 20) > 0
    assert found.pairing() in repr(found)
    told = f"Pairing saved {row['runs_saved']:,.0f} runs: without it, {needed:,} runs of each would give total_cost as exactly as these 20 pairs"
    assert found.pairing().startswith(told)


def summary(result: cw.Result, values: object) -> cw.Result:
    """A result whose total cost is something else."""
    changed = result.summary.copy()
    changed["total_cost"] = values
    return cw.Result(**{**result.__dict__, "summary": changed})


def test_the_sentence_on_pairing_fits_what_happened(noisy: cw.Scenario) -> None:
    one = cw.run(noisy, runs=12)
    cost = one.summary["total_cost"].to_numpy(float)
    mirrored = cw.compare(one, summary(one, 2.0 * cost.mean() - cost), metrics=["total_cost"])
    row = mirrored.table.iloc[0]
    assert row["correlation"] == pytest.approx(-1.0)
    assert row["runs_saved"] < 0
    assert f"Pairing cost {-row['runs_saved']:.0f} runs" in mirrored.pairing()
    assert mirrored.pairing().endswith("total_cost of A tends to rise where that of B falls (correlation -1.00).")
    shifted = cw.compare(one, summary(one, cost + 50.0), metrics=["total_cost"])
    row = shifted.table.iloc[0]
    assert (row["difference"], row["half_width"], row["runs_without_pairing"]) == (pytest.approx(50.0), pytest.approx(0.0, abs=1e-9), np.inf)
    assert "All 12 pairs differ in total_cost by the same" in shifted.pairing()
    # What does not vary says nothing of pairing, and neither do a few pairs.
    assert cw.compare(one, one, metrics=["lost_sales"]).pairing() == ""
    assert cw.compare(cw.run(noisy, runs=9), noisy, metrics=["total_cost"]).pairing() == ""


def test_a_single_run_and_an_empty_metric_have_nothing_to_say(noisy: cw.Scenario) -> None:
    one = cw.run(noisy, runs=1)
    row = cw.compare(one, summary(one, 7.0), metrics=["total_cost"]).table.iloc[0]
    assert row["verdict"] == "one run: no interval"
    assert np.isnan(row[["correlation", "half_width", "half_width_without_pairing", "runs_without_pairing", "runs_saved"]].astype(float)).all()
    several = cw.run(noisy, runs=3)
    row = cw.compare(several, summary(several, np.nan), metrics=["total_cost"]).table.iloc[0]
    assert row["verdict"] == "empty"
    assert np.isnan(row["runs_saved"])
