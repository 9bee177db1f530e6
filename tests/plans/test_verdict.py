"""What a week's entries say about the next week."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from plans.pain import Light
from plans.plan import DiaryDay, Profile
from plans.verdict import Verdict, verdict

MONDAY = date(2026, 11, 30)


def told(*lights: tuple[int, str], mild: bool = False) -> list[DiaryDay]:
    return [DiaryDay(day=MONDAY + timedelta(days=n), light=light, mild_start=mild) for n, light in lights]


def week(diary: list[DiaryDay], profile: Profile = "patellofemoral", before: Light = Light.UNKNOWN) -> Verdict:
    days = {MONDAY + timedelta(days=n) for n in range(7)}
    return verdict(diary, MONDAY, MONDAY + timedelta(days=6), ran=days, profile=profile, before=before)


@pytest.mark.parametrize(
    ("lights", "kind"),
    [
        ([(1, "green")], "advance"),
        ([(1, "green"), (3, "amber")], "repeat"),
        ([(1, "amber"), (3, "amber")], "step_down"),
        ([(1, "amber"), (3, "green"), (5, "amber")], "repeat"),
        ([(-2, "amber"), (1, "amber")], "step_down"),
        ([(-2, "red"), (1, "amber")], "step_down"),
        ([(3, "red")], "step_down"),
        ([(1, "red"), (5, "red")], "cut"),
        ([(-5, "red"), (1, "red")], "cut"),
        ([(-6, "red"), (1, "red")], "step_down"),
        ([(1, "red"), (1, "red")], "cut"),
        ([], "repeat"),
    ],
)
def test_the_worst_entries_decide(lights: list[tuple[int, str]], kind: str) -> None:
    assert week(told(*lights)).kind == kind


def test_a_second_amber_week_in_a_row_steps_down() -> None:
    assert week(told((2, "amber")), before=Light.AMBER).kind == "step_down"


def test_without_an_entry_general_goes_on_and_pain_repeats() -> None:
    assert week([], "general").kind == "advance"
    assert week([], "itb").light is Light.UNKNOWN


def test_an_entry_of_a_day_without_a_run_does_not_move_the_plan_on() -> None:
    diary = told((1, "green"))
    assert verdict(diary, MONDAY, MONDAY, ran=set(), profile="itb").kind == "repeat"


def test_three_mild_starts_in_a_row_hold_the_week() -> None:
    assert week(told((1, "green"), (3, "green"), mild=True)).kind == "advance"
    assert week(told((1, "green"), (3, "green"), (5, "green"), mild=True)).kind == "repeat"


def test_later_entries_are_not_known_yet() -> None:
    assert week(told((1, "green"), (8, "red"))).kind == "advance"
