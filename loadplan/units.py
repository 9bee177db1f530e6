"""The edge: km or miles, pace, durations and days, as people read and type them. Inside, names say the SI unit."""

from __future__ import annotations

import math
import re
from datetime import date, time
from typing import Final, Literal

Units = Literal["km", "mi"]
KM_PER_MILE: Final = 1.609344
METRES_PER_KM: Final = 1000
SECONDS_PER_MINUTE: Final = 60
_KM: Final = re.compile(r"(?P<first>\d+(?:\.\d+)?)(?:(?P<other> against )(?P<second>\d+(?:\.\d+)?))? km\b")
_PACE: Final = re.compile(r"(\d+):(\d\d) min/km\b")
UNKNOWN: Final = "-"
"""What a table shows where nothing is known."""


def known(value: float | None) -> bool:
    """True for a real number: neither None nor NaN."""
    return value is not None and math.isfinite(value)


def number(value: float | None, digits: int = 0) -> str:
    """A rounded number, or "-" where unknown."""
    return UNKNOWN if value is None or not math.isfinite(value) else f"{value:.{digits}f}"


def in_units(km: float | None, units: Units) -> float | None:
    """Kilometres in the reader's unit."""
    return km if km is None or units == "km" else km / KM_PER_MILE


def distance(km: float | None, units: Units = "km", digits: int = 1) -> str:
    """A distance in km or miles, without the unit's name.

    >>> from loadplan.units import distance
    >>> distance(16.09344, "mi")
    '10.0'
    """
    return number(in_units(km, units), digits)


def spoken(sentence: str, units: Units) -> str:
    """A sentence with its kilometres in the reader's unit; both numbers of a comparison, and a pace, too.

    >>> from loadplan.units import spoken
    >>> spoken("30.0 against 19.2 km, at 6:00 min/km", "mi")
    '18.6 against 11.9 mi, at 9:39 min/mi'
    """
    if units == "km":
        return sentence
    told = _KM.sub(_miles, sentence)
    return _PACE.sub(lambda m: f"{_pace_in_miles(int(m[1]), int(m[2]))} min/mi", told)


def _miles(found: re.Match[str]) -> str:
    first, other, second = found["first"], found["other"] or "", found["second"]
    against = f"{other}{_mile_number(second)}" if second else ""
    return f"{_mile_number(first)}{against} mi"


def _mile_number(km: str) -> str:
    return f"{float(km) / KM_PER_MILE:.{len(km.partition('.')[2]) or 1}f}"


def _pace_in_miles(minutes: int, seconds: int) -> str:
    whole = round((minutes * SECONDS_PER_MINUTE + seconds) * KM_PER_MILE)
    return f"{whole // SECONDS_PER_MINUTE}:{whole % SECONDS_PER_MINUTE:02d}"


def percent(value: float | None) -> str:
    """A signed whole percentage.

    >>> from loadplan.units import percent
    >>> percent(12.4), percent(-0.2), percent(None)
    ('+12%', '0%', '-')
    """
    if value is None or not math.isfinite(value):
        return UNKNOWN
    whole = round(value)
    return f"{whole:+d}%" if whole else "0%"


def duration(seconds: float | None) -> str:
    """Hours, minutes and seconds.

    >>> from loadplan.units import duration
    >>> duration(3723), duration(2890)
    ('1:02:03', '48:10')
    """
    if seconds is None or not math.isfinite(seconds):
        return UNKNOWN
    minutes, s = divmod(round(seconds), SECONDS_PER_MINUTE)
    hours, m = divmod(minutes, SECONDS_PER_MINUTE)
    return f"{hours}:{m:02d}:{s:02d}" if hours else f"{m}:{s:02d}"


def pace(seconds: float | None, metres: float | None, units: Units = "km") -> str:
    """Minutes and seconds per km or mile.

    >>> from loadplan.units import pace
    >>> pace(1500, 5000)
    '5:00'
    """
    if not seconds or not metres or not math.isfinite(seconds) or not math.isfinite(metres):
        return UNKNOWN
    per_km = seconds / metres * METRES_PER_KM
    return duration(per_km * (KM_PER_MILE if units == "mi" else 1))


def parse_day(text: str) -> date:
    """A day typed as YYYY-MM-DD. Raises ValueError with a sentence for anything else."""
    try:
        return date.fromisoformat(text.strip())
    except ValueError:
        raise ValueError(f"{text!r} is not a day such as 2026-11-30 (YYYY-MM-DD)") from None


def parse_time(text: str) -> time:
    """A time of day typed as HH:MM. Raises ValueError with a sentence for anything else."""
    try:
        return time.fromisoformat(text.strip()).replace(tzinfo=None)
    except ValueError:
        raise ValueError(f"{text!r} is not a time such as 18:30 (HH:MM)") from None
