"""Tables of demand, lanes and items as people bring them: long and wide, with dates, other letters, separators and decimal commas."""

from __future__ import annotations

from pathlib import Path

import pytest
from typer.testing import CliRunner

from chainwright.app.cli import app
from chainwright.scenario import Scenario
from chainwright.words.errors import ScenarioError
from tests.brought.tables import Table, lines, spreadsheet

TEXT = """chainwright: 1
horizon: 6
products: {bread: {}}
enterprises:
  town: {role: customer}
  Dörfli: {role: customer, items: {bread: {}}}
  shop: {role: retailer}
  bakery: {role: supplier, items: {bread: {unlimited: true}}}
lanes:
  - {seller: shop, buyer: town, product: bread}
  - {seller: shop, buyer: Dörfli, product: bread}
  - {seller: bakery, buyer: shop, product: bread, transport_time: 1}
policies: {place_orders: {shop: {policy: base_stock, level: 10}}}
"""
DATED = {"period": "week", "start": "2026-01-05"}
# What each of them must come to.
TOWN, VILLAGE = [4.0, 0.0, 7.5], [1250.0, 2.0]
TABLES = [
    Table(
        "long.csv", lines("enterprise,product,period,quantity", "town,bread,1,4", "town,bread,3,7.5", "Dörfli,bread,1,1250", "Dörfli,bread,2,2"), []
    ),
    Table(
        "latin.csv",
        lines(
            "enterprise;product;period;quantity",
            "town;bread;1;4,0",
            "town;bread;3;7,5",
            "Dörfli;bread;1;1.250,0",
            "Dörfli;bread;2;2",
            letters="latin-1",
        ),
        [],
        ("latin-1", "semicolons", "before decimals"),
    ),
    Table(
        "dates.csv",
        lines(
            "date,enterprise,product,quantity",
            "2026-01-05,town,bread,4",
            "2026-01-19,town,bread,7.5",
            "2026-01-05,Dörfli,bread,1250",
            "2026-01-12,Dörfli,bread,2",
        ),
        [],
        (),
        DATED,
    ),
    Table(
        "by_period.csv",
        lines("enterprise,product,1,2,3", "town,bread,4,,7.5", "Dörfli,bread,1250,2,"),
        [],
        ("a column for each period, from 1 to 3",),
    ),
    Table(
        "by_date.csv",
        lines("enterprise;product;05.01.2026;12.01.2026;19.01.2026", "town;bread;4;;7,5", "Dörfli;bread;1250;2;"),
        [],
        ("a column for each period",),
        DATED,
    ),
    Table(
        "by_enterprise.csv",
        lines("week,town,Dörfli", "2026-W02,4,1250", "2026-W03,0,2", "2026-W04,7.5,", "Total,11.5,1252"),
        [],
        ("a column for each enterprise", "Total) is a sum"),
        DATED,
    ),
    Table(
        "pandas.csv",
        lines(",enterprise,product,period,quantity", "0,town,bread,1,4", "1,town,bread,3,7.5", "2,Dörfli,bread,1,1250", "3,Dörfli,bread,2,2"),
        [],
        ("counts the rows",),
    ),
    Table(
        "tabs.txt",
        lines(
            "enterprise\tproduct\tperiod\tquantity\t",
            "town\tbread\t1\t4\t",
            "town\tbread\t3\t7.5\t",
            "Dörfli\tbread\t1\t1 250\t",
            "Dörfli\tbread\t2\t2\t",
            letters="utf-16",
        ),
        [],
        ("UTF-16", "spaces"),
    ),
    Table(
        "later.csv",
        lines(
            "enterprise,product,period,quantity", "town,bread,1,4", "town,bread,3,7.5", "Dörfli,bread,1,1250", "Dörfli,bread,2,2", "Dörfli,bread,9,0"
        ),
        None,
        (),
        {"beyond": True},
    ),
    Table("no_product.csv", lines("enterprise,1,2,3", "town,4,,7.5", "Dörfli,1250,2,"), [], ("a column for each period",)),
    Table(
        "with_sums.csv", lines("period,town,Dörfli,Total", "1,4,1250,1254", "2,0,2,2", "3,7.5,,7.5"), [], ("column 4 (Total) is a sum and left out",)
    ),
    Table("means.csv", lines("period,town,Dörfli", "1,4,1250", "2,0,2", "3,7.5,", "Mean,,"), [], ("(Mean) is a mean of rows and left out",)),
    # What is refused, in words.
    Table("no_start.csv", lines("date,enterprise,product,quantity", "2026-01-05,town,bread,4"), None, (":2:1: ", "write start: 2026-01-05 in it")),
    Table(
        "early.csv", lines("date,enterprise,product,quantity", "2026-01-04,town,bread,4"), None, (":2:1: ", "before the start of 2026-01-05"), DATED
    ),
    Table("weeks.csv", lines("enterprise,product,period,quantity", "town,bread,202602,4"), None, (":2:3: ", "202602 may be a week or a month")),
    Table("never.csv", lines("enterprise,product,period,quantity", "town,bread,2026,4"), None, ("period 2,026 lies beyond the horizon of 6",)),
    Table(
        "twice.csv",
        lines("date,enterprise,product,quantity", "2026-01-05,town,bread,4", "2026-01-06,town,bread,4"),
        None,
        (":3:1: ", "period 1 of town/bread is said twice"),
        DATED,
    ),
    Table("either.csv", lines("enterprise,product,period,quantity", 'town,bread,1,"1,250"'), None, (":2:4: ", "not clear whether 1.25 or 1250")),
    Table("point.csv", lines("enterprise;product;period;quantity", "town;bread;1;1.250"), None, (":2:4: ", "whether 1250 or 1.25 is meant")),
    Table("points.csv", lines("enterprise;product;1;2", "town;bread;4;1.250"), None, (":2:4: ", "write 1250,0 or 1.2500")),
    Table("no_number.csv", lines("enterprise,product,1,2", "town,bread,4,many"), None, (":2:4: ", "expected a number, got 'many'")),
    Table(
        "no_date.csv",
        lines("date,enterprise,product,quantity", "2026-01-05,town,bread,4", "2026-02-30,town,bread,4"),
        None,
        (":3:1: ", "expected a whole number, got '2026-02-30'"),
        DATED,
    ),
]


def scenario_of(folder: Path, table: Table) -> Scenario:
    (folder / table.name).write_bytes(table.content)
    top = "".join(f"{key}: {table.options[key]}\n" for key in ("period", "start") if key in table.options)
    return Scenario.from_text(f"{TEXT}tables: {{demand: {table.name}}}\n{top}", "bread", folder)


def values_of(scenario: Scenario, enterprise: str) -> list[float]:
    demand = scenario.document["enterprises"][enterprise]["items"]["bread"]["demand"]
    assert (demand["policy"], demand["then"]) == ("list", "zero")
    found: list[float] = [float(one) for one in demand["values"]]
    return found


@pytest.mark.parametrize("table", [one for one in TABLES if "beyond" not in one.options], ids=lambda table: table.name)
def test_tables_of_demand(tmp_path: Path, table: Table) -> None:
    if table.gives is None:
        with pytest.raises(ScenarioError) as refused:
            scenario_of(tmp_path, table)
        (message,) = [one for one in str(refused.value).splitlines() if table.name in one]
        for words in table.told:
            assert words in message
        return
    scenario = scenario_of(tmp_path, table)
    assert (values_of(scenario, "town"), values_of(scenario, "Dörfli")) == (TOWN, VILLAGE)
    for words in table.told:
        assert words in "\n".join(scenario.derived)


SEVERAL = TEXT.replace("products: {bread: {}}", "products: {bread: {}, cake: {}}")


@pytest.mark.parametrize("content", [lines("period,town", "1,4", "3,7.5"), lines("enterprise,1,2,3", "town,4,,7.5")])
def test_a_customer_that_buys_one_product_means_it(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "demand.csv").write_bytes(content)
    scenario = Scenario.from_text(
        f"{SEVERAL}tables: {{demand: demand.csv}}\n".replace("items: {bread: {}}}", "items: {bread: {demand: {policy: constant, value: 1}}}}"),
        "bread",
        tmp_path,
    )
    assert values_of(scenario, "town") == TOWN


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (lines("period,town", "1,4", "2,4"), ":1:2: tables.demand: the table does not say which product 'town' wants; add a column product"),
        (lines("enterprise,1,2", "town,4,5"), ":1:1: tables.demand: the table does not say which product 'town' wants; add a column product"),
        (
            lines("period,town,Dörfly", "1,4,5"),
            ":1:3: tables.demand: columns are called like enterprises, but 'Dörfly' is none; did you mean 'Dörfli'?",
        ),
    ],
)
def test_a_wide_table_that_does_not_say_enough_is_told_in_one_line(tmp_path: Path, content: bytes, words: str) -> None:
    (tmp_path / "demand.csv").write_bytes(content)
    text = SEVERAL.replace("policies:", "  - {seller: shop, buyer: town, product: cake}\npolicies:")
    with pytest.raises(ScenarioError) as refused:
        Scenario.from_text(f"{text}tables: {{demand: demand.csv}}\n", "bread", tmp_path)
    (message,) = [one for one in str(refused.value).splitlines() if "demand.csv" in one]
    assert words in message


def test_rows_beyond_the_horizon_are_told(tmp_path: Path) -> None:
    (table,) = (one for one in TABLES if "beyond" in one.options)
    scenario = scenario_of(tmp_path, table)
    assert scenario.derived == ("later.csv: 1 row lies beyond the horizon of 6, up to period 9",)
    assert values_of(scenario, "town") == TOWN


def test_commands_tell_what_was_assumed(tmp_path: Path) -> None:
    table = next(one for one in TABLES if one.name == "latin.csv")
    (tmp_path / table.name).write_bytes(table.content)
    (tmp_path / "bread.yaml").write_text(f"{TEXT}tables: {{demand: {table.name}}}\n", encoding="utf-8")
    out = CliRunner().invoke(app, ["run", str(tmp_path / "bread.yaml"), "--no-report", "--out", str(tmp_path / "out")])
    assert out.exit_code == 0
    assert "note: latin.csv: the letters are latin-1" in out.stderr
    out = CliRunner().invoke(app, ["check", str(tmp_path / "bread.yaml")])
    assert "latin.csv: commas in numbers stand before decimals" in out.stdout


def test_a_spreadsheet(tmp_path: Path) -> None:
    content = spreadsheet(["enterprise", "product", 1, 2, 3], ["town", "bread", 4, None, 7.5], ["Dörfli", "bread", 1250, 2, None])
    scenario = scenario_of(tmp_path, Table("demand.xlsx", content, []))
    assert (values_of(scenario, "town"), values_of(scenario, "Dörfli")) == (TOWN, VILLAGE)


def test_other_tables_have_the_same_manners(tmp_path: Path) -> None:
    (tmp_path / "items.csv").write_bytes(lines("sep=;", "enterprise;product;on_hand;holding_cost", "shop;bread;1.200,5;0,25", letters="cp1252"))
    (tmp_path / "lanes.csv").write_bytes(lines("# lanes", "seller|buyer|product|price|mode", "shop|town|bread|1'200.50|by lorry", letters="utf-16"))
    scenario = Scenario.from_text(
        TEXT.replace("town: {role: customer}", "town: {role: customer, items: {bread: {demand: {policy: constant, value: 1}}}}").replace(
            "Dörfli: {role: customer, items: {bread: {}}}", "Dörfli: {role: customer, items: {bread: {demand: {policy: constant, value: 1}}}}"
        )
        + "tables: {items: items.csv, lanes: lanes.csv}\n",
        "bread",
        tmp_path,
    )
    document = scenario.document
    assert document["enterprises"]["shop"]["items"]["bread"] == {"on_hand": 1200.5, "holding_cost": 0.25}
    assert document["lanes"][3]["price"] == 1200.5
    assert "items.csv: commas in numbers stand before decimals" in scenario.derived
