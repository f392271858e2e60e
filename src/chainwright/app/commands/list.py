"""``chainwright list``: the scenarios that are shipped."""

from __future__ import annotations

import textwrap
from typing import Annotated, Any

import typer

from chainwright.app.console import progress, say, say_json
from chainwright.words.counts import plural

WIDTH = 80  # of the narrowest window that is common
EXAMPLE = "Example: chainwright list --json"


def shipped(as_json: Annotated[bool, typer.Option("--json", help="Print JSON instead of a table.")] = False) -> None:
    """List the shipped scenarios: what they are, how large, and their variants."""
    from chainwright.scenario import names

    with progress("Reading the shipped scenarios"):
        found = [{"name": name} | _facts(name) for name in names()]
    if as_json:
        say_json(found)
        return
    say("Shipped scenarios: chainwright run NAME, or NAME:VARIANT", "")
    for facts in found:
        size = f"{plural(facts['enterprises'], 'enterprise')}, {plural(facts['lanes'], 'lane')}, {plural(facts['horizon'], facts['period'])}"
        say(facts["name"], *_lines(f"{facts['title']}: {size}", 4))
        if facts["variants"]:
            say(*_lines("variants: " + ", ".join(facts["variants"]), 14))


def _lines(text: str, hanging: int) -> list[str]:
    """A text below a name, in lines that break between words only: names are there to be typed."""
    return textwrap.wrap(text, WIDTH, initial_indent="    ", subsequent_indent=" " * hanging, break_long_words=False, break_on_hyphens=False)



def _facts(name: str) -> dict[str, Any]:
    """What a scenario's file says; networks that are not counted yet are grown."""
    from chainwright.scenario import keys, load
    from chainwright.scenario import shipped as shelf
    from chainwright.scenario.read.csv_tables import expand_tables
    from chainwright.scenario.read.yaml_file import read_document
    from chainwright.scenario.shipped_sizes import size_of

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
