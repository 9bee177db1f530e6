"""Climb and descent a week, and the km run on real slopes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from matplotlib.ticker import FuncFormatter, MaxNLocator

from loadplan.charts.style import (
    BLACK,
    BLUE,
    ORANGE,
    Sheet,
    day_numbers,
    house_style,
    mark_unknown,
    message_figure,
    patch,
    week_axis,
    week_bars,
)  # fmt: skip
from loadplan.charts.table import SHOWN_WEEKS, distances, recent
from loadplan.measures import Floats, numbers
from loadplan.units import Units

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

TITLE = "Hills: a load of its own"


def chart_hills(weeks: pd.DataFrame, *, units: Units = "km", shown: int = SHOWN_WEEKS) -> Figure:
    """Two panels: metres of ascent and descent a week, and distance on slopes of 3 % and more; up above, down below.

    Args:
        weeks: As ``weekly_load`` gives it.
        units: km or mi, for the lower panel; climb stays in metres.
        shown: How many of the last weeks; 0 = all.
    """
    weeks = recent(weeks, shown)
    if weeks.empty:
        return message_figure(TITLE, "No run is recorded yet.")
    if not numbers(weeks, "runs").any():
        return message_figure(TITLE, "No run is recorded in these weeks.")
    up, down = numbers(weeks, "ascent_m"), numbers(weeks, "descent_m")
    if np.isnan(up).all() and np.isnan(down).all():
        return message_figure(TITLE, "No climb is recorded in these weeks.")
    with house_style():
        lines = ["Upward bars: uphill. Downward bars: downhill, which loads the knee more."]
        if np.isnan(np.concatenate([up, down])).any():
            lines.append("?: not recorded, or not by enough runs of the week.")
        sheet = Sheet(TITLE, lines, heights=(1, 1))
        draw_hills(sheet.axes[0], weeks, up, down, "m of climb a week")
        slopes = distances(weeks, "hill_up_km", units), distances(weeks, "hill_down_km", units)
        draw_hills(sheet.axes[1], weeks, *slopes, f"{units} on slopes of\n3 % and more")
        sheet.key([(patch(BLUE), "uphill"), (patch(ORANGE, "\\\\\\"), "downhill")])
        return sheet.describe(hill_words(weeks, up, down))


def draw_hills(ax: Axes, weeks: pd.DataFrame, up: Floats, down: Floats, label: str) -> None:
    """Mirrored bars on one pair of axes."""
    x = day_numbers(pd.DatetimeIndex(weeks.index))
    week_bars(ax, x, up, BLUE)
    week_bars(ax, x, -down, ORANGE, "\\\\\\")
    ax.axhline(0, color=BLACK, linewidth=0.8)
    mark_unknown(ax, x, np.isnan(up))
    mark_unknown(ax, x, np.isnan(down), below=True)
    most = float(np.nanmax(np.concatenate([up, down, [0.0]]))) or 1.0
    ax.set_ylim(-1.12 * most, 1.12 * most)
    ax.set_ylabel(label)
    ax.yaxis.set_major_locator(MaxNLocator(nbins=6, steps=[1, 2, 2.5, 5, 10]))
    ax.yaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{abs(value):g}"))  # both directions are amounts
    ax.grid(axis="y", color="#E4E4E4", linewidth=0.8)
    week_axis(ax, weeks.index[0], weeks.index[-1])


def hill_words(weeks: pd.DataFrame, up: Floats, down: Floats) -> str:
    """The chart in a sentence."""
    return (
        f"Ascent and descent of {len(weeks)} weeks, {weeks.index[0].date()} to {weeks.index[-1].date()}: at most "
        f"{np.nanmax(np.append(up, 0.0)):.0f} m up and {np.nanmax(np.append(down, 0.0)):.0f} m down a week."
    )
