"""The second reader's own climb: every rise, and the smoothed profile that loadplan's rules ask for. Plain Python."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from itertools import pairwise
from statistics import fmean
from typing import Final

from importers.audit.reading import Sample
from importers.audit.sums import PAUSE_S, line_m

FLAT: Final = 0.02
"""Ground that is no steeper is flat (m per m)."""
GRID_M: Final = 10.0
"""Step of a profile (m)."""
BAROMETER: Final = (50.0, 3.0)
"""Moving mean and smallest turn of barometric altitude (m)."""
SATELLITE: Final = (100.0, 10.0)
"""Moving mean and smallest turn of GPS altitude (m)."""
FEWEST_CELLS: Final = 3
"""A shorter profile is none."""
NEAR_M: Final = 100.0
"""Farther apart than this (m), nothing is known of the altitude between two samples."""
FIRST_S: Final = 60.0
"""Altitude may jump as it is found, for so long after the first one (s)."""
FIRST_JUMP_M, JUMP_M, JUMP_M_S = 8.0, 20.0, 1.0
"""More than this from sample to sample (m; the first at the beginning), faster than this (m/s), and more than is
covered meanwhile, is a jump."""
KNOWN_SHARE: Final = 0.8
"""A profile needs altitude over this share of the way."""

Profile = tuple[list[float], list[float]]
"""Distances on the grid (m) and the smoothed altitude there (m)."""


def every_rise_m(samples: Sequence[Sample]) -> tuple[float, float] | None:
    """Every rise and every fall of the altitude added (m)."""
    known = [s.altitude_m for s in samples if s.altitude_m is not None]
    if len(known) <= 1:
        return None
    steps = [b - a for a, b in pairwise(known)]
    return sum(s for s in steps if s > 0), -sum(s for s in steps if s < 0)


def smoothed_climb_m(samples: Sequence[Sample], window_m: float, turn_m: float) -> tuple[float, float] | None:
    """Ascent and descent (m) of the smoothed profile, where a turn counts only when it is larger than ``turn_m``."""
    shape = profile(samples, window_m)
    return None if shape is None else legs_m(shape[1], turn_m)


def settled(samples: Sequence[Sample]) -> list[Sample]:
    """The samples with the jumps of their altitude taken out."""
    out: list[Sample] = []
    first: Sample | None = None
    last: Sample | None = None
    lifted = 0.0
    has_counter = sum(s.distance_m is not None for s in samples) > 1
    for sample in samples:
        if sample.altitude_m is None:
            out.append(sample)
            continue
        first, last = first or sample, last or sample
        lifted += _jump(last, sample, last.time_s - first.time_s <= FIRST_S, has_counter=has_counter)
        last = sample
        out.append(sample._replace(altitude_m=sample.altitude_m - lifted))
    return out


def _jump(a: Sample, b: Sample, at_first: bool, *, has_counter: bool) -> float:
    """By how much altitude jumps between two samples that have one (m), 0 where it may have been climbed."""
    rise, seconds = (b.altitude_m or 0.0) - (a.altitude_m or 0.0), b.time_s - a.time_s
    where = (a.distance_m, b.distance_m) if has_counter else (a.latitude_deg, b.latitude_deg)
    metres = 0.0 if None in where or a.part != b.part else _step(a, b, has_counter=has_counter)
    least = FIRST_JUMP_M if at_first else JUMP_M
    return rise if a.part == b.part and abs(rise) > max(least, JUMP_M_S * seconds, metres) else 0.0


def legs_m(altitude_m: Sequence[float], turn_m: float) -> tuple[float, float]:
    """Ascent and descent (m) between turns that are larger than ``turn_m``."""
    turns: list[float] = []
    low = high = altitude_m[0]
    for z in altitude_m:
        if not turns:
            low, high = min(low, z), max(high, z)
            if high - low > turn_m:
                turns = [low, z] if z == high else [high, z]
        elif z >= turns[-1] if turns[-1] > turns[-2] else z <= turns[-1]:
            turns[-1] = z
        elif abs(z - turns[-1]) > turn_m:
            turns.append(z)
    steps = [b - a for a, b in pairwise(turns)]
    return sum(s for s in steps if s > 0), -sum(s for s in steps if s < 0)


def profile(samples: Sequence[Sample], window_m: float) -> Profile | None:
    """Altitude on a grid of distance: median of three, then a moving mean; None where too little is known."""
    along = _along(samples)
    known = [(x, z) for x, z in along if z is not None]
    if len(known) <= 1 or known[-1][0] - known[0][0] < FEWEST_CELLS * GRID_M:
        return None
    xs, zs = _first_at_each(known)
    if sum(b - a for a, b in pairwise(xs) if b - a <= NEAR_M) < KNOWN_SHARE * (along[-1][0] - along[0][0]):
        return None
    count = int((xs[-1] - xs[0]) / GRID_M + 1e-9) + 1
    grid = [xs[0] + k * GRID_M for k in range(count)]
    raw = [_between(xs, zs, x) for x in grid]
    calm = [sorted(raw[max(0, k - 1) : k + 2])[1] if 0 < k < count - 1 else raw[k] for k in range(count)]
    return grid, _mean_over(calm, window_m)


def _along(samples: Sequence[Sample]) -> list[tuple[float, float | None]]:
    """Distance covered so far and altitude at each sample; what happened between two stretches is taken out."""
    out: list[tuple[float, float | None]] = []
    covered, lifted, last_z = 0.0, 0.0, None
    has_counter = sum(s.distance_m is not None for s in samples) > 1
    placed: Sample | None = None
    for sample in samples:
        where = sample.distance_m if has_counter else sample.latitude_deg
        if where is not None:
            if placed is not None and (placed.part == sample.part or has_counter):
                covered += max(0.0, _step(placed, sample, has_counter=has_counter))
            if placed is not None and placed.part != sample.part and None not in (last_z, sample.altitude_m):
                lifted += (sample.altitude_m or 0.0) - (last_z or 0.0)
            placed = sample
        if sample.altitude_m is not None:
            last_z = sample.altitude_m
        out.append((covered, None if sample.altitude_m is None else sample.altitude_m - lifted))
    return out


def _step(a: Sample, b: Sample, *, has_counter: bool) -> float:
    if has_counter:
        return (b.distance_m or 0.0) - (a.distance_m or 0.0)
    return (line_m(a, b) or 0.0) if b.time_s - a.time_s <= PAUSE_S else 0.0


def _first_at_each(known: Sequence[tuple[float, float]]) -> tuple[list[float], list[float]]:
    xs, zs = [known[0][0]], [known[0][1]]
    for x, z in known[1:]:
        if x > xs[-1]:
            xs.append(x)
            zs.append(z)
    return xs, zs


def _between(xs: Sequence[float], zs: Sequence[float], x: float) -> float:
    k = min(max(bisect_right(xs, x), 1), len(xs) - 1)
    share = (x - xs[k - 1]) / (xs[k] - xs[k - 1])
    return zs[k - 1] + min(max(share, 0.0), 1.0) * (zs[k] - zs[k - 1])


def _mean_over(values: Sequence[float], window_m: float) -> list[float]:
    half, count = max(1, round(window_m / GRID_M / 2)), len(values)
    reach = [min(half, k, count - 1 - k) for k in range(count)]
    return [fmean(values[k - r : k + r + 1]) for k, r in enumerate(reach)]


def steep(samples: Sequence[Sample], window_m: float) -> list[bool]:
    """Which samples lie on ground that is steeper than flat; none where the profile is not known."""
    shape = profile(samples, window_m)
    if shape is None:
        return [False] * len(samples)
    grid, z = shape
    grade = [(b - a) / GRID_M for a, b in pairwise(z)]
    middle = [(a + b) / 2 for a, b in pairwise(grid)]
    return [grid[0] <= x <= grid[-1] and abs(_between(middle, grade, x)) > FLAT for x, _ in _along(samples)]
