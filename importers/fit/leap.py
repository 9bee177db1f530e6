"""Over what stands between the records of a FIT file, from many records at once.

Some watches write several messages that nobody wants for each record. Where the records begin is guessed: at a byte
like their header, with the first half of a time of the same day where theirs stands. From behind each guess it goes on
over the messages that nobody wants. Where that ends at the next guess, the next one is right if this one was.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Mapping

    import numpy.typing as npt

    from importers.fit.layout import Layout

    Offsets = npt.NDArray[np.int64]
    Bytes = npt.NDArray[np.uint8]

FEW: Final = 64
"""So many gaps are quicker gone through one by one than together."""
_HEADERS: Final = 256
_BEYOND: Final = 2**40
"""Bytes of a message that must be looked at: it leads beyond every file."""
_HIGH_HALF: Final = {"<": 2, ">": 0}
"""Where in a time the half begins that stays the same for 18 hours, by byte order (bytes)."""


def guessed_records(data: bytes, first: int, stop: int, layout: Layout) -> Offsets:
    """Offsets at which records seem to begin, like the one that begins at ``first``; all end before ``stop``."""
    half = first + (layout.stamp_at or 0) + _HIGH_HALF[layout.order]
    count = max(stop - layout.size - first + 1, 0)
    rows = [np.frombuffer(data, np.uint8, count, at) for at in (first, half, half + 1)]
    alike = rows[0] == data[first]
    alike &= rows[1] == data[half]
    alike &= rows[2] == data[half + 1]
    return np.flatnonzero(alike) + first


def open_gaps(data: bytes, begin: Offsets, end: Offsets, unwanted: Mapping[int, int]) -> list[int]:
    """Numbers of the gaps that are not filled by messages that nobody wants.

    Args:
        data: the file.
        begin: offsets of the first message of each gap, rising.
        end: where the gaps end; each before the next begins.
        unwanted: header byte -> bytes of a message that nobody wants.
    """
    raw, size = np.frombuffer(data, np.uint8), np.full(_HEADERS, _BEYOND)
    size[list(unwanted)] = list(unwanted.values())
    place = begin.copy()
    left = np.flatnonzero(place < end)
    while len(left) > FEW:
        here = place.take(left)
        here += size.take(raw.take(here))
        place[left] = here
        left = left.compress(here < end.take(left))
    return np.flatnonzero(place != end).tolist()
