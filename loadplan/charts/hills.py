"""Climb and descent a week, and the km run on real slopes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd
from matplotlib.ticker import FuncFormatter, MaxNLocator

from loadplan.charts.style import (
    BLACK,
    BLUE,
    ORANGE,
    RED,
    SKY,
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
from loadplan.grades import grade_km
from loadplan.measures import Floats, numbers
from loadplan.units import Units, in_units

if TYPE_CHECKING:
    from matplotlib.artist import Artist
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

TITLE = "Hills: a load of its own"


STEEP_PCT: Final = 6
"""%; from here on a slope is drawn as steep. A choice of the drawing, no limit."""
HILL_PCT: Final = 3
"""%; less is no slope, as in ``hill_up_km``."""
KM_PARTS: Final = (
    ("up", HILL_PCT, STEEP_PCT), ("up", STEEP_PCT, None), ("down", HILL_PCT, STEEP_PCT), ("down", STEEP_PCT, None),
)  # fmt: skip


def chart_hills(
    weeks: pd.DataFrame, log: pd.DataFrame | None = None, *, units: Units = "km", shown: int = SHOWN_WEEKS
) -> Figure:
    """Two panels: metres of ascent and descent a week, and distance on slopes of 3 % and more; up above, down below.

    Args:
        weeks: As ``weekly_load`` gives it.
        log: The run log with its ``spread``; with it the lower panel tells gentle slopes from steep ones.
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
        parts = None if log is None else km_by_grade(log, pd.DatetimeIndex(weeks.index), units)
        if parts is not None:
            lines.append("Below: grades are rounded to whole per cent.")
        sheet = Sheet(TITLE, lines, heights=(1, 1))
        draw_hills(sheet.axes[0], weeks, up, down, "m of climb a week")
        keys: list[tuple[Artist, str]] = [(patch(BLUE), "uphill"), (patch(ORANGE, "\\\\\\"), "downhill")]
        label = f"{units} on slopes of\n{HILL_PCT} % and more"
        if parts is None:
            slopes = distances(weeks, "hill_up_km", units), distances(weeks, "hill_down_km", units)
            draw_hills(sheet.axes[1], weeks, *slopes, label)
        else:
            _draw_grades(sheet.axes[1], weeks, parts, label)
            keys += [(patch(SKY, "///"), f"{STEEP_PCT} % and more, up"), (patch(RED, "xxx"), "and down")]
        sheet.key(keys)
        return sheet.describe(hill_words(weeks, up, down))


def km_by_grade(log: pd.DataFrame, starts: pd.DatetimeIndex, units: Units) -> Floats | None:
    """Distance on slopes, a row for each of ``KM_PARTS`` and a column a week; None where no week's is known."""
    if "spread" not in log.columns:
        return None
    found = np.full((len(KM_PARTS), len(starts)), np.nan)
    for n, start in enumerate(starts):
        rows = log[(log["day"] >= start) & (log["day"] < start + pd.Timedelta(days=7))]
        km = grade_km(rows[["sport", "distance_m", "spread"]].to_dict("records")).km  # type: ignore[arg-type]
        if km is not None:
            found[:, n] = [in_units(_between(km, *part), units) for part in KM_PARTS]
    return None if np.isnan(found).all() else found


def _between(km: Mapping[str, float], way: str, low: int, high: int | None) -> float:
    sign = 1 if way == "up" else -1
    return sum(
        one for grade, one in km.items() if low <= sign * int(grade) and (high is None or sign * int(grade) < high)
    )


def _draw_grades(ax: Axes, weeks: pd.DataFrame, parts: Floats, label: str) -> None:
    """Gentle slopes next to the middle line, steep ones beyond them."""
    up, steep_up, down, steep_down = parts
    x = day_numbers(pd.DatetimeIndex(weeks.index))
    draw_hills(ax, weeks, up + steep_up, down + steep_down, label)
    week_bars(ax, x, steep_up, SKY, "///", bottom=up)
    week_bars(ax, x, -steep_down, RED, "xxx", bottom=-down)


def draw_hills(ax: Axes, weeks: pd.DataFrame, up: Floats, down: Floats, label: str) -> None:
    """Mirrored bars on one pair of axes."""
    x = day_numbers(pd.DatetimeIndex(weeks.index))
    week_axis(ax, weeks.index[0], weeks.index[-1])
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


def hill_words(weeks: pd.DataFrame, up: Floats, down: Floats) -> str:
    """The chart in a sentence."""
    return (
        f"Ascent and descent of {len(weeks)} weeks, {weeks.index[0].date()} to {weeks.index[-1].date()}: at most "
        f"{np.nanmax(np.append(up, 0.0)):.0f} m up and {np.nanmax(np.append(down, 0.0)):.0f} m down a week."
    )
