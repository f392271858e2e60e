"""Checks what the sound entries of a scenario mean together: who sells to whom, who makes what, cycles, shares, policies."""

from __future__ import annotations

import math
from collections.abc import Callable

from chainwright.scenario import keys
from chainwright.scenario.check.customers import check_customers
from chainwright.scenario.check.cycles import check_cycles
from chainwright.scenario.check.findings import Item
from chainwright.scenario.check.network_view import NetworkView
from chainwright.scenario.check.policies_reach import check_deciders
from chainwright.scenario.documents import Path_

# A sum of shares such as 0.333 + 0.333 + 0.334 is meant to be 1; 0.3 + 0.3 + 0.3 is not.
SHARES_TOLERANCE = 1e-6


def check_lanes(meaning: NetworkView) -> None:
    """Lanes twice, lanes of customers, contents that can be nowhere."""
    add = meaning.findings.add
    seen: dict[tuple[str, ...], int] = {}
    for number, lane in meaning.sound.lanes:
        path: Path_ = ("lanes", number)
        names = (lane["seller"], lane["buyer"], lane["product"], lane.get("mode", ""))
        if names in seen:
            mode = f", mode {names[3]!r}" if names[3] else ""
            first = meaning.findings.document.place(("lanes", seen[names])).line
            where = f"in line {first}" if first else f"as lanes.{seen[names]}"
            advice = "; give one of them another mode" if not mode else ""
            add(path, f"a second lane from {names[0]} to {names[1]} for {names[2]}{mode}, the first is {where}{advice}", value=False)
        seen.setdefault(names, number)
        if meaning.sound.enterprises[lane["seller"]] == "customer":
            message = f"{lane['seller']!r} is a customer, who consumes and cannot sell; expected another seller, or give it another role"
            add((*path, "seller"), message)
        # What is steady is nothing on a lane without the delay, so that it holds whatever the delay is set to.
        for contents, delay, what in (("orders_waiting", "order_delay", "order"), ("in_transit", "transport_time", "goods")):
            if isinstance(lane.get(contents), list) and lane[contents] and lane.get(delay, 0) == 0:
                message = f"no {what} can be on the way on the lane {names[0]}>{names[1]}, whose {delay} is 0; leave {contents} out of this lane"
                add((*path, contents), f"{message} or give it {'an' if delay[0] == 'o' else 'a'} {delay} ({keys.STEADY} is right for every lane)")
        if lane.get("backorder") and meaning.sound.items.get((lane["seller"], lane["product"]), {}).get("unlimited"):
            add((*path, "backorder"), f"{lane['seller']} is an unlimited source of {lane['product']}, which owes nothing")


def check_shares(meaning: NetworkView) -> None:
    """Shares of a buyer's item: on all of its lanes or on none, and 1 together."""
    for item, lanes in meaning.sellers.items():
        said = [number for number, lane in lanes if "share" in lane]
        if not said or not meaning.certain(item):
            continue
        silent = [number for number, lane in lanes if "share" not in lane and lane.get("active", True)]
        total = math.fsum(lane.get("share", 0.0) for _, lane in lanes)
        what = f"the lanes of {'/'.join(item)}"
        if silent:
            message = f"some of {what} have a share, this one has none; say it for all of them or for none"
            meaning.findings.add(("lanes", silent[0]), message, value=False)
        elif abs(total - 1.0) > SHARES_TOLERANCE:
            meaning.findings.add(("lanes", said[0], "share"), f"the shares of {what} sum to {total:.6g}, expected 1")


def check_recipes(meaning: NetworkView) -> None:
    """Recipes twice, recipes of themselves, customers that make, production said twice."""
    add = meaning.findings.add
    first: dict[Item, int] = {}
    for number, recipe in meaning.sound.recipes:
        path: Path_ = ("recipes", number)
        item = (recipe["enterprise"], recipe["product"])
        if item in first:
            add(path, f"a second recipe for {'/'.join(item)}; an item has at most one", value=False)
            continue
        first[item] = number
        if meaning.customer(item):
            message = f"{item[0]!r} is a customer, who consumes and cannot make; expected another enterprise, or give it another role"
            add((*path, "enterprise"), message)
        if item[1] in recipe.get("components", {}):
            add((*path, "components", item[1]), f"{item[1]!r} cannot be a component of itself", value=False)
        said = meaning.sound.items.get(item, {})
        for key in keys.PRODUCTION_KEYS:
            if key in recipe and key in said:
                add((*path, key), f"{key} of {'/'.join(item)} is also said in enterprises.{item[0]}.items.{item[1]}; say it once", value=False)
        if said.get("unlimited"):
            add(path, f"{'/'.join(item)} is unlimited, so nothing of it needs to be made; leave out one of the two", value=False)


def check_items(meaning: NetworkView) -> None:
    """What the values of one item mean together."""
    add = meaning.findings.add
    for item, values in meaning.sound.items.items():
        if values.get("cancel_rate") and values.get("unmet_demand", "backordered") != "cancelled":
            unmet = values.get("unmet_demand", "backordered")
            message = f"has no effect while unmet_demand is {unmet}; expected `unmet_demand: cancelled` beside it"
            add(meaning.item_path(item, "cancel_rate"), message, value=False)
        cap = values.get("order_cap")
        for key in ("minimum_order", "lot_multiple"):
            if cap and values.get(key, 0.0) > cap:
                add(meaning.item_path(item, "order_cap"), f"{cap:.12g} is less than the {key} of {values[key]:.12g}, so nothing could be ordered")
    for item in dict.fromkeys([*meaning.sound.items, *meaning.made]):
        where, spread = meaning.production(item, "yield_spread")
        _, share = meaning.production(item, "yield_share")
        share = 1.0 if share is None else share
        if spread and spread > min(share, 1.0 - share) + 1e-12:
            reach = f"from {share - spread:.6g} to {share + spread:.6g}"
            add(where, f"the yield would lie {reach}; expected at most {min(share, 1.0 - share):.6g} with a yield_share of {share:.6g}")
        where, waiting = meaning.production(item, "in_process")
        if waiting and item not in meaning.made and meaning.certain(item):
            add(where, f"nothing can be in process: no recipe makes {item[1]} at {item[0]}", value=False)
        elif waiting and waiting != keys.STEADY and not meaning.production(item, "production_time")[1]:
            add(where, "nothing can be in process with a production_time of 0; leave it out or give a production_time", value=False)


def check_sources(meaning: NetworkView) -> None:
    """Everything that is sold or used as a component must come from somewhere."""
    for item in dict.fromkeys([*meaning.buyers, *meaning.components]):
        values = meaning.sound.items.get(item, {})
        if item in meaning.sellers or item in meaning.made or values.get("unlimited") or values.get("on_hand"):
            continue
        if not meaning.certain(item) or meaning.customer(item):
            continue
        cure = f"expected a lane to {item[0]}, a recipe, unlimited: true, or on_hand"
        if item in meaning.components:
            number, component = meaning.components[item]
            message = f"nobody makes {item[1]!r} at {item[0]!r} or sells it there, and there is no stock of this component; {cure}"
            meaning.findings.add(("recipes", number, "components", component), message, value=False)
        else:
            number = meaning.buyers[item][0][0]
            message = f"{item[0]!r} sells {item[1]!r} but neither makes it, buys it, nor has any; {cure}"
            meaning.findings.add(("lanes", number, "seller"), message)


MEANINGS: tuple[Callable[[NetworkView], None], ...] = (
    check_lanes, check_shares, check_recipes, check_items, check_customers, check_sources, check_cycles, check_deciders,
)  # fmt: skip
