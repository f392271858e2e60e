"""Who the rows of a history are: names and facts that stay the same in every period."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from chainwright.metrics import names
from chainwright.metrics.results import keys

Columns = dict[str, NDArray[Any]]


class Names:
    """Keys of the rows of a world of one run, in the order of the scenario file.

    Parameters
    ----------
    world : World
        Of one run.

    Attributes
    ----------
    rows : dict of str to array
        For each table whose rows are those of each run (``items``, ``lanes`` and others) the rows of the world in the order of the file.
    products : array of str
        Names of the products.
    enterprises : dict of str to array
        ``name``, ``role`` and ``echelon``.
    items : dict of str to array
        ``enterprise`` (a row of `enterprises`), ``product`` (a row of `products`), ``echelon``, ``customer``, ``unlimited``, ``makes``.
    lanes : dict of str to array
        ``seller`` and ``buyer`` (rows of `items`) and ``mode``.

    Examples
    --------
    >>> import chainwright as cw
    >>> names = Names(cw.World(cw.load("beer_game").blueprint()))
    >>> names.enterprises["name"][:3].tolist()
    ['drinkers', 'retailer', 'wholesaler']
    >>> buyer = names.items["enterprise"][names.lanes["buyer"][0]]
    >>> str(names.enterprises["name"][buyer])
    'drinkers'
    """

    def __init__(self, world: Any) -> None:
        found = names.Names(world)
        self.rows = {table: rows.ravel() for table, rows in found.rows.items()}
        place = {table: _inverse(rows) for table, rows in self.rows.items()}
        self.products: NDArray[Any] = world.products.name.copy()
        known = keys(found, "enterprises")
        self.enterprises: Columns = {"name": known["enterprise"], "role": known["role"], "echelon": known["echelon"]}
        items, own = world.items, self.rows["items"]
        self.items: Columns = {"enterprise": place["enterprises"][items.enterprise[own]], "product": items.product[own].copy()}
        self.items |= {name: items[name][own] for name in ("echelon", "customer", "unlimited", "makes")}
        lanes, own = world.lanes, self.rows["lanes"]
        self.lanes: Columns = {end: place["items"][lanes[end][own]] for end in ("seller", "buyer")}
        self.lanes["mode"] = keys(found, "lanes")["mode"]


def _inverse(rows: NDArray[Any]) -> NDArray[np.int32]:
    """For each row of the world its place in the order of the file."""
    places = np.empty(len(rows), np.int32)
    places[rows] = np.arange(len(rows), dtype=np.int32)
    return places
