"""Initial lists that a changed delay leaves behind: amounts that were written for another time, told once with the remedy."""

from __future__ import annotations

import warnings
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, TypeAlias

from chainwright.scenario import keys
from chainwright.words.errors import ChainwrightWarning

Path_: TypeAlias = tuple[str | int, ...]
# The delay and the list as they were written for each other, by the path of the list.
Left: TypeAlias = Mapping[Path_, tuple[Any, Any]]

# Where the amounts of a list are, in words.
WHERE = {"in_transit": "on the way", "orders_waiting": "of orders on their way", "in_process": "in process"}
DELAYS = tuple(keys.CONTENTS.values())
_OF_LANES = {name: delay for name, delay in keys.CONTENTS.items() if name in keys.LANE_KEYS}
_OF_ITEMS = {name: delay for name, delay in keys.CONTENTS.items() if name in keys.ITEM_KEYS}


def left_behind(before: Mapping[str, Any], after: Mapping[str, Any], known: Left) -> Left:
    """The lists of a changed document that were written for another delay than theirs.

    Parameters
    ----------
    before, after : mapping
        The document before and after a change.
    known : mapping
        Those that were left behind before.
    """
    left = dict(known)
    if not keys.populated(after):
        now = dict(_lists(after))
        for path, (delay, contents) in _lists(before):
            left.setdefault(path, (delay, contents))
        left = {path: said for path, said in left.items() if path in now and now[path][1] == said[1] and now[path][0] != said[0]}
    return left


def _lists(document: Mapping[str, Any]) -> Iterator[tuple[Path_, tuple[Any, Any]]]:
    """Every list of amounts at the start, with the delay that it fills."""
    for section, names in (("lanes", _OF_LANES), ("recipes", _OF_ITEMS)):
        for number, entry in enumerate(keys.parts(document, section)):
            for name, delay in names.items():
                if isinstance(entry.get(name), list) and any(entry[name]):
                    yield (section, number, name), (entry.get(delay, 0), entry[name])
    for enterprise, said in keys.parts(document, "enterprises").items():
        for product, item in keys.declared_items(said).items():
            for name, delay in _OF_ITEMS.items():
                if item and isinstance(item.get(name), list) and any(item[name]):
                    yield ("enterprises", enterprise, "items", product, name), (item.get(delay, 0), item[name])


def remarks_on(left: Left, document: Mapping[str, Any]) -> dict[str, str]:
    r"""One sentence for each kind of list that was left behind, by its name.

    Examples
    --------
    >>> lanes = [{"seller": "mill", "buyer": "shop", "product": "flour", "transport_time": 4, "in_transit": [9]}]
    >>> print(remarks_on({("lanes", 0, "in_transit"): (1, [9])}, {"lanes": lanes})["in_transit"].replace("; ", "\n"))
    lanes.mill>shop: transport_time changes, but in_transit keeps its old list, so each run starts with the wrong amount on the way
    also set lanes.mill>shop.in_transit to steady, or to a list for the new time
    """
    told = {}
    for name, delay in keys.CONTENTS.items():
        places = [path[:-1] for path in left if path[-1] == name]
        if not places:
            continue
        first = _spelt(places[0], document)
        where = first if len(places) == 1 else f"{first} and {len(places) - 1} more"
        everywhere = f"{places[0][0]}.*" if places[0][0] != "enterprises" else "enterprises.*.items.*"
        remedy = first if len(places) == 1 else everywhere
        told[name] = (
            f"{where}: {delay} changes, but {name} keeps its old list, so each run starts with the wrong amount {WHERE[name]}; "
            f"also set {remedy}.{name} to {keys.STEADY}, or to a list for the new time"
        )
    return told


def _spelt(path: Path_, document: Mapping[str, Any]) -> str:
    if path[0] == "lanes":
        lane = keys.parts(document, "lanes")[path[1]]
        return f"lanes.{lane['seller']}>{lane['buyer']}"
    return ".".join(str(step) for step in path)


def warn(remarks: Iterable[str], stacklevel: int = 3) -> None:
    """Tell remarks where Python's warnings go; those on the caller of whoever calls this by default."""
    for remark in remarks:
        warnings.warn(remark, ChainwrightWarning, stacklevel=stacklevel)
