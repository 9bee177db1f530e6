"""Text of strangers, made harmless before it reaches a terminal or a spreadsheet.

Titles, shoe names and file names come from exports: they may hold escape sequences, bidi overrides or formulas.
"""

from __future__ import annotations

import unicodedata
from typing import Final

REPLACEMENT: Final = "\ufffd"
_BIDI: Final = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ufeff")
_HARMFUL: Final = frozenset({"Cc", "Cs", "Zl", "Zp"})
_FORMULA_STARTS: Final = ("=", "+", "-", "@", "\t", "\r")
_WIDE: Final = frozenset("WF")


def clean(text: object) -> str:
    r"""The text with every control, escape and bidi character replaced by U+FFFD; tabs and line ends become blanks.

    >>> from loadplan.text import clean
    >>> clean("a\x1b[31mb\nc") == "a\ufffd[31mb c"
    True
    """
    plain = str(text).replace("\r\n", " ").replace("\n", " ").replace("\t", " ")
    if plain.isascii() and plain.isprintable():
        return plain
    return "".join(REPLACEMENT if c in _BIDI or unicodedata.category(c) in _HARMFUL else c for c in plain)


def csv_cell(value: object) -> object:
    """A cell that no spreadsheet takes for a formula: such text gets a leading apostrophe. Numbers stay."""
    if not isinstance(value, str):
        return value
    guarded = f"'{value}" if value.startswith(_FORMULA_STARTS) else value
    return clean(guarded)


def columns_wide(text: str) -> int:
    """How many terminal columns the text takes: East Asian wide letters take two, combining marks none."""
    if text.isascii():
        return len(text)
    return sum(0 if unicodedata.combining(c) else 2 if unicodedata.east_asian_width(c) in _WIDE else 1 for c in text)


def shortened(text: str, width: int) -> str:
    """The text cut to at most ``width`` columns, with an ellipsis where something is missing."""
    if columns_wide(text) <= width:
        return text
    kept = ""
    for c in text:
        if columns_wide(kept + c) > width - 1:
            break
        kept += c
    return kept + "…"
