"""A page for every athlete of a store, and an index for the coach: who needs attention first, and why.

What draws is read in where it draws: of several processes the first one hands out the work and reads in nothing of it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from datetime import date
from functools import partial
from multiprocessing import get_context
from pathlib import Path
from typing import TYPE_CHECKING, Final

from loadplan.outbox.safe_file import write_private
from loadplan.report import page_bytes
from loadplan.store import Store
from plans.evidence import Finding, own_limits

if TYPE_CHECKING:
    from loadplan.report.entry import Entry
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
    index = partial(_write_index, folder=folder, as_of=as_of, units=units, force=force)
    if jobs <= 1 or len(tasks) <= 1:
        yield from _paths(folder, map(_write, tasks), index)
        return
    with ProcessPoolExecutor(min(jobs, len(tasks)), mp_context=get_context("spawn")) as pool:
        yield from _paths(folder, pool.map(_write, tasks), lambda entries: pool.submit(index, entries).result())


def _paths(folder: Path, written: Iterable[Entry], index: Callable[[list[Entry]], Path]) -> Iterator[Path]:
    """Each page as it is there, and the index behind them."""
    entries = []
    for entry in written:
        entries.append(entry)
        yield folder / entry.file
    yield index(entries)


def _write_index(entries: list[Entry], *, folder: Path, as_of: date, units: Units, force: bool) -> Path:
    from loadplan.report.roster import index_of

    write_private(folder / INDEX, page_bytes(index_of(entries, as_of, units), "html"), force=force)
    return folder / INDEX


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
