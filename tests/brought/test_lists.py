"""Lists of firms as people bring them: spreadsheets and sums beside what the tests of their reader have; and no table ends in a traceback."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

import chainwright as cw
from chainwright.experiment.calibrating.observed import observed_of
from chainwright.network.populations.firm_lists.rows import read_list
from chainwright.scenario import Scenario
from chainwright.words.errors import ScenarioError, UsageError
from tests.brought import test_demand, test_series
from tests.brought.tables import SERIES, lines, spreadsheet

# What is put into tables, or stands where something else stood.
SCRAPS = (
    *(b",", b";", b"\t", b"\n", b"\r", b'"', b"-", b".", b"/", b"9", b"1e400", b"nan", b"\xff", b"\x00", b"W", b"total", b"9" * 20, b"2026", b" "),
    *(b"'", b"#", b"=", b"PAR1", b"\xef\xbb\xbf", b"date", b"period", b"orders", b"retailer"),
)


def test_a_row_of_sums_is_no_firm(tmp_path: Path) -> None:
    (tmp_path / "firms.csv").write_bytes(lines("seller;buyer;sales", "mill;baker;1.250,5", "farm;mill;6,0", "Summe;;1.256,5"))
    edges = read_list(tmp_path / "firms.csv", "firms.csv", {})
    assert (edges.firms.tolist(), edges.weight.tolist()) == (["baker", "farm", "mill"], [6.0, 1250.5])
    assert "line 4 (Summe) is a sum of rows and left out" in edges.told


def test_a_row_of_means_is_called_so(tmp_path: Path) -> None:
    (tmp_path / "firms.csv").write_bytes(lines("seller,buyer,sales", "mill,baker,5", "farm,mill,6", "Average,,5.5"))
    assert "line 4 (Average) is a mean of rows and left out" in read_list(tmp_path / "firms.csv", "firms.csv", {}).told
    (tmp_path / "seen.csv").write_bytes(lines("period,orders", "1,4", "2,6", "Average,5", "Total,10"))
    told = observed_of(tmp_path / "seen.csv", cw.load("beer_game"), None, "retailer").told
    assert {"1 row of means left out", "1 row of sums left out"} <= set(told)


def test_a_point_that_may_part_thousands_is_asked_back(tmp_path: Path) -> None:
    (tmp_path / "firms.csv").write_bytes(lines("seller;buyer;sales", "mill;baker;1.250", "farm;mill;6"))
    with pytest.raises(ScenarioError, match=r":2:3: expected a number as weight, got '1.250'; say decimal: ','"):
        read_list(tmp_path / "firms.csv", "firms.csv", {})
    for decimal, weight in ((".", 1.25), (",", 1250.0)):
        assert read_list(tmp_path / "firms.csv", "firms.csv", {}, decimal=decimal).weight.tolist() == [6.0, weight]


def test_a_firm_may_be_called_total(tmp_path: Path) -> None:
    (tmp_path / "firms.csv").write_bytes(lines("seller,buyer,sales", "mill,Total,5", "Total,baker,6"))
    assert read_list(tmp_path / "firms.csv", "firms.csv", {}).firms.tolist() == ["Total", "baker", "mill"]


def test_a_spreadsheet(tmp_path: Path) -> None:
    (tmp_path / "firms.xlsx").write_bytes(
        spreadsheet(["Supplier", "Customer", "Sales"], ["mill", "baker", 1250.5], ["farm", "mill", 6], [None, None, None])
    )
    edges = read_list(tmp_path / "firms.xlsx", "firms.xlsx", {})
    assert (edges.firms.tolist(), edges.weight.tolist()) == (["baker", "farm", "mill"], [6.0, 1250.5])


@pytest.mark.parametrize("seed", range(40))
def test_whatever_stands_in_a_table_is_answered_in_words(tmp_path: Path, seed: int) -> None:
    drawn = random.Random(seed)
    content = bytearray(drawn.choice([table.content for table in (*SERIES, *test_demand.TABLES)]))
    for _ in range(drawn.randint(1, 6)):
        place = drawn.randint(0, len(content))
        if drawn.random() < 0.5:
            content[place:place] = drawn.choice(SCRAPS)
        else:
            del content[place : place + drawn.randint(1, 8)]
    path = tmp_path / "table.csv"
    path.write_bytes(bytes(content))
    top = drawn.choice(["", "period: week\n", "period: week\nstart: 2026-01-05\n"])
    game = cw.load("beer_game").with_({"start": "2026-01-05"})
    for read in (
        lambda: Scenario.from_text(test_series.TEXT.format(demand="{policy: replay, file: table.csv}") + top, "sold", tmp_path),
        lambda: Scenario.from_text(f"{test_demand.TEXT}tables: {{demand: table.csv}}\n{top}", "sold", tmp_path),
        lambda: Scenario.from_text(f"{test_demand.TEXT}tables: {{items: table.csv}}\n{top}", "sold", tmp_path),
        lambda: read_list(path, "table.csv", {}),
        lambda: observed_of(path, game, None, "retailer"),
    ):
        said = "it was read"
        try:
            read()
        except (ScenarioError, UsageError) as refused:
            said = str(refused)
        assert said
