"""Means, intervals, and numbers as readers see them."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from chainwright.metrics.definitions import METRICS
from chainwright.report import tables
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
        (999.96, "1000"),
        (1234.5, "1,234"),
        (0.00001, "1e−05"),
        (float("inf"), "∞"),
        (float("-inf"), "−∞"),
        (float("nan"), "–"),
    ],
)
def test_numbers(value: float, text: str) -> None:
    assert tables.number(value) == text


def test_zeros_at_the_end_stay_only_where_asked_for() -> None:
    assert tables.number(1.9984, 3) == "2"
    assert tables.number(1.9984, 3, keep=True) == "2.00"
    assert tables.number(8.0, 3, keep=True) == "8"


def test_a_column_has_one_number_of_decimals() -> None:
    assert tables.column_of("on_hand_mean", [1234.5, 2.0]) == ["1,234", "2"]
    assert tables.column_of("on_hand_mean", [1.0, 2.0]) == ["1", "2"]
    assert tables.column_of("fill_rate", [0.5, np.nan]) == ["50.0 %", "–"]
    assert tables.column_of("on_hand_mean", [np.nan]) == ["–"]


def test_every_metric_has_a_definition() -> None:
    assert set(tables.DEFINITIONS) == set(METRICS)
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
    assert tables.echelon_names(rows) == {1: "works, echelon 1", 2: "works, echelon 2", 3: "2 enterprises, echelon 3"}
    assert tables.echelon_name({}, 4) == "echelon 4"


def test_short_names_stay_apart() -> None:
    ends = tables.short_names(["the_long_road_1", "the_long_road_2"], 8)
    assert len(set(ends)) == 2
    assert all(len(name) <= 8 for name in ends)
