"""The parts of a sweep's table: one Parquet file per pack, written beside and then renamed, read back whole or not at all."""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import uuid
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow
import pyarrow.parquet

from chainwright.experiment.sweep.pack import DONE, PROVENANCE
from chainwright.words.replacing import unwritable

SUFFIX = ".parquet"
# Columns of the file that hold JSON in place of what Parquet has no type for.
AS_JSON = b"chainwright.json"
TEXTS = ("point", "scenario_hash", "version", "status", "message")


class Damaged(Exception):
    """A part that cannot be read."""


def part_name(table: pd.DataFrame, attempt: int = 0) -> str:
    """A name for a part that no part with other runs has: a hash of them, and how often they were tried before.

    Examples
    --------
    >>> part_name(pd.DataFrame({"point": ["a"], "rep": [0]})) == part_name(pd.DataFrame({"point": ["a"], "rep": [1]}))
    False
    """
    said = json.dumps([table["point"].tolist(), table["rep"].tolist()], separators=(",", ":"))
    again = f"-{attempt}" if attempt else ""
    return f"{hashlib.sha256(said.encode()).hexdigest()[:24]}{again}{SUFFIX}"


def in_order(folder: Path) -> list[Path]:
    """The parts of a folder, those of a later attempt after those of an earlier one.

    Examples
    --------
    >>> in_order(Path("no such folder"))
    []
    """

    def attempt(path: Path) -> tuple[int, str]:
        number = path.stem.rpartition("-")[2]
        return (int(number) if "-" in path.stem and number.isdecimal() else 0), path.name

    return sorted(folder.glob(f"[!.]*{SUFFIX}"), key=attempt)


def beside(path: Path) -> Path:
    """Where a file is written before it takes its place; no two processes choose the same."""
    return path.with_name(f".{path.name}.{uuid.uuid4().hex[:12]}")


def write_table(path: Path, table: pd.DataFrame) -> None:
    """Write a table as Parquet, whole or not at all.

    Raises
    ------
    UsageError, DiskFailed
        When it cannot be written.
    """
    temporary = beside(path)
    held, as_json = storable(table)
    made = pyarrow.Table.from_pandas(held, preserve_index=False)
    made = made.replace_schema_metadata({**(made.schema.metadata or {}), AS_JSON: json.dumps(as_json).encode()})
    try:
        # With checksums a page that lost a bit is noticed.
        pyarrow.parquet.write_table(made, temporary, compression="zstd", write_page_checksum=True)
        os.replace(temporary, path)
    except (OSError, pyarrow.ArrowException) as error:
        raise unwritable(f"{path}: cannot be written", error) from error
    finally:
        with contextlib.suppress(OSError):
            temporary.unlink()


def read_table(path: Path) -> pd.DataFrame:
    """Read a table back as it was.

    Raises
    ------
    Damaged
        When it cannot be read.
    """
    try:
        # Read by itself: as a data set, names of folders with "=" would become columns.
        with pyarrow.parquet.ParquetFile(path, page_checksum_verification=True) as file:
            found = file.read()
        table: pd.DataFrame = found.to_pandas()
        for name in json.loads((found.schema.metadata or {}).get(AS_JSON, b"[]")):
            column = np.empty(len(table), object)
            column[...] = [json.loads(text) for text in table[name]] or None
            table[name] = pd.Series(column, index=table.index, dtype=object)
    except (OSError, ValueError, KeyError, pyarrow.ArrowException) as error:
        raise Damaged(" ".join(str(error).split())[:200]) from None
    return table


def read_part(path: Path, measures: Sequence[str]) -> pd.DataFrame:
    """Read a part, with the columns of its sweep.

    Raises
    ------
    Damaged
        When it is no part of such a sweep, or not whole.
    """
    table = read_table(path)
    missing = [name for name in (*PROVENANCE, *measures) if name not in table.columns]
    if missing:
        raise Damaged(f"the column {missing[0]!r} is missing")
    return table[[*PROVENANCE, *measures]]


def laid_together(tables: Iterable[pd.DataFrame], measures: Sequence[str]) -> pd.DataFrame:
    """Rows of many parts, one for each point and replication: of several the one that is done, else the last.

    The types of the columns are always the same, and an empty number has always the same bits.
    """
    parts = list(tables)
    columns: dict[str, Any] = {}
    for name in (*PROVENANCE, *measures):
        values = [part[name].to_numpy() for part in parts]
        if name in TEXTS:
            columns[name] = pd.Series(np.concatenate(values).astype(object) if values else [], dtype=pd.Series([""]).dtype)
        elif name in ("rep", "run", "seed"):
            columns[name] = np.concatenate(values).astype(np.int64) if values else np.empty(0, np.int64)
        else:
            numbers = np.concatenate(values).astype(np.float64) if values else np.empty(0)
            columns[name] = np.where(np.isnan(numbers), np.nan, numbers)
    table = pd.DataFrame(columns)
    order = np.argsort((table["status"] == DONE).to_numpy(), kind="stable")
    kept = table.iloc[order].drop_duplicates(["point", "rep"], keep="last").index
    return table.loc[np.sort(kept)].reset_index(drop=True)


def storable(table: pd.DataFrame) -> tuple[pd.DataFrame, list[str]]:
    """A table as Parquet can hold it, and which of its columns had to become JSON: those with lists, mappings, or words beside numbers.

    Examples
    --------
    >>> storable(pd.DataFrame({"level": pd.Series([1, "much"], dtype=object)}))[1]
    ['level']
    """
    changed: dict[str, list[str]] = {}
    for name in table.columns:
        column = table[name]
        if column.dtype == object and len({type(value) for value in column} - {type(None)} | {str}) > 1:
            changed[str(name)] = [json.dumps(value, default=_plain) for value in column]
        elif column.dtype == object and any(value is None for value in column):
            changed[str(name)] = [json.dumps(value) for value in column]
    return table.assign(**changed) if changed else table, list(changed)


def _plain(value: Any) -> Any:
    if hasattr(value, "tolist"):
        return value.tolist()
    if isinstance(value, Mapping):
        return dict(value)
    return str(value)
