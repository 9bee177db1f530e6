"""Days to weeks: what was run, how it compares with the weeks before, and why a number is not known.

A pure function of the daily table, for days that were run and for planned ones alike. Each number that can be null has
its reason in ``<column>_reason``. Columns after ``strain`` serve the rules, the charts and the coach.
"""

from __future__ import annotations

from datetime import date
from typing import Any, Final

import numpy as np
import pandas as pd

from loadplan.acwr import acwr_by_day
from loadplan.comparison import build_columns, change_on_week_before, leading_levels, why_null
from loadplan.daily import WeekStart
from loadplan.exposures import (
    cadence_of_weeks,
    fast_sources,
    hills_of_weeks,
    monotony_of_weeks,
    shoes_of_weeks,
    surfaces_of_weeks,
)
from loadplan.grid import Grid, calendar_of, grid_of
from loadplan.habits import run_streaks, weeks_without_recovery
from loadplan.hills import same_source
from loadplan.measures import (
    MEASURE_COLUMNS,
    SUMMED,
    Floats,
    Ints,
    Load,
    Texts,
    frame_of,
    incomparable,
    load_of,
    numbers,
    runs_of,
    texts,
    unknown_share,
)
from loadplan.reference import Calendar, build_change, week_levels
from loadplan.sessions import spike_bands, spike_by_day

WEEK_KEYS: Final = (
    "complete", "runs", "distance_km", "duration_min", "change_pct", "build_change_pct", "recovery", "acwr",
    "acwr_reason", "acwr_band", "longest_km", "spike_pct", "spike_band", "ascent_m", "descent_m", "hill_up_km",
    "hill_down_km", "ascent_acwr", "descent_acwr", "new_shoe_share", "cadence_spm", "monotony", "strain",
)  # fmt: skip
"""Columns of the weekly table that ``load --format json`` shows, in its order; ``week`` is the index."""

BUILDS: Final = ("distance", "duration", "fast")
"""What is compared with the build reference besides the chosen measure and the climbs."""


def weekly_load(
    daily: pd.DataFrame,
    *,
    as_of: date | None = None,
    method: str = "uncoupled",
    measure: str = "distance",
    week_start: WeekStart = "mon",
) -> pd.DataFrame:
    """Make the weekly table of a daily one.

    Args:
        daily: As ``daily_load`` gives it, planned days with their ``phase`` and ``recovery`` behind it or not.
        as_of: Last day to read; None: the last of the table.
        method: Of the ACWR: uncoupled, coupled or ewma.
        measure: Load that is compared: distance, duration, steps, ascent, descent or srpe.
        week_start: ``mon`` or ``sun``; or a weekday by number, Monday = 0.

    Returns:
        A row a calendar week, by its first day (``week``). ``change_pct`` is against the week before,
        ``build_change_pct`` against the largest of the last two reference weeks; both null in the week that is not
        over at ``as_of``, whose ``acwr`` is the rolling value with the reason ``partial_week`` and no band.

    Example:
        >>> import pandas as pd
        >>> from loadplan import weekly_load
        >>> days = pd.date_range("2026-01-05", periods=14, name="day")
        >>> weeks = weekly_load(pd.DataFrame({"distance_km": [2.0] * 7 + [2.2] * 7}, index=days))
        >>> weeks["change_pct"].round(6).tolist()
        [nan, 10.0]
    """
    if as_of is not None:
        daily = daily.loc[: pd.Timestamp(as_of)]
    if daily.empty:
        return _table({}, np.empty(0, dtype="datetime64[D]"), method, measure)
    grid = grid_of(daily, week_start)
    loads = {name: load_of(daily, name) for name in SUMMED}
    totals = {name: _total(load, grid) for name, load in loads.items()}
    columns: dict[str, Any] = {"complete": grid.complete, "runs": grid.total(runs_of(daily))}
    columns["last_day"] = daily.index.to_numpy()[grid.lasts]
    for name, (values, reason) in totals.items():
        columns |= {SUMMED[name]: values, f"{SUMMED[name]}_reason": reason}
    calendar = calendar_of(daily, grid)
    compared = {name: _comparable(name, loads[name], grid, values) for name, (values, _) in totals.items()}
    columns |= _changes(daily, compared, calendar, measure, grid)
    columns["load"] = totals[measure][0]
    columns |= acwr_of_weeks(daily, grid, method, measure)
    columns |= _sessions(daily, grid)
    columns |= hills_of_weeks(daily, grid, compared, calendar, method)
    columns |= surfaces_of_weeks(daily, grid, totals["distance"][0])
    columns |= shoes_of_weeks(daily, grid)
    columns |= cadence_of_weeks(daily, grid)
    columns |= monotony_of_weeks(daily, grid, measure)
    columns |= _habits(loads, grid, columns, calendar)
    return _table(columns, grid.first, method, measure)


def _table(columns: dict[str, Any], first: Any, method: str, measure: str) -> pd.DataFrame:
    index = pd.DatetimeIndex(first.astype("datetime64[ns]"), name="week")
    order = [*WEEK_KEYS, *(name for name in columns if name not in WEEK_KEYS)]
    columns |= {"method": np.full(len(first), method, object), "measure": np.full(len(first), measure, object)}
    order += ["method", "measure"]
    empty = np.empty(0)
    return frame_of({name: columns.get(name, empty) for name in order}, index)


def _total(load: Load, grid: Grid) -> tuple[Floats, Texts]:
    """A week's sum, or NaN and why."""
    lacks = unknown_share(grid.total(load.missing), grid.total(load.runs))
    return np.where(lacks, np.nan, grid.total(load.values)), why_null(lacks, "missing_load")


def _comparable(name: str, load: Load, grid: Grid, total: Floats) -> Floats:
    """A week's sum where it may be compared: what is known of a week half seen is shown, and compared with nothing."""
    return np.where(incomparable(name, grid.total(load.missing), grid.total(load.runs)), np.nan, total)


def _changes(
    daily: pd.DataFrame, compared: dict[str, Floats], calendar: Calendar, measure: str, grid: Grid
) -> dict[str, Any]:
    """Change against the week before and against the reference, of the measure and of what the rules read."""
    if measure not in MEASURE_COLUMNS:
        raise ValueError(f"no measure {measure!r}; one of {', '.join(MEASURE_COLUMNS)}")
    load = compared[measure]
    levels = week_levels(load, calendar)
    build = build_change(load, levels, calendar)
    change, reason = change_on_week_before(load, grid)
    columns: dict[str, Any] = {
        "change_pct": change,
        "change_pct_reason": reason,
        "build_change_pct": build.change_pct,
        "build_change_pct_reason": build.reason,
        "recovery": levels.recovery,
        "new_level": levels.new_level,
        "build_reference": build.reference,
        "build_after_break": ~np.isnan(build.reference) & (build.newest < 0),
    }
    own = {name: week_levels(compared[name], calendar) for name in ("distance", "duration")}
    for name in BUILDS:
        found = build_change(compared[name], own.get(name, leading_levels(own, compared)), calendar)
        if name == "fast":
            found = same_source(found, fast_sources(daily, grid))
        columns |= build_columns(name, found, compared[name])
    return columns


def acwr_of_weeks(daily: pd.DataFrame, grid: Grid, method: str, measure: str) -> dict[str, Any]:
    """The ratio on the last day of each week; of the unfinished one the rolling value, without a band."""
    last = acwr_by_day(daily, method, measure=measure).iloc[grid.lasts]
    value = last["acwr"].to_numpy()
    unfinished = ~grid.complete & ~np.isnan(value)
    return {
        "acwr": value,
        "acwr_reason": np.where(unfinished, "partial_week", texts(last, "reason")),
        "acwr_band": np.where(unfinished, None, texts(last, "band")),  # type: ignore[call-overload]
        "acute": last["acute"].to_numpy(),
        "chronic": last["chronic"].to_numpy(),
        "known_days": last["known_days"].to_numpy(),
        "acwr_settled": last["settled"].to_numpy(),
    }


def _sessions(daily: pd.DataFrame, grid: Grid) -> dict[str, Any]:
    """Longest session, the largest spike of the week, and its long runs."""
    days = spike_by_day(daily)
    spike, reason = days["spike_pct"].to_numpy(), texts(days, "reason")
    worst = _at_largest(np.where(np.isnan(spike), -np.inf, spike), grid)
    known = ~np.isnan(spike[worst])
    why = np.where(known, reason[worst], _null_reason(reason, grid))
    band = np.where(why == None, spike_bands(spike[worst]), None)  # type: ignore[call-overload] # noqa: E711
    longest, runs = _longest(daily, "longest_km", grid), grid.total(runs_of(daily))
    return {
        "longest_km": longest,
        "longest_km_reason": why_null(np.isnan(longest) & (runs > 0), "missing_load"),
        "longest_min": _longest(daily, "longest_min", grid),
        "shortest_km": np.fmin.reduceat(numbers(daily, "shortest_km"), grid.starts),
        "spike_pct": np.where(known, spike[worst], np.nan),
        "spike_pct_reason": why,
        "spike_band": band,
        "spike_km": days["session_km"].to_numpy()[worst],
        "spike_reference_km": days["reference_km"].to_numpy()[worst],
        "spike_after_break": days["after_break"].to_numpy()[worst],
        "spike_day": pd.DatetimeIndex(daily.index[worst]).where(known).to_numpy(),
        "long_runs": grid.total(np.nan_to_num(numbers(daily, "long_runs"))).astype(np.int64),
    }


def _longest(daily: pd.DataFrame, column: str, grid: Grid) -> Floats:
    """The longest session of each week; 0 in a week without one, NaN where no length is known."""
    longest = np.fmax.reduceat(numbers(daily, column), grid.starts)
    unknown = (longest == 0) & (grid.total(runs_of(daily)) > 0)
    return np.where(unknown, np.nan, longest)


def _at_largest(values: Floats, grid: Grid) -> Ints:
    """Position of the first largest value of each week."""
    best = np.maximum.reduceat(values, grid.starts)[grid.of_day]
    hits = np.flatnonzero(values == best)
    return np.asarray(hits[np.unique(grid.of_day[hits], return_index=True)[1]], dtype=np.int64)


def _null_reason(reason: Texts, grid: Grid) -> Texts:
    """Why a week has no spike: the strongest reason of its days."""
    out = np.full(len(grid.starts), "no_run", dtype=object)
    for name in ("no_reference", "missing_load"):
        out[grid.any(reason == name)] = name
    return out


def _habits(loads: dict[str, Load], grid: Grid, columns: dict[str, Any], calendar: Calendar) -> dict[str, Any]:
    """Running days in a row, weeks in a row without an easier one, and how much is not known."""
    missing = {f"{name}_missing": grid.total(loads[name].missing).astype(np.int64) for name in MEASURE_COLUMNS}
    return {
        **missing,
        "run_streak_days": np.maximum.reduceat(run_streaks(loads["distance"].runs), grid.starts),
        "weeks_without_recovery": weeks_without_recovery(
            columns["recovery"], columns["new_level"], ~np.isnan(columns["load"]), calendar
        ),
        "after_easier": np.concatenate([[False], (columns["recovery"] | calendar.touched)[:-1]]),
        "whole": grid.whole,
        "first_part": grid.first_part,
        "break_week": calendar.touched,
        "ladder": calendar.ladder,
        "planned": calendar.planned,
    }
