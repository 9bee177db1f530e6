"""Records of a FIT file to one track: the better of two fields, degrees, times that can be, stretches of the timer."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from importers.fit.clock import CLOCK_MAX, POWER_UP_CLOCK, Clock
from importers.problems import Problem, counted
from importers.track import LONGEST_S, build_track

if TYPE_CHECKING:
    from importers.fit.decode import Decoded, Values
    from importers.run import Column, Track

DEGREES_PER_SEMICIRCLE: Final = 180 / 2**31

TIMER: Final = 0
"""``event`` of the timer (FIT profile)."""
STARTS: Final = 0
"""``event_type`` with which the timer starts (FIT profile)."""
STOPS: Final = (1, 4, 8, 9)
"""``event_type`` with which it stops: stop, stop_all, stop_disable, stop_disable_all (FIT profile)."""

_COLUMNS: Final[dict[str, tuple[str, ...]]] = {
    "distance_m": ("distance",),
    "altitude_m": ("enhanced_altitude", "altitude"),
    "speed_m_s": ("enhanced_speed", "speed"),
    "heart_rate_bpm": ("heart_rate",),
    "power_w": ("power",),
    "vertical_oscillation_mm": ("vertical_oscillation",),
    "ground_contact_ms": ("stance_time",),
    "ground_contact_balance_pct": ("stance_time_balance",),
    "vertical_ratio_pct": ("vertical_ratio",),
    "step_length_mm": ("step_length",),
    "cadence_spm": ("cadence",),
}
"""Column -> fields of a record, the better one first. Cadence is in strides until the sport is known."""
_POSITION: Final = {"latitude_deg": "position_lat", "longitude_deg": "position_long"}


@dataclass(frozen=True, slots=True)
class Samples:
    """All records of one file, in order of time."""

    track: Track
    """Its seconds count from ``epoch_s``; cadence is as the file counts it."""
    epoch_s: float
    """FIT second of the first record; 0 where no record has a time."""
    problems: tuple[Problem, ...] = ()


def read_samples(decoded: Decoded, clock: Clock) -> Samples:
    """The records of a file as one track."""
    time, problems = _possible_times(clock.seconds(decoded.records["timestamp"]))
    first = float(np.fmin.reduce(time)) if len(time) else np.nan
    epoch = first if np.isfinite(first) else 0.0
    columns = {column: found for column, names in _COLUMNS.items() if (found := _column(decoded, names)) is not None}
    fraction = decoded.records.get("fractional_cadence")
    if fraction is not None and "cadence" in decoded.records:
        columns["cadence_spm"] = columns["cadence_spm"] + np.where(np.isnan(fraction), 0.0, fraction)
    for column, name in _POSITION.items():
        if name in decoded.records:
            columns[column] = decoded.records[name] * DEGREES_PER_SEMICIRCLE
    columns["segment"] = _segments(time, decoded.messages["event"], clock)
    return Samples(build_track(time - epoch, columns), epoch, tuple(problems))


def _column(decoded: Decoded, names: tuple[str, ...]) -> Column | None:
    """A record's field; where it is missing the next best one, and without any of them that of an app."""
    own = [decoded.records[name] for name in names if name in decoded.records]
    if own:
        column = own[0]
        for other in own[1:]:
            missing = np.isnan(column)
            column = np.where(missing, other, column) if missing.any() else column
        if not any(name in decoded.developer for name in names) or np.isfinite(column).any():
            return column
    return next((decoded.developer[name] for name in names if name in decoded.developer), None)


def _possible_times(time: Column) -> tuple[Column, list[Problem]]:
    """Times without those of a broken clock: counts since power-up among dates, and records days from the rest."""
    if not len(time):
        return time, []
    timeless = int(np.count_nonzero(np.isnan(time)))
    problems = [_dropped(timeless, "without a time")] if timeless else []
    low, high = float(np.fmin.reduce(time)), float(np.fmax.reduce(time))
    sound = low > 0 and high < CLOCK_MAX and high - low <= LONGEST_S and not low < POWER_UP_CLOCK <= high
    if sound or np.isnan(low):
        return time, problems
    wrong = (time <= 0) | (time >= CLOCK_MAX)
    if (time[~wrong] >= POWER_UP_CLOCK).any():
        wrong |= time < POWER_UP_CLOCK
    left = time[np.isfinite(time) & ~wrong]
    if len(left):
        wrong |= np.abs(time - np.median(left)) > LONGEST_S
    return np.where(wrong, np.nan, time), [*problems, _dropped(int(wrong.sum()), "with a broken clock")]


def _dropped(count: int, why: str) -> Problem:
    return Problem(source="", code="samples_dropped", detail=f"{counted(count, 'record')} {why} dropped")


def _segments(time: Column, events: list[Values], clock: Clock) -> Column:
    """Number of the stretch of each record: a new one begins at each start of the timer after a stop."""
    starts, stopped = [], False
    for event in events:
        if event.get("event") == TIMER:
            if event.get("event_type") in STOPS:
                stopped = True
            elif event.get("event_type") == STARTS and stopped:
                starts.append(clock.second(event, "timestamp") or np.inf)
                stopped = False
    if not starts:
        return np.zeros(len(time))
    return np.searchsorted(np.sort(np.array(starts)), time, side="right").astype(np.float64)
