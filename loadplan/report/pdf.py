"""A page as PDF on A4, drawn with matplotlib: no browser, no library of the system; the same page, the same bytes."""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import groupby, product
from typing import Any, Final

from matplotlib.backends.backend_pdf import FigureCanvasPdf, PdfPages
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from loadplan.charts.panels import BOTTOM_IN, LEFT_IN, PANEL_WIDTH_IN, RIGHT_IN, ROW_IN, TOP_IN
from loadplan.charts.style import house_style, safe_text
from loadplan.report.blocks import Page, Section
from loadplan.report.lay import (
    BODY,
    GREY,
    SMALL,
    Line,
    Mark,
    Placed,
    Rule,
    Strip,
    families,
    gap,
    lay,
    lay_section,
    paragraph,
)

A4_IN: Final = (8.27, 11.69)
MARGIN_IN, TOP_MARGIN_IN, FOOT_IN = 0.45, 0.36, 0.42
WIDTH_IN: Final = A4_IN[0] - 2 * MARGIN_IN
BETWEEN_IN: Final = 0.22
SIGN_COLUMNS: Final = 3
TITLE_POINTS: Final = 15.0
BASELINE: Final = 0.93
"""Share of a line's letters that lies above its baseline."""


def pdf_page(page: Page) -> bytes:
    """The whole file."""
    with house_style():
        sheets = list(_sheets([*_head(page), *_body(page), *_foot(page)]))
        out = io.BytesIO()
        metadata: dict[str, Any] = {
            "Title": safe_text(page.title, 200), "Creator": "loadplan", "Producer": "loadplan", "CreationDate": None
        }  # fmt: skip
        with PdfPages(out, metadata=metadata) as pages:
            for n, sheet in enumerate(sheets, start=1):
                figure = Figure(figsize=A4_IN)
                FigureCanvasPdf(figure)
                for strip, x, y in sheet:
                    for mark in strip.marks:
                        _put(figure, mark, x, y)
                words = f"{page.title}. Page {n} of {len(sheets)}. Training information, not medical advice."
                _letters(figure, Line(MARGIN_IN, A4_IN[1] - 0.34, safe_text(words, 150), SMALL, GREY), 0, 0)
                pages.savefig(figure)
    return out.getvalue()


Place = tuple[Strip, float, float]


def _head(page: Page) -> Iterator[Strip]:
    yield paragraph(page.title, WIDTH_IN, TITLE_POINTS, bold=True)
    yield paragraph(page.lead, WIDTH_IN, BODY, colour=GREY)
    yield gap()


def _body(page: Page) -> Iterator[Strip]:
    for half, group in groupby(page.sections, key=lambda one: one.half):
        if half:
            yield from _halves(list(group))
        else:
            for section in group:
                yield from lay_section(section, WIDTH_IN)


def _foot(page: Page) -> Iterator[Strip]:
    words = paragraph(page.footer, WIDTH_IN, BODY, bold=True)
    below = (_moved(mark, 0, 0.05) for mark in words.marks)
    yield Strip(words.height + 0.05, (Rule(0, 0, WIDTH_IN), *below), keep=True)
    if page.signs:
        signs = [lay(one, _column(SIGN_COLUMNS)) for one in page.signs]
        yield _beside(signs, _shortest(signs, SIGN_COLUMNS), SIGN_COLUMNS)


def _halves(sections: Sequence[Section]) -> Iterator[Strip]:
    """Sections of half the width in two columns of about the same height; where they do not fit, pair by pair.

    Sections too high for a page go across it, where they can be broken.
    """
    laid = [lay_section(section, _column(2)) for section in sections]
    pairs = tuple(_beside(laid[n : n + 2], (0, 1)[: len(laid[n : n + 2])]) for n in range(0, len(laid), 2))
    room = A4_IN[1] - TOP_MARGIN_IN - FOOT_IN
    if max(strip.height for strip in pairs) > room:
        for section in sections:
            yield from lay_section(section, WIDTH_IN)
        return
    whole = _beside(laid, _even([sum(strip.height for strip in part) for part in laid]))
    if whole.height > room:
        yield from pairs
    else:
        yield replace(whole, instead=pairs)


def _even(heights: Sequence[float]) -> tuple[int, ...]:
    """The side of each part, the first on the left, so that the higher column is as low as can be."""
    ways = ((0, *rest) for rest in product((0, 1), repeat=len(heights) - 1))

    def high(sides: tuple[int, ...]) -> float:
        right = sum(height for height, side in zip(heights, sides, strict=True) if side)
        return max(right, sum(heights) - right)

    return min(ways, key=high)


def _column(columns: int) -> float:
    """Width of one of several columns."""
    return (WIDTH_IN - BETWEEN_IN * (columns - 1)) / columns


def _shortest(parts: Sequence[Sequence[Strip]], columns: int) -> tuple[int, ...]:
    """The column of each part, always the shortest so far."""
    heights, sides = [0.0] * columns, []
    for part in parts:
        sides.append(heights.index(min(heights)))
        heights[sides[-1]] += sum(strip.height for strip in part)
    return tuple(sides)


def _beside(parts: Sequence[Sequence[Strip]], sides: Sequence[int], columns: int = 2) -> Strip:
    """Parts in columns as one strip."""
    heights, marks = [0.0] * columns, []
    for part, side in zip(parts, sides, strict=True):
        for strip in part:
            marks += [_moved(mark, side * (_column(columns) + BETWEEN_IN), heights[side]) for mark in strip.marks]
            heights[side] += strip.height
    return Strip(max(heights), tuple(marks))


def _moved(mark: Mark, x: float, y: float) -> Mark:
    return replace(mark, x=mark.x + x, y=mark.y + y)


def _sheets(strips: Sequence[Strip]) -> Iterator[list[Place]]:
    """The strips on pages; one that keeps with the next moves with it; one that does not fit gives way to its parts."""
    end = A4_IN[1] - FOOT_IN
    sheet: list[Place] = []
    y = TOP_MARGIN_IN
    waiting = list(_kept(strips))[::-1]
    while waiting:
        group = waiting.pop()
        if len(group) == 1 and group[0].instead and y + group[0].height > end:
            waiting += [[strip] for strip in reversed(group[0].instead)]
            continue
        high = sum(strip.height for strip in group)
        if sheet and y + high > end and any(strip.marks for strip in group):
            yield sheet
            sheet, y = [], TOP_MARGIN_IN
        for strip in group:
            if strip.marks or sheet:
                sheet.append((strip, MARGIN_IN, y))
                y += strip.height
    if sheet:
        yield sheet


def _kept(strips: Sequence[Strip]) -> Iterator[list[Strip]]:
    group: list[Strip] = []
    for strip in strips:
        group.append(strip)
        if not strip.keep:
            yield group
            group = []
    if group:
        yield group


def _put(figure: Figure, mark: Mark, x: float, y: float) -> None:
    if isinstance(mark, Line):
        _letters(figure, mark, x, y)
    elif isinstance(mark, Rule):
        place = ((x + mark.x) / A4_IN[0], 1 - (y + mark.y + mark.height) / A4_IN[1])
        size = (mark.width / A4_IN[0], mark.height / A4_IN[1])
        figure.add_artist(Rectangle(place, *size, facecolor=mark.colour, linewidth=0, transform=figure.transFigure))
    else:
        _panel(figure, mark, x, y)


def _letters(figure: Figure, mark: Line, x: float, y: float) -> None:
    base = y + mark.y + mark.points * BASELINE / 72
    figure.text(
        (x + mark.x) / A4_IN[0], 1 - base / A4_IN[1], mark.text, fontsize=mark.points, color=mark.colour,
        weight="bold" if mark.bold else "normal", ha="right" if mark.right else "left", va="baseline",
        fontfamily=families(mark), parse_math=False,
    )  # fmt: skip


def _panel(figure: Figure, mark: Placed, x: float, y: float) -> None:
    panel = mark.panel
    head = TOP_IN + ROW_IN * panel.key_rows
    left, top = x + mark.x + LEFT_IN, y + mark.y + head
    wide, high = PANEL_WIDTH_IN - LEFT_IN - RIGHT_IN, panel.height_in - head - BOTTOM_IN
    rect = (left / A4_IN[0], 1 - (top + high) / A4_IN[1], wide / A4_IN[0], high / A4_IN[1])
    panel.draw(figure.add_axes(rect))
