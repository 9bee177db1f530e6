"""A slice of ``make torture``: an import is killed, fails, finds no room or no right to write, and nothing is lost."""

from __future__ import annotations

import sqlite3
from pathlib import Path
from typing import Any

import bad_disks
import pytest
import torture
from torture import Bench, ended, make_bench

pytestmark = pytest.mark.story


@pytest.fixture(scope="module")
def bench(tmp_path_factory: pytest.TempPathFactory) -> Bench:
    """A small archive, and a store that holds something already."""
    return make_bench(tmp_path_factory.mktemp("one") / "bench", count=16)


def test_an_import_that_is_killed_loses_and_changes_nothing(bench: Bench) -> None:
    assert torture.kill_loop(bench, 4, seed=3).wrong == []


def test_killed_with_its_workers_or_without_them_it_loses_nothing_and_leaves_none(tmp_path: Path) -> None:
    many = make_bench(tmp_path / "bench", count=16, jobs=2, earlier=False)
    assert torture.kill_loop(many, 4, seed=4).wrong == []
    assert torture.leftovers(many) == 0


def test_a_statement_that_fails_is_told_in_words_and_the_next_import_is_whole(bench: Bench) -> None:
    count = bad_disks.statements(bench, bench.fresh("counted"))
    tally = bad_disks.fault_sweep(bench, max(1, count // 5), first=max(1, count // 10))
    assert tally.wrong == []
    assert tally.stopped >= 3


def test_a_full_disk_is_told_in_words_and_with_room_the_import_is_whole(bench: Bench) -> None:
    size = (bench.folder / "whole" / "data" / "loadplan.db").stat().st_size
    stopped, wrong = bad_disks.full_disk(bench, size // 3)
    assert wrong == []
    assert stopped


def test_two_imports_at_once_end_as_one_after_the_other(bench: Bench) -> None:
    assert bad_disks.two_at_once(bench, bench.fresh("both"), [str(bench.folder / "other.zip")], 0.05) == []


def test_a_folder_that_may_not_be_written_is_told_in_words(bench: Bench) -> None:
    home = bench.fresh("locked")
    with bad_disks.read_only(home / "data") as prefix:
        if prefix is None:
            pytest.skip("root, and nothing may be mounted")
        before = bad_disks.contents(home)
        status, out, said = ended(home, bench.line, prefix=prefix)
        assert (status, out) == (5, "")
        assert "may not be written" in said
        assert bad_disks.contents(home) == before
        assert torture.asked(home, ledger=False, prefix=prefix) == bench.before[:3], "reading goes on"


@pytest.mark.parametrize("how", ["damaged", "cut", "newer"])
def test_a_store_that_cannot_be_used_is_left_as_it_is(bench: Bench, how: str) -> None:
    home = bench.fresh("broken")
    store = home / "data" / "loadplan.db"
    _spoil(store, how)
    before = bad_disks.contents(home)
    status, out, said = ended(home, bench.line)
    assert (status, out) == (5, "")
    assert "Nothing" in said or "damaged" in said
    assert bad_disks.contents(home)["data/loadplan.db"] == before["data/loadplan.db"]


def _spoil(store: Path, how: str) -> Any:
    data = store.read_bytes()
    if how == "damaged":
        store.write_bytes(data[:4096] + b"\xaa" * (len(data) - 8192) + data[-4096:])
    elif how == "cut":
        store.write_bytes(data[: len(data) // 2])
    else:
        database = sqlite3.connect(store)
        database.execute("PRAGMA user_version = 99")
        database.close()
