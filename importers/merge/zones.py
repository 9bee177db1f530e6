"""The local day: which offset from UTC a run has whose witnesses do not say it.

In this order: what a witness says; the nearest run within 7 days; the zone that the runner named; the nearest at all.
Lists that say only the wall clock are put on UTC the same way, once another witness of the same minute is looked for.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from importers.run import Run
from importers.witness import Clock, Witness

NEIGHBOUR: Final = timedelta(days=7)
"""People seldom travel further than a week lets them run at home."""
SAME_START: Final = timedelta(seconds=2)

Known = list[tuple[datetime, int]]
"""Starts, and the offset that is known of each (s), by start."""


def known_offsets(witnesses: Sequence[Witness]) -> Known:
    """What witnesses on the UTC clock say of the local one."""
    said = ((w.start, w.run.utc_offset_s) for w in witnesses if w.clock is Clock.UTC)
    return sorted((start, offset) for start, offset in said if offset is not None)


def on_utc(witnesses: Sequence[Witness]) -> list[Witness]:
    """The witnesses, those of the wall clock put on UTC where another one tells the offset."""
    if all(w.clock is not Clock.LOCAL for w in witnesses):
        return list(witnesses)
    known = known_offsets(witnesses)
    walls = sorted((start + timedelta(seconds=offset), offset) for start, offset in known)
    return [_on_utc(w, known, walls) if w.clock is Clock.LOCAL else w for w in witnesses]


def _on_utc(witness: Witness, known: Known, walls: Known) -> Witness:
    at = bisect_left(walls, (witness.start - SAME_START, -(10**9)))
    if at < len(walls) and walls[at][0] <= witness.start + SAME_START:
        offset, source, clock = walls[at][1], None, Clock.UTC
    else:
        found = _offset(witness.start, known, witness.zone, wall=True)
        if found is None:
            return witness
        (offset, source), clock = found, Clock.LOCAL
    start = witness.start - timedelta(seconds=offset)
    run = replace(witness.run, start=start, utc_offset_s=offset if source is None else None)
    return replace(witness, run=run, clock=clock)


def with_offset(run: Run, known: Known, zone: str | None) -> Run:
    """The run with an offset, where it has none and anything tells one."""
    if run.utc_offset_s is not None:
        return run
    found = _offset(run.start, known, zone)
    return run if found is None else replace(run, utc_offset_s=found[0], offset_source=found[1])


def _offset(start: datetime, known: Known, zone: str | None, *, wall: bool = False) -> tuple[int, str] | None:
    near = _nearest(start, known)
    if near is not None and abs(near[0] - start) <= NEIGHBOUR:
        return near[1], "neighbours"
    if zone is not None:
        place = ZoneInfo(zone)
        moment = start.replace(tzinfo=place) if wall else start.astimezone(place)
        offset = moment.utcoffset() or timedelta()
        return int(offset.total_seconds()), "tz"
    return None if near is None else (near[1], "neighbours")


def _nearest(start: datetime, known: Known) -> tuple[datetime, int] | None:
    at = bisect_left(known, (start.astimezone(UTC), -(10**9)))
    return min(known[max(0, at - 1) : at + 1], key=lambda one: abs(one[0] - start), default=None)
