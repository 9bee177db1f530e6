"""Why a value of the JSON is null: a reason beside every null of the rows that a command shows."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

ENDING: Final = "_reason"
NOT_RECORDED: Final = "not_recorded"
NOT_CHECKED: Final = "not_checked"
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
