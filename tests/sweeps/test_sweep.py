"""The sweep as a user calls it: its table, every mistake at once, points that fail, and the same numbers as single runs."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import chainwright as cw
from chainwright.experiment.sweep.estimate import estimate
from chainwright.experiment.sweep.pack import STRIDE
from chainwright.words.errors import UsageError
from tests.sweeps.small import ASKED, FACTORS, MEASURES, NOISY, TARGET, assert_same, swept


@pytest.fixture(scope="module")
def table() -> Any:
    return swept()


def test_one_row_for_each_point_and_replication_in_order(table: Any) -> None:
    facts = ["rep", "run", "seed", "scenario_hash", "version", "status", "message", "wall_s"]
    assert list(table.columns) == ["design_id", *FACTORS, *facts, *MEASURES]
    assert table["design_id"].tolist() == [number for number in range(12) for _ in range(4)]
    assert table["rep"].tolist() == list(range(4)) * 12
    assert table["horizon"].tolist()[:12] == [12] * 4 + [20] * 4 + [12] * 4
    assert set(table["version"]) == {cw.__version__}


def test_every_row_is_a_run_of_its_own(table: Any) -> None:
    for place in (0, 5, 21, 46):
        row = table.iloc[place]
        made = NOISY.with_({"lanes.*.transport_time": int(row["lanes.*.transport_time"]), "horizon": int(row["horizon"])})
        made = made.with_(FACTORS["rule"][row["rule"]]) if row["rule"] != "nothing" else None
        if made is None:
            assert row["status"] == "failed"
            continue
        alone = cw.run(made, [int(row["run"])], seed=int(row["seed"]))
        assert made.hash == row["scenario_hash"]
        for name in MEASURES[:3]:
            assert alone.summary[name].iloc[0] == row[name] or np.isnan(row[name])
        items = alone.items.set_index(["enterprise", "product"])
        assert items.loc[("retailer", "beer"), "on_hand_mean"] == row[MEASURES[3]]


def test_points_that_fail_say_why_and_the_others_are_whole(table: Any) -> None:
    failed = table[table["rule"] == "nothing"]
    assert set(failed["status"]) == {"failed"}
    assert failed["message"].str.contains("no_such_policy").all()
    assert failed[MEASURES].isna().all(axis=None)
    assert set(table.loc[table["rule"] != "nothing", "status"]) == {"done"}


def test_numbers_of_runs_with_and_without_common_random_numbers(table: Any) -> None:
    assert table["run"].equals(table["rep"])
    apart = swept(common=False)
    done = apart[apart["status"] == "done"]
    assert done["run"].nunique() == len(done)
    assert ((apart["run"] - apart["rep"]) % STRIDE == 0).all()


def test_the_seed_and_the_periods_of_the_scenario_are_the_default(table: Any) -> None:
    assert_same(table, swept(seed=NOISY.seed))
    assert set(table["seed"]) == {NOISY.seed}
    assert not swept(seed=8)["total_cost"].equals(table["total_cost"])
    assert_same(swept(factors={TARGET: [15]}, periods=12), swept(factors={TARGET: [15]}, periods=12.0))


def test_repeated_points_are_played_once() -> None:
    seen: list[int] = []
    rows = [{TARGET: 15}, {TARGET: 17}, {TARGET: 15.0}]
    table = swept(factors=None, design=rows, progress=lambda done, total: seen.append(total))
    assert set(seen) == {8}
    assert len(table) == 12
    again = table[table["design_id"] == 2].drop(columns=["design_id", "wall_s"]).reset_index(drop=True)
    assert again.equals(table[table["design_id"] == 0].drop(columns=["design_id", "wall_s"]).reset_index(drop=True))


def test_every_mistake_at_once_and_nothing_is_made(tmp_path: Path) -> None:
    with pytest.raises(UsageError) as told:
        cw.sweep(
            "beer_game", {"lanes.*.transport_tme": [1, 2]}, reps="many", seed=-1, measures=["fil_rate"], periods=0,
            out=tmp_path / "out", engine="proceses", workers=0, agents=7,
        )  # fmt: skip
    lines = str(told.value).splitlines()
    expected = (
        "seed must be", "periods must be", "reps: cannot read 'many'", "did you mean 'fill_rate'?", "did you mean 'transport_time'?",
        "agents must say", "did you mean 'processes'?", "workers must be",
    )  # fmt: skip
    for words in expected:
        assert sum(words in line for line in lines) == 1, words
    assert len(lines) == len(expected)
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("name", ["rep", "status", "design_id", "fill_rate"])
def test_a_factor_must_not_be_called_like_a_column(name: str) -> None:
    factors = {name: {"short": {"horizon": 12}, "long": {"horizon": 20}}}
    with pytest.raises(UsageError, match=f"factor '{name}': the table has a column of that name already"):
        swept(factors=factors)


def test_a_folder_that_cannot_be_written_is_told_before_anything_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "access", lambda path, mode: Path(path) != tmp_path)  # the superuser may write anywhere
    with pytest.raises(UsageError, match="cannot be written"):
        swept(out=tmp_path / "out")


def test_agents_decide_in_every_run(tmp_path: Path) -> None:
    class Steady(cw.Distributor):
        """Orders the same in every period."""

        def place_orders(self, item: Any) -> float:
            return 6.0

    measure = ["items.wholesaler.beer.orders_mean"]
    asked = {"factors": {"horizon": [12, 20]}, "reps": 2, "measures": measure, "agents": {"wholesaler": Steady}}
    table = swept(**asked, out=tmp_path)
    assert set(table[measure[0]]) == {6.0}
    # A folder holds runs of the same class only.
    with pytest.raises(UsageError, match="agents"):
        swept(**(asked | {"agents": {"wholesaler": cw.Distributor}}), out=tmp_path)


@pytest.mark.parametrize("check", [False, True])
def test_invariants_can_be_asserted(check: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    from chainwright.metrics.invariants import Invariants
    from chainwright.words.errors import InvariantError

    def never(self: Any, world: Any) -> None:
        raise InvariantError("goods were not conserved")

    monkeypatch.setattr(Invariants, "observe", never)
    table = swept(factors={TARGET: [15]}, check=check)
    assert set(table["message"]) == ({"goods were not conserved"} if check else {""})


def test_an_interrupt_says_what_is_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from tests.sweeps.small import tiny_packs

    def progress(done: int, total: int) -> None:
        if done:
            raise KeyboardInterrupt

    with tiny_packs(monkeypatch), pytest.raises(KeyboardInterrupt, match=r"48 runs are kept in .*, and the same call resumes the sweep"):
        swept(out=tmp_path, progress=progress)
    assert not (tmp_path / "sweep.lock").exists()
    assert_same(swept(), swept(out=tmp_path))
    with pytest.raises(KeyboardInterrupt, match="nothing is kept"):
        swept(progress=progress)


def test_what_it_would_take(tmp_path: Path) -> None:
    found = estimate(NOISY, **ASKED, out=tmp_path / "out")
    assert (found.points, found.runs, found.known, found.most) == (12, 48, 0, None)
    assert found.seconds > 0
    assert found.tried
    assert not (tmp_path / "out").exists()
    swept(out=tmp_path / "out", reps=2)
    again = estimate(NOISY, **ASKED, out=tmp_path / "out", trial=False)
    assert (again.runs, again.known, again.tried) == (48, 24, False)
    size = sum(path.stat().st_size for path in (tmp_path / "out").rglob("*") if path.is_file() and path.suffix != ".yaml")
    assert size / 8 < found.size < size * 8
    rule = estimate(NOISY, **(ASKED | {"reps": "until half_width<1% at most 200"}), trial=False)
    assert (rule.runs, rule.most) == (12 * 30, 12 * 200)
    many = estimate(NOISY, {TARGET: list(range(2000))}, reps=500, workers=2, trial=False)
    assert many.packs >= 6
    assert many.workers == 2
