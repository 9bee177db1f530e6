"""Where the times of a FIT file stand, by its definitions alone; written apart from our reader."""

from __future__ import annotations

from dataclasses import dataclass

DEFINITION, DEVELOPER, COMPRESSED = 0x40, 0x20, 0x80
TIMESTAMP, TIME_BYTES = 253, 4
TIMES = {0: (4,), 18: (2,), 19: (2,), 34: (5,), 312: (2,)}
"""Message -> fields that are times, beside 253: time_created, start_time (session, lap, split), local_timestamp."""
OLDEST, UNKNOWN = 0x10000000, 0xFFFFFFFF
"""Below, a time counts from the start of the device."""
CRC_BYTES = 2


@dataclass(frozen=True)
class Layout:
    """What a definition says: bytes of its message, where its times stand in it, their order."""

    size: int
    times: tuple[int, ...]
    order: str


def stamps_of(data: bytes) -> tuple[list[int], list[int]]:
    """Places of the times in little and in big endian, as far as the file can be followed."""
    places: dict[str, list[int]] = {"little": [], "big": []}
    layouts: dict[int, Layout] = {}
    at, end = data[0], len(data) - CRC_BYTES
    while at < end:
        head = data[at]
        if not head & COMPRESSED and head & DEFINITION:
            at, layouts[head & 0x0F] = defined(data, at)
            continue
        layout = layouts.get((head >> 5) & 0x03 if head & COMPRESSED else head & 0x0F)
        if layout is None:
            break
        for inner in layout.times:
            place = at + 1 + inner
            if OLDEST <= int.from_bytes(data[place : place + TIME_BYTES], layout.order) < UNKNOWN:  # type: ignore[arg-type]
                places[layout.order].append(place)
        at += 1 + layout.size
    return places["little"], places["big"]


def defined(data: bytes, at: int) -> tuple[int, Layout]:
    """The definition that begins here, and where it ends."""
    order = "big" if data[at + 2] else "little"
    message = int.from_bytes(data[at + 3 : at + 5], order)  # type: ignore[arg-type]
    wanted = (TIMESTAMP, *TIMES.get(message, ()))
    size, times = 0, []
    for i in range(at + 6, at + 6 + 3 * data[at + 5], 3):
        if data[i] in wanted and data[i + 1] == TIME_BYTES:
            times.append(size)
        size += data[i + 1]
    end = at + 6 + 3 * data[at + 5]
    if data[at] & DEVELOPER:
        size += sum(data[i + 1] for i in range(end + 1, end + 1 + 3 * data[end], 3))
        end += 1 + 3 * data[end]
    return end, Layout(size, tuple(times), order)
