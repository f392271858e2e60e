"""Sensitivity: indices against functions whose indices are known exactly."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from SALib.analyze import morris as salib_morris

import chainwright as cw
from chainwright.experiment.designs.factors import between
from chainwright.experiment.designs.making import Design, make_design
from chainwright.experiment.designs.samples import problem
from chainwright.experiment.designs.sensitivity import sensitivity

NAMES = ("lanes.0.price", "lanes.1.price", "lanes.2.price", "lanes.3.price")
X, Y, Z, W = NAMES


def unit(count: int) -> dict[str, Any]:
    return {name: between(0.0, 1.0) for name in NAMES[:count]}


def columns(design: Design) -> list[Any]:
    return [design.points[name].to_numpy() for name in design.points]


def ishigami(design: Design) -> Any:
    """Ishigami and Homma (1990) with a = 7 and b = 0.1."""
    x, y, z = columns(design)
    return np.sin(x) + 7.0 * np.sin(y) ** 2 + 0.1 * z**4 * np.sin(x)


@pytest.fixture(scope="module")
def of_ishigami() -> Any:
    design = make_design({name: between(-np.pi, np.pi) for name in NAMES[:3]}, "saltelli(n=4096)", seed=3)
    return sensitivity(design, ishigami(design))


def test_sobol_indices_of_the_ishigami_function(of_ishigami: Any) -> None:
    # From the variances in closed form: D = a²/8 + bπ⁴/5 + b²π⁸/18 + 1/2.
    a, b = 7.0, 0.1
    whole = a**2 / 8 + b * np.pi**4 / 5 + b**2 * np.pi**8 / 18 + 0.5
    first = np.array([0.5 * (1 + b * np.pi**4 / 5) ** 2, a**2 / 8, 0.0]) / whole
    both = b**2 * np.pi**8 * (1 / 18 - 1 / 50) / whole
    assert first == pytest.approx([0.3139, 0.4424, 0.0], abs=5e-5)
    total = first + [both, 0.0, both]
    table, pairs = of_ishigami.table, of_ishigami.pairs
    assert table["first_order"].to_numpy() == pytest.approx(first, abs=0.02)
    assert table["total"].to_numpy() == pytest.approx(total, abs=0.02)
    assert pairs["second_order"].to_numpy() == pytest.approx([0.0, both, 0.0], abs=0.03)
    # The intervals are of 95 per cent; all eight at once are asked for half as much again.
    assert (abs(table["first_order"] - first) < 1.5 * table["first_order_conf"]).all()
    assert (abs(table["total"] - total) < 1.5 * table["total_conf"]).all()


def test_sobol_intervals_depend_on_nothing_but_their_seed() -> None:
    design = make_design(unit(2), "saltelli(32, second_order=false)")
    answer = design.points[X] + design.points[Y] ** 2
    one, again, other = (sensitivity(design, answer, seed=seed) for seed in (0, 0, 1))
    pd.testing.assert_frame_equal(one.table, again.table)
    assert not one.table["total_conf"].equals(other.table["total_conf"])
    assert one.pairs.empty


def test_morris_finds_the_coefficients_of_a_linear_function() -> None:
    design = make_design({X: between(0, 1), Y: between(10, 30), Z: [0, 1], W: [0, 1, 2, 3]}, "morris(trajectories=8)")
    x, y, z, w = columns(design)
    table = sensitivity(design, 3.0 * x - 0.5 * y + 7.0 * z + 2.0 * w).table
    assert table["factor"].tolist() == list(NAMES)
    assert table["mu"].to_numpy() == pytest.approx([3.0, -10.0, 7.0, 6.0])  # over the whole range of each
    assert table["mu_star"].to_numpy() == pytest.approx([3.0, 10.0, 7.0, 6.0])
    assert table["sigma"].to_numpy() == pytest.approx(np.zeros(4), abs=1e-12)
    assert table["mu_star_conf"].to_numpy() == pytest.approx(np.zeros(4), abs=1e-12)


def test_morris_of_ranges_is_that_of_salib() -> None:
    design = make_design({name: between(-np.pi, np.pi) for name in NAMES[:3]}, "morris(trajectories=20, levels=6)")
    answer = ishigami(design)
    places = np.array(design.facts["places"]) / 5.0
    theirs = salib_morris.analyze(problem(design.factors), places, answer, num_levels=6, seed=1)
    table = sensitivity(design, answer).table
    for name in ("mu", "mu_star", "sigma"):
        assert table[name].to_numpy() == pytest.approx(np.asarray(theirs[name]))
    # Theirs is a bootstrap of the same interval, with the normal distribution in place of Student's.
    assert table["mu_star_conf"].to_numpy() == pytest.approx(np.asarray(theirs["mu_star_conf"]), rel=0.35, abs=1e-9)


def test_effects_of_a_whole_two_level_design_are_exact() -> None:
    design = make_design({X: [0, 1], Y: [10, 30], Z: [5, 7]}, {"kind": "two_level", "centre": True})
    signs = np.array([[{"-": -1, "+": 1, "0": 0}[sign] for sign in row] for row in design.facts["signs"]])
    answer = 4.0 + 3.0 * signs[:, 0] - 1.0 * signs[:, 1] + 0.5 * signs[:, 0] * signs[:, 2]
    answer[-1] += 2.0  # what bends in the middle
    found = sensitivity(design, answer)
    table = found.table.set_index("letters")
    assert table["estimate"].to_dict() == pytest.approx({"A": 6.0, "B": -2.0, "C": 0.0, "AB": 0.0, "AC": 1.0, "BC": 0.0})
    assert table.loc["AC", "effect"] == f"{X} × {Z}"
    assert table["standard_error"].isna().all()
    assert found.facts["mean"] == pytest.approx(4.0)
    assert found.facts["curvature"]["estimate"] == pytest.approx(2.0)


def test_effects_of_a_fraction_name_what_they_cannot_be_told_from() -> None:
    design = make_design({name: [0, 1] for name in NAMES}, {"kind": "fractional", "generators": ["D=-ABC"]})
    x, y, z, w = (2 * column - 1 for column in columns(design))
    table = sensitivity(design, x + 0.5 * y * z + 0.25 * x * w).table.set_index("letters")
    assert table["estimate"]["A"] == pytest.approx(2.0)
    # YZ and XW are one column with opposite signs in this half.
    assert table["estimate"]["AD"] == pytest.approx(2 * (0.25 - 0.5))
    assert table["aliases"]["AD"] == f"-{Y} × {Z}"
    assert table["aliases"]["A"] == ""


def test_errors_of_effects_are_those_of_paired_replications() -> None:
    design = make_design({X: [0, 1], Y: [0, 1]}, "two_level")
    rng = np.random.default_rng(3)
    shared = rng.normal(0.0, 100.0, 200)  # the same at every point, as common random numbers have it: no error of an effect
    own = rng.normal(0.0, 1.0, (4, 200))
    answer = (3.0 * design.points[X].to_numpy())[:, None] + shared + own
    table = sensitivity(design, answer).table.set_index("letters")
    error = np.sqrt(4 * (0.5**2)) / np.sqrt(200)
    assert table["standard_error"].to_numpy() == pytest.approx(np.full(3, error), rel=0.2)
    assert abs(table["estimate"]["A"] - 3.0) < 4 * error
    assert (table["low"] < table["estimate"]).all()
    assert (table["estimate"] < table["high"]).all()


def test_swings_are_ordered_by_their_width() -> None:
    factors = {X: between(0, 10), Y: [5, 1, 9], "variant": ["base", "pass_on", "textbook"], Z: [1, 2]}
    design = make_design(factors, "one_at_a_time")
    by_variant = design.points["variant"].map({"base": 0.0, "pass_on": -30.0, "textbook": 20.0})
    found = sensitivity(design, 2.0 * design.points[X] - 1.0 * design.points[Y] + by_variant)
    table = found.table
    assert table["factor"].tolist() == ["variant", X, Y, Z]
    assert table["swing"].tolist() == pytest.approx([50.0, 20.0, -8.0, 0.0])
    assert table["width"].tolist() == pytest.approx([50.0, 20.0, 8.0, 0.0])
    assert table["low_value"].tolist() == ["pass_on", 0.0, 1, 1]
    assert table["base_value"].tolist() == ["base", 5.0, 5, 1]
    assert table["high_value"].tolist() == ["textbook", 10.0, 9, 2]
    assert table["at_low"].tolist() == pytest.approx([-25.0, -5.0, 9.0, 5.0])
    assert set(table["at_base"]) == {5.0}


@pytest.mark.parametrize("asked", ["latin_hypercube(n=200)", "sobol(n=256)", "halton(n=200)"])
def test_ranks_see_through_what_is_monotone(asked: str) -> None:
    design = make_design({**unit(3), "variant": ["base", "pass_on", "textbook"], W: [3]}, asked)
    answer = np.exp(4.0 * design.points[X]) / 4.0 - np.exp(design.points[Y])
    found = sensitivity(design, answer)
    table = found.table.set_index("factor")
    assert table["prcc"][X] > 0.9
    assert table["prcc"][Y] < -0.1
    assert table["srrc"][X] > 0.9
    assert abs(table["prcc"][Z]) < 0.2
    assert (table["prcc_low"][X], table["prcc_high"][X]) == pytest.approx(
        tuple(np.tanh(np.arctanh(table["prcc"][X]) + np.array([-1.0, 1.0]) * 1.959963984540054 / np.sqrt(len(design) - 5)))
    )
    assert table["note"].to_dict() == {X: "", Y: "", Z: "", "variant": "its values have no order", W: "it never changes"}
    assert 0.8 < found.facts["r_squared"] <= 1.0


def test_ranks_of_one_monotone_factor_are_one() -> None:
    design = make_design(unit(1), "latin_hypercube(n=20)")
    table = sensitivity(design, -(design.points[X] ** 3)).table
    assert (table["srrc"][0], table["prcc"][0]) == pytest.approx((-1.0, -1.0))


@given(st.integers(2, 4), st.integers(2, 4), st.lists(st.integers(-9, 9), min_size=16, max_size=16))
def test_shares_of_a_grid_add_up(rows: int, width: int, numbers: list[int]) -> None:
    answer = np.array(numbers[: rows * width], float)
    design = make_design({X: list(range(rows)), Y: list(range(width))})
    if np.ptp(answer) == 0.0:
        with pytest.raises(cw.UsageError, match="same at every point"):
            sensitivity(design, answer)
        return
    found = sensitivity(design, answer)
    assert found.table["first_order"].sum() + found.pairs["second_order"].sum() == pytest.approx(1.0)
    assert (found.table["total"] >= found.table["first_order"] - 1e-12).all()


def test_shares_of_a_sum_are_those_of_its_variances() -> None:
    design = make_design({X: [0, 1, 2], Y: [0, 4]})
    found = sensitivity(design, design.points[X] + design.points[Y])
    whole = 2 / 3 + 4.0
    assert found.table["first_order"].to_numpy() == pytest.approx([2 / 3 / whole, 4 / whole])
    assert found.table["total"].to_numpy() == pytest.approx([2 / 3 / whole, 4 / whole])


def test_means_over_replications_are_what_counts() -> None:
    design = make_design(unit(2), "latin_hypercube(n=30)")
    answer = (design.points[X] + design.points[Y]).to_numpy()
    both = sensitivity(design, np.column_stack([answer - 1.0, answer + 1.0]))
    pd.testing.assert_frame_equal(both.table, sensitivity(design, answer).table)
    assert both.facts["replications"] == 2


@pytest.mark.parametrize("asked", ["grid(2)", "two_level", "one_at_a_time", "latin_hypercube(8)", "morris(3)", "saltelli(2)"])
def test_points_that_failed_are_named(asked: str) -> None:
    design = make_design(unit(2), asked)
    answer = np.arange(len(design), dtype=float)
    answer[[1, 3]] = np.nan
    with pytest.raises(cw.UsageError, match=r"^points 1, 3 of the design failed"):
        sensitivity(design, answer)
    with pytest.raises(cw.UsageError, match="expected one value per point"):
        sensitivity(design, answer[:-1])


@pytest.mark.parametrize("asked", ["grid(2)", "latin_hypercube(8)", "saltelli(2)"])
def test_a_measure_that_never_changes_has_no_indices(asked: str) -> None:
    design = make_design(unit(2), asked)
    with pytest.raises(cw.UsageError, match="the same at every point"):
        sensitivity(design, np.full(len(design), 3.0))


def test_what_a_design_cannot_tell_is_told() -> None:
    with pytest.raises(cw.UsageError, match="tell no sensitivity; take one of morris"):
        sensitivity(make_design(None, [{X: 1}, {X: 2}]), [1.0, 2.0])
    with pytest.raises(cw.UsageError, match="cannot tell 3 factors apart; take at least 7"):
        sensitivity(make_design(unit(3), "latin_hypercube(6)"), np.arange(6.0))
    with pytest.raises(cw.UsageError, match="no factor has values in an order"):
        sensitivity(make_design({"variant": ["a", "b", "c"]}, "latin_hypercube(9)"), np.arange(9.0))
    with pytest.raises(cw.UsageError, match="confidence must lie"):
        sensitivity(make_design(unit(2), "two_level"), np.arange(4.0), confidence=95)
    twins = make_design({"horizon": "1..2", "warm_up": "3..4"}, "latin_hypercube(n=8)")
    twins.points["warm_up"] = twins.points["horizon"] + 2
    with pytest.raises(cw.UsageError, match="always change together"):
        sensitivity(twins, np.arange(8.0))


def test_very_few_points_give_indices_without_a_warning() -> None:
    design = make_design(unit(2), "saltelli(2)")
    assert len(sensitivity(design, np.arange(len(design), dtype=float)).table) == 2
