"""Statements of SQLite that fail, for whatever process finds this folder in its PYTHONPATH.

``FAULT_AT``: from which number on, counted over all connections. ``FAULT_KIND``: "full" (the next one that writes) or
"io" (any), and "for good" if all later ones fail too. ``FAULT_COUNT``: a file for the number of statements, instead.
"""

from __future__ import annotations

import atexit
import os
import sqlite3
from collections.abc import Iterable
from pathlib import Path
from typing import Any

AT, KIND = int(os.environ.get("FAULT_AT", "0")), os.environ.get("FAULT_KIND", "full")
WORDS = {"full": (13, "database or disk is full"), "io": (10, "disk I/O error")}
READING = ("SELECT", "PRAGMA", "BEGIN", "ROLLBACK", "RELEASE", "SAVEPOINT", "EXPLAIN")
UNDOING = ("ROLLBACK", "RELEASE")
count = 0
begun = False
_connect = sqlite3.connect


def _fails(sql: str) -> bool:
    """Whether this statement fails: the first one from number ``FAULT_AT`` on that the fault concerns."""
    global count, begun
    count += 1
    word = sql.lstrip().split(None, 1)[0].upper().rstrip(";") if sql.strip() else ""
    concerned = word not in UNDOING if KIND.startswith("io") else word not in READING
    if not AT or count < AT or not concerned or (begun and not KIND.endswith("for good")):
        return False
    begun = True
    return True


def _fail(connection: sqlite3.Connection) -> None:
    """As SQLite does it: on some of these faults the whole transaction is already taken back."""
    if count % 2 and connection.in_transaction:
        sqlite3.Connection.rollback(connection)
    code, words = WORDS[KIND.split()[0]]
    error = sqlite3.OperationalError(words)
    error.sqlite_errorcode, error.sqlite_errorname = code, "SQLITE_FULL" if code == 13 else "SQLITE_IOERR"
    raise error


class Faulty(sqlite3.Connection):
    """A connection to a disk that fails."""

    def execute(self, sql: str, *more: Any) -> sqlite3.Cursor:
        if _fails(sql):
            _fail(self)
        return super().execute(sql, *more)

    def executemany(self, sql: str, rows: Iterable[Any]) -> sqlite3.Cursor:
        if _fails(sql):
            some = list(rows)
            super().executemany(sql, some[: len(some) // 2])
            _fail(self)
        return super().executemany(sql, rows)

    def executescript(self, sql: str) -> sqlite3.Cursor:
        if _fails(sql):
            _fail(self)
        return super().executescript(sql)

    def cursor(self, *more: Any) -> sqlite3.Cursor:
        return super().cursor(FaultyCursor)

    def commit(self) -> None:
        if _fails("COMMIT"):
            _fail(self)
        super().commit()

    def backup(self, *more: Any, **named: Any) -> None:
        if _fails("BACKUP"):
            _fail(self)
        super().backup(*more, **named)


class FaultyCursor(sqlite3.Cursor):
    """Its statements fail too."""

    def execute(self, sql: str, *more: Any) -> sqlite3.Cursor:
        if _fails(sql):
            _fail(self.connection)
        return super().execute(sql, *more)

    def executemany(self, sql: str, rows: Iterable[Any]) -> sqlite3.Cursor:
        if _fails(sql):
            _fail(self.connection)
        return super().executemany(sql, rows)


def connect(*more: Any, **named: Any) -> sqlite3.Connection:
    """``sqlite3.connect`` to such a disk."""
    return _connect(*more, **{**named, "factory": Faulty})


if "FAULT_COUNT" in os.environ or AT:
    sqlite3.connect = connect
if "FAULT_COUNT" in os.environ:
    parent = os.getpid()
    atexit.register(lambda: os.getpid() == parent and Path(os.environ["FAULT_COUNT"]).write_text(str(count), "utf-8"))
