"""Which planned run a day with running stands for."""

from __future__ import annotations

from collections.abc import Sequence

from plans.plan import PastDay, Session

RUNS = frozenset({"run", "run_walk", "long", "hills", "strides"})
"""Kinds of sessions that are runs."""


def matched(runs: Sequence[Session], days: Sequence[PastDay]) -> list[tuple[Session, PastDay]]:
    """Planned runs and the days on which they were run, by days: the same day first, then what is left in order."""
    on = {day.day: day for day in days}
    found = {one.day: on[one.day] for one in runs if one.day in on}
    left = iter([day for day in days if day.day not in found])
    pairs = []
    for one in runs:
        day = found.get(one.day) or next(left, None)
        if day is not None:
            pairs.append((one, day))
    return sorted(pairs, key=lambda pair: pair[1].day)


def longest_done(runs: Sequence[Session], days: Sequence[PastDay]) -> float:
    """The longest run of a week as far as it was planned: run after run, no more than planned and no more than run."""
    pairs = matched(runs, days)
    used = {day.day for _, day in pairs}
    done = [min(one.distance_km or 0.0, day.longest_km) for one, day in pairs]
    return max([*done, *(day.longest_km for day in days if day.day not in used)], default=0.0)
