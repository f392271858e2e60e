"""The commands optimise and calibrate: what they print and write, and what they refuse."""

from __future__ import annotations

import json
from pathlib import Path

import pandas as pd
import pytest

import chainwright as cw
from tests.app.conftest import Run

LEVEL = "policies.place_orders.stand.level"
QUICK = ("--reps", "3", "--polish-reps", "4", "--final-reps", "6", "--periods", "150")


def test_optimise_prints_what_was_found(run: Run) -> None:
    code, out, _ = run("optimise", "newsvendor", "--over", f"{LEVEL}=50..64", "--subject-to", "fill_rate >= 0.97", *QUICK)
    assert code == 0
    found = cw.optimise("newsvendor", {LEVEL: (50, 64)}, subject_to={"fill_rate": ">=0.97"}, reps=3, polish_reps=4, final_reps=6, periods=150)
    assert out.splitlines()[0] == "The newsvendor: smallest total_cost with fill_rate >= 0.97"
    assert next(line for line in out.splitlines() if LEVEL in line).split()[:2] == [LEVEL, str(found.best[LEVEL])]
    assert "On 6 fresh replications" in out
    assert ">= 0.97: kept" in out
    assert "as it is" in out


def test_optimise_answers_json_and_writes_a_folder(run: Run, tmp_path: Path) -> None:
    code, out, _ = run("optimise", "newsvendor", "--over", f"{LEVEL}=50,56,60", *QUICK, "--maximise", "fill_rate", "--json", "--out", "best")
    assert code == 0
    said = json.loads(out)
    assert said["best"] == {LEVEL: 60}
    assert said["goal"] == {"measure": "fill_rate", "sense": "largest"}
    assert said["replications"] == {"search": "0-2", "polish": "3-6", "final": "7-12"}
    assert said["interval"][0] <= said["value"] <= said["interval"][1]
    assert cw.load(tmp_path / "best" / "best.yaml").document["policies"]["place_orders"]["stand"]["level"] == 60
    assert len(pd.read_parquet(tmp_path / "best" / "trials.parquet")) == len(pd.read_csv(tmp_path / "best" / "trials.csv"))
    assert json.loads((tmp_path / "best" / "optimisation.json").read_text())["best"] == {LEVEL: 60}


@pytest.mark.parametrize(
    "arguments, words",
    [
        ((), "--over: say what may be chosen"),
        (("--over", "horizon"), "--over: cannot read the factor 'horizon'"),
        (("--over", f"{LEVEL}=50..60", "--subject-to", "fill_rate=0.9"), "--subject-to: cannot read 'fill_rate=0.9'"),
        (("--over", f"{LEVEL}=50..60", "--subject-to", "fil_rate>=0.9"), "did you mean 'fill_rate'?"),
        (("--over", f"{LEVEL}=50..60", "--method", "scipi"), "did you mean 'scipy'?"),
        (("--over", f"{LEVEL}=60..50"), "low of a range must be below high"),
    ],
)  # fmt: skip
def test_optimise_refuses_in_words(run: Run, arguments: tuple[str, ...], words: str) -> None:
    code, out, err = run("optimise", "newsvendor", *arguments)
    assert (code, out) == (2, "")
    assert words in err


def test_where_nothing_can_be_played_the_work_has_failed(run: Run) -> None:
    code, _, err = run("optimise", "newsvendor", "--over", "warm_up=95..115", "--periods", "90", "--reps", "1")
    assert code == 1
    assert len(err.strip().splitlines()) == 1
    assert "none of 21 candidates could be played" in err


def test_calibrate_fits_a_file(run: Run, tmp_path: Path) -> None:
    panel = cw.run(cw.load("beer_game").with_({"policies.place_orders.default.target": 21}), record=["orders"]).panel
    panel[panel["enterprise"] == "brewery"].to_csv(tmp_path / "played.csv", index=False)
    path = "policies.place_orders.default.target"
    code, out, _ = run("calibrate", "beer_game", "--observed", "played.csv", "--over", f"{path}=0.0..40.0", "--budget", "40", "--out", "fitted")
    assert code == 0
    assert out.startswith("Calibration of beer_game: rmse")
    assert f"{path} = 21 (" in out
    assert {one.name for one in (tmp_path / "fitted").iterdir()} == {
        "best.yaml", "calibration.json", "figure.svg", "fit.csv", "parameters.csv", "trials.csv", "trials.parquet",
    }  # fmt: skip
    code, out, _ = run("calibrate", "beer_game", "--observed", "played.csv", "--over", f"{path}=0.0..40.0", "--budget", "40", "--json")
    assert json.loads(out)["fitted"][path] == pytest.approx(21.0)
    code, _, err = run("calibrate", "beer_game", "--observed", "nowhere.csv", "--over", f"{path}=0.0..40.0")
    assert code == 2
    assert "nowhere.csv: cannot be read: No such file" in err
