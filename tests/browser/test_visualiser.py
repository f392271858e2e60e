"""The visualiser as a user meets it, in a real browser: what is painted, played, disrupted, rewound, branched and compared, and its numbers."""

from __future__ import annotations

import math
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import chainwright as cw
from chainwright.report.tables import shown
from tests.browser.axe import violations
from tests.browser.serving import served
from tests.browser.settling import settle

pytest.importorskip("solara", reason="solara is not installed: pip install '.[app]'")

SECONDS = 60
CLOSED_AT, CLOSED_FOR, BACK_TO, LAST = 40, 4, 12, 46
# Pictures for whoever wants to look at them.
PICTURES = os.environ.get("CHAINWRIGHT_PICTURES", "")


@pytest.fixture(scope="module")
def pictures(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = Path(PICTURES) if PICTURES else tmp_path_factory.mktemp("pictures")
    folder.mkdir(parents=True, exist_ok=True)
    return folder


class Reader:
    """Somebody before the page, who clicks, presses keys and reads."""

    def __init__(self, browser: Any, address: str, pictures: Path, **options: Any) -> None:
        self.address, self.pictures = address.partition("#")[0], pictures
        self.wrong: list[str] = []
        self.away: list[str] = []
        self.context = browser.new_context(**{"viewport": {"width": 1280, "height": 720}, **options})
        self.tab = self.context.new_page()
        self.tab.set_default_timeout(SECONDS * 1000)
        self.tab.on("console", lambda message: self.wrong.append(f"{message.text} {message.location['url']}") if message.type == "error" else None)
        self.tab.on("pageerror", lambda error: self.wrong.append(str(error)))
        self.tab.on("request", self._asked)
        self.tab.goto(address)

    def _asked(self, request: Any) -> None:
        if not request.url.startswith((self.address, "data:", "blob:", "ws://127.0.0.1")):
            self.away.append(request.url)

    def picture(self, name: str) -> None:
        settle(self.tab)
        # What moves (messages that fade in, a field that is wide for a moment) is at rest by then.
        self.tab.wait_for_timeout(350)
        self.tab.screenshot(path=self.pictures / f"{name}.png")

    def begun(self) -> None:
        self.tab.wait_for_selector(".cw-network svg [data-enterprise]")

    @property
    def period(self) -> int:
        return int(self.tab.evaluate("chainwright.store.state.period"))

    def at(self, period: int) -> None:
        """Wait until the page shows a period."""
        self.tab.wait_for_function("period => chainwright.store.state.period === period && chainwright.store.timeline().played >= period", arg=period)
        settle(self.tab)

    def step_to(self, period: int) -> None:
        """Step on by the button until the page shows a period."""
        while self.period < period:
            now = self.period
            self.tab.get_by_role("button", name="One forward (→)").click()
            self.at(now + 1)

    def tiles(self) -> dict[str, tuple[str, str, str]]:
        """By measure: its number in full, as it is shown, and what is said of its change."""
        settle(self.tab)
        found = self.tab.evaluate(
            "[...document.querySelectorAll('.cw-tiles [data-measure]')].map(tile => [tile.dataset.measure, tile.dataset.value,"
            " tile.querySelector('.value').textContent, tile.querySelector('.change').textContent])"
        )
        return {name: (value, text, change) for name, value, text, change in found}

    def told(self, what: str) -> dict[str, str]:
        """By measure what its tile tells beside the number: its ``change``, or the number of the ``other`` timeline."""
        settle(self.tab)
        found: dict[str, str] = self.tab.evaluate(
            "what => Object.fromEntries([...document.querySelectorAll('[data-measure]')].map(tile => [tile.dataset.measure, tile.dataset[what]]))",
            what,
        )
        return found

    def marks(self, side: int = 0) -> list[list[str]]:
        """Of every enterprise that is drawn: what a screen reader says, and how it looks."""
        settle(self.tab)
        found: list[list[str]] = self.tab.evaluate(
            "side => [...document.querySelectorAll('.cw-network.cw-part')[side].querySelectorAll('[data-enterprise]')].map(mark =>"
            " [mark.querySelector('[role=button]').getAttribute('aria-label'), mark.dataset.cover || '',"
            " mark.querySelector('.figures')?.textContent || '',"
            " ['short', 'closed'].filter(name => mark.classList.contains(name)).join(' ')])",
            side,
        )
        return found

    def lanes(self, side: int = 0) -> list[list[str]]:
        """Of every lane that is drawn: how wide it is, and whether it is crossed."""
        settle(self.tab)
        found: list[list[str]] = self.tab.evaluate(
            "side => [...document.querySelectorAll('.cw-network.cw-part')[side].querySelectorAll('.link')].map(link =>"
            " [link.querySelector('.lane').style.strokeWidth,"
            " [...link.querySelectorAll('.cross')].some(cross => getComputedStyle(cross).display !== 'none') ? 'crossed' : ''])",
            side,
        )
        return found

    def lines(self) -> list[str]:
        """The ways of the lines that the chart has drawn."""
        settle(self.tab)
        found: list[str] = self.tab.evaluate(
            "[...document.querySelectorAll('.cw-charts svg path')].map(line => line.getAttribute('d') || '').filter(way => way.length > 40)"
        )
        return found

    def inspected(self) -> str:
        settle(self.tab)
        return str(self.tab.locator(".cw-inspector").inner_text())

    def close(self) -> None:
        self.context.close()
        assert self.away == []
        # What sets formulas is asked for by Solara's frame, is not needed, and is the one thing that does not come along.
        assert [one for one in self.wrong if "katex" not in one] == []


def assert_tiles(tiles: dict[str, tuple[str, str, str]], result: cw.Result) -> None:
    """The numbers of the page are those of a run, in full and as they are shown."""
    assert len(tiles) >= 5
    for name, (value, text, _) in tiles.items():
        expected = float(result.summary[name].iloc[0])
        if math.isnan(expected):
            assert (value, text) == ("", "–"), name
        else:
            assert float(value) == expected, name
            assert text == shown(name, expected), name


@pytest.fixture(scope="module")
def battery(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with served(tmp_path_factory.mktemp("battery"), ["battery"]) as address:
        yield address


@pytest.fixture(scope="module")
def beer(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with served(tmp_path_factory.mktemp("beer"), ["beer_game", "--set", "horizon=60"]) as address:
        yield address


@pytest.mark.slow
def test_a_network_is_painted_moves_and_draws_lines(browser: Any, battery: str, pictures: Path) -> None:
    reader = Reader(browser, battery, pictures)
    reader.begun()
    tab = reader.tab
    scenario = cw.load("battery")
    assert tab.locator(".cw-network").first.locator("[data-enterprise]").count() == scenario.counts["enterprises"]
    assert tab.locator(".cw-network").first.locator(".lane").count() > 15
    assert reader.lines() == []
    tab.get_by_label("Speed").select_option(label="16 a second")
    tab.keyboard.press("Space")
    tab.wait_for_function("chainwright.store.state.period >= 30")
    tab.get_by_role("button", name="Pause").click()
    first = reader.period
    assert len(reader.lines()) >= 3
    before, marks = reader.lines(), reader.marks()
    reader.step_to(first + 3)
    assert reader.lines() != before
    assert reader.marks() != marks
    reader.picture("run")
    # During the warm-up nothing is measured yet, and the page says so.
    assert all(value == "" for value, _, _ in reader.tiles().values())
    tab.locator(".cw-network [data-enterprise='6'] [role=button]").first.click()
    tab.wait_for_selector(".cw-inspector details")
    reader.picture("inspector")
    # A key takes whoever has the keyboard, not who was chosen before.
    other = tab.locator(".cw-network [data-enterprise='7'] [role=button]").first
    other.focus()
    tab.keyboard.press("d")
    tab.get_by_role("dialog").wait_for()
    assert tab.get_by_label("Whom").input_value() == "e7"
    tab.keyboard.press("Escape")
    tab.get_by_role("dialog").wait_for(state="detached")
    tab.wait_for_function("chainwright.store.answers.inspection.enterprise === 7")
    settle(tab)
    assert violations(tab) == []
    for layout in ("flows", "echelon"):
        tab.get_by_label("Layout of the network").first.select_option(layout)
        reader.picture(f"layout_{layout}")
        assert violations(tab) == []
    tab.evaluate("chainwright.store.set({theme: 'dark'})")
    reader.picture("dark")
    assert violations(tab) == []
    tab.set_viewport_size({"width": 360, "height": 740})
    reader.picture("narrow")
    assert tab.evaluate("document.documentElement.scrollWidth") <= 360
    assert violations(tab) == []
    reader.close()


@pytest.mark.slow
def test_closing_rewinding_branching_and_comparing_has_the_numbers_of_runs(browser: Any, beer: str, pictures: Path) -> None:
    reader = Reader(browser, beer, pictures)
    reader.begun()
    tab = reader.tab
    reader.step_to(BACK_TO)
    then = (reader.tiles(), reader.marks(), reader.lanes())
    scenario = cw.load("beer_game").with_({"horizon": 60})
    assert_tiles(then[0], cw.run(scenario, periods=BACK_TO))
    tab.get_by_label("Speed").select_option(label="4 a second")
    tab.get_by_role("button", name="Play").click()
    tab.wait_for_function("chainwright.store.state.period >= 18")
    tab.get_by_role("button", name="Pause").click()
    assert reader.period <= CLOSED_AT
    reader.step_to(CLOSED_AT)

    # The brewery closes for four weeks, from the next week on.
    tab.locator(".cw-network [data-enterprise='4'] [role=button]").first.click(button="right")
    dialog = tab.get_by_role("dialog")
    dialog.wait_for()
    assert f"brewery closes for {CLOSED_FOR} weeks from week {CLOSED_AT + 1} on" in dialog.inner_text()
    reader.picture("disruption")
    assert violations(tab) == []
    dialog.get_by_role("button", name="Disrupt", exact=True).click()
    dialog.wait_for(state="detached")
    reader.step_to(CLOSED_AT + 2)
    assert "closed" in next(mark for mark in reader.marks() if mark[0].startswith("brewery"))[3]
    assert sum(bool(crossed) for _, crossed in reader.lanes()) == 2
    reader.step_to(LAST)
    closure = {"kind": "closure", "target": {"enterprise": "brewery"}, "start": CLOSED_AT + 1, "duration": CLOSED_FOR}
    closed = cw.run(scenario, periods=LAST, interventions=[(CLOSED_AT + 1, {"disruptions": [closure]})])
    plain = cw.run(scenario, periods=LAST)
    tab.wait_for_function("[...document.querySelectorAll('.cw-tiles .change')].some(change => change.textContent)")
    assert_tiles(reader.tiles(), closed)
    changes = reader.told("change")
    for name, change in changes.items():
        assert float(change) == pytest.approx(float(closed.summary[name].iloc[0] - plain.summary[name].iloc[0]), rel=1e-12, abs=1e-12), name
    assert tab.locator(".cw-timeline [data-act]").count() >= 1
    reader.picture("closed")

    # Back to the twelfth week, which is what it was.
    tab.locator(".cw-timeline [role=slider]").focus()
    for key in ["Shift+ArrowLeft"] * 3 + ["ArrowLeft"] * (LAST - 30 - BACK_TO):
        tab.keyboard.press(key)
    reader.at(BACK_TO)
    tiles, marks = reader.tiles(), reader.marks()
    assert {name: one[:2] for name, one in tiles.items()} == {name: one[:2] for name, one in then[0].items()}
    assert marks == then[1]
    assert reader.lanes() == then[2]
    assert not any(crossed for _, crossed in then[2])
    reader.picture("rewind")

    # A branch from there meets the same demand, and nobody closes: what was done later is not to be kept.
    tab.keyboard.press("b")
    dialog = tab.get_by_role("dialog")
    dialog.get_by_role("checkbox").uncheck()
    dialog.get_by_role("button", name="Branch").click()
    tab.wait_for_function("chainwright.store.state.b !== null")
    reader.step_to(LAST)
    tab.wait_for_function("period => chainwright.store.timeline(chainwright.store.state.b).played >= period", arg=LAST)
    assert_tiles(reader.tiles(), plain)
    others = reader.told("other")
    assert {name: float(value) for name, value in others.items()} == {name: float(closed.summary[name].iloc[0]) for name in others}
    assert tab.locator(".cw-network.cw-part:visible").count() == 2
    assert reader.marks(0) != reader.marks(1)
    reader.picture("compare")
    assert violations(tab) == []

    # The two change places, and the comparison ends; the link leads another visitor to the same run.
    second = tab.evaluate("chainwright.store.state.b")
    tab.keyboard.press("x")
    tab.wait_for_function("timeline => chainwright.store.state.a === timeline", arg=second)
    assert_tiles(reader.tiles(), closed)
    tab.keyboard.press("c")
    tab.get_by_role("button", name="End comparison").click()
    tab.wait_for_function("chainwright.store.state.b === null")
    tab.wait_for_function("location.hash.length > 20")
    tab.keyboard.press("s")
    link = tab.get_by_role("dialog").locator("input").first
    tab.wait_for_function("() => (document.querySelector('[role=dialog] input') || {}).value?.includes('#')")
    address = link.input_value()
    reader.picture("share")
    reader.close()
    other = Reader(browser, address, pictures)
    other.begun()
    other.at(LAST)
    assert_tiles(other.tiles(), closed)
    other.close()


def test_the_gallery_finds_opens_and_tells_mistakes(browser: Any, beer: str, pictures: Path, tmp_path: Path) -> None:
    reader = Reader(browser, beer + "#gallery", pictures)
    tab = reader.tab
    tab.get_by_role("searchbox").first.wait_for()
    tab.wait_for_function("chainwright.store.gallery && chainwright.store.gallery.scenarios.length > 8")
    tab.wait_for_function("document.querySelectorAll('.cw-gallery svg').length > 8")
    reader.picture("gallery")
    assert violations(tab) == []
    wrong = tmp_path / "wrong.yaml"
    wrong.write_text("chainwright: 1\ntitle: <b>Wrong</b>\nhorizn: 3\n", encoding="utf-8")
    tab.locator(".cw-gallery input[type=file]").set_input_files(wrong)
    tab.get_by_role("button", name="Open it").click()
    tab.get_by_text("horizn").first.wait_for()
    assert "3" in tab.locator(".cw-gallery").inner_text()
    reader.picture("mistakes")
    assert violations(tab) == []
    tab.get_by_role("searchbox").first.fill("newsvendor")
    cards = "[...document.querySelectorAll('.cw-gallery li, .cw-gallery article')]"
    tab.wait_for_function(f"{cards}.some(one => one.offsetParent && /newsvendor/i.test(one.textContent))")
    right = tmp_path / "right.yaml"
    right.write_text(cw.load("two_sources").to_yaml().replace("title: ", "title: <i>own</i> ", 1), encoding="utf-8")
    tab.locator(".cw-gallery input[type=file]").set_input_files(right)
    tab.get_by_role("button", name="Open it").click()
    reader.begun()
    # A name is a text, whatever stands in it.
    assert "<i>own</i>" in tab.locator(".cw-bar").inner_text()
    assert tab.locator(".cw-bar i").count() == 0
    reader.close()


@pytest.mark.slow
def test_two_thousand_enterprises_are_seen_by_tiers(browser: Any, pictures: Path, tmp_path: Path) -> None:
    with served(tmp_path, ["ten_thousand:two_thousand"]) as address:
        reader = Reader(browser, address, pictures)
        tab = reader.tab
        tab.wait_for_selector(".cw-network svg [data-group]")
        assert tab.locator(".cw-network").first.locator("[data-group]").count() == 5
        reader.step_to(3)
        tab.get_by_role("button", name="600 retailers").first.click()
        settle(tab)
        members = tab.locator(".cw-network .members .member")
        owed = tab.evaluate(
            "() => { const c = chainwright.store.timeline(), owed = chainwright.store.at(c.timeline, 'items', 'backorder', 3);"
            " const sums = c.enterprises.map(() => 0); c.items.forEach((item, row) => (sums[item.enterprise] += item.unlimited ? 0 : owed[row]));"
            " return c.enterprises.map((one, row) => [one.name, sums[row]]).filter((one, row) => c.enterprises[row].role === 'retailer'); }"
        )
        worst = max(owed, key=lambda one: one[1])[0]
        assert members.first.locator(".name").inner_text() == worst
        reader.picture("tiers")
        assert violations(tab) == []
        # One of them stands in the middle of its partners, and another one is found by its name.
        members.first.click()
        tab.wait_for_selector(f".cw-network [data-enterprise] [aria-label^='{worst},']")
        tab.locator(".cw-inspector h2", has_text=worst).wait_for()
        reader.picture("partners")
        tab.keyboard.press("f")
        tab.keyboard.type("manufacturer_000007")
        tab.keyboard.press("ArrowDown")
        tab.keyboard.press("Enter")
        tab.wait_for_selector(".cw-network [data-enterprise] [aria-label^='manufacturer_000007,']")
        reader.close()


def test_a_replay_opens_from_a_file_and_scrubs(browser: Any, tmp_path: Path, pictures: Path) -> None:
    from chainwright.app.cli import main

    path = tmp_path / "beer_game.html"
    with pytest.raises(SystemExit) as ended:
        main(["replay", "beer_game", "--out", str(path)])
    assert not ended.value.code
    assert path.stat().st_size < 3_000_000
    reader = Reader(browser, path.as_uri(), pictures)
    reader.begun()
    tab = reader.tab
    assert reader.period == 0
    tab.locator(".cw-timeline [role=slider]").focus()
    tab.keyboard.press("End")
    reader.at(36)
    assert_tiles(reader.tiles(), cw.run("beer_game"))
    for _ in range(19):
        tab.keyboard.press("ArrowLeft")
    reader.at(17)
    assert_tiles(reader.tiles(), cw.run("beer_game", periods=17))
    tab.locator(".cw-network [data-enterprise='2'] [role=button]").first.click()
    tab.get_by_text("anchor: expected demand").first.wait_for()
    asked = cw.run("beer_game", record=["orders"]).panel
    assert asked is not None
    order = asked[(asked["enterprise"] == "wholesaler") & (asked["period"] == 17)]["orders"].iloc[0]
    assert f"{order:.1f}" in reader.inspected()
    reader.picture("replay")
    assert violations(tab) == []
    assert all(url == path.as_uri() for url in reader.away), reader.away
    reader.away.clear()
    reader.close()
