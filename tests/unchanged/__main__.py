"""Write the digests anew: ``python -m tests.unchanged``. For a change of what is counted, which the changelog then flags as a regression."""

from __future__ import annotations

import json

from tests.unchanged.cases import KEPT, all_cases
from tests.unchanged.hashing import calculates_as

if __name__ == "__main__":
    found = {name: play() for name, play in all_cases().items()}
    KEPT.write_text(json.dumps({"calculated_as": calculates_as(), "cases": found}, indent=1, sort_keys=True) + "\n", encoding="utf-8")
