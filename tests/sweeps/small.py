"""A small sweep that takes no time and has everything: structural factors, repeated points, points that fail; and how tables are compared."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

import chainwright as cw
from chainwright.experiment.sweep import plan
from chainwright.experiment.sweep.point import Point

SCENARIO = "beer_game"
MEASURES = ["total_cost", "fill_rate", "bullwhip_ratio", "items.retailer.beer.on_hand_mean"]
TARGET = "policies.place_orders.default.target"
# The variant has no target, so half of its points fail; the noise makes replications differ.
FACTORS: dict[str, Any] = {
    "lanes.*.transport_time": [1, 2],
    "rule": {
        "people": {"policies.place_orders.default": {"policy": "anchor_and_adjust", "target": 17}},
        "stock": {"policies.place_orders.default": {"policy": "base_stock", "level": 30}},
        "nothing": {"policies.place_orders.default": {"policy": "no_such_policy"}},
    },
    "horizon": [12, 20],
}
NOISY = cw.load(SCENARIO).with_({"enterprises.drinkers.items.beer.demand": {"policy": "poisson", "mean": 5}})
ASKED: dict[str, Any] = {"factors": FACTORS, "reps": 4, "measures": MEASURES}


def swept(**changes: Any) -> Any:
    """The small sweep, by this process unless said otherwise."""
    return cw.sweep(NOISY, **(ASKED | {"engine": "serial"} | changes))


def assert_same(one: pd.DataFrame, other: pd.DataFrame) -> None:
    """All columns but the time equal, bit for bit, with the same types."""
    left, right = one.drop(columns="wall_s"), other.drop(columns="wall_s")
    assert list(left.columns) == list(right.columns)
    assert left.dtypes.to_dict() == right.dtypes.to_dict()
    assert len(left) == len(right)
    for name in left.columns:
        if left[name].dtype == np.float64:
            assert left[name].to_numpy().tobytes() == right[name].to_numpy().tobytes(), name
        else:
            assert left[name].tolist() == right[name].tolist(), name


def points(count: int) -> list[Point]:
    return [Point(number, {TARGET: number}, {TARGET: number}) for number in range(count)]


@contextmanager
def tiny_packs(monkeypatch: Any, seconds: float = 0.011) -> Iterator[None]:
    """Packs of a few runs each, so that a small sweep has many of them."""
    with monkeypatch.context() as patch:
        patch.setattr(plan, "LONGEST_PACK", seconds)
        patch.setattr(plan, "SHORTEST_PACK", seconds)
        yield


def part_files(folder: Path) -> Sequence[Path]:
    return sorted((folder / "parts").glob("*.parquet"))
