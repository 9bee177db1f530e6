"""Archives that are made to cost time, memory or a disk, or to write where they should not: each a few kilobytes.

``bombs()`` gives name -> (how to make it, codes of which one must be said, runs that must be kept of it).
"""

from __future__ import annotations

import struct
import zipfile
import zlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from itertools import accumulate

from activity_files import gpx, gpx_points, gz, zipped
from made_runs import as_fit, as_gpx, some_runs
from strava_exports import english

GOOD = some_runs(2)
STORED, DEFLATED = zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED
HEAD = b'<?xml version="1.0"?><gpx version="1.1" creator="x"><trk><trkseg>'
"""How an activity begins: what begins otherwise is not unpacked at all."""
MEGABYTE = 1_000_000
CENTRAL = struct.Struct("<4s6H3L5H2L")
LOCAL = struct.Struct("<4s5H3L2H")
END = struct.Struct("<4s4H2LH")
END64 = struct.Struct("<4sQ2H2L4Q")
LOCATOR64 = struct.Struct("<4sLQL")


@dataclass(frozen=True)
class Bomb:
    """How it is made, which codes may be said of it, and how many runs lie beside."""

    make: Callable[[], bytes]
    codes: Sequence[str]
    kept: int = 2
    name: str = "bomb.zip"


def beside(files: Mapping[str, bytes]) -> bytes:
    """A zip with these, and a good run before and behind them."""
    return zipped({"a.fit": as_fit(GOOD[0]), **files, "z.gpx": as_gpx(GOOD[1])})


def blank_deflate(megabytes: int, head: bytes = HEAD, byte: bytes = b" ") -> bytes:
    """A deflate stream of so many megabytes, by repeating its blocks; made in no time."""
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    first = packer.compress(head) + packer.flush(zlib.Z_FULL_FLUSH)
    block = zlib.compressobj(9, zlib.DEFLATED, -15)
    one = block.compress(byte * MEGABYTE) + block.flush(zlib.Z_FULL_FLUSH)
    return first + one * megabytes + zlib.compressobj(9, zlib.DEFLATED, -15).flush(zlib.Z_FINISH)


def blank_gzip(megabytes: int, head: bytes = HEAD) -> bytes:
    """A gzip file of so many megabytes; its sum is wrong, which nobody reaches."""
    return b"\x1f\x8b\x08\0\0\0\0\0\0\xff" + blank_deflate(megabytes, head) + bytes(8)


# ---------------------------------------------------------------- zips by hand
@dataclass(frozen=True)
class Entry:
    """One entry as the directory tells it; what it tells may be a lie."""

    name: bytes
    at: int
    packed: int
    size: int
    crc: int = 0
    method: int = DEFLATED
    flags: int = 0
    mode: int = 0


def local_header(entry: Entry) -> bytes:
    head = LOCAL.pack(b"PK\x03\x04", 20, entry.flags, entry.method, 0, 0x21, entry.crc, entry.packed & 0xFFFFFFFF,
                      entry.size & 0xFFFFFFFF, len(entry.name), 0)  # fmt: skip
    return head + entry.name


def directory(entries: Sequence[Entry], at: int, *, claimed: int | None = None) -> bytes:
    """The directory and its end, behind ``at`` bytes of entries."""
    rows = b"".join(
        CENTRAL.pack(b"PK\x01\x02", 0x314, 20, e.flags, e.method, 0, 0x21, e.crc, e.packed & 0xFFFFFFFF,
                     e.size & 0xFFFFFFFF, len(e.name), 0, 0, 0, 0, e.mode << 16, e.at) + e.name
        for e in entries
    )  # fmt: skip
    return rows + directory_end(len(rows), at, len(entries) if claimed is None else claimed)


def directory_end(length: int, at: int, count: int) -> bytes:
    """The end of a directory; beyond 65,535 entries in its long form."""
    short = min(count, 0xFFFF)
    end = END.pack(b"PK\x05\x06", 0, 0, short, short, length & 0xFFFFFFFF, at & 0xFFFFFFFF, 0)
    if count < 0xFFFF:
        return end
    long = END64.pack(b"PK\x06\x06", 44, 45, 45, 0, 0, count, count, length, at)
    return long + LOCATOR64.pack(b"PK\x06\x07", 0, at + length, 1) + end


def raw_zip(entries: Sequence[tuple[Entry, bytes]], *, claimed: int | None = None) -> bytes:
    """A zip whose entries say what they like about themselves."""
    out, told, at = [], [], 0
    for entry, data in entries:
        placed = Entry(entry.name, at, entry.packed, entry.size, entry.crc, entry.method, entry.flags, entry.mode)
        piece = local_header(placed) + data
        out.append(piece)
        told.append(placed)
        at += len(piece)
    return b"".join(out) + directory(told, at, claimed=claimed)


def one(name: str, data: bytes, **lies: int) -> tuple[Entry, bytes]:
    """An entry that is stored, true but for ``lies``."""
    told = {"packed": len(data), "size": len(data), "crc": zlib.crc32(data), "method": STORED, **lies}
    return Entry(name.encode(), 0, **told), data


def good_pair() -> list[tuple[Entry, bytes]]:
    return [one("a.fit", as_fit(GOOD[0])), one("b.gpx", as_gpx(GOOD[1]))]


def overlapped(count: int, megabytes: int, head: bytes = HEAD) -> bytes:
    """Every entry of the directory is the same few bytes, which unpack to megabytes (Fifield's full overlap)."""
    kernel = blank_deflate(megabytes, head)
    base = raw_zip(good_pair())
    start = base.index(b"PK\x01\x02")
    told = [Entry(b"k.gpx", start, len(kernel), megabytes * MEGABYTE + len(head))]
    body = base[:start] + local_header(told[0]) + kernel
    rows = told * count
    pair = [e for e, _ in good_pair()]
    placed = [
        pair[0],
        Entry(pair[1].name, body.index(b"PK\x03\x04", 4), pair[1].packed, pair[1].size, pair[1].crc, STORED),
    ]
    return body + directory([*placed, *rows], len(body))


def quoted(count: int, megabytes: int) -> bytes:
    """Each entry holds, as a stored block, the header of the next, and then shares one kernel (Fifield's quoting)."""
    kernel = blank_deflate(megabytes, b"")
    size = megabytes * MEGABYTE
    tail, told = kernel, []
    for n in reversed(range(count)):
        name = b"%d.gpx" % n
        inner = HEAD if n == 0 else b""
        if told:
            header = local_header(told[-1])
            quote = b"\x00" + struct.pack("<HH", len(header), len(header) ^ 0xFFFF)
            tail, size = quote + header + tail, size + len(header)
        first = b"\x00" + struct.pack("<HH", len(HEAD), len(HEAD) ^ 0xFFFF) + HEAD if inner else b""
        told.append(Entry(name, 0, len(first + tail), size + len(inner)))
        if inner:
            tail = first + tail
    body = local_header(told[-1]) + tail
    rows, at = [], len(body)
    for entry in told:  # the innermost first: each stands where its header does
        at = body.rfind(local_header(entry), 0, at)
        rows.append(Entry(entry.name, at, entry.packed, entry.size))
    return body + directory(rows[::-1], len(body))


def swallows_itself() -> bytes:
    """A stored entry that is everything behind its own header: the zip, again and again."""
    name = b"self.zip"
    head = LOCAL.size + len(name)
    tail_size = CENTRAL.size + len(name) + END.size
    entry = Entry(name, 0, tail_size, tail_size, 0, STORED)
    return local_header(entry) + directory([entry], head)


def nested(depth: int, width: int, core: bytes) -> bytes:
    """Zips in zips in zips."""
    data = core
    for _ in range(depth):
        data = zipped({f"{k}.zip": data + bytes(k) for k in range(width)})
    return data


def many_entries(count: int) -> bytes:
    """A directory of so many entries, all of them the same empty file."""
    entry = Entry(b"e", 0, 0, 0, 0, STORED)
    body = local_header(entry)
    row = CENTRAL.pack(b"PK\x01\x02", 0x314, 20, 0, STORED, 0, 0x21, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0) + b"e"
    return body + row * count + directory_end(len(row) * count, len(body), count)


def empty_entries(count: int, salt: int = 0) -> bytes:
    """So many entries, each at a place of its own, that hold nothing."""
    names = [b"%d/%d" % (salt, n) for n in range(count)]
    bodies = [local_header(Entry(name, 0, 0, 0, 0, STORED)) for name in names]
    starts = accumulate(map(len, bodies), initial=0)
    rows = [
        CENTRAL.pack(b"PK\x01\x02", 0x314, 20, 0, STORED, 0, 0x21, 0, 0, 0, len(name), 0, 0, 0, 0, 0, at) + name
        for name, at in zip(names, starts, strict=False)
    ]
    body, listed = b"".join(bodies), b"".join(rows)
    return body + listed + directory_end(len(listed), len(body), count)


def claimed_entries(count: int) -> bytes:
    """Two entries that say they are a million."""
    return raw_zip(good_pair(), claimed=count)


def hostile_names() -> bytes:
    """Names that lead out of a folder, name a device, or end in the middle."""
    names = ["../../up.gpx", "/tmp/absolute.gpx", "C:\\windows\\x.gpx", "nul\0hidden.gpx", "x\\..\\..\\back.gpx"]
    names += ["x/" * 2000 + "x.gpx", "~/home.gpx", "CON.gpx", "\x1b[31mred.gpx", "\u202egpx.exe"]
    starts = [GOOD[0].start + timedelta(days=n) for n in range(len(names))]
    runs = [gpx(gpx_points(range(0, 600, 10), start=start)) for start in starts]
    return raw_zip([one(name, run) for name, run in zip(names, runs, strict=True)])


def links() -> bytes:
    """Links, as tar-minded packers put them into zips."""
    targets = {"passwd.gpx": b"/etc/passwd", "up": b"../../.."}
    return raw_zip([*good_pair(), *(one(name, target, mode=0o120777) for name, target in targets.items())])


def repeated_names() -> bytes:
    """The same name thrice, each another run; what a name says is no identity."""
    runs = some_runs(3)
    return raw_zip([one("run.fit", as_fit(run)) for run in runs])


def cut_gzip() -> bytes:
    whole = gz(as_gpx(GOOD[0].later(86_400)))
    return beside({"cut.gpx.gz": whole[: len(whole) // 2]})


def many_small_bombs(count: int) -> bytes:
    """As many bombs as there may be files in a year, none of them overlapping."""
    one_bomb = blank_gzip(40)
    return beside({f"{n:04d}.gpx.gz": one_bomb + bytes(n % 251) for n in range(count)})


def packed_entry(name: str, packed: bytes, size: int) -> tuple[Entry, bytes]:
    return Entry(name.encode(), 0, len(packed), size), packed


def table_bomb(name: str, head: bytes, byte: bytes = b" ", megabytes: int = 2000) -> bytes:
    """A table of two gigabytes among good runs."""
    packed = blank_deflate(megabytes, head, byte)
    return raw_zip([*good_pair(), packed_entry(name, packed, megabytes * MEGABYTE + len(head))])


ACTIVITIES_HEAD = (
    b"Activity ID,Activity Date,Activity Name,Activity Type,Activity Description,Elapsed Time,Distance,Max Heart Rate,"
    b"Relative Effort,Commute,Activity Private Note,Activity Gear,Filename,Athlete Weight,Bike Weight,Elapsed Time,"
    b"Moving Time,Distance\r\n"
)
ZIP = b"PK\x03\x04"
SUMMARIES_HEAD = b'[{"summarizedActivitiesExport":[{"activityId":1,"beginTimestamp":1,"duration":1,'


TOO_BIG = ("bomb", "table_too_big", "activity_too_big", "too_big")
OVERLAP = ("bomb", "bad_zip_entry", "overlap", "overlapping", "overlapping_entry", "overlapping_entries")


def bombs() -> dict[str, Bomb]:
    """Name -> bomb. ``kept`` -1: whatever can be."""
    kernel = gz(b" " * MEGABYTE)
    return {
        "a zip bomb": Bomb(
            lambda: raw_zip([*good_pair(), packed_entry("x.gpx", blank_deflate(4000), 4000 * MEGABYTE)]),
            TOO_BIG,
        ),
        "a zip bomb that says it is small": Bomb(
            lambda: raw_zip([*good_pair(), packed_entry("x.gpx", blank_deflate(4000), 900)]),
            ("bomb", "activity_too_big", "bad_zip_entry"),
        ),
        "a gzip bomb": Bomb(lambda: beside({"x.gpx.gz": blank_gzip(4000)}), TOO_BIG),
        "a gzip bomb that is no activity": Bomb(lambda: beside({"x.fit.gz": blank_gzip(4000, b"x" * 64)}), ()),
        "forty gzip bombs": Bomb(lambda: many_small_bombs(40), ("bomb",)),
        "zips six deep": Bomb(lambda: beside({"n.zip": nested(6, 3, kernel)}), ("nested_too_deep",)),
        "zips in a zip, each with bombs": Bomb(
            lambda: beside({f"{n}.zip": zipped({f"{k}.gpx.gz": blank_gzip(60) for k in range(4)}) for n in range(5)}),
            ("bomb",),
        ),
        "entries that overlap": Bomb(
            lambda: overlapped(400, 60), OVERLAP
        ),
        "entries that quote each other": Bomb(
            lambda: quoted(200, 60), OVERLAP, kept=0
        ),
        "a zip that holds itself": Bomb(swallows_itself, ("bad_zip", "bad_zip_entry", "nested_too_deep"), kept=0),
        "a million and one entries": Bomb(lambda: many_entries(1_000_001), ("too_many_entries",), kept=0),
        "half a million empty entries": Bomb(lambda: empty_entries(500_000), ("too_many_entries",), kept=0),
        "zips of empty entries in a zip": Bomb(
            lambda: beside({f"n/{n}.zip": empty_entries(30_000, n) for n in range(6)}), ("too_many_entries",), kept=1
        ),
        "as many entries as a short directory holds": Bomb(lambda: many_entries(65_534), (), kept=0),
        "entries that are claimed": Bomb(lambda: claimed_entries(1_000_001), (), kept=-1),
        "names that lead out": Bomb(hostile_names, (), kept=10),
        "links": Bomb(links, ("link_outside",)),
        "repeated names": Bomb(repeated_names, (), kept=3),
        "an encrypted entry": Bomb(
            lambda: raw_zip([*good_pair(), one("secret.fit", as_fit(GOOD[0].later(99_999)), flags=1)]), ("encrypted",)
        ),
        "an unknown method": Bomb(
            lambda: raw_zip([*good_pair(), one("odd.fit", as_fit(GOOD[0].later(99_999)), method=97)]),
            ("unknown_compression",),
        ),
        "a truncated zip": Bomb(lambda: beside({})[:-40], ("bad_zip",), kept=-1),
        "a cut gzip": Bomb(cut_gzip, ("truncated_gzip",), kept=3),
        "a gzip whose sum is wrong": Bomb(
            lambda: beside({"x.gpx.gz": gz(as_gpx(GOOD[0].later(86_400)))[:-8] + bytes(8)}), ("bad_gzip",), kept=3
        ),
        "a table of two gigabytes": Bomb(lambda: table_bomb("activities.csv", ACTIVITIES_HEAD), TOO_BIG),
        "a table of two gigabytes of commas": Bomb(
            lambda: table_bomb("activities.csv", ACTIVITIES_HEAD, b","), TOO_BIG
        ),
        "summaries of two gigabytes": Bomb(
            lambda: table_bomb("DI_CONNECT/DI-Connect-Fitness/m_0_summarizedActivities.json", SUMMARIES_HEAD),
            TOO_BIG,
        ),
        "three thousand rows of one second": Bomb(lambda: many_rows(3000, 0), (), kept=-1),
        "three thousand rows of one day": Bomb(lambda: many_rows(3000, 20), (), kept=-1),
        "an inner zip of four gigabytes": Bomb(
            lambda: raw_zip([*good_pair(), packed_entry("x.zip", blank_deflate(4000, ZIP), 4000 * MEGABYTE + 4)]),
            ("bomb", "bad_zip", "activity_too_big", "archive_too_big"),
        ),
    }  # fmt: skip


def many_rows(count: int, step_s: int) -> bytes:
    """A table of runs that overlap one another: whoever compares each with each does not end."""
    first, rows = GOOD[0].start, []
    for n in range(count):
        when = english(first + timedelta(seconds=n * step_s))
        rows.append(f'{n + 1},"{when}",Run,Run,,3600,{5 + n / 100:.2f},,,false,,,,,,3600,3500,{5000 + 10 * n}\r\n')
    return zipped({"activities.csv": ACTIVITIES_HEAD + "".join(rows).encode()})
