"""One activity as Garmin lists it: what every row of an account says, and what only Garmin says."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Final

from importers.account import AccountRow
from importers.problems import Problem

SERVICE: Final = "garmin"
FIRST_YEAR: Final = 2000
"""No run of these services is older."""
END_YEAR: Final = 2100
"""Nor from this year on; whether it lies before tomorrow is for whoever knows the day."""
DUPLICATE: Final = "duplicate_row"
IMPOSSIBLE: Final = "impossible_value"
MORE: Final = "more_problems"
PROBLEMS_MAX: Final = 1_000
"""Problems of one file that are named one by one."""
ENTRIES_MAX: Final = 200_000
"""Activities of one file; a life has fewer, and a service writes 1,000 to a file."""
TOO_MANY: Final = "too_many_rows"
EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(slots=True)
class Noted:
    """Problems of one file. A file made of nothing but damage fills no memory: the first stand for the rest."""

    source: str
    kept: list[Problem] = field(default_factory=list)
    more: int = 0

    def append(self, problem: Problem) -> None:
        """Note one more."""
        if len(self.kept) < PROBLEMS_MAX:
            self.kept.append(problem)
        else:
            self.more += 1

    def say(self, code: str, detail: str, place: str | None = None) -> None:
        """Note one more, of the file or of ``place``."""
        self.append(Problem(source=place or self.source, code=code, detail=detail))

    def all(self) -> tuple[Problem, ...]:
        """The problems in the order in which they were found."""
        if not self.more:
            return tuple(self.kept)
        detail = f"{self.more:,} more problems of this file are not listed"
        return (*self.kept, Problem(source=self.source, code=MORE, detail=detail))


@dataclass(frozen=True, slots=True)
class Range:
    """What a value can be, both ends included, and its unit in words."""

    low: float
    high: float
    unit: str

    def holds(self, value: float) -> bool:
        """False for NaN, infinities and what nobody can do."""
        return math.isfinite(value) and self.low <= value <= self.high


RANGES: Final[dict[str, Range]] = {
    "distance_m": Range(0, 5e6, "m"),
    "elapsed_s": Range(0, 3.2e7, "s"),
    "moving_s": Range(0, 3.2e7, "s"),
    "ascent_m": Range(0, 1e5, "m"),
    "descent_m": Range(0, 1e5, "m"),
    "cadence_spm": Range(1, 400, "/min"),
    "heart_rate_bpm": Range(20, 260, "/min"),
    "steps": Range(1, 1e7, "steps"),
    "rpe": Range(0, 10, "of 10"),
    "feel": Range(0, 100, "of 100"),
}
"""Beyond these a value is a mistake of the file, whatever the sport; a year of hours, a continent of metres."""


@dataclass(frozen=True, slots=True, kw_only=True)
class GarminRow(AccountRow):
    """An ``AccountRow`` with what only Garmin says."""

    parent_id: str | None = None
    """The multisport activity that this is a part of."""
    child_ids: tuple[str, ...] = ()
    """The parts of this multisport activity, where it lists them."""
    climb_corrected: bool = False
    """Climb was taken from a map of the ground in place of the watch."""
    typed_in: bool = False
    """Entered by hand: never merged with another that was."""
    feel: float | None = None
    """How it felt, 0 very weak to 100 very strong."""


def instant(milliseconds: float) -> datetime | None:
    """Aware UTC of epoch milliseconds (of seconds, where they are too few for that), None outside 2000 to 2100."""
    seconds = milliseconds / 1000 if abs(milliseconds) >= _SECONDS_BELOW else milliseconds
    try:
        found = EPOCH + timedelta(seconds=seconds)
    except (OverflowError, ValueError):
        return None
    return found if FIRST_YEAR <= found.year < END_YEAR else None


_SECONDS_BELOW: Final = 1e11
"""Fewer than this are epoch seconds (1973 in milliseconds, the year 5138 in seconds)."""


def unique(rows: Iterable[AccountRow], problems: Noted) -> list[AccountRow]:
    """Rows with ids that occur once: of two with one id the first is kept, and the other is named."""
    kept: dict[str, AccountRow] = {}
    for row in rows:
        first = kept.setdefault(row.activity_id, row)
        if first is not row:
            detail = f"activity {row.activity_id} stands here again; the first ({first.source}) was kept"
            problems.say(DUPLICATE, detail, row.source)
    return list(kept.values())
