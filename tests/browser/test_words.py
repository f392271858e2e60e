"""The words of the page in a real browser: a mistake names its field and its bounds, one is one, and columns are called by words."""

from __future__ import annotations

import re
from typing import Any

RAW = re.compile(r"(?<![\w{])[a-z]+_[a-z_]+(?![\w}])")


def test_a_disruption_that_cannot_be_says_which_number_and_what_it_may_be(opened: Any) -> None:
    page = opened()
    page.watch()
    page.press("d")
    dialog = page.tab.locator(".cw-of-disrupt")
    field = dialog.get_by_role("spinbutton", name="How long")
    for wrong in ("0", "2.5", "1001", ""):
        field.fill(wrong)
        assert dialog.locator(".say").first.inner_text() == "“How long” must be a whole number from 1 to 1,000."
        assert field.get_attribute("aria-invalid") == "true"
        assert dialog.locator(".first").is_disabled()
    field.fill("3")
    assert "3 weeks" in dialog.locator(".say").first.inner_text()
    assert field.get_attribute("aria-invalid") == "false"
    field.fill("1")
    assert "for 1 week from" in dialog.locator(".say").first.inner_text()


def test_levers_that_cannot_be_are_named(opened: Any) -> None:
    page = opened()
    page.watch(selected={"enterprise": 2})
    page.tab.get_by_text("Policies", exact=True).click()
    page.tab.get_by_role("spinbutton", name="smoothing").first.fill("7")
    page.tab.get_by_role("spinbutton", name="stock adjustment").first.fill("-3")
    note = page.tab.locator(".cw-inspector .policy .apply [role=status]").first
    assert note.inner_text() == "Correct smoothing, stock adjustment first."


def test_a_sweep_with_an_end_that_is_no_number_says_which(opened: Any) -> None:
    page = opened()
    page.watch()
    page.press("m")
    dialog = page.tab.locator(".cw-of-many")
    go = dialog.get_by_role("button", name="Run", exact=True)
    first = dialog.get_by_role("spinbutton", name="From").first
    for wrong in ("", "2.5"):
        first.fill(wrong)
        assert dialog.locator(".values").first.inner_text() == "“From” of level must be a whole number."
        assert go.is_disabled()
    first.fill("2")
    assert go.is_enabled()
    go.click()
    assert page.sent("many")[0]["factors"][0]["values"][0] == 2


def test_one_is_one(opened: Any) -> None:
    page = opened()
    page.watch()
    count = "([count, digits]) => chainwright.periods(store.timeline(), count, digits)"
    counts = [page.tab.evaluate(count, asked) for asked in ([1], [1.04, 2], [2])]
    assert counts == ["1 week", "1 week", "2 weeks"]


def test_columns_are_called_by_words(opened: Any) -> None:
    page = opened()
    page.watch(selected={"enterprise": 2})
    page.tab.locator(".cw-inspector .sections details").first.wait_for()
    page.tab.evaluate("document.querySelectorAll('.cw-inspector details').forEach(one => (one.open = true))")
    titles = page.tab.evaluate("[...document.querySelectorAll('.cw-inspector [title]')].map(one => one.title)")
    said = [*titles, page.tab.locator(".cw-inspector").inner_text()]
    assert [found for text in said for found in RAW.findall(re.sub(r"\{[^{}]*\}", "", text))] == []


def test_dates_stand_beside_periods_where_the_scenario_says_when_it_starts(opened: Any) -> None:
    tab = opened().tab
    said = "one => [chainwright.period(one, 2), chainwright.bare(one, 2), chainwright.period(one, 0), chainwright.period(one, 9)]"
    dated = {"period_word": "week", "dates": ["2026-01-05", "2026-01-12"]}
    assert tab.evaluate(said, dated) == ["week 2 (2026-01-12)", "week 2", "the start", "week 9"]
    assert tab.evaluate(said, {"period_word": "week", "dates": []}) == ["week 2", "week 2", "the start", "week 9"]


def test_what_was_changed_by_hand_is_listed_by_its_days_and_says_them_once(opened: Any) -> None:
    tab = opened().tab
    acts = [
        {"number": 1, "period": 21, "kind": "disrupt", "label": "brewery closes for 4 weeks from week 21 on"},
        {"number": 2, "period": 5, "kind": "lever", "label": "target 17, was 16"},
    ]
    timeline = {"period_word": "week", "dates": [], "acts": acts}
    list_of = "chainwright.actsList({timeline: () => timeline}, 'a')[1]"
    told = tab.evaluate(f"timeline => [...{list_of}.querySelectorAll('span')].map((one) => one.textContent)", timeline)
    assert [one for one in told if one] == ["Week 5", "target 17, was 16", "Week 21", "brewery closes for 4 weeks"]
