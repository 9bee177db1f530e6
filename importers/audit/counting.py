"""The ways of counting that every second reader has: from its samples and what its file says of the whole."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from functools import cache
from typing import Final

from importers.audit import climb, sums
from importers.audit.reading import Answer, Reading, Sample, Value

SPORTS: Final[dict[str, str]] = {
    "running": "run", "run": "run", "9": "run", "cycling": "ride", "biking": "ride", "e_biking": "ride", "ride": "ride",
    "1": "ride", "walking": "walk", "walk": "walk", "10": "walk", "hiking": "hike", "hike": "hike", "4": "hike",
    "swimming": "swim", "swim": "swim", "generic": "other", "other": "other",
}  # fmt: skip
"""Words of files for the sports that loadplan names itself; other words stay as they are."""
RUNNING_IN: Final = (
    "running", "trailrun", "virtualrun", "treadmill", "jogging", "footing", "laufen", "hardlopen", "course_à_pied",
    "carrera", "correr", "corrida", "corsa", "bieg", "běh", "løb", "løp", "löp", "juoks", "futás", "koşu", "跑",
    "ランニング", "달리기",
)  # fmt: skip
"""What running is called in types of other languages and programs, or a part of it."""
UNKNOWN: Final = "unknown"
"""What is said where no sport is known."""
FEET: Final = 2.0
TOTALS: Final = ("distance_m", "elapsed_s", "timer_s", "ascent_m", "descent_m")
"""What a watch adds up itself."""
HEART_SHARE: Final = 0.05
"""Heart rate known over less of the time is no mean."""
GUESSED_RUN_M_S: Final = (2.0, 5.0)
"""A recording without a sport that usually moves so fast may be a run (m/s)."""

Find = Callable[[], Value | None]


def sport_of(word: object) -> str | None:
    """The sport of a file's word, None where it names none (a bare number is no name)."""
    text = str(word).strip().lower().replace(" ", "_") if word is not None else ""
    if text in SPORTS:
        return SPORTS[text]
    if "run" in text.split("_") or any(part in text for part in RUNNING_IN):
        return "run"
    return text if text and text != UNKNOWN and not text.lstrip("-").isdigit() else None


def reading(
    samples: Sequence[Sample],
    totals: Mapping[str, Value | None],
    *,
    sport: str | None,
    extra: Mapping[str, Sequence[Answer]] | None = None,
    feet: float = 1.0,
    whole: bool = True,
    stops: bool = False,
) -> Reading:
    """A reading of ordered samples.

    A total of the file that can be true is firm: no other way of counting explains a difference from it.

    Args:
        samples: by time, each instant once.
        totals: the reader's own answers by name of the value; what is missing there is counted from the samples.
        sport: what the file calls it, in the words of loadplan; None where it does not say.
        extra: further ways of counting that only this format has, tried before the common ones.
        whole: whether the file is whole; the totals of a cut one speak of what is not there.
        stops: whether the reader stopped at damage.
        feet: by how much cadence is multiplied to count both feet, where the format says so.
    """
    kind = sport or _by_speed(samples)
    top = sums.top_speed(kind)
    ways: dict[str, list[Answer]] = {
        "start": [Answer("it begins with its first sample", lambda: _first_time(samples))],
        "sport": [
            Answer("no sport is recorded: taken from its speed", lambda: None if sport or kind == UNKNOWN else kind)
        ],
        "distance_m": _distances(samples, top),
        "elapsed_s": [Answer("from its first sample to its last", lambda: sums.elapsed_s(samples))],
        "timer_s": _timers(samples, top),
        "ascent_m": _climbs(samples, 0),
        "descent_m": _climbs(samples, 1),
        "cadence_spm": _cadences(samples, feet),
        "heart_rate_bpm": _hearts(samples, feet, top),
        "samples": [Answer("samples of the same instant are one", lambda: float(len(samples)))],
    }
    answers = {}
    firm = _firm(totals, top) if whole else frozenset()
    for name, common in ways.items():
        others = [] if name in firm else [*(extra or {}).get(name, ()), *common]
        answers[name] = (Answer("", _own(totals, name, others)), *others)
    answers["utc_offset_s"] = (Answer("", lambda: totals.get("utc_offset_s")), *(extra or {}).get("utc_offset_s", ()))
    return Reading(answers=answers, unknown=_unknown(samples, totals, kind, feet), stops=stops)


def _own(totals: Mapping[str, Value | None], name: str, others: Sequence[Answer]) -> Find:
    """What the file says of the whole, else the first way of counting that gives something."""

    @cache
    def find() -> Value | None:
        said = totals.get(name)
        if said is not None or name in ("start", "sport"):
            return said
        return next((value for answer in others if (value := answer.find()) is not None), None)

    return find


def _firm(totals: Mapping[str, Value | None], top: float) -> frozenset[str]:
    """Totals that can be true: not below 0, and no distance faster than anybody."""
    said = {name: value for name in TOTALS if isinstance(value := totals.get(name), float) and value >= 0}
    seconds = said.get("timer_s") or said.get("elapsed_s")
    if seconds and said.get("distance_m", 0.0) > top * max(seconds, 1.0):
        del said["distance_m"]
    return frozenset(said)


def _first_time(samples: Sequence[Sample]) -> Value | None:
    return datetime.fromtimestamp(samples[0].time_s, UTC) if samples else None


def _by_speed(samples: Sequence[Sample]) -> str:
    """A run by its speed; ``UNKNOWN`` where it is not the speed of one."""
    usual, (low, high) = sums.usual_speed_m_s(samples), GUESSED_RUN_M_S
    return "run" if usual is not None and low <= usual <= high else UNKNOWN


def _distances(samples: Sequence[Sample], top: float) -> list[Answer]:
    pause = max(sums.PAUSE_S, sums.short_pause_s(samples))
    return [
        Answer("counted from its samples, not taken from its total", lambda: sums.counter_m(samples)),
        Answer("its distance steps back; every step forward is counted", lambda: sums.forward_m(samples)),
        Answer("steps faster than anybody are left out", lambda: sums.forward_m(samples, top)),
        Answer(
            "steps over a pause, and those faster than anybody, are left out",
            lambda: sums.forward_m(samples, top, over_parts=False),
        ),
        Answer("straight lines between its positions, of each instant one", lambda: sums.lines_m(samples)),
        Answer(
            "the other reader takes the straight line over a pause, loadplan does not",
            lambda: sums.lines_m(samples, pause_s=pause, over_parts=False),
        ),
        Answer(
            "positions that cannot be true, and pauses, are left out",
            lambda: sums.believable_m(samples, top),
        ),
        Answer("it has no distance and no positions; speed times time is", lambda: sums.by_speed_m(samples)),
    ]


def _timers(samples: Sequence[Sample], top: float) -> list[Answer]:
    def believable() -> Value | None:
        return sums.moving_s(samples, sums.believable_steps_m(samples, top))

    return [
        Answer("the other reader counts time standing and pauses, loadplan does not", lambda: sums.moving_s(samples)),
        Answer("time standing, pauses, and positions that cannot be true, are left out", believable),
        Answer("the other reader counts the pause, loadplan does not", lambda: sums.recorded_s(samples)),
        Answer("the other reader leaves out more than the pauses", lambda: sums.recorded_s(samples, sums.PAUSE_S)),
        Answer("no pause is recorded: all its time", lambda: sums.elapsed_s(samples)),
    ]


def _climbs(samples: Sequence[Sample], way: int) -> list[Answer]:
    """Every rise first: that is what others add up. Ours is smoothed, by one of two rules."""

    def every() -> Value | None:
        found = climb.every_rise_m(samples)
        return None if found is None else found[way]

    def smoothed(rule: tuple[float, float], *, settled: bool = False) -> Value | None:
        found = climb.smoothed_climb_m(climb.settled(samples) if settled else samples, *rule)
        return None if found is None else found[way]

    says = "the other reader adds every rise and fall, loadplan smooths"
    return [
        Answer("every rise and fall of its samples added, not its total", every),
        Answer(f"{says} (barometer)", lambda: smoothed(climb.BAROMETER)),
        Answer(f"{says} (GPS)", lambda: smoothed(climb.SATELLITE)),
        Answer(f"{says}, jumps of the altitude taken out (barometer)", lambda: smoothed(climb.BAROMETER, settled=True)),
        Answer(f"{says}, jumps of the altitude taken out (GPS)", lambda: smoothed(climb.SATELLITE, settled=True)),
    ]


def _cadences(samples: Sequence[Sample], feet: float) -> list[Answer]:
    """Of running on the flat, as loadplan counts; first as the file counts feet, then doubled."""

    def mean() -> Value | None:
        found = sums.mean_cadence(samples)
        return None if found is None else feet * found

    plain = Answer("the mean of its samples, not its total", mean)
    only = "the other reader counts all steps, loadplan the median of running"
    if feet == FEET:
        return [plain, *_running(samples, FEET, only)]
    one = "one foot is counted; doubled it agrees"
    doubled = Answer(one, lambda: _times(FEET, mean()))
    return [
        plain,
        *_running(samples, feet, only),
        doubled,
        *_running(samples, FEET, f"{one}, as the median of running"),
    ]


def _running(samples: Sequence[Sample], times: float, says: str) -> list[Answer]:
    """Medians of running: everywhere, and on the flat by both ways to smooth the ground."""

    def count(window_m: float | None) -> Value | None:
        steep = [False] * len(samples) if window_m is None else climb.steep(samples, window_m)
        return sums.running_cadence_spm(samples, times, steep)

    return [
        Answer(says, lambda: count(None)),
        Answer(f"{says} on the flat", lambda: count(climb.BAROMETER[0])),
        Answer(f"{says} on the flat", lambda: count(climb.SATELLITE[0])),
    ]


def _times(factor: float, value: Value | None) -> Value | None:
    return factor * value if isinstance(value, float) else None


def _hearts(samples: Sequence[Sample], feet: float, top: float) -> list[Answer]:
    over = "the other reader's mean is of samples or of the whole, loadplan's is over time"
    only = f"{over} while running"

    def running(times: float, pause_s: float | None = None) -> Find:
        return lambda: sums.heart_over_time(samples, sums.running(samples, times), pause_s)[0]

    def believable() -> Value | None:
        steps = sums.believable_steps_m(samples, top)
        return sums.heart_over_time(samples, sums.running(samples, FEET, steps))[0]

    def everywhere(pause_s: float | None) -> Find:
        return lambda: sums.heart_over_time(samples, [True] * len(samples), pause_s)[0]

    feet_known = {feet, FEET}
    return [
        Answer("the mean of its samples, not its total", lambda: sums.mean_heart_bpm(samples)),
        *(Answer(over, everywhere(pause)) for pause in (None, sums.PAUSE_S)),
        *(Answer(only, running(times)) for times in sorted(feet_known)),
        *(Answer(only, running(times, sums.PAUSE_S)) for times in sorted(feet_known)),
        Answer(f"{only}, by positions that can be true", believable),
    ]


def _unknown(
    samples: Sequence[Sample], totals: Mapping[str, Value | None], kind: str, feet: float
) -> dict[str, tuple[Answer, ...]]:
    """When a value can be known to nobody, or not by our rules."""
    top = sums.top_speed(kind)

    def when(says: str, holds: Callable[[], bool]) -> Answer:
        return Answer(says, lambda: "yes" if holds() else None)

    def too_short() -> bool:
        grounds = [climb.steep(samples, window) for window, _ in (climb.BAROMETER, climb.SATELLITE)]
        return any(
            all(sums.running_cadence_spm(samples, times, steep) is None for times in {feet, FEET}) for steep in grounds
        )

    def still() -> bool:
        if kind != "run":
            return next_to_none([True] * len(samples))
        by_speed = sums.running([s._replace(cadence=None) for s in samples], 1.0)
        return next_to_none(by_speed) or all(next_to_none(sums.running(samples, times)) for times in {feet, FEET})

    def next_to_none(mask: Sequence[bool]) -> bool:
        return sums.heart_over_time(samples, mask)[1] < HEART_SHARE

    def too_fast() -> bool:
        moved = (sums.forward_m(samples) or 0.0) + (sums.lines_m(samples) or 0.0)
        return moved > 0 and not sums.forward_m(samples, top) and not sums.believable_m(samples, top)

    def unmeasured() -> bool:
        moved = (sums.forward_m(samples), sums.lines_m(samples), sums.by_speed_m(samples))
        return not totals.get("distance_m") and not any(moved)

    def sea_level() -> bool:
        return not any(s.altitude_m for s in samples)

    single = when("a single sample: nothing can be measured", lambda: len(samples) <= 1)
    fast = when("every step is faster than anybody", too_fast)
    zero = when("it stays at 0: nothing measured the distance", unmeasured)
    level = when("altitude stays at 0: nothing measured it", sea_level)
    flat = when("altitude is known over too little of the way", lambda: climb.profile(samples, 0.0) is None)
    other = when("loadplan keeps the cadence of runs only", lambda: kind != "run")
    few = when("less than five minutes of running on the flat: no cadence of a run", too_short)
    return {
        "distance_m": (single, fast, zero),
        "elapsed_s": (single,),
        "timer_s": (single,),
        "ascent_m": (single, fast, level, flat),
        "descent_m": (single, fast, level, flat),
        "cadence_spm": (other, few),
        "heart_rate_bpm": (when("heart rate is known over next to no time of running", still),),
    }
