"""The edge: what people read and type, and what a stranger's text may do."""

from __future__ import annotations

import math
import unicodedata
from datetime import date, time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from loadplan import text, units


@pytest.mark.parametrize(
    ("seconds", "shown"),
    [
        (0, "0:00"),
        (59.6, "1:00"),
        (2890, "48:10"),
        (3599.7, "1:00:00"),
        (27827, "7:43:47"),
        (None, "-"),
        (math.nan, "-"),
    ],
)
def test_durations(seconds: float | None, shown: str) -> None:
    assert units.duration(seconds) == shown


def test_distances_in_km_and_miles() -> None:
    assert units.distance(10.0) == "10.0"
    assert units.distance(42.195, "mi") == "26.2"
    assert units.distance(None, "mi") == "-"


def test_pace_in_km_and_miles() -> None:
    assert units.pace(1500, 5000) == "5:00"
    assert units.pace(1500, 5000, "mi") == "8:03"
    assert units.pace(1500, 0) == units.pace(None, 5000) == units.pace(1500, math.nan) == "-"


def test_percentages_are_signed_and_whole() -> None:
    assert [units.percent(x) for x in (12.4, -12.6, 0.4, None, math.nan)] == ["+12%", "-13%", "0%", "-", "-"]


def test_days_and_times_as_typed() -> None:
    assert units.parse_day(" 2026-11-30 ") == date(2026, 11, 30)
    assert units.parse_time("18:30") == time(18, 30)
    for wrong in ("30.11.2026", "2026-02-30", "today", ""):
        with pytest.raises(ValueError, match="YYYY-MM-DD"):
            units.parse_day(wrong)
    with pytest.raises(ValueError, match="HH:MM"):
        units.parse_time("half past six")


@given(st.text(st.characters(codec=None)))
def test_no_text_can_steer_a_terminal(stranger: str) -> None:
    shown = text.clean(stranger)
    assert not any(unicodedata.category(c) in ("Cc", "Cs", "Zl", "Zp") for c in shown)
    assert not set(shown) & set("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200e\u200f\u061c\ufeff")
    assert text.clean(shown) == shown


def test_plain_letters_of_any_language_stay() -> None:
    for title in ("Course à pied", "ランニング", "Бег", "جري", "[bold]not markup[/bold]"):
        assert text.clean(title) == title


@pytest.mark.parametrize("start", ["=1+1", "+1", "-1", "@x", "\tx", "\rx"])
def test_no_cell_is_taken_for_a_formula(start: str) -> None:
    assert str(text.csv_cell(start)).startswith("'")


def test_numbers_in_a_cell_stay_numbers() -> None:
    assert [text.csv_cell(x) for x in (-3.5, 2, None, True)] == [-3.5, 2, None, True]


@given(st.text(), st.integers(4, 60))
def test_a_shortened_text_fits(stranger: str, room: int) -> None:
    assert text.columns_wide(text.shortened(text.clean(stranger), room)) <= room


def test_wide_letters_take_two_columns() -> None:
    assert text.columns_wide("ランニング") == 10
    assert text.shortened("ランニング", 5) == "ラン…"


@pytest.mark.parametrize(
    ("km", "miles"),
    [
        ("(32.0 against 16.0 km)", "(19.9 against 9.9 mi)"),
        ("at most 1 km", "at most 0.6 mi"),
        (
            "21.5 km (a tenth more than the last build week, 19.5 km)",
            "13.4 mi (a tenth more than the last build week, 12.1 mi)",
        ),
        ("40 % of the km of these 7 days", "40 % of the km of these 7 days"),
        ("You climbed 900 m this week", "You climbed 900 m this week"),
        ("km are told at 7:00 min/km", "km are told at 11:16 min/mi"),
    ],
)
def test_sentences_speak_the_reader_s_unit(km: str, miles: str) -> None:
    assert units.spoken(km, "mi") == miles
    assert units.spoken(km, "km") == km
