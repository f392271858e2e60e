"""How a decision came about, step by step in words and numbers, for people who look at one row."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Callable
from typing import Any

import numpy as np

from chainwright.policies.columnwise import positive
from chainwright.words.subjects import SCHEMA

# Rounding noise does not make a sum another one.
NOISE = 1e-9
_TWO_SIGNS = re.compile(r"([−+×/]) −(\d[\d.,]*)")
LINKED = ("enterprise", "product", "seller", "buyer", "lane")


@dataclasses.dataclass(frozen=True)
class Line:
    """One line of an explanation.

    Parameters
    ----------
    words : str
        What is taken, or what is done.
    formula : str
        How the value comes about, with the numbers put in; empty where it is simply read.
    value : float or None
        What comes out; None where there is no single number.
    unit : str
        Its unit in words.

    Examples
    --------
    >>> Line("gap", "17 − −15.9").formula
    '17 − (−15.9)'
    """

    words: str
    formula: str = ""
    value: float | None = None
    unit: str = "units"

    def __post_init__(self) -> None:
        # Who writes a formula puts numbers in their places, and does not know which of them are negative.
        object.__setattr__(self, "formula", _TWO_SIGNS.sub(r"\1 (−\2)", self.formula))


def periods(count: Any) -> str:
    """So many periods, as a step tells it.

    Examples
    --------
    >>> periods(1.0), periods(4), periods(2.5)
    ('1 period', '4 periods', '2.5 periods')
    """
    return f"{told(count)} period" if count == 1 else f"{told(count)} periods"


def told(value: Any) -> str:
    """A number as it stands in a formula.

    Examples
    --------
    >>> told(7.0), told(-0.12345678), told(1234567.891), told(True)
    ('7', '−0.1235', '1,234,568', 'yes')
    """
    if value is None or isinstance(value, str):
        return str(value or "")
    if isinstance(value, bool | np.bool_):
        return "yes" if value else "no"
    if isinstance(value, list | tuple):
        return ", ".join(told(one) for one in value)
    number = float(value)
    if not np.isfinite(number):
        return "no limit" if number > 0.0 else "−no limit" if number < 0.0 else "none"
    size = abs(number)
    if size >= 1e15:
        text = f"{number:.4g}"
    elif number == np.rint(number):
        text = f"{number:,.0f}"
    elif size < 1.0:
        text = f"{number:.4g}"
    else:
        text = f"{number:,.{3 if size < 100.0 else 2 if size < 1e5 else 0}f}"
        text = text.rstrip("0").rstrip(".") if "." in text else text
    return "−" + text[1:] if text.startswith("-") and number != 0.0 else text.lstrip("-")


def signed_terms(*terms: tuple[str, str, float]) -> str:
    """Named numbers added and taken away: each a sign, a name and a number.

    Examples
    --------
    >>> signed_terms(("+", "on hand", 3.0), ("−", "backorder", 2.0))
    'on hand 3 − backorder 2'
    """
    parts = [f"{sign} {name} {told(value)}" for sign, name, value in terms]
    text = " ".join(parts)
    return text[2:] if text.startswith("+ ") else text


def plain(value: Any) -> Any:
    """A column of one row as the number that it holds; lists of columns as lists of numbers.

    Examples
    --------
    >>> plain(np.array([3.0])), plain(4.0), plain([np.array([1.0]), np.array([2.0])])
    (3.0, 4.0, [1.0, 2.0])
    """
    if isinstance(value, list | tuple):
        return [plain(one) for one in value]
    if isinstance(value, np.ndarray) and value.size == 1:
        return value.reshape(-1)[0].item()
    return value.item() if isinstance(value, np.generic) else value


class OneRow:
    """A view of one row that gives plain numbers, whatever the view is made of, and notes what is read.

    Parameters
    ----------
    view : view
        Of one row: columns of length 1, or numbers.
    """

    def __init__(self, view: Any, noted: dict[str, Any] | None = None, of: str = "") -> None:
        self._view, self._of = view, of
        self.noted: dict[str, Any] = {} if noted is None else noted

    def _note(self, name: str, value: Any) -> Any:
        found = plain(value)
        self.noted[f"{name} of its {self._of}" if self._of else name] = found
        return found

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_"):
            raise AttributeError(name)
        value = getattr(self._view, name)
        if name == "period":
            return value
        if name in LINKED and not isinstance(value, np.ndarray | int | float):
            return OneRow(value, self.noted, name)
        return self._note(name, value)

    def sees(self, name: str) -> bool:
        """Whether a column can be looked at."""
        return bool(self._view.sees(name))

    def memory(self, name: str) -> Any:
        """What was remembered, a number or a list of them."""
        return self._note(f"{name} as remembered", self._view.memory(name))

    def draw(self, stream: str, number: int = 0) -> Any:
        """The random draw."""
        return self._note(f"random draw {stream}" + (f" {number}" if number else ""), self._view.draw(stream, number))

    def sum_over_buyers(self, name: str, by_share: bool = False) -> Any:
        """The sum over the buyers."""
        return self._note(f"{name} of its buyers", self._view.sum_over_buyers(name, by_share))

    def sum_over_sellers(self, name: str, by_share: bool = False) -> Any:
        """The sum over the sellers."""
        return self._note(f"{name} of its sellers", self._view.sum_over_sellers(name, by_share))

    def orders_on_the_way(self) -> Any:
        """What buyers have ordered and has not been seen."""
        return self._note("orders on the way from buyers", self._view.orders_on_the_way())

    def peek(self, name: str) -> float | None:
        """A column where it may be looked at; it is not noted."""
        try:
            return float(plain(getattr(self._view, name)))
        except Exception:  # what cannot be seen is left out of an explanation
            return None


def read(row: OneRow, name: str, words: str = "") -> Line:
    """The step that only reads a column of the item."""
    unit = SCHEMA["items", name].unit if ("items", name) in SCHEMA else "-"
    return Line(words or name.replace("_", " "), "", getattr(row, name), unit)


def level_step(row: OneRow, said: Any, words: str) -> Line:
    """The level that is aimed at: the parameter, or the item's base_stock_level."""
    if said is None:
        return Line(f"{words}, the item's base_stock_level", "", row.base_stock_level)
    return Line(words, "", float(said))


def position_step(row: OneRow, words: str = "less the inventory position") -> Line:
    """The inventory position, with what it is made of where that can be seen."""
    position = row.inventory_position
    whole = row.peek("inventory_level"), row.peek("on_order")
    parts = row.peek("on_hand"), row.peek("backorder"), row.peek("requirements")
    formula = ""
    if None not in whole and _same(whole[0] + whole[1], position):  # type: ignore[operator]
        formula = signed_terms(("+", "stock less what is owed", whole[0]), ("+", "on order", whole[1]))  # type: ignore[arg-type]
        if None not in parts and _same(parts[0] - parts[1] - parts[2], whole[0]):  # type: ignore[operator]
            used = (("−", "needed as components", parts[2]),) if parts[2] else ()
            formula = signed_terms(("+", "on hand", parts[0]), ("−", "backorder", parts[1]), *used, ("+", "on order", whole[1]))  # type: ignore[arg-type]
    return Line(words, formula, position)


def level_of_stock(row: OneRow, words: str = "less the inventory level") -> Line:
    """The inventory level, with what it is made of where that can be seen."""
    level = row.inventory_level
    parts = row.peek("on_hand"), row.peek("backorder"), row.peek("requirements")
    formula = ""
    if None not in parts and _same(parts[0] - parts[1] - parts[2], level):  # type: ignore[operator]
        used = (("−", "needed as components", parts[2]),) if parts[2] else ()
        formula = signed_terms(("+", "on hand", parts[0]), ("−", "backorder", parts[1]), *used)  # type: ignore[arg-type]
    return Line(words, formula, level)


def order_steps(formula: str, missing: Any, allow_negative: Any) -> tuple[Line, ...]:
    """The last steps of an order: what is missing, and nothing where it is less than nothing and may not be."""
    if allow_negative:
        return (Line("to order" if missing >= 0.0 else "to send back", formula, missing),)
    order = positive(missing)
    if missing >= 0.0:
        return (Line("to order", formula, order),)
    return Line("missing", formula, missing), Line("to order, at least 0", f"max({told(missing)}, 0)", order)


def numbers(steps: tuple[Line, ...]) -> tuple[Line, ...]:
    """The steps with plain numbers as values."""
    return tuple(dataclasses.replace(step, value=None if step.value is None else float(plain(step.value))) for step in steps)


def by_reading(policy: Any, ask: Callable[[Any], Any], view: Any, answer: Any) -> tuple[Line, ...]:
    """The explanation of a policy that has none of its own: its parameters, every value that it reads, its formula, its answer.

    Parameters
    ----------
    policy : Policy
        The policy, its parameters numbers.
    ask : callable
        Answers for a view: the policy itself.
    view : view
        Of one row.
    answer : object
        What it decided.
    """
    steps = []
    for field in policy.parameters():
        value = plain(getattr(policy, field.name))
        if value is not None:
            single = isinstance(value, int | float) and not isinstance(value, bool)
            words = field.name.replace("_", " ")
            text = "" if single else _short(value)
            steps.append(Line(words, text, float(value) if single else None, field.metadata.get("unit", "-")))
    row = OneRow(view)
    try:
        ask(row)
    except Exception:  # a policy that wants more than numbers is explained without what it reads
        row.noted.clear()
    for name, value in row.noted.items():
        single = isinstance(value, int | float) and not isinstance(value, bool)
        column = name.split(" ")[0]
        unit = SCHEMA["items", column].unit if ("items", column) in SCHEMA else "-"
        steps.append(Line(name.replace("_", " "), "" if single else _short(value), float(value) if single else None, unit))
    last = plain(answer)
    if isinstance(last, tuple | list) and last and isinstance(last[-1], dict):
        last = last[0]
    last = plain(last)
    return (*steps, Line("by the rule", policy.formula, float(last) if isinstance(last, int | float) else None))


def _short(value: Any) -> str:
    text = told(value) if isinstance(value, bool | str | list | tuple | int | float) else str(value)
    return text if len(text) <= 60 else text[:57] + "..."


def _same(one: Any, other: Any) -> bool:
    return bool(abs(one - other) <= NOISE * (1.0 + abs(one) + abs(other)))
