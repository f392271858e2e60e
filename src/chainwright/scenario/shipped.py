"""The shelf of shipped scenarios: where they are found, in a source checkout and in an installed package, and how one is loaded."""

from __future__ import annotations

import os
from pathlib import Path

from chainwright.network.graph_formats import FORMATS, REST, holds_graph
from chainwright.scenario.scenario import Scenario
from chainwright.words.errors import UsageError, suggestion
from chainwright.words.file_names import refuse_long

_PACKAGE = Path(__file__).resolve().parent.parent
_SUFFIXES = (".yaml", ".yml")


# Endings of tables, which are no scenarios.
LISTS = (".csv", ".tsv", ".txt", ".parquet", ".xlsx")


def folder() -> Path:
    """The folder of the shipped scenarios.

    In a source checkout it lies at the top of the repository; a wheel carries it as the package's own data.
    """
    packed = _PACKAGE / "_scenarios"
    if packed.is_dir():
        return packed
    top = _PACKAGE.parent.parent
    return top / "scenarios" if (top / "pyproject.toml").is_file() else packed


def names() -> list[str]:
    """The names of the shipped scenarios, sorted."""
    return sorted(path.stem for path in folder().glob("*.yaml"))


def find(name: str) -> Path:
    """The file of a shipped scenario.

    Raises
    ------
    UsageError
        When there is none of that name.
    """
    path = folder() / f"{name}.yaml"
    known, colon, variant = name.partition(":")
    if colon and known in names():
        raise UsageError(f"there is no scenario {name!r}; a variant is load({known!r}).variant({variant!r})")
    if name not in names():
        raise UsageError(f"there is no scenario {name!r}{suggestion(name, names())}")
    return path


def load(name_or_path: str | os.PathLike[str]) -> Scenario:
    """Load a shipped scenario by its name, or a scenario file by its path.

    A text that ends in ``.yaml`` or ``.yml``, has a slash in it, or is a file here, is a path; anything else is a name. The graph of a
    scenario that `write_graph` wrote is read as well.

    Parameters
    ----------
    name_or_path : str or path
        Name of a shipped scenario, or path of a scenario file.

    Returns
    -------
    Scenario
        Checked as a whole.

    Raises
    ------
    ScenarioError
        When the file has mistakes: all of them at once, each with its line and column.
    UsageError
        When there is no such scenario.

    Examples
    --------
    >>> load("beer_game").horizon
    36
    """
    if not isinstance(name_or_path, str | os.PathLike):
        raise UsageError(f"expected the name of a scenario or the path of its file, got {type(name_or_path).__name__}")
    text = os.fspath(name_or_path)
    if text.lower().endswith(LISTS):
        raise UsageError(f"{text} is a table, no scenario; a list of who sells to whom becomes one by `chainwright import {text}`, or by read_edges")
    refuse_long(text)
    looks_like_path = not isinstance(name_or_path, str) or text.lower().endswith((*_SUFFIXES, *FORMATS)) or "/" in text or os.sep in text
    if not looks_like_path and text in names():
        return Scenario.read(find(text))
    if looks_like_path or Path(text).is_file():
        if not Path(text).exists():
            raise UsageError(f"there is no file {text!r}")
        if holds_graph(Path(text)):
            return _of_graph(Path(text))
        return Scenario.read(Path(text))
    return Scenario.read(find(text))


def _of_graph(path: Path) -> Scenario:
    """The scenario that a graph was made of; other graphs lack too much."""
    from chainwright.network.graph_files import read_graph

    graph = read_graph(path)
    if REST not in graph.graph:
        made = f"cw.Scenario.from_graph(cw.read_graph({str(path)!r}), demand=4, item={{'on_hand': 20}}, policies=...).save('my_chain.yaml')"
        raise UsageError(f"{path} is a graph without demand and policies, which no scenario has written; say them in Python: {made}")
    return Scenario.from_graph(graph, path.stem)
