"""XML from anybody: refused before it can do harm. No document type, no entities, bounded depth and text."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final, TypeVar
from xml.parsers import expat

from importers.problems import Problem
from importers.xml_text import Text

DEPTH_MAX: Final = 64
"""Elements within elements; activities need about ten."""
TEXT_MAX: Final = 64 * 1024
"""Bytes of text in one element."""
RESUMED_MAX: Final = 20
"""A document that is broken in more places is kept up to the last of them."""
_REPAIRABLE: Final = ("not well-formed (invalid token)", "undefined entity", "reference to invalid character number")
_AT_END: Final = ("no element found", "unclosed token", "partial character", "unclosed CDATA section")
_STRAY: Final = re.compile(rb"&(?!(?:amp|lt|gt|quot|apos|#[0-9]{1,7}|#x[0-9A-Fa-f]{1,6});)|&(?=#0*(?:[0-8]|x[0-8]);)")
"""An ampersand that begins nothing XML knows."""
_CONTROLS: Final = bytes(c for c in range(32) if c not in b"\t\n\r")

SALVAGED: Final = ("truncated", "malformed_xml")
"""Codes of what is said of a document that is not whole."""
_NAME_MAX: Final = 60
"""Characters of a device's name."""

Action = Callable[[Any], None]


class HostileXMLError(ValueError):
    """The document uses what no activity file needs and attackers do."""


@dataclass(frozen=True, slots=True)
class Fault:
    """Where a document is not well-formed (byte of its UTF-8) and why."""

    at: int
    why: str

    @property
    def is_end(self) -> bool:
        """True where it only ends too early."""
        return self.why in _AT_END

    @property
    def is_repairable(self) -> bool:
        """True for a sign that cannot stand there, and could be another."""
        return self.why in _REPAIRABLE


class Guard:
    """An expat parser that refuses hostile documents and hands elements to the methods of a reader.

    Prefixes are cut off and need not be declared. ``starts`` and ``ends`` are what is done at the start (with the
    attributes) and at the end (with the text that stood in it last) of elements of a name.
    """

    point: str = ""
    """Element that reading can go on with behind a spot that is not well-formed."""
    frame: tuple[str, ...] = ()
    """Elements that a point stands in."""

    def __init__(self) -> None:
        self.starts: dict[str, Action] = {}
        self.ends: dict[str, Action] = {}
        self.path: list[str] = []
        """Names of the open elements, with their prefixes."""
        self.resumed = False
        """True while the elements around a point are opened anew behind a fault; the next point ends it."""
        self._texts: list[str] = []
        self._starts = _Local(self.starts)
        self._ends = _Local(self.ends)

    def broken(self) -> None:
        """Something is not well-formed here; what stood open is closed by nothing."""

    def feed(self, data: bytes) -> Fault | None:
        """Parse a whole document of UTF-8; None, or where it is not well-formed. What stood before was handed on.

        Raises:
            HostileXMLError: a document type, an entity, too deep, too much text.
        """
        return self._parse(self._parser(), data, 0)

    def resume(self, data: bytes, fault: Fault) -> Fault | None:
        """Go on behind a fault with the next point; the same fault if there is none, else as ``feed``."""
        at = data.find(f"<{self.point}".encode(), fault.at + 1)
        if at < 0:
            return fault
        self.path.clear()
        self._texts.clear()
        self.resumed = True
        frame = "".join(f"<{name}>" for name in self.frame).encode()
        return self._parse(self._parser(), frame + data[at:], at - len(frame))

    def _parser(self) -> expat.XMLParserType:
        parser = expat.ParserCreate("UTF-8")
        parser.buffer_text = True
        parser.buffer_size = TEXT_MAX
        parser.StartDoctypeDeclHandler = parser.EntityDeclHandler = _refuse
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._texts.append
        return parser

    def _parse(self, parser: expat.XMLParserType, data: bytes, shift: int) -> Fault | None:
        try:
            parser.Parse(data, True)
        except expat.ExpatError as error:
            self.broken()
            return Fault(parser.ErrorByteIndex + shift, expat.ErrorString(error.code))
        return None

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        path = self.path
        path.append(name)
        if len(path) > DEPTH_MAX:
            raise HostileXMLError(f"elements more than {DEPTH_MAX} deep")
        if self._texts:
            self._text()
        action = self._starts[name]
        if action is not None:
            action(attributes)

    def _end(self, name: str) -> None:
        self.path.pop()
        action = self._ends[name]
        if action is not None:
            action(self._text() if self._texts else "")
        elif self._texts:
            self._text()

    def _text(self) -> str:
        texts = self._texts
        text = texts.pop()
        if texts or len(text) > TEXT_MAX:  # expat gives text in one piece while it fits into its buffer
            raise HostileXMLError(f"more than {TEXT_MAX:,} bytes of text in an element")
        return text.strip()


class _Local(dict[str, "Action | None"]):
    """Name with its prefix -> what is done; looked up once for each name."""

    def __init__(self, actions: Mapping[str, Action]) -> None:
        super().__init__()
        self._actions = actions

    def __missing__(self, name: str) -> Action | None:
        action = self._actions.get(name.rpartition(":")[2])
        self[name] = action
        return action


def _refuse(*_: object) -> None:
    raise HostileXMLError("a document type or entity declaration is not read")


Reader = TypeVar("Reader", bound=Guard)


def read_document(text: Text, new_reader: Callable[[], Reader]) -> tuple[Reader, list[Problem]]:
    """All that can be read of a document, and what is wrong with it.

    A sign that cannot stand where it stands (a lone ampersand, a control character) is read as text; behind another
    spot that is not well-formed, reading goes on with the next point.

    Raises:
        HostileXMLError: as ``Guard.feed``.
    """
    data, reader = text.utf8, new_reader()
    said = [Problem(source="", code="wrong_encoding", detail=text.wrong)] if text.wrong else []
    fault = first = reader.feed(data)
    if first is None or fault is None:
        return reader, said
    if fault.is_repairable:
        mended = _STRAY.sub(b"&amp;", data).translate(bytes.maketrans(_CONTROLS, b" " * len(_CONTROLS)))
        if mended != data:
            data, reader = mended, new_reader()
            fault = reader.feed(data)
    for _ in range(RESUMED_MAX):
        if fault is None or fault.is_end:
            break
        behind = reader.resume(data, fault)
        if behind is fault:
            break
        fault = behind
    return reader, [*said, _said(text, first, gone_on=fault is not first)]


def _said(text: Text, fault: Fault, *, gone_on: bool) -> Problem:
    place = f"byte {text.place(fault.at):,}"
    if fault.is_end:
        return Problem(
            source="", code="truncated", detail=f"the file ends too early, at {place}: what stands before it is kept"
        )
    kept = (
        "what stands before it, and what could be read behind it, is kept"
        if gone_on
        else "what stands before it is kept"
    )
    return Problem(source="", code="malformed_xml", detail=f"not well-formed at {place} ({fault.why}): {kept}")


def printable(name: str | None) -> str | None:
    """A name of a device or program, short and without signs that steer a terminal; None for an empty one."""
    return "".join(c for c in name or "" if c.isprintable()).strip()[:_NAME_MAX] or None
