"""Where each FIT file of a chain begins and ends, and whether its bytes are those that were written.

The size that a header states is believed where the checksum behind it fits. Where it does not, the size itself may lie:
the checksum then fits once the true size stands in the header.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

from importers.fit.crc import crc16
from importers.problems import Problem

MAX_CHAIN: Final = 64
"""Files in one chain; real ones have up to seven."""
MAX_BYTES: Final = 64 * 1024 * 1024
"""Bytes of a chain that are read."""

_MARK: Final = b".FIT"
_MARK_AT: Final = 8
_HEADER: Final = struct.Struct("<BBHI4s")
_HEADER_WITH_CRC: Final = 14
"""Bytes of a header with a checksum of its own; old ones have 12."""
_HEADER_SIZES: Final = (_HEADER_WITH_CRC, _HEADER.size)
_SIZE: Final = struct.Struct("<I")
_SIZE_AT: Final = 4
_CRC: Final = struct.Struct("<H")
_KIND: Final = 0xC0
_DEFINITION: Final = 0x40
"""Bits of a message's header that tell its kind, and those of a definition, which comes first in every file."""


@dataclass(slots=True)
class Part:
    """One file of a chain: offsets of its first message and of the end of its messages, and what is wrong with it."""

    begin: int
    stop: int
    problems: list[Problem] = field(default_factory=list)
    damage_at: int | None = None
    open_ended: bool = False
    """Its end is missing, so that a last message that is cut is no news."""

    def trouble(self, code: str, detail: str, at: int | None = None) -> None:
        """Note what is wrong; ``at`` is the offset of the damage, where it has one."""
        self.problems.append(Problem(source="", code=code, detail=detail))
        if at is not None:
            self.damaged(at)

    def damaged(self, at: int) -> None:
        """Note where damage is; the first is remembered."""
        self.damage_at = at if self.damage_at is None else min(self.damage_at, at)


def split_chain(data: bytes) -> Iterator[Part]:
    """The files of a chain. Bytes behind the last one that are no FIT are legal."""
    at = 0 if _is_header(data, 0) else len(data)
    for count in range(1, MAX_CHAIN + 1):
        if at >= len(data):
            return
        part, end = _part(data, at)
        at = _next_header(data, end)
        if at < len(data) and count == MAX_CHAIN:
            part.trouble("too_many_files", f"only the first {MAX_CHAIN} files of the chain are read", at)
        elif at == len(data) and (_MARK in data[end:] or _opens_like_a_file(data, end)):
            part.trouble("bad_header", f"behind byte {end:,} is another file, whose header cannot be read", end)
        yield part


def _is_header(data: bytes, at: int) -> bool:
    return at + _HEADER.size <= len(data) and data[at] >= _HEADER.size and data.startswith(_MARK, at + _MARK_AT)


def _opens_like_a_file(data: bytes, at: int) -> bool:
    """Whether a definition stands where it does behind a header, whatever the header's mark."""
    size = data[at] if at < len(data) else 0
    return size in _HEADER_SIZES and at + size < len(data) and data[at + size] & _KIND == _DEFINITION


def _next_header(data: bytes, at: int) -> int:
    """Offset of the next header from an offset on, or the end of the data."""
    mark = data.find(_MARK, at + _MARK_AT)
    while mark >= 0:
        if _is_header(data, mark - _MARK_AT):
            return mark - _MARK_AT
        mark = data.find(_MARK, mark + 1)
    return len(data)


def _part(data: bytes, at: int) -> tuple[Part, int]:
    """The file at an offset, and the offset behind it."""
    _, _, _, data_size, _ = _HEADER.unpack_from(data, at)
    header_size = _header_size(data, at)
    begin = at + header_size
    part = Part(begin, begin + data_size)
    if header_size != data[at]:
        part.trouble("bad_header", f"the header at byte {at:,} says that it has {data[at]} bytes", at)
    end = part.stop + _CRC.size
    if end <= len(data) and data_size and not crc16(memoryview(data)[at:end]):
        _check_header(data, at, part)
        return part, end
    return _unsound(data, at, part)


def _header_size(data: bytes, at: int) -> int:
    """Bytes of a header, as it says; where no definition follows it, as headers have of old, if one follows then."""
    for size in (data[at], *_HEADER_SIZES):
        if at + size < len(data) and data[at + size] & _KIND == _DEFINITION:
            return size
    return data[at]


def _unsound(data: bytes, at: int, part: Part) -> tuple[Part, int]:
    """A file whose checksum is not where the header says, or does not fit."""
    end = part.stop + _CRC.size
    limit = _next_header(data, at + _HEADER.size)
    stated = part.stop - part.begin
    if stated == 0 and limit == end:  # nothing inside
        _check_seal(data, at, part)
    elif _sealed(data, at, limit):
        part.stop = limit - _CRC.size
        part.trouble("wrong_size", f"the header says {stated:,} bytes, the checksum {part.stop - part.begin:,}", at)
    elif stated == 0:
        part.stop, part.open_ended = limit, True
        part.trouble("unfinished", "the watch never wrote the size of the file", limit)
    elif end > limit:
        part.stop, part.open_ended = min(part.stop, limit), True
        part.trouble("truncated", f"the file ends at byte {limit:,} of {end:,}", limit)
    else:
        _check_seal(data, at, part)
        return part, end
    return part, limit


def _sealed(data: bytes, at: int, end: int) -> bool:
    """Whether the checksum fits all bytes up to ``end``, be it with the size that the header states or the true one."""
    size = end - _CRC.size - at - data[at]
    if size <= 0:
        return False
    whole = bytearray(data[at:end])
    if not crc16(whole):
        return True
    whole[_SIZE_AT : _SIZE_AT + _SIZE.size] = _SIZE.pack(size)
    return not crc16(whole)


def _check_seal(data: bytes, at: int, part: Part) -> None:
    """The checksum of a file that ends where its header says."""
    _check_header(data, at, part)
    if crc16(memoryview(data)[at : part.stop + _CRC.size]):
        part.trouble("bad_crc", f"the checksum at byte {part.stop:,} does not fit the data", part.stop)


def _check_header(data: bytes, at: int, part: Part) -> None:
    """The checksum of the header itself; 0 says that there is none."""
    size = _HEADER.size
    stored = data[at + size : at + size + _CRC.size]
    if data[at] >= _HEADER_WITH_CRC and any(stored) and crc16(memoryview(data)[at : at + size + _CRC.size]):
        part.trouble("bad_header_crc", f"the checksum of the header at byte {at:,} does not fit", at)
