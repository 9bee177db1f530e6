"""The rest of a week that has begun: what was planned, less where it hurt, never more than the week may hold."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise
from math import inf
from typing import NamedTuple

from plans.case import EVERY_OTHER_DAY, HOURS_A_DAY
from plans.evidence import TOLERANCE
from plans.frequency import is_spaced
from plans.ladder import Level
from plans.lived import Road, Size
from plans.pain import Light
from plans.past import DAYS, Past
from plans.plan import PastDay, Session, Week
from plans.run_match import RUNS, longest_done, matched
from plans.shoe_transition import days_in_new_pair
from plans.verdict import Verdict
from plans.volume import load_bids
from plans.weeks import WeekDraft, next_week

REST_AFTER_RED = 1
"""Whole days without a run after a red light, at least; more until the knee is as usual."""


class Rest(NamedTuple):
    """What is left of a week: the whole week as drafted with the sizes of now, and where the rest begins."""

    draft: WeekDraft
    begin: int
    """First day that is planned anew, as ordinal."""
    found: Verdict
    whole_km: float
    """What all of the week could have held."""

    @property
    def ahead_km(self) -> float:
        """Km of the runs that are left."""
        return sum(km for day, km in zip(self.draft.days, self.draft.km, strict=True) if day >= self.begin)


def rest_of_week(road: Road, week: Week, begin: int, *, most_km: float = inf) -> Rest:
    """Plan the days of ``week`` from ``begin`` on, ``most_km`` at most, and move the standing behind the week."""
    at = road.at
    days = [day for day in road.days_of(week.start, DAYS) if day.day.toordinal() < begin]
    probe = at.copy()
    probe.is_green = at.is_green and week.starts is not None  # nothing new starts in the middle of a week
    for day in days:
        probe.past.ends_break(day.day.toordinal())
    draft = next_week(replace(road.case, first_day=max(road.case.first_day, week.start.toordinal())), probe)
    runs = [one for one in week.sessions if one.kind in RUNS and one.day.toordinal() < begin]
    for day in days:
        road.ran(day)
    last = min(date.fromordinal(begin), week.start + timedelta(days=DAYS)) - timedelta(days=1)
    found = road.judge(week.start, last, runs, days)
    if found.light is Light.UNKNOWN:  # the rest of the week can still be green
        found = Verdict(kind="advance", light=Light.UNKNOWN, why="not over yet")
    ran = sum(day.distance_km for day in days)
    if draft.phase == "ladder":
        road.climb(runs, days)
        rest = _ladder_rest(road, draft, begin, found, ran=len(days), extra=_unplanned(runs, days))
    else:
        most_km = inf if draft.phase == "recovery" else most_km
        rest = _fitting(road, draft, begin, found, days, most=min(week.distance_km, most_km + ran))
    ahead = [(day, km) for day, km in zip(rest.days, rest.km, strict=True) if day >= begin]
    for ordinal, km in ahead:
        at.past.add(ordinal, km, km, longest_min=road.case.minutes(km))
    to_come = sum(km for _, km in ahead)
    told = sum(one.distance_km or 0.0 for one in runs) + to_come
    planned = min(told, draft.total_km)
    is_short = road.is_short(told, min(told, ran + to_come))
    size = Size(planned, min(planned, ran + to_come), draft.phase, draft.total_km, is_short)
    if draft.starts == "shoes":
        rest = _with_the_pair(road, rest, begin, [one.day for one, _ in matched(runs, days) if one.shoe is not None])
    at.things = rest.things.copy()
    size = road.follow(size, found)
    longest = max([*(km for _, km in ahead), longest_done(runs, days)], default=0.0)
    road.close(size, found, runs=len(runs) + len(ahead), longest=longest)
    return Rest(rest, begin, found, draft.total_km)


def _with_the_pair(road: Road, rest: WeekDraft, begin: int, worn: Sequence[date]) -> WeekDraft:
    """A new pair has begun where it was worn, or where a run in it is left; else it waits for another week."""
    ahead = [day for day in days_in_new_pair(road.case, rest.days, rest.km) if day >= begin]
    first = min([*(day.toordinal() for day in worn), *ahead], default=None)
    if first is None:
        return replace(rest, starts=None, things=road.at.things.copy())
    return replace(rest, things=replace(rest.things.copy(), shoes_late=first - rest.week))


def _unplanned(runs: Sequence[Session], days: Sequence[PastDay]) -> float:
    """Minutes of days that belong to no planned run."""
    used = {day.day for _, day in matched(runs, days)}
    return sum(day.minutes for day in days if day.day not in used)


def _ladder_rest(road: Road, draft: WeekDraft, begin: int, found: Verdict, *, ran: int, extra: float) -> WeekDraft:
    """Levels of the days that are left, from where the ladder stands now.

    ``extra`` minutes that nobody had planned are taken off the week.
    """
    ladder, past = road.at.ladder, road.at.past
    days, levels = list(draft.days), list(draft.levels)
    kept: list[tuple[int, Level]] = [(d, one) for d, one in zip(days, levels, strict=True) if d < begin]
    last, free = past.last_run, len(days) - ran
    room = road.case.minutes(draft.total_km) - extra - sum(one.run_minutes for _, one in kept)
    for day in (d for d in days if d >= begin):
        later = _moved(day, last, EVERY_OTHER_DAY, found, road, draft.week)
        if free <= 0 or later is None or ladder is None or (extra and ladder.now.run_minutes > room):
            continue
        room -= ladder.now.run_minutes
        kept.append((later, ladder.day(later)))
        last, free = later, free - 1
    km = tuple(road.case.km(one.run_minutes) for _, one in kept)
    return replace(draft, days=tuple(d for d, _ in kept), levels=tuple(one for _, one in kept), km=km)


def _moved(day: int, last: int | None, least: int, found: Verdict, road: Road, week: int) -> int | None:
    """The day, or a later one of the week that keeps its distance from the last run and from a red light."""
    first = day
    if found.light is Light.RED:
        first = max(first, _last_red(road, week) + REST_AFTER_RED + 1)
    if last is not None:
        first = max(first, last + least)
    return first if first < week + DAYS else None


def _last_red(road: Road, week: int) -> int:
    days = (one.day.toordinal() for one in road.told if one.light == Light.RED)
    return max((day for day in days if week <= day < week + DAYS), default=week - DAYS)


def _fitting(
    road: Road, draft: WeekDraft, begin: int, found: Verdict, days: Sequence[PastDay], *, most: float
) -> WeekDraft:
    """The drafted runs that are left, fewer and shorter where they must be; with what was run no more than ``most``."""
    case, at = road.case, road.at
    spaced = is_spaced(case, at.number, calm_until=at.calm_until)
    least = int(case.limit("tendon_spacing_h") // HOURS_A_DAY) if spaced else 1
    ahead = list(_ahead(road, draft, begin, found, least))
    runs = sum(max(day.runs, 1) for day in days)
    room = max(0, min(len(draft.days) - runs, DAYS - 1 - len(days)))
    while len(ahead) > room:
        ahead.remove(min(ahead, key=lambda one: (one[1], one[0])))
    share = _share(road, found)
    ahead = [(day, share * km) for day, km in ahead]
    ran = sum(day.distance_km for day in days)
    loads = [bid.km for bid in load_bids(case, at.past, at.calendar, draft.week)]
    ahead = _within(ahead, min([draft.total_km - ran, most - ran, *loads]), case.km(case.limit("session_least_min")))
    ahead = _one_long(road, ahead, draft.week)
    behind = [(day, km) for day, km in zip(draft.days, draft.km, strict=True) if day < begin]
    both = [*behind, *ahead]
    return replace(draft, days=tuple(day for day, _ in both), km=tuple(km for _, km in both))


def _ahead(road: Road, draft: WeekDraft, begin: int, found: Verdict, least: int) -> Iterator[tuple[int, float]]:
    last = road.at.past.last_run
    for day, km in zip(draft.days, draft.km, strict=True):
        if day >= begin:
            later = _moved(day, last, least, found, road, draft.week)
            if later is not None:
                yield later, km
                last = later


def _share(road: Road, found: Verdict) -> float:
    if found.kind == "cut":
        return road.case.limit("rest_factor_low")
    return road.case.limit("amber_repeat_share") if found.kind == "step_down" else 1.0


def _within(ahead: list[tuple[int, float]], most: float, least: float) -> list[tuple[int, float]]:
    """Runs scaled so that they come to ``most``; the shortest are left out where runs would be too short to do."""
    while ahead:
        total = sum(km for _, km in ahead)
        scaled = ahead if total <= most + TOLERANCE else [(day, km * max(most, 0.0) / total) for day, km in ahead]
        if min(km for _, km in scaled) >= least - TOLERANCE:
            return scaled
        ahead = [one for one in ahead if one is not min(ahead, key=lambda one: (one[1], one[0]))]
    return []


def _one_long(road: Road, ahead: list[tuple[int, float]], week: int) -> list[tuple[int, float]]:
    """The runs, made equal, and then fewer, where two of seven days would count as long."""
    least = road.case.km(road.case.limit("session_least_min"))
    tries = [ahead]
    if ahead:
        mean = sum(km for _, km in ahead) / len(ahead)
        tries += [[(day, share * mean) for day, _ in ahead] for share in (1.0, 0.9, 0.8, 0.7, 0.6, 0.5)]
    for one in tries:
        if all(km >= least - TOLERANCE for _, km in one) and not _has_two_long(road.at.past, one, week):
            return one
    return ahead[:-1] and _one_long(road, ahead[:-1], week)


def _has_two_long(past: Past, ahead: Sequence[tuple[int, float]], week: int) -> bool:
    """True where a planned long run lies within seven days of another long run."""
    trial = past.copy()
    for day, km in ahead:
        trial.add(day, km, km)
    long = [day for day in trial.run_days(week - DAYS, week + DAYS - 1) if trial.has_long_run(day, day)]
    planned = {day for day, _ in ahead}
    return any(b - a < DAYS and (a in planned or b in planned) for a, b in pairwise(long))
