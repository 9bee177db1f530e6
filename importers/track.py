"""Building and cleaning tracks: columns of one length, rising time, no impossible value.

A sample that cannot be (not a number, off the globe, faster than a runner) is dropped and counted, never repaired.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import fields, replace
from math import isfinite
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from importers.problems import Problem
from importers.run import RUN_SPORT, Recording, Summary, Track

if TYPE_CHECKING:
    from importers.run import Column

COLUMNS: Final = tuple(f.name for f in fields(Track))

LONGEST_S: Final = 10 * 86400
"""A sample further than this from the others has a broken clock (s)."""
ALTITUDE_M: Final = (-500.0, 9000.0)
"""Lowest and highest altitude believed (m)."""
RUN_SPEED_M_S: Final = 12.0
"""No runner is faster (m/s)."""
ANY_SPEED_M_S: Final = 60.0
"""No recording of any other sport is faster (m/s); a descent on a bicycle stays below it."""
RANGES: Final[dict[str, tuple[float, float]]] = {
    "altitude_m": ALTITUDE_M,
    "latitude_deg": (-90.0, 90.0),
    "longitude_deg": (-180.0, 180.0),
    "speed_m_s": (0.0, ANY_SPEED_M_S),
    "cadence_spm": (0.0, 400.0),
    "heart_rate_bpm": (1.0, 255.0),
    "power_w": (0.0, 5000.0),
    "vertical_oscillation_mm": (0.1, 500.0),
    "ground_contact_ms": (10.0, 2000.0),
    "ground_contact_balance_pct": (1.0, 99.0),
    "vertical_ratio_pct": (0.1, 100.0),
    "step_length_mm": (1.0, 5000.0),
    "distance_m": (0.0, 2_000_000.0),
}
"""What a value of a column can be (unit as in its name); outside of it the sensor or the file is wrong."""

PLACE: Final = ("latitude_deg", "longitude_deg")

TOTALS: Final = ("distance_m", "elapsed_s", "timer_s", "ascent_m", "descent_m", "steps")
TOTAL_MAX: Final = 10_000_000.0
"""No total of one recording is as large (m, s, steps)."""
ZERO_IS_NOTHING: Final = (
    "heart_rate_bpm",
    "vertical_oscillation_mm",
    "ground_contact_ms",
    "ground_contact_balance_pct",
    "vertical_ratio_pct",
    "step_length_mm",
)
"""Sensors without contact write 0 here: no value, and not an impossible one."""
ZEROS_ARE_NOTHING: Final = ("altitude_m", "speed_m_s", "cadence_spm", "power_w", "distance_m")
"""Programs that do not know these write 0 in every sample; what was measured leaves 0 at some time."""


def build_track(time_s: Sequence[float] | Column, values: Mapping[str, Sequence[float] | Column]) -> Track:
    """A Track from seconds and any of its columns; what is not given is NaN (segment: 0), sorted, repeats merged.

    Columns that are not given share one array, which nobody can write to.
    """
    time = np.asarray(time_s, dtype=np.float64)
    columns: dict[str, Column] = {"time_s": time}
    absent = np.full(len(time), np.nan)
    absent.flags.writeable = False
    for name in COLUMNS[1:]:
        if name in values:
            columns[name] = np.asarray(values[name], dtype=np.float64)
        else:
            columns[name] = np.zeros(len(time)) if name == "segment" else absent
    if "cadence_spm" not in values:
        columns["cadence_spm"] = absent.copy()  # readers turn its unit in place
    return merge_repeats(Track(**columns))


def merge_repeats(track: Track) -> Track:
    """Samples in order of time, one for each instant: of several, the first that has a value gives it."""
    time = track.time_s
    if not len(time) or (isfinite(time[0]) and isfinite(time[-1]) and (time[1:] > time[:-1]).all()):
        return track
    known = np.isfinite(time)
    order = np.flatnonzero(known)
    order = order[np.argsort(time[order], kind="stable")]
    new = np.diff(time[order], prepend=-np.inf) > 0
    first, again = order[new], order[~new][::-1]  # backwards: the first one is written last, and stays
    place = (np.cumsum(new) - 1)[~new][::-1]
    merged: dict[int, Column] = {}
    for values in (getattr(track, name) for name in COLUMNS):
        if id(values) in merged:
            continue
        out = values.take(first)
        lacking = np.isnan(out[place])
        if lacking.any():
            lacking &= ~np.isnan(values[again])
            out[place[lacking]] = values[again[lacking]]
        out.flags.writeable = values.flags.writeable
        merged[id(values)] = out
    return Track(**{name: merged[id(getattr(track, name))] for name in COLUMNS})


def empty_recording(source_problem: Problem, **values: Any) -> Recording:
    """A recording without samples that only carries the reason why."""
    return Recording(start=None, track=build_track([], {}), problems=(source_problem,), **values)


def cut_track(track: Track, keep: Any) -> Track:
    """The samples of ``track`` that a mask or slice keeps."""
    return Track(**{name: getattr(track, name)[keep] for name in COLUMNS})


def clean_recording(recording: Recording) -> Recording:
    """The recording without impossible samples and totals, and problems that count and name them."""
    track, dropped = clean_track(recording.track, recording.sport)
    summary, wrong = clean_summary(recording.summary, recording.sport)
    problems = list(recording.problems)
    if dropped:
        detail = "impossible values dropped: " + ", ".join(f"{n} {name}" for name, n in sorted(dropped.items()))
        problems.append(Problem(source="", code="samples_dropped", detail=detail))
    if wrong:
        detail = f"impossible totals of the device dropped: {', '.join(wrong)}"
        problems.append(Problem(source="", code="impossible_total", detail=detail))
    if track is recording.track and summary is recording.summary:
        return recording
    return replace(recording, track=track, summary=summary, problems=tuple(problems))


def clean_summary(summary: Summary, sport: str) -> tuple[Summary, list[str]]:
    """The device's totals that can be true, and the names of those that cannot."""
    wrong = [n for n in TOTALS if (v := getattr(summary, n)) is not None and not (0 <= v < TOTAL_MAX)]
    kept = replace(summary, **dict.fromkeys(wrong)) if wrong else summary
    seconds = kept.timer_s or kept.elapsed_s
    if seconds and kept.distance_m and kept.distance_m > top_speed_m_s(sport) * max(seconds, 1.0):
        wrong.append("distance_m")
        kept = replace(kept, distance_m=None)
    return kept, wrong


def top_speed_m_s(sport: str) -> float:
    """Speed above which a sample of this sport is wrong (m/s)."""
    return RUN_SPEED_M_S if sport == RUN_SPORT else ANY_SPEED_M_S


def clean_track(track: Track, sport: str) -> tuple[Track, dict[str, int]]:
    """The track with impossible values as NaN, and how many were dropped in each column.

    Columns without any are those of the track itself; nobody writes to either.
    """
    columns: dict[str, Column] = {}
    dropped: dict[str, int] = {}
    if not len(track):
        return track, dropped
    once = {id(column): column for column in (getattr(track, name) for name in RANGES)}  # what is not recorded is one
    together = np.array(list(once.values()))
    ends = zip(np.fmin.reduce(together, axis=1).tolist(), np.fmax.reduce(together, axis=1).tolist(), strict=True)
    between = dict(zip(once, ends, strict=True))
    for name, (low, high) in RANGES.items():
        lowest, highest = between[id(getattr(track, name))]
        top = top_speed_m_s(sport) if name == "speed_m_s" else high
        if lowest == highest == 0 and name in ZEROS_ARE_NOTHING:
            columns[name] = np.full(len(track), np.nan)
        elif lowest < low or highest > top:
            columns[name], count = _within(getattr(track, name), low, top, zero_too=name not in ZERO_IS_NOTHING)
            if count:
                dropped[name] = count
    columns |= _place_or_none(*(columns.get(name, getattr(track, name)) for name in PLACE))
    return replace(track, **columns) if columns else track, dropped


def _within(values: Column, low: float, high: float, *, zero_too: bool) -> tuple[Column, int]:
    """A copy whose values out of range are NaN, and how many were: zeros among them, or as if there were none."""
    out = values.copy()
    if not zero_too:
        out[out == 0] = np.nan
    with np.errstate(invalid="ignore"):
        wrong = (out < low) | (out > high)
    out[wrong] = np.nan
    return out, int(wrong.sum())


def _place_or_none(latitude: Column, longitude: Column) -> dict[str, Column]:
    """Columns in which both coordinates are known or neither, where that changes them; 0, 0 is no place."""
    if latitude is longitude:
        return {}
    nowhere = np.isnan(latitude) != np.isnan(longitude)
    nowhere |= (latitude == 0) & (longitude == 0)
    if not nowhere.any():
        return {}
    return {n: np.where(nowhere, np.nan, v) for n, v in zip(PLACE, (latitude, longitude), strict=True)}


def where(mask: Any) -> Any:
    """What a mask takes: its indices, or all as a slice. For more than one column either is quicker than the mask."""
    return slice(None) if np.count_nonzero(mask) == len(mask) else mask.nonzero()[0]


def median(values: Column) -> float:
    """Median of known numbers. NumPy's own first looks for unknown ones, at several times the cost."""
    half, ordered = len(values) // 2, values.copy()
    ordered.partition(half)
    if len(values) % 2:
        return float(ordered[half])
    return float((ordered[:half].max() + ordered[half]) / 2)
