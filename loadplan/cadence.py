"""Cadence: the runner's own baseline, and weeks against it.

Steps per minute of both feet, running only, as the readers measured it. Faster running has a higher cadence by
itself, so comparisons over time are adjusted for speed (Burns 2019, doi:10.1152/japplphysiol.00374.2018).
"""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np
import pandas as pd

from loadplan.measures import Bools, Floats, Ints, Texts, numbers, quotient
from loadplan.windows import row_median
from plans.evidence import TOLERANCE, chosen, limit

BASELINE_DAYS: Final = 28
"""d; the runs of which the own median speed is taken."""
SLOPE_RUNS: Final = 10
"""runs; from here on the own slope of cadence on speed is used."""
SLOPE_SPREAD_M_S: Final = 0.3
"""m/s; with all runs at one speed no slope can be seen in them."""
SLOPE_PAIR_M_S: Final = 0.05
"""m/s; two runs closer in speed than this say nothing of a slope."""


class CadenceBaseline(NamedTuple):
    """What is usual for this runner. NaN and a reason where it is not known."""

    cadence_spm: float
    speed_m_s: float
    slope_spm_per_m_s: float
    runs: int
    reason: str | None


def cadence_baseline(
    daily: pd.DataFrame,
    before: pd.Timestamp | None = None,
    *,
    easy_share: float | None = None,
    least_runs: float | None = None,
    least_min: float | None = None,
) -> CadenceBaseline:
    """The usual cadence on easy runs in the 28 days before a day (None: up to the end of the table).

    Easy runs have a speed within 10 % of the runner's own median of those days; the cadence is the median of the last
    5 of them or more, 30 min in all. A day with several runs counts as one, by the minutes of each.

    The thresholds are by default the findings ``easy_speed_share``, ``cadence_baseline_runs`` and
    ``cadence_baseline_min``.
    """
    at = len(daily) if before is None else int(daily.index.searchsorted(before))
    needs = _needs(easy_share, least_runs, least_min)
    cadence, speed, slope, runs, reason = _baselines(daily, np.array([at]), needs)
    return CadenceBaseline(float(cadence[0]), float(speed[0]), float(slope[0]), int(runs[0]), reason[0])


def cadence_by_week(daily: pd.DataFrame, starts: Ints, stops: Ints) -> pd.DataFrame:
    """Cadence week by week, and against the baseline of the 28 days before each week.

    Args:
        daily: The daily table.
        starts: Position of the first day of each week.
        stops: Position after the last day of each week.

    Returns:
        A row a week: ``cadence_spm``, weighted by minutes; ``baseline_spm``; ``adjusted_spm``, the cadence at the
        speed of the baseline; ``change_pct`` of the adjusted cadence against the baseline; ``reason`` for its null.
    """
    minutes = np.nan_to_num(numbers(daily, "cadence_min"))
    cadence = _weekly_mean(numbers(daily, "cadence_spm"), minutes, starts)
    speed = _weekly_mean(numbers(daily, "cadence_speed_m_s"), minutes, starts)
    usual, usual_speed, slope, _, reason = _baselines(daily, starts, _needs())
    adjusted = cadence - slope * (speed - usual_speed)
    change = 100 * (adjusted / usual - 1)
    reason = np.where(np.isnan(change) & (reason == None), "not_recorded", reason)  # noqa: E711
    return pd.DataFrame(
        {
            "cadence_spm": cadence, "baseline_spm": usual, "adjusted_spm": adjusted, "change_pct": change,
            "reason": reason,
        }
    )  # fmt: skip


def _weekly_mean(values: Floats, weights: Floats, starts: Ints) -> Floats:
    known = ~np.isnan(values) & (weights > 0)
    weight = np.add.reduceat(np.where(known, weights, 0.0), starts)
    total = np.add.reduceat(np.where(known, values * weights, 0.0), starts)
    return quotient(total, weight, weight > 0)


class _Needs(NamedTuple):
    """What makes a baseline: how near the usual speed is easy, and how much of it there must be."""

    easy_share: float
    runs: float
    minutes: float


def _needs(easy_share: float | None = None, runs: float | None = None, minutes: float | None = None) -> _Needs:
    return _Needs(
        chosen(easy_share, "easy_speed_share"),
        chosen(runs, "cadence_baseline_runs"),
        chosen(minutes, "cadence_baseline_min"),
    )


def _baselines(daily: pd.DataFrame, ends: Ints, needs: _Needs) -> tuple[Floats, Floats, Floats, Floats, Texts]:
    """Baselines of the 28 days before each position: cadence, speed, slope, easy runs, reason."""
    at = ends[:, None] - BASELINE_DAYS + np.arange(BASELINE_DAYS)

    def window(column: str) -> Floats:
        values = numbers(daily, column)
        return np.where(at >= 0, values[np.maximum(at, 0)], np.nan) if len(values) else np.full(at.shape, np.nan)

    cadence, minutes, speed = window("cadence_spm"), window("cadence_min"), window("cadence_speed_m_s")
    known = ~np.isnan(cadence) & ~np.isnan(speed) & (minutes > 0)
    speed = np.where(known, speed, np.nan)
    usual = row_median(speed)
    easy = known & (np.abs(speed - usual[:, None]) <= needs.easy_share * usual[:, None] + TOLERANCE)
    last = _last_enough(easy, np.nan_to_num(minutes), needs)
    runs = last.sum(axis=1).astype(np.float64)
    spent = np.where(last, minutes, 0.0).sum(axis=1)
    enough = (runs >= needs.runs) & (spent >= needs.minutes - TOLERANCE)
    median = np.where(enough, row_median(np.where(last, cadence, np.nan)), np.nan)
    reason = np.where(enough, None, "insufficient_history")  # type: ignore[call-overload]
    easy_speed = row_median(np.where(last, speed, np.nan))
    return median, easy_speed, _slopes(np.where(known, cadence, np.nan), speed), runs, reason


def _last_enough(easy: Bools, minutes: Floats, needs: _Needs) -> Bools:
    """The newest easy runs of each row: 5, or as many as make 30 min."""
    newest_first = easy[:, ::-1]
    later: Ints = np.cumsum(newest_first, axis=1) - newest_first
    spent = np.cumsum(np.where(newest_first, minutes[:, ::-1], 0.0), axis=1)
    spent -= np.where(newest_first, minutes[:, ::-1], 0.0)
    wanted = (later < needs.runs) | (spent < needs.minutes - TOLERANCE)
    return np.asarray((newest_first & wanted)[:, ::-1], dtype=np.bool_)


def _slopes(cadence: Floats, speed: Floats) -> Floats:
    """Theil-Sen slope of cadence on speed of each row, where 10 runs of different speed show one; else 5.6."""
    usual = limit("cadence_slope_spm_per_m_s")
    out = np.full(len(cadence), usual)
    runs = (~np.isnan(speed)).sum(axis=1)
    filled_high, filled_low = np.where(np.isnan(speed), -np.inf, speed), np.where(np.isnan(speed), np.inf, speed)
    spread = filled_high.max(axis=1, initial=-np.inf) - filled_low.min(axis=1, initial=np.inf)
    rows = np.flatnonzero((runs >= SLOPE_RUNS) & (spread >= SLOPE_SPREAD_M_S))
    if not len(rows):
        return out
    i, j = np.triu_indices(speed.shape[1], 1)
    faster = speed[rows][:, j] - speed[rows][:, i]
    apart = np.abs(faster) >= SLOPE_PAIR_M_S
    steps = cadence[rows][:, j] - cadence[rows][:, i]
    slopes = row_median(quotient(steps, faster, apart))
    out[rows] = np.where(np.isnan(slopes), usual, slopes)
    return out
