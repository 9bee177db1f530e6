"""The clock of a FIT file: which instant its numbers mean, and how far the clock on the wrist was from UTC.

A watch whose clock was not set counts seconds since it was switched on. Such a recording is put on its day only where
the file itself ties that count to a date; else its day is unknown and the recording is refused.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from math import isfinite
from typing import TYPE_CHECKING, Final

import numpy as np

from importers.problems import Problem

if TYPE_CHECKING:
    import numpy.typing as npt

    from importers.fit.decode import Decoded, Values
    from importers.run import Column

FIT_EPOCH: Final = datetime(1989, 12, 31, tzinfo=UTC)
POWER_UP_CLOCK: Final = 0x10000000
"""Timestamps below this are seconds since the watch was switched on, not a date (FIT protocol, date_time)."""
CLOCK_MAX: Final = 2**32
"""Timestamps are below this: they have 32 bits."""
OFFSET_STEP_S: Final = 900
"""Local offsets are whole quarters of an hour (s)."""
OFFSET_MAX_S: Final = 15 * 3600
"""Offsets beyond are no zone of this earth (s)."""
SAME_MOMENT_S: Final = 10.0
"""A file that was created at the start or the end of its recording was so to within this (s)."""

_NUMBERS: Final = (float, int)


@dataclass(frozen=True, slots=True)
class Clock:
    """How to read the times of one file."""

    shift_s: float | None = None
    """Seconds from the count since power-up to FIT seconds; None where nothing ties the two."""
    utc_offset_s: int | None = None
    """The clock on the wrist minus UTC (s)."""
    why: str | None = None
    """Where ``shift_s`` comes from, in words."""

    def second(self, values: Values, *names: str) -> float | None:
        """First of the named times that is a date (FIT seconds), a count since power-up turned into one."""
        for name in names:
            time = moment(values, name)
            if time is not None and time >= POWER_UP_CLOCK:
                return time
            if time is not None and self.shift_s is not None:
                return time + self.shift_s
        return None

    def seconds(self, time: Column) -> Column:
        """Times of records as FIT seconds; counts since power-up that nothing ties to a date stay as they are."""
        if self.shift_s is None:
            return time
        return np.where(time < POWER_UP_CLOCK, time + self.shift_s, time)

    def problems(self) -> list[Problem]:
        """That the clock was not set, where it was repaired."""
        if self.why is None:
            return []
        detail = f"the clock of the watch was not set: its time is taken from {self.why}"
        return [Problem(source="", code="clock_repaired", detail=detail)]


def number(values: Values, *names: str) -> float | None:
    """First of the named values that is a finite number."""
    for name in names:
        value = values.get(name)
        if isinstance(value, _NUMBERS) and isfinite(value):
            return float(value)
    return None


def moment(values: Values, name: str) -> float | None:
    """A time as the file writes it (a date or a count, in seconds), None where it cannot be one."""
    time = number(values, name)
    return time if time is not None and 0 < time < CLOCK_MAX else None


def read_clock(decoded: Decoded) -> Clock:
    """The clock of a file: nearly always a date, and a local time beside it.

    A count since power-up is tied to a date, and the first of these that is at hand is taken:

    - the records turn from counts to dates while it runs (the satellites set the clock);
    - all records are counts and the one session says its start as a date;
    - the ``activity`` message, written behind the records, has the count and the local time of one moment. One that
      stands before them was made when the file was sent off, and its local time is of then;
    - the file says when it was created, which is at its start or (seldom) its end: taken for its start. Beside a local
      time it gives the zone.
    """
    counts = _counts(decoded.records["timestamp"])
    if counts is None:
        powered = [t for s in decoded.messages["session"] if (t := moment(s, "start_time")) and t < POWER_UP_CLOCK]
        if decoded.record_count or not powered:
            return Clock(utc_offset_s=_utc_offset(decoded))
        first, last = min(powered), max(powered)
    elif not counts.all():
        return _by_turn(decoded, counts)
    else:
        time = decoded.records["timestamp"]
        first, last = float(np.fmin.reduce(time)), float(np.fmax.reduce(time))
    return _by_session(decoded, first) or _by_local(decoded, first, last) or _by_file(decoded, first)


def _counts(time: Column) -> npt.NDArray[np.bool_] | None:
    """Which of the records that have a time count from power-up; None where none does."""
    if not len(time) or not np.fmin.reduce(time) < POWER_UP_CLOCK:
        return None
    known = time[np.isfinite(time)]
    return np.asarray(known < POWER_UP_CLOCK)


def _by_turn(decoded: Decoded, counts: npt.NDArray[np.bool_]) -> Clock:
    """Counts first, dates behind: the first date came one usual step after the last count."""
    offset = _utc_offset(decoded)
    turn = int(counts.sum())
    if not counts[:turn].all():
        return Clock(utc_offset_s=offset)
    time = decoded.records["timestamp"]
    known = time[np.isfinite(time)]
    step = float(np.median(np.abs(np.diff(known[:turn]))) if turn > 1 else 1.0)
    return Clock(float(known[turn] - known[turn - 1]) - step, offset, "the records after it was set")


def _by_session(decoded: Decoded, first: float) -> Clock | None:
    sessions = decoded.messages["session"]
    start = moment(sessions[0], "start_time") if len(sessions) == 1 else None
    if start is None or start < POWER_UP_CLOCK:
        return None
    return Clock(start - first, _utc_offset(decoded), "the start of the session")


def _by_local(decoded: Decoded, first: float, last: float) -> Clock | None:
    """The local time of the end of the activity. Without a date of creation UTC is not known, only the wall clock."""
    summed_up_last = decoded.summarised == decoded.record_count
    for activity in reversed(decoded.messages["activity"]):
        stamp, local = moment(activity, "timestamp"), moment(activity, "local_timestamp")
        if summed_up_last and stamp and local and stamp < POWER_UP_CLOCK <= local:
            shift = local - stamp
            created = moment(decoded.first("file_id"), "time_created")
            offset = next((o for t in (first, last) if (o := _zone(t + shift, created)) is not None), 0)
            return Clock(shift - offset, offset, "the local time of its end")
    return None


def _zone(local: float, utc: float | None) -> int | None:
    """Offset between two readings of one moment (s), None where they are not of one moment."""
    if utc is None:
        return None
    offset = round((local - utc) / OFFSET_STEP_S) * OFFSET_STEP_S
    return offset if abs(offset) <= OFFSET_MAX_S and abs(local - utc - offset) <= SAME_MOMENT_S else None


def _by_file(decoded: Decoded, first: float) -> Clock:
    created = moment(decoded.first("file_id"), "time_created")
    if created is None or created < POWER_UP_CLOCK:
        return Clock()
    return Clock(created - first, None, "the creation of the file")


def _utc_offset(decoded: Decoded) -> int | None:
    """Seconds from UTC to the clock on the wrist, None where they are not known or no zone's."""
    return next((offset for offset in offsets(decoded) if abs(offset) <= OFFSET_MAX_S), None)


def offsets(decoded: Decoded) -> list[int]:
    """Seconds from UTC to the local time, whatever they are, of each message that has both; of the last one first."""
    both = [(moment(a, "timestamp"), moment(a, "local_timestamp")) for a in reversed(decoded.messages["activity"])]
    return [
        round((local - stamp) / OFFSET_STEP_S) * OFFSET_STEP_S
        for stamp, local in both
        if stamp is not None and local is not None and min(stamp, local) >= POWER_UP_CLOCK
    ]
