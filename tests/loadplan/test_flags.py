"""What a run's flags say in words."""

from __future__ import annotations

from importers import checks
from loadplan.cli.flags import FLAG_SENTENCES, climb_words, flag_words
from loadplan.cli.log import log_lines


def test_every_check_has_its_sentence() -> None:
    assert {code for code, _ in checks.CHECKS} <= set(FLAG_SENTENCES)


def test_each_flag_is_said_and_an_unknown_one_too() -> None:
    said = flag_words(("gaps", "something_new"))
    assert said == [f"gaps: {FLAG_SENTENCES['gaps']}", "something_new: something in it does not add up"]


def test_a_run_that_nobody_checked_says_so_and_one_that_adds_up_says_nothing() -> None:
    assert flag_words(()) == []
    assert flag_words(None) == ["not checked whether it adds up: import the file again"]


def test_climb_of_low_quality_is_never_shown_without_a_word() -> None:
    assert climb_words("gps:x", "low") == "climb from: gps:x; of low quality: altitude by GPS alone"
    assert climb_words("barometric:x", "good") == "climb from: barometric:x"
    assert climb_words(None, None) == "climb from: not recorded"


def test_the_log_marks_climb_of_low_quality_and_says_what_the_mark_means() -> None:
    row = {"start": "2026-03-02T12:00:00+00:00", "sport": "run", "distance_m": 5000.0, "moving_s": 1500.0} | {
        "cadence_spm": None, "shoe": None, "id": "a", "ascent_m": 52.0, "climb_quality": "good",
    }  # fmt: skip
    low, flat = row | {"climb_quality": "low"}, row | {"climb_quality": "low", "ascent_m": None}
    assert not any("~" in line for line in log_lines([row, flat], "km"))
    lines = log_lines([row, low, flat], "km")
    assert [line.split()[5] for line in lines[1:4]] == ["52", "~52", "-"]
    assert lines[-1] == "~ climb of low quality: altitude by GPS alone"
