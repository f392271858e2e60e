"""Pages for tests of the screen's parts: the library and the style alone, with nothing behind them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from chainwright.report.screen.bundle import as_json, library, style

PAGE = """<!doctype html><html lang="en"><head><meta charset="utf-8"><title>parts</title><style>body {{ margin: 0 }}{style}</style></head>
<body><div class="cw-screen" data-view="screen">{parts}</div><script>{library}</script><script>
window.sent = []; const store = window.chainwright.store = new window.chainwright.Store((message) => window.sent.push(message));
for (const packet of {packets}) store.receive(packet);
</script></body></html>"""


def page_of(folder: Path, packets: list[dict[str, Any]] | None = None, parts: str = "") -> str:
    """The address of a page with the parts' library, and a store that has received some packets."""
    path = folder / "parts.html"
    path.write_text(PAGE.format(style=style(), library=library(), parts=parts, packets=as_json(packets or [])), encoding="utf-8")
    return path.as_uri()
