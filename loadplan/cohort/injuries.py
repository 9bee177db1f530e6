"""When runners were injured: the days that the list of runners tells, as a table; how often, and how long.

Injuries per 1,000 h of running, and days lost as the consensus of the IOC counts them (Bahr 2020,
doi:10.1136/bjsports-2019-101969): the day of the injury is day 0.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any, Final, NamedTuple

import numpy as np
import pandas as pd

from loadplan.cohort.intervals import Interval, over_runners, poisson
from loadplan.cohort.tables import typed
from loadplan.measures import DAYS_A_WEEK, Floats, Ints

INJURIES: Final = {"runner": "str", "date": "str", "days_lost": "float64"}
"""Columns of a table of injuries; ``days_lost`` is NaN where only the first day is told."""
PER_HOURS: Final = 1000
MINUTES_AN_HOUR: Final = 60


def injury_table(summary: pd.DataFrame) -> pd.DataFrame:
    """The injuries of a cohort's summary, a row each.

    ``injuries`` there holds first days, or the first and the last day lost as ``first/last``, parted by blanks.

    >>> import pandas as pd
    >>> from loadplan.cohort.injuries import injury_table
    >>> told = pd.DataFrame({"runner": ["a"], "injuries": ["2026-03-08 2026-06-01/2026-06-15"]})
    >>> injury_table(told)[["date", "days_lost"]].values.tolist()
    [['2026-03-08', nan], ['2026-06-01', 14.0]]
    """
    rows = [
        (runner, first.isoformat(), np.nan if lost is None else lost)
        for runner, told in zip(summary["runner"], summary["injuries"], strict=True)
        for first, lost in told_injuries(told)
    ]
    return typed({name: [row[n] for row in rows] for n, name in enumerate(INJURIES)}, INJURIES)


def told_injuries(told: Any) -> list[tuple[date, int | None]]:
    """First day and days lost of each injury in a cell of the list; None where only the first day is told."""
    found = []
    for part in told.split() if isinstance(told, str) else ():
        days = [date.fromisoformat(day) for day in part.split("/")]
        found.append((days[0], (days[1] - days[0]).days if days[1:] else None))
    return sorted(found, key=lambda one: one[0])


class Timeline(NamedTuple):
    """Weeks and injuries on one scale: rows sorted by runner and week, weeks numbered from the same day."""

    weeks: pd.DataFrame
    of_runner: Ints
    """Number of each row's runner."""
    number: Ints
    """Number of each row's week; the next week has the next one."""
    injury_runner: Ints
    """Number of each injury's runner, -1 for one without weeks."""
    injury_week: Ints
    injury_row: Ints
    """Row of the week in which each injury lies, -1 outside of the runner's record."""
    days_lost: Floats
    """Of each injury; NaN where it is not known."""
    labels: pd.Index[Any]

    @property
    def runners(self) -> int:
        """How many."""
        return len(self.labels)

    def per_runner(self, values: Any) -> Any:
        """Sums of a value a row, a runner each."""
        return np.bincount(self.of_runner, np.asarray(values, dtype=np.float64), minlength=self.runners)


def timeline(weeks: pd.DataFrame, injuries: pd.DataFrame, runners: Iterable[str] = ()) -> Timeline:
    """Lay weeks and injuries beside each other, whatever the order of the rows.

    Args:
        weeks: ``runner``, ``week`` (its first day as ISO text) and more; a row a runner and week.
        injuries: ``INJURIES``; the same day of one runner counts once.
        runners: Labels of runners who have no weeks.
    """
    weeks = weeks.sort_values(["runner", "week"], kind="stable", ignore_index=True)
    injuries = injuries.drop_duplicates(["runner", "date"]).sort_values(["runner", "date"], ignore_index=True)
    labels = pd.Index(sorted({*weeks["runner"].unique(), *runners}), dtype="object")
    of_runner = labels.get_indexer(pd.Index(weeks["runner"]))
    first = _days(weeks["week"])
    offset = int(first[0]) % DAYS_A_WEEK if len(first) else 0
    number = (first - offset) // DAYS_A_WEEK
    runner = labels.get_indexer(pd.Index(injuries["runner"]))
    week = (_days(injuries["date"]) - offset) // DAYS_A_WEEK
    span = int(max(number.max(initial=0), week.max(initial=0))) + 1
    keys, wanted = of_runner * span + number, runner * span + week
    at = np.searchsorted(keys, wanted)
    there = (runner >= 0) & (at < len(keys))
    there[there] = keys[at[there]] == wanted[there]
    lost = injuries["days_lost"].to_numpy(dtype=np.float64)
    return Timeline(weeks, of_runner, number, runner, week, np.where(there, at, -1), lost, labels)


def _days(column: pd.Series[Any]) -> Ints:
    """ISO days as numbers."""
    return column.to_numpy(dtype="datetime64[D]").astype(np.int64)


def hour_sums(line: Timeline) -> dict[str, Floats]:
    """Of each runner: hours of running, weeks whose hours are not known, and injuries in weeks whose hours are."""
    hours = line.weeks["duration_min"].to_numpy(dtype=np.float64) / MINUTES_AN_HOUR
    known = ~np.isnan(hours)
    counted = line.injury_row >= 0
    counted[counted] = known[line.injury_row[counted]]
    return {
        "hours": line.per_runner(np.nan_to_num(hours)),
        "weeks without hours": line.per_runner(~known),
        "injuries": np.bincount(line.injury_runner[counted], minlength=line.runners).astype(np.float64),
    }


class Incidence(NamedTuple):
    """Injuries per 1,000 h of running, and what was left out."""

    injuries: int
    hours: float
    per_1000_h: float
    interval: Interval
    """Exact, of a count (Garwood 1936)."""
    over_runners: Interval
    outside: int
    """Injuries outside of the record, or in a week whose hours are not known."""
    weeks_without_hours: int


def incidence(sums: Mapping[str, Floats], told: int) -> Incidence:
    """Injuries over hours of running, of all runners and of weeks whose hours are known.

    Args:
        sums: As ``hour_sums`` gives them, of all runners.
        told: Injuries that the list of runners tells.
    """
    number, hours = sums["injuries"], sums["hours"]
    total, events = float(hours.sum()), int(number.sum())
    scale = PER_HOURS / total if total else math.nan
    low, high = poisson(events)
    return Incidence(
        injuries=events, hours=total, per_1000_h=events * scale, interval=Interval(low * scale, high * scale),
        over_runners=over_runners(number * PER_HOURS, hours)[0], outside=told - events,
        weeks_without_hours=int(sums["weeks without hours"].sum()),
    )  # fmt: skip


class DaysLost(NamedTuple):
    """How long injuries took, of those of which it is known."""

    known: int
    unknown: int
    median: float
    total: float
    per_1000_h: float
    """NaN unless the days of all of them are known."""


def days_lost(lost: Floats, hours: float) -> DaysLost:
    """Days lost of the injuries within the record; NaN: not known."""
    known = lost[~np.isnan(lost)]
    whole = len(known) == len(lost) and hours > 0
    return DaysLost(
        known=len(known), unknown=len(lost) - len(known), median=float(np.median(known)) if len(known) else math.nan,
        total=float(known.sum()), per_1000_h=PER_HOURS * float(known.sum()) / hours if whole else math.nan,
    )  # fmt: skip
