"""Windows over days: sums, maxima, exponential means and medians, for one runner or a block of runners x days.

Arrays run along their last axis, a value a day. Plain NumPy; the tables come in by other rooms.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import numpy.typing as npt

from loadplan.measures import Floats

EWMA_CHUNK_DAYS = 64
"""Days that one matrix product of the exponential mean covers."""


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
    out = values.copy()
    width = 1
    while width < days:
        step = min(width, days - width)
        out = np.maximum(out, shifted(out, step, -math.inf))
        width += step
    return out


def exponential_mean(values: Floats, weight: float, *, first: npt.NDArray[np.int64] | int | None = None) -> Floats:
    """``E(t) = weight L(t) + (1 - weight) E(t-1)``.

    Args:
        values: Daily load; zeros before a runner's first day.
        weight: Share of today, between 0 and 1.
        first: Index of each runner's first day, on which E is that day's load. None: E is 0 before the series.

    Returns:
        E, an array like ``values``. Chunks of days are matrix products; only the carry from chunk to chunk is a loop.
    """
    keep = 1.0 - weight
    length = values.shape[-1]
    chunks = -(-length // EWMA_CHUNK_DAYS)
    padded = np.zeros((*values.shape[:-1], chunks * EWMA_CHUNK_DAYS))
    padded[..., :length] = values
    powers = keep ** np.arange(EWMA_CHUNK_DAYS + 1)
    lag = np.subtract.outer(np.arange(EWMA_CHUNK_DAYS), np.arange(EWMA_CHUNK_DAYS))
    kernel = np.tril(weight * powers[np.maximum(lag, 0)])
    out = padded.reshape(*values.shape[:-1], chunks, EWMA_CHUNK_DAYS) @ kernel.T
    fade = powers[1:]
    for k in range(1, chunks):
        out[..., k, :] += out[..., k - 1, -1:] * fade
    mean: Floats = out.reshape(*values.shape[:-1], -1)[..., :length]
    return mean if first is None else mean + _seed(values, keep, first)


def _seed(values: Floats, keep: float, first: npt.NDArray[np.int64] | int) -> Floats:
    """What is added when E starts at the first day's load instead of at 0."""
    start = np.asarray(first)[..., None]
    age = np.arange(values.shape[-1]) - start
    load = np.take_along_axis(values, np.broadcast_to(start, (*values.shape[:-1], 1)), axis=-1)
    seed: Floats = np.where(age >= 0, load * keep ** (np.maximum(age, 0) + 1.0), 0.0)
    return seed


def row_median(rows: Floats) -> Floats:
    """Median of each row without its NaNs; NaN for a row that has nothing else."""
    ordered = np.sort(rows, axis=-1)
    known = np.sum(~np.isnan(rows), axis=-1)
    low = np.maximum(known - 1, 0) // 2
    high = np.minimum(known // 2, rows.shape[-1] - 1)
    pick = np.take_along_axis(ordered, np.stack([low, high], axis=-1), axis=-1)
    return np.where(known > 0, pick.mean(axis=-1), np.nan)
