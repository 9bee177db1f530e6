"""A page for every athlete of a store, and an index for the coach: who needs attention first, and why.

What draws is read in where it draws: with several processes the first one only hands out the work, and they begin
while it has not read tables and pictures in.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from datetime import date
from importlib import import_module
from multiprocessing import get_context
from pathlib import Path
from typing import TYPE_CHECKING, Final

from loadplan.outbox.safe_file import write_private
from loadplan.report import page_bytes
from loadplan.store import Store
from plans.evidence import Finding, own_limits

if TYPE_CHECKING:
    from loadplan.report.roster import Entry
    from loadplan.units import Units

INDEX: Final = "index.html"


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
    from loadplan.report.roster import index_of

    write_private(folder / INDEX, page_bytes(index_of(entries, as_of, units), "html"), force=force)
    yield folder / INDEX


def _written(tasks: Sequence[Task], jobs: int) -> Iterator[Entry]:
    if jobs <= 1 or len(tasks) <= 1:
        yield from map(_write, tasks)
        return
    with ProcessPoolExecutor(min(jobs, len(tasks)), mp_context=get_context("spawn")) as pool:
        entries = pool.map(_write, tasks)
        import_module("loadplan.report.roster")  # for the index at the end, while the others draw
        yield from entries


def _write(task: Task) -> Entry:
    """One page."""
    from loadplan.report.facts import read_facts
    from loadplan.report.page import page_of
    from loadplan.report.roster import entry_of

    with own_limits(task.limits), Store.open(task.store, create=False, athlete=task.athlete) as opened:
        facts = read_facts(
            opened, task.as_of, units=task.units, week_start=task.week_start, share=task.share
        )  # fmt: skip
        entry = entry_of(facts)
        write_private(task.folder / entry.file, page_bytes(page_of(facts), "html"), force=task.force)
    return entry
