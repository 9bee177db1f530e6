"""How often each rule, and each bare method of the ratio, spoke of one runner: counts of weeks and of sessions."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final, NamedTuple

import numpy as np
import pandas as pd

from loadplan.acwr import METHODS, acwr_by_day
from loadplan.cohort.judged import judged_weeks
from loadplan.load_warning import NAMES, LoadWarning
from loadplan.measures import DAYS_A_WEEK, Bools, Floats, Ints, incomparable, load_of, quotient, runs_of, texts
from loadplan.sessions import spike_by_day
from loadplan.windows import rolling_sum, shifted
from plans.evidence import FINDINGS, TOLERANCE

FLAGS: Final = {"runner": "str", "unit": "str", "by": "str", "judged": "int64", "flagged": "int64"}
"""Columns of the table of flags: a row for each runner, unit (``week`` or ``session``) and rule or method. ``judged``
counts what the rule could speak of, ``flagged`` what it spoke of."""
UNITS: Final = ("week", "session")
CHANGE: Final = "weekly change"
BARE: Final[dict[str, str]] = {CHANGE: "change_strong_pct", **dict.fromkeys(METHODS, "acwr_high")}
"""Method without greying -> the finding whose published value or more is a flag, as studies of these methods count
(Cloosterman 2024, doi:10.4085/1062-6050-0430.23); limits of one's own do not change it."""
SPIKE: Final = "LP005"
"""The one rule that judges single sessions."""


class Count(NamedTuple):
    """What could be spoken of, and what was."""

    judged: int
    flagged: int


def flags(
    daily: pd.DataFrame, weeks: pd.DataFrame, warnings: Sequence[LoadWarning]
) -> dict[tuple[str, str], tuple[int, int]]:
    """Count one runner's flags.

    A session is a day's running: two runs of one day are judged by the longer one, and together by the methods. A rule
    that judges weeks flags the sessions of the weeks it speaks of.

    Args:
        daily: As ``daily_load`` gives it.
        weeks: As ``weekly_load`` makes it of that.
        warnings: As ``check_weeks`` makes them of that.

    Returns:
        (unit, rule or method) -> how many were judged, and how many of these flagged.
    """
    if daily.empty:
        return {(unit, by): Count(0, 0) for unit in UNITS for by in (*NAMES, *BARE)}
    of_week = np.searchsorted(weeks.index.to_numpy(), daily.index.to_numpy(), side="right") - 1
    return _of_rules(daily, weeks, warnings, of_week) | _of_methods(daily, weeks, of_week)


def _of_rules(
    daily: pd.DataFrame, weeks: pd.DataFrame, warnings: Sequence[LoadWarning], of_week: Ints
) -> dict[tuple[str, str], tuple[int, int]]:
    """Weeks by each rule, and the days run in them; of the rule of single sessions, these."""
    days_run = np.bincount(of_week[runs_of(daily) > 0], minlength=len(weeks))
    out: dict[tuple[str, str], tuple[int, int]] = {}
    for code, judged in judged_weeks(weeks).items():
        spoken = weeks.index.isin([pd.Timestamp(one.week) for one in warnings if one.code == code and one.week])
        flagged = judged & spoken
        out["week", code] = Count(int(judged.sum()), int(flagged.sum()))
        out["session", code] = Count(int(days_run[judged].sum()), int(days_run[flagged].sum()))
    band = texts(spike_by_day(daily), "band")
    known = band != None  # noqa: E711
    return out | {("session", SPIKE): Count(int(known.sum()), int((known & (band != "none")).sum()))}


def _of_methods(daily: pd.DataFrame, weeks: pd.DataFrame, of_week: Ints) -> dict[tuple[str, str], tuple[int, int]]:
    """Days run by each bare method, and whole weeks by its value on their last day."""
    ran = runs_of(daily) > 0
    last = np.append(np.flatnonzero(np.diff(of_week)), len(daily) - 1)
    whole = weeks["whole"].to_numpy(dtype=bool) & (weeks["runs"].to_numpy() > 0)
    out: dict[tuple[str, str], tuple[int, int]] = {}
    for name, values in bare_methods(daily).items():
        over = values >= FINDINGS[BARE[name]].value - TOLERANCE
        out["session", name] = _count(values, over, ran)
        out["week", name] = _count(values[last], over[last], whole)
    return out


def _count(values: Floats, over: Bools, where: Bools) -> Count:
    known = where & ~np.isnan(values)
    return Count(int(known.sum()), int((over & known).sum()))


def bare_methods(daily: pd.DataFrame) -> dict[str, Floats]:
    """The weekly change in % and the three ratios on every day, without any greying; NaN where they are not known."""
    ratios: dict[str, Floats] = {str(method): acwr_by_day(daily, method)["acwr"].to_numpy() for method in METHODS}
    return {CHANGE: _rolling_change(daily), **ratios}


def _rolling_change(daily: pd.DataFrame) -> Floats:
    """Seven days against the seven before, in %."""
    load = load_of(daily, "distance")
    week, runs = rolling_sum(load.values, DAYS_A_WEEK), rolling_sum(load.runs, DAYS_A_WEEK)
    missing = incomparable("distance", rolling_sum(load.missing, DAYS_A_WEEK), runs)
    before, gone = shifted(week, DAYS_A_WEEK), shifted(missing, DAYS_A_WEEK)
    # Differences of running sums leave crumbs: whether there was any load is counted, not summed.
    some = shifted(rolling_sum((load.values > 0).astype(np.int64), DAYS_A_WEEK), DAYS_A_WEEK) > 0
    known = some & ~missing & ~gone & (np.arange(len(daily)) >= 2 * DAYS_A_WEEK - 1)
    return 100 * (quotient(week, before, known) - 1)


def flag_columns(runner: str, counted: dict[tuple[str, str], tuple[int, int]]) -> dict[str, list[Any]]:
    """The counts of one runner as columns of the table of flags."""
    keys = list(counted)
    return {
        "runner": [runner] * len(keys), "unit": [unit for unit, _ in keys], "by": [by for _, by in keys],
        "judged": [counted[key][0] for key in keys], "flagged": [counted[key][1] for key in keys],
    }  # fmt: skip
