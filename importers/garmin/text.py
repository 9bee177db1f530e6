"""Texts of a Garmin export: bytes in whatever encoding to a string, and titles that are safe to keep."""

from __future__ import annotations

import codecs
from typing import Final

TITLE_MAX: Final = 200
"""Characters of a title or of a name that are kept."""
_MARKS: Final[tuple[tuple[bytes, str], ...]] = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
"""Byte order marks, the longer before the one that it begins with."""
_LOOKED_AT: Final = 400
"""Bytes that tell UTF-16 without a mark by their zero bytes."""
_ZEROS: Final = 0.3
"""Share of zero bytes in one half of the pairs that makes a text UTF-16: its header is mostly Latin or punctuation."""


def wide(data: bytes) -> tuple[int, str] | None:
    """Length of the byte order mark and encoding, where a mark or the zero bytes tell it; None leaves it open."""
    for mark, name in _MARKS:
        if data.startswith(mark):
            return len(mark), name
    head = data[:_LOOKED_AT]
    pairs = len(head) // 2
    for half, name in ((1, "utf-16-le"), (0, "utf-16-be")):
        if pairs and head[half::2].count(0) > pairs * _ZEROS and head[1 - half :: 2].count(0) == 0:
            return 0, name
    return None


def decode(data: bytes) -> str:
    """The text of a JSON file; bytes that its encoding does not know become U+FFFD."""
    skipped, encoding = wide(data) or (0, "utf-8")
    return data[skipped:].decode(encoding, "replace")


def clean(text: object) -> str | None:
    """A title or name as one short printable line; None for none, an empty one, or what is no text."""
    if not isinstance(text, str):
        return None
    if not text.isprintable():
        text = "".join(c if c.isprintable() else " " for c in text)
    return " ".join(text.split())[:TITLE_MAX].rstrip() or None
