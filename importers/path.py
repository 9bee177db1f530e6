"""Metres from sample to sample, by the last good point: an impossible step is never taken, and what follows is kept.

A sample that nobody can have reached is left out, and the next one that can be is measured from the last good one: a
GPS that lagged and catches up keeps its metres and its time, and a single stray position costs nothing.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from importers.problems import Problem
from importers.shape import between_m
from importers.track import clean_recording, median, top_speed_m_s, where

if TYPE_CHECKING:
    from importers.run import Column, Recording, Track

GAP_S: Final = 10.0
"""A longer silence between two samples is left out of moving time (s)."""
LOST_S: Final = 60.0
"""A longer silence is a pause whatever happened in it; a shorter one that covers ground is a loss of signal (s)."""
SLOW_RECORDER: Final = 2.0
"""A watch that records more seldom than ``GAP_S`` would be all pauses: its gaps begin at twice its own step."""
BATCH_S: Final = 5.0
"""Some phones hand over several positions at once, a thousandth of a second apart: they stand for so long (s)."""
CATCH_UP_S: Final = 300.0
"""After an impossible step a sample that can be true is looked for within this time; then the path begins anew (s)."""
FIRST_FIX_S: Final = 10.0
"""A path younger than this is believed no longer than this: the first fixes of a GPS are often far away (s)."""
WINDOW_SAMPLES: Final = 1000
"""Samples that are looked at for one that can be true."""
SEARCHES_MAX: Final = 2000
"""Searches in one recording; beyond it is no path, and each impossible step is only left out."""

Between = Callable[[Any, Any], "Column"]
"""Metres from samples to later samples, by their positions in the list of known ones."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Path:
    """What was covered between each sample and the next."""

    step_m: Column
    """Metres, one fewer than samples; 0 over a pause or where the path begins anew, never below 0."""
    dropped: int = 0
    """Samples that cannot be true after the ones before them."""
    placed: bool = True
    """False where neither distance nor position says where the samples lie: then the path tells no speed."""
    all_impossible: bool = False
    """True if it moved, and every step was too fast to be true: then nothing is known of the distance."""

    @property
    def tells_speed(self) -> bool:
        """Whether the metres of a step over its time are a speed, and none is a standing."""
        return self.placed and not self.all_impossible


@dataclass(frozen=True, slots=True, kw_only=True)
class Walked:
    """A recording that can be true, and the path over its samples: found once, used by all that measure."""

    recording: Recording
    path: Path


def gap_s(dt: Column) -> float:
    """A longer time between samples is a gap (s)."""
    return max(GAP_S, SLOW_RECORDER * median(dt)) if len(dt) else GAP_S


def walk(track: Track, sport: str) -> Path:
    """Metres between samples: by the device's running distance, else from position, else from speed.

    The device measures on while it records nothing, so its own distance holds over a silence within a segment; a
    straight line between two positions holds for a short loss of signal only.
    """
    top = top_speed_m_s(sport)
    recorded = where(np.isfinite(track.distance_m))
    metres = track.distance_m[recorded]
    if len(metres) > 1:
        return _along(track, recorded, lambda a, b: metres[b] - metres[a], np.inf, top)
    dt = np.diff(track.time_s)
    lost_s = max(LOST_S, gap_s(dt))
    placed = where(np.isfinite(track.latitude_deg))
    lat, lon = track.latitude_deg[placed], track.longitude_deg[placed]
    if len(lat) > 1:
        return _along(track, placed, between_m(lat, lon), lost_s, top)
    step = track.speed_m_s[1:] * dt
    unbroken = (np.diff(track.segment) == 0) & (dt <= lost_s) & np.isfinite(step)
    return Path(step_m=np.where(unbroken, step, 0.0), placed=False)


def _along(track: Track, known: Any, between: Between, lost_s: float, top: float) -> Path:
    """The path over the known samples; those without a value, and those left out, lie evenly in time between them."""
    time, segment = track.time_s[known], track.segment[known]
    dt, cut = time[1:] - time[:-1], segment[1:] != segment[:-1]
    if lost_s < np.inf:
        cut |= dt > lost_s
    step = between(slice(None, -1), slice(1, None))
    possible = _possible(step, dt, top)
    wrong = np.flatnonzero(~(possible | cut))
    if not len(wrong):
        return Path(step_m=_spread(track, time, np.where(cut, 0.0, step) if cut.any() else step))
    if not (step[possible & ~cut] > 0).any():
        return Path(step_m=np.zeros(len(track) - 1), dropped=len(wrong), all_impossible=True)
    frozen = np.concatenate([[False], (step == 0) & ~cut])
    keep, anew = _believed(time, cut, step, wrong, frozen, between, top)
    good = np.flatnonzero(keep)
    part = np.concatenate([[0], np.cumsum(cut | anew)])[good]
    covered = np.where(np.diff(part) == 0, between(good[:-1], good[1:]), 0.0)
    dropped = int((~keep).sum() + (anew & (step > 0)).sum())
    return Path(step_m=_spread(track, time[good], covered), dropped=dropped)


def _spread(track: Track, time: Column, covered: Column) -> Column:
    """Metres between all samples, from those between the ones at some times; evenly in time where more lie between."""
    if len(time) == len(track):
        return covered
    return np.diff(np.interp(track.time_s, time, np.concatenate([[0.0], np.cumsum(covered)])))


def _possible(step: Column, dt: Column, top: float) -> Any:
    return (step >= 0) & (step <= top * np.where(dt < 1, BATCH_S, dt))


def _believed(
    time: Column, cut: Any, step: Column, wrong: Any, frozen: Any, between: Between, top: float
) -> tuple[Any, Any]:
    """Which of the known samples are believed, and after which the path begins anew; a loop over wrong steps only.

    A value that stood still before it caught up was no standing: it is measured from where it froze. Distance that
    steps back is a counter that was set back: the path begins anew there, and nothing is taken away.
    """
    keep, anew = np.ones(len(time), dtype=bool), np.zeros(len(cut), dtype=bool)
    ends = np.append(np.flatnonzero(cut), len(time) - 1)
    begun, done = 0, 0
    for searches, i in enumerate(wrong.tolist()):
        if i < done:
            continue
        k = int(np.searchsorted(ends, i))
        begun = max(begun, int(ends[k - 1]) + 1 if k else 0)
        window = CATCH_UP_S if time[i] - time[begun] >= FIRST_FIX_S else FIRST_FIX_S
        last = min(int(ends[k]), i + WINDOW_SAMPLES, int(np.searchsorted(time, time[i] + window, side="right")) - 1)
        later = np.arange(i + 2, last + 1 if searches < SEARCHES_MAX else 0)
        found = later[:0]
        if len(later) and step[i] >= 0:
            found = later[_possible(between(i, later), time[later] - time[i], top)]
        if len(found):
            before, done = done, int(found[0])
            while i > before and frozen[i]:
                i -= 1
            keep[i + 1 : done] = False
        else:
            anew[i], begun = True, i + 1
    return keep, anew


def walked(recording: Recording) -> Walked:
    """A recording without what cannot be true, and its path.

    Where no device gave the distance, a problem counts the samples that were left out of the path.
    """
    whole = clean_recording(recording)
    path = walk(whole.track, whole.sport)
    if path.dropped and whole.summary.distance_m is None:
        detail = f"{path.dropped} of {len(whole.track)} samples dropped: out of reach from the ones before"
        problem = Problem(source="", code="samples_dropped", detail=detail)
        whole = replace(whole, problems=(*whole.problems, problem))
    return Walked(recording=whole, path=path)
