"""What was done outlives a reload, another server and the gallery: runs, what stands beside them, and those of a file of one's own."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import chainwright as cw
from chainwright.app.visualiser.sharing.share_links import read
from chainwright.scenario.starter import starter
from tests.browser.serving import served
from tests.browser.settling import settle

pytest.importorskip("solara", reason="solara is not installed: pip install '.[app]'")

CLOSURE = """
([timeline, period, label]) => chainwright.store.send({kind: 'disrupt', timeline, period, seen: period, label,
  disruption: {kind: 'closure', target: {enterprise: '*'}, duration: 2}})
"""
ACTS = "chainwright.store.timeline().acts.map(act => act.label)"

@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with served(tmp_path_factory.mktemp("nothing_lost")) as found:
        yield found


@pytest.fixture
def tab(browser: Any, address: str) -> Iterator[Any]:
    context = browser.new_context(viewport={"width": 1280, "height": 720})
    made = context.new_page()
    made.set_default_timeout(60_000)
    made.goto(address)
    made.wait_for_function("window.chainwright && chainwright.store && chainwright.store.gallery")
    settle(made)
    yield made
    context.close()


def begun(tab: Any, period: int = 0) -> None:
    """Wait until a run is shown, in a period."""
    tab.wait_for_selector(".cw-network svg [data-enterprise]")
    tab.wait_for_function("period => chainwright.store.state.period === period && chainwright.store.timeline().played >= period", arg=period)
    settle(tab)


def to(tab: Any, period: int) -> None:
    tab.evaluate("period => chainwright.playerOf(chainwright.store).to(period)", period)
    tab.wait_for_function("period => chainwright.store.state.period === period && chainwright.store.timeline().played >= period", arg=period)
    settle(tab)


def written(tab: Any, period: int, *labels: str) -> None:
    """Wait until the address says the period and what was done by hand in the timeline that is watched."""

    def said(address: str) -> bool:
        found = read(address.removeprefix("#")) if len(address) > 20 else None
        return found is not None and (found.period, [act["label"] for act in found.acts]) == (period, list(labels))

    while not said(now := tab.evaluate("location.hash")):
        tab.wait_for_function("now => location.hash !== now", arg=now)


def close_all(tab: Any, label: str) -> None:
    """Something is done by hand in the period that is looked at."""
    tab.evaluate(CLOSURE, [tab.evaluate("chainwright.store.state.a"), tab.evaluate("chainwright.store.state.period"), label])
    tab.wait_for_function("label => chainwright.store.timeline().acts.some(act => act.label === label)", arg=label)


def costs(tab: Any, side: str = "a") -> float:
    found = "side => { const s = chainwright.store; return s.series(s.state[side], 'measures', 'total_cost')[s.state.period - 1]; }"
    tab.wait_for_function("side => chainwright.store.timeline(chainwright.store.state[side]).played >= chainwright.store.state.period", arg=side)
    return float(tab.evaluate(found, side))


def test_a_reload_brings_back_both_timelines_and_the_period(tab: Any) -> None:
    tab.locator("[data-card=beer_game]").click()
    begun(tab)
    to(tab, 8)
    close_all(tab, "first")
    written(tab, 8, "first")
    to(tab, 14)
    # A branch from the tenth week on, in which something else is done.
    to(tab, 10)
    tab.keyboard.press("b")
    tab.wait_for_function("chainwright.store.state.b !== null")
    settle(tab)
    close_all(tab, "second")
    to(tab, 13)
    written(tab, 13, "first", "second")
    numbers = costs(tab), costs(tab, "b")
    assert numbers[0] != numbers[1]
    tab.reload()
    begun(tab, 13)
    tab.wait_for_function("chainwright.store.state.b !== null && chainwright.store.timeline(chainwright.store.state.b)")
    assert (costs(tab), costs(tab, "b")) == numbers
    assert tab.evaluate(ACTS) == ["first", "second"]
    # The original, too, is among the runs of late.
    tab.keyboard.press("g")
    tab.locator(".cw-gallery .recent .run").first.wait_for()
    assert tab.locator(".cw-gallery .recent .run").count() == 2
    tab.locator(".cw-gallery .recent .run").nth(1).click()
    tab.wait_for_function("chainwright.store.state.view === 'screen' && chainwright.store.state.b === null")
    assert tab.evaluate(ACTS) == ["first"]


def test_a_reload_keeps_the_speed_the_layout_and_whom_one_had_chosen(tab: Any) -> None:
    tab.locator("[data-card=beer_game]").click()
    begun(tab)
    to(tab, 3)
    tab.get_by_label("Speed").select_option(label="16 a second")
    tab.get_by_label("Layout of the network").first.select_option("flows")
    tab.locator(".cw-network [data-enterprise='2'] [role=button]").first.click()
    tab.locator(".cw-inspector details").first.wait_for()
    title = tab.locator(".cw-inspector h2").first.inner_text()
    written(tab, 3)
    tab.reload()
    begun(tab, 3)
    tab.locator(".cw-inspector details").first.wait_for()
    assert tab.locator(".cw-inspector h2").first.inner_text() == title
    assert tab.evaluate("[chainwright.store.state.speed, chainwright.store.state.layout]") == [16, "flows"]
    # Who opens the gallery and another run begins with nobody chosen.
    tab.keyboard.press("Escape")
    tab.wait_for_function("chainwright.store.state.selected === null")


def test_a_run_of_an_own_file_outlives_gallery_and_reload(tab: Any, tmp_path: Path) -> None:
    path = tmp_path / "tea.yaml"
    path.write_text(starter("Tea").replace("horizon: 52", "horizon: 30"), encoding="utf-8")
    tab.locator(".cw-gallery input[type=file]").set_input_files(path)
    tab.get_by_role("button", name="Open it").click()
    begun(tab)
    to(tab, 5)
    close_all(tab, "all closed")
    to(tab, 9)
    closure = {"kind": "closure", "target": {"enterprise": "*"}, "start": 6, "duration": 2}
    expected = cw.run(cw.load(path), periods=9, interventions=[(6, {"disruptions": [closure]})]).summary["total_cost"].iloc[0]
    assert costs(tab) == expected
    written(tab, 9, "all closed")
    tab.keyboard.press("g")
    tab.locator(".cw-gallery .recent .run", has_text="Tea").click()
    begun(tab, 9)
    assert (tab.evaluate(ACTS), costs(tab)) == (["all closed"], expected)
    written(tab, 9, "all closed")
    tab.reload()
    begun(tab, 9)
    assert (tab.evaluate(ACTS), costs(tab)) == (["all closed"], expected)
    # Where the browser has the file no more, its reader is asked for it.
    tab.evaluate("localStorage.removeItem('chainwright.files')")
    tab.reload()
    tab.get_by_text("This run is of “tea”, a file of your own.").wait_for()
    tab.locator(".cw-gallery input[type=file]").set_input_files(path)
    tab.get_by_role("button", name="Open it").click()
    begun(tab, 9)
    assert (tab.evaluate(ACTS), costs(tab)) == (["all closed"], expected)
    # Once no run of late needs it, the browser keeps it no longer.
    tab.keyboard.press("g")
    tab.get_by_role("button", name="Forget all").click()
    assert tab.evaluate("chainwright.kept('chainwright.files')") == []


def test_a_timeline_of_the_timeline_that_is_watched_is_what_the_address_and_the_next_change_are_about(tab: Any) -> None:
    tab.locator("[data-card=beer_game]").click()
    begun(tab)
    to(tab, 12)
    close_all(tab, "first")
    to(tab, 16)
    to(tab, 10)
    for later in (True, False):
        former = tab.evaluate("chainwright.store.state.a")
        tab.keyboard.press("b")
        if later:  # asked whether what was done later goes along, which it does not
            tab.locator(".cw-of-branch .keep input").uncheck()
            tab.locator(".cw-of-branch .first").click()
        tab.wait_for_function("former => chainwright.store.state.a !== former", arg=former)
        settle(tab)
    rows = tab.locator(".cw-timeline .timelines .timeline")
    assert rows.count() == 3
    original = rows.first.get_attribute("data-timeline")
    beside = tab.evaluate("chainwright.store.state.b")
    assert original not in (beside, tab.evaluate("chainwright.store.state.a"))
    rows.first.click()
    written(tab, 10, "first")
    to(tab, 16)
    written(tab, 16, "first")
    close_all(tab, "second")
    written(tab, 16, "first", "second")
    # Nothing of it has led back to what was watched before.
    assert (tab.evaluate("chainwright.store.state.a"), tab.evaluate("chainwright.store.state.b")) == (original, beside)
    # The one beside changes places with it.
    tab.locator(f".cw-timeline .timelines .timeline[data-timeline='{beside}']").click()
    tab.wait_for_function("one => chainwright.store.state.b === one", arg=original)
    written(tab, 16)
    tab.reload()
    begun(tab, 16)
    tab.wait_for_function("chainwright.store.state.b !== null && chainwright.store.timeline(chainwright.store.state.b)")
    assert tab.evaluate(ACTS.replace("timeline()", "timeline(chainwright.store.state.b)")) == ["first", "second"]
