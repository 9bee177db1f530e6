"""Baseline + protocol + start -> Plan: week after week until full load, and why each week is what it is."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from itertools import count

from plans.case import Case, PlanError, open_case
from plans.evidence import TOLERANCE
from plans.notes import checkpoints, plan_notes
from plans.past import Past
from plans.plan import Baseline, PastDay, Plan, Request, Week
from plans.protocol import Protocol
from plans.sessions import run_sessions, week_climb
from plans.strength import last_strength, side_sessions
from plans.volume import recovery_from
from plans.weeks import Standing, WeekDraft, first_standing, next_week

__all__ = ["PlanError", "build_plan"]

AS_IT_IS = Request()
"""Nothing asked for beside the protocol."""


def build_plan(
    baseline: Baseline | None,
    protocol: Protocol,
    start: date,
    *,
    request: Request = AS_IT_IS,
    history: Sequence[PastDay] = (),
) -> Plan:
    """A return-to-run plan from ``start``: every week the smallest of what its rules allow, with the reason.

    Args:
        baseline: The usual week before the pain or the break; None or under 10 minutes a week: the run/walk ladder.
        protocol: Whose strength work, wording and own limits hold; its profile is the plan's.
        start: First day of the plan; a start inside a week opens a short week 0.
        request: Wishes and descriptions: days, long day, goal, weeks, pain, onset distance, new pair.
        history: Days from the first recorded run to the last known day, not after ``start``.

    Returns:
        The plan. The same arguments give the same plan.

    Raises:
        PlanError: a wish that is no plan, or a start before the last known day.

    Example:
        >>> from datetime import date
        >>> from plans import Baseline, build_plan, load_protocol
        >>> usual = Baseline(distance_km=30.0, minutes=180.0, runs_per_week=3.0, longest_km=12.0, weeks=4)
        >>> build_plan(usual, load_protocol("itb"), date(2026, 11, 30)).weeks[0].phase
        'relative_rest'
    """
    if history and history[-1].day > start:
        raise PlanError(f"the plan starts on {start}, before the last known day, {history[-1].day}")
    case, drafts = _draft_plan(baseline or Baseline(), protocol, start, request, history)
    full = full_load_week(case, drafts)
    shown = [draft for draft in drafts if request.weeks is None or draft.number <= request.weeks]
    return Plan(
        profile=protocol.profile,
        protocol=protocol.name,
        screened=request.screened,
        start=start,
        baseline=case.baseline,
        target_km=case.target_km,
        target_minutes=case.minutes(case.target_km),
        weeks=tuple(write_weeks(case, shown)),
        full_load_week=full if full is not None and full <= shown[-1].number else None,
        days_off=case.days_off,
        what_to_do=protocol.what_to_do,
        what_to_watch=protocol.what_to_watch,
        notes=tuple(plan_notes(case, drafts, shown, full)),
        request=request,
        route=case.route,
        factor=case.factor,
        known_to=history[-1].day if history else None,
        recovery_since=recovery_from(case, last_ladder_week(drafts)),
        limits={key: own.value for key, own in protocol.limits.items()},
    )


def last_ladder_week(drafts: Sequence[WeekDraft]) -> int | None:
    """The number of the last week of the ladder; None without one."""
    return max((draft.number for draft in drafts if draft.phase == "ladder"), default=None)


def _draft_plan(
    baseline: Baseline, protocol: Protocol, start: date, request: Request, history: Sequence[PastDay]
) -> tuple[Case, list[WeekDraft]]:
    """The weeks in numbers, with the days off counted to the first run that is really planned.

    Where the runs of a week turn out fewer, or none fits the short week 0, no run is on the day of a week as before:
    then the first day is taken on which the plan made for it begins.
    """
    case, drafts = _try_plan(baseline, protocol, start, request, history, None)
    for day in count(case.start):
        if case.first_day == next(one for draft in drafts for one in draft.days):
            break
        case, drafts = _try_plan(baseline, protocol, start, request, history, day)
    return case, drafts


def _try_plan(
    baseline: Baseline,
    protocol: Protocol,
    start: date,
    request: Request,
    history: Sequence[PastDay],
    first_run: int | None,
) -> tuple[Case, list[WeekDraft]]:
    past = Past(history, request.week_start)
    case = open_case(baseline, protocol, start, request, past, first_run=first_run)
    return case, draft_weeks(case, first_standing(case, past))


def draft_weeks(case: Case, at: Standing, *, reached: int | None = None, least: int = 0) -> list[WeekDraft]:
    """Weeks from where the runner stands until the plan is complete, or as many as were asked for if that is more.

    ``reached`` is the week in which full load was reached before; ``least`` a week before which the plan does not end.
    """
    drafts: list[WeekDraft] = []
    while not drafts or not _is_complete(case, at, drafts, reached, least):
        drafts.append(next_week(case, at))
    return drafts


def full_load_week(case: Case, drafts: Sequence[WeekDraft]) -> int | None:
    """The first full week at 99 % of the target; None where none is."""
    needed = case.limit("full_load_share") * case.target_km - TOLERANCE
    return next((draft.number for draft in drafts if draft.number > 0 and draft.total_km >= needed), None)


def _is_complete(
    case: Case, at: Standing, drafts: Sequence[WeekDraft], reached: int | None = None, least: int = 0
) -> bool:
    """Two weeks after full load with all schedules finished, 12 to 52 weeks; never fewer than asked for."""
    number = drafts[-1].number
    if number < max(case.request.weeks or 0, case.limit("plan_weeks_min"), least):
        return False
    if number >= max(case.request.weeks or 0, case.limit("plan_weeks_max")):
        return True
    full = reached if reached is not None else full_load_week(case, drafts)
    if full is None or number < full + case.limit("plan_weeks_after_full"):
        return False
    return at.things.all_done(case, number)


def write_weeks(case: Case, drafts: Sequence[WeekDraft], *, after: int | None = None) -> Iterator[Week]:
    """Drafted weeks in full, one after the other: strength looks back over the end of the week.

    ``after`` is the day of the last strength session before them.
    """
    for draft in drafts:
        week = write_week(case, draft, after=after)
        after = last_strength(case, week)
        yield week


def write_week(case: Case, draft: WeekDraft, *, after: int | None = None) -> Week:
    """A drafted week in full: its sessions in words, its reasons and its checkpoints.

    ``after`` is the day of the last strength session before it.
    """
    runs = run_sessions(case, draft)
    climb = week_climb(case, draft)
    order = {"rest": 0, "cross": 2, "strength": 3}
    beside = side_sessions(case, draft, after=after)
    sessions = sorted([*runs, *beside], key=lambda one: (one.day, order.get(one.kind, 1)))
    return Week(
        number=draft.number,
        start=date.fromordinal(draft.week),
        phase=draft.phase,
        distance_km=draft.total_km,
        minutes=case.minutes(draft.total_km),
        runs=len(runs),
        longest_km=max(draft.km, default=0.0),
        ascent_m=climb.ascent_m,
        descent_m=climb.descent_m,
        cadence_target_spm=draft.things.cadence(case),
        recovery=draft.phase == "recovery",
        bound_by=draft.bid.bound,
        why=(*draft.why, f"-> {draft.total_km:.1f} km, set by {draft.bid.bound}"),
        starts=draft.starts,
        sessions=tuple(sessions),
        checkpoints=tuple(checkpoints(case, draft)),
    )
