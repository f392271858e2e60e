"""Python files of the user's own that are executed first, here and in every worker, so that what they register is known by name."""

from __future__ import annotations

import contextlib
import hashlib
import sys
import traceback
import types
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from chainwright.words.errors import UsageError
from chainwright.words.file_names import refuse_long


@dataclass(frozen=True)
class UserFile:
    """A file that was executed, with all that another process needs to do the same.

    Parameters
    ----------
    path : str
        As the user named it.
    content : bytes
        What it holds; the file itself may not be there on another machine, or may have changed since.
    folder : str
        Where it lay, in full: what stands beside it can be imported by it.
    """

    path: str
    content: bytes
    folder: str = ""

    @property
    def sha256(self) -> str:
        """SHA-256 of what the file holds."""
        return hashlib.sha256(self.content).hexdigest()

    def facts(self) -> dict[str, str]:
        """What a manifest says of it."""
        return {"file": self.path, "sha256": self.sha256}


# The files that were executed, in their order, by the name of the module that each is.
_EXECUTED: dict[str, UserFile] = {}


def read_file(path: str, said: str = "import") -> UserFile:
    """Read a file that shall be executed.

    Raises
    ------
    UsageError
        When it is not there, or cannot be read; `said` is what the user called the request.
    """
    refuse_long(path, said)
    if not path.strip() or not Path(path).is_file():
        raise UsageError(f"{said}: there is no file {path!r}")
    try:
        return UserFile(path, Path(path).read_bytes(), str(Path(path).resolve().parent))
    except OSError as error:
        raise UsageError(f"{said}: {path}: cannot be read: {error.strerror}") from None


def execute(file: UserFile, said: str = "import") -> None:
    """Execute a file, once in a process.

    Raises
    ------
    UsageError
        When it raises anything.
    """
    # The name is that of the text, not of the run: the same file again is the same module, a changed one another.
    name = f"chainwright_import_{file.sha256[:16]}"
    if name in sys.modules:
        return
    module = types.ModuleType(name)
    module.__file__ = file.path
    sys.modules[name] = module  # dataclasses look their module up
    beside = file.folder or str(Path(file.path).resolve().parent)
    sys.path.insert(0, beside)  # what stands beside the file can be imported by it
    _EXECUTED[name] = file
    try:
        exec(compile(file.content, file.path, "exec"), module.__dict__)
    except (Exception, SystemExit) as error:
        del sys.modules[name], _EXECUTED[name]
        raise UsageError(f"{said}: {_told(file.path, error)}") from error
    finally:
        with contextlib.suppress(ValueError):
            sys.path.remove(beside)


def executed() -> tuple[UserFile, ...]:
    """The files that were executed in this process, in their order."""
    return tuple(_EXECUTED.values())


def import_files(paths: Iterable[str], said: str = "import") -> list[dict[str, str]]:
    """Execute Python files, each once; answer what a manifest says of them: the path and a SHA-256 of the text.

    Raises
    ------
    UsageError
        When a file is missing, or raises anything.
    """
    facts = []
    for path in dict.fromkeys(paths):
        file = read_file(path, said)
        execute(file, said)
        facts.append(file.facts())
    return facts


def told(error: BaseException) -> str:
    """What went wrong while an imported file's policy or agent decided, in one line; empty where no imported file had a part in it."""
    paths = {file.path for file in _EXECUTED.values()}
    frames = [frame.filename for frame in traceback.extract_tb(error.__traceback__) if frame.filename in paths]
    if not frames:
        return ""
    return ", ".join([_told(frames[-1], error), *getattr(error, "__notes__", ())])


def _told(path: str, error: BaseException) -> str:
    """What went wrong in a file, in one line, with the last line of the file that it came by."""
    if isinstance(error, SyntaxError):
        line, words = error.lineno, str(error.msg)
    else:
        own = [frame.lineno for frame in traceback.extract_tb(error.__traceback__) if frame.filename == path]
        line = own[-1] if own else None
        words = " ".join(str(error).split())
    place = path if line is None else f"{path}:{line}"
    return f"{place}: {type(error).__name__}: {words}" if words else f"{place}: {type(error).__name__}"
