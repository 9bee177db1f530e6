"""The light of a pain entry."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plans import PROFILES, Light, PainError, Profile, pain_light, week_light
from plans.pain import counts_as_mild_start, holds_by_mild_starts

SCORE = st.integers(min_value=0, max_value=10)
ORDER = [Light.GREEN, Light.AMBER, Light.RED]


@pytest.mark.parametrize(
    ("during", "light"), [(0, "green"), (2, "green"), (2.5, "amber"), (4.9, "amber"), (5, "red"), (10, "red")]
)
def test_pain_during_the_run_decides(during: float, light: str) -> None:
    assert pain_light(during, 0, 0) == light


@pytest.mark.parametrize(("during", "light"), [(3, "green"), (4, "amber"), (5, "amber"), (5.5, "red")])
def test_a_tendon_is_allowed_one_point_more(during: float, light: str) -> None:
    assert pain_light(during, 0, 0, profile="patellar-tendon") == light


def test_pain_that_stays_beyond_the_hour_is_amber_and_one_that_stays_the_night_is_red() -> None:
    assert pain_light(1, 2, 0) == Light.AMBER
    assert pain_light(1, 2, 1) == Light.RED
    assert pain_light(1, 1, 1, usual=1) == Light.GREEN


def test_what_was_not_told_after_the_run_does_not_hold_back() -> None:
    assert pain_light(1) == Light.GREEN
    assert pain_light(3) == Light.AMBER


def test_a_bad_sign_is_red_whatever_the_score() -> None:
    for during in (0, None):
        assert pain_light(during, builds=True) == Light.RED
        assert pain_light(during, altered_stride=True) == Light.RED
        assert pain_light(during, swelling=True) == Light.RED


def test_no_entry_is_unknown_and_not_green() -> None:
    assert pain_light(None) == Light.UNKNOWN
    assert week_light([]) == Light.GREEN
    assert week_light([], profile="itb") == Light.UNKNOWN
    assert week_light([Light.UNKNOWN, Light.GREEN], profile="itb") == Light.GREEN


def test_a_mild_start_that_fades_is_green_but_three_in_a_row_hold() -> None:
    assert pain_light(3, 0, 0) == Light.AMBER
    assert pain_light(3, 0, 0, fades=True) == Light.GREEN
    mild = [counts_as_mild_start(3, fades=True), True, True]
    assert not holds_by_mild_starts(mild[:2])
    assert holds_by_mild_starts(mild)
    assert week_light([Light.GREEN], mild_starts=mild) == Light.AMBER
    assert not counts_as_mild_start(1, fades=True)
    assert not counts_as_mild_start(None, fades=True)


@pytest.mark.parametrize("score", [-1, 11, float("nan"), True])
def test_a_score_outside_the_scale_is_an_error(score: float) -> None:
    with pytest.raises(PainError, match="0 to 10"):
        pain_light(score)


@given(st.tuples(SCORE, SCORE, SCORE), st.tuples(SCORE, SCORE, SCORE), st.sampled_from(PROFILES))
def test_more_pain_is_never_a_better_light(
    scores: tuple[int, int, int], more: tuple[int, int, int], profile: Profile
) -> None:
    during, after, morning = (min(a + b, 10) for a, b in zip(scores, more, strict=True))
    worse = pain_light(during, after, morning, profile=profile)
    assert ORDER.index(worse) >= ORDER.index(pain_light(*scores, profile=profile))


@given(st.lists(st.sampled_from(list(Light)), min_size=1))
def test_the_worst_entry_is_the_light_of_the_week(lights: list[Light]) -> None:
    light = week_light(lights, profile="itb")
    assert light == (Light.RED if Light.RED in lights else Light.AMBER if Light.AMBER in lights else light)
