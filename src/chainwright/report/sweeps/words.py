"""What factors, values and measures of a sweep are called in figures and on the page: short, plain, never two alike."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np

from chainwright.report.numerals import number
from chainwright.report.tables import label, metric_words, share_metrics, shorten, shown, unit_of
from chainwright.scenario.paths import split_path
from chainwright.scenario.write.yaml_text import flow_text
from chainwright.words.errors import UsageError

LONGEST_VALUE = 40


class Names:
    """Short names of factors and measures.

    Parameters
    ----------
    factors, measures : iterable of str
        The columns.

    Examples
    --------
    >>> names = Names(["lanes.*.transport_time", "policies.place_orders.default.level"], ["items.retailer.beer.fill_rate"])
    >>> names.factor("lanes.*.transport_time"), names.measure("items.retailer.beer.fill_rate")
    ('transport time', 'fill rate of beer at retailer')
    """

    def __init__(self, factors: Iterable[str], measures: Iterable[str] = ()) -> None:
        self._factors = _short([str(one) for one in factors])
        self._measures = {name: measure_label(name) for name in measures}

    def factor(self, name: str) -> str:
        """A factor: the last words of its path, as many as tell it from the others."""
        return self._factors.get(name, name)

    def measure(self, name: str) -> str:
        """A measure in plain words."""
        return self._measures.get(name, name)


def measure_label(name: str) -> str:
    """A measure in plain words.

    Examples
    --------
    >>> measure_label("total_cost"), measure_label("echelons.2.bullwhip_ratio"), measure_label("lanes.a>b.in_transit_mean")
    ('total cost', 'bullwhip ratio of echelon 2', 'in transit from a to b')
    """
    table, *words, metric = ["", *_parts(name)] if len(_parts(name)) == 1 else _parts(name)
    said = label(metric)
    if not words:
        return said
    if table == "items":
        return f"{said} of {words[-1]} at {words[0]}"
    if table == "lanes":
        seller, _, buyer = words[0].partition(">")
        of = f" ({', '.join(words[1:])})" if len(words) > 1 else ""
        return f"{said} from {seller.strip()} to {buyer.strip()}{of}"
    return f"{said} of {table[:-1] + ' ' if table == 'echelons' else ''}{'.'.join(words)}"


def metric_of(name: str) -> str:
    """The metric of a measure: its last word."""
    return _parts(name)[-1]


def unit_text(name: str) -> str:
    """The unit of a measure in brackets behind its name; empty for ratios and shares."""
    unit = unit_of(metric_of(name))
    return f" ({unit})" if unit else ""


def is_share(name: str) -> bool:
    """Whether a measure is a share of 1, told in per cent."""
    return metric_of(name) in share_metrics()


def measure_text(name: str, value: Any) -> str:
    """A value of a measure for a reader."""
    return shown(metric_of(name), value)


def meaning(name: str) -> str:
    """What a measure means."""
    return metric_words()[metric_of(name)][2] if metric_of(name) in metric_words() else ""


def value_text(value: Any, longest: int = LONGEST_VALUE, digits: int = 4) -> str:
    """A value of a factor as one would write it, in so many letters and digits at the most.

    Examples
    --------
    >>> value_text(0.25), value_text(True), value_text("base_stock"), value_text({"policy": "normal"})
    ('0.25', 'true', 'base_stock', '{policy: normal}')
    """
    if isinstance(value, np.generic):
        value = value.item()
    if isinstance(value, bool):
        return "true" if value else "false"
    if value is None:
        return "none"
    if isinstance(value, float) and math.isnan(value):
        return "–"
    if isinstance(value, int | float):
        return number(value, digits)
    if isinstance(value, str):
        return shorten(value, longest)
    return shorten(flow_text(dict(value) if isinstance(value, Mapping) else list(value)), longest)


def _parts(name: str) -> tuple[str, ...]:
    try:
        return split_path(str(name))
    except UsageError:
        return (str(name),)


def _short(names: list[str]) -> dict[str, str]:
    """The last words of each path, as many as tell it from the others."""
    parts = {name: _parts(name) for name in names}
    found = {}
    for name, own in parts.items():
        others = [other for other in parts.values() if other != own]
        size = next((size for size in range(1, len(own) + 1) if all(other[-size:] != own[-size:] for other in others)), len(own))
        kept = [word for word in own[-size:] if word != "*"] or list(own)
        found[name] = " ".join(kept).replace("_", " ") if len(own) > 1 else name.replace("_", " ")
    # Where stars were all the difference, the whole path tells them apart.
    texts = list(found.values())
    return {name: text if texts.count(text) == 1 else name for name, text in found.items()}
