"""Each session against the longest of the 30 days before it: the strongest signal in runners (Frandsen 2025)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from loadplan.charts.style import (
    BLACK,
    BLUE,
    CLEAR,
    GREY,
    HEADROOM,
    LINE_HIGH_IN,
    ORANGE,
    PURPLE,
    RED,
    Sheet,
    amount_axis,
    apart,
    axis_top,
    day_numbers,
    days_per_in,
    height_in,
    house_style,
    line,
    message_figure,
    week_axis,
)  # fmt: skip
from loadplan.charts.table import SHOWN_WEEKS, distances, from_week, week_starts
from loadplan.measures import Bools, Floats, numbers, texts
from loadplan.sessions import spike_by_day
from loadplan.units import Units
from plans.evidence import limit

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

TITLE = "Longest run of each day against the 30 days before"
MARKERS: Final = {"none": ("o", BLUE), "small": ("^", ORANGE), "moderate": ("s", RED), "large": ("D", PURPLE)}
LABEL_IN: Final = 0.66
"""Width of "+100 %" with what lies around it."""


def chart_sessions(
    daily: pd.DataFrame, *, units: Units = "km", week_start: str = "mon", shown: int = SHOWN_WEEKS
) -> Figure:
    """A marker a running day by the size of its spike; the step line is the suggested upper limit of that day.

    Args:
        daily: As ``daily_load`` gives it.
        units: km or mi.
        week_start: mon or sun.
        shown: How many of the last weeks; 0 = all.
    """
    if daily.empty:
        return message_figure(TITLE, "No run is recorded yet.")
    starts = week_starts(pd.DatetimeIndex(daily.index), week_start, shown)
    spikes = from_week(spike_by_day(daily), starts[0])
    if spikes["session_km"].isna().all():
        return message_figure(TITLE, "No run of 1 km or more is recorded in these weeks.")
    small, moderate, large = (limit(f"spike_{band}_pct") for band in ("small", "moderate", "large"))
    with house_style():
        lines = [f"Line: suggested upper limit of a run, {small:.0f} % beyond the longest of the previous 30 days."]
        sheet = Sheet(TITLE, lines)
        draw_sessions(sheet.axes[0], spikes, starts, units)
        names = ["within", f"over {small:.0f} %", f"over {moderate:.0f} %", f"over {large:.0f} %"]
        keys = [(line(c, "", m), name) for (m, c), name in zip(MARKERS.values(), names, strict=True)]
        sheet.key([*keys, (line(GREY, "", "o", hollow=True), "nothing to compare")], columns=5)
        return sheet.describe(session_words(spikes, starts))


def draw_sessions(ax: Axes, spikes: pd.DataFrame, starts: pd.DatetimeIndex, units: Units) -> None:
    """Markers and limit on one pair of axes."""
    week_axis(ax, starts[0], starts[-1])
    x = day_numbers(pd.DatetimeIndex(spikes.index)) + 0.5
    km, bands = distances(spikes, "session_km", units), texts(spikes, "band")
    bound = distances(spikes, "reference_km", units) * (1 + limit("spike_small_pct") / 100)
    ax.step(x, bound, where="mid", color=BLACK, linewidth=1.2)
    ax.vlines(x, 0, km, color="#C9C9C9", linewidth=1)
    blank = (bands == None) & ~np.isnan(km)  # noqa: E711
    ax.plot(x[blank], km[blank], "o", color=GREY, markerfacecolor="white", markersize=5.5)
    for band, (marker, colour) in MARKERS.items():
        at = bands == band
        ax.plot(x[at], km[at], marker, color=colour, markersize=7, markeredgecolor="white", markeredgewidth=0.6)
    beyond = np.isin(bands, ("small", "moderate", "large"))
    top = float(np.nanmax(np.concatenate([km, bound, [0.0]])))
    amount_axis(ax, units, max(top, axis_top(ax, km[beyond], LINE_HIGH_IN) / HEADROOM))
    _labels(ax, x[beyond], km[beyond], numbers(spikes, "spike_pct")[beyond])


def _labels(ax: Axes, x: Floats, km: Floats, pct: Floats) -> None:
    """Percentages at the spikes, the largest first; one that would touch another is left out."""
    low, room = ax.get_xlim()[0], LABEL_IN * days_per_in(ax)
    tall = LINE_HIGH_IN * ax.get_ylim()[1] / height_in(ax)
    order = np.argsort(-pct, kind="stable")
    left = x - low < room  # no room on the left side of the marker
    begins = np.where(left, x, x - room)
    for n in order[apart([(begins[k], km[k]) for k in order], room, tall)]:
        side, shift = ("left", 7) if left[n] else ("right", -7)
        words = f"+{pct[n]:.0f} %"
        ax.annotate(words, (x[n], km[n]), (shift, 2), textcoords="offset points", ha=side, va="bottom", bbox=CLEAR)


def session_words(spikes: pd.DataFrame, starts: pd.DatetimeIndex) -> str:
    """The chart in a sentence."""
    over: Bools = np.isin(texts(spikes, "band"), ("small", "moderate", "large"))
    days = int(spikes["session_km"].notna().sum())
    most = np.nanmax(np.append(numbers(spikes, "spike_pct"), -100.0))
    return (
        f"Longest run of {days} running days since {starts[0].date()} against the longest of the 30 days before: "
        f"{int(over.sum())} went more than {limit('spike_small_pct'):.0f} % beyond, at most {max(most, 0):.0f} %."
    )
