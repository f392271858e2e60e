"""Designs: their points, their options, what an analysis is told, and that the same seed gives the same points."""

from __future__ import annotations

import itertools
import json
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

import chainwright as cw
from chainwright.experiment.designs.factors import between, factors_of
from chainwright.experiment.designs.fractions import LETTERS, from_generators, of_resolution, of_size
from chainwright.experiment.designs.making import KINDS, design_of_document, make_design, options_of

TIME = "lanes.*.transport_time"
LEVEL = "policies.place_orders.default.level"
MIXED: dict[str, Any] = {"horizon": "20..60", LEVEL: "0.5..2.5", "variant": ["base", "pass_on"], TIME: "normal(5, 1)"}
# One of each kind that takes these factors.
ALL: dict[str, Any] = {
    "grid": "grid(3)",
    "one_at_a_time": "one_at_a_time",
    "latin_hypercube": "latin_hypercube(n=20)",
    "evened out": "latin_hypercube(n=20, optimise=true)",
    "sobol": "sobol(16)",
    "halton": "halton(20)",
    "two_level": "two_level",
    "fractional": "fractional(IV)",
    "morris": "morris(5)",
    "farthest apart": "morris(trajectories=12, optimal=4)",
    "saltelli": "saltelli(8)",
    "points": [{"horizon": 20, LEVEL: 1.0, "variant": "base", TIME: 3}, {"horizon": 30, LEVEL: 2.0, "variant": "pass_on", TIME: 4}],
}


def refusal(design: Any, factors: Any = MIXED) -> str:
    with pytest.raises(cw.UsageError) as caught:
        make_design(factors, design)
    return str(caught.value)


@pytest.mark.parametrize("asked", ALL.values(), ids=ALL)
def test_the_same_seed_gives_the_same_points_and_json_leads_back(asked: Any) -> None:
    design = make_design(MIXED, asked, seed=7)
    assert make_design(MIXED, asked, seed=7) == design
    assert design_of_document(json.loads(json.dumps(design.document()))) == design
    assert list(design.points.columns) == list(MIXED)
    assert design.facts["points"] == len(design) == len(design.points)
    assert make_design(MIXED, design) is design


@pytest.mark.parametrize("asked", [one for one in ALL.values() if isinstance(one, str) and one.split("(")[0] in
                                   ("latin_hypercube", "sobol", "halton", "morris", "saltelli")])  # fmt: skip
def test_another_seed_draws_other_points(asked: str) -> None:
    assert make_design(MIXED, asked, seed=7) != make_design(MIXED, asked, seed=8)


@pytest.mark.parametrize("asked", ALL.values(), ids=ALL)
def test_values_lie_within_their_factor(asked: Any) -> None:
    points = make_design(MIXED, asked).points
    assert points["horizon"].between(20, 60).all()
    assert points["horizon"].map(lambda value: value == int(value)).all()
    assert points[LEVEL].between(0.5, 2.5).all()
    assert set(points["variant"]) <= {"base", "pass_on"}
    assert np.isfinite(points[TIME].astype(float)).all()


# --- grid, points, one at a time -----------------------------------------------------------------------------------------


@given(st.lists(st.lists(st.integers(0, 50), min_size=1, max_size=4, unique=True), min_size=1, max_size=4))
def test_a_grid_has_every_combination_once(values: list[list[int]]) -> None:
    factors = {f"lanes.{place}.price": one for place, one in enumerate(values)}
    design = make_design(factors)
    assert list(design.points.itertuples(index=False, name=None)) == list(itertools.product(*values))


def test_a_grid_of_ranges_wants_to_know_how_many() -> None:
    assert "say levels=5" in refusal("grid")
    assert len(make_design(MIXED, {"kind": "grid", "levels": {"horizon": 3, LEVEL: 2, TIME: 4}})) == 3 * 2 * 2 * 4
    assert "has its values listed" in refusal({"kind": "grid", "levels": {"variant": 3}})
    assert "did you mean 'horizon'" in refusal({"kind": "grid", "levels": {"horizn": 3}})
    assert "levels must be a whole number" in refusal("grid(many)")
    assert "at most 1,000,000 are possible" in refusal("grid(2000)")


def test_listed_points_stay_as_they_are() -> None:
    rows = [{TIME: 2, "lanes.1.in_transit": [4, 4], "variant": None}, {TIME: 1, "lanes.1.in_transit": None, "variant": "pass_on"}]
    design = make_design(None, rows)
    assert [factor.kind for factor in design.factors] == ["values", "values", "variant"]
    assert design.points["lanes.1.in_transit"].tolist() == [[4, 4], None]
    assert design.points["variant"].tolist() == ["base", "pass_on"]
    table = pd.DataFrame({"horizon": [20, 30, 20], LEVEL: [1.5, 2.5, 1.5]})
    assert make_design(None, table).points.equals(table)
    assert make_design(None, {"kind": "points", "points": table}).points.equals(table)
    assert make_design(None, {"horizon": [20, 30, 20], LEVEL: [1.5, 2.5, 1.5]}).points.equals(table)


def test_listed_points_may_have_declared_factors() -> None:
    plan = {"plan": {"bold": {LEVEL: 10}, "cautious": {LEVEL: 30}}}
    design = make_design(plan, [{"plan": "bold", "horizon": 20}, {"plan": "cautious", "horizon": 20}])
    assert [factor.name for factor in design.factors] == ["plan", "horizon"]
    assert "did you mean 'cautious'" in refusal([{"plan": "cautous"}], plan)
    assert "no column says what 'plan' is" in refusal([{"horizon": 3}], plan)


@pytest.mark.parametrize(
    "rows, told",
    [
        ([], "there is no point"),
        ([{"horizon": 3}, {TIME: 3}], "point 1: horizon: a value is missing"),
        (pd.DataFrame({"horizon": [3.0, None]}), "point 1: horizon: a value is missing"),
        (pd.DataFrame([[1, 2]], columns=["horizon", "horizon"]), "'horizon' is there twice"),
        ([{"horizn": 3}], "neither a factor nor a path of a scenario; did you mean 'horizon'?"),
        ([{"lane.*.price": 3}], "did you mean 'lanes'?"),
        ([3], "expected values by factor in every point"),
        ({"kind": "points"}, "expected points, or a file"),
        ({"kind": "points", "points": 3}, "expected a table or a list of points"),
        ({"kind": "points", "file": "no_such_file.csv"}, "there is no file 'no_such_file.csv'"),
    ],
)
def test_points_that_are_none_are_told(rows: Any, told: str) -> None:
    assert told in refusal(rows, None)


def test_points_may_stand_in_a_file(tmp_path: Path) -> None:
    path = tmp_path / "points.csv"
    path.write_text('horizon,variant,lanes.1.in_transit\n20,base,"[4, 4]"\n30,pass_on,"[4]"\n', encoding="utf-8")
    design = make_design(None, {"kind": "points", "file": path})
    assert design.points.to_dict("records") == [
        {"horizon": 20, "variant": "base", "lanes.1.in_transit": [4, 4]},
        {"horizon": 30, "variant": "pass_on", "lanes.1.in_transit": [4]},
    ]
    parquet = tmp_path / "points.parquet"
    pd.DataFrame({"horizon": [20, 30]}).to_parquet(parquet)
    assert make_design(None, {"kind": "points", "file": parquet}).points["horizon"].tolist() == [20, 30]
    path.write_bytes(";horizon;variant\n0;20;Käufer\n1;30;base\n".encode("latin-1"))
    assert make_design(None, {"kind": "points", "file": path}).points.to_dict("records") == [
        {"horizon": 20, "variant": "Käufer"}, {"horizon": 30, "variant": "base"},
    ]  # fmt: skip
    path.write_text("horizon\n\n", encoding="utf-8")
    assert "there is no point" in refusal({"kind": "points", "file": path}, None)
    path.write_text("horizon,variant\n20,\n", encoding="utf-8")
    assert "line 2: variant: a value is missing" in refusal({"kind": "points", "file": path}, None)
    path.write_text("", encoding="utf-8")
    assert "cannot be read as a table" in refusal({"kind": "points", "file": path}, None)


def test_one_at_a_time_leaves_the_base_in_one_factor() -> None:
    design = make_design({"horizon": "20..60", TIME: [2, 1, 4], "variant": ["base", "pass_on"]}, "one_at_a_time")
    assert design.points.to_numpy().tolist() == [
        [40, 2, "base"], [20, 2, "base"], [60, 2, "base"], [40, 1, "base"], [40, 4, "base"], [40, 2, "pass_on"],
    ]  # fmt: skip
    assert design.facts["base"] == {"horizon": 40, TIME: 2, "variant": "base"}
    assert design.facts["varied"] == [None, "horizon", "horizon", TIME, TIME, "variant"]


def test_the_base_may_be_said() -> None:
    asked = {"kind": "one_at_a_time", "base": {"horizon": 30, "variant": "pass_on"}, "levels": 3}
    design = make_design({"horizon": "20..60", "variant": ["base", "pass_on"]}, asked)
    assert design.points.to_numpy().tolist() == [[30, "pass_on"], [20, "pass_on"], [40, "pass_on"], [60, "pass_on"], [30, "base"]]
    assert "no factor is called 'horizn'" in refusal({**asked, "base": {"horizn": 3}})
    assert "has no 'pas_on'" in refusal({**asked, "base": {"variant": "pas_on"}})
    assert "no other value than that of the base" in refusal("one_at_a_time", {"horizon": [30]})


# --- samples -------------------------------------------------------------------------------------------------------------


@given(st.integers(1, 40), st.integers(1, 5), st.booleans(), st.integers(0, 1000))
def test_a_latin_hypercube_sees_every_slice_once(n: int, count: int, scramble: bool, seed: int) -> None:
    factors = {f"lanes.{place}.price": between(0, 1) for place in range(count)}
    points = make_design(factors, {"kind": "latin_hypercube", "n": n, "scramble": scramble}, seed).points
    for name in points:
        assert sorted(np.floor(points[name].to_numpy() * n).astype(int)) == list(range(n))


def test_points_that_are_evened_out_lie_more_evenly_and_are_still_a_latin_hypercube() -> None:
    factors = {f"lanes.{place}.price": between(0, 1) for place in range(3)}
    plain, better = (make_design(factors, {"kind": "latin_hypercube", "n": 30, "optimise": flag}) for flag in (False, True))
    assert better.facts["discrepancy"] < plain.facts["discrepancy"]
    assert sorted(np.floor(better.points["lanes.0.price"] * 30).astype(int)) == list(range(30))


@given(st.integers(1, 70), st.integers(1, 4))
def test_sobol_rounds_up_to_a_power_of_two_and_says_so(n: int, count: int) -> None:
    design = make_design({f"lanes.{place}.price": between(0, 1) for place in range(count)}, {"kind": "sobol", "n": n})
    size = len(design)
    assert size & (size - 1) == 0
    assert n <= size < 2 * n or size == n
    assert ("notes" in design.facts) == (size != n)
    # Every factor's range is met by as many points in each of `size` slices: one.
    for name in design.points:
        assert len(set(np.floor(design.points[name] * size))) == size


def test_sequences_that_are_not_scrambled_begin_where_a_distribution_still_is() -> None:
    for kind in ("sobol", "halton", "saltelli"):
        points = make_design({TIME: "normal(0, 1)", "horizon": "20.0..60.0"}, {"kind": kind, "n": 8, "scramble": False}).points
        assert points[TIME].abs().max() < 2.0
        assert points["horizon"].min() == 20.0


def test_morris_changes_one_factor_at_a_time() -> None:
    design = make_design(MIXED, "morris(trajectories=6)")
    values = design.points.to_numpy(object).reshape(6, 5, 4)
    changed = (values[:, 1:] != values[:, :-1]).sum(axis=2)
    assert (changed == 1).all()
    assert len(set(design.points["horizon"])) <= 4
    assert "morris: levels must be even" in refusal("morris(levels=3)")
    assert "say levels=6" in refusal("morris", {TIME: [1, 2, 3, 4, 5]})
    assert "cannot change" in refusal("morris", {TIME: [1]})
    assert "no 4 different values" in refusal("morris", {TIME: "1..3"})


def test_saltelli_has_as_many_points_as_its_indices_need() -> None:
    assert len(make_design(MIXED, "saltelli(16)")) == 16 * (2 * 4 + 2)
    design = make_design(MIXED, "saltelli(10, second_order=false)")
    assert len(design) == 16 * (4 + 2)
    assert "rounded up from 10 to 16" in design.facts["notes"][0]
    assert "at most 1,000,000" in refusal("saltelli(1000000)")


@pytest.mark.parametrize("asked", ["morris", "saltelli(8)"])
def test_a_missing_library_is_told_with_what_to_install(asked: str, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in sys.modules if name == "SALib" or name.startswith("SALib.")]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "SALib", None)
    said = refusal(asked)
    assert "pip install 'chainwright[sensitivity]'" in said
    assert "\n" not in said


# --- two levels and fractions of them --------------------------------------------------------------------------------------


def names(count: int) -> dict[str, Any]:
    return {f"lanes.{place}.price": [1, 2] for place in range(count)}


def test_two_levels_are_all_corners_and_a_centre() -> None:
    design = make_design({"horizon": "20..60", TIME: [1, 4]}, {"kind": "two_level", "centre": True})
    assert design.points.to_numpy().tolist() == [[20, 1], [60, 1], [20, 4], [60, 4], [40, 2.5]]
    assert design.facts["signs"] == ["--", "+-", "-+", "++", "00"]
    assert "has no middle" in refusal("two_level(centre=true)")
    assert "centre must be true or false" in refusal("two_level(centre=3)")
    assert "two levels are needed" in refusal("two_level", {TIME: [1, 2, 3]})
    assert "take a fraction" in refusal("two_level", names(24))


def test_a_half_of_four_factors() -> None:
    design = make_design(names(4), {"kind": "fractional", "generators": ["D=ABC"]})
    facts = design.facts
    assert (len(design), facts["resolution"], facts["words"], facts["generators"]) == (8, "IV", ["ABCD"], ["D=ABC"])
    assert facts["aliases"] == ["AB=CD", "AC=BD", "AD=BC"]
    signs = np.where(design.points.to_numpy() == 2, 1, -1)
    assert (signs[:, 3] == signs[:, 0] * signs[:, 1] * signs[:, 2]).all()


# Words of each length of the best fraction: Box, Hunter and Hunter (2005), chapter 6; Wu and Hamada (2009), appendix 5A.
@pytest.mark.parametrize(
    "factors, added, resolution, lengths",
    [
        (3, 1, 3, {3: 1}), (4, 1, 4, {4: 1}), (5, 1, 5, {5: 1}), (5, 2, 3, {3: 2, 4: 1}), (6, 1, 6, {6: 1}), (6, 2, 4, {4: 3}),
        (6, 3, 3, {3: 4, 4: 3}), (7, 2, 4, {4: 1, 5: 2}), (7, 3, 4, {4: 7}), (7, 4, 3, {3: 7, 4: 7, 7: 1}), (8, 2, 5, {5: 2, 6: 1}),
        (8, 3, 4, {4: 3, 5: 4}), (8, 4, 4, {4: 14, 8: 1}), (9, 3, 4, {4: 1, 5: 4, 6: 2}), (9, 4, 4, {4: 6, 5: 8, 8: 1}),
        (10, 5, 4, {4: 10, 5: 16, 8: 5}), (15, 11, 3, None),
    ],
)  # fmt: skip
def test_fractions_are_the_best_of_their_size(factors: int, added: int, resolution: int, lengths: dict[int, int] | None) -> None:
    found = of_size(factors, factors - added)
    assert found is not None
    assert (found.runs, found.resolution, found.minimum_aberration) == (2 ** (factors - added), resolution, True)
    if lengths is not None:
        assert found.word_lengths() == lengths
    assert sum(found.word_lengths().values()) == 2**added - 1


@pytest.mark.parametrize("factors, resolution, runs", [(3, 3, 4), (5, 3, 8), (7, 3, 8), (4, 4, 8), (5, 4, 16), (6, 4, 16), (8, 4, 16), (9, 4, 32),
                                                       (5, 5, 16), (6, 5, 32), (8, 5, 64), (10, 5, 128), (15, 3, 16), (16, 4, 32)])  # fmt: skip
def test_a_resolution_takes_as_few_points_as_the_tables_say(factors: int, resolution: int, runs: int) -> None:
    found = of_resolution(factors, resolution)
    assert found.runs == runs
    assert found.resolution >= resolution


@given(st.integers(3, 7), st.data())
def test_columns_are_balanced_and_aliases_are_equal_columns(factors: int, data: st.DataObject) -> None:
    basic = data.draw(st.integers(2, factors - 1))
    products = [set(some) for size in range(2, basic + 1) for some in itertools.combinations(range(basic), size)]
    chosen = data.draw(st.lists(st.sampled_from([tuple(sorted(one)) for one in products]), unique=True, min_size=0, max_size=factors - basic))
    if len(chosen) < factors - basic:
        return
    minus = data.draw(st.lists(st.booleans(), min_size=len(chosen), max_size=len(chosen)))
    texts = [
        f"{LETTERS[basic + place]}={'-' if minus[place] else ''}{''.join(LETTERS[one] for one in product)}" for place, product in enumerate(chosen)
    ]
    fraction = from_generators(factors, texts)
    matrix = fraction.matrix().astype(int)
    assert fraction.generators() == texts
    assert (matrix.sum(axis=0) == 0).all()
    assert (matrix.T @ matrix == fraction.runs * np.eye(factors)).all()
    for first, others in fraction.aliased().items():
        column = matrix[:, list(first)].prod(axis=1)
        for other, sign in others:
            assert (matrix[:, list(other)].prod(axis=1) == sign * column).all()
    for word in fraction.words():
        sign = -1 if word.startswith("-") else 1
        assert (matrix[:, [LETTERS.index(letter) for letter in word.lstrip("-")]].prod(axis=1) == sign).all()


@pytest.mark.parametrize(
    "options, told",
    [
        ({}, "expected one of resolution=IV, runs=16 or generators=['D=ABC'], got none"),
        ({"resolution": "IV", "runs": 8}, "got resolution and runs"),
        ({"resolution": "VIII"}, "no resolution is called 'VIII'; did you mean 'III'?"),
        ({"runs": 12}, "6 factors have fractions of 8, 16, 32 runs, got 12"),
        ({"generators": ["F=ABX"]}, "called A to F"),
        ({"generators": ["E=ABC", "F=ABE"]}, "E is itself generated"),
        ({"generators": ["E=ABC", "F=ABC"]}, "E and F would always change together"),
        ({"generators": ["F=AAB"]}, "at least two different factors"),
        ({"generators": ["F=A"]}, "at least two different factors"),
        ({"generators": ["F=AB", "F=CD"]}, "two generators for F"),
        ({"generators": ["F:AB"]}, "cannot read the generator"),
        ({"generators": 3}, "expected texts such as"),
    ],
)
def test_fractions_that_are_none_are_told(options: dict[str, Any], told: str) -> None:
    assert told in refusal({"kind": "fractional", **options}, names(6))


def test_generators_may_stand_in_one_text() -> None:
    assert len(make_design(names(6), {"kind": "fractional", "generators": "E=ABC, F=BCD"})) == 16
    assert "take two_level" in refusal("fractional(III)", names(2))
    assert "at most 25 factors" in refusal("fractional(III)", names(26))
    whole = make_design(names(3), "fractional(V)")
    assert (len(whole), whole.facts["resolution"]) == (8, "full")
    assert whole.facts["notes"]


# --- what is asked -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "asked, told",
    [
        ("latin_hypercub(n=3)", "no design is called 'latin_hypercub'; did you mean 'latin_hypercube'?"),
        ({"kind": 3}, "no design is called 3"),
        ({"n": 3}, "kind is missing"),
        ("latin_hypercube", "say n=100"),
        ("latin_hypercube(n=0)", "n must be a whole number from 1"),
        ("latin_hypercube(n=3, scrambl=true)", "has no option 'scrambl'; did you mean 'scramble'?"),
        ("latin_hypercube(n=3, scramble=1)", "scramble must be true or false"),
        ("two_level(3)", "an option has no name: 3; say centre=..."),
        ("grid(3, levels=4)", "an option has no name"),
        ("morris(1)", "trajectories must be a whole number from 2"),
        (3, "expected the name of one"),
    ],
)
def test_what_is_no_design_is_told_in_one_line(asked: Any, told: str) -> None:
    said = refusal(asked)
    assert told in said
    assert "\n" not in said


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_refuses_an_option_that_it_does_not_know(kind: str) -> None:
    said = refusal({"kind": kind, "sedd": 3, "zzz": 4})
    assert [line for line in said.splitlines() if "has no option" in line] == said.splitlines()
    assert len(said.splitlines()) == 2
    assert "seed" not in options_of(kind)


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind != "points"])
def test_a_design_needs_factors(kind: str) -> None:
    assert "no factor is given" in refusal({"kind": kind}, None)


def test_a_design_that_is_there_keeps_its_factors() -> None:
    design = make_design({"horizon": [20, 30]})
    assert make_design(None, design) is design
    assert "leave factors out" in refusal(design, {TIME: [1, 2]})
    assert make_design(factors_of({"horizon": [20, 30]}), design) is design
    with pytest.raises(cw.UsageError, match="seed must be"):
        make_design({"horizon": [20, 30]}, seed=-1)
    with pytest.raises(cw.UsageError, match="no document of a design"):
        design_of_document({"kind": "grid"})
