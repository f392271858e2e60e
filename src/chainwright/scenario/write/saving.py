"""Writes a scenario to disk: one YAML file, and its long lists as CSV tables in a folder beside it."""

from __future__ import annotations

import os
import re
import shutil
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from chainwright.scenario.read.yaml_file import refuse_by_size
from chainwright.scenario.write.csv_text import tables_of
from chainwright.scenario.write.yaml_text import write_document
from chainwright.words.errors import ScenarioError, UsageError
from chainwright.words.replacing import refuse_to_replace, unwritable


def save_document(document: Mapping[str, Any], target: Path, mark: str, files: Mapping[str, Path] | None = None) -> Path:
    """Write a document as a scenario file that can be read again, whole or not at all.

    Parameters
    ----------
    document : mapping
        A valid document, tables and series read in.
    target : Path
        The scenario file. Its tables, where there are any, lie in ``<stem>_tables_<mark>`` beside it.
    mark : str
        What tells this document from others. The tables of the file that stood there before are left alone until the new file
        has taken its place, so that at every moment there is a whole scenario.
    files : mapping, optional
        Files that the population reads, by the parameter that names them; they are copied to where the tables lie.

    Raises
    ------
    UsageError
        When it cannot be written, or is longer than a scenario file may be.
    """
    refuse_to_replace(target, "chainwright", "scenario file")
    rest, tables = tables_of(document)
    folder = f"{target.stem}_tables_{mark[:8]}"
    if tables:
        rest = {**rest, "tables": {name: f"{folder}/{name}.csv" for name in tables}}
    copies = {f"{name}{path.suffix}": path for name, path in (files or {}).items()}
    if files:
        rest = {**rest, "population": {**rest["population"], **{name: f"{folder}/{name}{path.suffix}" for name, path in files.items()}}}
    text = write_document(rest)
    try:
        refuse_by_size(text, "the scenario")
    except ScenarioError as error:
        raise UsageError(f"cannot write {target} such that it can be read again: {error.mistakes[0]}") from None
    try:
        _write(target, text, folder, tables, copies)
    except OSError as failure:
        raise unwritable(f"cannot write {target}", failure) from None
    _clear(target, folder if tables or copies else "")
    return target


def _write(target: Path, text: str, folder: str, tables: Mapping[str, str], copies: Mapping[str, Path]) -> None:
    beside = Path(tempfile.mkdtemp(prefix=".writing-", dir=target.parent))
    try:
        (beside / "scenario").write_text(text, encoding="utf-8")
        place = target.parent / folder
        if tables or copies:
            (beside / "tables").mkdir()
            for name, source in copies.items():
                shutil.copyfile(source, beside / "tables" / name)
            for name, table in tables.items():
                (beside / "tables" / f"{name}.csv").write_text(table, encoding="utf-8", newline="")
            if place.is_dir():  # of the same scenario, saved before: put right what may have been changed there
                for path in sorted((beside / "tables").iterdir()):
                    os.replace(path, place / path.name)
            else:
                os.replace(beside / "tables", place)
        os.replace(beside / "scenario", target)
    finally:
        shutil.rmtree(beside, ignore_errors=True)


def _clear(target: Path, kept: str) -> None:
    """Remove the tables of the file that stood there before; what cannot be removed does no harm."""
    pattern = re.compile(re.escape(target.stem) + r"_tables_[0-9a-f]{8}\Z")
    for path in target.parent.iterdir():
        if path.name != kept and pattern.match(path.name) and path.is_dir() and not path.is_symlink():
            shutil.rmtree(path, ignore_errors=True)
