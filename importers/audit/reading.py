"""What a second reader hands on: its answer to each value, and its other ways of counting the same samples.

An answer that differs from ours is explained only by another way of counting that was computed and comes to our
figure. Nothing here or beside it is shared with the readers that are audited.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final, NamedTuple

Value = datetime | float | str

VALUES: Final[dict[str, str]] = {
    "start": "UTC",
    "utc_offset_s": "s",
    "sport": "",
    "distance_m": "m",
    "elapsed_s": "s",
    "timer_s": "s",
    "ascent_m": "m",
    "descent_m": "m",
    "cadence_spm": "steps/min",
    "heart_rate_bpm": "bpm",
    "samples": "",
}
"""Values that stand side by side, and their units."""


class Sample(NamedTuple):
    """One sample as the second reader gives it; ``None`` where it gives nothing. Positions stay in this room."""

    time_s: float
    """Seconds since 1970."""
    latitude_deg: float | None = None
    longitude_deg: float | None = None
    distance_m: float | None = None
    altitude_m: float | None = None
    speed_m_s: float | None = None
    cadence: float | None = None
    """As the file counts it: one foot or both."""
    heart_rate_bpm: float | None = None
    part: int = 0
    """Number of its stretch; from one to the next nothing is bridged."""


@dataclass(frozen=True, slots=True)
class Answer:
    """One way of counting: in words, and computed only when it is asked for. ``None``: it does not apply here."""

    says: str
    find: Callable[[], Value | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """One recording as the second reader sees it."""

    answers: dict[str, tuple[Answer, ...]]
    """For each value the reader's own answer, then its other ways of counting."""
    unknown: dict[str, tuple[Answer, ...]] = field(default_factory=dict)
    """For a value that we call unknown: conditions under which nobody can know it; one that finds something holds."""
    stops: bool = False
    """True where the reader stopped at damage, so that we may have more than it."""

    def own(self, name: str) -> Value | None:
        """The reader's own answer, None where it has none."""
        answers = self.answers.get(name, ())
        return answers[0].find() if answers else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Opinion:
    """What the second reader makes of one file."""

    reader: str
    readings: tuple[Reading, ...] = ()
    note: str = ""
    """What had to be done before it could read the file, or where it stopped."""
    nothing: str = ""
    """Why it holds no activity, in words, where it says so."""
    failed: str = ""
    """Why there is no second opinion at all."""
