"""The run log's rows: recorded and typed runs, corrections that outlive a new import, removals that stay."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

from loadplan.store.rows import (
    CORRECTABLE,
    MEASURED,
    RUN_FIELDS,
    corrected,
    local_start,
    now,
    offset_rank,
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
_REMEASURE: Final = f"UPDATE run SET {', '.join(f'{name} = ?' for name in (*MEASURED, 'reader'))} WHERE key = ?"


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
            key, _ = self._keep(run, self._writer(), None, "typed")
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

    def _keep(self, run: Run, athlete: int, batch: int | None, reader: str) -> tuple[int, bool]:
        """Enter a run, or find it again by its content: its key, and whether it is new."""
        values = run_values(run)
        known = self._known(run, athlete)
        if known is None:
            values |= {"athlete": athlete, "import": batch, "reader": reader}
            return self._db.change(_INSERT, [values[name] for name in _COLUMNS]), True
        if known["reader"] != reader:
            self._db.change(_REMEASURE, [*(values[name] for name in MEASURED), reader, known["key"]])
        if offset_rank(run.offset_source) < offset_rank(known["offset_source"]) or run.offset_source == "tz":
            self._place(known, values)
        if values["source"] < known["source"]:
            self._db.change("UPDATE run SET source = ? WHERE key = ?", (values["source"], known["key"]))
        return known["key"], False

    def _known(self, run: Run, athlete: int) -> dict[str, Any] | None:
        if run.content_sha256 is None:
            return None
        sql = "SELECT key, reader, offset_source, source FROM run WHERE athlete=? AND content_sha256=? AND session=?"
        rows = self._db.rows(sql, (athlete, run.content_sha256, run.session))
        return rows[0] if rows else None

    def _place(self, known: Mapping[str, Any], values: Mapping[str, Any]) -> None:
        """A better word on the local time moves the run to its right day."""
        if known["offset_source"] in (None, "tz") or values["offset_source"] != "tz":
            sql = "UPDATE run SET utc_offset_s = ?, offset_source = ?, day = ? WHERE key = ?"
            place = (values["utc_offset_s"], values["offset_source"], values["day"], known["key"])
            self._db.change(sql, place)

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
    return row
