"""The second reader's own sums over its own samples: distance, time, climb, cadence, heart rate. Plain Python."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from math import asin, cos, inf, radians, sin, sqrt
from statistics import fmean, median
from typing import Any, Final

from importers.audit.reading import Sample

EARTH_M: Final = 6_371_000.0
"""Radius of the earth (m)."""
TOP_RUN_M_S: Final = 12.0
"""No runner is faster (m/s)."""
TOP_ANY_M_S: Final = 60.0
"""No recording of another sport is faster (m/s)."""
POSSIBLE: Final[dict[str, tuple[float, float]]] = {
    "latitude_deg": (-90.0, 90.0),
    "longitude_deg": (-180.0, 180.0),
    "distance_m": (0.0, 2_000_000.0),
    "altitude_m": (-500.0, 9000.0),
    "speed_m_s": (0.0, 60.0),
    "cadence": (0.0, 400.0),
    "heart_rate_bpm": (1.0, 255.0),
}
"""What a value can be, in its unit; the same ranges that an import believes."""
FIRST_WATCH_S: Final = 946_684_800.0
"""No watch recorded a run before 2000 (seconds since 1970)."""
DAYS_AWAY_S: Final = 10 * 86400
"""A sample so far from the others has a broken clock, a session so far from its records a wrong start (s)."""
PAUSE_S: Final = 60.0
"""A silence longer than this is a pause for distance (s)."""
SHORT_PAUSE_S: Final = 10.0
"""A silence longer than this is a pause for moving time (s)."""
SLOW_STEPS: Final = 2.0
"""Of a watch that records seldom a silence is a pause beyond so many of its own steps."""
LOST_FOR_S: Final = 300.0
"""A path that no sample continues within this time begins anew (s)."""
FIRST_S: Final = 10.0
"""The first positions of a path are believed no longer than this (s)."""
TOGETHER_S: Final = 5.0
"""Positions handed over at once stand for so long (s)."""
AHEAD_MAX: Final = 1000
"""Positions that are looked at for one in reach."""
STANDING_M_S: Final = 0.5
"""Not faster than this is standing (m/s)."""
RUNNING_M_S: Final = 2.0
"""Without cadence, as fast as this is running (m/s)."""
RUNNING_SPM: Final = (140.0, 230.0)
"""Cadence of running (steps/min)."""
SETTLED_AFTER_S: Final = 60.0
"""The first seconds are left out of the cadence (s)."""
CADENCE_FOR_S: Final = 300.0
"""A cadence needs samples of so long (s)."""


def top_speed(sport: str) -> float:
    """The speed above which a step is wrong (m/s)."""
    return TOP_RUN_M_S if sport == "run" else TOP_ANY_M_S


def of_one_clock(samples: Iterable[Sample]) -> list[Sample]:
    """Samples but those before any watch beside later ones, and the few that are days away from most others."""
    held = list(samples)
    times = [s.time_s for s in held if s.time_s >= FIRST_WATCH_S]
    if not times:
        return held
    middle = median(times)
    near = [s for s in held if abs(s.time_s - middle) <= DAYS_AWAY_S]
    return near if 2 * len(near) > len(times) else [s for s in held if s.time_s >= FIRST_WATCH_S]


def in_order(samples: Iterable[Sample]) -> list[Sample]:
    """Samples by time, without impossible values; of several at the same instant, the first that has a value."""
    out: list[Sample] = []
    for sample in sorted(map(_possible, samples), key=lambda s: s.time_s):
        if out and sample.time_s == out[-1].time_s:
            held = out[-1]._asdict()
            known = {name: value for name, value in sample._asdict().items() if held[name] is None}
            out[-1] = out[-1]._replace(**known)
        else:
            out.append(sample)
    return out


def _possible(sample: Sample) -> Sample:
    """The sample without values that nothing on earth has."""
    wrong: dict[str, Any] = {
        name: None
        for name, (low, high) in POSSIBLE.items()
        if (value := getattr(sample, name)) is not None and not low <= value <= high
    }
    return sample._replace(**wrong) if wrong else sample


# ---------------------------------------------------------------- distance
def line_m(a: Sample, b: Sample) -> float | None:
    """The great circle between two positions (m), None without them."""
    if a.latitude_deg is None or a.longitude_deg is None or b.latitude_deg is None or b.longitude_deg is None:
        return None
    up, across = radians(b.latitude_deg - a.latitude_deg), radians(b.longitude_deg - a.longitude_deg)
    half = sin(up / 2) ** 2 + cos(radians(a.latitude_deg)) * cos(radians(b.latitude_deg)) * sin(across / 2) ** 2
    return 2 * EARTH_M * asin(min(1.0, sqrt(half)))


def counter_m(samples: Sequence[Sample]) -> float | None:
    """Last less first of the running distance (m)."""
    known = [s.distance_m for s in samples if s.distance_m is not None]
    return known[-1] - known[0] if len(known) > 1 else None


def forward_m(samples: Sequence[Sample], top_m_s: float = inf, *, over_parts: bool = True) -> float | None:
    """Every step forward of the running distance (m); steps back, and those faster than ``top_m_s``, are none."""
    known = [s for s in samples if s.distance_m is not None]
    if len(known) <= 1:
        return None
    total = 0.0
    for a, b in pairwise(known):
        step = (b.distance_m or 0.0) - (a.distance_m or 0.0)
        if 0 < step <= top_m_s * max(b.time_s - a.time_s, 1.0) and (over_parts or a.part == b.part):
            total += step
    return total


def lines_m(samples: Sequence[Sample], *, pause_s: float = inf, over_parts: bool = True) -> float | None:
    """Straight lines between positions (m), not over a pause, nor from one stretch to the next."""
    placed = [s for s in samples if s.latitude_deg is not None and s.longitude_deg is not None]
    if len(placed) <= 1:
        return None
    return sum(
        line_m(a, b) or 0.0
        for a, b in pairwise(placed)
        if b.time_s - a.time_s <= pause_s and (over_parts or a.part == b.part)
    )


def believable_steps_m(samples: Sequence[Sample], top_m_s: float) -> list[float] | None:
    """Metres from each sample to the next, by positions that can be true; no pause and no other stretch is bridged.

    Where the next position is out of reach, one that can be reached is looked for within ``LOST_FOR_S`` (``FIRST_S``
    at the beginning of a path), and what lies between takes its share by time. Where there is none, a new path begins.
    """
    placed = [k for k, s in enumerate(samples) if s.latitude_deg is not None and s.longitude_deg is not None]
    if len(placed) <= 1:
        return None
    pause, steps = max(PAUSE_S, short_pause_s(samples)), [0.0] * (len(samples) - 1)
    begun = at = 0
    while at < len(placed) - 1:
        a, b = samples[placed[at]], samples[placed[at + 1]]
        to = at + 1
        if _apart(a, b, pause):
            begun = to
        elif _in_reach(a, b, top_m_s):
            _share(steps, samples, placed[at], placed[to])
        else:
            patience = FIRST_S if a.time_s - samples[placed[begun]].time_s < FIRST_S else LOST_FOR_S
            ahead = _reached(samples, placed, at, pause, patience, top_m_s)
            if ahead is None:
                begun = to
            else:
                to = ahead
                _share(steps, samples, placed[at], placed[to])
        at = to
    return steps


def _apart(a: Sample, b: Sample, pause_s: float) -> bool:
    return a.part != b.part or b.time_s - a.time_s > pause_s


def _in_reach(a: Sample, b: Sample, top_m_s: float) -> bool:
    apart = b.time_s - a.time_s
    return (line_m(a, b) or 0.0) <= top_m_s * (apart if apart >= 1 else TOGETHER_S)


def _reached(
    samples: Sequence[Sample], placed: Sequence[int], at: int, pause_s: float, patience_s: float, top_m_s: float
) -> int | None:
    start = samples[placed[at]]
    for k in range(at + 2, min(at + AHEAD_MAX, len(placed))):
        before, here = samples[placed[k - 1]], samples[placed[k]]
        if _apart(before, here, pause_s) or here.time_s - start.time_s > patience_s:
            return None
        if _in_reach(start, here, top_m_s):
            return k
    return None


def _share(steps: list[float], samples: Sequence[Sample], first: int, last: int) -> None:
    """The line between two samples, over the steps between them by their time."""
    whole, seconds = line_m(samples[first], samples[last]) or 0.0, samples[last].time_s - samples[first].time_s
    for k in range(first, last):
        steps[k] = whole * (samples[k + 1].time_s - samples[k].time_s) / seconds if seconds else whole / (last - first)


def believable_m(samples: Sequence[Sample], top_m_s: float) -> float | None:
    """The sum of those steps (m)."""
    steps = believable_steps_m(samples, top_m_s)
    return None if steps is None else sum(steps)


def by_speed_m(samples: Sequence[Sample]) -> float | None:
    """Recorded speed times time (m), pauses left out."""
    if not any(s.speed_m_s is not None for s in samples):
        return None
    pairs = unbroken(samples, PAUSE_S)
    return sum(b.speed_m_s * (b.time_s - a.time_s) for a, b in pairs if b.speed_m_s is not None)


# ---------------------------------------------------------------- time
def elapsed_s(samples: Sequence[Sample]) -> float | None:
    """From the first sample to the last (s)."""
    return samples[-1].time_s - samples[0].time_s if len(samples) > 1 else None


def short_pause_s(samples: Sequence[Sample]) -> float:
    """The silence that counts as a pause for moving time (s)."""
    steps = [b.time_s - a.time_s for a, b in pairwise(samples)]
    return max(SHORT_PAUSE_S, SLOW_STEPS * median(steps)) if steps else SHORT_PAUSE_S


def unbroken(samples: Sequence[Sample], pause_s: float) -> Iterator[tuple[Sample, Sample]]:
    """Neighbours of one stretch with no pause between them."""
    return ((a, b) for a, b in pairwise(samples) if a.part == b.part and b.time_s - a.time_s <= pause_s)


def recorded_s(samples: Sequence[Sample], pause_s: float | None = None) -> float | None:
    """Time without pauses (s)."""
    if len(samples) <= 1:
        return None
    limit = short_pause_s(samples) if pause_s is None else pause_s
    return sum(b.time_s - a.time_s for a, b in unbroken(samples, limit))


def moving_s(samples: Sequence[Sample], steps_m: Sequence[float] | None = None) -> float | None:
    """Time faster than standing (s), pauses left out; by ``steps_m``, where given, instead of the plain distances."""
    if len(samples) <= 1:
        return None
    pause, speeds = short_pause_s(samples), speeds_m_s(samples, steps_m)
    return sum(
        b.time_s - a.time_s
        for (a, b), speed in zip(pairwise(samples), speeds[1:], strict=True)
        if not _apart(a, b, pause) and speed is not None and speed > STANDING_M_S
    )


def speeds_m_s(samples: Sequence[Sample], steps_m: Sequence[float] | None = None) -> list[float | None]:
    """Speed at each sample (m/s): as recorded, else by ``steps_m``, else by the distance or line since the last one."""
    out: list[float | None] = [samples[0].speed_m_s] if samples else []
    for k, (a, b) in enumerate(pairwise(samples)):
        if steps_m is None or b.speed_m_s is not None or b.time_s <= a.time_s:
            out.append(speed_m_s(a, b))
        else:
            out.append(steps_m[k] / (b.time_s - a.time_s))
    return out


def speed_m_s(a: Sample, b: Sample) -> float | None:
    """Speed at ``b``: as recorded, else from the distance or the line since ``a`` (m/s)."""
    if b.speed_m_s is not None:
        return b.speed_m_s
    counted = b.distance_m - a.distance_m if a.distance_m is not None and b.distance_m is not None else None
    step = line_m(a, b) if counted is None else counted
    return None if step is None or b.time_s <= a.time_s else step / (b.time_s - a.time_s)


def usual_speed_m_s(samples: Sequence[Sample]) -> float | None:
    """Median speed while it moves (m/s)."""
    speeds = [v for a, b in unbroken(samples, PAUSE_S) if (v := speed_m_s(a, b)) is not None and v > STANDING_M_S]
    return median(speeds) if speeds else None


# ---------------------------------------------------------------- sensors
def mean_heart_bpm(samples: Sequence[Sample]) -> float | None:
    """Mean heart rate of the samples (bpm)."""
    found = [s.heart_rate_bpm for s in samples if s.heart_rate_bpm]
    return fmean(found) if found else None


def heart_over_time(
    samples: Sequence[Sample], running: Sequence[bool], pause_s: float | None = None
) -> tuple[float | None, float]:
    """Mean heart rate (bpm) over time where ``running``, pauses left out; and the share of that time it is known."""
    pause = short_pause_s(samples) if pause_s is None else pause_s
    pairs = zip(pairwise(samples), running[1:], strict=True)
    held = [(b.heart_rate_bpm, 0.0 if _apart(a, b, pause) else b.time_s - a.time_s) for (a, b), runs in pairs if runs]
    known = [(bpm, seconds) for bpm, seconds in held if bpm]
    whole, told = sum(seconds for _, seconds in held), sum(seconds for _, seconds in known)
    if not told:
        return None, 0.0
    return sum(bpm * seconds for bpm, seconds in known) / told, told / whole


def running(samples: Sequence[Sample], feet: float, steps_m: Sequence[float] | None = None) -> list[bool]:
    """Which samples are running: by cadence, and without it by speed, but not just after a pause."""
    pause, out = short_pause_s(samples), []
    for k, (sample, speed) in enumerate(zip(samples, speeds_m_s(samples, steps_m), strict=True)):
        rested = k > 0 and sample.speed_m_s is None and _apart(samples[k - 1], sample, pause)
        by_speed = speed is not None and speed >= RUNNING_M_S and not rested
        out.append(by_speed if sample.cadence is None else sample.cadence * feet >= RUNNING_SPM[0])
    return out


def mean_cadence(samples: Sequence[Sample]) -> float | None:
    """Mean of the cadence as the file counts it, without standing."""
    known = [s.cadence for s in samples if s.cadence]
    return fmean(known) if known else None


def running_cadence_spm(samples: Sequence[Sample], feet: float, steep: Sequence[bool]) -> float | None:
    """Median cadence (steps/min) of settled running where it is not ``steep``; None below five minutes of it."""
    low, high = RUNNING_SPM
    good = [
        (b.cadence * feet, b.time_s - a.time_s if b.time_s - a.time_s <= PAUSE_S and a.part == b.part else 0.0)
        for (a, b), no in zip(pairwise(samples), steep[1:], strict=True)
        if not no and b.cadence is not None and low <= b.cadence * feet <= high
        if b.time_s - samples[0].time_s >= SETTLED_AFTER_S
    ]
    return median(spm for spm, _ in good) if sum(dt for _, dt in good) >= CADENCE_FOR_S else None
