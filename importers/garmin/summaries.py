"""Summaries of a Garmin account (``<mail>_0_summarizedActivities.json``), and dumps of its web interface.

Units: an export counts centimetres, milliseconds and strides; a dump metres, seconds and steps. Keys tell which is
which; where they do not, or where the times of a whole file contradict them, the times tell.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import lru_cache
from statistics import median
from typing import Any, Final

from importers.account import Account
from importers.garmin.elements import MALFORMED, NO_JSON, Broken, Effort, Elements, cut_short, first_value
from importers.garmin.gear import looks_like_gear
from importers.garmin.measures import DUMP, EXPORT, Units, measures_of, number_of, units_by_size, units_of
from importers.garmin.row import (
    ENTRIES_MAX,
    EPOCH,
    FIRST_YEAR,
    IMPOSSIBLE,
    RANGES,
    SERVICE,
    TOO_MANY,
    GarminRow,
    Noted,
    instant,
    unique,
)
from importers.garmin.text import clean, decode
from importers.sports import UNKNOWN_SPORT, house_type

NO_START: Final = "no_start"
UNITS: Final = "units_corrected"
OFFSET_STEP_S: Final = 900
"""Clocks differ from UTC by quarters of an hour (s)."""
OFFSET_SLACK_S: Final = 60
"""The two starts of one summary may differ by so much from that (s)."""
OFFSET_MAX_S: Final = 15 * 3600
"""No clock is further from UTC (s)."""
VOTES_MIN: Final = 3
"""So many durations of a file can contradict its keys."""
_WRAPPER: Final = re.compile(r'(?<!\\)"(?:summarizedActivitiesExport|activityList|activities)"\s*:\s*\[')
_BARE: Final = re.compile(r"[\s\[]*\[")
_ID: Final = re.compile(r'(?<!\\)"activityId"\s*:')
_STARTS: Final = re.compile(r'(?<!\\)"(?:beginTimestamp|startTimeGmt|startTimeGMT|startTimeLocal)"\s*:')
_MEASURES: Final = re.compile(r'(?<!\\)"(?:duration|elapsedDuration|distance|sportType|summaryDTO)"\s*:')
_NESTED: Final = ("summaryDTO", "metadataDTO")
"""Objects of a single activity's dump that hold its values."""
_NO_TYPE: Final = "uncategorized"
KINDS_KEPT: Final = 256
"""Types whose sport is remembered."""


@dataclass(slots=True)
class _Reading:
    """One file while it is read."""

    problems: Noted
    rows: list[GarminRow] = field(default_factory=list)
    units: list[Units] = field(default_factory=list)
    durations: list[float] = field(default_factory=list)

    def place(self, entry: int) -> str:
        """Name of an entry of the file."""
        return f"{self.problems.source}:{entry}"

    def say(self, entry: int, code: str, detail: str) -> None:
        """Note a problem of one entry."""
        self.problems.say(code, detail, self.place(entry))


def looks_like_summaries(head: bytes) -> bool:
    """Whether a JSON file that begins so lists activities with their starts and measures."""
    text = decode(head).lstrip()
    if text[:1] not in ("[", "{") or looks_like_gear(head):
        return False
    if '"summarizedActivitiesExport"' in text:
        return True
    return all(pattern.search(text) for pattern in (_ID, _STARTS, _MEASURES))


def read_summaries(data: bytes, *, source: str) -> Account:
    """Every activity that the file lists, of any sport; never raises.

    A bad entry is a problem of ``source:<number>``. ``moving_s`` is the timer's time (``duration``). A parent of a
    multisport activity is marked, and its parts stay; each is a ``GarminRow``.
    """
    text = decode(data)
    reading = _Reading(Noted(source))
    entry = 0
    for elements in _arrays(text):
        before = len(reading.rows)
        for item in elements:
            entry += 1
            if entry > ENTRIES_MAX:
                reading.problems.say(TOO_MANY, f"more than {ENTRIES_MAX:,} entries: the rest was not read")
                return _account(reading)
            _take(item, entry, reading)
        if elements.cut:
            reading.problems.append(cut_short(source, len(reading.rows) - before, "activities"))
    if not entry:
        _take_single(text, reading)
    return _account(reading)


def _account(reading: _Reading) -> Account:
    _check_units(reading)
    rows = unique(_with_parents(reading.rows), reading.problems)
    return Account(rows=tuple(rows), problems=reading.problems.all())


def _arrays(text: str) -> Iterator[Elements]:
    """Each array of activities in a file: those with a known name, else the file itself."""
    effort = Effort.of(text)
    first = _ID.search(text)
    wrapper = _WRAPPER.search(text, 0, first.start() if first else len(text))
    if wrapper is None and first and (start := _BARE.match(text)):
        yield Elements(text, start.end(), "activityId", effort)
    while wrapper is not None:
        elements = Elements(text, wrapper.end(), "activityId", effort)
        yield elements
        wrapper = None if elements.cut else _WRAPPER.search(text, elements.at)


def _take_single(text: str, reading: _Reading) -> None:
    """A file that is no list: one activity, nothing at all, or no JSON."""
    value = first_value(text)
    if isinstance(value, Broken):
        if not reading.problems.kept:
            reading.problems.say(NO_JSON, f"no JSON: {value.why}")
    elif isinstance(value, dict) and "activityId" in value:
        _take(value, 1, reading)
    elif not isinstance(value, (dict, list)):
        reading.problems.say(NO_JSON, "neither a list nor an activity")


def _take(item: Any, entry: int, reading: _Reading) -> None:
    if isinstance(item, dict):
        row = _row(_flat(item), entry, reading)
        if row is not None:
            reading.rows.append(row)
    else:
        why = item.why if isinstance(item, Broken) else "no activity"
        reading.say(entry, MALFORMED, f"entry {entry} cannot be read: {why}")


def _flat(item: dict[str, Any]) -> dict[str, Any]:
    """The entry with the values of its nested objects beside its own."""
    for name in _NESTED:
        inner = item.get(name)
        if isinstance(inner, dict):
            item = {**inner, **item}
    return item


def _row(item: Mapping[str, Any], entry: int, reading: _Reading) -> GarminRow | None:
    """One entry as a row; None, and a problem, where it has no start or no id."""
    start, known = _start(item)
    ident = _ident(item.get("activityId"))
    if start is None or ident is None:
        what = "no start" if start is None else "no id"
        reading.say(entry, NO_START if start is None else MALFORMED, f"entry {entry} (activity {ident}): {what}")
        return None
    units = units_of(item)
    sport, surface = _kind(_type(item))
    values: dict[str, Any] = {
        name: _checked(name, value, entry, reading) for name, value in measures_of(item, units).items()
    }
    reading.units.append(units)
    reading.durations.append(number_of(item.get("duration")) or math.nan)
    return GarminRow(
        service=SERVICE,
        activity_id=ident,
        start=start,
        utc_known=known,
        utc_offset_s=_offset(item, start) if known else None,
        sport=sport,
        surface=surface,
        title=clean(item.get("name")) or clean(item.get("activityName")),
        is_parent=item.get("parent") is True or item.get("isMultiSportParent") is True,
        parent_id=_ident(item.get("parentId")) or _ident(item.get("parentActivityId")),
        child_ids=tuple(_idents(item.get("childIds"))),
        climb_corrected=item.get("elevationCorrected") is True,
        typed_in=item.get("manualActivity") is True,
        source=reading.place(entry),
        **values,
    )


def _checked(name: str, value: float | None, entry: int, reading: _Reading) -> float | None:
    """The value, or None and a problem where it cannot be."""
    if value is None or RANGES[name].holds(value):
        return value
    reading.say(entry, IMPOSSIBLE, f"entry {entry}: {name} of {value:.6g} {RANGES[name].unit} was left out")
    return None


def _check_units(reading: _Reading) -> None:
    """Read the rows of one unit in the other where the times of the whole file say so."""
    for units, other in ((EXPORT, DUMP), (DUMP, EXPORT)):
        mine = [n for n, had in enumerate(reading.units) if had is units]
        known = [reading.durations[n] for n in mine if math.isfinite(reading.durations[n])]
        if len(known) < VOTES_MIN or units_by_size(median(known), None) is not other:
            continue
        for n in mine:
            reading.rows[n] = _rescaled(reading.rows[n], units, other)
        detail = f"its times are those of {other.name}, against its keys: read so"
        reading.problems.say(UNITS, detail)
        return


def _rescaled(row: GarminRow, units: Units, other: Units) -> GarminRow:
    metre, second = units.metre / other.metre, units.second / other.second
    return replace(
        row,
        distance_m=_times(row.distance_m, metre),
        ascent_m=_times(row.ascent_m, metre),
        descent_m=_times(row.descent_m, metre),
        elapsed_s=_times(row.elapsed_s, second),
        moving_s=_times(row.moving_s, second),
    )


def _times(value: float | None, factor: float) -> float | None:
    return None if value is None else value * factor


@lru_cache(maxsize=KINDS_KEPT)
def _kind(word: str | None) -> tuple[str, str | None]:
    """Sport and surface for a type; few types fill an account."""
    return house_type(word) if word else (UNKNOWN_SPORT, None)


def _type(item: Mapping[str, Any]) -> str | None:
    """Word for the activity: its type, else, where it has none, its sport."""
    for name in ("activityType", "activityTypeDTO"):
        word = item.get(name)
        word = word.get("typeKey") if isinstance(word, dict) else word
        if isinstance(word, str) and word and word != _NO_TYPE:
            return word
    sport = item.get("sportType")
    return sport if isinstance(sport, str) else None


def _start(item: Mapping[str, Any]) -> tuple[datetime | None, bool]:
    """Start of an entry, and whether it is UTC: 0 or nonsense in one place is looked for in the next."""
    for name in ("startTimeGmt", "startTimeGMT", "beginTimestamp"):
        found = _moment(item.get(name))
        if found is not None:
            return found, True
    return _moment(item.get("startTimeLocal")), False


def _moment(value: object) -> datetime | None:
    """An instant in milliseconds or ISO 8601 text (UTC where it names no zone)."""
    if isinstance(value, str):
        try:
            found = datetime.fromisoformat(value.strip())
            found = found.replace(tzinfo=UTC) if found.tzinfo is None else found.astimezone(UTC)
        except (ValueError, OverflowError):
            return None
        return instant((found - EPOCH).total_seconds() * EXPORT.second) if found.year >= FIRST_YEAR else None
    number = number_of(value)
    return instant(number) if number and math.isfinite(number) else None


def _offset(item: Mapping[str, Any], start: datetime) -> int | None:
    """Local clock minus UTC (s) in quarters of an hour, None where the summary does not say."""
    local = _moment(item.get("startTimeLocal"))
    if local is None:
        return None
    apart = (local - start).total_seconds()
    rounded = round(apart / OFFSET_STEP_S) * OFFSET_STEP_S
    return rounded if abs(apart - rounded) <= OFFSET_SLACK_S and abs(rounded) <= OFFSET_MAX_S else None


def _ident(value: object) -> str | None:
    """An id as text; ids are whole numbers, in dumps sometimes as text or with a dot."""
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and 0 < value < _ID_BELOW else None
    if isinstance(value, int):
        return str(value) if 0 < value < _ID_BELOW and not isinstance(value, bool) else None
    return clean(value)


_ID_BELOW: Final = 10**30


def _idents(value: object) -> Iterator[str]:
    for item in value if isinstance(value, list) else ():
        ident = _ident(item.get("activityId") if isinstance(item, dict) else item)
        if ident:
            yield ident


def _with_parents(rows: list[GarminRow]) -> list[GarminRow]:
    """Rows with the parent that lists them, and parents that only their parts name."""
    parent_of = {child: row.activity_id for row in rows for child in row.child_ids}
    parents = {row.parent_id for row in rows if row.parent_id} | set(parent_of.values())
    if not parents:
        return rows
    return [
        replace(
            row,
            parent_id=row.parent_id or parent_of.get(row.activity_id),
            is_parent=row.is_parent or row.activity_id in parents,
        )
        for row in rows
    ]
