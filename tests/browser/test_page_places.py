"""Where the parts of a page stand in a real browser: on a telephone, on a low page, on paper, over the whole page, and before a class."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from chainwright.app.visualiser.page import PARTS
from tests.browser.pages import page_of
from tests.browser.settling import settle
from tests.browser.watched import BEGIN, SEEN, packets

PLACES = "".join(f'<div data-part="{kind}"></div>' for kind in PARTS if kind != "gallery")
BOXES = """
Object.fromEntries([...document.querySelectorAll('.cw-screen > .cw-part')].map(one => [one.dataset.part, one.getBoundingClientRect().toJSON()]))
"""


def page(browser: Any, folder: Path, width: int, height: int, **state: Any) -> Any:
    """A tab with all parts of the page."""
    tab = browser.new_page(viewport={"width": width, "height": height})
    tab.goto(page_of(folder, packets(), PLACES))
    tab.evaluate(BEGIN, {"a": "a", "b": None, "baseline": "z", "period": SEEN, **state})
    settle(tab)
    return tab


def boxes(tab: Any) -> dict[str, dict[str, float]]:
    settle(tab)
    found: dict[str, dict[str, float]] = tab.evaluate(BOXES)
    return found


def test_on_a_telephone_charts_come_before_the_inspector(browser: Any, tmp_path: Path) -> None:
    tab = page(browser, tmp_path, 360, 740)
    found = boxes(tab)
    order = [kind for kind in sorted(found, key=lambda kind: found[kind]["top"]) if kind in ("tiles", "network", "charts", "inspector")]
    assert order == ["tiles", "network", "charts", "inspector"]
    # Whoever goes through the page by the keyboard meets them in the same order.
    assert [kind for kind in PARTS if kind in order] == order
    tab.close()


@pytest.mark.parametrize(("size", "stays"), [((1280, 460), False), ((640, 400), False), ((360, 740), True)])
def test_bars_give_way_on_a_low_page(browser: Any, tmp_path: Path, size: tuple[int, int], stays: bool) -> None:
    # A window of 1280 by 800 at a zoom of 200 % is 640 by 400.
    tab = page(browser, tmp_path, *size)
    tab.evaluate("window.scrollTo(0, 500)")
    found = boxes(tab)
    # Of a low page nothing is taken away while one reads on; on a tall one bar and timeline stay in sight.
    assert (found["bar"]["bottom"] > 0) is stays
    assert (found["timeline"]["top"] < size[1]) is stays
    tab.close()


SHEET = 703  # pixels across an upright sheet of A4 with margins of 12 millimetres


@pytest.mark.parametrize("width", [360, 1280])
def test_on_paper_whole_panels_stand_below_each_other(browser: Any, tmp_path: Path, width: int) -> None:
    tab = page(browser, tmp_path, width, 740, theme="dark")
    before = boxes(tab)
    tab.evaluate("window.dispatchEvent(new Event('beforeprint'))")
    tab.emulate_media(media="print")
    tab.set_viewport_size({"width": SHEET, "height": 1000})
    found = boxes(tab)
    order = ["bar", "tiles", "network", "charts", "inspector", "timeline"]
    assert all(found[one]["bottom"] <= found[other]["top"] for one, other in pairwise(order))
    assert all(0 <= found[kind]["left"] < found[kind]["right"] <= SHEET for kind in order)
    # Drawings are whole, and letters dark on white.
    assert tab.evaluate("document.documentElement.scrollWidth") <= SHEET
    inside = """
    () => [[".cw-network", ".above"], [".cw-charts", ".cw-plot"]].every(([panel, drawing]) => {
      const [outer, inner] = [panel, `${panel} ${drawing}`].map((one) => document.querySelector(one).getBoundingClientRect());
      return inner.left >= outer.left && inner.right <= outer.right + 1 && inner.bottom <= outer.bottom + 1 && inner.width > 250;
    })
    """
    assert tab.evaluate(inside)
    assert tab.evaluate("getComputedStyle(document.querySelector('.cw-screen')).getPropertyValue('--paper')").strip() == "#ffffff"
    tiles = tab.evaluate("[...document.querySelectorAll('.tile')].map(one => one.getBoundingClientRect().right)")
    assert len(tiles) == 6
    assert max(tiles) <= SHEET
    # Nothing that only works on a screen.
    assert tab.evaluate("[...document.querySelectorAll('.cw-button, select')].filter(one => one.checkVisibility()).length") == 0
    tab.emulate_media(media="screen")
    tab.set_viewport_size({"width": width, "height": 740})
    tab.evaluate("window.dispatchEvent(new Event('afterprint'))")
    assert boxes(tab) == before
    tab.close()


@pytest.mark.parametrize("width", [360, 1280])
@pytest.mark.parametrize("kind", ["network", "charts", "inspector"])
def test_each_panel_fills_the_page_and_gives_it_back(browser: Any, tmp_path: Path, kind: str, width: int) -> None:
    tab = page(browser, tmp_path, width, 740)
    before = boxes(tab)
    button = tab.locator(f".cw-{kind} [data-fill]").first
    button.click()
    found = boxes(tab)
    seen = {name for name, box in found.items() if box["width"] and name != "panel"}
    # One still plays and looks back.
    assert seen == {"bar", kind, "timeline"}
    assert found[kind]["width"] > 0.9 * width
    assert found[kind]["height"] > 0.6 * 740
    assert found["timeline"]["bottom"] <= 741
    assert button.get_attribute("aria-pressed") == "true"
    assert tab.locator(".cw-network .node").count() == 6
    tab.keyboard.press("Escape")
    assert boxes(tab) == before
    assert button.get_attribute("aria-pressed") == "false"
    tab.close()


def test_two_networks_share_the_page(browser: Any, tmp_path: Path) -> None:
    parts = PLACES.replace('<div data-part="charts">', '<div data-part="network" data-side="b"></div><div data-part="charts">')
    tab = browser.new_page(viewport={"width": 1280, "height": 740})
    tab.goto(page_of(tmp_path, packets(), parts))
    tab.evaluate(BEGIN.replace("place, store)", "place, store, place.dataset)"), {"a": "a", "b": "b", "period": SEEN, "filled": "network"})
    settle(tab)
    one, other = (box.bounding_box() for box in tab.locator(".cw-network.cw-part").all())
    assert one["x"] + one["width"] <= other["x"]
    assert min(one["height"], other["height"]) > 450
    tab.close()


SMALLEST = """
() => {
  const walker = document.createTreeWalker(document.querySelector(".cw-screen"), NodeFilter.SHOW_TEXT), found = [];
  while (walker.nextNode()) {
    const text = walker.currentNode, element = text.parentElement;
    if (!text.textContent.trim() || element.closest("title, .cw-hidden, .skip, option, .sign")) continue;
    if (!element.checkVisibility({visibilityProperty: true})) continue;
    found.push([parseFloat(getComputedStyle(element).fontSize), text.textContent]);
  }
  return found.filter(([size]) => size < 18);
}
"""


@pytest.mark.parametrize("size", [(1280, 720), (1920, 1080)])
def test_before_a_class_letters_are_large_and_the_chart_is_larger(browser: Any, tmp_path: Path, size: tuple[int, int]) -> None:
    tab = page(browser, tmp_path, *size)
    drawing = "(({width, height}) => width * height)(document.querySelector('.cw-charts .place').getBoundingClientRect())"
    before = tab.evaluate(drawing)
    assert tab.evaluate(SMALLEST) != []
    tab.keyboard.press("p")
    settle(tab)
    for chart in tab.evaluate("chainwright.chartTabs"):
        tab.evaluate("chart => store.set({chart})", chart)
        settle(tab)
        assert tab.evaluate(SMALLEST) == []
    tab.evaluate("store.set({selected: {enterprise: 2}, chart: 'orders'})")
    settle(tab)
    assert tab.evaluate(SMALLEST) == []
    tab.evaluate("store.set({selected: null})")
    assert tab.evaluate(drawing) > 1.3 * before
    # Nothing runs out of the page, and nothing lies on anything else.
    found = [box for name, box in boxes(tab).items() if box["width"] and name != "panel"]
    assert all(box["left"] >= 0 and box["right"] <= size[0] and box["bottom"] <= size[1] + 1 for box in found)
    buttons = [one.bounding_box() for one in tab.locator(".cw-bar .cw-button:visible").all()]
    assert all(one["x"] + one["width"] <= other["x"] + 1 for one, other in pairwise(sorted(buttons, key=lambda box: box["x"])))
    tab.keyboard.press("p")
    settle(tab)
    assert tab.evaluate(drawing) == before
    tab.close()


# Names in the legend of which a word is broken or that are cut: each piece of a name stands on one line, and nothing of it is hidden.
BROKEN = """
() => [...document.querySelectorAll('.cw-charts .legend .toggle .name')].filter(name => {
  if (name.scrollWidth > name.clientWidth + 1 || name.scrollHeight > name.clientHeight + 1) return true;
  const walk = document.createTreeWalker(name, NodeFilter.SHOW_TEXT), range = document.createRange();
  for (let text; (text = walk.nextNode()); )
    for (const word of text.textContent.matchAll(/\\S+/g)) {
      range.setStart(text, word.index);
      range.setEnd(text, word.index + word[0].length);
      if (new Set([...range.getClientRects()].map(box => box.top)).size > 1) return true;
    }
  return false;
}).map(name => name.textContent)
"""


@pytest.mark.parametrize("size", [(1280, 720), (1920, 1080)])
def test_before_a_class_names_beside_two_runs_are_whole(browser: Any, tmp_path: Path, size: tuple[int, int]) -> None:
    tab = page(browser, tmp_path, *size, b="b", projector=True)
    for chart in tab.evaluate("chainwright.chartTabs"):
        tab.evaluate("chart => store.set({chart})", chart)
        settle(tab)
        assert tab.evaluate(BROKEN) == [], chart
    tab.close()
