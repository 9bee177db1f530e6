"""Work done by processes of its own, in order, a bounded amount on its way; one that dies costs only its own item.

    items --> in_order(items, work, jobs=2, ...) --> their results, one after another

Small items travel several in a parcel. Between two items the workers are heard, so that none waits for the next parcel.
A process that is lost (killed, crashed, without an answer for too long) is replaced. What it had in hand is tried once
more, each item alone; the one that takes a second process with it is given up.
"""

from __future__ import annotations

import signal
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from multiprocessing import get_context
from multiprocessing.connection import Connection, wait
from typing import TYPE_CHECKING, Any, Final, Generic, TypeVar

if TYPE_CHECKING:
    from multiprocessing.context import SpawnProcess

Item = TypeVar("Item")
Result = TypeVar("Result")

PARCEL_WEIGHT: Final = 1024 * 1024
PARCEL_ITEMS: Final = 32
"""A parcel goes off when it holds so much. Smaller ones cost more to send, larger ones make workers wait at the end."""
AHEAD_WEIGHT: Final = 2 * PARCEL_WEIGHT
"""So much is made ready while all workers are busy; memory holds that, a parcel a worker, and the one being filled."""
LOOK_S: Final = 1.0
"""How often to look whether a worker that says nothing has been silent for too long."""
GOODBYE_S: Final = 2.0
"""How long a worker that has nothing to do may take to end."""
_READY: Final = "ready"


class Lost(StrEnum):
    """Why an item has no result."""

    DIED = "died"
    """The process died of it, twice."""
    SILENT = "silent"
    """The process gave no answer, twice, and was ended."""


@dataclass(slots=True)
class _Parcel(Generic[Item, Result]):
    """Some items at once: ``results`` has a place for each; ``todo`` says which places are still to be filled."""

    results: list[Result | None] = field(default_factory=list)
    todo: dict[int, Item] = field(default_factory=dict)
    weight: int = 0

    def add(self, item: Item, known: Result | None, weight: int) -> None:
        if known is None:
            self.todo[len(self.results)] = item
            self.weight += weight
        self.results.append(known)

    def is_full(self) -> bool:
        return self.weight >= PARCEL_WEIGHT or len(self.results) >= PARCEL_ITEMS

    def finished(self) -> list[Result]:
        return [result for result in self.results if result is not None]


@dataclass(slots=True)
class _Task(Generic[Item, Result]):
    """Places of one parcel, for one worker; ``alone`` is the second and last try."""

    parcel: _Parcel[Item, Result]
    places: list[int]
    alone: bool = False

    def items(self) -> list[Item]:
        return [self.parcel.todo[place] for place in self.places]

    def fill(self, results: Iterable[Result]) -> None:
        for place, result in zip(self.places, results, strict=True):
            self.parcel.results[place] = result
            del self.parcel.todo[place]


@dataclass(slots=True)
class _Worker(Generic[Item, Result]):
    process: SpawnProcess
    pipe: Connection[Any, Any]
    ready: bool = False
    task: _Task[Item, Result] | None = None
    since: float = field(default_factory=time.monotonic)


def in_order(
    entries: Iterable[tuple[Item, Result | None]],
    work: Callable[[Item], Result],
    *,
    jobs: int,
    weight: Callable[[Item], int],
    lost: Callable[[Item, Lost], Result],
    patience_s: float,
) -> Iterator[Result]:
    """Results in the order of the entries.

    Args:
        entries: items, each with its result where it is known already; read a little ahead of the workers.
        work: what is done with an item; the processes import it by its name. It must not raise.
        jobs: number of processes. Where none can be started, the work is done here.
        weight: bytes that an item takes on its way.
        lost: the result of an item that was given up.
        patience_s: seconds that one item may take by the clock; a limit for what cannot be interrupted.
    """
    crew = _Crew(work, jobs, lost, patience_s)
    waiting: deque[_Parcel[Item, Result]] = deque()
    try:
        for parcel in _parcels(entries, weight, crew):
            waiting.append(parcel)
            crew.take(parcel)
            while waiting and not waiting[0].todo:
                yield from waiting.popleft().finished()
        while waiting:
            while waiting[0].todo:
                crew.turn(LOOK_S)
            yield from waiting.popleft().finished()
        crew.dismiss()
    finally:
        crew.end()


def _parcels(
    entries: Iterable[tuple[Item, Result | None]], weight: Callable[[Item], int], crew: _Crew[Item, Result]
) -> Iterator[_Parcel[Item, Result]]:
    parcel: _Parcel[Item, Result] = _Parcel()
    for item, known in entries:
        parcel.add(item, known, weight(item))
        if parcel.is_full():
            yield parcel
            parcel = _Parcel()
        else:
            crew.turn(0)
    yield parcel


class _Crew(Generic[Item, Result]):
    """The processes, and the tasks that wait for one."""

    def __init__(
        self, work: Callable[[Item], Result], jobs: int, lost: Callable[[Item, Lost], Result], patience_s: float
    ) -> None:
        self._work, self._lost, self._patience_s = work, lost, patience_s
        self._queue: deque[_Task[Item, Result]] = deque()
        self._workers: list[_Worker[Item, Result]] = []
        self._usable = True
        for _ in range(jobs):
            self._hire()

    def take(self, parcel: _Parcel[Item, Result]) -> None:
        """Line a parcel up; while too much waits already, wait for the workers."""
        if parcel.todo:
            self._queue.append(_Task(parcel, list(parcel.todo)))
        self.turn(0)
        while sum(task.parcel.weight for task in self._queue) > AHEAD_WEIGHT:
            self.turn(LOOK_S)

    def turn(self, seconds: float) -> None:
        """Hand out what waits, and hear what the workers say, for so long at most."""
        self._hand_out()
        pipes = {worker.pipe: worker for worker in self._workers if worker.task or not worker.ready}
        for pipe in wait(list(pipes), seconds) if pipes else ():
            self._hear(pipes[pipe])  # type: ignore[index]
        for worker in [w for w in self._workers if self._is_silent(w)]:
            self._lose(worker, Lost.SILENT)
        self._hand_out()

    def dismiss(self) -> None:
        """Nothing more to do: let the workers end by themselves."""
        for worker in self._workers:
            worker.pipe.close()
        for worker in self._workers:
            worker.process.join(GOODBYE_S)

    def end(self) -> None:
        """End every process, now."""
        for worker in self._workers:
            worker.process.kill()
            worker.process.join()
            worker.pipe.close()
        self._workers.clear()

    def _hire(self) -> None:
        ours, theirs = get_context("spawn").Pipe()
        process = get_context("spawn").Process(target=_serve, args=(theirs, self._work), daemon=True)
        try:
            process.start()
        except OSError:  # no more processes, no more memory
            ours.close()
            self._usable = bool(self._workers)
        else:
            self._workers.append(_Worker(process, ours))
        finally:
            theirs.close()

    def _hand_out(self) -> None:
        for worker in list(self._workers):
            if worker.ready and not worker.task and self._queue:
                self._give(worker, self._queue.popleft())
        while self._queue and not self._usable:
            task = self._queue.popleft()
            # What took a worker with it must not take this process with it, too.
            do = self._work if not task.alone else self._give_up
            task.fill([do(item) for item in task.items()])

    def _give_up(self, item: Item) -> Result:
        return self._lost(item, Lost.DIED)

    def _give(self, worker: _Worker[Item, Result], task: _Task[Item, Result]) -> None:
        worker.task, worker.since = task, time.monotonic()
        try:
            worker.pipe.send(task.items())
        except OSError:
            self._lose(worker, Lost.DIED)

    def _hear(self, worker: _Worker[Item, Result]) -> None:
        try:
            said = worker.pipe.recv()
        except (EOFError, OSError):
            self._lose(worker, Lost.DIED)
            return
        if worker.task:
            worker.task.fill(said)
        worker.ready, worker.task = True, None

    def _is_silent(self, worker: _Worker[Item, Result]) -> bool:
        if not worker.task:
            return False
        return time.monotonic() - worker.since > self._patience_s * len(worker.task.places)

    def _lose(self, worker: _Worker[Item, Result], why: Lost) -> None:
        self._workers.remove(worker)
        worker.process.kill()
        worker.process.join()
        worker.pipe.close()
        task = worker.task
        if not worker.ready:  # it never came up: the next one would not either
            self._usable = bool(self._workers)
            return
        if task and task.alone:
            task.fill([self._lost(item, why) for item in task.items()])
        elif task:
            self._queue.extendleft(_Task(task.parcel, [place], alone=True) for place in reversed(task.places))
        self._hire()


def _serve(pipe: Connection[Any, Any], work: Callable[[Any], Any]) -> None:
    """What a worker does: parcels in, results out, until there are no more."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the parent's business
    try:
        pipe.send(_READY)
        while True:
            pipe.send([work(item) for item in pipe.recv()])
    except (EOFError, OSError):
        return
