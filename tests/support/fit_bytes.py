"""FIT byte by byte, for what no encoder would write: definitions and messages by hand, sealed as a file."""

from __future__ import annotations

import struct
from collections.abc import Sequence

from loadplan.outbox.fit_file import crc16

U8, U16, U32, S32, F32, TEXT, BYTES = 0x02, 0x84, 0x86, 0x85, 0x88, 0x07, 0x0D
RECORD, EVENT, DESCRIPTION, UNKNOWN = 20, 21, 206, 0xFF00
STAMP = (253, 4, U32)
FieldBytes = Sequence[tuple[int, int, int]]


def define(local: int, message: int, fields: FieldBytes, apps: FieldBytes = (), *, big: bool = False) -> bytes:
    """A definition: fields as (number, size, base type), developer fields as (number, size, app)."""
    out = bytes([0x40 | (0x20 if apps else 0) | local, 0, big])
    out += struct.pack(">H" if big else "<H", message) + bytes([len(fields)]) + b"".join(map(bytes, fields))
    return out + (bytes([len(apps)]) + b"".join(map(bytes, apps)) if apps else b"")


def message(local: int, form: str, *values: object) -> bytes:
    """A message: values by a ``struct`` form, which states the byte order."""
    return bytes([local]) + struct.pack(form, *values)


def header(size: int, *, length: int = 14, stated: int | None = None) -> bytes:
    """A header for ``size`` bytes of messages that states them, or ``stated``."""
    out = struct.pack("<BBHI4s", length, 0x20, 2132, size if stated is None else stated, b".FIT")
    if length > len(out):
        out += struct.pack("<H", crc16(out)) + bytes(length - len(out) - 2)
    return out


def sealed(*chunks: bytes, length: int = 14) -> bytes:
    """A whole file around its messages."""
    body = b"".join(chunks)
    whole = header(len(body), length=length) + body
    return whole + struct.pack("<H", crc16(whole))
