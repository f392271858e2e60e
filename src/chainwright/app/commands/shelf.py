"""``chainwright list``: the scenarios that are shipped."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from chainwright.app.console import progress, say_json, say_table

EXAMPLE = "Example: chainwright list --json"


def shipped(as_json: Annotated[bool, typer.Option("--json", help="Print JSON instead of a table.")] = False) -> None:
    """List the shipped scenarios: what they are, how large, and their variants."""
    from chainwright.scenario import names

    with progress("Reading the shipped scenarios"):
        found = [{"name": name} | _facts(name) for name in names()]
    if as_json:
        say_json(found)
        return
    rows = []
    for facts in found:
        horizon = f"{facts['horizon']} × {facts['period']}"
        rows.append([facts["name"], facts["title"], ", ".join(facts["variants"]), f"{facts['enterprises']:,}", f"{facts['lanes']:,}", horizon])
    say_table("Shipped scenarios", ["name", "title", "variants", "enterprises", "lanes", "horizon"], rows, words=3)


def _facts(name: str) -> dict[str, Any]:
    """What a scenario's file says; networks that are not counted yet are grown."""
    from chainwright.scenario import keys, load, shelf
    from chainwright.scenario.csv_tables import expand_tables
    from chainwright.scenario.reading import read_document
    from chainwright.scenario.sizes import size_of

    document = expand_tables(read_document(shelf.find(name))).data
    counted = size_of(document, shelf.folder()) or load(name).counts
    return {
        "title": str(document.get("title") or name),
        "enterprises": counted["enterprises"],
        "lanes": counted["lanes"],
        "horizon": int(document["horizon"]),
        "period": document.get("period", "period"),
        "variants": [str(one) for one in keys.parts(document, "variants")],
    }
