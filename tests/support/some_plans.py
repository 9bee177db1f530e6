"""Plans as they are kept, for the tests of what goes out."""

from __future__ import annotations

from datetime import date, timedelta
from functools import cache
from typing import Any

from usual_runners import MONDAY, past_of, runs_of, usual

from plans import PastDay, Profile, Request, adapt_plan, build_plan, load_protocol
from plans.plan import DiaryDay


@cache
def _versions(profile: Profile, off: int) -> tuple[dict[str, Any], ...]:
    protocol = load_protocol(profile)
    past = past_of(40.0, 4, 10, off, MONDAY)
    request = Request(profile=profile, worst_pain=3.0, screened=True, new_shoe='=cmd|"x"!A1, \\Blue; é' + "ö" * 40)
    plan = build_plan(usual(40.0, 4), protocol, MONDAY, request=request, history=past)
    days = {day.day: day for day in past}
    first = runs_of(plan.weeks[0])
    for one in first:
        km = one.distance_km or 0.0
        days[one.day] = PastDay(day=one.day, distance_km=km, minutes=6 * km, longest_km=km, longest_min=6 * km, runs=1)
    diary = [DiaryDay(day=first[-1].day, light="red", worst=6.0)]
    as_of = MONDAY + timedelta(days=6)
    start = past[0].day
    span = ((as_of - start).days + 1) if past else 0
    history = [days.get(start + timedelta(days=n), PastDay(day=start + timedelta(days=n))) for n in range(span)]
    updated = adapt_plan(plan, protocol, as_of, history=history, diary=diary)
    kept = ((1, MONDAY - timedelta(days=1), plan), (2, as_of, updated))
    return tuple({**one.as_json(), "id": n, "original": 1, "as_of": day.isoformat()} for n, day, one in kept)


def versions(profile: Profile = "patellofemoral", off: int = 1) -> list[dict[str, Any]]:
    """A plan as it was made, and its update after a red light."""
    return list(_versions(profile, off))


FIRST_DAY: date = MONDAY
