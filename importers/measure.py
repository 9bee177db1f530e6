"""A recording to a run: distance, time, climb, hill metres, steps and cadence.

The device's own totals come first. Samples are measured only where it gives none, and then nothing is bridged: not a
pause, not the gap between two segments.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from importers.checks.climb import doubtful_climb
from importers.climb import LOW, Profile, climb, hills, profile
from importers.path import LOST_S, Path, gap_s, walked
from importers.problems import WELL_ENOUGH, Problem
from importers.run import RUN_SPORT, Run, Track
from importers.shape import STANDING_M_S
from importers.spread import spread
from importers.steps import count_steps, is_running, mean_of, run_cadence
from importers.track import TOTALS, top_speed_m_s, where

if TYPE_CHECKING:
    from importers.path import Walked
    from importers.run import Column, Recording

CLIMB: Final = "session_climb"
"""Code of what says that climb is not to be trusted."""
TIMER_SLACK: Final = 1.02
"""Recorded stretches that are no longer than the device's timer, but for this factor, have no pause in them."""
BODY: Final = ("heart_rate_bpm", "power_w")
"""A run's value is the mean of its running samples, else what the device says; of other sports of all samples."""
DYNAMICS: Final = (
    "vertical_oscillation_mm",
    "ground_contact_ms",
    "ground_contact_balance_pct",
    "vertical_ratio_pct",
    "step_length_mm",
)
"""Running dynamics: a run's value is the mean of its running samples."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Motion:
    """What was covered between one sample and the next, as columns as long as the track; 0 for the first sample."""

    dt_s: Column
    """Seconds since the sample before; 0 over a pause."""
    step_m: Column
    """Metres since the sample before; 0 over a pause or an impossible jump."""
    speed_m_s: Column
    """As recorded, else from ``step_m``; NaN over a pause."""

    @property
    def distance_m(self) -> Column:
        """Metres since the first sample, never falling."""
        return np.cumsum(self.step_m)


def measure(recording: Recording, *, source: str = "", content_sha256: str | None = None, session: int = 0) -> Run:
    """The run (or other activity) of a recording.

    Args:
        recording: one session as decoded; its start must be known.
        source: label of the file within its export.
        content_sha256: identity of the file's bytes.
        session: number of the session in its file.

    Raises:
        ValueError: the recording has no start: it cannot be put on a day.
    """
    return measured(walked(recording), source=source, content_sha256=content_sha256, session=session)


def measured(walked: Walked, *, source: str = "", content_sha256: str | None = None, session: int = 0) -> Run:
    """The same of a recording whose path is known already; see ``measure``."""
    recording, path = walked.recording, walked.path
    if recording.start is None:
        raise ValueError("a recording without a start cannot be measured")
    with np.errstate(invalid="ignore"):
        values, doubts = _values(recording, path)
    problems = (*recording.problems, *doubts)
    return Run(
        start=recording.start,
        utc_offset_s=recording.utc_offset_s,
        offset_source=recording.offset_source,
        sport=recording.sport,
        surface=recording.surface,
        title=recording.summary.title,
        device=recording.device,
        source=source,
        content_sha256=content_sha256,
        session=session,
        salvaged=recording.salvaged,
        flags=tuple(sorted({problem.code for problem in problems} - WELL_ENOUGH)),
        notes=tuple(dict.fromkeys((problem.code, problem.detail) for problem in problems)),
        **values,
    )


def _values(recording: Recording, path: Path) -> tuple[dict[str, Any], list[Problem]]:
    """What is measured of a recording, and what is doubtful in that."""
    track, totals = recording.track, _device_totals(recording)
    moved = motion(track, recording.sport, path, timer_s=totals.get("timer_s"))
    way = moved.distance_m
    shape = profile(track, way, barometric=recording.barometric) if len(track) > 1 else None
    values = {
        "distance_m": totals["distance_m"] if "distance_m" in totals else _distance(track, moved, path),
        "elapsed_s": totals["elapsed_s"] if "elapsed_s" in totals else _elapsed(track, totals.get("timer_s")),
        "moving_s": totals["timer_s"] if "timer_s" in totals else _moving(moved),
        **_climb_values(recording, totals, shape),
        **_sensor_values(recording, totals, moved, shape, way),
    }
    doubts = _climb_doubts(recording, values, shape)
    if any(doubt.code == CLIMB for doubt in doubts):
        values["climb_quality"] = LOW
    return values, doubts


# ---------------------------------------------------------------- distance and time
def motion(track: Track, sport: str, path: Path, *, timer_s: float | None = None) -> Motion:
    """Steps in time and distance between samples, pauses and impossible jumps left out.

    Args:
        track: the samples.
        sport: what is impossible depends on it.
        path: the metres between the samples.
        timer_s: the device's own timer (s). Where it ran all the time, a watch that records seldom made no pause.
    """
    if len(track) == 0:
        return Motion(dt_s=np.zeros(0), step_m=np.zeros(0), speed_m_s=np.zeros(0))
    dt, new_segment = track.time_s[1:] - track.time_s[:-1], track.segment[1:] != track.segment[:-1]
    paused = new_segment | (dt > _gap_s(dt, new_segment, timer_s))
    speed, unknown = track.speed_m_s, np.isnan(track.speed_m_s)
    if path.tells_speed and unknown.any():
        between = np.where(paused, np.nan, np.minimum(path.step_m / dt, top_speed_m_s(sport)))
        speed = np.where(unknown, np.concatenate([[np.nan], between]), speed)
    columns = np.zeros((2, len(track)))
    columns[0, 1:], columns[1, 1:] = np.where(paused, 0.0, dt), path.step_m
    return Motion(dt_s=columns[0], step_m=columns[1], speed_m_s=speed)


def _gap_s(dt: Column, new_segment: Any, timer_s: float | None) -> float:
    if timer_s is not None and float((dt[~new_segment] if new_segment.any() else dt).sum()) <= TIMER_SLACK * timer_s:
        return LOST_S
    return gap_s(dt)


def _distance(track: Track, moved: Motion, path: Path) -> float | None:
    known = path.placed or bool(np.isfinite(track.speed_m_s).any())
    return float(moved.step_m.sum()) if len(track) > 1 and known and not path.all_impossible else None


def _elapsed(track: Track, timer_s: float | None) -> float | None:
    """Time from the first sample to the last; no less than the timer ran: it goes on to the stop button."""
    return max(float(track.time_s[-1] - track.time_s[0]), timer_s or 0.0) if len(track) > 1 else None


def _moving(moved: Motion) -> float | None:
    """Time of samples faster than 0.5 m/s; without any speed, all the time that is no gap."""
    if len(moved.dt_s) <= 1:
        return None
    if not np.isfinite(moved.speed_m_s).any():
        return float(moved.dt_s.sum())
    return float(moved.dt_s[moved.speed_m_s > STANDING_M_S].sum())


def _device_totals(recording: Recording) -> dict[str, float]:
    return {name: float(value) for name in TOTALS if (value := getattr(recording.summary, name)) is not None}


# ---------------------------------------------------------------- climb and sensors
def _climb_values(recording: Recording, totals: dict[str, float], shape: Profile | None) -> dict[str, Any]:
    ascent, descent = totals.get("ascent_m"), totals.get("descent_m")
    source = "device" if ascent is not None else None
    if shape is not None and (ascent is None or descent is None):
        up, down = climb(shape)
        if ascent is None:
            ascent, source = up, "barometric" if shape.barometric else "gps"
        descent = down if descent is None else descent
    if source and recording.device:
        source = f"{source}:{recording.device}"
    up_down = hills(shape) if shape is not None and recording.sport == RUN_SPORT else (None, None)
    return {
        "ascent_m": ascent,
        "descent_m": descent,
        "climb_source": source,
        "climb_quality": shape.quality if shape is not None else None,
        "hill_up_m": up_down[0],
        "hill_down_m": up_down[1],
    }


def _climb_doubts(recording: Recording, values: dict[str, Any], shape: Profile | None) -> list[Problem]:
    """What was left out of the altitude, and why its climb cannot be trusted."""
    doubts = []
    if shape is not None and shape.astray:
        detail = f"altitude: {shape.astray} of its samples dropped that no ground leads to"
        doubts.append(Problem(source="", code="samples_dropped", detail=detail))
    climb_m = values["ascent_m"], values["descent_m"]
    found = list(doubtful_climb(recording.track, shape, recording.sport, climb_m, values["moving_s"]))
    if found:
        doubts.append(Problem(source="", code=CLIMB, detail="; ".join(found)))
    return doubts


def _sensor_values(
    recording: Recording, totals: dict[str, float], moved: Motion, shape: Profile | None, way: Column
) -> dict[str, Any]:
    run, track, summary = recording.sport == RUN_SPORT, recording.track, recording.summary
    running = is_running(track, moved.speed_m_s) if run else None
    counted = slice(None) if running is None else where(running)
    columns = {name: getattr(track, name) for name in (*BODY, *(DYNAMICS if run else ()))}
    once = {id(column): column for column in columns.values()}  # those that were not recorded are one
    means = {key: mean_of(column, counted, moved.dt_s) for key, column in once.items()}
    values: dict[str, Any] = {name: means[id(column)] for name, column in columns.items()}
    values |= {name: _first(values[name], getattr(summary, name)) for name in BODY}
    if running is None:
        return values
    timed = bool(np.isfinite(track.cadence_spm).any() or np.isfinite(moved.speed_m_s).any())
    spread_of = spread(moved.dt_s, moved.step_m, running, track.cadence_spm, shape) if timed else None
    steps = count_steps(track, moved.dt_s)
    grade = shape.grade_at(way) if shape is not None and steps is not None else None
    return {
        "spread": None if spread_of is None else spread_of.to_text(),
        "running_s": float(moved.dt_s[counted].sum()) if timed else None,
        "steps": _first(steps, totals.get("steps")),
        "cadence_spm": run_cadence(track, moved.dt_s, grade) if steps is not None else None,
        **values,
    }


def _first(*values: float | None) -> float | None:
    """The first value that was measured; a mean of 0 says that nothing was."""
    return next((v for v in values if v), None)
