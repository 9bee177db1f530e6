"""The run log, day by day: one row a calendar day from the first recorded run to ``as_of``, no gaps, rest days 0.

Unknown is not zero: a day whose runs all lack an amount has NaN, and ``<amount>_missing`` counts its sessions without
it. A week or a window in which more than a quarter of the sessions lack an amount has none (``missing_load``); below
that the sum is of what is known, and of distance and time it is shown but compared with nothing. On a treadmill a
descent that was not recorded is 0 (it does not go down); its ascent is unknown.
"""

from __future__ import annotations

from datetime import date
from typing import Any, Final

import numpy as np
import pandas as pd

from importers.run import RUN_SPORT, SURFACES
from loadplan.fast import fast_minutes
from loadplan.measures import DAYS_A_WEEK, JOIN, SUMMED, Bools, Ints, Texts, frame_of, numbers, quotient, texts
from loadplan.runlog import check_log
from loadplan.sessions import is_counted, is_judged, long_runs, session_ids
from loadplan.shoes import Shoes, Worn, day_number, shoe_days

WEEK_STARTS: Final = {"mon": 0, "sun": 6}
"""Name of the first day of the week -> weekday, Monday = 0."""
WeekStart = str | int
"""``mon``, ``sun``, or any weekday by number, Monday = 0: weeks that end on a given day."""
EPOCH_WEEKDAY: Final = 3
"""1970-01-01 was a Thursday."""

DAILY_COLUMNS: Final[dict[str, str]] = {
    "runs": "int64",
    **dict.fromkeys(SUMMED.values(), "float64"),
    **{f"{name}_missing": "int64" for name in SUMMED},
    "longest_km": "float64",
    "longest_min": "float64",
    "judged_km": "float64",
    "shortest_km": "float64",
    "long_runs": "int64",
    "climb_source": "object",
    "fast_source": "object",
    "cadence_spm": "float64",
    "cadence_min": "float64",
    "cadence_speed_m_s": "float64",
    **{f"{surface}_km": "float64" for surface in SURFACES},
    "shoe_known_km": "float64",
    "shoe_unknown_km": "float64",
    "new_shoe_km": "float64",
    "young_shoe_km": "float64",
    "shoe_runs": "int64",
    "new_shoe_runs": "int64",
    "big_shoe_km": "float64",
    "big_shoe_limit": "float64",
    "worn_shoes": "object",
    "first_worn": "object",
    "phase": "object",
    "recovery": "bool",
}
"""Columns of the daily table. ``runs`` counts sessions; ``phase`` is None on real days, a planned day has its phase."""


def daily_load(
    log: pd.DataFrame, as_of: date, *, week_start: WeekStart = "mon", shoes: Shoes | None = None
) -> pd.DataFrame:
    """Make the daily table of a run log.

    Only running counts, on any surface; runs after ``as_of`` are not read. Recordings that start less than 60 min
    after the previous one ended, on the same day, are one session. Recordings under 100 m or 60 s are in the sums, but
    not in sessions, counts and baselines.

    Args:
        log: As ``log_table`` or ``open_log`` give it.
        as_of: The last day of the table.
        week_start: ``mon`` or ``sun``: in which weeks long runs are looked for.
        shoes: What the runner states of the pairs: name -> ``first_day`` (instead of the first use in the log),
            ``drop_mm``, ``stack_mm``, ``plated``, ``minimalist``.

    Returns:
        ``DAILY_COLUMNS`` by ``day`` (midnight, naive). Empty without a run.

    Example:
        >>> from datetime import date
        >>> from loadplan import daily_load
        >>> from loadplan.runlog import log_table
        >>> run = {"start": "2026-03-02T07:00:00+00:00", "sport": "run", "distance_m": 5000, "moving_s": 1800}
        >>> daily_load(log_table([run]), date(2026, 3, 4))["distance_km"].tolist()
        [5.0, 0.0, 0.0]
    """
    weekday = first_weekday(week_start)
    runs = _runs(check_log(log), as_of)
    last = day_number(as_of)
    if not runs["counted"].any():
        return _typed({name: np.empty(0) for name in DAILY_COLUMNS}, last, 0)
    first = int(runs["day"][runs["counted"]].min())
    runs = {name: values[runs["day"] >= first] for name, values in runs.items()}
    days = last - first + 1
    at, counted = runs["day"] - first, runs["counted"]
    sessions = _sessions(runs)
    columns: dict[str, Any] = {"runs": np.bincount(sessions["at"] - first, minlength=days)}
    for name, column in SUMMED.items():
        source = sessions if name == "fast" else runs
        columns |= _sums(name, column, source, sessions, first, days)
    columns |= _lengths(sessions, first, days, weekday)
    columns |= _cadence(runs, at, counted, days)
    for surface in SURFACES:
        there = runs["surface"] == surface
        columns[f"{surface}_km"] = np.bincount(at[there], np.nan_to_num(runs["distance"][there]), days)
    known = counted & ~np.isnan(runs["ascent"])
    columns["climb_source"] = _joined(at[known], runs["climb_source"][known], days)
    known = ~np.isnan(sessions["fast"])
    columns["fast_source"] = _joined(sessions["at"][known] - first, sessions["fast_source"][known], days)
    worn = Worn(runs["day"], runs["distance"], runs["shoe"], runs["session"])
    columns |= shoe_days(worn, first, days, shoes)
    return _typed(columns, first, days)


def first_weekday(week_start: WeekStart) -> int:
    """Weekday, Monday = 0. Raises ValueError for what is no first day of a week."""
    if isinstance(week_start, int) and week_start in range(DAYS_A_WEEK):
        return week_start
    if week_start not in WEEK_STARTS:
        raise ValueError(f"week_start is mon or sun, not {week_start!r}")
    return WEEK_STARTS[str(week_start)]


def week_numbers(days: Ints, week_start: int) -> Ints:
    """Number of the calendar week of each day number; weeks begin on ``week_start`` (Monday = 0)."""
    return np.asarray((days + EPOCH_WEEKDAY - week_start) // DAYS_A_WEEK, dtype=np.int64)


def week_first_days(weeks: Ints, week_start: int) -> Ints:
    """Day number of the first day of each calendar week."""
    return np.asarray(weeks * DAYS_A_WEEK - EPOCH_WEEKDAY + week_start, dtype=np.int64)


def _typed(columns: dict[str, Any], first: int, days: int) -> pd.DataFrame:
    index = pd.DatetimeIndex(
        np.arange(first, first + days).astype("datetime64[D]").astype("datetime64[ns]"), name="day"
    )
    columns = {"phase": np.full(days, None, dtype=object), "recovery": np.zeros(days, dtype=bool)} | columns
    return frame_of({name: columns[name].astype(dtype) for name, dtype in DAILY_COLUMNS.items()}, index)


def _runs(log: pd.DataFrame, as_of: date) -> dict[str, Any]:
    """The runs up to ``as_of``, sorted by start, as arrays: amounts by measure, day number, session (-1: none)."""
    mine = log[(log["sport"] == RUN_SPORT) & (log["day"] <= pd.Timestamp(as_of))].sort_values(["start", "id"])
    seconds = mine["start"].to_numpy(dtype="datetime64[ns]").astype(np.int64) / 1e9
    moving, elapsed = numbers(mine, "moving_s"), numbers(mine, "elapsed_s")
    took = np.where(np.isnan(moving), elapsed, moving)
    ends = seconds + np.nan_to_num(np.where(np.isnan(elapsed), moving, elapsed))
    metres, surface = numbers(mine, "distance_m"), texts(mine, "surface")
    descent = numbers(mine, "descent_m")
    runs: dict[str, Any] = {
        "day": mine["day"].to_numpy(dtype="datetime64[D]").astype(np.int64),
        "counted": is_counted(metres, took),
        "distance": metres / 1000,
        "duration": took / 60,
        "running": numbers(mine, "running_s") / 60,
        "steps": numbers(mine, "steps"),
        "ascent": numbers(mine, "ascent_m"),
        "descent": np.where((surface == "treadmill") & np.isnan(descent), 0.0, descent),
        "srpe": numbers(mine, "rpe") * took / 60,
        "hill_up": numbers(mine, "hill_up_m") / 1000,
        "hill_down": numbers(mine, "hill_down_m") / 1000,
        "cadence": numbers(mine, "cadence_spm"),
        "surface": surface,
        "shoe": texts(mine, "shoe"),
        "climb_source": texts(mine, "climb_source"),
        "spread": texts(mine, "spread"),
    }
    counted = runs["counted"]
    runs["session"] = np.full(len(mine), -1, dtype=np.int64)
    runs["session"][counted] = session_ids(runs["day"][counted], seconds[counted], ends[counted])
    return runs


def _sessions(runs: dict[str, Any]) -> dict[str, Any]:
    """The sessions as arrays: sums of their recordings, NaN where one of them lacks the amount."""
    counted = runs["counted"]
    ids = runs["session"][counted]
    count = int(ids.max(initial=-1)) + 1
    first = np.unique(ids, return_index=True)[1]
    sessions: dict[str, Any] = {"at": runs["day"][counted][first]}
    for name in SUMMED:
        if name != "fast":
            sessions[name] = np.bincount(ids, runs[name][counted], count)
    found = fast_minutes(
        runs["distance"][counted], runs["duration"][counted], runs["spread"][counted], ids, sessions["at"],
        sessions["distance"], sessions["duration"],
    )  # fmt: skip
    sessions["fast"], sessions["fast_source"] = found
    return sessions


def _sums(
    name: str, column: str, source: dict[str, Any], sessions: dict[str, Any], first: int, days: int
) -> dict[str, Any]:
    """A day's sum of what is known, and how many of its sessions lack the amount."""
    values = source[name]
    at = (source["at"] if "at" in source else source["day"]) - first
    known = ~np.isnan(values)
    total = np.bincount(at, np.where(known, values, 0.0), days)
    lack = np.bincount((sessions["at"] - first)[np.isnan(sessions[name])], minlength=days)
    nothing = (np.bincount(at[known], minlength=days) == 0) & (lack > 0)
    return {column: np.where(nothing, np.nan, total), f"{name}_missing": lack}


def _lengths(sessions: dict[str, Any], first: int, days: int, week_start: int) -> dict[str, Any]:
    """Longest and shortest session of each day, the longest that the session rules judge, and its long runs."""
    at, km, minutes = sessions["at"] - first, sessions["distance"], sessions["duration"]
    weeks = week_numbers(sessions["at"], week_start)
    long = long_runs(weeks - weeks.min(initial=0), km, minutes)
    ran = np.bincount(at, minlength=days) > 0
    longest, longest_min, shortest = np.full(days, np.nan), np.full(days, np.nan), np.full(days, np.nan)
    judged = np.zeros(days)
    np.maximum.at(judged, at, np.where(is_judged(km, minutes), km, 0.0))
    np.fmax.at(longest, at, km)
    np.fmax.at(longest_min, at, minutes)
    np.fmin.at(shortest, at, km)
    return {
        "longest_km": np.where(ran, longest, 0.0),
        "longest_min": np.where(ran, longest_min, 0.0),
        "judged_km": judged,
        "shortest_km": shortest,
        "long_runs": np.bincount(at[long], minlength=days),
    }


def _cadence(runs: dict[str, Any], at: Ints, counted: Bools, days: int) -> dict[str, Any]:
    """Cadence and speed of the day, each run weighted by its minutes; only runs that have a cadence."""
    minutes = runs["duration"]
    known = counted & ~np.isnan(runs["cadence"]) & (minutes > 0)
    weight = np.bincount(at[known], minutes[known], days)
    spm = np.bincount(at[known], (runs["cadence"] * minutes)[known], days)
    metres = np.bincount(at[known], runs["distance"][known] * 1000, days)
    there = weight > 0
    return {
        "cadence_spm": quotient(spm, weight, there),
        "cadence_min": weight,
        "cadence_speed_m_s": quotient(metres, weight * 60, there),
    }


def _joined(at: Ints, sources: Texts, days: int) -> Texts:
    """What measured an amount on each day; several are joined by ' + ', None where it was not measured."""
    out = np.full(days, None, dtype=object)
    for day, source in zip(at.tolist(), sources.tolist(), strict=True):
        so_far = out[day].split(JOIN) if out[day] else []
        out[day] = JOIN.join(sorted({*so_far, *(source or "unknown").split(JOIN)}))
    return out
