"""The table of demand: what is wanted in the periods that it says, and nothing in the others."""

from __future__ import annotations

from pathlib import Path

import pytest

import chainwright as cw
from chainwright.scenario import Scenario

TEXT = """chainwright: 1
horizon: 12
products: {p: {}}
enterprises:
  once: {role: customer%s}
  shop: {role: retailer, items: {p: {on_hand: 1000}}}
  source: {role: supplier, items: {p: {unlimited: true}}}
lanes:
  - {seller: shop, buyer: once, product: p}
  - {seller: source, buyer: shop, product: p, transport_time: 1}
tables: {demand: demand.csv}
policies: {place_orders: {shop: {policy: base_stock, level: 1000}}}
"""


def demand_of(folder: Path, table: str, item: str = "") -> list[float]:
    """What the customer wants, period by period."""
    (folder / "demand.csv").write_text(table, encoding="utf-8")
    (folder / "once.yaml").write_text(TEXT % item, encoding="utf-8")
    panel = cw.run(Scenario.read(folder / "once.yaml"), record=["demand"]).panel
    assert panel is not None
    wanted: list[float] = panel[panel["enterprise"] == "once"]["demand"].tolist()
    return wanted


def test_periods_without_a_row_have_no_demand(tmp_path: Path) -> None:
    assert demand_of(tmp_path, "enterprise,product,period,quantity\nonce,p,1,100\n") == [100.0] + [0.0] * 11
    assert demand_of(tmp_path, "enterprise,product,period,quantity\nonce,p,4,7\nonce,p,2,5\n") == [0.0, 5.0, 0.0, 7.0] + [0.0] * 8


@pytest.mark.parametrize("then, after", [("last", 7.0), ("zero", 0.0), ("repeat", 5.0)])
def test_an_item_that_has_a_demand_of_its_own_says_what_follows(tmp_path: Path, then: str, after: float) -> None:
    item = f", items: {{p: {{demand: {{policy: list, then: {then}}}}}}}"
    assert demand_of(tmp_path, "enterprise,product,period,quantity\nonce,p,1,5\nonce,p,2,7\n", item)[:3] == [5.0, 7.0, after]


def test_what_was_saved_is_the_same_again(tmp_path: Path) -> None:
    demand_of(tmp_path, "enterprise,product,period,quantity\nonce,p,1,100\n")
    scenario = Scenario.read(tmp_path / "once.yaml")
    assert Scenario.read(scenario.save(tmp_path / "again.yaml")) == scenario


def test_a_long_table_without_products_takes_the_one_that_a_customer_must_mean(tmp_path: Path) -> None:
    assert demand_of(tmp_path, "enterprise,period,quantity\nonce,4,7\nonce,2,5\n") == [0.0, 5.0, 0.0, 7.0] + [0.0] * 8
    assert Scenario.read(tmp_path / "once.yaml").assumed == ("demand.csv: no column says the product; each customer wants p",)
    several = TEXT.replace("products: {p: {}}", "products: {p: {}, q: {}}") % ", items: {p: {}, q: {}}"
    (tmp_path / "once.yaml").write_text(several, encoding="utf-8")
    with pytest.raises(cw.ScenarioError, match=r"demand\.csv:2:1: .* does not say which product 'once' wants; add a column product"):
        Scenario.read(tmp_path / "once.yaml")
