"""Where the letters of a figure lie: none outside of it, none upon others."""

from __future__ import annotations

from itertools import combinations
from typing import Any
from unittest.mock import patch

from matplotlib.figure import Figure
from matplotlib.text import Text
from matplotlib.transforms import Bbox

SLACK_IN = 0.015
"""So far may boxes reach into each other: a box is a little larger than its letters."""


def placed(figure: Figure) -> list[tuple[str, Bbox]]:
    """Every text that is drawn, with its box in inches; labels that matplotlib keeps and does not draw are none."""
    found: list[tuple[str, Bbox]] = []
    usual = Text.draw

    def draw(self: Text, renderer: Any) -> None:
        usual(self, renderer)
        if self.get_visible() and self.get_text().strip():
            box = self.get_window_extent(renderer)
            found.append((self.get_text(), Bbox(box.get_points() / figure.dpi)))

    with patch.object(Text, "draw", draw):
        figure.draw_without_rendering()
    return found


def faults(figure: Figure) -> list[str]:
    """What is wrong with the letters of a figure, in words."""
    texts = placed(figure)
    wide, high = figure.get_size_inches()
    out = [
        f"{words!r} leaves the figure at {box.extents.round(2)}"
        for words, box in texts
        if min(box.x0, box.y0) < -SLACK_IN or box.x1 > wide + SLACK_IN or box.y1 > high + SLACK_IN
    ]
    for (one, a), (other, b) in combinations(texts, 2):
        across = min(a.x1, b.x1) - max(a.x0, b.x0)
        upright = min(a.y1, b.y1) - max(a.y0, b.y0)
        if min(across, upright) > SLACK_IN:
            out.append(f"{one!r} lies on {other!r} by {across:.2f} x {upright:.2f} in")
    return out
