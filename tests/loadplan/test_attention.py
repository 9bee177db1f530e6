"""The one ranking: which reason goes before which, and who stands before whom."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from loadplan.attention import (
    AMBER,
    INJURED,
    NO_DATA,
    PARTLY,
    QUIET_RANK,
    RED,
    STOP,
    STRONG,
    UNREAD,
    WARN,
    Reason,
    Spoken,
    beyond,
    injured,
    order_of,
    ranked,
    without_run,
)
from loadplan.cohort.coach import in_words, reasons, table

TODAY = date(2026, 3, 25)
QUIET_ROW = {"runner": "a", "status": "ok", "last_day": "2026-03-24", "injuries": None, "rejected": 0, "found": 9}


def spoken(level: str, name: str = "acwr-high", when: str = "2026-03-16") -> Spoken:
    return Spoken(name, level, when)


def test_what_presses_more_goes_first() -> None:
    assert STOP < INJURED < RED < STRONG < AMBER < WARN < UNREAD < NO_DATA < PARTLY < QUIET_RANK


def test_information_alone_is_no_reason_to_look() -> None:
    assert not list(beyond([spoken("info")]))


def test_a_rule_that_spoke_twice_is_named_once_with_both_weeks() -> None:
    (one,) = beyond([spoken("warn"), spoken("warn", when="2026-03-23")])
    assert one.text == "Beyond a suggested limit in the week of 2026-03-16 and of 2026-03-23: acwr-high."
    assert (one.line, one.count) == ("warn: acwr-high", 1)


def test_an_injury_stands_first_until_it_is_over() -> None:
    began = TODAY - timedelta(days=10)
    assert list(injured(began, 10, TODAY))
    assert not list(injured(began, 9, TODAY))
    assert list(injured(TODAY - timedelta(days=27), None, TODAY))
    assert not list(injured(TODAY - timedelta(days=28), None, TODAY))
    assert not list(injured(TODAY + timedelta(days=1), None, TODAY))


def test_silence_is_told_after_two_weeks() -> None:
    assert not list(without_run(TODAY - timedelta(days=13), TODAY))
    assert [one.text for one in without_run(TODAY - timedelta(days=14), TODAY)] == [
        "No run for 14 days; the last one is of 2026-03-11."
    ]
    assert [one.text for one in without_run(None, TODAY)] == ["No run is recorded."]


@pytest.mark.parametrize(
    ("more", "line"),
    [
        ({}, "Nothing goes beyond a suggested limit."),
        ({"recent": {"warnings": [["acwr-high", "strong", "2026-03-16"]]}}, "strong: acwr-high"),
        ({"injuries": "2026-03-20"}, "injured on 2026-03-20"),
        ({"injuries": "2026-01-02 2026-03-01/2026-03-25"}, "injured on 2026-03-01"),
        ({"injuries": "2026-02-01/2026-04-30 2026-03-01/2026-03-02"}, "injured on 2026-02-01"),
        ({"status": "failed", "reason": "bad_zip 1", "last_day": None}, "nothing could be read: bad zip"),
        ({"status": "partly", "reason": "bad_crc 2", "rejected": 2}, "2 of 9 not read: bad crc (2)"),
        ({"last_day": "2026-01-01"}, "no run since 2026-01-01"),
    ],
)
def test_each_runner_of_a_cohort_has_a_line_with_the_reason(more: dict[str, object], line: str) -> None:
    assert table([QUIET_ROW | more], TODAY)[0]["attention"] == line


def test_a_runner_of_whom_nothing_is_known_is_not_quiet() -> None:
    row = QUIET_ROW | {"status": "failed", "reason": None, "last_day": None}
    assert [one.level for one in reasons(row, TODAY)] == ["info"]


REASONS = st.lists(st.builds(Reason, rank=st.integers(0, 90), text=st.just("x"), level=st.just("warn"),
                             count=st.integers(1, 9)), max_size=4)  # fmt: skip


@given(REASONS, REASONS)
def test_the_smaller_rank_stands_first_whatever_the_names(one: list[Reason], other: list[Reason]) -> None:
    first, second = ranked(one), ranked(other)
    ranks = [some[0].rank if some else QUIET_RANK for some in (first, second)]
    if ranks[0] < ranks[1]:
        assert order_of(first, "z") < order_of(second, "a")


@given(st.permutations(range(6)))
def test_the_table_knows_no_order_of_the_runners(order: list[int]) -> None:
    rows = [
        QUIET_ROW | {"runner": "quiet"},
        QUIET_ROW | {"runner": "one", "recent": {"warnings": [["ascent", "warn", "2026-03-16"]]}},
        QUIET_ROW | {"runner": "two", "recent": {"warnings": [[n, "warn", "2026-03-16"] for n in ("ascent", "x")]}},
        QUIET_ROW | {"runner": "hurt", "injuries": "2026-03-20"},
        QUIET_ROW | {"runner": "unread", "status": "failed", "reason": "bad_zip 1", "last_day": None},
        QUIET_ROW | {"runner": "also one", "recent": {"warnings": [["ascent", "warn", "2026-03-16"]]}},
    ]
    found = table([rows[n] for n in order], TODAY)
    assert [row["runner"] for row in found] == ["hurt", "two", "also one", "one", "unread", "quiet"]
    assert [row["rank"] for row in found] == [1, 2, 3, 4, 5, 6]


@pytest.mark.parametrize(("reason", "words"), [
    (None, "no activity"), ("no_activities", "no activity"), ("table 1", "no activity"),
    ("bad_zip 1", "bad zip"), ("bad_crc 2, picture 1, table 3", "bad crc (2), no activity (4)"),
])  # fmt: skip
def test_reasons_of_files_are_told_in_words(reason, words):
    assert in_words(reason) == words
