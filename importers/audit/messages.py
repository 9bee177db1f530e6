"""FIT messages by fitparse, helped over what it cannot read; what it gave before it failed is kept."""

from __future__ import annotations

import struct
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from io import BytesIO
from time import monotonic
from typing import Any, Final

MESSAGES_MAX: Final = 500_000
"""Messages that fitparse is asked for; it reads about 8,000 a second."""
SECONDS_MAX: Final = 120.0
"""Time that fitparse is given for one file, at each attempt (s)."""
_HEADER: Final = struct.Struct("<BBHI4s")

Fields = dict[str, Any]
"""One message: field name to value as fitparse gives it; times are FIT seconds."""


@dataclass(slots=True)
class File:
    """One file of a chain."""

    messages: dict[str, list[Fields]] = field(default_factory=dict)
    records: list[Fields] = field(default_factory=list)

    def first(self, name: str) -> Fields:
        """The first message of a name, empty where there is none."""
        return next(iter(self.messages.get(name, ())), {})


class _TooManyError(ValueError):
    """The file is too long for fitparse."""


def read_files(data: bytes) -> tuple[list[File], str, bool]:
    """Files of the chain, what help fitparse needed, and whether it stopped. Raises what it raises at first."""
    files, error = _collect(data)
    if error is None:
        return files, "", False
    if isinstance(error, _TooManyError):
        raise error
    best, stops = files, True
    note = f"fitparse stops: {words(error)}; what it gave until then is compared"
    for says, changed in _helped(data, error):
        again, trouble = _collect(changed, lenient=True)
        if trouble is None or _size(again) > _size(best):
            best, stops, note = again, trouble is not None, f"{says} (fitparse alone fails: {words(error)})"
        if trouble is None:
            break
    if not _size(best):
        raise error
    return best, note, stops


def _size(files: Sequence[File]) -> int:
    return sum(len(f.records) + len(f.messages) for f in files)


def _helped(data: bytes, error: Exception) -> Iterator[tuple[str, bytes]]:
    """Ways to help fitparse: what is done in words, and the bytes to read then."""
    if "CRC" in str(error):
        yield "read without its checksum, which is wrong", data
    else:
        yield "fields of odd size and developer fields read as bytes", data
    if len(data) > _HEADER.size and _HEADER.unpack_from(data)[3] == 0:
        size = struct.pack("<I", len(data) - data[0])
        yield "read with the size that the watch never wrote", data[:4] + size + data[8:]


def _collect(data: bytes, *, lenient: bool = False) -> tuple[list[File], Exception | None]:
    """Messages until the end or until fitparse raises; a new file of a chain begins with its file_id."""
    import fitparse.records

    fitparse.records.DEV_TYPES.clear()  # fitparse keeps developer fields from one file to the next
    files: list[File] = []
    until = monotonic() + SECONDS_MAX
    try:
        with _parser(lenient)(BytesIO(data), check_crc=not lenient, data_processor=_plain_values()) as fit:
            for count, message in enumerate(fit.get_messages()):
                fit._messages.clear()  # fitparse remembers every message; what is needed is taken
                if not files or message.name == "file_id":
                    files.append(File())
                _take(files[-1], message)
                if count >= MESSAGES_MAX or monotonic() > until:
                    return files, _TooManyError(f"more than {MESSAGES_MAX:,} messages, or {SECONDS_MAX:.0f} s")
    except Exception as error:
        return files, error
    return files, None


def _take(file: File, message: Any) -> None:
    values = {
        f.name: f.value[0] if isinstance(f.value, tuple) and f.value else f.value
        for f in reversed(message.fields)  # of two fields of one name the first stays
        if f.value is not None and getattr(f.field, "field_type", "") != "devfield"
    }
    if message.name == "record":
        file.records.append({name: values[name] for name in _RECORD if name in values})
    else:
        file.messages.setdefault(message.name, []).append(values)


_RECORD: Final = (
    "timestamp", "position_lat", "position_long", "distance", "enhanced_altitude", "altitude", "enhanced_speed",
    "speed", "cadence", "fractional_cadence", "heart_rate",
)  # fmt: skip


def _plain_values() -> Any:
    """A processor that leaves every value as it is: times stay seconds."""
    from fitparse.processors import FitFileDataProcessor

    class Plain(FitFileDataProcessor):  # type: ignore[misc]
        def _run_processor(self, processor_name: str, data: Any) -> None:
            """Change nothing."""

    return Plain()


def _parser(lenient: bool) -> Any:
    """The reader of fitparse; a lenient one reads fields of odd size, and all developer fields, as bytes."""
    from fitparse import FitFile
    from fitparse.profile import MESSAGE_TYPES
    from fitparse.records import BASE_TYPE_BYTE, BASE_TYPES, DefinitionMessage, FieldDefinition

    class Lenient(FitFile):  # type: ignore[misc]
        def _parse_definition_message(self, header: Any) -> Any:
            endian = ">" if self._read_struct("xB") else "<"
            number, count = self._read_struct("HB", endian=endian)
            kind = MESSAGE_TYPES.get(number)
            fields = [self._field(kind, number, *self._read_struct("3B")) for _ in range(count)]
            extra = [self._read_struct("3B") for _ in range(self._read_struct("B") if header.is_developer_data else 0)]
            as_bytes = [
                FieldDefinition(field=None, def_num=-1, base_type=BASE_TYPE_BYTE, size=size) for _, size, _ in extra
            ]
            made = DefinitionMessage(
                header=header,
                endian=endian,
                mesg_type=kind,
                mesg_num=number,
                field_defs=fields,
                dev_field_defs=as_bytes,
            )
            self._local_mesgs[header.local_mesg_num] = made
            return made

        def _field(self, kind: Any, number: int, def_num: int, size: int, base: int) -> Any:
            known = kind.fields.get(def_num) if kind else None
            base_type = BASE_TYPES.get(base, BASE_TYPE_BYTE)
            if size % base_type.size:
                known, base_type = None, BASE_TYPE_BYTE
            for component in known.components if known and known.components else ():
                if component.accumulate:
                    self._accumulators.setdefault(number, {})[component.def_num] = 0
            return FieldDefinition(field=known, def_num=def_num, base_type=base_type, size=size)

    return Lenient if lenient else FitFile


def words(error: Exception) -> str:
    """What an exception says, with its kind where it says too little."""
    return f"{error}" if isinstance(error, ValueError) and str(error) else f"{type(error).__name__}: {error}"
