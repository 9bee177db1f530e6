"""A new pair comes in by session: the shortest run first, more later; after a large change a part of a run first."""

from __future__ import annotations

from collections.abc import Sequence

from plans.case import Case
from plans.evidence import TOLERANCE
from plans.past import DAYS

FULL = 1.0
LEAST_PART_KM = 1.0
"""A part of a run in a new pair is at least 1 km: its own recording."""


def allowed_share(case: Case, week: int, late: int = 0) -> float:
    """Share of the km that may be in the new pair in its week ``week`` (0 = the first).

    The pair's age counts from its first run, which was ``late`` days into its first week. The limits hold over any
    seven days, and weeks differ in size, so a week is planned inside them by the size of a recovery week and of one
    step of growth.
    """
    age = week * DAYS - late
    if age >= case.limit("new_shoe_later_days"):
        share = FULL
    else:
        later = age >= case.limit("new_shoe_days")
        margin = case.limit("recovery_week_share") / (1 + case.limit("build_change_pct") / 100)
        share = case.limit("new_shoe_later_share" if later else "new_shoe_share") * margin
    if case.request.big_shoe_change:
        share = min(share, case.limit("big_change_first_share") + week * case.limit("big_change_step_share"))
    return share


def is_settled(case: Case, week: int, late: int = 0) -> bool:
    """True once every run may be in the new pair."""
    return allowed_share(case, week, late) >= FULL - TOLERANCE


def days_in_new_pair(case: Case, days: Sequence[int], km: Sequence[float]) -> list[int]:
    """Days of the pair's first week with a run in it, whole or in part."""
    chosen = [day for day, new in zip(days, runs_in_new_pair(case, km, 0), strict=True) if new]
    return chosen or ([days[_shortest(km)[0]]] if days else [])


def _shortest(km: Sequence[float]) -> list[int]:
    """Places of the runs, the shortest first; of equal ones the earlier."""
    return sorted(range(len(km)), key=lambda place: (round(km[place], 6), place))


def runs_in_new_pair(case: Case, km: Sequence[float], week: int, late: int = 0) -> list[bool]:
    """Which runs of the pair's week ``week`` are in it, the shortest first; the shortest is always allowed.

    After a large change even the shortest run is only taken whole where its share allows it.
    """
    allowed = allowed_share(case, week, late) * sum(km)
    chosen: set[int] = set()
    used = 0.0
    for place in _shortest(km):
        first_is_free = not chosen and not case.request.big_shoe_change
        if used + km[place] <= allowed + TOLERANCE or first_is_free:
            chosen.add(place)
            used += km[place]
        else:
            break
    return [place in chosen for place in range(len(km))]


def part_in_new_pair(case: Case, km: Sequence[float], week: int, late: int = 0) -> float:
    """Km of the shortest run in the new pair where no whole run fits: at least 1 km, after a large change only."""
    if not case.request.big_shoe_change or any(runs_in_new_pair(case, km, week, late)) or not km:
        return 0.0
    return min(max(allowed_share(case, week, late) * sum(km), LEAST_PART_KM), min(km))
