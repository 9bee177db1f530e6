"""Which file a row of an account is about: by what the row says of start, time and distance.

A name is a label, no proof. A watch whose clock was wrong is corrected at the service: then the row knows the start.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

from importers.account import AccountRow
from importers.decoding import Outcome
from importers.garmin import GarminRow
from importers.run import Run
from importers.witness import QUARTER_S, SAME_START_S, SHIFT_MAX_S

SAME_DISTANCE: Final = 0.03
"""A row and its file may differ by so much: rounding, pauses, a service's own way of counting."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where a content was met: what it was downloaded with, and its label with that before it."""

    export: str
    label: str
    path: str
    content_sha256: str


def sessions_about(row: AccountRow, outcome: Outcome, *, wall: bool = False) -> list[tuple[Run, datetime | None]]:
    """Sessions of a file that a row is about, each with its start where only the row knows it.

    None of them: the row is about another activity. A row of the wall clock is taken on the file's own.
    """
    offset = next((run.utc_offset_s for run in outcome.runs if run.utc_offset_s is not None), None)
    if wall and offset is not None:
        row = replace(row, start=row.start - timedelta(seconds=offset), utc_known=True)
    if len(outcome.runs) + len(outcome.astray) == 1:
        run = [*outcome.runs, *outcome.astray][0]
        fit, restart = _fits(row, run, wrong_clock=bool(outcome.astray))
        return [(run, restart)] if fit else []
    exact = [run for run in outcome.runs if _starts_with(row, run) and _alike(row.distance_m, run.distance_m)]
    if exact:
        return [(exact[0], None)]
    end = row.start.timestamp() + (row.elapsed_s or row.moving_s or 0.0)
    within = [run for run in outcome.runs if (run.start - row.start).total_seconds() >= -SAME_START_S]
    within = [run for run in within if run.start.timestamp() <= end + SAME_START_S]
    return [(run, None) for run in within]


def _fits(row: AccountRow, run: Run, *, wrong_clock: bool) -> tuple[bool, datetime | None]:
    """Whether a row is about this recording, and the start where the recording's own cannot be."""
    apart = (run.start - row.start).total_seconds()
    alike = _alike(row.distance_m, run.distance_m)
    if not row.utc_known:
        return alike, row.start if wrong_clock and alike else None
    if wrong_clock:
        return alike, row.start if alike else None
    if abs(apart) <= SAME_START_S or _overlap(row, run):
        return True, None
    if not alike:
        return False, None
    shifted = abs(apart - round(apart / QUARTER_S) * QUARTER_S) <= SAME_START_S and abs(apart) <= SHIFT_MAX_S
    return True, None if shifted else row.start


def _starts_with(row: AccountRow, run: Run) -> bool:
    return row.utc_known and abs((run.start - row.start).total_seconds()) <= SAME_START_S


def _overlap(row: AccountRow, run: Run) -> bool:
    starts, spans = (row.start, run.start), (row.elapsed_s or row.moving_s or 0.0, run.elapsed_s or 0.0)
    ends = [start.timestamp() + span for start, span in zip(starts, spans, strict=True)]
    return min(ends) > max(start.timestamp() for start in starts)


def _alike(one: float | None, other: float | None) -> bool:
    return bool(one) and bool(other) and abs(one - other) <= SAME_DISTANCE * max(one, other)  # type: ignore[operator,type-var]


# ---------------------------------------------------------------- Garmin: by the second
@dataclass(slots=True)
class Beside:
    """Recordings of one export by the second in which they begin."""

    starts: dict[int, list[Run]]
    taken: set[tuple[str | None, int]]
    wall: bool
    """Whether the rows are on the wall clock: then recordings of any export may be theirs."""

    def __init__(
        self, outcomes: Mapping[str, Outcome], places: Iterable[Place], base: str, *, wall: bool = False
    ) -> None:
        contents = dict.fromkeys(place.content_sha256 for place in places if wall or place.export == base)
        self.starts, self.taken, self.wall = {}, set(), wall
        for run in (run for content in contents for run in outcomes[content].runs):
            if not wall or run.utc_offset_s is not None:
                self.starts.setdefault(int(_clock(run, wall=wall)), []).append(run)

    def starting(self, row: AccountRow) -> list[str]:
        """Content of the file whose recording begins with the row, the same sport and the nearest distance first."""
        if row.utc_known is self.wall:
            return []
        free = [run for run in self._near(row) if (run.content_sha256, run.session) not in self.taken]
        best = min(free, key=lambda run: _unlike(row, run), default=None)
        if best is None:
            return []
        self.taken.add((best.content_sha256, best.session))
        return [str(best.content_sha256)]

    def inside(self, row: AccountRow) -> int:
        """How many recordings begin while the row goes on."""
        end = row.start.timestamp() + (row.elapsed_s or row.moving_s or 0.0)
        return sum(
            len(runs) for second, runs in self.starts.items() if row.start.timestamp() - SAME_START_S <= second <= end
        )

    def _near(self, row: AccountRow) -> Iterator[Run]:
        second = int(row.start.timestamp())
        reach = int(SAME_START_S) + 1
        for near in range(second - reach, second + reach + 1):
            for run in self.starts.get(near, ()):
                if abs(_clock(run, wall=self.wall) - row.start.timestamp()) <= SAME_START_S:
                    yield run


def _clock(run: Run, *, wall: bool) -> float:
    """Start of a recording (s), on the wall clock as if it were UTC where that is wanted."""
    return run.start.timestamp() + ((run.utc_offset_s or 0) if wall else 0)


def _unlike(row: AccountRow, run: Run) -> tuple[bool, float, str]:
    apart = abs((row.distance_m or 0.0) - (run.distance_m or 0.0))
    return run.sport != row.sport, apart, f"{run.content_sha256}#{run.session}"


def parents_of(rows: Sequence[AccountRow], beside: Beside | None) -> set[str]:
    """Multisport rows whose parts are there themselves, as rows or as recordings."""
    parents = [row for row in rows if row.is_parent]
    if not parents:
        return set()
    children = {row.parent_id for row in rows if isinstance(row, GarminRow) and row.parent_id}
    return {
        row.activity_id
        for row in parents
        if row.activity_id in children or _parts(row, rows) or (beside is not None and beside.inside(row))
    }


def _parts(parent: AccountRow, rows: Sequence[AccountRow]) -> bool:
    seconds = parent.elapsed_s or parent.moving_s or 0.0
    return any(
        not row.is_parent and -SAME_START_S <= (row.start - parent.start).total_seconds() <= seconds for row in rows
    )
