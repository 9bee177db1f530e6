"""Cells of the list that Garmin's web page exports, also after a spreadsheet has written it again."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import UTC, datetime
from itertools import pairwise
from typing import Final

from importers.garmin.row import END_YEAR, FIRST_YEAR

NONE: Final = ("", "-", "--", "---", "\u2014", "\u2013")
"""How the page writes that there is no value."""
_THOUSANDS: Final = re.compile(r"(?<=\d)[.,\u2019' ](?=\d{3}(?:\D|$))")
_WHOLE: Final = re.compile(r"[+-]?\d{1,3}(?:[.,\u2019' ]\d{3})+|[+-]?\d+")
_COMMA: Final = re.compile(r"[+-]?\d{1,3}(?:[.\u2019' ]?\d{3})*,\d{1,2}")
_POINT: Final = re.compile(r"[+-]?\d{1,3}(?:[,\u2019' ]?\d{3})*\.\d{1,2}")
"""Lengths have two decimals, of which a spreadsheet may drop one or both."""
_NUMBER: Final = re.compile(r"[+-]?\d{1,15}(?:\.\d{1,15})?")
_CLOCK: Final = re.compile(r"(?:(?:(\d{1,4}):)?(\d{1,3}):)?(\d{1,6})(?:[.,](\d{1,6}))?")
_DATE: Final = re.compile(
    r"(\d{1,4})[-./](\d{1,2})[-./](\d{1,4})\.?"
    r"(?:[T ,]+(\d{1,2}):(\d{2})(?::(\d{2}))?(?:[.,]\d+)?\s*([AaPp])?\.?[Mm]?\.?)?Z?"
)
_YEAR_FROM: Final = 1000
_CENTURY: Final = 100
_NOON: Final = 12
MONTHS: Final = 12
DAY_FIRST: Final = "day first"
MONTH_FIRST: Final = "month first"


def tidy(cell: str) -> str:
    """A cell without blanks around it and without the apostrophe that protects it in a spreadsheet; "" for no value."""
    cell = cell.replace("\u00a0", " ").replace("\u202f", " ").strip().lstrip("'").strip()
    return "" if cell in NONE else cell


def comma_is_decimal(cells: Iterable[str]) -> bool:
    """Whether lengths such as ``7,07`` outnumber those such as ``7.07``."""
    votes = 0
    for cell in cells:
        votes += bool(_COMMA.fullmatch(cell)) - bool(_POINT.fullmatch(cell))
    return votes > 0


def number(cell: str, *, comma: bool) -> float | None:
    """A number with decimals, in the file's way of writing them; None where there is none or it is no number."""
    if comma and _COMMA.fullmatch(cell):
        cell = re.sub(r"[.\u2019' ]", "", cell).replace(",", ".")
    else:
        cell = _THOUSANDS.sub("", cell) if comma or "," in cell else re.sub(r"[\u2019' ]", "", cell)
    if "," in cell and "." not in cell:
        cell = cell.replace(",", ".")
    return float(cell) if _NUMBER.fullmatch(cell) else None


def whole(cell: str, *, comma: bool) -> float | None:
    """A number that the page writes without decimals: any sign before three digits divides thousands."""
    if _WHOLE.fullmatch(cell):
        return float(re.sub(r"[^\d+-]", "", cell))
    return number(cell, comma=comma)


def seconds(cell: str) -> float | None:
    """Seconds of ``hh:mm:ss``, ``hh:mm:ss.s`` or ``mm:ss``; None where it is none of them."""
    match = _CLOCK.fullmatch(cell)
    if match is None or match.group(2) is None:
        return None
    hours, minutes, whole_seconds, part = match.groups()
    return int(hours or 0) * 3600 + int(minutes) * 60 + int(whole_seconds) + (float(f"0.{part}") if part else 0.0)


def order_of_dates(cells: list[str]) -> str | None:
    """Whether dates such as ``7/4/2020`` name the day or the month first; None where nothing tells, or none is so.

    A number above 12 tells; else the order of the list, which the page writes newest first.
    """
    parts = [match for cell in cells if (match := _DATE.fullmatch(cell)) and int(match.group(1)) < _YEAR_FROM]
    if any(int(match.group(1)) > MONTHS for match in parts):
        return DAY_FIRST
    if any(int(match.group(2)) > MONTHS for match in parts):
        return MONTH_FIRST
    texts = [match.group() for match in parts]
    disorder = {order: _disorder([local(text, order) for text in texts]) for order in (DAY_FIRST, MONTH_FIRST)}
    if disorder[DAY_FIRST] == disorder[MONTH_FIRST]:
        return None
    return min(disorder, key=lambda order: disorder[order])


def is_bare(cell: str) -> bool:
    """Whether a date leaves open which number is the month."""
    match = _DATE.fullmatch(cell)
    return bool(match) and bool(match and int(match.group(1)) < _YEAR_FROM) and "." not in cell.split(" ")[0]


def local(cell: str, order: str | None) -> datetime | None:
    """The local wall clock of a cell as if it were UTC; None for what is no date of 2000 to 2100."""
    match = _DATE.fullmatch(cell)
    if match is None:
        return None
    first, second, third = (int(part) for part in match.groups()[:3])
    if first >= _YEAR_FROM:
        year, month, day = first, second, third
    else:
        year = third if third >= _CENTURY else third + FIRST_YEAR
        points = "." in cell.split(" ")[0]
        day, month = (second, first) if order == MONTH_FIRST and not points else (first, second)
    hour, minute, second_ = (int(part or 0) for part in match.groups()[3:6])
    half = (match.group(7) or "").lower()
    if half:
        hour = hour % _NOON + (_NOON if half == "p" else 0)
    try:
        found = datetime(year, month, day, hour, minute, second_, tzinfo=UTC)
    except ValueError:
        return None
    return found if FIRST_YEAR <= year < END_YEAR else None


def _disorder(moments: list[datetime | None]) -> int:
    """How many dates are wrong or break the order of the list, newest or oldest first, whichever fits better."""
    known = [moment for moment in moments if moment is not None]
    rises = sum(a < b for a, b in pairwise(known))
    falls = sum(a > b for a, b in pairwise(known))
    return len(moments) - len(known) + min(rises, falls)
