"""FIT bytes to columns: each file of a chain with its records as columns, its small messages, and what is wrong.

Nothing is raised for bad data. What stands before damage is kept, and a Problem names the place.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from operator import itemgetter
from typing import TYPE_CHECKING, Final

import numpy as np

from importers.fit.apps import by_field
from importers.fit.chain import MAX_BYTES, Part, split_chain
from importers.fit.gather import Values, plain_places, reader
from importers.fit.layout import FIELD_DESCRIPTION, NAMES, RECORD
from importers.fit.records import MAX_RECORDS, Records
from importers.fit.resume import walk_on
from importers.fit.stamps import Stamps
from importers.fit.walk import CUT
from importers.problems import Problem, counted

if TYPE_CHECKING:
    import numpy.typing as npt

    from importers.fit.layout import Layout
    from importers.run import Column

    Offsets = npt.NDArray[np.int64]

__all__ = ["Decoded", "Values", "read_chain"]

MAX_SMALL: Final = 20_000
"""Messages of one name, other than records; rides with electronic gears have a few thousand events."""


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


@np.errstate(all="ignore")  # damaged floats may be anything
def _decode(data: bytes, part: Part) -> Decoded:
    found, gaps = walk_on(data, part.begin, part.stop)
    if gaps:
        lost = sum(gap.end - gap.begin for gap in gaps)
        begin = gaps[0].begin
        stretches = counted(len(gaps), "damaged stretch", "damaged stretches")
        detail = f"{counted(lost, 'byte')} in {stretches} left out, the first at byte {begin:,}"
        part.trouble("malformed", detail, begin)
    if found.code == CUT and part.open_ended:
        part.damaged(found.at)
    elif found.code:
        part.trouble("malformed" if found.code == CUT else found.code, found.detail, found.at)
    stamps = Stamps(data, found.layouts)
    used = found.used()
    descriptions = by_field(_messages(data, used.get(FIELD_DESCRIPTION, ()), stamps))
    records = Records(data, used.get(RECORD, ()), stamps, descriptions)
    if records.dropped:
        part.trouble("too_many_messages", f"{records.dropped:,} records beyond the first {MAX_RECORDS:,} are left out")
    small = {name: _messages(data, used.get(number, ()), stamps) for name, number in NAMES.items()}
    for name, rows in small.items():
        if len(rows) == MAX_SMALL:
            part.trouble("too_many_messages", f"only the first {MAX_SMALL:,} messages {name!r} are read")
    for _, event in small["event"]:
        if "data16" in event:  # the short form of the same field
            event.setdefault("data", event.pop("data16"))
    last = small["session"][-1][0] if small["session"] else 0
    return Decoded(
        records=records.columns,
        developer=records.developer,
        messages={name: [values for _, values in rows] for name, rows in small.items()},
        record_at=records.at,
        summarised=int(np.searchsorted(records.at, last)),
        problems=part.problems,
        damage_at=part.damage_at,
    )


def _messages(data: bytes, layouts: Sequence[Layout], stamps: Stamps) -> list[tuple[int, Values]]:
    """Offset and values of the messages of some layouts, in the order of the file."""
    out: list[tuple[int, Values]] = []
    for layout in layouts:
        read = reader(layout)
        out += [(at, read(data, at)) for at in plain_places(layout)[:MAX_SMALL]]
        for at in layout.compressed[:MAX_SMALL]:
            stamp = float(stamps.of([at])[0])
            out.append((at, read(data, at) | ({"timestamp": stamp} if stamp == stamp else {})))
    return sorted(out, key=itemgetter(0))[:MAX_SMALL]
