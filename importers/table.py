"""A table of text (CSV) however it was saved: by a service, by a spreadsheet, with whatever sign between its cells."""

from __future__ import annotations

import csv
import io
import math
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

from importers.markup.text import read_text
from importers.problems import Problem

_SIGNS: Final = ",;\t|"
"""Signs that stand between cells; of the header's, the most frequent one is it."""
_TELLS: Final = re.compile(r"sep=(.)\r?\n?", re.IGNORECASE)
"""First line in which a spreadsheet names the sign."""
_QUOTED: Final = re.compile(r'"[^"]*"')
_LOOK: Final = 4096
"""Bytes that show whether characters are two bytes wide where no mark says so."""
_ZEROS: Final = 0.05
"""They are, when more than this share of the bytes is zero: of commas, digits and Latin letters one half is."""
_ASTRAY: Final = 0.05
"""And no more than this share of those zeros is on the other side."""
_NUMBER: Final = re.compile(r"[-+]?(?:\d+(?:\.\d*)?|\.\d+)(?:e[-+]?\d{1,3})?", re.IGNORECASE)
_CLOCK: Final = re.compile(r"(\d{1,6}):([0-5]?\d)(?::([0-5]?\d(?:\.\d+)?))?")
_BLANKS: Final = dict.fromkeys(map(ord, " \u00a0\u202f\u2009'\u2019"))
_THOUSAND: Final = 3
"""Digits of a group."""


@dataclass(slots=True)
class Table:
    """A table being read, row by row."""

    header: list[str]
    rows: Iterator[tuple[int, list[str]]]
    """Line on which a row begins (1 is the first of the file), and its cells. Empty lines are left out."""
    sign: str
    """What stands between cells."""
    problems: list[Problem] = field(default_factory=list)
    """Grows while the rows are read."""

    @property
    def resaved(self) -> bool:
        """By a spreadsheet that writes other numbers than the service: no service puts semicolons between cells."""
        return self.sign != ","


def text_of(data: bytes) -> tuple[str, str | None]:
    """The text of a table in UTF-8, UTF-16 or UTF-32, with a mark or without, and what was wrong with it.

    Bytes that are no UTF-8 are read as Western European ones. Zero bytes are left out.
    """
    wide = _wide(data)
    if wide:
        text, wrong = data.decode(wide, "replace"), None
    else:
        read = read_text(data)
        text, wrong = read.utf8.decode("utf-8", "replace"), read.wrong
    return text.replace("\0", "") if "\0" in text else text, wrong


def read_table(data: bytes, source: str) -> Table:
    """The header and rows of a table; an empty header where there is none. ``source`` names it in problems."""
    text, wrong = text_of(data)
    table = Table([], iter(()), ",")
    if wrong:
        table.problems.append(Problem(source=source, code="encoding", detail=wrong))
    lines = io.StringIO(text, newline="")
    told = _TELLS.match(text)
    if told:
        lines.readline()
    table.sign = told[1] if told else _sign(text)
    table.rows = _rows(lines, table, source, 1 if told else 0)
    table.header = next((cells for _, cells in table.rows), [])
    return table


def _rows(lines: io.StringIO, table: Table, source: str, skipped: int) -> Iterator[tuple[int, list[str]]]:
    """Rows with their lines. What the csv module refuses (a cell of 128 KB, as of a quote never closed) is named."""
    reader = csv.reader(lines, delimiter=table.sign)
    line = skipped + 1
    while True:
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            detail = f"lines {line} to {skipped + reader.line_num} cannot be read: {error}"
            table.problems.append(Problem(source=f"{source}:{line}", code="unreadable_row", detail=detail))
        else:
            if cells:
                yield line, cells
        line = skipped + reader.line_num + 1


def _wide(data: bytes) -> str | None:
    """Name of the encoding with two bytes a character where no mark names it, None for any other."""
    head = data[:_LOOK]
    upper, lower = head[::2].count(0), head[1::2].count(0)
    if head[:2] in (b"\xff\xfe", b"\xfe\xff") or upper + lower <= _ZEROS * len(head):
        return None
    if min(upper, lower) > _ASTRAY * (upper + lower):
        return None
    return "utf-16-be" if upper > lower else "utf-16-le"


def _sign(text: str) -> str:
    """What stands between the cells of the first line that has any."""
    start = len(text) - len(text.lstrip("\r\n\ufeff"))
    line = _QUOTED.sub("", text[start : text.find("\n", start) if "\n" in text[start:] else None])
    return max(_SIGNS, key=line.count)


def number(text: str, comma: bool | None = None) -> float | None:
    """A number as people and spreadsheets write it, None for what is none (or not finite).

    Args:
        text: The cell.
        comma: Whether a comma stands before the decimals. None: a lone comma before three digits is one of
            thousands, any other one stands before decimals.
    """
    try:
        value = float(text)
    except ValueError:
        return _written(text, comma)
    if "_" in text or not text.isascii():
        return None
    return value if math.isfinite(value) else None


def _written(text: str, comma: bool | None) -> float | None:
    text = text.translate(_BLANKS)
    commas, dots = text.count(","), text.count(".")
    if commas and dots:
        comma = text.rfind(",") > text.rfind(".")
    elif commas > 1:
        comma = False
    elif dots > 1:
        comma = True
    elif commas and comma is None:
        comma = len(text) - text.index(",") - 1 != _THOUSAND
    text = text.replace(".", "").replace(",", ".") if comma and commas else text.replace(",", "")
    if dots > 1:
        text = text.replace(".", "", dots)
    if not _NUMBER.fullmatch(text):
        return None
    value = float(text)
    return value if math.isfinite(value) else None


def seconds(text: str, comma: bool | None = None) -> float | None:
    """A duration in seconds, from a number of them or from hours, minutes and seconds."""
    value = number(text, comma)
    if value is None and (clock := _CLOCK.fullmatch(text.strip())):
        first, middle, last = clock.groups()
        return int(first) * 3600.0 + int(middle) * 60.0 + float(last) if last else int(first) * 60.0 + int(middle)
    return value
