"""The gallery: a card for each scenario that is shipped, made from its file without building its network."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

from chainwright._version import __version__
from chainwright.app.visualiser.serving.limits import Limits, check_size, size
from chainwright.app.visualiser.sharing.uploading import with_variant
from chainwright.app.visualiser.sources import GIVEN
from chainwright.network.levels import echelons
from chainwright.network.populations.base import Population, grow
from chainwright.report.layout import arrange
from chainwright.scenario import Scenario, keys, shipped
from chainwright.scenario.read.csv_tables import expand_tables
from chainwright.scenario.read.yaml_file import read_document
from chainwright.scenario.resolve.generated import files_of
from chainwright.words.errors import ChainwrightError, UsageError

# Beside the scenarios: what each teaches, in a sentence, and how hard it is. Who has no entry gets a card all the same.
LESSONS = "lessons.toml"
LEVELS = ("introductory", "intermediate", "advanced")
# Networks of up to so many enterprises are introductory, or intermediate, where nobody says anything else.
SMALL, MIDDLE = 8, 200
# Nodes of a drawing, at the most; of a larger network a small one of the same kind is drawn.
NODES = 40
# Parameters of populations that count enterprises, and those that make no sense for a few.
_COUNTS = ("customers", "retailers", "distributors", "manufacturers", "suppliers", "firms", "chains")
_FEW = {"products": 2, "industries": 4, "components_per_product": 2, "stages": 6}
_SENTENCE = re.compile(r"(.+?[.!?])(?:\s|\Z)", re.DOTALL)
LONGEST_LESSON = 220


def gallery(limits: Limits, given: Scenario | None = None) -> dict[str, Any]:
    """The packet of the gallery.

    Parameters
    ----------
    limits : Limits
        Of the server: what is too large is told on its card.
    given : Scenario, optional
        The one that the command line names, if it is none that is shipped; its card comes first.
    """
    cards = list(_shipped(limits))
    if given is not None:
        cards.insert(0, card(GIVEN + given.name, given.document, {}, limits) | {"given": True})
    return {"kind": "gallery", "scenarios": cards, "limits": limits.told(), "version": __version__}


@cache
def _shipped(limits: Limits) -> tuple[dict[str, Any], ...]:
    """The cards of the shipped scenarios, the easy ones first, in the order of the lessons; made once in a process."""
    folder = shipped.folder()
    lessons = read_lessons(folder / LESSONS)
    cards = []
    order = [*lessons, *(name for name in shipped.names() if name not in lessons)]
    for name in shipped.names():
        try:
            document = expand_tables(read_document(shipped.find(name)))
        except ChainwrightError:
            continue  # a file that cannot be read has no card; `chainwright check` says why
        cards.append(card(name, document.data, lessons.get(name, {}), limits, folder))
    return tuple(sorted(cards, key=lambda one: (LEVELS.index(one["level"]), order.index(one["name"]))))


def read_lessons(path: Path) -> dict[str, dict[str, str]]:
    """Lesson and level by scenario.

    Raises
    ------
    UsageError
        When a level is none.
    """
    if not path.is_file():
        return {}
    found: dict[str, dict[str, str]] = tomllib.loads(path.read_text(encoding="utf-8"))
    for name, one in found.items():
        if one.get("level", LEVELS[0]) not in LEVELS:
            raise UsageError(f"{path.name}: {name}: a level is one of {', '.join(LEVELS)}, not {one['level']!r}")
    return found


def card(name: str, data: Mapping[str, Any], said: Mapping[str, str], limits: Limits, folder: Path | None = None) -> dict[str, Any]:
    """One card: what a scenario is called and teaches, how large it is, and a small drawing."""
    populated = keys.populated(data)
    counts = _typical(data) if populated else {section: len(keys.parts(data, section)) for section in ("enterprises", "lanes", "products")}
    period = data.get("period", "day")
    made: dict[str, Any] = {
        "name": name,
        "title": str(data.get("title") or name),
        "lesson": said.get("lesson") or first_sentence(data.get("description")),
        "level": said.get("level") or _level(counts["enterprises"]),
        **counts,
        "about": populated,
        "horizon": int(data.get("horizon") or 0),
        "period_word": period if isinstance(period, str) and not period.replace(".", "").isdigit() else "period",
        "variants": [str(one) for one in keys.parts(data, "variants")],
    }
    too_large = {variant or "": _too_large(data, variant, limits) for variant in (None, *made["variants"])}
    made["too_large"] = too_large[""]
    # What can be opened of a scenario that is too large as it is.
    made["fitting"] = [variant for variant in made["variants"] if too_large[variant] is None]
    made["drawing"] = _drawing(data, folder)
    return made


def first_sentence(description: Any) -> str:
    """The first sentence of a description, in one line.

    Examples
    --------
    >>> first_sentence("Four seats in a row.\\nNobody sees more.")
    'Four seats in a row.'
    """
    text = " ".join(str(description[0] if isinstance(description, list) and description else description or "").split())
    found = _SENTENCE.match(text)
    sentence = found.group(1) if found else text
    return sentence if len(sentence) <= LONGEST_LESSON else sentence[:LONGEST_LESSON].rsplit(" ", 1)[0] + " …"


def _level(enterprises: float) -> str:
    return LEVELS[0] if enterprises <= SMALL else LEVELS[1] if enterprises <= MIDDLE else LEVELS[2]


def _too_large(data: Mapping[str, Any], variant: str | None, limits: Limits) -> str | None:
    try:
        check_size(size(with_variant(data, variant) if variant else data), limits, str(data.get("title") or "this network"))
    except UsageError as error:
        return str(error)
    return None


def _typical(data: Mapping[str, Any]) -> dict[str, int]:
    """How large a population is about, to two digits."""
    section: dict[str, Any] = dict(data["population"])
    if section.get("generator") == "layered" and "sellers_per_buyer" in section:
        section["most_sellers"] = section["sellers_per_buyer"]
    if section.get("generator") == "scale_free":
        section.setdefault("customers", int(section.get("firms", 1000)) // 2)
        section["degree"] = section.get("degree", 4.0) / 1.5  # the estimate leaves room above the mean
    found = size({"population": section})
    counts = {"enterprises": found.enterprises, "lanes": found.lanes, "products": float(section.get("products") or section.get("industries") or 1)}
    return {name: int(float(f"{count:.2g}")) if np.isfinite(count) else 0 for name, count in counts.items()}


# --- drawings ---------------------------------------------------------------------------------------------------


def _drawing(data: Mapping[str, Any], folder: Path | None) -> dict[str, Any]:
    """Positions, links and roles of a few dozen enterprises: those of the network, or of a small one of its kind."""
    try:
        if keys.populated(data):
            names, roles, pairs = _of_population(data["population"])
        else:
            names, roles, pairs = _of_document(data)
    except (ChainwrightError, TypeError, ValueError, KeyError, AttributeError):
        return {"position": [], "links": [], "roles": []}  # a card without a drawing is a card
    if len(names) > NODES or not names:
        return {"position": [], "links": [], "roles": []}
    upper, lower = (np.array([pair[end] for pair in pairs], np.int32) for end in (0, 1))
    heights, _ = echelons(len(names), upper, lower, np.array([role == "customer" for role in roles]))
    laid = arrange({row: int(height) for row, height in enumerate(heights)}, pairs)
    position = [[round(float(x), 2), round(float(y), 2)] for x, y in (laid.position[row] for row in range(len(names)))]
    return {"position": position, "links": [list(pair) for pair in pairs], "roles": roles}


def _of_document(data: Mapping[str, Any]) -> tuple[list[str], list[str], list[tuple[int, int]]]:
    firms = keys.parts(data, "enterprises")
    place = {name: row for row, name in enumerate(firms)}
    lanes = [(place[lane["seller"]], place[lane["buyer"]]) for lane in keys.parts(data, "lanes")]
    return list(firms), [str(one.get("role")) for one in firms.values()], list(dict.fromkeys(lanes))


def _of_population(section: Mapping[str, Any]) -> tuple[list[str], list[str], list[tuple[int, int]]]:
    """A network of the same generator with few enterprises."""
    if files_of(section):
        return [], [], []
    small = dict(section)
    if "firms" in section:
        small.setdefault("customers", section["firms"] // 3)
    counts = {name: float(value) for name, value in small.items() if name in _COUNTS and isinstance(value, int | float)}
    scale = min(1.0, 0.7 * NODES / max(sum(counts.values()), 1.0))
    small |= {name: max(2, round(count * scale)) for name, count in counts.items()}
    small |= {name: min(int(section[name]), few) for name, few in _FEW.items() if isinstance(section.get(name), int | float)}
    made: Population = grow({name: value for name, value in small.items() if value is not None})
    tables = made.tables
    owner = tables["items"]["enterprise"]
    pairs = zip(owner[tables["lanes"]["seller"]].tolist(), owner[tables["lanes"]["buyer"]].tolist(), strict=True)
    return [str(name) for name in tables["enterprises"]["name"]], [str(role) for role in tables["enterprises"]["role"]], list(dict.fromkeys(pairs))
