"""Short texts of many points as rows of bytes, and whole columns of them to numbers at once.

What a number like ``-34.88288487226648`` is made of is found by arithmetic on eight bytes at a time. Each value is that
of ``float``: digits and power of ten are exact, so that their quotient is rounded once. What is written otherwise is
left to ``parse_numbers``, text by text.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import numpy.typing as npt

if TYPE_CHECKING:
    from importers.run import Column

WIDTH: Final = 40
"""Bytes of a row; the text ends where it ends. Longer ones are no numbers or times of a common document."""
Index = npt.NDArray[np.int64]

_WORDS: Final = 3
"""Words of eight bytes at the end of a row that are looked at for a number."""
_SIGNS: Final = 8 * _WORDS
_DIGITS_MAX: Final = 19
"""So many digits are below 2 to the 64th."""
_EXACT: Final = 2**53
"""Whole numbers up to here are floats."""
_LONG: Final = np.dtype(np.longdouble)
_FINE: Final = (np.finfo(_LONG).nmant, _LONG.itemsize) == (63, 16)  # of 64-bit processors of Intel and AMD
_HALF, _BELOW = 1 << 10, (1 << 11) - 1
"""Bits of such a long float that a float has no room for, and the one that stands for one half of its last place."""


def _each(byte: int) -> np.uint64:
    """A word of eight equal bytes."""
    return np.uint64(int.from_bytes(bytes([byte] * 8), "little"))


def _last(count: int) -> bytes:
    return (b"\xff" * count).rjust(_SIGNS, b"\0")[-_SIGNS:]


def _table(rows: Sequence[bytes]) -> npt.NDArray[np.uint64]:
    return np.ascontiguousarray(np.frombuffer(b"".join(rows), dtype="<u8").reshape(-1, _WORDS).T)


_INSIDE: Final = _table([_last(count) for count in range(WIDTH + 1)])
"""The last signs of a row, by their number."""
_BEHIND: Final = _table([_last(_SIGNS), *(_last(count) for count in range(_SIGNS))])
"""The signs behind the point, by its place from the end; 0 for none, then it is all of them."""
_PLACES: Final = np.uint64(0x0807060504030201)
"""Times a word with a 1 where the point is: the first byte is its place from the end of the word."""
_BYTES_BEHIND: Final = np.array([[2], [1], [0]], dtype=np.uint64)
"""How many words stand behind each."""
_TEN: Final = np.array([1.0, *(10.0**k for k in range(_SIGNS))])
"""By the place of the point: what the digits are divided by; exact."""


@dataclass(frozen=True, slots=True)
class Cells:
    """Texts of a column, in ASCII."""

    rows: npt.NDArray[np.bytes_]
    """The last ``WIDTH`` bytes up to the end of each text."""
    widths: Index
    """How many of them are its own."""

    def __len__(self) -> int:
        """Number of texts."""
        return len(self.rows)

    @property
    def signs(self) -> npt.NDArray[np.uint8]:
        """Bytes of all rows, (texts, ``WIDTH``)."""
        return self.rows.view(np.uint8).reshape(-1, WIDTH)

    def texts(self, at: Index) -> list[str]:
        """Some of the texts."""
        whole = self.rows.tobytes().decode("ascii")
        ends = (at + 1) * WIDTH
        return [whole[a:z] for a, z in zip((ends - self.widths[at]).tolist(), ends.tolist(), strict=True)]


def joined(several: Sequence[Cells]) -> Cells:
    """Cells one after the other."""
    if len(several) == 1:
        return several[0]
    return Cells(np.concatenate([c.rows for c in several]), np.concatenate([c.widths for c in several]))


def plain_numbers(cells: Cells) -> tuple[Column, Index]:
    """Numbers of texts such as ``12``, ``-0.5``, and which of the texts are not written like that."""
    first = np.arange(WIDTH, WIDTH * (len(cells) + 1), WIDTH) - np.maximum(cells.widths, 1)
    minus = cells.rows.view(np.uint8).take(first) == ord("-")
    size = cells.widths - minus
    tail = np.ascontiguousarray(cells.rows.view("<u8").reshape(len(cells), -1)[:, -_WORDS:].T)
    place = _place((tail.view(np.uint8) == ord(".")).view("<u8") & _INSIDE.take(size, axis=1))
    digits = size - (place > 0)
    before = tail << np.uint64(8)
    before[1:] |= tail[:-1] >> np.uint64(56)
    words = before ^ ((before ^ tail) & _BEHIND.take(place, axis=1))  # without the point
    words = (words ^ _each(ord("0"))) & _INSIDE.take(digits, axis=1)
    strange = np.bitwise_or.reduce(words + _each(0x80 - 10), axis=0) & _each(0x80)
    plain = (strange == 0) & (digits > 0) & (digits <= _DIGITS_MAX)
    whole = _whole(words)
    values = whole / _TEN.take(place)
    large = np.flatnonzero(plain & (whole > _EXACT))
    if len(large):
        values[large], plain[large] = _of_large(whole[large], place[large])
    return np.where(minus, -values, values), np.flatnonzero(~plain)


def _place(points: Any) -> Index:
    """Place of the point from the end of each text, 0 without one. Of several one stays behind, and is strange."""
    within = (points * _PLACES) >> np.uint64(56)
    place = within + ((within + np.uint64(7)) & np.uint64(8)) * _BYTES_BEHIND
    found: Index = np.minimum(place.sum(axis=0), _SIGNS).astype(np.int64)
    return found


def _whole(words: npt.NDArray[np.uint64]) -> npt.NDArray[np.uint64]:
    """Whole numbers of digits, eight in a word, the first one in its lowest byte."""
    pairs = ((words * np.uint64(10 << 8 | 1)) >> np.uint64(8)) & np.uint64(0x00FF00FF00FF00FF)
    fours = ((pairs * np.uint64(100 << 16 | 1)) >> np.uint64(16)) & np.uint64(0x0000FFFF0000FFFF)
    eights = (fours * np.uint64(10_000 << 32 | 1)) >> np.uint64(32)
    whole: npt.NDArray[np.uint64] = (eights[0] * np.uint64(10**8) + eights[1]) * np.uint64(10**8) + eights[2]
    return whole


def _of_large(whole: npt.NDArray[np.uint64], place: Index) -> tuple[Column, Any]:
    """Numbers of more digits than a float holds, and which of them are surely rounded as they should be."""
    if not _FINE:
        return np.zeros(len(whole)), np.zeros(len(whole), dtype=bool)
    exact = whole.astype(np.longdouble) / _TEN.take(place).astype(np.longdouble)
    return exact.astype(np.float64), (exact.view(np.uint64)[::2] & np.uint64(_BELOW)) != _HALF
