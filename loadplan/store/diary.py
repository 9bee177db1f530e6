"""What the runner says and what was planned: screenings, plans, pain, form. JSON beside the columns that find it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from loadplan.store.rows import now
from loadplan.store.tables import Tables

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date


class DiaryTables(Tables):
    """Screenings, plans, pain and form of one athlete."""

    def add_screening(
        self,
        day: date,
        answers: Mapping[str, Any],
        result: Mapping[str, Any],
        *,
        reason: str | None = None,
        clinician: str | None = None,
    ) -> None:
        """Keep a screening of this day; ``reason`` and ``clinician`` when its stop was lifted."""
        with self._db.transaction():
            sql = """INSERT INTO screening (athlete, made, day, answers, result, reason, clinician)
                VALUES (?, ?, ?, ?, ?, ?, ?)"""
            texts = json.dumps(dict(answers)), json.dumps(dict(result))
            self._db.change(sql, (self._writer(), now(), day.isoformat(), *texts, reason, clinician))

    def last_screening(self, as_of: date) -> dict[str, Any] | None:
        """The latest screening up to a day: day, answers, result, reason, clinician; None where there is none."""
        sql = """SELECT day, answers, result, reason, clinician FROM screening WHERE athlete = ? AND day <= ?
            ORDER BY day DESC, key DESC LIMIT 1"""
        rows = self._db.rows(sql, (self._reader(), as_of.isoformat()))
        if not rows:
            return None
        return rows[0] | {name: json.loads(rows[0][name]) for name in ("answers", "result")}

    def add_plan(self, plan: Mapping[str, Any], as_of: date, *, original: int | None = None) -> int:
        """Keep a plan (its JSON); its id. ``original`` is the plan that this one adapts."""
        with self._db.transaction():
            sql = "INSERT INTO plan (athlete, original, made, as_of, plan) VALUES (?, ?, ?, ?, ?)"
            values = (self._writer(), original, now(), as_of.isoformat(), json.dumps(dict(plan)))
            return self._db.change(sql, values)

    def plan(self, key: int | None = None) -> dict[str, Any] | None:
        """The latest plan (or the one with this id) as stored, with ``id``, ``original`` and ``as_of``; or None."""
        sql = """SELECT key AS id, coalesce(original, key) AS original, as_of, plan FROM plan
            WHERE athlete = ? AND (? IS NULL OR key = ?) ORDER BY key DESC LIMIT 1"""
        rows = self._db.rows(sql, (self._reader(), key, key))
        if not rows:
            return None
        stored = json.loads(rows[0].pop("plan"))
        return {**stored, **rows[0]}

    def plan_versions(self, original: int) -> list[dict[str, Any]]:
        """The plan with this id and every update of it, the oldest first, each as ``plan`` gives it."""
        sql = """SELECT key AS id, coalesce(original, key) AS original, as_of, plan FROM plan
            WHERE athlete = ? AND coalesce(original, key) = ? ORDER BY key"""
        rows = self._db.rows(sql, (self._reader(), original))
        return [{**json.loads(row.pop("plan")), **row} for row in rows]

    def add_pain(self, day: date, entry: Mapping[str, Any]) -> int:
        """Keep one entry of the pain diary; its id."""
        with self._db.transaction():
            sql = "INSERT INTO pain (athlete, made, day, entry) VALUES (?, ?, ?, ?)"
            return self._db.change(sql, (self._writer(), now(), day.isoformat(), json.dumps(dict(entry))))

    def pain(self, *, first: date | None = None, last: date | None = None) -> list[dict[str, Any]]:
        """The diary by day, each entry with its ``id`` and ``day``."""
        sql = "SELECT key AS id, day, entry FROM pain WHERE athlete = ? AND day BETWEEN ? AND ? ORDER BY day, key"
        span = first.isoformat() if first else "", last.isoformat() if last else "~"
        return [json.loads(row.pop("entry")) | row for row in self._db.rows(sql, (self._reader(), *span))]

    def add_form(self, day: date, entry: Mapping[str, Any]) -> int:
        """Keep the grades of one recording of the form; their id."""
        with self._db.transaction():
            sql = "INSERT INTO form (athlete, made, day, entry) VALUES (?, ?, ?, ?)"
            return self._db.change(sql, (self._writer(), now(), day.isoformat(), json.dumps(dict(entry))))

    def forms(self, *, last: date | None = None) -> list[dict[str, Any]]:
        """Grades of the form by day, each with its ``id`` and ``day``."""
        sql = "SELECT key AS id, day, entry FROM form WHERE athlete = ? AND day <= ? ORDER BY day, key"
        rows = self._db.rows(sql, (self._reader(), last.isoformat() if last else "~"))
        return [json.loads(row.pop("entry")) | row for row in rows]
