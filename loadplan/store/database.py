"""One SQLite file: opened with care, migrated by number, every failure told in words.

Whatever goes wrong below comes out as StoreError: what happened, what was kept, what to do.
"""

from __future__ import annotations

import os
import sqlite3
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from loadplan.store.place import DAMAGED, StoreError, close_to_others, is_empty, make_private
from loadplan.store.schema import APPLICATION_ID, MIGRATIONS, VERSION

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

BUSY_S: Final = 5.0
"""How long to wait for another loadplan that is writing, seconds."""
OLDEST_SQLITE: Final = (3, 37, 0)
"""STRICT tables came with this SQLite."""
_LOCKED = "is in use by another program. Nothing was changed. Wait until it has finished and run this again"
_FULL = "cannot grow: the disk is full. Nothing of this command was kept. Free some space and run it again"
_READ_ONLY = "may not be written. Nothing was changed. Make the file and its folder writable, or name another --store"
_UNREADABLE = "cannot be read or written. Nothing of this command was kept. Check the disk and the file's permissions"

_WORDS: Final[dict[int, str]] = {
    sqlite3.SQLITE_BUSY: _LOCKED,
    sqlite3.SQLITE_LOCKED: _LOCKED,
    sqlite3.SQLITE_FULL: _FULL,
    sqlite3.SQLITE_READONLY: _READ_ONLY,
    sqlite3.SQLITE_PERM: _READ_ONLY,
    sqlite3.SQLITE_CANTOPEN: _READ_ONLY,
    sqlite3.SQLITE_CORRUPT: DAMAGED,
    sqlite3.SQLITE_NOTADB: DAMAGED,
    sqlite3.SQLITE_IOERR: _UNREADABLE,
}
_PRIMARY_CODE: Final = 0xFF
"""SQLite's extended codes carry the primary one in their lowest byte."""


class Database:
    """A connection that speaks only parameters, rolls back as a whole, and raises only StoreError."""

    def __init__(self, path: Path | None, *, create: bool = True, dry_run: bool = False) -> None:
        """Open ``path`` (None = an empty store in memory) and bring it to today's version.

        Where nothing was written there yet it stays so without ``create``, and in a dry run.
        """
        self.path = path
        self.dry_run = dry_run
        self._depth = 0
        if sqlite3.sqlite_version_info < OLDEST_SQLITE:
            raise StoreError(f"this Python brings SQLite {sqlite3.sqlite_version}; loadplan needs 3.37 or newer")
        with self._told():
            if path is not None and is_empty(path) and (dry_run or not create):
                self.path = None
            self._sqlite = _connect(self.path)
        try:
            self._prepare()
        except BaseException:
            self._sqlite.close()
            raise

    def close(self) -> None:
        """Close the file; an open transaction is taken back."""
        self._sqlite.close()

    def rows(self, sql: str, values: Sequence[Any] = ()) -> list[dict[str, Any]]:
        """All rows of a query, as dictionaries."""
        with self._told():
            cursor = self._sqlite.execute(sql, values)
            names = [column[0] for column in cursor.description or ()]
            return [dict(zip(names, row, strict=True)) for row in cursor]

    def value(self, sql: str, values: Sequence[Any] = ()) -> Any:
        """The first column of the first row, or None."""
        with self._told():
            row = self._sqlite.execute(sql, values).fetchone()
        return None if row is None else row[0]

    def change(self, sql: str, values: Sequence[Any] = ()) -> int:
        """Run one writing statement; the key of the new row."""
        with self._told():
            return self._sqlite.execute(sql, values).lastrowid or 0

    def change_all(self, sql: str, rows: Iterable[Sequence[Any]]) -> None:
        """Run one writing statement for many rows."""
        with self._told():
            self._sqlite.executemany(sql, rows)

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """All or nothing. Inner ones join the outer one; a dry run takes everything back at the end."""
        if self._depth:
            yield
            return
        self.change("BEGIN IMMEDIATE")
        self._depth += 1
        try:
            yield
            self.change("ROLLBACK" if self.dry_run else "COMMIT")
        finally:
            self._depth -= 1
            if self._sqlite.in_transaction:
                self._sqlite.rollback()

    def copy_to(self, target: Path) -> None:
        """A whole, consistent copy in a private file; the copy appears at once or not at all."""
        partial = target.with_name(target.name + ".part")
        with self._told():
            partial.unlink(missing_ok=True)
            make_private(partial)
            copy = sqlite3.connect(partial)
            try:
                self._sqlite.backup(copy)
                copy.execute("PRAGMA journal_mode = DELETE")
                self._check_copy(copy)
            except BaseException:
                partial.unlink(missing_ok=True)
                raise
            finally:
                copy.close()
            _flush(partial)
            partial.replace(target)

    def _check_copy(self, copy: sqlite3.Connection) -> None:
        if copy.execute("PRAGMA quick_check").fetchone() != ("ok",):
            raise StoreError(f"the store {self.path} {DAMAGED}.")

    def check(self) -> list[str]:
        """What SQLite's own check finds wrong; empty when all is well."""
        found = [str(row["integrity_check"]) for row in self.rows("PRAGMA integrity_check")]
        return [line for line in found if line != "ok"]

    def version(self) -> int:
        """How many migrations this file has seen."""
        return int(self.value("PRAGMA user_version"))

    @contextmanager
    def _told(self) -> Iterator[None]:
        """Turn SQLite's and the system's errors into words."""
        try:
            yield
        except sqlite3.Error as error:
            code = getattr(error, "sqlite_errorcode", None)
            if code is None or (code & _PRIMARY_CODE) not in _WORDS:
                raise
            raise StoreError(f"the store {self.path} {_WORDS[code & _PRIMARY_CODE]} ({error}).") from error
        except OSError as error:
            raise StoreError(f"the store {self.path} {_READ_ONLY} ({error.strerror or error}).") from error

    def _prepare(self) -> None:
        version = self.version()
        ours = self.value("PRAGMA application_id") == APPLICATION_ID
        if not ours and (version or self.value("SELECT count(*) FROM sqlite_master")):
            raise StoreError(
                f"{self.path} is a database of another program. Nothing was changed. Name another --store."
            )
        if version > VERSION:
            raise StoreError(
                f"the store {self.path} was written by a newer loadplan (version {version}, this one knows {VERSION}). "
                "Nothing was changed. Update loadplan, or name another --store."
            )
        if self.path is not None and not self.dry_run:
            with self._told():
                close_to_others(self.path)
        self.change("PRAGMA foreign_keys = ON")
        self.change("PRAGMA synchronous = FULL")
        if version < VERSION:
            self._bring_forward(version)

    def _bring_forward(self, version: int) -> None:
        """Migrate the file, after a copy of it; or, where nothing is to be written, only what is read of it."""
        writable = self.path is None or _is_writable(self.path)
        if version and (self.dry_run or not writable):
            self._go_on_in_memory()
        elif version and self.path is not None:
            self.copy_to(self.path.with_name(f"{self.path.name}.version-{version}.bak"))
        self._migrate()
        if not writable:
            self.change("PRAGMA query_only = ON")

    def _go_on_in_memory(self) -> None:
        with self._told():
            memory = sqlite3.connect(":memory:", isolation_level=None)
            self._sqlite.backup(memory)
        self._sqlite.close()
        self._sqlite = memory

    def _migrate(self) -> None:
        self.value("PRAGMA journal_mode = WAL")
        dry_run, self.dry_run = self.dry_run, False
        with self.transaction():
            # Another loadplan may have done it while this one waited for the lock.
            for number in range(self.version(), VERSION):
                for statement in MIGRATIONS[number]:
                    self.change(statement)
                self.change(f"PRAGMA user_version = {number + 1:d}")
            self.change(f"PRAGMA application_id = {APPLICATION_ID:d}")
        self.dry_run = dry_run


def _connect(path: Path | None) -> sqlite3.Connection:
    """The file in memory, on disk, or, in a folder where nothing may be written, for reading only.

    What still stands in a journal beside the file would be overlooked by reading it as immutable: then it is not.
    """
    if path is None:
        return sqlite3.connect(":memory:", isolation_level=None)
    real = path.resolve()
    journal = real.with_name(f"{real.name}-wal")
    pending = journal.exists() and journal.stat().st_size > 0
    if path.exists() and not pending and not os.access(real.parent, os.W_OK):
        read_only = f"{path.absolute().as_uri()}?mode=ro&immutable=1"
        return sqlite3.connect(read_only, uri=True, timeout=BUSY_S, isolation_level=None)
    make_private(path)
    return sqlite3.connect(path, timeout=BUSY_S, isolation_level=None)


def _is_writable(path: Path) -> bool:
    """Whether the store, and the journal that SQLite keeps beside it, may be written."""
    return os.access(path.parent, os.W_OK) and os.access(path, os.W_OK)


def _flush(path: Path) -> None:
    with path.open("rb+") as f:
        os.fsync(f.fileno())
