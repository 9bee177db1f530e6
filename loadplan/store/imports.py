"""Imports: one transaction a batch, a ledger row for every member, and counts that add up."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from importers.problems import Fate
from loadplan.store.rows import now
from loadplan.store.runs import RunTables

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from importers.problems import LedgerRow, Problem
    from importers.run import Run
    from loadplan.store.runs import Kept


@dataclass(frozen=True, slots=True)
class ImportResult:
    """What an import did. ``found = kept + duplicates + not_activities + rejected``."""

    key: int
    counts: Mapping[str, int]
    problems: Sequence[Problem]
    changes: Mapping[str, int] = field(default_factory=dict)
    """Name of a value -> how many known runs have another one since they were measured again."""


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
            gone = self._find_again(batch.runs, athlete, reader)
            kept = []
            for run in batch.runs:
                kept.append(self._keep(run, athlete, key, reader))
                if each is not None:
                    each(run, kept[-1].new)
            counts = count(batch.runs, batch.ledger) | measured_again(kept) | {"no_longer_found": gone}
            self._write_ledger(key, batch.ledger)
            self._db.change("UPDATE import SET counts = ? WHERE key = ?", (json.dumps(counts), key))
        changed = Counter(name for one in kept for name in one.changed)
        return ImportResult(key, counts, batch.problems, dict(changed.most_common()))

    def imports(self) -> list[dict[str, Any]]:
        """Every import of the athlete, the latest first: id, made, reader, paths, counts, problems."""
        sql = """SELECT key AS id, made, reader, paths, counts, problems FROM import WHERE athlete = ?
            ORDER BY key DESC"""
        rows = self._db.rows(sql, (self._reader(),))
        return [row | {name: json.loads(row[name]) for name in ("paths", "counts", "problems")} for row in rows]

    def ledger(self, import_id: int) -> list[dict[str, Any]]:
        """What became of every member of one import: source, fate, code, detail, runs, salvaged.

        ``problems`` are all that was said of it (code, detail), ``ids`` its runs as they stand in the log today.
        """
        sql = """SELECT source, fate, code, detail, content_sha256, runs, salvaged FROM ledger
            JOIN import ON import.key = ledger.import WHERE import = ? AND athlete = ? ORDER BY position"""
        rows = self._db.rows(sql, (import_id, self._reader()))
        told = self._told(import_id) if rows else {}
        namesakes = Counter(row["source"] for row in rows)
        runs: dict[str, list[dict[str, Any]]] = {}
        for run in self.runs() if rows else ():
            runs.setdefault(run["content_sha256"] or "", []).append(run)
        out = []
        for row in rows:
            own = runs.get(row["content_sha256"] or "-", [])
            said = told.get(row["source"], []) if namesakes[row["source"]] == 1 else _own_words(row, own)
            ids = [run["id"] for run in own]
            out.append(row | {"salvaged": bool(row["salvaged"]), "problems": said, "ids": ids})
        return out

    def _told(self, import_id: int) -> dict[str, list[dict[str, str]]]:
        """What an import said of each file."""
        told: dict[str, list[dict[str, str]]] = {}
        text = self._db.value("SELECT problems FROM import WHERE key = ?", (import_id,))
        for source, code, detail in json.loads(text or "[]"):
            told.setdefault(source, []).append({"code": code, "detail": detail})
        return told

    def _write_ledger(self, key: int, ledger: Sequence[LedgerRow]) -> None:
        sql = """INSERT INTO ledger (import, position, source, fate, code, detail, content_sha256, runs, salvaged)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)"""
        rows = [
            (key, n, r.source, str(r.fate), r.code, r.detail, r.content_sha256, r.runs, int(r.salvaged))
            for n, r in enumerate(ledger)
        ]
        self._db.change_all(sql, rows)


def _own_words(row: Mapping[str, Any], runs: Iterable[Mapping[str, Any]]) -> list[dict[str, str]]:
    """What is known of one of several files of the same name: what was said of its runs, else its first reason."""
    said = [dict(note) for run in runs for note in run["notes"] or ()]
    first = [{"code": row["code"], "detail": row["detail"] or ""}] if row["code"] else []
    return [note for n, note in enumerate(said or first) if note not in (said or first)[:n]]


def measured_again(kept: Sequence[Kept]) -> dict[str, int]:
    """How many runs are ``new``, ``measured_again`` because another reader had read them, and ``changed`` by that."""
    return {
        "new": sum(one.new for one in kept),
        "measured_again": sum(one.again for one in kept),
        "changed": sum(bool(one.changed) for one in kept),
    }


def count(runs: Sequence[Run], ledger: Sequence[LedgerRow]) -> dict[str, int]:
    """The counts of what was found, without what it changed in the log."""
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
