"""``chainwright list``: the scenarios that are shipped."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from chainwright.app.console import progress, say_json, say_table

EXAMPLE = "Example: chainwright list --json"


def shipped(as_json: Annotated[bool, typer.Option("--json", help="Print JSON instead of a table.")] = False) -> None:
    """List the shipped scenarios: what they are, how large, and their variants."""
    import chainwright
    from chainwright.scenario import names

    with progress("Reading the shipped scenarios"):  # some of them grow their networks
        found = [(name, chainwright.load(name)) for name in names()]
    if as_json:
        say_json([{"name": name} | _facts(scenario) for name, scenario in found])
        return
    rows = []
    for name, scenario in found:
        facts = _facts(scenario)
        horizon = f"{facts['horizon']} × {facts['period']}"
        rows.append([name, facts["title"], ", ".join(facts["variants"]), f"{facts['enterprises']:,}", f"{facts['lanes']:,}", horizon])
    say_table("Shipped scenarios", ["name", "title", "variants", "enterprises", "lanes", "horizon"], rows, words=3)


def _facts(scenario: Any) -> dict[str, Any]:
    document = scenario.document
    return {
        "title": str(scenario.title),
        "enterprises": scenario.counts["enterprises"],
        "lanes": scenario.counts["lanes"],
        "horizon": int(document["horizon"]),
        "period": document.get("period", "period"),
        "variants": [str(one) for one in scenario.variants],
    }
