"""Factors as texts, as a command line and a design file have them: ``lanes.*.transport_time=1,2,4``, ``x=10..30``, ``x=normal(50, 8)``."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from chainwright.experiment.designs.factor import VARIANT, Factor
from chainwright.experiment.designs.factor_distributions import called
from chainwright.experiment.designs.factor_forms import MOST_VALUES, Between, factor_of, listed
from chainwright.scenario.paths import parse_value
from chainwright.scenario.write.yaml_text import flow_text
from chainwright.words.errors import UsageError

_NUMBER = r"[-+]?(?:[0-9]+(?:\.[0-9]+)?|\.[0-9]+)(?:[eE][-+]?[0-9]+)?"
_RANGE = re.compile(rf"({_NUMBER})\s*\.\.\s*({_NUMBER})(?:\s+(.+))?\Z", re.DOTALL)
_LIKE_A_RANGE = re.compile(r"[-+]?[0-9][^,\[{(]*\.\.|[^,\[{(]*[^./,\[{(\s]\s*\.\.\s*[-+]?[0-9][0-9.]*\s*\Z")
_CALL = re.compile(r"([A-Za-z_][A-Za-z0-9_.]*)\s*\((.*)\)\Z", re.DOTALL)
_KEYWORD = re.compile(r"([A-Za-z_][A-Za-z0-9_]*)\s*=(.*)\Z", re.DOTALL)
_WHOLE = re.compile(r"[-+]?[0-9]+\Z")
_OPEN, _CLOSE = "([{", ")]}"
# What a letter or a digit before it makes an apostrophe, as in O'Neil.
_BEFORE_QUOTE = re.compile(r"\w\Z")


def split_factor(text: str) -> tuple[str, str]:
    """The name and the values of ``NAME=VALUES``.

    Raises
    ------
    UsageError
        When there is no such sign, or nothing on one side of it.
    """
    pieces = _split(text, "=", 1)
    if len(pieces) < 2 or not pieces[0].strip() or not pieces[1].strip():
        raise UsageError(f"cannot read the factor {text!r}; expected PATH=VALUES, such as lanes.*.transport_time=1,2,4 or horizon=10..30")
    return pieces[0].strip(), pieces[1].strip()


def factor_of_text(name: str, text: str) -> Factor:
    """The factor of a name and its values as a text.

    Raises
    ------
    UsageError
        When the text says no values.

    Examples
    --------
    >>> factor_of_text("horizon", "10..30 step 10").values
    (10, 20, 30)
    >>> factor_of_text("policies.place_orders.default.policy", "base_stock, pass_on").values
    ('base_stock', 'pass_on')
    """
    text = text.strip()
    if not text:
        raise UsageError("no value is given; expected values such as 1,2,4, a range such as 10..30, or a distribution such as normal(50, 8)")
    found = _RANGE.match(text)
    if found is not None:
        return _range(name, *found.groups())
    if _LIKE_A_RANGE.match(text):
        raise UsageError(f"cannot read the range {text!r}; expected two numbers, such as 10..30, 0.1..0.9 or 10..30 step 5")
    pieces = [piece.strip() for piece in _split(text, ",")]
    call = _CALL.match(text)
    if call is not None and len(pieces) == 1 and name != VARIANT:
        return _call(name, call.group(1), call.group(2))
    if not all(pieces):
        raise UsageError(f"a value is missing between the commas of {text!r}")
    values = [parse_value(piece) for piece in pieces]
    if len(values) == 1 and isinstance(values[0], dict):
        return factor_of(name, values[0])
    return listed(name, values)


def factor_text(factor: Factor) -> str:
    """A factor as `parse_factor` reads it.

    Raises
    ------
    UsageError
        When it is a distribution of SciPy, which has no text.

    Examples
    --------
    >>> factor_text(Factor("horizon", "range", ("horizon",), low=10, high=30, whole=True))
    'horizon=10..30'
    """
    said = factor_said(factor)
    if isinstance(said, str):
        return f"{factor.name}={said}"
    if isinstance(said, list) and not (len(said) == 1 and isinstance(said[0], dict)):
        return f"{factor.name}={','.join(_safe(flow_text(value)) for value in said)}"
    if factor.distribution is not None and "path" not in said:
        return f"{factor.name}={factor.distribution.text()}"
    return f"{factor.name}={flow_text(said if isinstance(said, dict) else {'path': factor.name, 'values': said})}"


def factor_said(factor: Factor) -> Any:
    """A factor as it stands behind its name in a design file: a list, a range as a text, or a mapping.

    Examples
    --------
    >>> factor_said(Factor("horizon", "range", ("horizon",), low=10, high=30, whole=True))
    '10..30'
    """
    said: dict[str, Any] = {} if factor.paths in ((), (factor.name,)) else {"path": factor.paths[0]}
    if factor.distribution is not None:
        return said | dict(factor.distribution.said)
    if factor.kind == "settings":
        at_one_path = all(tuple(settings) == (factor.name,) for settings in factor.meant.values())
        return {label: settings[factor.name] if at_one_path else dict(settings) for label, settings in factor.meant.items()}
    if factor.kind == "range" and said:
        return said | {"low": factor.low, "high": factor.high, "whole": factor.whole, "log": factor.log}
    if factor.kind == "range":
        low, high = (str(int(end)) if factor.whole else repr(float(end)) for end in (factor.low, factor.high))
        return f"{low}..{high}" + (" log" if factor.log else "")
    return said | {"values": list(factor.values)} if said else list(factor.values)


def _safe(word: str) -> str:
    """A word that would read as a range or a call, in quotes."""
    like = _RANGE.match(word) or _LIKE_A_RANGE.match(word) or _CALL.match(word)
    return f'"{word}"' if like and not word.startswith('"') else word


def _range(name: str, low: str, high: str, rest: str | None) -> Factor:
    words = (rest or "").split()
    log = False
    step = ""
    while words:
        word = words.pop(0)
        if word == "log" and not log:
            log = True
        elif word == "step" and words and re.fullmatch(_NUMBER, words[0]) and not step:
            step = words.pop(0)
        else:
            raise UsageError(f"cannot read {rest!r} behind the range {low}..{high}; expected `step 5` or `log`")
    whole = bool(_WHOLE.match(low) and _WHOLE.match(high))
    if step:
        if log:
            raise UsageError(f"the range {low}..{high} has a step and a logarithm; expected one of the two")
        return listed(name, _steps(low, high, step))
    first, last = (int(low), int(high)) if whole else (float(low), float(high))
    return factor_of(name, Between(first, last, whole, log))


def _steps(low: str, high: str, step: str) -> list[Any]:
    """The numbers from low to high by steps, counted in decimals as they are written."""
    first, last, width = Decimal(low), Decimal(high), Decimal(step)
    if width <= 0:
        raise UsageError(f"the step of a range must be above 0, got {step}")
    if first >= last:
        raise UsageError(f"low of a range must be below high, got {low} and {high}")
    count = int((last - first) / width) + 1
    if count > MOST_VALUES:
        raise UsageError(f"{low}..{high} step {step} has {count:,} values; at most {MOST_VALUES:,} are possible")
    whole = all(_WHOLE.match(one) for one in (low, step))
    return [int(value) if whole else float(value) for value in (first + width * number for number in range(count))]


def _call(name: str, word: str, inside: str) -> Factor:
    arguments, keywords = _arguments(word, inside)
    return factor_of(name, Factor(name, "distribution", (name,), distribution=called(word, arguments, keywords)))


def parse_call(text: str) -> tuple[str, list[Any], dict[str, Any]]:
    """The word, the values and the named values of a text such as ``normal(50, deviation=8)``; a word alone has none.

    Examples
    --------
    >>> parse_call("latin_hypercube(n=100)"), parse_call("grid")
    (('latin_hypercube', [], {'n': 100}), ('grid', [], {}))
    """
    found = _CALL.match(text.strip())
    return (found.group(1), *_arguments(found.group(1), found.group(2))) if found else (text.strip(), [], {})


def _arguments(word: str, inside: str) -> tuple[list[Any], dict[str, Any]]:
    arguments: list[Any] = []
    keywords: dict[str, Any] = {}
    for piece in _split(inside, ",") if inside.strip() else []:
        found = _KEYWORD.match(piece.strip())
        if found is None:
            if keywords:
                raise UsageError(f"{word}: {piece.strip()!r} follows a parameter that is named; name it too")
            arguments.append(parse_value(piece.strip()))
        elif found.group(1) in keywords:
            raise UsageError(f"{word}: {found.group(1)!r} is given twice")
        else:
            keywords[found.group(1)] = parse_value(found.group(2).strip())
    return arguments, keywords


def _split(text: str, sign: str, most: int = -1) -> list[str]:
    """The pieces of a text between signs that stand outside brackets and quotes."""
    cuts = [place for place in _outside(text) if text[place] == sign]
    if most >= 0:
        cuts = cuts[:most]
    starts = [0, *(cut + 1 for cut in cuts)]
    return [text[start:end] for start, end in zip(starts, [*cuts, len(text)], strict=True)]


def _outside(text: str) -> Iterator[int]:
    """The places of a text outside brackets and quotes."""
    depth = 0
    quote = ""
    escaped = False
    for place, letter in enumerate(text):
        if quote:
            if escaped:
                escaped = False
            elif letter == "\\" and quote == '"':
                escaped = True
            elif letter == quote:
                quote = ""
        elif letter in "\"'" and not _BEFORE_QUOTE.search(text[:place][-1:]):
            quote = letter
        elif letter in _OPEN:
            depth += 1
        elif letter in _CLOSE:
            depth = max(0, depth - 1)
        elif depth == 0:
            yield place
