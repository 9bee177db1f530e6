"""What an account export says beside its files: a row for each activity, and the gear. No file is opened here."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime

from importers.problems import Problem


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountRow:
    """One activity as a service lists it. ``None`` means: the service does not say; it never means 0."""

    service: str
    """``strava`` or ``garmin``."""
    activity_id: str
    """The service's own number of the activity; unique within the service."""
    start: datetime
    """Aware UTC, or, where only the wall clock is known, that clock as if it were UTC (``utc_known`` is then False)."""
    utc_known: bool = True
    utc_offset_s: int | None = None
    """Local clock minus UTC, where the service says it."""
    sport: str = "unknown"
    surface: str | None = None
    distance_m: float | None = None
    elapsed_s: float | None = None
    moving_s: float | None = None
    ascent_m: float | None = None
    descent_m: float | None = None
    cadence_spm: float | None = None
    heart_rate_bpm: float | None = None
    steps: float | None = None
    rpe: float | None = None
    title: str | None = None
    gear: str | None = None
    """Name of the pair of shoes, as ``Gear.name`` has it."""
    filename: str | None = None
    """The member that the row names, such as ``activities/123.fit.gz``; a label, not proof."""
    file_lost: bool = False
    """The service says that the file of this activity cannot be exported."""
    is_parent: bool = False
    """A multisport parent, whose parts have rows of their own."""
    source: str = ""
    """Member and line, such as ``activities.csv:17``."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Gear:
    """A pair of shoes as a service lists it."""

    name: str
    first_day: date | None = None
    retired: date | None = None
    wear_limit_m: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """All that one table (or one set of tables) of an export says."""

    rows: tuple[AccountRow, ...] = ()
    gear: tuple[Gear, ...] = ()
    problems: tuple[Problem, ...] = field(default=())
    """A row that cannot be read costs only itself, and is named with its line."""
