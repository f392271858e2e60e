"""Graphs: a scenario there and back with everything in it, plain graphs made into scenarios, GraphML files."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import networkx
import pytest

from chainwright.network.graph import from_graph, to_graph
from chainwright.network.graph_files import read_graph, read_graphml, write_graph, write_graphml
from chainwright.scenario import Scenario, load, names
from chainwright.words.errors import UsageError
from tests.shipped import shipped

DRAWN = {"distribution": "uniform", "low": 1, "high": 2}
ARGO = {"ship": "Argo"}
DOCUMENT: dict[str, Any] = {
    "chainwright": 1,
    "title": "Tea",
    "horizon": 10,
    "products": {"tea": {"value": 2.5}, "jam": {}},
    "enterprises": {
        "people": {
            "role": "customer",
            "items": {"tea": {"demand": {"policy": "list", "values": [1, 2.5]}}, "jam": {"demand": {"policy": "constant", "value": 1}}},
        },
        "shop": {"role": "retailer", "cash": 3, "attributes": {"town": "Ulm", "role": "hidden by a key", "size": [1, {"a": None}]}},
        "garden": {"role": "supplier", "items": {"tea": {"unlimited": True}, "jam": {"unlimited": True}}},
    },
    "lanes": [
        {"seller": "shop", "buyer": "people", "product": "tea"},
        {"seller": "garden", "buyer": "shop", "product": "jam", "transport_time": 1},
        {"seller": "garden", "buyer": "shop", "product": "tea", "mode": "air", "share": 0.5, "transport_time": DRAWN},
        {"seller": "garden", "buyer": "shop", "product": "tea", "mode": "sea", "share": 0.5, "transport_time": 6, "in_transit": [1, 2],
         "attributes": ARGO},
        {"seller": "shop", "buyer": "people", "product": "jam", "price": 1.5},
    ],
    "policies": {"place_orders": {"default": {"policy": "base_stock", "level": 9}}},
    "variants": {"dear": {"lanes.*.price": 9}},
}
BASE_STOCK = {"place_orders": {"default": {"policy": "base_stock", "level": 20}}}


def test_nodes_and_edges_carry_what_is_said() -> None:
    graph = to_graph(DOCUMENT)
    assert list(graph) == ["people", "shop", "garden"]
    assert graph.nodes["shop"] == {"role": "retailer", "cash": 3, "town": "Ulm", "size": [1, {"a": None}], "attributes": {"role": "hidden by a key"}}
    assert set(graph["garden"]["shop"]) == {"jam", "tea>air", "tea>sea"}
    assert graph.edges["garden", "shop", "tea>sea"]["ship"] == "Argo"
    assert graph.edges["garden", "shop", "tea>sea"]["transport_time"] == 6
    assert graph.graph["chainwright"]["policies"] == DOCUMENT["policies"]


def test_there_and_back_is_the_same_in_the_same_order() -> None:
    back = from_graph(to_graph(DOCUMENT))
    assert back == DOCUMENT
    assert list(back["enterprises"]) == list(DOCUMENT["enterprises"])
    assert Scenario.from_graph(Scenario.from_document(DOCUMENT).graph()) == Scenario.from_document(DOCUMENT)


def test_the_graph_is_a_copy() -> None:
    document = Scenario.from_document(DOCUMENT)
    graph = document.graph()
    graph.nodes["people"]["items"]["tea"]["demand"]["values"].append(3)
    graph.graph["chainwright"]["products"].clear()
    assert document.document == DOCUMENT


def test_a_changed_graph_is_a_changed_scenario() -> None:
    graph = Scenario.from_document(DOCUMENT).graph()
    graph.add_node("kiosk", role="retailer", owner="Ann")
    graph.add_edge("kiosk", "people", product="tea", price=3)
    graph.add_edge("garden", "kiosk", product="tea", weather="fair", transport_time=2)
    graph.remove_edge("garden", "shop", "tea>air")
    graph.edges["garden", "shop", "tea>sea"]["share"] = 1
    scenario = Scenario.from_graph(graph, horizon=44)
    assert scenario.horizon == 44
    assert scenario.document["enterprises"]["kiosk"] == {"role": "retailer", "attributes": {"owner": "Ann"}}
    added = {"seller": "garden", "buyer": "kiosk", "product": "tea", "transport_time": 2, "attributes": {"weather": "fair"}}
    assert scenario.document["lanes"][-2] == added
    assert [lane["seller"] for lane in scenario.document["lanes"]] == ["shop", "garden", "garden", "shop", "garden", "kiosk"]


def test_a_plain_graph_becomes_a_scenario_in_a_few_lines() -> None:
    tree = networkx.balanced_tree(2, 3, create_using=networkx.DiGraph)
    demand = {"policy": "poisson", "mean": 5}
    scenario = Scenario.from_graph(tree, demand=demand, item={"on_hand": 20}, lane={"transport_time": 2}, policies=BASE_STOCK, horizon=30)
    document = scenario.document
    assert [entry["role"] for entry in document["enterprises"].values()] == ["supplier"] + ["distributor"] * 2 + ["retailer"] * 4 + ["customer"] * 8
    assert document["enterprises"]["0"]["items"] == {"product": {"unlimited": True}}
    assert document["enterprises"]["1"]["items"] == {"product": {"on_hand": 20}}
    assert document["enterprises"]["14"]["items"] == {"product": {"demand": {"policy": "poisson", "mean": 5}}}
    assert {lane["transport_time"] for lane in document["lanes"]} == {2}
    assert scenario.blueprint().horizon == 30
    assert "position" not in str(document)


def test_what_nodes_and_edges_say_wins() -> None:
    graph = networkx.DiGraph()
    graph.add_node("mill", role="supplier", latitude=48.4)
    graph.add_node("baker", role="manufacturer", on_hand=7, cash=4)
    graph.add_node("eater", demand=3)
    graph.add_edge("mill", "baker", transport_time=3, distance=12)
    graph.add_edge("baker", "eater")
    item = {"on_hand": 1, "holding_cost": 2}
    document = Scenario.from_graph(graph, product="bread", item=item, lane={"transport_time": 1}, policies=BASE_STOCK).document
    assert document["enterprises"] == {
        "mill": {"role": "supplier", "attributes": {"latitude": 48.4}, "items": {"bread": {"unlimited": True}}},
        "baker": {"role": "manufacturer", "cash": 4, "items": {"bread": {"on_hand": 7, "holding_cost": 2}}},
        "eater": {"role": "customer", "items": {"bread": {"demand": {"policy": "constant", "value": 3}}}},
    }
    assert document["lanes"] == [
        {"seller": "mill", "buyer": "baker", "product": "bread", "transport_time": 3, "attributes": {"distance": 12}},
        {"seller": "baker", "buyer": "eater", "product": "bread", "transport_time": 1},
    ]


def test_graphs_that_are_no_networks_are_refused() -> None:
    with pytest.raises(UsageError, match="directed"):
        from_graph(networkx.path_graph(3))
    with pytest.raises(UsageError, match="same name"):
        from_graph(networkx.DiGraph([(1, "1")]))
    graph = networkx.DiGraph([("a", "b")])
    graph.graph["chainwright"] = 3
    with pytest.raises(UsageError, match="rest of a scenario"):
        from_graph(graph)


@pytest.mark.parametrize("name", names())
def test_shipped_scenarios_survive_graphml(name: str, tmp_path: Path) -> None:
    scenario = shipped(name)
    if "population" in scenario.document:  # a graph writes out what is generated
        scenario = Scenario.from_graph(scenario.graph(), name)
    back = read_graphml(write_graphml(scenario.graph(), tmp_path / f"{name}.graphml"))
    assert Scenario.from_graph(back, name) == scenario
    assert set(back.edges(keys=True)) == set(scenario.graph().edges(keys=True))


def test_graphml_keeps_every_kind_of_value(tmp_path: Path) -> None:
    graph = to_graph(DOCUMENT)
    graph.nodes["people"].update(words='[not "JSON', quoted='"x"', text="null", spaced=" a ", number=1, share=0.25, yes=True, nothing=None)
    graph.nodes["people"]["many"] = (1, 2)
    graph.nodes["shop"].update(number=2.5, yes="yes")
    back = read_graphml(write_graphml(graph, tmp_path / "tea.graphml"))
    expected = dict(graph.nodes["people"]) | {"many": [1, 2]}
    assert back.nodes["people"] == expected
    assert [type(back.nodes[name]["number"]) for name in ("people", "shop")] == [int, float]
    assert back.nodes["shop"] == graph.nodes["shop"]
    assert {key: back.edges[key] for key in back.edges} == {key: graph.edges[key] for key in graph.edges}
    assert back.graph == graph.graph
    assert [file.name for file in tmp_path.iterdir()] == ["tea.graphml"]


def test_graphml_of_somebody_else(tmp_path: Path) -> None:
    graph = networkx.DiGraph()
    graph.add_node("a", note="[draft]")
    graph.add_edge("a", "b", weight=2)
    networkx.write_graphml(graph, tmp_path / "plain.graphml")
    back = read_graphml(tmp_path / "plain.graphml")
    assert back.nodes["a"]["note"] == "[draft]"
    assert [data["weight"] for _, _, data in back.edges(data=True)] == [2]


def test_files_that_are_no_graphml(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="cannot read"):
        read_graphml(tmp_path / "nowhere.graphml")
    (tmp_path / "bad.graphml").write_text("<graphml><graph>", encoding="utf-8")
    with pytest.raises(UsageError, match="no GraphML"):
        read_graphml(tmp_path / "bad.graphml")
    networkx.write_graphml(networkx.path_graph(2), tmp_path / "undirected.graphml")
    with pytest.raises(UsageError, match="directed"):
        read_graphml(tmp_path / "undirected.graphml")
    with pytest.raises(UsageError, match="cannot write"):
        write_graphml(networkx.DiGraph(), tmp_path / "no" / "where.graphml")


FORMATS = (".graphml", ".gexf", ".json")


@pytest.mark.parametrize("suffix", FORMATS)
@pytest.mark.parametrize("name", ["beer_game", "battery", "two_sources"])
def test_shipped_scenarios_survive_every_format(name: str, suffix: str, tmp_path: Path) -> None:
    scenario = shipped(name)
    path = write_graph(scenario.graph(), tmp_path / f"{name}{suffix}")
    back = read_graph(path)
    assert Scenario.from_graph(back, name) == scenario
    assert set(back.edges(keys=True)) == set(scenario.graph().edges(keys=True))
    # As a file it is a scenario like any other.
    assert load(path) == scenario
    assert [file.name for file in tmp_path.iterdir()] == [path.name]


@pytest.mark.parametrize("suffix", FORMATS)
def test_every_format_keeps_every_kind_of_value(suffix: str, tmp_path: Path) -> None:
    graph = to_graph(DOCUMENT)
    graph.nodes["people"].update(words='[not "JSON', text="null", spaced=" a ", empty="", number=1, share=0.25, yes=True, nothing=None, umlaut="ä<&>")
    graph.nodes["people"].update(label="who buys", start=3, type="x", weight=2.5, pid="p")
    graph.edges["shop", "people", "tea"].update(weight=1.5, label="a", id="b", end=[1], type="odd")
    path = write_graph(graph, tmp_path / f"tea{suffix}")
    for back in (read_graph(path), read_graph(write_graph(read_graph(path), tmp_path / f"again{suffix}"))):
        assert dict(back.nodes(data=True)) == dict(graph.nodes(data=True))
        edges = {key: {name: value for name, value in graph.edges[key].items() if name != "id"} for key in graph.edges}
        assert {key: {name: value for name, value in back.edges[key].items() if name != "id"} for key in back.edges} == edges
        assert back.graph == graph.graph


def test_the_graph_is_one_that_networkx_itself_writes_and_reads_as_node_link_json() -> None:
    graph = Scenario.from_document(DOCUMENT).graph()
    back = networkx.node_link_graph(json.loads(json.dumps(networkx.node_link_data(graph, edges="links"))), edges="links")
    assert Scenario.from_graph(back) == Scenario.from_document(DOCUMENT)
    assert set(back.edges(keys=True)) == set(graph.edges(keys=True))


@pytest.mark.parametrize("write", [networkx.write_gexf, networkx.write_graphml])
def test_graphs_of_somebody_else_lack_what_makes_a_scenario(write: Any, tmp_path: Path) -> None:
    path = tmp_path / f"net{'.gexf' if write is networkx.write_gexf else '.graphml'}"
    write(networkx.DiGraph([("mill", "baker"), ("baker", "eater")]), path)
    with pytest.raises(UsageError, match="is a graph without demand and policies") as refused:
        load(path)
    assert len(str(refused.value).splitlines()) == 1
    item = {"on_hand": 20}
    made = Scenario.from_graph(read_graph(path), demand=4, item=item, policies=BASE_STOCK)
    assert [entry["role"] for entry in made.document["enterprises"].values()] == ["supplier", "retailer", "customer"]


@pytest.mark.parametrize("suffix", FORMATS)
def test_files_that_are_no_graphs_are_told_in_one_line(suffix: str, tmp_path: Path) -> None:
    for number, text in enumerate(("", "{", "[]", "<gexf>", "<graphml><graph>", '{"nodes": 3}', '{"nodes": [{}], "edges": []}', "horizon: 3")):
        path = tmp_path / f"{number}{suffix}"
        path.write_text(text, encoding="utf-8")
        with pytest.raises(UsageError, match=rf"{number}{suffix}.*(is no|expected a directed)") as refused:
            read_graph(path)
        assert len(str(refused.value).splitlines()) == 1
    with pytest.raises(UsageError, match="expected a name that ends in"):
        read_graph(tmp_path / "net.txt")
    with pytest.raises(UsageError, match="expected a name that ends in"):
        write_graph(networkx.DiGraph(), tmp_path / "net.txt")


def test_products_on_edges_make_an_item_of_each() -> None:
    graph = networkx.MultiDiGraph()
    graph.add_edge("garden", "shop", product="tea")
    graph.add_edge("orchard", "shop", product="jam")
    graph.add_edge("shop", "people", product="tea")
    graph.add_edge("shop", "people", product="jam", price=2)
    options: dict[str, Any] = {"item": {"on_hand": 20}, "lane": {"transport_time": 1}, "policies": BASE_STOCK}
    document = Scenario.from_graph(graph, demand=4, **options).document
    constant = {"demand": {"policy": "constant", "value": 4}}
    assert document["products"] == {"tea": {}, "jam": {}}
    assert {name: entry["items"] for name, entry in document["enterprises"].items()} == {
        "garden": {"tea": {"unlimited": True}},
        "shop": {"tea": {"on_hand": 20}, "jam": {"on_hand": 20}},
        "orchard": {"jam": {"unlimited": True}},
        "people": {"tea": constant, "jam": constant},
    }
    own = Scenario.from_graph(graph, demand={"tea": 4, "jam": {"policy": "poisson", "mean": 2}}, **options)
    assert own.document["enterprises"]["people"]["items"]["jam"] == {"demand": {"policy": "poisson", "mean": 2}}
    one = networkx.DiGraph()
    one.add_edge("garden", "shop", product="tea")
    one.add_edge("shop", "people", product="tea")
    assert Scenario.from_graph(one, demand=4, **options).document["enterprises"]["people"]["items"] == {"tea": constant}
