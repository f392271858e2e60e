"""The JavaScript, the style and the texts of the screen, joined; the visualiser and the single-file replay use the same."""

from __future__ import annotations

import json
import tomllib
from functools import cache
from importlib.resources import files
from typing import Any

# What others build on comes first; the rest in the order of their names.
FIRST = ("base.js", "store.js")
_HERE = files("chainwright.report.screen")


@cache
def texts() -> dict[str, str]:
    """Every text that a reader of the screen sees, by its dotted key.

    Examples
    --------
    >>> texts()["number.points"]
    '{value} points'
    """
    found: dict[str, str] = {}
    for section, table in tomllib.loads((_HERE / "texts.toml").read_text(encoding="utf-8")).items():
        found.update({f"{section}.{key}": text for key, text in table.items()})
    return found


def _parts(suffix: str) -> list[str]:
    """The texts of all files of a kind, whatever folder they lie in: the order of their names is that of the bundle."""
    found = {one.name: one for folder in (_HERE / "parts").iterdir() if folder.is_dir() for one in folder.iterdir() if one.name.endswith(suffix)}
    names = [*(name for name in FIRST if name in found), *sorted(name for name in found if name not in FIRST)]
    return [found[name].read_text(encoding="utf-8") for name in names]


@cache
def library() -> str:
    """All parts as one script; it adds `window.chainwright` and does nothing else."""
    return "\n".join(["window.chainwright = window.chainwright || {};", f"window.chainwright.texts = {as_json(texts())};", *_parts(".js")])


@cache
def style() -> str:
    """The style sheets of all parts as one."""
    return "\n".join(_parts(".css"))


def as_json(value: Any) -> str:
    """JSON that can stand inside a page's script: nothing in it ends the script or opens a comment."""
    text = json.dumps(value, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    return text.replace("<", "\\u003c").replace("\u2028", "\\u2028").replace("\u2029", "\\u2029")
