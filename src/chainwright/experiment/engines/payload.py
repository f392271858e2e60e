"""What workers need to know of a sweep, as bytes: the request, the user's files, and what was registered from Python."""

from __future__ import annotations

import contextlib
import hashlib
import pickle
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import cloudpickle

from chainwright.experiment.sweep.pack import Request
from chainwright.network.populations.base import generator, generators
from chainwright.policies.base import policies_for, register
from chainwright.words import user_files
from chainwright.words.errors import UsageError
from chainwright.words.subjects import DECISIONS

PACKAGE = "chainwright"


@dataclass(frozen=True)
class Payload:
    """A request as bytes, and the digest by which a worker remembers it.

    Parameters
    ----------
    digest : str
        SHA-256 of the bytes.
    data : bytes
        The request and all that it needs.
    """

    digest: str
    data: bytes


def packed(request: Request) -> Payload:
    """A request with everything that a worker must know to play it.

    Classes of a script or a notebook go along by value: a worker never executes the main program again.

    Raises
    ------
    UsageError
        When something of it cannot be sent to another process.

    Examples
    --------
    >>> import chainwright as cw
    >>> request = Request(cw.load("beer_game"), 1, ("fill_rate",))
    >>> unpacked(packed(request).data).scenario == request.scenario
    True
    """
    try:
        inner = cloudpickle.dumps((list(_foreign()), request, request.scenario.hash))
    except Exception as error:  # whatever it is that some class of the user's holds on to
        raise UsageError(f"this sweep cannot be sent to worker processes ({_one_line(error)}); use engine='serial'") from None
    data = pickle.dumps((user_files.executed(), inner))
    return Payload(hashlib.sha256(data).hexdigest(), data)


def unpacked(data: bytes) -> Request:
    """The request again, in a worker, with everything registered that it needs.

    Raises
    ------
    UsageError
        When the worker lacks something.
    """
    # Written by `packed` of the process that asks for the work; no file is ever read like this.
    files, inner = pickle.loads(data)
    # Files that were imported for something else may not work here; they matter only where this request asks for them.
    failed: dict[str, UsageError] = {}
    for file in files:
        try:
            user_files.execute(file)
        except UsageError as error:
            failed[file.sha256] = error
    try:
        registered, request, expected = pickle.loads(inner)
        for wanted in request.imports:
            if wanted in failed:
                raise failed[wanted]
        for kind, name, found in registered:
            try:
                _register(kind, name, pickle.loads(found))
            except Exception:
                if not failed:
                    raise
    except UsageError:
        raise
    except Exception as error:
        if failed:
            raise next(iter(failed.values())) from None
        raise UsageError(f"a worker cannot read the request ({_one_line(error)}); what it imports must be installed there as well") from None
    if request.scenario.hash != expected:
        raise UsageError("a worker reads other files of the scenario than this process; put them where all workers find the same ones")
    made: Request = request
    return made


def _foreign() -> Iterator[tuple[str, str, bytes]]:
    """What is registered and does not come with the package: its kind, its name, and itself as bytes."""
    from chainwright.agents.registry import registered_agents  # only here, as agents stand on the same floor

    families = {decision.family: name for name, decision in DECISIONS.items()}
    registers: list[tuple[str, dict[str, type[Any]]]] = [("policy", dict(policies_for(decision))) for decision in families.values()]
    registers += [("agent", dict(registered_agents())), ("generator", dict(generators()))]
    for kind, known in registers:
        for name, found in known.items():
            if _is_foreign(found):
                # Something that cannot be sent may well have nothing to do with this sweep; where it has, its name is unknown there.
                with contextlib.suppress(Exception):
                    yield kind, name, cloudpickle.dumps(found)


def _is_foreign(found: Any) -> bool:
    return found.__module__ != PACKAGE and not found.__module__.startswith(f"{PACKAGE}.")


def _register(kind: str, name: str, found: Any) -> None:
    if kind == "policy":
        register(found)
    elif kind == "agent":
        from chainwright.agents.registry import register_agent

        register_agent(found, name)
    else:
        generator(found)


def _one_line(error: BaseException) -> str:
    return f"{type(error).__name__}: {' '.join(str(error).split())}"
