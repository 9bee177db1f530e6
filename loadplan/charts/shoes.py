"""Which pair carried how much of each week, when a pair was first worn, and how much of the running was in new ones."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd
from matplotlib.ticker import PercentFormatter

from importers.run import RUN_SPORT
from loadplan.charts.style import (
    BLACK,
    BLUE,
    CLEAR,
    GREEN,
    GREY,
    LETTER_IN,
    PURPLE,
    RED,
    SKY,
    YELLOW,
    Sheet,
    amount_axis,
    day_numbers,
    days_per_in,
    fonts_for,
    house_style,
    message_figure,
    patch,
    safe_text,
    week_axis,
    week_bars,
)  # fmt: skip
from loadplan.charts.table import SHOWN_WEEKS, distances, from_week, week_starts
from loadplan.measures import Floats, texts
from loadplan.shoes import new_shoe_share
from loadplan.units import METRES_PER_KM, Units
from plans.evidence import limit

if TYPE_CHECKING:
    from matplotlib.artist import Artist
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

TITLE = "Shoes: the change is the exposure"
LOOKS: Final = (
    (BLUE, None, "white"),
    (SKY, "///", "white"),
    (YELLOW, "...", GREY),
    (GREEN, "\\\\\\", "white"),
    (PURPLE, "xxx", "white"),
)
"""Colour, hatch and its colour."""
OTHERS: Final = ("#8C8C8C", "+++", "white")
UNKNOWN: Final = ("#E4E4E4", None, "#B0B0B0")
KEY_COLUMNS: Final = 4
LABEL_ROW: Final = 0.13
"""Share of the axis that one row of labels takes."""
MOST_ROWS: Final = 4


def chart_shoes(
    log: pd.DataFrame, daily: pd.DataFrame, *, units: Units = "km", week_start: str = "mon", shown: int = SHOWN_WEEKS
) -> Figure:
    """Stacked distance per pair and week; below, the share of 7 days in pairs younger than 14 days.

    Args:
        log: The run log (``shoe`` of each run).
        daily: As ``daily_load`` gives it; its last day ends the chart.
        units: km or mi.
        week_start: mon or sun.
        shown: How many of the last weeks; 0 = all.
    """
    if daily.empty:
        return message_figure(TITLE, "No run is recorded yet.")
    starts = week_starts(pd.DatetimeIndex(daily.index), week_start, shown)
    worn = worn_by_week(log, starts, daily.index[-1], units)
    if worn.empty or not (worn.columns != "").any():
        return message_figure(
            TITLE, "No shoe is known for the runs of these weeks.\nTell it with: loadplan shoes default NAME --from DAY"
        )
    with house_style():
        lines = [
            "Above: distance a week by pair, with first runs. Below: share of 7 days in pairs younger",
            "than 14 days; dashes: suggested upper limit, a third.",
        ]
        sheet = Sheet(TITLE, lines, heights=(1.6, 1), key=1 if len(worn.columns) <= KEY_COLUMNS else 2)
        top, share = sheet.axes
        sheet.key(draw_shoes(top, worn, starts, units), columns=KEY_COLUMNS)
        _first_runs(top, log, starts, list(worn.columns))
        _share(share, from_week(new_shoe_share(daily), starts[0]), starts)
        return sheet.describe(shoe_words(worn, starts, units))


def worn_by_week(log: pd.DataFrame, starts: pd.DatetimeIndex, last: pd.Timestamp, units: Units) -> pd.DataFrame:
    """Distance by week (rows) and pair (columns, by first run; few; "" = unknown), in the reader's unit."""
    runs = log[(log["sport"] == RUN_SPORT) & (log["day"] <= last)].sort_values("start")
    order = list(dict.fromkeys(name for name in texts(runs, "shoe") if name))
    mine = runs[runs["day"] >= starts[0]]
    week = starts[np.searchsorted(starts, pd.DatetimeIndex(mine["day"]), side="right") - 1]
    names = np.array([name or "" for name in texts(mine, "shoe")], dtype=object)
    table = pd.DataFrame({"week": week, "shoe": names, "km": distances(mine, "distance_m", units) / METRES_PER_KM})
    wide = table.pivot_table(index="week", columns="shoe", values="km", aggfunc="sum").reindex(starts)
    kept = [name for name in order if name in wide.columns]
    return wide[[*kept, *([""] if "" in wide.columns else [])]].fillna(0.0)


def draw_shoes(ax: Axes, worn: pd.DataFrame, starts: pd.DatetimeIndex, units: Units) -> list[tuple[Artist, str]]:
    """The stacked bars on one pair of axes; returns the entries of the key."""
    x, below = day_numbers(starts), np.zeros(len(starts))
    keys: list[tuple[Artist, str]] = []
    for label, (colour, hatch, edge), km in stacks(worn):
        week_bars(ax, x, np.where(km > 0, km, np.nan), colour, hatch, bottom=below, edgecolor=edge)
        below = below + km
        keys.append((patch(colour, hatch, edge=edge), label))
    amount_axis(ax, f"{units} a week", float(below.max(initial=0.0)))
    week_axis(ax, starts[0], starts[-1])
    return keys


def stacks(worn: pd.DataFrame) -> list[tuple[str, tuple[str, str | None, str], Floats]]:
    """(label, look, distance a week) of the pairs run furthest, of all others, and of unknown shoes."""
    pairs = [name for name in worn.columns if name]
    most = set(sorted(pairs, key=lambda name: -worn[name].to_numpy(float).sum())[: len(LOOKS)])
    looks = iter(LOOKS)
    out: list[tuple[str, tuple[str, str | None, str], Floats]] = [
        (safe_text(n), next(looks), worn[n].to_numpy(float)) for n in pairs if n in most
    ]
    rest = [n for n in pairs if n not in most]
    if rest:
        out.append((f"{len(rest)} other pairs", OTHERS, worn[rest].sum(axis=1).to_numpy(float)))
    if "" in worn.columns:
        out.append(("shoe not known", UNKNOWN, worn[""].to_numpy(float)))
    return out


def first_days(log: pd.DataFrame, starts: pd.DatetimeIndex, shown: list[str]) -> dict[str, pd.Timestamp]:
    """The day of the first run in each pair that is shown and begins in these weeks; none for the first pair of all."""
    runs = log[(log["sport"] == RUN_SPORT) & log["shoe"].notna()].sort_values("start")
    first = runs.drop_duplicates("shoe").iloc[1:]
    marks = zip(first["shoe"], first["day"], strict=True)
    return {name: day for name, day in marks if name in shown and day >= starts[0]}


def day_number(day: pd.Timestamp) -> float:
    """One day on the x axis."""
    return float(day_numbers(pd.DatetimeIndex([day]))[0])


def _first_runs(ax: Axes, log: pd.DataFrame, starts: pd.DatetimeIndex, shown: list[str]) -> None:
    """A dashed line where a pair was worn for the first time, with its name and day; the first pair of all has none."""
    high = ax.get_xlim()[1]
    rows: list[float] = []
    for name, day in first_days(log, starts, shown).items():
        x, words = day_number(day), f"{safe_text(name)} from {day.date()}"
        length = (len(words) + 2) * LETTER_IN * days_per_in(ax)
        right = x + length > high
        begin, end = (x - length, x) if right else (x, x + length)
        row = next((i for i, taken in enumerate(rows) if begin > taken), len(rows))
        rows[row : row + 1] = [end]
        ax.axvline(x, color=BLACK, linestyle="--", linewidth=1)
        ax.annotate(
            f"{words} " if right else f" {words}", (x, 0.99 - LABEL_ROW * row), xycoords=("data", "axes fraction"),
            va="top", ha="right" if right else "left", parse_math=False, fontfamily=fonts_for(words), bbox=CLEAR,
        )  # fmt: skip
    bottom, top = ax.get_ylim()
    ax.set_ylim(bottom, top / (1 - LABEL_ROW * min(len(rows), MOST_ROWS)))


def _share(ax: Axes, share: pd.DataFrame, starts: pd.DatetimeIndex) -> None:
    """Share of new pairs day by day; gaps where it is not known."""
    x, value = day_numbers(pd.DatetimeIndex(share.index)) + 1, share["share"].to_numpy(float)
    ax.plot(x, value, color=RED, linewidth=1.8)
    ax.fill_between(x, 0, value, color=RED, alpha=0.25, linewidth=0)
    most = limit("new_shoe_share")
    ax.axhline(most, color=BLACK, linestyle="--", linewidth=1)
    amount_axis(ax, "in new pairs", 1.0)
    ax.set_ylim(0, 1.04)
    ax.set_yticks([0, 0.5, 1])
    ax.yaxis.set_major_formatter(PercentFormatter(1.0, decimals=0, symbol=" %"))
    week_axis(ax, starts[0], starts[-1])


def shoe_words(worn: pd.DataFrame, starts: pd.DatetimeIndex, units: Units) -> str:
    """The chart in a sentence."""
    total = float(worn.to_numpy().sum())
    parts = [f"{label} {km.sum():.0f} {units}" for label, _, km in stacks(worn)]
    span = f"{starts[0].date()} to {starts[-1].date()}"
    return f"Distance by pair of shoes, {span}, {total:.0f} {units} in all: {'; '.join(parts)}."
