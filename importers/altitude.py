"""Altitude without what nobody climbed: a first guess, a lost fix, a sensor that starts anew, what lies in a pause.

Between two neighbouring samples no ground rises or falls by more than it goes forward, unless it is climbed slowly.
Where altitude does, it jumps. If it is soon back, the samples between are left out, and so are the first few before a
jump. Any other jump is taken out: what follows keeps its shape, as after a pause. So a lift, and the altitude that a
device corrects on the way, is no climb, and the mountain on either side of it stays.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np

if TYPE_CHECKING:
    from importers.run import Column

JUMP_M: Final = 8.0
"""A smaller step from sample to sample may be noise (m)."""
JUMP_GRADE: Final = 1.0
"""No ground that is walked on is steeper, up or down (m per m)."""
JUMP_M_S: Final = 1.0
"""But where it is climbed, then slower than this (m/s): the best climb 0.61."""
LIFT_M: Final = 20.0
"""A smaller jump that stays is the noise of a GPS, too, and left to the smoothing (m)."""
BACK_S: Final = 60.0
"""After a jump altitude that is back at what it was is looked for within this time (s)."""
BACK_GRADE: Final = 0.1
"""It is back where it is as far off as the ground may have risen meanwhile (m per m), or by noise, ``JUMP_M``,"""
BACK_SHARE: Final = 0.5
"""and by no more than this share of the jump, or it has stayed."""
FIRST_FIX_S: Final = 60.0
"""So long after its beginning a jump is the end of a first guess (s)."""
SEARCHES_MAX: Final = 500
"""Jumps that are looked at; more are no altitude."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Level:
    """Altitude without jumps, at the samples that tell it."""

    altitude_m: Column
    kept: Any
    """Which of the samples these are: a mask, or all as a slice."""
    astray: int = 0
    """Samples that were left out."""
    jumps: int = 0
    """Jumps that were taken out, those over a pause not counted."""
    jumped_m: float = 0.0
    """What these make in all, up and down (m)."""


def levelled(altitude_m: Column, time_s: Column, distance_m: Column, segment: Column) -> Level:
    """Altitude without jumps; all arguments are of samples with a known altitude, distance never falling."""
    step, pause = altitude_m[1:] - altitude_m[:-1], segment[1:] != segment[:-1]
    steep = _steep(step, time_s, distance_m) & ~pause
    if not steep.any():
        return Level(altitude_m=_joined(altitude_m, step, pause) if pause.any() else altitude_m, kept=slice(None))
    calm = _without_spikes(altitude_m, step, steep)
    step = np.diff(calm)
    steep &= np.abs(step) >= np.where(time_s[:-1] - time_s[0] <= FIRST_FIX_S, JUMP_M, LIFT_M)
    kept = _kept(calm, time_s, distance_m, np.flatnonzero(steep), np.flatnonzero(pause))
    z = calm[kept]
    step, pause = np.diff(z), np.diff(segment[kept]) != 0
    steep = _steep(step, time_s[kept], distance_m[kept]) & ~pause & (np.abs(step) >= LIFT_M)
    return Level(
        altitude_m=_joined(z, step, pause | steep),
        kept=kept,
        astray=int((~kept).sum()),
        jumps=int(steep.sum()),
        jumped_m=float(np.abs(step[steep]).sum()),
    )


def _steep(step: Column, time_s: Column, distance_m: Column) -> Any:
    """Which steps of the altitude are jumps."""
    rise = np.abs(step)
    steep = rise > JUMP_M
    if steep.any():
        steep &= rise > np.maximum(JUMP_GRADE * np.diff(distance_m), JUMP_M_S * np.diff(time_s))
    return steep


def _without_spikes(altitude_m: Column, step: Column, steep: Any) -> Column:
    """Altitude whose single samples far off both neighbours are brought to the nearer of them: they are but noise."""
    spike = np.flatnonzero(steep[:-1] & steep[1:] & (step[:-1] * step[1:] < 0)) + 1
    out = altitude_m.copy()
    before, after = altitude_m[spike - 1], altitude_m[spike + 1]
    out[spike] = np.where(altitude_m[spike] > before, np.maximum(before, after), np.minimum(before, after))
    return out


def _kept(z: Column, time_s: Column, distance_m: Column, jumps: Any, pauses: Any) -> Any:
    """Mask of the samples that are not astray, from the last ones before each jump and each pause."""
    kept = np.ones(len(z), dtype=bool)
    back = 0
    for i in jumps[:SEARCHES_MAX].tolist():
        if i < back:
            continue
        end = np.searchsorted(time_s, time_s[i] + BACK_S, side="right")
        pause = np.searchsorted(pauses, i)
        end = min(end, pauses[pause] + 1) if pause < len(pauses) else end
        later = slice(i + 2, end)
        far = np.maximum(JUMP_M, BACK_GRADE * (distance_m[later] - distance_m[i]))
        found = np.flatnonzero(np.abs(z[later] - z[i]) <= np.minimum(far, BACK_SHARE * abs(z[i + 1] - z[i])))
        first = int(found[0]) + i + 2 if len(found) else None
        before = time_s[i] - time_s[0]
        if before <= FIRST_FIX_S and (first is None or time_s[first] - time_s[i + 1] > before):
            kept[: i + 1] = False
        elif first is not None:
            kept[i + 1 : first] = False
            back = first
    return kept


def _joined(altitude_m: Column, step: Column, jump: Any) -> Column:
    """Altitude with the steps that are jumps taken out of all that follows."""
    lifted = np.cumsum(np.where(jump, step, 0.0))
    return np.asarray(altitude_m - np.concatenate([[0.0], lifted]), dtype=np.float64)
