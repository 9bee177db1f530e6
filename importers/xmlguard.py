"""XML from anybody: refused before it can do harm. No document type, no entities, bounded depth and text."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Final
from xml.parsers import expat

DEPTH_MAX: Final = 64
"""Elements within elements; activities need about ten."""
TEXT_MAX: Final = 64 * 1024
"""Characters of text in one element."""
_XML_BLANKS: Final = b" \t\r\n"
_UTF8_BOM: Final = b"\xef\xbb\xbf"


class HostileXMLError(ValueError):
    """The document uses what no activity file needs and attackers do."""


class Guard:
    """An expat parser that refuses hostile documents; ``start``, ``end`` and ``text`` are for the reader."""

    def __init__(self) -> None:
        self.parser = expat.ParserCreate()
        self.parser.StartDoctypeDeclHandler = self._refuse_doctype
        self.parser.EntityDeclHandler = self._refuse_doctype
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end
        self.parser.CharacterDataHandler = self._text
        self.parser.buffer_text = True
        self._depth = 0
        self._pieces: list[str] = []
        self._length = 0

    def start(self, name: str, attributes: dict[str, str]) -> None:
        """An element begins; ``name`` without its prefix."""

    def end(self, name: str, text: str) -> None:
        """An element ends; ``text`` is what stood in it last."""

    def feed(self, data: bytes) -> None:
        """Parse a whole document.

        Raises:
            HostileXMLError: a document type, an entity, too deep, too much text.
            expat.ExpatError: not well-formed; what stood before the fault has been handed on.
        """
        self.parser.Parse(trim(data), True)

    def _refuse_doctype(self, *_: object) -> None:
        raise HostileXMLError("a document type or entity declaration is not read")

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        self._depth += 1
        if self._depth > DEPTH_MAX:
            raise HostileXMLError(f"elements more than {DEPTH_MAX} deep")
        self._pieces, self._length = [], 0
        self.start(name.rpartition(":")[2], attributes)

    def _end(self, name: str) -> None:
        self._depth -= 1
        self.end(name.rpartition(":")[2], "".join(self._pieces).strip())
        self._pieces, self._length = [], 0

    def _text(self, text: str) -> None:
        self._length += len(text)
        if self._length > TEXT_MAX:
            raise HostileXMLError(f"more than {TEXT_MAX:,} characters of text in an element")
        self._pieces.append(text)


def trim(data: bytes) -> bytes:
    """The document without blanks before its declaration, as some services write them."""
    return data.removeprefix(_UTF8_BOM).lstrip(_XML_BLANKS)


def as_utc(moment: datetime) -> datetime:
    """An aware UTC instant; a time without a zone is taken as UTC."""
    try:
        return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
    except OverflowError:  # the first and the last day of the calendar
        return moment.replace(tzinfo=UTC)
