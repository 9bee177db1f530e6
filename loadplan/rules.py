"""The rules: what in a week goes beyond a suggested upper limit, in plain words and with the numbers.

``RULES`` is a plain tuple of functions; each takes one week and says one thing or nothing. A number that is not known
never warns. No rule asks anybody to do more, and none speaks of what will happen: they describe a week against the
weeks before it.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import Final

import pandas as pd

from loadplan.exposure_rules import (
    ascent,
    big_shoe_change,
    cadence_drop,
    descent,
    new_shoes,
    shoe_wear,
    source_change,
)
from loadplan.load_rules import (
    acwr_high,
    acwr_raised,
    build_change,
    missing_data,
    monotony,
    no_recovery_week,
    no_rest_day,
    session_spike,
    several_long_runs,
    weekly_change,
)
from loadplan.load_warning import NAMES, LoadWarning
from loadplan.several_changes import several_changes
from loadplan.week_row import WeekRow, is_true

Rule = Callable[[WeekRow], LoadWarning | None]


def check_weeks(weeks: pd.DataFrame, *, ignore: Collection[str] = ()) -> list[LoadWarning]:
    """Judge every week of a weekly table by every rule; the incomplete first week of a record by none.

    Args:
        weeks: As ``weekly_load`` gives it.
        ignore: Codes or names of rules to leave out.

    Returns:
        The warnings, week by week, in the order of their codes.

    Example:
        >>> import pandas as pd
        >>> from loadplan import check_weeks, weekly_load
        >>> days = pd.date_range("2026-01-05", periods=35, name="day")
        >>> km = [5, 5, 5, 5, 0, 0, 0] * 4 + [8, 8, 0, 15, 0, 0, 0]
        >>> weeks = weekly_load(pd.DataFrame({"distance_km": km}, index=days))
        >>> [warning.name for warning in check_weeks(weeks)]
        ['weekly-change', 'build-change', 'acwr-high', 'no-recovery-week']
    """
    columns = {**{name: weeks[name].tolist() for name in weeks.columns}, "week": weeks.index.tolist()}
    rows = [dict(zip(columns, row, strict=True)) for row in zip(*columns.values(), strict=True)]
    found = (rule(row) for row in rows if not is_true(row, "first_part") for rule in RULES)
    return [one for one in found if one and one.code not in ignore and one.name not in ignore]


RULES: Final[tuple[Rule, ...]] = (
    weekly_change,
    build_change,
    acwr_raised,
    acwr_high,
    session_spike,
    several_long_runs,
    ascent,
    descent,
    several_changes,
    new_shoes,
    big_shoe_change,
    shoe_wear,
    cadence_drop,
    monotony,
    no_recovery_week,
    no_rest_day,
    source_change,
    missing_data,
)
"""Every rule, in the order of its code (``LP001`` onwards; ``load_warning.NAMES``)."""

__all__ = ["NAMES", "RULES", "LoadWarning", "check_weeks"]
