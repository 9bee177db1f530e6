"""What became of the rows of one table, in numbers that add up."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """What became of the rows of one table. ``rows = runs + other + merged + parents + unreadable + unexplained``."""

    source: str
    kind: str
    rows: int
    runs: int
    other: int
    merged: int
    """Rows of an activity that another row of this table is about, too."""
    parents: int
    """Multisport activities whose parts have rows of their own."""
    unreadable: int

    @property
    def unexplained(self) -> int:
        """Rows of which nothing is known; 0, or something is wrong with us."""
        return self.rows - self.runs - self.other - self.merged - self.parents - self.unreadable
