"""What a run's flags say in words."""

from __future__ import annotations

from importers import checks
from loadplan.cli.flags import FLAG_SENTENCES, climb_words, flag_words


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
