"""Running a command of the command line in an empty folder."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from chainwright.app.cli import main

Answer = tuple[int, str, str]
Run = Callable[..., Answer]


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Run:
    """Run a command in an empty folder; exit code, standard output, standard error."""
    monkeypatch.chdir(tmp_path)

    def answer(*arguments: str) -> Answer:
        with pytest.raises(SystemExit) as left:
            main(arguments)
        code = left.value.code
        written = capsys.readouterr()
        assert "Traceback" not in written.err
        return code if isinstance(code, int) else 0, written.out, written.err

    return answer
