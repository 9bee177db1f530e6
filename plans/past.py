"""What has been run, and what is planned already, on one line of days. The planner looks back only through this room.

Days are ordinals (``date.toordinal``); a week is named by the ordinal of its first day.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from plans.evidence import TOLERANCE, limit, within
from plans.plan import PastDay

DAYS = 7
"""Days of a week."""


def week_of(day: int, week_start: int) -> int:
    """The first day of the week of ``day``; weeks start on weekday ``week_start`` (Monday = 0)."""
    weekday = (day - 1) % DAYS  # ordinal 1 was a Monday
    return day - (weekday - week_start) % DAYS


@dataclass(frozen=True, slots=True)
class Break:
    """Seven or more days in a row without a run: first and last such day."""

    first: int
    last: int

    @property
    def days(self) -> int:
        """Days in a row without a run."""
        return self.last - self.first + 1

    def touches(self, week: int) -> bool:
        """True where a day of the break lies in ``week``."""
        return self.first < week + DAYS and week <= self.last


def layoff_factor(days: int, number: Callable[[str], float] = limit) -> float | None:
    """Share of the former load after ``days`` off; None where only the ladder leads back.

    ``number`` answers for a finding; a protocol may bring its own.
    """
    if days <= number("layoff_short_days"):
        return number("layoff_factor_short")
    if days <= number("layoff_mid_days"):
        return number("layoff_factor_mid")
    return number("layoff_factor_long") if days <= number("layoff_long_days") else None


class Past:
    """All days up to now, run or planned. ``add`` appends; everything else only looks."""

    def __init__(self, history: Sequence[PastDay], week_start: int) -> None:
        self.week_start = week_start
        self.first: int | None = history[0].day.toordinal() if history else None
        self.breaks: list[Break] = []
        self.longest: dict[int, float] = {}
        self._judged: dict[int, float] = {}
        self._ran: list[int] = []
        self._km: dict[int, float] = {}
        self._runs: dict[int, int] = {}
        for past in sorted(history, key=lambda p: p.day):
            self.enter(past)

    def copy(self) -> Past:
        """The same past, to look ahead on without a trace."""
        other = Past((), self.week_start)
        other.first, other.breaks = self.first, list(self.breaks)
        other.longest, other._judged = dict(self.longest), dict(self._judged)
        other._ran, other._km, other._runs = list(self._ran), dict(self._km), dict(self._runs)
        return other

    def enter(self, past: PastDay) -> None:
        """A day as it was really run, later than all before it."""
        day = past.day.toordinal()
        if past.runs > 0 or past.longest_km > 0:
            runs = max(past.runs, 1)
            longest = past.longest_km if past.longest_km > 0 else past.distance_km / runs
            self.add(day, past.distance_km, longest, runs, longest_min=past.longest_min or None)
        elif past.distance_km > 0:  # too short to count as a session
            week = week_of(day, self.week_start)
            self._km[week] = self._km.get(week, 0.0) + past.distance_km

    def add(self, day: int, km: float, longest: float, runs: int = 1, *, longest_min: float | None = None) -> None:
        """A day with a run, later than all before it. ``longest_min`` None = not known."""
        self.ends_break(day)
        if self.first is None:
            self.first = day
        week = week_of(day, self.week_start)
        self._ran.append(day)
        self._km[week] = self._km.get(week, 0.0) + km
        self._runs[week] = self._runs.get(week, 0) + runs
        self.longest[day] = max(longest, self.longest.get(day, 0.0))
        is_short = longest_min is not None and within(longest_min, limit("session_ignore_min"))
        if not is_short and longest >= limit("session_ignore_km") - TOLERANCE:
            self._judged[day] = longest

    def ends_break(self, day: int) -> None:
        """Note the break that a run on ``day`` ends, if there is one."""
        if self._ran and day - self._ran[-1] > limit("break_days"):
            found = Break(self._ran[-1] + 1, day - 1)
            if found not in self.breaks:
                self.breaks.append(found)

    def note_breaks(self, ran: Iterable[int]) -> None:
        """Note the breaks between days with a run that follow, so that a week knows of one before it is over."""
        last = self.last_run
        for day in ran:
            if last is not None and day - last > limit("break_days"):
                found = Break(last + 1, day - 1)
                if found not in self.breaks:
                    self.breaks.append(found)
            last = day

    @property
    def last_run(self) -> int | None:
        """The last day with a run."""
        return self._ran[-1] if self._ran else None

    def week_km(self, week: int) -> float:
        """Distance of a week in km."""
        return self._km.get(week, 0.0)

    def week_runs(self, week: int) -> int:
        """Sessions of a week."""
        return self._runs.get(week, 0)

    def run_days(self, first: int, last: int) -> Iterator[int]:
        """Days with a run from ``first`` to ``last``, both counted."""
        place = bisect_left(self._ran, first)
        while place < len(self._ran) and self._ran[place] <= last:
            yield self._ran[place]
            place += 1

    def longest_between(self, first: int, last: int) -> float | None:
        """The longest session from ``first`` to ``last`` in km; None without a run."""
        return max((self.longest[day] for day in self.run_days(first, last)), default=None)

    def longest_judged(self, first: int, last: int) -> float | None:
        """The same, without sessions under 1 km or of 10 min or less."""
        return max((self._judged[day] for day in self.run_days(first, last) if day in self._judged), default=None)

    def first_full_week(self) -> int | None:
        """The first week that the record covers from its first day."""
        if self.first is None:
            return None
        week = week_of(self.first, self.week_start)
        return week if week == self.first else week + DAYS

    def is_touched(self, week: int) -> bool:
        """True where a break touches ``week``."""
        return any(one.touches(week) for one in reversed(self.breaks))

    def break_before(self, day: int) -> Break | None:
        """The newest break that ended before ``day``."""
        return next((one for one in reversed(self.breaks) if one.last < day), None)

    def has_long_run(self, first: int, last: int) -> bool:
        """True where a day from ``first`` to ``last`` holds a long run: 1.5 x the mean of its week's other sessions."""
        return any(self._is_long(day) for day in self.run_days(first, last))

    def _is_long(self, day: int) -> bool:
        week = week_of(day, self.week_start)
        others = self.week_runs(week) - 1
        if others < 1:
            return False
        mean = (self.week_km(week) - self.longest[day]) / others
        return self.longest[day] >= limit("long_run_factor") * mean - TOLERANCE

    def usual_week_before(self, gap: Break) -> float | None:
        """Median of the last four complete weeks before a break, weeks of other breaks skipped; None without one."""
        earliest = self.first_full_week()
        if earliest is None:
            return None
        week = week_of(gap.first, self.week_start) - DAYS
        oldest = max(earliest, week - (int(limit("baseline_lookback_weeks")) - 1) * DAYS)
        known = [self.week_km(w) for w in range(week, oldest - 1, -DAYS) if not self.is_touched(w)]
        return median(known[: int(limit("baseline_weeks"))]) if known else None


def median(values: Sequence[float]) -> float:
    """The middle value, or the mean of the two middle ones. The module ``statistics`` costs start-up more than this."""
    ordered = sorted(values)
    half = len(ordered) // 2
    return ordered[half] if len(ordered) % 2 else (ordered[half - 1] + ordered[half]) / 2


def planned_days(week: int, weekdays: Iterable[int], week_start: int) -> tuple[int, ...]:
    """The days of ``week`` that fall on ``weekdays`` (Monday = 0), in order."""
    return tuple(sorted(week + (weekday - week_start) % DAYS for weekday in weekdays))
