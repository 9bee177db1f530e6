"""What charts read from the tables: the last weeks of one, flags, distances in the reader's unit."""

from __future__ import annotations

from typing import Final

import numpy as np
import pandas as pd

from loadplan.daily import EPOCH_WEEKDAY, WEEK_STARTS
from loadplan.measures import Bools, Floats, numbers, texts
from loadplan.units import KM_PER_MILE, Units

SHOWN_WEEKS: Final = 26
"""Half a year: as much as stays readable on paper."""
DAYS_A_WEEK: Final = 7


def recent(weeks: pd.DataFrame, shown: int = SHOWN_WEEKS) -> pd.DataFrame:
    """The last weeks of a weekly table."""
    return weeks.iloc[-shown:] if shown > 0 else weeks


def flags(table: pd.DataFrame, column: str) -> Bools:
    """A column of true and false; unknown is not true."""
    return np.array([bool(v) for v in texts(table, column)], dtype=np.bool_)


def distances(table: pd.DataFrame, column: str, units: Units) -> Floats:
    """A column of km in the reader's unit."""
    return numbers(table, column) / (KM_PER_MILE if units == "mi" else 1)


def week_starts(days: pd.DatetimeIndex, week_start: str = "mon", shown: int = SHOWN_WEEKS) -> pd.DatetimeIndex:
    """First days of the last weeks that the days touch."""
    number = days.to_numpy().astype("datetime64[D]").astype(np.int64)
    into = (number + EPOCH_WEEKDAY - WEEK_STARTS[week_start]) % DAYS_A_WEEK
    starts = pd.DatetimeIndex(np.unique(number - into).astype("datetime64[D]").astype("datetime64[ns]"), name="week")
    return starts[-shown:] if shown > 0 else starts


def from_week(table: pd.DataFrame, first: pd.Timestamp) -> pd.DataFrame:
    """The days of a daily table from the first day of a week on."""
    return table.loc[table.index >= first]
