"""Which demand a policy looks at: the orders that arrive, the end customers' demand, or what the buyers are asked for."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from chainwright.policies.base import Looks, Policy, parameter

DEMANDS = ("demand", "end_demand", "demand_of_buyers")


def observe_parameter() -> Any:
    """The parameter that says which demand is looked at."""
    return parameter(
        "The demand looked at: the item's own, the end customers' downstream, or that of its buyers (by their shares of orders); "
        "where nothing is said the end customers' if the scenario shows it, else the item's own",
        None,
        kind="str",
        choices=DEMANDS,
    )


class Observing(Policy):
    """A policy that looks at a demand; subclasses have the parameter `observe`."""

    @classmethod
    def looks_at(cls, parameters: Mapping[str, Any]) -> Looks:
        """Beside what the policy looks at anyway, the demand that `observe` names."""
        own, of_buyers, of_sellers = super().looks_at(parameters)
        which = parameters.get("observe")
        if which == "end_demand":
            own = (*own, "end_demand")
        elif which == "demand_of_buyers":
            of_buyers = (*of_buyers, "demand")
        return Looks(own, of_buyers, of_sellers)


def observed(view: Any, which: str | None = None) -> Any:
    """The demand of this period that a policy looks at; by default the end customers', where it can be seen, else the item's own."""
    if which == "demand_of_buyers":
        return view.sum_over_buyers("demand", by_share=True)
    if which == "end_demand" or (which is None and view.sees("end_demand")):
        return view.end_demand
    return view.demand
