"""What stands in the documents: their blocks, and the commands in them.

A block of code has a language, so that none is left out: ``python`` and ``sh`` are executed, ``yaml`` is read, ``csv`` and ``text`` are shown.
A line ``<!-- file: my_chain.yaml -->`` before a block says that readers are told to save it under that name.
"""

from __future__ import annotations

import re
import shlex
from dataclasses import dataclass
from pathlib import Path

TOP = Path(__file__).resolve().parents[2]
PAGES = sorted([*TOP.glob("*.md"), *(TOP / "docs").rglob("*.md")])
LANGUAGES = ("python", "sh", "yaml", "csv", "text")
_BLOCK = re.compile(r"^(?:<!-- file: (?P<file>\S+) -->\n)?```(?P<language>\w*)\n(?P<code>.*?)^```$", re.MULTILINE | re.DOTALL)


@dataclass(frozen=True)
class Block:
    """A block of code of a document."""

    page: Path
    line: int
    language: str
    code: str
    file: str

    @property
    def place(self) -> str:
        """The document and the line of the block's first line of code."""
        return f"{self.page.relative_to(TOP).as_posix()}:{self.line}"

    @property
    def commands(self) -> list[list[str]]:
        """The words of each command, lines that go on put together and remarks left out."""
        lines = self.code.replace("\\\n", " ").splitlines()
        return [words for line in lines if (words := shlex.split(line, comments=True))]


def blocks(page: Path) -> list[Block]:
    """The blocks of a document from its top to its end."""
    text = page.read_text(encoding="utf-8")
    lines = [(match, text.count("\n", 0, match.start("code")) + 1) for match in _BLOCK.finditer(text)]
    return [Block(page, line, match["language"], match["code"], match["file"] or "") for match, line in lines]


def name_of(page: Path) -> str:
    """A page as the tests call it."""
    return page.relative_to(TOP).as_posix()


PLAYED = [page for page in PAGES if any(block.language in ("python", "sh") for block in blocks(page))]
