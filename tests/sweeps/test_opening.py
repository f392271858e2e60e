"""Opening rows of sweeps that were read back, where agents decided."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

import chainwright as cw


class Hoarder(cw.Distributor):
    """Orders a fixed amount."""

    def place_orders(self, item: Any) -> float:
        return 11.0


def test_a_sweep_with_agents_read_back_asks_for_them(tmp_path: Path) -> None:
    made = cw.sweep("beer_game", {"horizon": [9, 12]}, measures=["total_cost"], agents={"wholesaler": Hoarder}, out=tmp_path, engine="serial")
    back = cw.read_sweep(tmp_path)
    with pytest.raises(cw.UsageError, match=r"agents decided in this sweep \(wholesaler = .*Hoarder\), which its folder does not hold"):
        back.open(1)
    for table, options in ((made, {}), (back, {"agents": {"wholesaler": Hoarder}})):
        assert table.open(1, **options).summary["total_cost"][0] == made["total_cost"][1]


def test_periods_that_leave_nothing_to_measure_are_refused_at_once() -> None:
    with pytest.raises(cw.UsageError, match="in 20 periods nothing is left to measure after a warm-up of 100"):
        cw.sweep("newsvendor", {"policies.place_orders.stand.level": [50, 60]}, periods=20)
    table = cw.sweep("newsvendor", {"warm_up": [5, 100]}, periods=20, measures=["fill_rate"], engine="serial")
    assert table["status"].tolist() == ["done", "failed"]
