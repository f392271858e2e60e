"""Every bad scenario file gets exactly the messages that stand beside it; good ones get none."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from chainwright.scenario.check.all_mistakes import check, find_mistakes
from chainwright.scenario.read.csv_tables import expand_tables
from chainwright.scenario.read.yaml_file import Document, read_document
from chainwright.words.errors import ScenarioError
from tests.scenario import toy

HERE = Path(__file__).resolve().parent
BAD = sorted((HERE / "bad").glob("*.yaml"))
GOOD = sorted((HERE / "good").glob("*.yaml"))


def told(name: str) -> list[str]:
    """What is said about a file of the working folder."""
    try:
        check(read_document(Path(name)))
    except ScenarioError as error:
        return [str(mistake) for mistake in error.mistakes]
    return []


def test_the_corpus_is_large_and_whole() -> None:
    assert toy.Village.name == "village"  # which files of populations use
    assert len(BAD) >= 45
    assert {path.stem for path in BAD} == {path.stem for path in (HERE / "bad").glob("*.expected")}


@pytest.mark.parametrize("path", BAD, ids=lambda path: path.stem)
def test_a_bad_file_gets_its_messages(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(path.parent)
    expected = path.with_suffix(".expected").read_text(encoding="utf-8").splitlines()
    assert told(path.name) == expected


@pytest.mark.parametrize("path", GOOD, ids=lambda path: path.stem)
def test_a_good_file_gets_none(path: Path) -> None:
    document = read_document(path)
    assert find_mistakes(document) == []
    check(document)
    expanded = expand_tables(document)
    assert find_mistakes(expanded) == []
    assert expand_tables(expanded) is expanded


def test_tables_become_entries() -> None:
    data = expand_tables(read_document(HERE / "good" / "from_tables.yaml")).data
    assert "tables" not in data
    assert list(data["enterprises"]) == ["drinkers", "guests", "pub", "the brewery", "maltings"]
    assert data["enterprises"]["pub"]["items"]["beer"] == {"on_hand": 12, "holding_cost": 0.5}
    assert data["enterprises"]["drinkers"]["items"]["beer"]["demand"] == {"policy": "list", "then": "zero", "values": [4, 0.0, 8.5]}
    assert data["lanes"][2] == {
        "seller": "the brewery", "buyer": "pub", "product": "beer", "order_delay": 1, "transport_time": 2, "in_transit": [4, 4],
    }  # fmt: skip
    assert data["recipes"] == [
        {"enterprise": "the brewery", "product": "beer", "components": {"malt": 0.25, "hops": 0.1}, "production_time": 1}
    ]


def test_reading_tables_changes_nothing_of_the_document() -> None:
    document = read_document(HERE / "good" / "from_tables.yaml")
    before = repr(document.data)
    expand_tables(document)
    assert repr(document.data) == before


def test_a_document_without_places_is_told_by_its_paths() -> None:
    data = {**read_document(HERE / "good" / "beer_game.yaml").data, "horizon": -3}
    assert [str(one) for one in find_mistakes(Document(data))] == ["horizon: expected a whole number of at least 1, got -3"]


def test_cells_of_tables_have_places(tmp_path: Path) -> None:
    (tmp_path / "lanes.csv").write_text("seller,buyer,product\npub,folk,beer\n", encoding="utf-8")
    text = "chainwright: 1\nlanes: [{seller: a}]\ntables: {lanes: lanes.csv}\n"
    document = expand_tables(read_document(tmp_path / "x.yaml", text))
    assert document.place(("lanes", 1, "buyer")).line == 2
    assert document.place(("lanes", 1, "buyer")).column == 2
    assert document.place(("lanes", 1)).file.endswith("lanes.csv")
    assert document.place(("lanes", 0, "seller")).line == 2
    assert ("lanes", 1, "mode") not in document.places
    assert len(list(document.places)) == len(document.places)


SHOPS = """chainwright: 1
horizon: 20
products: {beer: {}}
policies: {place_orders: {default: {policy: base_stock, level: 20}}}
enterprises:
  source: {role: supplier, items: {beer: {unlimited: true}}}
"""


def chain(size: int, typo: str = "") -> Document:
    """A source, shops and their customers: two lanes a shop."""
    demand = "{role: customer, items: {beer: {demand: {policy: poisson, mean: 4}}}}"
    shops = "".join(f"  shop{i}: {{role: retailer}}\n  people{i}: {demand}\n" for i in range(size))
    lanes = "".join(
        f"  - {{seller: shop{i}, buyer: people{i}, product: beer}}\n"
        f"  - {{seller: source, buyer: shop{i}{typo}, product: beer, order_delay: 1, transport_time: 2}}\n"
        for i in range(size)
    )
    return read_document(None, f"{SHOPS}{shops}lanes:\n{lanes}")


def test_a_thousand_lanes_are_checked_at_once() -> None:
    document = chain(500)
    start = time.process_time()
    assert find_mistakes(document) == []
    assert time.process_time() - start < 1.0


def test_hundreds_of_misspelt_names_do_not_take_for_ever() -> None:
    document = chain(300, typo="x")
    start = time.process_time()
    mistakes = find_mistakes(document)
    assert time.process_time() - start < 3.0
    assert len(mistakes) == 300
    assert str(mistakes[0]).endswith("lanes.1.buyer: no enterprise is called 'shop0x'; did you mean 'shop0'?")


def test_the_nearest_key_is_looked_for_until_that_has_taken_long_enough() -> None:
    strange = [f"horizn_{i}" for i in range(3000)]
    first, *_, last = find_mistakes(read_document(None, SHOPS + "".join(f"{key}: 3\n" for key in strange)))
    assert str(first).endswith("horizn_0: unknown key 'horizn_0'; did you mean 'horizon'?")
    assert str(last).endswith("horizn_2999: unknown key 'horizn_2999'")
    population = "population: {generator: layered, " + ", ".join(f"retailers_{i}: 3" for i in range(3000)) + "}\n"
    found = [str(one) for one in find_mistakes(read_document(None, f"chainwright: 1\nhorizon: 3\n{population}"))]
    assert len(found) == 3000
    assert found[0].endswith("has no parameter 'retailers_0'; did you mean 'retailers'?")
    assert found[-1].endswith("has no parameter 'retailers_2999'")


def test_a_whole_number_that_is_too_large_is_told_its_bound() -> None:
    (found,) = find_mistakes(read_document(None, SHOPS.replace("horizon: 20", "horizon: 100000000020")))
    assert "expected a whole number of at most 2147483647, got 100000000020" in str(found)


def test_a_message_is_one_line_whatever_stands_there() -> None:
    word = "a\\nb" * 200
    document = read_document(None, f'chainwright: 1\nhorizon: "{word}"\n"{word}": 1\nperiod: "{word}"\nenterprises: {{}}\n')
    for mistake in find_mistakes(document):
        assert "\n" not in str(mistake)
        assert len(str(mistake)) < 300
