"""Observations as people bring them: dates, weeks and wide tables become periods and series, or are refused at once."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

import chainwright as cw
from chainwright.experiment.calibrating.observed import Observed, observed_of

ORDERS = [4.0, 4.0, 8.0, 9.0, 8.0, 4.0]
MONDAYS = pd.date_range("2026-01-05", periods=6, freq="7D")
DATED = cw.load("beer_game").with_({"start": "2026-01-05"})


def bare(found: Observed) -> tuple[str, list[int], list[float]]:
    (series,) = found.series
    return series.name, series.periods.tolist(), series.values.tolist()


EXPECTED = ("retailer beer orders", [1, 2, 3, 4, 5, 6], ORDERS)


@pytest.mark.parametrize(
    "given",
    [
        pd.DataFrame({"period": MONDAYS, "orders": ORDERS}),
        pd.DataFrame({"date": MONDAYS, "orders": ORDERS}),
        pd.DataFrame({"period": MONDAYS.astype("int64"), "orders": ORDERS}),
        pd.DataFrame({"period": MONDAYS.strftime("%d.%m.%Y"), "orders": ORDERS}),
        pd.DataFrame({"week": [f"2026-W{week:02d}" for week in range(2, 8)], "orders": ORDERS}),
        pd.DataFrame({"period": [202602, 202603, 202604, 202605, 202606, 202607], "orders": ORDERS}),
        pd.DataFrame({"period": MONDAYS.tz_localize("UTC"), "orders": ORDERS}),
        pd.DataFrame({"period": MONDAYS.to_period("W"), "orders": ORDERS}),
        pd.Series(ORDERS, index=MONDAYS),
        pd.Series(ORDERS, index=MONDAYS.to_period("W")),
        pd.Series(ORDERS, index=pd.Index(MONDAYS, name="date"), name="orders"),
        pd.DataFrame({"Period": range(1, 7), "Orders": ORDERS}),
        pd.DataFrame({"date": MONDAYS[::-1], "orders": ORDERS[::-1]}),
    ],
    ids=["dates", "date", "nanoseconds", "days_first", "weeks", "year_and_week", "zone", "pandas_periods", "index", "period_index", "named_index",
         "capitals", "newest_first"],
)  # fmt: skip
def test_dates_line_up_with_the_start(given: Any) -> None:
    assert bare(observed_of(given, DATED, enterprise="retailer")) == EXPECTED


def test_a_column_for_each_enterprise() -> None:
    wide = pd.DataFrame({"date": MONDAYS, "retailer": ORDERS, "wholesaler": [2.0 * one for one in ORDERS]})
    found = observed_of(wide, DATED)
    assert [one.name for one in found.series] == ["retailer beer orders", "wholesaler beer orders"]
    assert found.series[1].values.tolist() == [8.0, 8.0, 16.0, 18.0, 16.0, 8.0]
    assert "there is a column for each enterprise; its numbers are taken for orders" in found.told
    assert [one.column for one in observed_of(wide, DATED, "on_hand").series] == ["on_hand", "on_hand"]


def test_a_column_for_each_period(tmp_path: Path) -> None:
    (tmp_path / "seen.csv").write_text("enterprise,1,2,3,4,5,6\nretailer,4,4,8,9,8,4\nwholesaler,,8,,18,,8\n", encoding="utf-8")
    found = observed_of(tmp_path / "seen.csv", DATED)
    assert (found.series[0].name, found.series[0].values.tolist()) == ("retailer beer orders", ORDERS)
    assert (found.series[1].periods.tolist(), found.series[1].values.tolist()) == ([2, 4, 6], [8.0, 18.0, 8.0])
    wide = pd.DataFrame([["retailer", *ORDERS]], columns=["enterprise", *MONDAYS])
    assert bare(observed_of(wide, DATED)) == EXPECTED


FILES = {
    "semicolons": b"Datum;orders\n05.01.2026;4,0\n12.01.2026;4,0\n19.01.2026;8,0\n26.01.2026;9,0\n02.02.2026;8,0\n09.02.2026;4,0\nSumme;37,0\n",
    "pandas": b",date,orders\n0,2026-01-05,4.0\n1,2026-01-12,4.0\n2,2026-01-19,8.0\n3,2026-01-26,9.0\n4,2026-02-02,8.0\n5,2026-02-09,4.0\n",
    "utf_16": "date\torders\n05/01/2026\t4\n12/01/2026\t4\n19/01/2026\t8\n26/01/2026\t9\n02/02/2026\t8\n09/02/2026\t4\n".encode("utf-16"),
    "headerless": b"2026-01-05,4\n2026-01-12,4\n2026-01-19,8\n2026-01-26,9\n2026-02-02,8\n2026-02-09,4\n",
}


@pytest.mark.parametrize("name", FILES)
def test_files(tmp_path: Path, name: str) -> None:
    (tmp_path / "seen.csv").write_bytes(FILES[name])
    assert bare(observed_of(tmp_path / "seen.csv", DATED, enterprise="retailer")) == EXPECTED


@pytest.mark.parametrize(
    ("scenario", "given", "words"),
    [
        (cw.load("beer_game"), pd.DataFrame({"period": MONDAYS, "orders": ORDERS}), "say start: 2026-01-05"),
        (cw.load("beer_game"), pd.Series(ORDERS, index=MONDAYS), "say start: 2026-01-05"),
        (cw.load("beer_game"), pd.DataFrame({"period": [202601, 202602], "orders": [4, 8]}), "say start: 2025-12-29"),
        (cw.load("beer_game"), pd.DataFrame({"period": MONDAYS.astype("int64"), "orders": ORDERS}), "say start: 2026-01-05"),
        (cw.load("beer_game"), pd.DataFrame({"period": [36, 37, 40], "orders": [4, 8, 9]}), "periods 37 to 40 lie beyond the horizon of 36"),
        (DATED, pd.DataFrame({"period": ["2025-12-29", "2026-01-05"], "orders": [4, 8]}), "1 date from 2025-12-29 on lie before the start"),
        (DATED, pd.DataFrame({"period": ["2026-01-05", "2027-01-04"], "orders": [4, 8]}), "period 53 lies beyond the horizon of 36"),
        (DATED, pd.DataFrame({"period": ["2026-01-05", "2026-01-06"], "orders": [4, 8]}), "period 1 stands there twice; add up"),
        (DATED, pd.DataFrame({"period": ["2026-01-05", "32.1.2026"], "orders": [4, 8]}), "'32.1.2026' is no date"),
        (DATED, pd.DataFrame({"period": ["2026-01-05", None], "orders": [4, 8]}), "row 2 has no date"),
        (DATED, pd.DataFrame({"period": ["01/02/2026", "03/04/2026"], "orders": [4, 8]}), "01/02/2026 may be 2026-02-01 or 2026-01-02"),
        (DATED, pd.DataFrame([[1, 2, 3]], columns=["period", "orders", "orders"]), "several columns called 'orders'"),
        (DATED, pd.DataFrame({"date": MONDAYS, "retailer": ORDERS, "wholesler": ORDERS}), "did you mean 'wholesaler'?"),
    ],
)  # fmt: skip
def test_what_cannot_be_lined_up_is_refused_at_once(scenario: cw.Scenario, given: Any, words: str) -> None:
    with pytest.raises(cw.UsageError) as told:
        cw.calibrate(scenario, {"policies.place_orders.retailer.target": (0.0, 40.0)}, given, enterprise="retailer")
    assert words in str(told.value)


@pytest.mark.parametrize(
    ("index", "periods"),
    [
        ([6, 7, 36], [6, 7, 36]),
        ([6.0, 8.0, 9.0], [6, 8, 9]),
        (pd.Index([8, 6, 7], name="number"), [6, 7, 8]),
        (pd.RangeIndex(1, 4), [1, 2, 3]),
        ([202603, 202604, 202605], [2, 3, 4]),
        (pd.RangeIndex(3), [1, 2, 3]),
        (["a", "b", "c"], [1, 2, 3]),
        ([0, 2, 3], [1, 2, 3]),
    ],
)
def test_whole_numbers_in_the_index_of_a_series_are_periods(index: Any, periods: list[int]) -> None:
    found = observed_of(pd.Series([4.0, 8.0, 9.0], index=index), DATED, enterprise="retailer")
    assert found.series[0].periods.tolist() == periods
    counted = "the table says no period, so its rows are counted from period 1" in found.told
    assert counted == ("the index of the series is taken for the period" not in found.told) == (0 in list(index) or "a" in list(index))


def test_an_index_beyond_the_horizon_or_twice_is_refused() -> None:
    for index, words in (([36, 37, 38], "beyond the horizon of 36"), ([6, 6, 8], "period 6 stands there twice")):
        with pytest.raises(cw.UsageError, match=words):
            observed_of(pd.Series([4.0, 8.0, 9.0], index=index), DATED, enterprise="retailer")


def test_a_point_that_may_part_thousands_is_asked_back(tmp_path: Path) -> None:
    (tmp_path / "seen.csv").write_text("period;orders\n1;1.250\n2;900\n", encoding="utf-8")
    with pytest.raises(cw.UsageError, match=r"not clear whether 1250 or 1.25 is meant, write 1250,0 or 1.2500"):
        observed_of(tmp_path / "seen.csv", DATED, enterprise="retailer")
    for written, value in (("1250,0", 1250.0), ("1.2500", 1.25)):
        (tmp_path / "seen.csv").write_text(f"period;orders\n1;{written}\n2;900\n", encoding="utf-8")
        assert observed_of(tmp_path / "seen.csv", DATED, enterprise="retailer").series[0].values.tolist() == [value, 900.0]


def test_a_calibration_by_dates_finds_what_made_them_and_names_them(tmp_path: Path) -> None:
    path = "policies.place_orders.default.target"
    panel = cw.run(DATED.with_({path: 20}), record=["orders"]).panel
    assert panel is not None
    own = panel[panel["enterprise"] == "retailer"][["date", "orders"]]
    own.to_csv(tmp_path / "seen.csv", sep=";", decimal=",", index=False, date_format="%d.%m.%Y")
    fit = cw.calibrate(DATED, {path: (0.0, 40.0)}, tmp_path / "seen.csv", enterprise="retailer", budget=60)
    assert fit.fitted[path] == pytest.approx(20.0, abs=1e-6)
    assert "assumed: fields are separated by semicolons" in repr(fit)
    assert list(fit.table["date"].astype(str))[:2] == ["2026-01-05", "2026-01-12"]
    assert np.array_equal(fit.table["period"], np.arange(1, 37))
