"""Sessions: what was run in one go. Their lengths, long runs, and spikes against the longest of 30 days.

The single-session spike is the strongest running-specific signal (Frandsen 2025, BJSM 59:1203).
"""

from __future__ import annotations

from typing import Final

import numpy as np
import pandas as pd

from loadplan.breaks import find_breaks, layoff_factor
from loadplan.measures import Bools, Floats, Ints, Texts, load_of, numbers, quotient, texts, unknown_share
from loadplan.windows import rolling_max, rolling_sum, shifted
from plans.evidence import TOLERANCE, chosen

SESSION_GAP_MIN: Final = 60
"""min; a recording that starts sooner after the previous one ended belongs to the same session."""
COUNTED_M: Final = 100
"""m; a shorter recording is a press of a button: left out of sessions, counts and baselines."""
COUNTED_S: Final = 60
"""s; likewise."""
SECONDS_A_MINUTE: Final = 60


def is_counted(distance_m: Floats, duration_s: Floats) -> Bools:
    """False for recordings under 100 m or 60 s. An unknown length is not a short one."""
    return ~((distance_m < COUNTED_M) | (duration_s < COUNTED_S))


def session_ids(days: Ints, start_s: Floats, end_s: Floats) -> Ints:
    """Number the sessions of recordings that are sorted by start: 0, 1, ...

    Args:
        days: Local calendar day of each recording, as a number.
        start_s: Start in seconds, rising.
        end_s: End in seconds (start + elapsed).
    """
    ids = np.zeros(len(days), dtype=np.int64)
    session, until = -1, -np.inf
    today = None
    for i, (day, start, end) in enumerate(zip(days.tolist(), start_s.tolist(), end_s.tolist(), strict=True)):
        if day != today or start - until >= SESSION_GAP_MIN * SECONDS_A_MINUTE:
            session, today, until = session + 1, day, end
        until = max(until, end)
        ids[i] = session
    return ids


def is_judged(km: Floats, minutes: Floats, *, least_km: float | None = None, least_min: float | None = None) -> Bools:
    """True for sessions long enough for the session rules: at least 1 km and more than 10 min, where known.

    ``least_km`` and ``least_min`` are by default the findings ``session_ignore_km`` and ``session_ignore_min``.
    """
    enough = km >= chosen(least_km, "session_ignore_km") - TOLERANCE
    return np.asarray(enough & ~(minutes <= chosen(least_min, "session_ignore_min") + TOLERANCE), dtype=np.bool_)


def long_runs(weeks: Ints, km: Floats, minutes: Floats, *, factor: float | None = None) -> Bools:
    """Which sessions are long runs: at least 1.5 x the mean of the other sessions of their calendar week.

    Args:
        weeks: Calendar week of each session, numbered from 0.
        km: Distance of each session; one that is not known is neither long nor compared with.
        minutes: Duration of each session.
        factor: How many times the mean; by default the finding ``long_run_factor``.
    """
    judged = is_judged(km, minutes)
    size = int(weeks.max(initial=-1)) + 1
    total = np.bincount(weeks[judged], km[judged], size)[weeks]
    others = np.bincount(weeks[judged], minlength=size)[weeks] - 1
    mean = quotient(total - km, others, others > 0)
    return np.asarray(judged & (km >= chosen(factor, "long_run_factor") * mean - TOLERANCE), dtype=np.bool_)


def spike_by_day(daily: pd.DataFrame, *, window_days: float | None = None) -> pd.DataFrame:
    """The longest session of each day against the longest of the previous 30 days.

    Sessions under 1 km or of 10 min or less are ignored. For 30 days after a break of 7 to 28 days the reference is
    at least the layoff factor x the longest session of the 30 days before the break.

    Args:
        daily: The daily table.
        window_days: Days before each one that are looked at; by default the finding ``spike_window_days``
            (Frandsen 2025, BJSM 59:1203).

    Returns:
        A row a day: ``spike_pct``; ``reason`` (``no_run``, ``no_reference``, ``missing_load``; ``ladder`` shows the
        value without a band); ``band``: none, small, moderate, large; ``session_km`` and ``reference_km``;
        ``after_break``: the reference is the floor after a break.
    """
    window = int(chosen(window_days, "spike_window_days"))
    session = _judged(daily)
    recent = shifted(rolling_max(session, window), 1)
    floor = _after_break(daily, session, window)
    reference = np.maximum(recent, floor)
    load = load_of(daily, "distance")
    missing = shifted(rolling_sum(load.missing, window), 1)
    unknown = unknown_share(missing, shifted(rolling_sum(load.runs, window), 1))
    reason = np.full(len(daily), None, dtype=object)
    reason[texts(daily, "phase") == "ladder"] = "ladder"
    reason[reference <= 0] = "no_reference"
    reason[unknown] = "missing_load"
    reason[session <= 0] = "no_run"
    reason[(session <= 0) & (load.missing > 0)] = "missing_load"
    known = (reason == None) | (reason == "ladder")  # noqa: E711
    spike = 100 * (quotient(session, reference, known) - 1)
    bands = np.where(reason == None, spike_bands(spike), None)  # type: ignore[call-overload] # noqa: E711
    return pd.DataFrame(
        {
            "spike_pct": spike,
            "reason": pd.Series(reason, index=daily.index, dtype="object"),
            "band": pd.Series(bands, index=daily.index, dtype="object"),
            "session_km": np.where(session > 0, session, np.nan),
            "reference_km": np.where(reference > 0, reference, np.nan),
            "after_break": floor > recent,
        },
        index=daily.index,
    )


def _judged(daily: pd.DataFrame) -> Floats:
    """Longest judged session of each day; a table without that column (a bare series) has one session a day."""
    if "judged_km" in daily.columns:
        return np.nan_to_num(numbers(daily, "judged_km"))
    km, minutes = np.nan_to_num(numbers(daily, "longest_km")), numbers(daily, "longest_min")
    return np.where(is_judged(km, minutes), km, 0.0)


def _after_break(daily: pd.DataFrame, session: Floats, window: int) -> Floats:
    """The floor of the reference on the days after a break; 0 elsewhere."""
    floor = np.zeros(len(session))
    for one in find_breaks(daily):
        factor = layoff_factor(one.days)
        if not one.ended or factor is None:
            continue
        before = session[max(0, one.first - window) : one.first].max(initial=0.0)
        after = slice(one.last + 1, one.last + 1 + window)
        floor[after] = np.maximum(floor[after], factor * before)
    return floor


def spike_bands(
    spike_pct: Floats,
    *,
    small_pct: float | None = None,
    moderate_pct: float | None = None,
    large_pct: float | None = None,
) -> Texts:
    """Up to 10 % none, to 30 small, to 100 moderate, above large, with a tolerance of 1e-9; None where unknown.

    The edges are by default the findings ``spike_small_pct``, ``spike_moderate_pct`` and ``spike_large_pct``
    (Frandsen 2025, BJSM 59:1203).
    """
    named = {"spike_small_pct": small_pct, "spike_moderate_pct": moderate_pct, "spike_large_pct": large_pct}
    edges = [chosen(value, key) + TOLERANCE for key, value in named.items()]
    names = np.array(["none", "small", "moderate", "large"], dtype=object)
    bands = names[np.digitize(np.nan_to_num(spike_pct), edges, right=True)]
    bands[np.isnan(spike_pct)] = None
    return bands
