"""How a plan begins: the first run, the days off that are counted to it, the short week and relative rest."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given, settings
from usual_runners import EPS, MONDAY, RUNNERS, Runner, all_runs, past_of, usual

from plans import PastDay, Request, build_plan, load_protocol
from plans.protocol import OwnLimit


@pytest.mark.parametrize("days", range(7))
def test_a_start_inside_a_week_opens_a_short_week(days: int) -> None:
    start = MONDAY + timedelta(days=days)
    plan = build_plan(usual(40, 5), load_protocol("itb"), start, history=past_of(40, 5, 8, 1, start))
    first = plan.weeks[0]
    assert first.number == (1 if days == 0 else 0)
    assert first.start == MONDAY
    assert first.distance_km <= 24 * (7 - days) / 7 + EPS
    assert plan.weeks[1 if days else 0].distance_km == pytest.approx(24, rel=0.2)


def test_days_off_that_are_not_known_are_said_and_not_counted() -> None:
    stated = replace(usual(40, 4), stated=True, weeks=0)
    plan = build_plan(stated, load_protocol("patellofemoral"), MONDAY)
    assert plan.days_off is None
    assert any("days off are not known" in note for note in plan.notes)
    assert any(note.endswith("the next possible day.") for note in plan.notes)
    assert not any("counted" in note for note in plan.notes)


@pytest.mark.parametrize("off", [1, 42])
def test_an_early_onset_starts_the_ladder_at_its_first_level(off: int) -> None:
    past = past_of(40, 4, 8, off, MONDAY)
    plan = build_plan(usual(40, 4), load_protocol("itb"), MONDAY, request=Request(itb_onset_km=2), history=past)
    assert [one.level for one in all_runs(plan)[:3]] == [1, 1, 2]


def test_a_run_on_the_first_day_moves_the_plan_to_the_next() -> None:
    past = [*past_of(40, 4, 8, 0, MONDAY), PastDay(day=MONDAY, distance_km=5, minutes=30, longest_km=5, runs=1)]
    plan = build_plan(usual(40, 4), load_protocol("itb"), MONDAY, history=past)
    assert plan.weeks[0].number == 0
    first = all_runs(plan)[0].day
    assert first > MONDAY
    assert any(f"first run is on {first:%A} {first}" in note for note in plan.notes)


@pytest.mark.parametrize("long_day", range(7))
def test_a_ladder_of_one_run_a_week_begins_on_its_day(long_day: int) -> None:
    """A goal of 10 minutes holds one run of the first level; days off are counted to the long day."""
    thursday = MONDAY + timedelta(days=3)
    asked = Request(goal_km=1.7, long_day=long_day)
    plan = build_plan(
        usual(5, 5), load_protocol("general"), thursday, request=asked, history=past_of(5, 5, 8, 29, thursday)
    )
    first = all_runs(plan)[0].day
    assert first.weekday() == long_day
    assert plan.days_off == 29 + (first - thursday).days


@pytest.mark.parametrize("profile", ["itb", "patellar-tendon"])
def test_a_week_in_which_the_only_day_is_too_soon_is_not_the_first(profile: str) -> None:
    """A run on Sunday, and then one run a week, on Mondays: the next possible Monday is eight days later."""
    asked = Request(days_per_week=1, long_day=0, itb_onset_km=2)
    plan = build_plan(usual(20, 2), load_protocol(profile), MONDAY, request=asked, history=past_of(20, 2, 8, 0, MONDAY))
    assert all_runs(plan)[0].day == MONDAY + timedelta(days=7)
    assert [(week.number, week.runs) for week in plan.weeks[:2]] == [(0, 0), (1, 1)]


@pytest.mark.parametrize("start", range(7))
def test_the_ladder_does_not_begin_on_the_day_after_a_run(start: int) -> None:
    day = MONDAY + timedelta(days=start)
    past = past_of(40, 4, 8, 0, day)
    plan = build_plan(usual(40, 4), load_protocol("itb"), day, request=Request(itb_onset_km=2), history=past)
    assert plan.weeks[0].phase == "ladder"
    assert plan.days_off is not None
    assert plan.days_off >= 1


def test_a_short_week_leaves_a_day_without_a_run() -> None:
    """Six runs from Monday to Saturday, and a plan from Sunday on."""
    sunday = MONDAY + timedelta(days=6)
    past = [
        PastDay(day=day, distance_km=5 * on, minutes=30 * on, longest_km=5 * on, longest_min=30 * on, runs=on)
        for n in range(35, 0, -1)
        for day in [sunday - timedelta(days=n)]
        for on in [int(day.weekday() != 6)]
    ]
    before = replace(usual(30, 6), longest_km=5.0)
    plan = build_plan(before, load_protocol("general"), sunday, history=past)
    assert plan.weeks[0].number == 0
    assert plan.weeks[0].runs == 0
    assert all_runs(plan)[0].day == sunday + timedelta(days=1)


@settings(max_examples=60, deadline=None)
@given(RUNNERS)
def test_days_off_are_counted_to_the_first_run_of_the_plan(runner: Runner) -> None:
    plan, past = runner.plan(), runner.past()
    ran = [one.day for one in past if one.runs]
    first = all_runs(plan)[0].day
    assert plan.days_off == ((first - ran[-1]).days - 1 if ran else None)
    assert (first == plan.start) != any(f"first run is on {first:%A} {first}" in note for note in plan.notes)


@pytest.mark.parametrize(("off", "phase"), [(7, "relative_rest"), (28, "ladder")])
def test_fewer_runs_that_begin_later_are_what_the_days_off_are_counted_to(off: int, phase: str) -> None:
    """Six runs of 5 minutes would begin on Monday; half of that is three runs from Tuesday on."""
    past = past_of(5, 6, 8, off, MONDAY)
    asked = Request(worst_pain=5)
    plan = build_plan(usual(5, 6), load_protocol("patellofemoral"), MONDAY, request=asked, history=past)
    assert plan.days_off == (all_runs(plan)[0].day - MONDAY).days + off > off
    assert plan.weeks[0].phase == phase


def test_relative_rest_has_no_more_runs_than_before_whatever_is_wished() -> None:
    past = past_of(40, 4, 8, 1, MONDAY)
    asked = Request(worst_pain=4, days_per_week=7)
    plan = build_plan(usual(40, 4), load_protocol("patellofemoral"), MONDAY, request=asked, history=past)
    assert [week.runs for week in plan.weeks[:4]] == [4, 4, 5, 6]


@pytest.mark.parametrize("days", [1, 2, 3, None])
@pytest.mark.parametrize("known", [True, False])
def test_fewer_runs_in_relative_rest_are_no_longer_ones(days: int | None, known: bool) -> None:
    past = past_of(40, 4, 8, 1, MONDAY)
    asked = Request(worst_pain=4, days_per_week=days)
    before = usual(40, 4) if known else replace(usual(40, 4), longest_km=None)
    most = 0.6 * (before.longest_km or 10)
    plan = build_plan(before, load_protocol("patellofemoral"), MONDAY, request=asked, history=past)
    for week in plan.weeks[:2]:
        assert week.longest_km <= most + EPS
        assert week.distance_km == pytest.approx(min(24, (days or 4) * most))
        assert week.bound_by == ("relative_rest" if (days or 4) * most >= 24 - EPS else "session_cap")


def test_a_tendon_that_runs_less_often_than_every_other_day_runs_no_longer() -> None:
    past = past_of(40, 4, 8, 1, MONDAY)
    asked = Request(worst_pain=4, days_per_week=1)
    plan = build_plan(usual(40, 4), load_protocol("patellar-tendon"), MONDAY, request=asked, history=past)
    assert plan.weeks[0].distance_km == pytest.approx(0.6 * 40 / 3)


def test_strides_and_hills_wait_for_the_end_of_relative_rest_however_small_the_goal() -> None:
    past = past_of(40, 4, 8, 1, MONDAY)
    asked = Request(strides=True, goal_km=10, worst_pain=4)
    for own in ({}, {"rest_weeks": OwnLimit(value=3.0, source="ours")}):
        protocol = replace(load_protocol("itb"), limits=own)
        plan = build_plan(usual(40, 4, cadence_spm=None), protocol, MONDAY, request=asked, history=past)
        assert plan.weeks[0].distance_km == pytest.approx(10)
        assert {week.starts for week in plan.weeks if week.phase == "relative_rest"} == {None}
        assert {"hills", "strides"} <= {week.starts for week in plan.weeks}
    flat = build_plan(
        usual(40, 4, cadence_spm=None, descent_m=0.0), load_protocol("itb"), MONDAY, request=asked, history=past
    )
    assert next(week.phase for week in flat.weeks if week.starts == "strides") == "hold"
