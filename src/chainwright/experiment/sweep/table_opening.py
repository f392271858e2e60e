"""Opening one row of a sweep's table: the same run again, with everything that a single run keeps."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from numbers import Integral
from types import SimpleNamespace
from typing import Any

import pandas as pd

from chainwright.experiment.result import Result
from chainwright.experiment.run import run
from chainwright.experiment.sweep.plan import points_of
from chainwright.metrics.directions import metric_of
from chainwright.words.errors import UsageError, suggestion

OPTIONS = ("agents", "interventions", "check", "timeline", "on_time", "progress")


def opened(table: Any, row: Any, record: Iterable[str], options: Mapping[str, Any]) -> Result:
    """The result of the run of one row.

    Parameters
    ----------
    table : SweepTable
        Where the row lies, and what was asked.
    row : int, label or Series
        The row.
    record : iterable of str
        Columns of ``items`` to keep for every period.
    options : mapping
        Other options of `chainwright.run`.
    """
    unknown = [name for name in options if name not in OPTIONS]
    if unknown:
        raise UsageError(f"open has no option {unknown[0]!r}{suggestion(unknown[0], ['record', *OPTIONS])}")
    asked = table.record
    found = _row(table, row)
    if found["status"] == "failed":
        raise UsageError(f"design point {found['design_id']}, replication {found['rep']} failed: {found['message']}")
    number = int(found["design_id"])
    one = SimpleNamespace(factors=asked.design.factors, points=asked.design.points.iloc[[number]])
    seats = dict(options.get("agents") or asked.agents)
    missing = {} if seats else dict(asked.manifest.get("agents") or {})
    if missing:
        said = ", ".join(f"{seat} = {name}" for seat, name in missing.items())
        raise UsageError(f"agents decided in this sweep ({said}), which its folder does not hold; open(row, agents={{seat: class}}) plays them")
    chosen: dict[str, Any] = {"on_time": any(metric_of(name) == "on_time_in_full" for name in asked.measures), **options}
    scenario = points_of(one)[0].scenario(asked.scenario)  # type: ignore[arg-type]
    return run(scenario, [int(found["run"])], int(found["seed"]), asked.periods, record, **{**chosen, "agents": seats or None})


def _row(table: Any, row: Any) -> Mapping[str, Any]:
    """The row that is meant."""
    if isinstance(row, pd.DataFrame) and len(row) == 1:
        row = row.iloc[0]
    if isinstance(row, pd.Series | Mapping):
        if "design_id" not in row:
            raise UsageError("this row has no design_id; give a row of the table, or its label")
        if all(name in row for name in ("run", "seed", "status")):
            return dict(row)
        runs = table[table["design_id"] == row["design_id"]]
        if runs.empty:
            raise UsageError(f"the table has no design point {row['design_id']}")
        done = runs[runs["status"] == "done"]
        return dict((done if len(done) else runs).iloc[0])
    try:
        found = table.loc[row]
    except (KeyError, TypeError, IndexError):
        kind = f"from {table.index.min()} to {table.index.max()}" if len(table) and isinstance(row, Integral) else "of a row in the index"
        raise UsageError(f"the table has no row {row!r}; expected a label {kind}") from None
    if not isinstance(found, pd.Series):
        raise UsageError(f"the table has {len(found)} rows {row!r}; give one of them, such as table.iloc[0]")
    return dict(found)
