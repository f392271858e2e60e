"""A figure as SVG text to stand inside a page: ids of its own, a description, tooltips, no fixed size."""

from __future__ import annotations

import io
import re
from html import escape

from chainwright.report.style import VARIABLES, Drawing, styled

# What browsers are asked for instead of the font that measured the text; all of these run narrower, so nothing collides.
FONTS = "system-ui, -apple-system, 'Segoe UI', Roboto, 'Helvetica Neue', Arial, 'DejaVu Sans', sans-serif"


# What matplotlib writes for a colour, and what stands in a page for it; the colour itself where the page's style is missing.
_NAMED = {colour.lower(): f"var(--{name}, {colour.lower()})" for colour, name in VARIABLES.items()}


def inline_svg(figure: Drawing, name: str, description: str) -> str:
    """The figure as one ``<svg>`` element.

    Parameters
    ----------
    figure : Drawing
        What to draw.
    name : str
        A short name, which goes before each id so that figures of one page never clash.
    description : str
        What the figure shows, for readers who cannot see it.
    """
    stored = io.StringIO()
    with styled():
        figure.savefig(stored, format="svg", transparent=True, metadata={"Date": None, "Creator": None, "Format": None, "Type": None})
    text = stored.getvalue()
    text = text[text.index("<svg") :].strip()
    text = re.sub(r"<metadata>.*?</metadata>", "", text, flags=re.DOTALL)
    text = re.sub(r"<!--.*?-->\s*", "", text, flags=re.DOTALL)
    text = re.sub(r'\bid="([^"]+)"', rf'id="{name}-\1"', text)
    text = re.sub(r"url\(#([^)]+)\)", rf"url(#{name}-\1)", text)
    text = re.sub(r'xlink:href="#([^"]+)"', rf'href="#{name}-\1"', text)
    text = text.replace("'DejaVu Sans'", FONTS.replace("'", "&#39;")) if 'style="font' in text else text
    text = re.sub(r"(?<=: )#[0-9a-f]{6}\b", lambda found: _NAMED.get(found[0], found[0]), text)
    for group, tip in figure.tooltips.items():
        mark = f'<g id="{name}-{group}">'
        text = text.replace(mark, f"{mark}<title>{escape(tip)}</title>", 1)
    width, height = _size(text)
    opening = (
        f'<svg xmlns="http://www.w3.org/2000/svg" class="figure" role="img" aria-label="{escape(description, quote=True)}" '
        f'viewBox="0 0 {width:g} {height:g}" style="aspect-ratio: {width:g} / {height:g}; --natural: {width * 4 / 3:.0f}px">'
    )
    return re.sub(r"<svg\b[^>]*>", lambda _: opening, text, count=1)


def _size(text: str) -> tuple[float, float]:
    """Width and height in points."""
    found = re.search(r'viewBox="0 0 ([\d.]+) ([\d.]+)"', text)
    assert found is not None
    return float(found[1]), float(found[2])
