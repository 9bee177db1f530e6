"""The second reader's own sense of a FIT clock that was not set and counts from the switching on of the watch."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median
from typing import Final

CLOCK_SET: Final = 0x10000000
"""A time below it counts from the switching on of the watch (s)."""
QUARTER_S: Final = 900
"""Local offsets are whole quarters of an hour (s)."""
OFFSET_MAX_S: Final = 15 * 3600
"""No zone is farther from UTC (s)."""
SAME_MOMENT_S: Final = 10.0
"""Two clocks that are read within this time are read at one moment (s)."""


@dataclass(frozen=True, slots=True)
class Tie:
    """One way to put a count on a day."""

    says: str
    start_s: float
    """The start in FIT seconds."""
    offset_s: float | None = None
    """The wall clock less UTC (s), where this way tells it."""


def whole_quarters(apart_s: float) -> float | None:
    """A difference of clocks as an offset, None where it is of no zone."""
    offset = round(apart_s / QUARTER_S) * QUARTER_S
    return float(offset) if abs(offset) <= OFFSET_MAX_S else None


def turn_s(times: Sequence[float]) -> float | None:
    """Seconds from counts to dates where the records turn from the one to the other, once; else None."""
    dated = [time >= CLOCK_SET for time in times]
    at = dated.index(True) if any(dated) else 0
    if at == 0 or not all(dated[at:]):
        return None
    steps = [abs(b - a) for a, b in pairwise(times[:at])]
    return times[at] - times[at - 1] - (median(steps) if steps else 1.0)


def ties(
    start: float | None, times: Sequence[float], *, created: float | None, stamp: float | None, local: float | None
) -> list[Tie]:
    """Every way to put a recording on its day whose start is a count.

    Args:
        start: the start as the session says it (FIT seconds or a count).
        times: the times of its records.
        created: when the file says that it was created.
        stamp: the end of the activity as it says it.
        local: the wall clock at that end.
    """
    begun = start if start is not None else next(iter(times), None)
    if begun is None or begun >= CLOCK_SET:
        return []
    out = []
    shift = turn_s(times)
    if shift is not None:
        out.append(Tie("the clock was set while it ran", begun + shift))
    if stamp is not None and local is not None and stamp < CLOCK_SET <= local:
        out += _by_wall(begun, times, local - stamp, created)
    if created is not None and created >= CLOCK_SET:
        out.append(Tie("the clock was not set: the file was created at its start", created))
    return out


def _by_wall(begun: float, times: Sequence[float], shift: float, created: float | None) -> list[Tie]:
    """By the wall clock of the end; with the creation of the file at the start or the end it tells the zone, too."""
    says = "the clock was not set: by the wall clock of its end"
    out = [Tie(says, begun + shift, 0.0)]
    for moment in (begun, times[-1] if times else begun):
        offset = None if created is None else whole_quarters(moment + shift - created)
        if created is not None and offset is not None and abs(moment + shift - created - offset) <= SAME_MOMENT_S:
            out.append(Tie(says, begun + shift - offset, offset))
    return out
