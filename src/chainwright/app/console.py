"""What commands write with: tables and JSON on standard output, messages and progress on standard error."""

from __future__ import annotations

import json
import math
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

# Width of tables where the output is no terminal, so that a pipe or a file never breaks their lines early.
WIDTH = 120


def tell(*lines: str) -> None:
    """Write lines for the user on standard error."""
    for line in lines:
        print(line, file=sys.stderr)


def say(*lines: str) -> None:
    """Write lines on standard output."""
    for line in lines:
        print(line)


def plain(value: Any) -> Any:
    """A value that JSON can hold: numbers of NumPy as Python's, what is no finite number as null."""
    if isinstance(value, Mapping):
        return {str(key): plain(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [plain(one) for one in value]
    if hasattr(value, "item") and not hasattr(value, "__len__"):
        value = value.item()
    if isinstance(value, float) and not math.isfinite(value):
        return None
    return value if value is None or isinstance(value, bool | int | float | str) else str(value)


def say_json(value: Any) -> None:
    """Write a value as JSON on standard output."""
    print(json.dumps(plain(value), indent=2, ensure_ascii=False))


def say_table(title: str, head: Sequence[str], rows: Sequence[Sequence[str]], *, words: int = 1, note: str = "") -> None:
    """Write a table on standard output.

    Parameters
    ----------
    title : str
        What the table shows.
    head : sequence of str
        Names of the columns.
    rows : sequence of sequences of str
        Cells as text; nothing in them is taken for markup.
    words : int
        How many of the first columns are words; numbers stand to the right.
    note : str
        A line below the table.
    """
    from rich import box
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    console = Console(width=None if sys.stdout.isatty() else WIDTH, highlight=False)
    table = Table(title=Text(title, style="bold"), title_justify="left", box=box.SIMPLE_HEAD, pad_edge=False, caption=None)
    for number, name in enumerate(head):
        table.add_column(Text(name), justify="left" if number < words else "right", overflow="fold")
    for row in rows:
        table.add_row(*[Text(cell) for cell in row])
    console.print(table)
    if note:
        console.print(Text(note, style="dim"))


@contextmanager
def progress(words: str) -> Iterator[Callable[[int, int], None]]:
    """A bar on standard error, silent when that is no terminal; it gives the function to call with what is done, of how much."""
    if not sys.stderr.isatty():
        yield lambda done, total: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn

    console = Console(stderr=True)
    with Progress(TextColumn("{task.description}"), BarColumn(), TaskProgressColumn(), TimeRemainingColumn(), console=console, transient=True) as bar:
        task = bar.add_task(words, total=None)
        yield lambda done, total: bar.update(task, completed=done, total=total)
