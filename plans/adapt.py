"""Plan + what was run + diary -> the remaining weeks again, from what was really run, and what changed.

The plan that was made first stays as it is; an update lives through its weeks and plans the rest by the same engine.
No week becomes larger than it was planned at first. The same inputs give the same plan.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from functools import partial
from itertools import count
from math import inf
from typing import Protocol as Shape
from typing import TypeVar

from plans.builder import draft_weeks, full_load_week, write_week, write_weeks
from plans.case import Case, PlanError, Route, open_case
from plans.kinder import kinder_diaries
from plans.lived import Road
from plans.notes import adapted_notes
from plans.past import DAYS, Past
from plans.plan import Change, DiaryDay, Done, PastDay, Plan, Week
from plans.protocol import Protocol
from plans.rest_of_week import Rest, rest_of_week
from plans.run_match import RUNS
from plans.strength import last_strength
from plans.volume import Bid
from plans.weeks import WeekDraft, first_standing, next_week
from plans.words import binding_line

SEEN_KM = 0.05
"""A difference that is told: what one decimal shows."""


def adapt_plan(
    plan: Plan,
    protocol: Protocol,
    as_of: date,
    *,
    history: Sequence[PastDay] = (),
    diary: Sequence[DiaryDay] = (),
    original: Plan | None = None,
) -> Plan:
    """The plan again from ``as_of`` on: weeks that are over as they were, with what became of them; the rest anew.

    Args:
        plan: The plan as it stands now.
        protocol: The one it was made with.
        as_of: The day that counts as today; a day with a run is over.
        history: Days from the first recorded run to ``as_of``; later ones are not read.
        diary: The entries up to ``as_of``, the oldest first.
        original: The plan as it was made first; None where that is ``plan`` itself.

    Raises:
        PlanError: the plan is over, or has not been made yet on this day.
    """
    first = original or plan
    days = {day.day: day for day in history if day.day <= as_of}
    begin = as_of + timedelta(days=1) if as_of in days and days[as_of].distance_km > 0 else as_of
    begin = max(begin, first.start)
    told = tuple(sorted((one for one in diary if one.day <= as_of), key=lambda one: one.day))
    last = plan.weeks[-1].start + timedelta(days=DAYS - 1)
    goes_on = plan.full_load_week is None and begin == last + timedelta(days=1)
    if begin > last and not goes_on:
        raise PlanError(f"the plan was over on {last}; make a new one: plan new")
    known = first.known_to or first.start - timedelta(days=1)
    past = Past([day for key, day in sorted(days.items()) if key <= known], first.request.week_start)
    update = _Update(first, plan, protocol, begin, days, told, known, past)
    roads = update.roads()
    for kinder in kinder_diaries(told):
        update.bound(_settled(partial(update.next_size, update.otherwise(roads, kinder)), begin))
    return _settled(partial(update.plan_on, roads[-1]), begin).plan


class _Settles(Shape):
    """What says on which day the first run is planned anew."""

    @property
    def first_run(self) -> int | None:
        """Its ordinal; None without one."""


Settles = TypeVar("Settles", bound=_Settles)


def _settled(find: Callable[[date], Settles], begin: date) -> Settles:
    """What ``find`` makes of days off counted up to the first run that is really planned."""
    made = find(begin)
    for day in count(begin.toordinal()):
        if made.first_run is None or made.first_run <= day:
            break
        again = find(date.fromordinal(made.first_run))
        if again.first_run == made.first_run:
            return again
    return made


@dataclass(frozen=True, slots=True)
class _Made:
    plan: Plan
    first_run: int | None
    """The first run that is planned anew; days off are counted to it."""


@dataclass(slots=True)
class _Most:
    """The most that may come next: of runs left in a week that has begun, and of weeks by number, in km."""

    rest_km: float = inf
    week_km: dict[int, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _Size:
    """What comes next: the runs left in a week that has begun, and the next whole week. None = nothing to hold to."""

    first_run: int | None
    rest_km: float | None
    week: tuple[int, float] | None
    """Its number and km."""


@dataclass(frozen=True, slots=True)
class _Lived:
    """Where the runner stands at an update."""

    road: Road
    rest: tuple[Week, Rest] | None
    case: Case


@dataclass(frozen=True, slots=True)
class _Update:
    """All that an update reads."""

    first: Plan
    plan: Plan
    protocol: Protocol
    begin: date
    days: Mapping[date, PastDay]
    told: tuple[DiaryDay, ...]
    known: date
    """The last day that was known when the plan was made first."""
    past: Past
    """What was known then; never moved."""
    most: _Most = field(default_factory=_Most)
    """What kinder diaries would have allowed: a worse one never leads to more."""

    def bound(self, size: _Size) -> None:
        """Hold what comes next to what a kinder diary would have allowed."""
        if size.rest_km is not None:
            self.most.rest_km = min(self.most.rest_km, size.rest_km)
        if size.week is not None:
            number, km = size.week
            self.most.week_km[number] = min(self.most.week_km.get(number, inf), km)

    @property
    def over(self) -> list[Week]:
        """The weeks of the plan that are over."""
        return [week for week in self.plan.weeks if week.start + timedelta(days=DAYS) <= self.begin]

    def roads(self) -> list[Road]:
        """The runner on the first day of the plan, and behind each week that is over."""
        roads = [self._road()]
        for week in self.over:
            roads.append(roads[-1].copy())
            roads[-1].live(week)
        return roads

    def otherwise(self, roads: Sequence[Road], told: tuple[DiaryDay, ...]) -> Road:
        """The runner behind the weeks that are over, by another diary: lived again from where the two differ."""
        differs = next(one.day for one, other in zip(told, self.told, strict=True) if one.light != other.light)
        over = self.over
        same = sum(week.start + timedelta(days=DAYS) <= differs for week in over)
        road = replace(roads[same].copy(), told=told)
        for week in over[same:]:
            road.live(week)
        return road

    def plan_on(self, road: Road, resume: date) -> _Made:
        """The plan with days off counted up to ``resume``."""
        lived = self._lived(road, resume)
        drafts = draft_weeks(lived.case, lived.road.at, reached=lived.road.reached, least=self.first.weeks[-1].number)
        return self._written(lived, drafts)

    def next_size(self, road: Road, resume: date) -> _Size:
        """The size of what comes next, with days off counted up to ``resume``."""
        lived = self._lived(road, resume)
        week = draft = next_week(lived.case, lived.road.at)
        runs = [day for day in (lived.rest[1].draft.days if lived.rest else ()) if day >= self.begin.toordinal()]
        while not (runs or draft.days):
            draft = next_week(lived.case, lived.road.at)
        free = ("ladder", "recovery")
        return _Size(
            first_run=min([*runs, *draft.days]),
            rest_km=lived.rest[1].ahead_km if lived.rest and lived.rest[1].draft.phase not in free else None,
            week=(week.number, week.total_km) if week.phase not in free else None,
        )

    def _lived(self, road: Road, resume: date) -> _Lived:
        road = road.copy()
        at = road.at
        at.before = {**at.before, **dict(self._bounds(at.before))}
        if self.begin > self.first.start and not road.days_of(date.fromordinal(at.week), DAYS):
            road.rested_until(resume.toordinal())
            at.past.ends_break(resume.toordinal())
        rest = self._rest(road)
        if rest is not None:
            road.rested_until(max(resume.toordinal(), at.week))
            at.past.ends_break(max(resume.toordinal(), at.week))
        case = replace(road.case, first_day=max(road.case.first_day, self.begin.toordinal()))
        return _Lived(road, rest, case)

    def _bounds(self, before: Mapping[int, Bid]) -> Iterator[tuple[int, Bid]]:
        """Weeks that a kinder diary would have made smaller than they were planned first."""
        for number, km in self.most.week_km.items():
            if number not in before or km < before[number].km:
                yield number, Bid("pain_light", km, "no more than with less pain in the diary")

    def _road(self) -> Road:
        """The runner on the first day of the plan, as the plan took it then."""
        first = self.first
        known, past = self.known, self.past.copy()
        since = [day for key, day in sorted(self.days.items()) if known < key < first.start]
        case = open_case(first.baseline, self.protocol, first.start, first.request, past, first_run=_first_run(first))
        case = _as_made(case, first)
        breaks = list(past.breaks)
        at = first_standing(case, past)
        for day in since:
            past.enter(day)
        if self.begin > first.start:  # the first run is known now
            past.breaks[:] = breaks
        at.recovery_since = first.recovery_since
        at.before = {
            week.number: Bid(week.bound_by, week.distance_km, "as it was planned first; an update makes no week larger")
            for week in first.weeks
            if week.phase not in ("ladder", "recovery")
        }
        # Days that were known when the plan was made are in the past already.
        lived = {key: day for key, day in self.days.items() if key > known and key >= first.start}
        past.note_breaks(key.toordinal() for key, day in sorted(lived.items()) if day.runs > 0)
        week_before = past.week_km(at.week - DAYS)
        return Road(case=case, at=at, days=lived, told=self.told, before_km=week_before)

    def _rest(self, road: Road) -> tuple[Week, Rest] | None:
        """What is left of the week that has begun; None where a whole week comes next."""
        begin = self.begin
        for week in self.plan.weeks:
            if week.start < begin < week.start + timedelta(days=DAYS) and road.at.week == week.start.toordinal():
                if begin <= self.first.start:
                    return None
                return week, rest_of_week(road, week, begin.toordinal(), most_km=self.most.rest_km)
        return None

    def _written(self, lived: _Lived, drafts: list[WeekDraft]) -> _Made:
        road, rest, case = lived.road, lived.rest, lived.case
        done = [replace(week, done=what) for week, what in zip(self.over, road.done, strict=True)]
        after = last_strength(case, done[-1]) if done else None
        weeks = list(done)
        if rest is not None:
            weeks.append(_week_of_rest(case, *rest, after=after))
            after = last_strength(case, weeks[-1])
        asked = self.first.request.weeks
        shown = [draft for draft in drafts if asked is None or draft.number <= asked]
        weeks += write_weeks(case, shown, after=after)
        runs = [one.day for week in weeks for one in week.sessions if one.kind in RUNS and one.day >= self.begin]
        full = road.reached if road.reached is not None else full_load_week(case, drafts)
        plan = replace(
            self.plan,
            weeks=tuple(weeks),
            full_load_week=full if full is not None and full <= weeks[-1].number else None,
            planned_from=self.begin,
            diary=self.told,
            notes=tuple(
                adapted_notes(case, drafts, shown, full, weeks=weeks, told=self.told, begin=self.begin, said=road.said)
            ),
        )
        plan = replace(plan, changes=tuple(_changes(self.first, self.plan, plan)))
        return _Made(plan, min(runs).toordinal() if runs else None)


def _first_run(plan: Plan) -> int:
    return min(one.day for week in plan.weeks for one in week.sessions if one.kind in RUNS).toordinal()


def _as_made(case: Case, first: Plan) -> Case:
    """The case with the way back that the plan was made with, whatever has been learned of the time before since."""
    route: Route = first.route if first.route in ("rest", "layoff", "ladder") else case.route  # type: ignore[assignment]
    return replace(case, route=route, factor=first.factor if first.factor is not None else case.factor)


def _week_of_rest(case: Case, week: Week, rest: Rest, *, after: int | None) -> Week:
    """A week that has begun: what was planned up to now stays, the rest is written anew."""
    begin = date.fromordinal(rest.begin)
    written = write_week(case, rest.draft, after=after)
    kept = [one for one in week.sessions if one.day < begin]
    ahead = [one for one in written.sessions if one.day >= begin]
    sessions = sorted([*kept, *ahead], key=lambda one: one.day)
    runs = [one for one in sessions if one.kind in RUNS]
    is_changed = rest.found.kind in ("step_down", "cut")
    km = sum(one.distance_km or 0.0 for one in runs)
    of_draft = km / written.distance_km if written.distance_km else 0.0
    return replace(
        written,
        sessions=tuple(sessions),
        distance_km=km,
        ascent_m=None if written.ascent_m is None else of_draft * written.ascent_m,
        descent_m=None if written.descent_m is None else of_draft * written.descent_m,
        minutes=sum(one.minutes or 0.0 for one in runs),
        runs=len(runs),
        longest_km=max((one.distance_km or 0.0 for one in runs), default=0.0),
        whole_km=rest.whole_km,
        bound_by="pain_light" if is_changed else written.bound_by,
        why=(*written.why[:-1], *_why_rest(rest), f"-> {km:.1f} km"),
        checkpoints=(*_red_advice(rest), *written.checkpoints),
    )


def _why_rest(rest: Rest) -> Iterator[str]:
    if rest.found.kind in ("step_down", "cut"):
        yield f"the rest of this week: {rest.found.why}"


def _red_advice(rest: Rest) -> Iterator[str]:
    if rest.found.light == "red":
        yield "After a red light rest one or two days, until the knee is as usual; then go on with what stands here."


def _changes(first: Plan, before: Plan, now: Plan) -> Iterator[Change]:
    """Weeks that are not over and differ from the plan before, with the reason."""
    was = {week.number: week for week in before.weeks}
    made = {week.number: week for week in first.weeks}
    told = {week.number: week for week in now.weeks}
    for number in sorted({*was, *told}):
        old, new = was.get(number), told.get(number)
        if new is not None and new.done is not None:
            continue
        if old is not None and new is not None and not _differs(old, new):
            continue
        yield Change(
            week=number,
            was_km=old.distance_km if old else None,
            now_km=new.distance_km if new else None,
            original_km=made[number].distance_km if number in made else None,
            why=_why_changed(new),
        )


def _differs(old: Week, new: Week) -> bool:
    return abs(old.distance_km - new.distance_km) > SEEN_KM or old.phase != new.phase or old.runs != new.runs


def _why_changed(new: Week | None) -> str:
    if new is None:
        return "the plan ends before it"
    return binding_line(new.why, new.bound_by)


__all__ = ["Done", "adapt_plan"]
