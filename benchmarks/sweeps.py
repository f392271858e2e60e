"""Sweeps: what unions save, what a second process adds, how long two hundred points take, and how large a union should be."""

from __future__ import annotations

import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import chainwright as cw
from benchmarks.lines import Line
from benchmarks.network import layered, layered_scenario
from chainwright.experiment.run import PACK_ITEMS
from chainwright.metrics.trade.accumulate import Accumulator
from chainwright.metrics.trade.frames import item_metrics, summary_frame
from chainwright.network.blueprint import Blueprint

ENTERPRISES, REPLICATIONS, PERIODS = 100, 1000, 100
# So many runs are played one by one; the others would take as long.
ALONE = 20
PAIRS = 3
# Two hundred points: values of two factors, and replications.
TARGETS, SMOOTHINGS, REPS = list(range(10, 30)), [0.1 * step for step in range(1, 11)], 20
# Enough work for two processes that the second or two in which they start do not count for much.
SAFETY_FACTORS, MANY_REPS = [0.2 * step for step in range(1, 11)], 1000
SIZES = (6_000, 12_500, 25_000, 50_000, 100_000, 200_000)


def seconds_of_runs(blueprint: Blueprint, runs: int, size: int, periods: int) -> float:
    """How long it takes to build, play and measure some runs, so many in a union."""
    started = time.perf_counter()
    for first in range(0, runs, size):
        world = cw.World(blueprint, runs=range(first, min(first + size, runs)))
        kept = Accumulator(world, warm_up=0, timeline=False, tables=("summary",))
        world.watch(kept.observe)
        world.step(periods)
        summary_frame(world, kept, item_metrics(world, kept, None), None)
    return time.perf_counter() - started


def lines() -> Iterator[Line]:
    """Unions, processes, a whole sweep, sizes of unions."""
    yield _unions()
    yield _processes()
    yield _whole()
    yield from _sizes()


def _unions() -> Line:
    """Replications in unions and one by one, in turn."""
    blueprint = layered(ENTERPRISES)
    size = PACK_ITEMS // ENTERPRISES
    pairs = []
    for _ in range(PAIRS):
        together = seconds_of_runs(blueprint, REPLICATIONS, size, PERIODS) / REPLICATIONS
        pairs.append((seconds_of_runs(blueprint, ALONE, 1, PERIODS) / ALONE, together))
    alone, together = (statistics.median(column) * 1000 for column in zip(*pairs, strict=True))
    return Line(
        f"{REPLICATIONS:,} replications of {ENTERPRISES} enterprises in unions, against one by one",
        f"{together:.2f} ms a run against {alone:.2f} ms, {PERIODS} periods",
        statistics.median(one / other for one, other in pairs),
        least=8.0,
    )


def two_hundred_points() -> None:
    """The sweep of two hundred points."""
    factors = {"policies.place_orders.default.target": TARGETS, "policies.place_orders.default.smoothing": SMOOTHINGS}
    _checked(cw.sweep("beer_game", factors, reps=REPS), len(TARGETS) * len(SMOOTHINGS) * REPS)


def seconds_with(workers: int) -> float:
    """How long so many processes take for the larger sweep, from starting them to the table."""
    factors = {"policies.place_orders.default.safety_factor": SAFETY_FACTORS}
    started = time.perf_counter()
    table = cw.sweep(layered_scenario(ENTERPRISES), factors, reps=MANY_REPS, workers=workers)
    seconds = time.perf_counter() - started
    _checked(table, len(SAFETY_FACTORS) * MANY_REPS)
    return seconds


def _checked(table: cw.SweepTable, rows: int) -> None:
    if len(table) != rows or (table["status"] != "done").any():
        raise RuntimeError(f"{rows} runs were asked for; the sweep did not play them all")


def _processes() -> Line:
    """One worker and two in turn, starting them included."""
    pairs = [(seconds_with(1), seconds_with(2)) for _ in range(PAIRS)]
    one, two = (statistics.median(column) for column in zip(*pairs, strict=True))
    return Line(
        f"two processes against one, {len(SAFETY_FACTORS) * MANY_REPS:,} runs of {ENTERPRISES} enterprises",
        f"{two:.1f} s against {one:.1f} s",
        statistics.median(single / double for single, double in pairs),
        least=1.7,
    )


def _whole() -> Line:
    """A process of its own, from its start to its end."""
    started = time.perf_counter()
    subprocess.run([sys.executable, "-m", "benchmarks.sweeps"], check=True, cwd=Path(__file__).parent.parent)
    seconds = time.perf_counter() - started
    points = len(TARGETS) * len(SMOOTHINGS)
    return Line(f"a sweep of {points} points with {REPS} replications of beer_game", "a process of its own, imports included", seconds, 20.0, "s")


def _sizes() -> Iterator[Line]:
    """How the time of an item's period depends on the number of items in a union; only told."""
    for name, blueprint in {"beer_game": cw.load("beer_game").blueprint(), f"{ENTERPRISES} enterprises": layered(ENTERPRISES)}.items():
        own = len(blueprint.tables["items"]["enterprise"])
        times = {}
        for size in SIZES:
            runs = max(size // own, 1)
            times[size] = min(_of_item(blueprint, runs, own) for _ in range(PAIRS))
        best = min(times, key=lambda size: times[size])
        told = ", ".join(f"{size / 1000:g} thousand {seconds * 1e9:.0f} ns" for size, seconds in times.items())
        yield Line(f"an item's period in unions of {name}; the best size", told, best / 1000, unit="thousand items")


def _of_item(blueprint: Blueprint, runs: int, own: int, settling: int = 10, periods: int = 20) -> float:
    world = cw.World(blueprint, runs=range(runs))
    kept = Accumulator(world, warm_up=0, timeline=False, tables=("summary",))
    world.watch(kept.observe)
    world.step(settling)
    started = time.perf_counter()
    world.step(periods)
    return (time.perf_counter() - started) / (periods * runs * own)


if __name__ == "__main__":
    two_hundred_points()
