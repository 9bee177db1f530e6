"""What a plan is made of: Baseline, PastDay, Request in; Session, Week, Plan out. ``Plan.as_json`` is the interface.

Standard library only. Distances of a plan are km and minutes, as people plan; unrounded until shown.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields, is_dataclass
from datetime import date
from functools import cache
from typing import Any, Literal

from plans.words import FOOTER

Profile = Literal["patellofemoral", "itb", "patellar-tendon", "general"]
PROFILES: tuple[Profile, ...] = ("patellofemoral", "itb", "patellar-tendon", "general")
Phase = Literal["relative_rest", "ladder", "rebuild", "recovery", "hold"]
Thing = Literal["cadence", "hills", "shoes", "strides"]
"""What comes back one at a time, in quiet weeks."""
Kind = Literal["run", "run_walk", "long", "hills", "strides", "cross", "strength", "rest"]
Bound = Literal[
    "relative_rest", "layoff_factor", "ladder", "build_10pct", "build_floor", "build_change", "acwr", "session_cap",
    "itb_onset", "tendon_48h", "recovery_week", "goal", "target", "baseline", "pain_light",
]  # fmt: skip


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
    cadence_blocks: int | None = None
    """Blocks of a minute on target and a minute as one likes, in the first week of a cadence; None = all of the run."""
    shoe: str | None = None
    hills: bool = False
    ascent_m: float | None = None
    descent_m: float | None = None
    steps: tuple[str, ...] = ()
    """The session step by step: warm-up walk, blocks, cool-down walk."""
    drills: tuple[str, ...] = ()


VerdictKind = Literal["advance", "repeat", "step_down", "cut"]
"""What a week that was lived says about the next one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Done:
    """What became of a planned week: what was run, what the diary says, and what follows."""

    distance_km: float
    minutes: float
    runs: int
    longest_km: float
    light: str
    """green, amber, red or unknown, as the diary says."""
    verdict: VerdictKind
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One week that an update made different."""

    week: int
    was_km: float | None
    """In the plan before; None where it had no such week."""
    now_km: float | None
    """None where the plan ends before it now."""
    original_km: float | None
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DiaryDay:
    """One entry of the diary as the planner takes it."""

    day: date
    light: str
    """green, amber, red."""
    worst: float | None = None
    """The worst score of the entry, 0-10."""
    mild_start: bool = False
    """True where it began mildly and was gone within the first km."""


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
    starts: Thing | None = None
    """The one new thing of this week: cadence, hills, shoes, strides; or None."""
    sessions: tuple[Session, ...] = ()
    checkpoints: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()
    done: Done | None = None
    """What became of it; None while it lies ahead."""
    whole_km: float | None = None
    """Of a week in the middle of which the plan was updated: what all of it could have held; None of others."""


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
    route: str | None = None
    """rest, layoff or ladder: the way back the plan began with."""
    factor: float | None = None
    """Share of the usual week with which it began."""
    known_to: date | None = None
    """The last day that was known when the plan was made; None = no run is known."""
    recovery_since: int | None = None
    """The week from which recovery weeks are counted; they stay where they are."""
    own_protocol: str | None = None
    """The text of a clinic's own protocol; None = a built-in one."""
    limits: Mapping[str, float] = field(default_factory=dict)
    """The protocol's own limits, by finding."""
    planned_from: date | None = None
    """The first day that an update planned anew; None = the plan as it was made."""
    diary: tuple[DiaryDay, ...] = ()
    """The entries that an update has read."""
    changes: tuple[Change, ...] = ()
    """What the update made different, week by week."""

    def as_json(self) -> dict[str, Any]:
        """Plain data with ISO dates, unrounded; the same plan gives the same data. The store adds ``original``."""
        out: dict[str, Any] = _plain(self)
        out["baseline"] = self.baseline.as_json()
        return out


@cache
def _names(kind: type) -> tuple[str, ...]:
    return tuple(one.name for one in fields(kind))


def _plain(value: Any) -> Any:
    if value is None or isinstance(value, str | float | int):
        return value
    if is_dataclass(value):
        kind: Any = type(value)
        return {name: _plain(getattr(value, name)) for name in _names(kind)}
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Mapping):
        return {k: _plain(v) for k, v in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(v) for v in value]
    return value
