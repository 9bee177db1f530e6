"""The pain diary against the load: how a run felt, above what was run in that week."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd

from loadplan.charts.style import (
    BLACK,
    BLUE,
    GREEN,
    GREY,
    ORANGE,
    PALE,
    RED,
    SKY,
    Sheet,
    day_numbers,
    house_style,
    line,
    mark_day,
    message_figure,
    patch,
    week_axis,
)  # fmt: skip
from loadplan.charts.table import SHOWN_WEEKS, distances, recent
from loadplan.units import Units

if TYPE_CHECKING:
    from matplotlib.artist import Artist
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

TITLE = "Pain diary against load"
LIGHTS: Final = {"green": ("o", GREEN), "amber": ("^", ORANGE), "red": ("s", RED), "unknown": ("D", GREY)}
"""Light -> marker and colour."""
WORST: Final = 10
"""End of the scale of pain."""

Entry = Mapping[str, Any]
Diary = Sequence[Entry]
"""Entries with ``day``, ``during``, ``after``, ``morning`` and ``light``, as ``pain list`` has them."""


def chart_pain(
    diary: Diary, weeks: pd.DataFrame, *, began: date | None = None, units: Units = "km", shown: int = SHOWN_WEEKS
) -> Figure:
    """Two panels: pain during each run by its light, and the next morning; below, the distance of the week.

    Args:
        diary: Entries of the diary, each with its light.
        weeks: As ``weekly_load`` gives it.
        began: First day of the pain, marked in both panels; None: not known.
        units: km or mi.
        shown: How many of the last weeks; 0 = all.
    """
    weeks = recent(weeks, shown)
    if weeks.empty:
        return message_figure(TITLE, "No run is recorded yet.")
    told = in_weeks(diary, pd.DatetimeIndex(weeks.index))
    if not told:
        return message_figure(TITLE, "No entry of the pain diary lies in these weeks.")
    from loadplan.charts.mileage import draw_mileage

    with house_style():
        lines = ["Above: worst pain during the run, 0 to 10, by its light; the short stroke is the next morning."]
        sheet = Sheet(TITLE, [*lines, "A day without an entry is not a day without pain."], heights=(1.2, 1), key=3)
        pain, load = sheet.axes
        draw_pain(pain, told, pd.DatetimeIndex(weeks.index))
        draw_mileage(load, weeks, units)
        for ax in sheet.axes:
            if began:
                mark_day(ax, pd.Timestamp(began), "pain began" if ax is pain else "")
        load_key: list[tuple[Artist, str]] = [
            (patch(BLUE), f"{units} a week"), (patch(SKY, "///"), "recovery week"), (line(BLACK), "suggested limit"),
            (patch(RED, "xxx"), "above the limit"), (patch("white", edge=BLUE), "week not over"),
        ]  # fmt: skip
        sheet.key([*pain_key(told), *load_key], columns=4)
        return sheet.describe(_words(told, weeks, units))


def in_weeks(diary: Diary, starts: pd.DatetimeIndex) -> list[Mapping[str, Any]]:
    """The entries that lie in these weeks."""
    if not len(starts):
        return []
    after = (starts[-1] + pd.Timedelta(days=7)).date()
    return [one for one in diary if starts[0].date() <= date.fromisoformat(one["day"]) < after]


def draw_pain(ax: Axes, diary: Diary, starts: pd.DatetimeIndex) -> None:
    """A marker an entry at its worst pain during the run, by light; a short stroke for the next morning."""
    week_axis(ax, starts[0], starts[-1])
    x = day_numbers(pd.DatetimeIndex([one["day"] for one in diary])) + 0.5
    during, morning = (_scores(diary, key) for key in ("during", "morning"))
    ax.vlines(x, 0, np.nan_to_num(during), color=PALE, linewidth=1)
    ax.plot(x, morning, "_", color=GREY, markersize=8, markeredgewidth=1.6)
    lights = np.array([one.get("light") for one in diary], dtype=object)
    for light, (marker, colour) in LIGHTS.items():
        at = lights == light
        ax.plot(
            x[at], during[at], marker, color=colour, markersize=7, markeredgecolor="white", markeredgewidth=0.6,
            clip_on=False,
        )  # fmt: skip
    ax.set_ylim(0, WORST)
    ax.set_yticks([0, 5, WORST])
    ax.set_ylabel("pain, 0 to 10")
    ax.grid(axis="y", color=PALE, linewidth=0.8)


def pain_key(diary: Diary) -> list[tuple[Artist, str]]:
    """The lights that occur, and the stroke of the next morning."""
    seen = {one.get("light") for one in diary}
    keys: list[tuple[Artist, str]] = [(line(c, "", m), light) for light, (m, c) in LIGHTS.items() if light in seen]
    return [*keys, (line(GREY, "", "_", size=8), "next morning")]


def _scores(diary: Diary, key: str) -> np.ndarray[Any, np.dtype[np.float64]]:
    return np.array([np.nan if one.get(key) is None else float(one[key]) for one in diary], dtype=np.float64)


def pain_words(diary: Diary) -> str:
    """The entries in a sentence, for who cannot see the chart."""
    lights = [str(one.get("light")) for one in diary]
    counted = ", ".join(f"{lights.count(light)} {light}" for light in LIGHTS if light in lights)
    most = np.nanmax(np.append(_scores(diary, "during"), 0.0))
    return f"Pain diary, {len(diary)} entries from {diary[0]['day']} to {diary[-1]['day']}: {counted}; at most {most:g}"


def _words(diary: Diary, weeks: pd.DataFrame, units: Units) -> str:
    km = distances(weeks, "distance_km", units)
    most = float(np.nanmax(np.append(km, 0.0)))
    return f"{pain_words(diary)} of 10 during a run. Distance of the weeks at most {most:.0f} {units}."
