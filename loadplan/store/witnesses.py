"""Everybody who told of a run, as they spoke. The log is made of them, and can be made of them again."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from importers.run import Run
from importers.witness import Clock, Teller, Witness
from loadplan.store.known import SUPERSEDED, paired
from loadplan.store.rows import RUN_FIELDS, all_bound, base_id, changes
from loadplan.store.tables import Tables

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

TYPED: Final = "typed"
LISTS_KEPT: Final = 64
_COLUMNS: Final = (
    "athlete", "identity", "teller", "content_sha256", "session", "start", "base_id", "clock", "typed_in",
    "climb_corrected", "told", "activities", "exports", "restart", "zone", "said", "reader", "import",
)  # fmt: skip
_INSERT: Final = f"INSERT INTO witness ({', '.join(_COLUMNS)}) VALUES ({', '.join('?' * len(_COLUMNS))})"
_KEPT: Final = ("athlete", "identity", "base_id", "import")
"""Columns that stay as they were when a witness is heard again."""
_AGAIN: Final = tuple(name for name in _COLUMNS if name not in _KEPT)
_UPDATE: Final = f"UPDATE witness SET {', '.join(f'{name} = ?' for name in _AGAIN)}, gone = NULL WHERE key = ?"
_BY_CONTENT: Final = "SELECT * FROM witness WHERE athlete = ? AND content_sha256 IS NOT NULL"


class Heard(NamedTuple):
    """What hearing a witness did."""

    new: bool
    again: bool = False
    """Known, and measured by another reader now."""
    changed: Sequence[str] = ()
    """Names of the values that are others than before."""


class WitnessTables(Tables):
    """Witnesses of one athlete."""

    def witnesses(self) -> list[Witness]:
        """All that tell of the log, in order of identity."""
        sql = "SELECT * FROM witness WHERE athlete = ? AND gone IS NULL ORDER BY identity"
        return [witness_of(row) for row in self._db.rows(sql, (self._reader(),))]

    def _hear(self, witnesses: Iterable[Witness], athlete: int, batch: int | None, reader: str) -> list[Heard]:
        """Enter witnesses, or what they say anew. Call inside a transaction."""
        heard, fresh = [], []
        known = {row["identity"]: row for row in self._db.rows("SELECT * FROM witness WHERE athlete = ?", (athlete,))}
        for witness in witnesses:
            row = known.get(witness.identity)
            if row is None:
                values = {**_values(witness), "athlete": athlete, "import": batch, "reader": reader}
                fresh.append([values[name] for name in _COLUMNS])
                heard.append(Heard(new=True))
                continue
            old = witness_of(row)
            other = witness.teller.is_file and row["reader"] != reader
            both = _united(old, witness, newer=other)
            if both != old or other or row["gone"]:
                values = {**_values(both), "reader": reader if other or not witness.teller.is_file else row["reader"]}
                self._db.change(_UPDATE, [*(values[name] for name in _AGAIN), row["key"]])
            changed = changes(_as_kept(row), _log_values(witness.run)) if other else ()
            heard.append(Heard(new=False, again=other, changed=changed))
        self._db.change_all(_INSERT, fresh)
        return heard

    def _find_again(self, witnesses: Sequence[Witness], athlete: int, reader: str) -> int:
        """Number the sessions of older readers as this reader numbers those of their files.

        What it no longer finds in a file that it does read leaves the log, and comes back if it is found again.

        Returns:
            How many recordings left the log.
        """
        now_read: dict[str, list[Run]] = {}
        for witness in witnesses:
            if witness.teller.is_file:
                now_read.setdefault(str(witness.run.content_sha256), []).append(witness.run)
        older: dict[str, list[dict[str, Any]]] = {}
        for row in self._db.rows(f"{_BY_CONTENT} AND reader <> ?", (athlete, reader)):
            if row["content_sha256"] in now_read:
                older.setdefault(row["content_sha256"], []).append(row)
        return sum(self._renumber(now_read[content], rows, reader) for content, rows in older.items())

    def _renumber(self, runs: Sequence[Run], rows: Sequence[Mapping[str, Any]], reader: str) -> int:
        pairs = paired(runs, rows)
        if len(pairs) == len(rows) and all(row["session"] == runs[n].session for n, row in pairs.items()):
            return 0
        found = {row["key"] for row in pairs.values()}
        gone = [(reader, SUPERSEDED, row["key"]) for row in rows if row["key"] not in found]
        self._db.change_all("UPDATE witness SET reader = ?, gone = ? WHERE key = ?", gone)
        # A number may be another row's until that one has moved: first all of them out of the way.
        away = "UPDATE witness SET session = -key, identity = content_sha256 || '#' || (-key) WHERE key = ?"
        self._db.change_all(away, [(row["key"],) for row in rows])
        back = "UPDATE witness SET session = ?, identity = content_sha256 || '#' || ? WHERE key = ?"
        self._db.change_all(back, [(runs[n].session, runs[n].session, row["key"]) for n, row in pairs.items()])
        return len(gone)

    def _typed(self, run: Run, athlete: int) -> Witness:
        """A run that the runner typed in, under a number of its own."""
        sql = "SELECT max(CAST(substr(identity, 7) AS INTEGER)) FROM witness WHERE athlete = ? AND teller = 'typed'"
        number = int(self._db.value(sql, (athlete,)) or 0) + 1
        return Witness(identity=f"{TYPED}:{number}", teller=Teller.TYPED, run=run, typed_in=True, exports=(TYPED,))


def witness_of(row: Mapping[str, Any]) -> Witness:
    """A witness out of its row."""
    return Witness(
        identity=row["identity"],
        teller=Teller(row["teller"]),
        run=run_of(json.loads(row["said"]), row["start"]),
        clock=Clock(row["clock"]),
        typed_in=bool(row["typed_in"]),
        climb_corrected=bool(row["climb_corrected"]),
        told=_instant(row["told"]),
        activities=_texts(row["activities"]),
        exports=_texts(row["exports"]),
        restart=_instant(row["restart"]),
        zone=row["zone"],
    )


@lru_cache(maxsize=LISTS_KEPT)
def _texts(written: str) -> tuple[str, ...]:
    """A list of texts; most witnesses have the same."""
    return tuple(json.loads(written))


def run_of(said: Mapping[str, Any], start: str) -> Run:
    """A run out of its values as they are kept."""
    values = dict(said)
    values["salvaged"] = bool(values.get("salvaged"))
    values["flags"] = tuple((values.get("flags") or "").split())
    notes = values.get("notes") or "[]"
    values["notes"] = () if notes == "[]" else tuple((code, detail) for code, detail in json.loads(notes))
    return Run(start=datetime.fromisoformat(start), **values)


def said_of(run: Run) -> dict[str, Any]:
    """The values of a run as they are kept; what it does not say is left out."""
    return {name: value for name, value in all_bound(run).items() if value is not None}


def _as_kept(row: Mapping[str, Any]) -> dict[str, Any]:
    """The values of a witness as a row of the log has them; None for what its reader did not say."""
    return {**dict.fromkeys(RUN_FIELDS), **json.loads(row["said"]), "start": row["start"]}


def _log_values(run: Run) -> dict[str, Any]:
    start = run.start.astimezone(UTC).isoformat()
    return all_bound(run) | {"start": start}


def _values(witness: Witness) -> dict[str, Any]:
    run = witness.run
    return {
        "identity": witness.identity,
        "teller": str(witness.teller),
        "content_sha256": run.content_sha256,
        "session": run.session,
        "start": run.start.astimezone(UTC).isoformat(),
        "base_id": base_id(run),
        "clock": str(witness.clock),
        "typed_in": int(witness.typed_in),
        "climb_corrected": int(witness.climb_corrected),
        "told": _text(witness.told),
        "activities": json.dumps(witness.activities),
        "exports": json.dumps(witness.exports),
        "restart": _text(witness.restart),
        "zone": witness.zone,
        "said": json.dumps(said_of(run)),
    }


def _united(old: Witness, new: Witness, *, newer: bool) -> Witness:
    """What both said: of values those of the newer reader; of the rest what does not depend on who came first."""
    run = new.run if newer else old.run
    return replace(
        new if newer else old,
        run=replace(run, source=min(old.run.source, new.run.source)),
        activities=tuple(sorted({*old.activities, *new.activities})),
        exports=tuple(sorted({*old.exports, *new.exports})),
        told=max(filter(None, (old.told, new.told)), default=None),
        restart=min(filter(None, (old.restart, new.restart)), default=None),
        zone=new.zone or old.zone,
        typed_in=old.typed_in and new.typed_in,
    )


def _instant(text: str | None) -> datetime | None:
    return None if text is None else datetime.fromisoformat(text)


def _text(instant: datetime | None) -> str | None:
    return None if instant is None else instant.astimezone(UTC).isoformat()
