"""What the cross-checks look at: a recording, what its file says a second time, and what several of them work out."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from importers.track import where

if TYPE_CHECKING:
    from importers.run import Column, Recording, Summary, Track

SILENCE_S: Final = 60.0
"""Watches that record seldom write a sample each minute at least; a longer silence is a gap (s)."""
SWIM: Final = "swim"

Found = Iterator[str]
"""Sentences of what a check found."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Witness:
    """What a device's file says a second time beside its summary: only compared, never measured from."""

    sessions: int = 1
    """Summaries in the file; 0 where the device wrote none."""
    sessions_told: float | None = None
    """Summaries that there are by the message that closes the file, None where it does not say."""
    closed: bool = True
    """Whether that message is there: a device writes it last, or first of all."""
    distance_m: float | None = None
    """Sum over the laps, as are all of these; None where no lap says."""
    elapsed_s: float | None = None
    timer_s: float | None = None
    ascent_m: float | None = None
    laps: int = 0
    begun_s: float | None = None
    """When its first lap begins (s after the recording's start)."""
    created_s: float | None = None
    """When the file says that it was created (s after the start of its first recording)."""
    mean_speed_m_s: float | None = None
    sport: str | None = None
    """The session's sport in the word of the file."""
    sports: tuple[str, ...] = ()
    """Sports that its laps and the sport message name."""


@dataclass(frozen=True, slots=True)
class Facts:
    """What several checks look at, worked out once."""

    recording: Recording
    witness: Witness | None
    disordered: int
    dt_s: Column
    """Seconds between samples, one fewer than samples."""
    longest_s: float
    """The longest of them; 0 where there is none."""
    paused: Any
    """Mask of ``dt_s``: over a pause that the file itself marks."""
    paused_s: float
    """Time of those pauses (s)."""
    weight_s: Column
    """Time for which each sample but the first counts (s): ``dt_s``, 0 over pauses and gaps."""
    weight_sum_s: float
    """Sum of those."""
    known: Any
    """Samples with a distance: their indices, or all of them as a slice."""
    known_dt_s: Column
    """Seconds from each known sample to the next known one, one fewer than those."""
    step_m: Column
    """Metres from each known sample to the next known one."""

    @property
    def track(self) -> Track:
        """The samples."""
        return self.recording.track

    @property
    def totals(self) -> Summary:
        """What the device says of the whole."""
        return self.recording.summary

    @property
    def span_s(self) -> float:
        """Time from the first sample to the last (s)."""
        time = self.track.time_s
        return float(time[-1] - time[0]) if len(time) else 0.0

    @property
    def recorded_s(self) -> float:
        """Time from the first sample to the last without the pauses that the file marks (s)."""
        return self.span_s - self.paused_s

    @property
    def distance_m(self) -> float | None:
        """Distance of the samples (m), None where they have none."""
        return float(self.track.distance_m[self.known][-1]) if len(self.step_m) else None


def facts_of(recording: Recording, witness: Witness | None, disordered: int) -> Facts:
    """The facts of a recording."""
    track = recording.track
    known = where(np.isfinite(track.distance_m))
    time, distance = track.time_s[known], track.distance_m[known]
    dt, paused = track.time_s[1:] - track.time_s[:-1], track.segment[1:] != track.segment[:-1]
    longest, pauses = float(dt.max(initial=0.0)), paused.any()
    weight = np.where(paused | (dt > SILENCE_S), 0.0, dt) if pauses or longest > SILENCE_S else dt
    return Facts(
        recording=recording,
        witness=witness,
        disordered=disordered,
        dt_s=dt,
        paused=paused,
        longest_s=longest,
        paused_s=float(dt[paused].sum()) if pauses else 0.0,
        weight_s=weight,
        weight_sum_s=float(weight.sum()),
        known=known,
        known_dt_s=dt if isinstance(known, slice) else time[1:] - time[:-1],
        step_m=distance[1:] - distance[:-1],
    )


def apart(a: float, b: float, share: float, least: float = 0.0) -> bool:
    """True for values that differ by more than a share of the larger one, and by more than the least."""
    return abs(a - b) > max(least, share * max(abs(a), abs(b)))
