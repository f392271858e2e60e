"""Scenarios with generated networks on disk: files that a generator reads, saving, and what counts as the same."""

from __future__ import annotations

import copy
import pickle
from pathlib import Path

import pytest
from numpy.testing import assert_array_equal

from chainwright.scenario import Scenario
from tests.scenario.villages import TEXT, mistakes, same


@pytest.fixture
def scenario() -> Scenario:
    return Scenario.from_text(TEXT, "villages")


@pytest.fixture
def with_file(tmp_path: Path) -> Path:
    (tmp_path / "weights.csv").write_text("1\n2\n3\n", encoding="utf-8")
    path = tmp_path / "villages.yaml"
    text = TEXT.replace("shops: 6", "shops: 3, file: weights.csv").replace("{population.shops: 40}", "{population.demand: 40}")
    path.write_text(text, encoding="utf-8")
    return path


def test_what_a_file_says_counts_and_not_its_name(with_file: Path, tmp_path: Path) -> None:
    scenario = Scenario.read(with_file)
    assert_array_equal(scenario.blueprint().policies["demand"][0].parameters["mean"], [10.0, 20.0, 30.0])
    (tmp_path / "other.csv").write_text("1\n2\n3\n", encoding="utf-8")
    renamed = Scenario.from_text(with_file.read_text(encoding="utf-8").replace("weights.csv", "other.csv"), "villages", tmp_path)
    assert renamed == scenario
    assert renamed.hash == scenario.hash
    (tmp_path / "other.csv").write_text("1\n2\n4\n", encoding="utf-8")
    changed = Scenario.from_text(with_file.read_text(encoding="utf-8").replace("weights.csv", "other.csv"), "villages", tmp_path)
    assert changed != scenario
    assert changed.hash != scenario.hash


def test_a_file_is_copied_beside_what_is_saved(with_file: Path, tmp_path: Path) -> None:
    scenario = Scenario.read(with_file)
    (tmp_path / "copies").mkdir()
    again = Scenario.read(scenario.save(tmp_path / "copies" / "copy.yaml"))
    assert again == scenario
    assert again.hash == scenario.hash
    (tables,) = (path for path in (tmp_path / "copies").iterdir() if path.is_dir())
    assert [path.name for path in tables.iterdir()] == ["file.csv"]
    same(scenario.blueprint(), again.blueprint())
    again.save(tmp_path / "copies" / "copy.yaml")
    assert Scenario.read(tmp_path / "copies" / "copy.yaml") == scenario
    moved = Scenario.from_document(again.document, "copy", tmp_path / "copies")
    assert moved == scenario
    assert pickle.loads(pickle.dumps(again)) == scenario
    assert copy.deepcopy(again) == scenario


def test_what_is_wrong_with_a_file_is_told_with_its_lines(with_file: Path, tmp_path: Path) -> None:
    (tmp_path / "weights.csv").write_text("1\nmany\n3\nfew\n", encoding="utf-8")
    assert mistakes(lambda: Scenario.read(with_file)) == [
        f"{tmp_path}/weights.csv:1:1: population: expected 3 rows, got 4",
        f"{tmp_path}/weights.csv:2:1: population: 'many' is not a number",
        f"{tmp_path}/weights.csv:4:1: population: 'few' is not a number",
    ]
    (tmp_path / "weights.csv").unlink()
    assert mistakes(lambda: Scenario.read(with_file)) == [
        f"{with_file}:5:50: population.file: there is no file 'weights.csv' in the scenario's folder"
    ]


def test_a_saved_scenario_stays_small(scenario: Scenario, tmp_path: Path) -> None:
    large = scenario.with_({"population.shops": 5000})
    path = large.save(tmp_path / "large.yaml")
    assert path.stat().st_size < 3000
    assert Scenario.read(path) == large
    assert Scenario.from_text(large.to_yaml(), "villages") == large
