"""The report of a sweep: self-contained, well-formed, escaped, with what a reader needs to judge it and to make it again."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from scipy import stats

import chainwright as cw
from chainwright.report.sweeps import page
from chainwright.report.sweeps.repeating import opening, repeating
from chainwright.report.sweeps.story import Story
from chainwright.report.tables import shown_difference
from tests.report.drawings import ranges
from tests.report.fake_sweep import fake_sweep
from tests.report.test_page import read

LEVEL, TIME = "policies.place_orders.stand.level", "lanes.printer>stand.transport_time"


def words(text: str) -> str:
    """All that is written on a page."""
    return " ".join(" ".join(read(text).words).split())


@pytest.fixture(scope="module")
def text() -> str:
    return page.html(fake_sweep({LEVEL: [40, 50, 60], TIME: [1, 4]}, reps=6, fails=lambda values: values[LEVEL] == 50 and values[TIME] == 4))


def test_the_page_is_well_formed_and_has_its_parts(text: str) -> None:
    reader = read(text)
    assert reader.open == []
    said = words(text)
    for part in (
        "full grid",
        "Lowest total cost (money)",
        "The lowest total cost, 50",
        "is that of level 40, transport time 1",
        "What was varied",
        "lanes.printer>stand.transport_time",
        "Best points",
        "more than the best",
        "What happened",
        "What each factor does to total cost",
        "What each factor does to fill rate",
        "How factors act together on total cost",
        "Total cost against fill rate",
        "Total cost from run to run",
        "6 runs of 1 design point failed",
        "level: expected a number",
        "How to repeat it",
        "table = cw.sweep(",
        "table.open(0, record=",
        "What the numbers mean",
        "Made with chainwright 0.1.0",
    ):
        assert part in said, part


def test_nothing_is_loaded_from_elsewhere_and_references_hit(text: str) -> None:
    reader = read(text)
    assert all(address.startswith(("#", "data:")) for address in reader.addresses)
    assert not re.search(r"@import|url\((?!#)", text)
    assert not {"script", "img", "iframe"} & set(reader.elements)
    assert len(set(reader.identifiers)) == len(reader.identifiers)
    wanted = set(re.findall(r"url\(#([^)]+)\)", text)) | {address[1:] for address in reader.addresses if address.startswith("#")}
    assert wanted <= set(reader.identifiers)


def test_the_same_table_gives_the_same_page(text: str) -> None:
    table = fake_sweep({LEVEL: [40, 50, 60], TIME: [1, 4]}, reps=6, fails=lambda values: values[LEVEL] == 50 and values[TIME] == 4)
    assert page.html(table) == text


def test_the_best_points_stand_first_with_paired_differences() -> None:
    table = fake_sweep({LEVEL: [60, 40, 50]}, reps=6)
    body = page.html(table).split("<h2>Best points</h2>")[1].split("</table>")[0]
    rows = [re.findall(r"<td[^>]*>(.*?)</td>", row) for row in re.findall(r"<tr>(.*?)</tr>", body)[1:]]
    assert [row[:2] for row in rows] == [["1", "40"], ["2", "50"], ["0", "60"]]
    away = table.loc[table[LEVEL] == 50, "total_cost"].to_numpy() - table.loc[table[LEVEL] == 40, "total_cost"].to_numpy()
    assert rows[0][4] == ""
    assert rows[1][4].startswith(f"{shown_difference('total_cost', away.mean())} (")


def test_points_that_cannot_be_told_apart_are_counted() -> None:
    table = fake_sweep({LEVEL: [40, 41, 90]}, answer=lambda values: 40.0 if values[LEVEL] < 50 else 90.0, reps=10)
    close, compared = Story(table).told_apart()
    assert (close, compared) == (1, 2)
    assert "1 of the 2 other points cannot be distinguished from it with 10 replications" in words(page.html(table))


def test_what_is_named_in_a_sweep_is_escaped() -> None:
    nasty = '<script>alert(1)</script>" onload="x'
    table = fake_sweep({nasty: {"path": LEVEL, "values": [40, 50]}, "rule": {nasty: {"title": 20}, "b": {"title": 30}}}, reps=2)
    table.loc[table.index[0], ["status", "message"]] = ["failed", nasty]
    reader = read(page.html(table))
    assert "script" not in reader.elements
    assert reader.open == []
    assert nasty in "".join(reader.words)


def test_one_replication_has_no_intervals() -> None:
    said = words(page.html(fake_sweep({LEVEL: [40, 50, 60]}, reps=1)))
    assert "One replication of each point does not show what is due to chance: several do." in said
    assert "so there are no intervals" in said
    assert "more than the best" not in said
    assert "Total cost from run to run" not in said


@pytest.mark.parametrize("rows", [slice(None), slice(0, 0)], ids=["all failed", "empty"])
def test_a_sweep_that_gave_nothing_still_has_a_page(rows: Any) -> None:
    table = fake_sweep({LEVEL: [40, 50]}, fails=lambda _: True).iloc[rows]
    text = page.html(table)
    assert read(text).open == []
    said = words(text)
    assert "none gave a value" in said
    assert ("Every run failed: level: expected a number" in said) == (len(table) > 0)
    assert ("There are no runs." in said) == (len(table) == 0)
    assert "What was varied" in said
    assert "table.open" not in said


def test_one_factor_six_factors_and_one_point() -> None:
    one = page.html(fake_sweep({LEVEL: [40, 50]}, reps=2))
    assert "What matters" not in one
    assert 'id="interaction' not in one
    names = [f"x{number}" for number in range(6)]
    six = words(page.html(fake_sweep(ranges(names), "latin_hypercube(n=30)", reps=2)))
    assert "Latin hypercube" in six
    assert "Total cost against each factor" in six
    assert "partial rank correlations" in six
    alone = words(page.html(fake_sweep(None, [{LEVEL: 5.0}], reps=8)))
    assert "Total cost from run to run" in alone
    assert "What matters" not in alone


@pytest.mark.parametrize(
    "factors, design, parts",
    [
        (ranges(["a", "b"]), "morris(trajectories=4)", ["Elementary effects of Morris", "mu*"]),
        (ranges(["a", "b"]), "saltelli(n=8)", ["Sobol’s indices", "with the others"]),
        (ranges(["a", "b"]), "one_at_a_time", ["one factor at a time", "The largest change from the base", "What moves total cost most"]),
        ({LEVEL: [1, 2], TIME: [1, 2]}, "two_level", ["level × transport time", "standard error"]),
        (None, [{LEVEL: 1.0, "horizon": 20}, {LEVEL: 2.0, "horizon": 30}], ["points chosen one by one", "No indices: points that were"]),
    ],
)
def test_what_matters_is_told_as_the_design_can(factors: Any, design: Any, parts: list[str]) -> None:
    pytest.importorskip("SALib")
    said = words(page.html(fake_sweep(factors, design)))
    for part in parts:
        assert part in said


def test_a_sweep_of_many_points_stays_small() -> None:
    table = fake_sweep({LEVEL: list(range(60)), TIME: list(range(1, 31))}, reps=3)
    text = page.html(table)
    assert len(text) < 1_500_000
    assert "The first 12 of 1,800 design points by total cost" in words(text)


NOISY = {"enterprises.drinkers.items.beer.demand": {"policy": "normal", "mean": 6, "deviation": 2}}
BEER = "policies.place_orders.default."
AGAIN = {
    "a grid": {"factors": {BEER + "target": [12, 17], "variant": ["base", "shared_demand"]}},
    "a sample": {"factors": {BEER + "target": "8..28", "weight": {"path": BEER + "smoothing", "low": 0.1, "high": 0.9}}, "design": "halton(n=3)"},
    "labels": {"factors": {"pace": {"slow": {BEER + "target": 28}, "fast": {BEER + "target": 8, BEER + "smoothing": 0.2}}}},
    "distributions": {"factors": {BEER + "smoothing": "uniform(0.1, 0.5)"}, "design": "latin_hypercube(n=3)", "measures": None},
    "a distribution of SciPy": {"factors": {BEER + "smoothing": stats.uniform(0.1, 0.4)}, "design": "latin_hypercube(n=3)"},
    "points": {"design": [{BEER + "target": 12, "variant": "base"}, {BEER + "target": 17, "variant": "shared_demand"}]},
    "points by names": {"factors": {"aim": {"path": BEER + "target", "low": 5, "high": 40}}, "design": [{"aim": 12}, {"aim": 17}]},
    "other options": {"factors": {BEER + "target": [12, 17]}, "seed": 5, "periods": 20, "common": False, "reps": [3, 7]},
}


@pytest.mark.parametrize("kind", list(AGAIN))
def test_the_lines_to_repeat_a_sweep_make_the_same_table(kind: str) -> None:
    options = {"reps": 2, "engine": "serial", "measures": ["total_cost", "items.retailer.beer.bullwhip_ratio"], **AGAIN[kind]}
    table = cw.sweep(cw.load("beer_game").variant("textbook").with_(NOISY), **options)
    known: dict[str, Any] = {}
    exec(repeating(table) + "\n" + opening(table).splitlines()[0], known)
    pd.testing.assert_frame_equal(pd.DataFrame(known["table"]).drop(columns="wall_s"), pd.DataFrame(table).drop(columns="wall_s"))
    assert known["result"].summary["total_cost"].iloc[0] in set(table["total_cost"])


def test_the_command_is_on_the_page_where_it_is_known() -> None:
    from dataclasses import replace

    table = fake_sweep({LEVEL: [40, 50]})
    table.sweep = replace(table.record, manifest={"arguments": ["sweep", "my chain.yaml", "--factor", f"{LEVEL}=40,50"], "engine": "processes"})
    text = page.html(table)
    assert f"<pre>chainwright sweep &#x27;my chain.yaml&#x27; --factor {LEVEL}=40,50</pre>" in text
    assert "engine processes" in words(text)


def test_the_page_is_written_whole(tmp_path: Path) -> None:
    target = page.write(fake_sweep({LEVEL: [40, 50]}), tmp_path / "new" / "report.html")
    assert target.read_text(encoding="utf-8").endswith("</html>\n")
    assert [path.name for path in target.parent.iterdir()] == ["report.html"]


def test_colours_of_drawings_are_variables_of_the_page_but_on_maps(text: str) -> None:
    drawn = [one for one in re.findall(r"<svg.*?</svg>", text, flags=re.DOTALL) if "Map of" not in one[:300]]
    assert len(drawn) > 3
    assert all("var(--" in one for one in drawn)
    assert not any(re.search(r"(fill|stroke): #", one) for one in drawn)
