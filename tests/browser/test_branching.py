"""Branching in a real browser: what was done later goes along where one wants, and runs are called what their reader calls them."""

from __future__ import annotations

import re
from typing import Any

from chainwright.report.screen.bundle import texts
from tests.browser.parts_page import PERIOD

# The brewery closed in week 20; whoever looks at week 15 looks at a time before.
EARLIER = 15
CLOSED = "The brewery closes for 4 weeks"


def test_what_was_done_later_is_asked_about_and_goes_along(opened: Any) -> None:
    page = opened()
    page.watch()
    page.press("b")
    # Nothing was done later: there is nothing to ask.
    assert page.sent("branch") == [{"kind": "branch", "timeline": "a", "period": PERIOD}]
    page.set(period=EARLIER)
    page.press("b")
    dialog = page.tab.locator(".cw-of-branch")
    assert CLOSED in dialog.locator(".keep").inner_text()
    assert dialog.locator(".keep input").is_checked()
    page.tab.keyboard.type("a better policy")
    page.press("Enter")
    page.press("b")
    dialog.locator(".keep input").uncheck()
    dialog.get_by_role("button", name="Branch", exact=True).click()
    said = {"kind": "branch", "timeline": "a", "period": EARLIER}
    assert page.sent("branch")[1:] == [{**said, "label": "a better policy", "keep": True}, {**said, "label": "", "keep": False}]
    assert dialog.count() == 0


def test_who_acts_in_the_past_is_asked_about_what_was_done_later(opened: Any) -> None:
    page = opened()
    page.watch()
    page.press("d")
    keep = page.tab.locator(".cw-of-disrupt .keep")
    assert not keep.is_visible()
    page.press("Escape")
    page.set(period=EARLIER)
    page.press("d")
    assert CLOSED in keep.inner_text()
    page.tab.locator(".cw-of-disrupt .first").click()
    page.press("d")
    keep.locator("input").uncheck()
    page.tab.locator(".cw-of-disrupt .first").click()
    assert [one["keep"] for one in page.sent("disrupt")] == [True, False]


def test_a_lever_of_the_past_keeps_what_was_done_later(opened: Any, packets: Any) -> None:
    page = opened()
    page.watch(selected={"enterprise": 2})
    page.tab.locator(".cw-inspector .sections details").first.wait_for()
    # The same enterprise as it was earlier.
    page.set(period=EARLIER)
    page.receive(kind="inspection", timeline="a", period=EARLIER, enterprise=2, data=packets[1]["e2"])
    policy = page.tab.locator(".cw-inspector .policy").filter(has=page.tab.locator("input[type=number]")).first
    page.tab.evaluate("document.querySelectorAll('.cw-inspector details').forEach(one => (one.open = true))")
    assert not policy.locator(".keep").is_visible()
    policy.locator("input[type=number]").first.fill("0.5")
    assert CLOSED in policy.locator(".keep").inner_text()
    policy.locator(".apply button").click()
    (said,) = page.sent("act")
    assert (said["period"], said["keep"]) == (EARLIER, True)


def test_a_run_is_called_what_its_reader_calls_it(opened: Any) -> None:
    page = opened()
    page.watch()
    page.press("n")
    field = page.tab.locator(".cw-of-rename input")
    assert field.input_value() == ""
    page.tab.keyboard.type("the strike")
    page.press("Enter")
    assert page.sent("rename") == [{"kind": "rename", "timeline": "a", "label": "the strike"}]
    page.receive(kind="label", timeline="a", label="the strike")
    assert "the strike" in page.tab.locator(".cw-bar .beside").inner_text()
    assert page.tab.evaluate("chainwright.timelineName(store, 'a')") == "the strike"
    page.tab.get_by_role("button", name="Name this run").click()
    assert field.input_value() == "the strike"


def test_the_run_with_nothing_done_by_hand_has_one_name(opened: Any) -> None:
    page = opened()
    page.watch()
    assert page.tab.evaluate("chainwright.nameOf(store, 'b')") == "nothing done by hand"
    page.press("c")
    assert page.tab.locator(".cw-of-compare label").first.inner_text().startswith("nothing done by hand")
    # What a reader watches is a run; a timeline is what Python plays.
    said = [text for text in texts().values() if re.search(r"unchanged|nothing changed|\bcourses?\b", text, re.IGNORECASE)]
    assert said == []


def test_a_run_beside_the_one_with_nothing_done_by_hand_is_called_by_what_was_done(opened: Any) -> None:
    page = opened()
    page.watch()
    # Shown beside it, the run with nothing done by hand begins as a branch.
    page.receive(kind="branch", timeline="b", parent="a", at=PERIOD - 5, label="nothing done by hand", acts=[])
    page.set(b="b", timelines=[{"id": one, "label": "", "scenario": "The beer game"} for one in "ab"])
    assert page.tab.evaluate("['a', 'b'].map(side => chainwright.timelineName(store, side))") == ["1 change by hand", "nothing done by hand"]
