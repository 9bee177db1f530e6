"""A page's blocks as strips of paper: words, rules and panels at their places, in inches from the upper left corner.

A strip is never cut; a page break falls between two strips.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from loadplan.charts.panels import PANEL_WIDTH_IN, Panel, rows_of
from loadplan.charts.style import fonts_for, safe_text
from loadplan.report.blocks import MARKS, Block, Bullets, Level, Panels, Section, Table, Words
from loadplan.report.typeset import cut, width_in, wrapped

BODY, SMALL, TABLE, HEADING, CAPTION = 8.4, 6.8, 8.2, 10.5, 9.5
"""Sizes of letters in points."""
LEADING: Final = 1.23 / 72
"""Inches of a line for each point of its letters."""
INDENT_IN: Final = 0.15
GAP_IN: Final = 0.06
SECTION_GAP_IN: Final = 0.09
CELL_GAP_IN: Final = 0.1
INK, GREY, RULE = "#000000", "#444444", "#B0B0B0"
LETTERS: Final = 4000
"""No text on a page is longer."""


@dataclass(frozen=True, slots=True)
class Line:
    """One line of letters; ``x`` its left end (its right end where ``right``), ``y`` its top."""

    x: float
    y: float
    text: str
    points: float
    colour: str = INK
    bold: bool = False
    right: bool = False


@dataclass(frozen=True, slots=True)
class Rule:
    """A line across, or a bar at the side of a box."""

    x: float
    y: float
    width: float
    height: float = 0.008
    colour: str = RULE


@dataclass(frozen=True, slots=True)
class Placed:
    """A panel at its place."""

    x: float
    y: float
    panel: Panel


Mark = Line | Rule | Placed


@dataclass(frozen=True, slots=True)
class Strip:
    """What stays together; ``keep`` with the strip below it; ``instead`` are its parts, for the end of a page."""

    height: float
    marks: tuple[Mark, ...]
    keep: bool = False
    instead: tuple[Strip, ...] = ()


def lay_section(section: Section, width: float) -> list[Strip]:
    """A heading, its rule, and what stands under it."""
    return [*heading(section.title, width), *(s for block in section.blocks for s in lay(block, width)), gap()]


def heading(title: str, width: float) -> Iterator[Strip]:
    """Every line of a heading, the rule under the last."""
    lines = _lines(title, width, HEADING, bold=True)
    for n, text in enumerate(lines):
        high = HEADING * LEADING
        marks: tuple[Mark, ...] = (Line(0, 0, text, HEADING, bold=True),)
        last = n == len(lines) - 1
        yield Strip(high + (0.05 if last else 0), (*marks, Rule(0, high + 0.01, width)) if last else marks, keep=True)


def gap(height: float = SECTION_GAP_IN) -> Strip:
    """Empty paper."""
    return Strip(height, ())


def lay(block: Block, width: float) -> list[Strip]:
    """One block in strips."""
    if isinstance(block, Words):
        return _words(block, width)
    if isinstance(block, Bullets):
        return list(_bullets(block, width))
    if isinstance(block, Panels):
        return [_row(row, width) for row in rows_of(block.panels)]
    return [] if block.folded else list(_table(block, width))


def _lines(text: str, width: float, points: float, *, bold: bool = False) -> list[str]:
    return wrapped(safe_text(text, LETTERS), width, points, bold)


def paragraph(text: str, width: float, points: float, *, colour: str = INK, bold: bool = False) -> Strip:
    """Words that stay together."""
    lines = _lines(text, width, points, bold=bold)
    step = points * LEADING
    marks = tuple(Line(0, n * step, line, points, colour, bold) for n, line in enumerate(lines))
    return Strip(step * len(lines) + GAP_IN / 2, marks)


def _words(block: Words, width: float) -> list[Strip]:
    points, colour = (SMALL, GREY) if block.small else (BODY, INK)
    if not block.level:
        return [paragraph(block.text, width, points, colour=colour)]
    return [*_item(block.text, block.level, width, points, bold=True), gap(GAP_IN / 2)]


def _bullets(block: Bullets, width: float) -> Iterator[Strip]:
    points, colour = (SMALL, GREY) if block.small else (BODY, INK)
    if block.title:
        title = paragraph(block.title, width, points, bold=True)
        yield Strip(title.height - GAP_IN / 2, title.marks, keep=True)
    for text, level in block.items:
        yield from _item(text, level, width, points, colour)
    yield gap(GAP_IN / 3)


def _item(
    text: str, level: Level, width: float, points: float, colour: str = INK, *, bold: bool = False
) -> Iterator[Strip]:
    lines = _lines(text, width - INDENT_IN, points, bold=bold)
    step = points * LEADING
    sign = Line(0.01, 0, MARKS[level] or "\u2022", points, colour, bold=level == "strong")
    body = (Line(INDENT_IN, n * step, line, points, colour, bold) for n, line in enumerate(lines))
    yield Strip(step * len(lines), (sign, *body))


def _row(panels: Sequence[Panel], width: float) -> Strip:
    """Two panels beside each other, each under its caption."""
    apart = width - PANEL_WIDTH_IN
    marks: list[Mark] = []
    high = CAPTION * LEADING + 0.02
    for n, panel in enumerate(panels):
        caption = cut(safe_text(panel.title, LETTERS), PANEL_WIDTH_IN, CAPTION, bold=True)
        marks += [Line(n * apart, 0, caption, CAPTION, bold=True), Placed(n * apart, high, panel)]
    return Strip(high + max(panel.height_in for panel in panels) + GAP_IN / 2, tuple(marks))


def _table(block: Table, width: float) -> Iterator[Strip]:
    columns = _columns(block, width)
    yield _cells(block.head, columns, block, [""] * len(block.head), head=True)
    for row in block.rows:
        yield _cells(tuple(cell.text for cell in row), columns, block, tuple(cell.level for cell in row))
    yield gap(GAP_IN)


def _columns(block: Table, width: float) -> list[tuple[float, float]]:
    """Left end and width of each column: as wide as its longest cell where there is room, else by its share."""
    needs = [_need(block, n) for n in range(len(block.head))]
    room = width - CELL_GAP_IN * (len(needs) - 1)
    shares = block.shares or tuple(needs)
    if sum(needs) > room:
        needs = _squeezed(needs, [_need(block, n, whole=False) for n in range(len(needs))], room, shares)
    spare = max(0.0, room - sum(needs)) / len(needs)
    out, x = [], 0.0
    for need in needs:
        out.append((x, need + spare))
        x += need + spare + CELL_GAP_IN
    return out


def _need(block: Table, column: int, *, whole: bool = True) -> float:
    """Width of the longest cell of a column, or of its longest word."""
    cells = [safe_text(_signed(row[column].text, row[column].level), LETTERS) for row in block.rows]
    widths = [width_in(part, TABLE) for text in cells for part in ([text] if whole else text.split())]
    head = block.head[column]
    heads = [width_in(part, TABLE, bold=True) for part in ([head] if whole else head.split())]
    return max([0.0, *heads, *widths]) + 0.01


def _squeezed(needs: Sequence[float], least: Sequence[float], room: float, shares: Sequence[float]) -> list[float]:
    """Columns that give way, none below its longest word; only where even these do not fit, each has its share."""
    spare, wanted = room - sum(least), sum(needs) - sum(least)
    if spare < 0:
        return [room * share / sum(shares) for share in shares]
    return [low + (need - low) * spare / wanted for need, low in zip(needs, least, strict=True)]


def _signed(text: str, level: Level) -> str:
    return f"{MARKS[level]} {text}" if level else text


def _cells(
    texts: Sequence[str],
    columns: Sequence[tuple[float, float]],
    block: Table,
    levels: Sequence[Level],
    *,
    head: bool = False,
) -> Strip:
    step = TABLE * LEADING
    told = [safe_text(_signed(text, level), LETTERS) for text, level in zip(texts, levels, strict=True)]
    cells = [wrapped(text, room, TABLE, head) for text, (_, room) in zip(told, columns, strict=True)]
    rows = max(len(lines) for lines in cells)
    marks: list[Mark] = []
    for n, (lines, (x, room)) in enumerate(zip(cells, columns, strict=True)):
        right = n in block.right
        first = rows - len(lines) if head else 0
        marks += [
            Line(x + room if right else x, (first + k) * step, line, TABLE, GREY if head else INK, head, right)
            for k, line in enumerate(lines)
        ]
    high = rows * step + 0.022
    end = columns[-1][0] + columns[-1][1]
    return Strip(high, (*marks, Rule(0, high - 0.012, end, 0.004)), keep=head)


def families(line: Line) -> list[str]:
    """The fonts of a line."""
    return fonts_for(line.text)
