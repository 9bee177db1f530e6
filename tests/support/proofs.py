"""What must hold for every plan and every update, whatever the runner; shared by the tests and by ``make prove``."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable, Iterator
from copy import deepcopy
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from functools import partial
from typing import Any

import pandas as pd
from lives import RUNS, WORST, Life, begin, habits, live

from loadplan.baseline import past_days
from loadplan.plan_rules import check_plan
from plans import DiaryDay, Plan, PlanError, Week, adapt_plan

EPS = 1e-6
LEAST_MIN = 5.0
UPDATES = 2
"""Updates of one life."""
WORSE = {"green": ("amber", "red"), "amber": ("red",)}


@dataclass
class Found:
    """What was tried, and what did not hold."""

    tried: Counter[str] = field(default_factory=Counter)
    faults: list[str] = field(default_factory=list)


def prove(seed: int, updates: int = UPDATES) -> Found:
    """One random runner: a plan, its mutations, a life by it, its updates, and the same with a worse diary."""
    found, rng = Found(), random.Random(seed ^ 0x5EED)
    way = habits(rng)
    life = begin(seed)
    day = life.first.start - timedelta(days=1)
    daily = life.daily(day)
    found.tried["plans"] += 1
    _judge(found, seed, "plan", life.plan, life, daily)
    _mutate(found, seed, life.plan.as_json(), daily, rng)
    for n in range(updates):
        until = day + timedelta(days=rng.choice([1, 3, 5, 7, 7, 10, 14, 25, 40]))
        live(life, until, rng, way, day + timedelta(days=1))
        day = until
        daily = life.daily(day)
        try:
            plan = _update(life, day, daily, life.diary)
        except PlanError:
            break
        found.tried["updates"] += 1
        _judge(found, seed, f"update {n} on {day}", plan, life, daily)
        _worse(found, seed, life, day, daily, plan, rng)
        life.plan = plan
    return found


def _update(life: Life, day: date, daily: pd.DataFrame, diary: list[DiaryDay]) -> Plan:
    return adapt_plan(life.plan, life.protocol, day, history=past_days(daily), diary=diary, original=life.first)


def _judge(found: Found, seed: int, what: str, plan: Plan, life: Life, daily: pd.DataFrame) -> None:
    page = plan.as_json()
    broken = [f"{w.week or w.day} {w.name}: {w.measured} > {w.limit}" for w in check_plan(page, daily)]
    broken += list(invariants(plan, life))
    if broken:
        found.faults.append(f"seed {seed}, {what}: {broken[:3]}")


def invariants(plan: Plan, life: Life) -> Iterator[str]:
    """What must hold of every week that lies ahead."""
    first = {week.number: week for week in life.first.weeks}
    begin_day = plan.planned_from or plan.start
    bounds = [x for x in (plan.target_km, plan.baseline.distance_km, plan.request.goal_km) if x]
    for week in plan.weeks:
        if week.done is not None:
            continue
        ahead = [one for one in week.sessions if one.kind in RUNS and one.day >= begin_day]
        if not week.why or not week.bound_by:
            yield f"week {week.number} has no reason"
        if week.start >= begin_day and bounds and week.distance_km > min(bounds) + EPS:
            yield f"week {week.number} is beyond baseline or goal"
        for one in ahead:
            if (one.minutes or 0) < LEAST_MIN - EPS:
                yield f"week {week.number}: a run of {one.minutes} min cannot be done"
            if not week.start <= one.day < week.start + timedelta(days=7):
                yield f"week {week.number}: a run outside its week"
        if len({one.day for one in ahead}) != len(ahead):
            yield f"week {week.number}: two runs on a day"
        if len({one.day for one in week.sessions if one.kind in RUNS}) > 6 and ahead:
            yield f"week {week.number}: no rest day"
        if plan.planned_from and week.start >= begin_day and _grew(first.get(week.number), week):
            yield f"week {week.number} is larger than it was planned first"


def _grew(made: Week | None, now: Week) -> bool:
    """Ladder weeks have their own steps, and recovery weeks stay on the calendar."""
    if made is None or {made.phase, now.phase} & {"ladder", "recovery"}:
        return False
    return now.distance_km > made.distance_km + EPS


def _worse(
    found: Found, seed: int, life: Life, day: date, daily: pd.DataFrame, better: Plan, rng: random.Random
) -> None:
    """Of two diaries that differ in one entry the worse has no larger week after it, recovery weeks excepted."""
    places = [n for n, one in enumerate(life.diary) if one.light in WORSE and _is_green_after(life.diary, n)]
    if not places:
        return
    n = rng.choice(places[-6:])
    light = rng.choice(WORSE[life.diary[n].light])
    diary = list(life.diary)
    diary[n] = replace(diary[n], light=light, worst=WORST[light], mild_start=False)
    worse = _update(life, day, daily, diary)
    found.tried["worse diaries"] += 1
    _judge(found, seed, f"worse diary on {day}", worse, life, daily)
    if _rest_km(worse) > _rest_km(better) + EPS:
        found.faults.append(f"seed {seed}, {day}: {diary[n].day} {light} makes the rest of the week larger")
    after = _next_whole(better)
    same = {week.number: week for week in worse.weeks}
    if after is None or after.phase == "recovery" or after.number not in same:
        return
    if same[after.number].distance_km > after.distance_km + EPS and "ladder" not in (
        after.phase,
        same[after.number].phase,
    ):
        found.faults.append(
            f"seed {seed}, {day}: {diary[n].day} {light} instead of {life.diary[n].light} makes week {after.number} "
            f"{same[after.number].distance_km:.2f} instead of {after.distance_km:.2f}"
        )


def _is_green_after(diary: list[DiaryDay], n: int) -> bool:
    return all(one.light == "green" for one in diary[n + 1 :])


def _rest_km(plan: Plan) -> float:
    """Km of the runs left in a week that has begun; none of the ladder and of recovery weeks."""
    begun = [w for w in plan.weeks if w.whole_km is not None and w.phase not in ("ladder", "recovery")]
    runs = [one for week in begun for one in week.sessions if one.kind in RUNS and one.day >= plan.planned_from]
    return sum(one.distance_km or 0.0 for one in runs)


def _next_whole(plan: Plan) -> Week | None:
    return next((w for w in plan.weeks if w.done is None and plan.planned_from and w.start >= plan.planned_from), None)


def _mutate(found: Found, seed: int, page: dict[str, Any], daily: pd.DataFrame, rng: random.Random) -> None:
    """A plan that was tampered with is caught, whatever was done to it."""
    made = dict(mutations(page, rng))
    kind = rng.choice(sorted(made)) if made else None
    if kind is None:
        return
    found.tried[f"mutated: {kind}"] += 1
    number, tampered = made[kind]
    if not check_plan(tampered(), daily):
        found.faults.append(f"seed {seed}: {kind} in week {number} ({_bound(page, number)}) is not noticed")


def _bound(page: dict[str, Any], number: int) -> str:
    return str(next(week for week in page["weeks"] if week["number"] == number)["bound_by"])


Tampered = tuple[int, Callable[[], dict[str, Any]]]
"""The week that was tampered with, and what makes the page."""


def mutations(page: dict[str, Any], rng: random.Random) -> Iterator[tuple[str, Tampered]]:
    """The plan with one week 15 % larger, a long run 25 % longer, a recovery week taken out, a jump to all at once."""
    weeks = [week["number"] for week in page["weeks"] if week["number"] > 0 and week["runs"] > 0]
    if weeks:
        number = rng.choice(weeks)
        yield "a week +15 %", (number, partial(scaled, page, number, 1.15))
    long = [w["number"] for w in page["weeks"] if w["number"] > 0 and any(s["kind"] == "long" for s in w["sessions"])]
    if long:
        number = rng.choice(long)
        yield "a long run +25 %", (number, partial(longer, page, number, 1.25))
    recovery = [week["number"] for week in page["weeks"] if week["recovery"]]
    if recovery:
        number = rng.choice(recovery)
        yield "a recovery week taken out", (number, partial(without_recovery, page, number))
    full = page["baseline"]["distance_km"]
    first = next(week for week in page["weeks"] if week["number"] > 0)
    if full and first["distance_km"] and first["distance_km"] < full / 1.25:
        number = first["number"]
        yield "a jump to 100 %", (number, partial(scaled, page, number, full / first["distance_km"]))


def _week(page: dict[str, Any], number: int) -> dict[str, Any]:
    found: dict[str, Any] = next(week for week in page["weeks"] if week["number"] == number)
    return found


def _copied(page: dict[str, Any], number: int) -> dict[str, Any]:
    """The page with one week of its own; the others are shared."""
    return {**page, "weeks": [deepcopy(week) if week["number"] == number else week for week in page["weeks"]]}


def scaled(page: dict[str, Any], number: int, factor: float) -> dict[str, Any]:
    """Every run of a week longer by ``factor``."""
    out = _copied(page, number)
    week = _week(out, number)
    for thing in (week, *(one for one in week["sessions"] if one["kind"] in RUNS)):
        for key in ("distance_km", "minutes", "longest_km", "ascent_m", "descent_m"):
            if thing.get(key):
                thing[key] *= factor
    return out


def longer(page: dict[str, Any], number: int, factor: float) -> dict[str, Any]:
    """The long run of a week longer by ``factor``, and the week with it."""
    out = _copied(page, number)
    week = _week(out, number)
    run = next(one for one in week["sessions"] if one["kind"] == "long")
    for key, total in (("distance_km", "distance_km"), ("minutes", "minutes")):
        week[total] += (factor - 1) * run[key]
        run[key] *= factor
    week["longest_km"] = max(week["longest_km"], run["distance_km"])
    return out


def without_recovery(page: dict[str, Any], number: int) -> dict[str, Any]:
    """A recovery week as large as the week before it."""
    before = _week(page, number - 1)["distance_km"]
    out = scaled(page, number, before / _week(page, number)["distance_km"])
    _week(out, number).update(recovery=False, phase="rebuild")
    return out
