"""An export of thousands of runs out of some dozens: every copy differs in a byte that no reader looks at."""

from __future__ import annotations

import struct
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from itertools import count
from pathlib import Path

from support.files import GZIP, LEVEL, File

from importers.fit.crc import crc16

FILE_ID, SERIAL_NUMBER = 0, 3
DEFINITION, DEVELOPER = 0x40, 0x20


def write_export(path: Path, files: Sequence[File], runs: int) -> int:
    """A zip as Strava makes it, with so many activities, each a ``.gz``; returns the bytes of them unpacked."""
    size = 0
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for number, (kind, data) in zip(range(runs), copies(files), strict=False):
            size += len(data)
            packer = zlib.compressobj(LEVEL, zlib.DEFLATED, GZIP)
            packed = packer.compress(data) + packer.flush()
            archive.writestr(zipfile.ZipInfo(f"activities/{number:05}.{kind.lower()}.gz"), packed)
    return size


def copies(files: Sequence[File]) -> Iterator[tuple[str, bytes]]:
    """The files over and over, never the same bytes."""
    for nth in count(1):
        for file in files:
            data = numbered(file.data, nth) if file.kind == "FIT" else file.data + b"\n" * nth
            if data is not None:
                yield file.kind, data


def numbered(data: bytes, number: int) -> bytes | None:
    """A FIT file with another serial number and the right checksum; None where it does not begin in the usual way."""
    header, size = data[0], int.from_bytes(data[4:8], "little")
    at = serial_number_at(data, header)
    if at is None or len(data) != header + size + 2:
        return None
    body = bytearray(data[:-2])
    body[at : at + 4] = struct.pack("<I", number)
    return bytes(body) + struct.pack("<H", crc16(bytes(body)))


def serial_number_at(data: bytes, at: int) -> int | None:
    """Where the serial number stands, if the file begins with the definition of file_id and its one message."""
    head, order, message, fields = data[at], data[at + 2], data[at + 3 : at + 5], data[at + 5]
    number = int.from_bytes(message, "big" if order else "little")
    if head & (DEFINITION | DEVELOPER) != DEFINITION or number != FILE_ID:
        return None
    end = at + 6 + 3 * fields
    place = end + 1
    for i in range(at + 6, end, 3):
        if data[i] == SERIAL_NUMBER and data[i + 1] == struct.calcsize("<I"):
            return place if data[end] == head & 0x0F else None
        place += data[i + 1]
    return None
