"""From whom to buy: (rank, weight) for each lane of a buyer; the order goes to the open lanes of the lowest rank by weight."""

from __future__ import annotations

import dataclasses
from typing import Any

import numpy as np

from chainwright.policies.base import Policy, register
from chainwright.state.ranks import dense_rank


class Sellers(Policy):
    """A rule that splits an order among the lanes of a buyer."""

    family = "sellers"


def one_after_another(view: Any, *keys: Any) -> Any:
    """Rank a buyer's lanes by some keys, one lane at a rank, ties in the order of the file; inactive lanes come last, with weight 0."""
    active = np.asarray(view.trading, dtype=np.bool_)
    return dense_rank(view.group, ~active, *(np.asarray(key) for key in keys)), np.where(active, 1.0, 0.0)


@register
@dataclasses.dataclass(frozen=True)
class FixedShares(Sellers):
    """Splits each order in fixed shares."""

    name = "fixed_shares"
    formula = "rank 0, weight = the lane's share"
    source = "Tomlin (2006), Management Science 52(5), 639-657, on dual sourcing"
    lasting = True

    def __call__(self, view: Any) -> Any:
        active = np.asarray(view.trading, dtype=np.bool_)
        return np.where(active, 0, 1).astype(np.int32), np.where(active, view.share, 0.0)


@register
@dataclasses.dataclass(frozen=True)
class Single(Sellers):
    """Buys everything from the active lane of the lowest `preference`, and nothing elsewhere, whatever happens to it."""

    name = "single"
    formula = "rank by preference; weight 1 for the first lane, 0 for the others"
    source = "Tomlin (2006), Management Science 52(5), 639-657, on single sourcing"
    lasting = True

    def __call__(self, view: Any) -> Any:
        rank, weight = one_after_another(view, view.preference)
        return rank, np.where(rank == 0, weight, 0.0)


@register
@dataclasses.dataclass(frozen=True)
class Cheapest(Sellers):
    """Buys from the lane with the lowest price."""

    name = "cheapest"
    formula = "rank by price, one lane at a rank"
    source = "Ghodsypour and O'Brien (1998), International Journal of Production Economics 56-57, 199-212, on choosing suppliers"
    lasting = True

    def __call__(self, view: Any) -> Any:
        return one_after_another(view, view.price)


@register
@dataclasses.dataclass(frozen=True)
class Fastest(Sellers):
    """Buys from the lane with the shortest time from order to receipt."""

    name = "fastest"
    formula = "rank by order_delay + transport_time, one lane at a rank"
    source = "Minner (2003), International Journal of Production Economics 81-82, 265-279, on several suppliers"
    lasting = True

    def __call__(self, view: Any) -> Any:
        return one_after_another(view, view.order_delay + view.transport_time)


@register
@dataclasses.dataclass(frozen=True)
class Preference(Sellers):
    """Buys from the most preferred seller that is not short; if all are, from the most preferred one that is not closed."""

    name = "preference"
    formula = "rank by (short, closed, preference), one lane at a rank"
    source = "Tomlin (2006), Management Science 52(5), 639-657, on contingent rerouting"

    def __call__(self, view: Any) -> Any:
        short = np.asarray(view.short, dtype=np.bool_)
        # A pause of orders, or of all shipments, is how a closed seller looks from its lane.
        shut = short & ((np.asarray(view.orders_open) < 1.0) | (np.asarray(view.shipments_open) <= 0.0))
        return one_after_another(view, short, shut, view.preference)
