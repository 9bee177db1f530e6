"""In which weeks a rule could have spoken: only there is its silence an answer. Unknown is not unflagged."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import numpy as np
import pandas as pd

from loadplan.measures import Bools, numbers, texts
from loadplan.several_changes import CHANGES
from plans.evidence import limit

Could = Callable[[pd.DataFrame], Bools]
"""Weekly table -> weeks in which a rule has all that it reads, and looks."""


def judged_weeks(weeks: pd.DataFrame) -> dict[str, Bools]:
    """Code of each rule -> in which weeks it could have spoken: whole weeks with a run, and its numbers known.

    Args:
        weeks: As ``weekly_load`` gives it, with all of its columns.
    """
    ran = weeks["whole"].to_numpy(dtype=bool) & (weeks["runs"].to_numpy() > 0)
    return {code: could(weeks) & ran for code, could in COULD.items()}


def _known(weeks: pd.DataFrame, *columns: str) -> Bools:
    return np.asarray(np.all([~np.isnan(numbers(weeks, column)) for column in columns], axis=0), dtype=np.bool_)


def _told(weeks: pd.DataFrame, column: str) -> Bools:
    return np.asarray(texts(weeks, column) != None, dtype=np.bool_)  # noqa: E711


def _is(weeks: pd.DataFrame, column: str) -> Bools:
    return weeks[column].to_numpy(dtype=bool)


def _risen(weeks: pd.DataFrame, name: str) -> Bools:
    """An amount can be held against its reference, be that nothing."""
    from_nothing = np.asarray(texts(weeks, f"{name}_build_reason") == "zero_reference", dtype=np.bool_)
    return _known(weeks, f"{name}_rise") & (_known(weeks, f"{name}_build_pct") | from_nothing)


def _climb(name: str) -> Could:
    return lambda weeks: _risen(weeks, name) & ~_is(weeks, "planned")


def _several(weeks: pd.DataFrame) -> Bools:
    """More kinds of change are known than may go up at once."""
    distance = _risen(weeks, "distance") | _risen(weeks, "duration") | _told(weeks, "spike_band")
    known = {
        "distance": distance & ~_is(weeks, "ladder"),
        "hills": (_risen(weeks, "ascent") | _risen(weeks, "descent")) & ~_is(weeks, "planned"),
        "fast minutes": _risen(weeks, "fast"),
        "surface": _known(weeks, "surface_rise", "surface_rise_km"),
        "new shoes": _known(weeks, "new_shoe_share") & ~_is(weeks, "new_shoe_allowed"),
        "cadence": _known(weeks, "cadence_adjusted_spm", "cadence_baseline_spm"),
    }
    count = np.sum([known[name] for name in CHANGES], axis=0)
    return np.asarray(count > limit("changes_per_week"), dtype=np.bool_)


def _shoes(weeks: pd.DataFrame) -> Bools:
    return _known(weeks, "new_shoe_share") | _known(weeks, "young_shoe_share")


def _big_shoes(weeks: pd.DataFrame) -> Bools:
    return _known(weeks, "big_shoe_share", "big_shoe_limit") & ~_is(weeks, "big_shoe_allowed")


COULD: Final[dict[str, Could]] = {
    "LP001": lambda weeks: _known(weeks, "change_pct", "load") & ~_is(weeks, "planned") & ~_is(weeks, "after_easier"),
    "LP002": lambda weeks: _known(weeks, "build_change_pct", "build_reference"),
    "LP003": lambda weeks: _told(weeks, "acwr_band"),
    "LP004": lambda weeks: _told(weeks, "acwr_band"),
    "LP005": lambda weeks: _told(weeks, "spike_band"),
    "LP006": lambda weeks: _known(weeks, "distance_km"),
    "LP007": _climb("ascent"),
    "LP008": _climb("descent"),
    "LP009": _several,
    "LP010": _shoes,
    "LP011": _big_shoes,
    "LP012": lambda weeks: weeks["shoe_known_km"].to_numpy() > 0,
    "LP013": lambda weeks: _known(weeks, "cadence_change_pct"),
    "LP014": lambda weeks: _known(weeks, "monotony"),
    "LP015": lambda weeks: _known(weeks, "weeks_without_recovery", "load") & ~_is(weeks, "ladder"),
    "LP016": lambda weeks: _known(weeks, "run_streak_days"),
    "LP017": lambda weeks: _told(weeks, "climb_source"),
    "LP018": lambda weeks: _known(weeks, "runs"),
}
"""A line a rule, in the order of ``rules.RULES``; a test holds each against the rule itself."""
