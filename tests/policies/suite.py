"""The suite that every policy inherits: row = column, deterministic, changes nothing, sensible at the edges, a card."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from typing import Any, ClassVar

import numpy as np
import pytest

from chainwright.policies.base import Policy, policies_for
from chainwright.words.subjects import DECISIONS
from tests.policies.sample_view import SampleView, item_view, lane_view

COLUMN_KINDS = ("float", "int", "bool")
LANE_FAMILIES = ("sellers", "allocation")
SEEDS = range(6)
PERIODS = 12
ROWS = 23


def bits(value: Any) -> bytes:
    """The bits of a value, as 64-bit floats."""
    return np.asarray(value, dtype=np.float64).tobytes()


def parted(answer: Any) -> tuple[Any, dict[str, Any]]:
    """A policy's answer as the decision and what is to be remembered and written."""
    if isinstance(answer, tuple) and len(answer) == 2 and isinstance(answer[1], dict):
        return answer
    return answer, {}


class PolicySuite:
    """Subclass it, name the policy and give examples of its parameters; an array stands for a column of parameters.

    Attributes
    ----------
    policy : class
        The policy.
    examples : list of dict
        Parameters to test with, between them every branch of the policy. An array is repeated over the rows.
    non_negative : bool
        Whether the decision can never be negative, whatever the view shows.
    """

    policy: ClassVar[type[Policy]]
    examples: ClassVar[list[dict[str, Any]]] = [{}]
    non_negative: ClassVar[bool] = True

    # --- how to make a policy and a view ----------------------------------------------------------------------

    def made(self, example: dict[str, Any], rows: Any = ROWS) -> Policy:
        """The policy for some rows: a number of them, or an index."""
        index = np.arange(rows) if isinstance(rows, int) else rows
        columns = {name: np.resize(value, ROWS)[index] if isinstance(value, np.ndarray) else value for name, value in example.items()}
        return self.policy(**columns)

    def made_for_row(self, example: dict[str, Any], row: int) -> Policy:
        """The policy for one row, its parameters Python numbers."""
        return self.policy(
            **{name: np.resize(value, ROWS)[row].item() if isinstance(value, np.ndarray) else value for name, value in example.items()}
        )

    def view(self, seed: int, period: int = 1, rows: int = ROWS) -> SampleView:
        """A random view that fits the policy's family."""
        if self.policy.family in LANE_FAMILIES:
            return lane_view(seed, rows=rows, period=period)
        return item_view(seed, rows=rows, shared_demand=seed % 2 == 1, period=period)

    def history(self, seed: int) -> Iterator[SampleView]:
        """The random views of some periods one after the other, without memory."""
        for period in range(1, PERIODS + 1):
            yield self.view(seed, period)

    def cases(self) -> Iterator[tuple[dict[str, Any], int]]:
        """Every example with every seed."""
        for example in self.examples:
            for seed in SEEDS:
                yield example, seed

    def run(self, policy: Policy, views: list[SampleView]) -> list[tuple[Any, dict[str, Any]]]:
        """The answers of a policy over some periods, its memory carried on."""
        answers = []
        views[0].remember_first(policy)
        memory = views[0]._memory
        for view in views:
            view._memory = memory
            answer = parted(policy(view))
            view.remember(answer[1])
            memory = view._memory
            answers.append(answer)
        return answers

    # --- the card ---------------------------------------------------------------------------------------------

    def test_has_a_card(self) -> None:
        policy = self.policy
        assert (policy.__doc__ or "").strip().endswith(".")
        assert policy.formula
        assert policy.source
        assert policy.name == policy.name.lower().replace(" ", "_")
        decisions = [decision for decision, one in DECISIONS.items() if one.family == policy.family]
        assert all(policies_for(decision)[policy.name] is policy for decision in decisions)

    def test_parameters_have_meanings_and_sound_defaults(self) -> None:
        for field in self.policy.parameters():
            card = field.metadata
            assert card["meaning"], field.name
            assert card["unit"], field.name
            assert card["kind"] in (*COLUMN_KINDS, "list", "str", "series"), field.name
            default = field.default
            if default is dataclasses.MISSING or default is None:
                continue
            if card["choices"]:
                assert default in card["choices"], field.name
            elif card["kind"] in ("float", "int"):
                assert card["minimum"] <= default <= card["maximum"], field.name

    def test_memory_has_meanings(self) -> None:
        names = {field.name for field in self.policy.parameters()}
        for name, memory in self.policy.remembers.items():
            assert memory.meaning, name
            assert not isinstance(memory.width, str) or memory.width in names, name

    def test_examples_are_no_mistakes(self) -> None:
        for example in self.examples:
            assert self.policy.mistakes(example) == []

    def test_is_frozen(self) -> None:
        policy = self.made(self.examples[0])
        with pytest.raises(dataclasses.FrozenInstanceError):
            policy.name = "other"  # type: ignore[misc]

    # --- how it behaves ---------------------------------------------------------------------------------------

    def test_answers_only_what_it_may(self) -> None:
        for example, seed in self.cases():
            for _, news in self.run(self.made(example), list(self.history(seed))):
                assert set(news) <= set(self.policy.remembers) | set(self.policy.writes)

    def test_is_deterministic(self) -> None:
        for example, seed in self.cases():
            first = self.run(self.made(example), list(self.history(seed)))
            again = self.run(self.made(example), list(self.history(seed)))
            for (one, news), (other, other_news) in zip(first, again, strict=True):
                assert bits(one) == bits(other)
                assert {name: bits(value) for name, value in news.items()} == {name: bits(value) for name, value in other_news.items()}

    def test_changes_neither_view_nor_itself(self) -> None:
        for example, seed in self.cases():
            policy = self.made(example)
            view = self.view(seed)
            view.remember_first(policy)
            view.freeze()
            before, own = view.fingerprint(), {field.name: bits_or_value(getattr(policy, field.name)) for field in policy.parameters()}
            policy(view)
            assert view.fingerprint() == before
            assert {field.name: bits_or_value(getattr(policy, field.name)) for field in policy.parameters()} == own

    def test_some_rows_alone_are_the_same(self) -> None:
        """Any part of a cohort gets the same bits as the whole, whatever the others' parameters and rings."""
        for example, seed in self.cases():
            views = list(self.history(seed))
            index = self.parts(views[0])
            if views[0].group is not None:
                # Groups of lanes are other ones in each period of the history: look at the first alone.
                views = views[:1]
            whole = self.run(self.made(example), views)
            part = self.run(self.made(example, index), [view.select(index) for view in views])
            for (answer, news), (own, own_news) in zip(whole, part, strict=True):
                assert bits(np.asarray(answer, dtype=np.float64)[..., index]) == bits(own)
                assert set(news) == set(own_news)
                for name, value in news.items():
                    assert bits(np.broadcast_to(value, ROWS)[index]) == bits(np.broadcast_to(own_news[name], len(index))), name

    def parts(self, view: SampleView) -> np.ndarray:
        """Some of the rows; of lanes whole groups."""
        if view.group is None:
            return np.flatnonzero(np.arange(ROWS) % 3 != 1)
        return np.flatnonzero(view.group % 2 == 0)

    def test_no_rows_are_no_trouble(self) -> None:
        for example in self.examples:
            policy = self.made(example, np.zeros(0, np.int64))
            if any(isinstance(memory.width, str) and isinstance(getattr(policy, memory.width), np.ndarray) for memory in policy.remembers.values()):
                continue
            answer = self.run(policy, [self.view(1, rows=0)])[0][0]
            assert np.asarray(answer)[..., :].shape[-1] == 0

    def test_is_sensible_at_the_edges(self) -> None:
        for example, seed in self.cases():
            for answer, news in self.run(self.made(example), list(self.history(seed))):
                self.check_answer(answer)
                for name, value in news.items():
                    assert np.isfinite(value).all(), name

    def check_answer(self, answer: Any) -> None:
        """A number per row that makes sense."""
        values = np.asarray(answer, dtype=np.float64)
        assert values.shape == (ROWS,)
        assert np.isfinite(values).all()
        if self.non_negative:
            assert (values >= 0.0).all()


def bits_or_value(value: Any) -> Any:
    """Something to compare a parameter by."""
    return value.tobytes() if isinstance(value, np.ndarray) else value


class ItemPolicySuite(PolicySuite):
    """For policies that decide for items: one row as Python numbers gives the bits of the column."""

    def test_row_is_column(self) -> None:
        for example, seed in self.cases():
            views = list(self.history(seed))
            columns = self.run(self.made(example), views)
            for row in range(0, ROWS, 4):
                own = self.run(self.made_for_row(example, row), [view.row(row) for view in self.history(seed)])
                for (answer, news), (number, own_news) in zip(columns, own, strict=True):
                    assert bits(answer[row]) == bits(number)
                    assert set(news) == set(own_news)
                    for name, value in news.items():
                        assert bits(np.broadcast_to(value, ROWS)[row]) == bits(own_news[name]), name


    def test_its_explanation_ends_with_its_decision(self) -> None:
        """Told of one row, as numbers or as columns of length 1, the last step has the bits of the decision."""
        for example, seed in self.cases():
            for row in range(0, ROWS, 7):
                for one, policy in (
                    (lambda view, row=row: view.row(row), self.made_for_row(example, row)),
                    (lambda view, row=row: view.select(np.array([row])), self.made_for_row(example, row)),
                ):
                    views = [one(view) for view in self.history(seed)]
                    views[0].remember_first(policy)
                    memory = views[0]._memory
                    for view in views:
                        view._memory = memory
                        answer = parted(policy(view))
                        steps = policy.explain(view, answer[0])
                        assert bits(steps[-1].value) == bits(np.asarray(answer[0]).reshape(-1)[0]), (example, seed, row, view.period, steps)
                        self.check_steps(steps)
                        view.remember(answer[1])
                        memory = view._memory

    def check_steps(self, steps: Any) -> None:
        """Words for people, numbers for programs."""
        for step in steps:
            assert step.words
            assert step.unit
            assert step.value is None or type(step.value) is float
            assert "np.float" not in step.formula
            assert "nan" not in step.formula


class LanePolicySuite(PolicySuite):
    """For policies that decide for lanes: whole ranks from 0, weights that can be shared by, one group as many."""

    def check_answer(self, answer: Any) -> None:
        rank, weight = answer
        assert np.asarray(rank).shape == (ROWS,)
        assert np.issubdtype(np.asarray(rank).dtype, np.integer)
        assert (np.asarray(rank) >= 0).all()
        assert np.isfinite(weight).all()
        assert np.asarray(weight).shape == (ROWS,)
        assert (np.asarray(weight) >= 0.0).all()

    def test_one_group_is_many_groups(self) -> None:
        for example, seed in self.cases():
            view = self.view(seed)
            rank, weight = self.made(example)(view)
            for group in range(int(view.group.max()) + 1):
                index = np.flatnonzero(view.group == group)
                own_rank, own_weight = self.made(example, index)(view.select(index))
                assert own_rank.tolist() == rank[index].tolist()
                assert bits(own_weight) == bits(weight[index])
