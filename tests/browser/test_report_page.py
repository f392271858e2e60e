"""The report page in a real browser: nothing is fetched, nothing overflows, the figures are there and readable."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from chainwright.report import page
from tests.report.fake_result import fake_result


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> Path:
    counts = {"supplier": 6, "manufacturer": 3, "distributor": 7, "retailer": 20, "customer": 4}
    result = fake_result(counts, runs=4, long_names=True, description="A long_word_" + "x" * 90, warm_up=5)
    return page.write(result, tmp_path_factory.mktemp("report") / "report.html")


@pytest.fixture(scope="module")
def chain(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return page.write(fake_result(runs=4), tmp_path_factory.mktemp("chain") / "report.html")


def opened(browser: Any, report: Path, width: int, **options: Any) -> tuple[Any, list[str], list[str]]:
    """The page at a width, the addresses that it asked for, and what went wrong on it."""
    tab = browser.new_context(viewport={"width": width, "height": 900}, **options).new_page()
    asked: list[str] = []
    wrong: list[str] = []
    tab.on("request", lambda request: asked.append(request.url))
    tab.on("console", lambda message: wrong.append(message.text))
    tab.on("pageerror", lambda error: wrong.append(str(error)))
    tab.goto(report.as_uri())
    return tab, asked, wrong


@pytest.mark.parametrize("width", [360, 768, 1280])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_page_fits_and_fetches_nothing(browser: Any, report: Path, width: int, scheme: str) -> None:
    tab, asked, wrong = opened(browser, report, width, color_scheme=scheme)
    assert asked == [report.as_uri()]
    assert wrong == []
    assert tab.evaluate("document.documentElement.scrollWidth") == width
    sizes = tab.evaluate("[...document.querySelectorAll('svg')].map(one => one.getBoundingClientRect()).map(box => [box.width, box.height])")
    assert len(sizes) == 7
    assert all(across > 250 and up > 60 for across, up in sizes)


def test_type_in_charts_is_readable_on_a_telephone(browser: Any, chain: Path) -> None:
    tab, _, _ = opened(browser, chain, 360)
    heights = tab.evaluate("[...document.querySelectorAll('.grid svg text')].map(one => one.getBoundingClientRect().height)")
    assert min(heights) >= 7.5


def test_a_slender_chain_turns_downwards_on_a_telephone(browser: Any, chain: Path) -> None:
    for width, across in ((360, False), (1280, True)):
        tab, _, _ = opened(browser, chain, width)
        assert tab.locator("#network .wide svg").is_visible() is across
        assert tab.locator("#network .narrow svg").is_visible() is not across


def test_writing_stands_out_from_its_ground_in_both_schemes(browser: Any, report: Path) -> None:
    for scheme, dark in (("light", False), ("dark", True)):
        tab, _, _ = opened(browser, report, 1280, color_scheme=scheme)
        ground = tab.evaluate("getComputedStyle(document.body).backgroundColor")
        ink = tab.evaluate("getComputedStyle(document.body).color")
        levels = [sum(int(part) for part in colour[4:-1].split(",")) / 3 for colour in (ground, ink)]
        assert (levels[0] < 60, levels[1] > 200) == (dark, dark)
        assert abs(levels[0] - levels[1]) > 150
        written = tab.evaluate("[...document.querySelectorAll('svg text')].map(one => getComputedStyle(one).fill)")
        shades = [sum(int(part) for part in colour[4:-1].split(",")) / 3 for colour in written]
        assert all((shade > 120) == dark for shade in shades)
        paper = tab.evaluate("getComputedStyle(document.querySelector('#bullwhip .ground')).backgroundColor")
        assert paper == "rgba(0, 0, 0, 0)"


def test_the_table_of_items_fits_a_desk_and_scrolls_on_a_telephone(browser: Any, report: Path) -> None:
    for width, fits in ((1280, True), (360, False)):
        tab, _, _ = opened(browser, report, width)
        inner, outer = tab.evaluate("(one => [one.scrollWidth, one.clientWidth])(document.querySelector('.scroll'))")
        assert (inner <= outer) is fits


def test_numbers_in_tiles_stay_inside(browser: Any, chain: Path) -> None:
    for width in (360, 1280):
        tab, _, _ = opened(browser, chain, width)
        over = tab.evaluate("[...document.querySelectorAll('.tile .value')].filter(one => one.scrollWidth > one.clientWidth).length")
        assert over == 0


def test_the_page_prints(browser: Any, report: Path) -> None:
    tab, _, _ = opened(browser, report, 1280)
    assert tab.pdf(format="A4").startswith(b"%PDF")
