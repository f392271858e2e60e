"""The tables of a sweep's page: what was varied, the best points, what matters, what failed, and what the measures mean."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from typing import Any

import numpy as np
import pandas as pd

from chainwright.metrics.intervals import Estimate
from chainwright.report.numerals import number, plural
from chainwright.report.page_tables import unbroken
from chainwright.report.sweeps.story import Story, indices
from chainwright.report.sweeps.words import Names, meaning, measure_label, measure_text, metric_of, unit_text, value_text
from chainwright.report.tables import interval_text, shorten, shown_difference, unit_of

MOST_POINTS = 12
MOST_FACTORS = 6
MOST_VALUES = 8
MOST_EFFECTS = 20
MOST_MESSAGES = 10
KINDS = {"values": "values", "range": "range", "distribution": "distribution", "variant": "variants", "settings": "settings by label"}
# What each method tells, and what its columns are called.
METHODS = {
    "sobol": "Sobol’s indices: the share of the variance that a factor explains alone, and together with the others; ± are half 95 % intervals.",
    "shares": "Exact shares of the variance over the grid: what a factor explains alone, and together with the others.",
    "morris": "Elementary effects of Morris, for the whole range of a factor: mean, mean size (mu*), and spread (sigma), which is large where a "
    "factor acts by thresholds or together with others.",
    "effects": "The mean on the high side of a factor less that on the low side, and interactions of two factors, with 95 % intervals.",
    "swings": "What is measured at the low, the base and the high value of each factor, the others at their base.",
    "ranks": "Standardised regression coefficients of ranks (srrc) and partial rank correlations (prcc, with 95 % intervals): how strongly, "
    "and in which direction, the measure follows a factor, from −1 to 1.",
}
COLUMNS = {
    "first_order": "alone",
    "first_order_conf": "±",
    "total": "with the others",
    "total_conf": "±",
    "second_order": "beyond both alone",
    "second_order_conf": "±",
    "mu_star": "mu*",
    "mu_star_conf": "±",
    "standard_error": "standard error",
    "prcc_low": "prcc, low",
    "prcc_high": "prcc, high",
    "low_value": "low value",
    "base_value": "base value",
    "high_value": "high value",
    "at_low": "at low",
    "at_base": "at base",
    "at_high": "at high",
}
LEFT_OUT = ("letters", "order")
DIFFERENCES = ("swing", "width", "estimate", "low", "high", "standard_error")
SHARES_OF_VARIANCE = ("first_order", "total", "first_order_conf", "total_conf", "second_order", "second_order_conf")


def factors(table: Any) -> str:
    """What was varied."""
    record = table.record
    names = Names(record.factors)
    rows = []
    for factor in record.design.factors:
        path = "" if tuple(factor.paths) in ((), (factor.name,)) else ", ".join(factor.paths)
        said = _values(factor, table)
        rows.append([names.factor(factor.name), path or factor.name, KINDS.get(factor.kind, str(factor.kind)), said])
    if not rows:
        return ""
    head = ["factor", "what it sets", "kind", "values"]
    return f"<h2>What was varied</h2>\n{_table(head, rows, words=3, about='factors', said=3)}"


def _values(factor: Any, table: Any) -> str:
    """The values that a factor had, or its range."""
    if factor.kind == "range":
        spread = " (whole numbers)" if factor.whole else ""
        return f"{number(factor.low)} to {number(factor.high)}{spread}{', by the logarithm' if factor.log else ''}"
    if factor.kind == "distribution":
        try:
            return str(factor.distribution.text())
        except Exception:  # a frozen distribution of SciPy has no text
            return str(dict(factor.distribution.said))
    texts = [value_text(value) for value in factor.values]
    more = f" and {len(texts) - MOST_VALUES:,} more" if len(texts) > MOST_VALUES else ""
    return ", ".join(texts[:MOST_VALUES]) + more


def points(story: Story) -> str:
    """The best design points with their intervals."""
    reading = story.reading
    if reading is None or not story.known or not reading.varied:
        return ""
    known = story.points[story.points[reading.measure].notna()].head(MOST_POINTS)
    shown = reading.varied[:MOST_FACTORS]
    paired = reading.reps > 1
    head = ["point", *[factor.label for factor in shown], *(["…"] if len(reading.varied) > MOST_FACTORS else [])]
    words = len(head)
    # So many measures that the table mostly needs no scrolling.
    measures = story.measures[: max(2, 6 - len(shown))]
    for name in measures:
        head.append(reading.names.measure(name) + (f"\n{unit_of(metric_of(name))}" if unit_of(metric_of(name)) else ""))
        if name == reading.measure and paired:
            head += ["95 % interval", "more than the best" if story.less else "against the best"]
    rows = []
    for place in range(len(known)):
        row = known.iloc[place]
        at = story.place(row["design_id"])
        cells = [str(int(row["design_id"])), *[value_text(factor.values[at]) for factor in shown]]
        cells += ["…"] if len(reading.varied) > MOST_FACTORS else []
        for name in measures:
            cells.append(measure_text(name, row[name]))
            if name == reading.measure and paired:
                one = Estimate(row[name], row[f"{name}_low"], row[f"{name}_high"], int(row["done"]))
                cells += [interval_text(metric_of(name), one), "" if place == 0 else _against(name, story.against_best(row["design_id"]))]
        rows.append(cells)
    order = "the lowest first" if story.less else "the highest first"
    some = f"The first {len(known)} of {plural(len(story.points), 'design point')} by {reading.label}, {order}."
    some = some if len(known) < len(story.points) else f"All {plural(len(known), 'design point')} by {reading.label}, {order}."
    pairs = " The difference from the best is paired by replication." if paired and len(known) > 1 else ""
    title = "Best points" if story.less is not None else "Points"
    return f'<h2>{title}</h2>\n<p class="lead">{escape(some)}{pairs}</p>\n{_table(head, rows, words=1, about="design points", plain=words)}'


def _against(name: str, one: Estimate) -> str:
    """A difference with its interval."""
    if not one.known:
        return "–"
    metric = metric_of(name)
    text = shown_difference(metric, one.mean)
    if not one.interval or not one.varies:
        return text
    return f"{text} ({shown_difference(metric, one.low)} to {shown_difference(metric, one.high)})"


def sensitivity(story: Story) -> str:
    """What matters: the indices that the design tells."""
    reading = story.reading
    if reading is None or not story.known or len(reading.varied) < 2:
        return ""
    found, why = indices(story)
    heading = f"<h2>What matters for {escape(reading.label)}</h2>"
    if found is None:
        return f'{heading}\n<p class="lead">No indices: {escape(why)}.</p>' if why else ""
    rows = found.table
    if found.method == "effects":
        rows = rows.iloc[np.argsort(-np.abs(rows["estimate"].to_numpy(np.float64)), kind="stable")]
    cut = f" The {MOST_EFFECTS} largest of {len(rows)}." if len(rows) > MOST_EFFECTS else ""
    parts = [f'{heading}\n<p class="lead">{escape(METHODS.get(found.method, ""))}{cut}{escape(_more(found))}</p>']
    parts.append(_frame(rows.head(MOST_EFFECTS), reading.names, "sensitivity", reading.measure))
    pairs = found.pairs
    if len(pairs) and "second_order" in pairs.columns:
        pairs = pairs.sort_values("second_order", ascending=False, kind="stable").head(MOST_MESSAGES)
        parts.append('<p class="lead">What two factors explain together beyond what each explains alone, the largest first.</p>')
        parts.append(_frame(pairs, reading.names, "pairs of factors", reading.measure))
    return "\n".join(parts)


def _more(found: Any) -> str:
    """What belongs to no single factor."""
    if "r_squared" in found.facts:
        return f" Together they explain {100 * found.facts['r_squared']:.0f} % of the variance of the ranks."
    curvature = found.facts.get("curvature")
    if isinstance(curvature, dict):
        return f" The centre lies {number(curvature['estimate'], 3)} off the mean of the corners: as much is not straight."
    return ""


def _frame(rows: pd.DataFrame, names: Names, about: str, measure: str) -> str:
    """A table of indices."""
    kept = [name for name in rows.columns if name not in LEFT_OUT and not (rows[name].isna() | (rows[name].astype(str) == "")).all()]
    words = sum(name in ("factor", "other", "effect") for name in kept)
    cells = []
    for place in range(len(rows)):
        row = rows.iloc[place]
        cells.append([_cell(name, row[name], names, measure) for name in kept])
    head = [COLUMNS.get(name, name.replace("_", " ")) for name in kept]
    return _table(head, cells, words=words, about=about)


def _cell(name: str, value: Any, names: Names, measure: str) -> str:
    if name in ("factor", "other"):
        return names.factor(str(value))
    if name in ("effect", "aliases"):
        return ", ".join(" × ".join(_signed(part, names) for part in one.split(" × ")) for one in str(value).split(", ") if one)
    if name in SHARES_OF_VARIANCE:
        return "–" if np.isnan(value) else f"{number(round(100 * float(value), 1), 3)} %"
    if name.startswith("at_"):
        return measure_text(measure, value)
    if name in DIFFERENCES:
        return shown_difference(metric_of(measure), value)
    if isinstance(value, float | np.floating) and not name.endswith("_value"):
        return number(value, 3, keep=True)
    return value_text(value, 30)


def _signed(part: str, names: Names) -> str:
    return f"−{names.factor(part[1:])}" if part.startswith("-") else names.factor(part)


def failures(table: Any) -> str:
    """What failed, by the message."""
    failed = table.failures
    if failed.empty:
        return ""
    groups = failed.groupby("message", sort=False)["design_id"].agg(["size", "nunique", "first"]).sort_values("size", ascending=False, kind="stable")
    rows = [
        [number(int(one["size"])), number(int(one["nunique"])), str(one["first"]), str(message)]
        for message, one in list(groups.head(MOST_MESSAGES).iterrows())
    ]
    more = f" The {MOST_MESSAGES} most frequent of {len(groups):,} messages." if len(groups) > MOST_MESSAGES else ""
    lead = f"{plural(len(failed), 'run')} of {plural(int(failed['design_id'].nunique()), 'design point')} failed and count nowhere.{more}"
    head = ["runs", "points", "first point", "message"]
    return f'<h2>What failed</h2>\n<p class="lead">{escape(lead)}</p>\n{_table(head, rows, words=0, about="failures", said=3)}'


def definitions(table: Any) -> str:
    """What each measure means, and its unit."""
    entries = ""
    for name in table.measures:
        told = meaning(name)
        if told:
            unit = unit_text(name).strip(" ()")
            entries += (
                f"<div><dt>{escape(measure_label(name))}{f' <span>({escape(unit)})</span>' if unit else ''}</dt>"
                f"<dd>{escape(told.rstrip('.'))}.</dd></div>"
            )
    lead = "Means are over replications; intervals are 95 % intervals of the mean (Student’s t). Everything is measured after the warm-up."
    return f'<h2>What the numbers mean</h2>\n<p class="lead">{lead}</p>\n<dl class="definitions">{entries}</dl>' if entries else ""


def _table(head: Sequence[str], rows: Sequence[Sequence[str]], words: int, about: str, said: int | None = None, plain: int = 0) -> str:
    """A table: the first so many columns are words, and one (`said`) is prose; the values of factors (`plain`) are never cut."""

    def kind(place: int) -> str:
        if place == said:
            return ' class="said"'
        return ' class="word"' if place < max(words, 1) or place < plain else ""

    columns = ""
    for place, name in enumerate(head):
        text, _, unit = name.partition("\n")
        below = f'<span class="unit">{escape(unit)}</span>' if unit else ""
        columns += f'<th scope="col"{kind(place)}>{unbroken(shorten(text, 44))}{below}</th>'
    body = "".join("<tr>" + "".join(f"<td{kind(place)}>{unbroken(cell)}</td>" for place, cell in enumerate(row)) + "</tr>" for row in rows)
    return (
        f'<div class="scroll" tabindex="0" role="region" aria-label="Table of {about}">'
        f"<table><thead><tr>{columns}</tr></thead><tbody>{body}</tbody></table></div>"
    )
