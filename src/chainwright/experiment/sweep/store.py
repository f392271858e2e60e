"""The folder of a sweep: what was asked, the parts that are finished, and the table at the end; it is resumed, never mixed up."""

from __future__ import annotations

import contextlib
import json
import os
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow
import pyarrow.csv

from chainwright.experiment.sweep import lock, parts
from chainwright.experiment.sweep.point import Point
from chainwright.report.files import RUN, SWEEP, Kind, missing_folders, refuse_other, remove_empty, write_text
from chainwright.report.spreadsheets import for_spreadsheets
from chainwright.scenario import Scenario
from chainwright.words.errors import UsageError
from chainwright.words.file_names import refuse_long
from chainwright.words.replacing import unwritable

MANIFEST, SCENARIO, DESIGN, PARTS = "manifest.json", "scenario.yaml", "design.parquet", "parts"
TABLE, CSV, REPORT = "table.parquet", "table.csv", "report.html"
# What must be the same for rows to belong into one folder, and how it is called to a user.
IDENTITY = {
    "chainwright": "version of chainwright",
    "scenario_hash": "scenario",
    "seed": "seed",
    "periods": "periods",
    "measures": "measures",
    "common": "use of common random numbers",
    "agents": "agents",
    "imports": "imported files",
}
KIND = "sweep"
FILES = Kind(SWEEP, MANIFEST, (MANIFEST, DESIGN, TABLE, CSV, REPORT), (SCENARIO,))
# A text of more rows is slow to write and nobody opens it.
MOST_CSV = 1_000_000


class Store:
    """The folder of a sweep, held by this process.

    Parameters
    ----------
    folder : Path
        Where.
    manifest : mapping
        What is asked.
    scenario : Scenario
        What the points change.
    resume : bool
        Whether to go on with what the folder holds.
    again : bool
        Whether what failed is tried again.
    tell : callable
        Told what a user should know, one line each.

    Raises
    ------
    UsageError
        When the folder holds something else, is written by another process, or cannot be written.
    """

    def __init__(
        self, folder: Path, manifest: Mapping[str, Any], scenario: Scenario, *, resume: bool, again: bool, tell: Callable[[str], None]
    ) -> None:
        self.folder = folder
        self.manifest = dict(manifest)
        self._tell = tell
        refuse(folder, manifest, resume)
        made = missing_folders(folder / PARTS)
        try:
            (folder / PARTS).mkdir(parents=True, exist_ok=True)
            self._lock = lock.Lock(folder)
        except OSError as error:
            remove_empty(made)
            raise unwritable(f"{folder}: cannot be written", error) from None
        try:
            refuse(folder, manifest, resume)  # another process may just have finished
            held = read_manifest(folder) or {}
            # Each time that failed runs are tried again their parts have names of their own, and the last ones count.
            self.manifest["attempt"] = int(held.get("attempt", 0)) + int(again)
            self._sweep_up()
            scenario.save(folder / SCENARIO)
        except BaseException:
            self._lock.release()
            raise

    def __enter__(self) -> Store:
        return self

    def __exit__(self, *_: object) -> None:
        self._lock.release()

    def begin(self, design: pd.DataFrame) -> None:
        """Write what is asked; a table of what was asked before goes, since its design may be another."""
        for name in (TABLE, CSV, REPORT):
            (self.folder / name).unlink(missing_ok=True)
        parts.write_table(self.folder / DESIGN, design)
        self.note(status="running", started=_now())

    def note(self, **facts: Any) -> None:
        """Add to the manifest."""
        self.manifest |= facts
        write_text(self.folder / MANIFEST, json.dumps(self.manifest, indent=2, ensure_ascii=False, default=str) + "\n")

    def beat(self) -> None:
        """Show that this process lives."""
        self._lock.beat()

    def known(self) -> list[pd.DataFrame]:
        """The parts that are finished; those that cannot be read are told and removed, so that their runs are played again."""
        found = []
        measures = self.manifest["measures"]
        for path in parts.in_order(self.folder / PARTS):
            try:
                part = parts.read_part(path, measures)
            except parts.Damaged as error:
                self._tell(f"{path}: is damaged ({error}); its runs are played again")
                path.unlink(missing_ok=True)
                continue
            if (part["seed"] != self.manifest["seed"]).any() or (part["version"] != self.manifest["chainwright"]).any():
                raise UsageError(f"{path}: belongs to another sweep; take it away, or name another folder")
            found.append(part)
        return found

    def keep(self, part: pd.DataFrame) -> None:
        """Write the rows of a finished pack."""
        parts.write_table(self.folder / PARTS / parts.part_name(part, self.manifest["attempt"]), part)

    def finish(self, table: pd.DataFrame, **facts: Any) -> None:
        """Write the table, and say in the manifest that it is there."""
        parts.write_table(self.folder / TABLE, table)
        if len(table) <= MOST_CSV:
            _write_csv(self.folder / CSV, table)
        else:
            self._tell(f"{self.folder / CSV}: left out, as the table has {len(table):,} rows; {TABLE} has all of them")
        self.note(status="done", finished=_now(), **facts)

    def _sweep_up(self) -> None:
        """Remove what a process that was killed has left half written."""
        for folder in (self.folder, self.folder / PARTS):
            for path in folder.glob(".*"):
                ours = path.name.removeprefix(".").startswith((MANIFEST, DESIGN, TABLE, CSV, lock.NAME)) or folder.name == PARTS
                if ours and path.is_file():
                    with contextlib.suppress(OSError):
                        path.unlink()


def refuse(folder: Path, manifest: Mapping[str, Any], resume: bool = True) -> None:
    """Refuse a folder into which a sweep must not write.

    Raises
    ------
    UsageError
        With what differs and what to do.
    """
    refuse_long(folder)
    if folder.exists() and not folder.is_dir():
        raise UsageError(f"{folder}: is a file; name a folder")
    held = read_manifest(folder)
    if held is None:
        if (folder / PARTS).is_dir() and any((folder / PARTS).glob(f"*{parts.SUFFIX}")):
            raise UsageError(f"{folder}: holds parts of a sweep, but no {MANIFEST} that says of which; name another folder, or empty it")
        if not (folder / PARTS).is_dir():  # which a sweep makes before all else
            refuse_other(folder, FILES)
        return
    if held.get("kind") != KIND:
        what = RUN if "scenario_hash" in held else f"a {MANIFEST} of something else"
        raise UsageError(f"{folder}: holds {what}, and a sweep would be mixed up with it; name another folder")
    if not resume:
        raise UsageError(f"{folder}: holds a sweep already; leave resume=False out to resume it, or name another folder")
    other = {name: said for name, said in IDENTITY.items() if _differ(held.get(name), manifest[name])}
    differing = [_difference(name, said, held.get(name), manifest[name]) for name, said in other.items()]
    if differing:
        todo = "name another folder, or remove this one"
        raise UsageError(f"{folder}: holds another sweep ({'; '.join(differing)}); {todo}")


def read_manifest(folder: Path) -> dict[str, Any] | None:
    """What a folder's manifest says; None where there is none.

    Raises
    ------
    UsageError
        When it cannot be read.
    """
    try:
        found = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    except (FileNotFoundError, NotADirectoryError):
        return None
    except (OSError, ValueError) as error:
        raise UsageError(f"{folder / MANIFEST}: cannot be read ({' '.join(str(error).split())}); name another folder") from None
    return found if isinstance(found, dict) else {}


def design_frame(points: Sequence[Point], columns: pd.DataFrame) -> pd.DataFrame:
    """The design as it is stored: design_id, key of the point, the factors, and what each point sets, as JSON."""
    said = [json.dumps({"variant": one.variant, "settings": dict(one.settings)}, default=str) for one in points]
    numbers = pd.DataFrame({"design_id": range(len(points)), "point": [one.key for one in points]})
    return pd.concat([numbers, columns.reset_index(drop=True), pd.DataFrame({"settings": said})], axis=1)


def _differ(held: Any, asked: Any) -> bool:
    """Whether two answers are different; the order of measures makes no difference."""
    if isinstance(held, list) and isinstance(asked, list):
        return sorted(map(str, held)) != sorted(map(str, asked))
    return bool(held != asked)


def _difference(name: str, said: str, held: Any, asked: Any) -> str:
    if name == "scenario_hash":
        return "of another scenario, or of one that was changed since"
    if name == "imports":
        return "with other imported files, or files that were changed since"
    if isinstance(held, list) and isinstance(asked, list):
        gone = [one for one in held if one not in asked]
        new = [one for one in asked if one not in held]
        pieces = [f"with {', '.join(map(str, gone[:3]))}{' ...' if len(gone) > 3 else ''}" if gone else ""]
        pieces += [f"without {', '.join(map(str, new[:3]))}{' ...' if len(new) > 3 else ''}" if new else ""]
        return f"{said}: " + " and ".join(piece for piece in pieces if piece)
    return f"{said} {_word(held)}, not {_word(asked)}"


def _word(value: Any) -> str:
    return "of the scenario" if value is None else json.dumps(value) if isinstance(value, dict | bool) else str(value)


def _write_csv(path: Path, table: pd.DataFrame) -> None:
    temporary = parts.beside(path)
    held, _ = parts.storable(for_spreadsheets(table))
    try:
        pyarrow.csv.write_csv(pyarrow.Table.from_pandas(held, preserve_index=False), temporary, pyarrow.csv.WriteOptions(quoting_style="needed"))
        os.replace(temporary, path)
    except (OSError, pyarrow.ArrowException) as error:
        raise unwritable(f"{path}: cannot be written", error) from error
    finally:
        with contextlib.suppress(OSError):
            temporary.unlink()


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")
