"""What may be written over, and what it means that something could not be written."""

from __future__ import annotations

import errno
import os
from pathlib import Path
from typing import Any

from chainwright.words.errors import ChainwrightError, DiskFailed, UsageError
from chainwright.words.file_names import refuse_long

# The place is right, and its disk is full, over its quota, at the largest size of a file, or broken.
OF_THE_DISK = {getattr(errno, name) for name in ("ENOSPC", "EDQUOT", "EFBIG", "EIO") if hasattr(errno, name)}
# So much of a file is looked at to tell what it is.
HEAD = 64_000


def unwritable(message: str, error: BaseException) -> ChainwrightError:
    """The error to raise where something cannot be written: a wrong place is the user's mistake, a full disk is not.

    Examples
    --------
    >>> unwritable("out.csv: cannot be written", OSError(errno.ENOSPC, "No space left on device"))
    DiskFailed('out.csv: cannot be written: No space left on device')
    >>> unwritable("out.csv: cannot be written", OSError(errno.EACCES, "Permission denied"))
    UsageError('out.csv: cannot be written: Permission denied')
    """
    number: Any = getattr(error, "errno", None)
    if number in OF_THE_DISK:
        return DiskFailed(f"{message}: {os.strerror(number)}")
    return UsageError(f"{message}: {getattr(error, 'strerror', None) or error}")


def refuse_to_replace(path: Path, sign: str, what: str) -> None:
    """Refuse to write over a file that is of another kind than what is written.

    Parameters
    ----------
    path : Path
        Where it is to be written; nothing there, or an empty file, is fine.
    sign : str
        What every file of the kind has in its beginning.
    what : str
        What the kind is called.

    Raises
    ------
    UsageError
        When there is a file without the sign, or the name is too long for any.
    """
    refuse_long(path)
    if path.is_dir():
        raise UsageError(f"{path}: is a folder; name a file")
    if not path.is_file():
        return  # what is neither, such as /dev/stdout, holds nothing
    try:
        with path.open("rb") as file:
            head = file.read(HEAD)
    except OSError:
        return  # who may not read it will hear so when it is written
    if head.strip() and sign.encode() not in head:
        raise UsageError(f"{path}: is there already and is no {what}; choose another name, or remove it")
