"""Charts in a real browser: the numbers of the timeline, drawn, told, switched, zoomed, flagged, compared and kept."""

from __future__ import annotations

import csv
import io
import re
import xml.etree.ElementTree as ElementTree
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from chainwright.report import numerals
from tests.browser import axe
from tests.browser.settling import settle
from tests.browser.watched import BRANCHED, LABEL, SEEN, opened, packets, put, timelines

SELLERS = ["retailer", "wholesaler", "distributor", "brewery"]


def number(value: float, digits: int = 3) -> str:
    """A number as charts tell it."""
    return numerals.number(value, digits)


@pytest.fixture
def tab(browser: Any, tmp_path: Path) -> Iterator[Any]:
    made = opened(browser, tmp_path, packets(), baseline="z")
    yield made
    assert made.wrong == []
    made.close()


def legend(tab: Any) -> dict[str, list[str]]:
    """What stands beside each name."""
    rows = tab.locator(".cw-charts .legend .rows .row:has([data-series])")
    return {row.locator(".name").inner_text(): [one.inner_text() for one in row.locator(".value").all()] for row in rows.all()}


def lines(tab: Any) -> int:
    return int(tab.locator(".cw-charts .lines .line:not(.other, .ghost)").count())


def span(tab: Any) -> Any:
    return tab.evaluate("store.state.zoom")


def test_orders_are_those_of_the_timeline_with_their_amplification(tab: Any) -> None:
    kept = timelines()["a"].history.echelons
    for period in (7, 22, SEEN):
        put(tab, period=period)
        told = legend(tab)
        assert told["end demand"][0] == number(kept["demand"][period - 1, 0])
        for echelon, name in enumerate(SELLERS, 1):
            orders, demand = (kept[column][:period, echelon] for column in ("orders", "end_demand"))
            assert told[name] == [number(orders[-1]), f"×{number(np.var(orders, ddof=1) / np.var(demand, ddof=1), 2)}"]
    assert lines(tab) == 5


def test_every_tab_draws_and_is_reached_by_arrows(tab: Any) -> None:
    tab.locator("#cw-tab-orders").focus()
    drawn = {}
    for _ in range(6):
        settle(tab)
        chosen = tab.locator(".cw-charts [role=tab][aria-selected=true]")
        assert chosen.count() == 1
        assert tab.evaluate("document.activeElement.id") == chosen.get_attribute("id")
        drawn[chosen.get_attribute("data-chart")] = (
            lines(tab) if tab.locator(".cw-charts .place").is_visible() else 0,
            tab.locator(".cw-charts .areas .area").count(),
        )
        tab.keyboard.press("ArrowRight")
    # Lines of stock and of what is owed; kinds of costs one on the other and their sum; nobody is selected yet.
    assert drawn == {"orders": (5, 0), "stock": (8, 0), "service": (2, 0), "costs": (1, 2), "flows": (5, 0), "selected": (0, 0)}
    assert tab.evaluate("document.activeElement.id") == "cw-tab-orders"
    put(tab, chart="selected")
    tab.locator(".cw-charts .nothing select").select_option(label="wholesaler")
    settle(tab)
    assert tab.evaluate("store.state.selected") == {"enterprise": 2}
    assert lines(tab) == 5
    put(tab, selected={"link": 0})
    assert list(legend(tab)) == ["ordered", "shipped", "received", "in transit", "backorder (below zero)"]


def test_backorder_lies_below_zero(tab: Any) -> None:
    put(tab, chart="stock", period=20)
    kept = timelines()["a"].history.echelons
    owed = {name: kept["backorder"][19, echelon] for echelon, name in enumerate(SELLERS, 1)}
    assert max(owed.values()) > 0
    told = legend(tab)
    for echelon, name in enumerate(SELLERS, 1):
        stock = number(kept["on_hand"][19, echelon])
        # Of whom there is nothing but debt, that alone is told.
        assert told[name] == [f"{stock} −{number(owed[name])}".removeprefix("0 ") if owed[name] > 0 else stock]
    zero = tab.locator(".cw-charts .zero").bounding_box()["y"]
    below = [one.bounding_box() for one in tab.locator(".cw-charts .owed").all()]
    assert len(below) == 4
    assert all(box["y"] >= zero - 1.5 and box["height"] > 5 for box in below)


def test_costs_are_stacked_to_their_sum(tab: Any) -> None:
    put(tab, chart="costs")
    kept = timelines()["a"].history.echelons
    sums = {name: kept[column][-1].sum() for name, column in (("holding stock", "holding_cost"), ("backorder", "backorder_cost"))}
    assert legend(tab) == {**{name: [number(value)] for name, value in sums.items()}, "total": [number(sum(sums.values()))]}
    fills = [one.get_attribute("fill") for one in tab.locator(".cw-charts .areas path").all()]
    # The second kind is hatched as well as of another colour.
    assert len(fills) == 3
    assert len(set(fills)) == 3
    assert fills[-1].startswith("url(#")


def test_lines_differ_by_more_than_their_colour(tab: Any) -> None:
    looks = tab.evaluate(
        "[...document.querySelectorAll('.cw-charts .lines .line:not(.ghost)')]"
        ".map(one => [one.getAttribute('stroke-dasharray'), one.getAttribute('stroke')])"
    )
    assert len({dash for dash, _ in looks}) == len({colour for _, colour in looks}) == len(looks) == 5


def test_a_line_is_switched_off_and_on(tab: Any) -> None:
    button = tab.locator("[data-series=brewery]")
    assert button.get_attribute("aria-pressed") == "true"
    button.focus()
    tab.keyboard.press("Enter")
    settle(tab)
    assert (button.get_attribute("aria-pressed"), lines(tab)) == ("false", 4)
    # The focus stays where it was, so that the same key switches it on again.
    tab.keyboard.press("Enter")
    settle(tab)
    assert (button.get_attribute("aria-pressed"), lines(tab)) == ("true", 5)


def test_the_span_is_chosen_by_dragging_the_wheel_and_keys(tab: Any) -> None:
    box = tab.locator(".cw-charts .cw-plot").bounding_box()
    middle = box["y"] + box["height"] / 2
    tab.mouse.move(box["x"] + 0.3 * box["width"], middle)
    tab.mouse.down()
    tab.mouse.move(box["x"] + 0.6 * box["width"], middle, steps=4)
    settle(tab)
    assert tab.locator(".cw-charts .chosen").get_attribute("visibility") == "visible"
    tab.mouse.up()
    settle(tab)
    first, last = span(tab)
    assert 5 < first < last < 25
    # All charts have the same span.
    put(tab, chart="service")
    assert span(tab) == [first, last]
    tab.mouse.wheel(0, -100)
    settle(tab)
    assert span(tab)[1] - span(tab)[0] < last - first
    tab.mouse.dblclick(box["x"] + box["width"] / 2, middle)
    settle(tab)
    assert span(tab) is None
    tab.locator(".cw-charts .place").focus()
    for key in ("+", "Shift+ArrowLeft", "-", "-", "-", "-"):
        tab.keyboard.press(key)
        settle(tab)
        seen = span(tab)
        assert seen is None or (0 <= seen[0] < seen[1] <= 36)
    assert span(tab) is None
    # Plus and minus of the page, which make the playing faster and slower, are not meant.
    assert tab.evaluate("store.state.speed") == 4


def test_the_cross_hair_tells_values_to_eyes_and_ears(tab: Any) -> None:
    kept = timelines()["a"].history.echelons["orders"]
    tab.locator(".cw-charts .place").focus()
    for _ in range(3):
        tab.keyboard.press("ArrowLeft")
        settle(tab)
    period = SEEN - 3
    assert tab.locator(".cw-charts .cross text").text_content() == str(period)
    assert tab.locator(".cw-charts .cross circle").count() == 5
    assert legend(tab)["brewery"][0] == number(kept[period - 1, 4])
    said = tab.locator(".cw-charts [aria-live]").inner_text()
    assert said.startswith(f"Week {period}: ")
    assert f"brewery {number(kept[period - 1, 4])}" in said
    assert tab.evaluate("store.state.period") == SEEN
    tab.keyboard.press("Enter")
    settle(tab)
    assert tab.evaluate("store.state.period") == period
    tab.keyboard.press("Escape")
    settle(tab)
    assert tab.locator(".cw-charts .cross text").count() == 0


def test_what_was_done_is_a_flag_on_every_chart(tab: Any) -> None:
    for chart in ("orders", "stock", "service", "costs", "flows"):
        put(tab, chart=chart)
        assert tab.locator(".cw-charts .flag.act title").text_content() == LABEL
        assert tab.locator(".cw-charts .shades .span").count() == 1
    put(tab, a="b", b="a")
    assert [one.text_content() for one in tab.locator(".cw-charts .flag title").all()] == [LABEL, "branch", "wholesaler: target 45"]


def test_two_timelines_are_drawn_beside_each_other(tab: Any) -> None:
    put(tab, b="b", period=24)
    assert (lines(tab), tab.locator(".cw-charts .line.other").count()) == (5, 5)
    ours, theirs = (timelines()[one].history.echelons["orders"][23, 2] for one in "ab")
    assert ours != theirs
    assert legend(tab)["wholesaler"][:2] == [number(ours), number(theirs)]
    # Rings where they differ, none on the past that they share.
    rings = [one.bounding_box() for one in tab.locator(".cw-charts .rings").all() if one.get_attribute("d")]
    left = min(box["x"] for box in rings)
    branch = tab.locator(".cw-charts .cursor").bounding_box()["x"]
    put(tab, period=BRANCHED)
    assert tab.locator(".cw-charts .cursor").bounding_box()["x"] - 4 < left < branch


def test_both_timelines_tell_how_much_orders_vary(tab: Any) -> None:
    put(tab, b="b", period=24)
    both = []
    for name in "ab":
        orders, demand = (timelines()[name].history.echelons[column][:24, 2] for column in ("orders", "end_demand"))
        both.append(f"×{number(np.var(orders, ddof=1) / np.var(demand, ddof=1), 2)}")
    assert both[0] != both[1]
    assert legend(tab)["wholesaler"][2] == " / ".join(both)
    assert tab.locator(".cw-charts .legend .head .factor").inner_text() == "bullwhip A / B"


# Two echelons of the same two makers, and one of two others.
ALIKE = """
() => {
  const timeline = store.timeline();
  const firms = ["north", "south", "east", "west"].map((name) => ({name, role: "manufacturer", echelon: 1}));
  const item = (enterprise, product, echelon) => ({enterprise, product, echelon, customer: false, unlimited: false, makes: true});
  const items = [item(0, 0, 1), item(1, 0, 1), item(0, 1, 2), item(1, 2, 2), item(2, 3, 3), item(3, 3, 3)];
  Object.assign(timeline, {enterprises: firms, products: ["engine", "frame", "wheel", "coal"], items, lanes: [], links: [], calledApart: null});
  timeline.echelons = [{label: ""}, {label: "2 manufacturers (1)"}, {label: "2 manufacturers (2)"}, {label: "2 manufacturers"}];
  return chainwright.chartData(store, "a", "orders", false).map((one) => one.group);
}
"""


def test_echelons_of_the_same_name_are_told_apart(tab: Any) -> None:
    assert tab.evaluate(ALIKE) == ["engine (2 manufacturers)", "frame, wheel (2 manufacturers)", "east, west (2 manufacturers)"]


def test_the_table_has_the_same_numbers(tab: Any) -> None:
    tab.get_by_role("button", name="As a table").click()
    settle(tab)
    orders = timelines()["a"].history.echelons["orders"]
    rows = tab.locator(".cw-charts table tbody tr")
    assert rows.count() == SEEN
    told = rows.nth(21).inner_text().split()
    assert told == ["22", "8", *[number(value) for value in orders[21, 1:5]]]


def kept_as(tab: Any, kind: str) -> bytes:
    tab.get_by_role("button", name="Keep this chart").click()
    with tab.expect_download() as waiting:
        tab.locator(f"[data-save={kind}]").click()
    assert waiting.value.suggested_filename == f"beer_game_orders.{kind}"
    return Path(waiting.value.path()).read_bytes()


def test_numbers_are_kept_in_full(tab: Any) -> None:
    tab.locator("[data-series=retailer]").click()
    settle(tab)
    found = list(csv.reader(io.StringIO(kept_as(tab, "csv").decode())))
    assert found[0] == ["week", "end demand", "wholesaler", "distributor", "brewery"]
    assert [int(row[0]) for row in found[1:]] == list(range(1, SEEN + 1))
    orders = timelines()["a"].history.echelons["orders"][:SEEN, 2:5]
    assert np.array([[float(value) for value in row[2:]] for row in found[1:]]) == pytest.approx(orders, rel=1e-11)


def test_drawings_stand_alone(tab: Any) -> None:
    put(tab, b="b")
    text = kept_as(tab, "svg").decode()
    root = ElementTree.fromstring(text)
    assert "var(" not in text
    assert " class=" not in text
    assert not re.search(r"https?://(?!www\.w3\.org/2000/svg)", text)
    told = "".join(root.itertext())
    # The halo around letters would hide them where a reader draws it last.
    words = [one for one in root.iter() if one.tag.endswith("}text") and one.text == "units a week"]
    assert [one.get("stroke") for one in words] == ["none"]
    assert "Orders · The beer game" in told
    assert LABEL[:7] in told
    picture = kept_as(tab, "png")
    assert picture[:8] == b"\x89PNG\r\n\x1a\n"
    assert int.from_bytes(picture[16:20]) == 2 * int(root.attrib["width"])


PATHS = """
([values, pieces]) => {
  const scale = {x: (period) => period, y: (value) => -value, from: 1, to: values.length, pixels: 200, key: "same"};
  const grown = chainwright.linePath(), held = [];
  let last = "";
  for (const upTo of pieces) {
    while (held.length < upTo) held.push(values[held.length] === null ? NaN : values[held.length]);
    last = grown(held, upTo, scale);
  }
  return [last, chainwright.linePath()(held, held.length, scale)];
}
"""


def test_a_line_that_grew_is_the_line_drawn_at_once(tab: Any) -> None:
    drawn = np.random.default_rng(3)
    for length in (1, 7, 399, 401, 3000):
        values = [None if drawn.random() < 0.05 else round(float(value), 2) for value in drawn.normal(50, 20, length)]
        pieces = sorted({*drawn.integers(1, length + 1, 12).tolist(), length})
        grown, whole = tab.evaluate(PATHS, [values, pieces])
        assert grown == whole
        points = re.findall(r"[ML]([\d.]+) (-?[\d.]+)", whole)
        there = [value for value in values if value is not None]
        assert len(points) <= max(2 * 200 + 2, 1)
        # However many periods share a pixel, the highest and the lowest are drawn.
        heights = [-float(height) for _, height in points]
        assert [max(heights), min(heights)] == pytest.approx([max(there), min(there)], abs=0.06)


@pytest.mark.parametrize("width", [360, 1280])
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_parts_fit_and_have_no_serious_violation(browser: Any, tmp_path: Path, width: int, theme: str) -> None:
    tab = opened(browser, tmp_path, packets(), width, baseline="z", theme=theme, b="b", period=25)
    assert tab.evaluate("document.documentElement.scrollWidth") == width
    assert tab.locator(".cw-charts .cw-plot").bounding_box()["height"] > 100
    assert axe.violations(tab) == []
    assert tab.wrong == []
    tab.close()
