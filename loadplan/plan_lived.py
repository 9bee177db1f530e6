"""A plan beside the log, as the checker sees it: what is over is as it was run, what lies ahead as it is planned.

Of a week that is over no more counts than was planned and no more than was run. Shares no code with the planner.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING

from loadplan.plan_view import PlanView, SessionView, WeekView

if TYPE_CHECKING:
    import pandas as pd

DAYS_A_WEEK = 7
FLAT = frozenset({"relative_rest", "ladder"})


@dataclass(frozen=True, slots=True)
class RunDay:
    """One day of the log with running."""

    day: date
    km: float
    minutes: float
    longest_km: float
    runs: int


def lived_plan(plan: PlanView, daily: pd.DataFrame) -> PlanView:
    """The plan with its weeks up to ``planned_from`` as they were lived; one that was never updated as it is."""
    if plan.planned_from is None:
        return plan
    days = _run_days(daily, plan.start, plan.planned_from)
    weeks = tuple(_lived(plan, week, days) for week in plan.weeks)
    return replace(plan, weeks=weeks, before_km=_week_before(plan, daily))


def _week_before(plan: PlanView, daily: pd.DataFrame) -> float:
    import pandas as pd

    if not plan.weeks:
        return 0.0
    first = pd.Timestamp(plan.weeks[0].start)
    part = daily[(daily.index >= first - pd.Timedelta(days=DAYS_A_WEEK)) & (daily.index < first)]
    return float(part["distance_km"].sum())


def _run_days(daily: pd.DataFrame, first: date, before: date) -> list[RunDay]:
    """Days of the log with running, from ``first`` to the day before ``before``."""
    import pandas as pd

    part = daily[(daily.index >= pd.Timestamp(first)) & (daily.index < pd.Timestamp(before))]
    part = part[part["distance_km"] > 0]
    columns = ("distance_km", "duration_min", "longest_km", "runs")
    rows = zip(part.index, *(part[name].fillna(0).tolist() for name in columns), strict=True)
    return [RunDay(day.date(), km, minutes, longest, int(runs)) for day, km, minutes, longest, runs in rows]


def _lived(plan: PlanView, week: WeekView, days: list[RunDay]) -> WeekView:
    if not plan.is_over(week) and not plan.is_begun(week):
        return week
    begin = plan.planned_from
    ahead = tuple(run for run in week.runs if begin is not None and run.day >= begin)
    behind = [run for run in week.runs if run not in ahead]
    ran = [day for day in days if week.start <= day.day <= week.end]
    lived = tuple(_lived_run(one, planned) for one, planned in zip(ran, _planned_of(ran, behind), strict=True))
    runs = (*lived, *ahead)
    km = sum(run.distance_km for run in lived) if week.is_ladder else sum(day.km for day in ran)
    km += sum(run.distance_km for run in ahead)
    km = min(km, week.distance_km) if plan.is_over(week) else km
    begun = plan.is_begun(week)
    return replace(
        week,
        ascent_m=_metres(week, km, week.ascent_m, sum(run.ascent_m for run in ahead), begun=begun),
        descent_m=_metres(week, km, week.descent_m, sum(run.descent_m for run in ahead), begun=begun),
        distance_km=km,
        minutes=sum(run.minutes for run in runs),
        longest_km=max((run.distance_km for run in runs), default=0.0),
        runs=runs,
    )


def _metres(week: WeekView, km: float, planned: float, ahead: float, *, begun: bool) -> float:
    """Metres of a lived week: as many per km as were planned; where weeks are flat only what lies ahead counts."""
    if begun and week.phase in FLAT:
        return ahead
    return planned * km / week.planned_km if week.planned_km else 0.0


def _planned_of(ran: list[RunDay], planned: list[SessionView]) -> list[SessionView | None]:
    """The planned run of each day: that of the day itself, else the first that nothing was run for."""
    days = {day.day for day in ran}
    own = {run.day: run for run in planned if run.day in days}
    left = iter([run for run in planned if run.day not in own])
    return [own.get(day.day) or next(left, None) for day in ran]


def _lived_run(ran: RunDay, planned: SessionView | None) -> SessionView:
    """A day as it was run; no more than planned where something was."""
    if planned is None:
        return SessionView(
            day=ran.day, kind="run", minutes=ran.minutes, distance_km=ran.km, level=None, hills=False,
            ascent_m=0.0, descent_m=0.0, shoe=None, pattern=None,
        )  # fmt: skip
    return replace(
        planned,
        day=ran.day,
        minutes=min(planned.minutes, ran.minutes),
        distance_km=min(planned.distance_km, ran.km),
    )
