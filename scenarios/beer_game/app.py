"""The beer game in the browser, by Mesa's own components: ``solara run scenarios/beer_game/app.py``."""

from matplotlib.collections import PathCollection
from matplotlib.lines import Line2D
from matplotlib.ticker import MaxNLocator
from mesa.visualization import Slider, SolaraViz, make_plot_component, make_space_component
from mesa.visualization.components import AgentPortrayalStyle
from model import AS_WRITTEN, SCENARIO, SEATS, BeerGame

from agents import PLAYERS

# Colours of Okabe and Ito, which colour-blind readers can tell apart.
INK, MUTED, RULE = "#1c2530", "#5a6672", "#e3e7eb"
COLOURS = {"supplier": "#CC79A7", "manufacturer": "#E69F00", "distributor": "#0072B2", "retailer": "#009E73", "customer": "#6b7783"}
# Roles are told apart by their shape as well.
SHAPES = {"supplier": "^", "manufacturer": "s", "distributor": "D", "retailer": "o", "customer": "p"}
SEAT_COLOURS = dict(zip(SEATS, ("#009E73", "#56B4E9", "#0072B2", "#E69F00"), strict=True))
OWING = "#D55E00"
INCHES = (7.2, 5.0)


def drawn_once(axes, **margins):
    """Let a figure have its size and margins. Mesa has them cut off by drawing it twice, which takes most of the time of a week that is played."""
    figure = axes.get_figure()
    figure.set_size_inches(INCHES)
    figure.subplots_adjust(**margins)
    save = figure.savefig
    figure.savefig = lambda file, **how: save(file, **{**how, "bbox_inches": None})


def portrayal(agent):
    """An enterprise: shape and colour of its role, as big as its stock, ringed while it owes beer."""
    owes = agent.backorder > 0
    return AgentPortrayalStyle(
        color=COLOURS[agent.role],
        marker=SHAPES[agent.role],
        size=200 + 15 * min(agent.on_hand, 60),
        edgecolors=OWING if owes else "white",
        linewidths=4 if owes else 1,
    )


def places(graph):
    """Where Mesa draws the enterprises: from the maltings on the left to the drinkers on the right, up and down in turn."""
    return {node: (x, 0.2 * (-1) ** x) for node, (x, _) in graph.nodes(data="pos")}


def stock_of(agent):
    """What an enterprise has on its shelf, or owes."""
    if agent.role in ("supplier", "customer"):
        return ""
    return f"owes {agent.backorder:.0f}" if agent.backorder > 0 else f"{agent.on_hand:.0f} kegs"


def network(model):
    """The space of the model: who supplies whom, with what on the shelf."""

    def write(axes):
        drawn_once(axes, left=0.02, right=0.98, bottom=0.02, top=0.92)
        axes.set(xlim=(-0.6, 5.6), ylim=(-0.8, 0.8))
        for node, (x, y) in places(model.grid.G).items():
            agent = model.grid[node].agents[0]
            up = 1 if y > 0 else -1
            how = {"ha": "center", "va": "bottom" if y > 0 else "top"}
            axes.text(x, y + up * (0.23 if stock_of(agent) else 0.15), agent.name, color=INK, fontsize=11, fontweight="bold", **how)
            axes.text(x, y + up * 0.15, stock_of(agent), color=OWING if agent.backorder > 0 else MUTED, fontsize=10, **how)
        # Mesa draws a collection for each shape, and does not hand the sizes of a portrayal on to a network's markers.
        agent_at = {tuple(place): model.grid[node].agents[0] for node, place in places(model.grid.G).items()}
        for drawn in (one for one in axes.collections if isinstance(one, PathCollection)):
            drawn.set_sizes([portrayal(agent_at[tuple(place)]).size for place in drawn.get_offsets()])
        signs = [Line2D([], [], marker=SHAPES[role], color=colour, linestyle="", markersize=9, label=role) for role, colour in COLOURS.items()]
        axes.legend(handles=signs, ncols=len(signs), loc="lower center", frameon=False, fontsize=9, handletextpad=0.1, columnspacing=0.8)
        cost = sum(model.datacollector.model_vars["Cost of the period"])
        axes.set_title(f"Week {model.period} of {model.horizon}: cost so far {cost:,.0f}", loc="left", color=INK, fontsize=12, fontweight="bold")
        axes.text(-0.6, -0.6, "Beer flows to the right, orders to the left; a ring: owes beer", color=MUTED, fontsize=10)

    return make_space_component(portrayal, post_process=write, layout_alg=places, layout_kwargs={})(model)


def plot(title, unit, measures):
    """Mesa's plot of some of the data collector's variables, in the style of the page."""

    def post_process(axes):
        drawn_once(axes, left=0.1, right=0.98, bottom=0.11, top=0.92)
        axes.set_title(title, loc="left", color=INK, fontsize=12, fontweight="bold")
        axes.set_ylabel(unit, color=MUTED)
        # Whole weeks, and at least a dozen of them, so that the first steps do not fill the page.
        axes.set_xlim(1, max(12, axes.get_xlim()[1]))
        axes.xaxis.set_major_locator(MaxNLocator(integer=True))
        # Few marks: writing is what takes time, and there are four drawings a week.
        axes.yaxis.set_major_locator(MaxNLocator(5))
        # Room for the legend above the lines.
        axes.set_ylim(0, 1.15 * axes.get_ylim()[1])
        axes.grid(axis="y", color=RULE)
        axes.set_axisbelow(True)
        axes.spines[["top", "right"]].set_visible(False)
        axes.legend(frameon=False, loc="upper left", fontsize=10).set_visible(len(measures) > 1)

    return make_plot_component(measures, post_process=post_process)


model_params = {
    "variant": {"type": "Select", "label": "Variant of the scenario", "value": AS_WRITTEN, "values": [AS_WRITTEN, *SCENARIO.variants]},
    "wholesaler": {"type": "Select", "label": "A wholesaler", "value": next(iter(PLAYERS)), "values": list(PLAYERS)},
    "demand": Slider("Kegs wanted from week 5 on", 8, 4, 16, 1),
    "weeks": Slider("Weeks", 36, 12, 104, 4),
}

model = BeerGame()

page = SolaraViz(
    model,
    components=[
        network,
        plot(
            "Orders swing more, the further from the drinkers",
            "kegs a week",
            {"End demand": INK, **{f"Orders of {seat}": colour for seat, colour in SEAT_COLOURS.items()}},
        ),
        plot("Stock and backorder of all four seats", "kegs", {"Stock on hand": SEAT_COLOURS["distributor"], "Backorder": OWING}),
        plot("What the week costs", "money", {"Cost of the period": INK}),
    ],
    model_params=model_params,
    name="The beer game",
    play_interval=150,
)
page  # noqa: B018
