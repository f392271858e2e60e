"""The figures of the report page: each a card with a heading, a caption and a drawing."""

from __future__ import annotations

from html import escape
from typing import Any

from chainwright.report import figures
from chainwright.report.figures import period_name
from chainwright.report.style import Drawing
from chainwright.report.svg import inline_svg
from chainwright.report.tables import echelon_names, plural

# The drawing is turned downwards on a telephone where no echelon has more enterprises than this.
MOST_SIDE_BY_SIDE = 2
# Costs are shown by echelon where there are more enterprises than this.
MOST_ENTERPRISES = 20


def _figure(drawing: Drawing, name: str, heading: str, caption: str, narrow: Drawing | None = None) -> str:
    picture = f'<div class="ground wide">{inline_svg(drawing, name, f"{heading}. {caption}")}</div>'
    if narrow is not None:
        picture += f'<div class="ground narrow">{inline_svg(narrow, f"{name}-narrow", f"{heading}. {caption}")}</div>'
    kind = ' class="has-narrow"' if narrow is not None else ""
    words = f"<figcaption><h3>{escape(heading)}</h3><p>{escape(caption)}</p></figcaption>"
    return f'<figure id="{name}"{kind}>\n{words}\n{picture}\n</figure>'


def network(result: Any) -> str:
    """The card of the network drawing, with a second drawing for narrow screens where the chain is slender."""
    graph = result.scenario.graph()
    drawn = figures.network(graph, result.items, lanes=result.lanes)
    widest = result.items.groupby("echelon")["enterprise"].nunique().max()
    narrow = figures.network(graph, result.items, lanes=result.lanes, direction="down") if widest <= MOST_SIDE_BY_SIDE else None
    lanes = len(result.lanes[["seller", "buyer", "product", "mode"]].drop_duplicates()) if len(result.lanes) else 0
    text = f"{plural(lanes, 'lane')}; the wider a line, the more it carried. Goods flow from the sources to the customers."
    return "<h2>The network</h2>\n" + _figure(drawn, "network", "Who sells to whom", text, narrow)


def charts(result: Any) -> str:
    """The cards of bullwhip, service, stock, orders and costs."""
    names, period = echelon_names(result.items), period_name(result)
    several = len(result.run_numbers) > 1
    whisker = " Dots are means, bars span 5 to 95 % of the runs." if several else ""
    band = " The line is the median of the runs, the band spans 5 to 95 % of them." if several else ""
    options: dict[str, Any] = {"names": names, "period": period, "warm_up": int(result.scenario.warm_up)}
    grey = " Grey: the warm-up, which is not measured." if result.scenario.warm_up else ""
    cards = [
        _figure(
            figures.bullwhip(result.echelons, names=names),
            "bullwhip",
            "Bullwhip by echelon",
            f"How much more orders swing than demand; beyond 1 they amplify it.{whisker}",
        ),
        _figure(
            figures.service(result.items),
            "service",
            "Service by item",
            f"Share of demand that is shipped in the period in which it is seen.{whisker}",
        ),
    ]
    if result.timeline is not None and len(result.timeline):
        stock = figures.panels(result.timeline, "on_hand", below="backorder", **options)
        orders = figures.panels(result.timeline, "orders", **options)
        cards += [
            _figure(
                stock,
                "stock",
                "Stock and backorder over time",
                f"Units on hand above the line, units owed below it, at the end of each {period}.{band}{grey}",
            ),
            _figure(orders, "orders", "Orders over time", f"Units ordered in each {period}, from the customers up.{band}"),
        ]
    many = result.enterprises["enterprise"].nunique() > MOST_ENTERPRISES
    money = figures.costs(result.echelons if many else result.enterprises, periods=result.measured_periods, names=names)
    cards.append(
        _figure(
            money,
            "costs",
            f"Cost by {'echelon' if many else 'enterprise'}",
            "Mean cost per period by kind.",
        )
    )
    if result.timeline is not None and len(result.timeline) and bool((result.timeline["total_cost"] != 0.0).any()):
        whole = result.timeline.groupby(["run", "period"], as_index=False)["total_cost"].sum().assign(echelon=0)
        total = figures.panels(whole, "total_cost", height=2.2, **options | {"names": {0: "the whole network"}})
        cards.append(_figure(total, "cost-over-time", "Cost over time", f"Money in each {period}.{band}"))
    lead = '<p class="lead">From the customers at the top to the sources at the bottom.</p>'
    return "\n".join(["<h2>What happened</h2>", lead, '<div class="grid">', *cards, "</div>"])
