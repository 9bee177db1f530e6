"""A plan as an iCalendar file (RFC 5545): a whole-day event for each session, the same event after every update.

An event keeps its UID as long as its day and kind stay; each change raises its SEQUENCE, and what an update took out is
cancelled. Everything follows from the versions of the plan, so that the same plan gives the same bytes.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any, Final

from loadplan.outbox.words import details, footer, hold_signs, stop_signs, title
from loadplan.outbox.workout import RUNNING
from loadplan.text import clean

MOST_OCTETS: Final = 75
"""Octets of a line before it is folded (RFC 5545, 3.1)."""
DAY: Final = timedelta(days=1)
UNKNOWN_TO_THE_PLAN: Final = ("id", "original", "as_of")


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """One session in the calendar."""

    uid: str
    day: date
    summary: str
    description: str
    stamp: date
    """The day of the version that changed it last."""
    sequence: int = 0
    cancelled: bool = False


def calendar(versions: Sequence[Mapping[str, Any]]) -> bytes:
    """The plan as a calendar.

    Args:
        versions: The plan as it was made and every update, the oldest first, each as it is kept.
    """
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//loadplan//plan//EN", "CALSCALE:GREGORIAN", "METHOD:PUBLISH"]
    for event in events(versions):
        lines += _event(event)
    lines.append("END:VCALENDAR")
    return "".join(f"{folded(line)}\r\n" for line in lines).encode()


def events(versions: Sequence[Mapping[str, Any]]) -> list[Event]:
    """The events of all versions as they stand after the last, by day."""
    known: dict[str, Event] = {}
    identity = _identity(versions[0])
    for plan in versions:
        now = {event.uid: event for event in _events(plan, identity)}
        for uid, event in now.items():
            known[uid] = _next(known.get(uid), event)
        for uid in known.keys() - now.keys():
            known[uid] = _next(known[uid], replace(known[uid], cancelled=True, stamp=date.fromisoformat(plan["as_of"])))
    return sorted(known.values(), key=lambda event: (event.day, event.uid))


def _next(before: Event | None, now: Event) -> Event:
    if before is None:
        return now
    same = replace(now, sequence=before.sequence, stamp=before.stamp)
    return before if same == before else replace(now, sequence=before.sequence + 1)


def _identity(plan: Mapping[str, Any]) -> str:
    """The same for every version of a plan, and another one for every other plan. Tells nothing about the runner."""
    made = {key: value for key, value in plan.items() if key not in UNKNOWN_TO_THE_PLAN}
    return hashlib.sha256(json.dumps(made, sort_keys=True).encode()).hexdigest()[:20]


def _events(plan: Mapping[str, Any], identity: str) -> Iterator[Event]:
    for week in plan["weeks"]:
        seen: dict[tuple[str, str], int] = {}
        for session in week["sessions"]:
            if session["kind"] == "rest":
                continue
            group = "run" if session["kind"] in RUNNING else session["kind"]
            nth = seen[session["day"], group] = seen.get((session["day"], group), 0) + 1
            yield Event(
                uid=f"{identity}-{session['day']}-{group}-{nth}@loadplan",
                day=date.fromisoformat(session["day"]),
                summary=clean(title(session)),
                description=_description(plan, week, session),
                stamp=date.fromisoformat(plan["as_of"]),
            )


def _description(plan: Mapping[str, Any], week: Mapping[str, Any], session: Mapping[str, Any]) -> str:
    from plans.words import binding_line

    lines = list(details(session))
    if session["kind"] in RUNNING:
        why = binding_line(week["why"], week["bound_by"])
        lines.append(f"Week {week['number']}: {week['distance_km']:.1f} km in all, set by: {clean(why)}")
        lines += [stop_signs(plan), hold_signs(plan)]
    return "\n".join([*lines, *footer(plan)])


def _event(event: Event) -> Iterator[str]:
    yield "BEGIN:VEVENT"
    yield f"UID:{event.uid}"
    yield f"DTSTAMP:{event.stamp:%Y%m%d}T000000Z"
    yield f"SEQUENCE:{event.sequence}"
    yield f"DTSTART;VALUE=DATE:{event.day:%Y%m%d}"
    yield f"DTEND;VALUE=DATE:{event.day + DAY:%Y%m%d}"
    yield f"SUMMARY:{escaped(event.summary)}"
    yield f"DESCRIPTION:{escaped(event.description)}"
    yield f"STATUS:{'CANCELLED' if event.cancelled else 'CONFIRMED'}"
    yield "TRANSP:TRANSPARENT"
    yield "CLASS:PRIVATE"
    yield "END:VEVENT"


def escaped(text: str) -> str:
    """Text as a value: backslash, comma, semicolon and line ends (RFC 5545, 3.3.11)."""
    for letter in ("\\", ";", ","):
        text = text.replace(letter, f"\\{letter}")
    return text.replace("\r\n", "\n").replace("\r", "\n").replace("\n", "\\n")


def folded(line: str) -> str:
    """The line in pieces of at most 75 octets, never within a character."""
    pieces, piece, size = [], "", 0
    for letter in line:
        octets = len(letter.encode())
        if size + octets > MOST_OCTETS:
            pieces.append(piece)
            piece, size = " ", 1
        piece, size = piece + letter, size + octets
    return "\r\n".join([*pieces, piece])
