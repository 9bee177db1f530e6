"""What GPX and TCX leave open: distance from positions, the unit of cadence, the sport of a nameless recording."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from importers.problems import Problem
from importers.run import RUN_SPORT
from importers.sports import KNOWN_SPORTS, UNKNOWN_SPORT, sport_of_title
from importers.track import median

if TYPE_CHECKING:
    from importers.run import Column, Track

EARTH_RADIUS_M: Final = 6_371_008.8
"""Mean radius of the earth (m), IUGG."""
STRIDES_BELOW: Final = 120.0
"""A median cadence of running below this counts strides (one leg), 1/min."""
STEPS_ABOVE: Final = 130.0
"""A median cadence of running above this counts steps (both feet), 1/min."""
RUNNING_M_S: Final = 2.0
"""Without cadence, faster than this is running (m/s)."""
STANDING_M_S: Final = 0.5
"""Not faster than this is standing (m/s)."""
GUESSED_RUN_M_S: Final = (2.0, 5.0)
"""Median speed while moving of a recording without a type that is taken for a run (m/s)."""
GUESSED_RUN_TOP_M_S: Final = 7.0
"""And 95 % of its samples are slower than this (m/s): bicycles and cars are not."""
TOP_SHARE: Final = 95
WORD_MAX: Final = 40
"""Letters of a type that are shown."""
MIN_SAMPLES: Final = 30
"""Fewer samples tell nothing."""


def great_circle_m(latitude_deg: Column, longitude_deg: Column) -> Column:
    """Metres from each position to the next, one fewer than positions; NaN beside an unknown one."""
    return between_m(latitude_deg, longitude_deg)(slice(None, -1), slice(1, None))


def between_m(latitude_deg: Column, longitude_deg: Column) -> Callable[[Any, Any], Column]:
    """Metres between positions (haversine), as a function of which of them: from some, to others."""
    lat, lon = np.radians(latitude_deg), np.radians(longitude_deg)
    cos = np.cos(lat)

    def metres(a: Any, b: Any) -> Column:
        half = np.sin((lat[b] - lat[a]) / 2) ** 2 + cos[a] * cos[b] * np.sin((lon[b] - lon[a]) / 2) ** 2
        within = np.minimum(np.maximum(half, 0), 1)
        return np.asarray(2 * EARTH_RADIUS_M * np.arcsin(np.sqrt(within)), dtype=np.float64)

    return metres


def speed_between(track: Track) -> Column:
    """Speed of each sample (m/s): as recorded, else from distance or position since the sample before."""
    lacking = np.isnan(track.speed_m_s)
    if len(track) < 2 or not lacking.any():  # noqa: PLR2004 - a difference needs two
        return track.speed_m_s
    dt = track.time_s[1:] - track.time_s[:-1]
    step = track.distance_m[1:] - track.distance_m[:-1]
    unknown = np.isnan(step)
    if unknown.any():
        step = np.where(unknown, great_circle_m(track.latitude_deg, track.longitude_deg), step)
    step[track.segment[1:] != track.segment[:-1]] = np.nan
    return np.where(lacking, np.concatenate([[np.nan], step / dt]), track.speed_m_s)


def cadence_unit(track: Track) -> tuple[float | None, str | None]:
    """Factor from the file's cadence to steps per minute, and the rule in words.

    The format does not say whether it counts one leg or both: the median of the running samples does, below 120
    strides, above 130 steps, between undecided (None).
    """
    with np.errstate(invalid="ignore"):
        turning = track.cadence_spm > 0
    if not turning.any():
        return 1.0, None
    with np.errstate(invalid="ignore"):
        running = turning & ~(speed_between(track) < RUNNING_M_S)
    if not running.any():
        return None, "undecided: no running samples"
    middle = median(track.cadence_spm[running])
    if middle < STRIDES_BELOW:
        return 2.0, f"strides: median {middle:.0f} while running"
    if middle > STEPS_ABOVE:
        return 1.0, f"steps: median {middle:.0f} while running"
    return None, f"undecided: median {middle:.0f} while running"


def in_steps(track: Track, sport: str) -> tuple[str | None, list[Problem]]:
    """Turn the cadence of a run into steps per minute, in place: the rule in words, and a problem if there is none."""
    if sport != RUN_SPORT:
        return None, []
    factor, rule = cadence_unit(track)
    if factor is None:
        track.cadence_spm[:] = np.nan
        detail = f"one foot or both? Its cadence is left out ({rule})"
        return rule, [Problem(source="", code="cadence_undecided", detail=detail)]
    track.cadence_spm[:] *= factor
    return rule, []


def guess_sport(track: Track, title: str | None) -> tuple[str, str]:
    """Sport of a recording that names none, and why: its title, else how fast it moved."""
    named = sport_of_title(title)
    if named:
        return named, "taken from the title"
    speed = speed_between(track)
    with np.errstate(invalid="ignore"):
        moving = speed[speed > STANDING_M_S]
    if len(moving) < MIN_SAMPLES:
        return UNKNOWN_SPORT, "too short to tell"
    middle, top = median(moving), float(np.percentile(moving, TOP_SHARE))
    low, high = GUESSED_RUN_M_S
    if low <= middle <= high and top <= GUESSED_RUN_TOP_M_S:
        return RUN_SPORT, f"taken from its speed, {middle:.1f} m/s while moving"
    return UNKNOWN_SPORT, f"its speed is not that of a run, {middle:.1f} m/s while moving"


def unknown_type(track: Track, sport: str, word: str | None, title: str | None) -> list[Problem]:
    """That a type is in no table although it moved like a run: in that case a run may be lost in another language."""
    if not word or sport in KNOWN_SPORTS or guess_sport(track, title)[0] != RUN_SPORT:
        return []
    detail = f"its type {word[:WORD_MAX]!r} is no sport that is known, yet it moved like a run: kept as {sport}"
    return [Problem(source="", code="sport_unknown", detail=detail)]


def same_instant(points: int, track: Track) -> list[Problem]:
    """That most points have the time of another one, where clocks without seconds leave next to nothing of a way."""
    lost = points - len(track)
    if lost <= len(track):
        return []
    detail = f"{lost:,} of {points:,} points have the time of another one: those of one time are one"
    return [Problem(source="", code="samples_dropped", detail=detail)]
