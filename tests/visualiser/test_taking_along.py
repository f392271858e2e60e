"""Files that are taken along can be used: a scenario is loaded again with its seed, a folder of tables unpacks and its program runs."""

from __future__ import annotations

import base64
import io
import os
import runpy
import zipfile
from pathlib import Path
from typing import Any

import pytest

import chainwright as cw
from chainwright.scenario import names
from chainwright.scenario.starter import starter
from tests.visualiser.conftest import Open, same

SMALL = [name for name in names() if name not in ("firm_network", "ten_thousand")]
EACH = [(name, variant) for name in SMALL for variant in (None, *cw.load(name).variants)]


def content(told: dict[str, Any]) -> bytes:
    return base64.b64decode(told["base64"])


def unpacked(told: dict[str, Any], folder: Path) -> Path:
    packed = zipfile.ZipFile(io.BytesIO(content(told)))
    assert len(set(map(str.casefold, packed.namelist()))) == len(packed.namelist())
    packed.extractall(folder)
    return folder


@pytest.mark.parametrize(("name", "variant"), EACH)
def test_every_scenario_and_variant_is_loaded_again_and_draws_the_same(page: Open, tmp_path: Path, name: str, variant: str | None) -> None:
    one = page()
    timeline = one.open(name, variant=variant, seed=12345)
    one.ask("need", timeline=timeline, to=10)
    path = tmp_path / "again.yaml"
    path.write_bytes(content(one.answer("export", what="scenario")))
    again = cw.load(path)
    assert again.seed == 12345
    assert (again.variants == ()) == (variant is not None or not cw.load(name).variants)
    timeline_again = cw.Timeline(again)
    timeline_again.play_to(10)
    first = one.session.open_runs.first.timeline
    for column, values in first.history.items.items():
        assert (timeline_again.history.items[column] == values[:10]).all(), column


def test_the_scenario_beside_the_tables_of_a_variant_can_be_loaded(page: Open, tmp_path: Path) -> None:
    one = page()
    timeline = one.open("beer_game", variant="pass_on")
    one.ask("need", timeline=timeline, to=36)
    folder = unpacked(one.answer("export", what="tables"), tmp_path)
    assert same(one.measures(timeline, 36), cw.run(folder / "scenario.yaml").summary)


@pytest.mark.parametrize("file", ["scenario.yaml", "Scenario.yaml", "tea.yaml"])
def test_the_program_beside_the_tables_of_an_own_file_runs(page: Open, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, file: str) -> None:
    one = page()
    one.ask("upload", name=file, text=starter("Tea").replace("horizon: 52", "horizon: 20").replace("warm_up: 8", "warm_up: 0"), fragment="")
    timeline = one.state["a"]
    one.ask("act", timeline=timeline, period=3, seen=3, settings={"enterprises.*.items.*.holding_cost": 0.7})
    one.ask("need", timeline=timeline, to=20)
    folder = unpacked(one.answer("export", what="tables"), tmp_path)
    monkeypatch.chdir(folder)
    assert os.path.exists("again.py")
    result = runpy.run_path("again.py")["result"]
    assert same(one.measures(timeline, 20), result.summary)
