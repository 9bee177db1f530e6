"""Running time, steps and cadence, and what the other sensors say while running."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np

from importers.shape import RUNNING_M_S
from importers.track import median, where

if TYPE_CHECKING:
    from importers.run import Column, Track

WALK_BELOW_SPM: Final = 140.0
"""Below this cadence it is walking (steps/min). Source: Hum Mov Sci 2023, 90:103117."""
FASTEST_SPM: Final = 230.0
"""Above this cadence the sensor is wrong (steps/min)."""
SETTLING_S: Final = 60.0
"""The first seconds of a run, left out of its cadence (s)."""
FLAT_GRADE: Final = 0.02
"""Cadence is read on ground no steeper than this (m per m)."""
CADENCE_NEEDS_S: Final = 300.0
"""Time that the samples of a cadence must cover together (s)."""
MEAN_NEEDS: Final = 0.05
"""A few stray values are no mean: samples with one cover at least this share of the time."""
HELD_S: Final = 10.0
"""Cadence is not known for longer than this without a sample of it (s): the limit of a gap in moving time."""
SECONDS_PER_MINUTE: Final = 60.0


def is_running(track: Track, speed_m_s: Column) -> Any:
    """Mask of samples that are running: at 140 spm or more; where there is no cadence, at 2.0 m/s or more."""
    with np.errstate(invalid="ignore"):
        by_cadence = track.cadence_spm >= WALK_BELOW_SPM
        by_speed = speed_m_s >= RUNNING_M_S
    return by_cadence | (np.isnan(track.cadence_spm) & by_speed)


def count_steps(track: Track, dt_s: Column) -> float | None:
    """Steps of a recording: the sum of cadence x time, None without cadence.

    A cadence counts for the samples without one in front of it, too, where these are short: some watches write it in
    every fifth sample only.
    """
    known = where(np.isfinite(track.cadence_spm))
    cadence, held_s = track.cadence_spm[known], dt_s[known]
    if not (cadence > 0).any():
        return None
    if len(cadence) < len(track):
        since_s = np.cumsum(dt_s)[known]
        since_s[1:] -= since_s[:-1].copy()
        held_s = np.where(since_s <= HELD_S, since_s, held_s)
    return float((cadence * held_s).sum() / SECONDS_PER_MINUTE)


def run_cadence(track: Track, dt_s: Column, grade: Column | None) -> float | None:
    """Cadence of a run (steps/min): median of its settled, flat running, None below 5 min of it.

    Where the altitude is unknown the ground is taken as flat.
    """
    with np.errstate(invalid="ignore"):
        good = (track.cadence_spm >= WALK_BELOW_SPM) & (track.cadence_spm <= FASTEST_SPM)
        good &= track.time_s - track.time_s[:1] >= SETTLING_S
        if grade is not None:
            good &= ~(np.abs(grade) > FLAT_GRADE)
    settled = where(good)
    if float(dt_s[settled].sum()) < CADENCE_NEEDS_S:
        return None
    return median(track.cadence_spm[settled])


def mean_of(values: Column, mask: Any, dt_s: Column) -> float | None:
    """Mean of the known values under a mask (or at indices) over time, None where there are next to none.

    A sample counts for the time since the one before, as in the means of a watch: one that records more often where
    the way turns would otherwise give its turns more weight. Where no time is known all samples count alike.
    """
    measured, weights = values[mask], dt_s[mask]
    whole = covered = float(weights.sum())
    known = where(np.isfinite(measured))
    if not isinstance(known, slice):
        measured, weights = measured[known], weights[known]
        covered = float(weights.sum())
    if not len(measured) or covered < MEAN_NEEDS * whole:
        return None
    return float((measured * weights).sum()) / covered if covered > 0 else float(measured.mean())
