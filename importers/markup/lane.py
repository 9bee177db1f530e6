"""A fast lane for points that are written alike: whole columns at once, by arithmetic on the places of the tags.

The lane knows no format. It lifts the points out of a document, has one point of each shape read by the careful reader,
which tells what text feeds which column, and takes that text from all points of the shape: those with the same bytes
in the same places between their texts. The rest of the document goes to the careful reader with a mark where the
points stood. Whatever is not exactly as expected is left to the careful reader altogether, so that both read the same
from any bytes.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import lru_cache
from itertools import pairwise
from typing import Any, Final, TypeVar

import numpy as np

from importers.markup.cells import WIDTH, Cells, Index
from importers.markup.guard import (
    CHUNK,
    DEPTH_MAX,
    TAGS_EACH,
    TEXT_MAX,
    Guard,
    read_carefully,
    refuse_endless,
    rootless,
    wrong_encoding,
)
from importers.markup.points import POINTS_MAX, TIME
from importers.markup.text import Text
from importers.problems import Problem

HEAD: Final = 16 * 1024
"""The first point stands in so many bytes, or it has no prefix."""
LEAST: Final = 16
"""Fewer points are not worth it."""
RUNS_MAX: Final = 4096
SHAPES_MAX: Final = 32
"""More stretches or shapes than this are nothing common."""
POINT_MAX: Final = 16 * 1024
"""Bytes of the first point of a shape."""
MARK: Final = "points-read-elsewhere"
"""Element that stands for points in what is left of a document."""
SECTION: Final = 512 * 1024
"""Bytes of points looked at in one go: small enough that memory is used again, large enough that it pays."""
_BEFORE: Final = b" " * WIDTH
_BEHIND: Final = b"<>".ljust(WIDTH)
"""What stands around the points of a section, so that what is near them can be taken, too; a tag ends the last one."""
_BLANK: Final = 32
"""Signs below are control characters, or blanks."""
_BLANKS: Final = b"\n\t\r"
_WORD: Final = 8
"""Bytes of the start of a point that are looked for."""

Span = tuple[int, int]
Shape = dict[str, list[Cells]]
"""Column -> texts of points of one shape; several where several elements feed it."""
Value = tuple[int, int]
"""A text in a point: which of its pieces ends with it, and how many bytes of that stand before it."""
Reader = TypeVar("Reader", bound=Guard)


class UnusualError(ValueError):
    """Something is not of the common shape."""


def read_document(text: Text, new_reader: Callable[[], Reader]) -> tuple[Reader, list[Problem]]:
    """All that can be read of a document, and what is wrong with it; fast if it is of the common shape.

    Raises:
        HostileXMLError: as ``Guard.feed``.
    """
    fast = read_fast(text.utf8, new_reader)
    reader, problems = (fast, wrong_encoding(text)) if fast is not None else read_carefully(text, new_reader)
    return reader, [*problems, *rootless(text, reader, problems)]


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
        starts, marks = lane.marks(section)
        for at, shape in lane.shapes(section, starts, marks):
            for name, several in shape.items():
                for cells in several:
                    reader.points.take(name, at + total, cells)
        total += len(starts)
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
    waiting: list[bytes | memoryview] = []
    view = memoryview(data)
    room = SECTION
    for start, end in spans:
        while end - start > room and (cut := data.find(lane.start, start + room, end)) >= 0:
            yield b"".join([_BEFORE, *waiting, _usual(view[start:cut]), _BEHIND])
            waiting, room, start = [], SECTION, cut
        waiting += [_usual(view[start:end]), gap]
        room = max(room - (end - start), 1)
    yield b"".join([_BEFORE, *waiting, _BEHIND])


def _usual(points: memoryview) -> memoryview:
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
        known = self.start[:_WORD]
        self._start_word = np.uint64(int.from_bytes(known, "little"))
        self._start_bits = np.uint64((1 << 8 * len(known)) - 1)

    def marks(self, section: bytes) -> tuple[Index, Index]:
        """Where the points begin among the marks, and the marks: places of ``<`` and ``"``, and of the end."""
        signs = np.frombuffer(section, dtype=np.uint8)
        tags = signs == ord("<")
        _ensure_plain(section, signs, int(np.count_nonzero(tags)))
        marks = np.flatnonzero(tags | (signs == ord('"')))
        near = np.flatnonzero(signs[marks + 1] == self.start[1])
        words = _windows(section, "<u8", _WORD)[marks[near]] & self._start_bits
        return near[words == self._start_word], marks

    def shapes(self, section: bytes, starts: Index, marks: Index) -> Iterator[tuple[Index, Shape]]:
        """Points of each shape, and their texts: of those with as many marks, the ones like the first, and so on."""
        sizes = np.diff(starts, append=len(marks) - 1)
        found = 0
        for size in np.flatnonzero(np.bincount(sizes)).tolist():
            left = np.flatnonzero(sizes == size)
            while len(left):
                found += 1
                if found > SHAPES_MAX:
                    raise UnusualError
                alike, shape = self._like_first(section, marks, starts[left], size)
                yield left[alike], shape
                left = left[~alike]

    def _like_first(self, section: bytes, marks: Index, first: Index, size: int) -> tuple[Any, Shape]:
        """Which points are written like the first one, and their texts.

        Args:
            section: bytes of points.
            marks: places of all marks.
            first: numbers of the marks that points of as many marks begin with.
            size: how many marks they have.
        """
        edges = marks[first[0] : first[0] + size + 1].tolist()
        if edges[-1] - edges[0] > POINT_MAX:
            raise UnusualError
        pieces = [section[a:z] for a, z in pairwise(edges)]
        values = _values(pieces)
        begins = marks[first + np.array([[0], *([k + 1] for k, _ in values)])]
        ends = marks[first + np.array([*([k] for k, _ in values), [size]])]
        ends[:-1] += np.array([lead for _, lead in values], dtype=np.int64)[:, None]
        alike = _alike(section, begins, ends)
        if not alike.all():
            begins, ends = begins[:, alike], ends[:, alike]
        self.tags_max = max(self.tags_max, sum(piece[:1] == b"<" for piece in pieces))
        if self.tags_max > TAGS_EACH:
            raise UnusualError
        for number, (k, lead) in enumerate(values):
            pieces[k] = b"%s%d" % (pieces[k][:lead], number)
        meaning = _meaning(self._new_reader, b"".join(pieces))
        used = sorted({k for numbers in meaning.values() for k in numbers})
        cells = dict(zip(used, _cells(section, ends[:-1], begins[1:], used), strict=True))
        return alike, {name: [cells[k] for k in numbers] for name, numbers in meaning.items()}


def _windows(section: bytes, kind: str, size: int) -> Any:
    """What begins at each byte of a section, as values of a kind that takes so many bytes."""
    return np.ndarray((len(section) - size + 1,), dtype=kind, buffer=section, strides=(1,))


def _ensure_plain(section: bytes, signs: Any, tags: int) -> None:
    """Leave to others what a parser would not hand on as it is: entities, wide and control characters, a lone ``>``."""
    if b"&" in section or not section.isascii() or np.count_nonzero(signs == ord(">")) != tags:
        raise UnusualError
    low = np.count_nonzero(signs < _BLANK)
    for blank in _BLANKS:
        low = low and low - np.count_nonzero(signs == blank)
    if low:
        raise UnusualError


def _values(pieces: list[bytes]) -> list[Value]:
    """The texts of a point cut at its marks: in its elements, and in the attributes of the first of them."""
    values: list[Value] = []
    inside = quoted = False
    first = True
    for k, piece in enumerate(pieces):
        tag = piece[:1] == b"<"
        if tag == inside or (tag and piece[1:2] in b"!?"):
            raise UnusualError
        quoted = not tag and not quoted
        if quoted:
            if first:
                values.append((k, 1))
            continue
        lead = piece.find(b">") + 1
        inside = not lead
        if lead:
            first = False
            if piece[lead:].strip():
                values.append((k, lead))
    return values


def _alike(section: bytes, begins: Index, ends: Index) -> Any:
    """Which points have the same bytes as the first one between their texts: from each begin to its end."""
    sizes = ends - begins
    alike = (sizes == sizes[:, :1]).all(axis=0)
    left = slice(None) if alike.all() else np.flatnonzero(alike)
    for at, size in zip(begins[:, left], sizes[:, 0].tolist(), strict=True):
        if size:
            texts = _windows(section, f"S{size}", size)[at]
            common = section[int(at[0]) : int(at[0]) + size]
            if texts.tobytes() != common * len(at):
                alike[left] &= texts == common
    return alike


def _cells(section: bytes, begins: Index, ends: Index, used: list[int]) -> list[Cells]:
    """The texts of each point that are used, those that stand in the same place together."""
    widths = ends - begins
    if int(widths.max(initial=0)) > TEXT_MAX or int(widths[used].max(initial=0)) > WIDTH:
        raise UnusualError
    rows = _windows(section, f"S{WIDTH}", WIDTH)[ends[used] - WIDTH]
    return [Cells(row, width) for row, width in zip(rows, widths[used], strict=True)]


@lru_cache(maxsize=64)
def _meaning(new_reader: Callable[[], Guard], point: bytes) -> dict[str, list[int]]:
    """Column -> numbers of the texts that feed it, as the careful reader takes the point."""
    empty, read = new_reader(), new_reader()
    before = "".join(f"<{name}>" for name in empty.frame).encode()
    after = "".join(f"</{name}>" for name in reversed(empty.frame)).encode()
    fault = read.feed(before + point + after)
    tag = re.match(rb"<([^\s/>]+)", point)
    empty.feed(b"%s<%s/>%s" % (before, tag[1] if tag else b"", after))
    if fault or read.points.count != 1 or read.words() != empty.words():  # something is read beside the point
        raise UnusualError
    found = {name: read.points.lists(name)[0] for name in (TIME, *read.points.names)}
    return {name: [int(t) for t in texts if t.strip()] for name, texts in found.items()}
