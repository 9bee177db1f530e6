"""FIT bytes to columns: each file of a chain with its records as columns, its small messages, and what is wrong.

Nothing is raised for bad data. What stands before damage is kept, and a Problem names the place.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

import numpy as np

from importers.fit_apps import Description, app_slots
from importers.fit_chain import MAX_BYTES, Part, split_chain
from importers.fit_gather import CSD_BYTES, Values, column, is_number, reader, speed_and_distance
from importers.fit_layout import FIELD_DESCRIPTION, NAMES, RECORD, SESSION, Layout, Slot
from importers.fit_stamps import compressed_times
from importers.fit_walk import Walk, walk
from importers.problems import Problem

if TYPE_CHECKING:
    import numpy.typing as npt

    from importers.run import Column

    Offsets = npt.NDArray[np.int64]

__all__ = ["Decoded", "Values", "read_chain"]

MAX_RECORDS: Final = 500_000
MAX_SMALL: Final = 20_000
"""Messages of one name, other than records; rides with electronic gears have a few thousand events."""
CSD: Final = "compressed_speed_distance"


@dataclass(slots=True)
class Decoded:
    """One file of a chain."""

    records: dict[str, Column]
    """Profile field name -> float64, one entry for each record in the order of the file, NaN where invalid or absent.
    Only fields that occur; ``timestamp`` (FIT seconds) always. Positions are semicircles, all else in the profile's
    unit."""
    developer: dict[str, Column]
    """The same for developer fields that stand for a field of the profile."""
    messages: dict[str, list[Values]]
    """file_id, session, lap, event, activity, device_info, sport: each in the order of the file."""
    record_at: Offsets
    """Offset of each record in the data."""
    summarised: int
    """Records that stood before the last summary of a session; more of them came after it."""
    problems: list[Problem] = field(default_factory=list)
    damage_at: int | None = None
    """Offset of the first damage, None for a whole file."""

    @property
    def record_count(self) -> int:
        """How many records there are."""
        return len(self.record_at)

    def first(self, name: str) -> Values:
        """First message of a name, empty where there is none."""
        return self.messages[name][0] if self.messages[name] else {}


def read_chain(data: bytes) -> Iterator[Decoded]:
    """Each file of a chain. Bytes that are no FIT give none."""
    for part in split_chain(data[:MAX_BYTES]):
        yield _decode(data, part)


def _decode(data: bytes, part: Part) -> Decoded:
    found = walk(data, part.begin, part.stop)
    if found.code:
        part.trouble(found.code, found.detail, found.at)
    stamps = _Stamps(data, found)
    records = _Records(data, found, stamps)
    messages, sessions_at = _small_messages(data, found, stamps, part)
    if records.dropped:
        part.trouble("too_many_messages", f"{records.dropped:,} records beyond the first {MAX_RECORDS:,} left out")
    return Decoded(
        records=records.columns,
        developer=records.developer,
        messages=messages,
        record_at=records.at,
        summarised=int(np.searchsorted(records.at, sessions_at[-1])) if sessions_at else 0,
        problems=part.problems,
        damage_at=part.damage_at,
    )


class _Stamps:
    """Times of messages with compressed headers, by offset."""

    def __init__(self, data: bytes, found: Walk) -> None:
        self.any = any(known.compressed for known in found.layouts)
        if self.any:
            self.at, self.times = compressed_times(data, found.layouts)

    def of(self, places: Offsets) -> Column:
        """Times of the messages at these offsets, which all have a compressed header."""
        return np.asarray(self.times[np.searchsorted(self.at, places)], dtype=np.float64)


class _Records:
    """All records of a file as columns, whatever the number of their definitions."""

    def __init__(self, data: bytes, found: Walk, stamps: _Stamps) -> None:
        self.data = data
        groups = _groups(found)
        together = np.concatenate([np.zeros(0, np.int64), *(places for _, places, _ in groups)])
        order = np.argsort(together, kind="stable")
        self.at: Offsets = together[order][:MAX_RECORDS]
        self.dropped = len(together) - len(self.at)
        self.columns: dict[str, Column] = {}
        self.developer: dict[str, Column] = {}
        self.packed: list[tuple[Offsets, Offsets]] = []
        descriptions = _descriptions(data, found)
        for layout, places, compressed in groups:
            rows = np.searchsorted(self.at, places)
            places, rows = places[rows < len(self.at)], rows[rows < len(self.at)]
            for slot in layout.slots:
                self._fill(self.columns, slot, layout.order, places, rows)
            for slot in app_slots(layout, descriptions):
                self._fill(self.developer, slot, layout.order, places, rows)
            if compressed:
                self._column(self.columns, "timestamp")[rows] = stamps.of(places)
        self._column(self.columns, "timestamp")
        if self.packed:
            self._unpack()

    def _column(self, columns: dict[str, Column], name: str) -> Column:
        if name not in columns:
            columns[name] = np.full(len(self.at), np.nan)
        return columns[name]

    def _fill(self, columns: dict[str, Column], slot: Slot, order: str, places: Offsets, rows: Offsets) -> None:
        if slot.field.name == CSD:
            if slot.size >= CSD_BYTES:
                self.packed.append((places + slot.at, rows))
        elif is_number(slot.base, slot.size):
            values = column(self.data, places + slot.at, order, slot.base, slot.field)
            self._column(columns, slot.field.name)[rows] = values

    def _unpack(self) -> None:
        """Speed and distance of old devices, where no field of their own has them."""
        places = np.concatenate([p for p, _ in self.packed])
        rows = np.concatenate([r for _, r in self.packed])
        order = np.argsort(rows)
        for name, values in zip(("speed", "distance"), speed_and_distance(self.data, places[order]), strict=True):
            own = self._column(self.columns, name)
            own[rows[order]] = np.where(np.isnan(own[rows[order]]), values, own[rows[order]])


def _groups(found: Walk) -> list[tuple[Layout, Offsets, bool]]:
    """Records by definition and kind of header."""
    return [
        (layout, np.array(places, dtype=np.int64), compressed)
        for layout in found.of(RECORD)
        for places, compressed in ((layout.plain, False), (layout.compressed, True))
        if places
    ]


def _messages(data: bytes, found: Walk, number: int) -> list[tuple[int, Values]]:
    """Offset and values of the messages of one number, in the order of the file."""
    out = []
    for layout in found.of(number):
        read = reader(layout)
        out += [(at, read(data, at)) for at in (layout.plain + layout.compressed)[:MAX_SMALL]]
    return sorted(out, key=lambda row: row[0])[:MAX_SMALL]


def _descriptions(data: bytes, found: Walk) -> list[Description]:
    return _messages(data, found, FIELD_DESCRIPTION)


def _small_messages(data: bytes, found: Walk, stamps: _Stamps, part: Part) -> tuple[dict[str, list[Values]], list[int]]:
    """All messages by name, and the offsets of the sessions."""
    messages: dict[str, list[Values]] = {}
    sessions_at: list[int] = []
    for name, number in NAMES.items():
        rows = _messages(data, found, number)
        if len(rows) >= MAX_SMALL:
            part.trouble("too_many_messages", f"only the first {MAX_SMALL:,} messages {name!r} are read")
        packed = {at for layout in found.of(number) for at in layout.compressed} if stamps.any else set()
        for at, values in rows:
            if at in packed:
                values["timestamp"] = float(stamps.of(np.array([at]))[0])
        if number == SESSION:
            sessions_at = [at for at, _ in rows]
        messages[name] = [values for _, values in rows]
    return messages, sessions_at
