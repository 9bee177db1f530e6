"""Fast minutes: faster than 1.15 x the runner's own easy speed. A change of its own, beside distance and hills.

From the seconds by speed that an import keeps of each run, so that intervals within an easy run count. A run of which
only distance and time are known is fast or not as a whole; such runs and measured ones are two sources, and weeks of
two sources are not compared.
"""

from __future__ import annotations

import json
from typing import Any, Final, NamedTuple

import numpy as np

from importers.spread import SPEED_STEP_M_S
from loadplan.measures import JOIN, Bools, Floats, Ints, Texts, quotient
from plans.evidence import TOLERANCE, chosen

EASY_DAYS: Final = 28
"""d; a runner's own easy speed is the median of the sessions of these days."""
EASY_RUNS: Final = 5
"""sessions; with fewer the own easy speed is not known."""
FROM_SAMPLES, FROM_MEAN = "samples", "mean"
"""Where fast minutes come from: the samples of a run, or its mean speed alone."""
MINUTE_S: Final = 60.0
KM_PER_MIN: Final = 1000 / 60
"""km/min to m/s."""


class Fast(NamedTuple):
    """Fast minutes of sessions, and where they come from."""

    minutes: Floats
    """NaN where the own easy speed, or the session's, is not known."""
    source: Texts
    """samples, mean or 'mean + samples'; None where nothing is known."""


def fast_minutes(
    km: Floats,
    minutes: Floats,
    spreads: Texts,
    session: Ints,
    days: Ints,
    total_km: Floats,
    total_min: Floats,
    *,
    factor: float | None = None,
) -> Fast:
    """Fast minutes of each session.

    Args:
        km: Distance of each recording; NaN unknown.
        minutes: Duration of each recording.
        spreads: Histograms of each recording as ``importers.spread`` writes them; None where there are none.
        session: Session of each recording, numbered from 0, rising.
        days: Day number of each session.
        total_km: Distance of each session.
        total_min: Duration of each session.
        factor: Times the own easy speed above which running is fast; by default the finding ``fast_speed_factor``.
    """
    easy = easy_speeds(days, quotient(total_km, total_min, total_min > 0) * KM_PER_MIN)
    limits = (chosen(factor, "fast_speed_factor") * easy)[session]
    measured, has = _above(spreads, limits)
    mean = quotient(km, minutes, minutes > 0) * KM_PER_MIN
    by_mean = np.where(mean > limits + TOLERANCE, minutes, 0.0)
    found = np.where(has, measured, np.where(np.isnan(mean), np.nan, by_mean))
    count = len(days)
    total: Floats = np.bincount(session, np.where(np.isnan(limits), np.nan, found), count).astype(np.float64)
    samples, means = (np.bincount(session, which, count) > 0 for which in (has, ~has & ~np.isnan(mean)))
    words = [JOIN.join((FROM_MEAN, FROM_SAMPLES)), FROM_SAMPLES, FROM_MEAN]
    source = np.select([samples & means, samples, means], words, "")
    return Fast(total, np.where(np.isnan(total), None, source))  # type: ignore[call-overload]


def easy_speeds(days: Ints, speed: Floats) -> Floats:
    """The runner's own easy speed before each session: median of the sessions of 28 days; NaN with fewer than five.

    Args:
        days: Day number of each session, rising.
        speed: Mean speed of each; NaN unknown. The result is in its unit.
    """
    since, until = np.searchsorted(days, days - EASY_DAYS), np.searchsorted(days, days)
    easy = np.full(len(speed), np.nan)
    for i, (low, high) in enumerate(zip(since.tolist(), until.tolist(), strict=True)):
        known = np.sort(speed[low:high])
        known = known[: int(np.searchsorted(known, np.nan))]
        if len(known) >= EASY_RUNS:
            easy[i] = (known[(len(known) - 1) // 2] + known[len(known) // 2]) / 2
    return easy


def _above(spreads: Texts, limits: Floats) -> tuple[Floats, Bools]:
    """Minutes above a speed of each recording that has a histogram of it, and which have one."""
    texts: list[Any] = [text if isinstance(text, str) else "[null]" for text in spreads.tolist()]
    bins = [one[0] for one in json.loads(f"[{','.join(texts)}]")]
    has = np.array([one is not None for one in bins], dtype=np.bool_)
    held = [(n, one) for n, one in enumerate(bins) if one is not None]
    if not held:
        return np.full(len(limits), np.nan), has
    lengths = np.array([len(one[1]) for _, one in held])
    run = np.repeat(np.array([n for n, _ in held]), lengths)
    first = np.repeat(np.array([one[0] for _, one in held]) - np.cumsum(lengths) + lengths, lengths)
    upper = (first + np.arange(len(run)) + 1) * SPEED_STEP_M_S
    seconds = np.array([value for _, one in held for value in one[1]], dtype=np.float64)
    above = np.clip((upper - limits[run]) / SPEED_STEP_M_S, 0.0, 1.0)
    return np.bincount(run, seconds * above, len(limits)) / MINUTE_S, has
