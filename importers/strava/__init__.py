"""What a Strava account export says beside its files: its table of activities, and the shoes."""

from __future__ import annotations

from importers.strava.activities import looks_like_activities, read_activities, read_shoes
from importers.strava.rows import SERVICE

__all__ = ["SERVICE", "looks_like_activities", "read_activities", "read_shoes"]
