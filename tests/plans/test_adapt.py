"""A plan adapts to what was run and how it felt: it holds, repeats, steps down, is cut, and never runs ahead."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from usual_runners import MONDAY, past_of, runs_of, usual

from plans import DiaryDay, PastDay, Plan, PlanError, Profile, Request, Week, adapt_plan, build_plan, load_protocol
from plans.kept import read_plan
from plans.kinder import kinder_diaries

KM = 0.01
PAIN = {"green": 1.0, "amber": 3.0, "red": 6.0}
WEEK = timedelta(days=7)


class Runner:
    """One runner with a plan, living by it."""

    def __init__(self, profile: Profile = "patellofemoral", km: float = 40.0, runs: int = 4, off: int = 1) -> None:
        self.protocol = load_protocol(profile)
        self.past = past_of(km, runs, 10, off, MONDAY)
        request = Request(profile=profile, worst_pain=None if profile == "general" else 3.0, screened=True)
        self.plan = build_plan(usual(km, runs), self.protocol, MONDAY, request=request, history=self.past)
        self.ran: dict[date, PastDay] = {}
        self.diary: list[DiaryDay] = []

    def run(self, day: date, km: float, light: str | None = "green") -> None:
        self.ran[day] = PastDay(
            day=day, distance_km=km, minutes=6 * km, longest_km=km, longest_min=6 * km, runs=1, ascent_m=0, descent_m=0
        )
        if light is not None:
            self.diary.append(DiaryDay(day=day, light=light, worst=PAIN[light]))

    def live(self, number: int, lights: str | None = "green", share: float = 1.0, runs: int = 9) -> None:
        """Run a week as planned, ``share`` of each of its first ``runs`` runs; ``lights`` is the last one's."""
        sessions = runs_of(week(self.plan, number))[:runs]
        for one in sessions:
            light = lights if one is sessions[-1] or lights is None else "green"
            self.run(one.day, share * (one.distance_km or 0.0), light)

    def update(self, as_of: date, original: Plan | None = None) -> Plan:
        first = self.past[0].day
        days = {day.day: day for day in self.past} | self.ran
        history = [
            days.get(first + timedelta(days=n), PastDay(day=first + timedelta(days=n)))
            for n in range((as_of - first).days + 1)
        ]
        diary = sorted(self.diary, key=lambda one: one.day)
        return adapt_plan(self.plan, self.protocol, as_of, history=history, diary=diary, original=original)


def week(plan: Plan, number: int) -> Week:
    return next(one for one in plan.weeks if one.number == number)


def end_of(number: int) -> date:
    return MONDAY + number * WEEK - timedelta(days=1)


def days_of(number: int) -> list[date]:
    return [end_of(number) - timedelta(days=n) for n in range(7)]


def sizes(plan: Plan, first: int) -> list[float]:
    return [one.distance_km for one in plan.weeks if one.number >= first]


@pytest.mark.parametrize("profile", ["patellofemoral", "general", "patellar-tendon", "itb"])
@pytest.mark.parametrize("off", [1, 10, 40])
def test_run_as_planned_and_green_the_plan_stays_what_it_was(profile: Profile, off: int) -> None:
    runner = Runner(profile, off=off)
    for number in (1, 2, 3):
        runner.live(number)
    for day in (end_of(1), end_of(2) - timedelta(days=3), end_of(3)):
        updated = runner.update(day)
        assert updated.changes == ()
        assert sizes(updated, 4) == pytest.approx(sizes(runner.plan, 4), abs=KM)
        assert updated.full_load_week == runner.plan.full_load_week


def test_amber_repeats_the_week() -> None:
    runner = Runner()
    for number, light in ((1, "green"), (2, "green"), (3, "amber")):
        runner.live(number, light)
    updated = runner.update(end_of(3))
    assert week(updated, 4).distance_km == pytest.approx(week(runner.plan, 3).distance_km, abs=KM)
    assert (week(updated, 4).phase, week(updated, 4).bound_by) == ("hold", "pain_light")
    done = week(updated, 3).done
    assert done is not None
    assert done.verdict == "repeat"
    assert week(updated, 4).starts is None, "nothing new starts after amber"


def test_a_red_light_steps_down_to_four_fifths() -> None:
    runner = Runner()
    for number, light in ((1, "green"), (2, "green"), (3, "red")):
        runner.live(number, light)
    updated = runner.update(end_of(3))
    assert week(updated, 4).distance_km == pytest.approx(0.8 * week(runner.plan, 3).distance_km, abs=KM)
    assert updated.changes[0].week == 4
    assert "red light" in updated.changes[0].why


def test_two_red_lights_bring_back_the_first_dose_for_two_weeks_and_a_physio() -> None:
    runner = Runner()
    for number in (1, 2, 3, 4):
        runner.live(number)
    runner.diary[-1] = DiaryDay(day=runner.diary[-1].day, light="red", worst=6.0)
    runner.diary[-2] = DiaryDay(day=runner.diary[-2].day, light="red", worst=6.0)
    updated = runner.update(end_of(4))
    five, six = week(updated, 5), week(updated, 6)
    assert five.phase == "relative_rest"
    assert five.distance_km <= 0.7 * week(runner.plan, 4).distance_km + KM
    assert five.distance_km <= 0.5 * 40 + KM, "at the worst pain of the last fourteen days"
    assert six.phase == "recovery", "a recovery week of the calendar stays one"
    assert any("physiotherapist" in note for note in updated.notes)


def test_after_a_red_light_in_the_middle_of_a_week_a_day_is_free_and_the_rest_is_smaller() -> None:
    runner = Runner()
    runner.live(1)
    tuesday = runs_of(week(runner.plan, 2))[0]
    runner.run(tuesday.day, tuesday.distance_km or 0.0, "red")
    updated = runner.update(tuesday.day)
    left = [one for one in runs_of(week(updated, 2)) if one.day > tuesday.day]
    planned = [one for one in runs_of(week(runner.plan, 2)) if one.day > tuesday.day]
    assert left[0].day > tuesday.day + timedelta(days=1)
    assert left[-1].distance_km == pytest.approx(0.8 * (planned[-1].distance_km or 0.0), abs=KM)
    assert "rest one or two days" in " ".join(week(updated, 2).checkpoints)


def test_more_than_planned_never_speeds_the_plan_up() -> None:
    runner = Runner()
    for number in (1, 2, 3):
        runner.live(number, share=1.3)
    updated = runner.update(end_of(3))
    for before, now in zip(sizes(runner.plan, 4), sizes(updated, 4), strict=False):
        assert now <= before + KM


def test_one_short_week_is_repeated_at_the_level_run_before_and_two_are_a_new_level() -> None:
    one, two = Runner(), Runner()
    for runner in (one, two):
        for number in (1, 2, 3):
            runner.live(number)
    one.live(4, runs=2)
    assert week(one.update(end_of(4)), 5).distance_km <= week(one.plan, 3).distance_km + KM
    two.live(4, share=0.5)
    two.live(5, share=0.5)
    half = max(0.5 * week(two.plan, n).distance_km for n in (4, 5))
    updated = two.update(end_of(5))
    assert week(updated, 6).recovery
    assert week(updated, 7).distance_km <= 1.1 * half + KM


def test_a_week_of_which_a_little_is_missing_is_planned_again_as_it_was() -> None:
    runner = Runner()
    for number in (1, 2, 3):
        runner.live(number)
    runner.live(4, share=0.88)
    assert week(runner.update(end_of(4)), 5).distance_km == pytest.approx(week(runner.plan, 4).distance_km, abs=KM)


def test_who_runs_three_times_a_week_and_not_four_gets_a_plan_of_three_runs() -> None:
    runner = Runner("general", off=10)
    original, full = runner.plan, 40.0
    for number in range(1, 12):
        runner.live(number, runs=3)
        runner.plan = runner.update(end_of(number), original)
    assert [len(runs_of(week(runner.plan, n))) for n in (1, 4, 11)] == [4, 3, 3]
    assert week(runner.plan, 11).distance_km > 0.75 * full, "what was run is kept, and grows again"
    assert any("3 runs a week now" in note for note in runner.plan.notes)


def test_a_run_more_than_planned_brings_the_run_back() -> None:
    runner = Runner("general", off=10)
    original = runner.plan
    for number in range(1, 5):
        runner.live(number, runs=3)
        runner.plan = runner.update(end_of(number), original)
    runner.live(5)
    runner.run(min(set(days_of(5)) - set(runner.ran)), 3.0)
    assert len(runs_of(week(runner.update(end_of(5), original), 6))) == 4


def test_runs_that_pain_stopped_leave_the_number_of_runs_as_it_was() -> None:
    runner = Runner()
    for number in (1, 2):
        runner.live(number)
    for number in (3, 4):
        runner.live(number, "amber", runs=2)
    assert max(len(runs_of(one)) for one in runner.update(end_of(4)).weeks if one.done is None) == 4


def test_what_was_run_ahead_of_a_red_light_counts_as_what_the_light_allowed() -> None:
    told, late = Runner(), Runner()
    for runner in (told, late):
        for number in (1, 2):
            runner.live(number)
        runner.live(3, "red")
        runner.live(4)
        runner.live(5)
    assert week(late.update(end_of(5)), 7).distance_km <= 0.8 * week(late.plan, 3).distance_km * 1.1**3 + KM


@pytest.mark.parametrize("place", [1, 5, 9, 13])
@pytest.mark.parametrize("light", ["amber", "red"])
@pytest.mark.parametrize("day", [end_of(4), end_of(4) - timedelta(days=3)])
def test_a_worse_entry_never_makes_what_comes_next_larger(place: int, light: str, day: date) -> None:
    runner = Runner()
    for number in (1, 2, 3, 4):
        runner.live(number, runs=3 + number % 2, share=0.8 + 0.1 * number)
    kinder = runner.update(day)
    runner.diary[place] = DiaryDay(day=runner.diary[place].day, light=light, worst=PAIN[light])
    for better, worse in zip(kinder.weeks, runner.update(day).weeks, strict=False):
        if better.done is None and not {"ladder", "recovery"} & {better.phase, worse.phase}:
            assert worse.distance_km <= better.distance_km + KM


def test_a_diary_is_taken_back_entry_by_entry_the_newest_hurt_last() -> None:
    lights = ["amber", "green", "red", "green"]
    told = [DiaryDay(day=MONDAY + timedelta(days=n), light=light) for n, light in enumerate(lights)]
    kinder = [[one.light for one in diary] for diary in kinder_diaries(told)]
    assert kinder == [
        ["green", "green", "green", "green"],
        ["amber", "green", "green", "green"],
        ["amber", "green", "amber", "green"],
    ]


@pytest.mark.parametrize(("days", "share"), [(10, 0.75), (20, 0.60)])
def test_after_days_off_the_plan_goes_on_from_the_layoff_factor(days: int, share: float) -> None:
    runner = Runner("general", off=10)
    for number in (1, 2, 3):
        runner.live(number)
    last = max(runner.ran)
    updated = runner.update(last + timedelta(days=days))
    ahead = next(one for one in updated.weeks if one.done is None and one.start > last + timedelta(days=days))
    if not ahead.recovery:
        assert ahead.distance_km <= share * week(runner.plan, 3).distance_km + KM


def test_after_more_than_28_days_off_the_way_leads_over_the_ladder() -> None:
    runner = Runner()
    for number in (1, 2, 3):
        runner.live(number)
    updated = runner.update(max(runner.ran) + timedelta(days=40))
    ahead = [one for one in updated.weeks if one.done is None]
    assert ahead[0].phase == "ladder"
    assert any("walking and short runs" in note for note in updated.notes)


def test_no_entry_repeats_a_week_of_pain_and_not_a_general_one() -> None:
    pain, general = Runner(), Runner("general", off=10)
    for runner in (pain, general):
        for number in (1, 2, 3):
            runner.live(number, None)
    assert week(pain.update(end_of(3)), 4).distance_km <= week(pain.plan, 3).distance_km + KM
    assert general.update(end_of(3)).changes == ()


def test_on_the_ladder_amber_repeats_a_level_and_red_goes_one_down() -> None:
    levels = {}
    for light in ("green", "amber", "red"):
        runner = Runner(off=40)
        runner.live(1, light)
        levels[light] = runs_of(week(runner.update(end_of(1)), 2))[0].level
    down, again, up = (levels[light] or 0 for light in ("red", "amber", "green"))
    assert 0 < down < again <= up


def test_two_poor_weeks_of_relative_rest_lead_to_the_ladder() -> None:
    runner = Runner()
    runner.live(1, "amber")
    runner.live(2, "amber")
    updated = runner.update(end_of(2))
    three = week(updated, 3)
    assert three.phase == "ladder"
    assert three.minutes <= 0.8 * week(runner.plan, 2).minutes + 1
    assert all((one.level or 0) <= 4 for one in runs_of(three)[:2])


def test_advice_after_two_and_after_six_weeks_without_change() -> None:
    runner = Runner()
    for number in range(1, 8):
        runner.live(number, "green")
    runner.diary = [DiaryDay(day=one.day, light="amber", worst=3.0) for one in runner.diary]
    assert any("please see a physiotherapist" in note for note in runner.update(end_of(2)).notes)
    assert any("strongly advised" in note for note in runner.update(end_of(7)).notes)
    better = Runner()
    for number in range(1, 8):
        better.live(number)
    assert not any("physiotherapist is strongly" in note for note in better.update(end_of(7)).notes)


def test_the_original_stays_and_an_update_of_an_update_reads_it() -> None:
    runner = Runner()
    original = runner.plan
    runner.live(1, "red")
    runner.plan = runner.update(end_of(1))
    runner.live(2)
    first = runner.past[0].day
    days = {day.day: day for day in runner.past} | runner.ran
    history = [days.get(first + timedelta(days=n), PastDay(day=first + timedelta(days=n))) for n in range(90)]
    again = adapt_plan(runner.plan, runner.protocol, end_of(2), history=history, diary=runner.diary, original=original)
    assert week(again, 1).done == week(runner.plan, 1).done
    assert again.changes == ()
    assert {one.original_km for one in runner.plan.changes} <= {one.distance_km for one in original.weeks} | {None}


def test_a_plan_that_was_kept_is_read_back_as_it_was() -> None:
    runner = Runner("itb")
    runner.live(1, "amber")
    updated = runner.update(end_of(1))
    assert read_plan(updated.as_json()) == updated
    with pytest.raises(ValueError, match="not a plan"):
        read_plan({"weeks": []})


def test_a_plan_that_is_over_is_not_updated() -> None:
    runner = Runner()
    with pytest.raises(PlanError, match="over"):
        runner.update(MONDAY + 60 * WEEK)
