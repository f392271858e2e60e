"""Ctrl-C in a command: one line that says what is kept, and the exit code that shells expect; never a traceback."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

import typer

from chainwright.app.console import tell
from chainwright.app.exit_codes import INTERRUPTED

NOTHING = "nothing is kept; run it again to start over"
_kept = NOTHING


def keeping(text: str) -> None:
    """Say what is kept from now on, should the command be stopped."""
    global _kept
    _kept = text


def stoppable(command: Callable[..., Any]) -> Callable[..., Any]:
    """The command, which Ctrl-C ends with one line on standard error.

    Examples
    --------
    >>> def plan(periods: int) -> None:
    ...     print(f"planning {periods} periods")
    >>> stoppable(plan)(4)
    planning 4 periods
    """

    @functools.wraps(command)
    def stopping(*arguments: Any, **options: Any) -> Any:
        keeping(NOTHING)
        try:
            return command(*arguments, **options)
        except KeyboardInterrupt:
            tell(f"stopped: {_kept}")
            raise typer.Exit(INTERRUPTED) from None

    return stopping
