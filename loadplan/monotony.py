"""Monotony and strain (Foster 1998, doi:10.1097/00005768-199807000-00023), fitness and fatigue. Information only."""

from __future__ import annotations

import math
from typing import Final

import numpy as np
import pandas as pd

from loadplan.measures import incomparable, load_of, quotient
from loadplan.windows import exponential_mean, rolling_sum
from plans.evidence import TOLERANCE

MONOTONY_DAYS: Final = 7
FITNESS_DAYS: Final = 42
"""d; time constant of fitness (CTL)."""
FATIGUE_DAYS: Final = 7
"""d; time constant of fatigue (ATL)."""


def monotony_by_day(daily: pd.DataFrame, *, measure: str = "distance") -> pd.DataFrame:
    """Foster's monotony and strain of the last 7 days, rest days included.

    Monotony is the mean of the daily loads over their standard deviation (ddof = 1); strain is their sum x monotony.

    Returns:
        A row a day: ``monotony``, ``strain``, ``reason`` (``insufficient_history``, ``missing_load``, ``no_run``,
        ``zero_spread``: all days alike).
    """
    load = load_of(daily, measure)
    total = spread = np.full(len(daily), np.nan)
    if len(daily) >= MONOTONY_DAYS:
        windows = np.lib.stride_tricks.sliding_window_view(load.values, MONOTONY_DAYS)
        lead = np.full(MONOTONY_DAYS - 1, np.nan)
        total = np.concatenate([lead, windows.sum(axis=1)])
        spread = np.concatenate([lead, windows.std(axis=1, ddof=1)])
    reason = np.full(len(daily), None, dtype=object)
    reason[spread <= TOLERANCE] = "zero_spread"
    reason[total <= TOLERANCE] = "no_run"
    missing, runs = rolling_sum(load.missing, MONOTONY_DAYS), rolling_sum(load.runs, MONOTONY_DAYS)
    reason[incomparable(measure, missing, runs)] = "missing_load"
    reason[: MONOTONY_DAYS - 1] = "insufficient_history"
    ok = reason == None  # noqa: E711
    monotony = quotient(total / MONOTONY_DAYS, spread, ok)
    return pd.DataFrame(
        {
            "monotony": monotony,
            "strain": total * monotony,
            "reason": pd.Series(reason, index=daily.index, dtype="object"),
        },
        index=daily.index,
    )


def fitness_fatigue(daily: pd.DataFrame, *, measure: str = "duration") -> pd.DataFrame:
    """CTL, ATL and TSB day by day, from 0 before the first day: ``CTL += (L - CTL)(1 - e^(-1/42))``, ATL with 7.

    Days without the measure count what is known.

    Returns:
        A row a day: ``ctl``, ``atl``, in the unit of the measure a day; ``tsb``, yesterday's CTL less yesterday's ATL,
        NaN on the first day; ``reason`` why they mean nothing yet: ``insufficient_history`` in the first 42 days, since
        nobody began with nothing, or ``missing_load`` where one of the 42 days' runs lacks the measure.
    """
    load = load_of(daily, measure)
    ctl = exponential_mean(load.values, 1 - math.exp(-1 / FITNESS_DAYS))
    atl = exponential_mean(load.values, 1 - math.exp(-1 / FATIGUE_DAYS))
    tsb = np.concatenate([[np.nan], (ctl - atl)[:-1]])[: len(daily)]
    missing, runs = rolling_sum(load.missing, FITNESS_DAYS), rolling_sum(load.runs, FITNESS_DAYS)
    reason = np.full(len(daily), None, dtype=object)
    reason[incomparable(measure, missing, runs)] = "missing_load"
    reason[: FITNESS_DAYS - 1] = "insufficient_history"
    return pd.DataFrame(
        {"ctl": ctl, "atl": atl, "tsb": tsb, "reason": pd.Series(reason, index=daily.index, dtype="object")},
        index=daily.index,
    )
