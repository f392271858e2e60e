"""The printed form of tables: whole at 80 columns, with short names."""

from __future__ import annotations

import pandas as pd
import pytest

import chainwright as cw
from chainwright.experiment.sheet import Sheet, sheet_text

LEVEL, TIME = "policies.place_orders.stand.level", "lanes.printer>stand.transport_time"


@pytest.fixture(autouse=True)
def narrow(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "80")


def test_tables_of_sweeps_and_searches_print_whole() -> None:
    measures = ["total_cost", "fill_rate", "on_hand_mean", "backorder_mean"]
    table = cw.sweep("newsvendor", {LEVEL: [50, 56, 64], TIME: [1, 2]}, reps=3, periods=200, engine="serial", measures=measures)
    points = table.by_point()
    found = cw.optimise("newsvendor", {LEVEL: (55, 58)}, reps=2, periods=200, polish_reps=1, final_reps=4)
    searched = (found.compared, found.runners_up, found.table, found.flatness, found.history, found.limits)
    for frame in (table, points, table.pareto("on_hand_mean", "fill_rate"), cw.differences(table, 2, "total_cost"), *searched):
        text = repr(frame)
        assert "..." not in text
        assert "…" not in text
        assert max(map(len, text.splitlines())) <= 80
        assert isinstance(frame, pd.DataFrame)
    heads = repr(points).split()
    assert all(one in heads for one in ("design_id", "level", "transport_time", "±", *measures))
    assert "verdict" in repr(found.compared)


def test_a_comparison_prints_as_the_command_does() -> None:
    found = cw.compare("newsvendor", cw.load("newsvendor").variant("generous"), runs=12, periods=150)
    text = repr(found)
    assert max(map(len, text.splitlines()[:-1])) <= 80
    said = ("A = newsvendor, B = newsvendor-generous", "B − A", "95 % interval", "bullwhip ratio to end demand", "not distinguishable", " points")
    for words in said:
        assert words in text
    for words in ("inf", "nan", "_mean", "…", "..."):
        assert words not in text


def test_what_repeats_a_run_is_named_below_a_table_and_failures_stand_in_it() -> None:
    table = cw.sweep("newsvendor", {LEVEL: [50, 56]}, reps=2, periods=150, engine="serial", measures=["total_cost"])
    assert repr(table).endswith("not printed: run, seed, scenario_hash, version, wall_s, status, message")
    table.loc[1, "status"] = "failed"
    assert "failed" in repr(table)


def test_what_is_printed_is_all_there() -> None:
    frame = Sheet({"candidate": ["best", "as it is"], "a.b.level": [1, 2], "cost": [1.5, float("nan")]})
    assert sheet_text(frame, 80).splitlines()[1].split() == ["0", "best", "1", "1.5"]
    assert sheet_text(frame, 12).count("best") == 2  # in parts, each with the first column
    assert isinstance(frame[frame["cost"] > 1], Sheet)
    assert sheet_text(frame.iloc[:0], 80).startswith("no rows")


def test_comparing_what_has_no_chance_in_it_says_so() -> None:
    found = cw.compare("beer_game", "beer_game:pass_on".partition(":")[0], runs=3)
    assert found.certain
    assert found.pairing() == "Nothing is random here: one run of each was played, and any other would be the same."
    assert not cw.compare("newsvendor", "newsvendor", runs=3, periods=150).certain
    assert not cw.compare("beer_game", "beer_game", runs=1).certain
