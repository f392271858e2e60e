"""The accessibility audit axe-core, fetched from npm for the tests alone."""

from __future__ import annotations

import shutil
import subprocess
from functools import cache
from pathlib import Path
from typing import Any

import pytest

VERSION = "axe-core@4"
FOLDER = Path(__file__).resolve().parents[2] / ".pytest_cache" / "npm"
SCRIPT = FOLDER / "node_modules" / "axe-core" / "axe.min.js"


@cache
def script() -> str:
    """The text of axe-core; the test is skipped, and says so, where it cannot be had."""
    if not SCRIPT.exists():
        npm = shutil.which("npm")
        if npm is None:
            pytest.skip("there is no npm to fetch axe-core with")
        FOLDER.mkdir(parents=True, exist_ok=True)
        command = [npm, "install", "--no-save", "--no-audit", "--no-fund", "--prefix", str(FOLDER), VERSION]
        done = subprocess.run(command, capture_output=True, text=True, timeout=120)
        if done.returncode or not SCRIPT.exists():
            pytest.skip(f"axe-core could not be fetched from npm: {done.stderr.strip()[-200:]}")
    return SCRIPT.read_text(encoding="utf-8")


def violations(tab: Any) -> list[str]:
    """What axe-core finds serious or critical in the page as it is, one line for each rule with the first places."""
    tab.evaluate(script())
    # What fades in has its colours once it has come.
    tab.evaluate("Promise.allSettled(document.getAnimations().filter(one => one.effect.getComputedTiming().endTime < 5000).map(one => one.finished))")
    found = tab.evaluate("() => axe.run(document, {resultTypes: ['violations']}).then(result => result.violations)")
    told = []
    for one in found:
        if one["impact"] in ("serious", "critical"):
            places = "; ".join(f"{node['target'][0]}: {node['failureSummary'].splitlines()[-1].strip()}" for node in one["nodes"][:4])
            told.append(f"{one['id']} ({one['impact']}, {len(one['nodes'])} places): {places}")
    return told
