"""A page for every athlete of a store, and an index for the coach: who needs attention first, and why."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from multiprocessing import get_context
from pathlib import Path
from typing import TYPE_CHECKING, Final

from loadplan.outbox.safe_file import write_private
from loadplan.report import page_bytes
from loadplan.report.attention import QUIET_RANK, Reason, attention
from loadplan.report.blocks import Cell, Page, Section, Table, Words
from loadplan.report.facts import Facts, read_facts
from loadplan.report.method import signs
from loadplan.report.page import counted, name_of, page_of
from loadplan.store import Store
from loadplan.units import distance
from plans.evidence import Finding, own_limits
from plans.words import FOOTER

if TYPE_CHECKING:
    from loadplan.units import Units

INDEX: Final = "index.html"
MOST_REASONS: Final = 3
SLUG_COLUMNS: Final = 40


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One athlete in the index; the page itself is on disk by then."""

    name: str
    file: str
    reasons: tuple[Reason, ...]
    last_run: str
    last_week: str
    rank: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """What it takes to write one page, in this process or another."""

    store: Path
    folder: Path
    as_of: date
    athlete: str
    units: Units
    week_start: str
    share: bool
    force: bool
    limits: Mapping[str, Finding]


def write_all(
    store: Path, folder: Path, as_of: date, *, units: Units = "km", week_start: str = "mon", share: bool = False,
    force: bool = False, jobs: int = 1, limits: Mapping[str, Finding] | None = None,
) -> Iterator[Path]:  # fmt: skip
    """Write the pages one after another, then the index; each path as soon as its file is there.

    A process has only one athlete's runs in memory at a time. The pages are the same with any number of processes.

    Args:
        store: The store of all athletes.
        folder: Where the pages go; it exists.
        as_of: The day that counts as today.
        units: km or mi.
        week_start: mon or sun.
        share: Leave out titles, exact times and devices.
        force: Write over pages that are there.
        jobs: Processes.
        limits: Limits of one's own for what was run, as ``own_limits`` takes them.

    Raises:
        FileExistsError: a page is there already and ``force`` is not given.
    """
    with Store.open(store, create=False) as opened:
        names = opened.athletes()
    tasks = [
        Task(
            store=store, folder=folder, as_of=as_of, athlete=name, units=units, week_start=week_start, share=share,
            force=force, limits=dict(limits or {}),
        )
        for name in names
    ]  # fmt: skip
    entries = []
    for entry in _written(tasks, jobs):
        entries.append(entry)
        yield folder / entry.file
    write_private(folder / INDEX, page_bytes(index_of(entries, as_of, units), "html"), force=force)
    yield folder / INDEX


def _written(tasks: Sequence[Task], jobs: int) -> Iterator[Entry]:
    if jobs <= 1 or len(tasks) <= 1:
        yield from map(_write, tasks)
        return
    with ProcessPoolExecutor(min(jobs, len(tasks)), mp_context=get_context("spawn")) as pool:
        yield from pool.map(_write, tasks)


def _write(task: Task) -> Entry:
    """One page."""
    with own_limits(task.limits), Store.open(task.store, create=False, athlete=task.athlete) as opened:
        facts = read_facts(
            opened, task.as_of, units=task.units, week_start=task.week_start, share=task.share
        )  # fmt: skip
        entry = _entry(facts)
        write_private(task.folder / entry.file, page_bytes(page_of(facts), "html"), force=task.force)
    return entry


def file_of(athlete: str) -> str:
    """The name of an athlete's page: plain letters of the name, and a few that make it the only one."""
    plain = re.sub(r"[^a-z0-9]+", "-", athlete.lower()).strip("-")[:SLUG_COLUMNS] or "athlete"
    return f"{plain}-{sha256(athlete.encode(errors='replace')).hexdigest()[:8]}.html"


def _entry(facts: Facts) -> Entry:
    reasons = attention(facts)
    last = facts.last_week
    km = None if last is None else float(last["distance_km"])
    return Entry(
        name=name_of(facts), file=file_of(facts.athlete), reasons=reasons[:MOST_REASONS],
        last_run=str(facts.runs[-1]["day"]) if facts.runs else "-", last_week=distance(km, facts.units),
        rank=reasons[0].rank if reasons else QUIET_RANK,
    )  # fmt: skip


def index_of(entries: list[Entry], as_of: date, units: Units) -> Page:
    """The page that leads to the others, the most pressing first."""
    ordered = sorted(entries, key=lambda one: (one.rank, -len(one.reasons), one.name))
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
    why = " ".join(reason.text for reason in one.reasons) or "Nothing goes beyond a suggested limit."
    level = one.reasons[0].level if one.reasons else ""
    return (Cell(one.name, link=one.file), Cell(why, level), Cell(one.last_run), Cell(one.last_week))
