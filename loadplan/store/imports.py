"""Imports: one transaction a batch, a ledger row for every member, and counts that add up."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Any, Final

from importers.problems import NOT_FOR_GOOD
from loadplan.store.memory import ReadingMemory
from loadplan.store.rows import now
from loadplan.store.runs import RunTables

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from importers.account import Gear
    from importers.export import Export
    from importers.merge import Merged
    from importers.problems import LedgerRow, Problem
    from importers.tally import Tally
    from importers.witness import Witness
    from loadplan.store.witnesses import Heard

NEWS: Final = ("new", "measured_again", "changed", "no_longer_found")
"""Counts of what an import changed in the log."""


@dataclass(frozen=True, slots=True)
class ImportResult:
    """What an import did. ``found = kept + duplicates + not_activities + rejected``."""

    key: int
    counts: Mapping[str, int]
    problems: Sequence[Problem]
    changes: Mapping[str, int] = field(default_factory=dict)
    """Name of a value -> how many known runs have another one since they were measured again."""
    tallies: Sequence[Tally] = ()
    known: bool = False
    """The same archives were imported before: they were not read again."""


@dataclass(frozen=True, slots=True)
class Batch:
    """What was read in one go, such as an ``importers.Export``."""

    witnesses: tuple[Witness, ...] = ()
    ledger: tuple[LedgerRow, ...] = ()
    problems: tuple[Problem, ...] = ()
    gear: tuple[Gear, ...] = ()
    tallies: tuple[Tally, ...] = ()

    @property
    def merged(self) -> tuple[Merged, ...]:
        """The runs of the batch alone, each with those who told of it."""
        from importers.merge import merge

        return tuple(merge(self.witnesses))

    def counts(self) -> dict[str, int]:
        """The numbers of the batch alone."""
        from importers.export import Export

        return Export(runs=tuple(one.run for one in self.merged), ledger=self.ledger).counts()


class ImportTables(RunTables):
    """Imports of one athlete."""

    def reading(self, reader: str) -> ReadingMemory:
        """What was read before, and a place for what is read now; see ``importers.export.Memory``."""
        return ReadingMemory(self._db, self.athlete, reader)

    def add_import(
        self,
        batch: Batch | Export,
        paths: Iterable[str],
        *,
        reader: str,
        fingerprint: str | None = None,
        memory: ReadingMemory | None = None,
        each: Callable[[Witness, bool], None] | None = None,
    ) -> ImportResult:
        """Keep a batch in one transaction: all of it, or nothing.

        Args:
            batch: what was read.
            paths: where it was read.
            reader: names the version that measured; another one measures known runs again: they keep their ids, their
                corrections and their pairs, also where it finds other sessions or another start in the same file.
            fingerprint: what tells these paths from any others, where they are archives.
            memory: what was noted while it was read.
            each: hears of every witness and whether it was new.
        """
        with self._db.transaction():
            athlete = self._writer()
            sql = """INSERT INTO import (athlete, made, reader, paths, counts, problems, fingerprint, tallies)
                VALUES (?, ?, ?, ?, '{}', ?, ?, ?)"""
            told = json.dumps([[p.source, p.code, p.detail] for p in batch.problems])
            sums = json.dumps([{**asdict(one), "unexplained": one.unexplained} for one in batch.tallies])
            values = (athlete, now(), reader, json.dumps(list(paths)), told, fingerprint, sums)
            key = self._db.change(sql, values)
            gone = self._find_again(batch.witnesses, athlete, reader)
            heard = self._hear(batch.witnesses, athlete, key, reader)
            for witness, one in zip(batch.witnesses, heard, strict=True):
                if each is not None:
                    each(witness, one.new)
            if memory is not None:
                memory.close(athlete)
            new = self._gather(athlete, batch if all(one.new for one in heard) else None)
            counts = batch.counts() | self._news(batch.witnesses, athlete, new) | measured_again(heard)
            counts |= {"no_longer_found": gone}
            self._write_ledger(key, batch.ledger)
            self._enter_gear(batch.gear, athlete)
            self._db.change("UPDATE import SET counts = ? WHERE key = ?", (json.dumps(counts), key))
        changed = Counter(name for one in heard for name in one.changed)
        return ImportResult(key, counts, batch.problems, dict(changed.most_common()), batch.tallies)

    def known_import(self, fingerprint: str, reader: str) -> ImportResult | None:
        """The latest import of just these archives by these readers, as it would be again: nothing new."""
        sql = """SELECT key, counts, problems, tallies FROM import WHERE athlete = ? AND fingerprint = ? AND reader = ?
            ORDER BY key DESC LIMIT 1"""
        rows = self._db.rows(sql, (self._reader(), fingerprint, reader))
        if not rows or self._may_hold_more(rows[0]["key"]):
            return None
        from importers.problems import Problem
        from importers.tally import Tally

        problems = [Problem(source=s, code=c, detail=d) for s, c, d in json.loads(rows[0]["problems"])]
        sums = [Tally(**{k: v for k, v in one.items() if k != "unexplained"}) for one in json.loads(rows[0]["tallies"])]
        counts = json.loads(rows[0]["counts"]) | dict.fromkeys(NEWS, 0)
        return ImportResult(rows[0]["key"], counts, problems, {}, sums, known=True)

    def _may_hold_more(self, import_id: int) -> bool:
        """Whether some file was not kept for a reason that may not hold the next time."""
        codes = sorted(NOT_FOR_GOOD)
        sql = f"SELECT EXISTS (SELECT 1 FROM ledger WHERE import = ? AND code IN ({', '.join('?' * len(codes))}))"
        return bool(self._db.value(sql, (import_id, *codes)))

    def _news(self, witnesses: Iterable[Witness], athlete: int, new: set[int]) -> dict[str, int]:
        """How many runs these witnesses brought that were not there before."""
        told = {witness.identity for witness in witnesses}
        rows = self._db.rows("SELECT identity, run FROM witness WHERE athlete = ?", (athlete,))
        return {"new": len({row["run"] for row in rows if row["identity"] in told and row["run"] in new})}

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
        runs = self._runs_of_things() if rows else {}
        out = []
        for row in rows:
            inner = row["source"].partition("/")[2]  # of several paths the label begins with the name of one
            own = runs.get(row["content_sha256"] or row["source"], runs.get(inner, []))
            said = told.get(row["source"], []) if namesakes[row["source"]] == 1 else _own_words(row, own)
            ids = [run["id"] for run in own]
            out.append(row | {"salvaged": bool(row["salvaged"]), "problems": said, "ids": ids})
        return out

    def ledger_rows(self, import_id: int) -> list[LedgerRow]:
        """The ledger of one import as the importers made it."""
        from importers.problems import Fate, LedgerRow

        sql = """SELECT source, fate, code, detail, content_sha256, runs, salvaged FROM ledger WHERE import = ?
            ORDER BY position"""
        fates = {str(fate): fate for fate in Fate}
        return [
            LedgerRow(**(row | {"fate": fates[row["fate"]], "salvaged": bool(row["salvaged"])}))
            for row in self._db.rows(sql, (import_id,))
        ]

    def _runs_of_things(self) -> dict[str, list[dict[str, Any]]]:
        """Runs of the log by the contents, and the rows of tables, that tell of them."""
        log = {row["key"]: row for row in self.runs()}
        found: dict[str, list[dict[str, Any]]] = {}
        sql = "SELECT content_sha256, said, run FROM witness WHERE athlete = ? AND run IS NOT NULL"
        for row in self._db.rows(sql, (self._reader(),)):
            thing = row["content_sha256"] or json.loads(row["said"]).get("source", "")
            if row["run"] in log and log[row["run"]] not in found.setdefault(thing, []):
                found[thing].append(log[row["run"]])
        return found

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


def measured_again(heard: Sequence[Heard]) -> dict[str, int]:
    """How many recordings were ``measured_again`` because another reader had read them, and ``changed`` by that."""
    return {
        "measured_again": sum(one.again for one in heard),
        "changed": sum(bool(one.changed) for one in heard),
    }
