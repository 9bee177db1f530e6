"""The charts of the coach's page: the same drawings on small axes, all of the same weeks.

A panel draws on one pair of axes that it is given, so the same panel stands in a web page and on a sheet of paper with
letters of ten points on both.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from loadplan.acwr import acwr_by_day
from loadplan.charts import cadence, hills, mileage, pain, plan, sessions, shoes
from loadplan.charts.acwr import MARKERS, draw_acwr
from loadplan.charts.style import BLACK, BLUE, GREY, ORANGE, RED, SKY, fonts_for, line, mark_day, patch, safe_text
from loadplan.charts.table import from_week, recent
from loadplan.measures import numbers
from loadplan.sessions import spike_by_day

if TYPE_CHECKING:
    from matplotlib.artist import Artist
    from matplotlib.axes import Axes

    from loadplan.charts import ChartInput

PANEL_WIDTH_IN: Final = 3.55
"""Two of them stand beside each other on an A4 page."""
AXES_IN: Final = 0.83
ROW_IN: Final = 0.19
"""Height of a row of the key."""
LIFT_IN: Final = 0.06
"""Between the axes and the key: the highest number of an axis is in between."""
LEFT_IN, RIGHT_IN, BOTTOM_IN, TOP_IN = 0.48, 0.40, 0.26, 0.07
EDGE: Final = -LEFT_IN / (PANEL_WIDTH_IN - LEFT_IN - RIGHT_IN)
"""Where the panel begins, in widths of its axes."""
KEY_NAME_COLUMNS: Final = 17
"""Longer names of pairs are cut in a key."""
KEY_ROWS: Final = 1
KEY_COLUMNS: Final = 4

Key = list[tuple["Artist", str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Panel:
    """A small chart: what stands above it, what stands in for it, and how it is drawn."""

    name: str
    title: str
    """What is shown, with its unit."""
    words: str
    """The text that stands in for the picture."""
    paint: Callable[[Axes], Key]
    """Draws on a pair of axes and gives the entries of the key."""
    key_columns: int = 2
    key_rows: int = KEY_ROWS

    @property
    def height_in(self) -> float:
        """How high it is in all."""
        return TOP_IN + ROW_IN * self.key_rows + AXES_IN + BOTTOM_IN

    def draw(self, ax: Axes) -> None:
        """Draw it, with its key above."""
        entries = self.paint(ax)
        ax.set_ylabel("")
        names = [name for _, name in entries]
        if not entries:
            return
        legend = ax.legend(
            handles=[handle for handle, _ in entries], labels=["."] * len(names), ncols=self.key_columns,
            loc="lower left", bbox_to_anchor=(EDGE, 1 + LIFT_IN / AXES_IN), frameon=False, handlelength=1.2,
            handleheight=0.8, columnspacing=0.6, handletextpad=0.35, borderaxespad=0, borderpad=0, labelspacing=0.2,
        )  # fmt: skip
        for text, name in zip(legend.get_texts(), names, strict=True):
            text.set(text=name, fontfamily=fonts_for(name), parse_math=False)


def panels_of(given: ChartInput) -> list[Panel]:
    """The panels for which something is known, in the order in which a page shows them."""
    weeks = recent(given.weeks, given.shown)
    if weeks.empty or not numbers(weeks, "runs").any():
        return [one for one in (_plan(given, weeks),) if one]
    makers = (_distance, _longest, _ratio, _hills, _shoes, _cadence, _pain, _plan)
    return [one for one in (maker(given, weeks) for maker in makers) if one is not None]


def _marked(given: ChartInput, ax: Axes, words: str = "") -> None:
    if given.pain_since is not None:
        mark_day(ax, pd.Timestamp(given.pain_since), words)


def _distance(given: ChartInput, weeks: pd.DataFrame) -> Panel:
    def paint(ax: Axes) -> Key:
        mileage.draw_mileage(ax, weeks, given.units)
        _marked(given, ax)
        return [
            (patch(SKY, "///"), "recovery"), (patch(RED, "xxx"), "above limit"),
            (patch("white", edge=BLUE), "not over"), (line(BLACK), "limit"),
        ]  # fmt: skip

    title = f"Weekly distance, {given.units}"
    return Panel(
        name="mileage", title=title, words=mileage.mileage_words(weeks, given.units), paint=paint, key_columns=4
    )


def _longest(given: ChartInput, weeks: pd.DataFrame) -> Panel | None:
    starts = pd.DatetimeIndex(weeks.index)
    spikes = from_week(spike_by_day(given.daily), starts[0])
    if spikes["session_km"].isna().all():
        return None

    def paint(ax: Axes) -> Key:
        sessions.draw_sessions(ax, spikes, starts, given.units)
        _marked(given, ax)
        keys: Key = [(line(c, "", m), name) for (m, c), name in zip(sessions.MARKERS.values(), SPIKES, strict=True)]
        return [*keys[1:], (line(BLACK), "limit")]

    title = f"Longest run of each day, {given.units}"
    return Panel(name="sessions", title=title, words=sessions.session_words(spikes, starts), paint=paint, key_columns=4)


SPIKES: Final = ("within", "+10 %", "+30 %", "+100 %")


def _ratio(given: ChartInput, weeks: pd.DataFrame) -> Panel:
    from loadplan.charts.acwr import acwr_words

    starts = pd.DatetimeIndex(weeks.index)
    ratio = acwr_by_day(given.daily, given.method)

    def paint(ax: Axes) -> Key:
        draw_acwr(ax, ratio, starts)
        _marked(given, ax)
        keys: Key = [(line(colour, "", marker), band) for band, (marker, colour) in MARKERS.items()]
        return [*keys, (line(GREY, "", "o", hollow=True), "no band")]

    title = f"ACWR ({given.method}), 7 days against 28"
    words = acwr_words(ratio, starts, given.method)
    return Panel(name="acwr", title=title, words=words, paint=paint, key_columns=5)


def _hills(given: ChartInput, weeks: pd.DataFrame) -> Panel | None:
    up, down = numbers(weeks, "ascent_m"), numbers(weeks, "descent_m")
    if np.isnan(up).all() and np.isnan(down).all():
        return None

    def paint(ax: Axes) -> Key:
        hills.draw_hills(ax, weeks, up, down, "")
        _marked(given, ax)
        return [(patch(BLUE), "uphill"), (patch(ORANGE, "\\\\\\"), "downhill")]

    words = hills.hill_words(weeks, up, down)
    return Panel(name="hills", title="Climb and descent a week, m", words=words, paint=paint, key_rows=1)


def _shoes(given: ChartInput, weeks: pd.DataFrame) -> Panel | None:
    starts = pd.DatetimeIndex(weeks.index)
    if given.log.empty:
        return None
    worn = shoes.worn_by_week(given.log, starts, given.daily.index[-1], given.units)
    if worn.empty or not (worn.columns != "").any():
        return None

    def paint(ax: Axes) -> Key:
        keys = shoes.draw_shoes(ax, worn, starts, given.units)
        for day in shoes.first_days(given.log, starts, list(worn.columns)).values():
            ax.axvline(shoes.day_number(day), color=BLACK, linestyle="--", linewidth=1)
        _marked(given, ax)
        cut = [(mark, safe_text(name, KEY_NAME_COLUMNS)) for mark, name in keys]
        return [*cut, (line(BLACK, "--"), "a pair's first run")]

    words = shoes.shoe_words(worn, starts, given.units)
    rows = (len(shoes.stacks(worn)) + 2) // 2
    return Panel(
        name="shoes", title=f"Distance a week by pair of shoes, {given.units}", words=words, paint=paint, key_rows=rows
    )


def _cadence(given: ChartInput, weeks: pd.DataFrame) -> Panel | None:
    starts = pd.DatetimeIndex(weeks.index)
    days = from_week(given.daily, starts[0])
    if days["cadence_spm"].isna().all():
        return None
    targets = cadence.targets_of(given.plan, starts, ahead=AHEAD)

    def paint(ax: Axes) -> Key:
        cadence.draw_cadence(ax, given.daily, days, starts, targets)
        _marked(given, ax)
        return [(mark, SHORT.get(name, name)) for mark, name in cadence.cadence_key(bool(targets))]

    words = cadence.cadence_words(given.daily, targets)
    return Panel(name="cadence", title="Cadence at usual speed, steps/min", words=words, paint=paint, key_columns=4)


SHORT: Final = {"running day": "run", "usual until then": "usual", "planned range": "plan"}
"""Words of a key, shorter."""
AHEAD: Final = 4
"""Planned weeks whose cadence is shown: the page is about the weeks before."""


def _pain(given: ChartInput, weeks: pd.DataFrame) -> Panel | None:
    starts = pd.DatetimeIndex(weeks.index)
    told: Sequence[pain.Entry] = pain.in_weeks(given.pain, starts)
    if not told:
        return None

    def paint(ax: Axes) -> Key:
        pain.draw_pain(ax, told, starts)
        _marked(given, ax, "pain began")
        return pain.pain_key(told)

    words = f"{pain.pain_words(told)} of 10 during a run."
    title = "Pain during each run, 0 to 10"
    entries = len(pain.pain_key(told))
    columns = entries if entries <= KEY_COLUMNS else KEY_COLUMNS - 1
    rows = -(-entries // columns)
    return Panel(name="pain", title=title, words=words, paint=paint, key_columns=columns, key_rows=rows)


def _plan(given: ChartInput, weeks: pd.DataFrame) -> Panel | None:
    if not given.plan or not given.plan.get("weeks"):
        return None
    planned = plan.planned_weeks(given.plan, given.units)
    history = plan.run_weeks(weeks, planned.index[0], given.units)
    kept = given.plan

    def paint(ax: Axes) -> Key:
        plan.draw_plan(ax, planned, history, given.units, plan.target_of(kept, given.units), words=False)
        keys = plan.plan_key(kept, planned, history, given.units)
        named = [(mark, name.partition(" ")[0] if name.startswith("target") else name) for mark, name in keys]
        return [(mark, PHASE_WORDS.get(name, name)) for mark, name in named]

    words = plan.plan_words(kept, planned, given.units)
    rows = -(-len(plan.plan_key(kept, planned, history, given.units)) // 3)
    return Panel(
        name="plan",
        title=f"The plan, {given.units} a week, by phase",
        words=words,
        paint=paint,
        key_rows=rows,
        key_columns=3,
    )


PHASE_WORDS: Final = {"run/walk ladder": "run/walk", "recovery week": "recovery"}
"""Phases in a key, shorter."""


def rows_of(panels: Sequence[Panel], beside: int = 2) -> Iterator[Sequence[Panel]]:
    """The panels in rows."""
    for n in range(0, len(panels), beside):
        yield panels[n : n + beside]
