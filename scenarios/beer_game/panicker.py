"""A wholesaler who doubles the order whenever the shelf looks empty, and what that does to everybody's orders."""
import chainwright as cw


class Panicker(cw.Distributor):
    def place_orders(self, item):
        if item.on_hand < item.safety_stock:
            return 2 * item.forecast
        return max(item.base_stock_level - item.inventory_position, 0)


cw.run("beer_game", agents={"wholesaler": Panicker}, runs=20).plot("bullwhip").savefig("panicker.png")
