"""A week's km over its sessions: how long each may be, and how long each is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import inf

from plans.case import Case
from plans.evidence import TOLERANCE
from plans.past import DAYS, Past
from plans.plan import Bound
from plans.reference import longest_compared, session_reference

BELOW_LONG = 0.99
"""A run that must not count as a long run stays this share below the limit of one."""
TWO, THREE = 2, 3
"""Runs a week for which the longest has a share of its own; four or more have the smallest."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionLimits:
    """How long the sessions of one week may be, in km."""

    each: float
    """No session is longer."""
    others: float
    """All but one are no longer than this."""
    over_others: float
    """The longest is at most this many times the others; infinite where nothing asks for it."""
    bound: Bound
    why: str

    def total(self, runs: int) -> float:
        """What ``runs`` sessions may come to."""
        if runs <= 1:
            return self.each * runs
        others = min(self.others, self.each)
        return min(self.each, self.over_others * others) + (runs - 1) * others


def long_place(case: Case, days: Sequence[int]) -> int:
    """Which of the ``days`` has the long run: the runner's long day, else the last."""
    return next((place for place, day in enumerate(days) if (day - 1) % DAYS == case.request.long_day), len(days) - 1)


def session_limits(
    case: Case, past: Past, days: Sequence[int], *, plan_longest: Sequence[float], spaced: bool, resting: bool
) -> SessionLimits:
    """The limits of the sessions on ``days``.

    Args:
        case: The runner's case.
        past: Everything run or planned before.
        days: Days of the week's sessions, in order; one at least.
        plan_longest: Longest sessions of the plan's last weeks; empty where they do not bind yet.
        spaced: True while a tendon needs 48 hours: no run but one longer than the former mean run.
        resting: True in relative rest: each run is scaled alike, and the onset distance of the outside of the knee
            binds.
    """
    rise = 1 + case.limit("spike_small_pct") / 100
    references = [session_reference(past, day, before=days[0]) for day in days]
    known = [km for km in references if km is not None]
    longest = min([*known, *([max(plan_longest)] if any(plan_longest) else [])], default=inf)
    each = max(rise * longest, case.km(case.limit("session_always_min")))
    bound: Bound = "session_cap"
    why = f"each run at most {rise:.2f} x the longest of before ({longest:.1f} km), 10 minutes always"
    scaled = _scaled_run(case, len(days), spaced=spaced) if resting else inf
    if scaled < each:
        each, why = scaled, f"in relative rest no run over {case.factor:.2f} x the longest of before, 10 minutes always"
    onset = case.limit("itb_onset_share") * case.onset_km if case.onset_km is not None and resting else inf
    if onset < each:
        each, bound, why = onset, "itb_onset", f"no run over {onset:.1f} km, well short of where it begins to hurt"
    others = inf
    if spaced and case.mean_run_km is not None and case.mean_run_km < each:
        others, bound = case.mean_run_km, "tendon_48h"
        share = _custom_share(case, len(days))
        each = min(each, others * (len(days) - 1) * share / (1 - share)) if len(days) > 1 else each
        why = f"48 hours between runs, and only one run longer than the former mean of {others:.1f} km"
    # Where nothing of before counts, a run of the week that does is what its longest one is held against.
    counts = each > case.km(case.limit("session_always_min")) + TOLERANCE
    first = counts and any(longest_compared(past, day, before=days[0]) is None for day in days)
    ratio = rise if first or len(known) < len(references) else inf
    if past.has_long_run(days[long_place(case, days)] - DAYS + 1, days[0] - 1):
        ratio = min(ratio, BELOW_LONG * case.limit("long_run_factor"))
    return SessionLimits(each=each, others=others, over_others=ratio, bound=bound, why=why)


def _scaled_run(case: Case, runs: int, *, spaced: bool) -> float:
    """The longest run of relative rest: fewer runs than before do not make them longer.

    A tendon's 48 hours ask for fewer and longer runs: there only fewer than those make no longer ones.
    """
    longest = case.baseline.longest_km or case.mean_run_km or (case.base_km or inf) / case.runs_before
    if spaced:
        usual = min(case.runs_before, int(case.limit("tendon_runs_per_week")))
        longest = inf if runs >= usual else max(longest, (case.base_km or inf) / usual)
    return max(case.factor * longest, case.km(case.limit("session_always_min")))


def longest_share(case: Case, runs: int) -> float:
    """The share of the week that its longest run may have: as before, never over the custom for so many runs."""
    if runs <= 1:
        return 1.0
    former = case.long_share
    return min(former, _custom_share(case, runs)) if former is not None else 1 / runs


def _custom_share(case: Case, runs: int) -> float:
    return case.limit({TWO: "longest_share_2", THREE: "longest_share_3"}.get(runs, "longest_share_4"))


def split_week(km: float, runs: int, *, share: float, limits: SessionLimits, least: float) -> list[float]:
    """Sessions of a week, the long run last: as before in shape, within the limits, equal where they would be tiny."""
    equal = km / runs
    if runs == 1:
        return [km]
    longest = min(max(share * km, equal), limits.each)
    if limits.over_others * equal < longest * (runs - 1 + limits.over_others) / runs:
        longest = limits.over_others * km / (runs - 1 + limits.over_others)
    other = (km - longest) / (runs - 1)
    if other > limits.others:
        other = limits.others
        longest = km - (runs - 1) * other
    if other < least - TOLERANCE or other > longest:
        return [equal] * runs
    return [other] * (runs - 1) + [longest]
