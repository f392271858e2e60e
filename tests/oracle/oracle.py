"""The oracle: the period in plain loops over objects, slow and easy to read, to compare the world's columns with.

Where the words of the design leave a choice, the simplest reading is taken:

- the yield is drawn in the period of completion, for all that is completed in it;
- a fraction of a customer's demand for counted goods is demanded later;
- a quantity to produce is divided by the yield first, then rounded and capped like an order, in units to release;
- the latest due period on a lane without overtaking is that of the goods still on the way, those of the start too (a pause moves it along);
- an empty shipment draws and moves nothing;
- goods without transport time are stopped by the buyer's end of the lane (receipt), not by a pause of transit;
- an order that is refused was asked for and lost, never seen; what a closed seller does not refuse is seen and owed like any other;
- what a customer can order nowhere is split as if all lanes were open, over all of them alike where its rule knows none;
- what it orders late goes where the order of that moment goes, and was asked for when it was wanted;
- a reduction acts on the capacity to make where one is declared, else on what would ship; counted goods then leave in whole units;
- an order that is refused leaves the buyer's on_order at once;
- rounding noise is nothing: it is not ordered, does not make a lane short, and holds up no goods behind it;
- an order that is negative costs no ordering cost;
- the tranches of a debt are paid, lost and cancelled oldest first;
- goods sent back may leave less than nothing on hand for a while (nothing is forgotten);
- counted goods are rounded in allocation only where there is not enough for all.
"""

from __future__ import annotations

import math
from typing import Any

from .costs import charge
from .deciding import Clock, Decider, deciders
from .disruption import disrupt
from .sharing import NOISE, in_whole_units, ration, rounded, split
from .things import ITEM_COUNTS, LANE_COUNTS, Item, Lane, Line, Network, put


class Oracle:
    """Plays a blueprint period by period; `items` and `lanes` lie in the order of the blueprint.

    Parameters
    ----------
    blueprint : Blueprint
        What to play.
    seed, run : int
        The coordinates of every draw.
    """

    def __init__(self, blueprint: Any, seed: int = 1, run: int = 0) -> None:
        self.network = Network(blueprint)
        self.items, self.lanes = self.network.items, self.network.lanes
        self.levels = self.network.levels
        self.events = blueprint.events
        self.clock = Clock(seed, run, dict(blueprint.visibility))
        names = ("demand", "forecast_demand", "plan_production", "place_orders", "choose_sellers", "allocate_stock")
        self.deciders = {name: deciders(blueprint, self.items, name) for name in names}

    @property
    def period(self) -> int:
        return self.clock.period

    def decider(self, decision: str, item: Item) -> Decider | None:
        return self.deciders[decision].get(id(item))

    def step(self) -> None:
        """One period."""
        self.clock.period += 1
        for item in self.items:
            item.__dict__.update(dict.fromkeys(ITEM_COUNTS, 0.0))
        for lane in self.lanes:
            lane.__dict__.update(dict.fromkeys(LANE_COUNTS, 0.0))
        for line in self.network.lines:
            line.reserved = 0.0
        disrupt(self.network, self.events, self.period)
        self.receive()
        self.plan()
        self.fulfil()
        self.settle()

    # --- receive --------------------------------------------------------------------------------------------

    def receive(self) -> None:
        for lane in self.lanes:
            if lane.transit_open < 1:
                lane.goods_due = {due + 1: amount for due, amount in lane.goods_due.items()}
            self.arrive(lane)
        for item in self.items:
            self.complete_what_is_due(item)

    def arrive(self, lane: Lane) -> None:
        """Goods due by now reach the buyer, or wait for the next period."""
        amount = sum(lane.goods_due.pop(due) for due in sorted(lane.goods_due) if due <= self.period)
        if amount == 0:
            return
        if lane.receipt_open < 1 or lane.buyer.closed:
            put(lane.goods_due, self.period + 1, amount)
            return
        lane.received += amount
        lane.buyer.received += amount
        lane.buyer.on_hand += amount
        paid = lane.price * amount
        lane.buyer.purchase_cost_paid += paid
        lane.seller.revenue_received += paid
        lane.buyer.enterprise.cash -= paid
        lane.seller.enterprise.cash += paid

    def complete_what_is_due(self, item: Item) -> None:
        batches = [batch for due in sorted(item.due) if due <= self.period for batch in item.due.pop(due)]
        if item.closed:
            if batches:
                item.due.setdefault(self.period + 1, []).extend(batches)
            return
        for released in batches:
            item.in_process -= released
            self.complete(item, released)

    def complete(self, item: Item, released: float) -> None:
        good = released * self.drawn_yield(item)
        item.made += good
        item.scrapped += released - good
        item.on_hand += good

    # --- plan -----------------------------------------------------------------------------------------------

    def plan(self) -> None:
        for lane in self.lanes:
            lane.short = bool(lane.seller.closed or lane.backorder > NOISE or lane.orders_open < 1)
            lane.owed_before = lane.backorder
        for item in self.items:
            item.promised = item.unplaced + sum(self.expected_orders(lane) + lane.backorder + lane.in_transit for lane in item.buying)
            decider = self.decider("demand", item)
            if decider:
                item.demand = decider.decide(item, self.clock) * item.demand_factor
                if not getattr(self.decider("place_orders", item).policy, "allow_negative", False):
                    item.demand = max(item.demand, 0.0)
                if item.product.whole_units:
                    wanted = item.demand + item.demand_carried
                    item.demand = float(math.floor(wanted + NOISE))
                    item.demand_carried = wanted - item.demand
        for items in self.levels:
            for item in items:
                self.see_orders(item)
            for item in items:
                self.decide(item)

    def expected_orders(self, lane: Lane) -> float:
        """Orders on the way that nobody will refuse in this period."""
        return sum(amount for due, amount in lane.orders_due.items() if due > self.period or not lane.refusing)

    def see_orders(self, item: Item) -> None:
        for lane in item.selling:
            lane.late_seen = sum(lane.late_due.pop(when) for when in sorted(lane.late_due) if when <= self.period)
            item.unseen -= lane.late_seen
            amount = sum(lane.orders_due.pop(when) for when in sorted(lane.orders_due) if when <= self.period)
            if lane.refusing:
                lane.lost += amount
                item.lost += amount
                item.unseen += amount
                item.demand += amount
                continue
            lane.seen += amount
            lane.backorder += amount
            put(lane.debts, self.period, amount)
        item.seen = sum(lane.seen for lane in item.selling)
        if self.decider("demand", item) is None:
            item.demand += item.seen

    def decide(self, item: Item) -> None:
        """Forecast, plan production, place orders: each decision sees what the one before has done."""
        self.count(item)
        forecast = self.decider("forecast_demand", item)
        if forecast:
            item.forecast = forecast.decide(item, self.clock)
        production = self.decider("plan_production", item)
        if production and item.makes:
            self.plan_production(item, production)
            self.count(item)
        ordering = self.decider("place_orders", item)
        if ordering and (item.customer or any(lane.active for lane in item.buying)):
            self.place_orders(item, ordering)

    def count(self, item: Item) -> None:
        """What an item has, owes and expects at the moment of its decision."""
        item.backorder = sum(lane.backorder for lane in item.selling)
        counted = item.backorder
        if item.unmet_demand == "lost":
            counted = min(counted, max(item.on_hand - item.requirements, 0.0))
        item.inventory_level = item.on_hand - counted - item.requirements
        item.on_order = item.promised + (item.unreleased + item.in_process) * item.yield_share
        item.inventory_position = item.inventory_level + item.on_order

    def plan_production(self, item: Item, decider: Decider) -> None:
        wanted = max(decider.decide(item, self.clock), 0.0)
        if item.closed or item.yield_share <= 0:
            return
        item.production_orders = rounded(wanted / item.yield_share, item)
        item.unreleased += item.production_orders
        for line in item.lines:
            needed = item.production_orders * line.quantity
            line.component.requirements += needed
            line.component.demand += needed

    def place_orders(self, item: Item, decider: Decider) -> None:
        quantity = decider.decide(item, self.clock)
        if not decider.allows_negative:
            quantity = max(quantity, 0.0)
        quantity = rounded(quantity, item)
        lanes = item.buying
        late = item.unplaced if item.customer else 0.0
        ranks, weights = self.deciders["choose_sellers"][id(item)].weigh(lanes, self.clock, order=[quantity + late] * len(lanes))
        open_lanes = [bool(lane.active) and lane.orders_open >= 1 for lane in lanes]
        whole = bool(item.product.whole_units)
        finds_one = any(is_open and weight > 0 for is_open, weight in zip(open_lanes, weights, strict=True))
        if item.customer and (item.closed or not finds_one):
            self.wait(item, quantity, ranks, weights)
        elif not item.closed:
            for lane, part in zip(lanes, split(quantity + late, open_lanes, ranks, weights, whole), strict=True):
                lane.ordered = part
                item.orders += part
                put(lane.orders_due, self.period + lane.order_delay, part)
                if late:
                    put(lane.late_due, self.period + lane.order_delay, part * late / (quantity + late))
                lane.unplaced = 0.0
            item.unplaced = 0.0

    def wait(self, item: Item, quantity: float, ranks: list[float], weights: list[float]) -> None:
        """What a customer can order nowhere is lost to the sellers who lose what they cannot serve, and else waits."""
        lanes = item.buying
        known = [bool(lane.active) for lane in lanes]
        if not any(active and weight > 0 for active, weight in zip(known, weights, strict=True)):
            known, ranks, weights = [True] * len(lanes), [0.0] * len(lanes), [1.0] * len(lanes)
        for lane, part in zip(lanes, split(quantity, known, ranks, weights, bool(item.product.whole_units)), strict=True):
            lane.seller.unseen += part
            if lane.seller.unmet_demand == "lost":
                lane.turned_away = lane.ordered = part
                item.orders += part
                lane.lost += part
                lane.seller.lost += part
            else:
                lane.unplaced += part
                item.unplaced += part

    # --- fulfil ---------------------------------------------------------------------------------------------

    def fulfil(self) -> None:
        for items in reversed(self.levels):
            for item in items:
                for lane in item.buying:
                    self.arrive(lane)
                self.release(item)
            for item in items:
                self.hand_out(item)
            for item in items:
                self.end_of_level(item)

    def releasable(self, item: Item) -> float:
        """What capacity and events would let go into production now."""
        if item.closed:
            return 0.0
        if math.isfinite(item.capacity):
            return float(min(item.unreleased, item.capacity * item.capacity_factor))
        return float(item.unreleased)

    def release(self, item: Item) -> None:
        if not item.makes:
            return
        quantity = min([self.releasable(item)] + [line.reserved / line.quantity for line in item.lines if line.quantity > 0])
        if quantity <= 0:
            return
        item.released = quantity
        item.unreleased -= quantity
        for line in item.lines:
            line.component.used += quantity * line.quantity
            line.component.on_hand -= 0.0 if line.component.unlimited else quantity * line.quantity
            line.component.requirements -= quantity * line.quantity
        if item.production_time == 0:
            self.complete(item, quantity)
        else:
            item.in_process += quantity
            item.due.setdefault(self.period + item.production_time, []).append(quantity)

    def drawn_yield(self, item: Item) -> float:
        if item.yield_spread == 0:
            return float(item.yield_share)
        drawn = self.clock.draw("yield", item.coordinate)
        return float(item.yield_share + item.yield_spread * (2 * drawn - 1))

    def hand_out(self, item: Item) -> None:
        """Scarce stock goes to the enterprise's own recipes and to lanes, in the order that the item says."""
        if item.recipes_first:
            self.reserve(item.used_in, item.on_hand)
            self.ship_from(item, item.on_hand - sum(line.reserved for line in item.used_in))
        else:
            self.ship_from(item, item.on_hand)
            self.reserve(item.used_in, item.on_hand)

    def reserve(self, lines: list[Line], stock: float) -> None:
        wants = [self.releasable(line.item) * line.quantity for line in lines]
        total = sum(wants)
        if lines and lines[0].component.unlimited:
            stock = total
        for line, want in zip(lines, wants, strict=True):
            line.reserved = want * min(1.0, max(stock, 0.0) / total) if total > 0 else 0.0

    def ship_from(self, item: Item, available: float) -> None:
        lanes = item.selling
        factor = 1.0 if item.makes and math.isfinite(item.capacity) else item.capacity_factor
        wants = []
        for lane in lanes:
            left = 0.0 if item.closed else lane.shipments_open * factor
            want = lane.backorder * left
            wants.append(math.floor(want + NOISE) if item.product.whole_units and left < 1 else want)
        available = max(available, 0.0)
        if item.unlimited or sum(wants) <= available:
            amounts = wants
        else:
            amounts = self.allocated(item, lanes, wants, available)
        for lane, amount in zip(lanes, amounts, strict=True):
            if amount:
                self.ship(lane, amount)

    def allocated(self, item: Item, lanes: list[Lane], wants: list[float], available: float) -> list[float]:
        """Scarce stock by the item's rule, all at once or debt by debt, the oldest first; counted goods in whole units."""
        decider = self.deciders["allocate_stock"][id(item)]
        if decider.policy.by_age:
            amounts = [0.0] * len(lanes)
            for seen in sorted({seen for lane in lanes for seen in lane.debts}):
                parts = [min(lane.debts.get(seen, 0.0), want - amount) for lane, want, amount in zip(lanes, wants, amounts, strict=True)]
                given = self.rationed(decider, lanes, parts, max(available - sum(amounts), 0.0))
                amounts = [amount + more for amount, more in zip(amounts, given, strict=True)]
        else:
            amounts = self.rationed(decider, lanes, wants, available)
        return in_whole_units(amounts, wants) if item.product.whole_units else amounts

    def rationed(self, decider: Decider, lanes: list[Lane], wants: list[float], available: float) -> list[float]:
        ranks, weights = decider.weigh(lanes, self.clock, want=wants, available=[available] * len(lanes))
        return ration(available, wants, ranks, weights)

    def ship(self, lane: Lane, amount: float) -> None:
        lane.shipped += amount
        lane.seller.shipped += amount
        if not lane.seller.unlimited:
            lane.seller.on_hand -= amount
        in_time = max(0.0, amount - lane.owed_before - lane.late_seen)
        lane.seller.shipped_in_time += in_time
        self.reduce_debt(lane, amount)
        put(lane.goods_due, self.due(lane), amount)

    def reduce_debt(self, lane: Lane, amount: float) -> None:
        """Take an amount off what is owed, the oldest first."""
        lane.backorder -= amount
        for seen in sorted(lane.debts):
            taken = min(amount, lane.debts[seen]) if amount > 0 else amount
            lane.debts[seen] -= taken
            amount -= taken
        lane.debts = {seen: debt for seen, debt in lane.debts.items() if debt != 0}

    def due(self, lane: Lane) -> int:
        """When a shipment of now arrives."""
        if lane.drawn is None:
            due = self.period + lane.transport_time
        else:
            due = self.period + self.drawn_time(lane)
        ahead = [when for when, amount in lane.goods_due.items() if abs(amount) > NOISE]
        return int(due if lane.overtaking else max([due, *ahead]))

    def drawn_time(self, lane: Lane) -> int:
        """The smallest time whose cumulative probability reaches the draw."""
        assert lane.drawn is not None
        drawn = self.clock.draw("transport", lane.coordinate)
        cumulative = 0.0
        for value, probability in sorted(zip(*lane.drawn, strict=True)):
            cumulative += probability
            if cumulative >= drawn:
                return int(value)
        return int(max(lane.drawn[0]))

    def end_of_level(self, item: Item) -> None:
        for lane in item.selling:
            left = {"backordered": 0.0, "lost": 1.0, "cancelled": item.cancel_rate}[item.unmet_demand] * lane.backorder
            if left:
                lane.lost += left
                item.lost += left
                self.reduce_debt(lane, left)
        if item.customer:
            item.consumed, item.on_hand = item.on_hand, 0.0

    # --- settle ---------------------------------------------------------------------------------------------

    def settle(self) -> None:
        for item in self.items:
            item.backorder = sum(lane.backorder for lane in item.selling)
            item.inventory_level = item.on_hand - item.backorder - item.requirements
            if not item.unlimited:
                charge(item)
