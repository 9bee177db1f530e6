"""Km by steepness: how far was run at which grade, from -10 to +10 %, out of what an import keeps of each run."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, NamedTuple

from importers.run import RUN_SPORT
from importers.spread import STEEPEST_PCT, read_spread
from plans.evidence import TOLERANCE, chosen

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

METRES_PER_KM: Final = 1000.0
GRADES: Final = range(-STEEPEST_PCT, STEEPEST_PCT + 1)
"""%; the outermost ones hold all that is steeper."""


class GradeKm(NamedTuple):
    """Km by grade of some runs, and why it is not known."""

    km: dict[str, float] | None
    """Grade in %, as text -> km."""
    reason: str | None


def grade_km(runs: Iterable[Mapping[str, Any]], *, missing_share: float | None = None) -> GradeKm:
    """Km by grade in steps of 1 %.

    Args:
        runs: Rows of the log as the store gives them; other sports are left out.
        missing_share: Share of the distance that may lack an altitude; by default the finding ``missing_load_share``.

    Returns:
        None with ``not_recorded`` where no altitude was recorded, with ``missing_load`` where it was for less than
        three quarters of the distance, with ``no_run`` where nothing was run.
    """
    metres = dict.fromkeys(GRADES, 0.0)
    total = known = 0.0
    for run in runs:
        if run["sport"] != RUN_SPORT or not run["distance_m"]:
            continue
        total += run["distance_m"]
        held = read_spread(run["spread"]).grade_m if run.get("spread") else None
        if held is None:
            continue
        known += min(run["distance_m"], float(sum(held[1])))
        for grade, one in enumerate(held[1], start=held[0]):
            metres[grade] += one
    if not known:
        return GradeKm(None, "not_recorded" if total else "no_run")
    if known < (1 - chosen(missing_share, "missing_load_share")) * total - TOLERANCE:
        return GradeKm(None, "missing_load")
    return GradeKm({str(grade): one / METRES_PER_KM for grade, one in metres.items()}, None)
