"""Generated networks in scenario files: growing them once, resolving policies, and that written out they are the same."""

from __future__ import annotations

import pickle
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import chainwright as cw
from chainwright.network.populations.base import generators
from chainwright.scenario import Scenario
from chainwright.scenario.resolve.document import resolve
from chainwright.scenario.resolve.policies import Chain
from chainwright.scenario.write.population_as_entries import written_out
from chainwright.words.errors import ScenarioError
from tests.scenario.toy import Village
from tests.scenario.villages import TEXT, same

# A population that no other test makes.
OWN = TEXT.replace("deviation: 0", "deviation: 0, demand: 11.5")


@pytest.fixture
def scenario() -> Scenario:
    return Scenario.from_text(TEXT, "villages")


@pytest.fixture
def growths(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """How many shops each population had that was generated."""
    told: list[int] = []
    grow = Village.grow

    def watched(self: Village, folder: Path) -> Any:
        told.append(self.shops)
        return grow(self, folder)

    monkeypatch.setattr(Village, "grow", watched)
    return told


def test_it_tells_what_it_is(scenario: Scenario) -> None:
    assert repr(scenario) == "Scenario('Villages', 15 enterprises, 14 lanes, 2 products)"
    assert scenario.counts == {"enterprises": 15, "lanes": 14, "products": 2}
    assert scenario.agents == {"trade": "panicker", "farm": "quiet", "manufacturer": "lead"}
    assert scenario.document["population"] == {"generator": "village", "shops": 6, "ways": [2, 3], "deviation": 0}
    assert "enterprises" not in scenario.document


def test_policies_reach_items_by_everybody_role_enterprise_and_product(scenario: Scenario) -> None:
    blueprint = scenario.blueprint()
    names, products = blueprint.tables["enterprises"]["name"], blueprint.tables["products"]["name"]
    items = blueprint.tables["items"]
    told: dict[tuple[str, str], tuple[str, Any]] = {}
    for choice in blueprint.policies["place_orders"]:
        level = np.broadcast_to(choice.parameters.get("level", np.nan), len(choice.rows))
        for row, value in zip(choice.rows, level, strict=True):
            told[names[items["enterprise"][row]], products[items["product"][row]]] = (choice.policy, float(value))
    assert told["shop_0000001", "flour"] == ("base_stock", 60.0)
    assert told["shop_0000002", "flour"] == ("base_stock", 80.0)
    assert told["mill_0000001", "grain"] == ("base_stock", 200.0)
    assert told["mill_0000000", "grain"][0] == "order_up_to"
    assert told["customer_0000000", "flour"][0] == "pass_on"
    assert len(told) == 6 + 6 + 2  # customers and shops one product each, mills their grain


def test_written_out_it_resolves_to_the_same_columns(scenario: Scenario) -> None:
    blueprint = scenario.blueprint()
    same(blueprint, resolve(written_out(scenario.document, blueprint), "villages"), "coordinate")


def test_written_out_it_gives_the_same_results(scenario: Scenario) -> None:
    scenario = scenario.with_({"agents": {}})
    written = Scenario.from_document(written_out(scenario.document, scenario.blueprint()), "villages")
    one, other = cw.run(scenario, check=True), cw.run(written, check=True)
    for table in ("summary", "items", "enterprises", "lanes", "echelons", "timeline"):
        assert getattr(one, table).equals(getattr(other, table)), table


def test_its_graph_makes_a_written_scenario(scenario: Scenario) -> None:
    graph = scenario.graph()
    assert (graph.number_of_nodes(), graph.number_of_edges()) == (15, 14)
    assert graph.nodes["shop_0000000"]["tags"] == ["north", "trade"]
    same(scenario.blueprint(), Scenario.from_graph(graph).blueprint(), "coordinate")


def test_it_is_made_once(growths: list[int]) -> None:
    scenario = Scenario.from_text(OWN)
    assert growths == [6]  # once for the file, not at all for its variants
    scenario.blueprint()
    scenario.graph()
    scenario.with_({"policies.place_orders.retailer.level": 70}).blueprint()
    scenario.stages([(3, {"policies.place_orders.retailer.level": 70}), (5, {"policies.place_orders.default.safety_factor": 2})])
    assert growths == [6]
    many = scenario.variant("many")
    many.blueprint()
    assert growths == [6, 40]
    again = pickle.loads(pickle.dumps(scenario))
    assert again == scenario
    assert growths == [6, 40]  # a scenario that still holds it lends it
    assert scenario.counts["enterprises"] == 15
    assert many.counts["enterprises"] == 83


def test_a_copy_sent_elsewhere_makes_it_anew(growths: list[int]) -> None:
    sent = pickle.dumps(Scenario.from_text(OWN.replace("11.5", "12.5")))
    arrived = pickle.loads(sent)
    assert len(sent) < 20_000
    assert repr(arrived) == "Scenario('Villages', population of village)"
    assert len(arrived.blueprint().tables["enterprises"]["name"]) == 15
    assert growths == [6, 6]


def test_policies_of_thousands_are_worked_out_once_for_all_that_the_same_entries_reach(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[tuple[str, str, str]] = []
    merged = Chain.merged

    def watched(self: Chain, role: str, enterprise: str, product: str) -> Any:
        asked.append((role, enterprise, product))
        return merged(self, role, enterprise, product)

    monkeypatch.setattr(Chain, "merged", watched)
    text = TEXT.partition("variants:")[0].replace("shops: 6", "shops: 4000, mills: 50")
    blueprint = Scenario.from_text(text).blueprint()
    assert len(asked) < 40
    assert sum(len(choice.rows) for choice in blueprint.policies["place_orders"]) == 4000 + 4000 + 50
    assert sum(len(choice.rows) for choice in blueprint.policies["forecast_demand"]) == 1 + 4000 + 2 * 50


@settings(max_examples=25)
@given(
    entries=st.dictionaries(
        st.sampled_from(["default", "retailer", "manufacturer", "customer", "shop_0000001", "mill_0000000"]),
        st.one_of(
            st.builds(lambda level: {"policy": "base_stock", "level": level}, st.integers(1, 3)),
            st.builds(lambda level: {"flour": {"policy": "base_stock", "level": level}, "grain": {"policy": "pass_on"}}, st.integers(1, 3)),
            st.just({"policy": "min_max", "reorder_point": 2, "order_up_to": 5}),
        ),
    )
)
def test_whatever_entries_reach_whomever_a_population_resolves_as_a_written_network(entries: dict[str, Any]) -> None:
    document = {
        "chainwright": 1,
        "horizon": 5,
        "population": {"generator": "village", "shops": 3},
        "policies": {"place_orders": entries},
        "disruptions": [{"kind": "closure", "target": {"tag": "north"}, "start": 1, "duration": 1}],
    }
    blueprint = resolve(document)
    same(blueprint, resolve(written_out(document, blueprint)), "coordinate")


def test_the_toy_is_registered() -> None:
    assert generators()["village"] is Village


def test_tags_of_written_enterprises_are_rows() -> None:
    text = """\
chainwright: 1
horizon: 5
products: {tea: {}}
enterprises:
  people: {role: customer, tags: [north], items: {tea: {demand: {policy: constant, value: 1}}}}
  shop: {role: retailer, tags: [north, dairy]}
  garden: {role: supplier, items: {tea: {unlimited: true}}}
lanes:
  - {seller: shop, buyer: people, product: tea}
  - {seller: garden, buyer: shop, product: tea}
policies: {place_orders: {default: {policy: base_stock, level: 3}}}
disruptions:
  - {kind: closure, target: {tag: north}, start: 2, duration: 1}
  - {kind: reduction, target: {tag: dairy, product: tea}, start: 2, duration: 1}
  - {kind: order_pause, target: {tag: dairy}, start: 2, duration: 1}
  - {kind: demand, target: {tag: north}, start: 2, duration: 1, factor: 2}
agents: {dairy: panicker, retailer: lead, people: folk, default: anybody}
"""
    scenario = Scenario.from_text(text)
    events = scenario.blueprint().events
    assert [(event.table, event.rows.tolist()) for event in events] == [("enterprises", [0, 1]), ("items", [1]), ("lanes", [1]), ("items", [0])]
    assert {tag: rows.tolist() for tag, rows in scenario.blueprint().tags.items()} == {"north": [0, 1], "dairy": [1]}
    assert scenario.agents == {"dairy": "panicker", "retailer": "lead", "people": "folk", "default": "anybody"}
    assert Scenario.from_graph(scenario.graph()) == scenario
    assert Scenario.from_text(scenario.to_yaml()) == scenario
    assert scenario.with_({"agents.people": "other"}).agents["people"] == "other"
    with pytest.raises(ScenarioError, match="tags cannot be set during a run"):
        scenario.stages([(2, {"enterprises.shop.tags": ["dairy"]})])


@pytest.mark.parametrize(
    "population",
    [
        {"generator": "serial", "stages": 4, "chains": 2, "transport_time": 2, "markup": 0.2},
        {"generator": "tree", "depth": 2, "branching": [1, 3], "whole_units": True, "cover": {"distribution": "uniform", "low": 0, "high": 2}},
        {"generator": "assembly", "depth": 2, "branching": 2, "production_time": {"distribution": "poisson", "mean": 2}, "capacity_slack": 2},
        {"generator": "layered", "customers": 30, "retailers": 12, "products": 3, "bill_of_materials_depth": 2, "backorder_cost": {"retailer": 2.0}},
        {"generator": "scale_free", "firms": 30, "industries": 4, "capacity_slack": 1.5},
        {"generator": "scale_free", "firms": 30, "production": "trade", "markup": 0.1},
    ],
    ids=lambda population: population["generator"],
)
def test_what_the_shipped_generators_make_could_have_been_written(population: dict[str, Any]) -> None:
    document = {
        "chainwright": 1,
        "horizon": 12,
        "population": {**population, "demand": "constant", "mean_demand": {"distribution": "uniform", "low": 4.0, "high": 9.0}},
        "policies": {"place_orders": {"default": {"policy": "base_stock"}}, "plan_production": {"default": {"policy": "base_stock"}}},
        "disruptions": [{"kind": "demand", "target": {"enterprise": "*"}, "start": 4, "duration": 3, "factor": 1.5}],
    }
    grown = Scenario.from_document(document)
    written = Scenario.from_document(written_out(document, grown.blueprint()))
    same(grown.blueprint(), written.blueprint(), "coordinate")
    assert cw.run(grown, check=True).items.equals(cw.run(written).items)
