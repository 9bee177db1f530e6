"""Imports: one transaction a batch, a ledger row for every member, and counts that add up."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from importers.problems import Fate
from loadplan.store.rows import now
from loadplan.store.runs import RunTables

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from importers.problems import LedgerRow, Problem
    from importers.run import Run


@dataclass(frozen=True, slots=True)
class ImportResult:
    """What an import did. ``found = kept + duplicates + not_activities + rejected``."""

    key: int
    counts: Mapping[str, int]
    problems: Sequence[Problem]


@dataclass(frozen=True, slots=True)
class Batch:
    """What was read in one go: the runs, what became of every member, what was wrong."""

    runs: tuple[Run, ...]
    ledger: tuple[LedgerRow, ...]
    problems: tuple[Problem, ...]


class ImportTables(RunTables):
    """Imports of one athlete."""

    def add_import(
        self,
        batch: Batch | Any,
        paths: Iterable[str],
        *,
        reader: str,
        each: Callable[[Run, bool], None] | None = None,
    ) -> ImportResult:
        """Keep a batch (or an ``importers.Export``) in one transaction: all of it, or nothing.

        ``reader`` names the version that measured; another one measures known runs again: they keep their ids, their
        corrections and their pairs, also where it finds other sessions or another start in the same file. ``each``
        hears of every run and whether it was new.
        """
        with self._db.transaction():
            athlete = self._writer()
            sql = "INSERT INTO import (athlete, made, reader, paths, counts, problems) VALUES (?, ?, ?, ?, '{}', ?)"
            told = json.dumps([[p.source, p.code, p.detail] for p in batch.problems])
            key = self._db.change(sql, (athlete, now(), reader, json.dumps(list(paths)), told))
            self._find_again(batch.runs, athlete, reader)
            new = 0
            for run in batch.runs:
                _, fresh = self._keep(run, athlete, key, reader)
                new += fresh
                if each is not None:
                    each(run, fresh)
            counts = count(batch.runs, batch.ledger) | {"new": new}
            self._write_ledger(key, batch.ledger)
            self._db.change("UPDATE import SET counts = ? WHERE key = ?", (json.dumps(counts), key))
        return ImportResult(key, counts, batch.problems)

    def imports(self) -> list[dict[str, Any]]:
        """Every import of the athlete, the latest first: id, made, reader, paths, counts, problems."""
        sql = """SELECT key AS id, made, reader, paths, counts, problems FROM import WHERE athlete = ?
            ORDER BY key DESC"""
        rows = self._db.rows(sql, (self._reader(),))
        return [row | {name: json.loads(row[name]) for name in ("paths", "counts", "problems")} for row in rows]

    def ledger(self, import_id: int) -> list[dict[str, Any]]:
        """What became of every member of one import: source, fate, code, detail, runs, salvaged."""
        sql = """SELECT source, fate, code, detail, content_sha256, runs, salvaged FROM ledger
            JOIN import ON import.key = ledger.import WHERE import = ? AND athlete = ? ORDER BY position"""
        rows = self._db.rows(sql, (import_id, self._reader()))
        return [row | {"salvaged": bool(row["salvaged"])} for row in rows]

    def _write_ledger(self, key: int, ledger: Sequence[LedgerRow]) -> None:
        sql = """INSERT INTO ledger (import, position, source, fate, code, detail, content_sha256, runs, salvaged)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)"""
        rows = [
            (key, n, r.source, str(r.fate), r.code, r.detail, r.content_sha256, r.runs, int(r.salvaged))
            for n, r in enumerate(ledger)
        ]
        self._db.change_all(sql, rows)


def count(runs: Sequence[Run], ledger: Sequence[LedgerRow]) -> dict[str, int]:
    """The counts of an import, without ``new``."""
    fates = [row.fate for row in ledger]
    return {
        "found": len(fates) - fates.count(Fate.IGNORED),
        "kept": fates.count(Fate.KEPT),
        "runs": sum(run.is_run for run in runs),
        "other": sum(not run.is_run for run in runs),
        "not_activities": fates.count(Fate.NOT_ACTIVITY),
        "duplicates": fates.count(Fate.DUPLICATE),
        "salvaged": sum(run.salvaged for run in runs),
        "rejected": fates.count(Fate.REJECTED),
    }
