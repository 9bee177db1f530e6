"""Bytes of an XML file to UTF-8, whatever they are written in, and the way back to places in the file."""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass
from typing import Final

_BLANKS: Final = b" \t\r\n\0"
"""What may stand before the declaration; with the zero bytes of UTF-16."""
_MARKS: Final[tuple[tuple[bytes, str], ...]] = (
    (b"\xef\xbb\xbf", "utf-8"),
    (b"\xff\xfe\0\0", "utf-32-le"),
    (b"\0\0\xfe\xff", "utf-32-be"),
    (b"\xff\xfe", "utf-16-le"),
    (b"\xfe\xff", "utf-16-be"),
)
_DECLARED: Final = re.compile(rb"""<\?xml[^>]*?\bencoding\s*=\s*["']([A-Za-z0-9._-]{1,40})["']""")
_PLAIN: Final = re.compile(
    r"utf-8|ascii|iso8859-\d+|cp\d+|koi8-[rut]|mac-\w+|big5(hkscs)?|gbk|gb2312|gb18030|shift_jis\w*|euc_\w+|tis-620"
)
"""Encodings that are like ASCII where XML needs it. Others that Python knows are no text, or slow on purpose."""
_FALLBACK: Final = "loadplan.cp1252"
"""Name of what is done with a byte that is no UTF-8."""
WRONG_MAX: Final = 100_000
"""Bytes that are no UTF-8 and are looked at one by one; with more of them a document is none at all."""
_CUT: Final = "unexpected end of data"


@dataclass(frozen=True, slots=True)
class Text:
    """A document in UTF-8, without its mark and without blanks before it."""

    utf8: bytes
    skipped: int
    """Bytes of the file before the document."""
    encoding: str
    wrong: str | None
    """What is wrong with its encoding, in words."""

    def place(self, at: int) -> int:
        """Byte in the file of a byte of ``utf8``."""
        if self.encoding == "utf-8":
            return self.skipped + at
        return self.skipped + len(self.utf8[:at].decode("utf-8", "ignore").encode(self.encoding, "replace"))


def read_text(data: bytes) -> Text:
    """The document in UTF-8. Bytes that its encoding does not know are read as Western European, and that is said."""
    marked = next(((mark, name) for mark, name in _MARKS if data.startswith(mark)), None)
    mark, encoding = marked or (b"", _unmarked(data))
    if encoding.startswith("utf-8") or not encoding:
        return _narrow(data, len(mark), marked is not None)
    width = 4 if "32" in encoding else 2
    text = data[len(mark) : len(data) - (len(data) - len(mark)) % width].decode(encoding, "replace")
    wrong = f"bytes that are not {encoding} were replaced" if "\ufffd" in text else None
    body = text.lstrip(" \t\r\n\ufeff")
    skipped = len(mark) + len(text[: len(text) - len(body)].encode(encoding))
    return Text(body.encode("utf-8", "replace"), skipped, encoding, wrong)


def _unmarked(data: bytes) -> str:
    """Encoding of wide characters without a mark, "" for one byte each: the zeros beside the first "<" tell."""
    at = data.find(b"<")
    if at < 0 or data[:at].strip(_BLANKS):
        return ""
    before, after = data[max(0, at - 3) : at], data[at + 1 : at + 4]
    if at % 2 == 0 and after[:1] == b"\0":
        return "utf-32-le" if after == b"\0\0\0" else "utf-16-le"
    if at % 2 == 1 and before[-1:] == b"\0":
        return "utf-32-be" if before == b"\0\0\0" else "utf-16-be"
    return ""


def _narrow(data: bytes, skipped: int, marked: bool) -> Text:
    """A document of one byte for each character of markup: UTF-8, or what it declares."""
    body = data[skipped:].lstrip(b" \t\r\n") if skipped or data[:1] != b"<" else data
    skipped = len(data) - len(body)
    body = body.rstrip(b"\0")  # what a crash leaves of a file that was to be longer
    declared = None if marked else _DECLARED.match(body)
    if body.isascii():
        return Text(body, skipped, "utf-8", None)
    name = _known(declared[1].decode()) if declared else "utf-8"
    wrong = f"its encoding {declared[1].decode()!r} is not known: read as UTF-8" if declared and not name else None
    encoding = name or "utf-8"
    try:
        text = body.decode(encoding)
    except UnicodeDecodeError as error:
        if encoding == "utf-8" and error.reason == _CUT and error.end == len(body):  # and the reader says so
            return Text(body[: error.start], skipped, encoding, wrong)
        wrong = f"bytes that are not {encoding} are read as Western European ones"
        if len(body) - len(body.decode("utf-8", "ignore").encode()) > WRONG_MAX:
            return Text(body.decode("cp1252", "replace").encode(), skipped, "cp1252", wrong)
        codecs.register_error(_FALLBACK, _western)
        return Text(body.decode("utf-8", _FALLBACK).encode(), skipped, "utf-8", wrong)
    utf8 = body if encoding == "utf-8" else text.encode("utf-8", "replace")
    return Text(utf8, skipped, encoding, wrong)


def _known(name: str) -> str | None:
    """Python's name of an encoding of text, None for any other. Wide ones are no longer wide here."""
    if name.lower().startswith(("utf-16", "utf16", "ucs-2")):
        return "utf-8"  # written by programs that kept the text in UTF-16 and saved it otherwise
    try:
        found = codecs.lookup(name).name
    except LookupError:
        return None
    return found if _PLAIN.fullmatch(found) else None


def _western(error: UnicodeError) -> tuple[str, int]:
    """One wrong byte of UTF-8 as the character it is in Western Europe."""
    assert isinstance(error, UnicodeDecodeError)
    return error.object[error.start : error.start + 1].decode("cp1252", "replace"), error.start + 1
