"""A plan's JSON as the checker reads it: only what stands in the page, nothing from the planner's own code."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from plans.evidence import FINDINGS

RUNNING_KINDS = frozenset({"run", "run_walk", "long", "hills", "strides"})


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionView:
    """One planned run; minutes and km are the running part."""

    day: date
    kind: str
    minutes: float
    distance_km: float
    level: int | None
    hills: bool
    ascent_m: float
    descent_m: float
    shoe: str | None
    pattern: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class WeekView:
    """One planned week with its runs in order of days."""

    number: int
    start: date
    phase: str
    distance_km: float
    minutes: float
    longest_km: float
    ascent_m: float
    descent_m: float
    cadence_spm: float | None
    recovery: bool
    bound_by: str | None
    why: tuple[str, ...]
    runs: tuple[SessionView, ...]
    planned_km: float
    """Km as planned; ``distance_km`` of a week that is over is what was run of it."""
    planned_runs: int
    """Runs as planned."""
    whole_km: float | None = None
    """Of a week in the middle of which the plan was updated: what all of it could have held, as the plan says."""

    @property
    def end(self) -> date:
        """The last day of the calendar week."""
        return self.start + timedelta(days=6)

    @property
    def is_ladder(self) -> bool:
        """True for a week of the run/walk ladder."""
        return self.phase == "ladder"


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanView:
    """A whole plan as read from its JSON."""

    profile: str
    start: date
    target_km: float | None
    base_km: float | None
    base_runs: float | None
    base_longest_km: float | None
    base_descent_m: float | None
    base_cadence_spm: float | None
    pace_s_per_km: float | None
    worst_pain: float | None
    smallest_factor: bool
    itb_onset_km: float | None
    goal_km: float | None
    new_shoe: str | None
    planned_from: date | None
    """First day that an update planned anew; None = never updated."""
    limits: Mapping[str, float]
    """The protocol's own limits, by finding."""
    diary: tuple[tuple[date, str], ...]
    """Day and light of each entry that an update has read."""
    weeks: tuple[WeekView, ...]
    before_km: float = 0.0
    """Km of the week before the plan, as the log has it."""

    def limit(self, key: str) -> float:
        """The limit that holds for this plan: the protocol's own where it has one, else the finding's."""
        return self.limits.get(key, FINDINGS[key].value)

    def is_over(self, week: WeekView) -> bool:
        """True where the week lies behind."""
        return self.planned_from is not None and week.end < self.planned_from

    def is_begun(self, week: WeekView) -> bool:
        """True for the week in the middle of which an update was made."""
        return self.planned_from is not None and week.start < self.planned_from <= week.end

    def is_ahead(self, run: SessionView) -> bool:
        """True for a run that is still to come."""
        return self.planned_from is None or run.day >= self.planned_from

    @property
    def full_weeks(self) -> tuple[WeekView, ...]:
        """The weeks without the short week 0."""
        return tuple(w for w in self.weeks if w.number > 0)

    @property
    def runs(self) -> tuple[SessionView, ...]:
        """All planned runs in order of days."""
        return tuple(s for w in self.weeks for s in w.runs)

    @property
    def has_ladder(self) -> bool:
        """True when the way back leads over the run/walk ladder."""
        return any(w.is_ladder for w in self.weeks)


def read_plan(data: Mapping[str, Any]) -> PlanView:
    """Read the JSON of ``plan show``. Raises ValueError with the key that is missing or of the wrong kind."""
    try:
        base, asked = data["baseline"], data.get("request") or {}
        return PlanView(
            profile=str(data["profile"]),
            start=date.fromisoformat(data["start"]),
            target_km=_number(data.get("target_km")),
            base_km=_number(base["distance_km"]),
            base_runs=_number(base["runs_per_week"]),
            base_longest_km=_number(base["longest_km"]),
            base_descent_m=_number(base["descent_m"]),
            base_cadence_spm=_number(base["cadence_spm"]),
            pace_s_per_km=_number(base["pace_s_per_km"]),
            worst_pain=_number(asked.get("worst_pain")),
            smallest_factor=bool(asked.get("smallest_factor")),
            itb_onset_km=_number(asked.get("itb_onset_km")),
            goal_km=_number(asked.get("goal_km")),
            new_shoe=asked.get("new_shoe"),
            planned_from=date.fromisoformat(data["planned_from"]) if data.get("planned_from") else None,
            limits={str(key): float(value) for key, value in (data.get("limits") or {}).items()},
            diary=tuple((date.fromisoformat(one["day"]), str(one["light"])) for one in data.get("diary") or ()),
            weeks=tuple(_week(w) for w in data["weeks"]),
        )
    except (KeyError, TypeError) as error:
        raise ValueError(f"this is not a plan as 'plan show --format json' writes it: {error!r}") from error


def _week(data: Mapping[str, Any]) -> WeekView:
    runs = [_session(s) for s in data["sessions"] if s["kind"] in RUNNING_KINDS]
    return WeekView(
        number=int(data["number"]),
        start=date.fromisoformat(data["start"]),
        phase=str(data["phase"]),
        distance_km=float(data["distance_km"]),
        minutes=float(data["minutes"]),
        longest_km=float(data["longest_km"]),
        ascent_m=_number(data.get("ascent_m")) or 0.0,
        descent_m=_number(data.get("descent_m")) or 0.0,
        cadence_spm=_number(data.get("cadence_target_spm")),
        recovery=bool(data["recovery"]),
        bound_by=data.get("bound_by"),
        why=tuple(data.get("why") or ()),
        runs=tuple(sorted(runs, key=lambda s: s.day)),
        planned_km=float(data["distance_km"]),
        planned_runs=len(runs),
        whole_km=_number(data.get("whole_km")),
    )


def _session(data: Mapping[str, Any]) -> SessionView:
    return SessionView(
        day=date.fromisoformat(data["day"]),
        kind=str(data["kind"]),
        minutes=float(data["minutes"]),
        distance_km=float(data["distance_km"]),
        level=data.get("level"),
        hills=bool(data.get("hills")),
        ascent_m=_number(data.get("ascent_m")) or 0.0,
        descent_m=_number(data.get("descent_m")) or 0.0,
        shoe=data.get("shoe"),
        pattern=data.get("run_walk"),
    )


def _number(value: object) -> float | None:
    return None if value is None else float(value)  # type: ignore[arg-type]
