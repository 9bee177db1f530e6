"""Breaks: stretches of seven or more days in a row without a run, and what they are worth on the way back."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import pandas as pd

from loadplan.measures import Bools, Ints, runs_of
from plans.evidence import chosen, limit


class Break(NamedTuple):
    """One break, as positions in the daily table (first and last day without a run)."""

    first: int
    last: int
    ended: bool
    """False while the runner has not run again."""

    @property
    def days(self) -> int:
        """Days in a row without a run."""
        return self.last - self.first + 1


def find_breaks(daily: pd.DataFrame, *, least_days: float | None = None) -> list[Break]:
    """All breaks of a daily table, oldest first. Before the first run nothing is known: that is no break.

    ``least_days`` without a run make one; by default the finding ``break_days``.
    """
    return breaks_of(runs_of(daily), least_days=least_days)


def breaks_of(runs: Ints, *, least_days: float | None = None) -> list[Break]:
    """The breaks of a series of sessions a day."""
    ran = np.flatnonzero(runs > 0)
    if not len(ran):
        return []
    edges = np.append(ran, len(runs))
    gaps = np.diff(edges) - 1
    long = np.flatnonzero(gaps >= chosen(least_days, "break_days"))
    return [Break(int(edges[i]) + 1, int(edges[i + 1]) - 1, bool(edges[i + 1] < len(runs))) for i in long]


def in_break(breaks: list[Break], length: int) -> Bools:
    """True on the days of a break."""
    out = np.zeros(length, dtype=np.bool_)
    for one in breaks:
        out[one.first : one.last + 1] = True
    return out


def days_since_break(breaks: list[Break], length: int) -> Ints:
    """Days since the last day of the newest break that has ended; a very large number where there was none."""
    last = np.full(length, np.iinfo(np.int32).min, dtype=np.int64)
    for one in breaks:
        if one.ended:
            last[one.last + 1 :] = one.last
    return np.arange(length) - last


def layoff_factor(days: int) -> float | None:
    """Share of the former load with which to come back after ``days`` off; None when only the ladder leads back."""
    if days <= limit("layoff_short_days"):
        return limit("layoff_factor_short")
    if days <= limit("layoff_mid_days"):
        return limit("layoff_factor_mid")
    return limit("layoff_factor_long") if days <= limit("layoff_long_days") else None
