"""What a reader meets while a timeline is played: nothing is stale, nothing sticks, and nobody loses a place or a run."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from tests.browser.serving import served
from tests.browser.settling import settle

pytest.importorskip("solara", reason="solara is not installed: pip install '.[app]'")

# What the list of enterprises should tell of the period that is looked at, in its order.
TOLD = """
() => {
  const cw = window.chainwright, store = cw.store;
  const words = (one) => one.outside ? cw.text("inspector.role_" + one.role)
    : cw.text(one.owed > 0 ? "inspector.owes" : "inspector.has", {owed: cw.number(one.owed), stock: cw.number(one.stock)});
  return cw.byTrouble(store, store.state.a, store.state.period).map((one) => [one.name, words(one)]);
}
"""
LISTED = """
[...document.querySelectorAll('.cw-inspector .trouble')].map(one => [one.querySelector('.name').textContent, one.querySelector('.what').textContent])
"""
SCROLLED = "document.querySelector('.cw-inspector .body').scrollTop"
RESTED = """
() => {
  const store = chainwright.store, answer = store.answers.inspection;
  return !store.state.playing && answer && answer.period === store.state.period;
}
"""


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with served(tmp_path_factory.mktemp("watching"), ["beer_game"]) as found:
        yield found


def begun(tab: Any) -> None:
    tab.wait_for_function("window.chainwright && chainwright.store && chainwright.store.state.view === 'screen' && chainwright.store.timeline()")
    tab.wait_for_selector(".cw-network svg [data-enterprise]")
    settle(tab)


def to(tab: Any, period: int) -> None:
    tab.evaluate("period => chainwright.playerOf(chainwright.store).to(period)", period)
    shown(tab, period)


def shown(tab: Any, period: int) -> None:
    tab.wait_for_function("period => chainwright.store.state.period === period && chainwright.store.timeline().played >= period", arg=period)
    settle(tab)


@pytest.fixture
def tab(browser: Any, address: str) -> Iterator[Any]:
    context = browser.new_context(viewport={"width": 1280, "height": 720})
    made = context.new_page()
    made.set_default_timeout(60_000)
    made.goto(address)
    begun(made)
    yield made
    context.close()


def test_the_list_of_enterprises_follows_every_period(tab: Any) -> None:
    tab.evaluate("chainwright.store.send({kind: 'need', timeline: chainwright.store.state.a, to: 12})")
    tab.wait_for_function("chainwright.store.timeline().played >= 12")
    # As while it is played, but at the pace of this test: the player itself has nothing to show.
    tab.evaluate("chainwright.store.set({speed: 0.001}); chainwright.store.set({playing: true})")
    for period in range(1, 13):
        tab.evaluate("period => chainwright.store.set({period})", period)
        settle(tab)
        assert tab.evaluate(LISTED) == [list(one) for one in tab.evaluate(TOLD)]
    # Whoever points at it finds each in its place, with the numbers of now.
    tab.locator(".cw-inspector .trouble").nth(1).hover()
    before = [name for name, _ in tab.evaluate(LISTED)]
    tab.evaluate("chainwright.store.set({period: 2})")
    settle(tab)
    now = dict(tab.evaluate(LISTED))
    assert list(now) == before
    assert now == dict(tab.evaluate(TOLD))
    tab.mouse.move(300, 300)
    tab.wait_for_function(f"wanted => JSON.stringify({LISTED.strip()}) === JSON.stringify(wanted)", arg=tab.evaluate(TOLD))


def test_the_inspector_keeps_its_place_while_it_is_played(tab: Any) -> None:
    to(tab, 10)
    tab.evaluate("chainwright.store.set({selected: {enterprise: 2}})")
    tab.locator(".cw-inspector .sections details").first.wait_for()
    tab.evaluate("document.querySelector('.cw-inspector .body').scrollTop = 200")
    place = tab.evaluate(SCROLLED)
    assert place == 200
    tab.evaluate("chainwright.store.set({speed: 1})")
    tab.locator(".cw-bar .first").click()
    tab.locator(".cw-inspector .live").wait_for()
    tab.locator(".cw-bar .first").click()
    tab.wait_for_function(RESTED)
    settle(tab)
    assert tab.evaluate(SCROLLED) == place


def test_what_was_begun_in_the_inspector_stays_while_it_is_played(tab: Any) -> None:
    to(tab, 10)
    tab.evaluate("chainwright.store.set({selected: {enterprise: 2}})")
    tab.locator(".cw-inspector .sections details").first.wait_for()
    tab.get_by_text("Policies", exact=True).click()
    policy = tab.locator(".cw-inspector .policy").filter(has=tab.get_by_role("spinbutton", name="smoothing")).first
    policy.get_by_role("spinbutton", name="smoothing").fill("0.9")
    tab.evaluate("chainwright.playerOf(chainwright.store).to(14)")
    tab.wait_for_function(RESTED)
    settle(tab)
    assert policy.get_by_role("spinbutton", name="smoothing").input_value() == "0.9"
    policy.get_by_role("button", name="Apply from week 15 on").click()
    tab.wait_for_function("chainwright.store.timeline().acts.length === 1")
    assert tab.evaluate("chainwright.store.timeline().acts[0].label").endswith("smoothing 0.36 → 0.9")
    # Applied, it is what holds, and nothing is left to be applied.
    tab.wait_for_function("document.querySelectorAll('.cw-inspector .lever .back:not([hidden])').length === 0")
    tab.locator(".cw-inspector select[data-key^='policy']").first.select_option("base_stock")
    tab.evaluate("chainwright.playerOf(chainwright.store).to(16)")
    tab.wait_for_function(RESTED)
    settle(tab)
    assert tab.locator(".cw-inspector select[data-key^='policy']").first.input_value() == "base_stock"


def test_what_is_told_of_an_enterprise_goes_with_a_right_click(tab: Any) -> None:
    to(tab, 5)
    card = tab.locator(".cw-network .card").first
    node = tab.locator(".cw-network [data-enterprise]").nth(2)
    node.hover()
    assert card.is_visible()
    node.click(button="right")
    tab.locator(".cw-of-disrupt").wait_for()
    assert not card.is_visible()
    tab.keyboard.press("Escape")
    tab.locator(".cw-of-disrupt").wait_for(state="detached")
    tab.mouse.move(640, 4)
    to(tab, 7)
    assert not card.is_visible()


def test_a_reload_while_it_is_played_comes_back_to_the_period(tab: Any) -> None:
    tab.evaluate("chainwright.store.set({speed: 16})")
    tab.locator(".cw-bar .first").click()
    tab.wait_for_function("chainwright.store.state.period >= 6 && location.hash.length > 10")
    assert tab.evaluate("chainwright.store.state.playing")
    tab.evaluate("window.addEventListener('pagehide', () => localStorage.setItem('left', chainwright.store.state.period))")
    tab.reload()
    begun(tab)
    left = int(tab.evaluate("localStorage.getItem('left')"))
    assert left >= 6
    shown(tab, left)


@pytest.mark.slow
def test_a_page_comes_back_when_the_server_is_started_again(browser: Any, tmp_path: Path) -> None:
    context = browser.new_context(viewport={"width": 1280, "height": 720})
    tab = context.new_page()
    tab.set_default_timeout(60_000)
    with served(tmp_path, ["beer_game"]) as address:
        port = urlsplit(address).port
        assert port is not None
        tab.goto(address)
        begun(tab)
        to(tab, 9)
        tab.wait_for_function("location.hash.length > 10")
    gone = tab.locator(".cw-gone")
    gone.wait_for()
    assert f"--port {port}" in gone.inner_text()
    with served(tmp_path, ["beer_game"], port):
        gone.wait_for(state="detached")
        begun(tab)
        shown(tab, 9)
        to(tab, 11)
    context.close()
