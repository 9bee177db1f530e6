"""The run log as a table: one row a run or other activity. Its columns, and the check at the door.

Every later room takes this plain DataFrame. ``docs/names.md`` lists each column with unit and meaning.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Any, Final

import numpy as np
import pandas as pd

from loadplan.measures import frame_of

LOG_COLUMNS: Final[dict[str, str]] = {
    "id": "object",
    "start": "datetime64[ns, UTC]",
    "day": "datetime64[ns]",
    "utc_offset_s": "float64",
    "sport": "object",
    "surface": "object",
    "distance_m": "float64",
    "elapsed_s": "float64",
    "moving_s": "float64",
    "running_s": "float64",
    "ascent_m": "float64",
    "descent_m": "float64",
    "climb_source": "object",
    "hill_up_m": "float64",
    "hill_down_m": "float64",
    "steps": "float64",
    "cadence_spm": "float64",
    "heart_rate_bpm": "float64",
    "rpe": "float64",
    "shoe": "object",
    "device": "object",
    "source": "object",
}
"""Columns every run log has; more may stand beside them. ``day`` is the local calendar day, at midnight, naive."""

NEVER_NEGATIVE: Final = (
    "distance_m", "elapsed_s", "moving_s", "running_s", "ascent_m", "descent_m", "hill_up_m", "hill_down_m",
    "steps", "cadence_spm", "heart_rate_bpm", "rpe",
)  # fmt: skip
"""Columns of amounts: negative or infinite values are mistakes, NaN is unknown."""


def check_log(df: pd.DataFrame) -> pd.DataFrame:
    """Check that a table is a run log, and hand it back unchanged.

    Raises:
        ValueError: A column is absent, of the wrong type or holds an impossible value; the message names it.
    """
    for name, dtype in LOG_COLUMNS.items():
        if name not in df.columns:
            raise ValueError(f"the run log has no column {name!r} ({dtype})")
        _check_column(df[name], dtype)
    for name in NEVER_NEGATIVE:
        values = df[name].to_numpy(dtype="float64")
        if np.isinf(values).any() or (values < 0).any():
            raise ValueError(f"column {name!r} holds a negative or infinite value; unknown is NaN")
    return df


def _check_column(column: pd.Series[Any], dtype: str) -> None:
    if dtype == "float64" and not pd.api.types.is_numeric_dtype(column.dtype):
        raise ValueError(f"column {column.name!r} must hold numbers, not {column.dtype}")
    if not dtype.startswith("datetime64"):
        return
    if not pd.api.types.is_datetime64_any_dtype(column.dtype):
        raise ValueError(f"column {column.name!r} must hold dates, not {column.dtype}")
    aware = isinstance(column.dtype, pd.DatetimeTZDtype)
    if aware != dtype.endswith("UTC]"):
        raise ValueError(f"column {column.name!r} must be {'aware (UTC)' if not aware else 'naive local days'}")
    if column.isna().any():
        raise ValueError(f"column {column.name!r} has a row without a value")


def log_table(runs: Iterable[Mapping[str, Any]]) -> pd.DataFrame:
    """Make the run log of rows as the store gives them.

    Args:
        runs: Mappings with the keys of ``LOG_COLUMNS``; more keys become more columns, absent ones are unknown.
            ``start`` is an aware datetime or ISO text, ``day`` a date or ISO text; without ``day`` the local day
            follows from ``start`` and ``utc_offset_s``.

    Returns:
        The log, sorted by start and id, typed as ``LOG_COLUMNS``; None became NaN in columns of numbers.

    Raises:
        ValueError: A row has no start, a start without a zone, or a value that is no number.

    Example:
        >>> from loadplan.runlog import log_table
        >>> log = log_table([{"id": "a", "start": "2026-03-02T07:00:00+00:00", "sport": "run", "distance_m": 5000}])
        >>> log["distance_m"].tolist()
        [5000.0]
    """
    rows = [dict(row) for row in runs]
    for row in rows:
        row["start"] = _instant(row)
        row["day"] = _local_day(row)
    rows.sort(key=lambda row: (row["start"], str(row.get("id"))))
    columns = {name: _typed(name, [row.get(name) for row in rows], dtype) for name, dtype in LOG_COLUMNS.items()}
    for name in dict.fromkeys(key for row in rows for key in row):
        if name not in columns:
            columns[name] = _more([row.get(name) for row in rows])
    return check_log(frame_of(columns, pd.RangeIndex(len(rows))))


def _more(values: list[Any]) -> Any:
    """A column that the log need not have. Among texts an unknown one stays None: newer pandas would make it NaN."""
    if any(isinstance(value, str) for value in values):
        return pd.Series(values, dtype="object").to_numpy()
    return pd.Series(values).array


def _instant(row: Mapping[str, Any]) -> datetime:
    start = row.get("start")
    if isinstance(start, str):
        start = datetime.fromisoformat(start)
    if not isinstance(start, datetime) or start.tzinfo is None:
        raise ValueError(f"column 'start' needs an instant with a zone, not {row.get('start')!r}")
    return start


def _local_day(row: Mapping[str, Any]) -> date:
    day = row.get("day")
    if day is None:
        offset = row.get("utc_offset_s")
        start: datetime = row["start"]
        return (start.astimezone(UTC) + timedelta(seconds=float(offset or 0))).date()
    if isinstance(day, str):
        day = datetime.fromisoformat(day)
    return day.date() if isinstance(day, datetime) else day


def _typed(name: str, values: list[Any], dtype: str) -> Any:
    if dtype == "object":
        words = np.empty(len(values), dtype=object)
        words[:] = [None if _unknown(v) else v for v in values]
        return words
    if dtype == "float64":
        try:
            return np.array([np.nan if v is None else float(v) for v in values], dtype=np.float64)
        except (TypeError, ValueError) as error:
            raise ValueError(f"column {name!r} must hold numbers: {error}") from error
    days = np.array([_naive(v) for v in values], dtype="datetime64[ns]")
    index = pd.DatetimeIndex(days, name=name)
    return index.tz_localize("UTC") if dtype.endswith("UTC]") else index


def _naive(value: date) -> np.datetime64:
    """A day, or an aware instant as the naive UTC that NumPy holds."""
    return np.datetime64(value.astimezone(UTC).replace(tzinfo=None) if isinstance(value, datetime) else value, "ns")


def _unknown(value: Any) -> bool:
    return value is None or value is pd.NaT or (isinstance(value, float) and value != value)
