"""Writing a text file whole or not at all."""

from __future__ import annotations

import contextlib
import os
from pathlib import Path

from chainwright.words.errors import UsageError


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
        with contextlib.suppress(OSError):
            beside.unlink()
        raise UsageError(f"{path}: cannot be written: {error.strerror}") from error
    return path
