"""The page of a sweep in a real browser: nothing is fetched, nothing overflows."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from chainwright.report.sweeps import page
from tests.report.fake_sweep import fake_sweep


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> Path:
    rules = {f"a rule of very many words, number {number}": {"title": number} for number in range(6)}
    factors = {"policies.place_orders.stand.level": [40, 50, 60], "rule": rules, "variant": ["base", "generous"]}
    table = fake_sweep(factors, reps=6, fails=lambda values: values["variant"] == "generous" and values["policies.place_orders.stand.level"] == 60)
    return page.write(table, tmp_path_factory.mktemp("sweep") / "report.html")


@pytest.mark.parametrize("width", [360, 768, 1280])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_page_fits_and_fetches_nothing(browser: Any, report: Path, width: int, scheme: str) -> None:
    tab = browser.new_context(viewport={"width": width, "height": 900}, color_scheme=scheme).new_page()
    asked: list[str] = []
    wrong: list[str] = []
    tab.on("request", lambda request: asked.append(request.url))
    tab.on("console", lambda message: wrong.append(message.text))
    tab.goto(report.as_uri())
    assert asked == [report.as_uri()]
    assert wrong == []
    assert tab.evaluate("document.documentElement.scrollWidth") <= width
    assert tab.locator("svg.figure").count() >= 6
    wider = "tiles => [...document.querySelectorAll('.tile')].filter(one => one.scrollWidth > one.clientWidth + 1).length"
    assert tab.evaluate(wider) == 0
