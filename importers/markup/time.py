"""Times as XML writes them to microseconds: whole columns at once, odd ones one by one."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from itertools import pairwise
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import numpy.typing as npt

from importers.markup.cells import WIDTH, Cells, Index
from importers.track import LONGEST_S

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
FIRST_US: Final = (date(2000, 1, 1).toordinal() - EPOCH.toordinal()) * DAY_S * US
"""Earlier moments are those of a clock that was not set (microseconds since 1970)."""

_ODD: Final = re.compile(
    r"(\d{4})-?(\d\d)-?(\d\d)[T ](\d\d):?(\d\d)(?::?(\d\d)(?:[.,](\d+))?)?\s*([Zz]|[+-]\d\d(?::?\d\d)?)?", re.ASCII
)
_SECOND, _FRACTION = 6, 7
"""Groups of ``_ODD``."""
_PLAIN: Final = "0000-00-00T00:00:00"
"""How times are written as a rule, 0 for any digit."""
_NINE, _FIVE = 9, 5
"""Highest digit, and that of the tens of minutes and seconds."""
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
    added = timedelta(days=int(midnight), seconds=int(leap) - (0.0 if math.isnan(offset) else offset))
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
    first = _ODD.fullmatch(columns[:, 0].tobytes().decode("ascii"))
    zone = _offset(first[8]) if first else None
    if first is None or zone is None or first.end(_SECOND) != len(_PLAIN):
        return
    text, fraction = first.group(), len(first[_FRACTION] or "")
    end = len(_PLAIN) + (1 + fraction if fraction else 0)
    least, most, weights = _pattern(_PLAIN.replace("T", text[10]), fraction, text[len(_PLAIN) : end][:1], text[end:])
    values = columns - least  # what stands before the least one wraps around to more than all
    good = (values <= most).all(axis=0)
    dates, moments = np.einsum("kw,wn->kn", weights, values).astype(np.int64)
    good &= moments < DAY_S * US
    for day, span in _days(dates):
        moments[span] += day * (DAY_S * US) if day is not None else 0
        good[span] &= day is not None
    moments -= 0 if math.isnan(zone) else int(zone) * US
    us[at] = np.where(good, moments, NO_TIME)
    offset[at] = np.where(good, zone, np.nan)


@lru_cache(maxsize=64)
def _pattern(plain: str, fraction: int, point: str, zone: str) -> tuple[Signs, Signs, Column]:
    """What times written alike consist of: date and clock, so many digits behind the point, and a zone.

    Returns:
        For each place the least sign and how many may be above it (width, 1), and what the sign is worth (2, width):
        in the date as one number of eight digits, and in microseconds of the day.
    """
    marks = np.frombuffer(f"{plain}{point}{'0' * fraction}{zone}".encode(), dtype=np.uint8)
    digits = [k for k, mark in enumerate(_PLAIN) if mark == "0"]
    behind = list(range(len(_PLAIN) + 1, len(_PLAIN) + 1 + fraction))
    least, most, weights = marks.copy(), np.zeros_like(marks), np.zeros((2, len(marks)))
    least[digits + behind], most[digits + behind] = ord("0"), _NINE
    most[[14, 17]] = _FIVE
    weights[0, digits[:8]] = 10.0 ** np.arange(7, -1, -1)
    weights[1, digits[8:]] = [36_000 * US, 3600 * US, 600 * US, 60 * US, 10 * US, US]
    weights[1, behind[:_MICRO_DIGITS]] = 10.0 ** np.arange(_MICRO_DIGITS - 1, -1, -1)[:fraction]
    return least[:, None], most[:, None], weights


def _days(dates: Index) -> Iterator[tuple[int | None, slice]]:
    """Days since 1970 of dates such as 20200814, None for no date of a recording, and where each of them stands."""
    starts = [0, *(np.flatnonzero(np.diff(dates)) + 1).tolist(), len(dates)]
    for begin, end in pairwise(starts):
        yield _day(int(dates[begin])), slice(begin, end)


def _day(number: int) -> int | None:
    """Days since 1970 of 20200814, None for no date of a recording."""
    try:
        day = date(number // 10_000, number // 100 % 100, number % 100)
    except ValueError:
        return None
    return day.toordinal() - EPOCH.toordinal() if YEARS[0] <= day.year <= YEARS[1] else None


def without_broken_clocks(times: Times, firsts: Sequence[int]) -> tuple[Times, npt.NDArray[np.bool_]]:
    """The times without those of a clock that was wrong for a while, and a mask of the points that had these.

    Args:
        times: of all points.
        firsts: first point of each track; each has a clock of its own.
    """
    broken = np.zeros(len(times.us), dtype=bool)
    if _of_one_time(times.us):
        return times, broken
    for begin, end in pairwise([*firsts, len(broken)]):
        broken[_broken(times.us[begin:end]) + begin] = True
    return Times(np.where(broken, NO_TIME, times.us), times.offset_s), broken


def _of_one_time(us: npt.NDArray[np.int64]) -> bool:
    """Whether all moments are known, and lie together in the time of watches."""
    if not len(us):
        return True
    least = us.min()
    return bool(least >= FIRST_US and us.max() - least <= LONGEST_S * US)


def _broken(us: npt.NDArray[np.int64]) -> Index:
    """Which moments of a track are before any watch, or days from most of the others.

    Where most of them are far from each other, nothing tells which ones are wrong.
    """
    known = np.flatnonzero(us != NO_TIME)
    moments = us[known]
    if _of_one_time(moments):
        return known[:0]
    wrong = (moments < FIRST_US) & (moments.max() >= FIRST_US)
    far = ~wrong & (np.abs(moments - np.median(moments[~wrong])) > LONGEST_S * US)
    if 2 * np.count_nonzero(far) < np.count_nonzero(~wrong):
        wrong |= far
    found: Index = known[wrong]
    return found


def moment_of(us: int) -> datetime:
    """The aware UTC moment of microseconds since 1970."""
    return EPOCH + timedelta(microseconds=us)
