"""The rules on how much was run: weeks, ratios, sessions, days that are alike, rest, and what is not known."""

from __future__ import annotations

from typing import Final

from loadplan.load_warning import Level, LoadWarning, beyond_limit, warning
from loadplan.measures import ALWAYS_KNOWN, UNITS
from loadplan.week_row import AFTER_BREAK, WeekRow, day_of, is_over, is_true, known, text, whose
from plans.evidence import limit, within

AGAINST: Final = {
    "uncoupled": "your average of the previous four weeks",
    "coupled": "your average of the last four weeks, this one included (coupled)",
    "ewma": "your exponentially weighted average of 28 days (EWMA)",
}


def weekly_change(week: WeekRow) -> LoadWarning | None:
    """LP001: the load rose by more than 30 % on the week before, which was an ordinary one. Not in weeks of a plan."""
    change = known(week, "change_pct")
    if (
        change is None
        or is_true(week, "planned")
        or is_true(week, "after_easier")
        or not is_over(change, "change_strong_pct")
    ):
        return None
    load = known(week, "load") or 0.0
    before = load / (1 + change / 100)
    if _too_small(load - before, str(week["measure"])):
        return None
    shown = beyond_limit(change, "change_strong_pct", 1)
    message = f"This week was {shown} % more than the week before ({_amounts(load, before, week)})."
    return warning("LP001", "info", "change_strong_pct", change, message, week=day_of(week))


def build_change(week: WeekRow) -> LoadWarning | None:
    """LP002: the load rose by more than 10 % (strongly: 30 %) on the larger of the last two ordinary weeks."""
    change, reference = known(week, "build_change_pct"), known(week, "build_reference")
    if change is None or reference is None or not is_over(change, "build_change_pct"):
        return None
    load = known(week, "load") or 0.0
    if _too_small(load - reference, str(week["measure"])):
        return None
    strong = is_over(change, "change_strong_pct")
    level: Level = "strong" if strong else "warn"
    key = "change_strong_pct" if strong else "build_change_pct"
    shown = beyond_limit(change, key, 1)
    beyond = f"; this is beyond {limit('change_strong_pct'):g} %" if strong else ""
    against = AFTER_BREAK if is_true(week, "build_after_break") else "the ordinary weeks before it"
    message = (
        f"This week was {shown} % above {against} ({_amounts(load, reference, week)}). The suggested upper limit "
        f"is {limit('build_change_pct'):g} %, {whose('build_change_pct', 'a custom of coaches')}{beyond}."
    )
    return warning("LP002", level, key, change, message, week=day_of(week))


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
    return warning(code, level, key, ratio, message, week=day_of(week))


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
    return warning("LP005", level, key, spike, message, week=day_of(week), day=day_of(week, "spike_day"))


def several_long_runs(week: WeekRow) -> LoadWarning | None:
    """LP006: more than one long run in a week."""
    count = known(week, "long_runs")
    if not is_over(count, "long_runs_per_week"):
        return None
    message = (
        f"{count:.0f} runs of this week were each at least {limit('long_run_factor'):g} times as long as the mean of "
        "its other runs. One long run a week is the custom."
    )
    return warning("LP006", "warn", "long_runs_per_week", count, message, week=day_of(week))


def monotony(week: WeekRow) -> LoadWarning | None:
    """LP014: the days of the week were much alike (Foster's monotony above 2). Information."""
    value = known(week, "monotony")
    if not is_over(value, "monotony_note"):
        return None
    message = f"The days of this week were much alike: monotony {value:.1f} (mean over spread of the daily load)."
    return warning("LP014", "info", "monotony_note", value, message, week=day_of(week))


def no_recovery_week(week: WeekRow) -> LoadWarning | None:
    """LP015: five or more weeks in a row without an easier one. Information; silent on the ladder."""
    count = known(week, "weeks_without_recovery")
    if count is None or is_true(week, "ladder") or count < limit("no_recovery_weeks"):
        return None
    message = f"This was week {count:.0f} in a row without an easier one."
    return warning("LP015", "info", "no_recovery_weeks", count, message, week=day_of(week))


def no_rest_day(week: WeekRow) -> LoadWarning | None:
    """LP016: ten or more days in a row with a run. Information."""
    count = known(week, "run_streak_days")
    if count is None or count < limit("rest_days_max_streak"):
        return None
    message = f"You ran on {count:.0f} days in a row without a day of rest."
    return warning("LP016", "info", "rest_days_max_streak", count, message, week=day_of(week))


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
    return warning("LP018", "info", "missing_load_share", share, message, week=day_of(week))
