"""Generated populations: valid structure, deterministic by seed, degrees as asked, draws that nobody else moves, worlds that run."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import networkx as nx
import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from ruamel.yaml import YAML

from chainwright.network.blueprint import Columns
from chainwright.network.populations.base import Population, generators, grow
from chainwright.words.errors import UsageError
from chainwright.words.subjects import SCHEMA
from tests.network.growing import drift, world_of

SPREAD = {"distribution": "uniform", "low": 1, "high": 3}
DELAYS = {"order_delay": SPREAD, "transport_time": SPREAD}
COSTS = {
    "holding_cost": {"distribution": "lognormal", "mean": 1.0, "deviation": 0.5},
    "mean_demand": {"distribution": "gamma", "mean": 10.0, "deviation": 4.0},
    "lane_weight": {"distribution": "uniform", "low": 1.0, "high": 2.0},
}
SECTIONS: dict[str, dict[str, Any]] = {
    "serial": {"generator": "serial", "stages": 4, "chains": 3},
    "tree": {"generator": "tree", "depth": 3, "branching": [1, 4], "customers_per_retailer": [1, 2]},
    "assembly": {"generator": "assembly", "depth": 3, "branching": [1, 3], "component_quantity": {"distribution": "exponential", "mean": 1.0}},
    "layered": {"generator": "layered", "customers": 60},
    "layered with recipes": {"generator": "layered", "customers": 60, "products": 3, "bill_of_materials_depth": 2},
    "scale_free trading": {"generator": "scale_free", "firms": 150, "production": "trade", "suppliers": 2},
    "scale_free": {"generator": "scale_free", "firms": 150, "customer_sellers": 2, "industries": 6},
}
ACYCLIC = ("serial", "tree", "assembly", "layered", "layered with recipes")
EACH = pytest.mark.parametrize("kind", list(SECTIONS))


def grown(kind: str, **changes: Any) -> Population:
    """A population of one of the kinds above, with delays and costs that are drawn."""
    return grow({**SECTIONS[kind], **DELAYS, **COSTS, **changes})


def lane_ends(population: Population) -> tuple[Any, Any]:
    """Rows of the enterprises at both ends of each lane."""
    owner, lanes = population.tables["items"]["enterprise"], population.tables["lanes"]
    return owner[lanes["seller"]], owner[lanes["buyer"]]


def by_name(population: Population, column: str) -> dict[tuple[str, str], float]:
    """A column of items, by enterprise and product."""
    tables = population.tables
    names, products = tables["enterprises"]["name"][tables["items"]["enterprise"]], tables["products"]["name"][tables["items"]["product"]]
    return dict(zip(zip(names, products, strict=True), tables["items"][column].tolist(), strict=True))


def test_the_generators_are_registered() -> None:
    assert {"serial", "tree", "assembly", "layered", "scale_free"} <= set(generators())


@EACH
@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(seed=st.integers(0, 10**6))
def test_the_structure_is_valid(kind: str, seed: int) -> None:
    population = grown(kind, seed=seed)
    tables = population.tables
    items, lanes, recipes = tables["items"], tables["lanes"], tables["recipes"]
    names = tables["enterprises"]["name"].tolist()
    assert names == sorted(set(names))
    assert tables["products"]["name"].tolist() == sorted(set(tables["products"]["name"]))
    codes = items["enterprise"].astype(np.int64) * len(tables["products"]["name"]) + items["product"]
    assert (np.diff(codes) > 0).all()
    for table in ("enterprises", "items", "lanes"):
        assert len(np.unique(tables[table]["coordinate"])) == len(tables[table]["coordinate"])
    assert len(set(zip(lanes["seller"].tolist(), lanes["buyer"].tolist(), strict=True))) == len(lanes["seller"])
    assert len(set(zip(recipes["item"].tolist(), recipes["component"].tolist(), strict=True))) == len(recipes["item"])
    assert (items["product"][lanes["seller"]] == items["product"][lanes["buyer"]]).all()
    assert (items["enterprise"][lanes["seller"]] != items["enterprise"][lanes["buyer"]]).all()
    assert (items["enterprise"][recipes["item"]] == items["enterprise"][recipes["component"]]).all()
    count = len(items["enterprise"])
    bought = np.bincount(lanes["buyer"], minlength=count) > 0
    made = np.bincount(recipes["item"], minlength=count) > 0
    # Whatever is kept comes from somewhere, and from one kind of place only.
    assert (bought.astype(int) + made + items["unlimited"] == 1).all()
    np.testing.assert_allclose(np.bincount(lanes["buyer"], lanes["share"], count)[bought], 1.0)
    customer = (tables["enterprises"]["role"] == "customer")[items["enterprise"]].astype(bool)
    assert not customer[lanes["seller"]].any()
    assert (lanes["order_delay"][customer[lanes["buyer"]]] == 0).all()
    assert ((lanes["order_delay"] >= 1) & (lanes["order_delay"] <= 3))[~customer[lanes["buyer"]]].all()
    assert sorted(np.concatenate([choice.rows for choice in population.demand]).tolist()) == np.flatnonzero(customer).tolist()
    assert sum(len(rows) for tag, rows in population.tags.items() if tag.startswith("layer_")) == len(names)


@EACH
def test_every_column_of_a_blueprint_is_there(kind: str) -> None:
    tables = grown(kind).tables
    sizes: Mapping[str, str] = {"products": "name", "enterprises": "name", "items": "enterprise", "lanes": "seller", "recipes": "item"}
    for table, key in sizes.items():
        size = len(tables[table][key])
        for column in SCHEMA.settable(table):
            made = tables[table][column.name]
            assert made.shape == (size,), (table, column.name)
            assert made.dtype == np.dtype(object if column.dtype == "str" else column.dtype), (table, column.name)
            if column.name == "lost_sale_cost":
                assert np.isnan(made).all()  # as the backorder cost, which is known when the world is built
            elif column.dtype == "float64":
                assert not np.isnan(made).any()
                assert ((made >= column.minimum) & (made <= column.maximum)).all()


def same(one: Columns, other: Columns) -> bool:
    return one.keys() == other.keys() and all(np.array_equal(one[name], other[name], equal_nan=one[name].dtype.kind == "f") for name in one)


@EACH
def test_the_seed_says_it_all(kind: str) -> None:
    first, again, other = grown(kind), grown(kind), grown(kind, seed=2)
    assert all(same(first.tables[table], again.tables[table]) for table in first.tables)
    assert np.array_equal(first.in_transit.amount, again.in_transit.amount)
    assert not np.array_equal(first.tables["items"]["holding_cost"], other.tables["items"]["holding_cost"])
    if kind != "serial":  # whose structure leaves nothing to chance
        assert not np.array_equal(np.stack(lane_ends(first)), np.stack(lane_ends(other)))


@EACH
def test_a_changed_parameter_moves_no_other_draw(kind: str) -> None:
    first = grown(kind)
    other = grown(kind, backorder_cost={"distribution": "exponential", "mean": 3.0}, transport_time=2)
    for column in ("holding_cost", "coordinate"):
        assert np.array_equal(first.tables["items"][column], other.tables["items"][column])
    assert np.array_equal(first.tables["lanes"]["order_delay"], other.tables["lanes"]["order_delay"])
    assert np.array_equal(first.demand[0].parameters["mean"], other.demand[0].parameters["mean"])
    assert not np.array_equal(first.tables["items"]["backorder_cost"], other.tables["items"]["backorder_cost"])


@pytest.mark.parametrize("kind, more", [
    ("serial", {"chains": 5}), ("layered", {"customers": 90, "retailers": 70}), ("scale_free trading", {"firms": 200, "customers": 300}),
])  # fmt: skip
def test_who_is_added_at_the_end_of_a_role_moves_nobody(kind: str, more: dict[str, Any]) -> None:
    first, larger = grown(kind), grown(kind, **more)
    for column in ("coordinate", "holding_cost"):
        before, after = by_name(first, column), by_name(larger, column)
        assert {key: after[key] for key in before} == before
        assert len(after) > len(before)


@EACH
@pytest.mark.parametrize("order", ["base_stock", "order_up_to"])
def test_it_starts_in_balance(kind: str, order: str) -> None:
    """With constant demand the world stays as it is; the cover is kept where the policy has a level for it."""
    production = {} if kind in ("serial", "tree") or kind == "layered" else {"production_time": SPREAD, "capacity_slack": 1.0}
    if kind == "layered" or kind.startswith("scale_free trading"):
        production = {}
    population = grown(kind, demand="constant", cover=2.0 if order == "base_stock" else 0.0, **production)
    world = world_of(population.tables, population.demand, population, order)
    moved = drift(world, ("on_hand", "orders", "production_orders", "demand", "backorder", "forecast"), periods=30)
    assert moved < 1e-9 * (1.0 + float(world.items.demand.max()))
    assert float(world.items.received.max()) > 0.0


@EACH
@pytest.mark.parametrize("whole", [False, True])
def test_a_world_of_it_runs_with_its_invariants_kept(kind: str, whole: bool) -> None:
    population = grown(kind, whole_units=whole, demand={"policy": "gamma", "variation": 0.8}, markup=0.1)
    world = world_of(population.tables, population.demand, population, "order_up_to")
    world.step(25)
    assert float(world.items.consumed.sum()) > 0.0
    assert float(world.items.orders.std()) > 0.0
    if whole:
        kept = ~world.items.unlimited
        assert (world.items.orders[kept] == np.floor(world.items.orders[kept])).all()


@pytest.mark.parametrize("kind", ACYCLIC)
def test_layers_and_trees_have_no_cycle(kind: str) -> None:
    seller, buyer = lane_ends(grown(kind))
    assert nx.is_directed_acyclic_graph(nx.DiGraph(zip(seller.tolist(), buyer.tolist(), strict=True)))


def test_chains_lie_side_by_side() -> None:
    population = grow({"generator": "serial", "stages": 5, "chains": 3})
    names = population.tables["enterprises"]["name"]
    seller, buyer = lane_ends(population)
    graph = nx.Graph(zip(names[seller], names[buyer], strict=True))
    chains = [sorted(part) for part in nx.connected_components(graph)]
    assert len(chains) == 3
    stages = ["customer", "distributor_1", "distributor_2", "distributor_3", "manufacturer", "retailer", "supplier"]
    assert sorted(chains)[1] == [f"{stage}_000002" for stage in stages]
    assert names[population.tags["layer_4"]].tolist() == [f"distributor_3_{number:06d}" for number in (1, 2, 3)]


def test_a_tree_has_as_many_branches_as_asked() -> None:
    population = grow({"generator": "tree", "depth": 3, "branching": 4, "customers_per_retailer": 2})
    roles = population.tables["enterprises"]["role"].tolist()
    assert [roles.count(role) for role in ("supplier", "manufacturer", "distributor", "retailer", "customer")] == [1, 1, 4, 16, 32]
    seller, buyer = lane_ends(population)
    assert len(np.unique(buyer)) == len(buyer) == 53
    random = grown("tree", depth=4, branching=[2, 5], customers_per_retailer=1)
    seller, _ = lane_ends(random)
    name = random.tables["enterprises"]["name"]
    counts = np.bincount(seller, minlength=len(name))[[not str(one).startswith(("customer", "supplier", "retailer")) for one in name]]
    assert set(counts.tolist()) == {2, 3, 4, 5}


def test_each_component_has_a_maker_of_its_own() -> None:
    population = grow({"generator": "assembly", "depth": 2, "branching": 3, "customers": 2})
    tables = population.tables
    components = [*(f"component_1_{n:06d}" for n in range(1, 4)), *(f"component_2_{n:06d}" for n in range(1, 10))]
    assert tables["products"]["name"].tolist() == [*components, "product"]
    assert len(tables["recipes"]["item"]) == 3 + 9
    assert np.bincount(tables["recipes"]["item"])[np.unique(tables["recipes"]["item"])].tolist() == [3] * 4
    made_by_one = np.unique(tables["items"]["product"][tables["lanes"]["seller"]])
    assert len(made_by_one) == 13
    assert int(tables["items"]["unlimited"].sum()) == 9


def test_sellers_of_layers_are_as_many_as_asked() -> None:
    population = grow({"generator": "layered", "suppliers": 40, "manufacturers": 200, "distributors": 300, "retailers": 500, "customers": 2000,
                       "sellers_per_buyer": 2.25, "most_sellers": 5})  # fmt: skip
    buyer = population.tables["lanes"]["buyer"]
    counts = np.bincount(buyer)[np.unique(buyer)]
    assert counts.min() == 1
    assert counts.max() == 5
    # The variance of a binomial number of 4 is at most 1.
    assert counts.mean() == pytest.approx(2.25, abs=4.0 / np.sqrt(len(counts)))
    seller, _ = lane_ends(population)
    sells = np.bincount(seller, minlength=3040) > 0
    assert sells[population.tables["enterprises"]["role"] != "customer"].all(), "nobody is idle where there are enough buyers"


def test_layers_may_be_thin_or_missing() -> None:
    population = grow({"generator": "layered", "suppliers": 1, "manufacturers": 0, "distributors": 0, "retailers": 2, "customers": 9})
    assert sorted(set(population.tables["enterprises"]["role"])) == ["customer", "retailer", "supplier"]
    assert sorted(population.tags) == ["layer_0", "layer_1", "layer_2"]


def test_who_makes_a_product_makes_it_alike() -> None:
    population = grow({"generator": "layered", "products": 2, "bill_of_materials_depth": 1, "components_per_product": 3, "manufacturers": 6,
                       "component_quantity": {"distribution": "uniform", "low": 1.0, "high": 2.0}})  # fmt: skip
    items, recipes = population.tables["items"], population.tables["recipes"]
    lines: dict[int, set[tuple[int, float]]] = {}
    for item in np.unique(recipes["item"]):
        own = recipes["item"] == item
        made = set(zip(items["product"][recipes["component"][own]].tolist(), recipes["quantity"][own].tolist(), strict=True))
        assert len(made) == 3
        assert lines.setdefault(int(items["product"][item]), made) == made
    assert len(lines) == 2


def hill(degrees: Any, share: float) -> float:
    """Hill's estimate of the exponent of the cumulative distribution, from the largest values."""
    ordered = np.sort(degrees)[::-1].astype(float)
    top = int(len(ordered) * share)
    return float(1.0 / np.mean(np.log(ordered[:top] / ordered[top])))


@pytest.mark.parametrize("production", ["trade", "recipes"])
@pytest.mark.parametrize("exponent", [1.3, 1.8])
def test_degrees_of_firms_have_heavy_tails(production: str, exponent: float) -> None:
    firms = 20_000
    population = grow({"generator": "scale_free", "firms": firms, "degree": 4.0, "exponent": exponent, "production": production})
    firm = np.array([str(name).startswith("firm") for name in population.tables["enterprises"]["name"]])
    seller, buyer = lane_ends(population)
    among = firm[seller] & firm[buyer]
    pairs = np.unique(np.stack([seller[among], buyer[among]]), axis=1)
    sells, buys = (np.bincount(end, minlength=len(firm))[firm] for end in pairs)
    # The mean of a cut-off Pareto has a standard error of its own: below a tenth here.
    assert buys.mean() == pytest.approx(4.0, rel=0.15)
    for degrees in (sells, buys):
        # 400 values: four standard errors of Hill's estimate are a fifth of it, and rounding down to whole degrees adds some.
        assert hill(degrees, 0.02) == pytest.approx(exponent, rel=0.3)
        assert degrees.max() > 30 * degrees.mean()


@pytest.mark.parametrize("kind", ["scale_free", "scale_free trading"])
def test_firms_trade_in_cycles(kind: str) -> None:
    seller, buyer = lane_ends(grown(kind))
    graph = nx.DiGraph(zip(seller.tolist(), buyer.tolist(), strict=True))
    assert max(len(part) for part in nx.strongly_connected_components(graph)) > 30


def test_every_firm_has_somebody_downstream() -> None:
    population = grown("scale_free")
    items, tables = population.tables["items"], population.tables
    made = np.unique(tables["recipes"]["item"])
    assert (items["base_stock_level"][made] > 0.0).all()
    assert not [told for told in population.derived if "asked for nothing" in told]
    few = grown("scale_free", customers=3)
    assert [told for told in few.derived if "asked for nothing" in told]


def test_recipes_are_worth_what_they_make() -> None:
    """By value, components and material of a unit are together the unit, and the outside share at least comes from outside."""
    population = grow({"generator": "scale_free", "firms": 300, "outside_share": 0.4, "value": 3.0,
                       "product_value": {"distribution": "choice", "values": [2.0, 8.0]}})  # fmt: skip
    tables = population.tables
    items, recipes, lanes = tables["items"], tables["recipes"], tables["lanes"]
    worth = tables["products"]["value"]
    assert dict(zip(tables["products"]["name"], worth.tolist(), strict=True))["material"] == 3.0
    assert sorted(set(worth.round(9).tolist())) == [2.0, 3.0, 8.0]
    value = np.bincount(recipes["item"], recipes["quantity"] * worth[items["product"][recipes["component"]]], len(items["product"]))
    made = np.unique(recipes["item"])
    # Costs rolled up from the material alone come to the same for all makers of a product, and to its worth.
    np.testing.assert_allclose(value[made], worth[items["product"][made]], rtol=1e-9)
    material = tables["products"]["name"].tolist().index("material")
    outside = recipes["quantity"] * worth[material] / worth[items["product"][recipes["item"]]]
    assert outside[items["product"][recipes["component"]] == material].min() == pytest.approx(0.4)
    assert len(lanes["seller"]) > 300


def test_each_seller_adds_its_markup() -> None:
    tables = grow({"generator": "serial", "stages": 3, "value": 2.0, "markup": {"default": 0.5, "retailer": 1.0}}).tables
    role = tables["enterprises"]["role"][tables["items"]["enterprise"]]
    price = dict(zip(role[tables["lanes"]["seller"]].tolist(), tables["lanes"]["price"].tolist(), strict=True))
    assert price == {"supplier": 2.0, "manufacturer": 3.0, "distributor": 4.5, "retailer": 9.0}
    cost = dict(zip(role.tolist(), tables["items"]["unit_cost"].tolist(), strict=True))
    assert cost == {"supplier": 2.0, "manufacturer": 2.0, "distributor": 3.0, "retailer": 4.5, "customer": 9.0}


def test_nothing_is_priced_where_nobody_asks() -> None:
    tables = grown("layered").tables
    assert not tables["lanes"]["price"].any()
    assert not tables["items"]["unit_cost"].any()


def test_capacity_follows_the_flow() -> None:
    tables = grow({"generator": "assembly", "depth": 1, "branching": 2, "mean_demand": 8.0, "capacity_slack": 1.25, "component_quantity": 3.0}).tables
    assert sorted(tables["items"]["capacity"].tolist())[0] == 10.0
    assert np.isinf(np.sort(tables["items"]["capacity"])[1:]).all()


def test_a_large_population_is_lean() -> None:
    """Constant columns take no memory: an enterprise costs a few hundred bytes, its lanes and what is on them included."""
    population = grow({"generator": "layered", "suppliers": 200, "manufacturers": 800, "distributors": 1500, "retailers": 2500, "customers": 5000})
    taken = sum(
        column.nbytes for table in population.tables.values() for column in table.values() if column.strides != (0,)
    )
    pipelines = (population.orders_waiting, population.in_transit, population.in_process)
    taken += sum(one.row.nbytes + one.due.nbytes + one.amount.nbytes for one in pipelines)
    assert taken / 10_000 < 500


def test_examples_of_the_documentation_grow() -> None:
    page = (Path(__file__).parents[2] / "docs" / "populations.md").read_text(encoding="utf-8")
    examples = [YAML(typ="safe", pure=True).load(block) for block in re.findall(r"```yaml\n(.*?)```", page, re.DOTALL)]
    sections = [example["population"] for example in examples if "population" in example]
    assert {section["generator"] for section in sections} >= {"serial", "tree", "assembly", "layered", "scale_free"}
    for section in sections:
        assert len(grow(section).demand) == 1
    for shared in (example for example in examples if "population" not in example):
        assert generators()["layered"].mistakes(shared) == []
        assert len(grow({"generator": "layered", **shared}).demand) == 1


@pytest.mark.parametrize("section, message", [
    ({"generator": "serail"}, "no generator is called 'serail'; did you mean 'serial'?"),
    ({"generator": "serial", "stage": 3}, "generator 'serial' has no parameter 'stage'; did you mean 'stages'?"),
    ({"generator": "serial", "stages": 0}, "generator 'serial': stages: expected a whole number from 1 to 1000, got 0"),
    ({"generator": "serial", "stages": 2.5}, "expected a whole number"),
    ({"generator": "tree", "branching": [3, 2]}, r"branching: expected a whole number from 1 on, or a range such as \[1, 4\], got \[3, 2\]"),
    ({"generator": "tree", "depth": 30, "branching": 9}, "depth: makes up to .* enterprises, expected at most"),
    ({"generator": "layered", "sellers_per_buyer": 5.0}, "a mean of 5 is more than most_sellers"),
    ({"generator": "layered", "manufacturers": 1, "bill_of_materials_depth": 3}, "3 layers of manufacturers need at least as many"),
    ({"generator": "scale_free", "production": "trading"}, "production: got 'trading'; did you mean 'trade'?"),
    ({"generator": "scale_free", "order_delay": 0}, "order_delay: expected a whole number from 1 to 1000, got 0"),
    ({"generator": "scale_free", "firms": 3, "degree": 4}, "3 firms have at most 2 sellers each"),
    ({"generator": "scale_free", "production": "trade", "outside_share": 0.1, "markup": 1.0}, "prices would be infinite"),
])  # fmt: skip
def test_mistakes_are_told_in_words(section: dict[str, Any], message: str) -> None:
    with pytest.raises(UsageError, match=message):
        grow(section)
