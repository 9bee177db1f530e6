"""The weeks of a made-up cohort, all runners at once: what the analysis of injuries reads, in a second for a thousand.

The same numbers as ``weekly_load`` gives of each runner (a test holds them together), with one difference: after a
break a week has no spike here, where the table of one runner has a floor for it. What is not known stays unknown.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any, Final

import numpy as np
import pandas as pd

from loadplan.acwr import ACUTE_DAYS, CHRONIC_DAYS, METHODS, acwr_bands, ratio
from loadplan.measures import DAYS_A_WEEK, Bools, Floats, Ints, frame_of, quotient
from loadplan.sessions import is_judged, spike_bands
from loadplan.synthetic.cohort import FIRST, MadeCohort
from loadplan.windows import rolling_max, shifted
from plans.evidence import TOLERANCE, limit

COLUMN: Final = dict(zip(METHODS, ("acwr", "acwr_coupled", "acwr_ewma"), strict=True))
METRES_A_KM: Final = 1000.0
SECONDS_A_MINUTE: Final = 60.0


def cohort_weeks(cohort: MadeCohort) -> pd.DataFrame:
    """A row a runner and week, from the runner's first run on, with the columns of a cohort's table that are used here.

    ``build_change_pct`` is unknown throughout: it is told only by the table of one runner.
    """
    km = cohort.metres / METRES_A_KM
    minutes = km * cohort.pace_s_per_km[:, None] / SECONDS_A_MINUTE
    runners, days = km.shape
    first = np.where((km > 0).any(axis=1), (km > 0).argmax(axis=1), days)
    age = np.arange(days) - first[:, None]
    columns: dict[str, Any] = {
        "runs": _sums((km > 0).astype(np.int64)), "distance_km": _sums(km), "duration_min": _sums(minutes),
        "longest_km": km.reshape(runners, -1, DAYS_A_WEEK).max(axis=2),
    }  # fmt: skip
    columns |= _spikes(km, minutes) | _ratios(km, first, age) | _changes(columns["distance_km"], age)
    start = age[:, ::DAYS_A_WEEK]
    columns["first_part"] = (start < 0) & (start > -DAYS_A_WEEK)
    columns["build_change_pct"] = np.full(start.shape, np.nan)
    known = start > -DAYS_A_WEEK
    mondays = [(FIRST + timedelta(weeks=week)).isoformat() for week in range(start.shape[1])]
    table = {"runner": np.repeat(np.array(cohort.labels, dtype=object), start.shape[1])[known.ravel()],
             "week": np.tile(np.array(mondays, dtype=object), runners)[known.ravel()]}  # fmt: skip
    table |= {name: values[known] for name, values in columns.items()}
    table["complete"] = np.ones(int(known.sum()), dtype=np.bool_)
    return frame_of(table, pd.RangeIndex(int(known.sum())))


def _sums(values: Any) -> Any:
    return values.reshape(len(values), -1, DAYS_A_WEEK).sum(axis=2)


def _since_break(ran: Bools) -> Ints:
    """Days since the last day of the newest break that has ended; many where there was none. Runners x days."""
    days = np.arange(ran.shape[1])
    last = np.maximum.accumulate(np.where(ran, days, -1), axis=1)
    before = shifted(last, 1, fill=-1)
    back = ran & (before >= 0) & (days - before - 1 >= limit("break_days"))
    newest = np.maximum.accumulate(np.where(back, days - 1, -ran.shape[1] - 1000), axis=1)
    return np.asarray(days - newest, dtype=np.int64)


def _spikes(km: Floats, minutes: Floats) -> dict[str, Any]:
    """The largest spike of each week, NaN where it is not known or within its window after a break."""
    window = int(limit("spike_window_days"))
    session = np.where(is_judged(km, minutes), km, 0.0)
    reference = shifted(rolling_max(session, window), 1)
    known = (session > 0) & (reference > 0)
    spike = 100 * (quotient(session, reference, known) - 1)
    spike = np.where(_since_break(km > 0) <= window, np.nan, spike)
    worst = np.fmax.reduceat(spike, np.arange(0, km.shape[1], DAYS_A_WEEK), axis=1)
    return {"spike_pct": worst, "spike_band": spike_bands(worst)}


def _ratios(km: Floats, first: Ints, age: Ints) -> dict[str, Any]:
    """The three ratios on the last day of each week, and their bands where nothing greys them."""
    out: dict[str, Any] = {}
    last = slice(DAYS_A_WEEK - 1, None, DAYS_A_WEEK)
    since, short = _since_break(km > 0), limit("post_layoff_short_days")
    for method, column in COLUMN.items():
        span = CHRONIC_DAYS + (ACUTE_DAYS if method == "uncoupled" else 0)
        found = ratio(km, method, first=first)
        value = np.where((age + 1 < span) | (found.chronic == 0), np.nan, found.acwr)
        grey = since < (limit("post_layoff_days") if span > short else short)
        grey |= found.chronic < limit("acwr_low_chronic_km") - TOLERANCE
        bands = acwr_bands(value)
        bands[grey] = None
        out |= {column: value[:, last], f"{column}_band": bands[:, last]}
    return out


def _changes(week_km: Floats, age: Ints) -> dict[str, Any]:
    """Each week against the one before, both whole."""
    before = shifted(week_km, 1)
    whole = age[:, ::DAYS_A_WEEK] >= 0
    known = whole & (shifted(whole.astype(np.float64), 1) > 0) & (before > 0)
    return {"change_pct": 100 * (quotient(week_km, before, known) - 1)}
