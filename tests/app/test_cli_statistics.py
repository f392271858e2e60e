"""The commands select and warm-up, and what compare says of pairing: what they print and write, and what they refuse."""

from __future__ import annotations

import json
from pathlib import Path

import pandas as pd
import pytest

import chainwright as cw
from tests.app.conftest import Run

LEVEL = "policies.place_orders.stand.level"
CHOICE = ("select", "newsvendor", "--factor", f"{LEVEL}=50,56,62", "--measure", "cost_per_period", "--indifference", "0.1", "--periods", "200")


@pytest.mark.parametrize("command", ["select", "warm-up"])
def test_help_has_an_example(run: Run, command: str) -> None:
    code, out, _ = run(command, "--help")
    assert code == 0
    assert f"chainwright {command}" in out.split("Example")[1]


def test_select_prints_who_is_best_and_why_the_others_are_not(run: Run) -> None:
    code, out, err = run(*CHOICE, "--out", "there")
    assert (code, err) == (0, "")
    assert out.rstrip().endswith("Tables: there")
    assert out.startswith("The newsvendor: smallest cost_per_period of 3 candidates\nlevel=56 is selected")
    assert "eliminated by level=56" in out
    found = cw.select_best("newsvendor", [{LEVEL: level} for level in (50, 56, 62)], "cost_per_period", indifference=0.1, periods=200)
    assert f"{found.runs} runs, seed 1, indifference 0.1" in out


def test_select_answers_json_and_writes_a_folder(run: Run) -> None:
    factors = ("--factor", "variant=no_safety_stock,generous", "--factor", "horizon=200,160")
    code, out, _ = run("select", "newsvendor", *factors, "--measure", "fill_rate", "--indifference", "1%", "--json", "--out", "there")
    assert code == 0
    said = json.loads(out)
    assert said["settings"]["variant"] == "generous"
    assert said["minimise"] is False
    assert {one["candidate"] for one in said["candidates"]} == {
        f"variant={variant}, horizon={horizon}" for variant in ("no_safety_stock", "generous") for horizon in (160, 200)
    }
    table = pd.read_csv(Path("there") / "selection.csv")
    assert (len(table), table["verdict"][0]) == (4, "best")
    assert len(pd.read_csv(Path("there") / "replications.csv")) == said["runs"]
    assert json.loads((Path("there") / "selection.json").read_text())["best"] == said["best"]


@pytest.mark.parametrize(
    "arguments, code, words",
    [
        (("select", "newsvendor", "--indifference", "1"), 2, "--factor: say what the candidates differ in"),
        (("select", "newsvendor", "--indifference", "1", "--factor", "horizon"), 2, "--factor: cannot read the factor 'horizon'"),
        (("select", "newsvendor", "--indifference", "1", "--factor", "horizon=200..2000 step 1"), 2, "1,801 candidates are too many"),
        (("select", "newsvendor", "--indifference", "1", "--factor", "horizon=200..300"), 2, "--factor: grid: how many values has horizon"),
        (("select", "newsvendor", "--factor", "horizon=200,300"), 2, "--indifference"),
        (("select", "newsvendor", "--indifference", "0", "--factor", "horizon=200,300"), 2, "indifference must be a number above 0"),
        (("select", "newsvendor", "--indifference", "1", "--factor", "horizon=50,60"), 1, "none of 2 candidates could be played"),
        (("warm-up", "newsvendor", "--column", "on_hnd"), 2, "did you mean 'on_hand'"),
        (("warm-up", "beer_game"), 2, "36 periods are too few"),
        (("warm-up", "newsvendor", "--periods", "0"), 2, "--periods"),
    ],
)
def test_what_is_wrong_is_told_in_words(run: Run, arguments: tuple[str, ...], code: int, words: str) -> None:
    left, out, err = run(*arguments)
    assert (left, out) == (code, "")
    assert words in err


def test_warm_up_prints_a_proposal_and_draws(run: Run) -> None:
    code, out, err = run("warm-up", "two_sources", "--runs", "6", "--periods", "200", "--column", "on_hand, orders", "--out", "there")
    assert (code, err) == (0, "")
    found = cw.warm_up("two_sources", ["on_hand", "orders"], runs=6, periods=200)
    assert out.startswith("A cheap source and a near one: 6 runs of 200 periods, seed 1")
    assert found.sentence() in " ".join(out.split())
    assert out.rstrip().endswith("Figure and tables: there")
    assert {path.name for path in Path("there").iterdir()} == {"figure.png", "figure.svg", "series.csv", "warm_up.csv", "warm_up.json"}
    code, out, _ = run("warm-up", "two_sources", "--runs", "6", "--periods", "200", "--set", "recipes.*.capacity=45", "--json")
    said = json.loads(out)
    assert (code, said["warm_up"], said["folder"]) == (0, None, None)
    assert "backorder moves from" in said["sentence"]


def test_compare_says_what_pairing_saved(run: Run) -> None:
    wanted = ("compare", "newsvendor", "newsvendor:generous", "--runs", "12", "--periods", "160")
    code, out, _ = run(*wanted, "--out", "there")
    assert code == 0
    said = json.loads(run(*wanted, "--json")[1])
    cost = next(row for row in said["metrics"] if row["metric"] == "total_cost")
    assert cost["runs_saved"] < 0
    assert f"Pairing cost {-cost['runs_saved']:.0f} runs here: total cost of A tends to rise where that of B falls" in " ".join(out.split())
    assert said["pairing"] in out
    row = next(row for row in said["metrics"] if row["metric"] == "holding_cost")
    assert row["runs_saved"] == 2 * (row["runs_without_pairing"] - 12) > 0
    assert 0.0 < row["half_width"] < row["half_width_without_pairing"]
    # Where every pair differs by the same, no number of independent runs would do: infinite, which JSON does not have.
    assert next(row for row in said["metrics"] if row["metric"] == "demand_mean")["runs_saved"] is None
    stored = pd.read_csv(Path("there") / "comparison.csv").set_index("metric")
    assert stored.at["demand_mean", "runs_saved"] == float("inf")
    assert stored.at["holding_cost", "correlation"] == pytest.approx(row["correlation"])
