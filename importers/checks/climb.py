"""Climb as measured, whatever it comes from, held against what a body can do and against where it ends."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from importers.checks.totals import CLIMB_SLACK, CLIMB_SLACK_M
from importers.climb import JUMPED_M
from importers.run import RUN_SPORT
from importers.shape import great_circle_m

if TYPE_CHECKING:
    from importers.checks.facts import Found
    from importers.climb import Profile
    from importers.run import Track

ON_FOOT: Final = (RUN_SPORT, "walk", "hike")
"""Sports in which nobody is lifted: what is climbed is climbed by legs."""
BEST_CLIMB_M_S: Final = 0.61
"""Nobody climbs faster (m/s): the best vertical kilometre took 27 min 21 s (Fully, 18 October 2025)."""
STEEPEST: Final = 1.0
"""No way on foot goes up and down by more than its length (m per m); vertical kilometres have 0.3 to 0.6."""
SAME_PLACE_M: Final = 100.0
"""A run that ends so near its start ends at its height (m)."""
DRIFT_M_S: Final = 10.0 / 3600
"""Weather moves a barometer by as much (m/s): a fast change of 1.2 hPa in an hour."""


def doubtful_climb(
    track: Track, shape: Profile | None, sport: str, climb: tuple[float | None, float | None], seconds: float | None
) -> Found:
    """Why climb cannot be trusted: its altitude jumps, nobody is as fast, or it ends where it began at another height.

    Args:
        track: the samples.
        shape: the profile of their altitude, None where it is not known.
        sport: of the recording.
        climb: ascent and descent (m), of the device or of the samples.
        seconds: moving time (s).
    """
    up, down = climb
    if shape is not None and shape.jumped_m >= JUMPED_M:
        yield f"altitude that jumps by {shape.jumped_m:,.0f} m in all (jumps: {shape.jumps}), taken for no climb"
    if sport in ON_FOOT and up is not None and seconds and up > BEST_CLIMB_M_S * seconds + CLIMB_SLACK_M:
        yield f"ascent {up:,.0f} m in {seconds / 60:,.0f} min: nobody climbs so fast"
    if up is None or down is None:
        return
    way = float(shape.distance_m[-1] - shape.distance_m[0]) if shape is not None else None
    if sport in ON_FOOT and way and up + down > STEEPEST * way + CLIMB_SLACK_M:
        yield f"ascent and descent make {up + down:,.0f} m on a way of {way:,.0f} m"
    drift = DRIFT_M_S * float(track.time_s[-1] - track.time_s[0]) if len(track) else 0.0
    if abs(up - down) > max(CLIMB_SLACK_M, CLIMB_SLACK * (up + down)) + drift and _ends_where_it_began(track):
        yield f"ascent {up:,.0f} m and descent {down:,.0f} m, yet it ends where it began"


def _ends_where_it_began(track: Track) -> bool:
    placed = np.flatnonzero(np.isfinite(track.latitude_deg) & np.isfinite(track.longitude_deg))
    if len(placed) <= 1:
        return False
    ends = placed[[0, -1]]
    return bool(great_circle_m(track.latitude_deg[ends], track.longitude_deg[ends])[0] <= SAME_PLACE_M)
