"""The size of a week: what the phase asks for, and the smallest of everything that bounds it."""

from __future__ import annotations

from typing import NamedTuple

from plans.case import Case
from plans.evidence import TOLERANCE
from plans.past import Past
from plans.plan import Bound, Phase
from plans.reference import Calendar, acwr_limit, reference_week


class Bid(NamedTuple):
    """What one rule says about the size of a week, in km."""

    bound: Bound
    km: float
    why: str

    def line(self) -> str:
        """The bid as a line of ``why``."""
        return f"{self.bound}: {self.km:.1f} km ({self.why})"


def recovery_from(case: Case, ladder_end: int | None) -> int | None:
    """The week from which recovery weeks are counted: the end of relative rest or of the ladder; None = not known."""
    if case.route == "ladder":
        return ladder_end
    return int(case.limit("rest_weeks")) if case.route == "rest" else 0


def is_recovery(case: Case, number: int, since: int | None) -> bool:
    """Recovery weeks are fixed: 6, 10, 14 after relative rest; 4, 8, 12 after a layoff factor or the ladder.

    ``since`` is the week from which they are counted, as ``recovery_from`` gives it.
    """
    every = int(case.limit("recovery_every_weeks"))
    return since is not None and number - since >= every and (number - since) % every == 0


def phase_of(
    case: Case,
    number: int,
    *,
    last_build: float | None,
    on_ladder: bool,
    since: int | None,
    rest_until: int,
    holds: bool = False,
) -> Phase:
    """The phase of week ``number``; week 0 belongs to the phase it leads into.

    Args:
        case: The runner's case.
        number: Of the week.
        last_build: Km of the last week that was neither recovery nor short; None before the first.
        on_ladder: True until the ladder has been climbed.
        since: The week from which recovery weeks are counted; they stay where they are, whatever else happens.
        rest_until: The last week of relative rest.
        holds: True where the diary says to repeat.
    """
    if on_ladder:
        return "ladder"
    if is_recovery(case, number, since):
        return "recovery"
    if number <= rest_until:
        return "relative_rest"
    if holds:
        return "hold"
    full = case.limit("full_load_share") * case.target_km
    at_target = last_build is not None and last_build >= full - TOLERANCE
    return "hold" if at_target else "rebuild"


def grow(case: Case, km: float) -> tuple[float, Bound]:
    """The most that a week may follow ``km`` with: a tenth more; from little at least 5 minutes, at most 1 km more."""
    tenth = (1 + case.limit("build_change_pct") / 100) * km
    if km >= case.limit("build_floor_below_km"):
        return tenth, "build_10pct"
    floor = km + min(case.km(case.limit("build_floor_min")), case.limit("build_floor_km"))
    return (floor, "build_floor") if floor > tenth else (tenth, "build_10pct")


def dose(case: Case, phase: Phase, last_build: float | None) -> Bid:
    """What the phase asks for, before anything else bounds it."""
    if last_build is not None and phase == "recovery":
        share = case.limit("recovery_week_share")
        return Bid("recovery_week", share * last_build, f"{share:.2f} of the last build week, {last_build:.1f} km")
    if last_build is not None and phase != "relative_rest":
        km, bound = grow(case, last_build)
        step = "a tenth more than" if bound == "build_10pct" else "5 minutes, at most 1 km, more than"
        return Bid(bound, km, f"{step} the last build week, {last_build:.1f} km")
    base = case.base_km or case.target_km
    why = f"{case.factor:.2f} of the usual week, {base:.1f} km"
    if phase == "relative_rest":
        return Bid("relative_rest", case.factor * base, why)
    if case.factor < 1:
        return Bid("layoff_factor", case.factor * base, f"{why}, after {case.days_off} days without a run")
    return Bid("baseline", base, f"the usual week, {base:.1f} km")


def load_bids(case: Case, past: Past, calendar: Calendar, week: int) -> list[Bid]:
    """What the recent weeks allow, and the target. Km already run in the calendar week are taken off."""
    ran = past.week_km(week)
    less = f", less {ran:.1f} km already run" if ran else ""
    bids = []
    reference = reference_week(past, calendar, week)
    if reference is not None:
        km, _ = grow(case, reference)
        bids.append(Bid("build_change", km - ran, f"at most a tenth over the reference week, {reference:.1f} km{less}"))
    most = case.limit("acwr_plan_max")
    ratio = acwr_limit(past, calendar, week, most)
    if ratio is not None:
        bids.append(Bid("acwr", ratio - ran, f"{most:g} x the average of the previous four weeks{less}"))
    full = "your goal" if case.target_bound == "goal" else "the usual week"
    bids.append(Bid(case.target_bound, case.target_km - ran, f"{full}, {case.target_km:.1f} km{less}"))
    return bids


def smallest(bids: list[Bid]) -> Bid:
    """The bid that binds; of equal ones the first."""
    least = min(bid.km for bid in bids)
    return next(bid for bid in bids if bid.km <= least + TOLERANCE)
