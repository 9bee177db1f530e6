"""A fast lane for points that are all written alike: split at the tags, whole columns at once.

The lane knows no format. It lifts the points out of a document, has one point of each shape read by the careful reader,
which tells what text feeds which column, and takes that text from all points of the shape. The rest of the document
goes to the careful reader with a mark where the points stood. Whatever is not exactly as expected is left to the
careful reader altogether, so that both read the same from any bytes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Final, TypeVar

import numpy as np

from importers.problems import Problem
from importers.xml_points import Columns, Index
from importers.xml_text import Text
from importers.xmlguard import DEPTH_MAX, TEXT_MAX, Guard, read_carefully, wrong_encoding

LEAST: Final = 16
"""Fewer points are not worth it."""
RUNS_MAX: Final = 4096
SHAPES_MAX: Final = 32
"""More stretches or shapes than this are nothing common."""
MARK: Final = "points-read-elsewhere"
"""Element that stands for points in what is left of a document."""
_FIGURES: Final = b"0123456789.-"
"""What differs between points of one shape."""
_TEXT: Final = bytes(c for c in (*b"\t\n", *range(32, 127)) if c not in b"&<>")
"""Characters that an XML parser hands on as they are."""
_ATTRIBUTE: Final = bytes(c for c in _TEXT if c not in b"\"'\t\n")

Shape = dict[str, list[list[str]]]
"""Column -> texts of points of one shape; several where several elements feed it."""
Reader = TypeVar("Reader", bound=Guard)
_Kind = TypeVar("_Kind")


class UnusualError(ValueError):
    """Something is not of the common shape."""


@dataclass(slots=True)
class _Lifted:
    """Points without what stands around them."""

    rest: list[bytes] = field(default_factory=list)
    runs: list[bytes] = field(default_factory=list)
    """Points that follow each other."""


def read_document(text: Text, new_reader: Callable[[], Reader]) -> tuple[Reader, list[Problem]]:
    """All that can be read of a document, and what is wrong with it; fast if it is of the common shape.

    Raises:
        HostileXMLError: as ``Guard.feed``.
    """
    reader = read_fast(text.utf8, new_reader)
    return (reader, wrong_encoding(text)) if reader is not None else read_carefully(text, new_reader)


def read_fast(data: bytes, new_reader: Callable[[], Reader]) -> Reader | None:
    """The document as the careful reader would read it, or None: not of the common shape, damaged or hostile.

    Args:
        data: the document in UTF-8.
        new_reader: makes a careful reader; its ``point`` and the last of its ``frame`` are what is looked for.
    """
    try:
        return _read(data, new_reader)
    except ValueError:  # also of characters beyond ASCII in a point, and of a hostile document
        return None


def _read(data: bytes, new_reader: Callable[[], Reader]) -> Reader:
    reader = new_reader()
    end = f"</{reader.point}>".encode()
    lifted = _lift(data, f"<{reader.point}".encode(), end, f"</{reader.frame[-1]}>".encode())
    gap = _gap(lifted.runs[0], end)
    region = gap.join(lifted.runs) + gap
    counts = [region.count(end)] if len(lifted.runs) == 1 else [run.count(end) for run in lifted.runs]
    marks = [f'<{MARK} n="{count}"/>'.encode() for count in counts]
    if sum(counts) < LEAST:
        raise UnusualError
    rest = b"".join(part for pair in zip(lifted.rest, [*marks, b""], strict=True) for part in pair)
    reader.mark = MARK
    fault = reader.feed(rest)
    if fault or not reader.marked == reader.points.count == sum(counts):  # else some stand in a comment, or the like
        raise UnusualError
    reader.points.add_columns(_columns(region, reader, new_reader))
    return reader


def _lift(data: bytes, start: bytes, end: bytes, stretch_end: bytes) -> _Lifted:
    """The points of each stretch, from the first start to the last end in it."""
    lifted, done = _Lifted(), 0
    while (first := data.find(start, done)) >= 0:
        close = data.find(stretch_end, first)
        last = data.rfind(end, first, close)
        if close < 0 or last < 0 or len(lifted.runs) >= RUNS_MAX:
            raise UnusualError
        lifted.rest.append(data[done:first])
        done = last + len(end)
        lifted.runs.append(data[first:done])
    lifted.rest.append(data[done:])
    if not lifted.runs or MARK.encode() in b"".join(lifted.rest):
        raise UnusualError
    return lifted


def _gap(run: bytes, end: bytes) -> bytes:
    """What stands between two points."""
    first = run.find(end) + len(end)
    gap = run[first : run.find(b"<", first)] if first < len(run) else b""
    if gap.strip():
        raise UnusualError
    return gap


def _columns(region: bytes, reader: Guard, new_reader: Callable[[], Guard]) -> Columns:
    """Texts of all points by column: of one shape, or of each of several shapes."""
    start = f"<{reader.point}".encode()
    deepest = DEPTH_MAX - reader.mark_depth
    columns: Columns = {}
    for at, found in _shapes(region, start, lambda alike: _of_one_shape(alike, start, deepest, new_reader)):
        for name, several in found.items():
            columns.setdefault(name, []).extend((at, texts) for texts in several)
    return columns


def _shapes(region: bytes, start: bytes, read: Callable[[bytes], Shape]) -> Iterator[tuple[Index | None, Shape]]:
    """Points of each shape as read, and which they are.

    Points of as many tags are taken for one shape; if they are not, what is left of them without figures tells.
    """
    points = region.split(start)[1:]
    first = points[0].count(b"<") + 1
    if first * len(points) == region.count(b"<"):
        try:
            yield None, read(region)
        except UnusualError:
            pass
        else:
            return
    tags = np.fromiter((point.count(b"<") for point in points), np.int64, len(points))
    for number in _few(set(tags.tolist())):
        at = np.flatnonzero(tags == number)
        own = [points[k] for k in at.tolist()]
        try:
            yield at, read(start + start.join(own))
        except UnusualError:
            shapes = [point.translate(None, _FIGURES) for point in own]
            for shape in _few(set(shapes)):
                within = [k for k, other in enumerate(shapes) if other == shape]
                yield at[within], read(start + start.join([own[k] for k in within]))


def _few(kinds: set[_Kind]) -> set[_Kind]:
    if len(kinds) > SHAPES_MAX:
        raise UnusualError
    return kinds


def _of_one_shape(region: bytes, start: bytes, deepest: int, new_reader: Callable[[], Guard]) -> Shape:
    """Texts by column of points that are all written like the first one, at most ``deepest`` elements deep."""
    second = region.find(start, len(start))
    template = region[:second].split(b"<")[1:] if second > 0 else region.split(b"<")[1:]
    pieces = region.split(b"<")
    each = len(template)
    count, rest = divmod(len(pieces) - 1, each)
    if rest or each > deepest or any(piece[:1] in b"!?" for piece in template):
        raise UnusualError
    texts: list[list[str]] = []
    marked = []
    for k, piece in enumerate(template):
        column = pieces[1 + k :: each]
        tag, _, text = piece.partition(b">")
        if k == 0 and tag.count(b'"'):
            marked.append(_attributes(column, piece, texts))
        elif text.strip():
            marked.append(b"%s>%d" % (tag, len(texts)))
            texts.append(_texts(column, tag))
        elif column.count(piece) == count:
            marked.append(piece)
        else:
            raise UnusualError
    meaning = _meaning(b"<" + b"<".join(marked), new_reader)
    return {name: [texts[k] for k in numbers] for name, numbers in meaning.items()}


def _texts(column: list[bytes], tag: bytes) -> list[str]:
    """What stands in an element, of each point."""
    joined = b"<".join(column)[len(tag) + 1 :]
    parts = joined.decode("ascii").split(f"<{tag.decode('ascii')}>")
    if not column[0].startswith(tag + b">") or len(parts) != len(column):
        raise UnusualError
    _plain("".join(parts).encode(), _TEXT, parts)
    return parts


def _attributes(column: list[bytes], piece: bytes, texts: list[list[str]]) -> bytes:
    """Take the attributes of the points; the tag of the first one with the number of a column in each."""
    shape = piece.decode("ascii").split('"')
    each = len(shape) - 1
    parts = ("<" + b"<".join(column).decode("ascii")).split('"')
    between = ["<" + shape[0], *shape[2:-1:2], shape[-1] + "<" + shape[0]]
    if each % 2 or len(parts) != each * len(column) + 1 or parts[0] != between[0] or parts[-1] != shape[-1]:
        raise UnusualError
    for k in range(2, each, 2):
        if parts[k::each].count(between[k // 2]) != len(column):
            raise UnusualError
    if parts[each:-1:each].count(between[-1]) != len(column) - 1:
        raise UnusualError
    for k in range(1, each, 2):
        values = parts[k::each]
        _plain("".join(values).encode(), _ATTRIBUTE, values)
        shape[k] = str(len(texts))
        texts.append(values)
    return '"'.join(shape).encode()


def _plain(joined: bytes, allowed: bytes, parts: list[str]) -> None:
    if joined.translate(None, allowed) or (len(joined) > TEXT_MAX and len(max(parts, key=len)) > TEXT_MAX):
        raise UnusualError


def _meaning(point: bytes, new_reader: Callable[[], Guard]) -> dict[str, list[int]]:
    """Column -> numbers of the texts that feed it, as the careful reader takes the point."""
    read, empty = new_reader(), new_reader()
    before = "".join(f"<{name}>" for name in read.frame).encode()
    after = "".join(f"</{name}>" for name in reversed(read.frame)).encode()
    fault = read.feed(before + point + after)
    empty.feed(before + f"<{read.point}/>".encode() + after)
    if fault or read.points.count != 1 or read.words() != empty.words():
        raise UnusualError
    found = {name: read.points.texts(name)[0] for name in read.points.names}
    return {name: [int(text) for text in texts if text.strip()] for name, texts in found.items()}
