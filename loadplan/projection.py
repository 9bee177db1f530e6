"""A plan as the same daily table as the past, so that one ruler judges both."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from itertools import groupby
from typing import Any, Final

import numpy as np
import pandas as pd

from loadplan.daily import DAILY_COLUMNS, WEEK_STARTS, week_numbers
from loadplan.measures import SUMMED
from loadplan.plan_view import PlanView, SessionView, WeekView, read_plan
from loadplan.sessions import is_judged, long_runs
from loadplan.shoes import day_number

PLANNED: Final = ("distance", "duration", "ascent", "descent", "fast")
"""Amounts that a plan states; the others of a planned day are not known."""
NEEDS_A_RUN: Final = ("shortest_km", "cadence_spm", "cadence_speed_m_s", "big_shoe_limit")
"""Columns that are unknown on a day without a run."""
EMPTY: Final[dict[str, Any]] = {"object": None, "bool": False, "int64": 0, "float64": 0.0}
REST: Final[dict[str, Any]] = {
    name: np.nan if name in NEEDS_A_RUN else EMPTY[dtype] for name, dtype in DAILY_COLUMNS.items()
}
"""A day without a run: loads 0."""


def project_plan(plan_json: Mapping[str, Any], daily: pd.DataFrame, *, week_start: str = "mon") -> pd.DataFrame:
    """Put the planned days behind the days before the plan.

    Args:
        plan_json: A plan as ``plan show --format json`` gives it.
        daily: The past, as ``daily_load`` gives it. Days from the plan's start on are left out, but for a start day
            that was already run on and has no planned run; days between the two are rest days.
        week_start: ``mon`` or ``sun``: in which weeks long runs are looked for.

    Returns:
        A daily table without gaps to the end of the plan's last week; planned days carry ``phase`` and ``recovery``.

    Raises:
        ValueError: when ``plan_json`` is not a plan.
    """
    plan = read_plan(plan_json)
    begin = pd.Timestamp(plan.start)
    if begin in daily.index and plan.start not in {s.day for s in plan.runs}:
        begin += pd.Timedelta(days=1)
    if plan.planned_from is not None:
        begin = max(begin, pd.Timestamp(plan.planned_from))
    past = _marked(daily[daily.index < begin], plan)
    if not plan.weeks:
        return past
    begin = max(begin, pd.Timestamp(plan.weeks[0].start))
    since = past.index[-1] + pd.Timedelta(days=1) if len(past) else begin
    between = pd.date_range(since, periods=max(0, (begin - since).days))
    parts = [
        past,
        _days_off(between),
        _planned_days(plan, begin, week_start),
    ]
    return pd.concat([part for part in parts if len(part)])


def _marked(past: pd.DataFrame, plan: PlanView) -> pd.DataFrame:
    """The days of the log that lie in weeks of the plan, with the phase that was planned for them."""
    lived = [week for week in plan.weeks if plan.is_over(week) or plan.is_begun(week)]
    if not lived:
        return past
    past = past.copy()
    for week in lived:
        days = (past.index >= pd.Timestamp(max(week.start, plan.start))) & (past.index <= pd.Timestamp(week.end))
        past.loc[days, "phase"] = week.phase
        past.loc[days, "recovery"] = week.recovery
    return past


def _planned_days(plan: PlanView, begin: pd.Timestamp, week_start: str) -> pd.DataFrame:
    days = pd.date_range(begin, plan.weeks[-1].end)
    first = begin.toordinal()
    columns = _rest_days(len(days))
    week_of: dict[int, WeekView] = {}
    for week in plan.weeks:
        at = slice(max(week.start.toordinal() - first, 0), max(week.end.toordinal() - first + 1, 0))
        columns["phase"][at], columns["recovery"][at] = week.phase, week.recovery
        week_of |= dict.fromkeys(range(at.start, at.stop), week)
    ahead = [run for run in plan.runs if plan.is_ahead(run) and run.day.toordinal() >= first]
    for day, runs in groupby(ahead, key=lambda s: s.day):
        at_day = day.toordinal() - first
        for name, value in _loads(list(runs), week_of[at_day]).items():
            columns[name][at_day] = value
    for day, count in _long_run_days(plan, week_start).items():
        if day.toordinal() >= first:
            columns["long_runs"][day.toordinal() - first] = count
    return pd.DataFrame(columns, index=pd.DatetimeIndex(days, name="day"))


def _days_off(days: pd.DatetimeIndex) -> pd.DataFrame:
    return pd.DataFrame(_rest_days(len(days)), index=pd.DatetimeIndex(days, name="day"))


def _rest_days(count: int) -> dict[str, Any]:
    """Columns of so many days without a run."""
    return {name: np.full(count, REST[name], dtype=dtype) for name, dtype in DAILY_COLUMNS.items()}


def _loads(runs: list[SessionView], week: WeekView) -> dict[str, Any]:
    """The columns of one planned day with runs."""
    minutes, km = sum(s.minutes for s in runs), [s.distance_km for s in runs]
    unstated = [name for name in SUMMED if name not in PLANNED]
    return {
        "runs": len(runs),
        "distance_km": sum(km),
        "duration_min": minutes,
        "ascent_m": sum(s.ascent_m for s in runs),
        "descent_m": sum(s.descent_m for s in runs),
        "longest_km": max(km),
        "longest_min": max(s.minutes for s in runs),
        "judged_km": float(np.where(is_judged(np.array(km), np.array([s.minutes for s in runs])), km, 0.0).max()),
        "shortest_km": min(km),
        "shoe_known_km": sum(s.distance_km for s in runs if s.shoe),
        "shoe_unknown_km": sum(s.distance_km for s in runs if not s.shoe),
        "shoe_runs": sum(1 for s in runs if s.shoe),
        "cadence_spm": np.nan if week.cadence_spm is None else week.cadence_spm,
        "cadence_min": minutes if week.cadence_spm else 0.0,
        **{SUMMED[name]: np.nan for name in unstated},
        **{f"{name}_missing": len(runs) for name in unstated},
    }


def _long_run_days(plan: PlanView, week_start: str) -> dict[date, int]:
    """Days of the plan with long runs, and how many."""
    runs = plan.runs
    if not runs:
        return {}
    weeks = week_numbers(np.array([day_number(s.day) for s in runs]), WEEK_STARTS[week_start])
    km, minutes = np.array([s.distance_km for s in runs]), np.array([s.minutes for s in runs])
    found: dict[date, int] = {}
    for run, long in zip(runs, long_runs(weeks - weeks.min(), km, minutes).tolist(), strict=True):
        if long:
            found[run.day] = found.get(run.day, 0) + 1
    return found
