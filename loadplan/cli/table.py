"""Aligned plain tables and wrapped paragraphs for a terminal. No markup, so no text can be taken for one."""

from __future__ import annotations

import os
import re
import shutil
import sys
import textwrap
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from loadplan.text import clean, columns_wide, shortened

if TYPE_CHECKING:
    from collections.abc import Sequence

DEFAULT_WIDTH: Final = 80
LEAST_WIDTH: Final = 40
LEAST_FLEXIBLE: Final = 8
GAP: Final = "  "
LABEL: Final = 48
"""Signs of the label of a file that are shown in a sentence."""
COLOURS: Final = {"strong": "1;31", "warn": "35"}
"""Bold red, and magenta: of the sixteen colours of terminals those that can be read on white and on black."""
_RESET: Final = "\x1b[0m"
_COLOUR: Final = re.compile(r"\x1b\[[0-9;]*m")


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its title, whether it stands to the right, whether it gives way when the line is too long."""

    title: str
    right: bool = False
    flexible: bool = False
    keep_end: bool = False
    """Cut at the left: of a path the end says most."""
    spare: int = 0
    """Left out where lines are too long even so: the highest first; 0 never."""


@dataclass(frozen=True, slots=True)
class Shown:
    """A cell in the colour of its level, where colours are wanted; the text says the same."""

    text: str
    level: str = ""


Cell = str | Shown


def width() -> int:
    """Columns of the terminal (``COLUMNS`` first); 80 where there is none."""
    return max(shutil.get_terminal_size((DEFAULT_WIDTH, 24)).columns, LEAST_WIDTH)


def table(columns: Sequence[Column], rows: Sequence[Sequence[Cell]], *, gap: str = GAP) -> list[str]:
    """Lines of an aligned table with its header; flexible columns are cut so that a line fits the terminal.

    Where that is not enough, spare columns are left out, one after another.
    """
    cells = [[Shown(column.title) for column in columns], *([_cleaned(cell) for cell in row] for row in rows)]
    widths = [max(columns_wide(row[n].text) for row in cells) for n in range(len(columns))]
    shown = list(range(len(columns)))
    while True:
        room = _fitted([columns[n] for n in shown], [widths[n] for n in shown], gap)
        spare = max(shown, key=lambda n: columns[n].spare)
        if not columns[spare].spare or sum(room) + len(gap) * (len(room) - 1) <= width():
            break
        shown.remove(spare)
    kept = [columns[n] for n in shown]
    return [_line(kept, [row[n] for n in shown], room, gap) for row in cells]


def _fitted(columns: Sequence[Column], widths: list[int], gap: str) -> list[int]:
    """Widths in which flexible columns give way as far as they can."""
    room = width() - len(gap) * (len(columns) - 1)
    flexible = [n for n, column in enumerate(columns) if column.flexible]
    while sum(widths) > room and any(widths[n] > LEAST_FLEXIBLE for n in flexible):
        widths[max(flexible, key=lambda n: widths[n])] -= 1
    return widths


def _cleaned(cell: Cell) -> Shown:
    return Shown(clean(cell)) if isinstance(cell, str) else Shown(clean(cell.text), cell.level)


def wrapped(text: str, indent: str = "", first: str | None = None, *, raw: bool = False) -> list[str]:
    """A paragraph that fits the terminal. ``raw`` text is our own, with colours in it."""
    start = indent if first is None else first
    told = text if raw else clean(text)
    if _seen(told) != len(told):
        return _by_columns(told, indent, start)
    lines = textwrap.wrap(
        told, width(), initial_indent=start, subsequent_indent=indent, break_on_hyphens=False
    )  # a name of a file, or an id, is not broken where it has a hyphen
    return lines or [start.rstrip()]


def _seen(text: str) -> int:
    """How many columns of a terminal the text takes; our own colours take none."""
    return columns_wide(_COLOUR.sub("", text) if "\x1b" in text else text)


def _by_columns(text: str, indent: str, start: str) -> list[str]:
    """The same where letters take two columns, or none, and colours none: what textwrap does not count."""
    lines: list[str] = []
    line, empty = start, True
    for word in text.split():
        rest = word
        if not empty and _seen(f"{line} {rest}") > width():
            lines, line, empty = [*lines, line], indent, True
        while empty and _seen(line + rest) > width():
            piece = _as_far(rest, width() - _seen(line))
            lines, line, rest = [*lines, line + piece], indent, rest[len(piece) :]
        line, empty = (line + rest if empty else f"{line} {rest}"), False
    return [*lines, line]


def _as_far(text: str, room: int) -> str:
    """As many letters as fit, and one at least."""
    kept = text[:1]
    while len(kept) < len(text) and _seen(text[: len(kept) + 1]) <= room:
        kept = text[: len(kept) + 1]
    return kept


def coloured(word: str, level: str) -> str:
    """The word in the colour of its level, where colours are wanted. The word itself says the same."""
    return f"\x1b[{COLOURS[level]}m{word}{_RESET}" if level in COLOURS and colours_wanted() else word


def colours_wanted() -> bool:
    """Only on a terminal, and not against ``NO_COLOR``."""
    return sys.stdout.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"


def bar(share: float, cells: int) -> str:
    """A bar of at most ``cells`` columns, in letters that this terminal has."""
    letter = "▇" if (sys.stdout.encoding or "").lower().replace("-", "") in ("utf8", "utf16") else "#"
    return letter * round(max(0.0, min(1.0, share)) * cells)


def _line(columns: Sequence[Column], row: Sequence[Shown], widths: Sequence[int], gap: str) -> str:
    cells = [_cell(cell, w, c) for cell, w, c in zip(row, widths, columns, strict=True)]
    return gap.join(cells).rstrip()


def _cell(cell: Shown, room: int, column: Column) -> str:
    cut = shortened(cell.text[::-1], room)[::-1] if column.keep_end else shortened(cell.text, room)
    space = " " * (room - columns_wide(cut))
    told = coloured(cut, cell.level) if cut else cut
    return space + told if column.right else told + space


def end_of(label: str) -> str:
    """The end of a long label: the folders of an export are always the same."""
    if len(label) <= LABEL:
        return label
    end = label[-LABEL:]
    return f".../{end.partition('/')[2] or end}"
