"""The network in a real browser: what colours mean, where lanes and names run, on a laptop and on a telephone."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

import chainwright as cw
from chainwright.report.screen.frames import acts, frames
from chainwright.report.screen.structure import structure
from tests.browser.pages import page_of
from tests.browser.settling import settle
from tests.browser.watched import BEGIN

NETWORK = '<div data-part="network"></div>'


def drawn(browser: Any, folder: Path, course: cw.Course, size: tuple[int, int] = (1280, 720), parts: str = NETWORK, **state: Any) -> Any:
    """A tab with the network of a course."""
    sent = [structure(course, "a"), acts(course, "a")]
    if course.played:
        sent.append(frames(course, "a", 1, course.played))
    tab = browser.new_page(viewport={"width": size[0], "height": size[1]})
    tab.goto(page_of(folder, sent, parts))
    tab.evaluate(BEGIN, {"a": "a", "b": None, "period": course.played, **state})
    settle(tab)
    return tab


def looks(tab: Any) -> dict[str, str | None]:
    """How the stock of each enterprise looks, by name."""
    found: dict[str, str | None] = tab.evaluate(
        "Object.fromEntries([...document.querySelectorAll('.cw-network [data-enterprise]')].map(mark =>"
        " [store.courses.a.enterprises[mark.dataset.enterprise].name, mark.dataset.cover || null]))"
    )
    return found


def fills(tab: Any) -> dict[str, str]:
    """The colour of each enterprise, by name."""
    found: dict[str, str] = tab.evaluate(
        "Object.fromEntries([...document.querySelectorAll('.cw-network [data-enterprise]')].map(mark =>"
        " [store.courses.a.enterprises[mark.dataset.enterprise].name, getComputedStyle(mark.querySelector('.body')).fill]))"
    )
    return found


def at(tab: Any, period: int) -> None:
    tab.evaluate("period => store.set({period})", period)
    settle(tab)


# --- colours -----------------------------------------------------------------------------------------------------


def test_a_glut_looks_otherwise_than_a_healthy_start(browser: Any, tmp_path: Path) -> None:
    course = cw.Course("beer_game")
    course.play(36)
    tab = drawn(browser, tmp_path, course)
    # After the surge of orders the distributor holds far more than is asked for.
    assert looks(tab)["distributor"] == "glut"
    late = fills(tab)
    at(tab, 0)
    # At the start nobody has asked for anything, so that nobody can say how long a stock lasts.
    assert {looks(tab)[name] for name in ("retailer", "wholesaler", "distributor", "brewery")} == {"unknown"}
    assert fills(tab)["distributor"] != late["distributor"]
    # Steady trade of four kegs a week from a stock of twelve is neither.
    at(tab, 3)
    assert looks(tab)["distributor"] == "middle"
    assert fills(tab)["distributor"] != late["distributor"]
    tab.close()


def test_a_closed_seller_that_owes_has_not_plenty(browser: Any, tmp_path: Path) -> None:
    shop = {"role": "retailer", "items": {"p": {"on_hand": 1000, "holding_cost": 1}}}
    maker = {"role": "supplier", "items": {"p": {"unlimited": True}}}
    people = {"role": "customer", "items": {"p": {"demand": {"policy": "constant", "value": 1}}}}
    lanes = [{"seller": "maker", "buyer": "shop", "product": "p", "transport_time": 1}, {"seller": "shop", "buyer": "people", "product": "p"}]
    scenario = cw.Scenario.from_document(
        {
            "chainwright": 1, "title": "a shop", "period": "day", "horizon": 20, "products": {"p": {}}, "lanes": lanes,
            "enterprises": {"maker": maker, "shop": shop, "people": people},
            "policies": {"place_orders": {"shop": {"policy": "base_stock", "level": 0}}},
            "disruptions": [{"kind": "shipment_pause", "target": {"enterprise": "shop"}, "start": 8, "duration": 6}],
        }
    )
    course = cw.Course(scenario)
    course.play(12)
    tab = drawn(browser, tmp_path, course)
    # A thousand in stock, and four owed that cannot leave.
    assert looks(tab)["shop"] == "none"
    at(tab, 7)
    assert looks(tab)["shop"] == "glut"
    tab.close()


def test_what_holds_nothing_by_design_is_no_alarm(browser: Any, tmp_path: Path) -> None:
    course = cw.Course("newsvendor")
    course.play(3)
    tab = drawn(browser, tmp_path, course)
    rows = "store.courses.a.tables.items.on_hand.forEach(values => values.fill(0)); store.courses.a.start.items.on_hand.fill(0)"
    tab.evaluate(f"() => {{ {rows}; store.courses.a.tables.items.backorder.forEach(values => values.fill(0)); }}")
    keeper = next(one for one, look in looks(tab).items() if look is not None)
    at(tab, 2)
    assert looks(tab)[keeper] == "empty"
    # Whoever had something a little while ago has run out of it.
    tab.evaluate("store.courses.a.tables.items.on_hand[0].fill(5)")
    at(tab, 3)
    assert looks(tab)[keeper] == "none"
    # And whoever owes is in trouble in any case.
    tab.evaluate("() => { store.courses.a.tables.items.on_hand[0].fill(0); store.courses.a.tables.items.backorder[1].fill(2); }")
    at(tab, 2)
    assert looks(tab)[keeper] == "none"
    tab.close()


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_every_look_has_a_colour_of_its_own(browser: Any, tmp_path: Path, theme: str) -> None:
    course = cw.Course("newsvendor")
    tab = drawn(browser, tmp_path, course, theme=theme)
    colours = tab.evaluate("[...document.querySelectorAll('.cw-network .legend .cover')].map(one => getComputedStyle(one).backgroundColor)")
    assert len(colours) == len(set(colours)) == tab.evaluate("chainwright.COVERS.length")
    tab.close()
