"""From message to message through the bytes of a FIT file: where each one stands, and by which definition.

A table by header byte says how long a message is, and which list takes its offset. A definition is a message whose list
is a function. Equal headers at equal distances are a run, found without a loop; so are records with others in between.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import numpy as np

from importers.fit.layout import FIELD_DESCRIPTION, HAS_APPS, RECORD, WANTED, Layout, definition_size, read_definition
from importers.fit.leap import guessed_records, open_gaps

MAX_MESSAGES: Final = 2_000_000
MAX_LAYOUTS: Final = 4_096
"""Different definitions in one file; real ones have up to 60."""
CUT: Final = "cut"
MALFORMED: Final = "malformed"
"""Why a walk may end: the last message is not whole, or one has no definition."""

_HEADERS: Final = 256
_COMPRESSED: Final = 0x80
_DEFINITION: Final = 0x40
_LOCAL: Final = 0x0F
_COMPRESSED_LOCAL: Final = 5
"""Bits to the right of the local number in a compressed header, which are two."""
_PROBE: Final = 16
"""Messages looked at to see whether a run begins: shorter runs are quicker taken one by one."""
_WIDER: Final = 8
"""Each look at a run goes so many times further than the one before."""
_FARTHEST: Final = 262_144
"""Bytes that are looked at for records with other messages between them."""
_QUIET: Final = 8_192
"""Bytes without a definition before that pays, and bytes that must be left."""
_UNQUIET: Final = 65_536
"""Bytes before it is tried again where it did not pay."""
_RARE: Final = 8
"""It pays to go over other messages at once where so many gaps between records hold nothing that is wanted to one."""
_STEPS: Final = (256, 8_192)
"""Bytes of messages taken one by one before a run is looked for again: at first, and after many looks in vain."""

Take = Callable[[int], None] | None
"""What takes the offset of a message, None where nobody wants it."""
Local = dict[int, Layout]
"""What local numbers stand for."""


class _Stopped(Exception):  # noqa: N818 - an end, not an error: it never leaves this room
    """The walk cannot go on: a reason code and a sentence."""

    def __init__(self, at: int, code: str, detail: str) -> None:
        super().__init__(detail)
        self.at, self.code, self.detail = at, code, detail


class _Compressed(Exception):  # noqa: N818
    """There are compressed headers: the messages that were not wanted have times that matter."""


@dataclass(slots=True)
class Walk:
    """Where the messages of a file stand."""

    layouts: list[Layout]
    """In the order in which they were first defined."""
    local: Local
    """What each local number stood for in the end."""
    at: int
    """Where the walk ended."""
    code: str | None = None
    """Why it ended early, with its sentence; None where it came to the end. ``CUT``: the last message is not whole."""
    detail: str = ""

    @property
    def count(self) -> int:
        """How many messages were noted."""
        return sum(known.count for known in self.layouts)

    def used(self) -> dict[int, list[Layout]]:
        """The layouts that were used, by the number of their message."""
        found: dict[int, list[Layout]] = {}
        for known in self.layouts:
            if known.is_used:
                found.setdefault(known.message, []).append(known)
        return found


def walk(data: bytes, at: int, stop: int, local: Local | None = None, allowed: int | None = None) -> Walk:
    """Walk from a message to ``stop``. Messages that are not whole before it are left out.

    Messages that nobody wants are passed over; all are noted where compressed headers make their times matter, and
    counted where a file is long enough for more of them than are allowed.

    Args:
        data: the file.
        at: offset of the first message.
        stop: offset behind the last one.
        local: what local numbers stand for from the beginning on.
        allowed: number of messages after which the walk ends; ``MAX_MESSAGES`` where it is not given.
    """
    allowed = MAX_MESSAGES if allowed is None else allowed
    if stop - at <= allowed:
        try:
            return _walk(_Walker(data, stop, allowed, local or {}, keep_all=False), at)
        except _Compressed:
            pass
    return _walk(_Walker(data, stop, allowed, local or {}, keep_all=True), at)


def _walk(walker: _Walker, at: int) -> Walk:
    found = Walk(walker.layouts, walker.local, at)
    try:
        found.at = walker.run(at)
    except _Stopped as end:
        found.at, found.code, found.detail = end.at, end.code, end.detail
    walker.add.clear()  # methods of the walker: a circle that would keep the file in memory for a while
    return found


class _Walker:
    def __init__(self, data: bytes, stop: int, allowed: int, local: Local, *, keep_all: bool) -> None:
        self.data, self.stop, self.allowed, self.keep_all = data, stop, allowed, keep_all
        self.layouts: list[Layout] = []
        self.known: dict[tuple[bytes, int], tuple[Layout, Take]] = {}
        self.local: Local = {}
        self.descriptions = 0
        self.leap_from = 0
        """Where it may pay to leap again."""
        unusual = [self._first_use] * _DEFINITION
        self.add: list[Take] = [*unusual, *[self._define] * _DEFINITION, *unusual, *unusual]
        """By header byte."""
        self.size = [0] * _HEADERS
        self.aliases: dict[int, list[int]] = {}
        """Header bytes beside the plain one that a local number was used with."""
        for number, layout in local.items():
            again = read_definition(layout.definition, layout.has_apps, layout.defined_at)
            self._set(number, self._new_layout(again))

    def run(self, at: int) -> int:
        """Walk to the end; more messages than are allowed stop it."""
        while at < self.stop:
            budget = self.allowed - sum(known.count for known in self.layouts)
            if budget <= 0:
                raise _Stopped(at, "too_many_messages", f"only the first {MAX_MESSAGES:,} messages are read")
            at = self._walk_to(min(self.stop, at + budget), at)  # no message is shorter than a byte
        return at

    def _walk_to(self, stop: int, at: int) -> int:
        """Walk over run after run, and one by one where there is none."""
        steps, most = _STEPS
        while at < stop:
            behind = self._run(at, stop)
            if behind == at and not self.keep_all:
                behind = self._leap(at, stop)
            steps = min(2 * steps, most) if behind == at else _STEPS[0]
            at = self._step(behind, min(stop, behind + steps))
        return at

    def _run(self, at: int, stop: int) -> int:
        """Note a run of messages with the same header; the offset behind it, which is ``at`` where there is none."""
        head = self.data[at]
        layout = self.local.get(head)
        if layout is None or layout.message == FIELD_DESCRIPTION:
            return at
        size, reach = layout.size, _PROBE
        while (count := self._alike(at, min(stop, at + reach * size), size)) == reach:
            reach *= _WIDER
        if at + count * size > self.stop:
            count -= 1
        if count < _PROBE:
            return at
        if self.add[head]:
            layout.runs.append((at, count))
        return at + count * size

    def _leap(self, at: int, stop: int) -> int:
        """Note records and all between them; the offset behind, which is ``at`` where it does not pay."""
        first = self._record_ahead(at, stop) if self.leap_from <= at < stop - _QUIET else None
        if first is None:
            return at
        layout = self.local[self.data[first]]
        end = guessed_records(self.data, first, min(stop, first + _FARTHEST), layout)
        begin = np.concatenate(([at], end[:-1] + layout.size))
        passed = {local: known.size for local, known in self.local.items() if self.add[local] is None}
        gaps = open_gaps(self.data, begin, end, passed)
        if len(end) < _PROBE + _RARE * len(gaps):
            self.leap_from = at + _UNQUIET
            return at
        count, leap_from = 0, self.leap_from
        try:
            for count in gaps:  # all records before it are reached
                behind = self._step(int(begin[count]), int(end[count]))
                if behind != end[count] or self.leap_from != leap_from:  # there was a definition
                    return behind
            count = len(end)
        finally:
            layout.leaps.append(end[:count])
        return int(end[-1]) + layout.size

    def _record_ahead(self, at: int, stop: int) -> int | None:
        """Offset of a record with a time, if one of the next messages is such."""
        for _ in range(_PROBE):
            layout = self.local.get(self.data[at]) if at < stop else None
            if layout is None:
                return None
            if layout.message == RECORD and layout.stamp_at is not None:
                return at if at + layout.size <= stop else None
            at += layout.size
        return None

    def _alike(self, at: int, stop: int, size: int) -> int:
        """How many bytes from ``at`` on, ``size`` apart, are equal to the first."""
        heads = self.data[at:stop:size]
        return len(heads) - len(heads.lstrip(heads[:1]))

    def _step(self, at: int, stop: int) -> int:
        """Walk from message to message: the one loop in which every nanosecond counts."""
        data, add, size = self.data, self.add, self.size
        head = 0
        while at < stop:
            head = data[at]
            take = add[head]
            if take is not None:
                take(at)
            at += size[head]
        if at > self.stop:
            self._take_back(at - size[head])
        return at

    def _take_back(self, at: int) -> None:
        """Forget the last message, which is cut."""
        for known in self.layouts:
            for offsets in (known.plain, known.compressed):
                if offsets and offsets[-1] == at:
                    offsets.pop()
        raise _Stopped(at, CUT, f"the message at byte {at:,} is cut")

    def _define(self, at: int) -> None:
        """Take in a definition: what its local number stands for from here on."""
        data = self.data
        head = data[at]
        try:
            size = definition_size(data, at)
        except IndexError:
            size = self.stop
        if at + size > self.stop:
            raise _Stopped(at, CUT, f"the definition at byte {at:,} is cut")
        self.size[head], self.leap_from = size, at + _QUIET
        key = data[at + 1 : at + size], self.descriptions if head & HAS_APPS else 0
        known = self.known.get(key)
        if known is None:
            known = self.known[key] = self._new_layout(read_definition(key[0], bool(head & HAS_APPS), at))
            if len(self.layouts) > MAX_LAYOUTS:
                raise _Stopped(at, "too_many_messages", f"more than {MAX_LAYOUTS:,} definitions")
        self._set(head & _LOCAL, known)

    def _set(self, local: int, known: tuple[Layout, Take]) -> None:
        """What a local number stands for from here on."""
        layout, take = known
        self.local[local] = layout
        self.size[local] = layout.size
        self.add[local] = take
        if local in self.aliases:
            for alias in self.aliases.pop(local):
                self.add[alias], self.size[alias] = self._first_use, 0

    def _new_layout(self, layout: Layout) -> tuple[Layout, Take]:
        """A layout, and what takes the offsets of its messages."""
        self.layouts.append(layout)
        if layout.message == FIELD_DESCRIPTION:
            return layout, lambda at: self._describe(layout, at)
        return layout, layout.plain.append if self.keep_all or layout.message in WANTED else None

    def _describe(self, layout: Layout, at: int) -> None:
        """Developer fields may mean something else from here on: equal definitions are no longer the same."""
        layout.plain.append(at)
        self.descriptions += 1

    def _first_use(self, at: int) -> None:
        """A header byte other than the plain local number: compressed, or with bits that mean nothing."""
        head = self.data[at]
        compressed = head & _COMPRESSED
        local = head >> _COMPRESSED_LOCAL & 3 if compressed else head & _LOCAL
        layout = self.local.get(local)
        if layout is None:
            raise _Stopped(at, MALFORMED, f"the message at byte {at:,} has no definition")
        if compressed and not self.keep_all:
            raise _Compressed
        self.size[head] = layout.size
        take = self.add[head] = layout.compressed.append if compressed else self.add[local]
        self.aliases.setdefault(local, []).append(head)
        if take is not None:
            take(at)
