"""Shoes: which pair is new, and how much of a week was run in it."""

from __future__ import annotations

import numpy as np
import pytest

from loadplan.daily import daily_load
from loadplan.shoes import is_big_change, new_shoe_share
from loadplan.weekly import weekly_load
from run_logs import a_log, a_run, day


def share(runs, until, **more):
    return new_shoe_share(daily_load(a_log(runs), day(until), **more)).iloc[-1]


OLD = [a_run(n, 8, shoe="old") for n in range(0, 20, 2)]


def week(*km_and_shoe, start=21):
    """One run on each of the next days."""
    return [*OLD, *(a_run(start + n, km, shoe=shoe) for n, (km, shoe) in enumerate(km_and_shoe))]


@pytest.mark.parametrize(("new_km", "expected"), [(14, 0.35), (13, 0.325)])
def test_golden_shares(new_km, expected):
    runs = week((6, "new"), (new_km - 6, "new"), (13, "old"), (27 - new_km, "old"))
    assert share(runs, 27)["share"] == pytest.approx(expected)


def test_the_first_pair_of_the_record_is_not_new():
    assert share([a_run(0, 5, shoe="a"), a_run(1, 5, shoe="a")], 1)["share"] == 0
    assert share([a_run(0, 5), a_run(30, 5, shoe="a"), a_run(31, 5, shoe="a")], 31)["share"] == 0


def test_a_pair_is_new_for_14_days_from_its_first_run():
    runs = [*OLD, a_run(20, 5, shoe="new"), a_run(33, 5, shoe="new"), a_run(34, 5, shoe="new")]
    table = daily_load(a_log(runs), day(34))
    assert (table["new_shoe_km"].iloc[33], table["new_shoe_km"].iloc[34]) == (5, 0)
    assert table["young_shoe_km"].iloc[34] == 5


def test_a_stated_first_day_wins_over_the_first_use_seen():
    runs = week((5, "new"), (5, "old"), (5, "new"))
    assert share(runs, 27)["share"] > 0.5
    assert share(runs, 27, shoes={"new": {"first_day": day(-100)}})["share"] == 0
    assert share([a_run(0, 5, shoe="a"), a_run(1, 5, shoe="a")], 1, shoes={"a": {"first_day": day(0)}})["share"] == 1


@pytest.mark.parametrize(("runs", "reason"), [
    ([a_run(21, 5, shoe="old")], "few_runs"),
    ([], "no_run"),
    ([a_run(21, 5), a_run(22, 5), a_run(23, 5, shoe="old")], "unknown_shoe"),
])  # fmt: skip
def test_a_share_that_cannot_be_known_says_why(runs, reason):
    found = share([*OLD, *runs], 27)
    assert np.isnan(found["share"])
    assert found["reason"] == reason


def test_a_quarter_of_unknown_shoes_is_borne():
    assert share([*OLD, a_run(21, 15, shoe="old"), a_run(22, 5)], 27)["reason"] is None
    assert share([*OLD, a_run(21, 15, shoe="old"), a_run(22, 5.1)], 27)["reason"] == "unknown_shoe"


def test_one_run_in_a_new_pair_the_shortest_is_always_fine():
    assert share(week((5, "new"), (6, "old")), 27)["allowed"]
    assert not share(week((6, "new"), (5, "old")), 27)["allowed"]
    assert not share(week((3, "new"), (3, "new"), (9, "old")), 27)["allowed"]


@pytest.mark.parametrize(("former", "new", "big"), [
    ({"drop_mm": 10}, {"drop_mm": 6}, True), ({"drop_mm": 10}, {"drop_mm": 6.1}, False),
    ({"stack_mm": 30}, {"stack_mm": 38}, True), ({"stack_mm": 30}, {"stack_mm": 37}, False),
    ({}, {"drop_mm": 0}, False), ({}, {"plated": True}, True), ({"plated": True}, {"plated": True}, False),
    ({}, {"minimalist": True}, True), ({"plated": True}, {}, False)])  # fmt: skip
def test_a_big_change_is_of_drop_stack_or_kind(former, new, big):
    assert is_big_change(former, new) is big


def test_a_very_different_pair_has_a_slow_schedule():
    shoes = {"old": {"drop_mm": 10}, "new": {"drop_mm": 0}}
    runs = [*week((8, "old"), (2, "new"), (8, "old")), *(a_run(28 + n, 5, shoe="new") for n in range(3))]
    table = daily_load(a_log(runs), day(90), shoes=shoes)
    assert table["big_shoe_limit"].iloc[22] == pytest.approx(0.1)
    assert table["big_shoe_limit"].iloc[[28, 29, 30]].tolist() == pytest.approx([0.1, 0.2, 0.2])
    found = new_shoe_share(table).iloc[27]
    assert (found["big_share"], found["big_limit"]) == (pytest.approx(2 / 18), pytest.approx(0.1))
    assert not found["big_allowed"]


def test_a_like_pair_has_none():
    shoes = {"old": {"drop_mm": 10}, "new": {"drop_mm": 8}}
    table = daily_load(a_log(week((8, "old"), (2, "new"))), day(27), shoes=shoes)
    assert table["big_shoe_limit"].isna().all()
    assert table["big_shoe_km"].sum() == 0


def test_the_days_on_which_a_pair_passes_500_and_800_km():
    table = daily_load(a_log([a_run(n, 30, shoe="a") for n in range(30)]), day(30))
    marks = [(n, mark) for n, mark in enumerate(table["worn_shoes"]) if mark]
    assert marks == [(16, (("a", 500.0, 510.0),)), (26, (("a", 800.0, 810.0),))]


def test_the_week_has_the_share_of_its_last_day():
    runs = week((6, "new"), (8, "new"), (13, "old"), (13, "old"))
    weeks = weekly_load(daily_load(a_log(runs), day(27)))
    assert weeks["new_shoe_share"].iloc[-1] == pytest.approx(0.35)
    assert weeks["new_shoe_share_reason"].iloc[-1] is None
