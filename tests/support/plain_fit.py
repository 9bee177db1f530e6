"""A FIT reader as plain as the protocol: one message after the other by ``struct``, slow, and easy to believe.

It shares no code with ``importers``; its names and scales are those of the project's encoder. It stops at the first
thing that it cannot read, and keeps what it has.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np

from loadplan.outbox.fit_file import crc16
from loadplan.outbox.fit_profile import MESSAGES

CODES = {
    0x00: ("B", 0xFF), 0x01: ("b", 0x7F), 0x02: ("B", 0xFF), 0x03: ("h", 0x7FFF), 0x04: ("H", 0xFFFF),
    0x05: ("i", 0x7FFFFFFF), 0x06: ("I", 0xFFFFFFFF), 0x08: ("f", None), 0x09: ("d", None), 0x0A: ("B", 0),
    0x0B: ("H", 0), 0x0C: ("I", 0), 0x0D: ("B", 0xFF), 0x0E: ("q", 2**63 - 1), 0x0F: ("Q", 2**64 - 1), 0x10: ("Q", 0),
}  # fmt: skip
STRING = 0x07
FIELDS = {
    layout.number: (name, {f.number: (key, f.scale, f.offset) for key, f in layout.fields.items()})
    for name, layout in MESSAGES.items()
}
RECORD = 20
FIELD_DESCRIPTION = 206
STAMP = 253
PACKED = 8
"""``compressed_speed_distance`` of old watches: 12 bits of speed, 12 bits of distance that roll over."""


@dataclass
class PlainPart:
    """One file of a chain: messages as (name, values, offset, developer values), offsets of its definitions."""

    messages: list[tuple[str, dict[str, float | str], int, dict[str, float]]] = field(default_factory=list)
    definition_at: list[int] = field(default_factory=list)
    whole: bool = True
    crc_fits: bool = True

    def records(self) -> list[dict[str, float | str]]:
        return [values for name, values, _, _ in self.messages if name == "record"]

    def record_at(self) -> list[int]:
        return [at for name, _, at, _ in self.messages if name == "record"]

    def record_ends(self) -> list[int]:
        """Offset behind each record."""
        starts = [at for _, _, at, _ in self.messages]
        return [b for (name, *_), b in zip(self.messages, [*starts[1:], 10**9], strict=True) if name == "record"]


class _BrokenError(Exception):
    """What follows cannot be read."""


def parts(data: bytes) -> Iterator[PlainPart]:
    """The files of a chain."""
    at = 0
    while data[at + 8 : at + 12] == b".FIT":
        size, body = data[at], struct.unpack_from("<I", data, at + 4)[0]
        end = at + size + body
        part = PlainPart(whole=end + 2 <= len(data))
        part.crc_fits = part.whole and crc16(data[at : end + 2]) == 0
        try:
            _read(data, at + size, min(end, len(data)), part)
        except (_BrokenError, struct.error, IndexError):
            part.whole = False
        yield part
        at = end + 2


def _read(data: bytes, at: int, end: int, part: PlainPart) -> None:
    layouts: dict[int, tuple] = {}
    natives: dict[tuple[int, int], tuple[str, int]] = {}
    clock: int | None = None
    travelled = 0
    while at < end:
        begin, head = at, data[at]
        at += 1
        if not head & 0x80 and head & 0x40:
            part.definition_at.append(begin)
            layouts[head & 15], at = _definition(data, at, bool(head & 0x20))
            continue
        local, delta = (head >> 5 & 3, head & 31) if head & 0x80 else (head & 15, None)
        if local not in layouts:
            raise _BrokenError
        order, number, specs, apps = layouts[local]
        name, known = FIELDS.get(number, (f"unknown_{number}", {}))
        values: dict[str, float | str] = {}
        for num, size, base in specs:
            if at + size > end:
                raise _BrokenError
            value = _value(data, at, size, base, order)
            packed = int.from_bytes(data[at : at + size], "little")
            at += size
            if (number, num, size) == (RECORD, PACKED, 3) and packed != 0xFFFFFF:
                travelled += ((packed >> 12) - travelled) % 4096
                values |= {"speed": (packed & 0xFFF) / 100, "distance": travelled / 16}
            if num == STAMP and value is not None:
                clock = int(value)
            if num in known and value is not None:
                key, scale, offset = known[num]
                plain = isinstance(value, str) or key.startswith("position") or "_position_" in key
                values[key] = value if plain else value / scale - offset
        developer: dict[str, float] = {}
        for num, size, index in apps:
            if at + size > end:
                raise _BrokenError
            native = natives.get((index, num))
            value = _value(data, at, size, native[1], order) if native else None
            at += size
            if native and isinstance(value, int | float):
                developer[native[0]] = float(value)
        if delta is not None and clock is not None:
            clock += (delta - clock) % 32
            values["timestamp"] = clock
        if number == FIELD_DESCRIPTION:
            _describe(values, natives)
        part.messages.append((name, values, begin, developer))


def _describe(values: dict[str, float | str], natives: dict[tuple[int, int], tuple[str, int]]) -> None:
    key = (int(values.get("developer_data_index", -1)), int(values.get("field_definition_number", -1)))
    natives.pop(key, None)
    native = values.get("native_field_num")
    if native is not None and values.get("native_mesg_num", RECORD) == RECORD and int(native) in FIELDS[RECORD][1]:
        natives[key] = (FIELDS[RECORD][1][int(native)][0], int(values.get("fit_base_type_id", 0x0D)))


def _definition(data: bytes, at: int, developer: bool) -> tuple[tuple, int]:
    order = ">" if data[at + 1] else "<"
    number, count = struct.unpack_from(order + "HB", data, at + 2)
    at += 5
    specs = [tuple(data[at + 3 * k : at + 3 * k + 3]) for k in range(count)]
    at += 3 * count
    apps: list[tuple[int, ...]] = []
    if developer:
        count, at = data[at], at + 1
        apps = [tuple(data[at + 3 * k : at + 3 * k + 3]) for k in range(count)]
        at += 3 * count
    if at > len(data):
        raise _BrokenError
    return (order, number, specs, apps), at


def _value(data: bytes, at: int, size: int, base: int, order: str) -> float | str | None:
    """First value of a field; None where it is invalid or its size fits no whole number of values."""
    base &= 0x1F
    if base == STRING:
        text = data[at : at + size].split(b"\0")[0].decode("utf-8", "replace")
        return text or None
    if base not in CODES:
        return None
    code, invalid = CODES[base]
    step = struct.calcsize(code)
    if size < step or size % step:
        return None
    value = struct.unpack_from(order + code, data, at)[0]
    return None if value == invalid or value != value else value


def columns(rows: list[dict[str, float | str]]) -> dict[str, np.ndarray]:
    """Rows to columns, NaN where a row lacks the value."""
    names = sorted({key for row in rows for key, value in row.items() if not isinstance(value, str)})
    return {n: np.array([row.get(n, np.nan) for row in rows], dtype=np.float64) for n in names}
