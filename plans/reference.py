"""What the past allows: the reference week, the ACWR limit, the reference of a session. None = nothing to compare."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field

from plans.evidence import limit
from plans.past import DAYS, Past, layoff_factor

WEEKS_BACK = 4
"""The reference week lies within the last four weeks; the chronic load of the ACWR is their mean."""
REFERENCE_WEEKS = 2
"""The reference is the larger of the last two reference weeks."""
LOW_LOOKS_BACK = 3
"""A week is low against the largest of the three before it."""
ACWR_DAYS = 35
"""The uncoupled ratio needs 35 days in the record: 7 and the 28 before them."""


@dataclass(slots=True)
class Calendar:
    """Which weeks are no reference: planned recovery weeks, and what the weeks before the plan looked like."""

    plan_week: int
    """The first week of the plan, week 0 included; only weeks before it are judged low or not."""
    recovery: set[int] = field(default_factory=set)
    ladder: set[int] = field(default_factory=set)
    level_from: int | None = None
    """First week of the newest level; nothing before it is looked at."""


def read_calendar(past: Past, plan_week: int) -> Calendar:
    """Judge the weeks before the plan: the first low week in a row is recovery, the second begins a new level."""
    calendar = Calendar(plan_week=plan_week)
    week = calendar.level_from = past.first_full_week()
    was_low = False
    while week is not None and week < plan_week:
        low = _is_low(past, calendar, week)
        if low and was_low:
            calendar.level_from, low = week, False
        elif low:
            calendar.recovery.add(week)
        was_low = low
        week += DAYS
    return calendar


def _is_low(past: Past, calendar: Calendar, week: int) -> bool:
    if past.is_touched(week) or calendar.level_from is None:
        return False
    oldest = max(calendar.level_from, week - LOW_LOOKS_BACK * DAYS)
    before = [past.week_km(w) for w in range(oldest, week, DAYS) if not past.is_touched(w)]
    return bool(before) and past.week_km(week) <= limit("low_week_share") * max(before)


def reference_week(past: Past, calendar: Calendar, week: int) -> float | None:
    """The km against which ``week`` may grow: the larger of the last two reference weeks of the last four.

    After a break of 7 to 28 days, until there is a reference week: the layoff factor x the usual week before it.
    """
    gap = past.break_before(week + DAYS)
    weeks = _reference_weeks(past, calendar, week, after=gap.last if gap else None)
    if weeks:
        return max(past.week_km(w) for w in weeks)
    if gap is not None:
        factor, usual = layoff_factor(gap.days), past.usual_week_before(gap)
        return None if factor is None or usual is None else factor * usual
    earliest = past.first_full_week()
    before = week - DAYS
    return past.week_km(before) if earliest is not None and before >= earliest else None


def _reference_weeks(past: Past, calendar: Calendar, week: int, *, after: int | None) -> list[int]:
    if calendar.level_from is None:
        return []
    oldest = max(calendar.level_from, week - WEEKS_BACK * DAYS)
    found = [
        w
        for w in range(week - DAYS, oldest - 1, -DAYS)
        if w not in calendar.recovery and not past.is_touched(w) and (after is None or w > after)
    ]
    return found[:REFERENCE_WEEKS]


def acwr_limit(past: Past, calendar: Calendar, week: int, most: float) -> float | None:
    """Km at which the uncoupled ratio of ``week`` reaches ``most``; None in the grey: it is not judged then."""
    last = week + DAYS - 1
    before = [week - n * DAYS for n in range(1, WEEKS_BACK + 1)]
    if past.first is None or last - past.first + 1 < ACWR_DAYS or _has(calendar.ladder, (week, *before)):
        return None
    gap = past.break_before(last)
    if gap is not None and last - gap.last < limit("post_layoff_days"):
        return None
    chronic = sum(past.week_km(w) for w in before) / WEEKS_BACK
    return most * chronic if chronic >= limit("acwr_low_chronic_km") else None


def _has(weeks: Collection[int], any_of: Collection[int]) -> bool:
    return any(week in weeks for week in any_of)


def session_reference(past: Past, day: int, *, before: int) -> float | None:
    """The longest session of the 30 days before ``day`` in km, of days before ``before``; None without one.

    For 30 days after a break of 7 to 28 days it is at least the layoff factor x the longest of the 30 days before it.
    """
    window = int(limit("spike_window_days"))
    known = past.longest_between(day - window, before - 1)
    gap = past.break_before(day)
    if gap is None or day - gap.last > window:
        return known
    factor, former = layoff_factor(gap.days), past.longest_between(gap.first - window, gap.first - 1)
    if factor is None or former is None:
        return known
    return max(known or 0.0, factor * former)
