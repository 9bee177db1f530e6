"""From the diary and the screening to what the planner is told."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pandas as pd
import pytest

from importers.run import Run
from loadplan.cli.pain import ENTRY_KEYS
from loadplan.daily import daily_load
from loadplan.planning import SCORED, PlanStopError, Wish, make_plan, most_in_fewer_runs, pain_began, stated, worst_pain
from loadplan.runlog import log_table
from loadplan.store import Store
from plans.builder import PlanError
from plans.plan import Baseline

AS_OF = date(2026, 3, 29)


def hurt(day: date, during: float) -> dict[str, Any]:
    return {"day": day.isoformat(), "during": during}


def days_ago(n: int, during: float = 4) -> dict[str, Any]:
    return hurt(AS_OF - timedelta(days=n), during)


@pytest.mark.parametrize(
    ("diary", "began"),
    [
        ([], None),
        ([days_ago(9, 1), days_ago(2, 2)], None),
        ([days_ago(9)], 9),
        ([days_ago(30), days_ago(20, 1), days_ago(2)], 30),
        ([days_ago(31), days_ago(2)], 2),
        ([days_ago(84)], 84),
        ([days_ago(85)], None),
    ],
)
def test_one_pain_goes_back_while_its_entries_lie_within_four_weeks(
    diary: list[dict[str, Any]], began: int | None
) -> None:
    expected = None if began is None else AS_OF - timedelta(days=began)
    assert pain_began(diary, AS_OF, "general") == expected


def test_the_tendon_is_allowed_one_point_more() -> None:
    assert pain_began([days_ago(3, 3)], AS_OF, "patellar-tendon") is None
    assert pain_began([days_ago(3, 3)], AS_OF, "itb") == AS_OF - timedelta(days=3)


@pytest.fixture
def daily() -> pd.DataFrame:
    starts = [date(2026, 1, 5) + timedelta(days=n) for n in range(84) if n % 7 in (0, 2, 4, 6)]
    runs = [
        {"id": str(n), "start": f"{day}T07:00:00+00:00", "sport": "run", "distance_m": 8000.0, "moving_s": 2880.0}
        for n, day in enumerate(starts)
    ]
    return daily_load(log_table(runs), AS_OF)


def test_a_stop_ends_the_way_and_a_clinician_opens_it(daily: pd.DataFrame) -> None:
    wish = Wish(start=date(2026, 3, 30), profile="general")
    with Store.open(None) as store:
        assert make_plan(store, daily, wish, as_of=AS_OF)["screened"] is False
        store.add_screening(AS_OF, {"night_pain": True}, {})
        with pytest.raises(PlanStopError) as stop:
            make_plan(store, daily, wish, as_of=AS_OF)
        assert stop.value.result["level"] == "clinician"
        store.add_screening(AS_OF, {"night_pain": True}, {}, reason="MRI clear", clinician="Dr A")
        plan = make_plan(store, daily, wish, as_of=AS_OF)
    assert plan["screened"] is True
    assert "Stop lifted by Dr A: MRI clear" in plan["notes"]
    assert not any(week["warnings"] for week in plan["weeks"])


def test_the_profile_is_asked_described_or_of_the_protocol(daily: pd.DataFrame) -> None:
    wish = Wish(start=date(2026, 3, 30))
    with Store.open(None) as store:
        with pytest.raises(PlanError, match="--profile"):
            make_plan(store, daily, wish, as_of=AS_OF)
        store.add_screening(AS_OF, {"location": "outside"}, {})
        assert make_plan(store, daily, wish, as_of=AS_OF)["profile"] == "itb"


def test_the_worst_pain_is_that_of_the_run_the_hour_after_or_the_morning() -> None:
    assert worst_pain([{"during": 1.0, "after": 7.0, "morning": None}, {"during": 2.0}]) == 7.0
    assert worst_pain([{"swelling": True}]) is None


def test_pain_of_the_last_two_weeks_and_the_last_onset_reach_the_planner(daily: pd.DataFrame) -> None:
    with Store.open(None) as store:
        store.add_pain(AS_OF - timedelta(days=14), {"during": 7.0, "onset_km": 3.0})
        store.add_pain(AS_OF - timedelta(days=13), {"during": 4.0, "onset_km": 5.0})
        request = make_plan(store, daily, Wish(start=date(2026, 3, 30), profile="itb"), as_of=AS_OF)["request"]
        assert (request["worst_pain"], request["itb_onset_km"]) == (4.0, 5.0)


def test_nobody_who_never_ran_is_left_without_a_plan() -> None:
    with Store.open(None) as store:
        plan = make_plan(
            store, daily_load(log_table([]), AS_OF), Wish(start=date(2026, 3, 30), profile="general"), as_of=AS_OF
        )
    assert plan["weeks"][0]["phase"] == "ladder"


def test_what_the_runner_states_stands_in_place_of_the_log() -> None:
    base = Baseline(distance_km=32.0, minutes=192.0, runs_per_week=4.0, longest_km=12.0, pace_s_per_km=360.0, weeks=4)
    told = stated(base, Wish(start=AS_OF, usual_km=10.0, usual_runs=3))
    assert (told.distance_km, told.minutes, told.runs_per_week, told.longest_km) == (10.0, 60.0, 3.0, 10.0)
    assert told.stated
    assert stated(base, Wish(start=AS_OF)) is base


def test_a_statement_is_enough_for_a_plan_without_any_run() -> None:
    told = stated(Baseline(), Wish(start=AS_OF, usual_km=20.0))
    assert (told.distance_km, told.longest_km, told.minutes) == (20.0, None, None)


def test_fewer_runs_than_usual_do_not_make_longer_ones(daily: pd.DataFrame) -> None:
    wish = Wish(start=date(2026, 3, 30), profile="general", days=1)
    with Store.open(None) as store:
        plan = make_plan(store, daily, wish, as_of=AS_OF)
    assert plan["baseline"]["longest_km"] == pytest.approx(8)
    assert max(week["longest_km"] for week in plan["weeks"]) == pytest.approx(8)
    assert any("fewer runs a week than usual" in note for note in plan["notes"])


@pytest.mark.parametrize(
    ("days", "goal_km", "most"), [(None, None, None), (4, None, None), (2, None, 16), (2, 10, None)]
)
def test_only_a_wish_that_would_stretch_the_runs_lowers_the_goal(
    days: int | None, goal_km: float | None, most: float | None
) -> None:
    base = Baseline(distance_km=32.0, runs_per_week=4.0, longest_km=8.0)
    assert most_in_fewer_runs(base, Wish(start=AS_OF, days=days, goal_km=goal_km)) == most


def test_the_diary_shows_everything_that_decides_a_light() -> None:
    assert set(SCORED) < set(ENTRY_KEYS)


@pytest.mark.parametrize(
    ("new", "slow", "said"),
    [
        ({"drop_mm": 4.0, "stack_mm": 30.0}, True, "differs much from Old in drop, stack or plate"),
        ({"drop_mm": 10.0, "stack_mm": 38.0}, True, "differs much"),
        ({"plated": True}, True, "differs much"),
        ({"drop_mm": 9.0, "stack_mm": 30.0}, False, None),
        ({}, False, "is not known"),
    ],
)
def test_the_shoe_list_says_whether_a_new_pair_comes_in_slowly(
    daily: pd.DataFrame, new: dict[str, Any], slow: bool, said: str | None
) -> None:
    wish = Wish(start=date(2026, 3, 30), profile="general", new_shoe="New")
    with Store.open(None) as store:
        store.add_shoe("Old", drop_mm=10.0, stack_mm=30.0)
        if new:
            store.add_shoe("New", **new)
        for n in (20, 12, 5, 1):
            day = datetime.combine(AS_OF - timedelta(days=n), time(7), UTC)
            store.add_run(Run(start=day, utc_offset_s=0, sport="run", distance_m=8000.0, moving_s=2880.0, shoe="Old"))
        plan = make_plan(store, daily, wish, as_of=AS_OF)
    assert plan["request"]["big_shoe_change"] is slow
    told = " ".join(plan["notes"])
    assert (said in told) if said else ("New" not in told)


def test_without_a_pair_before_a_large_change_is_not_known(daily: pd.DataFrame) -> None:
    wish = Wish(start=date(2026, 3, 30), profile="general", new_shoe="New")
    with Store.open(None) as store:
        plan = make_plan(store, daily, wish, as_of=AS_OF)
    assert plan["request"]["big_shoe_change"] is False
    assert any("say --big-shoe-change" in note for note in plan["notes"])
