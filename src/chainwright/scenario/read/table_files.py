"""Where the files lie that a scenario names: in its folder or below, and not too large."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from chainwright.scenario.check.rules import shown
from chainwright.words.file_names import too_long

LARGEST_TABLE = 200_000_000  # bytes


def file_beside(folder: Path, name: Any) -> tuple[Path, str]:
    """A file that a scenario names, and what is wrong with it (an empty text where nothing is)."""
    if not isinstance(name, str) or not name:
        return folder, f"expected the name of a CSV file, got {shown(name)}"
    path = folder / name
    if wrong := too_long(name):
        return path, wrong
    if Path(name).is_absolute() or "\x00" in name or not path.resolve().is_relative_to(folder.resolve()):
        return path, f"the file {shown(name)} is not in the scenario's folder or below; put it there"
    if not path.is_file():
        return path, f"there is no file {shown(name)} in the scenario's folder"
    if path.stat().st_size > LARGEST_TABLE:
        return path, f"the file {shown(name)} is larger than {LARGEST_TABLE // 1_000_000} MB"
    return path, ""
