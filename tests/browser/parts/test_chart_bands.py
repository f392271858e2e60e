"""What stands behind the lines of a chart in a real browser: bands of many runs, and the run with nothing done by hand."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tests.browser.settling import settle
from tests.browser.watched import SEEN, opened, packets, put, receive, timelines

SELLERS = ["retailer", "wholesaler", "distributor", "brewery"]


@pytest.fixture
def tab(browser: Any, tmp_path: Path) -> Iterator[Any]:
    made = opened(browser, tmp_path, packets(), baseline="z")
    yield made
    assert made.wrong == []
    made.close()


def test_bands_lie_behind_the_lines(tab: Any) -> None:
    orders = timelines()["a"].history.echelons["orders"]
    bands = {kind: (orders * factor).tolist() for kind, factor in (("low", 0.5), ("middle", 1.1), ("high", 4.0))}
    told = {"acts": [1], "echelons": {"orders": bands}, "measures": {}}
    receive(tab, kind="bands", timeline="a", done=30, of=30, runs=30, **told, beside={**told, "timeline": "b", "acts": [1, 2]})
    # Three bands at most can be told from one another: an area and its middle each.
    assert tab.locator(".cw-charts .bands path").count() == 6
    shown = "[...document.querySelectorAll('.cw-charts .of-band[aria-pressed=true]')].map(one => one.nextElementSibling.dataset.series)"
    assert tab.evaluate(shown) == SELLERS[:3]
    # The rest on demand: the one that was there longest makes room, and what is taken away leaves room.
    band = {name: tab.locator(f".cw-charts .row:has([data-series='{name}']) .of-band") for name in SELLERS}
    band["brewery"].click()
    settle(tab)
    assert tab.evaluate(shown) == SELLERS[1:]
    band["distributor"].click()
    settle(tab)
    assert tab.evaluate(shown) == ["wholesaler", "brewery"]
    assert tab.locator(".cw-charts .bands path").count() == 4
    # The highest value of a band is in view.
    high, top = (tab.locator(f".cw-charts {one}").bounding_box() for one in (".bands", ".grid"))
    assert high["y"] >= top["y"] - 1
    # That of the timeline beside is drawn with an edge that is dashed, as its lines have rings; both count.
    put(tab, b="b")
    assert tab.locator(".cw-charts .bands path").count() == 4
    assert tab.locator(".cw-charts .bands .band.other").count() == 1
    put(tab, a="z", b=None)
    assert tab.locator(".cw-charts .bands path").count() == 0


def test_costs_and_service_have_bands_or_say_why_not(tab: Any) -> None:
    told: dict[str, Any] = {"acts": [1], "measures": {}, "done": 30, "of": 30, "runs": 30}
    timeline = timelines()["a"].history
    total = timeline.echelons["total_cost"].sum(axis=1)
    fill = np.nan_to_num(timeline.measures["fill_rate"])
    edges = {"low": 0.5, "middle": 0.9, "high": 1.0}
    both = {"total_cost": total, "fill_rate": fill}
    network = {name: {edge: (values * factor).tolist() for edge, factor in edges.items()} for name, values in both.items()}
    receive(tab, kind="bands", timeline="a", **told, echelons={"orders": {}}, network={"total_cost": network["total_cost"]})
    note = tab.locator(".cw-charts .legend .cw-note")
    put(tab, chart="costs")
    assert tab.locator(".cw-charts .bands .band").count() == 1
    assert note.inner_text() == "The band is that of the total; single costs have none."
    put(tab, chart="service")
    assert tab.locator(".cw-charts .bands .band").count() == 0
    assert note.inner_text().startswith("No band of the fill rate: customers buy from")
    put(tab, chart="selected", selected={"enterprise": 2})
    assert note.inner_text() == "Bands are those of echelons; single enterprises and lanes have none."
    receive(tab, kind="bands", timeline="a", **told, echelons={}, network=network)
    put(tab, chart="service")
    assert tab.locator(".cw-charts .bands .band").count() == 1
    assert note.count() == 0


def test_pale_lines_are_those_of_the_run_with_nothing_changed_by_hand(tab: Any) -> None:
    seen = {}
    for chart in ("orders", "stock", "service", "costs", "flows", "selected"):
        put(tab, chart=chart, selected={"enterprise": 2})
        seen[chart] = tab.locator(".cw-charts .line.ghost[d]:not(.sample *)").count()
    # One for each line; of costs, which are stacked, for their sum.
    assert seen == {"orders": 5, "stock": 8, "service": 2, "costs": 1, "flows": 5, "selected": 5}
    put(tab, chart="orders")
    # Up to the closure both are the same, so that the pale line comes out from behind after it; it ends where the numbers of that run do.
    way = ".getAttribute('d').split('L').map(one => one.split(' ').map(Number))"
    ways = "kind => document.querySelectorAll(`.cw-charts .lines .line${kind}`)[4]" + way
    ours, pale = tab.evaluate(ways, ":not(.ghost)"), tab.evaluate(ways, ".ghost")
    assert len(ours) == len(pale) == SEEN
    assert ours[:12][1:] == pale[:12][1:]
    assert ours[14:] != pale[14:]
    # All of them are switched at once, and stand in no table.
    switch = tab.locator(".cw-charts .ghosts")
    assert switch.inner_text() == "pale: nothing done by hand"
    switch.click()
    settle(tab)
    assert tab.locator(".cw-charts .lines .ghost").count() == 0
    assert switch.get_attribute("aria-pressed") == "false"
    switch.click()
    # Beside another timeline, and where nothing was changed, there is none.
    put(tab, b="b")
    assert tab.locator(".cw-charts .ghost").count() == 0
    put(tab, a="z", b=None)
    assert tab.locator(".cw-charts .ghost").count() == 0
