"""Recordings of one file as a newer reader sees them, and the rows in which an older reader left them."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from importers.run import Run

    Row = Mapping[str, Any]

SAME_START_S: Final = 60.0
"""Two readers may take the first sample or the session's own word for the start; that is less than a minute apart."""
SUPERSEDED: Final = "superseded"
"""In ``run.removed``: a newer reader does not find this recording in its file. One that finds it brings it back."""


def reader_name() -> str:
    """The version that measures, as it stands beside every run."""
    from importlib.metadata import version

    from importers.version import READER_VERSION

    return f"loadplan {version('loadplan')}, reader {READER_VERSION}"


def paired(runs: Sequence[Run], rows: Sequence[Row]) -> dict[int, Row]:
    """Which row is which run: the nearest start within a minute, else the same session of the file.

    Args:
        runs: all recordings of one content, as they are read now.
        rows: all rows of that content (``key``, ``start``, ``session``).

    Returns:
        Number of the run -> its row. A run without one is new; a row without one is no longer found in the file.
    """
    apart = sorted(
        (abs(_start(row) - run.start.astimezone(UTC).timestamp()), run.session, row["key"], n, row)
        for n, run in enumerate(runs)
        for row in rows
    )
    found: dict[int, Row] = {}
    taken: set[int] = set()
    for seconds, _, key, n, row in apart:
        if seconds <= SAME_START_S and n not in found and key not in taken:
            found[n] = row
            taken.add(key)
    left = {row["session"]: row for row in rows if row["key"] not in taken}
    for n, run in enumerate(runs):
        if n not in found and run.session in left:
            found[n] = left.pop(run.session)
    return found


def _start(row: Row) -> float:
    return datetime.fromisoformat(row["start"]).timestamp()
