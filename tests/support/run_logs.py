"""Small run logs and bare daily tables, of which only the interesting number is visible."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pandas as pd

from loadplan.runlog import log_table

MONDAY = date(2026, 1, 5)


def a_run(
    day: int, km: float | None = 5.0, minutes: float | None = None, *, hour: float = 7.0, **more: Any
) -> dict[str, Any]:
    """A run ``day`` days after MONDAY, at 6 min/km unless told otherwise."""
    start = datetime(2026, 1, 5, tzinfo=UTC) + timedelta(days=day, hours=hour)
    seconds = None if minutes is None and km is None else 60 * (6 * (km or 0) if minutes is None else minutes)
    base = {
        "id": f"{start:%Y%m%dT%H%M%S}-run",
        "start": start,
        "sport": "run",
        "distance_m": None if km is None else 1000 * km,
        "moving_s": seconds,
        "elapsed_s": seconds,
    }
    return base | more


def a_log(runs: Iterable[dict[str, Any]]) -> pd.DataFrame:
    return log_table(runs)


def day(number: int) -> date:
    return MONDAY + timedelta(days=number)


def bare_days(km: Sequence[float], **columns: Sequence[Any]) -> pd.DataFrame:
    """A daily table of nothing but km, from MONDAY on."""
    index = pd.date_range(MONDAY, periods=len(km), name="day")
    return pd.DataFrame({"distance_km": [float(x) for x in km], **columns}, index=index)


def bare_weeks(totals: Sequence[float], **columns: Sequence[Any]) -> pd.DataFrame:
    """A daily table of weeks with the same km every day."""
    return bare_days([total / 7 for total in totals for _ in range(7)], **columns)


def runs_of_weeks(*totals: float, per_week: int = 4, **more: Any) -> list[dict[str, Any]]:
    """Equal runs that sum up to each week's km, on Monday, Tuesday, Thursday and so on; the first on MONDAY."""
    days = (0, 1, 3, 5, 6, 2, 4)[:per_week]
    return [a_run(7 * w + d, km / per_week, **more) for w, km in enumerate(totals) if km for d in days]
