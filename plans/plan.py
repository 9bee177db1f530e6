"""What a plan is made of: Baseline, PastDay, Request in; Session, Week, Plan out. ``Plan.as_json`` is the interface.

Standard library only. Distances of a plan are km and minutes, as people plan; unrounded until shown.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from datetime import date
from typing import Any, Literal

Profile = Literal["patellofemoral", "itb", "patellar-tendon", "general"]
PROFILES: tuple[Profile, ...] = ("patellofemoral", "itb", "patellar-tendon", "general")
Phase = Literal["relative_rest", "ladder", "rebuild", "recovery", "hold"]
Kind = Literal["run", "run_walk", "long", "hills", "strides", "cross", "strength", "rest"]
Bound = Literal[
    "relative_rest", "layoff_factor", "ladder", "build_10pct", "build_floor", "build_change", "acwr", "session_cap",
    "itb_onset", "tendon_48h", "recovery_week", "goal", "target", "baseline", "pain_light",
]  # fmt: skip

FOOTER = (
    "Training information, not medical advice or a diagnosis. It cannot see your knee. "
    "Stop and seek care for any warning sign below."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class PastDay:
    """One day that was really run, or a rest day (all 0). ``None`` = not recorded."""

    day: date
    distance_km: float = 0.0
    minutes: float = 0.0
    longest_km: float = 0.0
    longest_min: float = 0.0
    runs: int = 0
    ascent_m: float | None = None
    descent_m: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Baseline:
    """The usual week before the pain or the break; medians over ``weeks`` complete weeks. ``None`` = not known."""

    distance_km: float | None = None
    minutes: float | None = None
    runs_per_week: float | None = None
    longest_km: float | None = None
    ascent_m: float | None = None
    descent_m: float | None = None
    cadence_spm: float | None = None
    pace_s_per_km: float | None = None
    first: date | None = None
    last: date | None = None
    weeks: int = 0
    stated: bool = False
    """True where the runner stated the numbers instead of the log."""

    def as_json(self) -> dict[str, Any]:
        """The ``baseline`` object of ``plan show``."""
        out = {k: v for k, v in asdict(self).items() if k not in ("first", "last")}
        out["from"] = self.first.isoformat() if self.first else None
        out["to"] = self.last.isoformat() if self.last else None
        return out


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """What the runner asks for and describes, beside the baseline."""

    profile: Profile = "general"
    days_per_week: int | None = None
    long_day: int = 6
    """Weekday of the long run, Monday = 0."""
    goal_km: float | None = None
    weeks: int | None = None
    worst_pain: float | None = None
    """Worst pain of the last 14 days, 0-10; None = unknown."""
    smallest_factor: bool = False
    """True where the screening says: start at the smallest factor."""
    itb_onset_km: float | None = None
    week_start: int = 0
    """0 = Monday weeks, 6 = Sunday weeks."""
    screened: bool = False
    new_shoe: str | None = None
    big_shoe_change: bool = False
    """True where the new pair differs much (drop, stack, plate): the slow schedule."""
    strides: bool = False
    """True where strides are wished for; they come last."""
    goal_date: date | None = None
    """A day on which the runner wishes to be at full load."""
    form: tuple[str, ...] = ()
    """Form findings that choose drills: overstride, hip_drop, knee_flexion."""
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """One thing to do on one day. For run/walk, minutes and km are the running part; walking is ``walk_minutes``."""

    day: date
    kind: Kind
    minutes: float | None = None
    distance_km: float | None = None
    walk_minutes: float | None = None
    run_walk: str | None = None
    """Run/walk pattern such as '6x(2/3)': repeats x (minutes run / minutes walk)."""
    level: int | None = None
    """Level 1-9 of the ladder."""
    cadence_low_spm: float | None = None
    cadence_high_spm: float | None = None
    shoe: str | None = None
    hills: bool = False
    ascent_m: float | None = None
    descent_m: float | None = None
    steps: tuple[str, ...] = ()
    """The session step by step: warm-up walk, blocks, cool-down walk."""
    drills: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Week:
    """One calendar week of a plan; number 0 is the short week in which a plan starts."""

    number: int
    start: date
    phase: Phase
    distance_km: float
    minutes: float
    runs: int
    longest_km: float
    ascent_m: float | None
    descent_m: float | None
    cadence_target_spm: float | None
    recovery: bool
    bound_by: Bound
    why: tuple[str, ...]
    """Line by line: what was possible, what bound it."""
    starts: str | None = None
    """The one new thing of this week: cadence, hills, shoes, strides; or None."""
    sessions: tuple[Session, ...] = ()
    checkpoints: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """A whole plan. ``as_json`` is what is stored, shown and checked."""

    profile: Profile
    protocol: str
    screened: bool
    start: date
    baseline: Baseline
    target_km: float | None
    """Weekly km that counts as full load; None where the plan ends on the ladder in minutes."""
    target_minutes: float | None
    weeks: tuple[Week, ...]
    full_load_week: int | None
    days_off: int | None = None
    """Days without a run between the last known run and the first session; None = no run is known."""
    what_to_do: tuple[str, ...] = ()
    what_to_watch: tuple[str, ...] = ()
    footer: str = FOOTER
    notes: tuple[str, ...] = ()
    request: Request = field(default_factory=Request)

    def as_json(self) -> dict[str, Any]:
        """Plain data with ISO dates, unrounded; the same plan gives the same data. The store adds ``original``."""
        out = _plain(asdict(self))
        out["baseline"] = self.baseline.as_json()
        return out  # type: ignore[no-any-return]


def _plain(value: Any) -> Any:
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, dict):
        return {k: _plain(v) for k, v in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(v) for v in value]
    return value
