"""Windows over days: sums, maxima, exponential means and medians, for one runner or a block of runners x days.

Arrays run along their last axis, a value a day. Plain NumPy; the tables come in by other rooms.
"""

from __future__ import annotations

from typing import Any, Final

import numpy as np
import numpy.typing as npt

from loadplan.measures import Floats

CHUNK_DAYS, LONG_CHUNK_DAYS, MANY_RUNNERS = 32, 64, 8
"""Days that one matrix product of the exponential mean covers: few for many runners, more for one."""
FADED: Final = 1e-200
"""What has faded so far is nothing. Numbers a little smaller yet are ones that processors are slow with."""


def rolling_sum(values: npt.NDArray[Any], days: int) -> npt.NDArray[Any]:
    """Sum of the last ``days`` values, today included; of fewer at the start of the series."""
    total = np.cumsum(values, axis=-1)
    out = total.copy()
    out[..., days:] -= total[..., :-days] if days else total
    return out


def shifted(values: npt.NDArray[Any], days: int, fill: float = 0.0) -> npt.NDArray[Any]:
    """The series ``days`` later: today holds the value of ``days`` ago, ``fill`` where the record had not begun."""
    out = np.full_like(values, fill)
    if days < values.shape[-1]:
        out[..., days:] = values[..., : values.shape[-1] - days]
    return out


def rolling_max(values: Floats, days: int) -> Floats:
    """Largest of the last ``days`` values, today included, by doubling the window."""
    out, width = values, 1
    while width < days:
        step = min(width, days - width)
        wider = np.empty_like(values)
        wider[..., :step] = out[..., :step]
        np.maximum(out[..., step:], out[..., :-step], out=wider[..., step:])
        out, width = wider, width + step
    return out


def exponential_mean(values: Floats, weight: float, *, first: npt.NDArray[np.int64] | int | None = None) -> Floats:
    """``E(t) = weight L(t) + (1 - weight) E(t-1)``.

    Args:
        values: Daily load; zeros before a runner's first day.
        weight: Share of today, between 0 and 1.
        first: Index of each runner's first day, on which E is that day's load. None: E is 0 before the series.

    Returns:
        E, an array like ``values``. Chunks of days are matrix products, and so is the carry from chunk to chunk.
    """
    if first is not None:
        values = _seeded(values, weight, first)
    length, size = values.shape[-1], CHUNK_DAYS if values.size > MANY_RUNNERS * values.shape[-1] else LONG_CHUNK_DAYS
    chunks = -(-length // size)
    kernel = chunk_kernel(weight, size)
    # Behind the days of each chunk stands what is carried into it: E at the end of the chunk before.
    held = np.zeros((*values.shape[:-1], chunks, size + 1))
    whole = length // size
    held[..., :whole, :size] = values[..., : whole * size].reshape(*values.shape[:-1], whole, size)
    held[..., whole:, : length - whole * size] = values[..., None, whole * size :]
    held[..., size] = (held @ kernel[:, -1]) @ carry_matrix(kernel[-1, -1], chunks)
    mean: Floats = (held @ kernel).reshape(*values.shape[:-1], -1)[..., :length]
    return mean


def chunk_kernel(weight: float, size: int) -> Floats:
    """What each day of a chunk, and in the last row what is carried into it, gives to E on each of its days."""
    powers = (1.0 - weight) ** np.arange(size + 1)
    lag = np.subtract.outer(np.arange(size), np.arange(size))
    return np.vstack([np.tril(weight * powers[np.maximum(lag, 0)]).T, powers[1:]])


def carry_matrix(fade: float, chunks: int) -> Floats:
    """What each chunk (row) gives to the carry into each later chunk (column)."""
    lag = np.subtract.outer(np.arange(chunks), np.arange(chunks)).T - 1
    powers = fade ** np.arange(chunks)
    powers[powers < FADED] = 0.0
    return np.ascontiguousarray(np.where(lag >= 0, powers[np.maximum(lag, 0)], 0.0))


def _seeded(values: Floats, weight: float, first: npt.NDArray[np.int64] | int) -> Floats:
    """The loads with which E starts at the first day's load: that one counts as if it had full weight."""
    seeded = values.astype(np.float64)
    at = np.broadcast_to(np.asarray(first)[..., None], (*values.shape[:-1], 1))
    load = np.take_along_axis(seeded, at, axis=-1)
    np.put_along_axis(seeded, at, load / weight, axis=-1)
    return seeded


def row_median(rows: Floats) -> Floats:
    """Median of each row without its NaNs; NaN for a row that has nothing else."""
    ordered = np.sort(rows, axis=-1)
    known = np.sum(~np.isnan(rows), axis=-1)
    low = np.maximum(known - 1, 0) // 2
    high = np.minimum(known // 2, rows.shape[-1] - 1)
    pick = np.take_along_axis(ordered, np.stack([low, high], axis=-1), axis=-1)
    return np.where(known > 0, pick.mean(axis=-1), np.nan)
