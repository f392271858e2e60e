"""Figures that belong to a design, which one suits it, and that in none of them anything covers anything."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from scipy import stats

from chainwright.experiment.sweep.table import SweepTable
from chainwright.report import sweeps
from chainwright.report.style import BLUE, ORANGE
from chainwright.words.errors import UsageError
from tests.report.drawings import LEVEL, RULE, TIME, clear, drawn, many, ranges, rgb, texts, ticks
from tests.report.fake_sweep import fake_sweep

# Tornados


def one_at_a_time() -> SweepTable:
    def answer(values: dict[str, Any]) -> float:
        return 10 * (values["a"] - 5) + (values["b"] - 5) ** 2 + (3.0 if values["c"] == "bold" else 0.0)

    factors = {**ranges(["a", "b"], 9.0), "c": {"shy": {"title": 20}, "bold": {"title": 30}}}
    return fake_sweep(factors, "one_at_a_time", answer=answer, noise=0.01)


def test_a_tornado_has_the_widest_bar_first_and_its_values_beside_it() -> None:
    figure = sweeps.tornado(one_at_a_time())
    axes = figure.axes[0]
    assert [label.get_text() for label in axes.get_yticklabels()] == ["a", "b", "c"]
    bars = axes.patches
    assert len(bars) == 5  # c has one value beside its base
    np.testing.assert_allclose([bar.get_width() for bar in bars], [-40, 40, 16, 16, 3], atol=0.05)
    assert [text.get_text() for text in axes.texts] == ["1", "9", "1", "9", "bold"]
    assert [bar.get_facecolor()[:3] for bar in bars[:2]] == [pytest.approx(rgb(BLUE)), pytest.approx(rgb(ORANGE))]
    # Bars on the same side stand one above the other.
    assert bars[2].get_y() + bars[2].get_height() <= bars[3].get_y() + 1e-9
    assert "The upright line is the base" in figure.caption
    assert figure.tooltips["bar-0-1"].startswith("a 9: total cost")


def test_a_tornado_of_another_design_starts_from_the_mean() -> None:
    figure = sweeps.tornado(fake_sweep({LEVEL: [40, 50], TIME: [1, 4]}))
    assert "the mean of all points" in figure.caption
    assert [label.get_text() for label in figure.axes[0].get_yticklabels()] == ["level", "transport time"]


def test_a_tornado_without_its_base_starts_from_the_mean() -> None:
    table = one_at_a_time()
    assert "the mean of all points" in sweeps.tornado(table[table["design_id"] > 0]).caption


# Indices


def test_sobol_has_two_bars_for_each_factor_the_largest_total_first() -> None:
    pytest.importorskip("SALib")
    table = fake_sweep(ranges(["a", "b", "c"]), "saltelli(n=64)", answer=lambda values: values["a"] + 5.0 * values["b"], noise=0.0)
    figure = sweeps.sobol(table)
    assert [label.get_text() for label in figure.axes[0].get_yticklabels()] == ["b", "a", "c"]
    assert len(figure.axes[0].patches) == 6
    assert figure.axes[0].patches[0].get_width() == pytest.approx(25 / 26, abs=0.15)
    assert "bootstrap" in figure.caption


def test_a_grid_has_exact_shares() -> None:
    figure = sweeps.sobol(fake_sweep({LEVEL: [1, 2], TIME: [1, 2]}, answer=lambda values: 2.0 * values[LEVEL] + values[TIME], noise=0.0))
    np.testing.assert_allclose([bar.get_width() for bar in figure.axes[0].patches], [0.8, 0.2, 0.8, 0.2])
    assert "Exact" in figure.caption


def test_morris_names_every_factor_and_no_name_covers_another() -> None:
    names = [f"a_long_name_of_factor_{number}" for number in range(7)]
    table = fake_sweep(ranges(names), "morris(trajectories=6)", answer=lambda values: sum(place * one for place, one in enumerate(values.values())))
    figure = sweeps.morris(table)
    drawn(figure)
    labels = [text for text in figure.axes[0].texts if "long name" in text.get_text()]
    assert len(labels) == 7
    clear(figure, labels)


def test_indices_of_another_design_are_refused_with_what_to_draw() -> None:
    table = fake_sweep({LEVEL: [1, 2]}, "two_level")
    with pytest.raises(UsageError, match="need a saltelli design or a grid, and this sweep is 'two_level'; plot 'responses'"):
        sweeps.sobol(table)
    with pytest.raises(UsageError, match="need a morris design"):
        sweeps.morris(table)


# Responses and replications


def test_responses_have_a_dot_for_each_point_and_a_rank_correlation() -> None:
    table = fake_sweep({**ranges(["a", "b"]), "c": RULE}, "latin_hypercube(n=40)", answer=lambda values: values["a"] ** 3, noise=0.0)
    figure = sweeps.responses(table)
    assert len(figure.axes[0].lines[0].get_xdata()) == 40
    assert figure.axes[0].get_title("right") == "rank correlation 1.00"
    correlation = stats.spearmanr(table.groupby("design_id")["b"].first(), table.groupby("design_id")["total_cost"].mean())[0]
    assert figure.axes[1].get_title("right") == f"rank correlation {correlation:.2f}".replace("-", "−")
    assert figure.axes[2].get_title("right") == ""


def test_very_many_points_are_thinned_out() -> None:
    figure = sweeps.responses(fake_sweep(ranges(["a"]), "latin_hypercube(n=2000)", reps=1))
    assert len(figure.axes[0].lines[0].get_xdata()) == 1000
    assert "One point of 2 is drawn." in figure.caption


def test_replications_have_a_box_for_each_point() -> None:
    table = fake_sweep({LEVEL: [40, 50, 60]}, reps=9)
    figure = sweeps.replications(table)
    assert [label.get_text() for label in figure.axes[0].get_yticklabels()] == ["level 40", "level 50", "level 60"]
    first, third = table.loc[table[LEVEL] == 40, "total_cost"].quantile([0.25, 0.75])
    box = figure.axes[0].patches[0]
    assert (box.get_x(), box.get_width()) == pytest.approx((first, third - first))


def test_one_point_has_a_histogram() -> None:
    table = fake_sweep({LEVEL: [40, 50, 60]}, reps=30)
    figure = sweeps.replications(table, points=[1])
    assert sum(bar.get_height() for bar in figure.axes[0].patches) == 30
    with pytest.raises(UsageError, match="design point 9 is not in the table"):
        sweeps.replications(table, points=[9])
    assert len(sweeps.replications(table.assign(total_cost=5.0), points=[1]).axes[0].patches) == 1


def test_of_many_points_some_are_shown_in_order() -> None:
    figure = sweeps.replications(fake_sweep({LEVEL: list(range(100, 0, -1))}))
    labels = [label.get_text() for label in figure.axes[0].get_yticklabels()]
    assert len(labels) == 20
    assert (labels[0], labels[-1]) == ("level 1", "level 100")
    assert "20 of 100 points" in figure.caption


# Which figure suits


@pytest.mark.parametrize(
    "factors, design, kind",
    [
        ({LEVEL: [1, 2, 3]}, "grid", "main_effects"),
        ({LEVEL: [1, 2, 3], TIME: [1, 2]}, "grid", "interaction"),
        ({LEVEL: [1, 2, 3, 4], TIME: [1, 2, 3, 4]}, "grid", "heat_map"),
        ({LEVEL: [1, 2], TIME: [1, 2], "horizon": [20, 30]}, "grid", "main_effects"),
        ({LEVEL: [1, 2], TIME: [1, 2], "horizon": [20, 30]}, "two_level", "main_effects"),
        ({LEVEL: [1, 2], TIME: [1, 2]}, "one_at_a_time", "tornado"),
        (ranges(["a", "b"]), "latin_hypercube(n=20)", "responses"),
        (ranges(["a", "b"]), "sobol(n=16)", "responses"),
        (ranges(["a", "b"]), "morris(trajectories=4)", "morris"),
        (ranges(["a", "b"]), "saltelli(n=8)", "sobol"),
        (None, [{LEVEL: 5.0}, {LEVEL: 7.0}], "main_effects"),
        (None, [{LEVEL: float(number)} for number in range(30)], "responses"),
        (None, [{LEVEL: 5.0}], "replications"),
    ],
)
def test_the_figure_suits_the_design(factors: Any, design: Any, kind: str) -> None:
    table = fake_sweep(factors, design)
    assert sweeps.kind_for(table) == kind
    assert sweeps.plot(table).heading


def test_a_selection_of_rows_has_no_indices() -> None:
    table = fake_sweep(ranges(["a", "b"]), "morris(trajectories=4)")
    assert sweeps.kind_for(table[table["design_id"] < 5]) == "responses"


@pytest.mark.parametrize("kind", [kind for kind in sweeps.KINDS if kind not in ("sobol", "morris")])
def test_what_there_is_nothing_of_is_said_in_words(kind: str) -> None:
    failed = fake_sweep({LEVEL: [1, 2], TIME: [1, 2]}, fails=lambda _: True)
    assert any("No run gave a value." in text for text in texts(sweeps.plot(failed, kind)))
    empty = failed.iloc[:0]
    assert any("No run gave a value." in text for text in texts(sweeps.plot(empty, kind)))


@pytest.mark.parametrize("kind", ["main_effects", "interaction", "heat_map", "tornado", "responses"])
def test_one_point_has_no_factors(kind: str) -> None:
    assert any("varied" in text for text in texts(sweeps.plot(fake_sweep(None, [{LEVEL: 5.0}]), kind)))


# Nothing covers anything


LONG = {f"a rule with a name of very many words, number {number}": {"title": 20 + number} for number in range(14)}


@pytest.mark.parametrize(
    "table",
    [
        fake_sweep({LEVEL: list(range(1, 13)), "variant": ["base", "generous"]}),
        fake_sweep({LEVEL: [1, 1.01, 1.02, 50, 1000], TIME: [10, 2000, 30000]}),
        fake_sweep({"a_factor_with_a_name_of_very_many_words": {"path": "horizon", "values": [20, 30]}, "rule": LONG}),
        fake_sweep(many(6)),
        fake_sweep({**ranges(["a", "b", "c", "d", "e", "f"], 1e6)}, "latin_hypercube(n=60)"),
    ],
    ids=["twelve levels", "uneven levels", "long names", "six factors", "six ranges"],
)
@pytest.mark.parametrize("kind", ["main_effects", "interaction", "heat_map", "frontier", "tornado", "responses", "replications"])
def test_labels_stand_clear_of_each_other(table: SweepTable, kind: str) -> None:
    figure = drawn(sweeps.plot(table, kind))
    for axes in figure.axes:
        for vertical in (False, True):
            labels = ticks(axes, vertical)
            if any(label.get_rotation() for label in labels):
                continue  # boxes of turned words overlap where the words do not
            clear(figure, labels)
    assert figure.get_suptitle()
    boxes = [text.get_window_extent() for text in figure.texts if text.get_text()]
    for axes in figure.axes:
        inside = axes.get_tightbbox()
        assert inside is None or all(box.y0 >= inside.y1 - 2.0 or box.y1 <= inside.y0 + 2.0 for box in boxes)


