"""The ratio of recent to usual load, with its bands, and where it is unknown or says little."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd

from loadplan.acwr import acwr_by_day
from loadplan.charts.style import (
    BLACK,
    BLUE,
    CLEAR,
    GREY,
    LETTER_IN,
    LINE_HIGH_IN,
    ORANGE,
    RED,
    SKY,
    Sheet,
    amount_axis,
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
from loadplan.charts.table import DAYS_A_WEEK, SHOWN_WEEKS, from_week, week_starts
from loadplan.measures import Bools, Floats, Texts, texts
from plans.evidence import limit

if TYPE_CHECKING:
    from matplotlib.artist import Artist
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

TITLE = "This week against the weeks before (ACWR)"
METHOD_WORDS: Final = {
    "uncoupled": "{measure} of 7 days against the average week of the 28 days before them",
    "coupled": "{measure} of 7 days against the average week of the last 28 days, these 7 included",
    "ewma": "{measure}: exponential means of 7 and 28 days",
}
MARKERS: Final = {"lower": ("v", SKY), "usual": ("o", BLUE), "raised": ("^", ORANGE), "high": ("s", RED)}
BEYOND_IN: Final = 0.62
"""Width of a value above the axis, with its arrow."""
LEAST_TOP: Final = 2.0
MOST_TOP: Final = 3.0
"""What lies above is told in figures, or the bands could not be seen."""
POINTS_PER_IN: Final = 72
UNKNOWN: Final = "#EFEFEF"
NO_BAND: Final = "#DDDDDD"
WITHOUT_BAND: Final = {"post_layoff": "after a break", "low_chronic": "little before", "ladder": "run/walk weeks"}
"""Why a value has no band, in two or three words."""


def chart_acwr(
    daily: pd.DataFrame,
    method: str = "uncoupled",
    *,
    measure: str = "distance",
    week_start: str = "mon",
    shown: int = SHOWN_WEEKS,
) -> Figure:
    """The ratio day by day as a thin line, and of each complete week as a marker by its band.

    Args:
        daily: As ``daily_load`` gives it.
        method: uncoupled, coupled or ewma; the chart says which.
        measure: distance, duration, steps, ascent, descent or srpe.
        week_start: mon or sun.
        shown: How many of the last weeks; 0 = all.
    """
    if daily.empty:
        return message_figure(TITLE, "No run is recorded yet.")
    ratio = acwr_by_day(daily, method, measure=measure)
    starts = week_starts(pd.DatetimeIndex(daily.index), week_start, shown)
    with house_style():
        words = METHOD_WORDS[method].format(measure=measure.capitalize())
        sheet = Sheet(TITLE, [f"{words} ({method}).", "A monitoring signal, not a forecast."], key=2)
        draw_acwr(sheet.axes[0], ratio, starts)
        sheet.key(_key(), columns=4)
        return sheet.describe(acwr_words(ratio, starts, method))


def _key() -> list[tuple[Artist, str]]:
    names = {"lower": "lower than usual", "usual": "usual range", "raised": "raised", "high": "high"}
    weeks: list[tuple[Artist, str]] = [
        (line(colour, "", marker), names[band]) for band, (marker, colour) in MARKERS.items()
    ]
    grey = line(GREY, "", "o", hollow=True)
    ground: Artist = patch(NO_BAND)
    return [
        *weeks,
        (grey, "without a band"),
        (ground, "stretch without a band"),
        (patch(UNKNOWN, "..", edge=GREY), "not known"),
    ]


def draw_acwr(ax: Axes, ratio: pd.DataFrame, starts: pd.DatetimeIndex) -> None:
    """Line, markers and bands on one pair of axes."""
    days = from_week(ratio, starts[0])
    x, value = day_numbers(pd.DatetimeIndex(days.index)) + 1, days["acwr"].to_numpy(float)
    top = min(MOST_TOP, max(LEAST_TOP, float(np.nanmax(np.append(value, 0.0)))))
    week_axis(ax, starts[0], starts[-1])
    amount_axis(ax, "ratio", top)
    _bands(ax)
    _stretch(ax, x, np.isnan(value), facecolor=UNKNOWN, edgecolor=GREY, hatch="..")
    _grey(ax, x, texts(days, "reason"), ~np.isnan(value))
    ax.plot(x, value, color=GREY, linewidth=1)
    weekly = np.isin(days.index, starts + pd.Timedelta(days=DAYS_A_WEEK - 1)) & ~np.isnan(value)
    _week_markers(ax, x[weekly], np.fmin(value, top)[weekly], texts(days, "band")[weekly])
    _beyond(ax, x[weekly & (value > top)], value[weekly & (value > top)], top)


def _bands(ax: Axes) -> None:
    """The limits as lines, named at their right end, one above the other where the axis is low."""
    keys = ("acwr_lower", "acwr_raised", "acwr_high")
    high = height_in(ax) / (ax.get_ylim()[1] - ax.get_ylim()[0])
    wanted = [limit(key) * high for key in keys]
    raised = max(wanted[1], wanted[0] + LINE_HIGH_IN)
    placed = (wanted[0], raised, max(wanted[2], raised + LINE_HIGH_IN))
    for key, style, at, line_at in zip(keys, (":", "--", "-"), placed, wanted, strict=True):
        ax.axhline(limit(key), color=BLACK, linewidth=0.9, linestyle=style)
        ax.annotate(
            f"{limit(key):g}", (1, limit(key)), (3, POINTS_PER_IN * (at - line_at)),
            xycoords=("axes fraction", "data"), textcoords="offset points", va="center",
        )  # fmt: skip


def _stretch(ax: Axes, x: Floats, there: Bools, **looks: Any) -> list[tuple[float, float]]:
    """Lay a ground under the days that are meant; the stretches they make."""
    edges = np.flatnonzero(np.diff(np.concatenate([[0], there.astype(int), [0]])))
    spans = [(float(x[a] - 1), float(x[b - 1])) for a, b in zip(edges[::2], edges[1::2], strict=True)]
    for first, last in spans:
        ax.axvspan(first, last, linewidth=0, zorder=0.4, **looks)
    return spans


def _grey(ax: Axes, x: Floats, reason: Texts, known: Bools) -> None:
    """Stretches with a value and without a band, named where there is room for the word."""
    for name, words in WITHOUT_BAND.items():
        for first, last in _stretch(ax, x, (reason == name) & known, facecolor=NO_BAND):
            if (last - first) / days_per_in(ax) > LETTER_IN * len(words):
                middle = ((first + last) / 2, 0)
                ax.annotate(words, middle, (0, 3), textcoords="offset points", ha="center", va="bottom", color=GREY)


def _week_markers(ax: Axes, x: Floats, value: Floats, bands: Texts) -> None:
    """A marker on the last day of each complete week: by band, hollow where the value has none."""
    for band, (marker, colour) in MARKERS.items():
        at = bands == band
        ax.plot(x[at], value[at], marker, color=colour, markersize=7, markeredgecolor="white", markeredgewidth=0.6)
    at = bands == None  # noqa: E711
    ax.plot(x[at], value[at], "o", color=GREY, markerfacecolor="white", markersize=6)


def _beyond(ax: Axes, x: Floats, value: Floats, top: float) -> None:
    """Values above the axis are written at its end, the largest first: after a break they can be anything."""
    order = np.argsort(-value, kind="stable")
    for n in order[apart([(x[k], 0.0) for k in order], BEYOND_IN * days_per_in(ax), 1.0)]:
        words, left = f"\u2191 {value[n]:.1f}", x[n] + BEYOND_IN * days_per_in(ax) > ax.get_xlim()[1]
        ax.annotate(
            words, (x[n], top), (-6 if left else 6, 0), textcoords="offset points", va="center",
            ha="right" if left else "left", bbox=CLEAR,
        )  # fmt: skip


def acwr_words(ratio: pd.DataFrame, starts: pd.DatetimeIndex, method: str) -> str:
    """The chart in a sentence."""
    ends = ratio.reindex(starts + pd.Timedelta(days=DAYS_A_WEEK - 1)).dropna(subset=["acwr"])
    if ends.empty:
        return f"ACWR ({method}): not known in any of the {len(starts)} weeks shown."
    high = int((texts(ends, "band") == "high").sum())
    return (
        f"ACWR ({method}) of {len(ends)} weeks, {starts[0].date()} to {starts[-1].date()}: "
        f"{ends['acwr'].min():.2f} to {ends['acwr'].max():.2f}; {high} of them high."
    )
