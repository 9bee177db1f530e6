"""A week's amount against the week before and against its reference: the columns, and why they are empty."""

from __future__ import annotations

from typing import Any

import numpy as np

from loadplan.grid import Grid
from loadplan.measures import Floats, Texts, quotient
from loadplan.reference import Build, Levels


def leading_levels(own: dict[str, Levels], compared: dict[str, Floats]) -> Levels:
    """Recovery weeks of climb and of fast minutes are those of the distance, or of the minutes where that lacks."""
    unknown = np.isnan(compared["distance"]).sum() > np.isnan(compared["duration"]).sum()
    return own["duration" if unknown else "distance"]


def build_columns(name: str, build: Build, load: Floats) -> dict[str, Any]:
    """The columns that compare an amount with its reference."""
    return {
        f"{name}_build_pct": build.change_pct,
        f"{name}_build_reason": build.reason,
        f"{name}_rise": load - build.reference,
        f"{name}_reference": build.reference,
    }


def change_on_week_before(load: Floats, grid: Grid) -> tuple[Floats, Texts]:
    """Change against the week before in %."""
    before = np.concatenate([[np.nan], load[:-1]])
    known_before = np.concatenate([[False], grid.whole[:-1]])
    reason = np.full(len(load), None, dtype=object)
    reason[before == 0] = "zero_previous"
    reason[np.isnan(load) | np.isnan(before)] = "missing_load"
    reason[~known_before] = "insufficient_history"
    reason[~grid.whole] = "partial_week"
    ok = reason == None  # noqa: E711
    change = 100 * (quotient(load, before, ok) - 1)
    return change, reason


def why_null(applies: Any, reason: str) -> Texts:
    """The reason where it applies, else None."""
    return np.where(applies, reason, None)  # type: ignore[call-overload,no-any-return]
