"""XML from anybody: refused before it can do harm. No document type, no entities, bounded depth and text."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, ClassVar, Final, TypeVar
from xml.parsers import expat

from importers.markup.points import POINTS_MAX, Points
from importers.markup.text import Text
from importers.problems import Problem

DEPTH_MAX: Final = 64
"""Elements within elements; activities need about ten."""
TEXT_MAX: Final = 64 * 1024
"""Bytes of text in one element."""
NAMES_MAX: Final = 5_000
"""Names of elements and attributes in one document; each stays in memory. Activities need about fifty."""
CHUNK: Final = 1 << 20
"""Bytes handed to expat in one go, and between two tags at most: a comment, a tag or a text is never so long."""
TAGS_FREE: Final = 1_000_000
"""Tags of a document beside its points; a planned route of 4,000 km has fewer."""
TAGS_EACH: Final = 64
"""Tags that a point has at most."""
STRAYS_MAX: Final = 100_000
"""Ampersands in a document that is mended; the mending takes memory for each."""
RESUMED_MAX: Final = 20
"""A document that is broken in more places is kept up to the last of them."""
_REPAIRABLE: Final = ("not well-formed (invalid token)", "undefined entity", "reference to invalid character number")
_AT_END: Final = ("no element found", "unclosed token", "partial character", "unclosed CDATA section")
_SECOND_ROOT: Final = "junk after document element"
"""What stands there is whole, but nothing stands around it."""
_STRAY: Final = re.compile(rb"&(?!(?:amp|lt|gt|quot|apos|#[0-9]{1,7}|#x[0-9A-Fa-f]{1,6});)|&(?=#0*(?:[0-8]|x[0-8]);)")
"""An ampersand that begins nothing XML knows."""
_CONTROLS: Final = bytes(c for c in range(32) if c not in b"\t\n\r")

SALVAGED: Final = ("truncated", "malformed_xml", "too_many_points")
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

    Prefixes are cut off and need not be declared.
    """

    point: str = ""
    """Element of a point."""
    frame: tuple[str, ...] = ()
    """Elements that a point stands in, the outermost first."""
    starts: ClassVar[dict[str, str]] = {}
    """Element -> name of the method that takes its attributes at its start."""
    ends: ClassVar[dict[str, str]] = {}
    """Element -> name of the method that takes its text at its end."""

    def __init__(self) -> None:
        self.points = Points()
        self.path: list[str] = []
        """Names of the open elements, with their prefixes."""
        self._reopened = 0
        """Elements that are opened anew behind a fault, until the first of the document itself."""
        self.mark: str | None = None
        """Element that stands for ``n`` points which are read elsewhere."""
        self.marked = 0
        """Points that are read elsewhere."""
        self.mark_depth = 0
        """Most elements open around points that are read elsewhere."""
        self._tags = 0
        """Tags that were parsed, counted in documents long enough to have too many."""

    def at_start(self, name: str) -> Action | None:
        """What is done with the attributes at the start of elements of a name, None for nothing."""
        method = self.starts.get(name)
        return getattr(self, method) if method else None

    def at_end(self, name: str) -> Action | None:
        """What is done with the text (that stood in it last, blanks and all) at the end of elements of a name."""
        method = self.ends.get(name)
        return getattr(self, method) if method else None

    def reopens(self) -> bool:
        """True where an element is only opened anew behind a fault, to go on with what stood in it."""
        if len(self.path) > self._reopened:
            self._reopened = 0
        return self._reopened > 0

    def broken(self) -> None:
        """Something is not well-formed here; what stood open is closed by nothing."""

    def takes_points(self) -> bool:
        """True where a point would be one of an activity."""
        return True

    def too_many(self) -> list[Problem]:
        """The problem that points were left out because there were too many, none where there were not."""
        if not self.points.surplus:
            return []
        detail = f"{self.points.surplus:,} points after the first {POINTS_MAX:,} are left out"
        return [Problem(source="", code="too_many_points", detail=detail)]

    def words(self) -> object:
        """All that was read beside the points, to be compared."""
        return None

    def _elsewhere(self, attributes: dict[str, str]) -> None:
        self.mark_depth = max(self.mark_depth, len(self.path))
        if self.takes_points():
            self.marked += int(attributes["n"])
            self.points.count += int(attributes["n"])

    def feed(self, data: bytes) -> Fault | None:
        """Parse a whole document of UTF-8; None, or where it is not well-formed. What stood before was handed on.

        Raises:
            HostileXMLError: a document type, an entity, too deep, too much text, too many tags.
        """
        refuse_endless(data)
        return self._parse(data, 0)

    def resume(self, data: bytes, fault: Fault) -> Fault | None:
        """Go on behind a fault with the next point, or what points stand in; the same fault if there is none."""
        chain = (*self.frame, self.point)
        names = "|".join(chain[1:])
        behind = fault.at + (fault.why != _SECOND_ROOT)
        found = re.compile(rf"<(?:[\w.-]+:)?({names})(?=[\s/>])".encode()).search(data, behind)
        if not found:
            return fault
        frame = chain[: chain.index(found[1].decode())]
        self.path.clear()
        self._reopened = len(frame)
        head = "".join(f"<{name}>" for name in frame).encode()
        return self._parse(head + data[found.start() :], found.start() - len(head))

    def _parser(self, data: bytes) -> expat.XMLParserType:
        parser = expat.ParserCreate("UTF-8")
        parser.buffer_text = True
        parser.buffer_size = TEXT_MAX
        parser.StartDoctypeDeclHandler = parser.EntityDeclHandler = _refuse
        texts: list[str] = []
        parser.StartElementHandler = self._start_handler(texts)
        parser.EndElementHandler = self._end_handler(texts)
        parser.CharacterDataHandler = texts.append if _short_texts(data) else _watched(texts.append)
        return parser

    def _start_handler(self, texts: list[str]) -> Callable[[str, dict[str, str]], None]:
        """Called for each element, so it holds what it needs in its own names."""
        path, actions, push, clear = (
            self.path,
            _Local(lambda name: self._elsewhere if name == self.mark else self.at_start(name)),
            self.path.append,
            texts.clear,
        )

        def start(name: str, attributes: dict[str, str]) -> None:
            push(name)
            if len(path) > DEPTH_MAX:
                raise HostileXMLError(f"elements more than {DEPTH_MAX} deep")
            if len(texts) > 1:
                _joined(texts)
            clear()
            action = actions[name]
            if action is not None:
                action(attributes)

        return start

    def _end_handler(self, texts: list[str]) -> Callable[[str], None]:
        pop, actions, clear = self.path.pop, _Local(self.at_end), texts.clear

        def end(name: str) -> None:
            pop()
            text = _joined(texts) if len(texts) > 1 else texts[0] if texts else ""
            clear()
            action = actions[name]
            if action is not None:
                action(text)

        return end

    def _parse(self, data: bytes, shift: int) -> Fault | None:
        parser = self._parser(data)
        try:
            for at in range(0, len(data), CHUNK):
                chunk = data[at : at + CHUNK]
                parser.Parse(chunk, False)
                if len(parser.intern) > NAMES_MAX:
                    raise HostileXMLError(f"more than {NAMES_MAX:,} names of elements")
                self.points.settle()
                if len(data) > TAGS_FREE:
                    self._count_tags(chunk)
            parser.Parse(b"", True)
        except expat.ExpatError as error:
            self.broken()
            return Fault(max(parser.ErrorByteIndex, 0) + shift, expat.ErrorString(error.code))
        return None

    def _count_tags(self, chunk: bytes) -> None:
        self._tags += chunk.count(b"<")
        if self._tags > TAGS_FREE + TAGS_EACH * (self.points.count + self.points.surplus):
            raise HostileXMLError(f"more than {TAGS_FREE:,} tags beside its points")


class _Local(dict[str, "Action | None"]):
    """Name with its prefix -> what is done; looked up once for each name."""

    def __init__(self, action_of: Callable[[str], Action | None]) -> None:
        super().__init__()
        self._action_of = action_of

    def __missing__(self, name: str) -> Action | None:
        action = self._action_of(name.rpartition(":")[2])
        self[name] = action
        return action


def _refuse(*_: object) -> None:
    raise HostileXMLError("a document type or entity declaration is not read")


def _refuse_text() -> None:
    raise HostileXMLError(f"more than {TEXT_MAX:,} bytes of text in an element")


def _joined(texts: list[str]) -> str:
    """Text in several pieces: at the end of a chunk, or because it is too long."""
    if sum(map(len, texts)) > TEXT_MAX:
        _refuse_text()
    return "".join(texts)


def refuse_endless(data: bytes) -> None:
    """Refuse a document with a tag, a comment or a text without end, before anything copies it.

    Raises:
        HostileXMLError: twice ``CHUNK`` without a tag, in places even once.
    """
    if not _has_tags_each(data, CHUNK):
        raise HostileXMLError(f"more than {CHUNK:,} bytes without a tag")


def _short_texts(data: bytes) -> bool:
    """True if no text between two tags can be too long, so that none need be looked at."""
    return _has_tags_each(data, TEXT_MAX // 2)


def _has_tags_each(data: bytes, size: int) -> bool:
    """True if a tag begins in each whole block of so many bytes."""
    return all(data.find(b"<", at, at + size) >= 0 for at in range(0, len(data) - size + 1, size))


def _watched(take: Callable[[str], None]) -> Callable[[str], None]:
    def watch(text: str) -> None:
        if len(text) > TEXT_MAX:
            _refuse_text()
        take(text)

    return watch


Reader = TypeVar("Reader", bound=Guard)


def read_carefully(text: Text, new_reader: Callable[[], Reader]) -> tuple[Reader, list[Problem]]:
    """All that can be read of a document, and what is wrong with it.

    A sign that cannot stand where it stands (a lone ampersand, a control character) is read as text; behind another
    spot that is not well-formed, reading goes on with the next point.

    Raises:
        HostileXMLError: as ``Guard.feed``.
    """
    data, reader = text.utf8, new_reader()
    said = wrong_encoding(text)
    fault = first = reader.feed(data)
    if first is None or fault is None:
        return reader, [*said, *reader.too_many()]
    if fault.is_repairable and data.count(b"&") <= STRAYS_MAX:
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
    return reader, [*said, *reader.too_many(), _said(text, first, gone_on=fault is not first)]


def wrong_encoding(text: Text) -> list[Problem]:
    """The problem that a document is not written as it says, none where it is."""
    return [Problem(source="", code="wrong_encoding", detail=text.wrong)] if text.wrong else []


def _said(text: Text, fault: Fault, *, gone_on: bool) -> Problem:
    place = f"byte {text.place(fault.at):,}"
    if fault.is_end:
        detail = f"the file ends too early, at {place}: what stands before it is kept"
        return Problem(source="", code="truncated", detail=detail)
    why = fault.why.removeprefix("not well-formed ").strip("()")
    kept = "what stands before it, and what could be read behind it, is" if gone_on else "what stands before it is"
    return Problem(source="", code="malformed_xml", detail=f"not well-formed at {place} ({why}): {kept} kept")


def rootless(text: Text, reader: Guard, said: list[Problem]) -> list[Problem]:
    """The problem that points stand in no document of their format, where that is all that is wrong."""
    if not reader.points.count or any(problem.code in SALVAGED for problem in said):
        return []
    root = reader.frame[0]
    if re.search(rf"<(?:[\w.-]+:)?{root}[\s/>]".encode(), text.utf8):
        return []
    return [
        Problem(source="", code="malformed_xml", detail=f"its outermost element, {root}, is lost: the rest is kept")
    ]


def printable(name: str | None) -> str | None:
    """A name of a device or program, short and without signs that steer a terminal; None for an empty one."""
    return "".join(c for c in name or "" if c.isprintable()).strip()[:_NAME_MAX] or None
