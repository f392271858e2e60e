"""The generator of convergent networks: a final product is assembled from components that others assemble from theirs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from chainwright.network.populations.base import Population, generator
from chainwright.network.populations.chains import branches, range_mistakes, too_many
from chainwright.network.populations.columns import Items
from chainwright.network.populations.common import MOST_ENTERPRISES, Network, Producing
from chainwright.network.populations.distributed import Mistakes, distributed
from chainwright.network.populations.enterprises import DIGITS, Cast, Group, numbered
from chainwright.policies.base import parameter
from chainwright.state.streams import row_key


@generator
@dataclass(frozen=True, kw_only=True)
class Assembly(Producing):
    """A convergent network: a manufacturer assembles the final product, each component is made by a supplier of its own from other components."""

    name = "assembly"
    source = "Rosling (1989), Operations Research 37(4), 565-579; Schmidt and Nahmias (1985), Operations Research 33(5), 1130-1145"

    depth: int = parameter("Layers of components; those of the last come from outside", 2, minimum=1, maximum=30, kind="int")
    branching: Any = parameter("Components of each product: a number, or the smallest and the largest of a range", 2, minimum=1, kind="anything")
    customers: int = parameter("Customers of the final product", 1, minimum=1, maximum=MOST_ENTERPRISES, kind="int")
    component_quantity: Any = distributed("Units of a component for a unit of what is made from it", 1.0, unit="units per unit", by_role=False)

    def grow(self, folder: Path) -> Population:
        """Layer by layer from the final product up; each product is made in one place only."""
        names = ["manufacturer", *numbered("supplier", self.depth)]
        counts, above = [1], []
        for layer in range(self.depth):
            drawn = branches(self.branching, self.seed, f"population branching {layer}", counts[-1])
            above.append(np.repeat(np.arange(counts[-1]), drawn))
            counts.append(len(above[-1]))
        roles = ["manufacturer", *["supplier"] * self.depth]
        groups = [Group(name, role, count, layer + 1) for layer, (name, role, count) in enumerate(zip(names, roles, counts, strict=True))]
        cast = Cast(self.name, [Group("customer", "customer", self.customers, 0), *groups])
        products, number = self._products(counts)
        rows = [cast.rows(name) for name in names]
        # Maker and component, for each line of a recipe; the component's own maker sells it.
        maker = np.concatenate([rows[layer][parents] for layer, parents in enumerate(above)])
        maker_product = np.concatenate([number[layer][parents] for layer, parents in enumerate(above)])
        component = np.concatenate(number[1:])
        component_maker = np.concatenate(rows[1:])
        customers = cast.rows("customer")
        final = number[0][0]
        items = Items(
            len(products), (np.concatenate(rows), np.concatenate(number)), (maker, component), (customers, np.full(len(customers), final))
        )
        unlimited = np.zeros(len(items), np.bool_)
        unlimited[items.rows(rows[-1], number[-1])] = True
        quantity = np.array(self.drawn("component_quantity", row_key(0, 0, 0, "population component", component.astype(np.uint64))))
        network = Network(
            products,
            items,
            unlimited,
            seller=np.concatenate([items.rows(component_maker, component), items.rows(np.full(len(customers), rows[0][0]), final)]),
            buyer=np.concatenate([items.rows(maker, component), items.rows(customers, final)]),
            recipe_item=items.rows(maker, maker_product),
            recipe_component=items.rows(maker, component),
            recipe_quantity=quantity,
        )
        return self.finished(cast, network)

    def _products(self, counts: list[int]) -> tuple[list[str], list[Any]]:
        """Names of all products in ascending order, and the place of each layer's products among them."""
        layers = numbered("component", len(counts) - 1)
        names, number, begin = [], [], 0
        for name, count in zip(layers, counts[1:], strict=True):
            digits = max(DIGITS, len(str(count)))
            names += [f"{name}_{place:0{digits}d}" for place in range(1, count + 1)]
            number.append(np.arange(begin, begin + count))
            begin += count
        return [*names, "product"], [np.array([begin]), *number]

    @classmethod
    def mistakes(cls, parameters: Mapping[str, Any]) -> Mistakes:
        """Ranges that are none, and networks that are too large, beside the shared mistakes."""
        wrong = range_mistakes("branching", parameters.get("branching", 1))
        if not wrong:
            wrong = too_many(float(np.max(parameters.get("branching", 1))) ** parameters.get("depth", 1), "depth")
        return super().mistakes(parameters) + wrong
