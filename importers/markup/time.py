"""Times as XML writes them to microseconds: whole columns at once, odd ones one by one."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import numpy.typing as npt

from importers.markup.cells import WIDTH, Cells

if TYPE_CHECKING:
    from importers.run import Column

Signs = npt.NDArray[np.uint8]

EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
US: Final = 1_000_000
"""Microseconds in a second."""
NO_TIME: Final = np.iinfo(np.int64).min
"""Stands for a time that is not known."""
OFFSET_MAX_S: Final = 18 * 3600
"""Offsets beyond are no zone of this earth (s)."""
YEARS: Final = (1900, 2200)
"""First and last year believed; beyond, the text is no time of a recording."""
DAY_S: Final = 86_400

_ODD: Final = re.compile(
    r"(\d{4})-?(\d\d)-?(\d\d)[T ](\d\d):?(\d\d)(?::?(\d\d)(?:[.,](\d+))?)?\s*([Zz]|[+-]\d\d(?::?\d\d)?)?", re.ASCII
)
_SECOND, _FRACTION = 6, 7
"""Groups of ``_ODD``."""
_PLAIN: Final = "0000-00-00T00:00:00"
"""How times are written as a rule, 0 for any digit."""
_DAY_WIDTH: Final = 10
_MICRO_DIGITS: Final = 6


@dataclass(frozen=True, slots=True)
class Times:
    """Moments of a column of texts."""

    us: npt.NDArray[np.int64]
    """Microseconds since 1970 in UTC; ``NO_TIME`` where the text is no time."""
    offset_s: Column
    """Seconds from UTC as written; 0 for Z, NaN where no zone is named (then UTC is taken)."""


def parse_times(texts: list[str]) -> Times:
    """Moments of texts such as ``2020-08-14T09:16:19.67Z``; fractions of any length, offsets, no zone."""
    few = [text.encode("ascii", "replace") if len(text) <= WIDTH else b"" for text in texts]
    rows = np.frombuffer(b"".join(text.rjust(WIDTH) for text in few), dtype=f"S{WIDTH}")
    return _times(Cells(rows, np.fromiter(map(len, few), np.int64, len(few))), texts)


def cell_times(cells: Cells) -> Times:
    """Moments of texts in cells."""
    return _times(cells, None)


def _times(cells: Cells, texts: list[str] | None) -> Times:
    """Moments of texts that are in cells, too."""
    us = np.full(len(cells), NO_TIME, dtype=np.int64)
    offset = np.full(len(cells), np.nan)
    for width in np.flatnonzero(np.bincount(cells.widths)).tolist():
        at = np.flatnonzero(cells.widths == width)
        whole = slice(None) if len(at) == len(cells) else at
        _block(np.ascontiguousarray(cells.signs[whole, WIDTH - width :].T), whole, us, offset)
    odd = np.flatnonzero(us == NO_TIME)
    for k, text in zip(odd.tolist(), [texts[k] for k in odd.tolist()] if texts else cells.texts(odd), strict=True):
        us[k], offset[k] = one_time(text)
    return Times(us, offset)


def one_time(text: str) -> tuple[int, float]:
    """One moment in microseconds and its offset from UTC in seconds; ``NO_TIME`` and NaN where it is none.

    Read are also a comma before the fraction, 24:00:00, a leap second, a small z and offsets without a colon.
    """
    found = _ODD.fullmatch(text.strip())
    if not found:
        return NO_TIME, np.nan
    year, month, day, hour, minute = (int(v) for v in found.groups()[:5])
    second, micro = int(found[6] or 0), int((found[7] or "0")[:_MICRO_DIGITS].ljust(_MICRO_DIGITS, "0"))
    midnight = (hour, minute, second, micro) == (24, 0, 0, 0)
    leap = second == 60  # noqa: PLR2004 - the 61st second
    offset = _offset(found[8])
    if offset is None or not YEARS[0] <= year <= YEARS[1]:
        return NO_TIME, np.nan
    try:
        moment = datetime(year, month, day, 0 if midnight else hour, minute, 59 if leap else second, micro, tzinfo=UTC)
    except ValueError:
        return NO_TIME, np.nan
    added = timedelta(days=int(midnight), seconds=int(leap) - float(np.nan_to_num(offset)))
    return (moment + added - EPOCH) // timedelta(microseconds=1), offset


def _offset(zone: str | None) -> float | None:
    """Seconds from UTC; NaN without a zone, None for one that cannot be."""
    if zone is None:
        return np.nan
    if zone in "Zz":
        return 0.0
    digits = zone[1:].replace(":", "").ljust(4, "0")
    hours, minutes = int(digits[:2]), int(digits[2:])
    seconds = 3600.0 * hours + 60.0 * minutes
    return (-seconds if zone[0] == "-" else seconds) if seconds <= OFFSET_MAX_S and minutes < 60 else None  # noqa: PLR2004 - of an hour


def _block(columns: Signs, at: Any, us: npt.NDArray[np.int64], offset: Column) -> None:
    """Fill in the moments of texts of one length that are written like the first one; leave out the others.

    Args:
        columns: first, second and further signs of the texts, (width, texts).
        at: where to fill in.
        us: microseconds since 1970, of all texts.
        offset: seconds from UTC, of all texts.
    """
    width = len(columns)
    first = _ODD.fullmatch(columns[:, 0].tobytes().decode("ascii"))
    zone = _offset(first[8]) if first else None
    if first is None or zone is None or first.end(_SECOND) != len(_PLAIN):
        return
    fraction = slice(len(_PLAIN) + 1, first.end(_FRACTION)) if first[_FRACTION] else slice(0, 0)
    digits = [k for k, mark in enumerate(_PLAIN) if mark == "0"] + list(range(width))[fraction]
    marks = [k for k in range(width) if k not in digits]
    values = columns - np.uint8(ord("0"))  # what stands before the digits wraps around to more than 9
    good = (columns[marks] == columns[marks, :1]).all(axis=0) & (values[digits] <= 9).all(axis=0)  # noqa: PLR2004
    hour = values[11] * np.uint8(10) + values[12]
    good &= (hour < 24) & (values[14] < 6) & (values[17] < 6)  # noqa: PLR2004 - 23:59:59
    days, known = _days(columns[:_DAY_WIDTH])
    # NumPy 1 would take a wide scalar for as narrow as its value: the columns themselves are made wide.
    seconds = 3600 * hour.astype(np.int64) + 60 * _two(values, 14).astype(np.int64) + _two(values, 17)
    moments = (days * DAY_S + seconds - int(np.nan_to_num(zone))) * US
    for place, row in enumerate(values[fraction][:_MICRO_DIGITS], start=1):
        moments += row.astype(np.int64) * 10 ** (_MICRO_DIGITS - place)
    good &= known
    us[at] = np.where(good, moments, NO_TIME)
    offset[at] = np.where(good, zone, np.nan)


def _two(values: Any, at: int) -> Any:
    """Numbers of two digits."""
    return values[at] * np.uint8(10) + values[at + 1]


def _days(columns: Signs) -> tuple[npt.NDArray[np.int64], Any]:
    """Days since 1970 of the dates that texts begin with, and which of them are known; one look-up for each change."""
    changed = (columns[:, 1:] != columns[:, :-1]).any(axis=0)
    starts = np.concatenate([[0], np.flatnonzero(changed) + 1])
    looked_up = [_day(columns[:, k].tobytes().decode("ascii")) for k in starts.tolist()]
    counts = np.diff(np.append(starts, columns.shape[1]))
    days = np.repeat(np.array([d or 0 for d in looked_up], dtype=np.int64), counts)
    return days, np.repeat([d is not None for d in looked_up], counts)


def _day(text: str) -> int | None:
    """Days since 1970 of 2020-08-14, None for no date of a recording."""
    try:
        day = date(int(text[:4]), int(text[5:7]), int(text[8:10]))
    except ValueError:
        return None
    return day.toordinal() - EPOCH.toordinal() if YEARS[0] <= day.year <= YEARS[1] else None


def moment_of(us: int) -> datetime:
    """The aware UTC moment of microseconds since 1970."""
    return EPOCH + timedelta(microseconds=us)
