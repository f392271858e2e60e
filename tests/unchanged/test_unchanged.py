"""Every result of a shipped scenario, a known result or a random network is the one that is kept here, to the last bit."""

from __future__ import annotations

import functools
import json
from typing import Any

import pytest

from tests.unchanged.cases import KEPT, all_cases
from tests.unchanged.hashing import calculates_as


@functools.cache
def kept() -> dict[str, Any]:
    found: dict[str, Any] = json.loads(KEPT.read_text(encoding="utf-8"))
    return found


def test_each_case_is_kept_once() -> None:
    assert sorted(kept()["cases"]) == sorted(all_cases())


@pytest.mark.parametrize("case", sorted(all_cases()))
def test_it_is_what_it_was(case: str) -> None:
    if kept()["calculated_as"] != calculates_as():
        pytest.skip(f"these digests were written where numbers are calculated as {kept()['calculated_as']}, here {calculates_as()}")
    assert all_cases()[case]() == kept()["cases"][case]
