"""The CRC-16 of FIT files, fast: the bits of a file are folded over each other before any is weighed.

The generator x^16 + x^15 + x^2 + 1 is (x + 1)(x^15 + x + 1), so x^32767 leaves the remainder 1: two bits that lie
32,767 bits (or as many bytes) apart weigh the same. An exclusive-or of the file's blocks of that length therefore has
the CRC of the whole file, and only one block of 32,767 bits is left to weigh.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Final

import numpy as np

if TYPE_CHECKING:
    import numpy.typing as npt

    Bits = npt.NDArray[np.uint8]

GENERATOR: Final = 0xA001
"""x^16 + x^15 + x^2 + 1, lowest power first, as FIT sends its bits."""
PERIOD: Final = 2**15 - 1
"""Distance at which bits weigh the same (bits; so do whole bytes at as many bytes)."""


def crc16(data: bytes | bytearray | memoryview[int]) -> int:
    """CRC-16 of some bytes, begun at 0. It is 0 for bytes that end with their own CRC."""
    if not len(data):
        return 0
    folded = _fold(np.frombuffer(data, dtype=np.uint8))
    bits = _fold(np.unpackbits(folded, bitorder="little"))
    return int(np.bitwise_xor.reduce(_weights()[PERIOD - len(bits) :] * bits))


def _fold(row: Bits) -> Bits:
    """Exclusive-or of the blocks of ``PERIOD`` elements of a row, counted from its end."""
    spare = len(row) % PERIOD
    if len(row) <= PERIOD:
        return row
    folded: Bits = np.bitwise_xor.reduce(row[spare:].reshape(-1, PERIOD), axis=0)
    folded[PERIOD - spare :] ^= row[:spare]
    return folded


@cache
def _weights() -> npt.NDArray[np.uint16]:
    """CRC of a single set bit at each place of a block; the last bit of a block stands last."""
    weights = np.empty(PERIOD, dtype=np.uint16)
    weight = GENERATOR
    for place in range(PERIOD - 1, -1, -1):
        weights[place] = weight
        weight = weight >> 1 ^ (GENERATOR if weight & 1 else 0)
    return weights
