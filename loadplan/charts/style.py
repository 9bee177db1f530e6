"""How every chart looks: figure, colours that colour-blind eyes can tell apart, letters, keys, axes by week.

Colours are those of Okabe and Ito; each comes with a hatch or marker, so that a grey print can be read too. The text
is 10 points on a figure as wide as the text of an A4 page. No pyplot: nothing global is left behind.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import AbstractContextManager
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final, Literal

import matplotlib as mpl
import numpy as np
import numpy.typing as npt
import pandas as pd
from matplotlib import font_manager
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.markers import TICKDOWN
from matplotlib.patches import Patch
from matplotlib.ticker import MaxNLocator

from loadplan.text import REPLACEMENT, clean, shortened

if TYPE_CHECKING:
    from matplotlib.artist import Artist
    from matplotlib.axes import Axes

LineStyle = Literal["-", "--", ":", ""]

BLACK, GREY, PALE = "#000000", "#5F5F5F", "#E4E4E4"
ORANGE, SKY, GREEN, YELLOW = "#E69F00", "#56B4E9", "#009E73", "#F0E442"
BLUE, RED, PURPLE = "#0072B2", "#D55E00", "#CC79A7"

WIDTH_IN: Final = 7.5
HEIGHT_IN: Final = 4.4
PANEL_IN: Final = 1.9
DPI: Final = 160
POINTS: Final = 10
TITLE_POINTS: Final = 13
LEFT_IN, RIGHT_IN, BOTTOM_IN = 0.9, 0.45, 0.62
TITLE_IN, LINE_IN, KEY_IN = 0.36, 0.21, 0.26
BAR_DAYS: Final = 5.4
MID_WEEK_DAYS: Final = 3.5
LETTER_IN: Final = 0.078
"""Width of a letter of 10 points, on the generous side."""
LINE_HIGH_IN: Final = 0.19
"""Height of a line of 10 points with a little air."""
MOST_ROOM: Final = 0.6
"""Share of an axis that labels may take at most."""
LABEL_IN: Final = 1.0
"""Room that an ISO date needs on the axis."""
DAYS_A_WEEK: Final = 7
HEADROOM: Final = 1.12
NAME_COLUMNS: Final = 24
"""Longer names of shoes are cut."""

STYLE: Final[dict[str, Any]] = {
    "font.family": ["sans-serif"],
    "font.sans-serif": ["DejaVu Sans"],
    "font.size": POINTS,
    "text.parse_math": False,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.edgecolor": GREY,
    "axes.linewidth": 0.8,
    "axes.axisbelow": True,
    "axes.labelcolor": BLACK,
    "xtick.color": GREY,
    "ytick.color": GREY,
    "xtick.labelcolor": BLACK,
    "ytick.labelcolor": BLACK,
    "hatch.linewidth": 0.7,
    "figure.facecolor": "white",
    "savefig.facecolor": "white",
    "path.simplify": True,
    "svg.fonttype": "path",
    "svg.hashsalt": "loadplan",
    "pdf.fonttype": 42,
}
FALLBACK_FONTS: Final = (
    "Noto Sans", "Noto Sans CJK JP", "Noto Sans CJK SC", "Noto Sans Arabic", "Noto Sans Hebrew", "Noto Sans Thai",
    "Noto Sans Devanagari", "Noto Emoji", "Arial Unicode MS", "Segoe UI Symbol", "Segoe UI Emoji", "Microsoft YaHei",
    "Yu Gothic", "Hiragino Sans", "PingFang SC", "Apple Symbols", "WenQuanYi Zen Hei", "Droid Sans Fallback",
)  # fmt: skip
"""Asked in this order for letters that DejaVu Sans lacks, where they are installed."""


def house_style() -> AbstractContextManager[None]:
    """The context in which figures are made and saved; a user's matplotlibrc changes nothing."""
    return mpl.rc_context(STYLE)  # type: ignore[arg-type]


# ---------------------------------------------------------------- figure
class Sheet:
    """One chart on its way: a figure with title, explaining lines, a key, and axes below each other."""

    def __init__(
        self,
        title: str,
        lines: Sequence[str] = (),
        *,
        heights: Sequence[float] = (1,),
        key: int = 1,
        panel_in: float = PANEL_IN,
        gap: float = 0.16,
    ) -> None:
        """Lay out the page: rows of the ``key``, shares of the axes (``heights``), inches for each one more."""
        self.height_in = HEIGHT_IN + panel_in * (len(heights) - 1)
        self.figure = Figure(figsize=(WIDTH_IN, self.height_in), dpi=DPI)
        FigureCanvasAgg(self.figure)
        self._title(title, lines)
        self.key_in = TITLE_IN + LINE_IN * len(lines) + 0.06
        top = 1 - (self.key_in + KEY_IN * key + 0.14) / self.height_in
        grid = self.figure.add_gridspec(
            len(heights), 1, height_ratios=heights, hspace=gap, left=LEFT_IN / WIDTH_IN, right=1 - RIGHT_IN / WIDTH_IN,
            bottom=BOTTOM_IN / self.height_in, top=top,
        )  # fmt: skip
        self.axes: list[Axes] = []
        for i in range(len(heights)):
            shared = self.axes[0] if self.axes else None
            self.axes.append(self.figure.add_subplot(grid[i, 0], sharex=shared))
        for ax in self.axes[:-1]:
            ax.tick_params(labelbottom=False)
        self.axes[-1].set_xlabel("weeks, by their first day", color=GREY)

    def _title(self, title: str, lines: Sequence[str]) -> None:
        x = 0.12 / WIDTH_IN
        put = self.figure.text
        put(x, 1 - 0.12 / self.height_in, title, va="top", fontsize=TITLE_POINTS, weight="bold")
        for i, line in enumerate(lines):
            put(x, 1 - (TITLE_IN + LINE_IN * i) / self.height_in, line, va="top", color=GREY)

    def key(self, entries: Sequence[tuple[Artist, str]], *, columns: int = 4) -> None:
        """What the shapes mean, in rows between the title and the axes."""
        if not entries:
            return
        names = [label for _, label in entries]
        legend = self.figure.legend(
            handles=[h for h, _ in entries], labels=["."] * len(names), loc="upper left", ncols=columns, frameon=False,
            bbox_to_anchor=(0.09 / WIDTH_IN, 1 - self.key_in / self.height_in), handlelength=1.5, handleheight=0.9,
            columnspacing=1.2, handletextpad=0.5, borderaxespad=0, borderpad=0.2, labelspacing=0.35,
        )  # fmt: skip
        for text, name in zip(legend.get_texts(), names, strict=True):
            text.set(text=name, fontfamily=fonts_for(name))  # matplotlib drops labels that begin with "_"

    def describe(self, words: str) -> Figure:
        """Attach the text that stands in for the picture (alt text), and give the figure out."""
        self.figure.set_label(words)
        return self.figure


def message_figure(title: str, words: str) -> Figure:
    """A figure that says in words why there is nothing to draw."""
    with house_style():
        sheet = Sheet(title, key=0)
        (ax,) = sheet.axes
        ax.set_axis_off()
        ax.text(0.5, 0.55, words, ha="center", va="center", wrap=True, color=GREY, transform=ax.transAxes)
        return sheet.describe(f"{title}: {words}")


def patch(colour: str, hatch: str | None = None, *, edge: str = "white") -> Patch:
    """A box for the key, looking like the bars it stands for."""
    return Patch(facecolor=colour, hatch=hatch, edgecolor=edge, linewidth=0.5)


def line(
    colour: str, style: LineStyle = "-", marker: str | None = None, *, hollow: bool = False, size: float = 6
) -> Line2D:
    """A line or marker for the key."""
    face = "white" if hollow else colour
    return Line2D([], [], color=colour, linestyle=style, marker=marker or "", markerfacecolor=face, markersize=size)


# ---------------------------------------------------------------- letters
def safe_text(text: object, columns: int = NAME_COLUMNS) -> str:
    """Text of strangers as it may stand on a chart: no control characters, not too long, only letters we can draw."""
    short = shortened(clean(text), columns)
    return short if short.isascii() else "".join(c if c.isascii() or _font_of(c) else REPLACEMENT for c in short)


def fonts_for(text: str) -> list[str]:
    """The families to draw the text with: the house font first, then whichever has its other letters."""
    return list(dict.fromkeys(["DejaVu Sans", *(f for c in text if not c.isascii() and (f := _font_of(c)))]))


@lru_cache(maxsize=4096)
def _font_of(letter: str) -> str | None:
    """The first family that has the letter."""
    return next((family for family in _families() if ord(letter) in _letters(family)), None)


@lru_cache(maxsize=1)
def _families() -> tuple[str, ...]:
    installed = set(font_manager.get_font_names())
    return ("DejaVu Sans", *(f for f in FALLBACK_FONTS if f in installed))


@lru_cache(maxsize=32)
def _letters(family: str) -> frozenset[int]:
    return frozenset(font_manager.get_font(font_manager.findfont(family)).get_charmap())


# ---------------------------------------------------------------- axes
CLEAR: Final[dict[str, Any]] = {"facecolor": "white", "edgecolor": "none", "pad": 0.8, "alpha": 0.85}
"""The ground of a label that may lie on a line."""


def _paper(ax: Axes) -> tuple[float, float]:
    """Width and height of the figure in inches."""
    figure = ax.get_figure()
    return (figure.get_figwidth(), figure.get_figheight()) if isinstance(figure, Figure) else (WIDTH_IN, HEIGHT_IN)


def width_in(ax: Axes) -> float:
    """How wide a pair of axes is on paper, in inches."""
    return float(ax.get_position().width * _paper(ax)[0])


def height_in(ax: Axes) -> float:
    """How high a pair of axes is on paper, in inches."""
    return float(ax.get_position().height * _paper(ax)[1])


def axis_top(ax: Axes, ends: npt.NDArray[np.float64], label_in: float | npt.NDArray[np.float64]) -> float:
    """How far up an axis from zero must go for a label of so many inches above each end to stay inside it."""
    taken = np.minimum(label_in / height_in(ax), MOST_ROOM)
    return float(np.max(np.append(np.nan_to_num(ends) / (1 - taken), 0.0)))


def apart(places: Sequence[tuple[float, float]], wide: float, high: float) -> list[int]:
    """Which labels may stand, asked in this order: none nearer than this to one that stands already."""
    kept: list[int] = []
    for n, (x, y) in enumerate(places):
        if all(abs(x - places[k][0]) >= wide or abs(y - places[k][1]) >= high for k in kept):
            kept.append(n)
    return kept


def days_per_in(ax: Axes) -> float:
    """How many days of the x axis an inch is."""
    low, high = ax.get_xlim()
    return (high - low) / width_in(ax)


def day_numbers(days: pd.DatetimeIndex) -> npt.NDArray[np.float64]:
    """Days as numbers on the x axis: days since 1970."""
    return days.to_numpy().astype("datetime64[D]").astype(np.float64)


def week_axis(ax: Axes, first: pd.Timestamp, last: pd.Timestamp, *, before: float = 1.0, after: float = 1.0) -> None:
    """An x axis from the week of ``first`` to the week of ``last`` (their first days), dated, never overlapping."""
    starts = pd.date_range(first, last, freq=f"{DAYS_A_WEEK}D")
    x = day_numbers(starts)
    step = max(1, int(np.ceil(len(starts) * LABEL_IN / width_in(ax))))
    shown = slice((len(starts) - 1) % step, None, step)
    ax.set_xlim(x[0] - before, x[-1] + DAYS_A_WEEK + after)
    ax.set_xticks(x[shown] + MID_WEEK_DAYS, [d.date().isoformat() for d in starts[shown]])
    ax.tick_params(axis="x", length=5)
    # The short ticks between the dates, as one line: an axis of its own for each takes half of the drawing time.
    low = ax.get_xaxis_transform()
    looks: dict[str, Any] = {"marker": TICKDOWN, "markersize": 2.5, "color": GREY, "linestyle": ""}
    ax.plot(x + MID_WEEK_DAYS, 0 * x, transform=low, clip_on=False, **looks)


def amount_axis(ax: Axes, label: str, top: float, *, bottom: float = 0.0) -> None:
    """A y axis that starts at an honest zero (or below), with its unit."""
    ax.set_ylim(bottom * HEADROOM, (top if top > 0 else 1.0) * HEADROOM)
    ax.set_ylabel(label)
    ax.yaxis.set_major_locator(MaxNLocator(nbins=5, steps=[1, 2, 2.5, 5, 10]))
    ax.grid(axis="y", color=PALE, linewidth=0.8)


def week_bars(
    ax: Axes,
    x: npt.NDArray[np.float64],
    height: npt.NDArray[np.float64],
    colour: str,
    hatch: str | None = None,
    **more: Any,
) -> None:
    """One bar a week; weeks without a value have none."""
    known = np.isfinite(height)
    if "bottom" in more:
        more["bottom"] = more["bottom"][known]
    looks: dict[str, Any] = {"edgecolor": "white", "linewidth": 0.5, **more}
    ax.bar(x[known] + MID_WEEK_DAYS, height[known], width=BAR_DAYS, color=colour, hatch=hatch, **looks)


def mark_day(ax: Axes, day: pd.Timestamp, words: str = "") -> None:
    """An upright line on a day that everything is looked at from, such as the first day of pain."""
    x = float(day_numbers(pd.DatetimeIndex([day]))[0]) + 0.5
    low, high = ax.get_xlim()
    if not low <= x <= high:
        return
    ax.axvline(x, color=BLACK, linestyle=":", linewidth=1.4)
    if words:
        left = x - low > len(words) * LETTER_IN * days_per_in(ax)
        ax.annotate(
            words, (x, 1), (-3 if left else 3, -1), xycoords=("data", "axes fraction"), textcoords="offset points",
            ha="right" if left else "left", va="top", bbox=CLEAR,
        )  # fmt: skip


def mark_unknown(ax: Axes, x: npt.NDArray[np.float64], unknown: npt.NDArray[np.bool_], *, below: bool = False) -> None:
    """A question mark where a week's value is not known: a gap is no zero. The axis of weeks is set by then."""
    gaps = [float(at) for at in x[unknown]]
    for n in apart([(at, 0.0) for at in gaps], 2.6 * LETTER_IN * days_per_in(ax), 1.0):
        at = gaps[n]
        place, up = (at + MID_WEEK_DAYS, 0), (-3 if below else 3)
        side = "top" if below else "bottom"
        ax.annotate("?", place, (0, up), textcoords="offset points", ha="center", va=side, color=GREY)
