"""The weeks of a daily table as positions: where each begins, whether it is over, which breaks and plans touch it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from loadplan.breaks import find_breaks, in_break
from loadplan.daily import WeekStart, first_weekday, week_first_days, week_numbers
from loadplan.measures import DAYS_A_WEEK, Bools, Ints, numbers, texts
from loadplan.reference import Calendar, WeekBreak


@dataclass(frozen=True, slots=True)
class Grid:
    """The weeks of a daily table, as positions."""

    starts: Ints
    """Position of the first day of each week in the table."""
    first: npt.NDArray[np.datetime64]
    """First calendar day of each week."""
    of_day: Ints
    """Week of each day."""
    complete: Bools
    whole: Bools
    """Complete, and known from its first day on."""
    first_part: Bools
    """The first week of the record, of which the first days are not known."""

    @property
    def lasts(self) -> Ints:
        """Position of the last day of each week."""
        return np.append(self.starts[1:], len(self.of_day)) - 1

    def total(self, values: Any) -> Any:
        """Sum of each week."""
        return np.add.reduceat(values, self.starts)

    def any(self, values: Bools) -> Bools:
        """Does it hold on a day of the week?"""
        return np.asarray(np.logical_or.reduceat(values, self.starts), dtype=np.bool_)


def grid_of(daily: pd.DataFrame, week_start: WeekStart) -> Grid:
    """Lay the calendar weeks over a daily table that is not empty; ``week_start`` as in ``daily_load``."""
    weekday = first_weekday(week_start)
    days = daily.index.to_numpy().astype("datetime64[D]").astype(np.int64)
    weeks = week_numbers(days, weekday)
    of_day = weeks - weeks[0]
    starts = np.flatnonzero(np.diff(weeks, prepend=weeks[0] - 1))
    monday = week_first_days(weeks[starts], weekday)
    complete = monday + DAYS_A_WEEK - 1 <= days[-1]
    first_part = monday < days[0]
    return Grid(starts, monday.astype("datetime64[D]"), of_day, complete, complete & ~first_part, first_part)


def calendar_of(daily: pd.DataFrame, grid: Grid) -> Calendar:
    """What is known of each week, whatever is measured."""
    breaks = find_breaks(daily)
    phase = texts(daily, "phase")
    spans = tuple(
        WeekBreak(
            int(grid.of_day[b.first]),
            int(grid.of_day[b.last]),
            int(grid.of_day[b.last + 1]) if b.ended else None,
            b.days,
        )
        for b in breaks
    )
    return Calendar(
        complete=grid.whole,
        touched=grid.any(in_break(breaks, len(daily))),
        ladder=grid.any(phase == "ladder"),
        planned=grid.any(phase != None),  # noqa: E711
        planned_recovery=grid.any(numbers(daily, "recovery") == 1),
        breaks=spans,
    )
