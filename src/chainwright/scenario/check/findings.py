"""Gathers the mistakes of a scenario, and what of it is sound enough to be looked at together."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from chainwright.scenario.check.rules import MOST_COMPARED, Rule, problem, unknown, unknown_key
from chainwright.scenario.documents import Document, Path_, dotted_path
from chainwright.scenario.resolve.generated import Grown
from chainwright.words.errors import Mistake, nearest

Item = tuple[str, str]  # enterprise, product
_NETWORK = {"products", "enterprises", "lanes", "recipes", "tables"}
MOST_COMPARISONS = 20_000  # of misspelt names with known ones, in one file


@dataclass
class Sound:
    """What of a document is sound: mistaken values, entries and rows are left out, so that nothing is told twice.

    `lanes` and `recipes` keep their numbers in the file. `policies` holds, by decision, key and product ("" where the entry is not
    given product by product), the sound entries; `doubtful` the enterprises of which something mistaken was said: what they lack may
    be what was meant there.
    """

    products: dict[str, dict[str, Any]] = field(default_factory=dict)
    enterprises: Mapping[str, str] = field(default_factory=dict)  # name -> role, "" where it is not known
    items: dict[Item, dict[str, Any]] = field(default_factory=dict)
    demands: set[Item] = field(default_factory=set)
    lanes: list[tuple[int, dict[str, Any]]] = field(default_factory=list)
    recipes: list[tuple[int, dict[str, Any]]] = field(default_factory=list)
    policies: dict[str, dict[str, dict[str, dict[str, Any]]]] = field(default_factory=dict)
    tags: set[str] = field(default_factory=set)
    grown: Grown | None = None  # the network that a population has made
    mistaken_entries: set[Path_] = field(default_factory=set)
    doubtful: set[str] = field(default_factory=set)
    unsure: set[str] = field(default_factory=set)  # sections that cannot be read, or whose key is misspelt
    all_doubtful: bool = False

    def doubt(self, name: Any) -> None:
        """Note that something mistaken was said of an enterprise, which may itself be misspelt."""
        if isinstance(name, str) and name in self.enterprises:
            self.doubtful.add(name)
        elif not self.all_doubtful and isinstance(name, str) and len(name) < 80 and len(self.enterprises) <= 500:
            meant = nearest(name, self.enterprises)
            self.doubtful.add(meant or "")
            self.all_doubtful = meant is None
        else:
            self.all_doubtful = True

    def knows_product(self, name: Any) -> bool:
        """Whether a product is declared, as far as can be told."""
        return name in self.products or "products" in self.unsure

    def knows_enterprise(self, name: Any) -> bool:
        """Whether an enterprise is declared, as far as can be told."""
        return name in self.enterprises or "enterprises" in self.unsure

    def certain(self, name: str) -> bool:
        """Whether nothing mistaken was said of an enterprise."""
        return not self.all_doubtful and not self.unsure & _NETWORK and name not in self.doubtful


class Findings:
    """The mistakes found so far in a document."""

    def __init__(self, document: Document) -> None:
        self.document = document
        self.mistakes: list[Mistake] = list(document.mistakes)
        self._told: set[tuple[Path_, str]] = set()
        self._comparisons = MOST_COMPARISONS
        # The largest quantity that is said, and where; and the same of each demand.
        self.largest: tuple[float, Path_] = (0.0, ())
        self.largest_of_demands: dict[Path_, tuple[float, Path_]] = {}

    def add(self, path: Iterable[str | int], message: str, value: bool = True) -> None:
        """Note a mistake, at the place of a path's value or of its key; the same one only once."""
        steps = tuple(path)
        if (steps, message) not in self._told:
            self._told.add((steps, message))
            self.mistakes.append(Mistake(message, self.document.place(steps, value), dotted_path(steps)))

    def unknown(self, path: Iterable[str | int], noun: str, word: Any, known: Collection[str], value: bool = True) -> None:
        """Note a word that names nothing; the nearest is looked for until that has taken long enough."""
        self.add(path, unknown(noun, word, self.compared(known)), value)

    def unknown_key(self, path: Path_, known: Collection[str]) -> str | None:
        """Note a key that means nothing at its place, and tell the nearest that does; looked for until that has taken long enough."""
        key, known = str(path[-1]), self.compared(known)
        self.add(path, unknown_key(key, known), value=False)
        return nearest(key, known) or nearest(key.lower(), known)

    def compared(self, known: Collection[str]) -> Collection[str]:
        """The words that one more misspelt word is to be compared with: the known ones, or none once that has taken long enough."""
        self._comparisons -= len(known) if len(known) <= MOST_COMPARED else MOST_COMPARISONS // 10
        return known if self._comparisons > 0 else ()

    def check(self, path: Path_, rule: Rule, value: Any) -> None:
        """Note what is wrong with a value, if anything; of a list of numbers, with each number."""
        if rule.kind == "numbers" and isinstance(value, list) and not 0 < rule.longest < len(value):
            one = replace(rule, kind="number")
            for number, element in enumerate(value):
                self.check((*path, number), one, element)
        elif wrong := problem(rule, value):
            self.add(path, wrong)
        elif rule.quantity:
            self.weigh(path, value)

    def weigh(self, path: Path_, value: Any) -> None:
        """Note how large a quantity is, or the largest of a list of them; a word that stands for quantities has no size."""
        if isinstance(value, str):
            return
        size = max((abs(one) for one in (value if isinstance(value, list) else [value])), default=0.0)
        if size > self.largest[0]:
            self.largest = (size, path)
        if "demand" in path:
            demand = path[: path.index("demand") + 1] if path[0] != "policies" else path[:3]
            if size >= self.largest_of_demands.get(demand, (0.0, path))[0]:
                self.largest_of_demands[demand] = (size, path)

    def entry(self, path: Path_, entry: Any, rules: Mapping[str, Rule], needed: tuple[str, ...] = ()) -> dict[str, Any] | None:
        """The sound values of one entry; mistakes of the others are noted. None where it is no mapping or lacks what is needed."""
        if not isinstance(entry, Mapping):
            self.add(path, str(problem(Rule("mapping"), entry)))
            return None
        sound = {}
        meant = set()
        for key, value in entry.items():
            rule = rules.get(key)
            if rule is None:
                meant.add(self.unknown_key((*path, key), rules))
                continue
            if problem(rule, value) is None:
                sound[key] = value
                if rule.quantity:
                    self.weigh((*path, key), value)
            else:
                self.check((*path, key), rule, value)
        for key in needed:
            # A misspelt key is one mistake, not two.
            if key not in entry and key not in meant:
                self.add(path, f"{key!r} is missing", value=False)
        return sound if all(key in sound for key in needed) else None
