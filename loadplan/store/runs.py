"""The run log's rows: recorded and typed runs, corrections that outlive a new import, removals that stay."""

from __future__ import annotations

import json
from itertools import combinations
from typing import TYPE_CHECKING, Any, Final

from loadplan.store.gathering import Gathering
from loadplan.store.rows import CORRECTABLE, corrected, local_start, now
from loadplan.store.shoes import ShoeTables
from loadplan.store.witnesses import TYPED, WitnessTables, witness_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import date

    from importers.export import Export
    from importers.run import Run
    from loadplan.store.imports import Batch

# The suffix -2, -3 goes by content, not by what came first: the same files give the same ids in any order.
_NUMBERED: Final = """
    SELECT *, row_number() OVER (
        PARTITION BY base_id ORDER BY content_sha256 IS NULL, content_sha256, session, identity LIKE 'typed:%',
            length(identity), identity, key) AS nth
    FROM run WHERE athlete = ?"""


class RunTables(WitnessTables, ShoeTables):
    """Runs and other activities of one athlete."""

    def runs(
        self, *, first: date | None = None, last: date | None = None, sport: str | None = None
    ) -> list[dict[str, Any]]:
        """The log in order of time, as it stands after corrections: ``LOG_COLUMNS`` and more, a dictionary a row.

        ``first`` and ``last`` are local days, both included; ``sport`` None means every sport. ``start`` is ISO text
        with the local offset, ``day`` ISO text, everything else as the columns' names say; None = not recorded.
        """
        low = first.isoformat() if first else ""
        high = last.isoformat() if last else "~"
        rows = [row for row in self._log() if low <= row["day"] <= high and sport in (None, row["sport"])]
        return sorted(rows, key=lambda row: (row["start_utc"], row["id"]))

    def run(self, run_id: str) -> dict[str, Any] | None:
        """One row of the log by its id, or None."""
        return next((row for row in self._log() if row["id"] == run_id), None)

    def add_run(self, run: Run) -> str:
        """Keep a run that the runner typed in; its id."""
        with self._db.transaction():
            athlete = self._writer()
            witness = self._typed(run, athlete)
            self._hear([witness], athlete, None, TYPED)
            self._gather(athlete)
            return self._ids_of([witness.identity])[0]

    def edit_run(self, run_id: str, changes: Mapping[str, Any]) -> None:
        """Type over values of a run. They survive every later import. Raises KeyError for an unknown id or field."""
        unknown = set(changes) - CORRECTABLE
        if unknown:
            raise KeyError(f"not correctable: {', '.join(sorted(unknown))}")
        with self._db.transaction():
            key = self._key(run_id)
            sql = "INSERT OR REPLACE INTO correction (run, field, value, made) VALUES (?, ?, ?, ?)"
            self._db.change_all(sql, [(key, field, json.dumps(value), now()) for field, value in changes.items()])

    def remove_run(self, run_id: str) -> None:
        """Take a run out of the log for good: importing it again does not bring it back."""
        with self._db.transaction():
            self._db.change("UPDATE run SET removed = ? WHERE key = ?", (now(), self._key(run_id)))

    def wear(self, run_id: str, shoe: str) -> None:
        """Say which pair was worn; an earlier correction of this run's pair gives way."""
        with self._db.transaction():
            key = self._key(run_id)
            self._db.change("DELETE FROM correction WHERE run = ? AND field = 'shoe'", (key,))
            self._db.change("UPDATE run SET worn = ? WHERE key = ?", (shoe, key))

    def origin(self, run_id: str) -> dict[str, Any] | None:
        """What a run came from: file, import, reader, corrections, and where its pair is known from."""
        row = self.run(run_id)
        if row is None:
            return None
        sql = "SELECT made FROM import WHERE key = ?"
        made = self._db.value(sql, (row["import"],)) if row["import"] else None
        fields = self._db.rows("SELECT field, value, made FROM correction WHERE run = ? ORDER BY field", (row["key"],))
        changes = [item | {"value": json.loads(item["value"])} for item in fields]
        return row | {"imported": made, "corrections": changes, "witnesses": self._tellers(row["key"])}

    def _tellers(self, key: int) -> list[dict[str, Any]]:
        """Who told of a run, the one that gave the start first."""
        sql = """SELECT witness.*, run.identity AS first FROM witness JOIN run ON run.key = witness.run
            WHERE run = ? AND gone IS NULL ORDER BY witness.identity <> run.identity, witness.identity"""
        out = []
        for row in self._db.rows(sql, (key,)):
            witness = witness_of(row)
            out.append({
                "teller": row["teller"], "source": witness.run.source, "start": witness.start.isoformat(),
                "sport": witness.run.sport, "distance_m": witness.run.distance_m, "moving_s": witness.run.moving_s,
                "elapsed_s": witness.run.elapsed_s, "rule": row["rule"], "identity": row["identity"],
            })  # fmt: skip
        return out

    def split_run(self, run_id: str) -> list[str]:
        """Take a merge back: what different services or files tell becomes runs of their own, and stays so.

        Returns:
            Their ids; one where there is nothing to take back. Raises KeyError for an unknown id.
        """
        from importers.merge import natural

        with self._db.transaction():
            key, athlete = self._key(run_id), self._writer()
            rows = self._db.rows("SELECT * FROM witness WHERE run = ? AND gone IS NULL", (key,))
            parts = natural([witness_of(row) for row in rows])
            pairs = [
                sorted((one.identity, other.identity))
                for first, second in combinations(parts, 2)
                for one in first
                for other in second
            ]
            sql = "INSERT OR IGNORE INTO apart (athlete, one, other, made) VALUES (?, ?, ?, ?)"
            self._db.change_all(sql, [(athlete, *pair, now()) for pair in pairs])
            self._gather(athlete)
            told = [witness.identity for part in parts for witness in part]
            return self._ids_of(told)

    def unsplit_run(self, run_id: str) -> list[str]:
        """Take a split back: the rules decide again. The ids of the runs it belongs to now."""
        with self._db.transaction():
            key, athlete = self._key(run_id), self._writer()
            pairs = self._db.rows("SELECT one, other FROM apart WHERE athlete = ?", (athlete,))
            told = {row["identity"] for row in self._db.rows("SELECT identity FROM witness WHERE run = ?", (key,))}
            while more := {name for pair in pairs if told & {*pair.values()} for name in pair.values()} - told:
                told |= more
            sql = "DELETE FROM apart WHERE athlete = ? AND (one = ? OR other = ?)"
            self._db.change_all(sql, [(athlete, identity, identity) for identity in told])
            self._gather(athlete)
            return self._ids_of(told)

    def _ids_of(self, identities: Iterable[str]) -> list[str]:
        """Ids of the runs that these witnesses tell of."""
        wanted = set(identities)
        sql = "SELECT run, identity FROM witness WHERE athlete = ?"
        keys = {row["run"] for row in self._db.rows(sql, (self._reader(),)) if row["identity"] in wanted}
        return sorted(row["id"] for row in self._log() if row["key"] in keys)

    def _gather(self, athlete: int, batch: Batch | Export | None = None) -> set[int]:
        """Make the log of the witnesses again. Call inside a transaction.

        A run keeps its row, and with it what the runner did to it, as long as one of its witnesses does.

        Args:
            athlete: whose log.
            batch: witnesses that were all new to the store. Where nobody else has told anything, its runs are the log.

        Returns:
            Keys of the runs that were not there before.
        """
        from importers.merge import merge

        rows = self._db.rows("SELECT * FROM witness WHERE athlete = ? ORDER BY identity", (athlete,))
        by_identity = {row["identity"]: row for row in rows}
        pairs = self._db.rows("SELECT one, other FROM apart WHERE athlete = ?", (athlete,))
        gathering = Gathering(self._db, athlete, by_identity)
        if batch is not None and not pairs and len(rows) == len(batch.witnesses):
            return gathering.write(batch.merged)
        living = [witness_of(row) for row in rows if row["gone"] is None]
        return gathering.write(merge(living, [(pair["one"], pair["other"]) for pair in pairs]))

    def _key(self, run_id: str) -> int:
        row = self.run(run_id)
        if row is None:
            raise KeyError(run_id)
        return int(row["key"])

    def _log(self) -> Iterable[dict[str, Any]]:
        athlete = self._reader()
        typed: dict[int, dict[str, str]] = {}
        sql = "SELECT run, field, value FROM correction JOIN run ON run.key = correction.run WHERE athlete = ?"
        for item in self._db.rows(sql, (athlete,)):
            typed.setdefault(item["run"], {})[item["field"]] = item["value"]
        wardrobe = self.wardrobe()
        for row in self._db.rows(_NUMBERED, (athlete,)):
            if row["removed"] is None:
                yield _shown(row, typed.get(row["key"], {}), wardrobe)


def _shown(row: dict[str, Any], typed: Mapping[str, str], wardrobe: Any) -> dict[str, Any]:
    nth = row.pop("nth")
    base = row.pop("base_id")
    row["id"] = base if nth == 1 else f"{base}-{nth}"
    recorded = row["shoe"]
    row = corrected(row, typed)
    row["shoe"], row["shoe_source"] = wardrobe.worn_on(row, recorded, corrected="shoe" in typed)
    row["start_utc"] = row["start"]
    row["start"] = local_start(row).isoformat()
    row["salvaged"] = bool(row["salvaged"])
    row["flags"] = None if row["flags"] is None else tuple(row["flags"].split())
    row["notes"] = None if row["notes"] is None else _notes(row["notes"])
    return row


def _notes(text: str) -> tuple[dict[str, str], ...]:
    return tuple({"code": code, "detail": detail} for code, detail in json.loads(text))
