"""The figures of the report page: each a card with a heading, a caption and a drawing."""

from __future__ import annotations

from dataclasses import dataclass
from html import escape
from typing import Any

from chainwright.report import figures
from chainwright.report.disruption_bands import MOST_LISTED, Outage, outages
from chainwright.report.figures import period_name, shaded
from chainwright.report.numerals import plural
from chainwright.report.page_tables import fared
from chainwright.report.style import Drawing
from chainwright.report.svg import inline_svg
from chainwright.report.tables import CANCELS, echelon_names, pays_within

# The drawing is turned downwards on a telephone where no echelon has more enterprises than this.
MOST_SIDE_BY_SIDE = 2
# Costs are shown by echelon where there are more enterprises than this.
MOST_ENTERPRISES = 20


@dataclass(frozen=True)
class Card:
    """A figure with its heading and caption, and about how tall it stands beside another, in pixels."""

    text: str
    height: float


def figure_card(drawing: Drawing, name: str, heading: str, caption: str, narrow: Drawing | None = None) -> Card:
    """A figure of a page, with its heading and caption in the page's own type."""
    picture = f'<div class="ground wide">{inline_svg(drawing, name, f"{heading}. {caption}")}</div>'
    if narrow is not None:
        picture += f'<div class="ground narrow">{inline_svg(narrow, f"{name}-narrow", f"{heading}. {caption}")}</div>'
    kind = ' class="has-narrow"' if narrow is not None else ""
    words = f"<figcaption><h3>{escape(heading)}</h3><p>{escape(caption)}</p></figcaption>"
    height = 100 + 21 * (len(caption) // 62) + 490 * drawing.get_figheight() / drawing.get_figwidth()
    return Card(f'<figure id="{name}"{kind}>\n{words}\n{picture}\n</figure>', height)


def stacks(cards: list[Card]) -> str:
    """Cards in two columns of about the same height, so that no card stands half empty beside a tall one."""
    whole = sum(one.height for one in cards)
    # The first stands at the left; of the ways to place the others that with the least difference, the alternating one first.
    ways = [[1 - (number + 1) % 2 ^ (way >> number & 1) for number in range(len(cards))] for way in range(0, 2 ** len(cards), 2)]
    best = min(ways, key=lambda way: round(abs(whole - 2 * sum(one.height for one, right in zip(cards, way, strict=True) if right)) / 40))
    columns = [[one for one, right in zip(cards, best, strict=True) if right == side] for side in (0, 1)]
    inside = "\n".join(f'<div class="stack">{"".join(one.text for one in column)}</div>' for column in columns)
    return f'<div class="grid">\n{inside}\n</div>'


def network(result: Any) -> str:
    """The card of the network drawing, with a second drawing for narrow screens where the chain is slender."""
    graph = figures.graph_of(result)
    options: dict[str, Any] = {"lanes": result.lanes, "firms": result.enterprises}
    drawn = figures.network(graph, result.items, **options)
    widest = result.items.groupby("echelon")["enterprise"].nunique().max()
    narrow = figures.network(graph, result.items, **options, direction="down") if widest <= MOST_SIDE_BY_SIDE else None
    lanes = int((result.lanes["run"] == result.lanes["run"].iloc[0]).sum()) if len(result.lanes) else 0
    text = f"{plural(lanes, 'lane')}; the wider a line, the more it carried. Goods flow from the sources to the customers."
    text += " A mark stands for all enterprises of a role at an echelon." if graph is None else ""
    return "<h2>The network</h2>\n" + figure_card(drawn, "network", "Who sells to whom", text, narrow).text


def charts(result: Any) -> str:
    """The cards of bullwhip, service, stock, orders and costs."""
    names, period = echelon_names(result.items), period_name(result)
    several = len(result.run_numbers) > 1
    whisker = " Dots are means, bars span 5 to 95 % of the runs." if several else ""
    band = " The line is the mean of the runs, the band spans 5 to 95 % of them." if several else ""
    disrupted = outages(result.scenario, int(result.periods), period)
    options: dict[str, Any] = {"names": names, "period": period, "warm_up": int(result.scenario.warm_up), "outages": shaded(result)}
    options["calendar"] = result.scenario.calendar
    units = "Units of all products" if result.items["product"].nunique() > 1 else "Units"
    grey = " Grey: the warm-up, which is not measured." if result.scenario.warm_up else ""
    grey += " Red ground: a disruption and its recovery." if disrupted else ""
    cards = [
        figure_card(
            figures.bullwhip(result.echelons, names=names),
            "bullwhip",
            "Bullwhip by echelon",
            f"How much more orders swing than demand; beyond 1 they amplify it.{whisker}",
        ),
        figure_card(
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
            figure_card(
                stock,
                "stock",
                "Stock and backorder over time",
                f"{units} on hand above the line, owed below it, at the end of each {period}.{band}{grey}",
            ),
            *_service(result.timeline, period, options, band + grey),
            figure_card(orders, "orders", "Orders over time", f"{units} ordered in each {period}, from the customers up.{band}{grey}"),
        ]
    cards.append(_costs(result, names))
    if result.timeline is not None and len(result.timeline) and bool((result.timeline["total_cost"] != 0.0).any()):
        whole = result.timeline.groupby(["run", "period"], as_index=False)["total_cost"].sum().assign(echelon=0)
        total = figures.panels(whole, "total_cost", height=2.2, **options | {"names": {0: "the whole network"}})
        bought = " Purchases count only from outside sources." if _buys(result.enterprises) else ""
        cards.append(figure_card(total, "cost-over-time", "Cost over time", f"Money in each {period}.{bought}{band}{grey}"))
    lead = '<p class="lead">From the customers at the top to the sources at the bottom.</p>'
    return "\n".join(["<h2>What happened</h2>", lead, _listed(disrupted), fared(result, disrupted, names, period), stacks(cards)])


def _service(timeline: Any, period: str, options: dict[str, Any], said: str) -> list[Card]:
    """The cards of service and of lost sales over time; nothing where everything was shipped at once and nothing was lost."""
    if "asked" not in timeline.columns:
        return []
    cards = []
    if bool((timeline["shipped_in_time"] < (1.0 - 1e-9) * timeline["asked"]).any()):
        drawn = figures.panels(timeline, "shipped_in_time", of="asked", **options)
        text = f"Share of each {period}'s demand that was shipped in the same {period}, at the echelons that ever fell short.{said}"
        cards.append(figure_card(drawn, "service-over-time", "Service over time", text))
    if bool((timeline["lost"] > 0.0).any()):
        drawn = figures.panels(timeline, "lost", **options)
        cards.append(figure_card(drawn, "lost-over-time", "Lost sales over time", f"Units that were asked for and lost in each {period}.{said}"))
    return cards


def _costs(result: Any, names: dict[int, str]) -> Card:
    """The card of costs by kind, customers left out: what they pay is no cost of the chain."""
    firms = result.enterprises[result.enterprises["role"] != "customer"]
    many = firms["enterprise"].nunique() > MOST_ENTERPRISES
    if many:
        # An echelon of customers alone has no costs of the chain either.
        chain = set(result.items.loc[result.items["role"] != "customer", "echelon"])
        firms = result.echelons[result.echelons["echelon"].isin(chain)]
    money = figures.costs(firms, periods=result.measured_periods, names=names)
    bought = f" {CANCELS}" if pays_within(firms) else ""
    return figure_card(money, "costs", f"Cost by {'echelon' if many else 'enterprise'}", f"Mean cost per period by kind.{bought}")


def _buys(frame: Any) -> bool:
    return "purchase_cost" in frame.columns and bool((frame["purchase_cost"] != 0.0).any())


def _listed(disrupted: list[Outage]) -> str:
    """The disruptions in words."""
    if not disrupted:
        return ""
    told = "".join(f"<li>{escape(one.words)}</li>" for one in disrupted[:MOST_LISTED])
    more = len(disrupted) - MOST_LISTED
    told += f"<li>and {more} more</li>" if more > 0 else ""
    return f'<h3>Disruptions</h3>\n<ul class="disruptions">{told}</ul>'
