"""The run log as a table: one row a run or other activity. Its columns, and the check at the door.

Every later room takes this plain DataFrame. ``docs/names.md`` lists each column with unit and meaning.
"""

from __future__ import annotations

from typing import Final

LOG_COLUMNS: Final[dict[str, str]] = {
    "id": "object",
    "start": "datetime64[ns, UTC]",
    "day": "datetime64[ns]",
    "utc_offset_s": "float64",
    "sport": "object",
    "surface": "object",
    "distance_m": "float64",
    "elapsed_s": "float64",
    "moving_s": "float64",
    "running_s": "float64",
    "ascent_m": "float64",
    "descent_m": "float64",
    "climb_source": "object",
    "hill_up_m": "float64",
    "hill_down_m": "float64",
    "steps": "float64",
    "cadence_spm": "float64",
    "heart_rate_bpm": "float64",
    "rpe": "float64",
    "shoe": "object",
    "device": "object",
    "source": "object",
}
"""Columns every run log has; more may stand beside them. ``day`` is the local calendar day, at midnight, naive."""
