"""Writing a text file, or a folder of results, whole or not at all, and never over what is of another kind."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from chainwright.words.errors import UsageError
from chainwright.words.file_names import refuse_long
from chainwright.words.replacing import unwritable

# Moved in last and taken away first: a folder that has it is complete.
LAST = "manifest.json"
WRITING = ".writing-"


@dataclass(frozen=True)
class Kind:
    """A kind of results that have a folder of their own.

    Parameters
    ----------
    what : str
        What such a folder holds, in words.
    mark : str
        The file that tells it from other kinds.
    names : tuple of str
        All files that may be written; those of them that are not written any more are removed.
    apart : tuple of str
        Files that are put in their place by themselves.
    """

    what: str
    mark: str
    names: tuple[str, ...]
    apart: tuple[str, ...] = ()


# What a folder with such a file holds.
MARKS = {
    "comparison.json": "a comparison",
    "selection.json": "a selection",
    "optimisation.json": "what was optimised",
    "calibration.json": "a calibration",
    "warm_up.json": "a study of the warm-up",
}
COMPARISON = Kind("a comparison", "comparison.json", ("comparison.parquet", "comparison.csv", "comparison.json"))
SELECTION = Kind("a selection", "selection.json", ("selection.csv", "replications.csv", "selection.json"))
RUN, SWEEP = "the results of a run", "a sweep"
UNKNOWN = f"something else (a {LAST} that is of no run and no sweep)"


def held_in(folder: Path) -> list[str]:
    """What results a folder holds, in words."""
    found = [what for mark, what in MARKS.items() if (folder / mark).is_file()]
    if (folder / LAST).is_file():
        try:
            said: Any = json.loads((folder / LAST).read_text(encoding="utf-8"))
        except (OSError, ValueError):
            said = None
        known = isinstance(said, dict) and "scenario_hash" in said
        found.append(UNKNOWN if not known else SWEEP if said.get("kind") == "sweep" else RUN)
    return found


def refuse_other(folder: Path, kind: Kind) -> None:
    """Refuse a folder in which results would be written over something of another kind.

    Raises
    ------
    UsageError
        With what it holds and what to do.
    """
    refuse_long(folder)
    held = held_in(folder)
    other = [what for what in held if what != kind.what]
    if other:
        raise UsageError(f"{folder}: holds {other[0]}, and {kind.what} would be mixed up with it; name another folder")
    if held or any(folder.glob(f"{WRITING}*")):
        return  # its own, or what was left when it was killed
    theirs = [name for name in (*kind.names, *kind.apart) if (folder / name).exists()]
    if theirs:
        raise UsageError(f"{folder}: has a file {theirs[0]} that does not come from {kind.what}, and would lose it; name another folder")


def write_text(path: Path, text: str) -> Path:
    """Write a text beside its file and put it in the file's place, folders included.

    Raises
    ------
    UsageError, DiskFailed
        When the file cannot be written; nothing is left behind then.
    """
    refuse_long(path)
    beside = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        beside.write_text(text, encoding="utf-8")
        os.replace(beside, path)
    except OSError as error:
        raise unwritable(f"{path}: cannot be written", error) from error
    finally:
        with contextlib.suppress(OSError):
            beside.unlink()
    return path


@contextlib.contextmanager
def whole_folder(target: Path, kind: Kind) -> Iterator[Path]:
    """A folder to write into, whose files move to the target together when the block ends, and vanish when it fails.

    Parameters
    ----------
    target : Path
        Where the files shall stand; it is made, with the folders above it, and none of them stays where the block fails.
    kind : Kind
        What is written. Those of its files that the block does not write are removed from the target; other files stay.

    Raises
    ------
    UsageError, DiskFailed
        When the target cannot be written, or holds results of another kind.
    """
    refuse_other(target, kind)
    made = missing_folders(target)
    beside = None
    try:
        target.mkdir(parents=True, exist_ok=True)
        beside = Path(tempfile.mkdtemp(prefix=WRITING, dir=target))
        yield beside
        written = sorted(beside.iterdir(), key=lambda path: (path.name == LAST, path.name))
        names = {path.name for path in written}
        for name in sorted(kind.names, key=lambda name: name != LAST):
            if name == LAST or name not in names:
                (target / name).unlink(missing_ok=True)
        for path in written:
            os.replace(path, target / path.name)
    except OSError as error:
        raise unwritable(f"cannot write to {target}", error) from None
    finally:
        if beside is not None:
            shutil.rmtree(beside, ignore_errors=True)
        remove_empty(made)


def missing_folders(path: Path) -> list[Path]:
    """The folders that making a path would make, the deepest first."""
    return [one for one in (path, *path.parents) if not one.exists()]


def remove_empty(folders: list[Path]) -> None:
    """Remove those of the folders that are empty; the deepest come first."""
    for folder in folders:
        with contextlib.suppress(OSError):
            folder.rmdir()
