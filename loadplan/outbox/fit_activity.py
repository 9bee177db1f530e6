"""Whole activity files for the FIT encoder: samples in; file_id, events, records, laps, sessions, activity out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cached_property

from loadplan.outbox.fit_file import DeveloperField, Endian, Message, Value, describe, encode

Sample = Mapping[str, Value]
"""``time_s`` (seconds from the part's start) and any fields of a FIT record; ``distance`` counts over the file."""


@dataclass(frozen=True, kw_only=True)
class Part:
    """One session of a file. ``totals`` fill or overrule fields of the session; ``pauses`` are (from, to) seconds."""

    start: datetime
    samples: Sequence[Sample]
    sport: str = "running"
    sub_sport: str = "generic"
    totals: Mapping[str, Value] = field(default_factory=dict)
    pauses: Sequence[tuple[float, float]] = ()

    @cached_property
    def elapsed_s(self) -> float:
        """Seconds from the start to the last sample, or as ``totals`` say."""
        stated = self.totals.get("total_elapsed_time")
        return _number(stated) if stated is not None else self._last("time_s")

    @property
    def timer_s(self) -> float:
        """Elapsed seconds without the pauses, or as ``totals`` say."""
        stated = self.totals.get("total_timer_time")
        return _number(stated) if stated is not None else self.elapsed_s - sum(b - a for a, b in self.pauses)

    @property
    def end(self) -> datetime:
        """When the part ended."""
        return self.start + timedelta(seconds=self.elapsed_s)

    def distance_m(self) -> float | None:
        """Metres between the first and the last sample that has a distance."""
        known = [_number(s["distance"]) for s in self.samples if s.get("distance") is not None]
        return known[-1] - known[0] if known else None

    def _last(self, name: str) -> float:
        return max((_number(s[name]) for s in self.samples), default=0.0)


def _number(value: Value) -> float:
    if isinstance(value, int | float):
        return float(value)
    raise TypeError(f"{value!r} is no number")


def activity_file(
    start: datetime,
    samples: Iterable[Sample],
    *,
    sport: str = "running",
    sub_sport: str = "generic",
    utc_offset_s: int | None = None,
    totals: Mapping[str, Value] | None = None,
    pauses: Sequence[tuple[float, float]] = (),
    endian: Endian = "<",
    compress: bool = False,
) -> bytes:
    """A file with one session, such as a watch writes.

    Args:
        start: aware UTC.
        samples: rows with ``time_s`` and fields of a FIT record (cadence in strides/min: see ``strides``).
        sport: name of the FIT profile.
        sub_sport: name of the FIT profile.
        utc_offset_s: local wall clock minus UTC; None leaves ``local_timestamp`` out.
        totals: session fields that the samples do not give, such as ``total_ascent``.
        pauses: stretches with the timer stopped, in seconds from the start.
        endian: byte order.
        compress: compressed timestamps.
    """
    part = Part(
        start=start, samples=tuple(samples), sport=sport, sub_sport=sub_sport, totals=totals or {}, pauses=pauses
    )
    return encode(activity_messages([part], utc_offset_s=utc_offset_s), endian=endian, compress=compress)


def activity_messages(
    parts: Sequence[Part],
    *,
    utc_offset_s: int | None = None,
    product_name: str | None = "loadplan demo watch",
    developer: Sequence[DeveloperField] = (),
    with_sessions: bool = True,
    with_activity: bool = True,
) -> list[Message]:
    """The messages of an activity of one or more sessions, to change or cut before ``encode``.

    A sample may hold developer values under the developer field's name.
    """
    out = [_file_id(parts[0].start, product_name), *_device(parts[0].start, product_name), *describe(developer)]
    for part in parts:
        out += _part_messages(part, developer)
    if with_sessions:
        out += [_span("lap", i, p) for i, p in enumerate(parts)] + [_span("session", i, p) for i, p in enumerate(parts)]
    return [*out, _activity(parts, utc_offset_s)] if with_activity else out


def file_id(time_created: datetime, kind: str = "activity") -> Message:
    """The first message of a file; ``kind`` as the profile names it (activity, settings, monitoring_b, ...)."""
    return Message("file_id", {"type": kind, "manufacturer": "development", "product": 1, "time_created": time_created})


def _file_id(start: datetime, product_name: str | None) -> Message:
    plain = file_id(start)
    return Message(plain.name, {**plain.values, "product_name": product_name}) if product_name else plain


def _device(start: datetime, product_name: str | None) -> list[Message]:
    if not product_name:
        return []
    values: dict[str, Value] = {"timestamp": start, "device_index": 0, "manufacturer": "development", "product": 1}
    return [Message("device_info", {**values, "product_name": product_name})]


def _timer(part: Part, at_s: float, event_type: str) -> Message:
    stamp = part.start + timedelta(seconds=at_s)
    return Message("event", {"timestamp": stamp, "event": "timer", "event_type": event_type})


def _part_messages(part: Part, developer: Sequence[DeveloperField]) -> list[Message]:
    """Records and timer events of one part, in the order of time."""
    timed = [(0.0, 0, _timer(part, 0, "start")), (part.elapsed_s, 4, _timer(part, part.elapsed_s, "stop_all"))]
    for begin, finish in part.pauses:
        timed += [(begin, 2, _timer(part, begin, "stop_all")), (finish, 3, _timer(part, finish, "start"))]
    timed += [(_number(s["time_s"]), 1 if s["time_s"] != 0 else 2, _record(part, s, developer)) for s in part.samples]
    return [message for _, _, message in sorted(timed, key=lambda row: row[:2])]


def _record(part: Part, sample: Sample, developer: Sequence[DeveloperField]) -> Message:
    apps = {f: sample.get(f.name) for f in developer}
    names = {"time_s", *(f.name for f in developer)}
    values: dict[str, Value] = {"timestamp": part.start + timedelta(seconds=_number(sample["time_s"]))}
    values |= {k: v for k, v in sample.items() if k not in names}
    return Message("record", values, apps)


def _span(name: str, index: int, part: Part) -> Message:
    """The lap or session message of a part."""
    values: dict[str, Value] = {
        "message_index": index, "timestamp": part.end, "event": name, "event_type": "stop", "start_time": part.start,
        "sport": part.sport, "total_elapsed_time": part.elapsed_s, "total_timer_time": part.timer_s,
        "total_distance": part.distance_m(),
    }  # fmt: skip
    if name == "lap":
        return Message(name, values)
    values |= {"sub_sport": part.sub_sport, "first_lap_index": index, "num_laps": 1}
    return Message(name, {**values, **part.totals})


def _activity(parts: Sequence[Part], utc_offset_s: int | None) -> Message:
    end = parts[-1].end
    values: dict[str, Value] = {
        "timestamp": end, "total_timer_time": sum(p.timer_s for p in parts), "num_sessions": len(parts),
        "type": 0 if len(parts) == 1 else 1, "event": "activity", "event_type": "stop",
    }  # fmt: skip
    if utc_offset_s is not None:
        values["local_timestamp"] = end + timedelta(seconds=utc_offset_s)
    return Message("activity", values)
