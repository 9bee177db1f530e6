"""Times of FIT messages whose header holds only the last five bits of them (compressed timestamps)."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import chain
from typing import TYPE_CHECKING, Final

import numpy as np

from importers.fit.gather import is_number, plain_offsets, rows, stored

if TYPE_CHECKING:
    import numpy.typing as npt

    from importers.fit.layout import Layout
    from importers.run import Column

    Offsets = npt.NDArray[np.int64]

LOW_BITS: Final = 31
"""The five bits of a time that stand in a compressed header (s)."""


class Stamps:
    """Times of the messages of a file that have a compressed header."""

    def __init__(self, data: bytes, layouts: Sequence[Layout]) -> None:
        packed = sorted(chain.from_iterable([known.compressed for known in layouts]))
        self.at: Offsets = np.array(packed, dtype=np.int64)
        self.times: Column = _times(data, layouts, self.at) if packed else np.zeros(0)

    def of(self, offsets: Offsets | list[int]) -> Column:
        """Time (FIT seconds) of the messages at some offsets, which all have a compressed header.

        It goes on from the message before, of whatever kind, by less than 32 s; NaN before the first full time.
        """
        return np.asarray(self.times[np.searchsorted(self.at, offsets)], dtype=np.float64)


def _times(data: bytes, layouts: Sequence[Layout], packed_at: Offsets) -> Column:
    """Times of all messages with a compressed header: sums of their steps since the last full time."""
    full_at, full = _full_times(data, layouts)
    order = np.argsort(np.concatenate([full_at, packed_at]), kind="stable")  # one that has both states it first
    value = np.concatenate([full, np.frombuffer(data, np.uint8)[packed_at].astype(np.int64)])[order]
    is_full = order < len(full_at)
    step = np.diff(value, prepend=0) & LOW_BITS
    step[is_full] = 0
    passed = np.cumsum(step)
    anchor = np.maximum.accumulate(np.where(is_full, np.arange(len(order)), -1))
    times = np.where(anchor < 0, np.nan, value[anchor] + passed - passed[anchor])
    return np.asarray(times[~is_full], dtype=np.float64)


def _full_times(data: bytes, layouts: Sequence[Layout]) -> tuple[Offsets, npt.NDArray[np.int64]]:
    """Offset and time of all messages that state a time in full."""
    places, values = [np.zeros(0, np.int64)], [np.zeros(0, np.int64)]
    for known in layouts:
        for slot in known.slots() if known.is_used else ():
            if slot.field.name == "timestamp" and is_number(slot.base, slot.size) and slot.base.invalid is not None:
                at = np.sort(np.concatenate([plain_offsets(known), np.array(known.compressed, dtype=np.int64)]))
                raw = stored(rows(data, at, known.size), known.order, slot)
                places.append(at[raw != slot.base.invalid])
                values.append(raw[raw != slot.base.invalid].astype(np.int64))
    return np.concatenate(places), np.concatenate(values)
