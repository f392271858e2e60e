"""All balances, invariants and rules of signs that are declared, and checking a balance period by period."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

import numpy as np
from numpy.typing import NDArray

from chainwright.metrics.declarations import MAY_LOSE, Balance, Invariant, SignRule, Term, is_on
from chainwright.metrics.trade.balances import TRADE_BALANCES, TRADE_INVARIANTS, TRADE_SIGN_RULES, TRADE_TERMS
from chainwright.metrics.unequal import LAST_DIGITS, TOLERANCE, unequal
from chainwright.state.totals import sum_by
from chainwright.words.subjects import FEATURES, SCHEMA, SHAPES

Floats = NDArray[np.float64]
_balances: dict[str, Balance] = {}
BALANCES: Mapping[str, Balance] = MappingProxyType(_balances)
_terms: dict[str, list[Term]] = {}
_invariants: dict[str, Invariant] = {}
INVARIANTS: Mapping[str, Invariant] = MappingProxyType(_invariants)
_sign_rules: dict[str, SignRule] = {}
SIGN_RULES: Mapping[str, SignRule] = MappingProxyType(_sign_rules)


def conserves(balance: Balance) -> None:
    """Add a balance behind those that are known; its terms follow.

    Raises
    ------
    ValueError
        When its name is taken, or names a table, a key, a feature or a balance that is not declared.
    """
    if balance.name in _balances:
        raise ValueError(f"balance {balance.name!r} is declared twice")
    if balance.table not in SHAPES:
        raise ValueError(f"balance {balance.name!r} is one of {balance.table!r}, which is no table that is declared")
    if unknown := [key for key in balance.by if key not in SHAPES[balance.table].keys]:
        raise ValueError(f"balance {balance.name!r}: {balance.table} have no key {unknown[0]!r}")
    if balance.beside and balance.beside not in _balances:
        raise ValueError(f"balance {balance.name!r} stands beside {balance.beside!r}, which is no balance declared before")
    _refuse_feature(f"balance {balance.name!r}", balance.feature)
    _balances[balance.name] = balance
    _terms[balance.name] = []


def balances(term: Term) -> None:
    """Add a term to a balance.

    Raises
    ------
    ValueError
        When it names a balance, a table, a column, a key or a feature that is not declared.
    """
    about = f"a term of {term.balance!r}"
    if term.balance not in _balances:
        raise ValueError(f"{about}: no such balance is declared")
    if isinstance(term.column, str) and (term.table, term.column) not in SCHEMA:
        raise ValueError(f"{about} is {term.table}.{term.column}, which is not declared")
    held = _balances[term.balance].table
    if (term.to or term.table != held) and SHAPES[term.table].keys.get(term.to) != held:
        raise ValueError(f"{about}: `to` must be a key by which a row of {term.table} names one of {held}, got {term.to!r}")
    _refuse_feature(about, term.feature)
    _terms[term.balance].append(term)


def holds(invariant: Invariant) -> None:
    """Add something else that must always hold.

    Raises
    ------
    ValueError
        When its name is taken, or names a feature that is not declared.
    """
    if invariant.name in _invariants:
        raise ValueError(f"invariant {invariant.name!r} is declared twice")
    _refuse_feature(f"invariant {invariant.name!r}", invariant.feature)
    _invariants[invariant.name] = invariant


def may_be_negative(rule: SignRule) -> None:
    """Say which rows of a table may have less than nothing.

    Raises
    ------
    ValueError
        When that is said already, or of no table that is declared.
    """
    if rule.table in _sign_rules or rule.table not in SHAPES:
        why = "there is one already" if rule.table in _sign_rules else "no such table is declared"
        raise ValueError(f"a rule of signs for {rule.table!r}: {why}")
    _sign_rules[rule.table] = rule


def _refuse_feature(about: str, feature: str) -> None:
    if feature not in ("", MAY_LOSE, *FEATURES):
        raise ValueError(f"{about} is of {feature!r}, which is no feature that is declared")


class Watch:
    """Checks one balance, period after period.

    Parameters
    ----------
    world : World
        Before the first period that is checked.
    balance : Balance
        Which.
    """

    def __init__(self, world: Any, balance: Balance) -> None:
        self.name = balance.name
        cell, self.cells = np.zeros(getattr(world, balance.table).rows, np.int64), 1
        for key in balance.by:
            count = max(getattr(world, SHAPES[balance.table].keys[key]).rows, 1)
            cell, self.cells = cell * count + getattr(world, balance.table)[key], self.cells * count
        self.cell = cell if balance.by else None
        self.rows = len(cell)
        # What is held, and how much of it there is whatever its sign; of what is rounded in the last digits also row by row.
        self.held, self.size, self.each = self._held(world)
        # How much has been held and has moved, against which the rounding of this and of others is measured.
        self.moved: Floats = self.size

    def check(self, world: Any, others: Mapping[str, Watch]) -> str | None:
        """Tell what is not conserved in the period that has just ended; None where all is."""
        balance = _balances[self.name]
        gained, spent = (self._sum(world, part)[0] for part in ("gained", "spent"))
        held, size, each = self._held(world)
        # Relative to what stood before, stands now and has moved in between; not to what has ever moved, which grows without end.
        stood = np.maximum(self.size, size)
        if balance.last_digits:
            stood = stood * (LAST_DIGITS / TOLERANCE) + self._grouped([np.abs(now - then) for now, then in zip(each, self.each, strict=True)], world)
        self.moved = stood + np.abs(gained) + np.abs(spent)
        beside = others[balance.beside].moved if balance.beside else 0.0
        told = unequal(held - self.held, gained - spent, self.moved + beside, self.name)
        self.held, self.size, self.each = held, size, each
        return told

    def _terms(self, part: str) -> list[Term]:
        return [term for term in _terms[self.name] if term.part == part]

    def _held(self, world: Any) -> tuple[Floats, Floats, list[Floats]]:
        held, values = self._sum(world, "held")
        return held, self._grouped([np.abs(one) for one in values], world), values if _balances[self.name].last_digits else []

    def _sum(self, world: Any, part: str) -> tuple[Floats, list[Floats]]:
        """The sum of some terms in each cell, and each term by itself, one value per row of its table."""
        values = [self._values(world, term) for term in self._terms(part)]
        return self._grouped(values, world, part), values

    def _grouped(self, values: list[Floats], world: Any, part: str = "held") -> Floats:
        total = np.zeros(self.rows)
        for term, one in zip(self._terms(part), values, strict=True):
            total += sum_by(getattr(world, term.table)[term.to], one, self.rows) if term.to else one
        return total if self.cell is None else sum_by(self.cell, total, self.cells)

    def _values(self, world: Any, term: Term) -> Floats:
        table = getattr(world, term.table)
        if not is_on(world, term.feature):
            return np.zeros(table.rows)
        values = table[term.column] if isinstance(term.column, str) else term.column(world)
        return np.asarray(term.sign * np.asarray(values, np.float64))


for _balance in TRADE_BALANCES:
    conserves(_balance)
for _term in TRADE_TERMS:
    balances(_term)
for _invariant in TRADE_INVARIANTS:
    holds(_invariant)
for _rule in TRADE_SIGN_RULES:
    may_be_negative(_rule)
