"""Series as people bring them: each gives the same numbers, or is refused in words, and what was assumed is told."""

from __future__ import annotations

from pathlib import Path

import pytest

from chainwright.scenario import Scenario
from chainwright.sheets.series import read_series
from chainwright.words.errors import ScenarioError
from tests.brought.tables import DATED, SERIES, SOLD, WEEKLY, Table, lines, spreadsheet

TEXT = """chainwright: 1
horizon: 12
products: {{bread: {{}}}}
enterprises:
  people: {{role: customer, items: {{bread: {{demand: {demand}}}}}}}
  shop: {{role: retailer}}
  bakery: {{role: supplier, items: {{bread: {{unlimited: true}}}}}}
lanes:
  - {{seller: shop, buyer: people, product: bread}}
  - {{seller: bakery, buyer: shop, product: bread, transport_time: 1}}
policies: {{place_orders: {{shop: {{policy: base_stock, level: 10}}}}}}
"""


def scenario_of(folder: Path, table: Table) -> Scenario:
    """The scenario that replays a table."""
    (folder / table.name).write_bytes(table.content)
    options = dict(table.options)
    top = "".join(f"{key}: {options.pop(key)}\n" for key in ("period", "start") if key in options)
    said = "".join(f', {key}: "{value}"' for key, value in options.items())
    return Scenario.from_text(TEXT.format(demand=f"{{policy: replay, file: {table.name}{said}}}") + top, "sold", folder)


def check(folder: Path, table: Table) -> None:
    if table.gives is None:
        with pytest.raises(ScenarioError) as refused:
            scenario_of(folder, table)
        (message,) = str(refused.value).splitlines()
        for words in table.told:
            assert words in message
        return
    scenario = scenario_of(folder, table)
    demand = scenario.document["enterprises"]["people"]["items"]["bread"]["demand"]
    assert demand == {"policy": "replay", "values": table.gives}
    told = "\n".join(scenario.derived)
    for words in table.told:
        assert words in told
    assert all(one.startswith(f"{table.name}: ") for one in scenario.derived)


@pytest.mark.parametrize("table", SERIES, ids=lambda table: table.name)
def test_series(tmp_path: Path, table: Table) -> None:
    check(tmp_path, table)


def test_spreadsheets(tmp_path: Path) -> None:
    import datetime

    days = [datetime.date(2026, 1, 5) + datetime.timedelta(weeks=week) for week in range(6)]
    rows = [["Date", "Sold", None], *([day, one, None] for day, one in zip(days, SOLD, strict=True)), ["Total", sum(SOLD), None]]
    content = spreadsheet(*rows, sheets={"Notes": [["made by hand"]]})
    told = ("the sheet 'Sold' of a spreadsheet; not read: 'Notes'", "Total) is a sum of rows")
    check(tmp_path, Table("sold.xlsx", content, SOLD, told, DATED))
    content = spreadsheet(["Date", "Sold"], [days[0], 4], [days[1], None], [days[2], 5])
    check(tmp_path, Table("gap.xlsx", content, None, (":3:2: ", "is empty"), WEEKLY))


def test_separators_are_told_where_there_are_some(tmp_path: Path) -> None:
    assert "separated" not in "".join(read_series(write(tmp_path / "one.csv", lines("sold", "4", "7.5")), "one.csv").told)
    assert "separated" not in "".join(read_series(write(tmp_path / "sold.xlsx", spreadsheet(["period", "sold"], [1, 4], [2, 5])), "sold.xlsx").told)
    assert "fields are separated by tabs" in read_series(write(tmp_path / "two.csv", lines("period\tsold", "1\t4", "2\t5")), "two.csv").told


def write(path: Path, content: bytes) -> Path:
    path.write_bytes(content)
    return path


def test_a_spreadsheet_without_the_library_that_reads_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import sys
    import zipfile

    monkeypatch.setitem(sys.modules, "openpyxl", None)
    with zipfile.ZipFile(tmp_path / "sold.xlsx", "w") as packed:
        packed.writestr("xl/workbook.xml", "<workbook/>")
    content = (tmp_path / "sold.xlsx").read_bytes()
    check(tmp_path, Table("sold.xlsx", content, None, ("pip install 'chainwright[excel]'", "save its table as CSV")))


def test_a_bootstrap_draws_from_all_that_was(tmp_path: Path) -> None:
    (tmp_path / "sold.csv").write_text("date,sold\n2025-12-29,4\n2026-01-05,7\n", encoding="utf-8")
    text = TEXT.format(demand="{policy: bootstrap, file: sold.csv}") + "period: week\nstart: 2026-01-05\n"
    scenario = Scenario.from_text(text, "sold", tmp_path)
    assert scenario.document["enterprises"]["people"]["items"]["bread"]["demand"]["values"] == [4.0, 7.0]
