"""What a Garmin account says beside its files: summaries, gear, and the list that the web page exports."""

from __future__ import annotations

from importers.garmin.gear import GearTable, join_gear, looks_like_gear, read_gear
from importers.garmin.listing import looks_like_list, read_list
from importers.garmin.row import GarminRow
from importers.garmin.summaries import looks_like_summaries, read_summaries

__all__ = [
    "GarminRow",
    "GearTable",
    "join_gear",
    "looks_like_gear",
    "looks_like_list",
    "looks_like_summaries",
    "read_gear",
    "read_list",
    "read_summaries",
]
