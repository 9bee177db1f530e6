"""One change at a time: what went beyond its limit in the same week."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from loadplan.exposure_rules import climb_details
from loadplan.load_warning import LoadWarning, warning
from loadplan.week_row import WeekRow, day_of, is_over, is_raised, is_true, known, text
from plans.evidence import FINDINGS, limit, within

Change = Callable[[WeekRow], str | None]
"""What changed, in a few words with its number; None where it stayed within its limit or is not known."""


def several_changes(week: WeekRow) -> LoadWarning | None:
    """LP009: two or more of distance, hills, fast minutes, surface, new shoes and cadence went beyond at once."""
    found = changes_of(week)
    if within(len(found), limit("changes_per_week")):
        return None
    names = list(found)
    together = f"{', '.join(names[:-1])} and {names[-1]}"
    message = (
        f"In one week these went up together: {together} ({'; '.join(found.values())}). "
        "One change at a time is the custom."
    )
    return warning("LP009", "warn", "changes_per_week", len(names), message, week=day_of(week))


def changes_of(week: WeekRow) -> dict[str, str]:
    """Name of each change beyond its limit -> a few words with its number."""
    told = ((name, change(week)) for name, change in CHANGES.items())
    return {name: words for name, words in told if words is not None}


def _distance(week: WeekRow) -> str | None:
    """Weekly distance, minutes and the longest session are one change."""
    if is_true(week, "ladder"):
        return None
    if is_raised(week, "distance", "build_change_pct", "change_ignore_km"):
        return f"{known(week, 'distance_rise') or 0:.1f} km more than the ordinary weeks before"
    if is_raised(week, "duration", "build_change_pct", "change_ignore_min"):
        return f"{known(week, 'duration_rise') or 0:.0f} min more than the ordinary weeks before"
    if text(week, "spike_band") in ("small", "moderate", "large"):
        return f"a run {known(week, 'spike_pct') or 0:.0f} % longer than the longest of 30 days"
    return None


def _hills(week: WeekRow) -> str | None:
    return climb_details(week)


def _fast(week: WeekRow) -> str | None:
    if not is_raised(week, "fast", "build_change_pct", "change_ignore_min"):
        return None
    return f"{known(week, 'fast_rise') or 0:.0f} fast minutes more"


def _surface(week: WeekRow) -> str | None:
    rise, to = known(week, "surface_rise"), text(week, "surface_rise_to")
    if (
        rise is None
        or not is_over(rise, "surface_rise_share")
        or not is_over(known(week, "surface_rise_km"), "change_ignore_km")
    ):
        return None
    return f"{to}: {100 * rise:.0f} % of the km more than before"


def _new_shoes(week: WeekRow) -> str | None:
    share = known(week, "new_shoe_share")
    if share is None or not is_over(share, "new_shoe_share") or is_true(week, "new_shoe_allowed"):
        return None
    return f"{100 * share:.0f} % of the km in new pairs"


def _cadence(week: WeekRow) -> str | None:
    now, usual = known(week, "cadence_adjusted_spm"), known(week, "cadence_baseline_spm")
    if now is None or usual is None or within(now - usual, FINDINGS["cadence_step_spm"].high):
        return None
    return f"cadence {now - usual:.0f} steps a minute above the usual"


CHANGES: Final[dict[str, Change]] = {
    "distance": _distance,
    "hills": _hills,
    "fast minutes": _fast,
    "surface": _surface,
    "new shoes": _new_shoes,
    "cadence": _cadence,
}
"""The changes that are counted, in the order in which they are named."""
