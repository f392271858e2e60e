"""Generators of chains and trees: everybody has one seller."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from chainwright.network.populations.base import Population, generator
from chainwright.network.populations.columns import Items
from chainwright.network.populations.common import MOST_ENTERPRISES, Grown, Network
from chainwright.network.populations.distributed import Mistakes, quantile
from chainwright.network.populations.enterprises import Cast, Group, tiers
from chainwright.policies.base import parameter
from chainwright.state.streams import uniform

GOODS = "goods"


@generator
@dataclass(frozen=True, kw_only=True)
class Serial(Grown):
    """Chains side by side: a source, a number of stages that keep stock, and a customer at the end of each."""

    name = "serial"
    source = "Clark and Scarf (1960), Management Science 6(4), 475-490; with four stages as in Sterman (1989), Management Science 35(3), 321-339"

    stages: int = parameter("Stages that keep stock, between the source and the customer", 3, minimum=1, maximum=1000, kind="int")
    chains: int = parameter("How many chains lie side by side", 1, minimum=1, maximum=MOST_ENTERPRISES, kind="int")

    def grow(self, folder: Path) -> Population:
        """One enterprise a stage and chain; chain 7 is made of all whose number is 7."""
        layers = [("customer", "customer"), *tiers(self.stages), ("supplier", "supplier")]
        cast = Cast(self.name, [Group(name, role, self.chains, layer) for layer, (name, role) in enumerate(layers)])
        buyer = np.concatenate([cast.rows(name) for name, _ in layers[:-1]])
        seller = np.concatenate([cast.rows(name) for name, _ in layers[1:]])
        return self.finished(cast, trading(cast, seller, buyer))

    @classmethod
    def mistakes(cls, parameters: Mapping[str, Any]) -> Mistakes:
        """Sizes that are a slip of the pen, beside the shared mistakes."""
        size = (parameters.get("stages", 1) + 2) * parameters.get("chains", 1)
        return super().mistakes(parameters) + too_many(size, "chains")


@generator
@dataclass(frozen=True, kw_only=True)
class Tree(Grown):
    """A distribution tree: one root that buys from a source, and below it enterprises that each have one seller; customers at the leaves."""

    name = "tree"
    source = (
        "Eppen and Schrage (1981), in Multi-Level Production/Inventory Control Systems, 51-67; "
        "Diks, de Kok and Lagodimos (1996), European Journal of Operational Research 95(2), 241-263"
    )

    depth: int = parameter("Layers that keep stock, the root's among them", 2, minimum=1, maximum=100, kind="int")
    branching: Any = parameter("Buyers below each enterprise: a number, or the smallest and the largest of a range", 3, minimum=1, kind="anything")
    customers_per_retailer: Any = parameter("Customers of each leaf: a number, or a range", 1, minimum=1, kind="anything")

    def grow(self, folder: Path) -> Population:
        """Layer by layer from the root down; the number of buyers of each enterprise is drawn by its place in its layer."""
        names = [*reversed(tiers(self.depth)), ("customer", "customer")]
        counts, above = [1], []
        for layer in range(self.depth):
            below = self.customers_per_retailer if layer == self.depth - 1 else self.branching
            drawn = branches(below, self.seed, f"population branching {layer}", counts[-1])
            above.append(np.repeat(np.arange(counts[-1]), drawn))
            counts.append(len(above[-1]))
        groups = [Group(name, role, count, self.depth - layer) for layer, ((name, role), count) in enumerate(zip(names, counts, strict=True))]
        cast = Cast(self.name, [Group("supplier", "supplier", 1, self.depth + 1), *groups])
        rows = [cast.rows(name) for name, _ in names]
        seller = np.concatenate([cast.rows("supplier"), *(rows[layer][parents] for layer, parents in enumerate(above))])
        return self.finished(cast, trading(cast, seller, np.concatenate(rows)))

    @classmethod
    def mistakes(cls, parameters: Mapping[str, Any]) -> Mistakes:
        """Ranges that are none, and trees that are too large, beside the shared mistakes."""
        found = super().mistakes(parameters)
        wrong = [pair for name in ("branching", "customers_per_retailer") for pair in range_mistakes(name, parameters.get(name, 1))]
        if not wrong:
            most = float(np.max(parameters.get("branching", 1)))
            leaves = most ** (parameters.get("depth", 1) - 1)
            wrong = too_many(leaves * (1.0 + float(np.max(parameters.get("customers_per_retailer", 1)))), "depth")
        return found + wrong


def trading(cast: Cast, seller: NDArray[Any], buyer: NDArray[Any]) -> Network:
    """A network of one product that everybody resells; who is called a supplier is an outside source. Rows are those of enterprises."""
    everybody = np.arange(cast.count)
    source = np.zeros(cast.count, np.bool_)
    source[cast.rows("supplier")] = True
    return Network([GOODS], Items(1, (everybody, 0)), source, seller, buyer)


def branches(said: Any, seed: int, stream: str, count: int) -> NDArray[np.int64]:
    """How many branches each of some enterprises has."""
    if not isinstance(said, list | tuple):
        return np.full(count, int(said), np.int64)
    sent = np.atleast_1d(uniform(seed, 0, 0, stream, np.arange(count, dtype=np.uint64), 0))
    return quantile({"distribution": "uniform", "low": said[0], "high": said[1]}, sent, whole=True).astype(np.int64)


def range_mistakes(name: str, said: Any) -> Mistakes:
    """What is wrong with a number of branches or a range of it.

    Examples
    --------
    >>> range_mistakes("branching", [4, 1])
    [('branching', 'expected a whole number from 1 on, or a range such as [1, 4], got [4, 1]')]
    """
    numbers = list(said) if isinstance(said, list | tuple) else [said, said]
    right = len(numbers) == 2 and all(isinstance(one, int) and not isinstance(one, bool) and one >= 1 for one in numbers)
    if right and numbers[0] <= numbers[1]:
        return []
    return [(name, f"expected a whole number from 1 on, or a range such as [1, 4], got {said!r}")]


def too_many(size: float, name: str) -> Mistakes:
    """A message where a population would have more enterprises than a memory can hold."""
    if size <= MOST_ENTERPRISES:
        return []
    return [(name, f"makes up to {size:,.0f} enterprises, expected at most {MOST_ENTERPRISES:,}")]
