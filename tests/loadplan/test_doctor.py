"""What the doctor looks at, and the list of measuring constants."""

from __future__ import annotations

from pathlib import Path

from importers.run import Run
from loadplan.constants import ROOMS, measuring_constants
from loadplan.doctor import examine
from loadplan.store import Store


def test_a_machine_without_a_store_is_well(tmp_path: Path) -> None:
    checks = examine(tmp_path / "none.db")
    assert all(check.ok for check in checks)
    assert not (tmp_path / "none.db").exists()


def test_a_store_is_counted_checked_and_private(tmp_path: Path) -> None:
    from datetime import UTC, datetime

    path = tmp_path / "x.db"
    with Store.open(path) as store:
        store.add_run(Run(start=datetime(2026, 3, 2, tzinfo=UTC)))
    path.chmod(0o644)
    checks = {check.name: check for check in examine(path)}
    assert all(check.ok for check in checks.values())
    assert "run 1" in checks["content"].says
    assert "open to others" in checks["privacy"].says
    assert path.stat().st_mode & 0o777 == 0o600


def test_runs_of_older_readers_are_counted_with_what_to_do(tmp_path: Path) -> None:
    from datetime import UTC, datetime

    from importers.witness import Teller, Witness
    from loadplan.store import Batch
    from loadplan.store.known import reader_name

    path = tmp_path / "x.db"
    run = Run(start=datetime(2026, 3, 2, tzinfo=UTC), content_sha256="a")

    def said(reader: str) -> str:
        with Store.open(path) as store:
            store.add_import(Batch((Witness(identity="a#0", teller=Teller.FIT, run=run),)), ["x"], reader=reader)
            store.add_run(Run(start=run.start))  # typed in: no reader measured it
        return next(check.says for check in examine(path) if check.name == "readers")

    assert said("loadplan 0, reader 0") == "1 recording was measured by older readers: import the same files again"
    assert said(reader_name()) == f"all measured by {reader_name()}"


def test_damage_is_found(tmp_path: Path) -> None:
    from datetime import UTC, datetime, timedelta

    path = tmp_path / "x.db"
    with Store.open(path) as store:
        for n in range(200):
            store.add_run(Run(start=datetime(2026, 3, 2, tzinfo=UTC) + timedelta(days=n), title="x" * 300))
        store._db.change("PRAGMA wal_checkpoint(TRUNCATE)")
        broken = store._db.value("SELECT rootpage FROM sqlite_master WHERE name = 'run_by_day'")
        size = store._db.value("PRAGMA page_size")
    data = bytearray(path.read_bytes())
    data[(broken - 1) * size + 100 : broken * size] = bytes(size - 100)
    path.write_bytes(data)
    integrity = next(check for check in examine(path) if check.name == "integrity")
    assert not integrity.ok
    assert "backup" in integrity.says


def test_the_constants_are_those_of_their_rooms() -> None:
    from importlib import import_module

    listed = measuring_constants()
    assert {c.room for c in listed} <= {f"{package}.{room}" for package, rooms in ROOMS for room in rooms}
    for constant in listed:
        assert getattr(import_module(constant.room), constant.name) == constant.value
        assert constant.says
