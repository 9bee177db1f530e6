"""Six worked plans from outside, week by week and session by session."""

from __future__ import annotations

import json
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from plans import Baseline, PastDay, Plan, Request, build_plan, load_protocol

GOLDEN = json.loads((Path(__file__).resolve().parents[1] / "data" / "golden_plans.json").read_text())
MONDAY = date(2026, 11, 30)
RUNS = ("run", "run_walk", "long", "hills", "strides")
KM = 0.01
METRES = 0.1


def history(rows: list[list[float]], pace: float) -> list[PastDay]:
    by_day = {int(row[0]): row for row in rows}
    first = min(by_day)
    days = []
    for n in range(first, 0):
        km, descent = by_day[n][1:3] if n in by_day else (0.0, 0.0)
        days.append(
            PastDay(
                day=MONDAY + timedelta(days=n),
                distance_km=km,
                minutes=km * pace,
                longest_km=km,
                longest_min=km * pace,
                runs=int(km > 0),
                ascent_m=descent,
                descent_m=descent,
            )
        )
    return days


def golden_plan(case: dict[str, Any]) -> Plan:
    given = case["input"]
    base, pace = given["baseline"], given["pace_min_per_km"]
    baseline = Baseline(
        distance_km=base["km"],
        minutes=base["km"] * pace,
        runs_per_week=base["runs"],
        longest_km=base["longest"],
        ascent_m=base["descent"],
        descent_m=base["descent"],
        cadence_spm=given["cadence_baseline_spm"],
        pace_s_per_km=pace * 60,
        weeks=base["weeks"],
    )
    request = Request(
        profile=given["profile"],
        worst_pain=given["pain_during"] or None,
        itb_onset_km=given["itb_onset_km"],
        goal_km=given["goal_km"],
    )
    past = history(given["history"], pace)
    return build_plan(baseline, load_protocol(given["profile"]), MONDAY, request=request, history=past)


@pytest.fixture(params=GOLDEN["plans"], ids=lambda case: case["name"])
def pair(request: pytest.FixtureRequest) -> tuple[dict[str, Any], Plan]:
    return request.param, golden_plan(request.param)


def test_full_load_and_length_are_the_worked_ones(pair: tuple[dict[str, Any], Plan]) -> None:
    case, plan = pair
    assert plan.full_load_week == case["full_load_week"]
    assert plan.weeks[-1].number == case["last_week"]


def test_every_week_is_the_worked_one(pair: tuple[dict[str, Any], Plan]) -> None:
    case, plan = pair
    for worked, week in zip(case["weeks"], plan.weeks, strict=True):
        for key in ("number", "phase", "recovery", "runs", "bound_by", "starts", "cadence_target_spm"):
            assert getattr(week, key) == worked[key], (week.number, key)
        assert week.distance_km == pytest.approx(worked["distance_km"], abs=KM)
        assert week.longest_km == pytest.approx(worked["longest_km"], abs=KM)
        assert week.minutes == pytest.approx(worked["minutes"], abs=0.1)
        assert week.descent_m == pytest.approx(worked["descent_m"], abs=METRES)


def test_every_session_is_the_worked_one(pair: tuple[dict[str, Any], Plan]) -> None:
    case, plan = pair
    for worked, week in zip(case["weeks"], plan.weeks, strict=True):
        runs = [one for one in week.sessions if one.kind in RUNS]
        assert [(one.day - MONDAY).days for one in runs] == [day for day, _ in worked["sessions"]]
        assert [one.distance_km for one in runs] == pytest.approx([km for _, km in worked["sessions"]], abs=KM)
        if worked["ladder_levels"]:
            assert [one.level for one in runs] == worked["ladder_levels"]


def test_the_metres_of_the_sessions_are_those_of_the_week(pair: tuple[dict[str, Any], Plan]) -> None:
    _, plan = pair
    for week in plan.weeks:
        runs = [one for one in week.sessions if one.kind in RUNS]
        assert sum(one.descent_m or 0 for one in runs) == pytest.approx(week.descent_m)
        assert sum(one.ascent_m or 0 for one in runs) == pytest.approx(week.ascent_m)
