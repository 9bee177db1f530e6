"""How a run was spread: seconds by speed, metres by grade, seconds by cadence. Three small histograms, and no place.

Samples are not kept. These are what later questions need of them: how many minutes were fast, how many km went uphill
and how steeply, how long a target of cadence was held.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from importers.steps import FASTEST_SPM, WALK_BELOW_SPM

if TYPE_CHECKING:
    from importers.climb import Profile
    from importers.run import Column

SPEED_STEP_M_S: Final = 0.05
"""Width of a bin of speed (m/s)."""
SPEED_OVER_S: Final = 20.0
"""Speed is the mean of so long (s): from one second to the next a position wanders more than a runner speeds up."""
SPEED_BINS: Final = 200
"""The last bin holds all that is faster: 10 m/s, which no runner holds for long."""
STRETCHES: Final = 100_000
"""Stretches of a recording that are looked at: three weeks of running; what claims more has a broken clock."""
STEEPEST_PCT: Final = 10
"""%; the outermost bins of grade hold all that is steeper."""
LEAST_S: Final = 60.0
"""With less running than this nothing is told of it (s)."""
CENT, HALF, LOWEST_SPM = 100.0, 0.5, int(WALK_BELOW_SPM)
EXACT: Final = 1e-9
"""A speed exactly at the edge of a bin belongs to the upper one."""

Bins = tuple[int, tuple[int, ...]]
"""Number of the first bin that holds something, and what each bin from there on holds."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Spread:
    """The histograms of one run; None = not recorded."""

    speed_s: Bins | None = None
    """Seconds of running; bin n is from n to n + 1 times ``SPEED_STEP_M_S``."""
    grade_m: Bins | None = None
    """Metres; bin n is the grade of n %, from n - 0.5 to n + 0.5, the outermost ones without end."""
    cadence_s: Bins | None = None
    """Seconds of running; bin n is n steps a minute, both feet."""

    def to_text(self) -> str:
        """The histograms as compact JSON."""
        return f"[{','.join(map(_text, (self.speed_s, self.grade_m, self.cadence_s)))}]"


def _text(bins: Bins | None) -> str:
    return "null" if bins is None else f"[{bins[0]},[{','.join(map(str, bins[1]))}]]"


def spread(dt_s: Column, step_m: Column, running: Any, cadence_spm: Column, shape: Profile | None) -> Spread | None:
    """The histograms of a run.

    Args:
        dt_s: Seconds of each sample since the one before, 0 over a pause.
        step_m: Metres of each sample since the one before.
        running: Mask of the samples that are running.
        cadence_spm: Steps a minute; NaN where not recorded.
        shape: The smoothed altitude, None where it is not known.

    Returns:
        None where nothing of it was recorded.
    """
    ran_s = dt_s * running
    enough = float(ran_s.sum()) >= LEAST_S
    found = Spread(
        speed_s=_speeds(dt_s, step_m, ran_s) if enough else None,
        grade_m=None if shape is None else _grades(shape),
        cadence_s=_cadences(cadence_spm, ran_s) if enough else None,
    )
    return None if found == Spread() else found


def read_spread(text: str) -> Spread:
    """What ``to_text`` wrote. Raises ValueError for anything else."""
    try:
        speed, grade, cadence = (None if one is None else (int(one[0]), tuple(one[1])) for one in json.loads(text))
    except (TypeError, KeyError, IndexError) as error:
        raise ValueError(f"no histograms: {text[:40]!r}") from error
    return Spread(speed_s=speed, grade_m=grade, cadence_s=cadence)


def _speeds(dt_s: Column, step_m: Column, ran_s: Column) -> Bins | None:
    """Seconds of running by the mean speed of stretches of about ``SPEED_OVER_S``, pauses left out."""
    clock = dt_s.cumsum() / SPEED_OVER_S
    if clock[-1] > STRETCHES:
        return None
    stretch = np.minimum(clock, max(clock[-1] - 1, 0.0)).astype(np.int64)  # what is left over belongs to the last one
    metres = np.bincount(stretch, step_m)
    if not metres.any():
        return None
    speed = metres / np.maximum(np.bincount(stretch, dt_s), EXACT)
    number = np.minimum(speed / SPEED_STEP_M_S + EXACT, SPEED_BINS - 1).astype(np.int64)
    return _bins(np.bincount(number, np.bincount(stretch, ran_s)), 0)


def _grades(shape: Profile) -> Bins:
    percent = (shape.grade * CENT + (STEEPEST_PCT + HALF)).clip(0, 2 * STEEPEST_PCT + HALF).astype(np.int64)
    return _bins(np.bincount(percent) * (shape.distance_m[1] - shape.distance_m[0]), -STEEPEST_PCT)


def _cadences(cadence_spm: Column, ran_s: Column) -> Bins | None:
    good = ((cadence_spm >= WALK_BELOW_SPM) & (cadence_spm < FASTEST_SPM)).nonzero()[0]
    if not len(good):
        return None
    return _bins(np.bincount((cadence_spm[good] + HALF).astype(np.int64) - LOWEST_SPM, ran_s[good]), LOWEST_SPM)


def _bins(held: Any, lowest: int) -> Bins:
    """Whole numbers without the empty bins at both ends; the sum is kept to half a unit a bin."""
    whole = (held + HALF).astype(np.int64).tolist()
    while whole and not whole[-1]:
        whole.pop()
    first = next((n for n, one in enumerate(whole) if one), 0)
    return (lowest + first, tuple(whole[first:]))
