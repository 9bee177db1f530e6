"""Measures of one entry of a Garmin summary in SI units, whichever of its two sets of units it is in."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

SECONDS_BELOW: Final = 60_000.0
"""A duration below this is in seconds: as milliseconds nobody records under a minute."""
MILLISECONDS_FROM: Final = 400_000.0
"""A duration from this on is in milliseconds: as seconds it were four days and a half."""
FOOT_M_S: Final = 7.5
"""On foot nobody keeps up more (m/s): between the two it tells the unit."""
ELAPSED_MIXED: Final = 300.0
"""Old dumps have ``elapsedDuration`` alone in milliseconds: it is then hundreds of times the duration."""
STEPS_FROM: Final = 130.0
"""A mean run cadence above this already counts both feet (1/min)."""
RPE_TENFOLD: Final = 10.0
"""Garmin keeps 10 to 100 for its scale of 1 to 10."""
_EXPORT_KEYS: Final = frozenset({"startTimeGmt", "sportType", "avgHr", "avgDoubleCadence", "uuidMsb"})
_DUMP_KEYS: Final = frozenset({"startTimeGMT", "activityName", "averageHR", "summaryDTO", "activityTypeDTO"})


@dataclass(frozen=True, slots=True)
class Units:
    """What one metre and one second are in a file."""

    name: str
    metre: float
    second: float


EXPORT: Final = Units("centimetres and milliseconds", 100.0, 1000.0)
DUMP: Final = Units("metres and seconds", 1.0, 1.0)


def measures_of(item: Mapping[str, Any], units: Units) -> dict[str, float | None]:
    """The measures of an entry by the names of a row, in SI units."""
    duration, elapsed = number_of(item.get("duration")), number_of(item.get("elapsedDuration"))
    if duration and elapsed and elapsed > ELAPSED_MIXED * duration:
        elapsed /= EXPORT.second
    return {
        "distance_m": _divided(number_of(item.get("distance")), units.metre),
        "elapsed_s": _divided(elapsed, units.second),
        "moving_s": _divided(duration, units.second),
        "ascent_m": _divided(number_of(item.get("elevationGain")), units.metre),
        "descent_m": _divided(number_of(item.get("elevationLoss")), units.metre),
        "cadence_spm": _cadence(item),
        "heart_rate_bpm": _first(item, "avgHr", "averageHR"),
        "steps": _first(item, "steps"),
        "rpe": _rpe(_first(item, "directWorkoutRpe", "workoutRpe")),
        "feel": number_of(item.get("directWorkoutFeel", item.get("workoutFeel"))),
    }


def units_of(item: Mapping[str, Any]) -> Units:
    """Unit of one entry by its keys, else by how long and how fast it was."""
    export, dump = bool(_EXPORT_KEYS & item.keys()), bool(_DUMP_KEYS & item.keys())
    if isinstance(item.get("activityType"), dict):
        export, dump = False, True
    if export != dump:
        return EXPORT if export else DUMP
    duration, distance = number_of(item.get("duration")), number_of(item.get("distance"))
    return units_by_size(duration, distance) or EXPORT


def units_by_size(duration: float | None, distance: float | None) -> Units | None:
    """Unit by the size of a duration, and between the limits by the speed; None where nothing tells."""
    if not duration or not math.isfinite(duration):
        return None
    if duration < SECONDS_BELOW:
        return DUMP
    if duration >= MILLISECONDS_FROM or not distance:
        return EXPORT
    as_export = (distance / EXPORT.metre) / (duration / EXPORT.second)
    return EXPORT if as_export <= FOOT_M_S else DUMP


def _divided(value: float | None, unit: float) -> float | None:
    return None if value is None else value / unit


def _cadence(item: Mapping[str, Any]) -> float | None:
    """Steps per minute, both feet."""
    steps = _first(item, "avgDoubleCadence", "averageRunningCadenceInStepsPerMinute")
    if steps is not None:
        return steps
    cadence = _first(item, "avgRunCadence", "averageRunCadence")
    if cadence is None or cadence > STEPS_FROM or "avgRunCadence" not in item:
        return cadence
    part = number_of(item.get("avgFractionalCadence")) or 0.0
    return 2 * (cadence + (part if 0 <= part < 1 else 0.0))


def _rpe(value: float | None) -> float | None:
    """Perceived effort of 0 to 10; both scales of Garmin, and 0 stands for no answer."""
    if value is None:
        return None
    return value / RPE_TENFOLD if value >= RPE_TENFOLD else value


def _first(item: Mapping[str, Any], *names: str) -> float | None:
    """The first of these values that is there and not 0, which Garmin writes for none."""
    return next((number for name in names if (number := number_of(item.get(name)))), None)


def number_of(value: object) -> float | None:
    """A number of JSON, or text that is one; infinite where it is too large to be one."""
    if isinstance(value, float):
        return value
    if isinstance(value, bool) or not isinstance(value, (int, str)):
        return None
    try:
        return float(value)
    except OverflowError:
        return math.inf
    except ValueError:
        return None
