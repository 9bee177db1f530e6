"""A fast lane for points that are all written alike: split at the tags, whole columns at once.

The lane knows no format. It lifts the points out of a document, has one point of each shape read by the careful reader,
which tells what text feeds which column, and takes that text from all points of the shape. The rest of the document
goes to the careful reader with a mark where the points stood. Whatever is not exactly as expected is left to the
careful reader altogether, so that both read the same from any bytes.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from itertools import repeat
from typing import Final, TypeVar

import numpy as np

from importers.markup.guard import (
    CHUNK,
    DEPTH_MAX,
    TAGS_EACH,
    TEXT_MAX,
    Guard,
    read_carefully,
    refuse_endless,
    wrong_encoding,
)
from importers.markup.points import POINTS_MAX, TIME, Index
from importers.markup.text import Text
from importers.problems import Problem

HEAD: Final = 16 * 1024
"""The first point stands in so many bytes, or it has no prefix."""
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

SECTION: Final = 256 * 1024
"""Bytes of points looked at in one go: small enough that memory is used again, large enough that it pays."""

SPOTS: Final = 8
"""Points looked at first, spread over a section."""
Shape = dict[str, list[list[str]]]
"""Column -> texts of points of one shape; several where several elements feed it."""
Span = tuple[int, int]
Reader = TypeVar("Reader", bound=Guard)
_Kind = TypeVar("_Kind")


class UnusualError(ValueError):
    """Something is not of the common shape."""


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
    refuse_endless(data)
    reader = new_reader()
    prefix = re.search(f"<([A-Za-z_][\\w.-]*:)?{reader.point}[\\s>]".encode(), data[:HEAD])
    before = (prefix[1] or b"").decode() if prefix else ""
    lane = _Lane(before + reader.point, new_reader)
    spans = _spans(data, lane, f"</{before}{reader.frame[-1]}>".encode())
    total = 0
    for section in _sections(data, spans, lane):
        count, shapes = lane.shapes(section)
        for at, shape in shapes:
            for name, several in shape.items():
                for texts in several:
                    reader.points.take(name, at + total, texts)
        total += count
        if total > POINTS_MAX:
            raise UnusualError
    counts = [data.count(lane.end, *span) for span in spans[1:]]
    reader.mark = MARK
    fault = reader.feed(_rest(data, spans, [total - sum(counts), *counts]))
    if fault or not reader.marked == reader.points.count == total >= LEAST:  # else some stand in a comment, or the like
        raise UnusualError
    if reader.mark_depth + lane.tags_max > DEPTH_MAX:
        raise UnusualError
    return reader


def _spans(data: bytes, lane: _Lane, stretch_end: bytes) -> list[Span]:
    """The points of each stretch, from the first start to the last end in it."""
    spans: list[Span] = []
    done = 0
    while (first := data.find(lane.start, done)) >= 0:
        close = data.find(stretch_end, first)
        last = data.rfind(lane.end, first, close)
        if close < 0 or last < 0 or len(spans) >= RUNS_MAX:
            raise UnusualError
        done = last + len(lane.end)
        spans.append((first, done))
    if not spans:
        raise UnusualError
    return spans


def _rest(data: bytes, spans: list[Span], counts: list[int]) -> bytes:
    """What is left of a document, with a mark for the points of each stretch."""
    ends = [0, *(end for _, end in spans)]
    starts = [*(start for start, _ in spans), len(data)]
    rest = [data[end:start] for end, start in zip(ends, starts, strict=True)]
    if any(MARK.encode() in part for part in rest):
        raise UnusualError
    marks = [f'<{MARK} n="{count}"/>'.encode() for count in counts]
    return b"".join(part for pair in zip(rest, [*marks, b""], strict=True) for part in pair)


def _sections(data: bytes, spans: list[Span], lane: _Lane) -> Iterator[bytes]:
    """The points of all stretches, each followed by the same gap, in pieces of a good size."""
    first = data.find(lane.end) + len(lane.end)
    gap = data[first : data.find(b"<", first)] if first < spans[0][1] else b""
    if gap.strip():
        raise UnusualError
    waiting: list[bytes] = []
    room = SECTION
    for start, end in spans:
        while end - start > room and (cut := data.find(lane.start, start + room, end)) >= 0:
            yield _usual(b"".join([*waiting, data[start:cut]]))
            waiting, room, start = [], SECTION, cut
        waiting += [_usual(data[start:end]), gap]
        room = max(room - (end - start), 1)
    yield b"".join(waiting)


def _usual(points: bytes) -> bytes:
    """The points, if none of them is of a size that no point has."""
    if len(points) > SECTION + CHUNK:
        raise UnusualError
    return points


class _Lane:
    """How the points of one document are written."""

    def __init__(self, point: str, new_reader: Callable[[], Guard]) -> None:
        self.start, self.end = f"<{point}".encode(), f"</{point}>".encode()
        self.tags_max = 0
        """Most tags of a point; it is no more elements deep."""
        self._new_reader = new_reader
        empty = new_reader()
        self._before = "".join(f"<{name}>" for name in empty.frame).encode()
        self._after = "".join(f"</{name}>" for name in reversed(empty.frame)).encode()
        empty.feed(b"%s%s/>%s" % (self._before, self.start, self._after))
        self._words = empty.words()
        """What is read beside a point that is alone in its frame."""
        self._meanings: dict[bytes, dict[str, list[int]]] = {}

    def shapes(self, section: bytes) -> tuple[int, list[tuple[Index, Shape]]]:
        """Number of points, and those of each shape as read.

        Points of as many tags are taken for one shape; if they are not, what is left of them without figures tells.
        """
        spots = (section.find(self.start, k * len(section) // SPOTS) for k in range(SPOTS))
        samples = [section[at : section.find(self.end, at)] for at in spots if at >= 0]
        if len({sample.count(b"<") for sample in samples}) == 1:
            try:
                count, shape = self._of_one_shape(section)
            except UnusualError:
                pass
            else:
                return count, [(np.arange(count), shape)]
        points = section.split(self.start)[1:]
        return len(points), list(self._several(points))

    def _several(self, points: list[bytes]) -> Iterator[tuple[Index, Shape]]:
        tags = list(map(bytes.count, points, repeat(b"<")))
        for number in _few(set(tags)):
            at = np.flatnonzero(np.array(tags) == number)
            own = [points[k] for k in at.tolist()]
            try:
                yield at, self._of_one_shape(self.start + self.start.join(own))[1]
            except UnusualError:
                bare = [point.translate(None, _FIGURES) for point in own]
                for shape in _few(set(bare)):
                    within = [k for k, other in enumerate(bare) if other == shape]
                    alike = self.start + self.start.join([own[k] for k in within])
                    yield at[within], self._of_one_shape(alike)[1]

    def _of_one_shape(self, region: bytes) -> tuple[int, Shape]:
        """Number, and texts by column, of points that are all written like the first one."""
        second = region.find(self.start, len(self.start))
        if region.count(b"<", 0, second if second > 0 else len(region)) > TAGS_EACH:
            raise UnusualError
        template = region[: second if second > 0 else None].split(b"<")[1:]
        pieces = region.split(b"<")
        each = len(template)
        count, rest = divmod(len(pieces) - 1, each)
        if rest or any(piece[:1] in (b"!", b"?") for piece in template):
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
        self.tags_max = max(self.tags_max, each)
        meaning = self._meaning(b"<" + b"<".join(marked))
        return count, {name: [texts[k] for k in numbers] for name, numbers in meaning.items()}

    def _meaning(self, point: bytes) -> dict[str, list[int]]:
        """Column -> numbers of the texts that feed it, as the careful reader takes the point."""
        if point in self._meanings:
            return self._meanings[point]
        read = self._new_reader()
        fault = read.feed(b"".join([self._before, point, self._after]))
        if fault or read.points.count != 1 or read.words() != self._words:
            raise UnusualError
        found = {name: read.points.lists(name)[0] for name in (TIME, *read.points.names)}
        self._meanings[point] = {name: [int(t) for t in texts if t.strip()] for name, texts in found.items()}
        return self._meanings[point]


def _few(kinds: set[_Kind]) -> set[_Kind]:
    if len(kinds) > SHAPES_MAX:
        raise UnusualError
    return kinds


def _texts(column: list[bytes], tag: bytes) -> list[str]:
    """What stands in an element, of each point."""
    joined = b"<".join(column)[len(tag) + 1 :]
    parts = joined.decode("ascii").split(f"<{tag.decode('ascii')}>")
    if len(parts) != len(column) or joined.count(b">") != len(column) - 1 or joined.translate(None, _TEXT + b"<>"):
        raise UnusualError
    return _short(joined, parts)


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
        joined = "".join(values).encode()
        if joined.translate(None, _ATTRIBUTE):
            raise UnusualError
        shape[k] = str(len(texts))
        texts.append(_short(joined, values))
    return '"'.join(shape).encode()


def _short(joined: bytes, parts: list[str]) -> list[str]:
    """The parts, if none of them is too long."""
    if len(joined) > TEXT_MAX and len(max(parts, key=len)) > TEXT_MAX:
        raise UnusualError
    return parts
