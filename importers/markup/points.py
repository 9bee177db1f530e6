"""The points of an XML file: texts collected as the elements go by, turned into columns at the end."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING, Final

import numpy as np

from importers.markup.cells import Cells, joined, plain_numbers
from importers.markup.time import NO_TIME, Times, cell_times, parse_times
from importers.track import median

if TYPE_CHECKING:
    from importers.markup.cells import Index
    from importers.run import Column

TIME: Final = "time"
"""The column of times; all others are numbers."""
SENSORS: Final[dict[str, str]] = {
    "hr": "heart_rate_bpm",
    "heartrate": "heart_rate_bpm",
    "cad": "cadence_spm",
    "cadence": "cadence_spm",
    "runcadence": "cadence_spm",
    "speed": "speed_m_s",
    "power": "power_w",
    "powerinwatts": "power_w",
    "watts": "power_w",
    "verticaloscillation": "vertical_oscillation_mm",
    "groundcontacttime": "ground_contact_ms",
    "stancetime": "ground_contact_ms",
    "groundcontactbalance": "ground_contact_balance_pct",
    "verticalratio": "vertical_ratio_pct",
}
"""Element of a point's extensions as programs write it, in small letters without prefix or underscores -> column."""
POINTS_MAX: Final = 500_000
"""Points of one document that are kept: more than five days at one a second."""
WAITING_MAX: Final = 20_000
"""Texts of a list that are kept until they are turned into values together."""
CELLS_MAX: Final = 100_000
"""And those in cells, of all columns."""
_COMMA: Final = re.compile(r"[+-]?\d+,\d+", re.ASCII)
OTHER_UNITS: Final[dict[str, tuple[float, float]]] = {
    "vertical_oscillation_mm": (20.0, 10.0),
    "ground_contact_ms": (2.0, 1000.0),
}
"""Column -> a median below this is in another unit (cm, s), and the factor to ours: nobody runs with 20 mm or 2 ms."""

NOT_RECORDED: Final[dict[str, float]] = {"heart_rate_bpm": 255.0, "cadence_spm": 255.0}
"""Column -> what programs write that hand on a watch's byte for "not recorded" as if it were a number."""


class Points:
    """Texts of points by column. A value that is no number costs that value, and is counted."""

    def __init__(self) -> None:
        self.count = 0
        self.breaks: list[int] = []
        """First point of each stretch that is not bridged to the one before."""
        self.unfinished: list[int] = []
        """Points that the end of a damaged document cut through."""
        self.surplus = 0
        """Points after the first ``POINTS_MAX``, left out."""
        self.lost: Counter[str] = Counter()
        """Values of each column that are no numbers."""
        self._texts: dict[str, tuple[list[str], list[int]]] = {}
        self._read: dict[str, list[tuple[Index, Column]]] = {}
        self._read_times: list[tuple[Index, Times]] = []
        self._cells: dict[str, tuple[list[Cells], list[Index]]] = {}
        self._waiting = 0
        """Texts in cells that are not yet values."""

    def begin(self) -> bool:
        """Count one more point; False if there are too many."""
        if self.count >= POINTS_MAX:
            self.surplus += 1
            return False
        self.count += 1
        return True

    def part(self) -> None:
        """What follows is not bridged to what stood before."""
        if not self.breaks or self.breaks[-1] != self.count:
            self.breaks.append(self.count)

    def lists(self, column: str) -> tuple[list[str], list[int]]:
        """Texts of a column, and the point of each: to be appended to."""
        return self._texts.setdefault(column, ([], []))

    def take(self, column: str, at: Index, cells: Cells) -> None:
        """Take texts of a column, of the points ``at``, that are not in its lists."""
        waiting, places = self._cells.setdefault(column, ([], []))
        waiting.append(cells)
        places.append(at)
        self._waiting += len(cells)
        if self._waiting >= CELLS_MAX:
            self._convert_cells()

    def _convert_cells(self) -> None:
        """Turn the texts in cells into values, the numbers of all columns together."""
        columns, self._cells, self._waiting = self._cells, {}, 0
        if TIME in columns:
            cells, places = columns.pop(TIME)
            self._read_times.append((np.concatenate(places), cell_times(joined(cells))))
        if not columns:
            return
        every = joined([cells for several, _ in columns.values() for cells in several])
        values, odd = plain_numbers(every)
        wrong = np.zeros(0, dtype=np.int64)
        if len(odd):
            values[odd], bad = parse_numbers(every.texts(odd))
            wrong = odd[bad]
        begin = 0
        for name, (_, places) in columns.items():
            at = np.concatenate(places)
            end = begin + len(at)
            self.lost[name] += int(np.count_nonzero((wrong >= begin) & (wrong < end)))
            self._read.setdefault(name, []).append((at, values[begin:end]))
            begin = end

    def settle(self) -> None:
        """Turn long lists of texts into values, which take a tenth of the memory."""
        for column, (texts, _) in self._texts.items():
            if len(texts) >= WAITING_MAX:
                self._convert(column)

    def _convert(self, column: str) -> None:
        """Turn the texts of a column, of its lists and in cells, into values."""
        self._convert_cells()
        texts, at = self._texts.get(column, ([], []))
        if not texts:
            return
        index = np.array(at, dtype=np.int64)
        if column == TIME:
            self._read_times.append((index, parse_times(texts)))
        else:
            values, bad = parse_numbers(texts)
            self.lost[column] += len(bad)
            self._read.setdefault(column, []).append((index, values))
        texts.clear()  # in place: the elements that feed it hold on to it
        at.clear()

    @property
    def names(self) -> list[str]:
        """Columns of numbers that have any text."""
        listed = {name for name, (texts, _) in self._texts.items() if texts}
        return sorted(listed.union(self._read, self._cells) - {TIME})

    def segments(self) -> Column:
        """Number of the stretch of each point."""
        return np.searchsorted(np.array(self.breaks), np.arange(self.count), side="right").astype(np.float64)

    def column(self, name: str) -> Column:
        """Numbers of a column, a value for each point, NaN where it has none; of several the first is taken."""
        self._convert(name)
        out = np.full(self.count, np.nan)
        for at, values in reversed(self._read.get(name, [])):
            if np.isnan(values).any():
                at, values = at[~np.isnan(values)], values[~np.isnan(values)]
            out[at[::-1]] = values[::-1]  # backwards: the first one is written last, and stays
        if name in NOT_RECORDED:
            out[out == NOT_RECORDED[name]] = np.nan
        limit, factor = OTHER_UNITS.get(name, (0.0, 1.0))
        if limit and len(some := out[out > 0]) and median(some) < limit:
            out *= factor
        return out

    def times(self) -> Times:
        """Moments of the points; ``NO_TIME`` where one has none, or was cut through."""
        self._convert(TIME)
        us, offset = np.full(self.count, NO_TIME), np.full(self.count, np.nan)
        for at, times in reversed(self._read_times):
            known = np.flatnonzero(times.us != NO_TIME)[::-1]
            us[at[known]], offset[at[known]] = times.us[known], times.offset_s[known]
        us[self.unfinished] = NO_TIME
        return Times(us, offset)


def sensor(name: str) -> str | None:
    """Column of an element of a point's extensions, None for one that is not read."""
    return SENSORS.get(name.replace("_", "").lower())


def parse_numbers(texts: list[str]) -> tuple[Column, list[int]]:
    """Numbers of texts, NaN where they are none, and which are none. No text at all is nothing, not a bad value."""
    try:
        values = np.fromiter(map(float, texts), np.float64, len(texts))
    except ValueError:
        values = np.array([number(text) for text in texts], dtype=np.float64)
    if "_" in "".join(texts):  # Python's own way of writing numbers
        values[["_" in text for text in texts]] = np.nan
    bad = np.flatnonzero(~np.isfinite(values))
    values[bad] = np.nan
    return values, [k for k in bad.tolist() if texts[k].strip()]


def number(text: str) -> float:
    """The number that a text is, NaN where it is none; a comma before the decimals is some program's language."""
    try:
        return float(text)
    except ValueError:
        return float(text.replace(",", ".")) if _COMMA.fullmatch(text.strip()) else float("nan")
