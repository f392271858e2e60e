"""Digests of tables, worlds and values: equal where names, types and every bit are equal."""

from __future__ import annotations

import hashlib
import sys
from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np
import pandas as pd
import scipy
from scipy import special

TABLES = ("summary", "items", "enterprises", "lanes", "echelons", "timeline", "panel")


def bits(values: Any) -> bytes:
    """The bits of a column; words by their letters, since their type has another name in each version of pandas."""
    array = values.to_numpy() if isinstance(values, pd.Series | pd.Index) else np.asarray(values)
    if array.dtype.kind in "OUST":
        return b"text:" + "\0".join(map(str, array.tolist())).encode()
    if array.dtype.kind == "M":
        return b"time:" + array.astype("datetime64[s]").astype(np.int64).tobytes()
    return f"{array.dtype.str}{array.shape}:".encode() + np.ascontiguousarray(array).tobytes()


def digest(parts: Iterable[bytes]) -> str:
    """A short digest of parts in their order."""
    whole = hashlib.sha256()
    for part in parts:
        whole.update(len(part).to_bytes(8, "little") + part)
    return whole.hexdigest()[:16]


def of_frame(frame: pd.DataFrame | None) -> str:
    """Names, types and bits of every column of a table."""
    if frame is None:
        return ""
    return digest(part for name in frame.columns for part in (str(name).encode(), bits(frame[name])))


def of_result(result: Any, tables: Iterable[str] = TABLES) -> dict[str, str]:
    """A digest for each table of a result."""
    return {name: of_frame(getattr(result, name)) for name in tables}


def of_world(world: Any, columns: Mapping[str, Iterable[str]]) -> dict[str, str]:
    """A digest for each table of a world, over the named columns."""
    return {
        table: digest(part for name in names for part in (name.encode(), bits(getattr(world, table)[name]))) for table, names in columns.items()
    }


def calculates_as() -> str:
    """How this machine and its libraries calculate: a digest of what is known to differ in the last bit between processors and versions.

    Digests that were written where this one differs say nothing here.
    """
    drawn = np.random.default_rng(1).random(4096)
    with np.errstate(all="ignore"):
        parts = [np.exp(drawn * 20), np.log(drawn), drawn**1.7, np.sqrt(drawn), np.cumsum(drawn), drawn.reshape(64, 64) @ drawn.reshape(64, 64)]
        parts += [drawn.sum(), drawn.reshape(64, 64).sum(0), drawn.reshape(64, 64).sum(1), drawn.mean(), drawn.var(), np.sin(drawn), np.cos(drawn)]
        parts += [special.ndtri(drawn), special.gammaincinv(3.0, drawn), special.pdtr(np.arange(64.0), 20.0), special.erf(drawn), np.log1p(drawn)]
        parts += [np.bincount((drawn * 50).astype(int), drawn), pd.Series(drawn).groupby((drawn * 50).astype(int)).mean().to_numpy()]
    versions = [".".join(one.__version__.split(".")[:2]) for one in (np, scipy, pd)]
    return f"{sys.platform} {sys.byteorder} numpy {versions[0]} scipy {versions[1]} pandas {versions[2]} {digest(map(bits, parts))}"
