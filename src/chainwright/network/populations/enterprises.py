"""The enterprises of a generated population: groups of one role each, with names in order, coordinates and tags."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from chainwright.network.blueprint import Columns
from chainwright.state.streams import row_key

# Digits of the number in a name: the same for all sizes up to a million, so that a population that grows renames nobody.
DIGITS = 6


@dataclass(frozen=True)
class Group:
    """Enterprises of one role that stand in one layer; they are called ``name_000001, name_000002, ...``."""

    name: str
    role: str
    count: int
    layer: int


class Cast:
    """All enterprises of a population, group after group in the order of their names.

    Parameters
    ----------
    generator : str
        Name of the generator, a part of every coordinate.
    groups : sequence of Group
        In any order.

    Examples
    --------
    >>> cast = Cast("serial", [Group("supplier", "supplier", 1, 1), Group("customer", "customer", 2, 0)])
    >>> cast.columns()["name"].tolist(), cast.rows("supplier").tolist()
    (['customer_000001', 'customer_000002', 'supplier_000001'], [2])
    """

    def __init__(self, generator: str, groups: Sequence[Group]) -> None:
        self.generator = generator
        self.groups = sorted((group for group in groups if group.count), key=lambda group: group.name)
        starts = np.concatenate([[0], np.cumsum([group.count for group in self.groups])]).tolist()
        self._slices = {group.name: slice(start, stop) for group, start, stop in zip(self.groups, starts[:-1], starts[1:], strict=True)}
        self.count = int(starts[-1])

    def rows(self, name: str) -> NDArray[np.int32]:
        """The rows of a group's enterprises, in the order of their numbers."""
        own = self._slices[name]
        return np.arange(own.start, own.stop, dtype=np.int32)

    def roles(self) -> tuple[list[str], NDArray[np.int8]]:
        """The roles that occur, and for each enterprise the number of its own in that list."""
        names = sorted({group.role for group in self.groups})
        number = np.array([names.index(group.role) for group in self.groups], np.int8)
        return names, np.repeat(number, [group.count for group in self.groups])

    def coordinates(self) -> NDArray[np.uint64]:
        """The coordinate of each enterprise in random draws: a hash of the generator, the group and the number in the group.

        It depends neither on the seed nor on how many others there are, so whoever is added at the end of a group moves nobody's draws.
        """
        made = [row_key(0, 0, 0, f"{self.generator}.{group.name}", np.arange(group.count, dtype=np.uint64)) for group in self.groups]
        return np.concatenate([np.atleast_1d(part) for part in made])

    def columns(self) -> Columns:
        """Name, role and coordinate."""
        names = np.empty(self.count, object)
        for group in self.groups:
            digits = max(DIGITS, len(str(group.count)))
            names[self._slices[group.name]] = [f"{group.name}_{number:0{digits}d}" for number in range(1, group.count + 1)]
        labels, role = self.roles()
        return {"name": names, "role": np.array(labels, object)[role], "coordinate": self.coordinates()}

    def tags(self) -> dict[str, NDArray[np.int32]]:
        """``layer_0`` (the customers), ``layer_1`` and so on up to the sources, with their rows."""
        digits = len(str(max(group.layer for group in self.groups)))
        layers = sorted({group.layer for group in self.groups})
        return {
            f"layer_{layer:0{digits}d}": np.concatenate([self.rows(group.name) for group in self.groups if group.layer == layer])
            for layer in layers
        }


def numbered(name: str, count: int) -> list[str]:
    """Names of several things of one kind, in order; the bare name where there is one.

    Examples
    --------
    >>> numbered("distributor", 1), numbered("distributor", 2)
    (['distributor'], ['distributor_1', 'distributor_2'])
    """
    if count == 1:
        return [name]
    digits = len(str(count))
    return [f"{name}_{number:0{digits}d}" for number in range(1, count + 1)]


def tiers(count: int) -> list[tuple[str, str]]:
    """Name and role of each of several stages that keep stock, from the customers up.

    Examples
    --------
    >>> tiers(4)
    [('retailer', 'retailer'), ('distributor_1', 'distributor'), ('distributor_2', 'distributor'), ('manufacturer', 'manufacturer')]
    """
    if count <= 2:
        return [("retailer", "retailer"), ("distributor", "distributor")][:count]
    between = [(name, "distributor") for name in numbered("distributor", count - 2)]
    return [("retailer", "retailer"), *between, ("manufacturer", "manufacturer")]
