"""A panel as SVG that stands inside a web page: letters stay letters, and colours follow the page into the dark."""

from __future__ import annotations

import io
import re
from html import escape
from typing import Final

import matplotlib as mpl
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from loadplan.charts.panels import BOTTOM_IN, LEFT_IN, PANEL_WIDTH_IN, RIGHT_IN, ROW_IN, TOP_IN, Panel
from loadplan.charts.style import house_style

COLOURS: Final = {
    "ffffff": "paper", "000000": "ink", "5f5f5f": "grey", "e4e4e4": "pale", "efefef": "pale", "dddddd": "pale",
    "c9c9c9": "line", "c4c4c4": "line",
}  # fmt: skip
"""Colours that mean paper and ink, and the name under which the page sets them; the others mean something."""
FAMILY: Final = "'DejaVu Sans', Verdana, sans-serif"
_COLOUR: Final = re.compile(r"(?<=: )#([0-9a-f]{6})")
_ID: Final = re.compile(r' id="([^"]+)"')
_USED: Final = re.compile(r'(?:href="#|url\(#)([^")]+)')
_HEAD: Final = re.compile(r"^.*?(?=<svg)", re.DOTALL)
_METADATA: Final = re.compile(r"\s*<metadata>.*?</metadata>", re.DOTALL)
_OPENING: Final = re.compile(r"<svg[^>]*>")
_FONT: Final = re.compile(r"(font: (?:bold )?[\d.]+px) [^;\"]+")
_BOX: Final = re.compile(r'viewBox="([^"]+)"')


def panel_figure(panel: Panel) -> Figure:
    """One panel on a figure of its own."""
    width, height = PANEL_WIDTH_IN, panel.height_in
    figure = Figure(figsize=(width, height))
    FigureCanvasAgg(figure)
    head = TOP_IN + ROW_IN * panel.key_rows
    rect = (LEFT_IN / width, BOTTOM_IN / height, 1 - (LEFT_IN + RIGHT_IN) / width, 1 - (head + BOTTOM_IN) / height)
    panel.draw(figure.add_axes(rect))
    return figure


def inline_svg(panel: Panel) -> str:
    """The panel as an ``svg`` element with its words for who cannot see it; the same panel gives the same text."""
    out = io.StringIO()
    with house_style(), mpl.rc_context({"svg.fonttype": "none"}):
        panel_figure(panel).savefig(out, format="svg", metadata={"Date": None, "Creator": None})
    return _for_page(out.getvalue(), panel)


def _for_page(text: str, panel: Panel) -> str:
    body = _METADATA.sub("", _HEAD.sub("", text), count=1)
    found = _BOX.search(body)
    box = found[1] if found else ""
    opening = (
        '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" '
        f'viewBox="{box}" role="img" aria-label="{escape(panel.words)}"><title>{escape(panel.words)}</title>'
    )
    body = _OPENING.sub(lambda _: opening, body, count=1)
    used = set(_USED.findall(body))
    body = _ID.sub(lambda m: f' id="{panel.name}-{m[1]}"' if m[1] in used else "", body)
    body = re.sub(r'(href="#|url\(#)', lambda m: f"{m[1]}{panel.name}-", body)
    body = _FONT.sub(lambda m: f"{m[1]} {FAMILY}", body)
    return _COLOUR.sub(lambda m: f"var(--{COLOURS[m[1]]})" if m[1] in COLOURS else m[0], body)
