"""The usual week before the pain or the break, and the past day by day: what the planner knows of the runner."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Final

import numpy as np
import pandas as pd

from loadplan.measures import MEASURE_COLUMNS
from plans.evidence import limit
from plans.plan import Baseline, PastDay

SECONDS_A_MINUTE: Final = 60


def plan_baseline(weeks: pd.DataFrame, *, before: date | None = None) -> Baseline:
    """The median of the last four complete weeks before the pain or the break.

    Empty weeks and weeks touched by a break are skipped; at most twelve weeks back from the last week with a run; fewer
    than four are used, and ``weeks`` says how many. A week with a run of unknown distance or time gives that amount
    only where no other week does.

    Args:
        weeks: As ``weekly_load`` gives it.
        before: First day of the pain; only weeks that end before it count. None: all weeks.

    Returns:
        Distances in km, time in minutes, pace in s/km over the weeks used; None where not recorded. All None without
        a week to rest on.

    Example:
        >>> from datetime import date
        >>> from loadplan import daily_load, plan_baseline, weekly_load
        >>> from loadplan.runlog import log_table
        >>> runs = [{"start": f"2026-03-{d:02}T07:00:00+00:00", "sport": "run", "distance_m": 9000, "moving_s": 3240}
        ...         for d in (2, 4, 6, 9, 11, 13)]
        >>> base = plan_baseline(weekly_load(daily_load(log_table(runs), date(2026, 3, 15))))
        >>> base.distance_km, base.runs_per_week, base.weeks
        (27.0, 3.0, 2)
    """
    used = _weeks_used(weeks, before)
    if used.empty:
        return Baseline()
    km, minutes = _whole(used, "distance"), _whole(used, "duration")
    first, last = used.index[0].date(), used.index[-1].date() + timedelta(days=6)
    return Baseline(
        distance_km=_median(km if km.notna().any() else used["distance_km"]),
        minutes=_median(minutes if minutes.notna().any() else used["duration_min"]),
        runs_per_week=_median(used["runs"]),
        longest_km=_median(used["longest_km"]),
        ascent_m=_median(used["ascent_m"]),
        descent_m=_median(used["descent_m"]),
        cadence_spm=_median(used["cadence_spm"]),
        pace_s_per_km=_pace(km, minutes),
        first=first,
        last=last,
        weeks=len(used),
    )


def _weeks_used(weeks: pd.DataFrame, before: date | None) -> pd.DataFrame:
    if weeks.empty:
        return weeks
    past = weeks[weeks.index <= pd.Timestamp(before) - pd.Timedelta(days=7)] if before else weeks
    ran = past[past["runs"] > 0]
    if ran.empty:
        return ran
    oldest = ran.index[-1] - pd.Timedelta(weeks=int(limit("baseline_lookback_weeks")) - 1)
    whole = past["whole"] & past["complete"] & ~past["break_week"] & (past["runs"] > 0) & (past.index >= oldest)
    used: pd.DataFrame = past[whole].tail(int(limit("baseline_weeks")))
    return used


def _whole(used: pd.DataFrame, measure: str) -> pd.Series[float]:
    """Sums of the weeks of which every run is known; of the others NaN."""
    return used[MEASURE_COLUMNS[measure]].where(used[f"{measure}_missing"] == 0)


def _median(column: pd.Series[float]) -> float | None:
    value = column.dropna().median()
    return None if pd.isna(value) else float(value)


def _pace(distance_km: pd.Series[float], duration_min: pd.Series[float]) -> float | None:
    """Seconds per km over the weeks used that have both distance and time."""
    both = distance_km.notna() & duration_min.notna()
    km, minutes = distance_km[both].sum(), duration_min[both].sum()
    return float(minutes * SECONDS_A_MINUTE / km) if km > 0 and minutes > 0 else None


def past_days(daily: pd.DataFrame) -> tuple[PastDay, ...]:
    """The daily table as plain days for the planner, rest days included; climb None where it was not recorded."""
    km, minutes = _zeroed(daily, "distance_km"), _zeroed(daily, "duration_min")
    longest, longest_min = _zeroed(daily, "longest_km"), _zeroed(daily, "longest_min")
    runs = daily["runs"].to_numpy(dtype="int64").tolist()
    up, down = _optional(daily, "ascent_m"), _optional(daily, "descent_m")
    return tuple(
        PastDay(
            day=day.date(),
            distance_km=km[i],
            minutes=minutes[i],
            longest_km=longest[i],
            longest_min=longest_min[i],
            runs=runs[i],
            ascent_m=up[i],
            descent_m=down[i],
        )
        for i, day in enumerate(daily.index)
    )


def _zeroed(daily: pd.DataFrame, column: str) -> list[float]:
    return [0.0 if np.isnan(x) else float(x) for x in daily[column].to_numpy(dtype="float64")]


def _optional(daily: pd.DataFrame, column: str) -> list[float | None]:
    return [None if np.isnan(x) else float(x) for x in daily[column].to_numpy(dtype="float64")]
