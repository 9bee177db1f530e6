"""Where a damaged FIT file goes on: the next place from which several messages in a row have a sound time.

A byte that is lost or too many shifts all that follows; a wrong header byte does the same. The definitions still hold,
so the file can be read on from where a chain of known headers has times near the last sound one. By chance a time is
near once in 25,000; three in a row are not.
"""

from __future__ import annotations

from dataclasses import dataclass
from statistics import median_low
from typing import Final

from importers.fit.gather import plain_offsets
from importers.fit.layout import TIME_BYTES, WANTED, Layout
from importers.fit.walk import CUT, MALFORMED, MAX_LAYOUTS, MAX_MESSAGES, Local, Walk, walk

NEAR_S: Final = 86_400
"""Times of neighbours lie closer than this (s)."""
CHAIN: Final = 8
"""Messages in a row that are looked at."""
TIMES: Final = 3
"""How many of them must have a sound time, at least."""
REACH: Final = 16_384
"""Bytes that are searched behind the last sound message."""
MAX_GAPS: Final = 100
"""Damaged stretches of a file behind which it is read on."""
SEARCH: Final = 262_144
"""Bytes that are searched in one file, in all."""
_TAIL: Final = 256
"""Messages before the damage among which the last sound time is found."""


@dataclass(frozen=True, slots=True)
class Gap:
    """A stretch that is left out: from the last sound message to the next."""

    begin: int
    end: int


@dataclass(frozen=True, slots=True)
class _Sound:
    """Offset behind the last message whose time can be believed, and a time that is usual there (FIT seconds)."""

    end: int
    time: int


def walk_on(data: bytes, at: int, stop: int) -> tuple[Walk, list[Gap]]:
    """Walk from the first message to ``stop``, and over damaged stretches wherever sound messages follow them."""
    found = walk(data, at, stop)
    legs: list[Layout] = []
    gaps: list[Gap] = []
    local: Local = {}
    left, count = SEARCH, 0
    while found.code in (CUT, MALFORMED) and len(gaps) < MAX_GAPS and len(legs) < MAX_LAYOUTS and left > 0:
        sound = _last_sound(data, found)
        if sound is None:
            break
        leg = walk(data, at, sound.end, local)  # once more, without what was read amiss behind it
        begin = _next_sound(data, stop, leg.local, sound)
        if begin is None:
            break
        left -= begin - sound.end
        count += leg.count
        legs += [layout for layout in leg.layouts if layout.count]
        gaps.append(Gap(sound.end, begin))
        at, local = begin, leg.local
        found = walk(data, at, stop, local, MAX_MESSAGES - count)
    return Walk(legs + found.layouts, found.local, found.at, found.code, found.detail), gaps


def _last_sound(data: bytes, found: Walk) -> _Sound | None:
    """The last of the messages noted whose time lies near that of most before it."""
    tail = []
    for layout in found.layouts:
        place = _stamp(layout)
        if place is not None and layout.count:
            tail += [(at, layout, place) for at in plain_offsets(layout)[-_TAIL:].tolist()]
    tail = sorted(tail, key=lambda row: row[0])[-_TAIL:]
    times = [_time(data, at + place, layout) for at, layout, place in tail]
    if not times:
        return None
    usual = median_low(times)
    near = [k for k, time in enumerate(times) if abs(time - usual) <= NEAR_S]
    at, layout, _ = tail[near[-1]]
    return _Sound(at + layout.size, usual)


def _next_sound(data: bytes, stop: int, local: Local, sound: _Sound) -> int | None:
    """The next offset from which a chain of messages is sound.

    None of these messages was met on the way to the damage, or the last sound one would be another.
    """
    layouts = {number: (layout, _stamp(layout)) for number, layout in local.items()}
    for begin in range(sound.end, min(stop, sound.end + REACH)):
        if data[begin] in layouts and _is_chain(data, begin, stop, layouts, sound.time):
            return begin
    return None


def _is_chain(data: bytes, at: int, stop: int, layouts: dict[int, tuple[Layout, int | None]], near: int) -> bool:
    """Whether messages with known headers stand in a row, several of them with a time near another."""
    times = 0
    for _ in range(CHAIN):
        layout, place = layouts.get(data[at], (None, None)) if at < stop else (None, None)
        if layout is None or at + layout.size > stop:
            break
        if place is not None:
            if abs(_time(data, at + place, layout) - near) > NEAR_S:
                return False
            times += 1
        at += layout.size
    return times >= TIMES


def _stamp(layout: Layout) -> int | None:
    """Where the time lies in a message, None where it has none, or is one that nobody wants."""
    return layout.stamp_at if layout.message in WANTED else None


def _time(data: bytes, at: int, layout: Layout) -> int:
    return int.from_bytes(data[at : at + TIME_BYTES], "big" if layout.order == ">" else "little")
