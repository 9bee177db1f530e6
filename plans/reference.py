"""What the past allows: the reference week, the ACWR limit, the reference of a session. None = nothing to compare."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field, replace

from plans.evidence import limit, within
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
    """Which weeks are no reference, week by week: recovery weeks, and everything before a new level."""

    recovery: set[int] = field(default_factory=set)
    ladder: set[int] = field(default_factory=set)
    level_from: int | None = None
    """First week of the newest level; nothing before it is looked at."""
    was_low: bool = False
    """True where the last week judged was low."""

    def copy(self) -> Calendar:
        """The same calendar, to look ahead on without a trace."""
        return replace(self, recovery=set(self.recovery), ladder=set(self.ladder))

    def judge(self, past: Past, week: int, *, is_planned: bool, is_recovery: bool = False) -> None:
        """Judge a week that is over or planned. The first low week is recovery, the second in a row a new level.

        A planned week is a recovery week if and only if it is planned as one.
        """
        if is_recovery:
            self.recovery.add(week)
        low = self._is_low(past, week)
        if low and self.was_low and not is_recovery:
            self.level_from, low = week, False
        elif low and not is_planned:
            self.recovery.add(week)
        self.was_low = low

    def _is_low(self, past: Past, week: int) -> bool:
        if past.is_touched(week) or self.level_from is None or week < self.level_from:
            return False
        oldest = max(self.level_from, week - LOW_LOOKS_BACK * DAYS)
        before = [past.week_km(w) for w in range(oldest, week, DAYS) if not past.is_touched(w)]
        return any(before) and within(past.week_km(week), limit("low_week_share") * max(before))


def read_calendar(past: Past, plan_week: int) -> Calendar:
    """Judge the weeks before the plan's first one, from the first full week of the record on."""
    first = past.first_full_week()
    calendar = Calendar(level_from=first)
    for week in range(first, plan_week, DAYS) if first is not None else ():
        calendar.judge(past, week, is_planned=False)
    return calendar


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
    Sessions under 1 km or of 10 min or less count only where there is nothing longer.
    """
    window = int(limit("spike_window_days"))
    longest = longest_compared(past, day, before=before)
    return longest if longest is not None else past.longest_between(day - window, before - 1)


def longest_compared(past: Past, day: int, *, before: int) -> float | None:
    """The same of sessions of at least 1 km and more than 10 min alone, which are what a run is held against."""
    window = int(limit("spike_window_days"))
    known = [past.longest_judged(day - window, before - 1), _before_break(past, day, window)]
    return max((km for km in known if km is not None), default=None)


def _before_break(past: Past, day: int, window: int) -> float | None:
    gap = past.break_before(day)
    if gap is None or day - gap.last > window:
        return None
    factor, former = layoff_factor(gap.days), past.longest_judged(gap.first - window, gap.first - 1)
    return None if factor is None or former is None else factor * former
