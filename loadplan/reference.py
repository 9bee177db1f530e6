"""Which earlier weeks a week is measured against: reference weeks, recovery weeks, new levels, the way back.

Measured against last week alone, every sound plan would break 10 % on leaving its recovery week. So a week is
compared with the largest of its last two *reference weeks*.
"""

from __future__ import annotations

from dataclasses import dataclass
from statistics import median
from typing import Final, NamedTuple

import numpy as np

from loadplan.breaks import layoff_factor
from loadplan.measures import Bools, Floats, Ints, Texts
from plans.evidence import TOLERANCE, limit

REFERENCE_WEEKS: Final = 2
"""The largest of this many reference weeks counts."""
LOOKBACK_WEEKS: Final = 4
"""Reference weeks are looked for among this many weeks before."""
LOW_WEEKS: Final = 3
"""A low week is low against the largest of this many weeks before."""


class WeekBreak(NamedTuple):
    """A break in weeks: the week of its first day, of its last day, of the first run after it (None: still off)."""

    first: int
    last: int
    back: int | None
    days: int


@dataclass(frozen=True, slots=True)
class Calendar:
    """What is known of each week, whatever is measured. Arrays of one value a week, oldest first."""

    complete: Bools
    """Over at as_of, and known from its first day."""
    touched: Bools
    """A day of a break lies in it."""
    ladder: Bools
    planned: Bools
    planned_recovery: Bools
    breaks: tuple[WeekBreak, ...]

    def __len__(self) -> int:
        """Number of weeks."""
        return len(self.complete)


class Levels(NamedTuple):
    """Recovery weeks, and how far back each week may look."""

    recovery: Bools
    new_level: Bools
    since: Ints
    """Position of the first week that each week may look at."""


class Build(NamedTuple):
    """Each week against its reference. NaN with a reason where there is none."""

    change_pct: Floats
    reference: Floats
    reason: Texts
    newest: Ints
    """Position of the reference week that counted; -1 where the reference is no single week."""


def week_levels(total: Floats, calendar: Calendar) -> Levels:
    """Find the recovery weeks and the new levels.

    A week is low at 0.85 x the largest of the previous three or less (since the last new level, weeks of a break left
    out). The first low week is a recovery week; the second in a row is a new level, and nothing before it is looked
    at. A planned week is a recovery week if and only if it was planned as one.

    Args:
        total: Load of each week; NaN unknown.
        calendar: What is known of the weeks.
    """
    recovery = np.zeros(len(total), dtype=np.bool_)
    new_level = np.zeros(len(total), dtype=np.bool_)
    since = np.zeros(len(total), dtype=np.int64)
    usable = (calendar.complete & ~calendar.touched & ~np.isnan(total)).tolist()
    loads, planned = total.tolist(), calendar.planned.tolist()
    level, was_low = 0, False
    for k, load in enumerate(loads):
        since[k] = level
        if calendar.planned_recovery[k]:
            recovery[k] = True
        if not usable[k]:
            was_low = False
            continue
        recent = max((loads[j] for j in range(max(level, k - LOW_WEEKS), k) if usable[j]), default=0.0)
        low = recent > 0 and load <= limit("low_week_share") * recent + TOLERANCE
        if low and was_low and not recovery[k]:
            new_level[k], level, low = True, k, False
        elif low and not planned[k]:
            recovery[k] = True
        was_low = low
    return Levels(recovery, new_level, since)


def build_change(total: Floats, levels: Levels, calendar: Calendar) -> Build:
    """Measure each week against the largest of its last two reference weeks within the last four.

    No reference week is: an incomplete week, a recovery week, a week touched by a break, anything before a new level or
    before the last break. After a break of 7 to 28 days, until there is a reference week, the reference is the layoff
    factor x the median of the last four complete weeks before it; after a longer one there is none (``ladder``).
    Otherwise the week before counts, if complete.

    Args:
        total: What is compared, week by week; NaN unknown.
        levels: From ``week_levels``, of the same or of the leading measure.
        calendar: What is known of the weeks.

    Returns:
        The change in %, with the reasons ``partial_week``, ``missing_load``, ``ladder``, ``no_reference`` and
        ``zero_reference``.
    """
    count = len(total)
    change, reference = np.full(count, np.nan), np.full(count, np.nan)
    reason = np.full(count, None, dtype=object)
    newest = np.full(count, -1, dtype=np.int64)
    whole = (calendar.complete & ~np.isnan(total)).tolist()
    counts = (calendar.complete & ~calendar.touched & ~np.isnan(total) & ~levels.recovery).tolist()
    loads = total.tolist()
    for k, load in enumerate(loads):
        if not whole[k]:
            reason[k] = "missing_load" if calendar.complete[k] else "partial_week"
            continue
        found, why, at = _reference(k, loads, whole, counts, int(levels.since[k]), calendar)
        reference[k], reason[k], newest[k] = np.nan if found is None else found, why, at
        if found is not None and found > 0:
            change[k] = 100 * (load / found - 1)
        elif found is not None:
            reason[k] = "zero_reference"
        if calendar.ladder[k]:
            change[k], reason[k] = np.nan, "ladder"
    return Build(change, reference, reason, newest)


def _reference(
    k: int, loads: list[float], whole: list[bool], counts: list[bool], since: int, calendar: Calendar
) -> tuple[float | None, str | None, int]:
    """The reference of week k from the weeks before it, or why there is none."""
    last = next((b for b in reversed(calendar.breaks) if b.back is not None and b.back <= k), None)
    since = max(since, last.last if last else 0)
    found = [j for j in range(max(since, k - LOOKBACK_WEEKS), k) if counts[j]][-REFERENCE_WEEKS:]
    if found:
        best = max(found, key=lambda j: loads[j])
        return loads[best], None, best
    if last and not any(counts[since:k]):
        return _after_break(last, loads, whole, calendar)
    if k > 0 and whole[k - 1]:
        return loads[k - 1], None, k - 1
    return None, "no_reference", -1


def _after_break(
    last: WeekBreak, loads: list[float], whole: list[bool], calendar: Calendar
) -> tuple[float | None, str | None, int]:
    factor = layoff_factor(last.days)
    if factor is None:
        return None, "ladder", -1
    earliest = max(0, last.first - int(limit("baseline_lookback_weeks")))
    before = [loads[j] for j in range(earliest, last.first) if whole[j] and not calendar.touched[j]]
    if not before:
        return None, "no_reference", -1
    return factor * median(before[-int(limit("baseline_weeks")) :]), None, -1
