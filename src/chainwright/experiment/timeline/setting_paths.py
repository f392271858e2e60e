"""Where a change by hand is written: the dotted path that sets a parameter or a column for exactly one enterprise, item or lane."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from chainwright.experiment.timeline.row_names import Names
from chainwright.scenario import Scenario, keys
from chainwright.scenario.paths import join_path


class Paths:
    """The paths of one scenario.

    Parameters
    ----------
    scenario : Scenario
        The scenario.
    names : Names
        Who is in it.

    Examples
    --------
    >>> import chainwright as cw
    >>> scenario = cw.load("beer_game")
    >>> paths = Paths(scenario, Names(cw.World(scenario.blueprint())))
    >>> paths.policy("place_orders", "wholesaler", "beer", "target")
    'policies.place_orders.wholesaler.target'
    >>> paths.policy("demand", "drinkers", "beer", "after"), paths.lane(1, "price")
    ('enterprises.drinkers.items.beer.demand.after', 'lanes.wholesaler>retailer>beer.price')
    """

    def __init__(self, scenario: Scenario, names: Names) -> None:
        self.document: Mapping[str, Any] = scenario._document.data
        self.names = names
        self._products = frozenset(names.products.tolist())
        # Of a population only policies can be changed during a run.
        self.populated = keys.populated(self.document)

    def policy(self, decision: str, enterprise: str, product: str, *parameter: str) -> str:
        """The path of a decision's policy (or of one of its parameters) for one enterprise's product."""
        if decision == "demand" and not self.populated:
            return join_path(("enterprises", enterprise, "items", product, "demand", *parameter))
        one = () if self.shared(decision, enterprise) else (product,)
        return join_path(("policies", decision, enterprise, *one, *parameter))

    def shared(self, decision: str, enterprise: str) -> bool:
        """Whether what is set for one product of an enterprise holds for all that it keeps: it keeps one, or a population cannot part its entry."""
        if decision == "demand" and not self.populated:
            return False
        entry = (keys.parts(self.document, "policies").get(decision) or {}).get(enterprise)
        if keys.by_product(entry, self._products):
            return False
        return self.products(enterprise) == 1 or (self.populated and bool(entry))

    def products(self, enterprise: str) -> int:
        """How many products an enterprise keeps."""
        row = np.flatnonzero(self.names.enterprises["name"] == enterprise)[0]
        return int((self.names.items["enterprise"] == row).sum())

    def item(self, enterprise: str, product: str, column: str) -> str:
        """The path of a column of an item."""
        return join_path(("enterprises", enterprise, "items", product, column))

    def lane(self, number: int, column: str) -> str:
        """The path of a column of a lane, given by its number in the order of the file."""
        ends = [self.end(number, end) for end in ("seller", "buyer")]
        product, mode = self.product(number), str(self.names.lanes["mode"][number] or "")
        lanes = self.names.lanes
        alike = np.flatnonzero((lanes["seller"] == lanes["seller"][number]) & (lanes["buyer"] == lanes["buyer"][number]))
        named = [*ends, product, *([mode] if mode else [])]
        # Without a mode the names would mean the lanes by other modes as well.
        return join_path(("lanes", ">".join(named) if mode or len(alike) == 1 else str(number), column))

    def end(self, number: int, end: str) -> str:
        """Name of the enterprise at an end of a lane."""
        return str(self.names.enterprises["name"][self.names.items["enterprise"][self.names.lanes[end][number]]])

    def product(self, number: int) -> str:
        """Name of a lane's product."""
        return str(self.names.products[self.names.items["product"][self.names.lanes["seller"][number]]])
