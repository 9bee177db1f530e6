"""Times of FIT messages whose header holds only the last five bits of them (compressed timestamps)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

import numpy as np

from importers.fit_gather import gather, is_number

if TYPE_CHECKING:
    import numpy.typing as npt

    from importers.fit_layout import Layout
    from importers.run import Column

    Offsets = npt.NDArray[np.int64]

LOW_BITS: Final = 31
"""The five bits of a time that stand in a compressed header (s)."""


def compressed_times(data: bytes, layouts: Sequence[Layout]) -> tuple[Offsets, Column]:
    """Offset and time (FIT seconds) of each message with a compressed header, in the order of the file.

    A time goes on from the message before it, of whatever kind, by less than 32 s; NaN before the first full time.
    """
    full_at, full = _full_times(data, layouts)
    packed_at = np.array(sorted(at for known in layouts for at in known.compressed), dtype=np.int64)
    packed = gather(data, packed_at, "u1").astype(np.int64)
    at = np.concatenate([full_at, packed_at])
    value = np.concatenate([full, packed])
    order = np.argsort(at, kind="stable")  # a message that has both is first taken at its word
    is_full = order < len(full_at)
    value = value[order]
    step = np.diff(value, prepend=0) & LOW_BITS
    step[is_full] = 0
    passed = np.cumsum(step)
    anchor = np.maximum.accumulate(np.where(is_full, np.arange(len(order)), -1))
    times = np.where(anchor < 0, np.nan, value[anchor] + passed - passed[anchor])
    return packed_at, times[~is_full]


def _full_times(data: bytes, layouts: Sequence[Layout]) -> tuple[Offsets, npt.NDArray[np.int64]]:
    """Offset and time of all messages that state a time in full."""
    places, values = [np.zeros(0, np.int64)], [np.zeros(0, np.int64)]
    for known in layouts:
        for slot in known.slots:
            if slot.field.name == "timestamp" and is_number(slot.base, slot.size) and slot.base.invalid is not None:
                at = np.array(known.plain + known.compressed, dtype=np.int64)
                raw = gather(data, at + slot.at, known.order + slot.base.code).astype(np.int64)
                places.append(at[raw != slot.base.invalid])
                values.append(raw[raw != slot.base.invalid])
    return np.concatenate(places), np.concatenate(values)
