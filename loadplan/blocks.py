"""The load metrics of many runners at once: runners x days of whole metres in, six arrays of the same shape out.

The same formulas as the tables of one runner (``acwr``, ``monotony``, ``sessions``), without their reasons: what cannot
be known is NaN. Sums are differences of running sums of integers, and so exact; a block of runners stays in the cache.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt

from loadplan.acwr import ACUTE_DAYS, CHRONIC_DAYS
from loadplan.measures import Floats, Ints
from loadplan.monotony import MONOTONY_DAYS
from loadplan.windows import CHUNK_DAYS, carry_matrix, chunk_kernel
from plans.evidence import limit

BLOCK_RUNNERS: Final = 12
"""runners whose days are worked on together: a third of a megabyte an array, which stays in the cache of one core."""
WEEKS: Final = CHRONIC_DAYS / ACUTE_DAYS
PER_CENT: Final = 100.0
LENGTHS: Final = 16
"""Lengths of records whose kernels are remembered."""
LEAD: Final = ACUTE_DAYS + CHRONIC_DAYS
"""d; the longest window, so many zeros before the first day."""


Kernels = tuple[tuple[float, Floats, Floats], ...]


class LoadMetrics(NamedTuple):
    """Six metrics of every day, runners x days (or days of one runner); NaN where they cannot be known."""

    coupled: Floats
    """ACWR of 7 days against the 28 that hold them."""
    uncoupled: Floats
    """ACWR of 7 days against the average of the four weeks before."""
    ewma: Floats
    """ACWR of two exponential means, 7 and 28 days (Williams 2017, doi:10.1136/bjsports-2016-096589)."""
    change_pct: Floats
    """Last 7 days against the 7 before, in %."""
    monotony: Floats
    """Mean over standard deviation of 7 days (Foster 1998, doi:10.1097/00005768-199807000-00023)."""
    longest_m: Floats
    """Longest day of the 30 before this one, in metres."""


def load_metrics(metres: npt.NDArray[np.int64], first: Ints | int = 0, out: LoadMetrics | None = None) -> LoadMetrics:
    """Work out the six metrics.

    Args:
        metres: Whole metres a day, runners x days or the days of one runner; rest days 0, 0 before a runner's record.
        first: Position of the first known day, for each runner or for all. Nothing is known before it, and each
            metric needs as many days as it spans.
        out: Arrays for the result, of the same shape as ``metres``. Who works through thousands of runners some
            hundred at a time gives the same ones again: new memory costs as much as what is worked out.

    Example:
        >>> import numpy as np
        >>> from loadplan.blocks import load_metrics
        >>> km = np.repeat([20, 20, 20, 20, 31], 7)
        >>> float(load_metrics(km * 1000 // 7).uncoupled[-1].round(2))
        1.55
    """
    block = np.atleast_2d(np.asarray(metres, dtype=np.int64))
    begin = np.broadcast_to(np.asarray(first, dtype=np.int64), (len(block),))
    found = LoadMetrics(*(np.empty(block.shape) for _ in LoadMetrics._fields)) if out is None else out
    into = LoadMetrics(*(np.atleast_2d(one) for one in found))
    room = _Room.of(min(len(block), BLOCK_RUNNERS), block.shape[1])
    for at in range(0, len(block), BLOCK_RUNNERS):
        rows = slice(at, at + BLOCK_RUNNERS)
        _of_block(block[rows], begin[rows], LoadMetrics(*(one[rows] for one in into)), room)
    return found if np.ndim(metres) > 1 or out is not None else LoadMetrics(*(one[0] for one in found))


class _Room(NamedTuple):
    """Arrays to work in, the same for every block: new ones would cost more than what is done in them.

    The first three have ``LEAD`` zeros before the first day: before its record a runner ran nothing that is known.
    """

    load: Floats
    week: Floats
    four: Floats
    here: Floats
    there: Floats
    held: Floats
    """Days in chunks, and behind each chunk what is carried into it."""
    short: Floats
    long: Floats
    kernels: Kernels
    """Of each exponential mean: its weight, and what days and chunks give to what follows them."""

    @classmethod
    def of(cls, runners: int, days: int) -> _Room:
        chunks = -(-days // CHUNK_DAYS)
        load, week, four = (np.empty((runners, LEAD + days)) for _ in range(3))
        for one in (load, week, four):
            one[:, :LEAD] = 0.0
        here, there = (np.empty((runners, days)) for _ in range(2))
        held = np.empty((runners, chunks, CHUNK_DAYS + 1))
        held[:, -1] = 0.0
        short, long = (np.empty((runners, chunks, CHUNK_DAYS)) for _ in range(2))
        return cls(load, week, four, here, there, held, short, long, _kernels(chunks))


@lru_cache(LENGTHS)
def _kernels(chunks: int) -> Kernels:
    """The same for every block of as many days."""
    weights = [2 / (length + 1) for length in (ACUTE_DAYS, CHRONIC_DAYS)]
    own = [chunk_kernel(weight, CHUNK_DAYS) for weight in weights]
    return tuple((w, k, carry_matrix(k[-1, -1], chunks)) for w, k in zip(weights, own, strict=True))


def _of_block(metres: npt.NDArray[np.int64], first: Ints, out: LoadMetrics, room: _Room) -> None:
    """The metrics of some runners, written where they belong. Whole metres are exact in float64."""
    load, week, four, here, there, held, short, long = (one[: len(metres)] for one in room[:-1])
    now = slice(LEAD, None)
    load[:, now] = metres
    with np.errstate(divide="ignore", invalid="ignore"):
        _ewma(load[:, now], first, held, (short, long), room.kernels, out.ewma)
    _longest(load[:, now], here, there, out.longest_m)
    _seven(load, here, week)
    np.add(week[:, now], _ago(week, ACUTE_DAYS), out=there)
    _with_earlier(there, 2 * ACUTE_DAYS, four[:, now])
    with np.errstate(divide="ignore", invalid="ignore"):
        np.multiply(week[:, now], WEEKS, out=here)
        np.divide(here, four[:, now], out=out.coupled)  # the four weeks hold the last one: 0 / 0 at worst, which is NaN
        _share(here, _ago(four, ACUTE_DAYS), out.uncoupled)
        np.subtract(week[:, now], _ago(week, ACUTE_DAYS), out=here)
        np.multiply(here, PER_CENT, out=here)
        _share(here, _ago(week, ACUTE_DAYS), out.change_pct)
        _monotony(load, week[:, now], four, (here, there), out.monotony)
    needs = (CHRONIC_DAYS, CHRONIC_DAYS + ACUTE_DAYS, CHRONIC_DAYS, 2 * ACUTE_DAYS, MONOTONY_DAYS, 1 + 1)
    for one, least in zip(out, needs, strict=True):
        _blank(one, first + least - 1)


def _ago(values: Floats, days: int) -> Floats:
    """The same ``days`` ago, as a view."""
    return values[:, LEAD - days : values.shape[1] - days]


def _seven(values: Floats, work: Floats, out: Floats) -> None:
    """Sums of seven days by doubling, without a running sum: 2, 4, then 4 + 2 + 1."""
    now = slice(LEAD, None)
    np.add(values[:, now], _ago(values, 1), out=work)
    _with_earlier(work, 2, out[:, now])
    # of the days 4, 5 and 6 ago: the one 6 ago, and the two days that ended 4 ago
    np.add(out[:, now], _ago(values, MONOTONY_DAYS - 1), out=out[:, now])
    late = out[:, LEAD + 4 :]
    np.add(late, work[:, :-4], out=late)


def _with_earlier(values: Floats, days: int, out: Floats) -> None:
    """Each value and the one of ``days`` ago, where there was one."""
    out[:, :days] = values[:, :days]
    np.add(values[:, days:], values[:, :-days], out=out[:, days:])


def _share(over: Floats, under: Floats, out: Floats) -> None:
    """``over / under``, NaN where nothing lies under it."""
    np.divide(over, under, out=out)
    np.copyto(out, np.nan, where=under == 0)


def _monotony(load: Floats, week: Floats, squares: Floats, room: tuple[Floats, Floats], out: Floats) -> None:
    """Mean over standard deviation (ddof = 1) of seven days, from exact sums; NaN where all days are alike.

    ``load`` holds its squares afterwards.
    """
    here, there = room
    np.multiply(load, load, out=load)
    _seven(load, here, squares)
    # 7 times the sum of squared deviations, a whole number: 0 exactly where all days are alike
    np.multiply(squares[:, LEAD:], MONOTONY_DAYS, out=here)
    np.multiply(week, week, out=there)
    np.subtract(here, there, out=here)
    np.multiply(here, MONOTONY_DAYS / (MONOTONY_DAYS - 1), out=here)
    np.sqrt(here, out=here)
    _share(week, here, out)


def _longest(load: Floats, here: Floats, there: Floats, out: Floats) -> None:
    """Largest of the 30 days before each day, by doubling the window."""
    span, width, so_far = int(limit("spike_window_days")), 1, load
    while 2 * width < span:
        here[:, :width] = so_far[:, :width]
        np.maximum(so_far[:, width:], so_far[:, :-width], out=here[:, width:])
        so_far, here, there = here, there, here
        width *= 2
    step = span - width
    earlier = so_far[:, :-1]
    out[:, 1 : step + 1] = earlier[:, :step]
    np.maximum(earlier[:, step:], earlier[:, :-step], out=out[:, step + 1 :])


def _ewma(load: Floats, first: Ints, held: Floats, means: tuple[Floats, Floats], kernels: Kernels, out: Floats) -> None:
    """The ratio of two exponential means, each of which starts at the first day's load; NaN (0/0) before any load."""
    runners, days = load.shape
    whole, rest = divmod(days, CHUNK_DAYS)
    held[:, :whole, :CHUNK_DAYS] = load[:, : whole * CHUNK_DAYS].reshape(runners, whole, CHUNK_DAYS)
    if rest:
        held[:, whole, :rest] = load[:, whole * CHUNK_DAYS :]
    start = np.minimum(first, days - 1)
    at = np.arange(runners), start // CHUNK_DAYS, start % CHUNK_DAYS
    begun = held[at]
    for mean, (weight, kernel, carry) in zip(means, kernels, strict=True):
        held[at] = begun / weight  # as if the first day had full weight
        held[:, :, CHUNK_DAYS] = 0.0
        held[:, :, CHUNK_DAYS] = (held @ kernel[:, -1]) @ carry
        np.matmul(held, kernel, out=mean)
    short, long = (mean.reshape(runners, -1)[:, :days] for mean in means)
    np.divide(short, long, out=out)


def _blank(values: Floats, until: Ints) -> None:
    """NaN on the days before ``until`` of each runner."""
    if len(values) == 1 or (until == until[0]).all():
        values[:, : max(int(until[0]), 0)] = np.nan
        return
    values[np.arange(values.shape[1]) < until[:, None]] = np.nan
