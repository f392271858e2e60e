"""Every figure, for small and large networks, one run and many, and where there is nothing to draw."""

from __future__ import annotations

import io

import networkx as nx
import numpy as np
import pandas as pd
import pytest
from matplotlib.figure import Figure

from chainwright.report import figures
from chainwright.report.figures.enterprises import MOST_ENTERPRISES
from chainwright.report.figures.grouped_enterprises import gather, too_many
from chainwright.report.figures.time import MOST_POINTS, bands
from chainwright.report.numerals import compact
from chainwright.report.style import PALETTE, ROLE_COLOURS
from chainwright.words.errors import UsageError
from tests.report.fake_result import FakeResult, fake_result

LARGE = {"supplier": 20, "manufacturer": 30, "distributor": 50, "retailer": 180, "customer": 20}
FORTY = {"supplier": 6, "manufacturer": 3, "distributor": 7, "retailer": 20, "customer": 4}


def texts(figure: Figure) -> list[str]:
    """All that is written in a figure."""
    figure.canvas.draw()
    return [text.get_text() for text in figure.findobj(match=lambda artist: hasattr(artist, "get_text")) if text.get_text()]


@pytest.fixture(scope="module")
def small() -> FakeResult:
    return fake_result(runs=5)


@pytest.mark.parametrize("kind", list(figures.KINDS))
@pytest.mark.parametrize(
    "result",
    [
        fake_result(runs=5),
        fake_result(runs=1, constant_demand=True, costs=False),
        fake_result(FORTY, runs=2, long_names=True, warm_up=10),
        fake_result(LARGE, runs=2, periods=20),
    ],
    ids=["small", "one run", "forty", "three hundred"],
)
def test_every_kind_is_drawn(result: FakeResult, kind: str) -> None:
    stored = io.BytesIO()
    figures.plot(result, kind).savefig(stored, format="svg")
    assert stored.getvalue().startswith(b"<?xml")


def test_an_unknown_kind_gets_the_nearest(small: FakeResult) -> None:
    with pytest.raises(UsageError, match="did you mean 'bullwhip'"):
        figures.plot(small, "bulwhip")


def test_an_unknown_column_gets_the_nearest(small: FakeResult) -> None:
    with pytest.raises(UsageError, match="did you mean 'on_hand'"):
        figures.over_time(small.timeline, "onhand")


def test_a_result_without_timeline_says_so(small: FakeResult) -> None:
    small = fake_result(runs=1)
    small.timeline = None  # type: ignore[assignment]
    with pytest.raises(UsageError, match="timeline=True"):
        figures.plot(small, "stock")


def test_what_there_is_no_chart_for_is_said_in_words() -> None:
    result = fake_result(runs=1, constant_demand=True, costs=False)
    assert any("does not vary" in text for text in texts(figures.plot(result, "bullwhip")))
    assert "No costs are declared." in texts(figures.plot(result, "costs"))
    nobody = result.items.assign(fill_rate=np.nan)
    assert any("no fill rate" in text for text in texts(figures.service(nobody)))
    still = result.timeline.assign(on_hand=0.0, backorder=0.0)
    assert any("no on hand and no backorder" in text for text in texts(figures.panels(still, "on_hand", below="backorder")))
    assert any("no enterprises" in text for text in texts(figures.network(nx.MultiDiGraph(), result.items)))


def test_names_with_dollar_signs_and_braces_are_taken_as_they_are() -> None:
    graph: nx.MultiDiGraph = nx.MultiDiGraph([("$a_{x$", "b^$")])
    items = pd.DataFrame({"run": 0, "enterprise": ["$a_{x$", "b^$"], "product": "p", "role": ["supplier", "customer"], "echelon": [1, 0]})
    assert "$a_{x$" in texts(figures.network(graph, items))


def test_bands_are_mean_and_quantiles_over_the_runs() -> None:
    values = np.random.default_rng(1).random((40, 6))
    rows = pd.DataFrame({"run": np.repeat(range(40), 6), "period": np.tile(range(1, 7), 40), "echelon": 1, "on_hand": values.ravel()})
    periods, quantiles, step = bands(rows, "on_hand")
    assert step == 1
    assert periods.tolist() == [1, 2, 3, 4, 5, 6]
    low, high = np.quantile(values, [0.05, 0.95], axis=0)
    np.testing.assert_allclose(quantiles, [low, values.mean(axis=0), high])


def test_orders_in_lots_have_a_line_above_zero() -> None:
    # One run in four orders in each period: the median of the runs is 0 for ever.
    lots = [(run, period, 1, 40.0 * (period % 4 == run)) for run in range(4) for period in range(1, 13)]
    rows = pd.DataFrame(lots, columns=["run", "period", "echelon", "orders"])
    assert bands(rows, "orders")[1][1].tolist() == [10.0] * 12


def test_a_share_over_time_is_a_ratio_of_sums_and_empty_where_nothing_was_asked_for() -> None:
    rows = pd.DataFrame({"run": 0, "period": range(1, 1001), "echelon": 1, "asked": 4.0, "shipped_in_time": [4.0, 0.0] * 500})
    _, (_, mean, _), step = bands(rows, "shipped_in_time", "asked")
    assert (step, mean[0]) == (3, 8 / 12)
    rows = rows.head(4).assign(asked=[4.0, 4.0, 0.0, 4.0], shipped_in_time=[4.0, 1.0, 0.0, 2.0])
    np.testing.assert_array_equal(bands(rows, "shipped_in_time", "asked")[1][1], [1.0, 0.25, np.nan, 0.5])
    whole = rows.assign(echelon=2, shipped_in_time=rows["asked"])
    assert len(figures.panels(pd.concat([rows, whole]), "shipped_in_time", of="asked").axes) == 1


def test_a_long_run_is_averaged_over_stretches() -> None:
    count = 3 * MOST_POINTS + 1
    rows = pd.DataFrame({"run": 0, "period": range(1, count + 1), "echelon": 1, "on_hand": np.arange(1.0, count + 1.0)})
    periods, quantiles, step = bands(rows, "on_hand")
    assert step == 4
    assert periods.size <= MOST_POINTS
    np.testing.assert_allclose(quantiles[1], periods)


def test_one_axis_with_a_line_for_each_echelon(small: FakeResult) -> None:
    figure = figures.over_time(small.timeline, "orders", names={1: "shop"})
    assert len(figure.axes[0].lines) == 5
    assert "shop" in texts(figure)


def test_figures_can_be_drawn_on_given_axes(small: FakeResult) -> None:
    figure = Figure()
    left, middle, right = figure.subplots(1, 3)
    assert figures.bullwhip(small.echelons, ax=left) is figure
    assert figures.service(small.items, ax=middle) is figure
    assert figures.network(small.scenario.graph(), small.items, ax=right) is figure


def test_ratios_far_apart_are_drawn_on_a_logarithmic_axis() -> None:
    frame = pd.DataFrame({"run": 0, "echelon": [1, 2], "bullwhip_ratio_to_end_demand": [1.0, 500.0]})
    assert figures.bullwhip(frame).axes[0].get_xscale() == "log"


def test_many_items_leave_the_lowest() -> None:
    result = fake_result(FORTY, runs=2)
    written = texts(figures.service(result.items))
    assert any("the 16 lowest of 36 items" in text for text in written)
    assert any("others left out" in text for text in texts(figures.costs(result.enterprises)))


def test_costs_of_echelons_have_names(small: FakeResult) -> None:
    assert "shops" in texts(figures.costs(small.echelons, names={1: "shops"}))


def test_a_cycle_and_a_lane_back_are_bows() -> None:
    graph: nx.MultiDiGraph = nx.MultiDiGraph([("a", "b"), ("b", "a"), ("b", "c")])
    items = pd.DataFrame({"run": 0, "enterprise": list("abc"), "product": "p", "role": ["retailer", "retailer", "customer"], "echelon": [1, 1, 0]})
    figure = figures.network(graph, items)
    assert sum(patch.get_linestyle() == (0, (3, 2)) or patch.get_linestyle() == "--" for patch in figure.axes[0].patches) == 2


def test_thousands_of_enterprises_are_drawn_together() -> None:
    count = MOST_ENTERPRISES
    names = [f"shop_{number}" for number in range(count)]
    graph: nx.MultiDiGraph = nx.MultiDiGraph([("maker", name) for name in names])
    items = pd.DataFrame(
        {
            "run": 0,
            "enterprise": ["maker", *names],
            "product": "p",
            "role": ["supplier"] + ["retailer"] * count,
            "echelon": [1] + [0] * count,
            "fill_rate": 0.9,
        }
    )
    figure = figures.network(graph, items)
    assert "800 retailers" in texts(figure)
    assert len(figure.tooltips) == 2


def test_thousands_of_enterprises_need_no_graph() -> None:
    count = MOST_ENTERPRISES
    shops, people = [f"shop_{number}" for number in range(count)], [f"person_{number}" for number in range(count)]
    items = pd.DataFrame(
        {
            "run": 0,
            "enterprise": ["farm", "mill", *shops, *people],
            "product": "p",
            "role": ["supplier", "manufacturer"] + ["retailer"] * count + ["customer"] * count,
            "echelon": 0,
            "fill_rate": [np.nan, 0.5] + [0.9] * count + [np.nan] * count,
            "demand_mean": 1.0,
        }
    )
    lanes = pd.DataFrame(
        {"run": 0, "seller": ["farm"] + ["mill"] * count + shops, "buyer": ["mill", *shops, *people], "product": "p", "mode": "", "shipped": 2.0}
    )
    both = pd.concat([items, items.assign(run=1, fill_rate=items["fill_rate"] - 0.1)])
    marks, flows = gather(both, pd.concat([lanes, lanes.assign(run=1)]))
    assert too_many(both)
    assert not too_many(items.head(count))
    assert [(one.name, one.echelon, one.count) for one in marks.values()] == [
        ("800 customers", 0, count), ("800 retailers", 1, count), ("1 manufacturer", 2, 1), ("1 supplier", 3, 1),
    ]  # fmt: skip
    assert [round(one.fill_rate, 6) for one in marks.values()][1:3] == [0.85, 0.45]
    assert flows == {("supplier 3", "manufacturer 2"): 4.0, ("manufacturer 2", "retailer 1"): 4.0 * count, ("retailer 1", "customer 0"): 4.0 * count}
    figure = figures.network(None, both, lanes=lanes)
    assert "800 retailers" in texts(figure)
    assert len(figure.tooltips) == 4


def test_firms_that_buy_from_each_other_are_one_mark() -> None:
    count = MOST_ENTERPRISES + 1
    firms = [f"firm_{number}" for number in range(count)]
    items = pd.DataFrame({"run": 0, "enterprise": [*firms, "people"], "product": "p", "role": ["manufacturer"] * count + ["customer"], "echelon": 0})
    lanes = pd.DataFrame({"run": 0, "seller": [*firms, "firm_0"], "buyer": [*firms[1:], "firm_0", "people"], "product": "p", "mode": ""})
    marks, flows = gather(items, lanes, items)
    assert list(marks) == ["customer 0", "manufacturer 1"]
    assert flows == {("manufacturer 1", "customer 0"): 1.0}


def test_a_drawing_shows_itself_in_a_notebook(small: FakeResult) -> None:
    assert figures.plot(small, "costs")._repr_png_().startswith(b"\x89PNG")


def test_ticks_are_compact() -> None:
    assert [compact(value) for value in (0.0, 2e9, 15_000.0)] == ["0", "2G", "15k"]


def test_the_ticks_of_a_chart_over_time_bound_what_is_drawn() -> None:
    rows = pd.DataFrame({"run": 0, "period": range(1, 11), "echelon": 1, "on_hand": np.linspace(0.0, 850.0, 10), "backorder": 30.0})
    axes = figures.panels(rows, "on_hand", below="backorder").axes[0]
    assert axes.get_ylim()[1] == axes.get_yticks()[-1] >= 850.0
    assert -60.0 < axes.get_ylim()[0] <= -30.0
    axes = figures.panels(rows.assign(backorder=700.0), "on_hand", below="backorder").axes[0]
    assert axes.get_ylim()[0] == axes.get_yticks()[0] <= -700.0
    axes = figures.panels(rows.assign(on_hand=0.0), "on_hand", below="backorder").axes[0]
    assert axes.get_ylim()[0] <= -30.0


def test_a_disruption_shades_its_periods() -> None:
    rows = pd.DataFrame({"run": 0, "period": range(1, 11), "echelon": 1, "orders": 5.0})
    plain, shaded = (figures.panels(rows, "orders", outages=given).axes[0] for given in ([], [(3, 6)]))
    assert len(shaded.patches) == len(plain.patches) + 1


def test_a_logarithmic_axis_says_so() -> None:
    frame = pd.DataFrame({"run": 0, "echelon": [1, 2], "bullwhip_ratio_to_end_demand": [1.0, 500.0]})
    assert "logarithmic" in figures.bullwhip(frame).axes[0].get_xlabel()


def test_customers_have_no_bar_of_costs(small: FakeResult) -> None:
    firms = small.enterprises.assign(purchase_cost=np.where(small.enterprises["role"] == "customer", 1e6, 0.0))
    written = texts(figures.costs(firms))
    assert "customer" not in written
    assert "purchases" not in written


def test_the_fill_rate_in_the_drawing_is_that_of_the_table(small: FakeResult) -> None:
    expected = small.enterprises.groupby("enterprise")["fill_rate"].mean()["retailer"]
    for options in ({"firms": small.enterprises}, {}):
        written = texts(figures.network(small.scenario.graph(), small.items, lanes=small.lanes, **options))
        assert f"fill rate {100 * expected:.1f} %" in written


def test_names_are_whole_where_there_is_room() -> None:
    graph: nx.MultiDiGraph = nx.MultiDiGraph([("the_raw_material_trader", "b")])
    firms = ["the_raw_material_trader", "b"]
    items = pd.DataFrame({"run": 0, "enterprise": firms, "product": "p", "role": ["supplier", "retailer"], "echelon": [1, 0]})
    assert "the_raw_material_trader" in texts(figures.network(graph, items))


def luminance(colour: str) -> float:
    """Relative luminance of a colour, as the Web Content Accessibility Guidelines define it."""
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def test_colours_are_seen_on_a_light_ground() -> None:
    for colour in {*PALETTE, *ROLE_COLOURS.values()}:
        assert 1.05 / (luminance(colour) + 0.05) > 1.9
