"""What each content gave to the readers: nothing is read twice, and an interrupted import goes on where it stopped.

    reading a file --note--> a batch --every so often--> the table ``reading`` --close, with the import--> the log

Until the import is complete its runs stand only here. A process that is killed leaves the log as it was.
"""

from __future__ import annotations

import json
import time
from typing import TYPE_CHECKING, Any, Final

from loadplan.store.witnesses import run_of, said_of

if TYPE_CHECKING:
    from importers.decoding import Outcome
    from importers.run import Run
    from loadplan.store.database import Database

BATCH_FILES: Final = 256
BATCH_S: Final = 2.0
"""So many files, or so many seconds of reading, are lost at most when an import is killed."""
_COLUMNS: Final = (
    "athlete", "content_sha256", "reader", "kind", "fate", "code", "detail", "runs", "salvaged", "problems", "said",
)  # fmt: skip
_INSERT: Final = f"INSERT OR REPLACE INTO reading ({', '.join(_COLUMNS)}) VALUES ({', '.join('?' * len(_COLUMNS))})"


class ReadingMemory:
    """The memory of one import: see ``importers.export.Memory``."""

    def __init__(self, database: Database, athlete: str, reader: str) -> None:
        self._db, self._name, self._reader = database, athlete, reader
        self._fresh: list[Outcome] = []
        self._since = time.monotonic()
        self._known: dict[str, dict[str, Any]] | None = None
        self._runs: dict[str, list[Run]] = {}

    def recall(self, content_sha256: str) -> Outcome | None:
        """What this content gave to the same readers, None where they did not read it."""
        if self._known is None:
            self._known = self._load()
        row = self._known.get(content_sha256)
        if row is None:
            return None
        said = json.loads(row["said"]) if row["said"] else None
        runs = self._runs.get(content_sha256, []) if said is None else [run_of(one, one.pop("start")) for one in said]
        if len(runs) != row["runs"]:
            return None
        return _outcome(row, runs)

    def note(self, outcome: Outcome) -> None:
        """Keep what a content gave; every so often all of it is written down."""
        self._fresh.append(outcome)
        if self._db.dry_run:
            return
        if len(self._fresh) >= BATCH_FILES or time.monotonic() - self._since >= BATCH_S:
            self.flush()

    def flush(self) -> None:
        """Write down what was noted since the last time."""
        if self._fresh and not self._db.dry_run:
            with self._db.transaction():
                self._write(self._athlete())
        self._fresh.clear()
        self._since = time.monotonic()

    def close(self, athlete: int) -> None:
        """The import is complete: its runs are told by witnesses now. Call inside its transaction, once they are there.

        What an interrupted import has noted beside stays for it.
        """
        self._write(athlete, complete=True)
        self._fresh.clear()
        sql = """UPDATE reading SET said = NULL WHERE athlete = ? AND said IS NOT NULL AND reader = ?
            AND content_sha256 IN (SELECT content_sha256 FROM witness WHERE athlete = ?)"""
        self._db.change(sql, (athlete, self._reader, athlete))

    def _athlete(self) -> int:
        known = self._db.value("SELECT key FROM athlete WHERE name = ?", (self._name,))
        return int(known or self._db.change("INSERT INTO athlete (name) VALUES (?)", (self._name,)))

    def _write(self, athlete: int, *, complete: bool = False) -> None:
        rows = [_row(outcome, athlete, self._reader, complete=complete) for outcome in self._fresh]
        self._db.change_all(_INSERT, rows)

    def _load(self) -> dict[str, dict[str, Any]]:
        athlete = self._db.value("SELECT key FROM athlete WHERE name = ?", (self._name,)) or 0
        sql = "SELECT * FROM reading WHERE athlete = ? AND reader = ?"
        known = {row["content_sha256"]: row for row in self._db.rows(sql, (athlete, self._reader))}
        sql = """SELECT content_sha256, start, said FROM witness WHERE athlete = ? AND reader = ? AND gone IS NULL
            AND content_sha256 IS NOT NULL AND restart IS NULL ORDER BY content_sha256, session"""
        for row in self._db.rows(sql, (athlete, self._reader)) if known else ():
            self._runs.setdefault(row["content_sha256"], []).append(run_of(json.loads(row["said"]), row["start"]))
        return known


def _outcome(row: dict[str, Any], runs: list[Run]) -> Outcome:
    from importers.decoding import Outcome
    from importers.problems import Fate, LedgerRow, Problem
    from importers.sniff import Kind

    ledger = LedgerRow(
        source="", fate=Fate(row["fate"]), code=row["code"], detail=row["detail"],
        content_sha256=row["content_sha256"], runs=row["runs"], salvaged=bool(row["salvaged"]),
    )  # fmt: skip
    problems = tuple(Problem(source="", code=code, detail=detail) for code, detail in json.loads(row["problems"]))
    return Outcome(row=ledger, runs=tuple(runs), problems=problems, kind=Kind(row["kind"]))


def _row(outcome: Outcome, athlete: int, reader: str, *, complete: bool) -> tuple[Any, ...]:
    row = outcome.row
    said = (
        None
        if complete or not outcome.runs
        else json.dumps([{**said_of(run), "start": run.start.isoformat()} for run in outcome.runs])
    )
    problems = json.dumps([[problem.code, problem.detail] for problem in outcome.problems])
    return (
        athlete, row.content_sha256, reader, str(outcome.kind), str(row.fate), row.code, row.detail, row.runs,
        int(row.salvaged), problems, said,
    )  # fmt: skip
