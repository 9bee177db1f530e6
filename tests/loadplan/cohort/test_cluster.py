"""Partitions of whole runners, and what a worker makes of one; the cluster itself is in ``tests/story``."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pandas as pd
import pytest
from activity_files import zipped
from cohorts import AS_OF, runner_files
from hypothesis import given
from hypothesis import strategies as st

from loadplan.cohort import cluster
from loadplan.cohort.cluster import PARTITION_BYTES, PARTITION_RUNNERS, PARTS, partitions, read_partition
from loadplan.cohort.engine import Task, part_of
from loadplan.cohort.one import Options
from loadplan.cohort.people import Person
from loadplan.store.known import reader_name


def task(number: int, size: int = 1) -> Task:
    return Task(Person(label=f"r{number}", path=Path(f"/r{number}.zip")), f"{number:064}", size)


@given(st.lists(st.integers(0, 2 * PARTITION_BYTES), max_size=400), st.integers(1, 40))
def test_every_runner_is_in_one_partition_in_order(sizes: list[int], workers: int) -> None:
    tasks = [task(number, size) for number, size in enumerate(sizes)]
    found = partitions(tasks, workers)
    assert [one for part in found for one in part] == tasks
    for part in found:
        assert 0 < len(part) <= PARTITION_RUNNERS
        assert len(part) == 1 or sum(one.size for one in part) <= PARTITION_BYTES


def test_a_few_runners_are_a_partition_each_so_that_every_worker_has_some() -> None:
    assert [len(part) for part in partitions([task(n, 100) for n in range(8)], 8)] == [1] * 8


def test_many_small_runners_travel_together() -> None:
    assert max(len(part) for part in partitions([task(n) for n in range(10_000)], 2)) == PARTITION_RUNNERS


def test_a_worker_makes_the_parts_that_this_machine_makes(tmp_path: Path) -> None:
    tasks = []
    for number in range(2):
        path = tmp_path / f"{number}.zip"
        path.write_bytes(zipped(runner_files(number, 12)))
        tasks.append(Task(Person(label=f"r{number}", path=path, tz="Europe/Vienna"), f"key{number}", 1))
    options = Options(as_of=date.fromisoformat(AS_OF))
    found = read_partition(cluster._people(tasks), options)
    assert found["part"].tolist() == [part_of(one.person, options) for one in tasks]
    assert found["key"].tolist() == ["key0", "key1"]
    assert set(found["reader"]) == {reader_name()}


def test_what_dask_is_told_beforehand_is_what_comes(tmp_path: Path) -> None:
    (tmp_path / "a.zip").write_bytes(zipped(runner_files(0, 6)))
    one = Task(Person(label="a", path=tmp_path / "a.zip"), "key", 1)
    meta = cluster._frame(dict.fromkeys(PARTS, ()), PARTS)
    found = read_partition(cluster._people([one]), Options(as_of=date.fromisoformat(AS_OF)))
    pd.testing.assert_series_equal(meta.dtypes, found.dtypes)
    pd.testing.assert_series_equal(cluster._people([]).dtypes, cluster._people([one]).dtypes)


def test_the_part_of_another_version_is_refused() -> None:
    other = cluster._frame({"key": ["k"], "reader": ["loadplan 9, reader 99"], "part": [b""]}, PARTS)
    with pytest.raises(cluster.CohortError, match="install the same on both"):
        list(cluster._checked(other))
