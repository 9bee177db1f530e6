"""One week as the rules read it: a row of the weekly table, of which what is not known never warns."""

from __future__ import annotations

import math
from collections.abc import Mapping
from datetime import date
from typing import Any, Final

import pandas as pd

from plans.evidence import FINDINGS, finding, limit, within

WeekRow = Mapping[str, Any]
"""One row of the weekly table, with ``week``."""
AFTER_BREAK: Final = "what is usual after such a break"


def known(week: WeekRow, column: str) -> float | None:
    """A number of the week; None where it is not known or not there."""
    value = week.get(column)
    return None if value is None or math.isnan(value) else float(value)


def text(week: WeekRow, column: str) -> str | None:
    """A word of the week; None where there is none."""
    value = week.get(column)
    return value if isinstance(value, str) else None


def is_true(week: WeekRow, column: str) -> bool:
    """A yes or no of the week; no where it is not there."""
    return week.get(column) is True or week.get(column) == 1


def day_of(week: WeekRow, column: str = "week") -> date | None:
    """A day of the week; None where there is none."""
    value = week.get(column)
    return None if value is None or value is pd.NaT else pd.Timestamp(value).date()


def is_over(value: float | None, key: str) -> bool:
    """Does a number exceed a limit? One that is not known does not."""
    return value is not None and not within(value, limit(key))


def is_raised(week: WeekRow, name: str, share_key: str, amount_key: str) -> bool:
    """Did an amount rise on its reference by more than a share and by more than an amount?"""
    change, rise = known(week, f"{name}_build_pct"), known(week, f"{name}_rise")
    from_nothing = text(week, f"{name}_build_reason") == "zero_reference"
    return is_over(rise, amount_key) and (from_nothing or is_over(change, share_key))


def whose(key: str, general: str = "it is custom") -> str:
    """Where a limit comes from, in the words of a sentence: the general ones, or that it is one's own."""
    return general if finding(key) is FINDINGS[key] else "it is your own limit"
