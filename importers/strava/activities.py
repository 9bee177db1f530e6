"""What a Strava account export says beside its files: a row for each activity (activities.csv), and the shoes.

Bytes in, an ``Account`` out; no file is opened and nothing is raised. A row that cannot be read costs only itself, and
is named with its line.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable
from datetime import datetime
from operator import itemgetter
from typing import Final

from importers.account import Account, AccountRow, Gear
from importers.problems import Problem
from importers.strava.columns import Columns, find_columns, plain
from importers.strava.dates import read_dates
from importers.strava.rows import Cells, Rows
from importers.table import Table, number, read_table, seconds

_SHOE: Final = ("shoe name", "shoe brand", "shoe model")
"""First columns of shoes.csv, in English."""
_ABSENT: Final = -1
"""Place of an empty cell that is put behind each row, for columns that the table does not have."""
_DESCRIPTION: Final = 4
"""Place of the description, in which a comma may stand that nobody put in quotes."""
_TIMES_APART_S: Final = 1.0
"""The two elapsed times of a row agree to the second."""


def looks_like_activities(head: bytes) -> bool:
    """Whether a file is an activities.csv, of any version and language, from its first bytes (its header and a row)."""
    table = read_table(head, "")
    columns = find_columns(table.header)
    if columns is None:
        return False
    row = next((cells for _, cells in table.rows), [])
    return columns.sure or (
        len(row) > max(columns.id, columns.date)
        and row[columns.id].strip().isdecimal()
        and read_dates([row[columns.date]]).values[0] is not None
        and _times(row, columns)
    )


def _times(row: list[str], columns: Columns) -> bool:
    """Whether the cells of time and distance have numbers, as far as the row goes."""
    cells = [row[i] for i in (columns.elapsed, columns.distance) if i is not None and i < len(row)]
    return all(not cell.strip() or seconds(cell) is not None for cell in cells)


def read_shoes(data: bytes) -> tuple[Gear, ...]:
    """The pairs of shoes of a shoes.csv: nickname, or brand and model where there is none. No pair stands twice."""
    return tuple(Gear(name=name) for name in dict.fromkeys(_shoe_names(data).values()))


def _shoe_names(data: bytes) -> dict[str, str]:
    """What a row of activities.csv may call a pair -> its name. The header is in any language: places count."""
    table = read_table(data, "shoes.csv")
    names: dict[str, str] = {}
    models: dict[str, set[str]] = {}
    rows = [[" ".join(cell.split()) for cell in (*cells, "", "")][:3] for _, cells in table.rows]
    at = _shoe_columns(table.header)
    for cells in rows:
        nickname, *model = (cells[i] for i in at)
        whole = " ".join(part for part in model if part)
        name = nickname or whole
        if name:
            names[name] = name
            models.setdefault(whole, set()).add(name)
    for whole, owners in models.items():
        if whole and len(owners) == 1:
            names.setdefault(whole, next(iter(owners)))
    return names


def _shoe_columns(header: list[str]) -> tuple[int, int, int]:
    words = [plain(cell) for cell in header[:3]]
    return tuple(words.index(w) for w in _SHOE) if set(words) == set(_SHOE) else (0, 1, 2)  # type: ignore[return-value]


def read_activities(data: bytes, *, source: str = "activities.csv", shoes: bytes | None = None) -> Account:
    """All activities of an activities.csv, in the order of the file.

    Args:
        data: The file.
        source: Its name, for problems and the rows' own ``source``.
        shoes: The shoes.csv of the same export. A pair that it does not list keeps the name that the row gives it.

    Returns:
        The rows (each activity once), the shoes, and what is wrong: ``not_activities`` (another table),
        ``unreadable_row``, ``short_row``, ``long_row``, ``bad_number``, ``bad_id``, ``duplicate_id``,
        ``no_time_of_day``, ``too_fast``, ``unknown_type`` by row, ``date_order``, ``distance_unit``, ``encoding`` for
        the table as a whole.
    """
    table = read_table(data, source)
    columns = find_columns(table.header)
    names = _shoe_names(shoes) if shoes is not None else {}
    listed = list(dict.fromkeys(names.values()))
    cells = deque(_cells(table, columns, source)) if columns else deque()
    dates = read_dates([row.date for row in cells], [row.id for row in cells])
    if columns is None or not (columns.sure or _any_fits(cells, dates.values)):
        detail = f"its {len(table.header)} columns are not those of activities"
        problem = Problem(source=source, code="not_activities", detail=detail)
        return Account(gear=tuple(Gear(name=n) for n in listed), problems=(*table.problems, problem))
    reader = Rows(source, columns, cells, table.resaved)
    rows: list[AccountRow] = []
    for at, start in enumerate(dates.values):
        row = reader.read(cells.popleft(), start, at in dates.day_only, names)
        if row is not None:
            rows.append(row)
    worn = dict.fromkeys(row.gear for row in rows if row.gear)
    notes = [Problem(source=source, code="date_order", detail=note) for note in dates.notes]
    for kind, count in reader.unknown_types.items():
        detail = f"{count:,} activities are of the type {kind[:40]!r}, which no table of ours has: not taken for runs"
        notes.append(Problem(source=source, code="unknown_type", detail=detail))
    return Account(
        rows=tuple(rows),
        gear=tuple(Gear(name=name) for name in dict.fromkeys([*listed, *worn])),
        problems=(*table.problems, *notes, *reader.problems),
    )


def _any_fits(cells: Iterable[Cells], starts: Iterable[datetime | None]) -> bool:
    """Whether a row has the number of an activity and a date."""
    return any(start is not None and row.id.strip().isdecimal() for row, start in zip(cells, starts, strict=True))


def _cells(table: Table, columns: Columns, source: str) -> list[Cells]:
    """The wanted cells of each row that has as many as the header, or can be made to."""
    width = len(table.header)
    places = [getattr(columns, name) for name in Cells._fields[1:]]
    pick = itemgetter(*(_ABSENT if place is None else place for place in places))
    found: list[Cells] = []
    long: list[tuple[int, int, list[str]]] = []
    needed = max(columns.id, columns.date, columns.kind) + 1
    core = max(i for i in (columns.elapsed, columns.distance, columns.metres, needed) if i is not None) + 1
    for line, row in table.rows:
        if len(row) > width:
            long.append((len(found), line, row))
            continue
        if len(row) < core:
            detail = f"it has {len(row)} cells and the header {width}"
            if len(row) < needed:
                _say(table, source, line, "unreadable_row", detail)
                continue
            _say(table, source, line, "short_row", f"{detail}: what is missing is not known")
        row.extend([""] * (width - len(row) + 1))
        if row[0] != table.header[0] or row[1] != table.header[1]:
            found.append(Cells(line, *pick(row)))
    kinds = {row.kind for row in found}
    for at, line, row in reversed(long):
        mended = _mended(row, width, columns, kinds)
        if mended is None:
            _say(table, source, line, "unreadable_row", f"it has {len(row)} cells and the header {width}")
            continue
        if mended != row[:width]:
            _say(table, source, line, "long_row", f"it has {len(row)} cells and the header {width}: a comma within one")
        found.insert(at, Cells(line, *pick([*mended, ""])))
    return found


def _mended(row: list[str], width: int, columns: Columns, kinds: set[str]) -> list[str] | None:
    """The row without the empty cells behind it, or with one cell put together again in which a comma stood.

    None where no way fits: the type must be one of the table, and the numbers stand where they should.
    """
    extra = len(row) - width
    tries = [row[:width]] if not any(row[width:]) else []
    tries += [
        [*row[:at], ",".join(row[at : at + extra + 1]), *row[at + extra + 1 :]]
        for at in (columns.name, _DESCRIPTION, columns.distance)
        if at is not None
    ]
    fitting = [tried for tried in tries if (not kinds or tried[columns.kind] in kinds) and _adds_up(tried, columns)]
    return fitting[0] if fitting else None


def _adds_up(row: list[str], columns: Columns) -> bool:
    """Whether the numbers stand where they should: elapsed time twice the same, or time and distance at least."""
    first = seconds(row[columns.elapsed]) if columns.elapsed is not None else None
    block = [row[i] for i in (columns.elapsed_again, columns.moving, columns.metres) if i is not None]
    if columns.elapsed_again is not None and any(block):
        again = seconds(row[columns.elapsed_again])
        return first is not None and again is not None and abs(first - again) <= _TIMES_APART_S
    return first is not None and columns.distance is not None and number(row[columns.distance]) is not None


def _say(table: Table, source: str, line: int, code: str, detail: str) -> None:
    table.problems.append(Problem(source=f"{source}:{line}", code=code, detail=detail))
