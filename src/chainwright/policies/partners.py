"""What the partners at the other ends of an item's lanes show of themselves, summed up per item."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from chainwright.state.totals import sum_by
from chainwright.words.errors import VisibilityError

OWN_END = {"buyer": "seller", "seller": "buyer"}


def lanes_to(world: Any, rows: NDArray[Any], partner: str) -> NDArray[np.int32]:
    """Rows of the lanes that lead from some items to their partners, by item and then by the partner's name.

    Parameters
    ----------
    world : Ground
        With its tables.
    rows : array of int
        Rows of items, ascending.
    partner : {"buyer", "seller"}
        Whether the items sell on these lanes or buy on them.
    """
    lanes = world.lanes
    own = lanes[OWN_END[partner]]
    found = np.flatnonzero(np.isin(own, rows))
    order = np.lexsort((found, world.name_rank[lanes[partner][found]], own[found]))
    return found[order].astype(np.int32)


def sum_over(view: Any, rows: NDArray[Any], partner: str, name: str) -> NDArray[np.float64]:
    """Sum of a column of the items at the other ends of the lanes, one per item, in the order of the partners' names.

    Raises
    ------
    VisibilityError
        When partners do not show the column.
    """
    if name not in view.of_partners:
        raise VisibilityError(f"{name!r} of a {partner} is hidden; a scenario can say visibility: {{{name}: partner}}")
    known = view._links.setdefault("lanes to partners", {})
    if partner not in known:
        lanes = lanes_to(view._world, rows, partner)
        table = view._world.lanes
        known[partner] = (np.searchsorted(rows, table[OWN_END[partner]][lanes]), table[partner][lanes])
    place, other = known[partner]
    return sum_by(place, np.asarray(view._table[name], np.float64)[other], len(rows))
