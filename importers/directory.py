"""The directory at the end of a zip: how many entries it can have, and what it tells of the whole archive."""

from __future__ import annotations

import os
import struct
import zipfile
from hashlib import sha256
from pathlib import Path
from typing import IO, Final

DIRECTORY_BYTES: Final = 64 * 1024 * 1024
"""A larger directory is not read only to recognise an archive."""
_EOCD: Final = struct.Struct("<4s4H2LH")
_EOCD64: Final = struct.Struct("<4sQ2H2L4Q")
_LOCATOR64: Final = struct.Struct("<4sLQL")
_LOCAL_BYTES: Final = 30
"""The header before an entry's bytes has at least so many (APPNOTE.TXT 4.3.7)."""
_COMMENT_MAX: Final = 65535
_ENTRY_BYTES: Final = 46
"""An entry of a zip's directory has at least this many bytes (APPNOTE.TXT 4.3.12)."""


def fingerprint(path: Path) -> str | None:
    """What tells an archive from every other without unpacking: a sum of its directory, with each member's checksum.

    None for what is no archive: of a folder only reading it tells whether it has changed.
    """
    try:
        with path.open("rb") as stream:
            start, size = _directory(stream)
            if size > DIRECTORY_BYTES:
                return None
            stream.seek(start)
            return sha256(b"%d %d " % (path.stat().st_size, start) + stream.read(size)).hexdigest()
    except (OSError, ValueError, struct.error, zipfile.BadZipFile):
        return None


def entries_claimed(stream: IO[bytes]) -> tuple[int, int]:
    """Most entries the zip's directory has room for, looked up before Python reads that directory into memory.

    Beside it the bytes of the whole archive.
    """
    return _directory(stream)[1] // _ENTRY_BYTES, stream.seek(0, os.SEEK_END)


def _directory(stream: IO[bytes]) -> tuple[int, int]:
    """Where a zip's directory begins and how many bytes it has, at most those of the file."""
    size = stream.seek(0, os.SEEK_END)
    tail_start = max(0, size - _EOCD.size - _COMMENT_MAX - _LOCATOR64.size)
    stream.seek(tail_start)
    tail = stream.read()
    at = tail.rfind(b"PK\x05\x06")
    if at < 0 or at + _EOCD.size > len(tail):
        raise zipfile.BadZipFile("it has no end of directory")
    directory_bytes, start = (int(value) for value in _EOCD.unpack_from(tail, at)[5:7])
    locator = at - _LOCATOR64.size
    if locator >= 0 and tail[locator : locator + 4] == b"PK\x06\x07":
        stream.seek(_LOCATOR64.unpack_from(tail, locator)[2])
        directory_bytes, start = (int(value) for value in _EOCD64.unpack(stream.read(_EOCD64.size))[8:10])
    return min(start, size), min(directory_bytes, size)


def overlapping(infos: list[zipfile.ZipInfo]) -> set[int]:
    """Entries that begin within an earlier one: such archives unpack to any size from a few bytes."""
    found: set[int] = set()
    end = 0
    for info in sorted(infos, key=lambda one: one.header_offset):
        if info.header_offset < end:
            found.add(id(info))
        else:
            end = info.header_offset + _LOCAL_BYTES + info.compress_size
    return found
