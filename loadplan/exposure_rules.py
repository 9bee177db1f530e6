"""The rules on what was run on and in: hills, shoes, cadence, and what measured them."""

from __future__ import annotations

from loadplan.load_warning import LoadWarning, warning
from loadplan.week_row import AFTER_BREAK, WeekRow, day_of, is_over, is_raised, is_true, known, text, whose
from plans.evidence import limit, within


def ascent(week: WeekRow) -> LoadWarning | None:
    """LP007: ascent rose by more than 10 % and 50 m on the ordinary weeks before it. Not in weeks of a plan."""
    return _climb(week, "ascent", "LP007", "climbed")


def descent(week: WeekRow) -> LoadWarning | None:
    """LP008: descent rose by more than 10 % and 50 m on the ordinary weeks before it. Not in weeks of a plan."""
    return _climb(week, "descent", "LP008", "ran down")


def _climb(week: WeekRow, climb: str, code: str, verb: str) -> LoadWarning | None:
    if not is_climb_raised(week, climb):
        return None
    now, then = known(week, f"{climb}_m") or 0.0, known(week, f"{climb}_reference") or 0.0
    change = known(week, f"{climb}_build_pct")
    against = AFTER_BREAK if is_true(week, "build_after_break") else "in the ordinary weeks before it"
    message = (
        f"You {verb} {now:.0f} m this week, {now - then:.0f} m more than {against}. The suggested upper limit is "
        f"{limit('climb_change_pct'):g} %, beyond {limit('climb_change_m'):g} m; {whose('climb_change_pct')}."
    )
    if change is None:
        return warning(code, "warn", "climb_change_m", now - then, message, week=day_of(week))
    return warning(code, "warn", "climb_change_pct", change, message, week=day_of(week))


def climb_details(week: WeekRow) -> str | None:
    """How much more was climbed and run down, where that is beyond its limits; else None."""
    words = {"ascent": "m more up", "descent": "m more down"}
    raised = [f"{known(week, f'{climb}_rise') or 0:.0f} {said}" for climb, said in words.items()
              if is_climb_raised(week, climb)]  # fmt: skip
    return " and ".join(raised) or None


def is_climb_raised(week: WeekRow, climb: str) -> bool:
    """Beyond both limits; a plan has its own schedule for hills and is judged by that."""
    return not is_true(week, "planned") and is_raised(week, climb, "climb_change_pct", "climb_change_m")


def new_shoes(week: WeekRow) -> LoadWarning | None:
    """LP010: more than a third of the km of 7 days in pairs under 14 days old; noted: two thirds under 28 days."""
    share, young = known(week, "new_shoe_share"), known(week, "young_shoe_share")
    if is_over(share, "new_shoe_share"):
        message = (
            f"{100 * (share or 0):.0f} % of the km of these 7 days were in pairs less than "
            f"{limit('new_shoe_days'):.0f} days old. The suggested upper limit is "
            f"{_share(limit('new_shoe_share'))}; {whose('new_shoe_share')}."
        )
        message += _pairs(week, "new_shoe_days")
        if is_true(week, "new_shoe_allowed"):
            message += " One run a week in a new pair, the shortest, is always allowed, and it was no more than that."
            return warning("LP010", "info", "new_shoe_share", share, message, week=day_of(week))
        return warning("LP010", "warn", "new_shoe_share", share, message, week=day_of(week))
    if not is_over(young, "new_shoe_later_share"):
        return None
    message = (
        f"{100 * (young or 0):.0f} % of the km of these 7 days were in pairs less than "
        f"{limit('new_shoe_later_days'):.0f} days old. The suggestion is up to "
        f"{_share(limit('new_shoe_later_share'))}; {whose('new_shoe_later_share')}."
    ) + _pairs(week, "new_shoe_later_days")
    return warning("LP010", "info", "new_shoe_later_share", young, message, week=day_of(week))


def _share(share: float) -> str:
    """A third, two thirds, or in per cent."""
    thirds = {1 / 3: "a third", 2 / 3: "two thirds"}
    return thirds.get(share) or f"{100 * share:g} %"


def _pairs(week: WeekRow, days_key: str | None) -> str:
    """Which pairs are meant, with their first day; those that differ much where no age is given."""
    last = day_of(week, "last_day")
    pairs = week.get("young_pairs")
    if last is None or not isinstance(pairs, tuple):
        return ""
    told = [
        f"{name}, first worn on {day.isoformat()}"
        for name, day, big in pairs
        if (big if days_key is None else (last - day).days < limit(days_key))
    ]
    return f" It is about {'; '.join(told)}." if told else ""


def big_shoe_change(week: WeekRow) -> LoadWarning | None:
    """LP011: a very different pair had more than its share: 10 % of the km at first, 10 points more each week."""
    share, most = known(week, "big_shoe_share"), known(week, "big_shoe_limit")
    if share is None or most is None or within(share, most) or is_true(week, "big_shoe_allowed"):
        return None
    message = (
        f"{100 * share:.0f} % of the km of these 7 days were in a pair that differs much from the one before (drop, "
        f"stack, plate). The suggested upper limit at its age is {100 * most:.0f} %; {whose('big_change_first_share')}."
    ) + _pairs(week, None)
    return warning("LP011", "warn", "big_change_first_share", share, message, week=day_of(week), limit=most)


def shoe_wear(week: WeekRow) -> LoadWarning | None:
    """LP012: a pair passed 500 or 800 km. Information."""
    marks = week.get("worn_shoes")
    if not isinstance(marks, tuple) or not marks:
        return None
    said = "; ".join(f"{name} passed {mark:.0f} km ({km:.0f} km)" for name, mark, km in marks)
    _, mark, km = max(marks, key=lambda one: float(one[2]))
    key = "shoe_worn_km" if mark == limit("shoe_worn_km") else "shoe_wear_km"
    return warning("LP012", "info", key, float(km), f"{said}. This is information only.", week=day_of(week))


def cadence_drop(week: WeekRow) -> LoadWarning | None:
    """LP013: cadence, adjusted for speed, lies more than 5 % below the runner's own baseline. Information."""
    change = known(week, "cadence_change_pct")
    if change is None or not is_over(-change, "cadence_drop_pct"):
        return None
    message = (
        f"Cadence was {known(week, 'cadence_adjusted_spm') or 0:.0f} steps a minute at your usual speed, "
        f"{-change:.0f} % below your own {known(week, 'cadence_baseline_spm') or 0:.0f}."
    )
    return warning("LP013", "info", "cadence_drop_pct", -change, message, week=day_of(week))


def source_change(week: WeekRow) -> LoadWarning | None:
    """LP017: the climb of this week was measured by something else than before. Information."""
    fresh = text(week, "new_climb_source")
    if fresh is None:
        return None
    message = (
        "The climb of this week was measured in another way, or by another watch, than in the weeks before. "
        "Climb is compared within one source only."
    )
    count = float(fresh.count(" + ") + 1)
    return warning(
        "LP017", "info", "climb_change_pct", count, message, week=day_of(week), limit=0.0, unit="new sources"
    )
