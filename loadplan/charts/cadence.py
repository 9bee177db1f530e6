"""Cadence of each running day at the runner's own easy speed, the usual cadence, and the steps of a planned change."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd
from matplotlib.ticker import MaxNLocator, PercentFormatter

from loadplan.cadence import cadence_baseline
from loadplan.charts.style import (
    BLACK,
    BLUE,
    DAYS_A_WEEK,
    GREEN,
    GREY,
    LINE_HIGH_IN,
    Sheet,
    apart,
    day_numbers,
    days_per_in,
    height_in,
    house_style,
    line,
    message_figure,
    patch,
    week_axis,
)  # fmt: skip
from loadplan.charts.table import SHOWN_WEEKS, from_week, week_starts
from loadplan.measures import Floats, numbers

if TYPE_CHECKING:
    from matplotlib.artist import Artist
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from loadplan.cadence_log import CadenceRun

TITLE = "Cadence"
LEAST_SPAN_SPM: Final = 16.0
MARGIN_SPM: Final = 2.0
STEP_IN: Final = 0.32
"""Width of a target in figures."""
TARGET_WEEKS: Final = 12
"""So many planned weeks ahead are shown at most."""
TARGET_SHARE: Final = 0.02
"""A session's target is a range of 2 % to both sides."""


def chart_cadence(
    daily: pd.DataFrame,
    plan: Mapping[str, Any] | None = None,
    *,
    runs: Sequence[CadenceRun] = (),
    week_start: str = "mon",
    shown: int = SHOWN_WEEKS,
) -> Figure:
    """A dot a running day, the usual cadence of each week, and where a plan is given, its targets and time on them.

    Args:
        daily: As ``daily_load`` gives it.
        plan: A plan's JSON, or None.
        runs: As ``cadence_log`` gives them; those with a target are shown with their share of time on it.
        week_start: mon or sun.
        shown: How many of the last weeks; 0 = all.
    """
    if daily.empty:
        return message_figure(TITLE, "No run is recorded yet.")
    starts = week_starts(pd.DatetimeIndex(daily.index), week_start, shown)
    days = from_week(daily, starts[0])
    if days["cadence_spm"].isna().all():
        return message_figure(TITLE, "No cadence is recorded in these weeks.")
    targets = targets_of(plan, starts)
    with house_style():
        lines = [
            "Steps a minute, both feet, at the runner's own easy speed (faster runs have more by",
            "themselves). The axis does not start at 0.",
        ]
        held = [one for one in runs if one.on_target is not None and one.day >= starts[0].date()]
        if held:
            share = 100 * TARGET_SHARE
            lines.append(f"Below: share of each run's time within {share:.0f} % of its target.")
        sheet = Sheet(TITLE, lines, heights=(2.2, 1) if held else (1,))
        draw_cadence(sheet.axes[0], daily, days, starts, targets)
        if held:
            draw_on_target(sheet.axes[1], held)
        sheet.key(cadence_key(bool(targets)), columns=4)
        return sheet.describe(cadence_words(daily, targets, held))


def cadence_key(planned: bool) -> list[tuple[Artist, str]]:
    """What the shapes mean; the plan's only where there is one."""
    keys: list[tuple[Artist, str]] = [
        (line(BLUE, "", "o"), "running day"),
        (line(GREY, "", "o", hollow=True), "as recorded"),
        (line(BLACK), "usual until then"),
    ]
    return [*keys, (patch(GREEN, "///", edge="white"), "planned range")] if planned else keys


def draw_cadence(
    ax: Axes,
    daily: pd.DataFrame,
    days: pd.DataFrame,
    starts: pd.DatetimeIndex,
    targets: list[tuple[pd.Timestamp, float]],
) -> None:
    """Dots, baseline and targets on one pair of axes."""
    seen: list[float] = []
    for start in starts:
        week = days.loc[start : start + pd.Timedelta(days=DAYS_A_WEEK - 1)]
        seen += _week(ax, daily, week, float(day_numbers(pd.DatetimeIndex([start]))[0]), start)
    for start, spm in targets:
        x = float(day_numbers(pd.DatetimeIndex([start]))[0])
        low, high = spm * (1 - TARGET_SHARE), spm * (1 + TARGET_SHARE)
        ax.fill_between(
            [x, x + DAYS_A_WEEK], low, high, facecolor=GREEN, edgecolor="white", hatch="///", alpha=0.6, linewidth=0
        )
        ax.hlines(spm, x, x + DAYS_A_WEEK, color=BLACK, linewidth=1.2, linestyle="--")
        seen += [low, high]
    _spm_axis(ax, np.array(seen))
    week_axis(ax, starts[0], max(targets[-1][0], starts[-1]) if targets else starts[-1])
    _name_steps(ax, targets)


def _week(ax: Axes, daily: pd.DataFrame, week: pd.DataFrame, x: float, start: pd.Timestamp) -> list[float]:
    """One week's dots and its usual cadence; returns the heights drawn."""
    usual = cadence_baseline(daily, start)
    at = day_numbers(pd.DatetimeIndex(week.index)) + 0.5
    spm: Floats = numbers(week, "cadence_spm")
    if usual.reason is not None:
        ax.plot(at, spm, "o", color=GREY, markerfacecolor="white", markersize=5.5)
        return [float(v) for v in spm[np.isfinite(spm)]]
    spm = spm - usual.slope_spm_per_m_s * (numbers(week, "cadence_speed_m_s") - usual.speed_m_s)
    ax.plot(at, spm, "o", color=BLUE, markersize=6, markeredgecolor="white", markeredgewidth=0.6)
    ax.hlines(usual.cadence_spm, x, x + DAYS_A_WEEK, color=BLACK, linewidth=1.8)
    return [float(v) for v in spm[np.isfinite(spm)]] + [usual.cadence_spm]


def draw_on_target(ax: Axes, held: Sequence[CadenceRun]) -> None:
    """A bar a run: the share of its running time within 2 % of the target."""
    x = day_numbers(pd.DatetimeIndex([one.day for one in held])) + 0.5
    share = np.array([one.on_target for one in held], dtype=np.float64)
    ax.bar(x, share, width=0.9, color=GREEN, edgecolor="white", hatch="///", linewidth=0)
    ax.set_ylim(0, 1)
    ax.set_yticks([0, 0.5, 1])
    ax.yaxis.set_major_formatter(PercentFormatter(1.0, decimals=0, symbol=" %"))
    ax.set_ylabel("on target")
    ax.grid(axis="y", color="#E4E4E4", linewidth=0.8)


def _name_steps(ax: Axes, targets: list[tuple[pd.Timestamp, float]]) -> None:
    """The target in figures where it begins; one that would touch another is left out."""
    begun = [one for one, before in zip(targets, [None, *targets], strict=False) if not before or one[1] != before[1]]
    x = day_numbers(pd.DatetimeIndex([start for start, _ in begun]))
    low, high = ax.get_ylim()
    wide, tall = STEP_IN * days_per_in(ax), LINE_HIGH_IN * (high - low) / height_in(ax)
    inside = x - wide > ax.get_xlim()[0]  # else the figures stand on the right of where the step begins
    places = [(float(at if left else at + wide), spm) for at, left, (_, spm) in zip(x, inside, begun, strict=True)]
    for n in apart(places, wide, tall):
        at, spm = places[n]
        ax.annotate(f"{spm:.0f}", (at, spm), (-3, 0), textcoords="offset points", ha="right", va="bottom")


def _spm_axis(ax: Axes, seen: Floats) -> None:
    low, high = float(seen.min()) - MARGIN_SPM, float(seen.max()) + MARGIN_SPM
    spare = max(0.0, LEAST_SPAN_SPM - (high - low)) / 2
    ax.set_ylim(low - spare, high + spare)
    ax.set_ylabel("steps a minute")
    ax.yaxis.set_major_locator(MaxNLocator(nbins=6, integer=True))
    ax.grid(axis="y", color="#E4E4E4", linewidth=0.8)


def targets_of(
    plan: Mapping[str, Any] | None, starts: pd.DatetimeIndex, ahead: int = TARGET_WEEKS
) -> list[tuple[pd.Timestamp, float]]:
    """(first day, steps a minute) of the planned weeks that have a target."""
    weeks = (plan or {}).get("weeks", [])
    found = [(pd.Timestamp(w["start"]), float(w["cadence_target_spm"])) for w in weeks if w.get("cadence_target_spm")]
    first, last = starts[0] - pd.Timedelta(days=DAYS_A_WEEK), starts[-1] + pd.Timedelta(weeks=ahead)
    return [(start, spm) for start, spm in found if first < start <= last]


def cadence_words(
    daily: pd.DataFrame, targets: list[tuple[pd.Timestamp, float]], held: Sequence[CadenceRun] = ()
) -> str:
    """The chart in a sentence."""
    usual = cadence_baseline(daily)
    now = "not known yet" if usual.reason else f"{usual.cadence_spm:.0f} steps a minute"
    plan = f"; the plan goes to {targets[-1][1]:.0f}" if targets else ""
    kept = f"; {len(held)} runs with a target, time on it known" if held else ""
    return f"Cadence by running day until {daily.index[-1].date()}: usual cadence {now}{plan}{kept}."
