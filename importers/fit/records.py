"""All records of a FIT file as columns, whatever the number of their definitions."""

from __future__ import annotations

from itertools import accumulate, pairwise
from typing import TYPE_CHECKING, Final

import numpy as np

from importers.fit.apps import Descriptions, app_slots
from importers.fit.gather import (
    CSD,
    CSD_BYTES,
    EXACT_BYTES,
    is_number,
    numbers,
    packed_column,
    plain_offsets,
    read_column,
    read_columns,
    reader,
    rows,
    speed_and_distance,
)
from importers.fit.layout import Layout, Slot

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt

    from importers.fit.gather import Offsets
    from importers.fit.stamps import Stamps
    from importers.run import Column

    Group = tuple[Layout, Offsets, bool]
    Place = npt.NDArray[np.intp] | slice

MAX_RECORDS: Final = 500_000
FEW: Final = 12
"""So many records of one definition are quicker read one by one than by columns."""


class Records:
    """Columns of the records of one file, in the order of the file."""

    def __init__(self, data: bytes, layouts: Sequence[Layout], stamps: Stamps, descriptions: Descriptions) -> None:
        groups, self.dropped = _first_records(_groups(layouts))
        """How many records are more than are allowed, and left out."""
        self.at, places = _merged([offsets for _, offsets, _ in groups])
        apps = [app_slots(layout, descriptions) for layout, _, _ in groups]
        packed = [slot for layout, _, _ in groups for slot in layout.slots() if _is_packed(slot)]
        own = [name for layout, _, _ in groups for name in numbers(layout).names]
        alone = len(groups) == 1 and not packed and "timestamp" in own
        self.columns = {} if alone else self._empty([*own, *(slot.field.name for slot in packed), "timestamp"])
        self.developer = self._empty([slot.field.name for slots in apps for slot in slots])
        for (layout, offsets, compressed), place, added in zip(groups, places, apps, strict=True):
            if len(offsets) <= FEW and not added and not alone and _is_plain(layout):
                self._take_few(data, layout, offsets, place)
            else:
                messages, fields = rows(data, offsets, layout.size), numbers(layout)
                found = dict(zip(fields.names, read_columns(messages, layout.order, fields), strict=True))
                if alone:
                    self.columns = found
                else:
                    for name, values in found.items():
                        self.columns[name][place] = values
                for slot in filter(_is_packed, layout.slots()) if packed else ():
                    self.columns[CSD][place] = packed_column(messages, slot)
                for slot in added:
                    values = np.empty(len(messages))
                    read_column(messages, layout.order, slot, values)
                    self.developer[slot.field.name][place] = values
            if compressed:
                self.columns["timestamp"][place] = stamps.of(offsets)
        if CSD in self.columns:
            self._unpack(self.columns.pop(CSD))

    def _empty(self, names: Sequence[str]) -> dict[str, Column]:
        """A column for each name, without any value; rows of one block, for memory in many small pieces is slower."""
        known = dict.fromkeys(names)
        return dict(zip(known, np.full((len(known), len(self.at)), np.nan), strict=True))

    def _take_few(self, data: bytes, layout: Layout, offsets: Offsets, place: Place) -> None:
        """The fields of a few records, record by record."""
        read = reader(layout)
        for at, k in zip(offsets.tolist(), np.arange(len(self.at))[place].tolist(), strict=True):
            for name, value in read(data, at).items():
                self.columns[name][k] = value

    def _unpack(self, packed: Column) -> None:
        """Speed and distance of old devices, where no field of their own has them."""
        for name, values in zip(("speed", "distance"), speed_and_distance(packed), strict=True):
            own = self.columns.get(name, values)
            self.columns[name] = np.where(np.isnan(own), values, own)


def _is_packed(slot: Slot) -> bool:
    """Whether a field holds speed and distance in one."""
    return slot.field.name == CSD and slot.size >= CSD_BYTES


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


def _merged(groups: list[Offsets]) -> tuple[Offsets, list[Place]]:
    """All offsets in order, and the place of each group's among them."""
    if len(groups) <= 1:
        return (groups[0], [slice(None)]) if groups else (np.zeros(0, np.int64), [])
    together, ends = np.concatenate(groups), list(accumulate(map(len, groups)))
    if all(one[-1] < other[0] for one, other in pairwise(groups)):
        return together, [slice(end - len(one), end) for one, end in zip(groups, ends, strict=True)]
    order = np.argsort(together, kind="stable")
    place = np.empty_like(order)
    place[order] = np.arange(len(order))
    return together[order], [_as_slice(one) for one in np.split(place, ends[:-1])]


def _as_slice(place: npt.NDArray[np.intp]) -> Place:
    """Rising places as a slice, where they follow each other."""
    first, last = int(place[0]), int(place[-1])
    return slice(first, last + 1) if last - first == len(place) - 1 else place
