"""Hills come back after the flat: by quarters of the former metres per km, uphill before downhill."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from plans.evidence import limit


class HillsBy(StrEnum):
    """How the climb of a plan is set."""

    SCHEDULE = "schedule"
    """By quarters, in quiet weeks."""
    KM = "km"
    """As before, with the km: no pain, no ladder."""
    NOTHING = "nothing"
    """Flat: there was too little to need a schedule."""
    UNKNOWN = "unknown"
    """The former climb is not known: none is planned, and that is said."""


def hills_by(*, descent_m: float | None, careful: bool) -> HillsBy:
    """Which way the climb returns; ``careful`` for a pain profile or the ladder."""
    if descent_m is None:
        return HillsBy.UNKNOWN
    if not careful:
        return HillsBy.KM
    return HillsBy.SCHEDULE if descent_m >= limit("hills_min_descent_m") else HillsBy.NOTHING


def next_share(share: float) -> float:
    """A quarter more of the former metres per km, up to all of them."""
    return min(share + limit("hills_step_share"), 1.0)


def may_start(km: float, weeks_before: Sequence[float], target_km: float) -> bool:
    """True from two green weeks at 70 % of the target on, while this week is at 70 % too."""
    needed = limit("hills_start_share") * target_km
    green_weeks = int(limit("hills_green_weeks"))
    recent = weeks_before[-green_weeks:]
    return km >= needed and len(recent) == green_weeks and all(week >= needed for week in recent)


@dataclass(frozen=True, slots=True)
class Climb:
    """Metres of a session; None = not known."""

    ascent_m: float | None
    descent_m: float | None
    is_hills: bool = False


def spread_climb(
    km: Sequence[float], hilly: Sequence[bool], climb: Climb, *, uphill_first: bool, all_runs: bool
) -> list[Climb]:
    """A week's metres over its sessions.

    Args:
        km: Sessions of the week in order.
        hilly: Which sessions may hold hills: not the long run, not next to it.
        climb: The week's metres.
        uphill_first: True in the first week of hills: the first hilly run goes up, later ones down.
        all_runs: True where every run has its share by km, as before.
    """
    if all_runs:
        return [Climb(_part(climb.ascent_m, k, sum(km)), _part(climb.descent_m, k, sum(km))) for k in km]
    places = [place for place, may in enumerate(hilly) if may]
    ups = places[:1] if uphill_first and len(places) > 1 else places
    downs = places[1:] if uphill_first and len(places) > 1 else places
    if not climb.descent_m or not places:
        ups = downs = []
    return [
        Climb(
            _part(climb.ascent_m, k if place in ups else 0.0, sum(km[u] for u in ups)),
            _part(climb.descent_m, k if place in downs else 0.0, sum(km[d] for d in downs)),
            is_hills=place in ups or place in downs,
        )
        for place, k in enumerate(km)
    ]


def _part(metres: float | None, km: float, of_km: float) -> float | None:
    if metres is None:
        return None
    return metres * km / of_km if of_km > 0 else 0.0
