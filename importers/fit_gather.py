"""Values out of FIT bytes: a field of many messages as one column, or the fields of one small message."""

from __future__ import annotations

import struct
from collections.abc import Callable
from math import isfinite
from typing import TYPE_CHECKING, Final

import numpy as np

from importers.fit_layout import BYTE, STRING, Base, Field, Layout

if TYPE_CHECKING:
    import numpy.typing as npt

    from importers.run import Column

    Offsets = npt.NDArray[np.int64]

Values = dict[str, float | str]
"""One small message: profile field name -> value, scale and offset applied (enumerations as their raw number: sport 1.0
is running); strings decoded; invalid or absent left out. Times are FIT seconds."""

CSD_BYTES: Final = 3
"""``compressed_speed_distance``: 12 bits of speed, 12 bits of distance that rolls over."""
CSD_SPEED: Final = 100.0
CSD_DISTANCE: Final = 16.0
"""Steps per m/s and per m."""
_LOW12: Final = 0xFFF
_NONE24: Final = 0xFFFFFF


def is_number(base: Base, size: int) -> bool:
    """Whether a field of this type and size (bytes) is a number, or an array of which the first is taken.

    Sizes that do not divide, and bytes in a row, are nothing we read.
    """
    if base is BYTE:
        return size == 1
    return base is not STRING and size >= base.size and size % base.size == 0


def gather(data: bytes, places: Offsets, code: str) -> npt.NDArray[np.generic]:
    """The values of a NumPy type, at any offsets into the data; none may reach beyond their end."""
    dtype = np.dtype(code)
    view: npt.NDArray[np.generic] = np.ndarray((len(data) - dtype.itemsize + 1,), dtype, data, 0, (1,))
    return view[places]


def column(data: bytes, places: Offsets, order: str, base: Base, field: Field) -> Column:
    """A field of the messages whose value lies at ``places``, as float64 in the profile's unit; NaN where invalid."""
    raw = gather(data, places, order + base.code)
    values = raw.astype(np.float64)
    if base.invalid is None:
        values[~np.isfinite(values)] = np.nan
    else:
        values[raw == base.invalid] = np.nan
    if field.scale != 1:
        values /= field.scale
    if field.shift:
        values -= field.shift
    return values


def speed_and_distance(data: bytes, places: Offsets) -> tuple[Column, Column]:
    """Speed (m/s) and distance (m, counted on over its rollover) of ``compressed_speed_distance`` fields."""
    low, middle, high = (gather(data, places + k, "u1").astype(np.int64) for k in range(CSD_BYTES))
    bits = low | middle << 8 | high << 16
    known = bits != _NONE24
    speed, distance = np.full(len(bits), np.nan), np.full(len(bits), np.nan)
    speed[known] = (bits[known] & _LOW12) / CSD_SPEED
    steps = np.diff(bits[known] >> 12, prepend=0) & _LOW12
    distance[known] = np.cumsum(steps) / CSD_DISTANCE
    return speed, distance


def reader(layout: Layout) -> Callable[[bytes, int], Values]:
    """A function that reads one message of a layout: (data, offset) -> values."""
    form, place = [layout.order], 0
    wanted = []
    for slot in layout.slots:
        number = is_number(slot.base, slot.size)
        if number or (slot.base is STRING and slot.size):
            size = slot.base.size if number else slot.size
            form.append(f"{slot.at - place}x" + (slot.base.code if number else f"{size}s"))
            place = slot.at + size
            wanted.append((slot.field, slot.base.invalid))
    unpack = struct.Struct("".join(form)).unpack_from

    def read(data: bytes, at: int) -> Values:
        values: Values = {}
        for (field, invalid), raw in zip(wanted, unpack(data, at), strict=True):
            if isinstance(raw, bytes):
                text = raw.partition(b"\0")[0].decode("utf-8", "replace")
                if text:
                    values[field.name] = text
            elif raw != invalid and isfinite(raw):
                values[field.name] = raw / field.scale - field.shift
        return values

    return read
