"""What stands beside the runs: strength by stage, cross-training, and the day that is free of everything."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from itertools import combinations

from plans.case import Case
from plans.layout import is_next_to, rest_weekday, spread_weekdays
from plans.past import DAYS
from plans.plan import Session, Week
from plans.protocol import FORM_FAULTS, Drill, Stage
from plans.weeks import WeekDraft


def side_sessions(case: Case, draft: WeekDraft, *, after: int | None = None) -> list[Session]:
    """Strength, cross-training and rest of a week, from the first day of the plan on.

    ``after`` is the day of the last strength session before this week, as ``last_strength`` gives it.
    """
    runs = tuple((day - 1) % DAYS for day in draft.days)
    rest = rest_weekday(runs, case.request.long_day)
    found = [*_strength(case, draft, rest, after), *_cross(case, draft, runs, rest)]
    taken = {session.day.toordinal() for session in found} | set(draft.days)
    free = [day for day in range(draft.week, draft.week + DAYS) if day not in taken and day >= case.start]
    return [*found, *(Session(day=date.fromordinal(day), kind="rest") for day in free)]


def last_strength(case: Case, week: Week) -> int | None:
    """The last day of a written week with strength that needs a day between; None without one."""
    daily = {stage.name for stage in case.protocol.stages if stage.days_per_week == DAYS}
    found = [one for one in week.sessions if one.kind == "strength" and one.steps[0] not in daily]
    return max((one.day.toordinal() for one in found), default=None)


def _strength(case: Case, draft: WeekDraft, rest: int, after: int | None) -> Iterator[Session]:
    """One session a stage and day: not on the long day, the day before it or the rest day, unless it is daily."""
    too_soon = None if after is None else after % DAYS  # the weekday of the day after
    for stage in case.protocol.stages:
        if stage.holds(draft.number):
            is_next = after is not None and after + 1 == draft.week
            for weekday in _stage_weekdays(case, stage, rest, too_soon if is_next else None):
                yield from _on(case, draft, weekday, stage, _form_drills(case, stage))


def _stage_weekdays(case: Case, stage: Stage, rest: int, too_soon: int | None) -> tuple[int, ...]:
    """As far apart as can be. Up to three a week have a day between: the long day helps out, or there are fewer."""
    if stage.days_per_week == DAYS:
        return tuple(range(DAYS))
    long_day = case.request.long_day
    free = (rest, long_day, (long_day - 1) % DAYS)
    allowed = tuple(weekday for weekday in range(DAYS) if weekday not in free)
    if stage.days_per_week > DAYS // 2:
        return spread_weekdays(stage.days_per_week, allowed)
    allowed = tuple(weekday for weekday in allowed if weekday != too_soon)
    with_long = allowed if long_day == too_soon else (*allowed, long_day)
    for times in range(stage.days_per_week, 0, -1):
        for days in (spread_weekdays(times, allowed), spread_weekdays(times, tuple(sorted(with_long)))):
            if len(days) == times and not any(is_next_to(one, other) for one, other in combinations(days, 2)):
                return days
    return ()


def _form_drills(case: Case, stage: Stage) -> tuple[Drill, ...]:
    """The drills that form findings choose, beside the first stage of the protocol."""
    if stage is not case.protocol.stages[0]:
        return ()
    faults = [fault for fault in FORM_FAULTS if fault in case.request.form]
    return tuple(drill for fault in faults for drill in case.protocol.form_drills.get(fault, ()))


def _on(case: Case, draft: WeekDraft, weekday: int, stage: Stage, more: tuple[Drill, ...]) -> Iterator[Session]:
    day = _day(draft, weekday, case)
    if day >= case.start:
        yield Session(
            day=date.fromordinal(day),
            kind="strength",
            minutes=stage.minutes,
            steps=(stage.name, stage.says) if stage.says else (stage.name,),
            drills=tuple(drill.text() for drill in (*stage.drills, *more)),
        )


def _cross(case: Case, draft: WeekDraft, runs: tuple[int, ...], rest: int) -> Iterator[Session]:
    """Cross-training on days without a run, the rest day kept free, as far apart as can be."""
    cross = case.protocol.cross
    times = cross.times_in_relative_rest if draft.phase in ("relative_rest", "ladder") else cross.times_later
    allowed = tuple(weekday for weekday in range(DAYS) if weekday not in (*runs, rest))
    for weekday in spread_weekdays(times, allowed):
        day = _day(draft, weekday, case)
        if day >= case.start:
            yield Session(
                day=date.fromordinal(day),
                kind="cross",
                minutes=cross.minutes,
                steps=(f"easy {' or '.join(cross.kinds)}",),
            )


def _day(draft: WeekDraft, weekday: int, case: Case) -> int:
    return draft.week + (weekday - case.request.week_start) % DAYS
