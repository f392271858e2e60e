"""Writing what was found to a folder: tables, facts, the figure and the scenario, all of them together or nothing."""

from __future__ import annotations

import io
import json
import math
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import pandas as pd

from chainwright.report.files import Kind, whole_folder
from chainwright.report.spreadsheets import for_spreadsheets

FIGURE, BEST, TRIALS = "figure.svg", "best.yaml", "trials"


def kind_of(what: str, facts_name: str, tables: Iterable[str]) -> Kind:
    """What is written of a search: the file that says what was asked and found, the figure, the tables, and the best scenario."""
    return Kind(what, facts_name, (facts_name, FIGURE, f"{TRIALS}.parquet", *[f"{name}.csv" for name in tables]), (BEST,))


def write_folder(folder: Path, kind: Kind, facts: Mapping[str, Any], tables: Mapping[str, pd.DataFrame], found: Any) -> Path:
    """Write a folder of results.

    Parameters
    ----------
    folder : Path
        Where to.
    kind : Kind
        What is written; its mark is the file that says what was asked and found.
    facts : mapping
        What stands in it.
    tables : mapping
        By name of the file; that of the trials is written for programs as well, the others for readers only.
    found : Optimisation or Calibration
        What draws the figure and has the scenario.

    Raises
    ------
    UsageError
        When the folder cannot be written.
    """
    with whole_folder(folder, kind) as beside:
        for name, table in tables.items():
            for_spreadsheets(table).to_csv(beside / f"{name}.csv", index=False)
            if name == TRIALS:
                # A factor may hold words and numbers in one column, which Parquet does not.
                mixed = [column for column in table if table[column].map(type).nunique() > 1]
                table.astype(dict.fromkeys(mixed, str)).to_parquet(beside / f"{name}.parquet", compression="zstd", index=False)
        text = json.dumps(plain(facts), indent=2, ensure_ascii=False)
        (beside / kind.mark).write_text(text + "\n", encoding="utf-8")
        drawn = io.StringIO()
        found.plot().savefig(drawn, format="svg", metadata={"Date": None})
        (beside / FIGURE).write_text(drawn.getvalue(), encoding="utf-8")
        # Long lists become tables in a folder beside it, so it goes to its place by itself.
        found.scenario.save(folder / BEST)
    return folder


def plain(value: Any) -> Any:
    """A value that JSON can hold: what is no finite number is null.

    Examples
    --------
    >>> plain({"low": float("nan"), "ends": (1, 2.5)})
    {'low': None, 'ends': [1, 2.5]}
    """
    if isinstance(value, Mapping):
        return {str(key): plain(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [plain(one) for one in value]
    if hasattr(value, "item") and not hasattr(value, "__len__"):
        value = value.item()
    if isinstance(value, float) and not math.isfinite(value):
        return None
    return value if value is None or isinstance(value, bool | int | float | str) else str(value)
