"""The coach's index: every athlete in a line, the most pressing first, each with the reason."""

from __future__ import annotations

import re
from datetime import date
from hashlib import sha256
from typing import TYPE_CHECKING, Final

from loadplan.attention import QUIET, order_of
from loadplan.report.attention import attention
from loadplan.report.blocks import Cell, Page, Section, Table, Words
from loadplan.report.entry import Entry
from loadplan.report.method import signs
from loadplan.report.page import counted, name_of
from loadplan.text import shortened
from loadplan.units import distance
from plans.words import FOOTER

if TYPE_CHECKING:
    from loadplan.report.facts import Facts
    from loadplan.units import Units

MOST_REASONS: Final = 3
SLUG_COLUMNS: Final = 40
NAME_COLUMNS: Final = 32
"""A longer name is cut in the index; its own page has more of it."""


def file_of(athlete: str) -> str:
    """The name of an athlete's page: plain letters of the name, and a few that make it the only one."""
    plain = re.sub(r"[^a-z0-9]+", "-", athlete.lower()).strip("-")[:SLUG_COLUMNS] or "athlete"
    return f"{plain}-{sha256(athlete.encode(errors='replace')).hexdigest()[:8]}.html"


def entry_of(facts: Facts) -> Entry:
    """What the index says of one athlete."""
    reasons = attention(facts)
    last = facts.last_week
    km = None if last is None else float(last["distance_km"])
    name = shortened(name_of(facts), NAME_COLUMNS)
    return Entry(
        name=name, file=file_of(facts.athlete), reasons=reasons[:MOST_REASONS],
        last_run=str(facts.runs[-1]["day"]) if facts.runs else "-", last_week=distance(km, facts.units),
        order=order_of(reasons, name),
    )  # fmt: skip


def index_of(entries: list[Entry], as_of: date, units: Units) -> Page:
    """The page that leads to the others, the most pressing first."""
    ordered = sorted(entries, key=lambda one: one.order)
    if not ordered:
        section = Section(title="Athletes", blocks=(Words(text="Nobody is in this store yet."),))
    else:
        head = ("Athlete", "Why", "Last run", f"Last week, {units}")
        table = Table(head=head, rows=tuple(_row(one) for one in ordered), right=frozenset({3}))
        words = "Who to look at first stands first. The order is by the reasons shown; it is no forecast of anything."
        section = Section(title="Athletes", blocks=(table, Words(text=words, small=True)))
    lead = f"As of {as_of:%A}, {as_of}. {counted(len(ordered), 'athlete')}."
    return Page(
        title="Running load: who needs attention", lead=lead, sections=(section,), footer=FOOTER, signs=signs()
    )  # fmt: skip


def _row(one: Entry) -> tuple[Cell, ...]:
    why = " ".join(reason.text for reason in one.reasons) or QUIET
    level = one.reasons[0].level if one.reasons else ""
    return (Cell(one.name, link=one.file), Cell(why, level), Cell(one.last_run), Cell(one.last_week))
