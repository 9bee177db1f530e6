"""A witness: one account of one activity, by a session of a file, by a row of a service's table, or by the runner.

The same run has several. Which witnesses are one run, and who is believed about what, is for ``merge.py``.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final

from importers.run import Run

SAME_START_S: Final = 2.0
"""Services round starts to whole seconds, each in its way."""
QUARTER_S: Final = 900.0
"""Zones differ by whole quarters of an hour."""
SHIFT_MAX_S: Final = 14 * 3600.0
"""No zone is further from UTC."""


class Teller(StrEnum):
    """Who speaks."""

    FIT = "fit"
    TCX = "tcx"
    GPX = "gpx"
    GARMIN = "garmin"
    STRAVA = "strava"
    LIST = "list"
    """A row of the list that Garmin's web page exports: rounded, on the local clock."""
    TYPED = "typed"

    @property
    def is_file(self) -> bool:
        """Whether it has samples."""
        return self in (Teller.FIT, Teller.TCX, Teller.GPX)


class Clock(StrEnum):
    """What the start of a witness is."""

    UTC = "utc"
    LOCAL = "local"
    """The wall clock, as if it were UTC: the offset is not said."""
    DAY = "day"
    """Only the day is said."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Witness:
    """What one teller says of one activity. ``run`` holds the values; ``None`` in it means: does not say."""

    identity: str
    """Names this account of it for good: content and session of a file, service, number and content of a row."""
    teller: Teller
    run: Run
    clock: Clock = Clock.UTC
    typed_in: bool = False
    """Entered by hand, here or at the service: never one run with another that was."""
    climb_corrected: bool = False
    """The service took climb from a map of the ground."""
    told: datetime | None = None
    """Start of the newest activity in the same table: how new its word is."""
    activities: tuple[str, ...] = ()
    """Numbers under which services know it, such as ``strava:123``; sorted."""
    exports: tuple[str, ...] = ()
    """What it was downloaded with; sorted."""
    restart: datetime | None = None
    """Start that the service says of a file whose own clock was wrong or which has no times."""
    zone: str | None = None
    """Zone that the runner named for it."""

    @property
    def start(self) -> datetime:
        """Aware UTC; on the wall clock where ``clock`` says so."""
        return self.restart or self.run.start
