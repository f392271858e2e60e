"""Every figure of a sweep: what it shows, in which order, and that nothing covers anything."""

from __future__ import annotations

import itertools
from typing import Any

import numpy as np
import pytest
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.collections import LineCollection
from matplotlib.figure import Figure
from scipy import stats

from chainwright.experiment.sweep.table import SweepTable
from chainwright.report import sweeps
from chainwright.report.style import BLUE, ORANGE, styled
from chainwright.report.sweeps.common import SAME
from chainwright.report.sweeps.reading import Reading, pooled
from chainwright.report.sweeps.words import Names, value_text
from chainwright.words.errors import UsageError
from tests.report.fake_sweep import fake_sweep, number_of

LEVEL, TIME = "policies.place_orders.stand.level", "lanes.*.transport_time"
RULE = {"the cautious planner of the north": {"title": 20}, "bold": {"title": 30}, "pass_on_what_was_ordered": {"title": 40}}
RANGES = {f"x{number}": f"0..{10 * number}" for number in range(1, 7)}


def drawn(figure: Figure) -> Figure:
    """The figure with everything in its place."""
    with styled():
        FigureCanvasAgg(figure).draw()
    return figure


def texts(figure: Figure) -> list[str]:
    """All that is written in a figure."""
    drawn(figure)
    return [text.get_text() for text in figure.findobj(match=lambda artist: hasattr(artist, "get_text")) if text.get_text()]


def shown(axes: Axes) -> list[str]:
    """The labels of the ticks across that lie on the axis."""
    drawn(axes.figure)
    low, high = axes.get_xlim()
    return [label.get_text() for at, label in zip(axes.get_xticks(), axes.get_xticklabels(), strict=True) if low <= at <= high]


def ranges(names: list[str], top: float = 10.0) -> dict[str, Any]:
    """Factors of whole ranges, under names of their own."""
    paths = ["horizon", "warm_up", "seed", LEVEL, TIME, "enterprises.stand.items.newspaper.on_hand", "enterprises.stand.items.newspaper.holding_cost"]
    return {name: {"path": path, "low": 1.0, "high": top} for name, path in zip(names, itertools.cycle(paths), strict=False)}


def many(count: int, levels: int = 2) -> dict[str, Any]:
    return {f"factor_{number}": {"path": f"tables.t{number}", "values": list(range(levels))} for number in range(count)}


# Main effects


def test_main_effects_have_a_panel_for_each_factor_and_means_at_its_levels() -> None:
    table = fake_sweep({LEVEL: [40, 50, 60], TIME: [1, 4]}, reps=5)
    figure = sweeps.main_effects(table)
    first, second = figure.axes
    assert (first.get_xlabel(), second.get_xlabel()) == ("level", "transport time")
    assert shown(first) == ["40", "50", "60"]
    line = first.lines[1]  # the first is that of the mean of all
    assert line.get_xdata().tolist() == [40.0, 50.0, 60.0]
    np.testing.assert_allclose(line.get_ydata(), table.groupby(LEVEL)["total_cost"].mean())
    assert first.get_ylabel() == "total cost (money)"
    assert "95\u00a0% intervals of the mean over 5 replications" in figure.caption


def test_intervals_of_levels_are_over_the_replications() -> None:
    table = fake_sweep({LEVEL: [40, 50, 60], TIME: [1, 4]}, reps=5)
    whiskers = next(one for one in sweeps.main_effects(table).axes[0].collections if isinstance(one, LineCollection))
    per_rep = table[table[LEVEL] == 40].groupby("rep")["total_cost"].mean()
    low, high = stats.t.interval(0.95, 4, loc=per_rep.mean(), scale=stats.sem(per_rep))
    np.testing.assert_allclose(whiskers.get_segments()[0][:, 1], [low, high])


def test_points_with_other_replications_than_the_rest_err_on_the_safe_side() -> None:
    values = np.array([[1.0, 2.0, 3.0], [4.0, 6.0, np.nan]])
    common, own = pooled(values, True), pooled(values, False)
    assert common.mean == own.mean == 3.5
    assert common.high - common.low > own.high - own.low
    errors = [1.0 / np.sqrt(3.0), 1.0]
    np.testing.assert_allclose(common.high - 3.5, stats.t.ppf(0.975, 1) * np.mean(errors))
    np.testing.assert_allclose(own.high - 3.5, stats.t.ppf(0.975, 1) * np.hypot(*errors) / 2)


def test_one_replication_has_no_whiskers_and_says_so() -> None:
    figure = sweeps.main_effects(fake_sweep({LEVEL: [40, 50]}, reps=1))
    assert not [one for axes in figure.axes for one in axes.collections]
    assert "One replication each, so there are no intervals." in figure.caption
    assert len(figure.axes) == 1


def test_categories_stand_in_the_order_of_the_factor() -> None:
    figure = sweeps.main_effects(fake_sweep({"rule": RULE, "variant": ["no_safety_stock", "base"]}))
    words = [" ".join(text.split()).replace("_ ", "_") for text in shown(figure.axes[0])]
    assert [word[:4] for word in words] == ["the ", "bold", "pass"]
    assert [text.replace("\n", "") for text in shown(figure.axes[1])] == ["no_safety_stock", "base"]
    assert figure.axes[0].lines[1].get_linestyle() == "None"


def test_numbers_are_drawn_to_scale_and_wide_ones_by_the_logarithm() -> None:
    axes = sweeps.main_effects(fake_sweep({LEVEL: [1, 2, 10]})).axes[0]
    assert axes.lines[1].get_xdata().tolist() == [1.0, 2.0, 10.0]
    assert axes.get_xscale() == "linear"
    axes = sweeps.main_effects(fake_sweep({LEVEL: [1, 10, 100, 1000]})).axes[0]
    assert axes.get_xscale() == "log"
    assert shown(axes) == ["1", "10", "100", "1,000"]


def test_of_very_many_factors_the_strongest_are_drawn() -> None:
    table = fake_sweep(many(14), "fractional(resolution=IV)", answer=lambda values: sum(place * number_of(one) for place, one in enumerate(values.values())))
    figure = sweeps.main_effects(table)
    assert [axes.get_xlabel() for axes in figure.axes] == [f"factor {number}" for number in range(2, 14)]
    assert "The 12 factors with the largest effects of 14." in figure.caption


def test_failed_points_are_told_and_left_out() -> None:
    table = fake_sweep({LEVEL: [40, 50, 60]}, reps=3, fails=lambda values: values[LEVEL] == 50)
    figure = sweeps.main_effects(table)
    assert figure.axes[0].lines[1].get_xdata().tolist() == [40.0, 60.0]
    assert "3 runs of 1 design point failed and are left out." in figure.caption


# Interactions


def test_two_factors_have_one_panel_with_a_line_for_each_level() -> None:
    table = fake_sweep({LEVEL: [40, 50, 60], "variant": ["base", "generous"]}, answer=lambda v: v[LEVEL] * (2 if v["variant"] == "base" else 1))
    figure = sweeps.interaction(table)
    (axes,) = figure.axes
    assert axes.get_legend_handles_labels()[1] == ["base", "generous"]
    np.testing.assert_allclose(axes.lines[0].get_ydata(), table[table["variant"] == "base"].groupby(LEVEL)["total_cost"].mean())
    assert {line.get_marker() for line in axes.lines} == {"o", "s"}


def test_more_factors_have_a_panel_for_each_pair_and_a_key_for_each_row() -> None:
    figure = sweeps.interaction(fake_sweep(many(6)))
    panels = [axes for axes in figure.axes if axes.lines]
    assert len(panels) == 6  # of four factors
    assert len([axes for axes in figure.axes if axes.get_legend()]) == 3
    assert "of 6" in figure.caption


def test_many_levels_are_thinned_out_in_lines() -> None:
    figure = sweeps.interaction(fake_sweep({LEVEL: [1, 2], "rule": {f"rule {number}": {"horizon": 10 + number} for number in range(15)}}))
    assert len(figure.axes[0].lines) <= 6
    assert "5 of 15 values are shown" in figure.caption


# Heat maps


def test_a_heat_map_has_a_number_in_each_cell() -> None:
    table = fake_sweep({LEVEL: [40, 50, 60], TIME: [1, 4]}, reps=3)
    figure = sweeps.heat_map(table)
    axes = figure.axes[0]
    cells = {text.get_position(): text.get_text() for text in axes.texts}
    assert len(cells) == 6
    mean = table[(table[LEVEL] == 60) & (table[TIME] == 1)]["total_cost"].mean()
    assert cells[2.5, 0.5] == f"{mean:.0f}"
    assert (axes.get_xlabel(), axes.get_ylabel()) == ("level", "transport time")


def test_an_empty_cell_is_grey_and_told() -> None:
    figure = sweeps.heat_map(fake_sweep({LEVEL: [40, 50], TIME: [1, 4]}, fails=lambda values: values[LEVEL] == 50 and values[TIME] == 4))
    assert len(figure.axes[0].texts) == 3
    assert "Grey: no point lies there." in figure.caption


def test_a_third_factor_makes_facets_or_is_averaged() -> None:
    table = fake_sweep({LEVEL: [40, 50], TIME: [1, 4], "variant": ["base", "generous", "no_safety_stock"]})
    titles = [axes.get_title("left") for axes in sweeps.heat_map(table, facet="variant").axes]
    assert [title for title in titles if title] == ["variant base", "variant generous", "variant no_safety_stock"]
    assert "Means over variant." in sweeps.heat_map(table, factors=["level", TIME]).caption
    with pytest.raises(UsageError, match="two factors, got 3"):
        sweeps.heat_map(table, factors=[LEVEL, TIME, "variant"])


def test_a_heat_map_can_show_what_chance_does() -> None:
    table = fake_sweep({LEVEL: [40, 50], TIME: [1, 4]}, reps=6, noise=3.0)
    cell = table[(table[LEVEL] == 40) & (table[TIME] == 1)]["total_cost"]
    figure = sweeps.heat_map(table, show="deviation")
    assert np.ma.getdata(figure.axes[0].collections[0].get_array())[0, 0] == pytest.approx(cell.std())
    half = table.by_point()["total_cost_half_width"][0]
    assert np.ma.getdata(sweeps.heat_map(table, show="half_width").axes[0].collections[0].get_array())[0, 0] == pytest.approx(half)
    with pytest.raises(UsageError, match="shows no 'sd'"):
        sweeps.heat_map(table, show="sd")


def test_shares_are_told_in_per_cent() -> None:
    figure = sweeps.heat_map(fake_sweep({LEVEL: [40, 50], TIME: [1, 4]}), "fill_rate")
    assert "in per cent" in texts(figure)
    assert all(0.0 < float(text.get_text()) <= 100.0 for text in figure.axes[0].texts)


# Frontiers


def test_a_frontier_marks_names_and_numbers_what_nobody_beats() -> None:
    table = fake_sweep({LEVEL: [0, 30, 60, 90], TIME: [1, 9]}, measures=("total_cost", "fill_rate"), noise=0.01)
    # The long way costs more and serves worse.
    table["fill_rate"] = 0.5 + table[LEVEL] / 200.0 - table[TIME] / 50.0
    figure = sweeps.frontier(table)
    marked = figure.axes[0].lines[-1]
    assert marked.get_ydata().tolist() == pytest.approx([0.48, 0.63, 0.78, 0.93])
    assert [text.get_text() for text in figure.axes[0].texts] == ["1", "2", "3", "4"]
    assert "4   level 90 · transport time 1" in figure.get_supxlabel()
    assert "4 points of 8 that no other point beats" in figure.caption
    assert figure.axes[0].get_xlabel() == "total cost (money), less is better"
    assert figure.axes[0].get_ylabel() == "fill rate, more is better"


def test_a_frontier_asks_for_a_direction_that_is_not_known() -> None:
    table = fake_sweep({LEVEL: [0, 30]})
    with pytest.raises(UsageError, match="demand_mean"):
        sweeps.frontier(table, "total_cost", "demand_mean")
    assert sweeps.frontier(table, "total_cost", "demand_mean", minimise={"demand_mean": True}).heading == "Total cost against demand"
    assert sweeps.frontier(table, measure="fill_rate").heading == "Fill rate against total cost"
    with pytest.raises(UsageError, match="two measures, and the sweep has one"):
        sweeps.frontier(fake_sweep({LEVEL: [0, 30]}, measures=("total_cost",)))


def test_points_far_off_lie_beyond_the_edge_and_are_counted() -> None:
    table = fake_sweep({LEVEL: [*range(9), 10_000]})
    figure = sweeps.frontier(table.assign(fill_rate=0.9), "total_cost", "fill_rate")
    assert 160 < figure.axes[0].get_xlim()[1] < 1000
    assert "2 points far from the best lie beyond the edge." in figure.caption


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


def rgb(colour: str) -> tuple[float, ...]:
    return tuple(int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5))


def clear(figure: Figure, labels: list[Any]) -> None:
    """Assert that no text covers another or leaves the figure."""
    boxes = [label.get_window_extent() for label in labels if label.get_text() and label.get_visible()]
    for one, other in itertools.combinations(boxes, 2):
        across = min(one.x1, other.x1) - max(one.x0, other.x0)
        up = min(one.y1, other.y1) - max(one.y0, other.y0)
        assert across <= 1.0 or up <= 1.0
    for box in boxes:
        assert box.x0 >= -1.0
        assert box.x1 <= figure.bbox.x1 + 1.0


def ticks(axes: Axes, vertical: bool) -> list[Any]:
    axis = axes.yaxis if vertical else axes.xaxis
    low, high = sorted(axis.get_view_interval())
    return [tick.label1 for tick in axis.get_major_ticks() if low <= tick.get_loc() <= high]


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


# Words


def test_factors_are_called_by_as_many_words_as_tell_them_apart() -> None:
    names = Names(["a.shop.level", "b.shop.level", "policies.place_orders.default.policy", "my_own"])
    assert names.factor("a.shop.level") == "a shop level"
    assert names.factor("policies.place_orders.default.policy") == "policy"
    assert names.factor("my_own") == "my own"
    assert Names(["lanes.*.price", "lanes.price"]).factor("lanes.*.price") != Names(["lanes.*.price", "lanes.price"]).factor("lanes.price")


def test_values_are_written_as_one_would() -> None:
    assert [value_text(one) for one in (True, None, 3, 2.5, np.float64(0.125), [1, 2], "x")] == ["true", "none", "3", "2.5", "0.125", "[1, 2]", "x"]
    assert len(value_text({"policy": "normal", "mean": list(range(100))})) == 40


def test_levels_that_look_alike_get_more_digits() -> None:
    factor = Reading(fake_sweep({LEVEL: [1.00001, 1.00002]})).factors[0]
    assert factor.levels().texts == ["1.00001", "1.00002"]
    assert SAME < 1e-6
