"""The tables of a cohort: their columns, types and order. Every one begins with the runner's label.

Weeks and warnings are what ``loadplan load`` tells of one runner alone. Amounts are NaN, texts None where unknown.
"""

from __future__ import annotations

from typing import Any, Final

import numpy as np
import pandas as pd

from loadplan.cohort.flags import FLAGS
from loadplan.measures import frame_of

Columns = dict[str, str]
"""Name of a column -> its type: ``str``, ``float64``, ``int64`` or ``bool``; days are ISO text."""

WEEKS: Final[Columns] = {
    "runner": "str", "week": "str", "complete": "bool", "runs": "int64", "distance_km": "float64",
    "duration_min": "float64", "change_pct": "float64", "change_pct_reason": "str", "build_change_pct": "float64",
    "build_change_pct_reason": "str", "recovery": "bool", "acwr": "float64", "acwr_reason": "str", "acwr_band": "str",
    "acwr_coupled": "float64", "acwr_coupled_reason": "str", "acwr_coupled_band": "str",
    "acwr_ewma": "float64", "acwr_ewma_reason": "str", "acwr_ewma_band": "str", "acwr_settled": "bool",
    "known_days": "int64", "longest_km": "float64", "spike_pct": "float64", "spike_pct_reason": "str",
    "spike_band": "str", "sessions": "int64", "judged_sessions": "int64", "spiked_sessions": "int64",
    "long_runs": "int64", "ascent_m": "float64", "descent_m": "float64", "hill_up_km": "float64",
    "hill_down_km": "float64", "ascent_acwr": "float64", "descent_acwr": "float64", "climb_source": "str",
    "climb_m_per_km": "float64", "new_shoe_share": "float64", "young_shoe_share": "float64", "cadence_spm": "float64",
    "cadence_baseline_spm": "float64", "cadence_change_pct": "float64", "monotony": "float64", "strain": "float64",
    "ctl": "float64", "atl": "float64", "tsb": "float64", "fast_min": "float64", "fast_source": "str",
    "steps": "float64", "srpe": "float64", "running_min": "float64", "road_share": "float64", "trail_share": "float64",
    "track_share": "float64", "treadmill_share": "float64", "virtual_share": "float64", "run_streak_days": "int64",
    "weeks_without_recovery": "int64", "break_week": "bool", "first_part": "bool",
}  # fmt: skip
"""A row a runner and week. ``acwr`` is the uncoupled ratio, as in ``load``; both other methods stand beside it.

``sessions`` are those of the week (the same as ``runs``); ``judged_sessions`` the days whose longest session can be
held against the 30 days before, and ``spiked_sessions`` those of them beyond the suggested limit. ``first_part`` is the
record's first week where it begins in its middle: no rule judges it.
"""

WARNINGS: Final[Columns] = {
    "runner": "str", "week": "str", "code": "str", "name": "str", "level": "str", "value": "float64",
    "limit": "float64", "unit": "str", "sentence": "str", "finding": "str", "grade": "str",
}  # fmt: skip
"""A row a warning, as in ``load``. ``finding`` is the source it rests on."""

LEDGER: Final[Columns] = {
    "runner": "str", "source": "str", "fate": "str", "code": "str", "detail": "str", "runs": "int64",
    "salvaged": "bool",
}  # fmt: skip
"""A row for everything that was found of a runner, and what became of it."""

SUMMARY: Final[Columns] = {
    "runner": "str", "status": "str", "reason": "str", "rank": "int64", "attention": "str", "found": "int64",
    "kept": "int64", "duplicates": "int64", "not_activities": "int64", "rejected": "int64", "salvaged": "int64",
    "first_day": "str", "last_day": "str", "runs": "int64", "other": "int64", "weeks": "int64", "hours_run": "float64",
    "distance_km": "float64", "warnings": "int64", "injuries": "str",
}  # fmt: skip
"""A row a runner. ``status``: ``ok``, ``partly`` (some file rejected), ``failed`` (nothing could be read: ``reason``).

``rank`` 1 is who to look at first, and ``attention`` why. ``runs`` counts sessions up to the day that counts as today,
``hours_run`` is their time. ``injuries`` are what the list of runners says: days, or ``first/last``, parted by blanks.
"""

TABLES: Final[dict[str, Columns]] = {
    "weeks": WEEKS, "warnings": WARNINGS, "ledger": LEDGER, "flags": FLAGS, "summary": SUMMARY,
}  # fmt: skip
"""Name of a table -> its columns."""


def empty(columns: Columns) -> pd.DataFrame:
    """A table without a row, with the types of its columns."""
    return typed({name: [] for name in columns}, columns)


def typed(values: dict[str, Any], columns: Columns) -> pd.DataFrame:
    """A table of these columns in their order; texts are objects with None where unknown."""
    made = {name: _column(values[name], kind) for name, kind in columns.items()}
    rows = len(next(iter(made.values()))) if made else 0
    return frame_of(made, pd.RangeIndex(rows))


def _column(values: Any, kind: str) -> Any:
    if kind == "float64":
        return np.array([np.nan if value is None else value for value in values], dtype=np.float64)
    if kind != "str":
        return np.asarray(values, dtype=kind)
    texts = np.empty(len(values), dtype=object)
    texts[:] = [value if isinstance(value, str) else None for value in values]
    return texts
