"""FIT bytes to messages, by fitparse: the files of a chain, each with its own checksum, and what went wrong with it.

Nothing that fitparse raises leaves this room, and what it delivered before it failed is kept.
"""

from __future__ import annotations

import struct
from array import array
from collections.abc import Iterator
from dataclasses import dataclass, field
from io import BytesIO
from math import isfinite
from typing import Any, Final

import fitparse
import fitparse.records
from fitparse.processors import FitFileDataProcessor

from importers.problems import Problem

MAX_MESSAGES: Final = 2_000_000
MAX_RECORDS: Final = 500_000
MAX_CHAIN: Final = 64
"""Files in one chain; real ones have up to seven."""

_HEADER: Final = struct.Struct("<BBHI4s")
_CRC_BYTES: Final = 2
_MESSAGES: Final = ("file_id", "session", "event", "activity", "device_info", "sport")
RECORD_FIELDS: Final = (
    "timestamp",
    "distance",
    "enhanced_altitude",
    "altitude",
    "enhanced_speed",
    "speed",
    "cadence",
    "fractional_cadence",
    "heart_rate",
    "power",
    "vertical_oscillation",
    "stance_time",
    "stance_time_balance",
    "vertical_ratio",
    "step_length",
    "position_lat",
    "position_long",
)
"""Fields of a record that are kept, as columns of numbers: ten hours of them take a few megabytes."""
_NONE: Final = float("nan")

Values = dict[str, Any]


class _RawValues(FitFileDataProcessor):  # type: ignore[misc]
    """Leaves values as they are: fitparse would turn each time into a naive datetime, one by one."""

    def run_type_processor(self, field_data: Any) -> None:
        """Keep the value."""

    def run_field_processor(self, field_data: Any) -> None:
        """Keep the value."""

    def run_unit_processor(self, field_data: Any) -> None:
        """Keep the value."""

    def run_message_processor(self, data_message: Any) -> None:
        """Keep the message."""


@dataclass(slots=True)
class Decoded:
    """Messages of one file of a chain, by name, and what went wrong."""

    messages: dict[str, list[Values]] = field(default_factory=lambda: {name: [] for name in _MESSAGES})
    records: dict[str, array[float]] = field(default_factory=lambda: {n: array("d") for n in RECORD_FIELDS})
    problems: list[Problem] = field(default_factory=list)
    summarised: int = 0
    """Records that stood before the last summary of a session; more of them came after it."""

    @property
    def record_count(self) -> int:
        """How many records there are."""
        return len(self.records["timestamp"])

    def add(self, message: Any) -> None:
        """Keep what we need of a message."""
        if message.name == "record":
            values = _values(message)
            for name, column in self.records.items():
                column.append(number(values, name, none=_NONE))
        elif message.name in self.messages:
            if message.name == "session":
                self.summarised = self.record_count
            self.messages[message.name].append(_values(message))

    def first(self, name: str) -> Values:
        """First message of a name, empty where there is none."""
        return self.messages[name][0] if self.messages[name] else {}

    def trouble(self, code: str, detail: str) -> None:
        """Note what went wrong."""
        self.problems.append(Problem(source="", code=code, detail=detail))


def read_chain(data: bytes) -> Iterator[Decoded]:
    """Messages of each file of a chain."""
    for part, trouble in split_chain(data):
        decoded = decode_part(part)
        if trouble and not any(p.code == "truncated" for p in decoded.problems):
            decoded.trouble(*trouble)
        yield decoded


def split_chain(data: bytes) -> Iterator[tuple[bytes, tuple[str, str] | None]]:
    """Files of a chain, each with its own header and checksum; bytes behind the last one that are no FIT are legal."""
    at = 0
    for _ in range(MAX_CHAIN):
        head = data[at : at + _HEADER.size]
        if len(head) < _HEADER.size or head[8:12] != b".FIT":
            return
        header_size, _, _, data_size, _ = _HEADER.unpack(head)
        end = at + header_size + data_size + _CRC_BYTES
        if data_size == 0 and header_size >= _HEADER.size and at + header_size + _CRC_BYTES < len(data):
            size = len(data) - at - header_size
            checksum = bytes(header_size - _HEADER.size)  # it was made for a size of 0; zeros say that there is none
            patched = head[:4] + struct.pack("<I", size) + head[8:] + checksum + data[at + header_size :]
            yield patched, ("unfinished", "the watch never wrote the size of the file")
            return
        yield data[at:end], ("truncated", "the file ends too early") if end > len(data) else None
        at = end


def decode_part(part: bytes) -> Decoded:
    """Messages of one file. Whatever fitparse raises is noted, and what it gave until then stays."""
    decoded = Decoded()
    fitparse.records.DEV_TYPES.clear()  # fitparse keeps developer fields from one file to the next
    try:
        fit = fitparse.FitFile(BytesIO(part), data_processor=_RawValues())
        for count, message in enumerate(fit.get_messages()):
            fit._messages.clear()  # fitparse remembers every message; we have taken what we need
            decoded.add(message)
            if count >= MAX_MESSAGES or decoded.record_count >= MAX_RECORDS:
                decoded.trouble("too_many_messages", f"stopped after {count:,} messages")
                break
    except Exception as error:  # fitparse lets struct, key, attribute and type errors through
        decoded.trouble(*_explain(error))
    return decoded


def _explain(error: Exception) -> tuple[str, str]:
    """Stable code and sentence for what fitparse raised."""
    if isinstance(error, fitparse.utils.FitCRCError):
        return "bad_crc", f"the checksum does not fit the data ({error})"
    if isinstance(error, fitparse.utils.FitEOFError):
        return "truncated", "the file ends too early"
    if isinstance(error, fitparse.utils.FitHeaderError):
        return "bad_header", str(error)
    if isinstance(error, fitparse.utils.FitParseError):
        return "unsupported" if "field size" in str(error) else "malformed", str(error)
    return "malformed", f"{type(error).__name__}: {error}"


def number(values: Values, *names: str, none: Any = None) -> Any:
    """First of the named values that is a finite number, as a float; ``none`` where there is none."""
    for name in names:
        value = values.get(name)
        if isinstance(value, int | float) and not isinstance(value, bool) and isfinite(value):
            return float(value)
    return none


def _values(message: Any) -> Values:
    """Fields of a message by name. Developer fields are left out: their names are anybody's."""
    return {
        f.name: f.value[0] if isinstance(f.value, tuple) and f.value else f.value
        for f in message.fields
        if f.value is not None and getattr(f.field, "field_type", "") != "devfield"
    }
