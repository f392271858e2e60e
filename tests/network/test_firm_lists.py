"""Networks of firms: each list has a steady state whose flows are its weights, and a world of it stays there."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import chainwright as cw
from chainwright.metrics.invariants import Invariants
from chainwright.network.populations.balance import steady_flows
from chainwright.network.populations.base import grow
from chainwright.network.populations.firm_lists.facts import facts_of
from chainwright.network.populations.firm_lists.generator import EdgeList
from chainwright.scenario.from_firm_list import derived, read_edges, weight_periods
from chainwright.words.errors import ScenarioError, UsageError
from chainwright.world import World
from tests.network.firm_lists import Edge, between_firms, by_hand, firm_list, grown, names_of, solved

GOODS = "goods"


def roles(population: Any) -> dict[str, str]:
    enterprises = population.tables["enterprises"]
    return dict(zip(enterprises["name"].tolist(), enterprises["role"].tolist(), strict=True))


def lanes(population: Any) -> dict[tuple[str, str, str], float]:
    """Seller, buyer and product of each lane, with the steady flow."""
    names, flow = names_of(population), solved(population).lane
    columns = population.tables["lanes"]
    return {
        (*names[seller][:1], *names[buyer]): round(float(amount), 9)
        for seller, buyer, amount in zip(columns["seller"], columns["buyer"], flow, strict=True)
    }


def stays_in_balance(population: Any, periods: int = 20) -> None:
    """Every lane carries its steady flow in every period, orders and goods alike, and everything is conserved."""
    world = World(by_hand(population))
    watch = Invariants(world)
    world.watch(watch.observe)
    expected = solved(population).lane[world.template.order["lanes"]]
    stock = world.items.on_hand.copy()
    for _ in range(periods):
        world.step()
        np.testing.assert_allclose(world.lanes.ordered, expected, rtol=1e-9)
        np.testing.assert_allclose(world.lanes.shipped, expected, rtol=1e-9)
        np.testing.assert_allclose(world.items.on_hand, stock, rtol=1e-8, atol=1e-9 * (1.0 + stock.max(initial=0.0)))
    assert not world.items.backorder.any()
    assert watch.periods == periods


def test_who_sells_and_buys_has_which_role_when_goods_are_resold(tmp_path: Path) -> None:
    edges = [("mine", "trader", GOODS, 10.0), ("trader", "shop", GOODS, 9.0), ("trader", "smith", GOODS, 1.0), ("shop", "town", GOODS, 5.0)]
    population = grown(tmp_path, edges)
    assert roles(population) == {
        "mine": "supplier",
        "shop": "retailer",
        "shop customers": "customer",
        "smith": "customer",
        "town": "customer",
        "trader": "distributor",
    }
    assert lanes(population) == {
        **{(seller, buyer, product): weight for seller, buyer, product, weight in edges},
        ("shop", "shop customers", GOODS): 4.0,
    }
    told = " / ".join(population.derived)
    assert "1 only sells (supplier, without limit), 1 resells (distributor), 1 resells mostly to end customers (retailer), 2 only buy" in told
    assert "end demand at 1 firm that buys more than it sells: 4 per period in all" in told
    assert "order_delay: 1 on 2 lanes, because the file does not say; none on lanes to customers" in told


def test_who_sells_more_than_it_buys_buys_the_rest_outside(tmp_path: Path) -> None:
    population = grown(tmp_path, [("mine", "trader", GOODS, 2.0), ("trader", "town", GOODS, 8.0)])
    assert lanes(population)["outside", "trader", GOODS] == 6.0
    assert roles(population)["outside"] == "supplier"
    share = population.tables["lanes"]["share"]
    assert sorted(share.tolist()) == [0.25, 0.75, 1.0]


def test_who_uses_other_things_than_it_sells_makes_them(tmp_path: Path) -> None:
    edges = [("farm", "mill", "grain", 6.0), ("grid", "mill", "power", 1.5), ("mill", "baker", "flour", 10.0), ("baker", "town", "bread", 25.0)]
    population = grown(tmp_path, edges)
    names = names_of(population)
    recipes = population.tables["recipes"]
    found = {
        (names[item], names[component][1]): float(quantity)
        for item, component, quantity in zip(recipes["item"], recipes["component"], recipes["quantity"], strict=True)
    }
    # Coefficients as of Leontief: money for the component in a unit of money of the product.
    assert found == {(("mill", "flour"), "grain"): 0.6, (("mill", "flour"), "power"): 0.15, (("baker", "bread"), "flour"): 0.4}
    assert roles(population) == {"baker": "manufacturer", "farm": "supplier", "grid": "supplier", "mill": "manufacturer", "town": "customer"}
    assert {name: [names[0] for names in [population.tables["enterprises"]["name"][rows].tolist()]] for name, rows in population.tags.items()} == {
        "bread": ["baker"],
        "flour": ["mill"],
        "grain": ["farm"],
        "power": ["grid"],
    }
    stays_in_balance(population)


def test_who_uses_more_than_it_sells_makes_the_rest_for_end_customers(tmp_path: Path) -> None:
    population = grown(tmp_path, [("farm", "mill", "grain", 16.0), ("mill", "baker", "flour", 10.0), ("mill", "baker", "bran", 2.0)])
    assert lanes(population)["mill", "mill customers", "flour"] == 4.0
    assert population.tables["recipes"]["quantity"].tolist() == [1.0, 1.0]
    stays_in_balance(population)


def test_who_buys_what_it_makes_has_works(tmp_path: Path) -> None:
    edges = [("farm", "mill", "grain", 6.0), ("other mill", "mill", "flour", 3.0), ("mill", "baker", "flour", 10.0), ("mill", "pub", "grain", 2.0)]
    population = grown(tmp_path, edges)
    assert lanes(population) == {
        **{(seller, buyer, product): weight for seller, buyer, product, weight in edges},
        ("mill works", "mill", "flour"): 7.0,
        ("mill", "mill works", "grain"): 4.0,
    }
    assert roles(population)["mill works"] == "manufacturer"
    assert population.tags["flour"].tolist() == [2, 3, 4]  # mill, mill works, other mill
    stays_in_balance(population)


def test_trade_with_products_keeps_each_product_in_balance(tmp_path: Path) -> None:
    edges = [("farm", "mill", "grain", 6.0), ("mill", "baker", "flour", 10.0), ("mill", "pub", "grain", 2.0)]
    population = grown(tmp_path, edges, production="trade")
    assert len(population.tables["recipes"]["item"]) == 0
    assert lanes(population)["mill", "mill customers", "grain"] == 4.0
    names = names_of(population)
    assert [names[row] for row in np.flatnonzero(population.tables["items"]["unlimited"])] == [("farm", "grain"), ("mill", "flour")]
    stays_in_balance(population)


@pytest.mark.parametrize(
    "edges",
    [
        [("a", "b", GOODS, 5.0), ("b", "a", GOODS, 5.0)],
        [("a", "b", GOODS, 0.1), ("b", "c", GOODS, 0.1), ("c", "a", GOODS, 0.1), ("x", "y", GOODS, 3.0)],
        [("a", "b", "x", 5.0), ("b", "a", "y", 5.0)],
        [("a", "b", GOODS, 5.0), ("b", "a", GOODS, 4.0)],
    ],
    ids=["two", "three", "making", "with_a_leak"],
)
def test_circles_start_in_balance_and_stay_there(tmp_path: Path, edges: list[Edge]) -> None:
    population = grown(tmp_path, edges)
    stays_in_balance(population, 60)
    found = between_firms(population, solved(population), {name for edge in edges for name in edge[:2]})
    for seller, buyer, product, weight in edges:
        assert found[seller, buyer, product] == pytest.approx(weight, rel=1e-9)
    circle = sum(edge[3] for edge in edges if edge[0] in ("a", "b", "c"))
    closed = edges[0][3] == edges[1][3]
    assert any("closed circles" in sentence for sentence in population.derived) == closed
    ends = sum(float(choice.parameters["value"].sum()) for choice in population.demand) - sum(edge[3] for edge in edges if edge[1] == "y")
    assert ends == pytest.approx(0.1 * circle if closed else 1.0)


LISTS = st.lists(
    st.tuples(st.sampled_from("abcdefg"), st.sampled_from("abcdefg"), st.sampled_from(["steel", "coal", "power"]), st.integers(1, 12)),
    min_size=1,
    max_size=25,
)


@settings(max_examples=60, deadline=None)
@given(
    edges=LISTS,
    one_product=st.booleans(),
    own_product=st.booleans(),
    production=st.sampled_from([None, "make", "trade"]),
    scale=st.sampled_from([1.0, 0.1, 1e6]),
)
def test_any_list_has_a_steady_state_with_its_weights(
    edges: list[tuple[str, str, str, int]], one_product: bool, own_product: bool, production: str | None, scale: float
) -> None:
    goods = {firm: product for firm, _, product, _ in edges}
    merged: dict[tuple[str, str, str], float] = {}
    for seller, buyer, product, weight in edges:
        if seller != buyer:
            sold = GOODS if one_product else goods[seller] if own_product else product
            merged[seller, buyer, sold] = merged.get((seller, buyer, sold), 0.0) + weight * scale
    if not merged:
        return
    with tempfile.TemporaryDirectory() as folder:
        population = grown(Path(folder), [(*key, weight) for key, weight in merged.items()], production=production)
    flows = solved(population)
    found = between_firms(population, flows, {name for key in merged for name in key[:2]})
    assert found.keys() == merged.keys()
    for key, weight in merged.items():
        assert found[key] == pytest.approx(weight, rel=1e-9)
    # What flows into a firm that resells flows out of it again.
    tables = population.tables
    count = len(flows.item)
    inward = np.bincount(tables["lanes"]["buyer"], flows.lane, count)
    bought = ~flows.made & ~tables["items"]["unlimited"]
    np.testing.assert_allclose(inward[bought], flows.item[bought], rtol=1e-9)
    assert sorted(tables["enterprises"]["name"].tolist()) == tables["enterprises"]["name"].tolist()
    stays_in_balance(population)


def test_fifty_thousand_edges(tmp_path: Path) -> None:
    table = firm_list(50_000, 10_000, industries=60)
    table.to_csv(tmp_path / "firms.csv", index=False)
    population = EdgeList(file="firms.csv").grow(tmp_path)
    assert len(table) == 50_000
    flow = between_firms(population, solved(population), {*table["supplier_id"], *table["customer_id"]})
    expected = {(seller, buyer, product): value for seller, buyer, product, value in table.itertuples(index=False)}
    assert flow.keys() == expected.keys()
    np.testing.assert_allclose([flow[key] for key in expected], list(expected.values()), rtol=1e-9)
    stays_in_balance(population, 5)


def test_bad_rows_of_a_long_list_are_told_with_their_lines(tmp_path: Path) -> None:
    lines = firm_list(50_000, 10_000).to_csv(index=False).splitlines()
    lines[4_001] = lines[4_001].rsplit(",", 1)[0] + ",n.a."
    lines[30_000] = "F0000001,,12.5"
    (tmp_path / "firms.csv").write_text("\n".join(lines))
    with pytest.raises(ScenarioError) as raised:
        EdgeList(file="firms.csv").grow(tmp_path)
    assert [(one.place.line, one.place.column) for one in raised.value.mistakes] == [(4_002, 3), (30_001, 2)]
    population = EdgeList(file="firms.csv", skip_bad=True).grow(tmp_path)
    assert "2 bad rows were left out: lines 4002, 30001" in population.derived


def test_a_shipped_chain_as_a_list_of_values(tmp_path: Path) -> None:
    """The bulldozer (Graves and Willems 2003) as what its firms pay each other: the list gives the value chain back."""
    blueprint = cw.load("bulldozer").blueprint()
    tables = blueprint.tables
    demand = np.zeros(len(tables["items"]["enterprise"]))
    for choice in blueprint.policies["demand"]:
        demand[choice.rows] = choice.parameters["mean"]
    columns, recipes = tables["lanes"], tables["recipes"]
    recipe = (recipes["item"], recipes["component"], recipes["quantity"])
    flows = steady_flows(len(demand), columns["seller"], columns["buyer"], columns["share"], *recipe, 1.0, demand).lane
    firms, goods, items = tables["enterprises"]["name"], tables["products"], tables["items"]
    edges = []
    for seller, buyer, amount in zip(columns["seller"], columns["buyer"], flows, strict=True):
        ends = [str(firms[items["enterprise"][row]]) for row in (seller, buyer)]
        product = items["product"][seller]
        edges.append((*ends, str(goods["name"][product]), float(amount * goods["value"][product])))
    population = grown(tmp_path, edges)
    assert len(edges) == len(population.tables["lanes"]["seller"])
    assert set(roles(population).values()) == {"supplier", "manufacturer", "customer"}
    spent, sold = sum(edge[3] for edge in edges if edge[1] == "works"), sum(edge[3] for edge in edges if edge[0] == "works")
    assert population.tables["recipes"]["quantity"].sum() == pytest.approx(spent / sold)
    stays_in_balance(population)


def test_weights_of_a_year_become_flows_of_a_week(tmp_path: Path) -> None:
    population = grown(tmp_path, [("a", "b", GOODS, 52.0)], weight_periods=52.0)
    assert lanes(population) == {("a", "b", GOODS): 1.0}
    assert "weights are sums over 52 periods, and divided by that" in population.derived
    assert weight_periods("year", "day") == pytest.approx(365.25)
    with pytest.raises(UsageError, match="did you mean 'year'"):
        weight_periods("yaer", "day")


def test_delays_and_stock_may_be_said_or_drawn(tmp_path: Path) -> None:
    edges = [("mine", f"trader_{number}", GOODS, 4.0) for number in range(40)] + [(f"trader_{number}", "town", GOODS, 4.0) for number in range(40)]
    drawn = {"distribution": "uniform", "low": 1, "high": 4}
    population = grown(tmp_path, edges, transport_time=drawn, order_delay={"distributor": 2}, cover=0.5, demand={"policy": "gamma", "variation": 0.2})
    columns = population.tables["lanes"]
    to_traders = columns["order_delay"] > 0
    assert to_traders.sum() == 40
    assert set(columns["transport_time"][to_traders].tolist()) == {1, 2, 3, 4}
    assert not columns["transport_time"][~to_traders].any()
    assert population.tables["items"]["on_hand"].sum() == pytest.approx(0.5 * 4.0 * 40)
    assert population.demand[0].policy == "gamma"
    assert not any("transport_time:" in sentence for sentence in population.derived)
    assert np.array_equal(columns["transport_time"], grown(tmp_path, edges, transport_time=drawn).tables["lanes"]["transport_time"])


def test_an_added_edge_moves_no_draw_of_another(tmp_path: Path) -> None:
    edges = [("mine", f"trader_{number}", GOODS, 4.0) for number in range(9)]
    drawn = {"distribution": "uniform", "low": 1, "high": 9}
    few = grown(tmp_path, edges, transport_time={"customer": drawn})
    many = grown(tmp_path, [("mine", "another", GOODS, 1.0), *edges], transport_time={"customer": drawn})
    times = [dict(zip((names_of(one)[row][0] for row in one.tables["lanes"]["buyer"]), one.tables["lanes"]["transport_time"].tolist(), strict=True))
             for one in (few, many)]  # fmt: skip
    assert times[0].items() <= times[1].items()
    assert len(set(times[0].values())) > 2


def test_firms_that_buy_from_each_other_need_delays(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="a -> b -> a; let order_delay and transport_time be at least 1"):
        grown(tmp_path, [("a", "b", GOODS, 5.0), ("b", "a", GOODS, 4.0)], order_delay=0)


def test_names_that_are_taken_are_not_given_twice(tmp_path: Path) -> None:
    edges = [("a", "b", GOODS, 5.0), ("b", "b customers", GOODS, 3.0), ("b", "outside", GOODS, 1.0), ("outside", "c", GOODS, 2.0)]
    population = grown(tmp_path, edges)
    assert {"b customers", "b customers_", "outside", "outside_"} <= set(roles(population))
    stays_in_balance(population)


def test_facts_of_a_list(tmp_path: Path) -> None:
    edges = [("a", "b", GOODS, 5.0), ("b", "c", GOODS, 4.0), ("c", "b", GOODS, 1.0), ("a", "c", GOODS, 1.0), ("x", "y", GOODS, 9.0)]
    (tmp_path / "firms.csv").write_text("\n".join(f"{seller},{buyer},{weight}" for seller, buyer, _, weight in edges))
    facts = facts_of(EdgeList(file="firms.csv").read(tmp_path))
    assert (facts.firms, facts.edges, facts.components, facts.largest_component) == (5, 5, 2, 3)
    assert (facts.cycles, facts.firms_in_cycles, facts.largest_cycle) == (1, 2, 2)
    assert (facts.most_sellers, facts.most_buyers, facts.best_connected, facts.largest_seller) == (2, 2, "a", "b")
    assert facts.sellers_per_buyer == pytest.approx(5 / 3)


def test_read_edges_makes_a_scenario_that_runs(tmp_path: Path) -> None:
    firm_list(400, 100, industries=5).to_csv(tmp_path / "my firms.csv", index=False)
    scenario = read_edges(tmp_path / "my firms.csv", weights_per="year", horizon=30)
    assert (scenario.name, scenario.horizon, scenario.period_days) == ("my firms", 30, 7.0)
    assert any("weights are sums over 52.1786 periods" in sentence for sentence in derived(scenario))
    result = cw.run(scenario, check=True)
    assert result.summary["fill_rate"].tolist() == [1.0]
    for variant in ("uncertain", "closure"):
        assert cw.run(scenario.variant(variant), check=True).summary["fill_rate"][0] < 1.0
    assert derived(cw.load("beer_game")) == ()


def test_a_misspelt_parameter_is_told(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="no parameter 'skipbad'; did you mean 'skip_bad'"):
        read_edges(tmp_path / "firms.csv", skipbad=True)
    with pytest.raises(UsageError, match="cover"):
        grow({"generator": "edges", "file": "firms.csv", "cover": -1.0}, tmp_path)


def test_bad_rows_are_told_through_the_scenario_that_reads_them(tmp_path: Path) -> None:
    (tmp_path / "firms.csv").write_text("a,b,1\nb,c,-2\n")
    (tmp_path / "firms.yaml").write_text("chainwright: 1\nhorizon: 5\npopulation: {generator: edges, file: firms.csv}\n")
    with pytest.raises(ScenarioError) as raised:
        cw.load(tmp_path / "firms.yaml")
    assert str(raised.value).startswith("firms.csv:2:3: population: the weight is negative: '-2'")
