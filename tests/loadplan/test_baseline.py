"""The usual week before the pain or the break."""

from __future__ import annotations

from datetime import date, timedelta

import pandas as pd
import pytest

from loadplan.baseline import past_days, plan_baseline
from loadplan.daily import daily_load
from loadplan.runlog import log_table
from loadplan.weekly import weekly_load

MONDAY = date(2026, 1, 5)


def runs(*weeks: float, per_week: int = 3, **more: float) -> list[dict[str, object]]:
    """Runs on the first days of each week that sum up to its km, 6 min/km."""
    return [
        {
            "start": f"{MONDAY + timedelta(days=7 * w + 2 * n)}T07:00:00+00:00",
            "sport": "run",
            "distance_m": 1000 * km / per_week,
            "moving_s": 360 * km / per_week,
            **more,
        }
        for w, km in enumerate(weeks)
        if km
        for n in range(per_week)
    ]


def weeks_of(*weeks: float, **more: float) -> pd.DataFrame:
    last = MONDAY + timedelta(days=7 * len(weeks) - 1)
    return weekly_load(daily_load(log_table(runs(*weeks, **more)), last))


def test_a_week_half_seen_does_not_make_the_usual_week_smaller_nor_its_pace_slower() -> None:
    log = runs(30, 30, 30, 30)
    half = [run | {"distance_m": None} if n in (3, 6, 9) else run for n, run in enumerate(log)]
    assert plan_baseline(weekly_load(daily_load(log_table(half), MONDAY + timedelta(days=27)))).distance_km == 30
    four = runs(40, 40, 40, 40, per_week=4)
    quarter = [run | {"distance_m": None} if n % 4 == 3 else run for n, run in enumerate(four)]
    usual = plan_baseline(weekly_load(daily_load(log_table(quarter), MONDAY + timedelta(days=27))))
    assert (usual.distance_km, usual.minutes, usual.pace_s_per_km) == (30, 240, None)
    once = [run | {"distance_m": None} if n == 3 else run for n, run in enumerate(four)]
    usual = plan_baseline(weekly_load(daily_load(log_table(once), MONDAY + timedelta(days=27))))
    assert (usual.distance_km, usual.pace_s_per_km) == (40, 360)


def test_the_baseline_is_the_median_of_the_last_four_complete_weeks() -> None:
    assert plan_baseline(weeks_of(90, 30, 33, 36, 60)).distance_km == pytest.approx(34.5)


def test_empty_weeks_and_weeks_of_a_break_are_skipped() -> None:
    base = plan_baseline(weeks_of(30, 30, 30, 30, 0, 0, 0))
    assert base.distance_km == pytest.approx(30)
    assert base.last == MONDAY + timedelta(days=7 * 3 - 1)  # the break begins on the Saturday of the fourth week


def test_only_weeks_before_the_pain_count() -> None:
    base = plan_baseline(weeks_of(20, 20, 20, 20, 50, 50), before=MONDAY + timedelta(days=28))
    assert base.distance_km == pytest.approx(20)


def test_fewer_than_four_weeks_are_used_and_said() -> None:
    assert plan_baseline(weeks_of(20, 22)).weeks == 2


def test_the_baseline_looks_no_more_than_twelve_weeks_back() -> None:
    base = plan_baseline(weeks_of(80, 80, 80, *[0] * 11, 20))
    assert base.weeks <= 1


def test_the_pace_is_minutes_over_km_of_the_weeks_used() -> None:
    assert plan_baseline(weeks_of(20, 20)).pace_s_per_km == pytest.approx(360)


def test_what_was_not_recorded_is_none() -> None:
    base = plan_baseline(weeks_of(20, 20))
    assert (base.descent_m, base.cadence_spm) == (None, None)


def test_a_recorded_flat_week_is_zero_and_not_unknown() -> None:
    assert plan_baseline(weeks_of(20, 20, descent_m=0.0)).descent_m == 0


def test_without_a_run_there_is_no_baseline() -> None:
    assert plan_baseline(weekly_load(daily_load(log_table([]), MONDAY))).distance_km is None


def test_past_days_have_rest_days_and_unknown_climb() -> None:
    days = past_days(daily_load(log_table(runs(9)), MONDAY + timedelta(days=6)))
    assert [d.distance_km for d in days] == pytest.approx([3, 0, 3, 0, 3, 0, 0])
    assert days[0].descent_m is None
