"""What differs between our reading of a FIT file and another reader's, value by value."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

import numpy as np
import plain_fit
from second_readers import MESSAGE_NAMES, Second, Values

from importers.fit.decode import Decoded, read_chain
from loadplan.outbox.fit_profile import MESSAGES

CLOSE = 1e-9
"""Relative: the same number, scaled in another order."""
USED: dict[str, tuple[str, ...]] = {
    "file_id": ("type", "manufacturer", "product", "time_created"),
    "session": (
        "timestamp", "start_time", "sport", "sub_sport", "total_elapsed_time", "total_timer_time", "total_distance",
        "total_ascent", "total_descent", "total_cycles", "avg_cadence", "avg_fractional_cadence", "avg_heart_rate",
        "avg_power",
    ),
    "lap": ("timestamp", "start_time", "total_elapsed_time", "total_timer_time", "total_distance"),
    "event": ("timestamp", "event", "event_type"),
    "activity": ("timestamp", "local_timestamp"),
    "device_info": ("device_index", "manufacturer", "product"),
    "sport": ("sport", "sub_sport"),
}  # fmt: skip
"""Fields of the small messages that a run is made of; each must be there where another reader sees it."""


@dataclass
class Difference:
    """How many values were compared, and what differs."""

    values: int = 0
    found: Counter[str] = field(default_factory=Counter)
    examples: dict[str, str] = field(default_factory=dict)

    def add(self, what: str, example: str, n: int = 1) -> None:
        self.found[what] += n
        self.examples.setdefault(what, example)

    def lines(self) -> list[str]:
        return [f"{what}: {n} times, first {self.examples[what]}" for what, n in self.found.most_common()]


def ours(data: bytes) -> list[Decoded]:
    return list(read_chain(data))


def by_plain(data: bytes) -> Second:
    """The file as the plain reader of the tests reads it."""
    out = Second(known={name: set(MESSAGES[name].fields) for name in MESSAGE_NAMES})
    for part in plain_fit.parts(data):
        out.rows += part.records()
        for name, values, _, _ in part.messages:
            if name in out.messages:
                out.messages[name].append(values)
        out.error = out.error or (None if part.whole else "damaged")
    return out


def compare(decoded: list[Decoded], theirs: Second) -> Difference:
    """Every used field of every record and every value of the small messages; where a reader stopped, up to there."""
    out = Difference()
    _records(decoded, theirs, out)
    for name in MESSAGE_NAMES:
        _messages(name, [m for d in decoded for m in d.messages[name]], theirs, out)
    return out


def _records(decoded: list[Decoded], theirs: Second, out: Difference) -> None:
    count, seen = sum(d.record_count for d in decoded), len(theirs.rows)
    if count < seen or (count > seen and not theirs.error):
        out.add("number of records", f"{count} for {seen}")
    n = min(count, seen, _before_damage(decoded)) if theirs.error else min(count, seen)
    for name, column in theirs.records.items():
        nothing = [np.full(d.record_count, np.nan) for d in decoded]
        mine = np.concatenate([d.records.get(name, none) for d, none in zip(decoded, nothing, strict=True)] or [[]])[:n]
        column = column[:n]
        out.values += n
        same = (
            (mine == column) | (np.isnan(mine) & np.isnan(column)) | (np.abs(mine - column) <= CLOSE * np.abs(column))
        )
        if not same.all():
            k = int(np.flatnonzero(~same)[0])
            out.add(f"record.{name}", f"record {k}: {mine[k]} for {column[k]}", int((~same).sum()))


def _before_damage(decoded: list[Decoded]) -> int:
    """Records before the first damage: from there on we may leave out what another reader still takes for a record."""
    count = 0
    for d in decoded:
        if d.damage_at is not None:
            return count + int(np.searchsorted(d.record_at, d.damage_at))
        count += d.record_count
    return count


def _messages(name: str, mine: list[Values], theirs: Second, out: Difference) -> None:
    others = theirs.messages[name] if name != "event" else [_whole_event(e) for e in theirs.messages[name]]
    if len(mine) < len(others) or (len(mine) > len(others) and not theirs.error):
        out.add(f"number of {name}", f"{len(mine)} for {len(others)}")
    for own, other in zip(mine, others, strict=False):
        for key in {*own, *(k for k in USED[name] if k in other)}:
            if theirs.known is not None and key not in theirs.known[name]:
                continue
            out.values += 1
            if not _same(own.get(key), other.get(key)):
                out.add(f"{name}.{key}", f"{own.get(key)!r} for {other.get(key)!r}")


def _whole_event(event: Values) -> Values:
    """The short form of ``data`` is the same field: the profile has it expanded into the long one."""
    short = {"data": event["data16"]} if "data16" in event else {}
    return {**short, **{k: v for k, v in event.items() if k != "data16"}}


def _same(own: float | str | None, other: float | str | None) -> bool:
    if isinstance(own, float | int) and isinstance(other, float | int):
        return abs(own - other) <= CLOSE * abs(other)
    return own == other
