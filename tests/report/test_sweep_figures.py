"""Figures of effects, interactions, maps and frontiers: what they show, in which order, and the words for it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pytest
from matplotlib.collections import LineCollection
from scipy import stats

from chainwright.report import sweeps
from chainwright.report.sweeps.common import SAME
from chainwright.report.sweeps.reading import Reading, pooled
from chainwright.report.sweeps.words import Names, value_text
from chainwright.words.errors import UsageError
from tests.report.drawings import LEVEL, RULE, TIME, many, shown, texts
from tests.report.fake_sweep import fake_sweep, number_of

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
    def answer(values: Mapping[str, Any]) -> float:
        return sum(place * number_of(one) for place, one in enumerate(values.values()))

    table = fake_sweep(many(14), "fractional(resolution=IV)", answer=answer)
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
