"""Ascent, descent and hill metres from the altitude of a track, where the device gives no totals of its own.

Altitude is laid on a grid of distance, smoothed, and read by peaks and valleys: a change of direction counts only
when it is larger than the noise of its source. Adding up every rise instead reads 40 to 240 m too much on a
barometric run of 10 km, and 660 to 1050 m too much on a GPS one (docs/evidence.md).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from importers.altitude import levelled
from importers.track import median, where

if TYPE_CHECKING:
    from importers.run import Column, Track

GRID_M: Final = 10.0
"""Step of the profile (m of distance)."""
MEDIAN_CELLS: Final = 3
BAROMETRIC_WINDOW_M: Final = 50.0
"""Length of the moving mean for barometric or smooth altitude (m)."""
GPS_WINDOW_M: Final = 100.0
"""Length of the moving mean for GPS altitude (m)."""
BAROMETRIC_HYSTERESIS_M: Final = 3.0
"""A turn smaller than this is noise of a barometer (m)."""
GPS_HYSTERESIS_M: Final = 10.0
"""A turn smaller than this is noise of GPS altitude (m)."""
HILL_GRADE: Final = 0.03
"""A hill begins at this grade, up or down (m per m)."""
HILL_LENGTH_M: Final = 100.0
"""Shorter stretches are no hill (m)."""
WAVE_M: Final = (30.0, 100.0)
"""Errors of GPS altitude wander over tens of metres of a run; those of a barometer come and go from sample to sample.
What is told apart is the mean over the first less the mean over the second (m)."""
SMOOTH_WAVE_M: Final = 0.22
"""On flat ground altitude that wanders less than this is barometric or as smooth (m, standard deviation)."""
TERRAIN_WAVE_M: Final = 5.0
"""Where the ground itself goes up and down, it may wander by so much more (m for a grade of 1). On foot, watches with a
barometer lie at 0.02 to 0.2 plus 2 to 4 times the grade, phones and watches without one at 0.4 to 0.8."""
TERRAIN_CELLS: Final = 20
"""Grade of the ground is taken over so many cells, too long for the wandering of a GPS."""
HALF_CELLS: Final = 50
"""Halves of a profile that are as long are asked for the source of the altitude, too."""
UNKNOWN_GAP_M: Final = 100.0
"""Farther apart than this (m), nothing is known of the altitude between two samples."""
KNOWN_SHARE: Final = 0.8
"""Climb is given when altitude is known over at least this share of the distance."""
MIN_CELLS: Final = 3
JUMPED_M: Final = 30.0
"""Where jumps of so much in all were taken out, what is left is not to be trusted to the metre (m)."""
GOOD: Final = "good"
LOW: Final = "low"
NORMAL_MAD: Final = 1.4826
"""Standard deviation of normal noise over its median absolute deviation."""
EXACT: Final = 1e-9


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """Smoothed altitude over distance, in steps of ``GRID_M``."""

    distance_m: Column
    altitude_m: Column
    barometric: bool
    sure: bool = True
    """False where parts of it speak for a barometer and parts against it, or where it is one value throughout."""
    astray: int = 0
    """Samples whose altitude was left out; see ``importers.altitude``."""
    jumps: int = 0
    jumped_m: float = 0.0
    """Jumps of the altitude that were taken out, and what they make in all (m)."""

    @property
    def quality(self) -> str:
        """How far climb from this altitude can be trusted."""
        return GOOD if self.barometric and self.sure and self.jumped_m < JUMPED_M else LOW

    @property
    def grade(self) -> Column:
        """Rise over run of each step (m per m), one fewer than points."""
        return np.asarray((self.altitude_m[1:] - self.altitude_m[:-1]) / GRID_M, dtype=np.float64)

    def grade_at(self, distance_m: Column) -> Column:
        """Grade at distances (m), NaN outside of the profile."""
        middle = (self.distance_m[:-1] + self.distance_m[1:]) / 2
        out = np.interp(distance_m, middle, self.grade)
        with np.errstate(invalid="ignore"):
            inside = (distance_m >= self.distance_m[0]) & (distance_m <= self.distance_m[-1])
        return np.where(inside, out, np.nan)


def profile(track: Track, distance_m: Column, *, barometric: bool | None = None) -> Profile | None:
    """Smoothed profile of a track, None where too little of its altitude is known.

    Args:
        track: the samples.
        distance_m: distance of each sample since the start (m), never falling.
        barometric: whether the altitude comes from a barometer; None decides by its noise.
    """
    known = where(np.isfinite(track.altitude_m) & np.isfinite(distance_m))
    x = distance_m[known]
    if not len(x):
        return None
    level = levelled(track.altitude_m[known], track.time_s[known], x, track.segment[known])
    x, y = x[level.kept], level.altitude_m
    onward = np.ones(len(x), dtype=bool)
    onward[1:] = x[1:] > x[:-1]
    onward = where(onward)
    x, y = x[onward], y[onward]
    length = float(np.fmax.reduce(distance_m) - np.fmin.reduce(distance_m))
    steps = x[1:] - x[:-1]
    if float(steps[where(steps <= UNKNOWN_GAP_M)].sum()) < KNOWN_SHARE * length or x[-1] - x[0] < MIN_CELLS * GRID_M:
        return None
    grid = np.arange(x[0], x[-1] + EXACT, GRID_M)
    altitude = median3(np.interp(grid, x, y))
    smooth, sure = is_smooth(altitude) if barometric is None else (barometric, True)
    smooth = smooth and (sure or level.jumped_m < JUMPED_M)  # a barometer does not jump
    return Profile(
        distance_m=grid,
        altitude_m=moving_mean(altitude, BAROMETRIC_WINDOW_M if smooth else GPS_WINDOW_M),
        barometric=smooth,
        sure=sure and bool((altitude != altitude[0]).any()),
        astray=level.astray,
        jumps=level.jumps,
        jumped_m=level.jumped_m,
    )


def is_smooth(altitude_m: Column) -> tuple[bool, bool]:
    """Whether altitude on a grid of ``GRID_M`` is that of a barometer, or as good, and whether its halves agree."""
    smooth, half = _wanders_less(altitude_m), len(altitude_m) // 2
    if half < HALF_CELLS:
        return smooth, True
    return smooth, all(_wanders_less(part) == smooth for part in (altitude_m[:half], altitude_m[half:]))


def _wanders_less(altitude_m: Column) -> bool:
    """True for altitude that wanders no more than the ground."""
    return wave_m(altitude_m) < SMOOTH_WAVE_M + TERRAIN_WAVE_M * _mean_grade(altitude_m)


def wave_m(altitude_m: Column) -> float:
    """How far altitude wanders over tens of metres (m): deviation by the median, so that hills do not count."""
    short, long = WAVE_M
    total = _sums(altitude_m)
    wave = _centred(total, short) - _centred(total, long)
    return NORMAL_MAD * median(np.abs(wave - median(wave)))


def _mean_grade(altitude_m: Column) -> float:
    """Mean steepness of the ground (m per m), up and down alike."""
    cells = min(TERRAIN_CELLS, len(altitude_m) - 1)
    return float(np.abs(altitude_m[cells:] - altitude_m[:-cells]).mean()) / (cells * GRID_M)


def median3(values: Column) -> Column:
    """Median of each value and its two neighbours; the ends stay."""
    if len(values) < MEDIAN_CELLS:
        return values
    before, here, after = values[:-2], values[1:-1], values[2:]
    inner = np.maximum(np.minimum(before, here), np.minimum(np.maximum(before, here), after))
    return np.concatenate([values[:1], inner, values[-1:]])


def moving_mean(values: Column, window_m: float) -> Column:
    """Centred mean over ``window_m`` of a grid of ``GRID_M``; at the ends over what there is on both sides alike."""
    return _centred(_sums(values), window_m) if len(values) >= MIN_CELLS else values


def _sums(values: Column) -> Column:
    """Sum of the values before each one, and of all of them."""
    total = np.zeros(len(values) + 1)
    values.cumsum(out=total[1:])
    return total


def _centred(total: Column, window_m: float) -> Column:
    """``moving_mean`` from the sums of the values."""
    count = len(total) - 1
    half = min(max(1, round(window_m / GRID_M / 2)), (count - 1) // 2)
    width = 2 * half + 1
    odd = np.arange(1, width, 2)  # widths at the ends
    out = np.empty(count)
    out[half : count - half] = (total[width:] - total[:-width]) / width
    out[:half] = total[1:width:2] / odd
    out[count - half :] = (total[-1] - total[count - width + 2 : count : 2]) / odd[::-1]
    return out


def peak_valley(altitude_m: Column | list[float], hysteresis_m: float) -> tuple[float, float]:
    """Gain and loss (m): a leg is booked when altitude retreats from its extreme by more than the hysteresis."""
    gain = loss = 0.0
    low = high = turn = extreme = 0.0
    direction = 0
    for k, z in enumerate(_turning_points(np.asarray(altitude_m, dtype=np.float64)).tolist()):
        if k == 0:
            low = high = z
        elif direction == 0:
            low, high = min(low, z), max(high, z)
            if z - low > hysteresis_m:
                direction, turn, extreme = 1, low, z
            elif high - z > hysteresis_m:
                direction, turn, extreme = -1, high, z
        elif direction * (z - extreme) > 0:
            extreme = z
        elif direction * (extreme - z) > hysteresis_m:
            gain, loss = _book(gain, loss, extreme - turn)
            direction, turn, extreme = -direction, extreme, z
    if direction and abs(extreme - turn) > hysteresis_m:
        gain, loss = _book(gain, loss, extreme - turn)
    return gain, loss


def _turning_points(altitude_m: Column) -> Column:
    """First, last and each value where rising turns into falling or back; what lies between changes nothing."""
    step = np.diff(altitude_m)
    moves = np.flatnonzero(step)
    if not len(moves):
        return altitude_m[:1]
    turns = moves[1:][(step[moves[1:]] > 0) != (step[moves[:-1]] > 0)]
    return np.concatenate([altitude_m[:1], altitude_m[turns], altitude_m[-1:]])


def _book(gain: float, loss: float, leg: float) -> tuple[float, float]:
    return (gain + leg, loss) if leg > 0 else (gain, loss - leg)


def climb(shape: Profile) -> tuple[float, float]:
    """Ascent and descent of a profile (m), with the hysteresis of its source."""
    hysteresis = BAROMETRIC_HYSTERESIS_M if shape.barometric else GPS_HYSTERESIS_M
    return peak_valley(shape.altitude_m, hysteresis)


def hills(shape: Profile) -> tuple[float, float]:
    """Metres run uphill and downhill: stretches of at least 100 m at 3 % or more."""
    grade = shape.grade
    return _long_stretches(grade >= HILL_GRADE - EXACT), _long_stretches(grade <= -HILL_GRADE + EXACT)


def _long_stretches(steep: Any) -> float:
    """Total length (m) of runs of steep steps that are long enough to be a hill."""
    if not steep.any():
        return 0.0
    walled = np.zeros(len(steep) + 2, dtype=bool)
    walled[1:-1] = steep
    edges = np.flatnonzero(walled[1:] != walled[:-1])
    lengths = (edges[1::2] - edges[::2]) * GRID_M
    return float(lengths[lengths >= HILL_LENGTH_M - EXACT].sum())
