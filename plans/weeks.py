"""From one week to the next: the engine of a plan. ``next_week`` takes where the runner stands and gives one week.

It looks only at the case and at what was run or planned before, so the same step plans a new plan and the rest of an
old one.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from math import ceil

from plans.case import EVERY_OTHER_DAY, HOURS_A_DAY, Case
from plans.evidence import TOLERANCE
from plans.frequency import is_spaced, most_runs, needs_time_for
from plans.ladder import Ladder, Level
from plans.layout import ladder_weekdays, run_weekdays
from plans.new_things import NewThings, is_quiet
from plans.past import DAYS, Past, planned_days, week_of
from plans.plan import Phase, Thing
from plans.reference import Calendar, read_calendar
from plans.shoe_transition import days_in_new_pair
from plans.split import SessionLimits, long_place, longest_share, session_limits, split_week
from plans.volume import Bid, dose, load_bids, phase_of, recovery_from, smallest

SHRINK = 0.95
"""A short week's runs become shorter by this factor until only one of them counts as long."""

ONE_LONG_RUN = "at most one long run in 7 days, the runs before the plan counted"


@dataclass(frozen=True, slots=True, kw_only=True)
class WeekDraft:
    """One week in numbers, before it is written out in words."""

    number: int
    week: int
    """First day of the calendar week, as ordinal."""
    phase: Phase
    bid: Bid
    """What bound the week."""
    why: tuple[str, ...]
    days: tuple[int, ...]
    km: tuple[float, ...]
    """Running km of each session."""
    levels: tuple[Level, ...] = ()
    """Levels of the ladder, one a session; empty in other phases."""
    starts: Thing | None = None
    things: NewThings = field(default_factory=NewThings)
    """What has been started up to this week."""

    @property
    def total_km(self) -> float:
        """Km of the week."""
        return sum(self.km)


@dataclass(slots=True)
class Standing:
    """Where a runner stands before the next week."""

    number: int
    week: int
    past: Past
    calendar: Calendar
    ladder: Ladder | None
    ladder_end: int | None = None
    """Number of the last week of the ladder."""
    last_build: float | None = None
    last_runs: int = 0
    most_runs: int | None = None
    """Runs a week that were run while more were planned; None = as many as are wished for."""
    last_added: int | None = None
    """The last week that had a run more than the one before it."""
    longest: list[float] = field(default_factory=list)
    """The longest session of each week of the plan so far, week 0 included."""
    totals: list[float] = field(default_factory=list)
    """Km of each full week so far."""
    things: NewThings = field(default_factory=NewThings)
    ready: list[float] = field(default_factory=list)
    """The same as ``totals`` for weeks that were green, 0 for others: hills wait for two of them."""
    rest_until: int = -1
    """The last week of relative rest; -1 = none."""
    calm_until: int | None = None
    """The last week of relative rest or of the ladder, and one more for each week repeated since; a tendon's spacing
    is counted from it."""
    recovery_since: int | None = None
    """The week from which recovery weeks are counted; fixed when the plan was made. None = follows from the ladder."""
    cap: Bid | None = None
    """What the diary or a break says of the next week that is no recovery week."""
    is_green: bool = True
    """False where nothing new may start in the next week."""
    before: Mapping[int, Bid] = field(default_factory=dict)
    """Sizes of weeks as the plan had them before: an update makes none larger."""

    def copy(self) -> Standing:
        """The same standing, to look ahead from without a trace."""
        return replace(
            self,
            past=self.past.copy(),
            calendar=self.calendar.copy(),
            ladder=None if self.ladder is None else replace(self.ladder, ups=list(self.ladder.ups)),
            longest=list(self.longest),
            totals=list(self.totals),
            ready=list(self.ready),
            things=self.things.copy(),
        )

    @property
    def on_ladder(self) -> bool:
        """True until the ladder has been climbed."""
        return self.ladder is not None and self.ladder_end is None


def first_standing(case: Case, past: Past) -> Standing:
    """Where the runner stands on the first day of the plan. A week before that of the first run is number 0."""
    week = week_of(case.start, past.week_start)
    past.ends_break(case.first_day)
    if past.first is None:
        past.first = case.first_day
    return Standing(
        number=1 if week == case.start and case.first_day < week + DAYS else 0,
        week=week,
        past=past,
        calendar=read_calendar(past, week),
        ladder=Ladder(level=case.ladder_level, top=case.ladder_top) if case.route == "ladder" else None,
        rest_until=int(case.limit("rest_weeks")) if case.route == "rest" else -1,
        calm_until=None if case.route == "ladder" else int(case.limit("rest_weeks")),
    )


def next_week(case: Case, at: Standing) -> WeekDraft:
    """Plan one week, and move the standing behind it."""
    phase = _phase(case, at)
    if phase == "ladder":
        draft = _ladder_week(case, at)
    elif at.number == 0:
        draft = _short_week(case, at, phase)
    else:
        draft = _full_week(case, at, phase)
    last_week = at.totals[-1] if at.totals else None
    quiet = is_quiet(case, phase, draft.total_km, last_build=at.last_build, last_week=last_week)
    if quiet and draft.days and at.number > 0 and at.is_green:
        draft = replace(draft, starts=at.things.start_one(case, at.number, phase, draft.total_km, at.ready))
    if draft.starts == "shoes":
        at.things.shoes_late = min(days_in_new_pair(case, draft.days, draft.km)) - draft.week
    draft = replace(draft, things=at.things.copy())
    _move(case, at, draft)
    return draft


def _phase(case: Case, at: Standing) -> Phase:
    since = at.recovery_since if at.recovery_since is not None else recovery_from(case, at.ladder_end)
    return phase_of(
        case,
        at.number,
        last_build=at.last_build,
        on_ladder=at.on_ladder,
        since=since,
        rest_until=at.rest_until,
        holds=at.cap is not None and at.cap.bound == "pain_light",
    )


def _move(case: Case, at: Standing, draft: WeekDraft) -> None:
    for day, km in zip(draft.days, draft.km, strict=True):
        at.past.add(day, km, km, longest_min=case.minutes(km))
    at.longest.append(max(draft.km, default=0.0))
    at.calendar.judge(at.past, draft.week, is_planned=True, is_recovery=draft.phase == "recovery")
    if draft.phase == "ladder":
        at.calendar.ladder.add(draft.week)
    if draft.number > 0:
        at.totals.append(draft.total_km)
        at.ready.append(draft.total_km)
        if len(at.totals) > 1 and len(draft.days) > at.last_runs:
            at.last_added = draft.number
        at.last_runs = len(draft.days)
        if draft.phase != "recovery":
            at.last_build = draft.total_km
        if draft.phase == "ladder" and at.ladder is not None and at.ladder.is_done:
            at.ladder_end = at.calm_until = draft.number
    if draft.phase != "recovery":
        at.cap = None
    at.is_green = True
    at.number += 1
    at.week += DAYS


def _ladder_week(case: Case, at: Standing) -> WeekDraft:
    # A first week that its first run cut short has fewer: from there, too, one run more a week.
    runs = min(case.ladder_runs, at.last_runs + 1) if at.number > 1 else case.ladder_runs
    weekdays = ladder_weekdays(runs, case.request.long_day, is_tendon=case.is_tendon)
    days = tuple(day for day in _from_first_day(case, at, weekdays) if not _is_next_day(at, day))
    bids = [] if at.number else load_bids(case, at.past, at.calendar, at.week)
    room = min((bid.km for bid in bids), default=case.target_km) + TOLERANCE
    ladder = at.ladder or Ladder(level=case.ladder_level, top=case.ladder_top)
    levels: list[Level] = []
    for day in days:
        room -= case.km(ladder.now.run_minutes)
        if at.number == 0 and room < 0:
            break
        levels.append(ladder.day(day))
    names = ", ".join(str(one.number) for one in levels) or "none yet"
    why = f"levels {names}: two green sessions open the next level, at most two levels in 7 days"
    bid = Bid("ladder", sum(case.km(one.run_minutes) for one in levels), why)
    return WeekDraft(
        number=at.number,
        week=at.week,
        phase="ladder",
        bid=bid,
        why=(bid.line(), "Minutes and km count the running part; the walking is listed apart."),
        days=days[: len(levels)],
        km=tuple(case.km(one.run_minutes) for one in levels),
        levels=tuple(levels),
    )


def _is_next_day(at: Standing, day: int) -> bool:
    return at.past.last_run is not None and day - at.past.last_run < EVERY_OTHER_DAY


def _from_first_day(case: Case, at: Standing, weekdays: Sequence[int]) -> tuple[int, ...]:
    days = planned_days(at.week, weekdays, at.past.week_start)
    return tuple(day for day in days if day >= case.first_day)


def _full_week(case: Case, at: Standing, phase: Phase) -> WeekDraft:
    most = _most_runs(case, at, phase)
    load = load_bids(case, at.past, at.calendar, at.week)
    for runs in range(most, 0, -1):
        draft = _week_of_runs(case, at, phase, runs, load)
        shortest = case.minutes(min(draft.km, default=0.0)) + TOLERANCE
        added = needs_time_for(case, runs, last_runs=at.last_runs)
        least = case.limit("added_run_least_min" if added else "session_least_min")
        if (shortest >= least and _keeps_its_distance(case, at, draft)) or runs == 1:
            return draft
    raise AssertionError("a week has at least one run")


def _most_runs(case: Case, at: Standing, phase: Phase) -> int:
    most = most_runs(
        case,
        at.number,
        phase,
        last_runs=at.last_runs,
        last_added=at.last_added,
        ladder_end=at.ladder_end,
        spaced=is_spaced(case, at.number, calm_until=at.calm_until),
    )
    return most if at.most_runs is None else min(most, at.most_runs)


def _told(at: Standing, phase: Phase) -> tuple[list[Bid], list[Bid]]:
    """What the diary says of this week, and how large the plan had it before; nothing in a plan that is new."""
    said = [at.cap] if at.cap is not None and phase != "recovery" else []
    return said, [at.before[at.number]] if at.number in at.before else []


def _in_fewer(case: Case, at: Standing) -> list[Bid]:
    """What fewer runs than usual leave of the usual week: no run outgrows the longest usual one."""
    longest = case.baseline.longest_km
    if at.most_runs is None or longest is None or at.most_runs >= case.wished_runs:
        return []
    why = f"{at.most_runs} runs of {longest:.1f} km at most, your longest usual one"
    return [Bid("session_cap", at.most_runs * longest, why)]


def _keeps_its_distance(case: Case, at: Standing, draft: WeekDraft) -> bool:
    """False where another number of runs would fall on a day too soon after the last run of a tendon."""
    if not is_spaced(case, at.number, calm_until=at.calm_until) or not draft.days or at.past.last_run is None:
        return True
    return draft.days[0] - at.past.last_run >= case.limit("tendon_spacing_h") / HOURS_A_DAY


def _week_of_runs(case: Case, at: Standing, phase: Phase, runs: int, load: Sequence[Bid]) -> WeekDraft:
    """The week with this many runs: the smallest bid, split over its days."""
    days = _from_first_day(case, at, run_weekdays(runs, case.request.long_day))
    wanted = dose(case, phase, at.last_build)
    if len(days) < runs:
        part = f"{len(days)} of {runs} runs are left in this week; {wanted.why}"
        wanted = Bid("tendon_48h" if case.is_tendon else wanted.bound, wanted.km * len(days) / runs, part)
    if not days:
        return _draft(at, phase, wanted, [wanted], (), ())
    limits = _limits(case, at, days, phase)
    said, before = _told(at, phase)
    bids = [*said, wanted, *load, Bid(limits.bound, limits.total(len(days)), limits.why), *before, *_in_fewer(case, at)]
    bid = smallest(bids)
    least = case.km(case.limit("session_least_min"))
    km = max(bid.km, least)
    sessions = split_week(km, len(days), share=longest_share(case, len(days)), limits=limits, least=least)
    place = long_place(case, days)
    sessions.insert(place, sessions.pop())
    return _draft(at, phase, bid, bids, days, sessions)


def _limits(case: Case, at: Standing, days: Sequence[int], phase: Phase) -> SessionLimits:
    weeks = int(case.limit("plan_longest_weeks"))
    return session_limits(
        case,
        at.past,
        days,
        plan_longest=at.longest[-weeks:] if at.number > 1 else (),
        spaced=is_spaced(case, at.number, calm_until=at.calm_until),
        resting=phase == "relative_rest",
    )


def _short_week(case: Case, at: Standing, phase: Phase) -> WeekDraft:
    """Week 0: the dose for the days that are left, never more than the calendar week may hold less what was run."""
    runs = _most_runs(case, at, phase)
    ran = len(list(at.past.run_days(at.week, at.week + DAYS - 1)))
    days = _from_first_day(case, at, run_weekdays(runs, case.request.long_day))[: max(DAYS - 1 - ran, 0)]
    load = load_bids(case, at.past, at.calendar, at.week)
    whole = dose(case, phase, at.last_build)
    full = min([whole, *_whole_week(case, at, phase, runs, load)], key=lambda one: one.km)
    left = at.week + DAYS - case.start
    wanted = Bid(full.bound, full.km * left / DAYS, f"{full.why}; {left} of {DAYS} days are left")
    bids = [wanted, *load]
    usual_longest = full.km * max(longest_share(case, runs), 1 / runs)
    if not days or smallest(bids).km <= 0:
        return _draft(at, phase, smallest(bids), bids, (), ())
    days = days[: max(1, ceil(smallest(bids).km / usual_longest - TOLERANCE))]
    limits = _limits(case, at, days, phase)
    each = min(limits.each, limits.others, usual_longest)
    bids.append(Bid(limits.bound, each * len(days), f"{limits.why}; no run longer than in a full week"))
    bid = smallest(bids)
    one = _without_second_long(case, at, days, bid.km / len(days))
    if one * len(days) < bid.km - TOLERANCE:
        bid = Bid("session_cap", one * len(days), ONE_LONG_RUN)
    is_run = case.minutes(one) >= case.limit("session_least_min")
    return _draft(at, phase, bid, bids, days if is_run else (), [one] * len(days) if is_run else ())


def _whole_week(case: Case, at: Standing, phase: Phase, runs: int, load: Sequence[Bid]) -> list[Bid]:
    """What bounds a full week as things stand: short weeks have their days' share of it."""
    ran = at.past.week_km(at.week)
    days = planned_days(at.week + DAYS, run_weekdays(runs, case.request.long_day), at.past.week_start)
    limits = _limits(case, at, days, phase)
    return [*(bid._replace(km=bid.km + ran) for bid in load), Bid(limits.bound, limits.total(runs), limits.why)]


def _without_second_long(case: Case, at: Standing, days: Sequence[int], km: float) -> float:
    """The length of equal runs at which at most one run of any 7 days counts as long."""
    ran, runs = at.past.week_km(at.week), at.past.week_runs(at.week)
    others = runs + len(days) - 1
    had_long = at.past.has_long_run(days[0] - DAYS + 1, days[-1])
    while others and (had_long or len(days) > 1) and case.minutes(km) >= case.limit("session_least_min"):
        mean = (ran + km * (len(days) - 1)) / others
        if km < case.limit("long_run_factor") * mean:
            break
        km *= SHRINK
    return km


def _draft(
    at: Standing, phase: Phase, bid: Bid, bids: Sequence[Bid], days: Sequence[int], km: Sequence[float]
) -> WeekDraft:
    return WeekDraft(
        number=at.number,
        week=at.week,
        phase=phase,
        bid=bid,
        why=tuple(one.line() for one in bids),
        days=tuple(days),
        km=tuple(km),
    )
