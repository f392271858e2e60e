"""From the policies of a blueprint to cohorts: who decides what, level by level, in a union of runs."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from chainwright.network.points import Points
from chainwright.network.structure import key_of
from chainwright.network.takeovers import Agents, Takeover, carve
from chainwright.phases.ground import Ground
from chainwright.policies.base import Policy, policies_for
from chainwright.policies.cohort import Cohort, CohortView, compact
from chainwright.policies.nobody import NOBODY
from chainwright.policies.partners import ManagingView, Shown
from chainwright.policies.visibility import unseen
from chainwright.state.view import Later, View, view_class
from chainwright.words.declarations import Decision
from chainwright.words.errors import UsageError, suggestion
from chainwright.words.subjects import DECISIONS, SCHEMA, SHAPES

Parameters = dict[str, Any]
COLUMN_KINDS = ("float", "int", "bool")
# The memory in which a policy counts its observations, where it does.
AGE = "age"
DTYPE_OF_KIND = {"float": np.float64, "int": np.int64, "bool": np.bool_}


class Deciders:
    """Makes the cohorts of a world.

    Parameters
    ----------
    world : Ground
        With its tables and levels.
    points : Points
        The blueprints of the union, whose policies decide.
    layouts, places : mapping
        By table, where the rows of one run lie in the union, and where the rows of the file lie in one run.
    agents : Agents, optional
        Who takes decisions over from the policies.
    """

    def __init__(self, world: Ground, points: Points, layouts: Mapping[str, Any], places: Mapping[str, Any], agents: Agents | None = None) -> None:
        visibility = points.first.visibility
        self.world = world
        self.points = points
        self.agents = agents
        self.visibility = visibility
        self.layouts = layouts
        self.places = places
        self.takeovers: Sequence[Takeover] = []
        self.classes: dict[tuple[str, str, type[View]], type[View]] = {}
        world.shown = Shown(world.items, visibility)

    def cohorts(self) -> dict[str, list[list[Cohort]]]:
        """All cohorts, by decision and level; those of a decision that goes by no level in one list."""
        made: dict[str, list[list[Cohort]]] = {name: [[] for _ in self._stretches(one)] for name, one in DECISIONS.items()}
        taken: dict[int, Takeover] = {}
        if self.agents is not None:
            self.agents.enter(self.world, self.visibility)
            self.takeovers = self.agents.takeovers()
        for decision, declared in DECISIONS.items():
            own = [takeover for takeover in self.takeovers if takeover.decision == decision]
            for policy, rows, parameters, takeover in self._merged(declared, own):
                for number, stretch in enumerate(self._stretches(declared)):
                    inside = np.ones(len(rows), np.bool_) if stretch is None else (rows >= stretch.start) & (rows < stretch.stop)
                    if inside.any():
                        chosen = {name: value[inside] if isinstance(value, np.ndarray) else value for name, value in parameters.items()}
                        cohort = self._cohort(declared, policy, rows[inside], chosen, number)
                        if cohort is not None:
                            made[decision][number].append(cohort)
                            if takeover is not None:
                                taken[id(cohort)] = takeover
        for level_cohorts in (level_cohorts for levels in made.values() for level_cohorts in levels):
            # Neither the order of a file nor that in which seats are given decides who is asked first.
            level_cohorts.sort(key=lambda cohort: int(cohort.index.min()))
        if self.agents is not None:
            # An agent that is made now may ask for the policies.
            self.world.cohorts = made
            for cohort in (cohort for levels in made.values() for level_cohorts in levels for cohort in level_cohorts):
                if id(cohort) in taken:
                    cohort.substitute = self.agents.substitute(self.world, cohort, taken[id(cohort)])
        return made

    def _stretches(self, decision: Decision) -> list[slice | None]:
        """The items of each level, for a decision that goes by levels; else None, once."""
        return [level.items for level in self.world.levels] if decision.level else [None]

    def _merged(
        self, decision: Decision, takeovers: list[Takeover]
    ) -> list[tuple[type[Policy], NDArray[np.int32], Parameters, Takeover | None]]:
        """Choices that differ only in numbers become one: their numbers become columns; what is taken over stays apart."""
        groups: dict[Any, list[tuple[NDArray[Any], Parameters]]] = {}
        known = {**policies_for(decision.name), **NOBODY}
        place = self.places[decision.keyed]
        for choices, runs in self.points.parts(lambda one: one.policies.get(decision.name, []), key_of):
            for choice, number in carve(choices, takeovers, len(place)):
                if choice.policy not in known:
                    raise UsageError(f"{decision.name}: no policy is called {choice.policy!r}{suggestion(choice.policy, known)}")
                given = self._all_parameters(known[choice.policy], choice.parameters)
                signature = (choice.policy, number, *_signature(known[choice.policy], given))
                # One line per run.
                rows = self.layouts[decision.keyed].where(place[np.asarray(choice.rows)], runs)
                groups.setdefault(signature, []).append((rows, given))
        merged = []
        for signature, members in groups.items():
            policy = known[signature[0]]
            rows = np.concatenate([own.ravel() for own, _ in members])
            order = np.argsort(rows, kind="stable")
            parameters = {}
            for field in policy.parameters():
                values = [given[field.name] for _, given in members]
                if field.metadata["kind"] in COLUMN_KINDS and values[0] is not None:
                    parameters[field.name] = _as_parameter(values, [own for own, _ in members], field.metadata["kind"], order)
                else:
                    parameters[field.name] = values[0]
            takeover = takeovers[signature[1]] if signature[1] >= 0 else None
            merged.append((policy, rows[order].astype(np.int32), parameters, takeover))
        return merged

    @staticmethod
    def _all_parameters(policy: type[Policy], given: Mapping[str, Any]) -> Parameters:
        made: Parameters = {}
        for field in policy.parameters():
            if field.name in given:
                made[field.name] = given[field.name]
            elif field.default is not dataclasses.MISSING:
                made[field.name] = field.default
            elif field.default_factory is not dataclasses.MISSING:
                made[field.name] = field.default_factory()
            else:
                raise UsageError(f"policy {policy.name!r} needs {field.name!r}: {field.metadata['meaning']}")
        unknown = [name for name in given if name not in made]
        if unknown:
            raise UsageError(f"policy {policy.name!r} has no parameter {unknown[0]!r}{suggestion(unknown[0], made)}")
        return made

    def _cohort(self, decision: Decision, policy: type[Policy], rows: NDArray[np.int32], parameters: Parameters, number: int) -> Cohort | None:
        for what, remedy in unseen(policy, parameters, self.visibility):
            raise UsageError(f"{decision.name}: {what}; say {remedy}")
        table = getattr(self.world, decision.table)
        index = rows
        if decision.via:
            index, owner = self._rows_of(decision, rows, number)
            if not len(index):
                return None
            parameters = {
                name: value[np.searchsorted(rows, owner)] if isinstance(value, np.ndarray) else value for name, value in parameters.items()
            }
        group: NDArray[np.int32] | None = None
        groups = 0
        if decision.group:
            members, number_of_group = np.unique(table[decision.group][index], return_inverse=True)
            group, groups = np.asarray(number_of_group, np.int32), len(members)

        def view_of(some: NDArray[np.int32]) -> CohortView:
            return self._managed(decision.name, policy, some) if policy.decided_by == "seller" else self._own(decision, some)

        def coordinates() -> tuple[int, NDArray[Any], NDArray[Any], NDArray[Any]]:
            run = table.run[index]
            return self.world.seed, self.world.runs.number[run], self.world.runs.branch[run], table.coordinate[index]

        return Cohort(decision.name, policy(**parameters), index, view_of(index), coordinates, group, groups, view_of)

    def _own(self, decision: Decision, rows: NDArray[np.int32]) -> CohortView:
        """What whoever decides about some rows sees of them: all that its enterprise may see, and of partners what they show."""
        view: CohortView
        if not decision.end:
            view = self._view(decision.table, "own", CohortView, compact(rows), self._links_of(decision.table, rows))
            return view
        links = {}
        # Which key leads to the partner.
        partners = {path.split(".")[0] for end, path in SHAPES[decision.table].owner.items() if end != decision.end}
        for key, target in SHAPES[decision.table].targets.items():
            column = getattr(self.world, decision.table)[key]
            if key in partners:
                links[key] = Later(partial(self._followed, target, "partner", column, rows))
            else:
                links[key] = Later(partial(self._followed, target, "own", column, rows))
        view = self._view(decision.table, decision.end, CohortView, compact(rows), links)
        return view

    def alone(self, cohort: Cohort, row: int, number: int) -> Cohort:
        """A cohort of one of the items of a cohort, with its parameters and a copy of what is remembered of it: for looking at one decision.

        Parameters
        ----------
        cohort : Cohort
            That decides about items.
        row : int
            The item.
        number : int
            Number of its level.
        """
        place = int(np.searchsorted(cohort.index, row))
        given = {field.name: getattr(cohort.policy, field.name) for field in cohort.policy.parameters()}
        parameters = {name: value[place].item() if isinstance(value, np.ndarray) else value for name, value in given.items()}
        one = self._cohort(DECISIONS[cohort.decision], type(cohort.policy), cohort.index[place : place + 1], parameters, number)
        assert one is not None
        one.memory = {name: kept[..., place : place + 1].copy() for name, kept in cohort.memory.items()}
        return one

    def _managed(self, decision: str, policy: type[Policy], rows: NDArray[np.int32]) -> CohortView:
        """What the sellers of some items see, who decide about them: of the items what partners are shown, and all of their own."""
        items, lanes = self.world.items, self.world.lanes
        active = np.flatnonzero(lanes.trading)
        sellers = np.bincount(lanes.buyer[active], minlength=items.rows)[rows]
        for row, count in zip(rows[sellers != 1][:1].tolist(), sellers[sellers != 1][:1].tolist(), strict=True):
            name = f"{self.world.enterprises.name[items.enterprise[row]]}/{self.world.products.name[items.product[row]]}"
            buys = f"{name} buys over {count} active lanes" if count else f"{name} has no active lane"
            raise UsageError(f"{decision}: policy {policy.name!r} lets the one seller of an item decide, but {buys}; expected one")
        of_buyer = np.zeros(items.rows, np.int32)
        of_buyer[lanes.buyer[active]] = active
        over = of_buyer[rows]
        links = {
            "enterprise": self._view("enterprises", "manager", View, items.enterprise[rows]),
            "product": self._view("products", "manager", View, items.product[rows]),
            "lane": self._view("lanes", "seller", View, over),
            "seller": self._view("items", "own", ManagingView, lanes.seller[over]),
        }
        view: CohortView = self._view("items", "manager", CohortView, compact(rows), links)
        return view

    def _links_of(self, table: str, rows: NDArray[np.int32]) -> dict[str, Any]:
        """What the foreign keys of an enterprise's own rows lead to."""
        held = getattr(self.world, table)
        return {key: Later(partial(self._followed, target, "own", held[key], rows)) for key, target in SHAPES[table].targets.items()}

    def _followed(self, table: str, eyes: str, keys: NDArray[Any], rows: NDArray[np.int32]) -> Any:
        """The rows that a foreign key names; one's own lead on, those of partners do not."""
        named = keys[rows]
        return self._view(table, eyes, View, named, self._links_of(table, named) if eyes == "own" else None)

    def _rows_of(self, decision: Decision, rows: NDArray[np.int32], number: int) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
        """The rows that are decided with some rows, and which of those each belongs to; lanes in the order of their partners' names."""
        if decision.level:
            level = self.world.levels[number]
            sold = np.arange(level.sold.start, level.sold.stop)
            asked = level.bought if decision.via == "buyer" else sold
        else:
            asked = np.arange(getattr(self.world, decision.table).rows)
        owner = getattr(self.world, decision.table)[decision.via][asked]
        wanted = np.isin(owner, rows)
        return asked[wanted].astype(np.int32), owner[wanted].astype(np.int32)

    def _view(self, table: str, eyes: str, base: type[View], rows: Any, links: Mapping[str, Any] | None = None) -> Any:
        key = (table, eyes, base)
        if key not in self.classes:
            self.classes[key] = view_class(SCHEMA, table, eyes, self.visibility, base)
        return self.classes[key](self.world, getattr(self.world, table), rows, links)


def _signature(policy: type[Policy], given: Parameters) -> tuple[Any, ...]:
    """What keeps two choices apart: parameters that cannot be columns, and which of the others are left open."""
    parts: list[Any] = []
    for field in policy.parameters():
        value = given[field.name]
        if field.metadata["kind"] in COLUMN_KINDS:
            parts.append(value is None)
        else:
            parts.append(repr(value))
    return tuple(parts)


def _as_parameter(values: Sequence[Any], rows: Sequence[NDArray[Any]], kind: str, order: NDArray[Any]) -> Any:
    """One number where all rows agree, else a column over the union; `rows` has, for each value, one line per run."""
    given: list[NDArray[Any]] = [np.asarray(value, DTYPE_OF_KIND[kind]) for value in values]
    first = given[0].flat[0]
    if all(bool((value == first).all()) for value in given):
        return first.item()
    return np.concatenate([np.broadcast_to(value, own.shape).ravel() for value, own in zip(given, rows, strict=True)])[order]


def transfer_memory(old: Mapping[str, list[list[Cohort]]], new: Mapping[str, list[list[Cohort]]], world: Ground) -> None:
    """Give new cohorts the memory of the old ones, row by row, where the policy is the same (after a change in mid-run)."""
    shortest: dict[int, int] = {}
    for decision, levels in new.items():
        size = getattr(world, DECISIONS[decision].table).rows
        before = [cohort for level in old[decision] for cohort in level]
        for cohort in (cohort for level in levels for cohort in level):
            for name, kept in cohort.memory.items():
                for former in before:
                    if type(former.policy) is not type(cohort.policy):
                        continue
                    where = np.full(size, -1)
                    where[former.index] = np.arange(len(former.index))
                    source = where[cohort.index]
                    known = source >= 0
                    kept_periods = _copy(former.memory[name], kept, source, known, cohort.view.period)
                    if kept_periods is not None and AGE in cohort.memory:
                        # A ring that was shorter holds fewer observations than have been made.
                        shortest[id(cohort)] = min(shortest.get(id(cohort), kept_periods), kept_periods)
            if id(cohort) in shortest:
                np.minimum(cohort.memory[AGE], shortest[id(cohort)], out=cohort.memory[AGE])


def _copy(old: NDArray[Any], new: NDArray[Any], source: NDArray[Any], known: NDArray[np.bool_], period: int) -> int | None:
    """Copy what is remembered; the number of values kept where the new ring is longer than the old one, else None."""
    # A single column is a ring of width 1: what it holds is of the period before.
    old, new = np.atleast_2d(old), np.atleast_2d(new)
    # The youngest values of both rings stand just before the column of the current period.
    width = min(len(old), len(new))
    for age in range(1, width + 1):
        new[(period - age) % len(new), known] = old[(period - age) % len(old), source[known]]
    return width if len(new) > len(old) else None
