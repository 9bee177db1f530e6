"""Red flags, levels and profiles."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plans import QUESTIONS, ScreenError, screen_answers
from plans.screen import FLAGS_OF_LEVEL, PLACES

BY_LEVEL = {
    "emergency": ["chest_symptoms", "hot_red_fever", "deformity", "cannot_lift_leg", "numb_foot"],
    "same_day": ["calf_swelling", "twist_pop_swelling", "cannot_bear_weight", "cannot_bend_90", "locking"],
    "clinician": ["night_pain", "constant_pain", "weight_loss", "bone_pain", "hip_or_groin_pain"],
    "physio": ["giving_way", "swelling", "overnight_swelling", "catching"],
    "guided": ["surgery_6_months", "pregnant"],
}
YES_NO = [key for keys in BY_LEVEL.values() for key in keys]


@pytest.mark.parametrize(("level", "key"), [(level, key) for level, keys in BY_LEVEL.items() for key in keys])
def test_each_flag_has_its_level_and_stops(level: str, key: str) -> None:
    found = screen_answers({key: True})
    assert (found.level, found.flags, found.stops) == (level, (key,), True)
    assert found.advice


def test_no_flag_no_stop() -> None:
    found = screen_answers({})
    assert (found.level, found.flags, found.stops) == ("none", (), False)
    assert screen_answers(dict.fromkeys(YES_NO, False)).level == "none"


@pytest.mark.parametrize(
    ("place", "profile"),
    [("front", "patellofemoral"), ("outside", "itb"), ("below", "patellar-tendon"), ("none", "general")],
)
def test_the_place_chooses_the_profile(place: str, profile: str) -> None:
    assert screen_answers({"location": place}).profile == profile


def test_a_place_that_was_not_told_is_no_profile() -> None:
    """Unknown is not "none"."""
    assert screen_answers({}).profile is None
    assert screen_answers({"swelling": False, "daily_life_pain": 3}).profile is None


@pytest.mark.parametrize("place", ["inside", "behind"])
def test_an_ache_inside_or_behind_means_no_plan(place: str) -> None:
    found = screen_answers({"location": place})
    assert (found.level, found.stops, found.profile) == ("physio", True, None)


@pytest.mark.parametrize("answers", [{"daily_life_pain": 6}, {"weeks_without_improvement": 2}])
def test_two_physio_flags_only_ask_for_the_smallest_factor(answers: dict[str, object]) -> None:
    found = screen_answers(answers)
    assert (found.level, found.stops, found.smallest_factor) == ("physio", False, True)


def test_at_the_limits() -> None:
    assert screen_answers({"daily_life_pain": 5}).level == "none"
    assert screen_answers({"weeks_without_improvement": 1}).level == "none"
    assert screen_answers({"age": 18}).level == "none"
    assert screen_answers({"age": 17}).level == "guided"


def test_six_weeks_are_advised_strongly() -> None:
    assert any("strongly" in line for line in screen_answers({"weeks_without_improvement": 6}).advice)


@given(st.sets(st.sampled_from(YES_NO)))
def test_the_most_urgent_flag_sets_the_level(keys: set[str]) -> None:
    found = screen_answers(dict.fromkeys(sorted(keys), True))
    levels = [level for level, flags in FLAGS_OF_LEVEL.items() if keys & set(flags)]
    assert found.level == (levels[0] if levels else "none")
    assert set(found.flags) == keys


@pytest.mark.parametrize(
    ("answers", "says"),
    [
        ({"knee": True}, "unknown key 'knee'"),
        ({"swelling": 1}, "swelling: the answer is true or false"),
        ({"swelling": "yes"}, "true or false"),
        ({"swelling": None}, "true or false"),
        ({"location": "top"}, "one of front"),
        ({"location": ["front"]}, "one of front"),
        ({"age": True}, "age: the answer is a number"),
        ({"age": "17"}, "is a number"),
        ({"age": -1}, "from 0 to 120"),
        ({"daily_life_pain": 11}, "from 0 to 10"),
        ({"age": float("nan")}, "is a number"),
        ({"age": float("inf")}, "from 0 to 120, not inf"),
        ({"age": 10**400}, "from 0 to 120, not 1000"),
        ({"age": 10**5000}, "not a number that large"),
        ({"swelling": 10**5000}, "true or false, not a number that large"),
    ],
)
def test_an_answer_that_cannot_be_read_says_so(answers: dict[str, object], says: str) -> None:
    with pytest.raises(ScreenError, match=says):
        screen_answers(answers)


def test_every_flag_has_a_question() -> None:
    asked = [key for key, _, _ in QUESTIONS]
    assert len(asked) == len(set(asked))
    assert set(asked) == {flag for flags in FLAGS_OF_LEVEL.values() for flag in flags}
    assert all(text.endswith("?") or kind == "choice" for _, text, kind in QUESTIONS)
    assert "front" in PLACES


def test_no_advice_promises_or_forecasts() -> None:
    everything = dict.fromkeys(YES_NO, True) | {"age": 15, "daily_life_pain": 8, "weeks_without_improvement": 7}
    text = " ".join(screen_answers(everything | {"location": "inside"}).advice).lower()
    assert not any(word in text for word in ("safe", "danger", "prevent", "cleared", "%"))
