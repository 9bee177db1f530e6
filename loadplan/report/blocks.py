"""What a page is made of: sections of words, lists, tables and panels. HTML and PDF are two ways to set it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from loadplan.charts.panels import Panel

Level = Literal["", "info", "warn", "strong"]
MARKS: dict[str, str] = {"strong": "\u25a0", "warn": "\u25b2", "info": "\u25cb", "": ""}
"""A sign beside each level, so that a grey print can be read: square, triangle, ring."""


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell of a table: its text, how much it matters, and where it leads."""

    text: str
    level: Level = ""
    link: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """Rows under a head. ``right`` are the columns of numbers; ``shares`` how wide columns are on paper."""

    head: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    right: frozenset[int] = frozenset()
    shares: tuple[float, ...] = ()
    caption: str = ""
    folded: bool = False
    """Shown on a screen when somebody opens it, and not on paper."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """A paragraph."""

    text: str
    small: bool = False
    level: Level = ""
    """Framed where it is not empty."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Bullets:
    """A list. ``small`` is set in small letters, in columns where there is room."""

    items: tuple[tuple[str, Level], ...]
    title: str = ""
    small: bool = False
    numbered: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Panels:
    """Small charts, beside each other where there is room."""

    panels: tuple[Panel, ...]


Block = Table | Words | Bullets | Panels


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """A heading and what stands under it."""

    title: str
    blocks: tuple[Block, ...]
    half: bool = False
    """May stand beside another half on a wide page."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """A whole page, independent of how it is set."""

    title: str
    lead: str
    """One line under the title."""
    sections: tuple[Section, ...]
    footer: str
    signs: tuple[Bullets, ...] = field(default=())
    """Warning signs below the footer."""


def plain(*texts: str) -> tuple[Cell, ...]:
    """A row of cells without a level."""
    return tuple(Cell(text) for text in texts)
