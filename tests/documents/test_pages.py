"""What the pages of the documentation say can be done."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.documents.playing import checkout, play
from tests.documents.reading import PLAYED, TOP, name_of

# Pages that sweep, search and compare at length.
LONG = ("optimising.md", "model_your_own.md", "sweeps.md", "comparing.md")
PAGES = [pytest.param(page, marks=pytest.mark.slow if page.name in LONG else ()) for page in PLAYED if page.parent != TOP]


# A page is played as a whole: each block may need what an earlier one has made.
@pytest.mark.timeout(600)
@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_what_the_page_says_can_be_done(page: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    checkout(tmp_path)
    play(page, monkeypatch)
