"""A process of its own that builds a population, steps it and tells its times and its peak memory."""

from __future__ import annotations

import functools
import json
import resource
import statistics
import subprocess
import sys
import time
from dataclasses import asdict, dataclass
from pathlib import Path

import chainwright as cw
from benchmarks.network import layered
from chainwright.metrics.trade.accumulate import Accumulator

SETTLING, PERIODS = 5, 10


@dataclass(frozen=True)
class Figures:
    """Seconds to grow the network and to build the world and to play a period (the median), lanes, and peak memory in bytes."""

    blueprint: float = 0.0
    world: float = 0.0
    period: float = 0.0
    lanes: int = 0
    peak: int = 0


@functools.cache
def measured(enterprises: int) -> Figures:
    """The figures of a fresh process; with 0 enterprises it only imports."""
    command = [sys.executable, "-m", "benchmarks.child", str(enterprises)]
    answer = subprocess.run(command, check=True, capture_output=True, text=True, cwd=Path(__file__).parent.parent)
    return Figures(**json.loads(answer.stdout))


def figures(enterprises: int) -> Figures:
    """The figures of this process."""
    # What is imported only when it is asked for is imported in every process, a world or not.
    world_class, _ = cw.World, cw.Scenario
    if not enterprises:
        return Figures(peak=_peak())
    started = time.perf_counter()
    blueprint = layered(enterprises)
    made = time.perf_counter()
    world = world_class(blueprint)
    built = time.perf_counter()
    accumulator = Accumulator(world, warm_up=0, timeline=False)
    world.watch(accumulator.observe)
    world.step(SETTLING)
    periods = []
    for _ in range(PERIODS):
        before = time.perf_counter()
        world.step()
        periods.append(time.perf_counter() - before)
    return Figures(made - started, built - made, statistics.median(periods), world.lanes.rows, _peak())


def _peak() -> int:
    """The most memory that this process has held, in bytes."""
    status = Path("/proc/self/status")
    if status.exists():
        # Of this program alone, where what `getrusage` tells begins with the process that started it.
        return next(int(line.split()[1]) * 1024 for line in status.read_text().splitlines() if line.startswith("VmHWM:"))
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return most if sys.platform == "darwin" else most * 1024


if __name__ == "__main__":
    print(json.dumps(asdict(figures(int(sys.argv[1])))))
