"""Scenario files that somebody uploads: read as text from an empty folder, their size known before anything is made of them."""

from __future__ import annotations

import contextlib
import copy
import re
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from chainwright.app.visualiser.serving.limits import Limits, Size, check_size, size
from chainwright.scenario import Scenario, keys
from chainwright.scenario.change.settings import apply
from chainwright.scenario.check.all_mistakes import examine
from chainwright.scenario.documents import Document, Path_, dotted_path
from chainwright.scenario.read.yaml_file import read_document
from chainwright.scenario.resolve.generated import files_of
from chainwright.words.errors import Mistake, Place, ScenarioError, UsageError

# What a name of a scenario is not made of.
_UNSAFE = re.compile(r"[^\w .()+-]")
# What a browser puts in place of bytes that are no UTF-8, and what text of two bytes a letter is full of.
_UNREAD = re.compile("\ufffd|\\A.?\x00")
# Of more mistakes than this nobody reads the last; they are counted.
MOST_MISTAKES = 200


def name_of(file: str) -> str:
    """What a scenario from an uploaded file is called: the name of the file, without folder and suffix.

    Examples
    --------
    >>> name_of("../../My chain.yaml"), name_of("")
    ('My chain', 'scenario')
    """
    stem = re.split(r"[\\/]", file)[-1]
    stem = re.sub(r"\.ya?ml\Z", "", stem, flags=re.IGNORECASE)
    return _UNSAFE.sub("_", stem).strip(". ")[:60] or "scenario"


def read_upload(name: str, text: str, limits: Limits) -> Scenario:
    """The scenario that an uploaded text says.

    Nothing of this machine is read for it: tables, series and files of a population are refused in words, and the folder in which
    they would be looked for is empty.

    Raises
    ------
    ScenarioError
        With all mistakes, each with its line and column.
    UsageError
        When it is too large, as a text or as a network.
    """
    refuse_encoding(name, text)
    length = len(text.encode("utf-8", "surrogatepass"))
    if length > limits.upload_bytes:
        raise UsageError(f"{name} has {length / 1e6:.1f} MB; files of up to {limits.upload_bytes / 1e6:.0f} MB can be opened here")
    called = name_of(name)
    with tempfile.TemporaryDirectory(prefix="chainwright-upload-") as folder:
        # No real path is told to the page.
        document = read_document(Path(folder) / f"{called}.yaml", text)
        refuse_files(document)
        check_effort(document.data, called, limits)
        mistakes, _ = examine(document, anew=False)
        if mistakes:
            raise ScenarioError(mistakes)
        check_document(document.data, called, limits)
        return Scenario.from_read(document, called)


def refuse_encoding(name: str, text: str) -> None:
    """Refuse what a browser has read as UTF-8 though it is none, at the first letter that it could not read.

    Raises
    ------
    ScenarioError
        With its line and column.
    """
    if (found := _UNREAD.search(text)) is None:
        return
    line, column = text.count("\n", 0, found.start()) + 1, found.start() - text.rfind("\n", 0, found.start())
    raise ScenarioError([Mistake("the file is no UTF-8 text; save it with the encoding UTF-8 and open it again", Place(name, line, column))])


def refuse_files(document: Document) -> None:
    """Refuse everything that would read a file.

    Raises
    ------
    ScenarioError
        With each place where a file is named.
    """
    data = document.data
    said = "an uploaded file cannot read {what}; {instead}, or start `chainwright app` with the file itself"
    mistakes = []
    if data.get("tables"):
        words = said.format(what="tables beside it", instead="write the entries into the file")
        mistakes.append(Mistake(words, document.place(("tables",), value=False), "tables"))
    section = data.get("population")
    for key in {**files_of(section), **({"file": ""} if isinstance(section, Mapping) and "file" in section else {})}:
        words = said.format(what="a list of edges", instead="write enterprises and lanes into the file")
        mistakes.append(Mistake(words, document.place(("population", key)), f"population.{key}"))
    for path in _named_files(data):
        words = said.format(what="a series from a file", instead="write its numbers as `values`")
        mistakes.append(Mistake(words, document.place(path), dotted_path(path)))
    if mistakes:
        raise ScenarioError(mistakes)


def _named_files(data: Mapping[str, Any]) -> Iterator[Path_]:
    """Every key ``file`` in what is no network's or population's own, and every setting that would put one there."""
    waiting: list[tuple[Path_, Any]] = [((head,), data[head]) for head in data if head not in ("tables", "population", "products")]
    while waiting:
        path, one = waiting.pop()
        if isinstance(one, Mapping):
            for key, value in one.items():
                last = str(key).replace('"', "").replace("'", "").strip().rpartition(".")[2]
                if last == "file" or last.endswith("_file") or (path[0] in ("variants", "interventions") and str(key).startswith("tables")):
                    yield (*path, key)
                else:
                    waiting.append(((*path, key), value))
        elif isinstance(one, list):
            waiting += [((*path, number), value) for number, value in enumerate(one)]


def check_document(data: Mapping[str, Any], what: str, limits: Limits, known: Size | None = None) -> None:
    """Refuse a scenario whose network or horizon is too large, before anything is made of it; `known` is its size where it was counted.

    Raises
    ------
    UsageError
        With what is too large and what to do.
    """
    check_size(size(data) if known is None else known, limits, what)
    horizon = data.get("horizon")
    if isinstance(horizon, int | float) and horizon > limits.horizon:
        raise UsageError(f"{what} has {horizon:,.0f} periods, and {limits.horizon:,} are the most that are played here; set a shorter horizon")


def check_effort(data: Mapping[str, Any], what: str, limits: Limits) -> None:
    """Refuse a file whose variants and interventions would let it be checked far too often: each lets all of it be checked again.

    Raises
    ------
    UsageError
        With how many there are and what to do.
    """
    sections = (data.get(section) for section in ("variants", "interventions"))
    variants, interventions = (len(section) if isinstance(section, Mapping | list) else 0 for section in sections)
    times = 1 + variants + interventions * (1 + variants)
    values = sum(1 for _ in _values(data))
    if times * values > limits.checks:
        raise UsageError(
            f"{what} has {variants:,} variants and {interventions:,} interventions in a file of {values:,} values, which takes too long to check "
            "here; leave some out, or start `chainwright app` with the file itself"
        )


def _values(data: Any) -> Iterator[Any]:
    waiting = [data]
    while waiting:
        one = waiting.pop()
        yield one
        waiting += one.values() if isinstance(one, Mapping) else one if isinstance(one, list) else ()


def with_variant(data: Mapping[str, Any], variant: str | None) -> dict[str, Any]:
    """What a document says as one of its variants, not checked; as it is where there is no such variant."""
    said = copy.deepcopy(dict(data))
    settings = keys.parts(said, "variants").get(variant) if variant is not None else None
    # What is wrong with a variant is told by whoever makes it.
    with contextlib.suppress(ScenarioError, UsageError):
        apply(said, settings or {})
    return said


def as_mistakes(error: ScenarioError) -> list[dict[str, Any]]:
    """The first mistakes of a file as a page shows them; what is missing in the file as a whole is told where it begins."""
    first = error.mistakes[:MOST_MISTAKES]
    return [{"line": max(one.place.line, 1), "column": max(one.place.column, 1), "path": one.path, "message": one.message} for one in first]
