"""Print all benchmarks in one table, or those of some subjects: ``python -m benchmarks`` or ``python -m benchmarks memory``."""

from __future__ import annotations

import importlib
import math
import platform
import sys

import mesa
import numpy as np
from rich.console import Console
from rich.table import Table

# One file for each subject, with a function `lines`.
SUBJECTS = ("populations", "memory", "agents", "scenarios", "sweeps", "visualiser", "peers")


def main(wanted: list[str]) -> int:
    """Measure and print; 1 where a limit does not hold, 2 where a subject is unknown."""
    console = Console(width=170)
    unknown = [name for name in wanted if name not in SUBJECTS]
    if unknown:
        console.print(f"no benchmark is called {unknown[0]!r}; there are {', '.join(SUBJECTS)}")
        return 2
    table = Table(title=f"Python {platform.python_version()}, NumPy {np.__version__}, Mesa {mesa.__version__}")
    for heading in ("what", "measured", "result", "limit", "holds"):
        table.add_column(heading, justify="right" if heading in ("result", "limit") else "left", no_wrap=heading in ("result", "limit"))
    all_hold = True
    for subject in wanted or SUBJECTS:
        for line in importlib.import_module(f"benchmarks.{subject}").lines():
            unit = f" {line.unit}" if line.unit else ""
            digits = "," if abs(line.ratio) >= 100 else ""
            # What could not be measured has no result, and fails nothing.
            result = "" if math.isnan(line.ratio) else f"{line.ratio:{digits}.{0 if digits else 2}f}{unit}"
            holds = "" if not line.bounds else "yes" if line.holds else "NO"
            table.add_row(line.name, line.measured, result, line.bounds, holds)
            all_hold = all_hold and line.holds
    console.print(table)
    return 0 if all_hold else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
