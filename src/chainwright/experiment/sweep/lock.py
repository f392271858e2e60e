"""The lock of a folder: one process writes at a time, and one that died is no obstacle."""

from __future__ import annotations

import contextlib
import json
import os
import socket
import time
import uuid
from pathlib import Path
from typing import Any

from chainwright.words.errors import UsageError

NAME = "sweep.lock"
# The holder touches the file this often; of one on another machine nothing else can be seen. After so long without, it is gone.
BEAT, GONE = 30.0, 600.0
# No system has a process of a larger number.
LARGEST_PROCESS = 2**31 - 1


class Lock:
    """Says that a process writes to a folder, until it is released.

    The lock spares two processes doubled work. Were both to write after all, the folder would still be whole: every file is put in
    its place complete, and the same runs give the same part.

    Parameters
    ----------
    folder : Path
        Which folder.

    Raises
    ------
    UsageError
        When another process holds it.
    """

    def __init__(self, folder: Path) -> None:
        self.path = folder / NAME
        self._token = uuid.uuid4().hex
        self._beaten = time.monotonic()
        text = json.dumps({"pid": os.getpid(), "host": socket.gethostname(), "started": _started(os.getpid()), "token": self._token})
        beside = folder / f".{NAME}.{self._token}"
        try:
            beside.write_text(text, encoding="utf-8")
            try:
                # A link is made or refused in one step, on shared disks as well.
                os.link(beside, self.path)
            except FileExistsError:
                self._refuse_living(beside)
                os.replace(beside, self.path)
            except OSError:  # a file system without links
                self._refuse_living(beside)
                os.replace(beside, self.path)
        finally:
            with contextlib.suppress(OSError):
                beside.unlink()
        if not self.held():
            raise UsageError(f"{folder}: another process began to write there at the same moment; wait for it, or name another folder")

    def held(self) -> bool:
        """Whether the lock is still this process's."""
        return _read(self.path).get("token") == self._token

    def beat(self) -> None:
        """Show that the holder lives.

        Raises
        ------
        UsageError
            When another process has taken the folder over, since this one was silent for long.
        """
        now = time.monotonic()
        if now - self._beaten < BEAT:
            return
        self._beaten = now
        if not self.held():
            raise UsageError(f"{self.path.parent}: another process took this folder over; what was finished is kept")
        with contextlib.suppress(OSError):
            os.utime(self.path)

    def release(self) -> None:
        """Let another process write."""
        with contextlib.suppress(OSError):
            if self.held():
                self.path.unlink()

    def _refuse_living(self, fresh: Path) -> None:
        """Refuse a lock whose holder lives, as far as can be seen from here."""
        holder = _read(self.path)
        if not holder:
            return
        if holder.get("host") == socket.gethostname():
            number = holder.get("pid")
            if not isinstance(number, int) or not 0 < number <= LARGEST_PROCESS or not _lives(number) or _started(number) != holder.get("started"):
                return
            who = f"process {number}"
        else:
            # Both times are of the disk's own clock.
            with contextlib.suppress(OSError):
                if fresh.stat().st_mtime - self.path.stat().st_mtime > GONE:
                    return
            who = f"process {holder.get('pid')} on {holder.get('host')}"
        raise UsageError(
            f"{self.path.parent}: {who} is writing a sweep there; wait for it, or name another folder (if it is gone, remove {NAME} from the folder)"
        )


def _read(path: Path) -> dict[str, Any]:
    """What a lock says; nothing where there is none, or it is damaged."""
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}


def _lives(number: int) -> bool:
    """Whether a process of this machine is there; in doubt it is."""
    if os.name != "posix":
        return True
    try:
        os.kill(number, 0)
    except ProcessLookupError:
        return False
    except OSError:
        return True
    return True


def _started(number: int) -> str:
    """When a process was started, where the system tells: numbers of processes are used again."""
    with contextlib.suppress(OSError, IndexError):
        stat = Path(f"/proc/{number}/stat").read_text(encoding="utf-8", errors="replace")
        # The name may hold anything, and stands in brackets.
        fields = stat.rpartition(")")[2].split()
        # A process that has ended and was not yet asked after (a zombie) writes nothing any more.
        return "" if fields[0] in ("Z", "X") else fields[19]
    return ""
