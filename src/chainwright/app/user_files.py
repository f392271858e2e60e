"""Python files of the user's own that a command executes first, so that the policies they register are known by name."""

from __future__ import annotations

from collections.abc import Iterable

from chainwright.words import user_files
from chainwright.words.user_files import told

__all__ = ["HELP", "import_files", "told"]

HELP = "A Python file to execute first, whose registered policies and agents are then known; may be repeated."


def import_files(paths: Iterable[str]) -> list[dict[str, str]]:
    """Execute Python files, each once; answer what a manifest says of them: the path and a SHA-256 of the text.

    Raises
    ------
    UsageError
        When a file is missing, or raises anything.
    """
    return user_files.import_files(paths, "--import")
