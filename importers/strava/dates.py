"""Dates as Strava writes them, in any of its languages, to instants. They are UTC although they do not say so."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Final

from importers.strava.months import HALF_BEFORE, HALF_BEHIND, MONTHS

_BLANKS: Final = dict.fromkeys(map(ord, "\u00a0\u202f\u2007\u2009\u3000\t"), " ") | dict.fromkeys(
    map(ord, "\u200e\u200f")
)
"""Blanks that do not break, to plain ones; marks of the writing direction, to nothing."""
_ENGLISH: Final = re.compile(r"([A-Za-z]{3,9})\.? (\d\d?), (\d{4}),? (\d\d?):(\d\d):(\d\d)(?: ([AaPp])[Mm])?")
_DAY_FIRST: Final = re.compile(r"(\d\d?)\.? ([^\W\d_]{3,12})\.? (\d{4}),? (\d\d?):(\d\d):(\d\d)")
_YEAR_FIRST: Final = re.compile(r"(\d{4})[-/](\d\d?)[-/](\d\d?),? (\d\d?):(\d\d):(\d\d)")
_DOTS: Final = re.compile(r"(\d\d?)\.(1[0-2]|0?[1-9])\.(\d{4}),? (\d\d?):(\d\d):(\d\d)")
_NUMBERS: Final = re.compile(r"(\d{1,4})([-./])(\d\d?)\2(\d{1,4}),? (\d\d?):(\d\d)(?::(\d\d))?")
_TIME: Final = re.compile(
    r"(?<!\d)(\d\d?) ?[:h時时시点點] ?(\d\d)(?: ?(?:[:分분]|m(?:in)?) ?(\d\d))?(?!\d)(?: ?s\b|秒|초)?(?:[.,]\d+)?"
)
_DOTTED_TIME: Final = re.compile(r"(?<![\d.])(\d\d?)\.(\d\d)(?:\.(\d\d))?(?= ?(?:[^\W\d_].*)?$)")
"""As Danes and Finns write it. It must stand at the end, and something before it, or it is a date."""
_ZONE: Final = re.compile(r" ?(?:(?:z|utc|gmt)\b ?)?(?:([+-])(\d\d):?(\d\d))? ?")
_NUMBER: Final = re.compile(r"\d+")
_WORD: Final = re.compile(r"[^\W\d_]+")
_LONGEST: Final = 100
"""Letters of a date that are looked at."""
_YEAR_DIGITS: Final = 4
_CENTURY: Final = 2000
"""Years of two digits are of this century: Strava began in 2009."""
_MONTHS_A_YEAR: Final = 12
_NOON: Final = 12
_PARTS: Final = 3
"""Year, month and day."""

_Both = tuple[datetime, datetime]
"""The same digits with the day first, and with the month first."""


@dataclass(slots=True)
class Dates:
    """The instants of a whole column."""

    values: list[datetime | None]
    """Aware, UTC; None for what is no date."""
    notes: list[str] = field(default_factory=list)
    """What was decided over the column as a whole, in sentences."""
    day_only: frozenset[int] = frozenset()
    """Places of those without a time of day, which stand at midnight."""


class _Column:
    """One column being read: what each text says, and what it tells of the order of day and month."""

    def __init__(self) -> None:
        self.seen: list[datetime | _Both | None] = []
        self.day_only: set[int] = set()
        self.day_first = self.month_first = self.halves = 0

    def add(self, text: str) -> None:
        text = text[:_LONGEST]
        if not text.isascii():
            text = text.translate(_BLANKS)
        self.seen.append(self._read(text.strip()))

    def _read(self, text: str) -> datetime | _Both | None:
        try:
            if found := _ENGLISH.fullmatch(text):
                word, day, year, hour, minute, second, half = found.groups()
                if half:
                    hour = _hour(int(hour), half in "Pp")
                month = MONTHS[word.lower()]
                return datetime(int(year), month, int(day), int(hour), int(minute), int(second), tzinfo=UTC)
            if (found := _DAY_FIRST.fullmatch(text)) and (named := MONTHS.get(found[2].lower())):
                day, _, year, hour, minute, second = found.groups()
                return datetime(int(year), named, int(day), int(hour), int(minute), int(second), tzinfo=UTC)
            if found := _DOTS.fullmatch(text):
                day, month, year, hour, minute, second = map(int, found.groups())
                return datetime(year, month, day, hour, minute, second, tzinfo=UTC)
            if found := _YEAR_FIRST.fullmatch(text):
                year, month, day, hour, minute, second = map(int, found.groups())
                return datetime(year, month, day, hour, minute, second, tzinfo=UTC)
            if found := _NUMBERS.fullmatch(text):
                first, mark, middle, last, hour, minute, second = found.groups()
                clock = timedelta(hours=int(hour), minutes=int(minute), seconds=int(second or 0))
                return self._numeric([first, middle, last], mark, clock)
            return self._any(text.lower())
        except (ValueError, KeyError, OverflowError):
            return None

    def _any(self, text: str) -> datetime | _Both | None:
        """A date in whatever order, with words around it."""
        date, clock = text, None
        time = _TIME.search(text)
        if time is None and (time := _DOTTED_TIME.search(text)) and not text[: time.start()].strip():
            time = None
        if time is not None:
            before, behind = text[: time.start()].rstrip(" ,"), text[time.end() :].strip(" ,")
            before, behind, clock = self._clock(time, before, behind)
            date = f"{before} {behind}"
        named = [MONTHS[word] for word in _WORD.findall(date) if word in MONTHS]
        numbers = _NUMBER.findall(date)
        if clock is None:
            self.day_only.add(len(self.seen))
        clock = clock or timedelta()
        if len(named) == 1 and len(numbers) == _PARTS - 1:
            first, last = numbers
            year, day = (first, last) if len(first) == _YEAR_DIGITS else (last, first)
            return datetime(_year(year), named[0], int(day), tzinfo=UTC) + clock
        if len(numbers) == _PARTS and not named:
            mark = "/" if "/" in date else "-" if "-" in date else "."
            return self._numeric(numbers, mark, clock)
        return None

    def _clock(self, time: re.Match[str], before: str, behind: str) -> tuple[str, str, timedelta]:
        """Time of day since midnight UTC, and what stands around it without the half of the day and the zone."""
        hour, minute, second = (int(part or 0) for part in time.groups())
        half = HALF_BEHIND.match(behind)
        if half:
            behind = behind[half.end() :]
        elif half := HALF_BEFORE.search(before):
            before = before[: half.start()]
        if half:
            self.halves += 1
            hour = _hour(hour, half["pm"] is not None)
        clock = datetime(_CENTURY, 1, 1, hour, minute, second) - datetime(_CENTURY, 1, 1)  # noqa: DTZ001 - a difference
        zone = _ZONE.match(behind)
        if zone and zone[1]:
            ahead = timedelta(hours=int(zone[2]), minutes=int(zone[3]))
            clock = clock - ahead if zone[1] == "+" else clock + ahead
        return before, behind[zone.end() :] if zone else behind, clock

    def _numeric(self, numbers: list[str], mark: str, clock: timedelta) -> datetime | _Both | None:
        """Three numbers. With the year last and no dots between them day and month may be either way round."""
        first, middle, last = numbers
        if len(first) == _YEAR_DIGITS:
            return datetime(int(first), int(middle), int(last), tzinfo=UTC) + clock
        year, one, two = _year(last), int(first), int(middle)
        day_first = datetime(year, two, one, tzinfo=UTC) + clock if two <= _MONTHS_A_YEAR else None
        month_first = datetime(year, one, two, tzinfo=UTC) + clock if one <= _MONTHS_A_YEAR else None
        if day_first and month_first and mark != "." and one != two:
            return (day_first, month_first)
        if mark != ".":
            self.day_first += day_first is not None
            self.month_first += month_first is not None
        return day_first or month_first


def read_dates(texts: Sequence[str], numbers: Sequence[str] = ()) -> Dates:
    """The instants of a column of dates.

    Args:
        texts: The cells.
        numbers: Numbers of the activities beside them, which rise with time: they tell day from month where the
            dates themselves do not (03/04/2021).
    """
    column = _Column()
    for text in texts:
        column.add(text)
    both = [value for value in column.seen if isinstance(value, tuple)]
    if not both:
        return Dates([v for v in column.seen if not isinstance(v, tuple)], [], frozenset(column.day_only))
    month_first, why = _order(column, numbers)
    values = [value[month_first] if isinstance(value, tuple) else value for value in column.seen]
    order = "the month" if month_first else "the day"
    notes = [f"{len(both):,} dates such as {_sample(texts, column)} are read with {order} first: {why}"]
    return Dates(values, notes, frozenset(column.day_only))


def _order(column: _Column, numbers: Sequence[str]) -> tuple[bool, str]:
    """Whether the month comes first, and why."""
    day, month = column.day_first, column.month_first
    if day != month:
        few = min(day, month)
        told = f"{max(day, month):,} other dates can only be read so"
        return month > day, f"{told}, but {few:,} only the other way round" if few else told
    known = [
        (int(number), value)
        for number, value in zip(numbers, column.seen, strict=False)
        if isinstance(value, tuple) and number.isdecimal() and len(number) < _LONGEST
    ]
    rising = [value for _, value in sorted(known)]
    steps = [sum(a[order] < b[order] for a, b in pairwise(rising)) for order in (False, True)]
    if steps[0] != steps[1]:
        return steps[1] > steps[0], "so they rise with the numbers of the activities"
    return column.halves > 0, "nothing in the file tells, this is a guess"


def _sample(texts: Sequence[str], column: _Column) -> str:
    return next(text for text, value in zip(texts, column.seen, strict=True) if isinstance(value, tuple))


def _hour(hour: int, afternoon: bool) -> int:
    """Hour of the day (0-23) of an hour on a clock face; one beyond noon is taken as it is."""
    if hour > _NOON:
        return hour
    return hour % _NOON + (_NOON if afternoon else 0)


def _year(text: str) -> int:
    return int(text) if len(text) == _YEAR_DIGITS else int(text) + _CENTURY
