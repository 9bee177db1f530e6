"""Cadence run by run: against the own baseline at the same speed, its trend, the steps ahead, and time on target.

A target is a range of 2 % to either side (Heiderscheit 2011, doi:10.1249/MSS.0b013e3181ebedf4). Faster running has a
higher cadence by itself, so runs are compared at the speed of the baseline (Burns 2019).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, timedelta
from typing import Any, Final

import numpy as np
import pandas as pd

from importers.spread import read_spread
from loadplan.cadence import CadenceBaseline, cadence_baseline
from loadplan.windows import row_median
from plans.cadence_steps import cadence_range, cadence_targets

TREND_DAYS: Final = 84
"""d; the runs of which the trend is taken."""
TREND_RUNS: Final = 10
"""runs; with fewer there is no trend."""
FOUR_WEEKS: Final = 28.0
USUAL_RANGE_SPM: Final = (170.0, 180.0)
"""spm; shown as the usual range, not forced on anybody."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CadenceRun:
    """One run."""

    id: str
    day: date
    speed_m_s: float | None
    cadence_spm: float
    adjusted_spm: float | None
    """At the speed of the baseline; None without a baseline."""
    change_pct: float | None
    """Of that against the baseline."""
    steps_per_km: float | None
    target_spm: float | None
    """What was aimed at on that day; None: nothing."""
    on_target: float | None
    """Share of the running time within 2 % of the target; None without a target, or where samples are not known."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CadenceLog:
    """Runs with a cadence, newest last, and what is usual."""

    baseline: CadenceBaseline
    runs: tuple[CadenceRun, ...]
    trend_spm_per_4_weeks: float | None
    """Robust slope of the adjusted cadence over twelve weeks; None with fewer than ten runs."""
    targets_spm: tuple[float, ...]
    """The steps from the baseline (of a plan, else today's), two weeks apart while the light is green; () for none."""

    def as_json(self) -> dict[str, Any]:
        """With the keys of ``cadence``."""
        return asdict(self) | {"baseline": self.baseline._asdict(), "usual_range_spm": USUAL_RANGE_SPM}


def cadence_log(
    rows: Sequence[Mapping[str, Any]], daily: pd.DataFrame, *, targets: Mapping[date, float] | None = None,
    target_spm: float | None = None, from_spm: float | None = None,
) -> CadenceLog:  # fmt: skip
    """Cadence of every run that has one.

    Args:
        rows: Running rows of the log, as the store gives them.
        daily: The daily table of the same runs.
        targets: First day of a week of a plan -> its target; it holds for seven days.
        target_spm: One target for all runs instead.
        from_spm: Cadence from which the steps ahead count; None: today's baseline. Steps that count from a baseline
            that has risen with them would go beyond a tenth, so a plan's own baseline comes first.
    """
    usual = cadence_baseline(daily)
    start = from_spm or (None if np.isnan(usual.cadence_spm) else usual.cadence_spm)
    runs = tuple(
        _run(row, usual, target_spm or _target_on(date.fromisoformat(row["day"]), targets or {}))
        for row in rows if row["cadence_spm"] is not None
    )  # fmt: skip
    return CadenceLog(
        baseline=usual,
        runs=runs,
        trend_spm_per_4_weeks=_trend(runs),
        targets_spm=cadence_targets(start),
    )


def steps_per_km(cadence_spm: float, speed_m_s: float) -> float:
    """Steps on each km. Slow running takes more of them, so in the pain phase minutes are prescribed (Petersen 2015).

    >>> from loadplan.cadence_log import steps_per_km
    >>> round(steps_per_km(160, 2.5), 1)
    1066.7
    """
    return cadence_spm / 60 * 1000 / speed_m_s


def on_target(spread: str | None, target_spm: float) -> float | None:
    """Share of the running time within 2 % of a target; None where the run's seconds by cadence are not known."""
    held = read_spread(spread).cadence_s if spread else None
    if held is None or not sum(held[1]):
        return None
    low, high = cadence_range(target_spm)
    there = sum(seconds for spm, seconds in enumerate(held[1], start=held[0]) if low <= spm <= high)
    return there / sum(held[1])


def _run(row: Mapping[str, Any], usual: CadenceBaseline, target: float | None) -> CadenceRun:
    speed = row["distance_m"] / row["moving_s"] if row["distance_m"] and row["moving_s"] else None
    known = usual.reason is None and speed is not None
    cadence = float(row["cadence_spm"])
    adjusted = cadence - usual.slope_spm_per_m_s * (speed - usual.speed_m_s) if known and speed else None
    return CadenceRun(
        id=row["id"],
        day=date.fromisoformat(row["day"]),
        speed_m_s=speed,
        cadence_spm=cadence,
        adjusted_spm=adjusted,
        change_pct=None if adjusted is None else 100 * (adjusted / usual.cadence_spm - 1),
        steps_per_km=steps_per_km(cadence, speed) if speed else None,
        target_spm=target,
        on_target=None if target is None else on_target(row.get("spread"), target),
    )


def _target_on(day: date, targets: Mapping[date, float]) -> float | None:
    week = timedelta(days=7)
    return next((spm for first, spm in targets.items() if first <= day < first + week), None)


def _trend(runs: Sequence[CadenceRun]) -> float | None:
    """Median of the slopes between any two runs of the last twelve weeks (Theil-Sen), in spm in four weeks."""
    if not runs:
        return None
    since = runs[-1].day - timedelta(days=TREND_DAYS)
    recent = [
        (one.day.toordinal(), one.adjusted_spm) for one in runs if one.day > since and one.adjusted_spm is not None
    ]
    if len(recent) < TREND_RUNS:
        return None
    days, spm = (np.array(column, dtype=np.float64) for column in zip(*recent, strict=True))
    i, j = np.triu_indices(len(days), 1)
    apart = days[j] > days[i]
    slopes = (spm[j] - spm[i])[apart] / (days[j] - days[i])[apart]
    return float(row_median(slopes[None, :])[0] * FOUR_WEEKS) if len(slopes) else None


def plan_targets(plan: Mapping[str, Any] | None) -> dict[date, float]:
    """First day of each week of a plan that has a cadence target -> the target."""
    weeks = (plan or {}).get("weeks", ())
    return {
        date.fromisoformat(w["start"]): float(w["cadence_target_spm"]) for w in weeks if w.get("cadence_target_spm")
    }
