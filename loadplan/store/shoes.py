"""Pairs of shoes, and which pair a run was worn with."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from importers.run import RUN_SPORT
from loadplan.store.tables import Tables

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import date

    from importers.account import Gear


@dataclass(frozen=True, slots=True)
class Wardrobe:
    """The rule that names a run's pair: corrected, else worn, else recorded, else the default of that day."""

    defaults: Sequence[tuple[str, str]]
    """(first day, pair), latest first."""
    retired: Mapping[str, str]
    """Pair -> the day after which it is no longer anybody's default."""

    def worn_on(
        self, row: Mapping[str, Any], recorded: str | None, *, corrected: bool
    ) -> tuple[str | None, str | None]:
        """The pair of a run and how it is known (corrected, worn, recorded, default); (None, None) = unknown."""
        if corrected:
            return row["shoe"], "corrected"
        if row["worn"] is not None:
            return row["worn"], "worn"
        if recorded is not None:
            return recorded, "recorded"
        by_rule = self._default(row["day"]) if row["sport"] == RUN_SPORT else None
        return by_rule, None if by_rule is None else "default"

    def _default(self, day: str) -> str | None:
        name = next((shoe for since, shoe in self.defaults if since <= day), None)
        return None if name is None or day > self.retired.get(name, "~") else name


class ShoeTables(Tables):
    """Pairs of one athlete."""

    def shoes(self) -> list[dict[str, Any]]:
        """Pairs as entered: name, drop_mm, stack_mm, plated, first_day, retired, default_from; None = not said."""
        athlete = self._reader()
        sql = "SELECT name, drop_mm, stack_mm, plated, first_day, retired FROM shoe WHERE athlete = ? ORDER BY name"
        since = {name: day for day, name in reversed(self._defaults(athlete))}
        return [row | {"default_from": since.get(row["name"])} for row in self._db.rows(sql, (athlete,))]

    def add_shoe(
        self,
        name: str,
        *,
        drop_mm: float | None = None,
        stack_mm: float | None = None,
        plated: bool | None = None,
        first_day: date | None = None,
    ) -> bool:
        """Enter a pair, or add to what is known of it; True when it is new."""
        with self._db.transaction():
            athlete = self._writer()
            new = self._db.value("SELECT 1 FROM shoe WHERE athlete = ? AND name = ?", (athlete, name)) is None
            self._db.change("INSERT OR IGNORE INTO shoe (athlete, name) VALUES (?, ?)", (athlete, name))
            sql = """UPDATE shoe SET drop_mm = coalesce(?, drop_mm), stack_mm = coalesce(?, stack_mm),
                plated = coalesce(?, plated), first_day = coalesce(?, first_day) WHERE athlete = ? AND name = ?"""
            day = first_day.isoformat() if first_day else None
            self._db.change(sql, (drop_mm, stack_mm, None if plated is None else int(plated), day, athlete, name))
        return new

    def _enter_gear(self, gear: Iterable[Gear], athlete: int) -> None:
        """Enter the pairs that an account lists. What the runner said of a pair stays. Call inside a transaction."""
        for pair in gear:
            self._db.change("INSERT OR IGNORE INTO shoe (athlete, name) VALUES (?, ?)", (athlete, pair.name))
            sql = """UPDATE shoe SET first_day = coalesce(first_day, ?), retired = coalesce(retired, ?)
                WHERE athlete = ? AND name = ?"""
            days = (
                pair.first_day.isoformat() if pair.first_day else None,
                pair.retired.isoformat() if pair.retired else None,
            )
            self._db.change(sql, (*days, athlete, pair.name))

    def default_shoe(self, name: str, since: date) -> None:
        """From this day on, a run without a known pair counts as run in this one."""
        with self._db.transaction():
            sql = "INSERT OR REPLACE INTO shoe_default (athlete, from_day, name) VALUES (?, ?, ?)"
            self._db.change(sql, (self._writer(), since.isoformat(), name))

    def retire_shoe(self, name: str, day: date) -> None:
        """The pair was worn for the last time on this day."""
        self.add_shoe(name)
        with self._db.transaction():
            sql = "UPDATE shoe SET retired = ? WHERE athlete = ? AND name = ?"
            self._db.change(sql, (day.isoformat(), self._writer(), name))

    def wardrobe(self) -> Wardrobe:
        """The rule by which runs get their pair."""
        athlete = self._reader()
        rows = self._db.rows("SELECT name, retired FROM shoe WHERE athlete = ? AND retired IS NOT NULL", (athlete,))
        return Wardrobe(self._defaults(athlete), {row["name"]: row["retired"] for row in rows})

    def _defaults(self, athlete: int) -> list[tuple[str, str]]:
        sql = "SELECT from_day, name FROM shoe_default WHERE athlete = ? ORDER BY from_day DESC"
        return [(row["from_day"], row["name"]) for row in self._db.rows(sql, (athlete,))]
