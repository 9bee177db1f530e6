"""The one FIT encoder of the project: messages in, bytes of a ``.fit`` file out.

Workouts, the demo's runner and the tests all write with it::

    data = encode([Message("file_id", {"type": "settings", "time_created": when})])
    data = encode(messages, endian=">", compress=True)

Whole activities: see ``loadplan.outbox.fit_activity``; names: ``loadplan.outbox.fit_profile``.
A value of None is written as "not recorded".
"""

from __future__ import annotations

import struct
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import lru_cache
from typing import Final, Literal

from loadplan.outbox.fit_profile import BYTE, MESSAGES, NAMES, STRING, UINT32, Base, Field

Single = float | int | str | bytes | datetime | None
Value = Single | tuple[float | int | None, ...]
"""A value of a field; a tuple fills a field that is an array."""
Endian = Literal["<", ">"]

EPOCH: Final = datetime(1989, 12, 31, tzinfo=UTC)
"""FIT counts seconds from here."""
PROTOCOL: Final = 0x20
PROFILE: Final = 2132
TIMESTAMP: Final = 253
"""Field number of ``timestamp`` in every message."""
RECORD_SLOTS: Final = 4
"""A compressed header has two bits for the local message: only the first four can use it."""
SLOTS: Final = 16
ROLLOVER_S: Final = 32
"""A compressed header has five bits for the time."""
LONGEST_STRING: Final = 255
FLOAT_INVALID: Final = b"\xff"
"""Each byte of a float that is not recorded."""


class FitValueError(ValueError):
    """A value that the field's base type cannot hold, or a name that the profile does not know."""


@dataclass(frozen=True, slots=True)
class DeveloperField:
    """A field that an app adds to a message. ``size`` other than the base type's own makes an odd field (raw bytes).

    ``native`` names the field of the record message that this one stands for.
    """

    number: int
    name: str
    base: Base = UINT32
    units: str = ""
    index: int = 0
    size: int | None = None
    native: str | None = None


@dataclass(frozen=True, slots=True)
class Message:
    """One message: its name, values by field name, developer values, and values of fields the profile here lacks."""

    name: str
    values: Mapping[str, Value]
    developer: Mapping[DeveloperField, Value] = field(default_factory=dict)
    extra: Mapping[Field, Value] = field(default_factory=dict)


# A field as it stands in a definition: (number, size, base number). The last tuple is (number, size, developer index).
_Slot = tuple[int, int, int]
_Definition = tuple[int, tuple[_Slot, ...], tuple[_Slot, ...]]


# ---------------------------------------------------------------- bytes
def _crc_table() -> tuple[int, ...]:
    table = []
    for byte in range(256):
        crc = byte
        for _ in range(8):
            crc = (crc >> 1) ^ (0xA001 if crc & 1 else 0)
        table.append(crc)
    return tuple(table)


_CRC = _crc_table()


def crc16(data: bytes, crc: int = 0) -> int:
    """The CRC-16 (polynomial 0xA001, reflected) that closes header and file."""
    for byte in data:
        crc = (crc >> 8) ^ _CRC[(crc ^ byte) & 0xFF]
    return crc


def seconds(value: datetime) -> int:
    """Seconds of the FIT clock; a naive value is taken as a wall clock (``local_timestamp``)."""
    return round((value.replace(tzinfo=value.tzinfo or UTC) - EPOCH).total_seconds())


def strides(steps_per_min: float | None) -> dict[str, Value]:
    """``cadence`` and ``fractional_cadence`` of a record: FIT counts strides (one leg), people steps (both)."""
    if steps_per_min is None:
        return {"cadence": None, "fractional_cadence": None}
    whole, fraction = divmod(round(steps_per_min / 2 * 128), 128)
    return {"cadence": whole, "fractional_cadence": fraction / 128}


@lru_cache(maxsize=4096)
def _field(name: str, key: str) -> Field:
    known = MESSAGES[name].fields if name in MESSAGES else {}
    if key not in known:
        raise FitValueError(f"the profile here has no field {key!r} in message {name!r}")
    return known[key]


def _scaled(spec: Field, value: float) -> float:
    """The number as stored; kept whole where the base type is whole."""
    stored = (value + spec.offset) * spec.scale
    return stored if spec.base.code in "fd" else round(stored)


def _stored(spec: Field, value: Single) -> float | bytes:
    """The value as it goes into the file: a number, or bytes for strings, byte fields and unknown floats."""
    if spec.base is STRING or spec.base is BYTE:
        return _text(value)
    if type(value) is float and value == value:
        return _scaled(spec, value)  # most values of a file
    if value is None or value != value:  # NaN is the only value that differs from itself
        return FLOAT_INVALID * struct.calcsize(spec.base.code) if spec.base.code in "fd" else spec.base.invalid
    if isinstance(value, datetime):
        return seconds(value)
    if isinstance(value, str):
        if spec.names is None or value not in NAMES[spec.names]:
            raise FitValueError(f"{value!r} is no name of {spec.names or 'a number'}")
        return NAMES[spec.names][value]
    if isinstance(value, bytes):
        raise FitValueError("bytes go into a string or byte field")
    return _scaled(spec, value)


def _text(value: Single) -> bytes:
    """A string ends with a zero byte; bytes stay as they are."""
    if isinstance(value, bytes):
        return value[:LONGEST_STRING]
    whole = ("" if value is None else str(value)).encode()[: LONGEST_STRING - 1]
    return whole.decode(errors="ignore").encode() + b"\0"


def _pack(spec: Field, stored: float | bytes, endian: Endian) -> bytes:
    if isinstance(stored, bytes):
        return stored
    try:
        return struct.pack(endian + spec.base.code, stored)
    except struct.error as error:
        raise FitValueError(f"{stored} does not fit into field {spec.number}: {error}") from error


def _packed(spec: Field, value: Value, endian: Endian) -> bytes:
    """The bytes of a field; those of an array one value after the other."""
    if isinstance(value, tuple):
        return b"".join(_pack(spec, _stored(spec, v), endian) for v in value)
    return _pack(spec, _stored(spec, value), endian)


def _pack_developer(spec: DeveloperField, value: Value, endian: Endian) -> bytes:
    if spec.size is not None and isinstance(value, bytes):
        return value[: spec.size].ljust(spec.size, b"\0")
    plain = Field(spec.number, spec.base)
    return _packed(plain, value, endian)


# ---------------------------------------------------------------- the file
class _Writer:
    """Collects the records of one file: a definition wherever the layout is new, then the data."""

    def __init__(self, endian: Endian, compress: bool) -> None:
        self.endian: Endian = endian
        self.compress = compress
        self.out = bytearray()
        self.slots: dict[int, _Definition] = {}
        self.local: dict[_Definition, int] = {}
        self.next = {True: 0, False: 0}
        self.clock: int | None = None

    def add(self, message: Message) -> None:
        """Write one message."""
        specs = [(_field(message.name, key), value) for key, value in message.values.items()]
        specs += message.extra.items()
        delta = self._delta(message.name, specs)
        if delta is not None:
            specs = [(s, v) for s, v in specs if s.number != TIMESTAMP]
        parts = [_packed(s, v, self.endian) for s, v in specs]
        apps = [_pack_developer(s, v, self.endian) for s, v in message.developer.items()]
        slots = tuple((s.number, len(p), s.base.number) for (s, _), p in zip(specs, parts, strict=True))
        app_slots = tuple((s.number, len(p), s.index) for s, p in zip(message.developer, apps, strict=True))
        local = self._define((MESSAGES[message.name].number, slots, app_slots), message.name == "record")
        self.out.append(local if delta is None else 0x80 | local << 5 | delta)
        self.out += b"".join(parts) + b"".join(apps)

    def _delta(self, name: str, specs: Sequence[tuple[Field, Value]]) -> int | None:
        """The five bits of a compressed header, or None where the time is written in full."""
        stamp = next((v for s, v in specs if s.number == TIMESTAMP), None)
        if stamp is None or isinstance(stamp, str | bytes | tuple):
            return None
        now = seconds(stamp) if isinstance(stamp, datetime) else int(stamp)
        before, self.clock = self.clock, now
        if not self.compress or name != "record" or before is None or not 0 <= now - before < ROLLOVER_S:
            return None
        return now % ROLLOVER_S

    def _define(self, definition: _Definition, record: bool) -> int:
        """The local number of a layout; a new layout is defined in the slot that has waited longest."""
        if definition in self.local:
            return self.local[definition]
        first, count = (0, RECORD_SLOTS) if record else (RECORD_SLOTS, SLOTS - RECORD_SLOTS)
        slot = first + self.next[record] % count
        self.next[record] += 1
        if slot in self.slots:
            del self.local[self.slots[slot]]
        self.slots[slot], self.local[definition] = definition, slot
        number, slots, app_slots = definition
        self.out += bytes([0x40 | (0x20 if app_slots else 0) | slot, 0, self.endian == ">"])
        self.out += struct.pack(self.endian + "H", number) + bytes([len(slots)])
        self.out += b"".join(bytes(slot) for slot in slots)
        if app_slots:
            self.out += bytes([len(app_slots)]) + b"".join(bytes(slot) for slot in app_slots)
        return slot


def encode(
    messages: Iterable[Message],
    *,
    endian: Endian = "<",
    compress: bool = False,
    short_header: bool = False,
    header_crc: bool = True,
) -> bytes:
    """A whole FIT file: header, messages, CRC.

    Args:
        messages: in the order in which they are to stand; the first should be ``file_id``.
        endian: byte order of the messages (the header is always little-endian).
        compress: write the time of records into their header where it follows closely (5 bits).
        short_header: 12 bytes without a CRC of its own, as old devices write it.
        header_crc: False leaves the header's own CRC at zero, which says that there is none.

    Raises:
        FitValueError: a value does not fit its field, or the profile has no such name.
    """
    writer = _Writer(endian, compress)
    for message in messages:
        writer.add(message)
    size = 12 if short_header else 14
    header = struct.pack("<BBHI4s", size, PROTOCOL, PROFILE, len(writer.out), b".FIT")
    if not short_header:
        header += struct.pack("<H", crc16(header) if header_crc else 0)
    whole = header + bytes(writer.out)
    return whole + struct.pack("<H", crc16(whole))


def describe(fields: Iterable[DeveloperField]) -> list[Message]:
    """The messages that must stand before developer fields are used."""
    fields = list(fields)
    out = [
        Message("developer_data_id", {"application_id": bytes(range(16)), "developer_data_index": index})
        for index in sorted({f.index for f in fields})
    ]
    for f in fields:
        values: dict[str, Value] = {"developer_data_index": f.index, "field_definition_number": f.number}
        values |= {"fit_base_type_id": f.base.number, "field_name": f.name, "units": f.units}
        if f.native is not None:
            values["native_mesg_num"] = MESSAGES["record"].number
            values["native_field_num"] = _field("record", f.native).number
        out.append(Message("field_description", values))
    return out
