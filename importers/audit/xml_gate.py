"""The gate before the second readers of XML: they never see a document type, an entity or a deep document."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Final
from xml.parsers import expat

DEPTH_MAX: Final = 64
"""Elements within elements."""
BYTES_MAX: Final = 24 * 1024 * 1024
"""A larger document takes the second readers gigabytes of memory (bytes)."""
LOOSE_MAX: Final = 100
"""gpxpy looks for the value of each xmlns to the end of the document: thousands without one would take it hours."""
_LOOSE_SPACE: Final = re.compile(r"xmlns(?![^=<>]{0,100}=)")
GPX_POINT: Final = "trkpt"
_BLANKS: Final = b" \t\r\n"
_BOM: Final = b"\xef\xbb\xbf"
_UTF16: Final = (b"\xff\xfe", b"\xfe\xff")
_ENCODING: Final = re.compile(rb"""^<\?xml[^>]*?encoding\s*=\s*["']([\w.-]+)["']""")
_DECLARATION: Final = re.compile(r"^\s*<\?xml[^>]*\?>")
_PREFIX: Final = re.compile(r"(</?)[\w.-]+:(?=[\w.-])")
_ATTRIBUTE: Final = re.compile(r"""\s[\w.-]+:[\w.-]+\s*=\s*("[^"]*"|'[^']*')""")

_DECIMALS: Final = re.compile(r"(?<=\d),(?=\d+$)")
_COMMA: Final = re.compile(r"""(?<=[">'])(\s*[+-]?\d+),(\d+\s*)(?=[<"'])""")
"""A number with a comma before its decimals, as programs of some languages write it."""


class RefusedError(ValueError):
    """Nothing that a second reader may see."""


def text_of(data: bytes) -> str:
    """The document as text without its declaration, wrong bytes replaced.

    Raises:
        RefusedError: it is too large, or not harmless.
    """
    if len(data) > BYTES_MAX:
        raise RefusedError(f"more than {BYTES_MAX:,} bytes")
    if data[:2] in _UTF16:
        text = data.decode("utf-16", "replace")
    else:
        body = data.removeprefix(_BOM).lstrip(_BLANKS)
        named = _ENCODING.match(body)
        try:
            text = body.decode(named[1].decode() if named else "utf-8", "replace")
        except LookupError:
            text = body.decode("utf-8", "replace")
    text = _DECLARATION.sub("", text, count=1)
    if len(_LOOSE_SPACE.findall(text)) > LOOSE_MAX:
        raise RefusedError(f"the word xmlns more than {LOOSE_MAX} times without a value")
    _pass(text)
    return text


def _pass(text: str) -> None:
    depth = 0

    def refuse(*_: object) -> None:
        raise RefusedError("a document type or an entity")

    def down(*_: object) -> None:
        nonlocal depth
        depth += 1
        if depth > DEPTH_MAX:
            raise RefusedError(f"elements more than {DEPTH_MAX} deep")

    def up(*_: object) -> None:
        nonlocal depth
        depth -= 1

    gate = expat.ParserCreate(encoding="utf-8")
    gate.StartDoctypeDeclHandler = gate.EntityDeclHandler = refuse
    gate.StartElementHandler, gate.EndElementHandler = down, up
    try:
        gate.Parse(text.encode("utf-8", "replace"), True)
    except expat.ExpatError:
        if "<!DOCTYPE" in text or "<!ENTITY" in text:
            raise RefusedError("a document type or an entity") from None


def helped(text: str, point: str) -> Iterator[tuple[str, str, bool]]:
    """Ways to help a reader that refuses a document: what is done in words, the document then, whether it goes on.

    Args:
        text: the document.
        point: name of the element that is one sample.
    """
    yield "", text, False
    plain = _ATTRIBUTE.sub("", _PREFIX.sub(r"\1", text))
    yield "read without its prefixes, one of which is declared nowhere", plain, False
    if (dotted := _COMMA.sub(r"\1.\2", plain)) != plain:
        plain = dotted
        yield "read with points where its decimals have commas", plain, False
    whole = _without_bad(plain) if point == GPX_POINT else plain
    if whole != plain:
        yield "read without points that have no place, and without values that are none", whole, False
    fault = _fault(whole)
    behind = fault is not None and re.search(rf"<(?:[\w.-]+:)?{point}\b", whole[fault:]) is not None
    cut = closed(whole[:fault], point)
    yield "the other reader drops the damaged file: read up to its last whole point before the damage", cut, behind


def _fault(text: str) -> int | None:
    """Where the document stops being well-formed, None where it is (characters)."""
    gate, data = expat.ParserCreate(encoding="utf-8"), text.encode("utf-8", "replace")
    try:
        gate.Parse(data, True)
    except expat.ExpatError:
        return len(data[: gate.ErrorByteIndex].decode("utf-8", "replace"))
    return None


def _without_bad(text: str) -> str:
    """The document without points that lack a place, and without numbers and times that are none."""
    text = re.sub(r"<trkpt\b[^<>]*?/>|<trkpt\b(?:(?!<trkpt\b).)*?</trkpt>", _placed, text, flags=re.DOTALL)
    text = re.sub(r"<(ele|speed)>([^<]*)</\1>", lambda m: m[0] if number(m[2]) is not None else "", text)
    return re.sub(r"<time>([^<]*)</time>", lambda m: m[0] if moment(m[1]) else "", text)


def _placed(found: re.Match[str]) -> str:
    tag = found[0].partition(">")[0]
    said = {name: number(value) for name, _, value in re.findall(r"""\b(lat|lon)\s*=\s*(["'])(.*?)\2""", tag)}
    return found[0] if {"lat", "lon"} <= said.keys() and None not in said.values() else ""


def closed(text: str, point: str) -> str:
    """A cut document up to its last whole point, with what is open there closed."""
    end = text.rfind(f"</{point}>")
    if end < 0:
        return text
    kept = text[: end + len(point) + 3]
    open_elements: list[str] = []
    for found in re.finditer(r"<(/?)([A-Za-z_][\w.-]*)(?:\s[^<>]*?)?(/?)>", kept):
        if found[1]:
            if open_elements and open_elements[-1] == found[2]:
                open_elements.pop()
        elif not found[3]:
            open_elements.append(found[2])
    return kept + "".join(f"</{name}>" for name in reversed(open_elements))


def moment(text: str | None) -> datetime | None:
    """An ISO instant as written, None for anything else."""
    try:
        return datetime.fromisoformat((text or "").strip())
    except ValueError:
        return None


def in_utc(when: datetime) -> datetime:
    """Aware UTC; a time without a zone is taken as UTC."""
    return when.replace(tzinfo=UTC) if when.tzinfo is None else when.astimezone(UTC)


def number(text: object) -> float | None:
    """A number as written, be it with a decimal comma; None for anything else."""
    try:
        value = float(_DECIMALS.sub(".", str(text).strip()))
    except ValueError:
        return None
    return value if abs(value) < float("inf") else None
