"""Values out of FIT bytes: a field of many messages as one column, or the fields of one small message."""

from __future__ import annotations

import struct
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import lru_cache
from math import isfinite
from typing import TYPE_CHECKING, Final

import numpy as np

from importers.fit.layout import BYTE, REMEMBERED, STRING, Base, Layout, Slot, slots

if TYPE_CHECKING:
    import numpy.typing as npt

    from importers.run import Column

    Offsets = npt.NDArray[np.int64]
    Rows = npt.NDArray[np.void]

Values = dict[str, float | str]
"""One small message: profile field name -> value, scale and offset applied (enumerations as their raw number: sport 1.0
is running); strings decoded; invalid or absent left out. Times are FIT seconds."""

EXACT_BYTES: Final = 4
"""Whole numbers of so many bytes are exact as float64; longer ones are not."""
CSD: Final = "compressed_speed_distance"
CSD_BYTES: Final = 3
"""Its bytes: 12 bits of speed, 12 bits of distance that rolls over."""
CSD_SPEED: Final = 100.0
CSD_DISTANCE: Final = 16.0
"""Steps per m/s and per m."""
CSD_BITS: Final = 12
_LOW12: Final = 0xFFF
_NONE24: Final = 0xFFFFFF


def is_number(base: Base, size: int) -> bool:
    """Whether a field of this type and size (bytes) is a number, or an array of which the first is taken.

    Sizes that do not divide, and bytes in a row, are nothing we read.
    """
    if base is BYTE:
        return size == 1
    return base is not STRING and size >= base.size and size % base.size == 0


def plain_places(layout: Layout) -> list[int]:
    """The same as ``plain_offsets``, as plain numbers: for small messages, which seldom make a run."""
    return plain_offsets(layout).tolist() if layout.runs or layout.leaps else layout.plain


def plain_offsets(layout: Layout) -> Offsets:
    """Offsets of the messages of a layout that have a plain header, in the order of the file."""
    parts = [np.array(layout.plain, dtype=np.int64)] if layout.plain else []
    parts += layout.leaps
    if layout.runs:
        first, count = np.array(layout.runs, dtype=np.int64).T
        before = np.cumsum(count) - count
        parts.append(np.repeat(first - before * layout.size, count) + np.arange(count.sum()) * layout.size)
    if len(parts) <= 1:
        return parts[0] if parts else np.zeros(0, np.int64)
    return np.sort(np.concatenate(parts), kind="stable")


def rows(data: bytes, offsets: Offsets, size: int) -> Rows:
    """The messages of one size (bytes) at rising offsets, at least one, one behind the other; each must be whole."""
    every: Rows = np.ndarray((len(data) - size + 1,), f"V{size}", data, 0, (1,))
    if offsets[-1] - offsets[0] == size * (len(offsets) - 1):  # they are so already
        return every[offsets[0] : offsets[-1] + 1 : size]
    return every[offsets]


def stored(messages: Rows, order: str, slot: Slot) -> npt.NDArray[np.generic]:
    """A field of each message as it is stored; of an array the first element."""
    shape, step = (len(messages),), (messages.strides[0],)
    return np.ndarray(shape, order + slot.base.code, messages, slot.at, step)


def read_column(messages: Rows, order: str, slot: Slot, values: Column) -> None:
    """A field of each message into a column, as float64 in the profile's unit; NaN where it was not recorded."""
    raw = stored(messages, order, slot)
    np.copyto(values, raw)
    base, scale, shift = slot.base, slot.field.scale, slot.field.shift
    unknown = (raw if base.size > EXACT_BYTES else values) == base.invalid if base.invalid is not None else None
    if scale != 1:
        values /= scale
    if shift:
        values -= shift
    if unknown is None:
        unknown = ~np.isfinite(values)
    if np.count_nonzero(unknown):
        values[unknown] = np.nan


@dataclass(frozen=True, slots=True)
class Numbers:
    """The fields of a definition that are numbers, and how each is read."""

    slots: tuple[Slot, ...]
    names: tuple[str, ...]
    invalid: Column
    """A row for each."""
    scaled: tuple[tuple[int, float, float], ...]
    """Row, scale and offset of those that have either."""
    odd: tuple[int, ...]
    """Rows of those that are not whole numbers, or longer than a float64 has exactly."""


def numbers(layout: Layout) -> Numbers:
    """The fields of a layout that are numbers."""
    return _numbers(layout.message, layout.definition)


@lru_cache(REMEMBERED)
def _numbers(message: int, definition: bytes) -> Numbers:
    found = tuple(s for s in slots(message, definition) if s.field.name != CSD and is_number(s.base, s.size))
    odd = tuple(k for k, s in enumerate(found) if s.base.invalid is None or s.base.size > EXACT_BYTES)
    invalid = np.array([[np.nan if k in odd else s.base.invalid] for k, s in enumerate(found)], dtype=np.float64)
    units = [(k, s.field.scale, s.field.shift) for k, s in enumerate(found)]
    scaled = tuple(unit for unit in units if unit[1:] != (1.0, 0.0))
    return Numbers(found, tuple(s.field.name for s in found), invalid.reshape(-1, 1), scaled, odd)


def read_columns(messages: Rows, order: str, fields: Numbers) -> Column:
    """Fields of each message as rows of float64 in the profile's unit; NaN where one was not recorded."""
    values = np.empty((len(fields.slots), len(messages)))
    for row, slot in zip(values, fields.slots, strict=True):
        np.copyto(row, stored(messages, order, slot))
    unknown = values == fields.invalid
    for k, scale, shift in fields.scaled:
        values[k] /= scale
        if shift:
            values[k] -= shift
    np.putmask(values, unknown, np.nan)
    for k in fields.odd:
        read_column(messages, order, fields.slots[k], values[k])
    return values


def packed_column(messages: Rows, slot: Slot) -> Column:
    """The 24 bits of ``compressed_speed_distance`` of each message as a number; NaN where it was not recorded."""
    shape, step = (len(messages),), (messages.strides[0],)
    bits = np.zeros(shape, dtype=np.int64)
    for k in range(CSD_BYTES):
        bits |= np.ndarray(shape, np.uint8, messages, slot.at + k, step).astype(np.int64) << 8 * k
    return np.where(bits == _NONE24, np.nan, bits)


def speed_and_distance(packed: Column) -> tuple[Column, Column]:
    """Speed (m/s) and distance (m, counted on over its rollover) of a column of packed numbers."""
    known = np.flatnonzero(~np.isnan(packed))
    bits = packed[known].astype(np.int64)
    speed, distance = np.full(len(packed), np.nan), np.full(len(packed), np.nan)
    speed[known] = (bits & _LOW12) / CSD_SPEED
    distance[known] = np.cumsum(np.diff(bits >> CSD_BITS, prepend=0) & _LOW12) / CSD_DISTANCE
    return speed, distance


def reader(layout: Layout) -> Callable[[bytes, int], Values]:
    """A function that reads one message of a layout: (data, offset) -> values."""
    return _reader(layout.message, layout.definition, layout.order)


@lru_cache(REMEMBERED)
def _reader(message: int, definition: bytes, order: str) -> Callable[[bytes, int], Values]:
    form, place = [order], 0
    wanted: list[tuple[str, float | None, float, float]] = []
    for slot in slots(message, definition):
        text = slot.base is STRING
        if text or is_number(slot.base, slot.size):
            size = slot.size if text else slot.base.size
            form.append(f"{slot.at - place}x{size if text else ''}{slot.base.code}")
            place = slot.at + size
            wanted.append((slot.field.name, slot.base.invalid, slot.field.scale, slot.field.shift))
    unpack = struct.Struct("".join(form)).unpack_from
    odd = any(invalid is None for _, invalid, _, _ in wanted)

    def read(data: bytes, at: int) -> Values:
        found = zip(wanted, unpack(data, at), strict=True)
        if odd:
            return _read_odd(found)
        return {name: raw / scale - shift for (name, invalid, scale, shift), raw in found if raw != invalid}

    return read


def _read_odd(found: Iterable[tuple[tuple[str, float | None, float, float], float | bytes]]) -> Values:
    """Values among which are texts, or floats that may be no numbers."""
    values: Values = {}
    for (name, invalid, scale, shift), raw in found:
        if not isinstance(raw, bytes):
            if raw != invalid and isfinite(raw):
                values[name] = raw / scale - shift
        elif text := raw.partition(b"\0")[0].decode("utf-8", "replace"):
            values[name] = text
    return values
