"""How a FIT message lies in its bytes: base types, the fields we want of each message, definitions.

Numbers, scales and offsets are those of the FIT profile as published by Garmin; a value is ``stored / scale - offset``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import accumulate
from typing import TYPE_CHECKING, Final, Literal

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    Offsets = npt.NDArray[np.int64]

# ---------------------------------------------------------------- base types


@dataclass(frozen=True, slots=True)
class Base:
    """A base type: ``struct`` and NumPy code without byte order, bytes of one element, the value for "not recorded"."""

    code: str
    size: int
    invalid: int | None = None


BYTE: Final = Base("B", 1, 0xFF)
STRING: Final = Base("s", 1)
_BASES: Final = {
    0x00: Base("B", 1, 0xFF),  # enum
    0x01: Base("b", 1, 0x7F),
    0x02: Base("B", 1, 0xFF),
    0x07: STRING,
    0x0A: Base("B", 1, 0),  # the z types: 0 is not recorded
    0x0D: BYTE,
    0x83: Base("h", 2, 0x7FFF),
    0x84: Base("H", 2, 0xFFFF),
    0x85: Base("i", 4, 0x7FFFFFFF),
    0x86: Base("I", 4, 0xFFFFFFFF),
    0x88: Base("f", 4),  # floats that are not recorded are no numbers
    0x89: Base("d", 8),
    0x8B: Base("H", 2, 0),
    0x8C: Base("I", 4, 0),
    0x8E: Base("q", 8, 0x7FFFFFFFFFFFFFFF),
    0x8F: Base("Q", 8, 0xFFFFFFFFFFFFFFFF),
    0x90: Base("Q", 8, 0),
}
_BASE_NUMBER: Final = 0x1F
"""Bits of a base type that number it; the others only say that its byte order matters."""

_BY_NUMBER: Final = {number & _BASE_NUMBER: base for number, base in _BASES.items()}


def base_type(code: int) -> Base:
    """The base type of a code in a definition; plain bytes where there is none."""
    return _BY_NUMBER.get(code & _BASE_NUMBER, BYTE)


# ---------------------------------------------------------------- messages and fields


@dataclass(frozen=True, slots=True)
class Field:
    """A field of the profile."""

    name: str
    scale: float = 1.0
    shift: float = 0.0
    """Offset: what is taken off after scaling."""


FILE_ID: Final = 0
SPORT: Final = 12
SESSION: Final = 18
LAP: Final = 19
RECORD: Final = 20
EVENT: Final = 21
DEVICE_INFO: Final = 23
ACTIVITY: Final = 34
FIELD_DESCRIPTION: Final = 206
TIMESTAMP: Final = 253
"""Number of ``timestamp`` in every message."""

_STAMP: Final = {TIMESTAMP: Field("timestamp")}
TIME_BYTES: Final = 4
_TIME: Final = ("I", TIME_BYTES)
"""Code and bytes of a time."""


def _span(shift: int) -> dict[int, Field]:
    """Fields that session and lap share; from ``avg_speed`` on the numbers of a lap are one less."""
    return _STAMP | {
        0: Field("event"),
        1: Field("event_type"),
        2: Field("start_time"),
        7: Field("total_elapsed_time", 1000),
        8: Field("total_timer_time", 1000),
        9: Field("total_distance", 100),
        10: Field("total_cycles"),
        14 + shift: Field("avg_speed", 1000),
        16 + shift: Field("avg_heart_rate"),
        18 + shift: Field("avg_cadence"),
        20 + shift: Field("avg_power"),
        22 + shift: Field("total_ascent"),
        23 + shift: Field("total_descent"),
    }


WANTED: Final[Mapping[int, Mapping[int, Field]]] = {
    FILE_ID: {
        0: Field("type"),
        1: Field("manufacturer"),
        2: Field("product"),
        4: Field("time_created"),
        8: Field("product_name"),
    },
    SPORT: {0: Field("sport"), 1: Field("sub_sport"), 3: Field("name")},
    SESSION: _span(0)
    | {
        5: Field("sport"),
        6: Field("sub_sport"),
        92: Field("avg_fractional_cadence", 128),
        124: Field("enhanced_avg_speed", 1000),
    },
    LAP: _span(-1)
    | {
        25: Field("sport"),
        39: Field("sub_sport"),
        80: Field("avg_fractional_cadence", 128),
        110: Field("enhanced_avg_speed", 1000),
    },
    RECORD: _STAMP
    | {
        0: Field("position_lat"),
        1: Field("position_long"),
        2: Field("altitude", 5, 500),
        3: Field("heart_rate"),
        4: Field("cadence"),
        5: Field("distance", 100),
        6: Field("speed", 1000),
        7: Field("power"),
        8: Field("compressed_speed_distance"),
        39: Field("vertical_oscillation", 10),
        41: Field("stance_time", 10),
        53: Field("fractional_cadence", 128),
        73: Field("enhanced_speed", 1000),
        78: Field("enhanced_altitude", 5, 500),
        83: Field("vertical_ratio", 100),
        84: Field("stance_time_balance", 100),
        85: Field("step_length", 10),
    },
    EVENT: _STAMP | {0: Field("event"), 1: Field("event_type"), 2: Field("data16"), 3: Field("data")},
    DEVICE_INFO: _STAMP
    | {
        0: Field("device_index"),
        1: Field("device_type"),
        2: Field("manufacturer"),
        4: Field("product"),
        25: Field("source_type"),
        27: Field("product_name"),
    },
    ACTIVITY: _STAMP | {0: Field("total_timer_time", 1000), 1: Field("num_sessions"), 5: Field("local_timestamp")},
    FIELD_DESCRIPTION: {
        0: Field("developer_data_index"),
        1: Field("field_definition_number"),
        2: Field("fit_base_type_id"),
        3: Field("field_name"),
        6: Field("scale"),
        7: Field("offset"),
        8: Field("units"),
        14: Field("native_mesg_num"),
        15: Field("native_field_num"),
    },
}
"""Message number -> field number -> field; no serial number is among them."""

NAMES: Final[Mapping[str, int]] = {
    "file_id": FILE_ID,
    "session": SESSION,
    "lap": LAP,
    "event": EVENT,
    "activity": ACTIVITY,
    "device_info": DEVICE_INFO,
    "sport": SPORT,
}
"""Messages that are handed on one by one."""

# ---------------------------------------------------------------- definitions


@dataclass(frozen=True, slots=True)
class Slot:
    """Where a field lies in its message: ``at`` bytes behind the message's first byte (its header)."""

    field: Field
    at: int
    size: int
    base: Base


@dataclass(slots=True)
class AppSlot:
    """Where a developer field lies, and which: numbers of the field and of its app."""

    at: int
    size: int
    number: int
    app: int


@dataclass(slots=True, eq=False)
class Layout:
    """One definition, and where the messages stand that follow it."""

    message: int
    size: int
    """Bytes of a message, header included."""
    order: str
    """Byte order: < or >."""
    definition: bytes
    """The definition behind its header byte."""
    has_apps: bool
    defined_at: int
    plain: list[int] = field(default_factory=list)
    """Offsets of single messages."""
    runs: list[tuple[int, int]] = field(default_factory=list)
    """Offset of the first of several messages that follow each other directly, and their number."""
    compressed: list[int] = field(default_factory=list)
    """Offsets of messages whose header holds five bits of their time."""
    leaps: list[Offsets] = field(default_factory=list)
    """Offsets of messages that were found many at once."""

    @property
    def count(self) -> int:
        """How many messages follow this definition."""
        return len(self.plain) + len(self.compressed) + sum(count for _, count in self.runs) + sum(map(len, self.leaps))

    @property
    def is_used(self) -> bool:
        """Whether any message follows this definition."""
        return bool(self.plain or self.runs or self.compressed or any(map(len, self.leaps)))

    @property
    def stamp_at(self) -> int | None:
        """Where its time lies, None where it has none."""
        slots = (s for s in self.slots() if s.field.name == "timestamp")
        return next((s.at for s in slots if (s.base.code, s.size) == _TIME), None)

    def slots(self) -> tuple[Slot, ...]:
        """The fields that we want, in the order of the message."""
        return slots(self.message, self.definition)

    def apps(self) -> list[AppSlot]:
        """The developer fields, in the order of the message."""
        if not self.has_apps:
            return []
        text = self.definition
        first = _FIELDS + ENTRY * text[_FIELDS - 1] + 1
        place = self.size - sum(text[first + 1 :: ENTRY])
        found = []
        for entry in range(first, len(text), ENTRY):
            found.append(AppSlot(place, text[entry + 1], text[entry], text[entry + 2]))
            place += text[entry + 1]
        return found


REMEMBERED: Final = 1_024
"""Definitions whose fields are remembered: a watch writes the same ones into each of its files."""


@lru_cache(REMEMBERED)
def slots(message: int, definition: bytes) -> tuple[Slot, ...]:
    """The fields of a message that we want, by its number and its definition."""
    wanted = WANTED.get(message, _STAMP)
    entries = definition[_FIELDS : _FIELDS + ENTRY * definition[_FIELDS - 1]]
    sizes = entries[1::ENTRY]
    fields = map(wanted.get, entries[::ENTRY])
    return tuple(
        Slot(field, place, size, base_type(base))
        for field, place, size, base in zip(
            fields, accumulate(sizes, initial=1), sizes, entries[2::ENTRY], strict=False
        )
        if field is not None
    )


HAS_APPS: Final = 0x20
"""Bit of a definition's header: developer fields follow."""
ENTRY: Final = 3
"""Bytes of a definition for each field: number, size, base type (or app)."""
_FIELDS: Final = 5
"""Bytes of a definition before its fields: reserved, byte order, message number (2), count of fields."""


def definition_size(data: bytes, at: int) -> int:
    """Bytes of the definition at an offset, its header included.

    Raises:
        IndexError: the data end before the definition says how long it is.
    """
    size = 1 + _FIELDS + ENTRY * data[at + _FIELDS]
    return size + 1 + ENTRY * data[at + size] if data[at] & HAS_APPS else size


def read_definition(definition: bytes, has_apps: bool, at: int) -> Layout:
    """The layout that a definition (without its header byte) describes, which stands at an offset and is whole."""
    message, size, order = _shape(definition)
    return Layout(message, size, order, definition, has_apps, at)


@lru_cache(REMEMBERED)
def _shape(definition: bytes) -> tuple[int, int, str]:
    """Number of the message, its bytes with its header, byte order."""
    order: Literal["big", "little"] = "big" if definition[1] & 1 else "little"
    fields_end = _FIELDS + ENTRY * definition[_FIELDS - 1]
    size = 1 + sum(definition[_FIELDS + 1 : fields_end : ENTRY]) + sum(definition[fields_end + 2 :: ENTRY])
    return int.from_bytes(definition[2:4], order), size, ">" if order == "big" else "<"
