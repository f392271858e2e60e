"""A partner as an enterprise sees it: its name, its role, and what the scenario lets partners see."""

from __future__ import annotations

import copy
from typing import Any, Protocol

import numpy as np

from chainwright.policies.partners import OWN_END
from chainwright.state.view import NOW
from chainwright.words.errors import UsageError, VisibilityError, suggestion


class Owner(Protocol):
    """What a partner asks of the agent whose partner it is."""

    model: Any
    _run: int

    @property
    def _world(self) -> Any: ...

    def _lanes(self, own: str) -> Any: ...


class Partner:
    """Another enterprise at the other end of a lane; it shows what is public and what partners may see.

    Columns of its enterprise and, where only one of its products is traded between the two, of that item are attributes:
    ``partner.name``, ``partner.on_hand`` (where the scenario shows it). An agent may remember it: it is found again after a change in
    mid-run, and by the agent's like in a fork.

    Parameters
    ----------
    owner : Enterprise
        The agent whose partner it is.
    end : {"seller", "buyer"}
        At which end of the lanes the partner stands.
    place : int
        Its place among the enterprises of a run.
    """

    __slots__ = ("_classes", "_end", "_enterprise", "_items", "_owner", "place", "products")

    def __init__(self, owner: Owner, end: str, place: int) -> None:
        self._owner, self._end, self.place = owner, end, place
        self._classes: Any = None
        self._enterprise: Any = None
        self._items: dict[str, Any] = {}
        self._look()
        self.products = tuple(self._items)

    def _look(self) -> None:
        """See the partner as the scenario shows it by now."""
        roster = self._owner.model.roster
        classes = roster.classes
        if classes is self._classes:
            return
        world, row = self._owner._world, roster.first_row(self._owner._run) + self.place
        lanes, items = world.lanes, world.items
        found: dict[str, list[int]] = {}
        for lane in self._owner._lanes(OWN_END[self._end]).tolist():
            item = int(lanes[self._end][lane])
            if items.enterprise[item] == row:
                found.setdefault(str(world.products.name[items.product[item]]), []).append(lane)
        # A product that is not traded any more is left out, as long as there is another one.
        traded = {product: own for product, own in found.items() if lanes.trading[own].any()} or found
        self._enterprise = classes.enterprise_of_partner(world, world.enterprises, row)
        self._items = {product: self._item_of(classes, world, traded[product]) for product in sorted(traded)}
        self._classes = classes

    def _item_of(self, classes: Any, world: Any, lanes: list[int]) -> Any:
        """The partner's item at the other end of some lanes; a buyer whose orders come without delay is seen as it has just planned."""
        now = self._end == "buyer" and bool(np.any(world.lanes.order_delay[lanes] == 0))
        return classes.item_of_partner(world, world.items, int(world.lanes[self._end][lanes[0]]), {NOW: True} if now else None)

    def item(self, product: str) -> Any:
        """What the partner shows of its item of a product that is traded between the two."""
        self._look()
        if product not in self._items:
            raise UsageError(f"{self.name} trades no {product!r} with this enterprise{suggestion(product, self._items)}")
        return self._items[product]

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_"):
            raise AttributeError(name)
        self._look()
        if self._enterprise.sees(name):
            return getattr(self._enterprise, name)
        first = next(iter(self._items.values()))
        if not first.sees(name) and name not in first.hidden and name not in self._enterprise.hidden:
            known = ("name", "role", "products", "item", *first.visible)
            raise VisibilityError(f"the partner {self.name} has no {name!r} to look at{suggestion(name, known)}")
        if len(self._items) > 1:
            raise VisibilityError(f"{self.name} trades {', '.join(self._items)} with this enterprise; say .item({self.products[0]!r}).{name}")
        return getattr(first, name)

    def __eq__(self, other: object) -> bool:
        if isinstance(other, str):
            raise UsageError(f"a partner is no name; compare its .name with {other!r}")
        return isinstance(other, Partner) and self.place == other.place and self._owner.model is other._owner.model

    def __hash__(self) -> int:
        return hash(self.place)

    def __deepcopy__(self, memo: Any) -> Partner:
        # Agents are not copied: where this is asked for, they stand for themselves or for their like in another world.
        return Partner(copy.deepcopy(self._owner, memo), self._end, self.place)

    def __repr__(self) -> str:
        return f"<{self.name}>" if self._owner.model.roster.world is not None else "<partner>"
