"""The page's own parts in a real browser: layout, gallery, keys, messages, address."""

from __future__ import annotations

import re
from typing import Any

import pytest

from chainwright.report.screen import bundle
from tests.browser.axe import violations
from tests.browser.parts_page import PERIOD


def test_every_text_stands_in_the_table() -> None:
    script = bundle.library()
    used = set(re.findall(r'cw\.text\("([\w.]+)"', script))
    assert used
    assert sorted(used - set(bundle.texts())) == []
    assert "innerHTML" not in script


def test_texts_have_the_places_that_are_filled_in(opened: Any) -> None:
    page = opened()
    for kind in ("disrupt", "compare", "many", "share", "help"):
        page.watch(open={"kind": kind}, selected={"enterprise": 2})
        said = page.tab.evaluate("document.body.innerText")
        assert re.findall(r"\{\w+\}|\b(?:undefined|NaN|null)\b|\[object", said) == []
        keys = re.findall(r"\b(?:page|bar|gallery|inspector|disrupt|panel|compare|many|share|keys)\.[a-z_]+", said)
        assert keys == []
        page.set(open=None)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", [(1280, 720), (360, 740), (1920, 1080)])
def test_nothing_is_wider_than_the_page(opened: Any, size: tuple[int, int], scheme: str) -> None:
    page = opened(*size, scheme)
    assert page.tab.evaluate("document.documentElement.scrollWidth") <= size[0]
    page.watch(selected={"enterprise": 2})
    page.tab.wait_for_selector(".cw-inspector .steps")
    wide, high = page.tab.evaluate("[document.documentElement.scrollWidth, document.documentElement.scrollHeight]")
    assert wide <= size[0]
    if size[0] >= 1280:
        assert high <= size[1]
    page.tab.evaluate("() => document.querySelectorAll('.cw-inspector details').forEach(one => one.open = true)")
    over = "() => { const one = document.querySelector('.cw-inspector .body'); return one.scrollWidth - one.clientWidth; }"
    assert page.tab.evaluate(over) <= 1
    assert page.tab.evaluate("document.querySelector('.cw-screen').dataset.theme") == scheme


def test_names_take_another_side_before_they_go(opened: Any) -> None:
    def shown(*marks: dict[str, Any]) -> list[str | None]:
        """Of marks of 8 pixels and their names of 60, on which side each name is written, among more than a dozen others far away."""
        return opened().tab.evaluate(  # type: ignore[no-any-return]
            """(said) => {
              const element = (name) => document.createElementNS("http://www.w3.org/2000/svg", name);
              const far = Array.from({length: 13}, (_, number) => ({x: 2000, y: 100 * number}));
              const made = (one) => ({r: 8, side: "below", enterprises: [0], ...one});
              const texts = () => ({name: element("text"), number: element("text"), figures: null});
              const marks = [...said, ...far].map((one) => ({node: made(one), width: 60, group: element("g"), ...texts()}));
              chainwright.placeNames(marks, {scale: 1}, 12, (mark) => mark.node.important);
              const beside = ({name}) => name.getAttribute("text-anchor") !== "middle";
              const side = ({name, node}) => beside({name}) ? "beside" : Number(name.getAttribute("y")) < 0 ? "above" : node.side;
              return marks.slice(0, said.length).map((mark) => mark.group.classList.contains("named") ? side(mark) : null);
            }""",
            list(marks),
        )

    assert shown({"x": 100, "y": 100}, {"x": 170, "y": 100}) == ["below", "below"]
    # Side by side they would touch: one goes above its mark, a third beside it where there is room.
    assert shown({"x": 100, "y": 100}, {"x": 162, "y": 100}) == ["below", "above"]
    assert shown({"x": 100, "y": 100}, {"x": 140, "y": 100}, {"x": 120, "y": 100}, {"x": 130, "y": 100}) == ["below", "above", None, None]
    assert shown({"x": 100, "y": 100}, {"x": 140, "y": 100}, {"x": 160, "y": 100}) == ["below", "above", "beside"]
    # Who is looked at has the first choice, and nobody's name goes where the tools are.
    assert shown({"x": 100, "y": 100}, {"x": 162, "y": 100, "important": True}) == ["above", "below"]
    assert shown({"x": 100, "y": 60}, {"x": 162, "y": 60}) == ["below", "beside"]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_an_audit_finds_nothing_serious(opened: Any, scheme: str) -> None:
    page = opened(scheme=scheme)
    assert violations(page.tab) == []
    page.receive(kind="mistakes", name="x.yaml", mistakes=[{"line": 2, "column": 3, "path": "lanes", "message": "no such enterprise"}])
    assert violations(page.tab) == []
    page.watch(selected={"enterprise": 2})
    page.tab.wait_for_selector(".cw-inspector .steps")
    page.tab.evaluate("() => document.querySelectorAll('.cw-inspector details').forEach(one => one.open = true)")
    assert violations(page.tab) == []
    for kind in ("disrupt", "compare", "many", "share", "help"):
        page.set(open={"kind": kind})
        assert page.tab.get_by_role("dialog").is_visible()
        assert violations(page.tab) == [], kind
        page.press("Escape")


def test_targets_are_large_enough(opened: Any) -> None:
    page = opened()
    small = """() => [...document.querySelectorAll('button, select, input:not([type=radio]):not([type=checkbox]):not([type=file]), summary')]
        .filter(one => one.offsetParent)
        .filter(one => { const box = one.getBoundingClientRect(); return box.width < 24 || box.height < 24; })
        .map(one => one.outerHTML.slice(0, 120))"""
    assert page.tab.evaluate(small) == []
    page.watch(selected={"enterprise": 2})
    page.tab.wait_for_selector(".cw-inspector .steps")
    page.tab.evaluate("() => document.querySelectorAll('.cw-inspector details').forEach(one => one.open = true)")
    assert page.tab.evaluate(small) == []


def test_the_gallery_searches_and_opens(opened: Any) -> None:
    page = opened()
    titles = page.tab.locator(".cw-gallery .card h3")
    assert titles.all_inner_texts() == ["The beer game", "<b>The newsvendor</b>"]
    page.tab.get_by_role("searchbox", name="Search the scenarios").fill("swing")
    assert titles.all_inner_texts() == ["The beer game"]
    page.tab.get_by_role("combobox", name="Variant of The beer game").select_option("pass_on")
    # The whole card is the button.
    page.tab.locator(".cw-gallery .lesson").click(force=True)
    assert page.sent("open") == [{"kind": "open", "scenario": "beer_game", "variant": "pass_on", "seed": None, "side": "a"}]
    page.tab.get_by_role("searchbox").fill("nothing of the kind")
    assert "nothing of the kind" in page.tab.locator(".cw-gallery .nothing").inner_text()


def test_a_file_of_ones_own_is_told_before_it_is_sent_and_its_mistakes_are_quoted(opened: Any) -> None:
    page = opened()
    text = "chainwright: 1\nlanes:\n  - {seller: nobody}\n"
    page.tab.set_input_files("#cw-own-file", {"name": "mine.yaml", "mimeType": "text/yaml", "buffer": text.encode()})
    page.tab.get_by_text("mine.yaml · 43 bytes").wait_for()
    assert page.sent("upload") == []
    page.tab.get_by_role("button", name="Open it").click()
    assert page.sent("upload") == [{"kind": "upload", "name": "mine.yaml", "text": text, "fragment": ""}]
    mistake = {"line": 3, "column": 14, "path": "lanes.0.seller", "message": "no enterprise is called nobody"}
    page.receive(kind="mistakes", name="mine.yaml", mistakes=[mistake])
    quoted = page.tab.locator(".cw-gallery .quoted").inner_text().split("\n")
    assert quoted[0] == "3   - {seller: nobody}"
    assert quoted[1].index("^") == quoted[0].index("nobody")
    page.tab.set_input_files("#cw-own-file", {"name": "large.yaml", "mimeType": "text/yaml", "buffer": b"x" * 2000})
    page.tab.get_by_text("at most 1 kB are read").wait_for()
    assert len(page.sent("upload")) == 1


def test_keys_do_what_the_list_says(opened: Any) -> None:
    page = opened()
    page.watch()
    for key, kind in (("d", "disrupt"), ("c", "compare"), ("m", "many"), ("s", "share"), ("?", "help")):
        page.press(key)
        assert page.tab.evaluate("store.state.open.kind") == kind
        # What is open hears its own keys only.
        page.press("b")
        page.press("Escape")
        assert page.tab.evaluate("store.state.open") is None
    assert page.sent("branch") == []
    page.press("b")
    assert page.sent("branch") == [{"kind": "branch", "timeline": "a", "period": PERIOD}]
    page.press("u")
    assert page.sent("undo") == [{"kind": "undo", "timeline": "a", "number": None}]
    for key, period in (("ArrowLeft", 23), ("ArrowRight", 24), ("Shift+ArrowLeft", 14), ("Home", 0), ("End", 24)):
        page.press(key)
        assert page.tab.evaluate("store.state.period") == period, key
    page.press("Space")
    assert page.tab.evaluate("store.state.playing")
    page.press("Space")
    assert not page.tab.evaluate("store.state.playing")
    page.press("g")
    assert len(page.sent("leave")) == 1


def test_keys_are_not_heard_while_something_is_written(opened: Any) -> None:
    page = opened()
    page.tab.get_by_role("searchbox").focus()
    page.tab.keyboard.type("?bd ")
    assert page.tab.get_by_role("searchbox").input_value() == "?bd "
    assert page.tab.evaluate("store.state.open") is None
    page.watch(selected={"enterprise": 2})
    page.tab.wait_for_selector(".cw-inspector .steps")
    page.tab.evaluate("() => document.querySelectorAll('.cw-inspector details').forEach(one => one.open = true)")
    page.tab.locator(".cw-inspector input[type=number]").first.focus()
    page.press("ArrowLeft")
    page.press("Home")
    assert page.tab.evaluate("store.state.period") == PERIOD


def test_a_dialog_keeps_the_keyboard_and_gives_the_place_back(opened: Any) -> None:
    page = opened()
    page.watch()
    share = page.tab.get_by_role("button", name="Share and export (S)")
    share.focus()
    page.press("Enter")
    dialog = page.tab.get_by_role("dialog", name="Share and export")
    assert dialog.is_visible()
    for _ in range(12):
        page.tab.keyboard.press("Tab")
        assert page.tab.evaluate("document.activeElement.closest('[role=dialog]') !== null")
    page.tab.keyboard.press("Shift+Tab")
    assert page.tab.evaluate("document.activeElement.closest('[role=dialog]') !== null")
    page.press("Escape")
    assert not dialog.is_visible()
    assert share.evaluate("one => one === document.activeElement")


def test_messages_are_read_aloud_and_what_was_refused_stays(opened: Any) -> None:
    page = opened()
    page.receive(kind="refused", message="there is no lane\n<b>x</b>")
    alert = page.tab.get_by_role("alert")
    assert alert.inner_text().strip() == "there is no lane\n<b>x</b>"
    page.set(message={"text": "played to the end", "kind": "note"})
    assert "played to the end" in page.tab.locator(".cw-panel [role=status]").first.inner_text()
    alert.get_by_role("button", name="Close this message").click()
    assert alert.inner_text() == ""


def test_back_and_forward_lead_to_gallery_and_run(opened: Any) -> None:
    page = opened()
    page.watch()
    page.tab.wait_for_function("location.hash === '#1.abc'")
    page.tab.go_back()
    page.tab.wait_for_function("window.sent.some(one => one.kind === 'leave')")
    page.set(view="gallery")
    # The run stands among those of late, and is opened from there.
    page.tab.locator(".cw-gallery .recent .run").click()
    assert page.sent("hello") == [{"kind": "hello", "fragment": "1.abc", "language": "en-US"}]
    page.tab.go_forward()
    page.tab.wait_for_function("window.sent.filter(one => one.kind === 'hello').length === 2")
    page.tab.get_by_role("button", name="Forget The beer game").click()
    assert not page.tab.locator(".cw-gallery .recent").is_visible()


def test_what_is_done_is_written_into_the_address_at_once_and_what_is_looked_at_soon(opened: Any) -> None:
    page = opened()
    page.watch()
    page.tab.wait_for_function("location.hash === '#1.abc'")
    before = len(page.sent("share"))
    page.set(period=PERIOD - 1)
    page.tab.wait_for_function("before => window.sent.filter(one => one.kind === 'share').length === before + 1", arg=before)
    assert page.sent("share")[-1]["period"] == PERIOD - 1
    # While it is played nothing is looked up for each period.
    page.set(playing=True)
    page.set(period=PERIOD)
    page.tab.evaluate("store.receive({kind: 'acts', timeline: 'a', acts: []}); store.set({playing: false})")
    page.tab.wait_for_function("before => window.sent.filter(one => one.kind === 'share').length === before + 2", arg=before)


def test_a_branch_and_what_it_came_from_are_two_runs_of_late(opened: Any) -> None:
    page = opened()
    page.watch()
    page.tab.wait_for_function("location.hash === '#1.abc'")
    page.receive(kind="branch", timeline="n", parent="a", at=5, label="from week 5", acts=[])
    page.set(a="n")
    page.receive(kind="share", fragment="1.other", own=False)
    found = page.tab.evaluate("chainwright.recent().map(one => [one.label, one.fragment])")
    assert found == [["from week 5", "1.other"], ["1 change by hand", "1.abc"]]


def test_that_python_does_not_answer_is_told_until_it_does(opened: Any) -> None:
    page = opened()
    page.watch()
    page.tab.wait_for_function("location.hash === '#1.abc'")
    page.set()
    page.tab.evaluate("store.send({kind: 'branch', timeline: 'a', period: 3})")
    waiting = page.tab.get_by_text("No answer yet. What you asked for will be done.")
    waiting.wait_for()
    page.receive(kind="state", state={})
    assert waiting.count() == 0


def test_the_theme_is_kept(opened: Any) -> None:
    page = opened()
    assert page.tab.evaluate("document.documentElement.lang") == "en"
    page.tab.get_by_role("button", name="Colours").click()
    page.set()
    page.tab.get_by_role("button", name="Colours").click()
    page.set()
    assert page.tab.evaluate("[store.state.theme, document.querySelector('.cw-screen').dataset.theme]") == ["dark", "dark"]
    assert page.tab.evaluate("chainwright.kept('chainwright.theme')") == "dark"


def test_a_dialog_is_closed_although_what_had_the_focus_is_gone(opened: Any) -> None:
    page = opened()
    page.watch(open={"kind": "compare"})
    page.tab.get_by_role("button", name="Draw bands").click()
    page.receive(kind="bands", timeline="a", job="bands", done=1, of=30)
    # What was drawn anew in its place has the keyboard.
    assert page.tab.evaluate("document.activeElement.textContent") == "Cancel"
    page.tab.evaluate("document.activeElement.blur()")
    page.press("Tab")
    assert page.tab.evaluate("document.activeElement.closest('[role=dialog]') !== null")
    page.tab.evaluate("document.activeElement.blur()")
    page.press("Escape")
    assert page.tab.get_by_role("dialog").count() == 0
    # The same key did not let go of anything else.
    assert page.tab.evaluate("store.state.open") is None


def test_the_menu_of_a_telephone_goes_by_escape_and_by_a_touch_beside_it(opened: Any) -> None:
    page = opened(360, 740)
    page.watch()
    more = page.tab.get_by_role("button", name="More")
    actions = page.tab.locator(".cw-bar .actions")
    more.click()
    assert actions.is_visible()
    page.press("Escape")
    assert not actions.is_visible()
    more.click()
    page.tab.locator(".cw-inspector").dispatch_event("pointerdown")
    assert not actions.is_visible()
    # A dialog that was opened from it gives the keyboard back to where the menu is found.
    more.click()
    page.tab.get_by_role("button", name="Share and export").click()
    page.set()
    page.press("Escape")
    assert more.evaluate("one => one === document.activeElement")


def test_dialogs_are_no_wider_than_a_telephone(opened: Any) -> None:
    page = opened(360, 740)
    page.watch()
    page.tab.evaluate("store.timelines.a.parameters[0].label = 'a very long name of a parameter '.repeat(4)")
    over = """() => [...document.querySelectorAll(".cw-dialog *")]
        .filter(one => one.getBoundingClientRect().right > 361 && !one.closest(".cw-scroll, pre")).length"""
    for kind in ("disrupt", "compare", "many", "share", "help"):
        page.set(open={"kind": kind})
        assert page.tab.evaluate(over) == 0, kind
        page.press("Escape")


def test_messages_lie_over_no_timeline(opened: Any) -> None:
    for size in ((1280, 720), (360, 740)):
        page = opened(*size)
        page.watch()
        timeline = "<div class='cw-timeline cw-part' style='position: fixed; bottom: 0; left: 0; right: 0; height: 90px'></div>"
        page.tab.evaluate("text => document.querySelector('.cw-screen').insertAdjacentHTML('beforeend', text)", timeline)
        page.receive(kind="refused", message="there is no lane")
        box = page.tab.locator(".cw-panel .message").bounding_box()
        assert box is not None
        assert box["y"] + box["height"] <= size[1] - 90
        # It was about this page, and is gone with it.
        page.set(view="gallery")
        assert page.tab.get_by_role("alert").inner_text() == ""


def test_a_card_says_what_is_too_large_and_what_would_do(opened: Any) -> None:
    page = opened()
    packet = page.tab.evaluate("store.gallery")
    large = {**packet["scenarios"][0], "name": "large", "title": "Large", "variants": ["small_one", "other"], "too_large": "200,001 enterprises"}
    cards = [large | {"fitting": ["small_one"]}, large | {"name": "larger", "title": "Larger", "fitting": []}]
    page.receive(**{**packet, "scenarios": cards})
    one, other = page.tab.locator(".cw-gallery .card").all()
    assert "200,001 enterprises" in one.inner_text()
    assert one.get_by_role("combobox").locator("option").all_inner_texts() == ["small one"]
    one.get_by_role("button").click()
    assert page.sent("open")[-1]["variant"] == "small_one"
    assert other.get_by_role("button").is_disabled()
    other.locator(".lesson").click()
    assert len(page.sent("open")) == 1


def test_the_keyboard_goes_along_between_gallery_and_screen(opened: Any) -> None:
    page = opened()
    opener = page.tab.get_by_role("button", name="Open The beer game")
    opener.focus()
    page.press("Enter")
    page.watch()
    assert page.tab.evaluate("document.activeElement.getAttribute('aria-label')") == "Play (space)"
    assert page.tab.get_by_role("button", name="Colours: as the system has them").is_visible()
    page.set(view="gallery")
    assert opener.evaluate("one => one === document.activeElement")
    page.watch()
    # Whom one chooses in the list is told in its place, and so is the list once nobody is chosen.
    page.tab.locator(".cw-inspector .trouble").nth(1).focus()
    page.press("Enter")
    assert page.tab.evaluate("document.activeElement.closest('.cw-inspector .head h2') !== null")
    page.press("Escape")
    assert page.tab.evaluate("document.activeElement.closest('.cw-inspector') !== null")
