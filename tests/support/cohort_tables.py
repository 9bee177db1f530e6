"""Small tables of a cohort, of which only the interesting number is visible; and plain counting beside the analysis."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from typing import Any

import pandas as pd

from loadplan.cohort.flags import FLAGS
from loadplan.cohort.injuries import INJURIES
from loadplan.cohort.tables import WEEKS, typed

MONDAY = date(2024, 1, 1)
USUAL: dict[str, Any] = {
    "complete": True, "runs": 3, "distance_km": 30.0, "duration_min": 180.0, "longest_km": 12.0, "change_pct": 0.0,
    "build_change_pct": 0.0, "acwr": 1.0, "acwr_band": "usual", "acwr_coupled": 1.0, "acwr_coupled_band": "usual",
    "acwr_ewma": 1.0, "acwr_ewma_band": "usual", "spike_pct": 0.0, "spike_band": "none",
}  # fmt: skip
UNKNOWN = {"str": None, "float64": float("nan"), "int64": 0, "bool": False}
SPIKED = {"spike_pct": 50.0, "spike_band": "moderate"}
UNSEEN = {"spike_pct": float("nan"), "spike_band": None}


def monday(week: int) -> str:
    return (MONDAY + timedelta(weeks=week)).isoformat()


def week_rows(runner: str, count: int, changes: Mapping[int, Mapping[str, Any]] | None = None) -> list[dict[str, Any]]:
    """``count`` weeks that are all alike, but for the changes."""
    own = changes or {}
    blank = {name: UNKNOWN[kind] for name, kind in WEEKS.items()}
    return [blank | USUAL | {"runner": runner, "week": monday(n)} | dict(own.get(n, {})) for n in range(count)]


def weeks_table(rows: Sequence[Mapping[str, Any]]) -> pd.DataFrame:
    return typed({name: [row[name] for row in rows] for name in WEEKS}, WEEKS)


def injuries_table(rows: Iterable[tuple[str, str, float | None]]) -> pd.DataFrame:
    some = [(runner, day, float("nan") if lost is None else lost) for runner, day, lost in rows]
    return typed({name: [row[n] for row in some] for n, name in enumerate(INJURIES)}, INJURIES)


def flags_table(rows: Iterable[tuple[str, str, str, int, int]] = ()) -> pd.DataFrame:
    some = list(rows)
    return typed({name: [row[n] for row in some] for n, name in enumerate(FLAGS)}, FLAGS)


def counted_plainly(
    rows: Sequence[Mapping[str, Any]], injuries: Sequence[tuple[str, str, float | None]], after_days: int, history: int
) -> dict[str, list[int]]:
    """Runner -> exposed and unexposed case weeks, exposed and unexposed base weeks of spikes; loops and dates alone."""
    out: dict[str, list[int]] = {}
    for runner in {row["runner"] for row in rows}:
        mine = sorted((row for row in rows if row["runner"] == runner), key=lambda row: row["week"])
        begun = date.fromisoformat(mine[0]["week"])
        weeks = {row["week"] for row in mine}
        hurt = {(day, lost) for who, day, lost in injuries if who == runner and _monday_of(day) in weeks}
        counts = [0, 0, 0, 0]
        for row in mine:
            first = date.fromisoformat(row["week"])
            if not (row["complete"] and row["runs"] and row["spike_band"] is not None):
                continue
            if (first - begun).days < 7 * history or not any(_monday_of(day) > row["week"] for day, _ in hurt):
                continue
            if any(0 <= (first - date.fromisoformat(_monday_of(day))).days <= _after(lost, after_days) for day, lost in
                   hurt):  # fmt: skip
                continue
            case = any(1 <= (date.fromisoformat(_monday_of(day)) - first).days / 7 <= 4 for day, _ in hurt)
            counts[(0 if case else 2) + (0 if row["spike_pct"] > 10 else 1)] += 1
        out[runner] = counts
    return out


def _monday_of(day: str) -> str:
    one = date.fromisoformat(day)
    return (one - timedelta(days=one.weekday())).isoformat()


def _after(lost: float | None, after_days: int) -> int:
    """Whole weeks, in days."""
    days = after_days if lost is None else max(after_days, lost + 35)
    return 7 * int(-(-days // 7))
