"""Four weeks-wide panels below each other, so that one sees what changed together before it hurt."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pandas as pd

from loadplan.acwr import acwr_by_day
from loadplan.charts.acwr import draw_acwr
from loadplan.charts.hills import draw_hills
from loadplan.charts.mileage import draw_mileage
from loadplan.charts.sessions import draw_sessions
from loadplan.charts.style import (
    BLACK,
    BLUE,
    ORANGE,
    POINTS,
    PURPLE,
    RED,
    SKY,
    Sheet,
    house_style,
    line,
    mark_day,
    message_figure,
    patch,
)
from loadplan.charts.table import SHOWN_WEEKS, from_week, recent
from loadplan.measures import numbers
from loadplan.sessions import spike_by_day
from loadplan.units import Units

if TYPE_CHECKING:
    from matplotlib.artist import Artist
    from matplotlib.figure import Figure

TITLE = "Half a year at a glance"


def chart_overview(
    daily: pd.DataFrame,
    weeks: pd.DataFrame,
    *,
    units: Units = "km",
    method: str = "uncoupled",
    shown: int = SHOWN_WEEKS,
    began: date | None = None,
) -> Figure:
    """Weekly distance, longest runs, climb and ACWR on one dated axis.

    Args:
        daily: As ``daily_load`` gives it.
        weeks: As ``weekly_load`` gives it from the same days.
        units: km or mi.
        method: uncoupled, coupled or ewma.
        shown: How many of the last weeks; 0 = all.
        began: First day of the pain, marked in every panel; None: not known.
    """
    weeks = recent(weeks, shown)
    if weeks.empty or daily.empty:
        return message_figure(TITLE, "No run is recorded yet.")
    starts = pd.DatetimeIndex(weeks.index)
    with house_style():
        sheet = Sheet(TITLE, heights=(1, 1, 1, 1), key=3, panel_in=1.85, gap=0.3)
        distance, longest, climb, ratio = sheet.axes
        draw_mileage(distance, weeks, units)
        draw_sessions(longest, from_week(spike_by_day(daily), starts[0]), starts, units)
        up, down = numbers(weeks, "ascent_m"), numbers(weeks, "descent_m")
        draw_hills(climb, weeks, up, down, "m a week")
        draw_acwr(ratio, acwr_by_day(daily, method), starts)
        for ax in sheet.axes:
            if began:
                mark_day(ax, pd.Timestamp(began))
        sheet.key(_key(began is not None), columns=3)
        names = (
            "Weekly distance; dashes: suggested upper limit",
            "Longest run of each day; line: suggested upper limit",
            "Climb upward, descent downward",
            f"ACWR ({method}), a monitoring signal, not a forecast",
        )
        sheet.figure.align_ylabels(sheet.axes)
        for ax, name in zip(sheet.axes, names, strict=True):
            ax.set_title(name, loc="left", fontsize=POINTS, weight="bold")
        return sheet.describe(
            f"Overview of {len(weeks)} weeks, {starts[0].date()} to {starts[-1].date()}: {', '.join(names)}."
        )


def _key(pain: bool) -> list[tuple[Artist, str]]:
    """What the shapes of all four panels mean."""
    keys: list[tuple[Artist, str]] = [
        (patch(SKY, "///"), "recovery week"),
        (patch(RED, "xxx"), "above the limit"),
        (patch("white", edge=BLUE), "week not over"),
        (line(BLUE, "", "o"), "usual; run within limit"),
        (line(ORANGE, "", "^"), "raised; run over 10 %"),
        (line(RED, "", "s"), "high; run over 30 %"),
        (line(PURPLE, "", "D"), "run over 100 %"),
        (line(SKY, "", "v"), "lower than usual"),
    ]
    return [*keys, (line(BLACK, ":"), "pain began")] if pain else keys
