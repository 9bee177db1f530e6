"""The same parts from a Dask cluster: partitions of whole runners, ``map_partitions`` with an explicit meta.

A worker that is lost costs nothing: Dask gives its partitions to another one. A partition that takes several workers
with it is tried again runner by runner, and who ends one even then is given up, as by the processes of one machine.

A cluster started here listens on this machine alone, and speaks only to those who have the key that was made for it.
"""

from __future__ import annotations

import time
from asyncio import CancelledError
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from importlib.util import find_spec
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd

from loadplan.cohort.engine import ClusterLostError, Task, lost_part, part_of
from loadplan.cohort.one import Options
from loadplan.cohort.people import CohortError, Person
from loadplan.store.known import reader_name

if TYPE_CHECKING:
    from distributed import Client


LOCAL: Final = "local"
HERE: Final = "127.0.0.1"
"""Where a cluster started here listens: this machine alone."""
NEEDED: Final = ("dask", "distributed", "pyarrow", "cryptography")
PEOPLE: Final = {"key": "object", "label": "object", "path": "object", "tz": "object", "injuries": "object"}
PARTS: Final = {"key": "object", "reader": "object", "part": "object"}
"""Columns of a partition before and after, for Dask to know before anything is read."""
PARTITION_BYTES: Final = 64 * 1024 * 1024
PARTITION_RUNNERS: Final = 64
PARTITIONS_A_WORKER: Final = 8
"""So many partitions a worker at least, where there are so many runners: none waits long for the last one."""
ANSWER_S: Final = 10.0
"""How long to wait for a scheduler."""
WORKERS_S: Final = 60.0
"""And for its first worker."""
MOMENT_S: Final = 0.01
LOOK_S: Final = 5.0
"""How often to look whether there are workers."""
GONE_S: Final = 300.0
"""How long to wait for workers when all are gone: a batch system may be starting others."""
_PRELOAD: Final = "import signal; signal.signal(signal.SIGINT, signal.SIG_IGN)"
"""What a worker does first: Ctrl-C is the parent's business."""
_SETTINGS: Final = {
    "dataframe.convert-string": False,  # parts are bytes
    "distributed.scheduler.allowed-failures": 1,
    "distributed.scheduler.http.routes": [],  # nothing is told to who asks by HTTP
    "distributed.worker.http.routes": [],
    "distributed.deploy.lost-worker-timeout": "1h",  # a busy machine takes its time to start another one
}


def parts_from_cluster(
    tasks: Sequence[Task], options: Options, scheduler: str, jobs: int
) -> Iterator[tuple[str, bytes]]:
    """Key and bytes of each part, as they come.

    Args:
        tasks: Whom to read.
        options: How.
        scheduler: ``local``, or an address such as ``tcp://10.0.0.5:8786``.
        jobs: Worker processes of a local cluster.

    Raises:
        CohortError: Dask is not installed, nobody answers, or a worker has another version.
        ClusterLostError: the cluster ended before the work did.
    """
    check_installed()
    by_key = {task.key: task for task in tasks}
    with _client(scheduler, jobs) as client:
        workers = len(client.nthreads())
        killed: list[str] = []
        yield from _computed(client, partitions(tasks, workers), options, killed)
        alone = [[by_key[key]] for key in killed]
        given_up: list[str] = []
        yield from _computed(client, alone, options, given_up)
        for key in given_up:
            yield key, lost_part(by_key[key].person)


def check_installed() -> None:
    """A sentence about what to install, where something is absent."""
    absent = [name for name in NEEDED if not _is_installed(name)]
    if absent:
        raise CohortError(
            f"--scheduler needs {', '.join(absent)}: pip install 'loadplan[cluster]'. "
            "Without --scheduler the cores of this machine are used, and need nothing more."
        )


def _is_installed(name: str) -> bool:
    try:
        return find_spec(name) is not None
    except ValueError:  # somebody has hidden it
        return False


def partitions(tasks: Sequence[Task], workers: int) -> list[list[Task]]:
    """Whole runners in partitions, in the order given: each so many runners or bytes, or as many as share the work."""
    share = sum(task.size for task in tasks) / (workers * PARTITIONS_A_WORKER)
    most = min(PARTITION_BYTES, share)
    runners = min(PARTITION_RUNNERS, max(1, len(tasks) // (workers * PARTITIONS_A_WORKER)))
    found: list[list[Task]] = []
    size = 0
    for task in tasks:
        if not found or size + task.size > most or len(found[-1]) >= runners:
            found.append([])
            size = 0
        found[-1].append(task)
        size += task.size
    return found


def read_partition(people: pd.DataFrame, options: Options) -> pd.DataFrame:
    """What a worker does: a partition of runners to a partition of parts."""
    parts = [part_of(_person(row), options) for row in people.to_dict("records")]
    return _frame({"key": list(people["key"]), "reader": [reader_name()] * len(parts), "part": parts}, PARTS)


def _person(row: dict[Any, Any]) -> Person:
    return Person(label=row["label"], path=Path(row["path"]), tz=row["tz"] or None, injuries=row["injuries"])


def _people(tasks: Sequence[Task]) -> pd.DataFrame:
    rows = [
        (task.key, one.label, str(one.path.resolve()), one.tz or "", one.injuries)
        for task in tasks
        for one in [task.person]
    ]
    return _frame(
        dict(zip(PEOPLE, zip(*rows, strict=True), strict=True)) if rows else dict.fromkeys(PEOPLE, ()), PEOPLE
    )


def _frame(values: dict[str, Any], columns: dict[str, str]) -> pd.DataFrame:
    made = {}
    for name in columns:
        made[name] = np.empty(len(values[name]), dtype=object)
        made[name][:] = list(values[name])
    return pd.DataFrame(made, dtype="object")


# ---------------------------------------------------------------- Dask
def _computed(
    client: Client, batches: Sequence[Sequence[Task]], options: Options, killed: list[str]
) -> Iterator[tuple[str, bytes]]:
    """Parts of these partitions; keys of those that took their workers with them go to ``killed``."""
    if not batches:
        return
    from distributed import KilledWorker, as_completed

    futures = dict(zip(_submitted(client, batches, options), batches, strict=True))
    ready, life = as_completed(list(futures)), _Life(client)
    while futures:
        try:
            while not ready.has_ready():
                life.look()
            future = next(ready)
            batch = futures.pop(future)
            parts = _result(future, life)
        except KilledWorker:
            killed += [task.key for task in batch]
        except (Exception, CancelledError) as error:
            raise ClusterLostError(_lost_words(error)) from error
        else:
            yield from _checked(parts)
        future.release()


def _result(future: Any, life: _Life) -> pd.DataFrame:
    """What a partition came to; where the worker that had it is gone, when another one has made it again."""
    while True:
        try:
            parts: pd.DataFrame = future.result(timeout=LOOK_S)
        except TimeoutError:
            life.look()
        else:
            return parts


class _Life:
    """Whether anybody is left to do the work: Dask itself would wait for ever."""

    def __init__(self, client: Client) -> None:
        self._client = client
        self._seen = self._asked = time.monotonic()

    def look(self) -> None:
        """Let a moment pass; NoWorkersError when there has been no worker for minutes."""
        time.sleep(MOMENT_S)
        now = time.monotonic()
        if now - self._asked < LOOK_S:
            return
        self._asked = now
        if self._client.nthreads():
            self._seen = now
        elif now - self._seen > GONE_S:
            raise NoWorkersError


class NoWorkersError(Exception):
    """All workers are gone, and none came."""


def _submitted(client: Client, batches: Sequence[Sequence[Task]], options: Options) -> list[Any]:
    """A future for each partition."""
    import dask
    import dask.dataframe as dd

    with dask.config.set({"dataframe.convert-string": False}):
        people = dd.from_map(_people, list(batches), meta=_people([]))
        parts = people.map_partitions(read_partition, options, meta=_frame(dict.fromkeys(PARTS, ()), PARTS))
        return list(client.compute(parts.to_delayed()))


def _checked(parts: pd.DataFrame) -> Iterator[tuple[str, bytes]]:
    for key, reader, part in parts.itertuples(index=False, name=None):
        if reader != reader_name():
            raise CohortError(f"a worker has {reader}, this machine {reader_name()}: install the same on both")
        yield key, part


def _lost_words(error: BaseException) -> str:
    if isinstance(error, ModuleNotFoundError):
        return f"The workers lack {error.name}: install loadplan there as here. What was read is kept."
    if isinstance(error, NoWorkersError):
        return "All workers of the cluster are gone. What was read is kept: the same command goes on from there."
    return f"The cluster was lost ({type(error).__name__}). What was read is kept: the same command goes on from there."


@contextmanager
def _client(scheduler: str, jobs: int) -> Iterator[Client]:
    """A client of the scheduler, or of a cluster that lives as long as this context."""
    import logging

    import dask
    from distributed import Client

    logging.getLogger("distributed").setLevel(logging.CRITICAL)  # lost workers are told by what becomes of their work
    with ExitStack() as stack:
        if scheduler == LOCAL:
            stack.enter_context(dask.config.set(_SETTINGS))
            scheduler = stack.enter_context(_local_cluster(jobs))
        try:
            client = stack.enter_context(Client(scheduler, timeout=ANSWER_S))
        except (OSError, ValueError, ImportError) as error:  # TimeoutError is an OSError
            raise CohortError(
                f"no scheduler answers at {scheduler} ({type(error).__name__}). Is it tcp://HOST:PORT, and does it "
                "run? `--scheduler local` starts one here."
            ) from error
        try:
            client.wait_for_workers(1, timeout=WORKERS_S)
        except OSError:
            raise CohortError(f"the scheduler at {scheduler} has no workers. Start some, and run this again.") from None
        yield client


@contextmanager
def _local_cluster(jobs: int) -> Iterator[Any]:
    """Scheduler and workers as processes of this machine, a core each, without a dashboard."""
    import logging

    from distributed import LocalCluster
    from distributed.security import Security

    with (
        TemporaryDirectory(prefix="loadplan-") as scratch,
        LocalCluster(
            n_workers=jobs, threads_per_worker=1, processes=True, host=HERE, protocol="tls",
            security=Security.temporary(), dashboard_address=None, worker_dashboard_address=None,
            local_directory=scratch, silence_logs=logging.CRITICAL, preload=[_PRELOAD],
            scheduler_kwargs={"dashboard_address": f"{HERE}:0"},  # any that is free
        ) as cluster,
    ):  # fmt: skip
        yield cluster
