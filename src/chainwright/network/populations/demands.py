"""The demand of a generated population: a registered policy around the mean of each customer's item."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from chainwright.network.blueprint import PolicyChoice
from chainwright.network.populations.distributed import Floats, Mistakes, distributed, draw, mistakes_of
from chainwright.policies import Policy, policies_for
from chainwright.words.errors import UsageError, suggestion

# For each policy: its parameters that are the mean times something, and the word by which that something is said ("" for the mean itself).
SCALED: Mapping[str, Mapping[str, str]] = {
    "constant": {"value": ""},
    "normal": {"mean": "", "deviation": "variation"},
    "gamma": {"mean": "", "deviation": "variation"},
    "poisson": {"mean": ""},
    "negative_binomial": {"mean": "", "deviation": "variation"},
    "autoregressive": {"mean": "", "deviation": "variation"},
    "seasonal": {"mean": "", "deviation": "variation"},
    "intermittent": {"mean": "", "deviation": "variation"},
    "step": {"before": "", "after": "factor"},
    "trend": {"start": "", "slope": "growth"},
}
VARIATION = 0.3


def _word(name: str, meaning: str, default: Any = dataclasses.MISSING, minimum: float = 0.0) -> dataclasses.Field[Any]:
    field: dataclasses.Field[Any] = distributed(meaning, default, unit="share of the mean", minimum=minimum, by_role=False)
    field.name = name
    return field


WORDS = {
    "variation": _word("variation", "Standard deviation of the demand of one period as a share of the mean", VARIATION),
    "factor": _word("factor", "Demand after the step as a multiple of the mean"),
    "growth": _word("growth", "What each period adds, as a share of the mean", minimum=float("-inf")),
}


def demand_mistakes(said: Any, home: str = "demand") -> Mistakes:
    """What is wrong with a demand: a policy's name, or a mapping with ``policy`` and its parameters.

    Examples
    --------
    >>> demand_mistakes({"policy": "gamma", "varation": 0.5})
    [('demand.varation', "demand 'gamma' has no 'varation'; did you mean 'variation'?")]
    """
    entry = {"policy": said} if isinstance(said, str) else said
    if not isinstance(entry, Mapping):
        return [(home, f"expected the name of a demand policy, or a mapping with policy and its parameters, got {said!r}")]
    name = entry.get("policy")
    where = home if isinstance(said, str) or "policy" not in entry else f"{home}.policy"
    if not isinstance(name, str) or name not in SCALED:
        what = "'policy' is missing" if "policy" not in entry else f"no demand with a mean is called {name!r}"
        return [(where, f"{what}{suggestion(str(name), SCALED)}")]
    known = _known(policies_for("demand")[name])
    needed = [key for key, default in known.items() if default is dataclasses.MISSING]
    found = [(f"{home}.{key}", f"demand {name!r} has no {key!r}{suggestion(str(key), known)}") for key in entry if key not in ("policy", *known)]
    found += [(home, f"demand {name!r} needs {key!r}") for key in needed if key not in entry and not found]
    for key, field in WORDS.items():
        if key in entry and key in known:
            found += [(f"{home}.{path}", message) for path, message in mistakes_of(field, entry[key])]
    return found or _mistakes_of_others(policies_for("demand")[name], entry, home)


def _mistakes_of_others(policy: type[Policy], entry: Mapping[str, Any], home: str) -> Mistakes:
    """Parameters that are the policy's own: each alone, then together at a mean of 1."""
    found: Mistakes = []
    for field in policy.parameters():
        value = entry.get(field.name)
        if field.name not in entry or value is None:
            continue
        kind, low, high = field.metadata["kind"], field.metadata["minimum"], field.metadata["maximum"]
        right: dict[str, tuple[type, ...]] = {"bool": (bool,), "int": (int,), "float": (int, float), "list": (list, tuple), "str": (str,)}
        words = {"bool": "true or false", "int": "a whole number", "float": "a number", "list": "a list of numbers", "str": "a text"}
        if not isinstance(value, right[kind]) or (kind in ("int", "float") and isinstance(value, bool)):
            found.append((f"{home}.{field.name}", f"expected {words[kind]}, got {value!r}"))
        elif kind in ("int", "float") and not low <= value <= high:
            found.append((f"{home}.{field.name}", f"expected {words[kind]} from {low:g} to {high:g}, got {value:g}"))
    # Whether the variance of a count is possible depends on the mean, which is known only when it is drawn.
    if not found and policy.name != "negative_binomial":
        own = {field.name: entry.get(field.name, field.default) for field in policy.parameters() if field.name not in SCALED[policy.name]}
        together = policy.mistakes({**dict.fromkeys(SCALED[policy.name], 1.0), **own})
        found += [(home, message) for message in together]
    return found


def _known(policy: type[Policy]) -> dict[str, Any]:
    """The words that may stand beside a policy, with their defaults."""
    scaled = SCALED[policy.name]
    known: dict[str, Any] = {word: WORDS[word].default for word in scaled.values() if word}
    known |= {field.name: field.default for field in policy.parameters() if field.name not in scaled}
    if policy.name in ("seasonal", "intermittent"):
        known["variation"] = 0.0
    return known


def demand_of(said: Any, seed: int, rows: NDArray[np.int32], mean: Floats, coordinate: NDArray[np.uint64]) -> list[PolicyChoice]:
    """The choice of a demand for some items, each around its own mean.

    Raises
    ------
    UsageError
        When the policy refuses what was drawn.
    """
    if not len(rows):
        return []
    entry = {"policy": said} if isinstance(said, str) else said
    policy = policies_for("demand")[entry["policy"]]
    known = _known(policy)
    base = mean / float(entry["probability"]) if policy.name == "intermittent" else mean
    parameters: dict[str, Any] = {}
    for name, word in SCALED[policy.name].items():
        if not word:
            parameters[name] = np.array(base)
        else:
            parameters[name] = base * draw(WORDS[word], entry.get(word, known[word]), seed, coordinate)
    for field in policy.parameters():
        if field.name not in parameters and entry.get(field.name) is not None:
            value = entry[field.name]
            parameters[field.name] = list(value) if isinstance(value, tuple) else value
    every = {field.name: field.default for field in policy.parameters() if field.default is not dataclasses.MISSING} | parameters
    if wrong := policy.mistakes(every):
        raise UsageError(f"demand {policy.name!r}: {wrong[0]}")
    return [PolicyChoice(policy.name, parameters, np.asarray(rows, np.int32))]
