"""What some bytes are, decided by content and never by name."""

from __future__ import annotations

import re
from enum import StrEnum
from typing import Final

from importers.markup.text import read_text

HEAD_BYTES: Final = 64 * 1024
"""Bytes looked at to tell what a file is: enough to pass a long comment before the first element."""


class Kind(StrEnum):
    """What a file is."""

    FIT = "fit"
    GPX = "gpx"
    TCX = "tcx"
    ZIP = "zip"
    GZIP = "gzip"
    EMPTY = "empty file"
    PICTURE = "picture"
    MEDIA = "media"
    DOCUMENT = "document"
    TABLE = "table or text"
    XML = "other XML"
    UNKNOWN = "unknown content"
    BROKEN = "unreadable"


ACTIVITIES: Final = (Kind.FIT, Kind.GPX, Kind.TCX)
CODES: Final[dict[Kind, str]] = {
    Kind.EMPTY: "empty_file",
    Kind.PICTURE: "picture",
    Kind.MEDIA: "media",
    Kind.DOCUMENT: "document",
    Kind.TABLE: "table",
    Kind.XML: "other_xml",
    Kind.UNKNOWN: "unknown_content",
}
"""Reason code of a kind that is no activity."""
ADVICE: Final[dict[Kind, str]] = {
    Kind.XML: "neither GPX nor TCX nor points of either; export the activity as FIT, GPX or TCX and import that",
}
"""What to do about a kind that is named as an activity."""

_MAGIC: Final[tuple[tuple[int, bytes, Kind], ...]] = (
    (0, b"PK\x03\x04", Kind.ZIP),
    (0, b"PK\x05\x06", Kind.ZIP),
    (0, b"\x1f\x8b", Kind.GZIP),
    (0, b"\xff\xd8\xff", Kind.PICTURE),
    (0, b"\x89PNG", Kind.PICTURE),
    (0, b"GIF8", Kind.PICTURE),
    (8, b"WEBP", Kind.PICTURE),
    (0, b"II*\x00", Kind.PICTURE),
    (0, b"MM\x00*", Kind.PICTURE),
    (4, b"ftyphei", Kind.PICTURE),
    (4, b"ftypavif", Kind.PICTURE),
    (4, b"ftyp", Kind.MEDIA),
    (0, b"RIFF", Kind.MEDIA),
    (0, b"ID3", Kind.MEDIA),
    (0, b"OggS", Kind.MEDIA),
    (0, b"%PDF", Kind.DOCUMENT),
    (0, b"\xd0\xcf\x11\xe0", Kind.DOCUMENT),
)
_FIT_MARK: Final = slice(8, 12)
_FIT_HEADER_SIZE: Final = 12
_ROOT: Final = re.compile(rb"<(?:[A-Za-z_][\w.-]*:)?(gpx|TrainingCenterDatabase)(?=[\s/>]|$)")
_POINT: Final = re.compile(rb"<(?:[A-Za-z_][\w.-]*:)?(trkpt|Trackpoint)(?=[\s/>]|$)")
"""A point of an activity whose outermost element is lost."""
_WIDE: Final = (b"\xff\xfe", b"\xfe\xff")
"""How UTF-16 and the lower half of UTF-32 begin; without such a mark the first letters of XML have zero bytes."""
_FIRST_LETTERS: Final = 8
_TEXT_CONTROL: Final = re.compile(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f]")


def sniff(head: bytes) -> Kind:
    """Kind of a file from its first bytes (``HEAD_BYTES`` of them, or all there are)."""
    if not head:
        return Kind.EMPTY
    if not head.strip(b"\0"):
        return Kind.UNKNOWN
    if head[_FIT_MARK] == b".FIT" and head[0] >= _FIT_HEADER_SIZE:
        return Kind.FIT
    for offset, magic, kind in _MAGIC:
        if head[offset : offset + len(magic)] == magic:
            return kind
    return _sniff_text(head)


def _sniff_text(head: bytes) -> Kind:
    if head[:2] in _WIDE or b"\0" in head[:_FIRST_LETTERS]:
        head = read_text(head).utf8
    text = head.lstrip().removeprefix(b"\xef\xbb\xbf").lstrip()
    if not text:
        return Kind.EMPTY if not _TEXT_CONTROL.search(head) else Kind.UNKNOWN
    if text.startswith(b"<"):
        root = _ROOT.search(text)
        if root:
            return Kind.GPX if root[1] == b"gpx" else Kind.TCX
        if text[:5].lower() in (b"<html", b"<!doc"):
            return Kind.DOCUMENT
        point = _POINT.search(text)
        return Kind.XML if not point else Kind.GPX if point[1] == b"trkpt" else Kind.TCX
    return Kind.UNKNOWN if _TEXT_CONTROL.search(text) else Kind.TABLE
