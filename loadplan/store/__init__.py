"""The run log on disk: one SQLite file, any number of athletes. The only room that speaks SQL.

    >>> from loadplan.store import Store
    >>> with Store.open(None) as store:
    ...     store.runs()
    []

Nothing here needs numpy or pandas, so that showing the log starts fast.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self

from loadplan.store.database import Database
from loadplan.store.diary import DiaryTables
from loadplan.store.imports import Batch, ImportResult, ImportTables
from loadplan.store.place import StoreError
from loadplan.store.schema import VERSION

if TYPE_CHECKING:
    from contextlib import AbstractContextManager
    from pathlib import Path
    from types import TracebackType

__all__ = ["VERSION", "Batch", "ImportResult", "Store", "StoreError"]


class Store(ImportTables, DiaryTables):
    """One athlete's view of one store file. Use it as a context manager."""

    def __init__(self, database: Database, athlete: str) -> None:
        self._db = database
        self.athlete = athlete

    @classmethod
    def open(cls, path: Path | None, *, create: bool = True, athlete: str = "me", dry_run: bool = False) -> Self:
        """Open the store at ``path``.

        Args:
            path: The SQLite file; None is an empty store in memory.
            create: Make the file where there is none. Without it a missing store reads as empty.
            athlete: Whose rows are read and written.
            dry_run: Do everything and take it back at the end; a missing file is not made.

        Raises:
            StoreError: locked, full, damaged, newer, not ours. Its text says what to do.
        """
        return cls(Database(path, create=create, dry_run=dry_run), athlete)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the file."""
        self._db.close()

    def athletes(self) -> list[str]:
        """Everybody in this store, by name."""
        return [row["name"] for row in self._db.rows("SELECT name FROM athlete ORDER BY name")]

    def together(self) -> AbstractContextManager[None]:
        """What is written inside this context is kept as a whole, or not at all."""
        return self._db.transaction()

    def backup(self, target: Path) -> None:
        """Write a whole, consistent copy of the store to ``target`` (0600), at once or not at all."""
        self._db.copy_to(target)

    def health(self) -> dict[str, Any]:
        """What a check of the file finds: ``version``, ``problems`` (SQLite's own check), ``rows`` by table.

        ``readers`` counts the recorded runs of the log by the reader that measured them; ``pending`` files that an
        interrupted import has read and that are not in the log.
        """
        tables = ("athlete", "import", "run", "correction", "shoe", "screening", "plan", "pain", "witness")
        rows = {name: int(self._db.value(f"SELECT count(*) FROM {name}")) for name in tables}
        sql = """SELECT reader, count(*) AS runs FROM run WHERE removed IS NULL AND content_sha256 IS NOT NULL
            GROUP BY reader ORDER BY reader"""
        readers = {row["reader"]: int(row["runs"]) for row in self._db.rows(sql)}
        pending = int(self._db.value("SELECT count(*) FROM reading WHERE said IS NOT NULL AND runs > 0"))
        found = {"version": self._db.version(), "problems": self._db.check()}
        return {**found, "rows": rows, "readers": readers, "pending": pending}
