"""The run log's rows: recorded and typed runs, corrections that outlive a new import, removals that stay."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from loadplan.store.known import SUPERSEDED, paired
from loadplan.store.rows import (
    AGAIN,
    CORRECTABLE,
    RUN_FIELDS,
    changes,
    corrected,
    is_better_offset,
    local_start,
    now,
    run_values,
)
from loadplan.store.shoes import ShoeTables

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import date

    from importers.run import Run

# The suffix -2, -3 goes by content, not by what came first: the same files give the same ids in any order.
_NUMBERED: Final = """
    SELECT *, row_number() OVER (
        PARTITION BY base_id ORDER BY content_sha256 IS NULL, content_sha256, session, key) AS nth
    FROM run WHERE athlete = ?"""
_COLUMNS: Final = ("athlete", "import", "reader", "base_id", "start", "day", *RUN_FIELDS)
_INSERT: Final = f"INSERT INTO run ({', '.join(_COLUMNS)}) VALUES ({', '.join('?' * len(_COLUMNS))})"
_REMEASURE: Final = f"UPDATE run SET {', '.join(f'{name} = ?' for name in (*AGAIN, 'reader'))} WHERE key = ?"
_KNOWN: Final = f"key, reader, utc_offset_s, offset_source, source, session, content_sha256, {', '.join(AGAIN)}"


class Kept(NamedTuple):
    """What became of a run that was handed in."""

    key: int
    new: bool
    again: bool = False
    """Known, and measured by another reader now."""
    changed: Sequence[str] = ()
    """Names of the values that are others than before."""


class RunTables(ShoeTables):
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
            key = self._keep(run, self._writer(), None, "typed").key
            return str(next(row["id"] for row in self._log() if row["key"] == key))

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
        return row | {"imported": made, "corrections": changes}

    def _keep(self, run: Run, athlete: int, batch: int | None, reader: str) -> Kept:
        """Enter a run, or find it again by its content."""
        values = run_values(run)
        known = self._known(run, athlete)
        if known is None:
            values |= {"athlete": athlete, "import": batch, "reader": reader}
            return Kept(self._db.change(_INSERT, [values[name] for name in _COLUMNS]), new=True)
        other = known["reader"] != reader
        if other:
            again = [*(values[name] for name in AGAIN), reader, known["key"]]
            self._db.change(_REMEASURE, again)
        self._place(known | ({"start": values["start"]} if other else {}), values, other=other)
        if values["source"] < known["source"]:
            self._db.change("UPDATE run SET source = ? WHERE key = ?", (values["source"], known["key"]))
        return Kept(known["key"], new=False, again=other, changed=changes(known, values) if other else ())

    def _known(self, run: Run, athlete: int) -> dict[str, Any] | None:
        if run.content_sha256 is None:
            return None
        sql = f"SELECT {_KNOWN} FROM run WHERE athlete = ? AND content_sha256 = ? AND session = ?"
        rows = self._db.rows(sql, (athlete, run.content_sha256, run.session))
        return rows[0] if rows else None

    def _place(self, known: Mapping[str, Any], values: Mapping[str, Any], *, other: bool) -> None:
        """A better word on the local time, or another start, moves the run to its right day."""
        place = values if is_better_offset(values["offset_source"], known["offset_source"], other=other) else known
        if place is known and not other:
            return
        day = local_start({"start": known["start"], "utc_offset_s": place["utc_offset_s"]}).date().isoformat()
        sql = "UPDATE run SET utc_offset_s = ?, offset_source = ?, day = ? WHERE key = ?"
        self._db.change(sql, (place["utc_offset_s"], place["offset_source"], day, known["key"]))

    def _find_again(self, runs: Iterable[Run], athlete: int, reader: str) -> int:
        """Number the rows of older readers as this reader numbers the sessions of their files.

        What it no longer finds in a file that it does read leaves the log, and comes back if it is found again.

        Returns:
            How many runs left the log.
        """
        sql = f"SELECT {_KNOWN} FROM run WHERE athlete = ? AND content_sha256 IS NOT NULL AND reader <> ?"
        older: dict[str, list[dict[str, Any]]] = {}
        for row in self._db.rows(sql, (athlete, reader)):
            older.setdefault(row["content_sha256"], []).append(row)
        now_read: dict[str, list[Run]] = {}
        for run in runs:
            if run.content_sha256 in older:
                now_read.setdefault(run.content_sha256, []).append(run)
        return sum(self._renumber(found, older[content], reader) for content, found in now_read.items())

    def _renumber(self, runs: Sequence[Run], rows: Sequence[Mapping[str, Any]], reader: str) -> int:
        pairs = paired(runs, rows)
        if len(pairs) == len(rows) and all(row["session"] == runs[n].session for n, row in pairs.items()):
            return 0
        found = {row["key"] for row in pairs.values()}
        gone = [(reader, SUPERSEDED, row["key"]) for row in rows if row["key"] not in found]
        self._db.change_all("UPDATE run SET reader = ?, removed = coalesce(removed, ?) WHERE key = ?", gone)
        # A number may be another row's until that one has moved: first all of them out of the way.
        self._db.change_all("UPDATE run SET session = -key WHERE key = ?", [(row["key"],) for row in rows])
        back = "UPDATE run SET session = ?, removed = nullif(removed, ?) WHERE key = ?"
        self._db.change_all(back, [(runs[n].session, SUPERSEDED, row["key"]) for n, row in pairs.items()])
        return len(gone)

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
