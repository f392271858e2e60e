"""Factors tried on a scenario before anything runs: paths that lead nowhere, and values of which not one can be."""

from __future__ import annotations

import copy
import itertools
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from chainwright.experiment.designs.factor import BASE, Factor
from chainwright.scenario import Scenario
from chainwright.scenario.change.settings import apply
from chainwright.scenario.paths import names_a_policy, split_path
from chainwright.words.errors import ScenarioError, UsageError, suggestion

Parts = tuple[str, ...]

# Combinations of the values of other factors under which a path is tried, before it is left to the points themselves.
MOST_SURROUNDINGS = 64
# Values of a factor that are tried, and whole points in which those that fail alone are tried again.
MOST_TRIED, MOST_POINTS = 5, 12
# What is said in a scenario and changes no run of a sweep.
IDLE = {
    "seed": "all points of a sweep share its seed; ask for more replications, or sweep again with another seed",
    **dict.fromkeys(("title", "description", "source", "chainwright", "variants"), "changes nothing in a run"),
    "tables": "tables are read when the file is loaded and cannot be varied; vary the entries themselves",
}


def check_factors(factors: Sequence[Factor], scenario: Scenario) -> None:
    """Try factors on a scenario.

    A path that is unknown or matches nothing, and a variant that is not there, is refused at once. A value that cannot be is refused
    only where every value of its factor is like that, alone and beside some values of the others; else its points fail one by one.

    Raises
    ------
    UsageError
        With everything that is wrong.

    Examples
    --------
    >>> import chainwright as cw
    >>> from chainwright.experiment.designs.factors import factors_of
    >>> check_factors(factors_of({"lanes.*.transport_tme": [1, 2]}), cw.load("beer_game"))
    Traceback (most recent call last):
    ...
    chainwright.words.errors.UsageError: factor 'lanes.*.transport_tme': a lane has no 'transport_tme'; did you mean 'transport_time'?
    """
    wrong = mistakes_of_factors(factors, scenario)
    if wrong:
        raise UsageError("\n".join(f"factor {name!r}: {message}" for name, message in wrong))


def mistakes_of_factors(factors: Sequence[Factor], scenario: Scenario) -> list[tuple[str, str]]:
    """What is wrong with factors on a scenario: the name of the factor, and a message."""
    found = [(factor.name, message) for factor in factors for message in _plainly_wrong(factor, scenario)]
    told = {name for name, _ in found}
    sound = [factor for factor in factors if factor.name not in told]
    trials = _Trials(sound, scenario)
    for factor in sound:
        wrong = trials.paths(factor)
        if wrong:
            told.add(factor.name)
        found += [(factor.name, message) for message in wrong]
    sound = [factor for factor in sound if factor.name not in told]
    crossing = _crossings(sound, trials.written)
    told |= {name for name, _ in crossing}
    found += crossing
    if not found:
        # Values are judged beside each other, so every path must lead somewhere first.
        found += [(factor.name, message) for factor in sound for message in trials.values(factor)]
    order = {factor.name: place for place, factor in enumerate(factors)}
    return sorted(dict.fromkeys(found), key=lambda pair: order[pair[0]])


def _plainly_wrong(factor: Factor, scenario: Scenario) -> list[str]:
    """What needs no trial: variants that are not there, and what changes no run."""
    found = []
    if factor.kind == "variant":
        unknown = [name for name in factor.values if name != BASE and name not in scenario.variants]
        found += [f"scenario {scenario.name!r} has no variant {name!r}{suggestion(name, (*scenario.variants, BASE))}" for name in unknown]
        if BASE in scenario.variants and BASE in factor.values:
            found.append(f"{BASE!r} means the scenario itself, and the scenario has a variant of that name; give the variant another")
    for path in factor.every_path:
        head = split_path(path)[0]
        if head in IDLE:
            found.append(f"{path}: {IDLE[head]}" if path != factor.name else IDLE[head])
    return found


class _Trials:
    """Tries paths and values of factors, beside what the others may make of the scenario."""

    def __init__(self, factors: Sequence[Factor], scenario: Scenario) -> None:
        self._factors = factors
        self._scenario = scenario
        self._documents: dict[str | None, dict[str, Any]] = {}
        # The concrete paths that each path writes, where it writes.
        self.written: dict[str, frozenset[Parts]] = {}

    def paths(self, factor: Factor) -> list[str]:
        """What is wrong with the paths of a factor, wherever the others lead."""
        found: list[str] = []
        for path in factor.every_path:
            first: str | None = None
            for value in _values_at(factor, path):
                for settings, variant in self._surroundings(factor):
                    wrong = self._written(path, value, settings, variant)
                    if wrong is None:
                        first = None
                        break
                    first = first or wrong
                else:
                    continue
                break
            if first is not None:
                found.append(first if path == factor.name else f"{path}: {first}")
        return found

    def _written(self, path: str, value: Any, settings: Mapping[str, Any], variant: str | None) -> str | None:
        """Note what a path writes; why it writes nothing, where it does not."""
        if variant not in self._documents:
            try:
                chosen = self._scenario if variant is None else self._scenario.variant(variant)
            except (ScenarioError, UsageError) as error:
                return str(error)
            self._documents[variant] = chosen.document
        # What is set is copied, what is around it is shared as long as nothing is set.
        try:
            origin = apply(_copied(self._documents[variant]), {**settings, path: value})
        except ScenarioError as error:
            told = [mistake for mistake in error.mistakes if mistake.place.file == path]
            return told[0].message if told else str(error.mistakes[0])
        self.written[path] = frozenset(parts for parts, said in origin.items() if said == path)
        return None

    def _surroundings(self, factor: Factor) -> Iterator[tuple[dict[str, Any], str | None]]:
        """What other factors may have made of the scenario before a path is set: nothing first, then one by one, then together."""
        yield {}, None
        others = [one for one in self._factors if one is not factor and one.structural]
        for one in others:
            for value in one.values:
                yield one.settings(value)
        if len(others) > 1:
            for values in itertools.islice(itertools.product(*[one.values for one in others]), MOST_SURROUNDINGS):
                yield _together(zip(others, values, strict=True))

    def values(self, factor: Factor) -> list[str]:
        """Why no value of a factor can be; empty where one can, alone or beside values of the others."""
        first: list[str] = []
        for value in _some(factor):
            wrong = self._tried(*factor.settings(value))
            if not wrong:
                return []
            first = first or wrong
        others = [one for one in self._factors if one is not factor]
        for number in range(MOST_POINTS if others else 0):
            pairs = [(one, values[number % len(values)]) for one in self._factors for values in [_some(one)]]
            wrong = self._tried(*_together(pairs))
            if not any(message.startswith(path) for message in wrong for path in factor.every_path):
                return []
        for values in itertools.islice(itertools.product(*[_some(one) for one in self._factors if one.structural]), MOST_POINTS):
            chosen = dict(zip([one.name for one in self._factors if one.structural], values, strict=True))
            for value in _some(factor):
                settings = _together((one, chosen.get(one.name, value)) for one in self._factors if one is factor or one.name in chosen)
                if not self._tried(*settings):
                    return []
        return [f"none of its values can be: {message}" for message in first]

    def _tried(self, settings: Mapping[str, Any], variant: str | None) -> list[str]:
        try:
            chosen = self._scenario if variant is None else self._scenario.variant(variant)
            if settings:
                chosen.with_(settings)
        except ScenarioError as error:
            return [str(mistake) for mistake in error.mistakes]
        except UsageError as error:
            return [str(error)]
        return []


def _together(pairs: Iterable[tuple[Factor, Any]]) -> tuple[dict[str, Any], str | None]:
    settings: dict[str, Any] = {}
    variant = None
    for factor, value in pairs:
        own, named = factor.settings(value)
        settings |= own
        variant = named or variant
    return settings, variant


def _some(factor: Factor) -> list[Any]:
    """A few values that stand for all: those listed, or places from one end of its range to the other."""
    if factor.listed:
        return list(factor.values)
    places = (0.5, 0.05, 0.95, 0.25, 0.75)[:MOST_TRIED]
    return list(dict.fromkeys(factor.at_all(places)))


def _values_at(factor: Factor, path: str) -> list[Any]:
    """Some values that a factor gives to one of its paths."""
    if factor.kind == "settings":
        return [settings[path] for settings in factor.meant.values() if path in settings][:MOST_TRIED]
    return _some(factor)[:MOST_TRIED]


def _copied(document: Mapping[str, Any]) -> dict[str, Any]:
    return copy.deepcopy(dict(document))


def _crossings(factors: Sequence[Factor], written: Mapping[str, frozenset[Parts]]) -> list[tuple[str, str]]:
    """Factors whose paths, spelt differently, write to the same place: refused where a later one leaves nothing of an earlier."""
    found = []
    for (one, other) in itertools.combinations(factors, 2):
        for first, later in itertools.product(one.every_path, other.every_path):
            before, after = written.get(first, frozenset()), written.get(later, frozenset())
            common = _overwritten(before, after)
            if not common or (names_a_policy(split_path(later)) and not names_a_policy(split_path(first))):
                continue
            if before == after:
                found.append((other.name, f"sets the same as {first} of factor {one.name!r}; leave one of the two out"))
            elif common == before:
                found.append((other.name, f"overwrites {first} of factor {one.name!r}; give it first, or leave one of the two out"))
            elif not _within(after, before):
                place = ".".join(sorted(common)[0])
                found.append((other.name, f"and factor {one.name!r} both set {place}, and neither is the more special; name places one by one"))
    return found


def _overwritten(before: frozenset[Parts], after: frozenset[Parts]) -> frozenset[Parts]:
    """What was written before and is written again, itself or something around it."""
    return frozenset(parts for parts in before if any(parts[:size] in after for size in range(1, len(parts) + 1)))


def _within(after: frozenset[Parts], before: frozenset[Parts]) -> bool:
    """Whether all that is written later lies within what was written before."""
    return all(any(parts[:size] in before for size in range(1, len(parts) + 1)) for parts in after)
