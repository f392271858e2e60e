"""The reference pages in Markdown, made from the schema of columns, the registered policies and the list of metrics."""

from __future__ import annotations

import dataclasses
import inspect
import os
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from chainwright.metrics.results import METRICS, RESULT_TABLES, metrics_of
from chainwright.policies import policies_for
from chainwright.policies.base import Policy
from chainwright.words.errors import UsageError
from chainwright.words.schema import Column
from chainwright.words.subjects import DECISIONS, SCHEMA, SHAPES

MADE = "*This page is made from the code by `python -m chainwright.report.reference docs/reference`; do not edit it.*"

FAMILY_IS_ABOUT = {
    "demand": "What a customer wants in a period; one number per customer's item.",
    "forecast": "What an item expects to be asked for, per period; one number per item.",
    "orders": "How much to order, or to produce; one number per item.",
    "allocation": "Who is served first when stock is short; a rank and a weight per lane.",
    "sellers": "Which sellers an order goes to; a rank and a weight per lane.",
}


def markdown_table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A Markdown table; bars within cells are escaped.

    Examples
    --------
    >>> print(markdown_table(["name", "unit"], [["on_hand", "units"]]))
    | name | unit |
    |---|---|
    | on_hand | units |
    """
    lines = ["| " + " | ".join(head) + " |", "|" + "---|" * len(head)]
    lines.extend("| " + " | ".join(cell.replace("|", "\\|").replace("\n", " ") for cell in row) + " |" for row in rows)
    return "\n".join(lines)


def number(value: Any) -> str:
    """A default or a bound as it stands in a scenario file.

    Examples
    --------
    >>> number(1.0), number(float("inf")), number(None), number(False)
    ('1', 'no limit', '', 'false')
    """
    if value is None or value == "":
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        if value in (float("inf"), float("-inf")):
            return "no limit"
        return f"{value:g}"
    if isinstance(value, list | tuple):
        return ", ".join(number(one) for one in value)
    return str(value)


def bounds(minimum: float, maximum: float) -> str:
    """What a value may be, in words.

    Examples
    --------
    >>> bounds(0.0, 1.0), bounds(0.0, float("inf")), bounds(float("-inf"), float("inf"))
    ('0 to 1', 'at least 0', '')
    """
    low, high = minimum > float("-inf"), maximum < float("inf")
    if low and high:
        return f"{minimum:g} to {maximum:g}"
    if low:
        return f"at least {minimum:g}"
    if high:
        return f"at most {maximum:g}"
    return ""


def set_by(column: Column) -> str:
    """Who sets a column."""
    if column.kind == "input":
        return "scenario"
    if column.kind == "key":
        return "builder"
    return "scenario at the start, then the model" if column.initial else "model"


def columns_page() -> str:
    """Every column of every table."""
    parts = [
        "# Columns",
        MADE,
        "State is a handful of tables of flat columns. The name of a column is also its key in a scenario file, its attribute in a policy's view "
        "and its name in result tables. *Seen by* says who may look at it: its own enterprise, also the partner at the other end of a lane, "
        "everybody (public), or nobody (hidden) unless a scenario's `visibility` says otherwise.",
    ]
    for table, shape in SHAPES.items():
        rows = []
        for column in SCHEMA.table(table):
            limits = bounds(column.minimum, column.maximum) if column.settable else ""
            name = f"`{column.name}`" + (f" ({column.symbol})" if column.symbol else "")
            rows.append([name, column.unit, number(column.default), limits, set_by(column), column.visibility, column.meaning])
        parts.append(f"## {table}")
        parts.append(shape.about)
        parts.append(markdown_table(["column", "unit", "default", "bounds", "set by", "seen by", "meaning"], rows))
    return "\n\n".join(parts) + "\n"


def _parameter_row(field: dataclasses.Field[Any]) -> list[str]:
    details = field.metadata
    default = "must be given" if field.default is dataclasses.MISSING else number(field.default)
    limits = bounds(details.get("minimum", float("-inf")), details.get("maximum", float("inf")))
    allowed = ", ".join(f"`{choice}`" for choice in details.get("choices", ())) or limits
    return [f"`{field.name}`", details.get("kind", "float"), details.get("unit", "-"), default, allowed, details.get("meaning", "")]


def _must_be_shown(policy: type[Policy]) -> str:
    """The columns that a policy looks at whatever its parameters say, as far as they have to be shown to it."""
    looks = policy.looks_at({})
    own = " to the seller" if policy.decided_by == "seller" else ""
    sides = ((looks.own, own), (looks.of_buyers, " of buyers"), (looks.of_sellers, " of sellers"))
    return "; ".join(", ".join(f"`{name}`" for name in names) + side for names, side in sides if names)


def _policy_part(policy: type[Policy]) -> str:
    said = inspect.getdoc(policy) or ""
    parts = [f"### {policy.name}", said.split("\n\n", 1)[0].replace("\n", " ")]
    facts = [f"Formula: {policy.formula}", f"Source: {policy.source}"]
    if policy.needs_forecast({}):
        facts.append("Needs a `forecast_demand` policy on the same item.")
    if shown := _must_be_shown(policy):
        facts.append(f"Must be shown to it by the scenario's `visibility`: {shown}.")
    if policy.writes:
        facts.append("Writes: " + ", ".join(f"`{name}`" for name in policy.writes))
    if policy.remembers:
        facts.append("Remembers: " + "; ".join(f"`{name}` ({memory.meaning})" for name, memory in policy.remembers.items()))
    parts.append("\n".join(f"- {fact}" for fact in facts))
    if policy.parameters():
        rows = [_parameter_row(field) for field in policy.parameters()]
        parts.append(markdown_table(["parameter", "kind", "unit", "default", "allowed", "meaning"], rows))
    return "\n\n".join(part for part in parts if part)


def policies_page() -> str:
    """Every registered policy, by family, with its formula, source and parameters."""
    decisions: dict[str, list[str]] = {}
    for name, decision in DECISIONS.items():
        decisions.setdefault(decision.family, []).append(name)
    parts = [
        "# Policies",
        MADE,
        "A policy answers one decision. Parameters may differ from row to row, except those of kind `list`, `str` and `series`.",
    ]
    for family, served in decisions.items():
        parts.append(f"## {family}")
        parts.append(f"{FAMILY_IS_ABOUT[family]} Decisions: " + ", ".join(f"`{name}`" for name in served) + ".")
        # Those of installed packages and of scripts are described by themselves.
        own = [policy for _, policy in sorted(policies_for(served[0]).items()) if policy.__module__.startswith("chainwright.")]
        parts.extend(_policy_part(policy) for policy in own)
    return "\n\n".join(parts) + "\n"


def metrics_page() -> str:
    """Every metric of the result tables."""
    listed = {name: found for name in RESULT_TABLES if (found := metrics_of(name))}
    parts = [
        "# Metrics",
        MADE,
        "Metrics are accumulated while a world runs, over the measured periods: those after `warm_up`. Variances are sample variances, and a cell is "
        "empty where a metric has no meaning, such as a ratio to a demand that does not vary.",
        markdown_table(["metric", "unit", "definition"], [[f"`{metric.name}`", metric.unit, metric.meaning] for metric in METRICS.values()]),
        "## Which table has which",
        "Every table has the key `run`; `items` adds enterprise, product, role and echelon, `enterprises` enterprise, role and echelon, `lanes` "
        "seller, buyer, product and mode, `echelons` echelon, `timeline` period and echelon. `on_time_in_full` is there when it was asked for, or "
        "when somebody serves the oldest debt first. The table `panel` holds recorded columns of [items](columns.md) by period and item, "
        "`panel_lanes` those of lanes, and so on.",
        markdown_table(["table", "metrics"], [[f"`{name}`", ", ".join(f"`{one}`" for one in found)] for name, found in listed.items()]),
        "## Other columns of result tables",
        markdown_table(
            ["table", "column", "unit", "definition"],
            [[f"`{table}`", f"`{one.name}`", one.unit, one.meaning] for table, found in RESULT_TABLES.items() for one in found.others],
        ),
    ]
    return "\n\n".join(parts) + "\n"


def glossary_page() -> str:
    """Every word of the model in the order of the alphabet."""
    words: list[tuple[str, str, str, str, str]] = [(column.name, column.symbol, column.unit, column.table, column.meaning) for column in SCHEMA]
    words += [(metric.name, "", metric.unit, "results", metric.meaning) for metric in METRICS.values()]
    rows = [[f"`{word}`", symbol, unit, table, meaning] for word, symbol, unit, table, meaning in sorted(words)]
    parts = [
        "# Glossary",
        MADE,
        "The words of scenario files, of views and of result tables. A symbol is the usual one of textbooks.",
        markdown_table(["word", "symbol", "unit", "table", "meaning"], rows),
    ]
    return "\n\n".join(parts) + "\n"


def pages() -> dict[str, str]:
    """The text of every reference page, by file name."""
    return {"columns.md": columns_page(), "glossary.md": glossary_page(), "metrics.md": metrics_page(), "policies.md": policies_page()}


def write(folder: str | os.PathLike[str]) -> list[Path]:
    """Write the pages into a folder and return their paths; each file is written whole or not at all."""
    target = Path(folder)
    try:
        target.mkdir(parents=True, exist_ok=True)
        written = []
        for name, text in pages().items():
            beside = target / f".{name}.part"
            beside.write_text(text, encoding="utf-8")
            os.replace(beside, target / name)
            written.append(target / name)
    except OSError as error:
        raise UsageError(f"cannot write the reference to {target}: {error.strerror}") from error
    return written


def main(arguments: Sequence[str]) -> int:
    """The command ``python -m chainwright.report.reference FOLDER``."""
    if len(arguments) != 1:
        print("usage: python -m chainwright.report.reference FOLDER", file=sys.stderr)
        return 2
    try:
        for path in write(arguments[0]):
            print(path)
    except UsageError as error:
        print(error, file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
