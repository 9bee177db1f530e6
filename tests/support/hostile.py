"""Files of any size that are made to cost time or memory: what an attacker would write by hand, FIT and XML.

``hostile(size)`` gives name -> (kind, a function that makes about ``size`` bytes).
"""

from __future__ import annotations

import struct
from collections.abc import Callable
from datetime import datetime, timedelta

from damage import seal

from importers.sniff import Kind

EPOCH_2021 = 1_000_000_000
"""A time of the FIT clock."""
_FILE_ID = (0, (0, 1, 0x00), (4, 4, 0x86))
_POINT = '<trkpt lat="1" lon="2"><ele>3</ele><time>2024-05-04T06:30:00Z</time></trkpt>'
_TRACKPOINT = "<Trackpoint><Time>2024-05-04T06:30:00Z</Time></Trackpoint>"
_LAP = '<Lap StartTime="2024-05-04T06:30:00Z"><TotalTimeSeconds>1</TotalTimeSeconds>'

Maker = Callable[[], bytes]


def _define(local: int, number: int, *fields: tuple[int, int, int]) -> bytes:
    head = bytes([0x40 | local, 0, 0]) + struct.pack("<H", number) + bytes([len(fields)])
    return head + b"".join(bytes(f) for f in fields)


def _fit(body: bytes) -> bytes:
    """A whole file around a body; only the first of its messages says that it is an activity."""
    first = _define(0, *_FILE_ID) + b"\0\x04" + struct.pack("<I", EPOCH_2021)  # type: ignore[arg-type]
    return seal(struct.pack("<BBHI4sH", 14, 0x20, 2132, 0, b".FIT", 0) + first + body + b"\0\0")


def _stamped(number: int, n: int, *fields: tuple[int, int, int], rest: bytes = b"") -> bytes:
    layout = _define(1, number, (253, 4, 0x86), *fields)
    return _fit(layout + b"".join(b"\x01" + struct.pack("<I", EPOCH_2021 + k) + rest for k in range(n)))


def _developers(size: int) -> bytes:
    """Many descriptions, many definitions of many developer fields."""
    describe = _define(1, 206, (0, 1, 2), (1, 1, 2), (2, 1, 2), (15, 1, 2))
    described = b"".join(bytes([1, k % 256, k // 256 % 256, 2, 3]) for k in range(min(5000, size // 20)))
    head, record = bytes([0x62, 0, 0, 20, 0, 1, 3, 1, 2, 60]), bytes([2, *[9] * 61])
    apps = [bytes(x for f in range(60) for x in (f, 1, app)) for app in range(256)]
    return _fit(describe + described + b"".join(head + apps[k % 256] + record for k in range(size // 260)))


def _fit_makers(size: int) -> dict[str, Maker]:
    heart = (3, 1, 0x02)
    start = _define(1, 20, (253, 4, 0x86)) + b"\x01" + struct.pack("<I", EPOCH_2021) + _define(1, 20, heart)
    return {
        "empty records": lambda: _fit(_define(1, 20) + b"\x01" * size),
        "records of one byte": lambda: _fit(_define(1, 20, heart) + b"\x01\x50" * (size // 2)),
        "records with a time": lambda: _stamped(20, size // 5),
        "compressed times": lambda: _fit(start + b"".join(bytes([0xA0 | k % 32, 99]) for k in range(size // 2))),
        "a definition for each record": lambda: _fit((_define(1, 20, heart, (8, 3, 13)) + b"\x01PABC") * (size // 17)),
        "definitions": lambda: _fit(_define(1, 20, heart) * (size // 9)),
        "sessions": lambda: _stamped(18, size // 9, (2, 4, 0x86), rest=struct.pack("<I", EPOCH_2021)),
        "laps": lambda: _stamped(19, size // 9, (2, 4, 0x86), rest=struct.pack("<I", EPOCH_2021)),
        "events": lambda: _stamped(21, size // 7, (0, 1, 0), (1, 1, 0), rest=b"\0\0"),
        "messages of no name": lambda: _fit(_define(1, 999, (2, 1, 2)) + b"\x01\x02" * (size // 2)),
        "developer fields": lambda: _developers(size),
        "files in a chain": lambda: _fit(b"") * (size // 40),
        "headers": lambda: (b"\x0e\x20\0\0" + struct.pack("<I", 99) + b".FIT\0\0") * (size // 14),
        "marks": lambda: b"\x0e\x20\0\0" + struct.pack("<I", 2 * size) + b".FIT\0\0" + b"\x0e.FIT" * (size // 5),
    }


def _days(n: int) -> list[str]:
    first = datetime(2001, 1, 1)  # noqa: DTZ001 - only its text counts
    return [f"{first + timedelta(hours=3 * k):%Y-%m-%dT%H:%M:%SZ}" for k in range(n)]


def _gpx(body: str) -> bytes:
    return f"<gpx>{body}</gpx>".encode()


def _tcx(body: str) -> bytes:
    return f"<TrainingCenterDatabase><Activities>{body}</Activities></TrainingCenterDatabase>".encode()


def _track(body: str) -> bytes:
    return _gpx(f"<trk><trkseg>{body}</trkseg></trk>")


def _xml_makers(size: int) -> dict[str, tuple[Kind, Maker]]:
    def track(day: str) -> str:
        return f'<trk><trkseg><trkpt lat="1" lon="2"><time>{day}</time></trkpt></trkseg></trk>'

    def activity(day: str) -> str:
        point = _TRACKPOINT.replace("2024-05-04T06:30:00Z", day)
        return f'<Activity Sport="Running">{_LAP}<Track>{point}</Track></Lap></Activity>'

    n = size // len(_POINT)
    gpx: dict[str, Maker] = {
        "the same point": lambda: _track(_POINT * n),
        "segments": lambda: _gpx(f"<trk>{f'<trkseg>{_POINT}</trkseg>' * n}</trk>"),
        "tracks": lambda: _gpx("".join(map(track, _days(n)))),
        "empty elements": lambda: _gpx("<a/>" * (size // 4)),
        "a long text": lambda: _gpx(f"<trk><name>{'x' * size}</name></trk>"),
        "blanks": lambda: b" " * size + _track(_POINT),
        "a fault in each point": lambda: _track(f"{_POINT}<" * n),
        "an unknown entity in each point": lambda: _track(f"{_POINT}&x;" * n),
        "a wrong byte in each point": lambda: _track(f"{_POINT}?" * n).replace(b"?", b"\xff"),
        "tags that never close": lambda: _track(_POINT.replace("</ele>", "<ele>") * n),
    }  # fmt: skip
    tcx: dict[str, Maker] = {
        "activities": lambda: _tcx("".join(map(activity, _days(size // 230)))),
        "laps of an activity": lambda: _tcx(f'<Activity Sport="Running">{f"{_LAP}</Lap>" * (size // 88)}</Activity>'),
        "a fault in each trackpoint": lambda: _tcx(f'<Activity Sport="Running">{_TRACKPOINT + "</x>"}' * (size // 90)),
    }  # fmt: skip
    return {k: (Kind.GPX, m) for k, m in gpx.items()} | {k: (Kind.TCX, m) for k, m in tcx.items()}


def hostile(size: int) -> dict[str, tuple[Kind, Maker]]:
    """Name -> kind of file, and how to make one of about ``size`` bytes."""
    return {name: (Kind.FIT, make) for name, make in _fit_makers(size).items()} | _xml_makers(size)
