"""A week's runs written out: kind, minutes and km, step by step, with cadence, climb and shoes."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from plans.cadence_steps import cadence_range, count_blocks, first_blocks
from plans.case import Case
from plans.evidence import TOLERANCE
from plans.hill_return import Climb, HillsBy, spread_climb
from plans.ladder import Level
from plans.layout import is_next_to
from plans.past import DAYS
from plans.plan import Kind, Session
from plans.shoe_transition import part_in_new_pair, runs_in_new_pair
from plans.split import long_place
from plans.weeks import WeekDraft

WARM_UP_MIN, COOL_DOWN_MIN = 5.0, 2.0
"""Every run begins with 5 min of brisk walking or mobility and ends with 2 min of walking."""
LADDER_WALK_MIN = 5.0
"""On the ladder 5 min of walking before and after."""
STRIDES = "at the end 4 x 20 s relaxed and quick, walk back until you breathe easily"
UPHILL = "uphill at an easy effort; come down walking or by the gentlest way"
DOWNHILL = "downhill with short, quick steps"


def run_sessions(case: Case, draft: WeekDraft) -> list[Session]:
    """The runs of a week, in order of days."""
    if draft.levels:
        return [_ladder_session(case, day, one) for day, one in zip(draft.days, draft.levels, strict=True)]
    climbs = climb_of(case, draft)
    strides = _strides_place(case, draft, climbs)
    shoes, part = _shoes(case, draft)
    longest = _long_run(case, draft)
    sessions = []
    for place, (day, km) in enumerate(zip(draft.days, draft.km, strict=True)):
        climb = climbs[place]
        kind = _kind(is_long=place == longest, is_hills=climb.is_hills, is_strides=place == strides)
        low, high = _cadence(case, draft)
        sessions.append(
            Session(
                day=date.fromordinal(day),
                kind=kind,
                minutes=case.minutes(km),
                distance_km=km,
                walk_minutes=WARM_UP_MIN + COOL_DOWN_MIN,
                cadence_low_spm=low,
                cadence_high_spm=high,
                cadence_blocks=count_blocks(case.minutes(km)) if draft.starts == "cadence" else None,
                shoe=shoes[place],
                hills=climb.is_hills,
                ascent_m=climb.ascent_m,
                descent_m=climb.descent_m,
                steps=_steps(case, draft, km, climb, with_strides=place == strides, part_km=part.get(place, 0.0)),
            )
        )
    return sessions


def _kind(*, is_long: bool, is_hills: bool, is_strides: bool) -> Kind:
    if is_hills:
        return "hills"
    if is_strides:
        return "strides"
    return "long" if is_long else "run"


def _ladder_session(case: Case, day: int, one: Level) -> Session:
    main = f"{one.repeats} x ({one.run} min run, {one.walk} min walk)" if one.walk else f"{one.run} min run, easy"
    return Session(
        day=date.fromordinal(day),
        kind="run_walk" if one.walk else "run",
        minutes=one.run_minutes,
        distance_km=case.km(one.run_minutes),
        walk_minutes=one.walk_minutes + 2 * LADDER_WALK_MIN,
        run_walk=one.pattern,
        level=one.number,
        ascent_m=None if case.hills is HillsBy.UNKNOWN else 0.0,
        descent_m=None if case.hills is HillsBy.UNKNOWN else 0.0,
        steps=(f"{LADDER_WALK_MIN:.0f} min brisk walk", main, f"{LADDER_WALK_MIN:.0f} min walk"),
    )


def _long_run(case: Case, draft: WeekDraft) -> int | None:
    """Place of the long run: longer than every other run of the week."""
    if not draft.days:
        return None
    place = long_place(case, draft.days)
    others = [km for at, km in enumerate(draft.km) if at != place]
    return place if others and draft.km[place] > max(others) + TOLERANCE else None


def _may_be_hilly(case: Case, draft: WeekDraft) -> list[bool]:
    """Not the long day, nor next to it; a single run a week may."""
    long_day = case.request.long_day
    weekdays = [(day - 1) % DAYS for day in draft.days]
    if len(weekdays) == 1:
        return [True]
    return [weekday != long_day and not is_next_to(weekday, long_day) for weekday in weekdays]


def week_climb(case: Case, draft: WeekDraft) -> Climb:
    """Metres of the week: by the schedule, with the km, none, or not known."""
    if case.hills is HillsBy.UNKNOWN:
        return Climb(None, None)
    if draft.phase in ("relative_rest", "ladder"):
        return Climb(0.0, 0.0)
    share = {HillsBy.KM: 1.0, HillsBy.SCHEDULE: draft.things.hills_share}.get(case.hills, 0.0)
    if case.ascent_per_km is None:
        return Climb(None, share * (case.descent_per_km or 0.0) * draft.total_km)
    km = draft.total_km
    return Climb(share * case.ascent_per_km * km, share * (case.descent_per_km or 0.0) * km)


def climb_of(case: Case, draft: WeekDraft) -> list[Climb]:
    """Metres of each run."""
    first = draft.starts == "hills" and draft.things.steps.get("hills") == 1
    return spread_climb(
        draft.km,
        _may_be_hilly(case, draft),
        week_climb(case, draft),
        uphill_first=first,
        all_runs=case.hills is HillsBy.KM,
    )


def _strides_place(case: Case, draft: WeekDraft, climbs: Sequence[Climb]) -> int | None:
    """The run with strides: away from the long run, a flat one where there is one."""
    if "strides" not in draft.things.last:
        return None
    places = [place for place, may in enumerate(_may_be_hilly(case, draft)) if may]
    return max(places, key=lambda place: (not climbs[place].is_hills, place), default=None)


def _shoes(case: Case, draft: WeekDraft) -> tuple[list[str | None], dict[int, float]]:
    """The pair of each run, and by place the km of a run that is only partly in the new pair."""
    since = draft.things.last.get("shoes")
    if since is None:
        return [None] * len(draft.km), {}
    week, late = draft.number - since, draft.things.shoes_late
    chosen = runs_in_new_pair(case, draft.km, week, late)
    part = part_in_new_pair(case, draft.km, week, late)
    shortest = min(range(len(draft.km)), key=lambda place: (round(draft.km[place], 6), place), default=0)
    return [case.request.new_shoe if new else None for new in chosen], {shortest: part} if part else {}


def _cadence(case: Case, draft: WeekDraft) -> tuple[float | None, float | None]:
    target = draft.things.cadence(case)
    return cadence_range(target) if target is not None else (None, None)


def _steps(
    case: Case, draft: WeekDraft, km: float, climb: Climb, *, with_strides: bool, part_km: float
) -> tuple[str, ...]:
    target = draft.things.cadence(case)
    minutes = case.minutes(km)
    lines = [f"{WARM_UP_MIN:.0f} min brisk walk or mobility", f"run {minutes:.0f} min, easy"]
    if target is not None and draft.starts == "cadence":
        lines.append(first_blocks(target, minutes))
    elif target is not None:
        lines.append(f"cadence about {target:.0f} steps/min")
    if climb.is_hills and climb.ascent_m:
        lines.append(UPHILL if not climb.descent_m else "hills, easy both ways")
    if climb.is_hills and climb.descent_m:
        lines.append(DOWNHILL)
    if part_km:
        lines.append(
            f"the first {part_km:.1f} km in {case.request.new_shoe}; then change shoes and start a new recording"
        )
    if with_strides:
        lines.append(STRIDES)
    lines.append(f"{COOL_DOWN_MIN:.0f} min walk")
    return tuple(lines)
