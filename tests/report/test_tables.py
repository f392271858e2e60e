"""Means, intervals, and numbers as readers see them."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest
from scipy import stats

import chainwright
from chainwright.metrics.results import METRICS
from chainwright.report import disruption_bands, result_name, tables
from chainwright.report.numerals import number, short_number
from tests.report.fake_result import fake_result


def test_the_interval_is_that_of_student() -> None:
    values = np.random.default_rng(3).normal(10.0, 2.0, 25)
    one = tables.estimate(values)
    low, high = stats.t.interval(0.95, 24, values.mean(), stats.sem(values))
    assert one.low == pytest.approx(low, rel=1e-10)
    assert one.high == pytest.approx(high, rel=1e-10)


def test_empty_cells_are_left_out_of_an_estimate() -> None:
    assert tables.estimate([1.0, np.nan, 3.0]).mean == 2.0
    assert not tables.estimate([np.nan]).known
    assert not tables.estimate([4.0]).interval
    assert tables.interval_text("fill_rate", tables.estimate([4.0])) == ""


def test_runs_that_are_all_alike_say_so() -> None:
    one = tables.estimate([0.1 + 0.2] * 5 + [0.3] * 5)
    assert one.interval
    assert not one.varies
    assert tables.interval_text("on_hand_mean", one) == "the same in every run"


@pytest.mark.parametrize(
    "value, text",
    [
        (0.0, "0"),
        (-0.5, "−0.5"),
        (999.96, "1,000"),
        (1234.5, "1,234"),
        (0.00001, "1×10⁻⁵"),
        (-4.4e-17, "0"),
        (14_121_784.0, "14,121,784"),
        (2.5e10, "25 billion"),
        (1234567890123456789.0, "1.235×10¹⁸"),
        (float("inf"), "∞"),
        (float("-inf"), "−∞"),
        (float("nan"), "–"),
    ],
)
def test_numbers(value: float, text: str) -> None:
    assert number(value).replace("\u00a0", " ") == text


def test_zeros_at_the_end_stay_only_where_asked_for() -> None:
    assert number(1.9984, 3) == "2"
    assert number(1.9984, 3, keep=True) == "2.00"
    assert number(8.0, 3, keep=True) == "8"


def test_each_cell_of_a_column_has_the_digits_it_needs() -> None:
    assert tables.column_of("on_hand_mean", [1234.5, 3.6, 4.31, 0.0271]) == ["1,234", "3.60", "4.31", "0.0271"]
    assert tables.column_of("on_hand_mean", [1.0, 2.0]) == ["1", "2"]
    assert tables.column_of("fill_rate", [0.5, np.nan]) == ["50.0 %", "–"]
    assert tables.column_of("on_hand_mean", [np.nan]) == ["–"]


def test_shares_have_true_minus_signs_and_differ_by_points() -> None:
    assert tables.shown("fill_rate", -0.5) == "−50.0 %"
    assert tables.shown("fill_rate", 0.0) == "0.0 %"
    assert tables.shown("fill_rate", 0.0001) == "0.01 %"
    assert tables.shown_difference("fill_rate", -0.021) == "−2.1 points"
    assert tables.shown_difference("fill_rate", -4.4e-17) == "0 points"


def test_the_interval_of_a_share_stays_a_share() -> None:
    assert tables.interval_text("fill_rate", tables.estimate([0.9, 1.0, 1.0])).endswith("100.0 %")
    assert tables.interval_text("on_hand_mean", tables.estimate([0.0, 3.0])).startswith("−")


def test_units_of_several_products_are_called_that() -> None:
    assert tables.unit_of("demand_mean", 2) == "units of all products per period"
    assert tables.unit_of("total_cost", 2) == "money"
    assert tables.unit_of("bullwhip_ratio") == ""


def test_large_numbers_have_a_word() -> None:
    assert [short_number(value).replace("\u00a0", " ") for value in (999_999.0, 5e6, 2.25e9, 7e12)] == [
        "1.00 million",
        "5 million",
        "2.25 billion",
        "7 trillion",
    ]


def test_variants_and_settings_have_names() -> None:
    scenario = chainwright.load("beer_game").variant("textbook").with_({"horizon": 20})
    assert result_name.full_title(scenario) == "The beer game – textbook"
    assert result_name.changes(scenario)[-1] == "horizon = 20"
    assert result_name.full_title(chainwright.load("beer_game").variant("textbook").variant("textbook")) == "The beer game – textbook – textbook"
    long = chainwright.load("two_sources").with_({"title": "x" * 100})
    assert len(result_name.changes(long)[0]) < 80


@pytest.mark.parametrize(
    "entry, words, recovered",
    [
        ({"kind": "closure", "target": {"enterprise": "*"}, "start": 5, "duration": 1}, "closure of every enterprise, week 5", 5),
        (
            {"kind": "reduction", "target": {"enterprise": "a", "product": "p"}, "start": 5, "duration": 3, "severity": 0.4, "recovery": "linear"},
            "reduction by 40 % of p at a, week 5 to 7, recovering until week 10",
            10,
        ),
        ({"kind": "demand", "target": {"enterprise": "c"}, "start": 5, "duration": 2, "factor": 1.5}, "demand times 1.5 of c, week 5 to 6", 6),
        (
            {"kind": "transit_pause", "target": {"seller": "a", "buyer": "b", "mode": "*"}, "start": 5, "duration": 2},
            "transit pause of goods from a to b, week 5 to 6",
            6,
        ),
    ],
)
def test_disruptions_are_told_in_words(entry: dict[str, Any], words: str, recovered: int) -> None:
    scenario = fake_result(runs=1, disruptions=[entry]).scenario
    (one,) = disruption_bands.outages(scenario, 52, "week")
    assert (one.words, one.recovered) == (words, recovered)
    assert disruption_bands.outages(scenario, 4, "week") == []


def test_every_metric_has_a_definition() -> None:
    assert set(tables.metric_words()) == set(METRICS)
    assert tables.label("something_else") == "something else"


def test_means_over_runs_go_from_the_customers_up_in_the_order_of_the_file() -> None:
    result = fake_result({"supplier": 2, "retailer": 11, "customer": 1}, runs=3)
    rows = tables.over_runs(result.items, ["enterprise", "product"])
    assert rows["echelon"].is_monotonic_increasing
    assert rows["enterprise"].tolist()[1:4] == ["retailer_1", "retailer_2", "retailer_3"]
    assert rows.loc[0, "on_hand_mean"] == pytest.approx(result.items.loc[result.items["enterprise"] == "customer", "on_hand_mean"].mean())


def test_echelons_have_names_of_their_own() -> None:
    rows = pd.DataFrame(
        {"enterprise": ["works", "works", "a", "b"], "role": ["manufacturer", "manufacturer", "supplier", "retailer"], "echelon": [1, 2, 3, 3]}
    )
    assert tables.echelon_names(rows) == {1: "works, echelon 1", 2: "works, echelon 2", 3: "a, b"}


def test_echelons_of_the_same_enterprises_are_named_by_what_they_make() -> None:
    def rows(*lines: tuple[str, str, int]) -> pd.DataFrame:
        return pd.DataFrame(lines, columns=["enterprise", "product", "echelon"]).assign(role="manufacturer")

    packs = [(f"line_{letter}", f"pack_{letter}", 2) for letter in "abc"]
    parts = [(f"line_{letter}", part, 3) for letter in "abc" for part in ("bulk_battery", f"packaging_{letter}")]
    assert tables.echelon_names(rows(*packs, *parts)) == {
        2: "pack_a, pack_b, pack_c (3 manufacturers)",
        3: "bulk_battery and 3 others (3 manufacturers)",
    }
    crowd = [(f"firm_{number}", f"{kind}_{number:02}", echelon) for kind, echelon in (("product", 1), ("component", 2)) for number in range(12)]
    assert tables.echelon_names(rows(*crowd)) == {1: "product_… (12 manufacturers)", 2: "component_… (12 manufacturers)"}
    # What tells nothing apart: the same products at both.
    assert tables.echelon_names(rows(("works", "steel", 1), ("works", "steel", 2))) == {1: "works, echelon 1", 2: "works, echelon 2"}


def test_an_echelon_without_a_name_has_a_number() -> None:
    assert tables.echelon_name({}, 4) == "echelon 4"


def test_short_names_stay_apart() -> None:
    ends = tables.short_names(["the_long_road_1", "the_long_road_2"], 8)
    assert len(set(ends)) == 2
    assert all(len(name) <= 8 for name in ends)
