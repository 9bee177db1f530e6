"""Errors in user data are values: a Problem says which file, a reason code, and what was kept."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Final


class ImporterError(Exception):
    """The path itself cannot be used (it does not exist, or may not be read)."""


class Fate(StrEnum):
    """What became of one thing found. ``found = kept + duplicates + not_activities + rejected``."""

    KEPT = "kept"
    DUPLICATE = "duplicate"
    NOT_ACTIVITY = "not_activity"
    REJECTED = "rejected"
    IGNORED = "ignored"
    """Tables, pictures and the like beside the activities: in the ledger, not in ``found``."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """One thing that is wrong with one file (``source``), as a stable ``code`` and a sentence (``detail``)."""

    source: str
    code: str
    detail: str


WELL_ENOUGH: Final = frozenset(
    {"cadence_in_steps", "lap_distance_missing", "naive_time", "no_place", "sport_guessed", "sport_unknown"}
)
"""Codes that only say where a value comes from: nothing of the run is lost, repaired or in contradiction."""


NOT_FOR_GOOD: Final = frozenset({"past_date", "future_date", "too_slow", "worker_died", "reader_failed"})
"""Reasons that may not hold the next time: such a file is read again."""


def counted(count: int, one: str, many: str | None = None) -> str:
    """A number and its word: ``1 point``, ``2,000 points``."""
    return f"{count:,} {one if count == 1 else many or one + 's'}"


@dataclass(frozen=True, slots=True, kw_only=True)
class LedgerRow:
    """What became of one member of an import."""

    source: str
    fate: Fate
    code: str | None = None
    detail: str | None = None
    content_sha256: str | None = None
    runs: int = 0
    """Recordings it gave (runs and other activities)."""
    salvaged: bool = False
