"""Writing a text file, or a folder of results, whole or not at all."""

from __future__ import annotations

import contextlib
import os
import shutil
import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path

from chainwright.words.errors import UsageError

# Moved in last and taken away first: a folder that has it is complete.
LAST = "manifest.json"


def write_text(path: Path, text: str) -> Path:
    """Write a text beside its file and put it in the file's place, folders included.

    Raises
    ------
    UsageError
        When the file cannot be written; nothing is left behind then.
    """
    beside = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        beside.write_text(text, encoding="utf-8")
        os.replace(beside, path)
    except OSError as error:
        raise UsageError(f"{path}: cannot be written: {error.strerror}") from error
    finally:
        with contextlib.suppress(OSError):
            beside.unlink()
    return path


@contextlib.contextmanager
def whole_folder(target: Path, owned: Iterable[str]) -> Iterator[Path]:
    """A folder to write into, whose files move to the target together when the block ends, and vanish when it fails.

    Parameters
    ----------
    target : Path
        Where the files shall stand; it is made, with the folders above it, and none of them stays where the block fails.
    owned : iterable of str
        Names of files that belong to what is written: those of them that the block does not write are removed from the target.
        Other files stay.

    Raises
    ------
    UsageError
        When the target cannot be written.
    """
    made = missing_folders(target)
    beside = None
    try:
        target.mkdir(parents=True, exist_ok=True)
        beside = Path(tempfile.mkdtemp(prefix=".writing-", dir=target))
        yield beside
        written = sorted(beside.iterdir(), key=lambda path: (path.name == LAST, path.name))
        names = {path.name for path in written}
        for name in sorted(owned, key=lambda name: name != LAST):
            if name == LAST or name not in names:
                (target / name).unlink(missing_ok=True)
        for path in written:
            os.replace(path, target / path.name)
    except OSError as error:
        raise UsageError(f"cannot write to {target}: {error.strerror or error}") from None
    finally:
        if beside is not None:
            shutil.rmtree(beside, ignore_errors=True)
        remove_empty(made)


def missing_folders(path: Path) -> list[Path]:
    """The folders that making a path would make, the deepest first."""
    return [one for one in (path, *path.parents) if not one.exists()]


def remove_empty(folders: Iterable[Path]) -> None:
    """Remove those of the folders that are empty; the deepest come first."""
    for folder in folders:
        with contextlib.suppress(OSError):
            folder.rmdir()
