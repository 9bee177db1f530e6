"""The rules: what in a week goes beyond a suggested upper limit, in plain words and with the numbers.

``RULES`` is a plain tuple of functions; each takes one week and says one thing or nothing. A number that is not known
never warns. No rule asks anybody to do more, and none speaks of what will happen: they describe a week against the
weeks before it.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Collection, Mapping
from datetime import date
from typing import Any, Final

import pandas as pd

from loadplan.load_warning import NAMES, Level, LoadWarning, beyond_limit, warning
from loadplan.measures import ALWAYS_KNOWN, UNITS
from plans.evidence import FINDINGS, limit, within

WeekRow = Mapping[str, Any]
"""One row of the weekly table, with ``week``."""
Rule = Callable[[WeekRow], LoadWarning | None]

ONE_CHANGE: Final = 1
"""things that may go beyond their limit in one week before they are named together."""
AFTER_BREAK: Final = "what is usual after such a break"
AGAINST: Final = {
    "uncoupled": "your average of the previous four weeks",
    "coupled": "your average of the last four weeks, this one included (coupled)",
    "ewma": "your exponentially weighted average of 28 days (EWMA)",
}


def check_weeks(weeks: pd.DataFrame, *, ignore: Collection[str] = ()) -> list[LoadWarning]:
    """Judge every week of a weekly table by every rule; the incomplete first week of a record by none.

    Args:
        weeks: As ``weekly_load`` gives it.
        ignore: Codes or names of rules to leave out.

    Returns:
        The warnings, week by week, in the order of their codes.

    Example:
        >>> import pandas as pd
        >>> from loadplan import check_weeks, weekly_load
        >>> days = pd.date_range("2026-01-05", periods=35, name="day")
        >>> km = [5, 5, 5, 5, 0, 0, 0] * 4 + [8, 8, 0, 15, 0, 0, 0]
        >>> weeks = weekly_load(pd.DataFrame({"distance_km": km}, index=days))
        >>> [warning.name for warning in check_weeks(weeks)]
        ['weekly-change', 'build-change', 'acwr-high', 'no-recovery-week']
    """
    rows = weeks.assign(week=weeks.index).to_dict("records")
    found = (rule(row) for row in rows if not is_true(row, "first_part") for rule in RULES)  # type: ignore[arg-type]
    return [one for one in found if one and one.code not in ignore and one.name not in ignore]


def known(week: WeekRow, column: str) -> float | None:
    """A number of the week; None where it is not known or not there."""
    value = week.get(column)
    return None if value is None or math.isnan(value) else float(value)


def text(week: WeekRow, column: str) -> str | None:
    """A word of the week; None where there is none."""
    value = week.get(column)
    return value if isinstance(value, str) else None


def is_true(week: WeekRow, column: str) -> bool:
    """A yes or no of the week; no where it is not there."""
    return week.get(column) is True or week.get(column) == 1


def _day(week: WeekRow, column: str = "week") -> date | None:
    value = week.get(column)
    return None if value is None or value is pd.NaT else pd.Timestamp(value).date()


def _over(value: float | None, key: str) -> bool:
    return value is not None and not within(value, limit(key))


def weekly_change(week: WeekRow) -> LoadWarning | None:
    """LP001: the load rose by more than 30 % on the week before, which was an ordinary one. Not in weeks of a plan."""
    change = known(week, "change_pct")
    if (
        change is None
        or is_true(week, "planned")
        or is_true(week, "after_easier")
        or not _over(change, "change_strong_pct")
    ):
        return None
    load = known(week, "load") or 0.0
    before = load / (1 + change / 100)
    if _too_small(load - before, str(week["measure"])):
        return None
    shown = beyond_limit(change, "change_strong_pct", 1)
    message = f"This week was {shown} % more than the week before ({_amounts(load, before, week)})."
    return warning("LP001", "info", "change_strong_pct", change, message, week=_day(week))


def build_change(week: WeekRow) -> LoadWarning | None:
    """LP002: the load rose by more than 10 % (strongly: 30 %) on the larger of the last two ordinary weeks."""
    change, reference = known(week, "build_change_pct"), known(week, "build_reference")
    if change is None or reference is None or not _over(change, "build_change_pct"):
        return None
    load = known(week, "load") or 0.0
    if _too_small(load - reference, str(week["measure"])):
        return None
    strong = _over(change, "change_strong_pct")
    level: Level = "strong" if strong else "warn"
    key = "change_strong_pct" if strong else "build_change_pct"
    shown = beyond_limit(change, key, 1)
    beyond = f"; this is beyond {limit('change_strong_pct'):.0f} %" if strong else ""
    against = AFTER_BREAK if is_true(week, "build_after_break") else "the ordinary weeks before it"
    message = (
        f"This week was {shown} % above {against} ({_amounts(load, reference, week)}). The suggested upper limit "
        f"is {limit('build_change_pct'):.0f} %, a custom of coaches{beyond}."
    )
    return warning("LP002", level, key, change, message, week=_day(week))


def _too_small(rise: float, measure: str) -> bool:
    keys = {"distance": "change_ignore_km", "duration": "change_ignore_min"}
    return measure in keys and within(rise, limit(keys[measure]))


def _amounts(now: float, then: float, week: WeekRow) -> str:
    return f"{now:.1f} against {then:.1f} {UNITS[str(week['measure'])]}"


def acwr_raised(week: WeekRow) -> LoadWarning | None:
    """LP003: the acute to chronic ratio of a complete week lies above 1.3, up to 1.5."""
    return _acwr(week, "raised", "LP003", "warn", "acwr_raised", "a rise")


def acwr_high(week: WeekRow) -> LoadWarning | None:
    """LP004: the acute to chronic ratio of a complete week lies above 1.5."""
    return _acwr(week, "high", "LP004", "strong", "acwr_high", "a large change")


def _acwr(week: WeekRow, band: str, code: str, level: Level, key: str, what: str) -> LoadWarning | None:
    ratio = known(week, "acwr")
    if ratio is None or text(week, "acwr_band") != band:
        return None
    amounts = _amounts(known(week, "acute") or 0.0, known(week, "chronic") or 0.0, week)
    message = (
        f"This week was {beyond_limit(ratio, key, 2)} times {AGAINST[str(week['method'])]} ({amounts}). That is {what} "
        "against your recent training; it is a monitoring signal, not a forecast."
    )
    return warning(code, level, key, ratio, message, week=_day(week))


def session_spike(week: WeekRow) -> LoadWarning | None:
    """LP005: a session was more than 10 % longer than the longest of the 30 days before (strongly: than twice that)."""
    spike, band = known(week, "spike_pct"), text(week, "spike_band")
    if spike is None or band in (None, "none"):
        return None
    key = f"spike_{band}_pct"
    shown = beyond_limit(spike, key, 1)
    against = AFTER_BREAK if is_true(week, "spike_after_break") else "the longest of the 30 days before it"
    message = (
        f"A run of {known(week, 'spike_km') or 0:.1f} km was {shown} % longer than {against} "
        f"({known(week, 'spike_reference_km') or 0:.1f} km): a {band} step."
    )
    level: Level = "strong" if band == "large" else "warn"
    return warning("LP005", level, key, spike, message, week=_day(week), day=_day(week, "spike_day"))


def several_long_runs(week: WeekRow) -> LoadWarning | None:
    """LP006: more than one long run in a week."""
    count = known(week, "long_runs")
    if not _over(count, "long_runs_per_week"):
        return None
    message = (
        f"{count:.0f} runs of this week were each at least {limit('long_run_factor'):g} times as long as the mean of "
        "its other runs. One long run a week is the custom."
    )
    return warning("LP006", "warn", "long_runs_per_week", count, message, week=_day(week))


def ascent(week: WeekRow) -> LoadWarning | None:
    """LP007: ascent rose by more than 10 % and 50 m on the ordinary weeks before it. Not in weeks of a plan."""
    return _climb(week, "ascent", "LP007", "climbed")


def descent(week: WeekRow) -> LoadWarning | None:
    """LP008: descent rose by more than 10 % and 50 m on the ordinary weeks before it. Not in weeks of a plan."""
    return _climb(week, "descent", "LP008", "ran down")


def _climb(week: WeekRow, climb: str, code: str, verb: str) -> LoadWarning | None:
    if not _climb_raised(week, climb):
        return None
    now, then = known(week, f"{climb}_m") or 0.0, known(week, f"{climb}_reference") or 0.0
    change = known(week, f"{climb}_build_pct")
    against = AFTER_BREAK if is_true(week, "build_after_break") else "in the ordinary weeks before it"
    message = f"You {verb} {now:.0f} m this week, {now - then:.0f} m more than {against}."
    if change is None:
        return warning(code, "warn", "climb_change_m", now - then, message, week=_day(week))
    return warning(code, "warn", "climb_change_pct", change, message, week=_day(week))


def _climb_raised(week: WeekRow, climb: str) -> bool:
    """Beyond both limits; a plan has its own schedule for hills and is judged by that."""
    return not is_true(week, "planned") and _raised(week, climb, "climb_change_pct", "climb_change_m")


def _raised(week: WeekRow, name: str, share_key: str, amount_key: str) -> bool:
    """Did an amount rise on its reference by more than a share and by more than an amount?"""
    change, rise = known(week, f"{name}_build_pct"), known(week, f"{name}_rise")
    from_nothing = text(week, f"{name}_build_reason") == "zero_reference"
    return _over(rise, amount_key) and (from_nothing or _over(change, share_key))


def several_changes(week: WeekRow) -> LoadWarning | None:
    """LP009: two or more of distance, hills, fast minutes, new shoes and cadence went beyond their limits at once."""
    names = [name for name, holds in CHANGES.items() if holds(week)]
    if len(names) <= ONE_CHANGE:
        return None
    together = f"{', '.join(names[:-1])} and {names[-1]}"
    message = f"In one week these went up together: {together}. One change at a time is the custom."
    return warning("LP009", "warn", "changes_per_week", len(names), message, week=_day(week))


def _more_distance(week: WeekRow) -> bool:
    """Weekly distance, minutes and the longest session are one change."""
    if is_true(week, "ladder"):
        return False
    return (
        _raised(week, "distance", "build_change_pct", "change_ignore_km")
        or _raised(week, "duration", "build_change_pct", "change_ignore_min")
        or text(week, "spike_band") in ("small", "moderate", "large")
    )


def _more_hills(week: WeekRow) -> bool:
    return _climb_raised(week, "ascent") or _climb_raised(week, "descent")


def _more_fast(week: WeekRow) -> bool:
    return _raised(week, "fast", "build_change_pct", "change_ignore_min")


def _more_new_shoes(week: WeekRow) -> bool:
    return _over(known(week, "new_shoe_share"), "new_shoe_share") and not is_true(week, "new_shoe_allowed")


def _more_cadence(week: WeekRow) -> bool:
    now, usual = known(week, "cadence_adjusted_spm"), known(week, "cadence_baseline_spm")
    return now is not None and usual is not None and not within(now - usual, FINDINGS["cadence_step_spm"].high)


CHANGES: Final[dict[str, Callable[[WeekRow], bool]]] = {
    "distance": _more_distance,
    "hills": _more_hills,
    "fast minutes": _more_fast,
    "new shoes": _more_new_shoes,
    "cadence": _more_cadence,
}


def new_shoes(week: WeekRow) -> LoadWarning | None:
    """LP010: more than a third of the km of 7 days in pairs under 14 days old; noted: two thirds under 28 days."""
    share, young = known(week, "new_shoe_share"), known(week, "young_shoe_share")
    if _over(share, "new_shoe_share"):
        message = (
            f"{100 * (share or 0):.0f} % of the km of these 7 days were in pairs less than "
            f"{limit('new_shoe_days'):.0f} days old. The suggested upper limit is a third; it is custom."
        )
        if is_true(week, "new_shoe_allowed"):
            message += " One run a week in a new pair, the shortest, is always allowed, and it was no more than that."
            return warning("LP010", "info", "new_shoe_share", share, message, week=_day(week))
        return warning("LP010", "warn", "new_shoe_share", share, message, week=_day(week))
    if not _over(young, "new_shoe_later_share"):
        return None
    message = (
        f"{100 * (young or 0):.0f} % of the km of these 7 days were in pairs less than "
        f"{limit('new_shoe_later_days'):.0f} days old. The suggestion is up to two thirds; it is custom."
    )
    return warning("LP010", "info", "new_shoe_later_share", young, message, week=_day(week))


def big_shoe_change(week: WeekRow) -> LoadWarning | None:
    """LP011: a very different pair had more than its share: 10 % of the km at first, 10 points more each week."""
    share, most = known(week, "big_shoe_share"), known(week, "big_shoe_limit")
    if share is None or most is None or within(share, most) or is_true(week, "big_shoe_allowed"):
        return None
    message = (
        f"{100 * share:.0f} % of the km of these 7 days were in a pair that differs much from the one before (drop, "
        f"stack, plate). The suggested upper limit at its age is {100 * most:.0f} %; it is custom."
    )
    return warning("LP011", "warn", "big_change_first_share", share, message, week=_day(week), limit=most)


def shoe_wear(week: WeekRow) -> LoadWarning | None:
    """LP012: a pair passed 500 or 800 km. Information."""
    marks = week.get("worn_shoes")
    if not isinstance(marks, tuple) or not marks:
        return None
    said = "; ".join(f"{name} passed {mark:.0f} km ({km:.0f} km)" for name, mark, km in marks)
    _, mark, km = max(marks, key=lambda one: float(one[2]))
    key = "shoe_worn_km" if mark == limit("shoe_worn_km") else "shoe_wear_km"
    return warning("LP012", "info", key, float(km), f"{said}. This is information only.", week=_day(week))


def cadence_drop(week: WeekRow) -> LoadWarning | None:
    """LP013: cadence, adjusted for speed, lies more than 5 % below the runner's own baseline. Information."""
    change = known(week, "cadence_change_pct")
    if change is None or not _over(-change, "cadence_drop_pct"):
        return None
    message = (
        f"Cadence was {known(week, 'cadence_adjusted_spm') or 0:.0f} steps a minute at your usual speed, "
        f"{-change:.0f} % below your own {known(week, 'cadence_baseline_spm') or 0:.0f}."
    )
    return warning("LP013", "info", "cadence_drop_pct", -change, message, week=_day(week))


def monotony(week: WeekRow) -> LoadWarning | None:
    """LP014: the days of the week were much alike (Foster's monotony above 2). Information."""
    value = known(week, "monotony")
    if not _over(value, "monotony_note"):
        return None
    message = f"The days of this week were much alike: monotony {value:.1f} (mean over spread of the daily load)."
    return warning("LP014", "info", "monotony_note", value, message, week=_day(week))


def no_recovery_week(week: WeekRow) -> LoadWarning | None:
    """LP015: five or more weeks in a row without an easier one. Information; silent on the ladder."""
    count = known(week, "weeks_without_recovery")
    if count is None or is_true(week, "ladder") or count < limit("no_recovery_weeks"):
        return None
    message = f"This was week {count:.0f} in a row without an easier one."
    return warning("LP015", "info", "no_recovery_weeks", count, message, week=_day(week))


def no_rest_day(week: WeekRow) -> LoadWarning | None:
    """LP016: ten or more days in a row with a run. Information."""
    count = known(week, "run_streak_days")
    if count is None or count < limit("rest_days_max_streak"):
        return None
    message = f"You ran on {count:.0f} days in a row without a day of rest."
    return warning("LP016", "info", "rest_days_max_streak", count, message, week=_day(week))


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
    return warning("LP017", "info", "climb_change_pct", count, message, week=_day(week), limit=0.0, unit="new sources")


def missing_data(week: WeekRow) -> LoadWarning | None:
    """LP018: runs of the week lack the measure: it is not compared, and beyond a quarter has no number. Information."""
    measure, runs = str(week["measure"]), known(week, "runs") or 0.0
    lack = known(week, f"{measure}_missing") or 0.0
    bare = known(week, "load") is None
    if not (bare or (lack and measure in ALWAYS_KNOWN)):
        return None
    runs, number = max(runs, lack), "has no number and " if bare else ""
    message = (
        f"{lack:.0f} of {runs:.0f} {'run' if runs == 1 else 'runs'} of this week {'has' if lack == 1 else 'have'} no "
        f"{measure}: the week {number}is not compared."
    )
    share = lack / max(runs, 1.0)
    return warning("LP018", "info", "missing_load_share", share, message, week=_day(week))


RULES: Final[tuple[Rule, ...]] = (
    weekly_change,
    build_change,
    acwr_raised,
    acwr_high,
    session_spike,
    several_long_runs,
    ascent,
    descent,
    several_changes,
    new_shoes,
    big_shoe_change,
    shoe_wear,
    cadence_drop,
    monotony,
    no_recovery_week,
    no_rest_day,
    source_change,
    missing_data,
)
"""Every rule, in the order of its code (``LP001`` onwards; ``load_warning.NAMES``)."""

__all__ = ["NAMES", "RULES", "LoadWarning", "check_weeks"]
