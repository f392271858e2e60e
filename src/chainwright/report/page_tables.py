"""The tables of the report page: how disruptions were met, the items, and what each metric means."""

from __future__ import annotations

from html import escape
from typing import Any

from chainwright.report.disruption_bands import MOST_LISTED, Outage
from chainwright.report.numerals import DIGITS, number, plural
from chainwright.report.recovery import Recovery, recoveries
from chainwright.report.tables import column_of, echelon_name, known_metrics, label, metric_words, over_runs, pays_within, unit_of

MOST_ROWS = 60
# The columns of the table of items; what is zero or empty everywhere is left out.
ITEM_COLUMNS = (
    "fill_rate",
    "ready_rate",
    "cycle_service_level",
    "on_time_in_full",
    "bullwhip_ratio",
    "demand_mean",
    "on_hand_mean",
    "backorder_mean",
    "days_of_supply",
    "lost_sales",
    "total_cost",
    "network_cost",
    "revenue",
    "profit",
)


def unbroken(text: str) -> str:
    """Escaped text whose per cent signs stay with their numbers."""
    return escape(text).replace(" %", "&nbsp;%")


def items(result: Any) -> str:
    """A row for each item but those of customers, means over the runs; of many items those with the lowest fill rate."""
    rows = over_runs(result.items[result.items["role"] != "customer"], ["enterprise", "product"])
    columns = [name for name in ITEM_COLUMNS if name in rows.columns and bool((rows[name].notna() & (rows[name] != 0.0)).any())]
    # Costs that add up to those of the network, beside those that each has itself, from which its profit follows.
    within = pays_within(rows)
    columns = [name for name in columns if name != "network_cost" or within]
    everything = len(rows)
    if everything > MOST_ROWS:
        rows = rows.nsmallest(MOST_ROWS, "fill_rate", keep="first") if "fill_rate" in columns else rows.head(MOST_ROWS)
    texts = {name: column_of(name, rows[name]) for name in columns}
    head = "".join(f'<th scope="col">{_named(name)}</th>' for name in columns)
    body = []
    for number_of, (firm, product) in enumerate(zip(rows["enterprise"], rows["product"], strict=True)):
        cells = "".join(f"<td>{unbroken(texts[name][number_of])}</td>" for name in columns)
        body.append(f"<tr>{_name_cell(firm, 'cut')}{_name_cell(product, 'word cut')}{cells}</tr>")
    note = f" The {MOST_ROWS} of {everything:,} with the lowest fill rate; all are in items.parquet." if everything > MOST_ROWS else ""
    runs = f"Means over {plural(len(result.run_numbers), 'run')}." if len(result.run_numbers) > 1 else "One run."
    paid = f" {label('network_cost').capitalize()}: without what enterprises pay each other, which cancels for the whole network." if within else ""
    first = '<th scope="col">enterprise</th><th scope="col" class="word">product</th>'
    return (
        f'<h2>Items</h2>\n<p class="lead">{runs}{note} Customers are left out.{paid}</p>\n'
        '<div class="scroll" tabindex="0" role="region" aria-label="Table of items">'
        f"<table><thead><tr>{first}{head}</tr></thead><tbody>{''.join(body)}</tbody></table></div>"
    )


def fared(result: Any, disrupted: list[Outage], names: dict[int, str], period: str) -> str:
    """How each echelon fared in each disruption: a row for each that owed or lost more than before; nothing without a disruption."""
    if not disrupted or result.timeline is None or not {"lost", "asked"} <= set(result.timeline.columns):
        return ""
    body = ""
    for words, found in recoveries(result.timeline, disrupted, int(result.scenario.warm_up))[:MOST_LISTED]:
        first = f'<td class="said">{escape(words)}</td>'
        if not found:
            body += f'<tr>{first}<td class="said" colspan="4">Nobody owed or lost more than before.</td></tr>'
        for one in found:
            days = plural_of(one.short_periods, period)
            body += (
                f'<tr>{first}<td class="word">{escape(echelon_name(names, one.echelon))}</td><td>{days}</td>'
                f"<td>{number(one.most_owed, DIGITS)}</td><td>{_back(one, period)}</td></tr>"
            )
            first = "<td></td>"
    heads = ("disruption", "echelon", "out of stock", "most owed, units", "back to normal after")
    head = "".join(f'<th scope="col"{" class=word" if place < 2 else ""}>{text}</th>' for place, text in enumerate(heads))
    lead = (
        f"Out of stock: {period}s at the end of which goods were owed, or in which demand was lost. Back to normal: {period}s from the start of the "
        "disruption until no more was owed than at the worst time before the first disruption."
    )
    return (
        f'<h3>Out of stock, and recovery</h3>\n<p class="lead">{lead}{_means(result)}</p>\n'
        '<div class="scroll fared" tabindex="0" role="region" aria-label="Table of recoveries">'
        f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>"
    )


def _means(result: Any) -> str:
    return f" Means over {plural(len(result.run_numbers), 'run')}." if len(result.run_numbers) > 1 else ""


def _back(one: Recovery, period: str) -> str:
    """When an echelon was back, and in how many runs where not in all."""
    if not one.back:
        return "not by the end"
    told = plural_of(one.back_after, period)
    left = one.hit - one.back
    told += f", in {one.back} of {one.hit} runs" if left else ""
    return told + (f"; {one.runs - one.hit} of {one.runs} runs were spared" if one.hit < one.runs else "")


def plural_of(count: float, word: str) -> str:
    """A number of periods with its word.

    Examples
    --------
    >>> plural_of(1.0, "day"), plural_of(12.25, "week")
    ('1 day', '12.2 weeks')
    """
    said = number(count, DIGITS)
    return f"{said} {word}" if said == "1" else f"{said} {word}s"


def _named(metric: str) -> str:
    """The head of a column: its name, which tells its meaning to who points at it, and its unit."""
    unit = unit_of(metric)
    below = f'<span class="unit">{escape(unit)}</span>' if unit else ""
    return f'<abbr title="{escape(metric_words()[metric][2], quote=True)}">{escape(label(metric))}</abbr>{below}'


def _name_cell(name: Any, kind: str) -> str:
    """A cell with a name, told in full to who points at it, since a narrow column cuts it."""
    text = escape(str(name), quote=True)
    return f'<td class="{kind}" title="{text}">{text}</td>'


def definitions(result: Any) -> str:
    """What each metric of the result means, and its unit."""
    used = set(known_metrics(result.items)) | set(known_metrics(result.summary)) | set(known_metrics(result.echelons))
    entries = ""
    for metric, (name, unit, meaning) in metric_words().items():
        if metric in used:
            said = "" if unit == "-" else f" <span>({escape(unit)})</span>"
            entries += f"<div><dt>{escape(name)}{said}</dt><dd>{escape(meaning.rstrip('.'))}.</dd></div>"
    more = "Everything is measured over the periods after the warm-up. Intervals are 95 % intervals of the mean over independent runs (Student’s t)."
    return f'<h2>What the numbers mean</h2>\n<p class="lead">{more}</p>\n<dl class="definitions">{entries}</dl>'
