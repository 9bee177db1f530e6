"""The plan week by week: phases, what set the size of each week, what was run before and since, and the target."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd

from loadplan.charts.style import (
    BLACK,
    CLEAR,
    DAYS_A_WEEK,
    GREEN,
    HEADROOM,
    LETTER_IN,
    MID_WEEK_DAYS,
    PURPLE,
    SKY,
    YELLOW,
    Sheet,
    amount_axis,
    apart,
    axis_top,
    day_numbers,
    days_per_in,
    house_style,
    line,
    message_figure,
    patch,
    week_axis,
    week_bars,
)  # fmt: skip
from loadplan.charts.table import distances
from loadplan.units import Units, in_units

if TYPE_CHECKING:
    from matplotlib.artist import Artist
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

TITLE = "The way back"
HISTORY_WEEKS: Final = 8
LOOKS: Final[dict[str, tuple[str, str | None, str]]] = {
    "relative_rest": (PURPLE, "\\\\\\", "relative rest"),
    "ladder": (YELLOW, "...", "run/walk ladder"),
    "rebuild": (GREEN, None, "rebuild"),
    "recovery": (SKY, "///", "recovery week"),
    "hold": ("#8C8C8C", "---", "hold"),
}
RUN: Final = "#C4C4C4"
BOUND_WORDS: Final = {
    "relative_rest": "relative rest", "layoff_factor": "after the break", "ladder": "ladder",
    "build_10pct": "a tenth more", "build_floor": "small step", "build_change": "recent weeks",
    "acwr": "4-week average", "session_cap": "longest run", "itb_onset": "onset of pain", "tendon_48h": "48 h apart",
    "recovery_week": "easier week", "goal": "goal", "target": "target", "baseline": "baseline",
    "pain_light": "pain light",
}  # fmt: skip
"""What set the size of a week, in a word or two."""
ALL_LABELS_WEEKS: Final = 30
"""With more weeks on the axis only changes are named."""
UPRIGHT_WIDE_IN: Final = 0.19
"""Width of an upright word."""


def chart_plan(plan: Mapping[str, Any] | None, weeks: pd.DataFrame | None = None, *, units: Units = "km") -> Figure:
    """Planned distance a week by phase, after the last weeks really run.

    Args:
        plan: A plan's JSON (``Plan.as_json`` or ``plan show --format json``).
        weeks: As ``weekly_load`` gives it; weeks inside the plan are drawn as what was run.
        units: km or mi.
    """
    if not plan or not plan.get("weeks"):
        return message_figure(TITLE, "There is no plan yet.\nMake one: loadplan plan new --profile general --start DAY")
    planned = planned_weeks(plan, units)
    history = run_weeks(weeks, planned.index[0], units)
    with house_style():
        sheet = Sheet(TITLE, ["Distance a week. The words above the bars say what set the size of the week."], key=2)
        draw_plan(sheet.axes[0], planned, history, units, target_of(plan, units))
        sheet.key(plan_key(plan, planned, history, units), columns=4)
        return sheet.describe(plan_words(plan, planned, units))


def planned_weeks(plan: Mapping[str, Any], units: Units) -> pd.DataFrame:
    """The planned weeks by the first day of their calendar week."""
    weeks = plan["weeks"]
    first = int((plan.get("request") or {}).get("week_start") or 0)
    starts = [date.fromisoformat(w["start"]) for w in weeks]
    starts = [day - timedelta(days=(day.weekday() - first) % DAYS_A_WEEK) for day in starts]
    return pd.DataFrame(
        {
            "number": [w["number"] for w in weeks],
            "km": [in_units(w["distance_km"], units) for w in weeks],
            "phase": [w["phase"] for w in weeks],
            "bound": [w["bound_by"] for w in weeks],
        },
        index=pd.DatetimeIndex(starts, name="week"),
    )


def run_weeks(weeks: pd.DataFrame | None, first: pd.Timestamp, units: Units) -> pd.Series[float]:
    """Distance really run, from some weeks before the plan on."""
    if weeks is None or weeks.empty:
        return pd.Series(dtype=float, index=pd.DatetimeIndex([]))
    km = pd.Series(distances(weeks, "distance_km", units), index=pd.DatetimeIndex(weeks.index))
    return km[km.index >= first - pd.Timedelta(weeks=HISTORY_WEEKS)]


def draw_plan(
    ax: Axes,
    planned: pd.DataFrame,
    history: pd.Series[float],
    units: Units,
    target: float | None,
    *,
    words: bool = True,
) -> None:
    """Bars, words (or none, where there is no room) and target on one pair of axes."""
    x, km = day_numbers(pd.DatetimeIndex(planned.index)), planned["km"].to_numpy(float)
    before = history[history.index < planned.index[0]]
    week_bars(ax, day_numbers(pd.DatetimeIndex(before.index)), before.to_numpy(float), RUN)
    for phase, (colour, hatch, _) in LOOKS.items():
        week_bars(ax, x, np.where(planned["phase"] == phase, km, np.nan), colour, hatch, edgecolor=BLACK, linewidth=0.6)
    since = history[(history.index >= planned.index[0]) & (history > 0)]
    ax.plot(
        day_numbers(pd.DatetimeIndex(since.index)) + MID_WEEK_DAYS,
        since,
        "D",
        color=BLACK,
        markerfacecolor="white",
        markersize=6,
    )
    if target is not None:
        ax.hlines(target, x[0], x[-1] + DAYS_A_WEEK, color=BLACK, linestyle="--", linewidth=1.2)
    week_axis(ax, before.index[0] if len(before) else planned.index[0], planned.index[-1])
    room = _name_bounds(ax, planned, len(before) + len(planned)) if words else 0.0
    top = max(km.max(initial=0), target or 0, history.max() if len(history) else 0)
    amount_axis(ax, f"{units} a week", max(top, room / HEADROOM))


def _name_bounds(ax: Axes, planned: pd.DataFrame, weeks_shown: int) -> float:
    """What set each week, upright above its bar; in a long plan only where it changes and there is room.

    Returns how high the axis must go for the words to stay inside.
    """
    bounds, km = list(planned["bound"]), planned["km"].to_numpy(float)
    x = day_numbers(pd.DatetimeIndex(planned.index)) + MID_WEEK_DAYS
    changed = [n for n, bound in enumerate(bounds) if n == 0 or bound != bounds[n - 1]]
    asked = list(range(len(bounds))) if weeks_shown <= ALL_LABELS_WEEKS else changed
    shown = [asked[k] for k in apart([(x[n], 0.0) for n in asked], UPRIGHT_WIDE_IN * days_per_in(ax), 1.0)]
    words = [BOUND_WORDS.get(bounds[n], bounds[n]) for n in shown]
    for n, word in zip(shown, words, strict=True):
        ax.annotate(
            word, (x[n], km[n]), (0, 4), textcoords="offset points", rotation=90, ha="center", va="bottom", bbox=CLEAR
        )
    return axis_top(ax, km[shown], np.array([LETTER_IN * (len(word) + 2) for word in words]))


def target_of(plan: Mapping[str, Any], units: Units) -> float | None:
    """What the plan leads to, a week."""
    km = plan.get("target_km")
    return None if km is None else in_units(float(km), units)


def plan_key(
    plan: Mapping[str, Any], planned: pd.DataFrame, history: pd.Series[float], units: Units
) -> list[tuple[Artist, str]]:
    """Only the phases that occur, what was run, and the target."""
    phases = set(planned["phase"])
    keys: list[tuple[Artist, str]] = [(patch(RUN), "run before")] if len(history) else []
    keys += [(patch(c, h, edge=BLACK), name) for phase, (c, h, name) in LOOKS.items() if phase in phases]
    if (history[history.index >= planned.index[0]] > 0).any():
        keys.append((line(BLACK, "", "D", hollow=True), "run since"))
    target = target_of(plan, units)
    return keys if target is None else [*keys, (line(BLACK, "--"), f"target {target:.1f} {units}")]


def plan_words(plan: Mapping[str, Any], planned: pd.DataFrame, units: Units) -> str:
    """The chart in a sentence."""
    full = plan.get("full_load_week")
    end = "the ladder ends without a target in km" if full is None else f"full load in week {full}"
    return (
        f"Plan ({plan.get('profile')}) of {len(planned)} weeks from {planned.index[0].date()}: "
        f"{planned['km'].iloc[0]:.0f} to {planned['km'].max():.0f} {units} a week; {end}."
    )
