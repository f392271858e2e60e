"""The date at which a scenario starts: read, checked, written, and carried into results, charts and the list of disruptions."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import numpy as np
import pytest

import chainwright as cw
from chainwright.report import page
from chainwright.report.disruption_bands import outages
from chainwright.scenario import Scenario
from chainwright.words.calendar import Calendar
from chainwright.words.errors import ScenarioError

START = {"start": "2026-01-05"}


def test_a_start_is_read_written_and_read_again(tmp_path: Path) -> None:
    scenario = cw.load("beer_game").with_(START)
    assert scenario.calendar == Calendar(date(2026, 1, 5), "week")
    again = Scenario.read(scenario.save(tmp_path / "dated.yaml"))
    assert again == scenario
    assert again.calendar == scenario.calendar
    assert Scenario.from_text(scenario.to_yaml().replace('"2026-01-05"', "2026-01-05")) == scenario
    assert Scenario.from_graph(scenario.graph()).calendar == scenario.calendar
    assert cw.load("beer_game").calendar is None


@pytest.mark.parametrize(
    ("start", "words"),
    [
        ("5.1.2026", "expected a date such as 2026-01-05 (year-month-day), got '5.1.2026'"),
        ("2026-02-30", "expected a date such as 2026-01-05 (year-month-day), got '2026-02-30'"),
        (20260105, "expected a date such as 2026-01-05 (year-month-day), got 20260105"),
    ],
)
def test_what_is_no_date_is_told(start: object, words: str) -> None:
    with pytest.raises(ScenarioError) as caught:
        cw.load("beer_game").with_({"start": start})
    assert str(caught.value) == f"start: {words}"


def test_periods_of_less_than_a_day_have_no_dates() -> None:
    with pytest.raises(ScenarioError, match="dates need periods of at least a day"):
        cw.load("beer_game").with_({"period": 0.25, **START})


def test_the_panel_and_the_timeline_carry_dates_and_are_else_the_same(tmp_path: Path) -> None:
    plain = cw.run("beer_game", runs=2, record=["orders"])
    dated = cw.run(cw.load("beer_game").with_(START), runs=2, record=["orders"])
    for name in ("panel", "timeline"):
        before, after = getattr(plain, name), getattr(dated, name)
        assert "date" not in before
        assert list(after.columns)[:3] == ["run", "period", "date"]
        assert after.drop(columns="date").equals(before)
        expected = np.datetime64("2026-01-05") + 7 * (after["period"].to_numpy() - 1).astype("timedelta64[D]")
        assert np.array_equal(after["date"].to_numpy().astype("datetime64[D]"), expected)
    dated.save(tmp_path / "out")
    assert Scenario.read(tmp_path / "out" / "scenario.yaml").calendar is not None


def test_the_report_names_dates() -> None:
    scenario = cw.load("two_sources").with_(START)
    found = [one.words for one in outages(scenario, 300, "day")]
    expected = "closure of overseas, day 120 (2026-05-04) to 149 (2026-06-02), recovering until day 159 (2026-06-12)"
    assert found == [expected]
    result = cw.run(scenario, runs=2, periods=200)
    figure = result.plot("stock")
    figure.canvas.draw()
    labels = [one.get_text() for one in figure.axes[-1].get_xticklabels()]
    assert any(one.endswith("\n2026-01-05") or "\n2026-" in one for one in labels)
    text = page.html(result)
    assert expected in text
    assert "<dt>begins on</dt><dd>2026-01-05</dd>" in text


def test_months_begin_on_the_same_day_and_periods_of_days_follow_each_other() -> None:
    months = Calendar(date(2026, 1, 31), "month")
    days = np.arange(np.datetime64("2025-12-01"), np.datetime64("2027-01-01"))
    for calendar in (months, Calendar(date(2026, 1, 5), "week"), Calendar(date(2026, 1, 5), 10), Calendar(date(2026, 2, 1), 30.4375)):
        found = calendar.periods(days)
        assert (calendar.dates(found) <= days).all()
        assert (calendar.dates(found + 1) > days).all()


def test_a_start_can_be_set_and_swept_but_not_changed_in_mid_run() -> None:
    scenario = cw.load("beer_game").with_({"start": "2026-01-05"}).with_({"start": "2027-01-04"})
    assert scenario.calendar == Calendar(date(2027, 1, 4), "week")
    with pytest.raises(ScenarioError, match="start"):
        cw.run(scenario, interventions=[(3, {"start": "2028-01-03"})])
