"""Python files of the user's own that a command executes first, so that the policies they register are known by name."""

from __future__ import annotations

import contextlib
import hashlib
import sys
import traceback
import types
from collections.abc import Iterable
from pathlib import Path

from chainwright.words.errors import UsageError

# The files that were executed, as they were named.
_IMPORTED: set[str] = set()
HELP = "A Python file to execute first, whose registered policies and agents are then known; may be repeated."


def import_files(paths: Iterable[str]) -> list[dict[str, str]]:
    """Execute Python files, each once; answer what a manifest says of them: the path and a SHA-256 of the text.

    Raises
    ------
    UsageError
        When a file is missing, or raises anything.
    """
    return [_import_file(path) for path in dict.fromkeys(paths)]


def _import_file(text: str) -> dict[str, str]:
    path = Path(text)
    if not text.strip() or not path.is_file():
        raise UsageError(f"--import: there is no file {text!r}")
    try:
        content = path.read_bytes()
    except OSError as error:
        raise UsageError(f"--import: {text}: cannot be read: {error.strerror}") from None
    digest = hashlib.sha256(content).hexdigest()
    # The name is that of the text, not of the run: the same file again is the same module, a changed one another.
    name = f"chainwright_import_{digest[:16]}"
    if name not in sys.modules:
        module = types.ModuleType(name)
        module.__file__ = str(path)
        sys.modules[name] = module  # dataclasses look their module up
        beside = str(path.resolve().parent)
        sys.path.insert(0, beside)  # what stands beside the file can be imported by it
        _IMPORTED.add(text)
        try:
            exec(compile(content, text, "exec"), module.__dict__)
        except (Exception, SystemExit) as error:
            del sys.modules[name]
            raise UsageError(f"--import: {_told(text, error)}") from error
        finally:
            with contextlib.suppress(ValueError):
                sys.path.remove(beside)
    return {"file": text, "sha256": digest}


def told(error: BaseException) -> str:
    """What went wrong while an imported file's policy or agent decided, in one line; empty where no imported file had a part in it."""
    frames = [frame.filename for frame in traceback.extract_tb(error.__traceback__) if frame.filename in _IMPORTED]
    if not frames:
        return ""
    return ", ".join([_told(frames[-1], error), *getattr(error, "__notes__", ())])


def _told(text: str, error: BaseException) -> str:
    """What went wrong in a file, in one line, with the last line of the file that it came by."""
    if isinstance(error, SyntaxError):
        line, words = error.lineno, str(error.msg)
    else:
        own = [frame.lineno for frame in traceback.extract_tb(error.__traceback__) if frame.filename == text]
        line = own[-1] if own else None
        words = " ".join(str(error).split())
    place = text if line is None else f"{text}:{line}"
    return f"{place}: {type(error).__name__}: {words}" if words else f"{place}: {type(error).__name__}"
