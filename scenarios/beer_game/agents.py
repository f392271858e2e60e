"""Players for the wholesaler's seat of the beer game: each says how much it orders, and nothing else."""

import chainwright as cw


class Panicker(cw.Distributor):
    """Doubles the order whenever the shelf looks empty."""

    def place_orders(self, item):
        if item.on_hand < item.safety_stock:
            return 2 * item.forecast
        return max(item.base_stock_level - item.inventory_position, 0)


class Forgetful(cw.Distributor):
    """Fills the shelf up again and forgets what it has ordered already and not received yet."""

    def place_orders(self, item):
        return max(item.demand + 12 - item.inventory_level, 0)


class Planner(cw.Distributor):
    """Counts everything that it has ordered: orders up to a level, and so just what it is asked for."""

    def place_orders(self, item):
        return max(item.base_stock_level - item.inventory_position, 0)


# As the page names them; None leaves the decision to the scenario's policy.
PLAYERS = {
    "as in the experiment": None,
    "who panics": Panicker,
    "who forgets the supply line": Forgetful,
    "who counts the supply line": Planner,
}
