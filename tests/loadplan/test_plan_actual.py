"""Plan against actual: sessions find their runs; cadence, climb, shoe and what was missed."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from some_plans import versions
from usual_runners import RUNS

from loadplan.plan_actual import cadence_compliance, match, with_actual

MONDAY = date(2026, 11, 30)
PLAN = versions()[0]
FIRST = [one for one in PLAN["weeks"][0]["sessions"] if one["kind"] in RUNS]


def row(day: date, km: float = 5.0, **more: Any) -> dict[str, Any]:
    known = {
        "id": day.isoformat(), "day": day.isoformat(), "distance_m": 1000 * km, "moving_s": 360 * km,
        "running_s": 350 * km, "ascent_m": 10.0, "descent_m": 10.0, "cadence_spm": 164.0, "shoe": None, "spread": None,
    }  # fmt: skip
    return known | more


def compared(*rows: dict[str, Any], as_of: date = MONDAY + timedelta(days=6)) -> dict[str, Any]:
    return with_actual(PLAN, rows, as_of)[0]


def test_a_session_has_the_run_of_its_day_and_the_week_their_sum() -> None:
    day = date.fromisoformat(FIRST[0]["day"])
    week = compared(row(day, 4.0), row(day, 1.0))
    session = next(one for one in week["sessions"] if one["day"] == day.isoformat() and one["kind"] in RUNS)
    assert session["actual"]["distance_km"] == pytest.approx(5.0)
    assert session["actual"]["running_minutes"] == pytest.approx(350 * 5 / 60)
    assert week["actual"]["distance_km"] == pytest.approx(5.0)
    assert (week["actual"]["runs"], week["actual"]["missed"]) == (2, len(FIRST) - 2), "Sunday is not over yet"


def test_a_run_of_the_day_before_or_after_belongs_to_a_session_and_others_are_not_planned() -> None:
    tuesday, wednesday, friday = MONDAY + timedelta(days=1), MONDAY + timedelta(days=2), MONDAY + timedelta(days=4)
    assert match([tuesday, friday], [wednesday, friday]) == {tuesday: wednesday, friday: friday}
    assert match([tuesday], [friday]) == {}


def test_what_lies_ahead_is_not_missed() -> None:
    week = with_actual(PLAN, [], MONDAY - timedelta(days=1))[0]
    assert (week["actual"], week["actual_reason"]) == (None, "not_yet")
    assert {one["actual_reason"] for one in week["sessions"]} == {"not_yet", "not_compared"}


def test_cadence_compliance_is_the_share_of_seconds_within_the_range() -> None:
    bins = "[null,null,[158,[60,0,0,120,0,0,0,0,0,0,0,0,20]]]"
    rows = [row(MONDAY, spread=bins)]
    assert cadence_compliance(rows, 160.0, 168.0) == (pytest.approx(120 / 200), None)


@pytest.mark.parametrize(("spm", "share"), [(164.0, 1.0), (150.0, 0.0)])
def test_without_seconds_by_cadence_the_mean_counts_and_says_so(spm: float, share: float) -> None:
    assert cadence_compliance([row(MONDAY, cadence_spm=spm)], 160.0, 168.0) == (share, "mean_of_the_run_only")


def test_unknown_cadence_and_no_target_are_not_zero() -> None:
    assert cadence_compliance([row(MONDAY, cadence_spm=None)], 160.0, 168.0) == (None, "not_recorded")
    assert cadence_compliance([row(MONDAY)], None, None) == (None, "no_target")


def test_an_unknown_distance_makes_the_sum_unknown() -> None:
    day = date.fromisoformat(FIRST[0]["day"])
    assert compared(row(day, distance_m=None))["actual"]["distance_km"] is None
