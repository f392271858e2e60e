"""How long the name of a file may be: what the file system would not take is told before anything is looked for or written."""

from __future__ import annotations

import os
from pathlib import Path

from chainwright.words.errors import UsageError

# Bytes of one name, and letters of a whole path.
LONGEST_NAME, LONGEST_PATH = 255, 2_000


def too_long(path: str | os.PathLike[str]) -> str:
    """What is wrong with the length of a path; an empty text where nothing is.

    Examples
    --------
    >>> too_long("x" * 300), too_long("firms.csv")
    ("the name 'xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx...' has 300 letters, more than the name of a file can have", '')
    """
    text = os.fspath(path)
    if len(text) <= LONGEST_PATH and all(len(part.encode(errors="surrogatepass")) <= LONGEST_NAME for part in Path(text).parts):
        return ""
    said = repr(text)
    return f"the name {said if len(said) <= 60 else said[:40] + '...' + said[-1]} has {len(text):,} letters, more than the name of a file can have"


def refuse_long(path: str | os.PathLike[str], said: str = "") -> None:
    """Refuse a path that no file can have; `said` is what the user called the request.

    Raises
    ------
    UsageError
        When a name in it, or all of it, is too long.
    """
    if wrong := too_long(path):
        raise UsageError(f"{said}: {wrong}" if said else wrong)
