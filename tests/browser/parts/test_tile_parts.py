"""Tiles in a real browser: the measures of the period that is looked at, and how they differ from another run."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from chainwright.report.tables import shown
from tests.browser.watched import SEEN, opened, packets, put, receive, timelines

MEASURES = ["fill_rate", "cost_per_period", "days_of_supply", "bullwhip_ratio_to_end_demand", "backorder_mean", "on_hand_mean"]


@pytest.fixture
def tab(browser: Any, tmp_path: Path) -> Iterator[Any]:
    made = opened(browser, tmp_path, packets(), baseline="z")
    yield made
    assert made.wrong == []
    made.close()


def tile(tab: Any, name: str, kind: str) -> float:
    """A full number of a tile, nothing where it has none."""
    text = tab.locator(f"[data-measure={name}]").get_attribute(f"data-{kind}")
    return float(text) if text else float("nan")


def same(left: float, right: float) -> bool:
    return left == right or (np.isnan(left) and np.isnan(right))


@pytest.mark.parametrize("at", [0, 1, 12, 25, SEEN])
def test_tiles_show_the_measures_of_the_cursor_in_full(tab: Any, at: int) -> None:
    put(tab, period=at)
    assert [one.get_attribute("data-measure") for one in tab.locator(".tile").all()] == MEASURES
    kept = {name: timeline.history.measures for name, timeline in timelines().items()}
    for name in MEASURES:
        ours, baseline = (float(kept[one][name][at - 1]) if at else float("nan") for one in "az")
        assert same(tile(tab, name, "value"), ours)
        assert same(tile(tab, name, "change"), ours - baseline)
        assert tab.locator(f"[data-measure={name}] .value").inner_text() == shown(name, ours)


def test_beside_another_timeline_no_number_is_cut_off(tab: Any) -> None:
    # As many tiles as any scenario has, with numbers of six digits.
    tab.evaluate(
        "() => { for (const timeline of Object.values(store.timelines)) {"
        " const [first] = timeline.measures.filter(one => one.name === 'cost_per_period');"
        " timeline.measures = [...timeline.measures, ...['revenue', 'profit', 'cash'].map(name => ({...first, name, label: name}))];"
        " for (const name of ['revenue', 'profit', 'cash'])"
        " timeline.tables.measures[name] = timeline.tables.measures.cost_per_period.map(one => 5000 * one); } }"
    )
    put(tab, b="b", period=25)
    cut = "[...document.querySelectorAll('.tile :is(.amount, .change)')].filter(one => one.scrollWidth > one.clientWidth).map(one => one.textContent)"
    assert tab.locator(".tile").count() == 9
    assert tab.locator("[data-measure=revenue] .value").inner_text().count(",") == 1
    assert tab.evaluate(cut) == []
    # Millions are told in four digits, and in full in the definition.
    tab.evaluate("for (const {tables: {measures}} of Object.values(store.timelines)) measures.cash = measures.cash.map(one => 200 * one)")
    differences = {name: {"mean": -123456.0, "low": -234567.0, "high": -12345.0} for name in ("revenue", "cash", "cost_per_period")}
    differences |= {"fill_rate": {"mean": 0.234, "low": 0.132, "high": 0.337}}
    told = {"acts": [1], "echelons": {}, "measures": {}}
    receive(tab, kind="bands", timeline="a", runs=30, **told, beside={**told, "timeline": "b", "acts": [1, 2]}, differences=differences)
    put(tab, period=24)
    assert tab.locator("[data-measure=cash] .value").inner_text().endswith(" M")
    assert tab.locator("[data-measure=cash] .many").inner_text() == "⌀ −123 ± 111 k better to week 36"
    assert tab.evaluate(cut.replace(".change", ".change, .many")) == []
    tab.locator("[data-measure=cash]").focus()
    full = f"A is {shown('cash', tile(tab, 'cash', 'value'))}, and B {shown('cash', tile(tab, 'cash', 'other'))}."
    assert full in tab.locator(".cw-tiles [role=tooltip]").inner_text()


def test_a_change_is_told_in_words_and_with_a_sign(tab: Any) -> None:
    put(tab, period=25)
    # Better or worse are service and costs; a stock that shrinks because somebody is closed is neither.
    better = {"fill_rate": 1, "cost_per_period": -1, "backorder_mean": -1}
    for name in MEASURES:
        change = tile(tab, name, "change")
        text = tab.locator(f"[data-measure={name}] .change").inner_text()
        assert change != 0
        assert text.startswith("▲ +" if change > 0 else "▼ −")
        judged = [word for word in ("better", "worse") if text.endswith(word)]
        assert judged == (["better" if change * better[name] > 0 else "worse"] if name in better else [])


def test_two_runs_have_the_same_differences_alone_and_side_by_side(tab: Any) -> None:
    # Beside the run with nothing done by hand, which is what the tiles of one run compare with.
    put(tab, period=25)
    alone = {name: (tile(tab, name, "change"), tab.locator(f"[data-measure={name}] .change").get_attribute("data-kind")) for name in MEASURES}
    assert all(change != 0 for change, _ in alone.values())
    put(tab, b="z")
    assert {name: (tile(tab, name, "change"), tab.locator(f"[data-measure={name}] .change").get_attribute("data-kind")) for name in MEASURES} == alone
    put(tab, a="z", b="a")
    assert {name: -tile(tab, name, "change") for name in MEASURES} == {name: change for name, (change, _) in alone.items()}


def test_beside_another_timeline_the_difference_is_that_of_the_two(tab: Any) -> None:
    put(tab, b="b")
    for name in MEASURES:
        ours, theirs = (float(timelines()[one].history.measures[name][-1]) for one in "ab")
        assert (tile(tab, name, "value"), tile(tab, name, "other"), tile(tab, name, "change")) == (ours, theirs, ours - theirs)
        assert tab.locator(f"[data-measure={name}] .change").inner_text().endswith("A − B")


def test_in_the_warm_up_it_is_told_from_when_on_there_are_numbers(browser: Any, tmp_path: Path) -> None:
    tab = opened(browser, tmp_path, packets(8), period=8)
    # The number is that of the single period, and a small note says from when on it is measured.
    rates = timelines(8)["a"].history.rates
    for name in ("fill_rate", "cost_per_period", "backorder_mean", "on_hand_mean"):
        one = tab.locator(f"[data-measure={name}]")
        assert one.locator(".value").inner_text() == shown(name, rates[name][7])
        assert one.locator(".unit").inner_text() == "this week"
        assert one.locator(".change").inner_text() == "measured from week 9 on"
    # Days of supply of one period tell nothing.
    assert tab.locator("[data-measure=days_of_supply] .value").inner_text() == "–"
    assert tab.locator("[data-measure=days_of_supply] .unit").inner_text() == ""
    assert tile(tab, "fill_rate", "value") != tile(tab, "fill_rate", "value")
    assert tab.locator(".cw-charts .warm-up").count() == 1
    put(tab, period=9)
    assert tile(tab, "fill_rate", "value") == timelines(8)["a"].history.measures["fill_rate"][8]
    assert "this week" not in tab.locator("[data-measure=cost_per_period]").inner_text()
    tab.close()


def test_a_definition_is_shown_on_hover_and_focus_and_goes_with_escape(tab: Any) -> None:
    tip = tab.locator(".cw-tiles [role=tooltip]")
    assert tip.is_hidden()
    fill = tab.locator("[data-measure=fill_rate]")
    fill.focus()
    assert "older debt first" in tip.inner_text()
    assert fill.get_attribute("aria-describedby") == tip.get_attribute("id")
    tab.keyboard.press("Escape")
    assert tip.is_hidden()
    tab.locator("[data-measure=days_of_supply]").hover()
    assert "throughput" in tip.inner_text()


def test_intervals_of_many_runs_are_told(tab: Any) -> None:
    interval = {"mean": 95.0, "low": 90.0, "high": 100.0}
    told, unit = (tab.locator(f"[data-measure=cost_per_period] .{part}") for part in ("many", "unit"))
    alone = unit.inner_text()
    receive(tab, kind="bands", timeline="a", acts=[1], done=30, of=30, runs=30, echelons={}, measures={"cost_per_period": interval})
    put(tab, baseline=None)
    assert (told.inner_text(), unit.inner_text()) == ("average 95 ± 5 to week 36", alone)
    # Beside the run with nothing done by hand it is the same, whatever period is looked at.
    put(tab, baseline="z", period=20)
    assert (told.inner_text(), unit.inner_text()) == ("average 95 ± 5 to week 36", alone)
    # Once something else is done by hand, they were runs of another timeline.
    receive(tab, kind="acts", timeline="a", acts=[{"number": 2, "period": 3, "label": "other", "kind": "lever", "about": {}}])
    assert told.inner_text() == ""


def test_the_difference_of_two_timelines_is_told_over_many_runs(tab: Any) -> None:
    even, cost = {"mean": 0.5, "low": 0.4, "high": 0.6}, "[data-measure=cost_per_period]"
    differences = {
        "cost_per_period": {"mean": -12.0, "low": -16.0, "high": -8.0},
        "fill_rate": {"mean": 0.01, "low": -0.01, "high": 0.03},
        "backorder_mean": {"mean": 0.0, "low": 0.0, "high": 0.0},
    }
    told = {"acts": [1], "echelons": {}, "measures": {"fill_rate": even}}
    beside = {**told, "timeline": "b", "acts": [1, 2]}
    receive(tab, kind="bands", timeline="a", done=30, of=30, runs=30, **told, beside=beside, differences=differences)
    assert tab.locator(f"{cost} .many").inner_text() == ""
    put(tab, b="b")
    lines = {name: tab.locator(f"[data-measure={name}] .many") for name in ("cost_per_period", "fill_rate")}
    assert lines["cost_per_period"].inner_text() == "⌀ −12.0 ± 4.0 better to week 36"
    assert lines["fill_rate"].inner_text() == "⌀ +1.0 ± 2.0 points unclear to week 36"
    assert [lines[name].get_attribute("data-kind") for name in lines] == ["good", "even"]
    # The difference of the run that is shown stands as it was.
    assert tab.locator(f"{cost} .change").inner_text().endswith("A − B")
    tab.locator(cost).focus()
    tip = tab.locator(".cw-tiles [role=tooltip]").inner_text()
    assert "Over 30 runs to week 36, pair by pair, the difference is −12 on average; between −16 and −8" in tip
    assert "more than chance" in tip
    # What was A is B now, and less is more.
    put(tab, a="b", b="a")
    assert lines["cost_per_period"].inner_text() == "⌀ +12.0 ± 4.0 worse to week 36"
    put(tab, a="z", b="a")
    assert lines["cost_per_period"].inner_text() == ""


def test_spark_lines_end_at_the_cursor(tab: Any) -> None:
    drawn = "document.querySelector('[data-measure=fill_rate] .spark path').getAttribute('d').split('L').length"
    for at in (5, 20):
        put(tab, period=at)
        assert tab.evaluate(drawn) == at
