"""How large the shipped scenarios are, told from their files: the networks that take seconds to grow are counted beforehand."""

from __future__ import annotations

import hashlib
import json
import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from chainwright.scenario import keys

# Beside the scenarios; what it says of a population holds for exactly that population.
SIZES = "sizes.toml"
COUNTED = ("enterprises", "lanes")


def digest(population: Mapping[str, Any]) -> str:
    """What tells one population from another: a SHA-256 of all that it says.

    Examples
    --------
    >>> digest({"generator": "serial", "stages": 4}) == digest({"stages": 4, "generator": "serial"})
    True
    """
    return hashlib.sha256(json.dumps(population, sort_keys=True, default=str).encode()).hexdigest()


def size_of(document: Mapping[str, Any], folder: Path) -> dict[str, int] | None:
    """How many enterprises and lanes a document has; None where its network would have to be grown to know.

    Parameters
    ----------
    document : mapping
        A valid document.
    folder : Path
        Where the sizes of shipped populations are looked up.
    """
    if not keys.populated(document):
        return {section: len(keys.parts(document, section)) for section in COUNTED}
    return _known(folder / SIZES).get(digest(document["population"]))


@cache
def _known(path: Path) -> dict[str, dict[str, int]]:
    """Sizes by the digest of the population."""
    try:
        said = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, tomllib.TOMLDecodeError):
        return {}
    return {one["population"]: {name: one[name] for name in COUNTED} for one in said.values()}
