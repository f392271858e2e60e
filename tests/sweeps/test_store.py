"""The folder of a sweep: what is in it, what it refuses, what it goes on with, what is damaged, and who may write."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

import chainwright as cw
from chainwright.experiment.sweep import lock, parts
from chainwright.experiment.sweep.lock import Lock
from chainwright.experiment.sweep.query import query
from chainwright.experiment.sweep.reopen import read_sweep
from chainwright.words.errors import UsageError
from tests.sweeps.small import ASKED, MEASURES, NOISY, TARGET, assert_same, part_files, swept, tiny_packs


@pytest.fixture(scope="module")
def expected() -> Any:
    return swept()


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A finished sweep of many parts."""
    with tiny_packs(monkeypatch):
        swept(out=tmp_path / "runs")
    return tmp_path / "runs"


def played_of(**changes: Any) -> tuple[Any, int]:
    """The table, and how many runs were played for it."""
    seen: list[tuple[int, int]] = []
    table = swept(progress=lambda done, total: seen.append((done, total)), **changes)
    assert seen[-1][0] == seen[-1][1]
    return table, seen[-1][0] - seen[0][0]


def test_what_a_folder_holds(folder: Path, expected: Any) -> None:
    names = {path.name for path in folder.iterdir()}
    assert names == {"manifest.json", "scenario.yaml", "design.parquet", "parts", "table.parquet", "table.csv"}
    assert len(part_files(folder)) > 2
    manifest = json.loads((folder / "manifest.json").read_text())
    assert (manifest["status"], manifest["runs"], manifest["failed"], manifest["reps"]) == ("done", 48, 16, "0-3")
    assert cw.load(folder / "scenario.yaml").hash == NOISY.hash == manifest["scenario_hash"]
    assert_same(pd.DataFrame(expected), parts.read_table(folder / "table.parquet"))
    text = pd.read_csv(folder / "table.csv", keep_default_na=False, na_values=dict.fromkeys(MEASURES, ""))
    assert list(text.columns) == list(expected.columns)
    assert text[MEASURES].to_numpy(np.float64).tobytes() == expected[MEASURES].to_numpy(np.float64).tobytes()
    assert text["message"].tolist() == expected["message"].tolist()


def test_nothing_is_played_twice(folder: Path, expected: Any) -> None:
    table, played = played_of(out=folder)
    assert played == 0
    assert_same(expected, table)


@pytest.mark.parametrize("lost", ["first", "every other", "all"])
def test_what_is_lost_is_played_again(folder: Path, expected: Any, lost: str) -> None:
    found = part_files(folder)
    for path in {"first": found[:1], "every other": found[::2], "all": found}[lost]:
        path.unlink()
    kept = sum(len(parts.read_table(path)) for path in part_files(folder))
    table, played = played_of(out=folder)
    assert played == 48 - kept > 0
    assert_same(expected, table)


def test_more_replications_and_a_larger_design(folder: Path) -> None:
    table, played = played_of(out=folder, reps=6)
    assert played == 12 * 2
    assert_same(swept(reps=6), table)
    larger = ASKED["factors"] | {"horizon": [12, 20, 24]}
    table, played = played_of(out=folder, reps=6, factors=larger)
    assert played == 6 * 6
    assert_same(swept(reps=6, factors=larger), table)
    # Another order, other names and a subset are nothing new either.
    fewer = {"how long": {"short": {"horizon": 12}}, "lanes.*.transport_time": [2, 1], "rule": ASKED["factors"]["rule"]}
    order = {name: fewer[name] for name in ("lanes.*.transport_time", "rule", "how long")}
    table, played = played_of(out=folder, reps=[3, 1], factors=order)
    assert played == 0
    assert_same(swept(reps=[3, 1], factors=order), table)


@pytest.mark.parametrize(
    "changes, words",
    [
        ({"seed": 2}, "seed 1, not 2"),
        ({"periods": 15, "factors": {"lanes.*.transport_time": [1, 2]}}, "periods of the scenario, not 15"),
        ({"measures": ["total_cost", "turns"]}, "measures: with fill_rate, bullwhip_ratio, items.retailer.beer.on_hand_mean and without turns"),
        ({"common": False}, "use of common random numbers true, not false"),
        ({"agents": {"retailer": cw.Retailer}}, "agents {}, not {\"retailer\": \"chainwright.agents.enterprise.Retailer\"}"),
        ({"seed": 3, "common": False}, "seed 1, not 3; use of common random numbers true, not false"),
        ({"resume": False}, "holds a sweep already; leave resume=False out to resume it, or name another folder"),
    ],
)  # fmt: skip
def test_another_sweep_is_refused_in_one_line(folder: Path, changes: dict[str, Any], words: str) -> None:
    before = {path: path.stat().st_mtime_ns for path in folder.rglob("*")}
    with pytest.raises(UsageError) as told:
        swept(out=folder, **changes)
    assert words in str(told.value)
    assert "name another folder" in str(told.value)
    assert "\n" not in str(told.value)
    assert {path: path.stat().st_mtime_ns for path in folder.rglob("*")} == before


def test_a_changed_scenario_and_another_version_are_refused(folder: Path) -> None:
    with pytest.raises(UsageError, match="of another scenario, or of one that was changed since"):
        cw.sweep(NOISY.with_({"horizon": 30}), **ASKED, out=folder)
    manifest = json.loads((folder / "manifest.json").read_text())
    (folder / "manifest.json").write_text(json.dumps(manifest | {"chainwright": "0.0.1"}))
    with pytest.raises(UsageError, match=r"version of chainwright 0\.0\.1, not "):
        swept(out=folder)


def test_folders_of_something_else_are_refused(tmp_path: Path) -> None:
    cw.run("beer_game").save(tmp_path / "run")
    with pytest.raises(UsageError, match="holds the results of a run"):
        swept(out=tmp_path / "run")
    (tmp_path / "file").write_text("")
    for out in (tmp_path / "file", tmp_path / "file" / "below"):
        with pytest.raises(UsageError, match="is a file"):
            swept(out=out)
    (tmp_path / "torn").mkdir()
    (tmp_path / "torn" / "manifest.json").write_text("{")
    with pytest.raises(UsageError, match="cannot be read"):
        swept(out=tmp_path / "torn")
    with pytest.raises(UsageError, match="out must be the path of a folder, got 7"):
        swept(out=7)


def test_parts_without_a_manifest_are_refused(folder: Path) -> None:
    (folder / "manifest.json").unlink()
    with pytest.raises(UsageError, match=r"no manifest\.json that says of which"):
        swept(out=folder)


def test_parts_of_another_sweep_are_refused(folder: Path, tmp_path: Path) -> None:
    swept(out=tmp_path / "other", seed=9)
    part_files(tmp_path / "other")[0].rename(folder / "parts" / "stray.parquet")
    with pytest.raises(UsageError, match=r"stray\.parquet: belongs to another sweep"):
        swept(out=folder)


@pytest.mark.parametrize("damage", ["cut", "empty", "flipped", "column"])
def test_a_damaged_part_is_told_and_played_again(folder: Path, expected: Any, damage: str) -> None:
    path = part_files(folder)[1]
    content = bytearray(path.read_bytes())
    if damage == "column":
        parts.write_table(path, parts.read_table(path).drop(columns="fill_rate"))
    elif damage == "flipped":
        content[60] ^= 255  # in the first page of the first column
        path.write_bytes(content)
    else:
        path.write_bytes(content[: len(content) // 2] if damage == "cut" else b"")
    told: list[str] = []
    table, played = played_of(out=folder, tell=told.append)
    assert len(told) == 1
    assert str(path) in told[0]
    assert "is damaged (" in told[0]
    assert played > 0
    assert_same(expected, table)
    assert_same(expected, read_sweep(folder))


def test_what_a_killed_process_left_half_written_is_cleared_away(folder: Path, expected: Any) -> None:
    left = [folder / ".table.parquet.abc", folder / "parts" / ".0123.parquet.def", folder / ".manifest.json.1"]
    for path in left:
        path.write_text("half")
    stranger = folder / ".notes"
    stranger.write_text("mine")
    assert_same(expected, swept(out=folder))
    assert not any(path.exists() for path in left)
    assert stranger.exists()


def test_an_unfinished_sweep_can_be_read_and_asked(folder: Path, expected: Any) -> None:
    (folder / "table.parquet").unlink()
    part_files(folder)[0].unlink()
    table = read_sweep(folder)
    assert 0 < len(table) < len(expected)
    there = expected.merge(table[["design_id", "rep"]], on=["design_id", "rep"])
    assert_same(there, pd.DataFrame(table))
    assert query(folder, "select count(*) as runs from runs")["runs"].tolist() == [len(table)]


def test_a_table_is_read_back_as_it_was(folder: Path, expected: Any) -> None:
    table = read_sweep(folder)
    assert_same(expected, table)
    assert table.factors == expected.factors
    done = table.index[table["status"] == "done"][5]
    assert table.open(done).summary["total_cost"].iloc[0] == table.loc[done, "total_cost"]


def test_values_that_parquet_has_no_type_for(tmp_path: Path) -> None:
    levels = [3, "much", [1.0, 2.0], {"policy": "base_stock", "level": 4}, None]
    frame = pd.DataFrame({"level": pd.Series(levels, dtype=object), "n": range(5)})
    parts.write_table(tmp_path / "t.parquet", frame)
    assert parts.read_table(tmp_path / "t.parquet")["level"].tolist() == levels
    factors = {"policies.place_orders.default": [{"policy": "base_stock", "level": 20}, "pass_on"], "horizon": [12]}
    made = swept(factors=factors, out=tmp_path / "runs")
    assert_same(made, read_sweep(tmp_path / "runs"))


def test_two_processes_do_not_write_at_once(folder: Path, expected: Any) -> None:
    holder = Lock(folder)
    with pytest.raises(UsageError, match=rf"process {os.getpid()} is writing a sweep there; wait for it, or name another folder"):
        swept(out=folder)
    holder.release()
    assert_same(expected, swept(out=folder))
    assert not holder.path.exists()


def test_the_lock_of_a_dead_process_is_no_obstacle(folder: Path, expected: Any) -> None:
    child = subprocess.run([sys.executable, "-c", "import os; print(os.getpid())"], capture_output=True, text=True, check=True)
    (folder / lock.NAME).write_text(json.dumps({"pid": int(child.stdout), "host": socket.gethostname(), "started": "1", "token": "x"}))
    assert_same(expected, swept(out=folder))
    # Its number may have been given to another process since.
    (folder / lock.NAME).write_text(json.dumps({"pid": os.getpid(), "host": socket.gethostname(), "started": "1", "token": "x"}))
    assert_same(expected, swept(out=folder))
    (folder / lock.NAME).write_text("")
    assert_same(expected, swept(out=folder))


def test_a_lock_from_another_machine(folder: Path, expected: Any) -> None:
    said = folder / lock.NAME
    said.write_text(json.dumps({"pid": 1, "host": "elsewhere", "started": "1", "token": "x"}))
    with pytest.raises(UsageError, match=r"process 1 on elsewhere is writing a sweep there; .* remove sweep\.lock"):
        swept(out=folder)
    assert said.exists()
    past = said.stat().st_mtime - lock.GONE - 1
    os.utime(said, (past, past))
    assert_same(expected, swept(out=folder))


def test_a_holder_notices_that_it_was_replaced(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lock, "BEAT", 0.0)
    holder = Lock(tmp_path)
    os.utime(holder.path, (0, 0))
    holder.beat()
    assert holder.path.stat().st_mtime > 0
    holder.path.write_text("{}")
    with pytest.raises(UsageError, match="took this folder over"):
        holder.beat()
    holder.release()
    assert holder.path.exists(), "it is another's now"


def test_questions_in_sql(folder: Path, expected: Any) -> None:
    found = query(folder, 'select "lanes.*.transport_time" as days, avg(total_cost) as cost from runs group by days order by days')
    plain = expected.groupby("lanes.*.transport_time")["total_cost"].mean()
    assert found["days"].tolist() == [1, 2]
    np.testing.assert_allclose(found["cost"], plain)
    assert query(folder, "select count(*) as points from design")["points"].tolist() == [12]
    one = query(folder, "select * from runs order by design_id, rep")
    assert sorted(one.columns) == sorted(expected.columns)
    assert one["message"].tolist() == expected["message"].tolist()
    assert expected.sql("select max(rep) as last from sweep")["last"].tolist() == [3]


@pytest.mark.parametrize(
    "sql, words",
    [("select nonsense from runs", "nonsense"), ("select 1 from rns", "the rows are called runs"), ("", "is empty"), ("select", "SQL: ")],
)
def test_questions_that_cannot_be_answered(folder: Path, sql: str, words: str) -> None:
    with pytest.raises(UsageError, match=words) as told:
        query(folder, sql)
    assert "\n" not in str(told.value)


def test_failed_runs_that_were_tried_again_count_once(tmp_path: Path) -> None:
    factors = {TARGET: [15], "horizon": [12, -1]}
    swept(factors=factors, out=tmp_path)
    table, played = played_of(factors=factors, out=tmp_path, retry_failed=True)
    assert played == 4
    assert len(part_files(tmp_path)) == 2
    assert query(tmp_path, "select count(*) as runs from runs")["runs"].tolist() == [8]
    assert_same(swept(factors=factors), table)
    assert played_of(factors=factors, out=tmp_path)[1] == 0


def test_a_folder_without_a_sweep_is_told(tmp_path: Path) -> None:
    for ask in (read_sweep, lambda folder: query(folder, "select 1")):
        with pytest.raises(UsageError, match="holds no sweep"):
            ask(tmp_path)
