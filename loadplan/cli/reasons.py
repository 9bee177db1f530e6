"""Why a value of the JSON is null: a reason beside every null of the rows that a command shows."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final

from importers.run import RUN_SPORT

ENDING: Final = "_reason"
NOT_RECORDED: Final = "not_recorded"
NOT_CHECKED: Final = "not_checked"
RUNS_ONLY: Final = "runs_only"
REFUSED: Final = "refused"
TOO_LITTLE_FLAT_RUNNING: Final = "too_little_flat_running"
DOES_NOT_APPLY: Final = "does_not_apply"
"""Such as the distance of a rest day."""
REASONS: Final[dict[str, str]] = {
    "shoe": "not_named",
    "shoe_source": "not_named",
    "rpe": "not_told",
    "flags": NOT_CHECKED,
    "title": "not_told",
    "during": "not_told",
    "after": "not_told",
    "morning": "not_told",
    "note": "not_told",
    "onset_km": "not_told",
    "first_run": "not_worn",
    "new": "not_worn",
    "age_days": "not_worn",
    "drop_mm": "not_told",
    "stack_mm": "not_told",
    "plated": "not_told",
    "cadence_target_spm": "not_known",
}
"""Key -> why it is null, where the general reason would say too little."""

OF_RUNS: Final = (
    "surface", "running_s", "hill_up_m", "hill_down_m", "steps", "cadence_spm", "vertical_oscillation_mm",
    "ground_contact_ms", "ground_contact_balance_pct", "vertical_ratio_pct", "step_length_mm",
)  # fmt: skip
"""Kept of running only."""
REFUSING: Final = ("impossible_total", "samples_dropped")
"""Flags of values that were recorded and cannot be true."""
CADENCE: Final = ("steps", "cadence_spm")
_OUT_OF_REACH: Final = "out of reach"


def run_reasons(row: Mapping[str, Any], keys: Iterable[str]) -> dict[str, str]:
    """Why values of a run are null, as ``<key>_reason``, where more is known than that nobody recorded them.

    Args:
        row: a run as the store has it, with its ``flags`` and ``notes``.
        keys: the values that are shown.
    """
    why = ((key, _why(row, key)) for key in keys if row[key] is None)
    return {f"{key}{ENDING}": reason for key, reason in why if reason}


def _why(row: Mapping[str, Any], key: str) -> str | None:
    if row["sport"] != RUN_SPORT and key in OF_RUNS:
        return RUNS_ONLY
    if key == "climb_quality" and row["flags"] is None:
        return NOT_CHECKED
    if _refuses(row, key):
        return REFUSED
    if key == "cadence_spm" and row["steps"] is not None:
        return TOO_LITTLE_FLAT_RUNNING
    return None


def _refuses(row: Mapping[str, Any], key: str) -> bool:
    """Whether a value was recorded and left out, as what was said of the run tells."""
    if key in CADENCE and "cadence_undecided" in (row["flags"] or ()):
        return True
    said = [note["detail"] for note in row["notes"] or () if note["code"] in REFUSING]
    return any(key in detail for detail in said) or (key == "distance_m" and any(_OUT_OF_REACH in d for d in said))


def reasoned(value: Any, general: str) -> Any:
    """The value with ``<key>_reason`` behind every null of its dictionaries that does not have one yet."""
    if isinstance(value, Mapping):
        out: dict[str, Any] = {}
        for key, inner in value.items():
            out[key] = reasoned(inner, general)
            if inner is None and not key.endswith(ENDING) and f"{key}{ENDING}" not in value:
                out[f"{key}{ENDING}"] = REASONS.get(key, general)
        return out
    if isinstance(value, list | tuple):
        return [reasoned(inner, general) for inner in value]
    return value
