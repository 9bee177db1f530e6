"""Every legal shape of a FIT activity that a reader must read, made in code: some 400 samples a file."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any

import plain_fit
from damage import seal

from loadplan.outbox.fit_activity import Part, activity_messages, file_id
from loadplan.outbox.fit_file import DeveloperField, Message, Value, describe, encode, strides
from loadplan.outbox.fit_profile import FLOAT32, FLOAT64, MESSAGES, SINT32, UINT8, UINT16, UINT32, Base, Field

START = datetime(2024, 5, 4, 6, 30, tzinfo=UTC)
ODD = DeveloperField(0, "odd", UINT32, size=3)
POWER = DeveloperField(1, "Power", UINT16, "W", native="power")
TOTALS: Mapping[str, Value] = {
    "total_ascent": 31, "total_descent": 29, "avg_heart_rate": 142, "avg_cadence": 84, "avg_power": 240,
}  # fmt: skip


def sample(t: int, *, metres: float = 0.0, speed: float = 3.0) -> dict[str, Value]:
    """A second of a run over rolling ground, north along a meridian."""
    return {
        "time_s": t,
        "position_lat": 10 + speed * t / 111_195,
        "position_long": 20.0,
        "distance": metres + speed * t,
        "enhanced_altitude": round(100 + 12 * math.sin(t / 60), 1),
        "enhanced_speed": speed,
        "heart_rate": 138 + t % 9,
        "power": 230 + t % 21,
        **strides(166 + t % 5),
    }


def part(seconds: int = 400, *, step: int = 1, metres: float = 0.0, speed: float = 3.0, **more: Any) -> Part:
    """A session of a steady run."""
    more.setdefault("start", START)
    more.setdefault("totals", TOTALS)
    rows = [sample(t, metres=metres, speed=speed) for t in range(0, seconds + 1, step)]
    return Part(samples=rows, **more)


def messages(**more: Any) -> list[Message]:
    """A plain run, its messages."""
    return activity_messages([part()], utc_offset_s=7200, **more)


def _with(base: Base, **fields: tuple[int, float, float]) -> bytes:
    """Records whose fields have another base type than the profile gives them."""
    out = []
    for m in messages():
        spare = {k: v for k, v in m.values.items() if m.name != "record" or k not in fields}
        extra = {
            Field(number, base, scale, offset): m.values[k]
            for k, (number, scale, offset) in fields.items()
            if m.name == "record"
        }
        out.append(Message(m.name, spare, extra=extra))
    return encode(out)


def _several_layouts() -> bytes:
    """Records that lack one field or the other, so that definitions alternate."""
    drop = [(), ("heart_rate",), ("power",), ("position_lat", "position_long"), ("power", "heart_rate"), ("distance",)]
    out, n = [], 0
    for m in messages():
        if m.name == "record":
            n += 1
            m = Message(m.name, {k: v for k, v in m.values.items() if k not in drop[n // 7 % len(drop)]})
        out.append(m)
    return encode(out)


def _unknown_values() -> bytes:
    """Records in which each field is not recorded now and then."""
    rows = [
        {k: None if k != "time_s" and (t + i) % 11 == 0 else v for i, (k, v) in enumerate(sample(t).items())}
        for t in range(401)
    ]
    return encode(activity_messages([replace(part(), samples=rows)], utc_offset_s=7200))


def _summary_first() -> bytes:
    rows = messages()
    late = [m for m in rows if m.name in ("lap", "session", "activity")]
    return encode([rows[0], *late, *(m for m in rows[1:] if m not in late)])


def _sessions() -> bytes:
    ride = part(speed=8.0, sport="cycling")
    walk = part(start=START + timedelta(seconds=400), metres=3200, speed=1.4, sport="walking")
    run = part(start=START + timedelta(seconds=900), metres=3200 + 560)
    return encode(activity_messages([ride, walk, run], utc_offset_s=3600))


def _developer(fields: list[DeveloperField], values: Mapping[str, Value], **how: Any) -> bytes:
    rows = [{**s, **values} for s in part().samples]
    return encode(activity_messages([replace(part(), samples=rows)], developer=fields, utc_offset_s=7200), **how)


def _arrays() -> bytes:
    extra = {Field(200, UINT16): (1, 2, None, 4), Field(201, UINT8): (7,) * 30}
    return encode([Message(m.name, m.values, extra=extra if m.name == "record" else {}) for m in messages()])


def _plain_fields() -> bytes:
    names = {"enhanced_speed": "speed", "enhanced_altitude": "altitude"}
    rows = [{names.get(k, k): v for k, v in s.items()} for s in part().samples]
    return encode(activity_messages([replace(part(), samples=rows)], utc_offset_s=7200))


def _dynamics() -> bytes:
    more = {"vertical_oscillation": 92.3, "stance_time": 251.0, "stance_time_balance": 49.5, "vertical_ratio": 8.1}
    rows = [{**s, **more, "step_length": 1080.0 + i % 40} for i, s in enumerate(part().samples)]
    return encode(activity_messages([replace(part(), samples=rows)], utc_offset_s=7200))


def _repeats() -> bytes:
    """Times that stand still and go back."""
    out = messages()
    places = [i for i, m in enumerate(out) if m.name == "record"]
    for i in places[50::60]:
        out[i], out[i + 1] = out[i + 1], out[i]
        out[i + 2] = out[i + 3]
    return encode(out)


def _unused_definition() -> bytes:
    """A layout that is defined and never used, between records with compressed times."""
    data = encode(messages(), compress=True)
    first = next(plain_fit.parts(data))
    at = first.record_at()[200]
    lap = bytes([0x4F, 0, 0, 19, 0, 2, 253, 4, 0x86, 2, 4, 0x86])
    return seal(data[:at] + lap + data[at:])


def _redefined() -> bytes:
    """A local number that stands for one layout, then for another, then for the first again."""
    data = encode(messages())
    first = next(plain_fit.parts(data))
    at = first.record_at()[0]
    definition = max(d for d in first.definition_at if d < at)
    middle = first.record_at()[200]
    other = bytes([0x40 | data[definition] & 15, 0, 0, 55, 0, 1, 2, 4, 0x86])
    return seal(data[:middle] + other + data[definition:at] + data[middle:])


@cache
def shapes() -> dict[str, bytes]:
    """Name of the shape -> file."""
    native = {"Power": 250}
    scaled = MESSAGES["record"].fields
    wide = {k: (scaled[k].number, scaled[k].scale, scaled[k].offset) for k in ("heart_rate", "cadence", "power")}
    return {
        "plain": encode(messages()),
        "big endian": encode(messages(), endian=">"),
        "compressed": encode(messages(), compress=True),
        "compressed big endian": encode(messages(), compress=True, endian=">"),
        "every six seconds": encode(activity_messages([part(step=6)], utc_offset_s=-12600), compress=True),
        "short header": encode(messages(), short_header=True),
        "header without a sum": encode(messages(), header_crc=False),
        "plain fields": _plain_fields(),
        "running dynamics": _dynamics(),
        "several layouts": _several_layouts(),
        "unknown values": _unknown_values(),
        "summary first": _summary_first(),
        "several sessions": _sessions(),
        "no session": encode(messages(with_sessions=False, with_activity=False)),
        "paused": encode(activity_messages([part(600, pauses=((200.0, 320.0),))], utc_offset_s=7200)),
        "odd developer field": _developer([ODD], {"odd": b"abc"}),
        "odd developer field, big endian": _developer([ODD], {"odd": b"abc"}, endian=">"),
        "native developer field": _developer([POWER], native),
        "developer fields, compressed": _developer([ODD, POWER], {**native, "odd": b"abc"}, compress=True),
        "arrays": _arrays(),
        "wide integers": _with(UINT32, **wide),
        "signed integers": _with(SINT32, **wide),
        "floats": _with(FLOAT32, **wide),
        "doubles": _with(FLOAT64, **wide),
        "repeated and backward times": _repeats(),
        "a ride": encode(activity_messages([part(speed=8.0, sport="cycling")], utc_offset_s=0)),
        "chained": encode(messages()) + encode([file_id(START, "settings")]) + _plain_fields(),
        "unused definition": _unused_definition(),
        "redefined": _redefined(),
        "described but unused": encode([messages()[0], *describe([POWER]), *messages()[1:]]),
    }
