"""Exposures of each week beside its sum: hills, surfaces, shoes, cadence, monotony, fitness. Columns by name."""

from __future__ import annotations

from typing import Any, Final

import numpy as np
import pandas as pd

from importers.run import SURFACES
from loadplan.cadence import cadence_by_week
from loadplan.comparison import build_columns, change_on_week_before, leading_levels, why_null
from loadplan.grid import Grid
from loadplan.hills import (
    CLIMBS,
    OF_CLIMB,
    climb_acwr,
    climb_m_per_km,
    mixed_sources,
    new_sources,
    same_source,
    same_source_as_before,
    week_sources,
)
from loadplan.measures import DAYS_A_WEEK, Floats, Texts, numbers, texts
from loadplan.monotony import fitness_fatigue, monotony_by_day
from loadplan.reference import Calendar, build_change, week_levels
from loadplan.shoes import new_shoe_share
from loadplan.surfaces import surface_shares
from plans.evidence import limit

SURFACE_COLUMNS: Final = tuple(f"{surface}_km" for surface in SURFACES)
OWN_CHANGES: Final = (*OF_CLIMB, "fast")
"""What has its own change against the week before."""


def hills_of_weeks(
    daily: pd.DataFrame,
    grid: Grid,
    compared: dict[str, Floats],
    calendar: Calendar,
    method: str,
) -> dict[str, Any]:
    """Climb by its own ratio, and its changes only within one source."""
    sources = week_sources(texts(daily, "climb_source"), grid.starts)
    fast = fast_sources(daily, grid)
    last = climb_acwr(daily, method).iloc[grid.lasts]
    out: dict[str, Any] = {
        "fast_source": fast,
        "climb_source": sources,
        "new_climb_source": new_sources(sources),
        "climb_m_per_km": climb_m_per_km(compared["ascent"], compared["distance"]),
    }
    for name in OWN_CHANGES:
        change, reason = change_on_week_before(compared[name], grid)
        change, reason = same_source_as_before(change, reason, sources if name in OF_CLIMB else fast)
        out |= {f"{name}_change_pct": change, f"{name}_change_pct_reason": reason}
    own = {name: week_levels(compared[name], calendar) for name in ("distance", "duration")}
    levels = leading_levels(own, compared)
    for climb in CLIMBS:
        ratio = last[f"{climb}_acwr"].to_numpy()
        mixed = mixed_sources(sources) & ~np.isnan(ratio)
        partial = ~grid.complete & ~np.isnan(ratio) & ~mixed
        reason = np.where(partial, "partial_week", texts(last, f"{climb}_reason"))
        out[f"{climb}_acwr"] = np.where(mixed, np.nan, ratio)
        out[f"{climb}_acwr_reason"] = np.where(mixed, "source_change", reason)
        build = build_change(compared[climb], levels, calendar)
        out |= build_columns(climb, same_source(build, sources), compared[climb])
    return out


def surfaces_of_weeks(daily: pd.DataFrame, grid: Grid, total_km: Floats) -> dict[str, Any]:
    """Km and share of each surface, and the largest rise of one of them."""
    km = np.stack([grid.total(np.nan_to_num(numbers(daily, name))) for name in SURFACE_COLUMNS], axis=1)
    found = surface_shares(km, total_km, grid.whole)
    return {
        **{name: km[:, n] for n, name in enumerate(SURFACE_COLUMNS)},
        **{f"{name}_share": found.share[:, n] for n, name in enumerate(SURFACES)},
        **{f"{name}_share_reason": found.reason for name in SURFACES},
        "surface_rise": found.rise,
        "surface_rise_reason": found.rise_reason,
        "surface_rise_km": found.rise_km,
        "surface_rise_to": found.to,
    }


def shoes_of_weeks(daily: pd.DataFrame, grid: Grid) -> dict[str, Any]:
    """Exposure to new pairs on the last day of each week."""
    last = new_shoe_share(daily).iloc[grid.lasts]
    marks = np.full(len(grid.starts), None, dtype=object)
    for at, day in enumerate(texts(daily, "worn_shoes")):
        if day:
            week = grid.of_day[at]
            marks[week] = (*(marks[week] or ()), *day)
    first = texts(daily, "first_worn")
    days = daily.index.to_numpy().astype("datetime64[D]")
    events = [(at, days[at].item(), pairs) for at, pairs in enumerate(first) if pairs]
    new = np.full(len(grid.starts), None, dtype=object)
    span = DAYS_A_WEEK / limit("big_change_step_share")
    for week, last_day in enumerate(grid.lasts.tolist()):
        since = [(name, day, big) for at, day, pairs in events if 0 <= last_day - at < span for name, big in pairs]
        new[week] = tuple(since) or None
    sums = {
        name: grid.total(np.nan_to_num(numbers(daily, name)))
        for name in ("shoe_known_km", "shoe_unknown_km", "new_shoe_km", "new_shoe_runs", "big_shoe_km")
    }
    return {
        "new_shoe_allowed": last["allowed"].to_numpy(),
        "big_shoe_allowed": last["big_allowed"].to_numpy(),
        "new_shoe_share": last["share"].to_numpy(),
        "new_shoe_share_reason": texts(last, "reason"),
        "young_shoe_share": last["young_share"].to_numpy(),
        "big_shoe_share": last["big_share"].to_numpy(),
        "big_shoe_limit": last["big_limit"].to_numpy(),
        "worn_shoes": marks,
        "young_pairs": new,
        **sums,
    }


def cadence_of_weeks(daily: pd.DataFrame, grid: Grid) -> dict[str, Any]:
    """Cadence of each week, and against the own baseline before it."""
    found = cadence_by_week(daily, grid.starts, grid.lasts + 1)
    cadence = found["cadence_spm"].to_numpy()
    return {
        "cadence_spm": cadence,
        "cadence_spm_reason": why_null(np.isnan(cadence), "not_recorded"),
        "cadence_baseline_spm": found["baseline_spm"].to_numpy(),
        "cadence_adjusted_spm": found["adjusted_spm"].to_numpy(),
        "cadence_change_pct": found["change_pct"].to_numpy(),
        "cadence_change_pct_reason": texts(found, "reason"),
    }


def monotony_of_weeks(daily: pd.DataFrame, grid: Grid, measure: str) -> dict[str, Any]:
    """Monotony and strain of complete weeks; fitness, fatigue and form on their last day."""
    last = monotony_by_day(daily, measure=measure).iloc[grid.lasts]
    reason = np.where(grid.complete, texts(last, "reason"), "partial_week")
    shown = grid.complete
    return {
        "monotony": np.where(shown, last["monotony"].to_numpy(), np.nan),
        "monotony_reason": reason,
        "strain": np.where(shown, last["strain"].to_numpy(), np.nan),
        "strain_reason": reason,
        **_fitness(daily, grid, measure),
    }


def _fitness(daily: pd.DataFrame, grid: Grid, measure: str) -> dict[str, Any]:
    """Fitness, fatigue and form on the last day of each week, and why they are not known."""
    last = fitness_fatigue(daily, measure=measure).iloc[grid.lasts]
    reason = texts(last, "reason")
    values = {name: np.where(reason == None, last[name].to_numpy(), np.nan) for name in ("ctl", "atl", "tsb")}  # noqa: E711
    return {key: one for name, value in values.items() for key, one in ((name, value), (f"{name}_reason", reason))}


def fast_sources(daily: pd.DataFrame, grid: Grid) -> Texts:
    """Where the fast minutes of each week come from: samples, or mean speeds alone."""
    return week_sources(texts(daily, "fast_source"), grid.starts)
