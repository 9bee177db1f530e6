"""Plans of random and of odd runners against what no plan may break; the limits are worked out again here."""

from __future__ import annotations

import json
from datetime import date, timedelta
from itertools import pairwise
from time import perf_counter

import pytest
from hypothesis import given, settings
from usual_runners import EPS, MONDAY, RUNNERS, Runner, all_runs, past_of, runs_of, usual

from plans import PROFILES, Baseline, PastDay, Plan, PlanError, Request, Week, build_plan, load_protocol


@settings(max_examples=200, deadline=None)
@given(RUNNERS)
def test_no_plan_breaks_what_a_plan_must_keep(runner: Runner) -> None:
    plan = runner.plan()
    for week in plan.weeks:
        keeps_the_week(plan, week)
    keeps_the_order(plan)
    keeps_the_growth(plan)
    keeps_the_ratio(plan, runner.past())
    keeps_the_longest(plan)


@settings(max_examples=20, deadline=None)
@given(RUNNERS)
def test_a_plan_is_plain_data_and_the_same_again(runner: Runner) -> None:
    assert json.dumps(runner.plan().as_json()) == json.dumps(runner.plan().as_json())


def keeps_the_week(plan: Plan, week: Week) -> None:
    runs = runs_of(week)
    assert week.why
    assert week.bound_by
    assert plan.target_km is not None
    assert week.distance_km <= plan.target_km + EPS
    assert week.distance_km == pytest.approx(sum(one.distance_km or 0 for one in runs), abs=EPS)
    assert week.runs == len(runs) == len({one.day for one in runs}) <= 6
    assert all((one.minutes or 0) >= 5 - EPS for one in runs)
    assert all(plan.start <= one.day and week.start <= one.day < week.start + timedelta(days=7) for one in runs)
    assert sum(one.kind == "long" for one in runs) <= 1
    if week.number > 0:
        assert runs
        assert any(one.kind == "rest" or one.kind == "strength" for one in week.sessions)


def keeps_the_order(plan: Plan) -> None:
    runs = all_runs(plan)
    assert [one.day for one in runs] == sorted(one.day for one in runs)
    for one, other in pairwise(runs):
        gap = (other.day - one.day).days
        if one.level and other.level:
            assert gap >= 2
        if {one.kind, other.kind} & {"long"} and {one.kind, other.kind} & {"hills", "strides"}:
            assert gap >= 2
    first = next((week.number for week in plan.weeks if week.phase != "ladder" and week.number), 1)
    if plan.profile == "patellar-tendon":
        careful = [week for week in plan.weeks if week.number < first + (2 if first > 1 else 4)]
        for one, other in pairwise([run for week in careful for run in runs_of(week)]):
            assert (other.day - one.day).days >= 2


def keeps_the_growth(plan: Plan) -> None:
    build, runs, added = None, None, None
    pace = 60 * (plan.target_minutes or 0) / (plan.target_km or 1)
    for week in plan.weeks:
        if week.number == 0:
            continue
        if build is not None and week.phase not in ("ladder", "relative_rest"):
            floor = min(5 * 60 / pace, 1) if build < 15 else 0
            assert week.distance_km <= max(1.1 * build, build + floor) + EPS
        if week.recovery and build is not None:
            assert week.distance_km <= max(0.8 * build, 5 * 60 / pace) + EPS
        if runs is not None:
            assert week.runs <= runs + 1
        if runs is not None and week.runs > runs and week.phase != "ladder" and plan.profile == "patellar-tendon":
            assert added is None or week.number - added >= 2 or week.runs <= 3
            added = week.number
        build, runs = (build if week.recovery else week.distance_km), week.runs


def keeps_the_ratio(plan: Plan, past: list[PastDay]) -> None:
    """Uncoupled 7:28 on the last day of each full week, where it is judged at all."""
    km = {day.day: day.distance_km for day in past} | {one.day: one.distance_km or 0 for one in all_runs(plan)}
    ladder = {week.start for week in plan.weeks if week.phase == "ladder"}
    ran = sorted(day for day, one in km.items() if one > 0)
    ends = [other - timedelta(days=1) for one, other in pairwise(ran) if (other - one).days > 7]
    for week in plan.weeks:
        last = week.start + timedelta(days=6)
        before = [week.start - timedelta(days=n) for n in range(1, 29)]
        chronic = sum(km.get(day, 0) for day in before) / 4
        grey = any(end <= last and (last - end).days < 35 for end in ends) or chronic < 5
        grey = grey or (last - min(km)).days + 1 < 35
        if week.number and not grey and not {week.start - timedelta(days=7 * n) for n in range(5)} & ladder:
            assert week.distance_km <= 1.3 * chronic + EPS


def keeps_the_longest(plan: Plan) -> None:
    """No run over 1.10 x the longest of the plan's last five weeks; 10 minutes are always allowed."""
    pace = (plan.target_minutes or 0) / (plan.target_km or 1)
    for n, week in enumerate(plan.weeks):
        before = [week.longest_km for week in plan.weeks[max(0, n - 5) : n]]
        if week.number > 1 and week.phase != "ladder" and any(before):
            assert week.longest_km <= max(1.1 * max(before), 10 / pace) + EPS


@pytest.mark.parametrize("profile", PROFILES)
@pytest.mark.parametrize("off", [0, 1, 7, 8, 14, 15, 28, 29, 84, 85, 120])
def test_every_length_of_break_gets_a_plan(profile: str, off: int) -> None:
    plan = build_plan(usual(30, 5), load_protocol(profile), MONDAY, history=past_of(30, 5, 8, off, MONDAY))
    to_first = plan.days_off or 0
    assert to_first - off in (0, 1, 2)  # a tendon runs three times, from Tuesday or Wednesday
    assert plan.weeks[0].phase == (
        "ladder" if to_first > 28 else "rebuild" if profile == "general" else "relative_rest"
    )
    assert plan.full_load_week is not None
    assert 12 <= plan.weeks[-1].number <= 52


@pytest.mark.parametrize(
    ("pain", "profile", "share"),
    [(2, "itb", 0.7), (3, "itb", 0.6), (5, "itb", 0.5), (None, "itb", 0.6), (3, "patellar-tendon", 0.7),
     (5, "patellar-tendon", 0.6), (6, "patellar-tendon", 0.5)],
)  # fmt: skip
def test_pain_sets_the_first_dose(pain: float | None, profile: str, share: float) -> None:
    plan = build_plan(
        usual(40, 3), load_protocol(profile), MONDAY, request=Request(worst_pain=pain),
        history=past_of(40, 3, 8, 1, MONDAY),
    )  # fmt: skip
    assert [week.distance_km for week in plan.weeks[:2]] == pytest.approx([share * 40] * 2)


def test_the_screening_can_ask_for_the_smallest_dose() -> None:
    asked = Request(worst_pain=0, smallest_factor=True)
    for profile in ("itb", "general"):
        plan = build_plan(
            usual(40, 3), load_protocol(profile), MONDAY, request=asked, history=past_of(40, 3, 8, 1, MONDAY)
        )
        assert plan.weeks[0].distance_km == pytest.approx(20)
        assert any("smallest" in note for note in plan.notes)


def test_nothing_known_still_gets_a_plan_and_says_what_is_missing() -> None:
    for baseline in (None, Baseline(), Baseline(distance_km=1.0, minutes=7.0, runs_per_week=1.0, weeks=4)):
        plan = build_plan(baseline, load_protocol("general"), MONDAY)
        assert plan.weeks[0].phase == "ladder"
        assert runs_of(plan.weeks[0])[0].level == 1
        assert plan.target_minutes == pytest.approx(90)
        assert any("pace is not known" in note for note in plan.notes) == (baseline is None or not baseline.minutes)
        assert any("No usual week" in note for note in plan.notes)
    one_run = past_of(5, 1, 1, 0, MONDAY)
    assert build_plan(Baseline(), load_protocol("itb"), MONDAY, history=one_run).weeks[0].phase == "ladder"


@pytest.mark.parametrize("km", [5, 150])
@pytest.mark.parametrize("runs", range(2, 8))
def test_very_little_and_very_much_get_a_plan(km: float, runs: int) -> None:
    for profile in PROFILES:
        plan = build_plan(
            usual(km, runs), load_protocol(profile), MONDAY, history=past_of(km, min(runs, 6), 8, 3, MONDAY)
        )
        assert plan.full_load_week is not None


def test_somebody_without_pain_is_not_asked_about_the_knee() -> None:
    said = {
        profile: [line for week in build_plan(None, load_protocol(profile), MONDAY).weeks for line in week.checkpoints]
        for profile in PROFILES
    }
    assert [profile for profile, lines in said.items() if any("Is the knee better" in line for line in lines)] == [
        profile for profile in PROFILES if profile != "general"
    ]
    assert any("feel easier" in line for line in said["general"])


def test_a_goal_below_the_usual_week_is_full_load() -> None:
    past = past_of(40, 4, 8, 1, MONDAY)
    plan = build_plan(usual(40, 4), load_protocol("itb"), MONDAY, request=Request(goal_km=15), history=past)
    assert max(week.distance_km for week in plan.weeks) == pytest.approx(15)
    assert plan.weeks[0].bound_by == "goal"
    above = build_plan(usual(40, 4), load_protocol("itb"), MONDAY, request=Request(goal_km=60), history=past)
    assert max(week.distance_km for week in above.weeks) == pytest.approx(40)
    assert any("lies beyond" in note for note in above.notes)


def test_weeks_asked_for_are_given_and_the_honest_week_is_said() -> None:
    past = past_of(40, 4, 8, 1, MONDAY)
    for weeks in (4, 20, 60):
        plan = build_plan(usual(40, 4), load_protocol("itb"), MONDAY, request=Request(weeks=weeks), history=past)
        assert plan.weeks[-1].number == weeks
    short = build_plan(usual(40, 4), load_protocol("itb"), MONDAY, request=Request(weeks=4), history=past)
    assert short.full_load_week is None
    assert any("would be week 9" in note for note in short.notes)


def test_a_wished_day_that_cannot_be_met_is_named_with_the_earliest() -> None:
    past = past_of(40, 4, 8, 1, MONDAY)
    asked = Request(goal_date=MONDAY + timedelta(weeks=4))
    plan = build_plan(usual(40, 4), load_protocol("itb"), MONDAY, request=asked, history=past)
    assert plan.full_load_week == 9
    assert any("the earliest day is 2027-01-31" in note and "a tenth more" in note for note in plan.notes)


def test_the_onset_distance_binds_and_the_first_run_past_it_is_named() -> None:
    past = past_of(40, 4, 8, 1, MONDAY)
    plan = build_plan(usual(40, 4), load_protocol("itb"), MONDAY, request=Request(itb_onset_km=6), history=past)
    assert {week.bound_by for week in plan.weeks[:2]} == {"itb_onset"}
    assert max(week.longest_km for week in plan.weeks[:2]) <= 3.6 + EPS
    assert any("first run past 6 km" in note for note in plan.notes)
    early = build_plan(usual(40, 4), load_protocol("itb"), MONDAY, request=Request(itb_onset_km=2), history=past)
    assert early.weeks[0].phase == "ladder"


def test_a_week_can_be_read_without_asking() -> None:
    past = past_of(40, 4, 8, 1, MONDAY)
    plan = build_plan(usual(40, 4), load_protocol("patellofemoral"), MONDAY, history=past)
    for week in plan.weeks:
        kinds = [one.kind for one in week.sessions]
        assert kinds.count("strength") == 3
        assert "cross" in kinds
        assert "rest" in kinds
        for one in runs_of(week):
            assert one.steps[0].startswith("5 min brisk walk")
            assert one.steps[-1] == "2 min walk"
            assert one.walk_minutes == 7
    eve = [one.day for week in plan.weeks for one in week.sessions if one.kind == "strength"]
    assert not any(day.weekday() == 5 for day in eve)
    said = [line for week in plan.weeks for line in week.checkpoints]
    assert any("two weeks ago" in line for line in said)
    assert any("strongly advised" in line for line in said)
    assert plan.what_to_do
    assert plan.what_to_watch


@settings(max_examples=60, deadline=None)
@given(RUNNERS)
def test_strength_that_is_not_daily_has_a_day_between_and_is_not_on_the_eve_of_the_long_run(runner: Runner) -> None:
    days: dict[str, list[date]] = {}
    for week in runner.plan().weeks:
        eves = {one.day - timedelta(days=1) for one in runs_of(week) if one.kind == "long"}
        for one in week.sessions:
            if one.kind == "strength" and not one.steps[0].startswith("Stage 1"):
                days.setdefault(one.steps[0].split(",")[0], []).append(one.day)
                assert one.day not in eves
    for each in days.values():
        assert all((other - one).days >= 2 for one, other in pairwise(each))


def test_six_runs_a_week_still_leave_three_days_of_strength() -> None:
    past = past_of(60, 6, 8, 1, MONDAY)
    plan = build_plan(usual(60, 6), load_protocol("itb"), MONDAY, history=past)
    six = [week for week in plan.weeks if week.runs == 6]
    assert six
    assert all(sum(one.kind == "strength" for one in week.sessions) == 3 for week in six)


def test_the_step_of_cross_training_does_not_repeat_its_minutes() -> None:
    plan = build_plan(None, load_protocol("itb"), MONDAY)
    cross = [one for week in plan.weeks for one in week.sessions if one.kind == "cross"]
    assert {one.steps for one in cross} == {
        ("easy light cycling at a high cadence or swimming or running in deep water",)
    }
    assert {one.minutes for one in cross} == {30}


def test_form_findings_choose_drills() -> None:
    plan = build_plan(None, load_protocol("general"), MONDAY, request=Request(form=("overstride",)))
    drills = [line for one in plan.weeks[0].sessions for line in one.drills]
    assert any(line.startswith("A-skip 3x30 m") for line in drills)


def test_strides_come_last() -> None:
    past = past_of(40, 4, 8, 1, MONDAY)
    plan = build_plan(usual(40, 4), load_protocol("itb"), MONDAY, request=Request(strides=True), history=past)
    starts = [week.starts for week in plan.weeks if week.starts]
    assert starts[-1] == "strides"
    assert starts.count("strides") == 1


@pytest.mark.parametrize(
    "asked",
    [{"days_per_week": 0}, {"days_per_week": 8}, {"weeks": 0}, {"goal_km": 0.0}, {"goal_km": float("nan")},
     {"itb_onset_km": -1.0}, {"long_day": 7}, {"goal_km": 0.5}],
)  # fmt: skip
def test_a_wish_that_is_no_plan_is_refused(asked: dict[str, object]) -> None:
    with pytest.raises(PlanError):
        build_plan(usual(40, 4), load_protocol("general"), MONDAY, request=Request(**asked))  # type: ignore[arg-type]


def test_a_start_before_the_last_known_day_is_refused() -> None:
    with pytest.raises(PlanError, match="before the last known day"):
        build_plan(usual(40, 4), load_protocol("general"), MONDAY, history=[PastDay(day=MONDAY + timedelta(days=1))])


def test_a_plan_is_quick() -> None:
    past = past_of(40, 5, 780, 1, MONDAY)
    begin = perf_counter()
    build_plan(usual(40, 5), load_protocol("patellofemoral"), MONDAY, history=past)
    assert perf_counter() - begin < 2  # a floor against accidents; benchmarks measure


def test_a_first_ladder_week_cut_short_is_followed_by_one_run_more_and_not_two() -> None:
    late = Runner(
        km=5.0, runs=5, weeks=1, off=25, pace=4.0, start=MONDAY,
        request=Request(profile="patellar-tendon", long_day=5),
    )  # fmt: skip
    assert [week.runs for week in late.plan().weeks[:2]] == [1, 2]
