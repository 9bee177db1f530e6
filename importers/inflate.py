"""Gzip streams to bytes: quickly, and where anything is wrong once more with care, which keeps what came before.

``isal`` (the extra ``loadplan[fast]``) unpacks whole streams in half the time. It never has the last word on a damaged
one: that is read again by zlib, so that what is kept and what is said do not depend on what is installed.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from types import ModuleType
from typing import IO, Any, Final, Protocol

CHUNK: Final = 256 * 1024
KEPT_BYTES: Final = 4 * 1024 * 1024
"""So much of a packed stream is kept to read it again; no real activity is larger. Larger ones are read with care."""
_GZIP_WINDOW: Final = 31  # zlib: gzip header and trailer
_MAGIC: Final = b"\x1f\x8b"
_PLAIN: Final = (b"\x1f\x8b\x08\x00", b"\x1f\x8b\x08\x08")
"""How the headers begin that programs write: deflated, with or without a name. Of others zlib alone knows all rules."""
_CUT: Final = ("truncated_gzip", "the gzip stream ends too early; what came before is kept")

Trouble = tuple[str, str]
"""A code, and a sentence."""


def _quick() -> ModuleType:
    try:
        from isal import isal_zlib
    except ImportError:
        return zlib
    return isal_zlib  # type: ignore[no-any-return,unused-ignore]


QUICK: ModuleType = _quick()
"""What unpacks streams that are well."""


class Budget(Protocol):
    """Bytes that may still be unpacked; both raise where it is too much."""

    bytes_read: int

    def spend(self, count: int) -> None:
        """Count bytes."""

    def check(self, size: int, packed: int | None) -> None:
        """Look at the size of one file."""


@dataclass(slots=True)
class _Feeds:
    """A stream in pieces, which can be had again from the first, with the error that ended them."""

    stream: IO[bytes]
    kept: list[bytes]
    at: int = 0
    size: int = 0
    twice: bool = False
    fault: zlib.error | None = field(default=None)

    def next(self) -> bytes:
        if self.at < len(self.kept):
            piece = self.kept[self.at]
        elif self.fault is not None:
            raise self.fault
        else:
            piece = self._read()
            if not self.twice:
                self.kept.append(piece)
        self.at += 1
        self.size += len(piece)
        return piece

    def _read(self) -> bytes:
        try:
            return self.stream.read(CHUNK)
        except zlib.error as error:
            self.fault = error
            raise

    def again(self) -> None:
        self.at = self.size = 0
        self.twice = True


def inflated(stream: IO[bytes], head: bytes, budget: Budget) -> tuple[bytes, Trouble | None]:
    """What a gzip stream holds, and what was wrong with it; what came before a cut or a fault is kept.

    Args:
        stream: the stream behind its first bytes.
        head: these.
        budget: what may be unpacked; its errors are not caught.
    """
    feeds, spent = _Feeds(stream, [head]), budget.bytes_read
    quick = QUICK if head[: len(_PLAIN[0])] in _PLAIN else zlib
    data, trouble = _unpacked(feeds, budget, quick, careful=False)
    if trouble is None:
        return data, None
    del data
    feeds.again()
    budget.bytes_read = spent
    return _unpacked(feeds, budget, zlib, careful=True)


def _unpacked(feeds: _Feeds, budget: Budget, library: ModuleType, *, careful: bool) -> tuple[bytes, Trouble | None]:
    out: list[bytes] = []
    size, feed = 0, feeds.next()
    inflater = before = library.decompressobj(_GZIP_WINDOW)
    try:
        while True:
            if not feed:
                feed = feeds.next()
                if not feed:
                    return b"".join(out), _CUT
            if feeds.size > KEPT_BYTES and not careful:
                return b"", _CUT
            if careful:
                before = inflater.copy()
            piece = inflater.decompress(feed, CHUNK)
            feed = inflater.unconsumed_tail
            out.append(piece)
            size += len(piece)
            budget.spend(len(piece))
            budget.check(size, feeds.size)
            if inflater.eof:
                feed = inflater.unused_data or feeds.next()
                if feed[:2] != _MAGIC:  # zeros and the like behind the stream are allowed
                    return b"".join(out), None
                inflater = zlib.decompressobj(_GZIP_WINDOW)
    except (zlib.error, library.error) as error:
        if careful:
            out += _up_to_the_fault(before, feed)
        return b"".join(out), ("bad_gzip", f"the gzip stream is damaged ({error}); what came before is kept")


def _up_to_the_fault(inflater: Any, feed: bytes) -> Iterator[bytes]:
    """What the inflater gives byte by byte until it fails; all at once it would give nothing of the last piece."""
    size = 0
    try:
        for at in range(len(feed)):
            piece = inflater.decompress(feed[at : at + 1], CHUNK)
            size += len(piece)
            if size > CHUNK:
                return
            yield piece
    except zlib.error:
        return
