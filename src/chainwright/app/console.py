"""What commands write with: tables and JSON on standard output, messages and progress on standard error."""

from __future__ import annotations

import json
import math
import os
import sys
import time
import warnings
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from chainwright.words.errors import ChainwrightWarning

# Width of tables where the output is no terminal, so that a pipe or a file never breaks their lines early.
WIDTH = 120


def tell(*lines: str) -> None:
    """Write lines for the user on standard error."""
    for line in lines:
        print(line, file=sys.stderr)


@contextmanager
def told_once() -> Iterator[None]:
    """Notes of ours, which Python would show as warnings, as one line each on standard error, each of them once."""
    told: set[str] = set()

    def show(message: Warning | str, category: type[Warning], *where: Any) -> None:
        if not issubclass(category, ChainwrightWarning):
            usual(message, category, *where)
        elif str(message) not in told:
            told.add(str(message))
            tell(f"note: {message}")

    with warnings.catch_warnings():
        usual, warnings.showwarning = warnings.showwarning, show  # type: ignore[assignment]
        warnings.simplefilter("always", ChainwrightWarning)
        yield


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


def say_table(
    title: str,
    head: Sequence[str],
    rows: Sequence[Sequence[str]],
    *,
    words: int = 1,
    units: Sequence[str] = (),
    under: Sequence[str] = (),
    note: str = "",
) -> None:
    """Write a table on standard output, in several parts where it is wider than the terminal.

    Parameters
    ----------
    title : str
        What the table shows.
    head : sequence of str
        Names of the columns.
    rows : sequence of sequences of str
        Cells as text; nothing in them is taken for markup.
    words : int
        How many of the first columns are words; numbers stand to the right, and are never broken.
    units : sequence of str
        A unit for each column, below its name.
    under : sequence of str
        Lines below the title.
    note : str
        A line below the table.
    """
    from rich import box
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    # COLUMNS is respected in a pipe as well; rich reads it itself.
    known = sys.stdout.isatty() or os.environ.get("COLUMNS", "").isdigit()
    console = Console(width=None if known else WIDTH, highlight=False)
    below = [unit.replace(" per ", "\nper ") for unit in units] or [""] * len(head)
    heads = [f"{name}\n{unit}" if any(units) else name for name, unit in zip(head, below, strict=True)]
    console.print(Text(title, style="bold"))
    for line in under:
        console.print(Text(line))
    for part in _parts(heads, rows, words, console.width):
        table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
        for number in part:
            table.add_column(Text(heads[number]), justify="left" if number < words else "right", overflow="fold", no_wrap=number >= words)
        for row in rows:
            table.add_row(*[Text(row[number]) for number in part])
        console.print(table)
    if note:
        console.print(Text(note, style="dim"))


def _parts(head: Sequence[str], rows: Sequence[Sequence[str]], words: int, width: int) -> list[list[int]]:
    """The columns of each part of a table that is too wide: each has the columns of words again, which may be folded."""
    gap = 3
    least = []
    for number, name in enumerate(head):
        cells = [len(row[number]) for row in rows]
        longest = max((len(one) for one in (name.split("\n") if number >= words else name.split())), default=0)
        least.append(max([longest, *cells]) if number >= words else max(longest, min(16, max(cells, default=0))))
    first = list(range(words))
    room = width - sum(least[number] + gap for number in first)
    parts: list[list[int]] = [[]]
    left = room
    for number in range(words, len(head)):
        if parts[-1] and left < least[number] + gap:
            parts.append([])
            left = room
        parts[-1].append(number)
        left -= least[number] + gap
    return [first + part for part in parts]


class Bar:
    """What a command tells about its work while it lasts; silent where standard error is no terminal."""

    def __init__(self, live: Any = None, words: str = "", unit: str = "") -> None:
        self._live = live
        self._unit = unit
        self._shown = 0.0
        self._counted = ""
        self._start: tuple[int, float] | None = None
        self._task = None if live is None else live.add_task(words, total=None, count="")

    def stage(self, words: str) -> None:
        """Say what is done now, of which nobody knows how long it takes."""
        self._start = None
        if self._live is not None:
            self._live.reset(self._task, description=words, total=None, count="")

    def counting(self, words: str) -> Callable[[int, int], None]:
        """A function to call with what is done, of how much; what was said before stays until its first call."""

        def told(done: int, total: int) -> None:
            if self._live is not None and self._counted != words:
                self.stage(words)
                self._counted = words
            self(done, total)

        return told

    def __call__(self, done: int, total: int) -> None:
        """Tell what is done, of how much; drawn a few times a second however often it is called."""
        if self._live is None:
            return
        now = time.monotonic()
        if self._start is None or self._start[0] > done:
            self._start = (done, now)
        if done < total and now - self._shown < 0.05:
            return
        self._shown = now
        # Work that comes in few large helpings has no recent speed at first, but one since it began.
        begun, since = self._start
        speed = self._live.tasks[0].speed or ((done - begun) / (now - since) if now > since else None)
        parts = [f"{done:,} of {total:,} {self._unit}"]
        if speed:
            parts += [f"{speed:,.0f} a second" if speed >= 10 else f"{speed:.1f} a second", f"{_duration((total - done) / speed)} left"]
        self._live.update(self._task, completed=done, total=total, count=", ".join(parts), refresh=done >= total)


def _duration(seconds: float) -> str:
    """A time as hours, minutes and seconds.

    Examples
    --------
    >>> _duration(7.6), _duration(3725)
    ('0:08', '1:02:05')
    """
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"


@contextmanager
def progress(words: str, unit: str = "periods") -> Iterator[Bar]:
    """A bar on standard error: what is done now, how much of it, how fast, and the time left. Print nothing while it lasts."""
    if not sys.stderr.isatty():
        yield Bar()
        return
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn

    columns = (TextColumn("{task.description}", markup=False), BarColumn(bar_width=24), TextColumn("{task.fields[count]}", markup=False))
    with Progress(*columns, console=Console(stderr=True), transient=True) as live:
        yield Bar(live, words, unit)
