"""Design files: what they say, and that every mistake is told at once with its line and column."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from scipy import stats

import chainwright as cw
from chainwright.experiment.designs.design_file import EXAMPLE, KEYS, read_design, write_design
from chainwright.experiment.designs.factors import factors_of
from chainwright.experiment.designs.making import make_design
from chainwright.scenario.starter import starter

LEVEL = "policies.place_orders.default.level"


def told(text: str, **options: Any) -> list[str]:
    with pytest.raises(cw.ScenarioError) as caught:
        read_design(None, text, **options)
    return [str(mistake) for mistake in caught.value.mistakes]


def test_the_example_says_what_a_sweep_takes() -> None:
    found = read_design(None, EXAMPLE)
    assert found.scenario == cw.load("beer_game")
    assert len(found.design) == 4 * 3 * 2
    assert found.design == make_design(found.factors, "grid", seed=7)
    assert list(found.arguments()) == ["scenario", "factors", "design", "reps", "seed", "measures", "periods"]
    assert (found.reps, found.seed, found.periods) == (30, 7, 52)


def test_little_is_enough() -> None:
    found = read_design(None, "scenario: beer_game\nfactors: {horizon: [20, 30]}\n")
    assert found.design.kind == "grid"
    assert list(found.arguments()) == ["scenario", "factors", "design"]


def test_factors_stand_in_a_file_as_in_python_or_as_texts() -> None:
    text = """
scenario: beer_game
factors:
  horizon: 20..40
  lanes.*.price: normal(5, 1)
  lanes.*.in_transit_holding_cost: {distribution: uniform, low: 1, high: 3}
  warm_up: {low: 0, high: 5, whole: true}
  variant: [base, shared_demand]
  stock:
    little: {enterprises.*.items.*.on_hand: 4}
    much: {enterprises.*.items.*.on_hand: 40}
design: {kind: latin_hypercube, n: 10}
"""
    found = read_design(None, text)
    assert [factor.kind for factor in found.factors] == ["range", "distribution", "distribution", "range", "variant", "settings"]
    assert len(found.design) == 10


def test_every_mistake_is_told_with_its_place() -> None:
    text = """chainwright: 2
scenario: beer_game
factrs: {}
factors:
  lanes.*.transport_tme: [1, 2]
  horizon: 10..
  policies.place_orders.default.target: [1, 1]
  plan: {bold: 3}
design: {kind: latin_hypercube, m: 4, n: 3}
reps: often
seed: -1
measures: [fill_rat, fill_rate, fill_rate]
periods: 0
common: maybe
workers: 0
"""
    said = told(text)
    places = [line.split(": ")[0] for line in said]
    assert places == [
        "text:1:14", "text:3:1", "text:5:3", "text:6:12", "text:7:41", "text:8:9", "text:9:33", "text:10:7", "text:11:7", "text:12:12",
        "text:12:33", "text:13:10", "text:14:9", "text:15:10",
    ]  # fmt: skip
    for number, near in ((1, "factors"), (2, "transport_time"), (9, "fill_rate")):
        assert f"did you mean {near!r}?" in said[number]


@pytest.mark.parametrize(
    "text, place, message",
    [
        ("scenario: beer_gme\nfactors: {horizon: [1]}", "text:1:11", "did you mean 'beer_game'?"),
        ("factors: {horizon: [20]}", "text", "'scenario' is missing"),
        ("scenario: beer_game", "text", "'factors' is missing"),
        ("scenario: beer_game\nfactors: [3]", "text:2:10", "expected keys and values"),
        ("scenario: beer_game\nfactors: {horizon: [20]}\ndesign: {kind: sobl, n: 3}", "text:3:16", "did you mean 'sobol'?"),
        ("scenario: beer_game\nfactors: {horizon: [20]}\ndesign: {n: 3}", "text:3:1", "'kind' is missing"),
        ("scenario: beer_game\nfactors: {horizon: [20]}\ndesign: [3]", "text:3:9", "expected the name of a design"),
        ("scenario: beer_game\nfactors: {horizon: 20..30}\ndesign: grid", "text:3:9", "say levels=5"),
        ("scenario: beer_game\nfactors: {horizon: [20, 30]}\nmeasures: []", "text:3:11", "no measure is named"),
        ("scenario: beer_game\nfactors: {horizon: [20, 30]}\nperiods: 50", "text:3:1", "a factor varies the horizon"),
        ("scenario: beer_game\nfactors: {seed: [20, 30]}", "text:2:11", "share its seed"),
        ("scenario: beer_game\nfactors:\n  lanes.1.price: [20, 30]\n  lanes.wholesaler>retailer.price: [3]", "text:4:3", "sets the same as"),
        ("scenario: beer_game\nfactors:\n  lanes.1.price: [20, 30]\n  'lanes. 1.price': [3]", "text:4:3", "is given twice"),
        ("scenario: beer_game\nfactors: {horizon: [20, 30]}\nreps: until half_width<0%", "text:3:7", "half_width"),
        ("scenario: beer_game\ndesign: {kind: points, points: [{lanes.*.prce: 3}]}", "text:2:1", "did you mean 'price'?"),
        ("scenario: beer_game\nfactors: {horizon: [20], horizon: [30]}", "text:2:26", "said twice"),
        ("chainwright: 1\nhorizon: 3\nenterprises: {}", "text", "this is a scenario"),
        ("", "text", "empty"),
    ],
)  # fmt: skip
def test_one_mistake_is_told_where_it_stands(text: str, place: str, message: str) -> None:
    said = told(text + "\n")
    assert said[0].startswith(f"{place}: ")
    assert message in said[0]
    assert len(said) == 1


def test_mistakes_of_the_scenario_itself_have_their_own_place(tmp_path: Path) -> None:
    (tmp_path / "own.yaml").write_text(starter("Shop").replace("role: retailer", "role: retialer", 1), encoding="utf-8")
    design = tmp_path / "design.yaml"
    design.write_text("scenario: own.yaml\nfactors: {horizon: [20, 30]}\nreps: 0\n", encoding="utf-8")
    with pytest.raises(cw.ScenarioError) as caught:
        read_design(design)
    said = str(caught.value)
    assert "own.yaml:" in said
    assert "did you mean 'retailer'?" in said
    assert "design.yaml:3:7: reps" in said


def test_files_are_looked_for_beside_the_design(tmp_path: Path) -> None:
    (tmp_path / "own.yaml").write_text(starter("Shop"), encoding="utf-8")
    (tmp_path / "points.csv").write_text("horizon,warm_up\n20,1\n30,2\n", encoding="utf-8")
    (tmp_path / "design.yaml").write_text("scenario: own.yaml\ndesign: {kind: points, file: points.csv}\n", encoding="utf-8")
    found = read_design(tmp_path / "design.yaml")
    assert found.scenario.title == "Shop"
    assert found.design.points["horizon"].tolist() == [20, 30]


def test_the_scenario_may_be_given_beside_the_file() -> None:
    found = read_design(None, "factors: {horizon: [120, 130]}", scenario="newsvendor")
    assert found.scenario == cw.load("newsvendor")
    assert read_design(None, "factors: {horizon: [120, 130]}", scenario=found.scenario).scenario is found.scenario
    assert "did you mean" in told("factors: {horizon: [120, 130]}", scenario="newsvendr")[0]


WRITTEN: dict[str, tuple[Any, Any]] = {
    "grid": ({"horizon": [20, 30], "variant": ["base", "pass_on"]}, "grid"),
    "sample": ({"horizon": "20..40", "warm_up": stats.poisson(3), "lanes.*.price": "1.0..100.0 log"}, {"kind": "sobol", "n": 8}),
    "fraction": ({f"lanes.{place}.price": [1, 2] for place in range(5)}, {"kind": "fractional", "generators": ["E=ABCD"]}),
    "labels": ({"plan": {"a": {"horizon": 20}, "b": {}}, "price": {"path": "lanes.*.price", "low": 1, "high": 3}}, "grid(levels=3)"),
    "points": (None, [{"horizon": 20, "lanes.1.in_transit": [4, 4]}, {"horizon": 30, "lanes.1.in_transit": None}]),
    "base": ({"horizon": "20..40", "variant": ["base", "pass_on"]}, {"kind": "one_at_a_time", "base": {"variant": "pass_on"}}),
}


@pytest.mark.parametrize("factors, design", WRITTEN.values(), ids=WRITTEN)
def test_what_is_written_is_read_back(factors: Any, design: Any) -> None:
    text = write_design("beer_game", factors, design, reps=20, seed=3, measures=["fill_rate"], title="Twenty")
    found = read_design(None, text)
    made = make_design(factors, design, seed=3)
    assert found.factors == made.factors
    assert found.design == made
    assert (found.reps, found.seed, found.measures) == (20, 3, ("fill_rate",))
    assert text.splitlines()[1] == "title: Twenty"


def test_what_no_design_file_has_is_not_written() -> None:
    with pytest.raises(cw.UsageError, match="unknown key 'rep'; did you mean 'reps'"):
        write_design("beer_game", {"horizon": [20, 30]}, rep=3)


def test_the_fields_of_a_design_file_are_its_keys() -> None:
    told_only = {"chainwright", "title", "description"}
    found = read_design(None, EXAMPLE)
    assert set(KEYS) - told_only == set(found.__dataclass_fields__)
    assert found.factors == factors_of({"policies.place_orders.default.target": [16, 20, 24, 28], "lanes.*.transport_time": [1, 2, 4],
                                        "variant": ["base", "shared_demand"]})  # fmt: skip
