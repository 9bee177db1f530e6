"""Shoes of a Garmin account (``<mail>_gear.json``), and which activity was run in which."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any, Final

from importers.account import Account, Gear
from importers.garmin.elements import CUT, MALFORMED, NO_JSON, Broken, Effort, Elements, cut_short, first_value
from importers.garmin.row import Noted, instant
from importers.garmin.text import clean, decode
from importers.problems import Problem

_GEAR: Final = re.compile(r'(?<!\\)"gearDTOs"\s*:\s*\[', re.IGNORECASE)
_LINKS: Final = re.compile(r'(?<!\\)"gearActivityDTOs"\s*:\s*([\[{])', re.IGNORECASE)
_OF_PAIR: Final = re.compile(r'\s*,?\s*"([^"\\]{1,80})"\s*:\s*(?:\[|null|\{\s*\})')
"""The links of one pair, by its number."""
_SHOES: Final = ("shoes", "shoe")
"""What ``gearTypeName`` says of shoes; bicycles and the rest are no shoes."""
_NOBODY: Final = ("other", "unknown", "unknown shoes", "n/a")
"""Makers and models that say nothing."""
NAMELESS: Final = "Shoes without a name"
WEAR_MAX_M: Final = 1e8
"""A limit beyond this is a mistake (m)."""
SEVERAL: Final = "several_shoes"
_DAY: Final = re.compile(r"\d{4}-\d{2}-\d{2}")


@dataclass(frozen=True, slots=True, kw_only=True)
class GearTable:
    """The shoes of an account, and the name of the pair for each activity id."""

    gear: tuple[Gear, ...] = ()
    of_activity: Mapping[str, str] = field(default_factory=dict)
    problems: tuple[Problem, ...] = ()


def looks_like_gear(head: bytes) -> bool:
    """Whether a JSON file that begins so lists gear."""
    text = decode(head).lstrip()
    return text[:1] in ("[", "{") and bool(_GEAR.search(text) or _LINKS.search(text))


def read_gear(data: bytes, *, source: str) -> GearTable:
    """Shoes and links of a gear file; never raises, what is damaged is a problem of ``source``.

    Two pairs of one name become ``name`` and ``name (2)``, the older first: a name stands for one pair.
    """
    text = decode(data)
    problems = Noted(source)
    pairs = _pairs(text, problems)
    names = _names(pairs)
    links = _links(text, problems)
    of_activity: dict[str, str] = {}
    for pair, activity in links:
        if pair in names and of_activity.setdefault(activity, names[pair]) != names[pair]:
            detail = f"activity {activity} has several pairs of shoes; {of_activity[activity]!r} was taken"
            problems.say(SEVERAL, detail)
    if not problems.kept and isinstance(wrong := first_value(text), Broken):
        code = CUT if pairs or links else NO_JSON
        problems.say(code, f"not whole: {wrong.why}")
    return GearTable(gear=tuple(_gear(pairs, names)), of_activity=of_activity, problems=problems.all())


def join_gear(account: Account, table: GearTable) -> Account:
    """The account with the pair of each activity that has none yet, and with the shoes themselves."""
    rows = tuple(
        replace(row, gear=table.of_activity[row.activity_id])
        if row.gear is None and row.activity_id in table.of_activity
        else row
        for row in account.rows
    )
    known = {pair.name for pair in account.gear}
    gear = account.gear + tuple(pair for pair in table.gear if pair.name not in known)
    return Account(rows=rows, gear=gear, problems=account.problems + table.problems)


def _pairs(text: str, problems: Noted) -> dict[str, dict[str, Any]]:
    """Number of each pair of shoes -> what the file says of it, the first where a number stands twice."""
    pairs: dict[str, dict[str, Any]] = {}
    effort, start = Effort.of(text), _GEAR.search(text)
    while start is not None:
        elements = Elements(text, start.end(), "gearPk", effort)
        for n, item in enumerate(elements, 1):
            if not isinstance(item, dict) or _number(item.get("gearPk")) is None:
                why = item.why if isinstance(item, Broken) else "no gear with a number"
                problems.say(MALFORMED, f"gear {n}: {why}")
            elif str(item.get("gearTypeName") or "shoes").strip().casefold() in _SHOES:
                pairs.setdefault(str(_number(item["gearPk"])), item)
        if elements.cut:
            problems.append(cut_short(problems.source, len(pairs), "pairs of shoes"))
        start = None if elements.cut else _GEAR.search(text, elements.at)
    return pairs


def _links(text: str, problems: Noted) -> list[tuple[str, str]]:
    """Number of a pair and id of an activity, for each link, in the order of the file."""
    links: list[tuple[str, str]] = []
    effort, start = Effort.of(text), _LINKS.search(text)
    while start is not None:
        elements = Elements(text, start.end(), "activityId", effort)
        links += _of_one(elements, None, problems) if start.group(1) == "[" else _of_each(elements, problems)
        start = None if elements.cut else _LINKS.search(text, elements.at)
    return links


def _of_each(elements: Elements, problems: Noted) -> Iterator[tuple[str, str]]:
    """The links of each pair of an object ``{"<number>": [links]}``."""
    while not elements.cut and (key := _OF_PAIR.match(elements.text, elements.at)) is not None:
        elements.at = key.end()
        if key.group().endswith("["):
            yield from _of_one(elements, key.group(1), problems)
    if not elements.cut and elements.at >= len(elements.text):
        elements.cut = True
        problems.append(_cut_links(problems.source))


def _of_one(elements: Elements, pair: str | None, problems: Noted) -> Iterator[tuple[str, str]]:
    for n, item in enumerate(elements, 1):
        of = _number(item.get("gearPk")) if isinstance(item, dict) else None
        activity = _number(item.get("activityId")) if isinstance(item, dict) else None
        if (of is None and pair is None) or activity is None:
            problems.say(MALFORMED, f"link {n} of gear {pair}: unreadable")
        else:
            yield str(of if of is not None else pair), str(activity)
    if elements.cut:
        problems.append(_cut_links(problems.source))


def _cut_links(source: str) -> Problem:
    detail = "the file ends among the links of activities to shoes; those before the cut were read"
    return Problem(source=source, code=CUT, detail=detail)


def _names(pairs: Mapping[str, dict[str, Any]]) -> dict[str, str]:
    """Number of each pair -> its name, no two alike; the older pair has the plain name."""
    by_age = sorted(pairs, key=lambda pair: (_day(pairs[pair].get("dateBegin")) or date.max, len(pair), pair))
    seen: Counter[str] = Counter()
    names = {}
    for pair in by_age:
        name = _name(pairs[pair])
        seen[name] += 1
        names[pair] = name if seen[name] == 1 else f"{name} ({seen[name]})"
    return names


def _name(item: Mapping[str, Any]) -> str:
    """Nickname of a pair, else the make and model that were typed in, else those of the list."""
    listed = [clean(item.get(key)) for key in ("gearMakeName", "gearModelName")]
    known = [word for word in listed if word and word.casefold() not in _NOBODY]
    return clean(item.get("displayName")) or clean(item.get("customMakeModel")) or " ".join(known) or NAMELESS


def _gear(pairs: Mapping[str, dict[str, Any]], names: Mapping[str, str]) -> Iterator[Gear]:
    for pair, item in pairs.items():
        limit = item.get("maximumMeters")
        usable = isinstance(limit, (int, float)) and not isinstance(limit, bool) and 0 < limit < WEAR_MAX_M
        yield Gear(
            name=names[pair],
            first_day=_day(item.get("dateBegin")),
            retired=_day(item.get("dateEnd")),
            wear_limit_m=float(limit) if usable and limit is not None else None,
        )


def _number(value: object) -> str | None:
    """A number or name that identifies something, as text."""
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    if isinstance(value, bool) or not isinstance(value, (int, str)):
        return None
    return clean(str(value) if isinstance(value, str) or abs(value) < _ID_BELOW else None)


_ID_BELOW: Final = 10**30
"""Numbers of things are smaller."""


def _day(value: object) -> date | None:
    """A day from ``2016-08-01T00:00:00.0``, from epoch milliseconds, or None."""
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        found = instant(value)
        return found.date() if found else None
    text = _DAY.match(value) if isinstance(value, str) else None
    try:
        return date.fromisoformat(text.group()) if text else None
    except ValueError:
        return None
