"""How many runs a week: as before; after the ladder and on a tendon one more at a time."""

from __future__ import annotations

from plans.case import Case
from plans.plan import Phase

FORTNIGHT_WEEKS = 2
"""A tendon gets one run more a fortnight, counted from the last one added."""


def is_spaced(case: Case, number: int, *, calm_until: int | None) -> bool:
    """True while a tendon needs 48 hours between runs: relative rest and the first two weeks of rebuilding.

    ``calm_until`` is the last week of relative rest or of the ladder; None while that is not known.
    """
    return case.is_tendon and (calm_until is None or number - calm_until <= case.limit("tendon_rebuild_weeks"))


def most_runs(
    case: Case,
    number: int,
    phase: Phase,
    *,
    last_runs: int,
    last_added: int | None,
    ladder_end: int | None,
    spaced: bool,
) -> int:
    """The most runs that week ``number`` may have, before its km are looked at.

    ``last_added`` is the last week that had a run more than the one before it; ``spaced`` as ``is_spaced`` says.
    """
    usual = case.wished_runs
    if case.request.days_per_week is None and case.route == "ladder":
        usual = max(usual, case.ladder_runs)
    if number <= 1 and phase != "ladder" and ladder_end is None:
        most = min(usual, case.runs_before)
    else:
        most = min(usual, last_runs if phase == "recovery" else last_runs + 1)
    if phase == "relative_rest":
        most = min(most, case.runs_before)
    if case.is_tendon:
        waits = last_added is not None and number - last_added < FORTNIGHT_WEEKS
        least = int(case.limit("tendon_runs_per_week"))
        most = min(most, least if spaced else max(least, last_runs + (not waits)))
    return max(most, 1)


def needs_time_for(case: Case, runs: int, *, last_runs: int) -> bool:
    """True where a run more is only added while each stays at 20 minutes: after the ladder, or beyond former runs."""
    return runs > last_runs and (case.route == "ladder" or runs > case.runs_before)
