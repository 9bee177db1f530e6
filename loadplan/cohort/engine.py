"""Everybody of a cohort read: here, by processes of this machine, or by a Dask cluster. The parts are the same.

    people --> tasks (who is not in the folder yet) --> work here | processes | cluster --> parts in the folder

Nothing but the folder holds what was read, so an interrupted call goes on where it stopped.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Final

from importers.workers import PARCEL_WEIGHT, in_order
from loadplan.cohort.marks import size_of
from loadplan.cohort.one import Options, not_read, read_person
from loadplan.cohort.parts import Folder, key_of, packed

if TYPE_CHECKING:
    from importers.workers import Lost
    from loadplan.cohort.people import Person

PATIENCE_S: Final = 3600.0
"""So long one runner may take by the clock. A file has its own, much shorter limit; this is for what hangs for good."""
DIED: Final = ("worker_died", "the process that read it ended without a word, twice")
SILENT: Final = ("too_slow", "reading came to no end and was stopped")


class ClusterLostError(Exception):
    """The cluster ended before the work did. What came until then is kept; the text says so."""


@dataclass(frozen=True, slots=True)
class Task:
    """One runner to be read: who, how the part is called, bytes on disk."""

    person: Person
    key: str
    size: int


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a cohort is: runners whose part is there, of how many; ``again`` were there from an earlier call."""

    done: int
    total: int
    again: int


Tell = Callable[[Progress], None]


def read_cohort(
    people: Sequence[Person],
    options: Options,
    folder: Folder,
    *,
    jobs: int = 1,
    scheduler: str | None = None,
    tell: Tell | None = None,
) -> list[str]:
    """Read everybody whose part is not in the folder yet.

    Args:
        people: Who.
        options: How they are read.
        folder: Where the parts go.
        jobs: Processes on this machine, also for the scheduler ``local``; 1 reads in this one.
        scheduler: None: processes of this machine; ``local``: a Dask cluster that is started here; else the address of
            one. Its workers see the same files under the same paths.
        tell: Called after each runner.

    Returns:
        The key of each one's part, in the order of the people.

    Raises:
        CohortError: the cluster cannot be used.
        ClusterLostError: it ended before the work did. What was read until then is kept.
        OSError: the folder takes no more. Likewise.
    """
    keys = [key_of(person, options) for person in people]
    times = Counter(keys)
    tasks = _tasks(people, keys, folder)
    done = again = len(people) - sum(times[task.key] for task in tasks)
    for key in _read(tasks, options, folder, jobs, scheduler):
        if isinstance(key, OSError):
            raise key
        done += times[key]
        if tell:
            tell(Progress(done, len(people), again))
    folder.prune(times)
    return keys


def _tasks(people: Sequence[Person], keys: Sequence[str], folder: Folder) -> list[Task]:
    """Who is still to be read, each content once, the largest first: none of them is left alone at the end."""
    found = {key: person for person, key in reversed(list(zip(people, keys, strict=True)))}
    tasks = [Task(person, key, size_of(person.path)) for key, person in found.items() if not folder.holds(key)]
    return sorted(tasks, key=lambda task: (-task.size, task.key))


def _read(
    tasks: Sequence[Task], options: Options, folder: Folder, jobs: int, scheduler: str | None
) -> Iterator[str | OSError]:
    """Keys of the parts, as they come into the folder."""
    here = partial(read_and_keep, options=options, folder=folder)
    yield from map(here, [task for task in tasks if task.person.trouble])
    tasks = [task for task in tasks if not task.person.trouble]
    if not tasks:
        return
    if scheduler is not None:
        from loadplan.cohort.cluster import parts_from_cluster

        for key, data in parts_from_cluster(tasks, options, scheduler, jobs):
            folder.keep(key, data)
            yield key
        return
    if jobs == 1:
        yield from map(here, tasks)
        return
    entries = ((task, None) for task in tasks)
    lost = partial(_lost, folder=folder)
    yield from in_order(
        entries, here, jobs=min(jobs, len(tasks)), weight=_weight, lost=lost, patience_s=PATIENCE_S
    )  # fmt: skip


def read_and_keep(task: Task, *, options: Options, folder: Folder) -> str | OSError:
    """Read one runner and keep the part; its key, or why the disk does not take it: the reader's process goes on."""
    try:
        folder.keep(task.key, part_of(task.person, options))
    except OSError as error:
        return error
    return task.key


def part_of(person: Person, options: Options) -> bytes:
    """One runner's part: what every engine computes."""
    return packed(read_person(person, options))


def _weight(task: Task) -> int:
    """A parcel of the processes holds several small runners, or one."""
    return min(max(task.size, 1), PARCEL_WEIGHT)


def _lost(task: Task, why: Lost, *, folder: Folder) -> str | OSError:
    """A runner whose reading ended its process twice."""
    folder.keep(task.key, lost_part(task.person, silent=why == "silent"))
    return task.key


def lost_part(person: Person, *, silent: bool = False) -> bytes:
    """The part of a runner who was given up."""
    return packed(not_read(person, *(SILENT if silent else DIED)))
