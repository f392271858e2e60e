"""A partner as an enterprise sees it: its name, its role, and what the scenario lets partners see."""

from __future__ import annotations

from typing import Any

from chainwright.words.errors import VisibilityError


class Partner:
    """Another enterprise at the other end of a lane; it shows what is public and what partners may see.

    Columns of its enterprise and, where only one of its products is traded between the two, of that item are attributes:
    ``partner.name``, ``partner.on_hand`` (where the scenario shows it).
    """

    __slots__ = ("_enterprise", "_items", "products")

    def __init__(self, enterprise: Any, items: dict[str, Any]) -> None:
        self._enterprise = enterprise
        self._items = items
        self.products = tuple(items)

    def item(self, product: str) -> Any:
        """What the partner shows of its item of a product that is traded between the two."""
        return self._items[product]

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_"):
            raise AttributeError(name)
        if self._enterprise.sees(name):
            return getattr(self._enterprise, name)
        if len(self._items) > 1:
            raise VisibilityError(f"{self.name} trades {', '.join(self._items)} with this enterprise; say .item({self.products[0]!r}).{name}")
        return getattr(next(iter(self._items.values())), name)

    def __repr__(self) -> str:
        return f"<{self.name}>"
