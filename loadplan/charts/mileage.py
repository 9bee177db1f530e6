"""Weekly distance, with the suggested upper limit of each week, recovery weeks and what went beyond."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from loadplan.charts.style import (
    BAR_DAYS,
    BLACK,
    BLUE,
    CLEAR,
    HEADROOM,
    LETTER_IN,
    LINE_HIGH_IN,
    MID_WEEK_DAYS,
    RED,
    SKY,
    Sheet,
    amount_axis,
    apart,
    axis_top,
    day_numbers,
    days_per_in,
    height_in,
    house_style,
    mark_unknown,
    message_figure,
    patch,
    week_axis,
    week_bars,
)  # fmt: skip
from loadplan.charts.table import SHOWN_WEEKS, distances, flags, recent
from loadplan.measures import Bools, Floats, numbers
from loadplan.units import Units
from plans.evidence import TOLERANCE, limit

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

TITLE = "Weekly distance"
UPRIGHT_IN = 1.2
"""On axes as high as this there is room for upright labels."""


def chart_mileage(weeks: pd.DataFrame, *, units: Units = "km", shown: int = SHOWN_WEEKS) -> Figure:
    """Bars of the weekly distance; dashes mark the suggested limit, a hatch what went beyond it.

    Args:
        weeks: As ``weekly_load`` gives it.
        units: km or mi.
        shown: How many of the last weeks; 0 = all.
    """
    weeks = recent(weeks, shown)
    if weeks.empty:
        return message_figure(TITLE, "No run is recorded yet.")
    if not numbers(weeks, "runs").any():
        return message_figure(TITLE, "No run is recorded in these weeks.")
    with house_style():
        sheet = Sheet(
            TITLE,
            [f"Dashes: suggested upper limit, {limit('build_change_pct'):.0f} % above the recent ordinary weeks."],
        )
        draw_mileage(sheet.axes[0], weeks, units)
        sheet.key(
            [
                (patch(BLUE), "week"), (patch(SKY, "///"), "recovery week"), (patch(RED, "xxx"), "above the limit"),
                (patch("white", edge=BLUE), "week not over"),
            ]
        )  # fmt: skip
        return sheet.describe(mileage_words(weeks, units))


def draw_mileage(ax: Axes, weeks: pd.DataFrame, units: Units) -> None:
    """The bars on one pair of axes."""
    x = day_numbers(pd.DatetimeIndex(weeks.index))
    km, bound = distances(weeks, "distance_km", units), _bounds(weeks, units)
    recovery, complete = flags(weeks, "recovery"), flags(weeks, "complete")
    inside = np.fmin(km, bound)
    beyond = complete & _beyond(weeks)
    full = np.where(beyond, inside, km)
    week_bars(ax, x, np.where(complete & ~recovery, full, np.nan), BLUE)
    week_bars(ax, x, np.where(complete & recovery, full, np.nan), SKY, "///")
    week_bars(ax, x, np.where(complete, np.nan, km), "white", edgecolor=BLUE, linewidth=1.2, linestyle="--")
    week_bars(ax, x, np.where(beyond, km - inside, np.nan), RED, "xxx", bottom=inside)
    ax.hlines(bound, x + MID_WEEK_DAYS - BAR_DAYS / 2, x + MID_WEEK_DAYS + BAR_DAYS / 2, color=BLACK, linewidth=1.4)
    week_axis(ax, weeks.index[0], weeks.index[-1])
    mark_unknown(ax, x, np.isnan(km))
    room = _name_jumps(ax, x + MID_WEEK_DAYS, np.fmax(km, bound), beyond, numbers(weeks, "distance_build_pct"))
    top = float(np.nanmax(np.concatenate([km, bound, [0.0]])))
    amount_axis(ax, f"{units} a week", max(top, room / HEADROOM))


def _name_jumps(ax: Axes, x: Floats, ends: Floats, beyond: Bools, change: Floats) -> float:
    """Percentages above the bars, the largest first: upright, or level on low axes. How high the axis must go."""
    if not beyond.any():
        return 0.0
    upright = height_in(ax) >= UPRIGHT_IN
    words = {n: f"+{change[n]:.0f} %" for n in np.flatnonzero(beyond)}
    wide = LINE_HIGH_IN if upright else LETTER_IN * (max(map(len, words.values())) + 1)
    low, high = ax.get_xlim()
    half = wide * days_per_in(ax) / 2
    at = np.clip(x, low + half, high - half)
    order = sorted(words, key=lambda n: (-change[n], n))
    shown = [order[k] for k in apart([(at[n], 0.0) for n in order], 2 * half, 1.0)]
    # Above whatever reaches highest under the label, its neighbours' bars and limits among it.
    above = np.array([np.nanmax(ends[np.abs(x - at[n]) < half + BAR_DAYS / 2]) for n in shown])
    for n, height in zip(shown, above, strict=True):
        ax.annotate(
            words[n], (at[n], height), (0, 4), textcoords="offset points", ha="center", va="bottom",
            rotation=90 if upright else 0, bbox=CLEAR,
        )  # fmt: skip
    label_in = np.array([LETTER_IN * (len(words[n]) + 1) if upright else LINE_HIGH_IN for n in shown])
    return axis_top(ax, above, label_in)


def _bounds(weeks: pd.DataFrame, units: Units) -> Floats:
    """The distance up to which a week is not spoken of; NaN where there is nothing to compare it with.

    None for empty and easier weeks, lest the dash above them be read as an invitation.
    """
    small = flags(weeks, "recovery") | flags(weeks, "new_level") | (numbers(weeks, "distance_km") == 0)
    bound = distances(weeks, "distance_reference", units) * (1 + limit("build_change_pct") / 100)
    return np.where(small, np.nan, bound)


def _beyond(weeks: pd.DataFrame) -> Bools:
    """Weeks that the rule of weekly change speaks of: more than 10 % and more than 1 km up."""
    change, risen = numbers(weeks, "distance_build_pct"), numbers(weeks, "distance_rise")
    percent = change > limit("build_change_pct") + TOLERANCE
    return np.asarray(percent & (risen > limit("change_ignore_km") + TOLERANCE), dtype=np.bool_)


def mileage_words(weeks: pd.DataFrame, units: Units) -> str:
    """The chart in a sentence."""
    km = distances(weeks, "distance_km", units)
    span = f"{weeks.index[0].date()} to {weeks.index[-1].date()}"
    if np.isnan(km).all():
        return f"Weekly distance of {len(weeks)} weeks, {span}: not known in any of them."
    over = int((_beyond(weeks) & flags(weeks, "complete")).sum())
    return (
        f"Weekly distance of {len(weeks)} weeks, {span}: {np.nanmin(km):.0f} to {np.nanmax(km):.0f} {units} a week; "
        f"{over} above the suggested limit."
    )
