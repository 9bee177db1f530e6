"""The list of activities that Garmin's web page exports (``Activities.csv``), in the language of the page.

It names no unit and no zone. Kilometres or miles is decided for the whole list: the median over its runs of steps
(cadence x time, or counted) times the length of a step, against the distance, is 1,000 m for a kilometre and 1,609 m
for a mile; without step lengths, temperatures above 60 degrees are Fahrenheit, and come with miles; else it stays
open, kilometres are taken, and that is said. With miles, climb is in feet. A length that would be faster than any
runner is in metres, as on a track.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import chain, islice
from statistics import median
from typing import Any, Final

from importers.account import Account
from importers.garmin.cells import (
    DAY_FIRST,
    MONTH_FIRST,
    comma_is_decimal,
    is_bare,
    local,
    number,
    order_of_dates,
    seconds,
    tidy,
    whole,
)
from importers.garmin.row import DUPLICATE, ENTRIES_MAX, IMPOSSIBLE, RANGES, SERVICE, TOO_MANY, GarminRow, Noted
from importers.garmin.text import clean, wide
from importers.garmin.words import USUAL, columns_of
from importers.run import RUN_SPORT
from importers.sports import UNKNOWN_SPORT, house_type
from importers.table import Table, read_table

KM_M: Final = 1000.0
MILE_M: Final = 1609.344
FOOT_M: Final = 0.3048
UNIT_SLACK: Final = 0.2
"""Steps tell a unit within this share of it; a mile is 1.6 km, so that no list is near both."""
UNIT_RANGE: Final = (KM_M / 3, MILE_M * 3)
"""Metres by steps outside of these are no unit of the list: a run on the track, in metres, or a mistake."""
CENTIMETRES_FROM: Final = 20.0
"""A step of more than this is in centimetres."""
FAHRENHEIT_ABOVE: Final = 60.0
"""No watch on a wrist is hotter in degrees Celsius."""
RUNNER_M_S: Final = 12.0
"""Nobody runs faster (m/s)."""
SLOWEST_M_S: Final = 0.1
"""Nobody moves slower for a whole activity (m/s)."""
RIDER_M_S: Final = 60.0
"""No other activity is faster (m/s)."""
NO_LIST: Final = "not_a_list"
NO_DATE: Final = "no_start"
CUT: Final = "truncated"
IN_MILES: Final = "miles"
UNITS_OPEN: Final = "units_undecided"
ORDER_OPEN: Final = "date_order_undecided"
UNKNOWN_WORDS: Final = "unknown_language"
SWITCH: Final = re.compile(r"\w{1,12}")
"""Favourite or not, in some language."""
_ENCODINGS: Final = ("utf-8", "cp1252", "cp1250", "cp932", "gb18030", "cp949", "cp1251", "cp1254")
"""What spreadsheets save in; the first in which the header says something is taken."""
_WHOLE: Final = ("ascent", "descent", "cadence", "heart_rate", "steps")
_LENGTHS: Final = ("distance", "stride")
_TIMES: Final = ("time", "elapsed")
UNCLOSED: Final = "unclosed_quote"
MISPLACED: Final = "misplaced_cells"
LOOKED_AT: Final = 5
"""Rows that show where the columns stand when the header says nothing."""
KINDS_KEPT: Final = 256
"""Types whose sport is remembered."""
_SWALLOWED: Final = re.compile(r"[\r\n][^,;\t\r\n]{1,60}[,;\t]\"?\d{4}-\d\d-\d\d[ T]\d\d:")
"""A row within a title."""


@dataclass(frozen=True, slots=True)
class _Line:
    """One row of the list, its cells by column, tidied."""

    source: str
    cells: dict[str, str]
    count: int
    """Cells that it has."""
    short: bool
    """It has fewer than the header: its end is empty, or a quote has swallowed some."""

    def __getitem__(self, column: str) -> str:
        return self.cells.get(column, "")


@dataclass(frozen=True, slots=True)
class _Ways:
    """How a list writes: decided once from all of its rows."""

    comma: bool
    order: str | None
    unit_m: float
    climb_m: float


def looks_like_list(head: bytes) -> bool:
    """Whether a table that begins so is the list, by its header in a known language, else by its first rows."""
    return bool(_open(head, "").columns)


def read_list(data: bytes, *, source: str) -> Account:
    """Every activity of the list, of any sport; never raises.

    ``start`` is the local wall clock (``utc_known`` False); the id is made of start and sport, since the list has
    none. What cannot be read is a problem of ``source:<line>``.
    """
    opened = _open(data, source)
    problems = Noted(source)
    if not opened.columns:
        problems.say(NO_LIST, "its header and its rows are not those of the list")
        return Account(problems=problems.all())
    if not opened.spoken:
        detail = "headers in a language that is not known: only type, date, title, distance and time were read"
        problems.say(UNKNOWN_WORDS, detail)
    rows = _without_cut(list(_lines(opened, problems)), len(opened.header), problems)
    for problem in opened.table.problems:
        problems.append(problem)
    ways = _ways(rows, problems)
    taken = [row for line in rows if (row := _row(line, ways, problems)) is not None]
    return Account(rows=tuple(_with_ids(taken, problems)), problems=problems.all())


@dataclass(frozen=True, slots=True)
class _Opened:
    """A table and where its columns stand; no columns where it is not the list."""

    table: Table
    columns: dict[str, int]
    spoken: bool = False
    """Its headers are in a known language."""
    first: tuple[tuple[int, list[str]], ...] = ()
    """Rows already taken from the table."""

    @property
    def header(self) -> list[str]:
        return self.table.header


def _open(data: bytes, source: str) -> _Opened:
    """The table in the first encoding in which its header says something; else by where its columns stand."""
    tables = [read_table(text, source) for text in _texts(data)]
    for table in tables:
        columns = columns_of(table.header)
        if columns:
            return _Opened(table, columns, spoken=True)
    table = tables[0]
    first = tuple(islice(table.rows, LOOKED_AT))
    return _Opened(table, _usual(table.header, [cells for _, cells in first]), first=first)


def _texts(data: bytes) -> Iterator[bytes]:
    """The table in UTF-8, by each encoding that it may have been saved in; as it is where that shows."""
    if wide(data):
        yield data
        return
    found = False
    for encoding in _ENCODINGS:
        try:
            yield data.decode(encoding).encode()
        except UnicodeDecodeError as error:
            if encoding != _ENCODINGS[0] or error.end < len(data):
                continue
            yield data[: error.start]  # cut inside a letter
        found = True
        if encoding == _ENCODINGS[0]:
            return
    if not found:
        yield data


def _lines(opened: _Opened, problems: Noted) -> Iterator[_Line]:
    """The rows of a list, without empty ones and without headers that stand there again."""
    places = opened.columns
    width = len(opened.header)
    titles = {name: tidy(opened.header[place]) for name, place in places.items()}
    for count, (number_, cells) in enumerate(chain(opened.first, opened.table.rows)):
        if count >= ENTRIES_MAX:
            problems.say(TOO_MANY, f"more than {ENTRIES_MAX:,} rows: the rest was not read")
            return
        cells = _in_place(cells, width, places.get("title"))
        line = _Line(
            f"{problems.source}:{number_}",
            {name: tidy(cells[place]) for name, place in places.items() if place < len(cells)},
            len(cells),
            short=len(cells) < width,
        )
        if line["date"] == titles["date"] or not (line["type"] or line["date"]):
            continue
        if _SWALLOWED.search(line["title"]):
            detail = "a quote in this row is never closed: the rows inside its title were not read"
            problems.say(UNCLOSED, detail, line.source)
        yield line


def _in_place(cells: list[str], width: int, title: int | None) -> list[str]:
    """A row whose title has commas that nobody quoted, with the title in one piece again."""
    while len(cells) > width and not cells[-1]:
        cells = cells[:-1]
    surplus = len(cells) - width
    if surplus <= 0 or title is None:
        return cells
    behind = title + surplus + 1
    return [*cells[:title], ",".join(cells[title:behind]), *cells[behind:]]


def _usual(header: Sequence[str], rows: list[list[str]]) -> dict[str, int]:
    """The usual places of the first columns, where the rows show that they stand there; else none."""
    places = max(USUAL.values())
    shown = [row for row in rows if len(row) > places]
    if not shown or len(header) <= places:
        return {}
    for row in shown:
        cells = {name: tidy(row[place]) for name, place in USUAL.items()}
        length = not cells["distance"] or whole(cells["distance"], comma=False) is not None
        switch = SWITCH.fullmatch(cells["favourite"]) is not None
        if local(cells["date"], None) is None or seconds(cells["time"]) is None or not (length and switch):
            return {}
    return dict(USUAL)


def _without_cut(rows: list[_Line], width: int, problems: Noted) -> list[_Line]:
    """The rows without a last one that ends in the middle: its last number may be cut too."""
    if rows and rows[-1].count < width and all(row.count >= width for row in rows[:-1]):
        detail = f"the file ends in the middle of a row; the {len(rows) - 1:,} whole rows before it were read"
        problems.say(CUT, detail, rows[-1].source)
        return rows[:-1]
    return rows


def _ways(rows: list[_Line], problems: Noted) -> _Ways:
    comma = comma_is_decimal(row[name] for row in rows for name in _LENGTHS)
    degrees = (number(row["warmest"], comma=comma) for row in rows)
    hot = any(known is not None and known > FAHRENHEIT_ABOVE for known in degrees)
    order = _order(rows, problems, hot=hot)
    unit_m = _unit(rows, problems, comma=comma, hot=hot)
    return _Ways(comma, order, unit_m, FOOT_M if unit_m == MILE_M else 1.0)


def _order(rows: list[_Line], problems: Noted, *, hot: bool) -> str | None:
    """Which number of a date is the month, where its way of writing leaves it open."""
    dates = [row["date"] for row in rows]
    order = order_of_dates(dates)
    if order is not None or not any(is_bare(cell) for cell in dates):
        return order
    if hot:
        problems.say(ORDER_OPEN, "day or month first? The month was taken, as the temperatures are in Fahrenheit")
        return MONTH_FIRST
    problems.say(ORDER_OPEN, "day or month first? Nothing in the list tells; the day was taken")
    return DAY_FIRST


def _unit(rows: list[_Line], problems: Noted, *, comma: bool, hot: bool) -> float:
    """Metres of one unit of distance, by the rule at the top of this room."""
    runs = [row for row in rows if _kind(row["type"])[0] == RUN_SPORT]
    all_steps = (_metres_a_unit(row, comma=comma) for row in runs)
    by_steps = [found for found in all_steps if found is not None and UNIT_RANGE[0] < found < UNIT_RANGE[1]]
    near = {unit: abs(math.log(median(by_steps) / unit)) for unit in (KM_M, MILE_M)} if by_steps else {}
    best = min(near, key=lambda unit: near[unit], default=None)
    if best is not None and near[best] <= math.log(1 + UNIT_SLACK):
        if best == MILE_M:
            _miles(problems, f"{median(by_steps):,.0f} m by steps, median of {len(by_steps):,} runs")
        return best
    if hot and not by_steps:
        _miles(problems, "its temperatures are in degrees Fahrenheit")
        return MILE_M
    if any(row["distance"] for row in runs):
        why = f"{median(by_steps):,.0f} m by steps" if by_steps else "no run has a length of step"
        detail = f"kilometres or miles? The list does not tell ({why}); kilometres were taken"
        problems.say(UNITS_OPEN, detail)
    return KM_M


def _miles(problems: Noted, why: str) -> None:
    problems.say(IN_MILES, f"distances are in miles ({why}), climb in feet")


def _metres_a_unit(row: _Line, *, comma: bool) -> float | None:
    """Metres that a run went by its steps, for each unit of its distance; None where a part is not known."""
    distance, stride = number(row["distance"], comma=comma), number(row["stride"], comma=comma)
    cadence, steps = whole(row["cadence"], comma=comma), whole(row["steps"], comma=comma)
    time = seconds(row["time"])
    if cadence and time:
        steps = cadence * time / 60
    if not (distance and stride and steps) or min(distance, stride, steps) <= 0:
        return None
    return steps * (stride / 100 if stride > CENTIMETRES_FROM else stride) / distance


def _row(line: _Line, ways: _Ways, problems: Noted) -> GarminRow | None:
    """One activity, without an id; None, and a problem, where it has no date."""
    start = local(line["date"], ways.order)
    if start is None:
        problems.say(NO_DATE, f"no date: {line['date'][:40]!r}", line.source)
        return None
    sport, surface = _kind(line["type"])
    values: dict[str, Any] = _measures(line, sport, ways, problems)
    for name, value in values.items():
        if value is not None and not RANGES[name].holds(value):
            detail = f"{name} of {value:.6g} {RANGES[name].unit} was left out"
            problems.say(IMPOSSIBLE, detail, line.source)
            values[name] = None
    return GarminRow(
        service=SERVICE,
        activity_id="",
        start=start,
        utc_known=False,
        sport=sport,
        surface=surface,
        title=clean(line["title"]),
        source=line.source,
        **values,
    )


@lru_cache(maxsize=KINDS_KEPT)
def _kind(word: str) -> tuple[str, str | None]:
    return house_type(word) if word else (UNKNOWN_SPORT, None)


def _measures(line: _Line, sport: str, ways: _Ways, problems: Noted) -> dict[str, float | None]:
    """The measures of a row by the names of ``AccountRow``; a cell that cannot be read is a problem."""
    if line.short and line["time"] and seconds(line["time"]) is None:
        problems.say(MISPLACED, "its cells are not in their places: only type, date and title were taken", line.source)
        return {}
    read: dict[str, float | None] = {}
    for names, how in ((_WHOLE, whole), (("distance",), number)):
        for name in names:
            read[name] = how(line[name], comma=ways.comma)
    for name in _TIMES:
        read[name] = seconds(line[name])
    for name, value in read.items():
        if value is None and line[name]:
            detail = f"{name} cannot be read: {line[name][:40]!r}"
            problems.say(IMPOSSIBLE, detail, line.source)
    return {
        "distance_m": _metres(read["distance"], read["time"], sport, line, ways, problems),
        "elapsed_s": read["elapsed"],
        "moving_s": read["time"],
        "ascent_m": None if read["ascent"] is None else read["ascent"] * ways.climb_m,
        "descent_m": None if read["descent"] is None else read["descent"] * ways.climb_m,
        "cadence_spm": read["cadence"] or None,
        "heart_rate_bpm": read["heart_rate"] or None,
        "steps": read["steps"] or None,
    }


def _metres(
    value: float | None, time: float | None, sport: str, line: _Line, ways: _Ways, problems: Noted
) -> float | None:
    """Distance in metres: in the unit of the list, or in metres where that unit would be too fast."""
    if not value or not time:
        return value if value is None else value * ways.unit_m
    fastest = RUNNER_M_S if sport == RUN_SPORT else RIDER_M_S
    if value * ways.unit_m / time <= fastest:
        return value * ways.unit_m
    if SLOWEST_M_S <= value / time <= fastest:
        return value
    detail = f"{line['distance'][:40]} in {line['time']} is too fast in any unit: its distance was left out"
    problems.say(IMPOSSIBLE, detail, line.source)
    return None


def _with_ids(rows: list[GarminRow], problems: Noted) -> Iterator[GarminRow]:
    """Rows with ids of start and sport. A row that says all the same again is left out, and named."""
    seen: dict[str, set[tuple[object, ...]]] = {}
    for row in rows:
        name = f"list-{row.start:%Y%m%dT%H%M%S}-{row.sport}"
        says = (row.title, row.distance_m, row.moving_s, row.elapsed_s)
        others = seen.setdefault(name, set())
        if says in others:
            detail = f"the activity of {row.start:%Y-%m-%d %H:%M:%S} stands here again; the first was kept"
            problems.say(DUPLICATE, detail, row.source)
            continue
        others.add(says)
        yield replace(row, activity_id=name if len(others) == 1 else f"{name}-{len(others)}")
