"""The log's rows out of merged witnesses: which row stays whose, and what the runner did to it goes with it."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any, Final

from importers.witness import Clock
from loadplan.store.known import SUPERSEDED
from loadplan.store.rows import RUN_FIELDS, run_values

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from importers.merge import Merged
    from loadplan.store.database import Database

_DERIVED: Final = ("base_id", "start", "day", *RUN_FIELDS, "identity", "reader", "import")
_COLUMNS: Final = ("athlete", *_DERIVED)
_INSERT: Final = f"INSERT INTO run ({', '.join(_COLUMNS)}) VALUES ({', '.join('?' * len(_COLUMNS))})"
_UPDATE: Final = f"UPDATE run SET {', '.join(f'{name} = ?' for name in _DERIVED)} WHERE key = ?"


class Gathering:
    """Writes the log of one athlete anew, row by row where it is another one than before."""

    def __init__(self, database: Database, athlete: int, rows: Mapping[str, Mapping[str, Any]]) -> None:
        """``rows``: every witness of the athlete by identity, as it stands in its table."""
        self._db, self._athlete, self._rows = database, athlete, rows
        sql = "SELECT * FROM run WHERE athlete = ?"
        self._log = {row["key"]: row for row in database.rows(sql, (athlete,))}

    def write(self, runs: Sequence[Merged]) -> set[int]:
        """Bring the log to these runs; the keys of rows that are new."""
        owners = self._owners(runs)
        wanted = {n: self._wanted(one) for n, one in enumerate(runs)}
        stale = [key for n, key in owners.items() if self._differs(self._log[key], wanted[n])]
        gone = set(self._log) - set(owners.values())
        # A content may still be another row's until that one has its new one.
        self._db.change_all("UPDATE run SET content_sha256 = NULL WHERE key = ?", [(key,) for key in (*stale, *gone)])
        for n, key in owners.items():
            if key in stale:
                self._db.change(_UPDATE, [*(wanted[n][name] for name in _DERIVED), key])
        back = "UPDATE run SET removed = NULL WHERE key = ? AND removed = ?"
        revived = [(key, SUPERSEDED) for key in owners.values() if self._log[key]["removed"] == SUPERSEDED]
        self._db.change_all(back, revived)
        new = self._insert({n: wanted[n] for n in range(len(runs)) if n not in owners})
        places = owners | new
        self._point(runs, places)
        self._hand_on(gone, runs, places)
        return set(new.values())

    def _owners(self, runs: Sequence[Merged]) -> dict[int, int]:
        """Number of a run -> the row that is its own: that of its first witness, else of any, each row once."""
        taken: set[int] = set()
        owners: dict[int, int] = {}
        for first_only in (True, False):
            for n, one in enumerate(runs):
                told = one.witnesses[:1] if first_only else one.witnesses
                keys = sorted({self._rows[w.identity]["run"] for w in told} - taken - {None})
                if n not in owners and keys:
                    owners[n] = keys[0]
                    taken.add(keys[0])
        return owners

    def _wanted(self, one: Merged) -> dict[str, Any]:
        """The row of a run."""
        values = run_values(one.run)
        first = one.witnesses[0]
        row = self._rows[first.identity]
        stays = first.teller.is_file and first.start == first.run.start == one.run.start and first.clock is Clock.UTC
        if stays and first.run.sport == one.run.sport:
            values["base_id"] = row["base_id"]
        if '"flags":' not in row["said"]:  # within a text of the JSON each quotation mark has a backslash before it
            values |= {"flags": None, "notes": None}  # its reader did not check yet
        imports = [self._rows[w.identity]["import"] for w in one.witnesses]
        imported = min((key for key in imports if key is not None), default=None)
        return values | {
            "athlete": self._athlete,
            "identity": first.identity,
            "reader": row["reader"],
            "import": imported,
        }

    def _differs(self, known: Mapping[str, Any], wanted: Mapping[str, Any]) -> bool:
        return any(known[name] != wanted[name] for name in _DERIVED)

    def _insert(self, wanted: Mapping[int, Mapping[str, Any]]) -> dict[int, int]:
        """Number of a run -> the key of its new row."""
        after = self._db.value("SELECT max(key) FROM run") or 0
        self._db.change_all(_INSERT, [[values[name] for name in _COLUMNS] for values in wanted.values()])
        sql = "SELECT key FROM run WHERE athlete = ? AND key > ? ORDER BY key"
        keys = [row["key"] for row in self._db.rows(sql, (self._athlete, after))]
        return dict(zip(wanted, keys, strict=True))

    def _point(self, runs: Sequence[Merged], places: Mapping[int, int]) -> None:
        """Let each witness know its run, and by which rule it came to it."""
        changed = []
        for n, one in enumerate(runs):
            for witness in one.witnesses:
                row, rule = self._rows[witness.identity], one.group.rules.get(witness.identity)
                if (row["run"], row["rule"]) != (places[n], rule):
                    changed.append((places[n], rule, row["key"]))
        self._db.change_all("UPDATE witness SET run = ?, rule = ? WHERE key = ?", changed)

    def _hand_on(self, gone: Iterable[int], runs: Sequence[Merged], places: Mapping[int, int]) -> None:
        """What the runner did to a row that is no run of its own any more goes to the run of its witnesses.

        A row whose witnesses newer readers do not find stays, out of the log, until they are found again.
        """
        heirs: dict[int, Counter[int]] = {}
        for n, one in enumerate(runs):
            for witness in one.witnesses:
                before = self._rows[witness.identity]["run"]
                if before is not None:
                    heirs.setdefault(before, Counter())[places[n]] += 1
        for key in gone:
            if key not in heirs:
                sql = "UPDATE run SET removed = coalesce(removed, ?) WHERE key = ?"
                self._db.change(sql, (SUPERSEDED, key))
                continue
            heir = heirs[key].most_common(1)[0][0]
            sql = """INSERT INTO correction (run, field, value, made)
                SELECT ?, field, value, made FROM correction WHERE run = ?
                ON CONFLICT (run, field) DO UPDATE SET value = excluded.value, made = excluded.made
                WHERE excluded.made > made"""
            self._db.change(sql, (heir, key))
            # Of two copies the runner may have removed one: what is left of them stays in the log.
            sql = """UPDATE run SET worn = coalesce(worn, (SELECT worn FROM run WHERE key = ?)),
                removed = iif((SELECT removed FROM run WHERE key = ?) IS NULL, NULL, removed) WHERE key = ?"""
            self._db.change(sql, (key, key, heir))
            self._db.change("DELETE FROM run WHERE key = ?", (key,))
