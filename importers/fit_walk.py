"""From message to message through the bytes of a FIT file: where each one stands, and by which definition.

The walk is the one loop over all messages, in plain Python: a table by header byte says how long the message is and
which list takes its offset. A definition is a message whose list is a function.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

from importers.fit_layout import FIELD_DESCRIPTION, HAS_APPS, Layout, definition_size, read_definition

MAX_MESSAGES: Final = 2_000_000
MAX_LAYOUTS: Final = 4_096
"""Different definitions in one file; real ones have up to 60."""

_HEADERS: Final = 256
_COMPRESSED: Final = 0x80
_DEFINITION: Final = 0x40
_COMPRESSED_LOCAL: Final = 5
"""Bits to the right of the local number in a compressed header."""


class _Stopped(Exception):  # noqa: N818 - an end, not an error: it never leaves this room
    """The walk cannot go on: a reason code and a sentence."""

    def __init__(self, at: int, code: str, detail: str) -> None:
        super().__init__(detail)
        self.at, self.code, self.detail = at, code, detail


@dataclass(slots=True)
class Walk:
    """Where the messages of a file stand: the layouts in the order in which they were first defined."""

    layouts: list[Layout] = field(default_factory=list)
    at: int = 0
    """Where the walk ended."""
    code: str | None = None
    """Why it ended early, with its sentence; None where it came to the end."""
    detail: str = ""

    def of(self, message: int) -> list[Layout]:
        """The layouts of one message that were used."""
        return [known for known in self.layouts if known.message == message and (known.plain or known.compressed)]


def walk(data: bytes, at: int, stop: int) -> Walk:
    """Walk from the first message to ``stop``. Messages that are not whole before it are left out."""
    walker = _Walker(data, stop)
    found = Walk(at=at)
    try:
        found.at = walker.run(at)
    except _Stopped as end:
        found.at, found.code, found.detail = end.at, end.code, end.detail
    found.layouts = walker.layouts
    return found


class _Walker:
    def __init__(self, data: bytes, stop: int) -> None:
        self.data, self.stop = data, stop
        self.layouts: list[Layout] = []
        self.known: dict[tuple[bytes, int], Layout] = {}
        self.local: dict[int, Layout] = {}
        self.descriptions = 0
        unusual = [self._first_use] * _DEFINITION
        defining = [self._define] * _DEFINITION
        self.add: list[Callable[[int], None]] = [*unusual, *defining, *unusual, *unusual]
        self.size = [0] * _HEADERS
        self.aliases: dict[int, list[int]] = {}
        """Header bytes beside the plain one that a local number was used with."""

    def run(self, at: int) -> int:
        """Walk on until the end; more messages than are allowed stop it."""
        counted = 0
        while at < self.stop and counted < MAX_MESSAGES:
            at = self._step(at, min(self.stop, at + MAX_MESSAGES - counted))  # no message is shorter than a byte
            counted = self._count()
        if at < self.stop:
            raise _Stopped(at, "too_many_messages", f"stopped after {counted:,} messages")
        return at

    def _step(self, at: int, stop: int) -> int:
        data, add, size = self.data, self.add, self.size
        last = at
        while at < stop:
            last = at
            head = data[at]
            add[head](at)
            at += size[head]
        if at > self.stop:
            self._take_back(last)
            raise _Stopped(last, "truncated", "the last message is cut")
        return at

    def _count(self) -> int:
        return sum(len(known.plain) + len(known.compressed) for known in self.layouts)

    def _take_back(self, at: int) -> None:
        """Forget the message at an offset, the last one."""
        for known in self.local.values():
            for offsets in (known.plain, known.compressed):
                if offsets and offsets[-1] == at:
                    offsets.pop()

    def _define(self, at: int) -> None:
        data = self.data
        head = data[at]
        try:
            size = definition_size(data, at)
        except IndexError:
            size = self.stop
        if at + size > self.stop:
            raise _Stopped(at, "truncated", "the last definition is cut")
        key = data[at + 1 : at + size], self.descriptions if head & HAS_APPS else 0
        layout = self.known.get(key)
        if layout is None:
            layout = self.known[key] = read_definition(data, at, size)
            self.layouts.append(layout)
            if len(self.layouts) > MAX_LAYOUTS:
                raise _Stopped(at, "too_many_messages", f"more than {MAX_LAYOUTS:,} definitions")
        local = head & 0x0F
        self.size[head] = size
        self.size[local] = layout.size
        self.local[local] = layout
        self.add[local] = self._describing(layout) if layout.message == FIELD_DESCRIPTION else layout.plain.append
        for alias in self.aliases.pop(local, ()):
            self.add[alias], self.size[alias] = self._first_use, 0

    def _describing(self, layout: Layout) -> Callable[[int], None]:
        """A new description of a developer field makes a definition that follows it another one."""

        def add(at: int) -> None:
            layout.plain.append(at)
            self.descriptions += 1

        return add

    def _first_use(self, at: int) -> None:
        """A header byte other than the plain local number: compressed, or with bits that mean nothing."""
        head = self.data[at]
        compressed = head & _COMPRESSED
        local = head >> _COMPRESSED_LOCAL & 3 if compressed else head & 0x0F
        layout = self.local.get(local)
        if layout is None:
            raise _Stopped(at, "malformed", f"the message at byte {at:,} has no definition")
        self.size[head] = layout.size
        self.add[head] = layout.compressed.append if compressed else layout.plain.append
        self.aliases.setdefault(local, []).append(head)
        self.add[head](at)
