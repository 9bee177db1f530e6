"""One athlete in the coach's index: small enough to go from the process that drew the page to the one that waits."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from loadplan.attention import Reason


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One athlete in the index; the page itself is on disk by then."""

    name: str
    file: str
    reasons: tuple[Reason, ...]
    last_run: str
    last_week: str
    order: tuple[int, int, int, str]
    """Where the athlete stands in the index."""
