"""Worker processes that die, hang or never come up; files that take too long."""

from __future__ import annotations

import signal
import threading
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from weakref import WeakSet

import bad_readers
import pytest
from activity_files import START, gpx, gpx_points

from importers import Export, Fate, deadline, export, read_export, workers
from importers.deadline import TooSlowError, cpu_limit

NOW = datetime(2025, 1, 1, tzinfo=UTC)
GOOD = 9
CAN_INTERRUPT = hasattr(signal, "setitimer")
CAN_WATCH = CAN_INTERRUPT and hasattr(time, "pthread_getcpuclockid")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Nine good files and, in their middle, a bad one."""
    for n in range(GOOD):
        data = gpx(gpx_points(range(120), start=START + timedelta(days=n)))
        (tmp_path / f"{n}.gpx").write_bytes(data)
    bad = gpx(gpx_points(range(99), start=START - timedelta(days=1)))
    (tmp_path / "4-bad.gpx").write_bytes(bad.replace(b"<trk>", bad_readers.MARK + b"<trk>"))
    return tmp_path


def read_by(reader: object, folder: Path, monkeypatch: pytest.MonkeyPatch, *, jobs: int = 2) -> Export:
    monkeypatch.setattr(export, "WORTH_WORKERS", 1)
    monkeypatch.setattr(export, "DECODE", reader)
    return read_export(folder, now=NOW, jobs=jobs)


def forever() -> None:
    while True:
        pass


def lost(found: Export) -> list[tuple[str, str | None]]:
    return [(row.source, row.code) for row in found.ledger if row.fate is Fate.REJECTED]


def test_a_file_that_kills_its_worker_costs_only_itself(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    found = read_by(bad_readers.dies, folder, monkeypatch)
    assert lost(found) == [("4-bad.gpx", "worker_died")]
    assert found.counts()["kept"] == GOOD
    assert [row.source for row in found.ledger] == sorted(path.name for path in folder.iterdir())


def test_several_files_that_kill_their_workers_cost_only_themselves(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    bad = (folder / "4-bad.gpx").read_bytes()
    for n in (0, 8):
        (folder / f"{n}-bad.gpx").write_bytes(bad.replace(b"running", b"run %d" % n))
    found = read_by(bad_readers.dies, folder, monkeypatch)
    assert lost(found) == [(f"{n}-bad.gpx", "worker_died") for n in (0, 4, 8)]
    assert found.counts()["kept"] == GOOD


def test_a_worker_that_never_answers_is_ended(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for path in folder.glob("[1-8].gpx"):
        path.unlink()
    monkeypatch.setattr(export, "PATIENCE", 0.5 / export.FILE_SECONDS)
    monkeypatch.setattr(workers, "LOOK_S", 0.1)
    found = read_by(bad_readers.sleeps, folder, monkeypatch)
    assert lost(found) == [("4-bad.gpx", "too_slow")]
    assert found.counts()["kept"] == 1


def test_results_keep_their_order_and_few_items_are_held_at_a_time() -> None:
    held: WeakSet[bad_readers.Load] = WeakSet()
    most = []

    def entries() -> Iterator[tuple[bad_readers.Load, int | None]]:
        for n in range(200):
            load = bad_readers.Load(n)
            held.add(load)
            most.append(len(held))
            yield load, (0 if n % 7 == 0 else None)

    def weight(load: bad_readers.Load) -> int:
        return workers.PARCEL_WEIGHT // 3

    found = workers.in_order(entries(), bad_readers.negated, jobs=2, weight=weight, lost=never, patience_s=99)
    assert list(found) == [0 if n % 7 == 0 else -n for n in range(200)]
    assert max(most) < 30


def never(load: bad_readers.Load, why: workers.Lost) -> int:
    raise AssertionError(f"{load.number} was lost: {why}")


def test_without_workers_everything_is_read_here(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    found = read_by(bad_readers.NeverLoads(), folder, monkeypatch)
    assert lost(found) == []
    assert found.counts()["kept"] == GOOD + 1


@pytest.mark.skipif(not CAN_INTERRUPT, reason="no interval timers here")
@pytest.mark.parametrize("jobs", [1, 2])
def test_a_file_that_computes_too_long_is_rejected_here_and_in_a_worker(
    folder: Path, monkeypatch: pytest.MonkeyPatch, jobs: int
) -> None:
    for path in folder.glob("?.gpx"):
        path.unlink()
    points = gpx(gpx_points(range(60_000))).replace(b"<trk>", bad_readers.MARK + b"<trk>")
    (folder / "4-bad.gpx").write_bytes(points)
    monkeypatch.setattr(export, "FILE_SECONDS", 0.01)
    assert lost(read_by(export.decode, folder, monkeypatch, jobs=jobs)) == [("4-bad.gpx", "too_slow")]


@pytest.mark.skipif(not CAN_INTERRUPT, reason="no interval timers here")
def test_the_limit_leaves_the_timer_as_it_was() -> None:
    with pytest.raises(TooSlowError), cpu_limit(0.01):
        forever()
    assert signal.getitimer(signal.ITIMER_PROF) == (0.0, 0.0)
    assert signal.getsignal(signal.SIGPROF) is signal.SIG_DFL


def in_a_thread(work: Callable[[], object]) -> list[object]:
    """What the work returned, or raised, in a thread of its own."""
    ended: list[object] = []

    def run() -> None:
        try:
            ended.append(work())
        except BaseException as error:
            ended.append(error)

    thread = threading.Thread(target=run)
    thread.start()
    thread.join(60)
    return ended


@pytest.mark.skipif(not CAN_WATCH, reason="threads have no clocks of their own here")
def test_a_file_that_takes_too_long_is_stopped_beside_the_main_thread_too() -> None:
    def slow() -> None:
        with cpu_limit(0.01):
            forever()

    assert isinstance(in_a_thread(slow)[0], TooSlowError)


@pytest.mark.skipif(not CAN_WATCH, reason="threads have no clocks of their own here")
def test_a_thread_that_sleeps_uses_none_of_its_time() -> None:
    def asleep() -> str:
        with cpu_limit(0.5):
            time.sleep(2 * deadline.AGAIN_S)
        return "rested"

    assert in_a_thread(asleep) == ["rested"]


@pytest.mark.skipif(not CAN_WATCH, reason="threads have no clocks of their own here")
def test_after_its_end_the_limit_is_off() -> None:
    def twice() -> str:
        with cpu_limit(0.01):
            pass
        end = time.monotonic() + 2.5 * deadline.AGAIN_S
        while time.monotonic() < end:
            sum(range(1000))
        return "done"

    assert in_a_thread(twice) == ["done"]


def test_a_few_files_are_read_without_workers(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*arguments: object, **named: object) -> None:
        raise AssertionError("a worker was called")

    monkeypatch.setattr(workers, "in_order", refuse)
    assert read_export(folder, now=NOW, jobs=2).counts()["kept"] == GOOD + 1
