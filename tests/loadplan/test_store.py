"""The run log on disk: identity, corrections, removals, privacy, failures in words."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
from dataclasses import fields, replace
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from importers.problems import Fate, LedgerRow, Problem
from importers.run import Run
from importers.witness import Teller, Witness
from loadplan.store import VERSION, Batch, Store, StoreError
from loadplan.store import schema as schema_room

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


def a_run(sha: str | None = "a", **changes: object) -> Run:
    usual = {"start": NOON, "distance_m": 5000.0, "moving_s": 1500.0, "source": f"{sha}.fit", "content_sha256": sha}
    return Run(**{**usual, **changes})  # type: ignore[arg-type]


def told_of(run: Run) -> Witness:
    """A file that says this."""
    offset = run.offset_source == "tz"
    said = replace(run, utc_offset_s=None, offset_source=None) if offset else run
    zone = f"Etc/GMT{-(run.utc_offset_s or 0) // 3600:+d}" if offset else None
    return Witness(
        identity=f"{run.content_sha256}#{run.session}", teller=Teller.FIT, run=said, exports=("x",), zone=zone
    )


def a_batch(*runs: Run, rejected: int = 0) -> Batch:
    rows = [LedgerRow(source=r.source, fate=Fate.KEPT, content_sha256=r.content_sha256, runs=1) for r in runs]
    bad = [LedgerRow(source=f"bad{n}", fate=Fate.REJECTED, code="not_fit", detail="no") for n in range(rejected)]
    problems = [Problem(source=row.source, code="not_fit", detail="no") for row in bad]
    return Batch(tuple(map(told_of, runs)), (*rows, *bad), tuple(problems))


def keep(store: Store, *runs: Run, reader: str = "test 1") -> int:
    return store.add_import(a_batch(*runs), ["x.zip"], reader=reader).counts["new"]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "data" / "loadplan.db"


def test_every_field_of_a_run_has_a_column(path: Path) -> None:
    with Store.open(path) as store:
        keep(store, a_run())
        row = store.runs()[0]
    assert {field.name for field in fields(Run)} <= set(row)


def test_the_same_content_again_is_not_new(path: Path) -> None:
    with Store.open(path) as store:
        assert keep(store, a_run("a"), a_run("b", start=NOON + timedelta(days=1))) == 2
        assert keep(store, a_run("a", source="elsewhere.fit")) == 0
        assert len(store.runs()) == 2


def test_sessions_of_one_file_are_runs_of_their_own(path: Path) -> None:
    with Store.open(path) as store:
        assert keep(store, a_run("a"), a_run("a", session=1, start=NOON + timedelta(hours=2))) == 2


def test_store_and_folder_are_private(path: Path) -> None:
    with Store.open(path) as store:
        keep(store, a_run())
        names = [path, *path.parent.glob("*-wal"), *path.parent.glob("*-shm")]
        assert {p.stat().st_mode & 0o777 for p in names} == {0o600}
    assert path.parent.stat().st_mode & 0o777 == 0o700


def test_reading_a_store_that_is_not_there_makes_nothing(path: Path) -> None:
    with Store.open(path, create=False) as store:
        assert store.runs() == []
        assert store.athletes() == []
    assert not path.exists()


def test_a_dry_run_writes_nothing(path: Path) -> None:
    with Store.open(path, dry_run=True) as store:
        assert keep(store, a_run()) == 1
    assert not path.exists()
    with Store.open(path) as store:
        keep(store, a_run("a"))
    with Store.open(path, dry_run=True) as store:
        assert keep(store, a_run("a"), a_run("b", start=NOON + timedelta(days=1))) == 1
        store.add_run(a_run(None))
    with Store.open(path) as store:
        assert len(store.runs()) == 1


def test_athletes_do_not_see_each_other(path: Path) -> None:
    with Store.open(path, athlete="ann") as store:
        keep(store, a_run())
    with Store.open(path, athlete="bob") as store:
        assert store.runs() == []
        assert keep(store, a_run()) == 1
        assert store.athletes() == ["ann", "bob"]


def test_ids_are_start_in_utc_and_sport_with_a_number_for_a_second(path: Path) -> None:
    berlin = NOON.astimezone(UTC)
    with Store.open(path) as store:
        sessions = a_run("a"), a_run("a", session=1)
        keep(store, a_run("b", start=berlin, utc_offset_s=3600, sport="walk"), *sessions, a_run("c", sport="ride"))
        assert [row["id"] for row in store.runs()] == [
            "20260302T120000-ride", "20260302T120000-run", "20260302T120000-run-2", "20260302T120000-walk",
        ]  # fmt: skip
        by_id = {row["id"]: row["session"] for row in store.runs()}
    assert by_id["20260302T120000-run-2"] == 1


@settings(max_examples=25, deadline=None)
@given(order=st.permutations(["a", "b", "c", "d"]), cuts=st.lists(st.integers(0, 4), max_size=3))
def test_the_same_files_in_any_order_give_the_same_log(order: list[str], cuts: list[int]) -> None:
    """However the files are split into imports."""
    later = a_run("c", start=NOON + timedelta(days=1))
    runs = {"a": a_run("a"), "b": a_run("b"), "c": later, "d": a_run("d", sport="ride")}

    def log(pieces: list[list[str]]) -> list[tuple[object, ...]]:
        with Store.open(None) as store:
            for piece in pieces:
                keep(store, *(runs[name] for name in piece))
            return [(r["id"], r["content_sha256"], r["day"], r["source"]) for r in store.runs()]

    edges = [0, *sorted(cuts), len(order)]
    pieces = [order[low:high] for low, high in pairwise(edges)]
    assert log(pieces) == log([["a", "b", "c", "d"]])


def test_corrections_survive_importing_again_with_a_newer_reader(path: Path) -> None:
    with Store.open(path) as store:
        keep(store, a_run("a"))
        run_id = store.runs()[0]["id"]
        store.edit_run(run_id, {"distance_m": 5200.0})
        keep(store, a_run("a", distance_m=5100.0, ascent_m=40.0), reader="test 2")
        row = store.runs()[0]
        assert (row["id"], row["distance_m"], row["ascent_m"], row["reader"]) == (run_id, 5200.0, 40.0, "test 2")
        origin = store.origin(run_id)
    assert origin is not None
    assert [c["field"] for c in origin["corrections"]] == ["distance_m"]


def test_a_corrected_start_moves_the_day_and_keeps_the_id(path: Path) -> None:
    with Store.open(path) as store:
        run_id = store.add_run(a_run(None, utc_offset_s=3600))
        store.edit_run(run_id, {"start": "2026-03-01T23:30:00+00:00"})
        row = store.run(run_id)
    assert row is not None
    assert (row["day"], row["start"]) == ("2026-03-02", "2026-03-02T00:30:00+01:00")


def test_only_known_fields_of_known_runs_can_be_corrected(path: Path) -> None:
    with Store.open(path) as store:
        run_id = store.add_run(a_run(None))
        with pytest.raises(KeyError, match="content_sha256"):
            store.edit_run(run_id, {"content_sha256": "x"})
        with pytest.raises(KeyError, match="nobody"):
            store.edit_run("nobody", {"rpe": 3})


def test_a_removed_run_stays_away_and_its_twin_keeps_its_id(path: Path) -> None:
    twins = a_run("a"), a_run("a", session=1)
    with Store.open(path) as store:
        keep(store, *twins)
        store.remove_run("20260302T120000-run")
        assert keep(store, *twins) == 0
        assert [row["id"] for row in store.runs()] == ["20260302T120000-run-2"]


def test_typed_runs_are_never_taken_for_each_other(path: Path) -> None:
    with Store.open(path) as store:
        assert [store.add_run(a_run(None)) for _ in range(3)] == [
            "20260302T120000-run", "20260302T120000-run-2", "20260302T120000-run-3",
        ]  # fmt: skip


def test_a_better_word_on_local_time_moves_the_run_to_its_day(path: Path) -> None:
    late = a_run("a", start=datetime(2026, 3, 2, 23, 30, tzinfo=UTC))
    with Store.open(path) as store:
        keep(store, late)
        keep(store, replace(late, utc_offset_s=3600, offset_source="tz"))
        assert store.runs()[0]["day"] == "2026-03-03"
        keep(store, replace(late, utc_offset_s=7200, offset_source="file"), reader="test 2")
        keep(store, replace(late, utc_offset_s=0, offset_source="tz"), reader="test 2")
        row = store.runs()[0]
    assert (row["utc_offset_s"], row["offset_source"]) == (7200, "file")


def test_the_pair_is_corrected_then_worn_then_recorded_then_by_rule(path: Path) -> None:
    def pair() -> tuple[str | None, str | None]:
        return next((row["shoe"], row["shoe_source"]) for row in store.runs())

    with Store.open(path) as store:
        keep(store, a_run("a"))
        run_id = store.runs()[0]["id"]
        assert pair() == (None, None)
        store.default_shoe("Rule", date(2026, 3, 1))
        assert pair() == ("Rule", "default")
        keep(store, a_run("a", shoe="Recorded"), reader="test 2")
        assert pair() == ("Recorded", "recorded")
        store.wear(run_id, "Worn")
        assert pair() == ("Worn", "worn")
        store.edit_run(run_id, {"shoe": "Typed"})
        assert pair() == ("Typed", "corrected")
        store.wear(run_id, "Worn")
        assert pair() == ("Worn", "worn")


def test_the_rule_holds_from_its_day_for_running_until_the_pair_retires(path: Path) -> None:
    with Store.open(path) as store:
        days = [NOON + timedelta(days=n) for n in range(4)]
        keep(
            store, *(a_run(str(n), start=day) for n, day in enumerate(days)), a_run("ride", sport="ride", start=days[1])
        )
        store.default_shoe("Old", date(2026, 3, 3))
        store.default_shoe("New", date(2026, 3, 4))
        store.retire_shoe("New", date(2026, 3, 4))
        shown = [(row["sport"], row["shoe"]) for row in store.runs()]
    assert sorted(shown, key=str) == sorted(
        [("run", None), ("run", "Old"), ("ride", None), ("run", "New"), ("run", None)], key=str
    )


def test_the_ledger_has_a_row_for_every_member_and_counts_add_up(path: Path) -> None:
    with Store.open(path) as store:
        batch = a_batch(a_run("a"), a_run("b", sport="ride"), rejected=2)
        result = store.add_import(batch, ["x"], reader="t")
        assert result.counts == {
            "found": 4, "kept": 2, "runs": 1, "other": 1, "not_activities": 0, "duplicates": 0, "salvaged": 0,
            "rejected": 2, "new": 2, "measured_again": 0, "changed": 0, "no_longer_found": 0,
        }  # fmt: skip
        assert [row["fate"] for row in store.ledger(result.key)] == ["kept", "kept", "rejected", "rejected"]
        assert store.imports()[0]["counts"]["new"] == 2


def test_screenings_plans_and_pain_come_back_as_they_were_kept(path: Path) -> None:
    with Store.open(path) as store:
        store.add_screening(date(2026, 3, 1), {"locking": True}, {"stops": True}, reason="seen", clinician="Dr A")
        first = store.add_plan({"profile": "itb", "weeks": []}, date(2026, 3, 2))
        store.add_plan({"profile": "itb", "weeks": [1]}, date(2026, 3, 9), original=first)
        store.add_pain(date(2026, 3, 3), {"during": 2.0})
        kept = store.last_screening(date(2026, 3, 1))
        assert kept is not None
        assert (kept["answers"], kept["clinician"]) == ({"locking": True}, "Dr A")
        assert store.last_screening(date(2026, 2, 28)) is None
        plan = store.plan()
        assert plan is not None
        assert (plan["original"], plan["weeks"], plan["as_of"]) == (first, [1], "2026-03-09")
        assert store.plan(first) == {
            "profile": "itb",
            "weeks": [],
            "id": first,
            "original": first,
            "as_of": "2026-03-02",
        }
        assert store.pain() == [{"during": 2.0, "id": 1, "day": "2026-03-03"}]


def test_hostile_text_is_data(path: Path) -> None:
    name = "x'); DROP TABLE run; --"
    with Store.open(path, athlete=name) as store:
        keep(store, a_run("a", title=name, shoe=name))
        store.wear(store.runs()[0]["id"], name)
    with Store.open(path, athlete=name) as store:
        assert store.runs()[0]["title"] == name


def test_a_backup_is_whole_private_and_opens(path: Path, tmp_path: Path) -> None:
    copy = tmp_path / "copy.db"
    with Store.open(path) as store:
        keep(store, a_run())
        store.backup(copy)
    assert copy.stat().st_mode & 0o777 == 0o600
    with Store.open(copy) as store:
        assert len(store.runs()) == 1


def test_an_older_store_is_backed_up_and_brought_forward(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with Store.open(path) as store:
        keep(store, a_run())
    monkeypatch.setattr("loadplan.store.database.MIGRATIONS", (*schema_room.MIGRATIONS, ("CREATE TABLE later (x) ",)))
    monkeypatch.setattr("loadplan.store.database.VERSION", VERSION + 1)
    with Store.open(path) as store:
        assert len(store.runs()) == 1
    copy = path.with_name(f"{path.name}.version-{VERSION}.bak")
    assert copy.stat().st_mode & 0o777 == 0o600
    monkeypatch.undo()
    with Store.open(copy) as store:
        assert len(store.runs()) == 1
    with pytest.raises(StoreError, match="newer loadplan"):
        Store.open(path)


def test_a_migration_that_fails_leaves_the_store_as_it_was(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with Store.open(path) as store:
        keep(store, a_run())
    broken = (*schema_room.MIGRATIONS, ("CREATE TABLE later (x)", "THIS IS NO SQL"))
    monkeypatch.setattr("loadplan.store.database.MIGRATIONS", broken)
    monkeypatch.setattr("loadplan.store.database.VERSION", VERSION + 1)
    with pytest.raises(sqlite3.OperationalError):
        Store.open(path)
    monkeypatch.undo()
    with Store.open(path) as store:
        assert len(store.runs()) == 1


def test_a_file_that_is_no_store_is_refused_in_words(path: Path, tmp_path: Path) -> None:
    noise = tmp_path / "noise.db"
    noise.write_bytes(b"this is no database at all, but long enough to be looked at" * 40)
    with pytest.raises(StoreError, match="damaged or no store"):
        Store.open(noise)
    foreign = tmp_path / "foreign.db"
    other = sqlite3.connect(foreign)
    other.execute("CREATE TABLE somebodys (x)")
    other.close()
    with pytest.raises(StoreError, match="another program"):
        Store.open(foreign)


def test_a_damaged_page_is_told_in_words(path: Path) -> None:
    with Store.open(path) as store:
        keep(store, *(a_run(str(n), start=NOON + timedelta(days=n)) for n in range(300)))
        store._db.change("PRAGMA wal_checkpoint(TRUNCATE)")
    data = bytearray(path.read_bytes())
    data[4096:] = bytes(len(data) - 4096)
    path.write_bytes(data)
    with pytest.raises(StoreError, match="damaged"), Store.open(path) as store:
        store.runs()


def test_a_locked_store_is_told_in_words(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("loadplan.store.database.BUSY_S", 0.05)
    with Store.open(path) as store:
        keep(store, a_run())
    holder = sqlite3.connect(path, isolation_level=None)
    holder.execute("BEGIN IMMEDIATE")
    try:
        with Store.open(path) as store, pytest.raises(StoreError, match="in use by another program"):
            keep(store, a_run("b"))
    finally:
        holder.close()


def test_a_full_disk_keeps_nothing_of_the_batch(path: Path) -> None:
    with Store.open(path) as store:
        keep(store, a_run("first"))
        store._db.value("PRAGMA max_page_count = 40")
        many = [a_run(str(n), start=NOON + timedelta(days=n), title="x" * 2000) for n in range(300)]
        with pytest.raises(StoreError, match="disk is full"):
            keep(store, *many)
    with Store.open(path) as store:
        assert [row["content_sha256"] for row in store.runs()] == ["first"]
        assert len(store.imports()) == 1


KILLED = """
import os, signal, sys
from pathlib import Path
sys.path.insert(0, sys.argv[2])
from tests_store_helper import a_batch, a_run, NOON, timedelta
from loadplan.store import Store
seen = 0
def each(run, new):
    global seen
    seen += 1
    if seen == 150:
        os.kill(os.getpid(), signal.SIGKILL)
runs = [a_run(str(n), start=NOON + timedelta(days=n)) for n in range(300)]
with Store.open(Path(sys.argv[1])) as store:
    store.add_import(a_batch(*runs), ["x"], reader="t", each=each)
"""


def test_killed_in_the_middle_of_an_import_the_store_is_as_before_and_a_rerun_completes_it(
    path: Path, tmp_path: Path
) -> None:
    with Store.open(path) as store:
        keep(store, a_run("before", start=NOON - timedelta(days=1)))
    helper = tmp_path / "tests_store_helper.py"
    helper.write_text(Path(__file__).read_text(encoding="utf-8").split("KILLED =")[0], encoding="utf-8")
    done = subprocess.run([sys.executable, "-c", KILLED, path, tmp_path], check=False, capture_output=True)
    assert done.returncode == -signal.SIGKILL, done.stderr.decode()
    with Store.open(path) as store:
        assert store.health()["problems"] == []
        assert len(store.runs()) == 1
        runs = [a_run(str(n), start=NOON + timedelta(days=n)) for n in range(300)]
        assert keep(store, *runs) == 300


def test_the_store_needs_neither_numpy_nor_pandas() -> None:
    code = "import sys, loadplan.store; sys.exit(any(m in sys.modules for m in ('numpy', 'pandas', 'typer')))"
    assert subprocess.run([sys.executable, "-c", code], check=False, env={**os.environ}).returncode == 0


def first_version(path: Path) -> None:
    """A store as the first loadplan left it, with one run."""
    path.parent.mkdir()
    first = sqlite3.connect(path)
    for statement in schema_room.MIGRATIONS[0]:
        first.execute(statement)
    first.execute("INSERT INTO athlete VALUES (1, 'me')")
    first.execute(
        """INSERT INTO run (athlete, base_id, start, day, sport, distance_m, source, content_sha256, session, salvaged,
            reader) VALUES (1, '20260302T120000-run', ?, '2026-03-02', 'run', 4000, 'a.fit', 'a', 0, 0, 'test 1')""",
        (NOON.isoformat(),),
    )
    first.execute(f"PRAGMA application_id = {schema_room.APPLICATION_ID}")
    first.execute("PRAGMA user_version = 1")
    first.commit()
    first.close()


def test_a_store_of_the_first_version_keeps_its_runs_and_is_checked_at_the_next_import(path: Path) -> None:
    first_version(path)
    with Store.open(path) as store:
        row = store.runs()[0]
        assert (row["climb_quality"], row["flags"]) == (None, None)
        assert keep(store, a_run("a", climb_quality="low", flags=("gaps", "speed")), reader="test 2") == 0
        row = store.runs()[0]
        assert (row["id"], row["distance_m"]) == ("20260302T120000-run", 5000.0)
        assert (row["climb_quality"], row["flags"]) == ("low", ("gaps", "speed"))
    assert path.with_name(f"{path.name}.version-1.bak").exists()


def test_a_dry_run_leaves_an_older_store_as_it_is(path: Path) -> None:
    first_version(path)
    before = path.read_bytes()
    with Store.open(path, dry_run=True) as store:
        assert keep(store, a_run("b", start=NOON + timedelta(days=1), flags=("gaps",))) == 1
        assert [row["flags"] for row in store.runs()] == [None]
    assert path.read_bytes() == before
    assert list(path.parent.iterdir()) == [path]


def test_an_older_store_that_may_not_be_written_is_read_as_it_is(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first_version(path)
    before = path.read_bytes()
    monkeypatch.setattr("loadplan.store.database._is_writable", lambda path: False)
    with Store.open(path, create=False) as store:
        assert [row["flags"] for row in store.runs()] == [None]
        with pytest.raises(StoreError, match="may not be written"):
            store.remove_run(ids(store)[0])
        with pytest.raises(StoreError, match="may not be written"):
            keep(store, a_run("b"))
    assert path.read_bytes() == before
    assert list(path.parent.iterdir()) == [path]


def test_a_run_that_adds_up_has_no_flags(path: Path) -> None:
    with Store.open(path) as store:
        keep(store, a_run())
        assert store.runs()[0]["flags"] == ()


def ids(store: Store) -> list[str]:
    return [row["id"] for row in store.runs()]


def test_a_file_that_an_older_reader_rejected_is_kept_by_a_newer_one(path: Path) -> None:
    with Store.open(path) as store:
        lost = LedgerRow(source="a.fit", fate=Fate.REJECTED, code="malformed", content_sha256="a")
        store.add_import(Batch(ledger=(lost,)), ["x.zip"], reader="test 1")
        assert keep(store, a_run("a"), reader="test 2") == 1
        assert len(store.runs()) == 1


def test_a_newer_reader_that_finds_an_earlier_session_leaves_the_others_their_ids_and_corrections(path: Path) -> None:
    evening = NOON + timedelta(hours=6)
    with Store.open(path) as store:
        keep(store, a_run("a"), a_run("a", session=1, start=evening))
        noon_id, evening_id = ids(store)
        store.edit_run(noon_id, {"distance_m": 5100.0})
        store.wear(evening_id, "old pair")
        again = (
            a_run("a", start=NOON - timedelta(hours=4)),
            a_run("a", session=1, distance_m=5050.0),
            a_run("a", session=2, start=evening + timedelta(seconds=1)),
        )
        assert keep(store, *again, reader="test 2") == 1
        assert ids(store)[1:] == [noon_id, evening_id]
        rows = {row["id"]: row for row in store.runs()}
        assert rows[noon_id]["distance_m"] == 5100.0
        assert rows[evening_id]["shoe"] == "old pair"
        before = store.runs()
        assert keep(store, *again, reader="test 2") == 0
        assert store.runs() == before


def test_a_run_whose_start_was_wrong_keeps_its_id_and_moves_to_its_day(path: Path) -> None:
    with Store.open(path) as store:
        keep(store, a_run("a"))
        run_id = ids(store)[0]
        store.edit_run(run_id, {"title": "Along the river"})
        right = a_run("a", start=NOON - timedelta(days=30), utc_offset_s=-12 * 3600, offset_source="file")
        assert keep(store, right, reader="test 2") == 0
        row = store.runs()[0]
        assert (row["id"], row["title"], row["day"]) == (run_id, "Along the river", "2026-01-31")


def test_what_a_newer_reader_no_longer_finds_in_a_file_leaves_the_log_and_may_come_back(path: Path) -> None:
    both = (a_run("a"), a_run("a", session=1, start=NOON + timedelta(hours=2)))
    with Store.open(path) as store:
        keep(store, *both)
        first = store.runs()
        store.edit_run(first[1]["id"], {"rpe": 4})
        assert keep(store, both[0], reader="test 2") == 0
        assert ids(store) == [first[0]["id"]]
        assert keep(store, both[0], reader="test 2") == 0
        assert ids(store) == [first[0]["id"]]
        assert keep(store, *both, reader="test 3") == 0
        assert [row["id"] for row in first] == ids(store)
        assert store.runs()[1]["rpe"] == 4


def test_a_file_that_a_newer_reader_rejects_keeps_the_run_of_the_older_one(path: Path) -> None:
    with Store.open(path) as store:
        keep(store, a_run("a"))
        lost = LedgerRow(source="a.fit", fate=Fate.REJECTED, code="too_slow", content_sha256="a")
        store.add_import(Batch(ledger=(lost,)), ["x.zip"], reader="test 2")
        assert len(store.runs()) == 1


def test_a_removed_run_stays_removed_when_a_newer_reader_numbers_it_anew(path: Path) -> None:
    with Store.open(path) as store:
        keep(store, a_run("a"))
        store.remove_run(ids(store)[0])
        again = (a_run("a", start=NOON - timedelta(hours=4)), a_run("a", session=1))
        assert keep(store, *again, reader="test 2") == 1
        assert [row["start"] for row in store.runs()] == [again[0].start.isoformat()]


@given(st.lists(st.integers(0, 40), max_size=5, unique=True), st.lists(st.integers(0, 40), max_size=5, unique=True))
@settings(max_examples=60, deadline=None)
def test_whatever_sessions_a_newer_reader_finds_the_log_is_what_it_reads(older: list[int], newer: list[int]) -> None:
    def runs(hours: list[int]) -> list[Run]:
        return [a_run("a", session=n, start=NOON + timedelta(hours=hour)) for n, hour in enumerate(hours)]

    with Store.open(None) as store:
        keep(store, *runs(older), reader="test 1")
        known = {row["start"]: row["id"] for row in store.runs()}
        keep(store, *runs(newer), reader="test 2")
        log = store.runs()
        expected = newer or older
        assert sorted(row["start"] for row in log) == sorted(run.start.isoformat() for run in runs(expected))
        assert all(row["id"] == known[row["start"]] for row in log if row["start"] in known)


def modes(folder: Path) -> dict[str, int]:
    return {str(one.relative_to(folder)): one.lstat().st_mode for one in folder.rglob("*")}


@pytest.mark.parametrize("kind", ["folder", "text", "database", "link_to_folder", "link_to_text", "dead_link", "pipe"])
@pytest.mark.parametrize("create", [True, False])
def test_what_is_no_store_is_neither_changed_nor_closed_to_others(tmp_path: Path, kind: str, create: bool) -> None:
    home = tmp_path / "home"
    home.mkdir()
    place = home / "place"
    target = home / "there"
    if kind in ("folder", "link_to_folder"):
        (target if "link" in kind else place).mkdir()
    elif kind in ("text", "link_to_text"):
        (target if "link" in kind else place).write_text("dear diary")
    elif kind == "database":
        other = sqlite3.connect(place)
        other.execute("CREATE TABLE somebodys (x)")
        other.close()
    elif kind == "pipe":
        os.mkfifo(place)
    if "link" in kind:
        place.symlink_to(target)
    for one in home.rglob("*"):
        if not one.is_symlink():
            one.chmod(0o755 if one.is_dir() else 0o644)
    before = modes(home)
    with pytest.raises(StoreError, match=r"Nothing was changed\."):
        Store.open(place, create=create)
    assert modes(home) == before


def test_a_link_to_a_store_is_followed_and_the_store_closed_to_others_with_its_journal(path: Path) -> None:
    with Store.open(path) as store:
        keep(store, a_run())
    path.chmod(0o644)
    link = path.with_name("link.db")
    link.symlink_to(path)
    with Store.open(link, create=False) as store:
        assert len(store.runs()) == 1
        assert {one.stat().st_mode & 0o777 for one in path.parent.iterdir()} == {0o600}


def test_a_file_without_a_byte_is_an_empty_store_and_stays_so_until_something_is_written(path: Path) -> None:
    path.parent.mkdir()
    path.touch(mode=0o644)
    with Store.open(path, create=False) as store:
        assert store.runs() == []
    assert (path.stat().st_size, path.stat().st_mode & 0o777) == (0, 0o644)
    with Store.open(path) as store:
        assert keep(store, a_run()) == 1
    assert path.stat().st_mode & 0o777 == 0o600


def test_an_import_counts_what_newer_readers_measured_again_and_what_is_other_now(path: Path) -> None:
    first = [a_run(str(n), start=NOON + timedelta(days=n), heart_rate_bpm=140.0) for n in range(4)]
    other = [replace(first[0], heart_rate_bpm=150.0), replace(first[1], distance_m=5001.0, heart_rate_bpm=151.0)]
    near = replace(first[2], distance_m=5000.0 * (1 + 1e-12), notes=(("naive_time", "as UTC"),))
    with Store.open(path) as store:
        store.add_import(a_batch(*first), ["x"], reader="test 1")
        same = store.add_import(a_batch(*first), ["x"], reader="test 1")
        assert (same.counts["measured_again"], same.counts["changed"], same.changes) == (0, 0, {})
        later = store.add_import(a_batch(*other, near, first[3]), ["x"], reader="test 2")
        assert (later.counts["new"], later.counts["measured_again"], later.counts["changed"]) == (0, 4, 2)
        assert later.changes == {"heart_rate_bpm": 2, "distance_m": 1}
        flagged = store.add_import(a_batch(replace(first[3], flags=("gaps",))), ["x"], reader="test 3")
        assert flagged.changes == {"flags": 1}


def test_that_an_older_reader_did_not_check_is_no_change(path: Path) -> None:
    first_version(path)
    with Store.open(path) as store:
        result = store.add_import(a_batch(a_run("a", flags=("gaps",))), ["x"], reader="test 2")
    assert (result.counts["measured_again"], "flags" in result.changes) == (1, False)


def test_sessions_that_a_newer_reader_no_longer_finds_are_counted(path: Path) -> None:
    evening = a_run("a", session=1, start=NOON + timedelta(hours=6))
    with Store.open(path) as store:
        store.add_import(a_batch(a_run("a"), evening), ["x"], reader="test 1")
        assert store.add_import(a_batch(a_run("a")), ["x"], reader="test 2").counts["no_longer_found"] == 1


def test_what_was_said_of_a_run_stays_with_it_and_follows_the_newest_reader(path: Path) -> None:
    notes = (("gaps", "gaps in its samples: 3"), ("naive_time", "taken as UTC"))
    with Store.open(path) as store:
        keep(store, a_run("a", flags=("gaps",), notes=notes))
        said = ({"code": "gaps", "detail": "gaps in its samples: 3"}, {"code": "naive_time", "detail": "taken as UTC"})
        assert store.runs()[0]["notes"] == said
        keep(store, a_run("a"), reader="test 2")
        assert store.runs()[0]["notes"] == ()
    first_version(other := path.parent / "old" / "loadplan.db")
    with Store.open(other) as store:
        assert store.runs()[0]["notes"] is None


def test_the_ledger_has_all_that_was_said_of_a_file_and_the_ids_of_its_runs(path: Path) -> None:
    batch = a_batch(a_run("a"), a_run("b", start=NOON + timedelta(days=1)), rejected=1)
    said = [Problem(source="a.fit", code=code, detail=f"{code} 5 m") for code in ("bad_crc", "session_distance")]
    with Store.open(path) as store:
        key = store.add_import(replace(batch, problems=(*batch.problems, *said)), ["x"], reader="t").key
        rows = {row["source"]: row for row in store.ledger(key)}
    assert [one["detail"] for one in rows["a.fit"]["problems"]] == ["bad_crc 5 m", "session_distance 5 m"]
    assert (rows["a.fit"]["ids"], rows["bad0"]["ids"]) == (["20260302T120000-run"], [])
    assert [one["code"] for one in rows["bad0"]["problems"]] == ["not_fit"]


def test_of_two_files_of_one_name_each_has_its_own_words(path: Path) -> None:
    one = a_run("a", source="run.fit", notes=(("gaps", "3 gaps"),), flags=("gaps",))
    lost = LedgerRow(source="run.fit", fate=Fate.REJECTED, code="no_time", detail="no time", content_sha256="b")
    batch = a_batch(one)
    problems = tuple(Problem(source="run.fit", code=code, detail=d) for code, d in (*one.notes, ("no_time", "no time")))
    with Store.open(path) as store:
        both = replace(batch, ledger=(*batch.ledger, lost), problems=problems)
        key = store.add_import(both, ["x", "y"], reader="t").key
        assert [[note["code"] for note in row["problems"]] for row in store.ledger(key)] == [["gaps"], ["no_time"]]


def test_what_is_kept_of_the_samples_follows_the_newest_reader_and_is_no_change_of_the_run(path: Path) -> None:
    first_version(path)
    with Store.open(path) as store:
        assert store.runs()[0]["spread"] is None
        result = store.add_import(a_batch(a_run("a", spread="[[60,[300]],null,null]")), ["x"], reader="test 2")
        assert store.runs()[0]["spread"] == "[[60,[300]],null,null]"
        assert "spread" not in result.changes
        assert store.forms() == []
