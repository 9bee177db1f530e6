"""One runner's case: the former week, the days off, the way back that follows from them, and the target."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from math import floor
from typing import Literal

from plans.cadence_steps import cadence_targets
from plans.evidence import TOLERANCE, limit
from plans.hill_return import HillsBy, hills_by
from plans.ladder import FIRST, LAST, SECOND, level, runs_on_ladder, top_level
from plans.layout import ladder_weekdays, run_weekdays
from plans.past import DAYS, Past, layoff_factor
from plans.plan import Baseline, Bound, Profile, Request
from plans.protocol import Protocol

Route = Literal["rest", "layoff", "ladder"]
"""Relative rest with pain; a smaller first week after a short break; the run/walk ladder after a long one."""

SECONDS_A_MINUTE = 60.0
HOURS_A_DAY = 24.0
ANY_DAY = tuple(range(DAYS))
EVERY_OTHER_DAY = 2
"""Days from one run of the ladder to the next, and from the last run before it."""
MOST_WEEKS = 104
"""The longest plan that can be asked for."""


class PlanError(ValueError):
    """A plan that cannot be asked for like this: what is wrong, in one sentence."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """All that stays the same from week to week. Distances in km a week unless the name says otherwise."""

    protocol: Protocol
    request: Request
    baseline: Baseline
    wished_start: int
    """The day on which the plan was asked to start, as ordinal."""
    start: int
    """First day of the plan on which nothing was run yet."""
    first_day: int
    """Day of the first session."""
    days_off: int | None
    route: Route
    factor: float
    """Share of the baseline with which the plan starts."""
    pace_min: float
    """Minutes per km."""
    pace_known: bool
    base_km: float | None
    runs_before: int
    wished_runs: int
    target_km: float
    target_bound: Bound
    ladder_level: int
    ladder_top: int
    ladder_runs: int
    cadences: tuple[float, ...]
    hills: HillsBy
    reasons: tuple[str, ...]
    """Why this way back, in sentences."""

    @property
    def profile(self) -> Profile:
        """The protocol's profile."""
        return self.protocol.profile

    @property
    def is_tendon(self) -> bool:
        """True for the profile that needs 48 hours between runs at first."""
        return self.profile == "patellar-tendon"

    @property
    def long_share(self) -> float | None:
        """Share of the longest run in the former week; None = not known."""
        return _ratio(self.baseline.longest_km, self.base_km)

    @property
    def mean_run_km(self) -> float | None:
        """The former mean run."""
        return _ratio(self.base_km, self.baseline.runs_per_week)

    @property
    def ascent_per_km(self) -> float | None:
        """Former metres of climb per km; where only the descent was recorded, as much up as down."""
        return _ratio(self.baseline.ascent_m or self.baseline.descent_m, self.base_km)

    @property
    def descent_per_km(self) -> float | None:
        """Former metres of descent per km."""
        return _ratio(self.baseline.descent_m, self.base_km)

    @property
    def onset_km(self) -> float | None:
        """Distance at which the outside of the knee begins to hurt; only for that profile."""
        return self.request.itb_onset_km if self.profile == "itb" else None

    def limit(self, key: str) -> float:
        """The number behind a finding, the protocol's own first."""
        return self.protocol.limit(key)

    def km(self, minutes: float) -> float:
        """Km of a run of ``minutes`` at the own easy pace."""
        return minutes / self.pace_min

    def minutes(self, km: float) -> float:
        """Minutes of a run of ``km`` at the own easy pace."""
        return km * self.pace_min


def open_case(
    baseline: Baseline, protocol: Protocol, start: date, request: Request, past: Past, *, first_run: int | None = None
) -> Case:
    """What follows from the baseline, the days off and the wishes. Raises PlanError for a wish that is no plan.

    ``first_run`` is the day of the first run where it is known already; else it is the first day of a week as before.
    """
    _check(request)
    pace, pace_known = _pace(baseline, protocol)
    base = _base_km(baseline, pace, protocol)
    if base is None:
        baseline = _without_a_week(baseline)
    before = _runs_before(baseline, request, protocol)
    wished = min(request.days_per_week or before, int(protocol.limit("runs_per_week_max")))
    begin = max(start.toordinal(), (past.last_run or 0) + 1)
    first_runs = min(before, wished, int(protocol.limit("tendon_runs_per_week")) if _tendon(protocol) else DAYS)
    earliest = max(begin, first_run or 0)
    weekdays = run_weekdays(first_runs, request.long_day) if first_run is None else ANY_DAY
    first = next(_possible_days(earliest, weekdays, past, protocol))
    off = None if past.last_run is None else first - past.last_run - 1
    reasons = list(_ladder_reasons(base, off, baseline, protocol, request, pace))
    runs = min(runs_on_ladder(before), wished)
    target, bound = _target(base, request, pace, runs)
    if reasons:
        while runs > 1 and not top_level(runs, target * pace):
            runs -= 1
        earliest = max(earliest, _ladder_from(past, off, protocol))
        if first_run is None:
            weekdays = ladder_weekdays(runs, request.long_day, is_tendon=_tendon(protocol))
        first = next(_possible_days(earliest, weekdays, past, protocol))
        off = None if past.last_run is None else first - past.last_run - 1
        reasons = list(_ladder_reasons(base, off, baseline, protocol, request, pace)) or reasons
    route = _route(bool(reasons), protocol, request)
    top = max(top_level(runs, target * pace), FIRST)
    return Case(
        protocol=protocol,
        request=request,
        baseline=baseline,
        wished_start=start.toordinal(),
        start=begin,
        first_day=first,
        days_off=off,
        route=route,
        factor=_factor(route, off, protocol, request),
        pace_min=pace,
        pace_known=pace_known,
        base_km=base,
        runs_before=before,
        wished_runs=wished if base is not None else min(wished, runs),
        target_km=target,
        target_bound=bound,
        ladder_level=min(first_level(base, off, baseline, protocol, request, pace), top),
        ladder_top=top,
        ladder_runs=runs,
        cadences=cadence_targets(baseline.cadence_spm, protocol.limit),
        hills=hills_by(descent_m=baseline.descent_m if base else None, careful=route != "layoff"),
        reasons=tuple(reasons),
    )


def _check(request: Request) -> None:
    days, weeks = request.days_per_week, request.weeks
    if days is not None and not 1 <= days <= DAYS:
        raise PlanError(f"runs a week: 1 to {DAYS}, not {days}")
    if weeks is not None and not 1 <= weeks <= MOST_WEEKS:
        raise PlanError(f"weeks of a plan: 1 to {MOST_WEEKS}, not {weeks}")
    if request.long_day not in range(DAYS) or request.week_start not in range(DAYS):
        raise PlanError("weekdays go from 0, Monday, to 6, Sunday")
    if request.goal_km is not None and not request.goal_km > 0:
        raise PlanError(f"the goal is a distance above 0 km a week, not {request.goal_km:g}")
    if request.itb_onset_km is not None and not request.itb_onset_km > 0:
        raise PlanError(f"the onset distance is above 0 km, not {request.itb_onset_km:g}")


def _tendon(protocol: Protocol) -> bool:
    return protocol.profile == "patellar-tendon"


def _ratio(part: float | None, whole: float | None) -> float | None:
    return part / whole if part is not None and whole else None


def _pace(baseline: Baseline, protocol: Protocol) -> tuple[float, bool]:
    """Minutes per km: as recorded, else from km and minutes, else a stated custom."""
    if baseline.pace_s_per_km:
        return baseline.pace_s_per_km / SECONDS_A_MINUTE, True
    known = _ratio(baseline.minutes, baseline.distance_km)
    return (known, True) if known else (protocol.limit("unknown_pace_s_per_km") / SECONDS_A_MINUTE, False)


def _base_km(baseline: Baseline, pace: float, protocol: Protocol) -> float | None:
    """The former week in km; None where there was none, or under 10 minutes."""
    km = baseline.distance_km if baseline.distance_km is not None else _ratio(baseline.minutes, pace)
    if km is None or km * pace < protocol.limit("baseline_min_minutes"):
        return None
    return km


def _without_a_week(baseline: Baseline) -> Baseline:
    """A week of under 10 minutes is no usual week: nothing is measured against it."""
    return replace(
        baseline, distance_km=None, minutes=None, runs_per_week=None, longest_km=None, ascent_m=None, descent_m=None
    )


def _runs_before(baseline: Baseline, request: Request, protocol: Protocol) -> int:
    if baseline.runs_per_week is None:
        return request.days_per_week or int(protocol.limit("ladder_runs_per_week"))
    whole = floor(baseline.runs_per_week + 1 / 2)
    return min(max(whole, 1), int(protocol.limit("runs_per_week_max")))


def _possible_days(begin: int, weekdays: tuple[int, ...], past: Past, protocol: Protocol) -> Iterator[int]:
    """Days on which a session may be, from ``begin`` on; a tendon waits 48 hours after the last run."""
    if _tendon(protocol) and past.last_run is not None:
        begin = max(begin, past.last_run + int(protocol.limit("tendon_spacing_h") // HOURS_A_DAY))
    day = begin
    while True:
        if (day - 1) % DAYS in weekdays:
            yield day
        day += 1


def _ladder_from(past: Past, off: int | None, protocol: Protocol) -> int:
    """The first day for a ladder: not the day after a run; where a long break is why it begins, after so many days."""
    if past.last_run is None:
        return 0
    most = int(protocol.limit("layoff_long_days"))
    return past.last_run + (most + 1 + 1 if off is not None and off > most else EVERY_OTHER_DAY)


def _ladder_reasons(
    base: float | None, off: int | None, baseline: Baseline, protocol: Protocol, request: Request, pace: float
) -> Iterator[str]:
    if base is None:
        yield "No usual week of 10 minutes or more is known, so the way back starts with walking and short runs."
    elif off is None and protocol.profile == "general":
        yield "No run is in the log, so the time off is not known: the way back starts with walking and short runs."
    elif off is not None and off > protocol.limit("layoff_long_days"):
        yield f"After {off} days without a run the way back starts with walking and short runs."
    if hurts_early(protocol, request, pace):
        yield f"It begins to hurt after {request.itb_onset_km:g} km: runs well short of that would be under 10 minutes."


def hurts_early(protocol: Protocol, request: Request, pace: float) -> bool:
    """True where runs well short of the onset distance would be under 10 minutes."""
    onset = request.itb_onset_km if protocol.profile == "itb" else None
    share, least = protocol.limit("itb_onset_share"), protocol.limit("session_always_min")
    return onset is not None and share * onset * pace < least - TOLERANCE


def _route(ladder: bool, protocol: Protocol, request: Request) -> Route:
    if ladder:
        return "ladder"
    return "rest" if protocol.profile != "general" or request.smallest_factor else "layoff"


def _factor(route: Route, off: int | None, protocol: Protocol, request: Request) -> float:
    if route == "layoff":
        return layoff_factor(off or 0, protocol.limit) or protocol.limit("layoff_factor_long")
    return protocol.limit("rest_factor_high") if request.smallest_factor else rest_factor(request.worst_pain, protocol)


def rest_factor(pain: float | None, protocol: Protocol) -> float:
    """Share of the usual week in relative rest, by the worst pain of the last 14 days; None = unknown."""
    if pain is None:
        return protocol.limit("rest_factor_mid")
    tendon = _tendon(protocol)
    if pain <= protocol.limit("pain_green_max_tendon" if tendon else "pain_green_max"):
        return protocol.limit("rest_factor_low")
    high = pain > protocol.limit("pain_red_above_tendon") if tendon else pain >= protocol.limit("pain_red_min")
    return protocol.limit("rest_factor_high" if high else "rest_factor_mid")


def _target(base: float | None, request: Request, pace: float, ladder_runs: int) -> tuple[float, Bound]:
    """The week that counts as full load: the smaller of goal and baseline; without a baseline the ladder's end."""
    full = base if base is not None else ladder_runs * level(LAST).run_minutes / pace
    if request.goal_km is None or request.goal_km >= full:
        return full, "target"
    if request.goal_km * pace < limit("baseline_min_minutes"):
        raise PlanError(f"a goal of {request.goal_km:g} km is less than 10 minutes of running a week")
    return request.goal_km, "goal"


def first_level(
    base: float | None, off: int | None, baseline: Baseline, protocol: Protocol, request: Request, pace: float
) -> int:
    """Level 2 after 29 to 84 days; level 1 after longer, from little or the unknown, or where it hurts early."""
    little = base is None or base < protocol.limit("ladder_min_km")
    unsure = off is None or baseline.weeks < protocol.limit("baseline_weeks") or request.smallest_factor
    short = off is not None and protocol.limit("layoff_long_days") < off <= protocol.limit("ladder_restart_days")
    careful = little or unsure or hurts_early(protocol, request, pace)
    return SECOND if short and not careful else FIRST
