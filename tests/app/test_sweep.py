"""The command sweep: what it prints and writes, how it goes on, what fails, and what it refuses."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

import chainwright as cw
from chainwright.app.sweep_options import design_of_text
from chainwright.experiment.sweep.store import Store
from tests.app.conftest import Run

TARGET = "policies.place_orders.default.target"
LEVEL = "policies.place_orders.stand.level"
BEER = ("sweep", "beer_game", "--factor", f"{TARGET}=16,20,24,28", "--factor", "lanes.*.transport_time=1,2,4")
NEWS = ("sweep", "newsvendor", "--factor", f"{LEVEL}=48,56,64", "--periods", "150", "--engine", "serial")
DESIGN = """\
scenario: newsvendor
factors:
  policies.place_orders.stand.level: 46..64
  enterprises.stand.items.*.holding_cost: 0.5..1.5
design: {kind: latin_hypercube, n: 8}
reps: 2
seed: 7
measures: [total_cost, fill_rate]
periods: 150
"""


def lines_of(text: str, first: str) -> list[str]:
    """The cells of the row of a printed table that begins with a word."""
    return next(line.split() for line in text.splitlines() if line.split()[:1] == [first])


def test_help_tells_the_shapes_and_an_example(run: Run) -> None:
    code, out, _ = run("sweep", "--help")
    assert code == 0
    assert "a design file, which says the whole sweep" in " ".join(out.split())
    assert "chainwright sweep" in out.split("Example")[1]


def test_a_grid_is_played_printed_and_written(run: Run, tmp_path: Path) -> None:
    code, out, err = run(*BEER, "--reps", "3", "--out", "out/s")
    assert (code, err) == (0, "")
    table = cw.read_sweep(tmp_path / "out" / "s")
    assert len(table) == 36
    assert (table["status"] == "done").all()
    means = table.by_point()
    assert out.splitlines()[0] == "The beer game: 12 points (full grid), 3 replications each, seed 1"
    for point in range(12):
        cells = lines_of(out, str(point))
        assert cells[:3] == [str(point), str(means[TARGET][point]), str(means["lanes.*.transport_time"][point])]
        assert float(cells[3].replace(",", "")) == pytest.approx(means["total_cost"][point], rel=1e-3)
    best = means.loc[means["total_cost"].idxmin()]
    told = f"target {best[TARGET]:g}, transport time {best['lanes.*.transport_time']:g}"
    assert f"is that of {told}." in out
    assert "Nothing is random here" in out
    assert "±" not in out
    assert out.rstrip().endswith(f"Report: {Path('out/s/report.html')}")
    assert {path.name for path in (tmp_path / "out" / "s").iterdir()} == {
        *("manifest.json", "scenario.yaml", "design.parquet", "parts", "table.parquet", "table.csv", "report.html")
    }
    manifest = json.loads((tmp_path / "out" / "s" / "manifest.json").read_text())
    assert manifest["arguments"] == [*BEER, "--reps", "3", "--out", "out/s"]
    assert manifest["status"] == "done"
    assert "--reps 3 --out out/s</pre>" in (tmp_path / "out" / "s" / "report.html").read_text(encoding="utf-8")


def test_intervals_are_those_of_the_table(run: Run, tmp_path: Path) -> None:
    code, out, _ = run(*NEWS, "--reps", "4", "--measures", "total_cost, fill_rate", "--no-report")
    assert code == 0
    folder = tmp_path / "out" / "newsvendor-sweep"
    assert not (folder / "report.html").exists()
    means = cw.read_sweep(folder).by_point()
    for point in range(3):
        _, _, cost, _, half, share, percent, _, half_share = lines_of(out, str(point))
        assert (float(cost), float(half)) == pytest.approx((means["total_cost"][point], means["total_cost_half_width"][point]), rel=0.05)
        assert percent == "%"
        assert float(share) == pytest.approx(100 * means["fill_rate"][point], abs=0.06)
        assert float(half_share) == pytest.approx(100 * means["fill_rate_half_width"][point], rel=0.05)


def test_of_many_points_the_best_are_shown(run: Run) -> None:
    many = ("sweep", "newsvendor", "--factor", f"{LEVEL}=41..70 step 1", "--periods", "110", "--measures", "total_cost", "--no-report")
    code, out, _ = run(*many, "--reps", "2")
    assert code == 0
    assert "and 6 more in out/newsvendor-sweep/table.csv" in out
    found = json.loads(run(*many, "--reps", "2", "--json")[1])["points"]
    order = [str(one["design_id"]) for one in sorted(found, key=lambda one: one["total_cost"])]
    told = [line.split()[0] for line in out.splitlines() if line.split() and line.split()[0].isdecimal()]
    assert told == order[:24]
    assert len(out.splitlines()) < 40


def test_json_has_facts_and_points(run: Run) -> None:
    code, out, err = run(*NEWS, "--reps", "2", "--json", "--out", "there", "--measures", "total_cost", "--set", "horizon=150", "--no-common")
    said = json.loads(out)
    assert (code, err) == (0, "")
    assert (said["scenario"], said["runs"], said["failed"], said["common"], said["folder"]) == ("newsvendor", 6, 0, False, "there")
    assert said["design"] == {"kind": "grid", "points": 3, "factors": [LEVEL]}
    assert said["settings"] == {"horizon": 150}
    assert [one[LEVEL] for one in said["points"]] == [48, 56, 64]
    assert said["points"][0]["total_cost_low"] < said["points"][0]["total_cost"] < said["points"][0]["total_cost_high"]
    alone = json.loads(run(*NEWS, "--json", "--out", "alone", "--no-report")[1])
    assert alone["points"][0]["total_cost_low"] is None
    assert alone["report"] is None


def test_a_dry_run_counts_and_writes_nothing(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def no(*arguments: Any, **options: Any) -> None:
        raise AssertionError("a dry run plays and writes nothing")

    with monkeypatch.context() as patch:
        patch.setattr("chainwright.experiment.sweep.estimate.compute", no)
        patch.setattr(Store, "__init__", no)
        code, out, _ = run(*BEER, "--reps", "30", "--out", "out/s", "--dry-run")
        assert code == 0
        assert out.splitlines()[0] == "beer_game: 12 points; 360 runs"
        assert out.splitlines()[-1] == "Dry run: nothing was run or written."
        said = json.loads(run(*BEER, "--reps", "until half_width<2% at most 100", "--dry-run", "--json")[1])
        assert (said["points"], said["runs"], said["most_runs"]) == (12, 360, 1200)
        out = run("sweep", "beer_game", "--factor", "horizon=20..30", "--design", "sobol", "--points", "20", "--dry-run")[1]
        assert "repeat one of them" in out
        assert "note: n was rounded up from 20 to 32" in out
        assert list(tmp_path.iterdir()) == []
    assert run(*BEER, "--reps", "2", "--out", "out/s", "--no-report")[0] == 0
    assert "12 points; 36 runs, 24 of them in out/s already" in run(*BEER, "--reps", "3", "--out", "out/s", "--dry-run")[1]


def test_a_design_file_says_all_and_options_overrule_it(run: Run, tmp_path: Path) -> None:
    (tmp_path / "mine.yaml").write_text(DESIGN)
    code, _, _ = run("sweep", "mine.yaml", "--no-report")
    assert code == 0
    played = cw.read_sweep(tmp_path / "out" / "mine")
    assert played.drop(columns="wall_s").equals(cw.sweep(**cw.read_design(tmp_path / "mine.yaml").arguments()).drop(columns="wall_s"))
    other = ("--factor", f"{LEVEL}=50,60", "--seed", "8", "--reps", "1", "--measures", "total_cost", "--set", "horizon=150", "--out", "other")
    assert run("sweep", "mine.yaml", *other, "--no-report")[0] == 0
    table = cw.read_sweep(tmp_path / "other")
    assert (len(table), table.record.seed, table.measures) == (8, 8, ("total_cost",))
    assert set(table[LEVEL]) == {50, 60}
    drawn = "enterprises.stand.items.*.holding_cost"
    assert set(table[drawn]).isdisjoint(played[drawn])  # another seed draws other points
    assert table.record.scenario.settings == {"horizon": 150}
    grid = ("sweep", "mine.yaml", "--design", "grid levels=3", "--dry-run", "--json")
    assert json.loads(run(*grid)[1])["points"] == 9


def test_points_of_a_file(run: Run, tmp_path: Path) -> None:
    (tmp_path / "points.csv").write_text(f"{LEVEL},variant\n48,base\n60,generous\n48,base\n")
    code, out, _ = run("sweep", "newsvendor", "--points-file", "points.csv", "--periods", "150", "--out", "there", "--no-report")
    assert code == 0
    assert out.splitlines()[0].startswith("The newsvendor: 3 points (points chosen one by one), 1 replication each")
    table = pd.read_csv(tmp_path / "there" / "table.csv")
    assert table[LEVEL].tolist() == [48, 60, 48]
    assert table["total_cost"][0] == table["total_cost"][2]


def test_failing_points_are_told_and_marked(run: Run, tmp_path: Path) -> None:
    rule = "policies.place_orders.default.policy"
    code, out, err = run("sweep", "beer_game", "--factor", f"{rule}=base_stock,nothing", "--reps", "2", "--out", "there")
    assert code == 0
    assert err.splitlines()[:2] == [
        "FAILED: 2 of 4 runs, at 1 of 2 points",
        f"  point 1: {rule}: no policy for place_orders is called 'nothing' (2 runs)",
    ]
    assert lines_of(out, "1") == ["1", "nothing", "–", "2"]
    stored = pd.read_parquet(tmp_path / "there" / "table.parquet")
    assert stored["status"].tolist() == ["done", "done", "failed", "failed"]
    again = run("sweep", "beer_game", "--factor", f"{rule}=base_stock,nothing", "--reps", "2", "--out", "there", "--retry-failed", "--json")
    said = json.loads(again[1])
    assert said["failures"] == [{"message": f"{rule}: no policy for place_orders is called 'nothing'", "runs": 2, "points": [1]}]
    assert json.loads((tmp_path / "there" / "manifest.json").read_text())["attempt"] == 1


def test_where_every_point_fails_the_work_has_failed(run: Run, tmp_path: Path) -> None:
    # Each of the two values can be by itself; together with the short horizon nothing is left to measure.
    code, out, err = run("sweep", "newsvendor", "--factor", "warm_up=50,60", "--factor", "horizon=40,45", "--design", "grid", "--out", "there")
    assert code == 1
    assert err.startswith("FAILED: 4 of 4 runs, at 4 of 4 points\n")
    assert "Table: " in out
    assert (tmp_path / "there" / "report.html").exists()


def test_the_same_command_goes_on_and_a_larger_one_adds(run: Run, tmp_path: Path) -> None:
    assert run(*NEWS, "--reps", "2", "--out", "there", "--no-report")[0] == 0
    parts = {path.name for path in (tmp_path / "there" / "parts").iterdir()}
    first = cw.read_sweep(tmp_path / "there")
    assert run(*NEWS, "--reps", "3", "--out", "there")[0] == 0
    assert parts < {path.name for path in (tmp_path / "there" / "parts").iterdir()}
    more = cw.read_sweep(tmp_path / "there")
    assert more[more["rep"] < 2].reset_index(drop=True).equals(first)  # the time as well: these were not played again
    assert run(*NEWS, "--reps", "2", "--out", "there", "--no-report")[0] == 0
    assert not (tmp_path / "there" / "report.html").exists()  # it would show another table


@pytest.mark.parametrize(
    "arguments, words",
    [
        (("beer_game",), "--factor: say what is varied"),
        (("beer_game", "--factor", "horizon"), "--factor: cannot read the factor 'horizon'"),
        (("beer_game", "--factor", "polices.place_orders.default.target=1,2"), "did you mean 'policies'?"),
        (("beer_game", "--factor", "horizon=20,30", "--measures", "total_cst"), "did you mean 'total_cost'?"),
        (("beer_game", "--factor", "horizon=20,30", "--engine", "dusk"), "did you mean 'dask'?"),
        (("beer_game", "--factor", "horizon=20,30", "--design", "sobol m=3"), "design 'sobol' has no option 'm'"),
        (("beer_game", "--factor", "horizon=20,30", "--design", "gird"), "did you mean 'grid'?"),
        (("beer_game", "--factor", "horizon=20..30"), '--design "grid levels=5"'),
        (("beer_game", "--factor", "horizon=20,30", "--points", "5"), "--points: say how they are chosen"),
        (("beer_game", "--factor", "horizon=20,30", "--design", "grid", "--points", "5"), "--points: a grid design has as many points as follow"),
        (("beer_game", "--factor", "horizon=20..30", "--design", "sobol n=4", "--points", "5"), "says how many already"),
        (("beer_game", "--points-file", "nowhere.csv"), "there is no file 'nowhere.csv'"),
        (("beer_game", "--factor", "horizon=20,30", "--reps", "until tomorrow"), "--reps: cannot read 'until tomorrow'"),
        (("beer_game", "--factor", "horizon=20,30", "--agent", "wholesaler=Nobody"), "no agent called 'Nobody' is registered"),
        (("beer_game", "--factor", "variant=base,shared_deman"), "did you mean 'shared_demand'?"),
        (("beer_game:pass_on", "--factor", "horizon=20,30", "--variant", "pass_on"), "names a variant already"),
        (("nowhere.yaml",), "there is no file 'nowhere.yaml'"),
    ],
)
def test_what_is_wrong_is_told_in_a_line(run: Run, tmp_path: Path, arguments: tuple[str, ...], words: str) -> None:
    code, out, err = run("sweep", *arguments)
    assert (code, out) == (2, "")
    assert words in err
    assert len([line for line in err.splitlines() if "nothing was run" not in line]) <= 2
    assert list(tmp_path.iterdir()) == []


def test_everything_wrong_is_told_at_once(run: Run, tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("")
    wrong = {
        "--factor": f"{TARGET.replace('policies', 'polices')}=1,2",
        "--measures": "total_cst",
        "--engine": "dusk",
        "--workers": "0",
        "--seed": "-1",
        "--periods": "0",
        "--design": "sobl n=3",
        "--reps": "until tomorrow",
        "--set": "horizn=3",
        "--agent": "somebody",
        "--variant": "pas_on",
        "--out": "taken",
    }
    code, out, err = run("sweep", "beer_game", *(word for pair in wrong.items() for word in pair))
    assert (code, out) == (2, "")
    told = (
        "'policies'",
        "'total_cost'",
        "'dask'",
        "--workers",
        "--seed",
        "--periods",
        "'sobol'",
        "--reps",
        "'horizon'",
        "--agent",
        "'pass_on'",
        "taken",
    )
    for words in told:
        assert words in err
    assert err.rstrip().endswith(f"{len(told)} mistakes; nothing was run.")


def test_mistakes_of_a_design_file_have_places(run: Run, tmp_path: Path) -> None:
    (tmp_path / "bad.yaml").write_text(DESIGN.replace("seed: 7", "sed: 7").replace("total_cost", "total_cst"))
    code, _, err = run("sweep", "bad.yaml", "--engine", "dusk", "--set", "horizn=3")
    assert code == 2
    for words in ("bad.yaml:7:1: sed: unknown key 'sed'; did you mean 'seed'?", "bad.yaml:8:12", "'total_cost'", "'dask'", "'horizon'"):
        assert words in err
    (tmp_path / "listed.yaml").write_text(f"scenario: newsvendor\ndesign: {{kind: points, points: [{{{LEVEL}: 50}}]}}\n")
    code, _, err = run("sweep", "listed.yaml", "--factor", f"{LEVEL}=1,2")
    assert code == 2
    assert "the design file lists its points" in err


def test_the_folder_of_another_sweep_is_refused(run: Run, tmp_path: Path) -> None:
    assert run(*NEWS, "--out", "there", "--no-report")[0] == 0
    kept = (tmp_path / "there" / "table.parquet").read_bytes()
    code, _, err = run(*BEER, "--out", "there")
    assert code == 2
    assert "holds another sweep (of another scenario" in err
    code, _, err = run(*NEWS, "--out", "there", "--no-resume")
    assert code == 2
    assert "leave --no-resume out to resume it" in err
    assert run("run", "beer_game", "--out", "single", "--no-report")[0] == 0
    assert "holds the results of a run, and a sweep would be mixed up with it" in run(*NEWS, "--out", "single")[2]
    assert (tmp_path / "there" / "table.parquet").read_bytes() == kept


@pytest.mark.parametrize(
    "text, design",
    [
        ("grid", "grid"),
        ("sobol n=64", "sobol(n=64)"),
        ("sobol(n=64)", "sobol(n=64)"),
        ("latin_hypercube n=50, optimise=true", "latin_hypercube(n=50, optimise=true)"),
        ("fractional generators=[D=ABC, E=BCD]", "fractional(generators=[D=ABC, E=BCD])"),
        ("{kind: sobol, n: 64}", {"kind": "sobol", "n": 64}),
    ],
)
def test_designs_are_read(text: str, design: Any) -> None:
    assert design_of_text(text) == design
