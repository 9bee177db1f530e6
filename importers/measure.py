"""A recording to a run: distance, time, climb, hill metres, steps and cadence.

The device's own totals come first. Samples are measured only where it gives none, and then nothing is bridged: not a
pause, not the gap between two segments.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from importers.climb import Profile, climb, hills, profile
from importers.path import LOST_S, gap_s, walk
from importers.run import RUN_SPORT, Recording, Run, Track
from importers.shape import STANDING_M_S
from importers.steps import count_steps, is_running, mean_of, run_cadence
from importers.track import TOTALS, clean_recording, top_speed_m_s

if TYPE_CHECKING:
    from importers.run import Column

TIMER_SLACK: Final = 1.02
"""Recorded stretches that are no longer than the device's timer, but for this factor, have no pause in them."""
WELL_ENOUGH: Final = frozenset(
    {"clock_repaired", "lap_distance_missing", "naive_time", "no_place", "sport_guessed", "sport_unknown"}
)
"""Problems that only say where a value comes from: nothing of the run is lost or in contradiction."""
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

    all_impossible: bool = False
    """True if it moved, and every step was too fast to be true: then nothing is known of the distance."""

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
    if recording.start is None:
        raise ValueError("a recording without a start cannot be measured")
    whole = clean_recording(recording)
    track, totals = whole.track, _device_totals(whole)
    moved = motion(track, recording.sport, timer_s=totals.get("timer_s"))
    shape = profile(track, moved.distance_m, barometric=recording.barometric) if len(track) > 1 else None
    values: dict[str, Any] = {
        "distance_m": totals.get("distance_m", _distance(track, moved)),
        "elapsed_s": totals.get("elapsed_s", _elapsed(track)),
        "moving_s": totals.get("timer_s", _moving(moved)),
        **_climb_values(recording, totals, shape),
        **_sensor_values(recording, totals, track, moved, shape),
    }
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
        flags=tuple(sorted({problem.code for problem in whole.problems} - WELL_ENOUGH)),
        **values,
    )


# ---------------------------------------------------------------- distance and time
def motion(track: Track, sport: str, *, timer_s: float | None = None) -> Motion:
    """Steps in time and distance between samples, pauses and impossible jumps left out.

    Args:
        track: the samples.
        sport: what is impossible depends on it.
        timer_s: the device's own timer (s). Where it ran all the time, a watch that records seldom made no pause.
    """
    if len(track) == 0:
        return Motion(dt_s=np.zeros(0), step_m=np.zeros(0), speed_m_s=np.zeros(0))
    top = top_speed_m_s(sport)
    dt = np.diff(track.time_s)
    path = walk(track, sport)
    new_segment = np.diff(track.segment) != 0
    paused = new_segment | (dt > _gap_s(dt, float(dt[~new_segment].sum()), timer_s))
    first = np.zeros(1)
    with np.errstate(invalid="ignore"):
        between = np.where(paused, np.nan, np.minimum(path.step_m / dt, top))
    speed = np.where(np.isnan(track.speed_m_s), np.concatenate([[np.nan], between]), track.speed_m_s)
    return Motion(
        dt_s=np.concatenate([first, np.where(paused, 0.0, dt)]),
        step_m=np.concatenate([first, path.step_m]),
        speed_m_s=speed,
        all_impossible=path.all_impossible,
    )


def _gap_s(dt: Column, recorded_s: float, timer_s: float | None) -> float:
    if timer_s is not None and recorded_s <= TIMER_SLACK * timer_s:
        return LOST_S
    return gap_s(dt)


def _distance(track: Track, moved: Motion) -> float | None:
    moving = (track.distance_m, track.latitude_deg, track.speed_m_s)
    known = len(track) > 1 and any(np.isfinite(column).any() for column in moving)
    return float(moved.step_m.sum()) if known and not moved.all_impossible else None


def _elapsed(track: Track) -> float | None:
    return float(track.time_s[-1] - track.time_s[0]) if len(track) > 1 else None


def _moving(moved: Motion) -> float | None:
    """Time of samples faster than 0.5 m/s; without any speed, all the time that is no gap."""
    if len(moved.dt_s) <= 1:
        return None
    known = np.isfinite(moved.speed_m_s)
    if not known.any():
        return float(moved.dt_s.sum())
    with np.errstate(invalid="ignore"):
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


def _sensor_values(
    recording: Recording, totals: dict[str, float], track: Track, moved: Motion, shape: Profile | None
) -> dict[str, Any]:
    summary = recording.summary
    if recording.sport != RUN_SPORT:
        everywhere = np.ones(len(track), dtype=bool)
        return {
            "heart_rate_bpm": _first(mean_of(track.heart_rate_bpm, everywhere, moved.dt_s), summary.heart_rate_bpm),
            "power_w": _first(mean_of(track.power_w, everywhere, moved.dt_s), summary.power_w),
        }
    running = is_running(track, moved.speed_m_s)
    grade = shape.grade_at(moved.distance_m) if shape is not None else None
    timed = bool(np.isfinite(track.cadence_spm).any() or np.isfinite(moved.speed_m_s).any())
    return {
        "running_s": float(moved.dt_s[running].sum()) if timed else None,
        "steps": _first(count_steps(track, moved.dt_s), totals.get("steps")),
        "cadence_spm": run_cadence(track, moved.dt_s, grade),
        "heart_rate_bpm": _first(mean_of(track.heart_rate_bpm, running, moved.dt_s), summary.heart_rate_bpm),
        "power_w": _first(mean_of(track.power_w, running, moved.dt_s), summary.power_w),
        **{name: mean_of(getattr(track, name), running, moved.dt_s) for name in DYNAMICS},
    }


def _first(*values: float | None) -> float | None:
    """The first value that was measured; a mean of 0 says that nothing was."""
    return next((v for v in values if v), None)
