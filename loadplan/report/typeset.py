"""Lines of words on paper: how wide a text is, and where it breaks."""

from __future__ import annotations

from functools import lru_cache
from typing import Final

from matplotlib import font_manager
from matplotlib.ft2font import FT2Font

from loadplan.charts.style import fonts_for

POINTS_PER_IN: Final = 72.0
UNITS_PER_POINT: Final = 64.0
FINE: Final = 16
"""Letters are measured so many times larger: small ones are rounded to whole dots."""


@lru_cache(maxsize=64)
def _font(families: tuple[str, ...], bold: bool) -> FT2Font:
    weight = "bold" if bold else "normal"
    paths = [font_manager.findfont(font_manager.FontProperties(family=[family], weight=weight)) for family in families]
    return font_manager.get_font(paths)


@lru_cache(maxsize=16384)
def _word_in(word: str, points: float, bold: bool) -> float:
    font = _font(tuple(fonts_for(word)), bold)
    font.set_size(points * FINE, POINTS_PER_IN)
    font.set_text(word, 0.0)
    return float(font.get_width_height()[0]) / UNITS_PER_POINT / POINTS_PER_IN / FINE


@lru_cache(maxsize=64)
def _blank_in(points: float, bold: bool) -> float:
    return _word_in("n n", points, bold) - 2 * _word_in("n", points, bold)


def width_in(text: str, points: float, bold: bool = False) -> float:
    """How wide a text is in inches: its words, each measured once, and the blanks between them."""
    words = text.split(" ")
    return sum(_word_in(word, points, bold) for word in words) + _blank_in(points, bold) * (len(words) - 1)


def wrapped(text: str, room_in: float, points: float, bold: bool = False) -> list[str]:
    """The text in lines that fit; a word too long for a line is broken."""
    lines: list[str] = []
    line, end = "", 0.0
    for word in text.split():
        wide = _word_in(word, points, bold)
        after = end + _blank_in(points, bold) + wide if line else wide
        if after <= room_in:
            line, end = f"{line} {word}" if line else word, after
            continue
        if line:
            lines.append(line)
        *whole, line = _pieces(word, room_in, points, bold)
        end = _word_in(line, points, bold)
        lines += whole
    return [*lines, line] if line or not lines else lines


def _pieces(word: str, room_in: float, points: float, bold: bool) -> list[str]:
    """A word in pieces that fit."""
    if width_in(word, points, bold) <= room_in:
        return [word]
    pieces, piece = [], ""
    for letter in word:
        if piece and width_in(piece + letter, points, bold) > room_in:
            pieces.append(piece)
            piece = ""
        piece += letter
    return [*pieces, piece]


def cut(text: str, room_in: float, points: float, bold: bool = False) -> str:
    """The text as far as it fits in one line, with an ellipsis where something is missing."""
    if width_in(text, points, bold) <= room_in:
        return text
    while text and width_in(f"{text}\u2026", points, bold) > room_in:
        text = text[:-1]
    return f"{text.rstrip()}\u2026"
