"""What becomes of a decision after it was made: closures, lots, caps and whole units, and the split over sellers, as steps."""

from __future__ import annotations

from typing import Any

import numpy as np

from chainwright.policies.explanation import Line, told
from chainwright.state.totals import NOISE

UNIT = "units per period"


def demand_rules(world: Any, row: int, drawn: float) -> list[Line]:
    """From what a customer's policy draws to what is demanded."""
    items, steps, value = world.items, list[Line](), drawn
    if world.disturbed and items.demand_factor[row] != 1.0:
        value = drawn * items.demand_factor[row]
        steps.append(Line("multiplied by what events do to demand", f"{told(drawn)} × {told(items.demand_factor[row])}", value, UNIT))
    if value < 0.0 and not world.may_return[row]:
        steps.append(Line("less than nothing cannot be demanded", f"max({told(value)}, 0)", 0.0, UNIT))
        value = 0.0
    return _ended(steps, "demanded", value, float(items.demand[row]), "in whole units, the fraction is demanded later")


def production_rules(world: Any, row: int, wanted: float) -> list[Line]:
    """From the units that a policy wants made to the production order, in units to release."""
    items, steps, value = world.items, list[Line](), wanted
    if value < 0.0:
        steps.append(Line("less than nothing cannot be made", f"max({told(value)}, 0)", 0.0, UNIT))
        value = 0.0
    steps += _shut(world, row, "makes")
    if steps and steps[-1].words.endswith("nothing"):
        value = 0.0
    share = float(items.yield_share[row])
    if share != 1.0 and value != 0.0:
        steps.append(Line("more, because not all turns out good", f"{told(value)} / {told(share)}", value / share, UNIT))
        value = value / share
    lots, value = _lots(world, row, value)
    return _ended(steps + lots, "ordered from the own production", value, float(items.production_orders[row]), "as it was ordered")


def order_rules(world: Any, row: int, wanted: float) -> list[Line]:
    """From the quantity that a policy wants to the orders on lanes; the last step is what was ordered."""
    items, steps, value = world.items, list[Line](), wanted
    if value < 0.0 and not world.may_return[row]:
        steps.append(Line("less than nothing cannot be ordered here", f"max({told(value)}, 0)", 0.0, UNIT))
        value = 0.0
    shut = _shut(world, row, "orders")
    if shut and not items.customer[row]:
        return [*steps, *shut]
    lots, value = _lots(world, row, value)
    steps += lots
    ordered = float(items.orders[row])
    if items.customer[row] and (shut or not _taking(world, row)):
        return [*steps, *shut, *_nowhere(world, row, value, ordered)]
    if items.customer[row] and ordered - value > NOISE:
        steps.append(Line("with what it could order nowhere before", f"{told(value)} + {told(ordered - value)}", ordered, UNIT))
        value = ordered
    return steps + _split(world, row, value, ordered)


def _taking(world: Any, row: int) -> bool:
    """Whether any lane of a buyer takes orders in this period."""
    lanes = world.lanes
    return bool(((lanes.buyer == row) & lanes.trading & (lanes.orders_open >= 1.0)).any())


def _nowhere(world: Any, row: int, wanted: float, lost: float) -> list[Line]:
    """What becomes of what a customer can order nowhere: what counts as ordered is lost at once, the rest waits."""
    if not (world.lanes.buyer == row).any():
        return [Line("there is no lane on which anything could be ordered", "", lost, UNIT)]
    waits = wanted - lost
    steps = [Line("lost to sellers who lose what they cannot serve", "", lost, UNIT)] if lost else []
    if waits:
        before = float(world.items.unplaced[row]) - waits
        formula = f"{told(before)} + {told(waits)}" if before else ""
        steps.append(Line("waits until somebody takes orders", formula, float(world.items.unplaced[row]), "units"))
    return [*steps, Line("ordered, and lost" if lost else "no lane takes orders", "", lost, UNIT)]


def _shut(world: Any, row: int, what: str) -> list[Line]:
    """The step of a closed enterprise (or a closed item of it)."""
    if not (world.disturbed and bool(world.events.shut_items[row])):
        return []
    name = world.enterprises.name[world.items.enterprise[row]]
    return [Line(f"{name} is closed this period and {what} nothing", "", 0.0, UNIT)]


def _lots(world: Any, row: int, quantity: float) -> tuple[list[Line], float]:
    """The smallest order, lots, whole units and the cap, in this order; what changes nothing is left out."""
    items, steps, value = world.items, list[Line](), quantity
    if abs(value) <= NOISE and value != 0.0:
        return [Line("rounding noise is no order", f"|{told(value)}| ≤ {NOISE:g}", 0.0, UNIT)], 0.0
    if not value > 0.0:
        return steps, value

    def becomes(words: str, formula: str, after: float) -> None:
        nonlocal value
        if after != value:
            steps.append(Line(words, formula, after, UNIT))
            value = after

    lot, smallest, cap = float(items.lot_multiple[row]), float(items.minimum_order[row]), float(items.order_cap[row])
    whole = bool(world.products.whole_units[items.product[row]])
    becomes("raised to the smallest order", f"max({told(value)}, {told(smallest)})", float(np.maximum(value, smallest)))
    if lot > 0.0:
        count = float(np.ceil(value / lot - NOISE))
        becomes("rounded up to lots", f"{told(count)} × {told(lot)}", count * lot)
    if whole:
        becomes("rounded up to whole units", told(value), float(np.ceil(value - NOISE)))
    limit = cap
    if lot > 0.0 and np.isfinite(cap):
        limit = float(np.floor(cap / lot + NOISE) * lot)
    if whole:
        limit = float(np.floor(limit))
    becomes("cut to the most that may be ordered at once", f"min({told(value)}, {told(limit)})", float(np.minimum(value, limit)))
    return steps, value


def _split(world: Any, row: int, quantity: float, ordered: float) -> list[Line]:
    """The orders on lanes, where there are several sellers or none, and their sum."""
    lanes, items = world.lanes, world.items
    bought = np.flatnonzero(lanes.buyer == row)
    if not len(bought):
        return [Line("there is no lane on which anything could be ordered", "", ordered, UNIT)]
    steps = []
    for lane in bought.tolist():
        seller = world.enterprises.name[items.enterprise[lanes.seller[lane]]]
        mode = f" by {lanes.mode[lane]}" if lanes.mode[lane] else ""
        placed = float(lanes.ordered[lane])
        paused = world.disturbed and lanes.orders_open[lane] < 1.0
        if paused:
            steps.append(Line(f"orders to {seller}{mode} are paused", "", placed, UNIT))
        elif (placed != 0.0 or lanes.trading[lane]) and len(bought) > 1:
            share = placed / quantity if quantity else 0.0
            steps.append(Line(f"of it to {seller}{mode}", f"{told(share)} × {told(quantity)}", placed, UNIT))
    if ordered == 0.0 and quantity != 0.0 and not steps:
        steps.append(Line("no lane takes orders", "", 0.0, UNIT))
    who = world.enterprises.name[items.enterprise[lanes.seller[int(bought[0])]]]
    words = f"ordered from {who}" if len(bought) == 1 else "ordered from all sellers"
    formula = " + ".join(told(float(lanes.ordered[lane])) for lane in bought.tolist() if lanes.ordered[lane]) if len(bought) > 1 else ""
    return [*steps, Line(words, formula, ordered, UNIT)]


def _ended(steps: list[Line], words: str, value: float, actual: float, else_words: str) -> list[Line]:
    """The steps with the true outcome as the last one."""
    last = Line(words, "", actual, UNIT) if value == actual else Line(f"{words}, {else_words}", "", actual, UNIT)
    return [*steps, last]
