"""A run log beside what was really done: what is lost, what is there twice, what is told otherwise."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any


@dataclass(frozen=True)
class Truth:
    """One activity as the log must tell it. None: not known from here, and not compared."""

    start: datetime
    sport: str
    metres: float | None
    moving_s: float | None = None
    day: date | None = None
    shoe: str | None = None
    metres_off: float = 1.0
    """So many metres it may be off, since what tells it is rounded."""
    seconds_off: float = 1.5
    start_off: float = 2.0


def rows_of(runs: Iterable[Any]) -> list[dict[str, Any]]:
    """Runs of ``read_export`` or rows of ``log --format json``, alike."""
    return [_row(run) for run in runs]


def _row(run: Any) -> dict[str, Any]:
    told = run if isinstance(run, Mapping) else {k: getattr(run, k) for k in _NAMES}
    start = told["start"] if isinstance(told["start"], datetime) else datetime.fromisoformat(told["start"])
    return {**{k: told.get(k) for k in _NAMES}, "start": start.astimezone(UTC), "day": str(told["day"])}


_NAMES = ("start", "day", "sport", "distance_m", "moving_s", "elapsed_s", "shoe", "source")


def gist(runs: Iterable[Any]) -> list[tuple[Any, ...]]:
    """What the runs are, without where they were read."""
    return [tuple(value for key, value in row.items() if key != "source") for row in rows_of(runs)]


def differences(truth: Iterable[Truth], runs: Iterable[Any], *, shoes: bool = True) -> list[str]:
    """Sentences; none where the log has each activity once and as it was."""
    rows, said = rows_of(runs), []
    left = list(range(len(rows)))
    for one in truth:
        mine = [k for k in left if _same(one, rows[k])]
        if not mine:
            said.append(f"lost: {one.sport} of {one.start:%F %T}, {one.metres} m")
            continue
        best = min(mine, key=lambda k: (abs(_seconds(rows[k], one)), _off(one, rows[k]["distance_m"])))
        left.remove(best)
        said += _told_otherwise(one, rows[best], shoes=shoes)
    return said + [
        f"too many: {r['sport']} of {r['start']:%F %T}, {r['distance_m']} m: {r['source']}"
        for k in left
        for r in [rows[k]]
    ]


def _same(one: Truth, row: Mapping[str, Any]) -> bool:
    return row["sport"] == one.sport and abs(_seconds(row, one)) <= one.start_off


def _seconds(row: Mapping[str, Any], one: Truth) -> float:
    return float((row["start"] - one.start).total_seconds())


def _off(one: Truth, metres: float | None) -> float:
    return 0.0 if one.metres is None else float("inf") if metres is None else abs(metres - one.metres)


def _told_otherwise(one: Truth, row: Mapping[str, Any], *, shoes: bool) -> list[str]:
    what = f"{one.sport} of {one.start:%F %T} ({row['source']})"
    said = []
    if _off(one, row["distance_m"]) > one.metres_off:
        said.append(f"{what}: {row['distance_m']} m, not {one.metres}")
    if one.moving_s is not None and (row["moving_s"] is None or abs(row["moving_s"] - one.moving_s) > one.seconds_off):
        said.append(f"{what}: moving {row['moving_s']} s, not {one.moving_s}")
    if one.day is not None and row["day"] != str(one.day):
        said.append(f"{what}: on {row['day']}, not {one.day}")
    if shoes and one.sport == "run" and row["shoe"] != one.shoe:
        said.append(f"{what}: in {row['shoe']!r}, not {one.shoe!r}")
    return said


def reconciles(counts: Mapping[str, int]) -> bool:
    """Each found thing has one fate."""
    return counts["found"] == sum(counts[k] for k in ("kept", "duplicates", "not_activities", "rejected"))
