"""What all groups of tables share: the database and whose rows are meant."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from loadplan.store.database import Database


class Tables:
    """A view of one athlete's rows in one store."""

    _db: Database
    athlete: str

    def _reader(self) -> int:
        """Key of the athlete for a query; 0, which is nobody, where nothing is known of the athlete yet."""
        return int(self._db.value("SELECT key FROM athlete WHERE name = ?", (self.athlete,)) or 0)

    def _writer(self) -> int:
        """Key of the athlete, entered now if new. Call inside a transaction."""
        return self._reader() or self._db.change("INSERT INTO athlete (name) VALUES (?)", (self.athlete,))
