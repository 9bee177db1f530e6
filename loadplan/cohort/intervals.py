"""Intervals of shares, rates and odds ratios: from counts alone, by published formulas, and by drawing runners.

A formula takes every week for a new one. Weeks of one runner are alike, so its interval is too narrow where shares are
pooled over runners: ``over_runners`` draws whole runners instead, and stands beside it.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from statistics import NormalDist
from typing import Final, NamedTuple

import numpy as np

from loadplan.measures import Floats

LEVEL: Final = 0.95
"""Share of intervals that hold the true value."""
DRAWS: Final = 2000
"""Cohorts that are drawn from a cohort."""
SEED: Final = 20260101
"""The same tables give the same intervals."""
FEWEST: Final = 5
"""Runners below which drawing them says nothing."""
_CHUNK: Final = 4_000_000
"""Draws x runners that are held at once."""
_HALVINGS: Final = 200


class Interval(NamedTuple):
    """Lower and upper bound; NaN where there is none."""

    low: float
    high: float


NONE: Final = Interval(math.nan, math.nan)


def wilson(hits: int, total: int, level: float = LEVEL) -> Interval:
    """Of a share, by the score method (Wilson 1927, doi:10.1080/01621459.1927.10502953; Newcombe 1998, method 3).

    >>> from loadplan.cohort.intervals import wilson
    >>> [round(bound, 4) for bound in wilson(81, 263)]
    [0.2553, 0.3662]
    """
    if not 0 <= hits <= total:
        raise ValueError(f"{hits} of {total} is no share")
    if not total:
        return NONE
    z = _z(level)
    share, square = hits / total, z * z / total
    middle = (share + square / 2) / (1 + square)
    half = z / (1 + square) * math.sqrt(share * (1 - share) / total + square / (4 * total))
    return Interval(0.0 if hits == 0 else middle - half, 1.0 if hits == total else middle + half)


def poisson(events: int, level: float = LEVEL) -> Interval:
    """Of a count, exact: the means under which it lies at the edge of the likely.

    Garwood 1936, doi:10.1093/biomet/28.3-4.437.

    >>> from loadplan.cohort.intervals import poisson
    >>> [round(bound, 3) for bound in poisson(10)]
    [4.795, 18.39]
    """
    tail = (1 - level) / 2
    most = 2.0 * events + 20 * math.sqrt(events + 1) + 20
    low = 0.0 if events == 0 else _solved(lambda mean: _at_most(events - 1, mean) > 1 - tail, most)
    return Interval(low, _solved(lambda mean: _at_most(events, mean) > tail, most))


def _at_most(events: int, mean: float) -> float:
    """Probability of so many events or fewer; the terms by logarithms, so that many events do not overflow."""
    counts = np.arange(events + 1)
    steps = np.concatenate([[0.0], np.cumsum(np.log(np.arange(1, events + 1)))])
    return float(np.exp(counts * math.log(mean) - steps - mean).sum()) if mean > 0 else 1.0


def _solved(lies_above: Callable[[float], bool], high: float) -> float:
    """The mean at which ``lies_above`` becomes false, by halving."""
    low = 0.0
    for _ in range(_HALVINGS):
        middle = (low + high) / 2
        if middle in (low, high):
            break
        low, high = (middle, high) if lies_above(middle) else (low, middle)
    return high


class Odds(NamedTuple):
    """An odds ratio over strata; NaN where no stratum has both kinds of weeks of both kinds."""

    ratio: float
    interval: Interval


def mantel_haenszel(strata: Floats, level: float = LEVEL) -> Odds:
    """The odds ratio over strata (Mantel & Haenszel 1959), its interval by Robins, Breslow & Greenland 1986.

    Args:
        strata: A row a stratum: exposed and unexposed cases, exposed and unexposed controls.
        level: Of the interval.

    doi:10.1093/jnci/22.4.719 and doi:10.2307/2531052.
    """
    a, b, c, d = np.asarray(strata, dtype=np.float64).reshape(-1, 4).T
    total = a + b + c + d
    a, b, c, d, total = (one[total > 0] for one in (a, b, c, d, total))
    over, under = a * d / total, b * c / total
    if not over.sum() or not under.sum():
        return Odds(math.nan, NONE)
    alike, unlike = (a + d) / total, (b + c) / total
    variance = (
        (alike * over).sum() / (2 * over.sum() ** 2)
        + (alike * under + unlike * over).sum() / (2 * over.sum() * under.sum())
        + (unlike * under).sum() / (2 * under.sum() ** 2)
    )
    log, half = math.log(over.sum() / under.sum()), _z(level) * math.sqrt(variance)
    return Odds(math.exp(log), Interval(math.exp(log - half), math.exp(log + half)))


def odds_parts(strata: Floats) -> Floats:
    """Of each stratum what it adds over and under the line of the odds ratio: sums of these may be drawn."""
    a, b, c, d = np.asarray(strata, dtype=np.float64).reshape(-1, 4).T
    total = np.maximum(a + b + c + d, 1.0)
    return np.stack([a * d / total, b * c / total], axis=1)


def over_runners(over: Floats, under: Floats, level: float = LEVEL, *, draws: int = DRAWS) -> list[Interval]:
    """Of quotients of two sums over runners, by drawing whole runners with replacement (percentiles; Efron 1979).

    Args:
        over: Runners x quantities: what each runner adds over the line; of one quantity, a value a runner.
        under: Likewise, under the line.
        level: Of the interval.
        draws: How many cohorts are drawn; the same ones for all quantities.

    Returns:
        One for each quantity; none where fewer than five runners add anything over the line, or under it: of what is so
        rare drawing says nothing, and a formula is to be read. doi:10.1214/aos/1176344552.
    """
    both = [np.asarray(one, dtype=np.float64) for one in (over, under)]
    top, bottom = (one[:, None] if one.ndim == 1 else one for one in both)
    some = np.minimum((top != 0).sum(axis=0), (bottom != 0).sum(axis=0))
    sums = _drawn(np.concatenate([top, bottom], axis=1), draws)
    with np.errstate(divide="ignore", invalid="ignore"):
        values = sums[:, : top.shape[1]] / sums[:, top.shape[1] :]
    return [_percentiles(one, level) if n >= FEWEST else NONE for one, n in zip(values.T, some, strict=True)]


def _percentiles(values: Floats, level: float) -> Interval:
    if not len(values) or not np.isfinite(values).all():
        return NONE
    tail = 100 * (1 - level) / 2
    low, high = np.percentile(values, [tail, 100 - tail], method="inverted_cdf")
    return Interval(float(low), float(high))


def _drawn(parts: Floats, draws: int) -> Floats:
    """Sums of drawn cohorts, draws x columns. Rows are sorted first: the order of the runners says nothing."""
    runners = len(parts)
    if not runners:
        return np.zeros((0, parts.shape[1]))
    parts = parts[np.lexsort(parts.T)]
    dice = np.random.Generator(np.random.PCG64(SEED))
    step = max(1, _CHUNK // runners)
    sums = []
    for at in range(0, draws, step):
        rows = min(step, draws - at)
        drawn = (dice.random((rows, runners)) * runners).astype(np.int64) + runners * np.arange(rows)[:, None]
        times = np.bincount(drawn.ravel(), minlength=rows * runners).reshape(rows, runners)
        sums.append(times.astype(np.float64) @ parts)
    return np.concatenate(sums)


def _z(level: float) -> float:
    return NormalDist().inv_cdf(0.5 + level / 2)
