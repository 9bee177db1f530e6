"""How an outing would be recorded: position, climb, speed, cadence and heart rate every few seconds, with pauses."""

from __future__ import annotations

import math
import random
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from loadplan.synthetic.story import Outing, Route

STEP_S: Final = 10
"""Seconds between two samples: sparse, as watches record in their saving mode, so that the demo reads quickly."""
CENTRE_DEG: Final = (45.6137, -8.1294)
"""Open water in the Bay of Biscay; nobody lives there."""
LAP_M: Final = 4200.0
METRES_PER_DEGREE: Final = 111_195.0
HILLS: Final[dict[Route, tuple[float, float]]] = {
    "flat": (900.0, 0.8),
    "rolling": (1100.0, 5.0),
    "hilly": (1400.0, 17.0),
}
"""Length of a hill in metres, and half its height."""
GRADE_SLOWS: Final = 2.0
"""A grade of 1 % costs 2 % of the speed, and gives it back downhill."""
SPM_PER_M_S: Final = 5.6
"""Cadence rises with speed (Burns 2019)."""
REST_BPM, BPM_PER_M_S, HEART_LAG_S = 52.0, 33.0, 45.0
PAUSE_EVERY_M: Final = 5200.0
TEMPO_FROM, TEMPO_TO, TEMPO_GAIN = 0.25, 0.8, 1.1
EASY_START: Final = 0.93


@dataclass(frozen=True, slots=True)
class Sample:
    """One moment of an outing, in SI units; ``cadence_spm`` counts both feet and is None on a ride."""

    time_s: int
    distance_m: float
    altitude_m: float
    speed_m_s: float
    cadence_spm: float | None
    heart_rate_bpm: float
    latitude_deg: float
    longitude_deg: float


@dataclass(frozen=True, slots=True)
class Trace:
    """All samples of an outing, its pauses as (from, to) seconds, and what a barometer would have summed up."""

    samples: tuple[Sample, ...]
    pauses: tuple[tuple[float, float], ...]
    ascent_m: float
    descent_m: float


def trace(outing: Outing) -> Trace:
    """Record one outing; the same outing gives the same trace."""
    dice = random.Random(outing.seed)
    pauses: list[tuple[float, float]] = []
    samples = tuple(_samples(outing, dice, pauses))
    steps = [b.altitude_m - a.altitude_m for a, b in pairwise(samples)]
    return Trace(samples, tuple(pauses), sum(s for s in steps if s > 0), -sum(s for s in steps if s < 0))


def _samples(outing: Outing, dice: random.Random, pauses: list[tuple[float, float]]) -> Iterator[Sample]:
    goal, at_s, at_m, heart = outing.km * 1000, 0, 0.0, REST_BPM + 40
    next_pause = PAUSE_EVERY_M * dice.uniform(0.8, 1.2)
    lap = dice.uniform(0.9, 1.1) * LAP_M
    while True:
        speed = _speed(outing, at_m / goal) * (1 - GRADE_SLOWS * _grade(outing.route, at_m)) * dice.uniform(0.98, 1.02)
        heart += (REST_BPM + BPM_PER_M_S * _effort(outing, speed) - heart) * STEP_S / HEART_LAG_S
        yield _sample(outing, at_s, at_m, speed, heart + dice.uniform(-1, 1), lap, dice)
        if at_m >= goal:
            return
        if at_m > next_pause:
            length = STEP_S * dice.randrange(2, 9)
            pauses.append((at_s, at_s + length))
            at_s += length
            next_pause += PAUSE_EVERY_M
            yield _sample(outing, at_s, at_m, speed, heart - 5, lap, dice)
        step = min(speed * STEP_S, goal - at_m + 0.01)
        at_s, at_m = at_s + STEP_S, at_m + step


def _sample(
    outing: Outing, at_s: int, at_m: float, speed: float, heart: float, lap: float, dice: random.Random
) -> Sample:
    turn, radius = 2 * math.pi * at_m / lap, lap / (2 * math.pi)
    north, east = radius * math.sin(turn), radius * math.cos(turn)
    across = METRES_PER_DEGREE * math.cos(math.radians(CENTRE_DEG[0]))
    cadence = None
    if outing.kind != "ride":
        cadence = outing.cadence_spm + SPM_PER_M_S * (speed - outing.speed_m_s) + dice.gauss(0, 1)
    return Sample(
        time_s=at_s,
        distance_m=at_m,
        altitude_m=_altitude(outing.route, at_m),
        speed_m_s=speed,
        cadence_spm=cadence,
        heart_rate_bpm=heart,
        latitude_deg=CENTRE_DEG[0] + north / METRES_PER_DEGREE,
        longitude_deg=CENTRE_DEG[1] + east / across,
    )


def _speed(outing: Outing, share: float) -> float:
    """Tempo runs are quick in their middle; every run begins a little slower."""
    if outing.kind == "tempo":
        return outing.speed_m_s * (TEMPO_GAIN if TEMPO_FROM < share < TEMPO_TO else EASY_START)
    return outing.speed_m_s * (EASY_START + (1 - EASY_START) * min(1.0, share / 0.1))


def _effort(outing: Outing, speed: float) -> float:
    return speed * 0.42 if outing.kind == "ride" else speed


def _altitude(route: Route, at_m: float) -> float:
    length, half = HILLS[route]
    return 20 + half * (1 - math.cos(2 * math.pi * at_m / length))


def _grade(route: Route, at_m: float) -> float:
    length, half = HILLS[route]
    return half * 2 * math.pi / length * math.sin(2 * math.pi * at_m / length)
