"""Habits: running days in a row, and weeks in a row without an easier one."""

from __future__ import annotations

import numpy as np

from loadplan.measures import Bools, Ints
from loadplan.reference import Calendar


def run_streaks(runs: Ints) -> Ints:
    """Days in a row with a run, up to and with each day."""
    at = np.arange(len(runs))
    return np.asarray(at - np.maximum.accumulate(np.where(runs > 0, -1, at)), dtype=np.int64)


def weeks_without_recovery(recovery: Bools, new_level: Bools, known: Bools, calendar: Calendar) -> Ints:
    """Complete weeks in a row without an easier one, up to and with each week.

    Easier is a recovery week, a new level, a week of a break or of the ladder; the count begins anew where a plan
    begins, and behind a week whose load is not ``known``: nobody can say that it was not easier.
    """
    out = np.zeros(len(recovery), dtype=np.int64)
    streak = 0
    for k in range(len(recovery)):
        begins = calendar.planned[k] and k > 0 and not calendar.planned[k - 1]
        easier = recovery[k] or new_level[k] or calendar.touched[k] or calendar.ladder[k]
        streak = 0 if easier or not known[k] or not calendar.complete[k] else (1 if begins else streak + 1)
        out[k] = streak
    return out
