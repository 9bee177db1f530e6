"""Limits of one's own: a runner, a coach or a clinic may set the limit of a rule, within a range and with a source.

They hold for what was run (``load``, ``check``, ``flare``, ``shoes``). A plan is made and judged by the general ones.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final

from plans.evidence import FINDINGS, Finding, Grade

RANGES: Final[dict[str, tuple[float, float]]] = {
    "build_change_pct": (5, 20),
    "change_strong_pct": (20, 50),
    "change_ignore_km": (0, 5),
    "change_ignore_min": (0, 30),
    "acwr_raised": (1.1, 1.5),
    "acwr_high": (1.3, 2.0),
    "spike_small_pct": (5, 20),
    "spike_moderate_pct": (20, 50),
    "spike_large_pct": (50, 150),
    "long_run_factor": (1.3, 2.0),
    "long_runs_per_week": (1, 2),
    "climb_change_pct": (5, 30),
    "climb_change_m": (20, 500),
    "changes_per_week": (1, 2),
    "surface_rise_share": (0.1, 0.5),
    "fast_speed_factor": (1.05, 1.3),
    "new_shoe_days": (14, 42),
    "new_shoe_share": (0.1, 0.5),
    "new_shoe_later_days": (28, 56),
    "new_shoe_later_share": (0.4, 0.9),
    "big_change_drop_mm": (2, 8),
    "big_change_stack_mm": (4, 15),
    "big_change_first_share": (0.05, 0.2),
    "big_change_step_share": (0.05, 0.2),
    "shoe_wear_km": (300, 1000),
    "shoe_worn_km": (400, 1500),
    "cadence_drop_pct": (2, 10),
    "monotony_note": (1.5, 4),
    "no_recovery_weeks": (3, 8),
    "rest_days_max_streak": (5, 21),
}
"""Finding -> what may be set instead. Everything else is fixed."""
KEYS: Final = frozenset({"value", "source"})


class OwnLimitError(ValueError):
    """A limit of one's own that cannot be meant; the text says what may stand there."""


def own_finding(key: str, stated: Any) -> Finding:
    """The finding with a value and a source of one's own, such as ``{"value": 8, "source": "Clinic X, 2026"}``.

    Raises:
        OwnLimitError: no such limit, out of its range, or without a source.

    Example:
        >>> from loadplan.own_limits import own_finding
        >>> own_finding("build_change_pct", {"value": 8, "source": "My coach"}).value
        8.0
    """
    if key not in RANGES:
        raise OwnLimitError(f"no limit of a rule is called {key!r}; they are {', '.join(RANGES)}")
    low, high = RANGES[key]
    if not isinstance(stated, Mapping) or set(stated) != KEYS:
        raise OwnLimitError(f'{key} needs a value and a source: {key} = {{ value = {low:g}, source = "who says so" }}')
    value, source = stated["value"], stated["source"]
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        raise OwnLimitError(f"{key}: the value must be a number, not {value!r}")
    if not low <= value <= high:
        raise OwnLimitError(f"{key} may be {low:g} to {high:g} {FINDINGS[key].unit}, not {value:g}")
    if not isinstance(source, str) or not source.strip():
        raise OwnLimitError(f"{key} needs a source: who says so, in words")
    general = FINDINGS[key]
    said = f"{source.strip()} (own limit; the general one is {general.value:g} {general.unit}: {general.source})"
    return replace(general, value=float(value), source=said, grade=Grade.CUSTOM, low=low, high=high, against=None)


def own_findings(stated: Any) -> dict[str, Finding]:
    """All limits of one's own of a configuration, checked together: raised stays below high, and so on.

    Raises:
        OwnLimitError: one of them cannot be meant, or two contradict each other.
    """
    if not isinstance(stated, Mapping):
        raise OwnLimitError("limits must be a table: [limits]")
    found = {key: own_finding(key, one) for key, one in stated.items()}
    for lower, upper in ORDERED:
        least, most = (found.get(key, FINDINGS[key]).value for key in (lower, upper))
        if least >= most:
            raise OwnLimitError(f"{lower} ({least:g}) must lie below {upper} ({most:g})")
    return found


ORDERED: Final = (
    ("build_change_pct", "change_strong_pct"), ("acwr_raised", "acwr_high"), ("spike_small_pct", "spike_moderate_pct"),
    ("spike_moderate_pct", "spike_large_pct"), ("new_shoe_days", "new_shoe_later_days"),
    ("new_shoe_share", "new_shoe_later_share"), ("shoe_wear_km", "shoe_worn_km"),
)  # fmt: skip
"""Pairs of which the first is the smaller one."""
