"""The beer game as a Mesa model whose parameters a page can offer."""

import chainwright as cw
from agents import PLAYERS

SCENARIO = cw.load("beer_game")
AS_WRITTEN = "as written"
SEATS = ("retailer", "wholesaler", "distributor", "brewery")


class BeerGame(cw.SupplyChain):
    """One run of the beer game.

    Parameters
    ----------
    variant : str
        Name of a variant of the scenario, or "as written".
    wholesaler : str
        Who orders for the wholesaler: one of `PLAYERS`.
    demand : int
        Kegs a week that the drinkers want from the fifth week on.
    weeks : int
        Length of the game.
    rng : int, optional
        Seed; nothing is drawn in this game.
    """

    def __init__(self, *, variant=AS_WRITTEN, wholesaler="as in the experiment", demand=8, weeks=36, rng=None):
        scenario = SCENARIO if variant == AS_WRITTEN else SCENARIO.variant(variant)
        scenario = scenario.with_({"enterprises.drinkers.items.beer.demand.after": demand, "horizon": weeks})
        player = PLAYERS[wholesaler]
        super().__init__(scenario, agents={"wholesaler": player} if player else {}, rng=rng)
