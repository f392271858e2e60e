"""Which files hold graphs: known without loading what reads them."""

from __future__ import annotations

import json
from pathlib import Path

# What tells the files of each format, and how it is called.
FORMATS = {".graphml": ("GraphML", "<graphml"), ".gexf": ("GEXF", "<gexf"), ".json": ("node-link JSON", '"nodes"')}
# Where a graph holds what is neither an enterprise nor a lane (products, policies, recipes, ...).
REST = "chainwright"


def holds_graph(path: Path) -> bool:
    """Whether a file is meant as a graph, by its ending; of JSON by what it holds."""
    suffix = path.suffix.lower()
    if suffix != ".json":
        return suffix in FORMATS
    try:
        held = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return False
    return isinstance(held, dict) and "nodes" in held
