"""The measures of load in the daily table: their columns, and reading one as arrays in which unknown is not zero."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final, Literal, NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd

from plans.evidence import limit

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]
Texts = npt.NDArray[np.object_]

DAYS_A_WEEK: Final = 7
JOIN: Final = " + "
"""Between several sources of one amount."""

Measure = Literal["distance", "duration", "steps", "ascent", "descent", "srpe"]
MEASURE_COLUMNS: Final[dict[str, str]] = {
    "distance": "distance_km",
    "duration": "duration_min",
    "steps": "steps",
    "ascent": "ascent_m",
    "descent": "descent_m",
    "srpe": "srpe",
}
"""Measure as typed on the command line -> column of the daily and weekly tables."""

OTHER_COLUMNS: Final[dict[str, str]] = {
    "hill_up": "hill_up_km", "hill_down": "hill_down_km", "fast": "fast_min", "running": "running_min",
}  # fmt: skip
"""Amounts beside the measures that are summed and can be missing in the same way."""

SUMMED: Final[dict[str, str]] = {**MEASURE_COLUMNS, **OTHER_COLUMNS}
ALWAYS_KNOWN: Final = ("distance", "duration")
"""Every run has these: one run without them leaves a week incomparable, for a week half seen looks like a rest."""
UNITS: Final[dict[str, str]] = {
    "distance": "km", "duration": "min", "steps": "steps", "ascent": "m", "descent": "m", "srpe": "RPE x min",
}  # fmt: skip


class Load(NamedTuple):
    """One amount of a daily table as arrays of one value a day."""

    values: Floats
    """What is known; 0 on rest days and where nothing of the day is known."""
    missing: Ints
    """Sessions of the day for which the amount was not recorded."""
    runs: Ints
    """Sessions of the day."""


def column_of(measure: str) -> str:
    """The column of a measure. Raises ValueError for a name that is none."""
    try:
        return SUMMED[measure]
    except KeyError:
        raise ValueError(f"no measure {measure!r}; one of {', '.join(MEASURE_COLUMNS)}") from None


def load_of(daily: pd.DataFrame, measure: str) -> Load:
    """One amount of a daily table, day by day.

    A table without the column ``<measure>_missing`` (planned days, a bare series) lacks the amount where it is NaN.
    """
    raw = numbers(daily, column_of(measure))
    runs = runs_of(daily)
    if f"{measure}_missing" in daily.columns:
        missing = np.where(
            np.isnan(raw), np.maximum(runs, 1), np.nan_to_num(numbers(daily, f"{measure}_missing"))
        ).astype(np.int64)
    else:
        missing = np.where(np.isnan(raw), np.maximum(runs, 1), 0).astype(np.int64)
    return Load(np.nan_to_num(raw), missing, runs)


def numbers(table: pd.DataFrame, column: str) -> Floats:
    """A column as float64; NaN throughout where the table does not have it."""
    if column not in table.columns:
        return np.full(len(table), np.nan)
    values = table[column]
    if values.dtype == np.float64:
        return values.to_numpy()
    return values.to_numpy(dtype="float64", na_value=np.nan)


def texts(table: pd.DataFrame, column: str) -> Texts:
    """A column as objects; None where there is no value, or no such column."""
    if column not in table.columns:
        return np.full(len(table), None, dtype=object)
    values = table[column]
    return np.where(values.isna().to_numpy(), None, values.to_numpy(dtype=object))  # type: ignore[call-overload,no-any-return]


def runs_of(daily: pd.DataFrame) -> Ints:
    """Sessions a day; in a table without that column, one on each day with load."""
    if "runs" in daily.columns:
        return np.nan_to_num(numbers(daily, "runs")).astype(np.int64)
    loads = [numbers(daily, column) for column in MEASURE_COLUMNS.values() if column in daily.columns]
    return np.any([~(load == 0) for load in loads], axis=0).astype(np.int64) if loads else np.zeros(len(daily), int)


def frame_of(columns: Mapping[str, Any], index: pd.Index[Any]) -> pd.DataFrame:
    """A table of arrays. Words stay objects with None: no later pandas turns them into text with NaN."""
    words = {name: values for name, values in columns.items() if values.dtype == object}
    others = {name: values for name, values in columns.items() if values.dtype != object}
    parts = [pd.DataFrame(others, index=index), pd.DataFrame(words, index=index, dtype="object")]
    return pd.concat(parts, axis=1)[list(columns)]


def quotient(over: npt.NDArray[Any], under: npt.NDArray[Any], known: npt.NDArray[Any]) -> Floats:
    """``over / under`` where known; NaN elsewhere."""
    out = np.full(np.broadcast_shapes(over.shape, under.shape), np.nan)
    np.divide(over, under, out=out, where=np.asarray(known, dtype=np.bool_))
    return out


def incomparable(measure: str, missing: npt.NDArray[Any], runs: npt.NDArray[Any]) -> Bools:
    """True where too much of a measure is unknown to compare its sums.

    Of distance and time any run that lacks them is too much; of the others, which not every watch records, more than a
    quarter of the runs.
    """
    if measure in ALWAYS_KNOWN:
        return np.asarray(missing > 0, dtype=np.bool_)
    return unknown_share(missing, runs)


def unknown_share(missing: npt.NDArray[Any], runs: npt.NDArray[Any]) -> Bools:
    """True where more of the runs lack an amount than a total can bear (finding ``missing_load_share``)."""
    return np.asarray((missing > limit("missing_load_share") * runs) & (missing > 0), dtype=np.bool_)
