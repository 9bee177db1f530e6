"""All records of a FIT file as columns, whatever the number of their definitions."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from importers.fit.apps import Descriptions, app_slots
from importers.fit.gather import (
    CSD_BYTES,
    EXACT_BYTES,
    column,
    is_number,
    packed_column,
    plain_offsets,
    reader,
    rows,
    speed_and_distance,
)
from importers.fit.layout import Layout, Slot

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt

    from importers.fit.gather import Offsets, Rows
    from importers.fit.stamps import Stamps
    from importers.run import Column

    Group = tuple[Layout, Offsets, bool]
    Places = npt.NDArray[np.intp] | None

MAX_RECORDS: Final = 500_000
FEW: Final = 12
"""So many records of one definition are quicker read one by one than by columns."""
CSD: Final = "compressed_speed_distance"


class Records:
    """Columns of the records of one file, in the order of the file."""

    def __init__(self, data: bytes, layouts: Sequence[Layout], stamps: Stamps, descriptions: Descriptions) -> None:
        groups, self.dropped = _first_records(_groups(layouts))
        """How many records are more than are allowed, and left out."""
        self.columns: dict[str, Column] = {}
        self.developer: dict[str, Column] = {}
        self.at, places = _merged([offsets for _, offsets, _ in groups])
        for (layout, offsets, compressed), place in zip(groups, places, strict=True):
            apps = app_slots(layout, descriptions)
            if place is not None and len(offsets) <= FEW and not apps and _is_plain(layout):
                self._take_few(data, layout, offsets, place)
            else:
                messages = rows(data, offsets, layout.size)
                for slot in layout.slots():
                    self._take(self.columns, messages, layout.order, slot, place)
                for slot in apps:
                    self._take(self.developer, messages, layout.order, slot, place)
            if compressed:
                self._put(self.columns, "timestamp", stamps.of(offsets), place)
        if "timestamp" not in self.columns:
            self.columns["timestamp"] = np.full(len(self.at), np.nan)
        if CSD in self.columns:
            self._unpack(self.columns.pop(CSD))

    def _take(self, columns: dict[str, Column], messages: Rows, order: str, slot: Slot, place: Places) -> None:
        name = slot.field.name
        if name == CSD:
            if slot.size >= CSD_BYTES:
                self._put(columns, name, packed_column(messages, slot), place)
        elif is_number(slot.base, slot.size):
            self._put(columns, name, column(messages, order, slot), place)

    def _take_few(self, data: bytes, layout: Layout, offsets: Offsets, place: npt.NDArray[np.intp]) -> None:
        """The same, record by record."""
        read = reader(layout)
        for slot in layout.slots():
            self._column(self.columns, slot.field.name)
        for at, k in zip(offsets.tolist(), place.tolist(), strict=True):
            for name, value in read(data, at).items():
                self.columns[name][k] = value

    def _put(self, columns: dict[str, Column], name: str, values: Column, place: Places) -> None:
        """Values of one group of records into their column; ``place`` None: the group is all records."""
        if place is None:
            columns[name] = values
            return
        self._column(columns, name)[place] = values

    def _column(self, columns: dict[str, Column], name: str) -> Column:
        """The column of a name; without any value where it is new."""
        if name not in columns:
            columns[name] = np.full(len(self.at), np.nan)
        return columns[name]

    def _unpack(self, packed: Column) -> None:
        """Speed and distance of old devices, where no field of their own has them."""
        for name, values in zip(("speed", "distance"), speed_and_distance(packed), strict=True):
            own = self.columns.get(name, values)
            self.columns[name] = np.where(np.isnan(own), values, own)


def _is_plain(layout: Layout) -> bool:
    """Whether all fields of a record are short numbers."""
    slots = layout.slots()
    return all(is_number(s.base, s.size) and s.base.size <= EXACT_BYTES and s.field.name != CSD for s in slots)


def _groups(layouts: Sequence[Layout]) -> list[Group]:
    """Records by definition and kind of header."""
    groups: list[Group] = []
    for layout in layouts:
        groups.append((layout, plain_offsets(layout), False))
        groups.append((layout, np.array(layout.compressed, dtype=np.int64), True))
    return [group for group in groups if len(group[1])]


def _first_records(groups: list[Group]) -> tuple[list[Group], int]:
    """As many records as are allowed, the first ones, and how many more there are."""
    count = sum(len(offsets) for _, offsets, _ in groups)
    if count <= MAX_RECORDS:
        return groups, 0
    last = np.sort(np.concatenate([offsets for _, offsets, _ in groups]))[MAX_RECORDS - 1]
    kept = [(layout, offsets[offsets <= last], compressed) for layout, offsets, compressed in groups]
    return [group for group in kept if len(group[1])], count - MAX_RECORDS


def _merged(groups: list[Offsets]) -> tuple[Offsets, list[Places]]:
    """All offsets in order, and the place of each group's among them; None where there is one group only."""
    if len(groups) <= 1:
        return (groups[0], [None]) if groups else (np.zeros(0, np.int64), [])
    together = np.concatenate(groups)
    order = np.argsort(together, kind="stable")
    place = np.empty_like(order)
    place[order] = np.arange(len(order))
    return together[order], list(np.split(place, np.cumsum([len(offsets) for offsets in groups])[:-1]))
