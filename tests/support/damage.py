"""Files damaged on purpose, the same for the same seed: flips, cuts, splices, lying sizes, broken tags and numbers.

``fit_damages`` and ``xml_damages`` yield without end; take as many as you need. A sealed FIT file carries sizes and
checksums that fit its bytes again, so that only its contents can give it away.
"""

from __future__ import annotations

import random
import re
import struct
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import count

import plain_fit

from loadplan.outbox.fit_file import crc16

HEADER = 12
"""Bytes of the shortest FIT header; what begins it is left to ``_lie_header``."""


@dataclass(frozen=True)
class Damaged:
    """Damaged bytes: of which source, how, and with what seed; ``cut_at`` where the end is simply missing."""

    source: int
    kind: str
    seed: int
    data: bytes
    sealed: bool = False
    cut_at: int | None = None

    @property
    def name(self) -> str:
        return f"{self.kind}{' sealed' if self.sealed else ''} of source {self.source}, seed {self.seed}"


def _rng(*key: object) -> random.Random:
    return random.Random(":".join(map(str, key)))  # a string seeds the same on every machine


# ---------------------------------------------------------------- of any bytes
def flip(rng: random.Random, data: bytes, first: int = 0) -> bytes:
    """One to eight bits turned over."""
    out = bytearray(data)
    for _ in range(rng.randint(1, 8)):
        out[rng.randrange(first, len(out))] ^= 1 << rng.randrange(8)
    return bytes(out)


def set_bytes(rng: random.Random, data: bytes, first: int = 0) -> bytes:
    """One to twenty bytes in a row set to something else."""
    at, n = rng.randrange(first, len(data)), rng.randint(1, 20)
    fill = rng.choice([b"\0", b"\xff", b"\x7f", None])
    new = fill * n if fill else rng.randbytes(n)
    return data[:at] + new[: len(data) - at] + data[at + n :]


def cut(rng: random.Random, data: bytes, first: int = 0) -> bytes:
    """The end is missing."""
    return data[: rng.randrange(first, len(data))]


def drop(rng: random.Random, data: bytes, first: int = 0) -> bytes:
    """A stretch is missing."""
    at = rng.randrange(first, len(data))
    return data[:at] + data[at + rng.choice([1, 2, rng.randint(3, 60), rng.randint(60, 4096)]) :]


def repeat(rng: random.Random, data: bytes, first: int = 0) -> bytes:
    """A stretch stands there twice."""
    at = rng.randrange(first, len(data))
    return data[:at] + data[at : at + rng.choice([1, rng.randint(2, 60), rng.randint(60, 4096)])] + data[at:]


def insert(rng: random.Random, data: bytes, first: int = 0) -> bytes:
    """Bytes of no meaning in between."""
    at = rng.randrange(first, len(data))
    return data[:at] + rng.randbytes(rng.randint(1, 40)) + data[at:]


def splice(rng: random.Random, data: bytes, other: bytes, first: int = 0) -> bytes:
    """The beginning of one file, the end of another."""
    return data[: rng.randrange(first, len(data))] + other[rng.randrange(min(first, len(other) - 1), len(other)) :]


# ---------------------------------------------------------------- of FIT
def seal(data: bytes) -> bytes:
    """The bytes with size and checksums that fit them again; for one file, not for a chain."""
    size = data[0] if data[0] in (12, 14) else 14
    body = data[size:-2]
    head = struct.pack("<BBHI4s", size, data[1], struct.unpack_from("<H", data, 2)[0], len(body), b".FIT")
    if size > HEADER:
        head += struct.pack("<H", crc16(head))
    whole = head + body
    return whole + struct.pack("<H", crc16(whole))


def _lie_header(rng: random.Random, data: bytes) -> bytes:
    """The header tells another size, of itself or of the data."""
    out = bytearray(data)
    real = struct.unpack_from("<I", data, 4)[0]
    lie = rng.choice([0, 1, real - 1, real + 1, real // 2, real * 2, 0xFFFFFFFF, rng.randrange(real + 1)])
    if rng.random() < 0.7:
        struct.pack_into("<I", out, 4, lie & 0xFFFFFFFF)
    else:
        out[rng.choice([0, 0, 0, 1, 2, 8, 12])] = rng.randrange(256)
    return bytes(out)


def _definitions(data: bytes) -> list[int]:
    first = next(plain_fit.parts(data), None)
    return first.definition_at if first else []


def _lie_field(rng: random.Random, data: bytes) -> bytes:
    """A definition tells a wrong size, number or base type of one of its fields."""
    at = rng.choice(_definitions(data) or [HEADER])
    fields = data[at + 5] if at + 5 < len(data) else 0
    place = at + 6 + 3 * rng.randrange(max(fields, 1)) + rng.choice([0, 1, 1, 1, 2])
    return _byte_at(rng, data, place)


def _lie_count(rng: random.Random, data: bytes) -> bytes:
    """A definition tells a wrong number of fields, of its message, or another byte order."""
    at = rng.choice(_definitions(data) or [HEADER])
    return _byte_at(rng, data, at + rng.choice([0, 2, 3, 4, 5, 5, 5]))


def _byte_at(rng: random.Random, data: bytes, at: int) -> bytes:
    at = min(at, len(data) - 3)
    new = rng.choice([0, 1, 2, 3, 4, 7, 8, 255, (data[at] + 1) % 256, (data[at] - 1) % 256, rng.randrange(256)])
    return data[:at] + bytes([new]) + data[at + 1 :]


FIT_KINDS: tuple[str, ...] = (
    "flip", "set", "cut", "drop", "repeat", "insert", "splice", "lie_header", "lie_field", "lie_count", "gibberish",
)  # fmt: skip
SEALED_KINDS: tuple[str, ...] = (
    "flip", "flip", "set", "set", "drop", "repeat", "insert", "splice", "cut", "lie_field", "lie_count",
)  # fmt: skip


def _damage_fit(kind: str, rng: random.Random, data: bytes, other: bytes) -> bytes:
    simple: dict[str, Callable[..., bytes]] = {
        "flip": flip, "set": set_bytes, "cut": cut, "drop": drop, "repeat": repeat, "insert": insert,
    }  # fmt: skip
    special = {"lie_header": _lie_header, "lie_field": _lie_field, "lie_count": _lie_count}
    first = min(HEADER, len(data) - 1)
    if kind in simple:
        return simple[kind](rng, data, first)
    if kind in special:
        return special[kind](rng, data)
    return data[:14] + rng.randbytes(rng.randint(1, 3000)) if kind == "gibberish" else splice(rng, data, other, first)


def fit_damages(
    sources: Sequence[bytes], seed: int = 0, *, sealed: bool = False, without: Sequence[str] = ()
) -> Iterator[Damaged]:
    """Damaged copies of the sources, each in turn, each kind in turn; all differ from their source."""
    kinds = [k for k in (SEALED_KINDS if sealed else FIT_KINDS) if k not in without]
    for n in count():
        source = n % len(sources)
        kind = kinds[(n // len(sources) + source) % len(kinds)]
        rng = _rng("fit", sealed, seed, n)
        data = _damage_fit(kind, rng, sources[source], rng.choice(sources))
        if sealed:
            data = seal(data + b"\0\0" if kind == "cut" else data) if len(data) > 16 else data
        if data != sources[source]:
            yield Damaged(source, kind, n, data, sealed, len(data) if kind == "cut" and not sealed else None)


# ---------------------------------------------------------------- of XML
_TAG = re.compile(rb"<[^>]*>")
_NUMBER = re.compile(rb"(?<=[>\"])-?\d[\d.]*(?=[<\"])")
_TIME = re.compile(rb"\d{4}-\d\d-\d\dT[\d:.]+(?:Z|[+-]\d\d:?\d\d)?")
_NUMBERS = (
    b"", b"nan", b"inf", b"-inf", b"1e999", b"1e308", b"-1", b"0", b"1,5", b"--3", b"0x10", b"9" * 400, b"1_0",
    "٣".encode(), b" 7 ", b"1e-320", b"<b/>", b"+", b".", b"true",
)  # fmt: skip
_TIMES = (
    b"", b"now", b"0001-01-01T00:00:00Z", b"9999-12-31T23:59:59Z", b"0000-00-00T00:00:00Z", b"2024-02-30T10:00:00Z",
    b"2024-05-04", b"1714804200", b"2024-05-04T25:00:00Z", b"2024-05-04T10:00:00+99:99", b"20240504T063000Z",
    b"9999-12-31T23:59:59-14:00", b"0001-01-01T00:00:00+14:00", b"2024-05-04T06:30:00.123456789012Z",
)  # fmt: skip
_TEXTS = (b"&#0;", b"&nope;", b"&#x110000;", b"<![CDATA[", b"]]>", b"<!--", b"--", b"<?x", b"\0", b"\xff\xfe", b"\x80")


def _at_match(rng: random.Random, data: bytes, pattern: re.Pattern[bytes], new: Callable[[bytes], bytes]) -> bytes:
    found = [m.span() for m in pattern.finditer(data)]
    if not found:
        return flip(rng, data)
    out = data
    for begin, end in sorted(rng.sample(found, min(len(found), rng.choice([1, 1, 2, 5]))), reverse=True):
        out = out[:begin] + new(data[begin:end]) + out[end:]
    return out


def _tag(rng: random.Random, data: bytes) -> bytes:
    """A tag is missing, twice there, renamed, unclosed, or without a quote."""
    change = rng.choice(
        [
            lambda t: b"",
            lambda t: t + t,
            lambda t: t[:-1],
            lambda t: t[1:],
            lambda t: b"<" + bytes([rng.randrange(65, 123)]) + t[1:],
            lambda t: t.replace(b'"', b"", 1),
            lambda t: t.replace(b"<", b"<x:", 1),
            lambda t: t.replace(b"</", b"<", 1),
        ]
    )
    return _at_match(rng, data, _TAG, change)


def _encoding(rng: random.Random, data: bytes) -> bytes:
    """Another encoding than the one declared, half of one, or none that is known."""
    body = re.sub(rb"^\s*<\?xml[^>]*\?>", b"", data)
    word = rng.choice([b"UTF-16", b"utf-7", b"latin-1", b"cp037", b"x-none", b"", b"shift_jis", b"UTF-32", b"idna"])
    text = body.decode("utf-8", "replace")
    wide = text.encode(
        rng.choice(["utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-8-sig", "cp037", "utf-7"]), "replace"
    )
    declared = b'<?xml version="1.0" encoding="' + word + b'"?>' + body
    at = rng.randrange(len(body))
    return rng.choice([declared, wide, wide[:-1], wide[1:], body[:at] + b"\xc3\x28\xff" + body[at:], b" " * 10 + data])


def _bomb(rng: random.Random, data: bytes) -> bytes:
    """Entities in entities, elements in elements, a text or an attribute without end."""
    body = re.sub(rb"^\s*<\?xml[^>]*\?>", b"", data)
    laughs = b"".join(b'<!ENTITY l%d "%s">' % (k, b"&l%d;" % (k - 1) * 10) for k in range(1, 10))
    at = rng.choice([m.end() for m in _TAG.finditer(body)] or [0])
    deep = rng.choice([65, 5000, 200_000])
    return rng.choice(
        [
            b'<!DOCTYPE gpx [<!ENTITY l0 "ha">' + laughs + b"]>" + body[:at] + b"&l9;" + body[at:],
            b'<!DOCTYPE gpx [<!ENTITY x SYSTEM "file:///etc/passwd">]>' + body[:at] + b"&x;" + body[at:],
            body[:at] + b"<a>" * deep + b"</a>" * deep + body[at:],
            body[:at] + b"<a>" * deep + body[at:],
            body[:at] + b"<name>" + b"x" * 2_000_000 + b"</name>" + body[at:],
            body[:at] + b'<name a="' + b"x" * 2_000_000 + b'"/>' + body[at:],
            body[:at] + b"<!--" + b"x" * 2_000_000 + b"-->" + body[at:],
            body[:at] + b"".join(b"<t%d/>" % k for k in range(50_000)) + body[at:],
            body[:at] + b"<name " + b" ".join(b'a%d="1"' % k for k in range(20_000)) + b"/>" + body[at:],
        ]
    )


XML_KINDS: tuple[str, ...] = (
    "flip", "set", "cut", "cut", "drop", "repeat", "insert", "splice", "tag", "tag", "number", "number", "time", "text",
    "encoding", "bomb",
)  # fmt: skip


def _damage_xml(kind: str, rng: random.Random, data: bytes, other: bytes) -> bytes:
    simple: dict[str, Callable[[random.Random, bytes], bytes]] = {
        "flip": flip, "set": set_bytes, "cut": cut, "drop": drop, "repeat": repeat, "insert": insert, "tag": _tag,
        "encoding": _encoding, "bomb": _bomb,
    }  # fmt: skip
    if kind in simple:
        return simple[kind](rng, data)
    if kind == "splice":
        return splice(rng, data, other)
    pattern, news = {"number": (_NUMBER, _NUMBERS), "time": (_TIME, _TIMES), "text": (_TAG, _TEXTS)}[kind]
    return _at_match(rng, data, pattern, lambda old: old + rng.choice(news) if kind == "text" else rng.choice(news))


def xml_damages(sources: Sequence[bytes], seed: int = 0) -> Iterator[Damaged]:
    """Damaged copies of GPX and TCX files, each in turn, each kind in turn."""
    for n in count():
        source = n % len(sources)
        kind = XML_KINDS[(n // len(sources) + source) % len(XML_KINDS)]
        rng = _rng("xml", seed, n)
        data = _damage_xml(kind, rng, sources[source], rng.choice(sources))
        yield Damaged(source, kind, n, data, cut_at=len(data) if kind == "cut" else None)
