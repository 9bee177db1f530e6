"""Red flags before any plan: answers to a level, and the profile as the runner describes it. No diagnosis."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from plans.evidence import limit
from plans.wrong_value import shown

if TYPE_CHECKING:
    from plans.plan import Profile

Level = Literal["emergency", "same_day", "clinician", "physio", "guided", "none"]
AnswerKind = Literal["yes_no", "choice", "number"]

PLACES: tuple[str, ...] = ("front", "outside", "below", "inside", "behind", "none")
"""Where it hurts: the answers to ``location``."""

PROFILE_OF_PLACE: Mapping[str, Profile] = {
    "front": "patellofemoral",
    "outside": "itb",
    "below": "patellar-tendon",
    "none": "general",
}
"""What the runner describes, by place; a place that was not told is not "none".

Inside or behind the knee there is no plan, so no profile.
"""

FLAGS_OF_LEVEL: Mapping[Level, tuple[str, ...]] = {
    "emergency": ("chest_symptoms", "hot_red_fever", "deformity", "cannot_lift_leg", "numb_foot"),
    "same_day": ("calf_swelling", "twist_pop_swelling", "cannot_bear_weight", "cannot_bend_90", "locking"),
    "clinician": ("night_pain", "constant_pain", "weight_loss", "bone_pain", "hip_or_groin_pain"),
    "physio": (
        "giving_way", "swelling", "overnight_swelling", "catching", "location",
        "daily_life_pain", "weeks_without_improvement",
    ),
    "guided": ("age", "surgery_6_months", "pregnant"),
}  # fmt: skip
"""The flags of each level, most urgent first."""

ADVICE_ONLY = frozenset({"daily_life_pain", "weeks_without_improvement"})
"""Flags that do not stop a plan: it starts at the smallest factor, and the advice stands on every page."""

QUESTIONS: tuple[tuple[str, str, AnswerKind], ...] = (
    ("chest_symptoms", "Are you short of breath, do you have chest pain, or do you cough blood?", "yes_no"),
    ("hot_red_fever", "Is the knee hot, red and swollen, and do you have a fever?", "yes_no"),
    ("deformity", "Does the knee or leg look out of shape since an injury?", "yes_no"),
    ("cannot_lift_leg", "After a pop, can you no longer lift the straight leg?", "yes_no"),
    ("numb_foot", "Is the foot cold or numb?", "yes_no"),
    ("calf_swelling", "Is one calf swollen or painful, and the other not?", "yes_no"),
    ("twist_pop_swelling", "After a twist or blow, was there a pop and did the knee swell within hours?", "yes_no"),
    ("cannot_bear_weight", "After a twist or blow, can you not stand on the leg or take four steps?", "yes_no"),
    ("cannot_bend_90", "After a twist or blow, can you not bend the knee to a right angle?", "yes_no"),
    ("locking", "Does the knee lock, so that you cannot straighten or bend it?", "yes_no"),
    ("night_pain", "Does the pain wake you from sleep?", "yes_no"),
    ("constant_pain", "Is the pain there all the time, at rest too?", "yes_no"),
    ("weight_loss", "Have you lost weight without wanting to?", "yes_no"),
    ("bone_pain", "Is there one spot of bone that hurts when you press it or hop?", "yes_no"),
    ("hip_or_groin_pain", "Do you have pain in the hip or groin?", "yes_no"),
    ("giving_way", "Does the knee give way under you?", "yes_no"),
    ("swelling", "Does the knee swell, now or again and again?", "yes_no"),
    ("overnight_swelling", "Was the knee swollen the morning after a run?", "yes_no"),
    ("catching", "Does something catch inside the knee?", "yes_no"),
    ("location", "Where does it hurt: front, outside, below the kneecap, inside, behind, or none?", "choice"),
    ("daily_life_pain", "How strong is the pain in daily life at its worst, from 0 to 10?", "number"),
    ("weeks_without_improvement", "For how many weeks of running less has it not become better?", "number"),
    ("age", "How old are you?", "number"),
    ("surgery_6_months", "Have you had surgery on the leg or a fracture in the last six months?", "yes_no"),
    ("pregnant", "Are you pregnant, or is a birth less than twelve weeks ago?", "yes_no"),
)
"""Key, question in plain words and kind of answer, the most urgent first. Every answer may be left out."""

NUMBER_RANGES: Mapping[str, tuple[float, float]] = {
    "age": (0.0, 120.0),
    "daily_life_pain": (0.0, 10.0),
    "weeks_without_improvement": (0.0, 1040.0),
}
"""What a number may be: years, points of 10, weeks."""

WHAT_TO_DO: Mapping[Level, str] = {
    "emergency": "Call the emergency number or go to an emergency department now. Please do not run and do not wait.",
    "same_day": "Please see a doctor today, and do not run until you have been looked at.",
    "clinician": "Please see a doctor soon and do not run until then; these signs need a look before any running plan.",
    "physio": "Please let a physiotherapist or doctor look at the knee.",
    "guided": "Your way back to running belongs in the hands of a clinician who knows you; please plan it together.",
}
"""What to do at each level, in plain words."""

WHY: Mapping[str, str] = {
    "chest_symptoms": "Trouble with breathing or the chest cannot wait.",
    "hot_red_fever": "A hot, red, swollen knee with fever cannot wait.",
    "deformity": "A knee or leg that looks out of shape needs an emergency look.",
    "cannot_lift_leg": "Not being able to lift the straight leg after a pop needs an emergency look.",
    "numb_foot": "A cold or numb foot cannot wait.",
    "calf_swelling": "One swollen or painful calf should be looked at the same day.",
    "twist_pop_swelling": "A pop and quick swelling after a twist should be looked at the same day.",
    "cannot_bear_weight": "A leg that cannot carry you after a twist or blow should be looked at the same day.",
    "cannot_bend_90": "A knee that cannot bend to a right angle after a twist should be looked at the same day.",
    "locking": "A locked knee should be looked at the same day.",
    "night_pain": "Pain that wakes you from sleep should be understood first.",
    "constant_pain": "Pain that never leaves should be understood first.",
    "weight_loss": "Losing weight without wanting to should be understood first.",
    "bone_pain": "One painful spot of bone, or pain on hopping, should be understood first.",
    "hip_or_groin_pain": "Pain in the hip or groin can be felt at the knee and needs its own look.",
    "giving_way": "A knee that gives way should be examined before you run.",
    "swelling": "A knee that swells should be examined before you run.",
    "overnight_swelling": "A knee that is swollen the morning after should be examined before you run.",
    "catching": "A knee that catches should be examined before you run.",
    "location": "A deep ache inside or behind the knee should be examined before you run.",
    "daily_life_pain": "More than 5 of 10 in daily life is a lot: the plan starts at its smallest dose.",
    "weeks_without_improvement": "No better after two weeks of running less: the plan starts at its smallest dose.",
    "age": "Under 18 a running plan after pain is made together with a clinician.",
    "surgery_6_months": "After surgery or a fracture in the last six months the plan comes from your clinician.",
    "pregnant": "In pregnancy and for twelve weeks after a birth the plan comes from your clinician.",
}  # fmt: skip
"""Why a flag matters, one kind sentence each."""

STRONG_ADVICE = "After six weeks without clear improvement a physiotherapist is strongly advised."


SIGNS_IN_WORDS: Mapping[str, str] = {"location": "Is there a deep ache inside or behind the knee?"}
"""Questions whose answer is no yes or no, as warning signs."""


def warning_signs() -> tuple[tuple[str, tuple[str, ...]], ...]:
    """The warning signs that belong on every page: what to do, and the questions that lead there; most urgent first."""
    asked = {key: question for key, question, kind in QUESTIONS if kind == "yes_no"} | dict(SIGNS_IN_WORDS)
    return tuple(
        (WHAT_TO_DO[level], tuple(asked[f] for f in flags if f in asked)) for level, flags in FLAGS_OF_LEVEL.items()
    )


class ScreenError(ValueError):
    """An answer that cannot be read: an unknown key, a wrong type, or a number outside its range."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Screening:
    """What the answers say: how urgent, which flags, which profile, and whether a plan must wait."""

    level: Level
    flags: tuple[str, ...]
    """Keys of the answers that raised a flag, most urgent first."""
    profile: Profile | None
    """As the runner describes it; None for pain inside or behind the knee, and where no place was told."""
    stops: bool
    """True where no plan is made."""
    advice: tuple[str, ...]
    smallest_factor: bool = False
    """True where the plan starts at the smallest factor."""

    def as_json(self) -> dict[str, Any]:
        """Plain data, as ``screen --format json`` prints it."""
        return {
            "level": self.level,
            "flags": list(self.flags),
            "profile": self.profile,
            "stops": self.stops,
            "advice": list(self.advice),
            "smallest_factor": self.smallest_factor,
        }


def screen_answers(answers: Mapping[str, object]) -> Screening:
    """Level, flags and profile from the answers to ``QUESTIONS``; all of them optional.

    Example:
        >>> from plans import screen_answers
        >>> screen_answers({"location": "front"}).profile
        'patellofemoral'

    Raises:
        ScreenError: an unknown key, a wrong type, or a number outside its range.
    """
    for key, value in answers.items():
        _check_answer(key, value)
    flags = tuple(_raised(answers))
    level = _level_of(flags)
    return Screening(
        level=level,
        flags=flags,
        profile=PROFILE_OF_PLACE.get(str(answers.get("location"))),
        stops=any(flag not in ADVICE_ONLY for flag in flags),
        advice=tuple(_advice(level, flags, answers)),
        smallest_factor=any(flag in ADVICE_ONLY for flag in flags),
    )


def _raised(answers: Mapping[str, object]) -> Iterator[str]:
    for flags in FLAGS_OF_LEVEL.values():
        yield from (key for key in flags if _is_flag(key, answers.get(key)))


def _is_flag(key: str, value: object) -> bool:
    if key == "location":
        return value is not None and value not in PROFILE_OF_PLACE
    if not isinstance(value, int | float) or isinstance(value, bool):
        return value is True
    if key == "age":
        return value < limit("guided_age")
    if key == "daily_life_pain":
        return value > limit("daily_life_pain")
    return value >= limit("advice_weeks_first")


def _level_of(flags: tuple[str, ...]) -> Level:
    for level, keys in FLAGS_OF_LEVEL.items():
        if any(flag in keys for flag in flags):
            return level
    return "none"


def _advice(level: Level, flags: tuple[str, ...], answers: Mapping[str, object]) -> Iterator[str]:
    for at, keys in FLAGS_OF_LEVEL.items():
        mine = [flag for flag in flags if flag in keys]
        if mine:
            yield WHAT_TO_DO[at]
            yield from (WHY[flag] for flag in mine)
    weeks = answers.get("weeks_without_improvement")
    if isinstance(weeks, int | float) and weeks >= limit("advice_weeks_strong"):
        yield STRONG_ADVICE
    if level == "none":
        yield "None of the warning signs was reported. Stop and seek care if one appears."


_KINDS: Mapping[str, AnswerKind] = {key: kind for key, _, kind in QUESTIONS}


def _check_answer(key: str, value: object) -> None:
    kind = _KINDS.get(key)
    if kind is None:
        raise ScreenError(f"unknown key {key!r}; the keys are: {', '.join(sorted(_KINDS))}")
    if kind == "yes_no" and not isinstance(value, bool):
        raise ScreenError(f"{key}: the answer is true or false, not {shown(value)}")
    if kind == "choice" and value not in PLACES:
        raise ScreenError(f"{key}: the answer is one of {', '.join(PLACES)}, not {shown(value)}")
    if kind == "number":
        _check_number(key, value)


def _check_number(key: str, value: object) -> None:
    low, high = NUMBER_RANGES[key]
    if isinstance(value, bool) or not isinstance(value, int | float) or value != value:
        raise ScreenError(f"{key}: the answer is a number, not {shown(value)}")
    if not low <= value <= high:
        raise ScreenError(f"{key}: the answer is a number from {low:g} to {high:g}, not {shown(value)}")
