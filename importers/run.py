"""What a reader hands on: Track (samples as columns), Recording (one session of a file), Run (one row of the log).

Units are SI and stand in the names. ``None`` (NaN in a column) means: not recorded. It never means 0.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    from importers.problems import Problem

    Column = npt.NDArray[np.float64]

RUN_SPORT = "run"
"""The one sport that counts as load. Road, trail, track, treadmill and virtual are surfaces of it."""

SURFACES = ("road", "trail", "track", "treadmill", "virtual")


@dataclass(frozen=True, slots=True, kw_only=True)
class Track:
    """Samples of one recording as float64 columns of equal length; NaN where a sample lacks the value.

    ``time_s`` are seconds since ``Recording.start``, rising. ``segment`` numbers stretches that are not bridged
    (GPX segments, pauses), 0, 1, ... Cadence is steps per minute, both feet, in a run (readers double it, nobody else);
    in other sports what the file counts: strides, turns or strokes.
    ``latitude_deg`` and ``longitude_deg`` live only while measuring; no coordinate leaves the importer.
    """

    time_s: Column
    distance_m: Column
    altitude_m: Column
    speed_m_s: Column
    cadence_spm: Column
    heart_rate_bpm: Column
    power_w: Column
    vertical_oscillation_mm: Column
    ground_contact_ms: Column
    ground_contact_balance_pct: Column
    vertical_ratio_pct: Column
    step_length_mm: Column
    latitude_deg: Column
    longitude_deg: Column
    segment: Column

    def __len__(self) -> int:
        """Number of samples."""
        return len(self.time_s)


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary:
    """What the file itself says of the whole recording (device totals); ``None`` where it does not say."""

    distance_m: float | None = None
    elapsed_s: float | None = None
    timer_s: float | None = None
    ascent_m: float | None = None
    descent_m: float | None = None
    cadence_spm: float | None = None
    heart_rate_bpm: float | None = None
    power_w: float | None = None
    steps: float | None = None
    title: str | None = None
    cadence_rule: str | None = None
    """How the unit of cadence was decided where the format leaves it open (GPX, TCX)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Recording:
    """One session of one file as decoded, before anything is measured."""

    start: datetime | None
    """Aware UTC, or None when the file has no times."""
    utc_offset_s: int | None = None
    offset_source: str | None = None
    sport: str = "unknown"
    surface: str | None = None
    device: str | None = None
    barometric: bool | None = None
    track: Track
    summary: Summary = field(default_factory=Summary)
    salvaged: bool = False
    problems: tuple[Problem, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """One recorded run or other activity, measured. The unit of the run log."""

    start: datetime
    """Aware UTC."""
    utc_offset_s: int | None = None
    offset_source: str | None = None
    """Which rule gave the offset: file, neighbours, tz; None = unknown, UTC is used."""
    sport: str = RUN_SPORT
    surface: str | None = None
    distance_m: float | None = None
    elapsed_s: float | None = None
    moving_s: float | None = None
    running_s: float | None = None
    """Time at or above the walking limit of cadence (or speed, without cadence)."""
    ascent_m: float | None = None
    descent_m: float | None = None
    climb_source: str | None = None
    """device, barometric, gps or manual; with ':<device>' behind it where the device is known."""
    climb_quality: str | None = None
    """How far climb and hill metres can be trusted: good, or low (altitude by GPS alone); None without an altitude."""
    hill_up_m: float | None = None
    hill_down_m: float | None = None
    steps: float | None = None
    cadence_spm: float | None = None
    heart_rate_bpm: float | None = None
    power_w: float | None = None
    vertical_oscillation_mm: float | None = None
    ground_contact_ms: float | None = None
    ground_contact_balance_pct: float | None = None
    vertical_ratio_pct: float | None = None
    step_length_mm: float | None = None
    spread: str | None = None
    """Seconds by speed, metres by grade, seconds by cadence, as ``importers.spread`` writes them; no place in it."""
    shoe: str | None = None
    rpe: float | None = None
    title: str | None = None
    device: str | None = None
    source: str = ""
    """Label of where it came from (path within the export); never shown on what is made for others."""
    content_sha256: str | None = None
    session: int = 0
    """Which session of its file, 0 for the first."""
    salvaged: bool = False
    flags: tuple[str, ...] = ()
    """Codes of what does not add up in this very run or was repaired, sorted; () where it adds up."""
    notes: tuple[tuple[str, str], ...] = ()
    """All that was said of it, a code and a sentence with the numbers each: the flags, and where values come from."""

    @property
    def is_run(self) -> bool:
        """True for running on any surface."""
        return self.sport == RUN_SPORT

    @property
    def local_start(self) -> datetime:
        """Start on the local wall clock, naive; UTC where the offset is unknown."""
        return self.start.replace(tzinfo=None) + timedelta(seconds=self.utc_offset_s or 0)

    @property
    def day(self) -> date:
        """The local calendar day on which the run started."""
        return self.local_start.date()
