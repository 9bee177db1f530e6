"""The six load metrics as others would write them: pandas groupby.rolling, polars expressions, DuckDB windows.

Each takes a long table (runner, day, metres) sorted by both, and gives the metrics on every day.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from importlib.util import find_spec
from typing import Any

import numpy as np
import pandas as pd

NAMES = ("coupled", "uncoupled", "ewma", "change_pct", "monotony", "longest_m")
Prepare = Callable[[pd.DataFrame], Any]
Work = Callable[[Any], Any]


@dataclass(frozen=True)
class Way:
    """One library: its table, how it computes the metrics, and how to read them as arrays."""

    name: str
    prepare: Prepare
    work: Work
    read: Callable[[Any], dict[str, np.ndarray]]
    floor: float | None = None


def long_table(metres: np.ndarray) -> pd.DataFrame:
    runners, days = metres.shape
    return pd.DataFrame(
        {"runner": np.repeat(np.arange(runners), days), "day": np.tile(np.arange(days), runners),
         "m": metres.reshape(-1).astype(np.float64)}
    )  # fmt: skip


# ---------------------------------------------------------------- pandas
def with_pandas(table: pd.DataFrame) -> pd.DataFrame:
    by = table.groupby("runner", sort=False)["m"]

    def rolled(days: int, what: str) -> pd.Series:
        return getattr(by.rolling(days), what)().droplevel(0)

    def later(values: pd.Series, days: int) -> pd.Series:
        return values.groupby(table["runner"], sort=False).shift(days)

    week, four = rolled(7, "sum"), rolled(28, "sum")
    short, long = (by.ewm(span=n, adjust=False).mean().droplevel(0) for n in (7, 28))
    return pd.DataFrame(
        {
            "coupled": 4 * week / four, "uncoupled": 4 * week / later(four, 7), "ewma": short / long,
            "change_pct": 100 * (week / later(week, 7) - 1), "monotony": rolled(7, "mean") / rolled(7, "std"),
            "longest_m": later(rolled(30, "max").fillna(by.cummax()), 1),
        }
    )  # fmt: skip


# ---------------------------------------------------------------- polars
def with_polars(table: Any) -> Any:
    import polars as pl

    m = pl.col("m")
    week, four = m.rolling_sum(7), m.rolling_sum(28)
    metrics = (
        (4 * week / four).alias("coupled"), (4 * week / four.shift(7)).alias("uncoupled"),
        (m.ewm_mean(span=7, adjust=False) / m.ewm_mean(span=28, adjust=False)).alias("ewma"),
        (100 * (week / week.shift(7) - 1)).alias("change_pct"),
        (m.rolling_mean(7) / m.rolling_std(7)).alias("monotony"),
        m.rolling_max(30, min_samples=1).shift(1).alias("longest_m"),
    )  # fmt: skip
    return table.lazy().select(*(one.over("runner") for one in metrics)).collect()


def polars_table(table: pd.DataFrame) -> Any:
    import polars as pl

    return pl.DataFrame({name: table[name].to_numpy() for name in table.columns})


# ---------------------------------------------------------------- DuckDB
QUERY = """
WITH sums AS (
    SELECT runner, day, m,
        sum(m) OVER (PARTITION BY runner ORDER BY day ROWS 6 PRECEDING) AS week,
        sum(m) OVER (PARTITION BY runner ORDER BY day ROWS 27 PRECEDING) AS four,
        sum(m) OVER (PARTITION BY runner ORDER BY day ROWS BETWEEN 34 PRECEDING AND 7 PRECEDING) AS before,
        sum(m) OVER (PARTITION BY runner ORDER BY day ROWS BETWEEN 13 PRECEDING AND 7 PRECEDING) AS last_week,
        avg(m) OVER (PARTITION BY runner ORDER BY day ROWS 6 PRECEDING) AS mean,
        stddev_samp(m) OVER (PARTITION BY runner ORDER BY day ROWS 6 PRECEDING) AS spread,
        max(m) OVER (PARTITION BY runner ORDER BY day ROWS BETWEEN 30 PRECEDING AND 1 PRECEDING) AS longest
    FROM days)
SELECT 4 * week / four AS coupled, 4 * week / before AS uncoupled, 100 * (week / last_week - 1) AS change_pct,
    mean / spread AS monotony, longest AS longest_m
FROM sums ORDER BY runner, day
"""
"""Without EWMA: SQL has no window for a recursion, so DuckDB does five of the six."""


def with_duckdb(connection: Any) -> Any:
    return connection.execute(QUERY).fetchnumpy()


def duckdb_table(table: pd.DataFrame) -> Any:
    import duckdb

    connection = duckdb.connect()
    connection.execute("SET threads = 1")
    connection.register("given", table)
    connection.execute("CREATE TABLE days AS SELECT * FROM given")
    return connection


def read_duckdb(found: dict[str, Any]) -> dict[str, np.ndarray]:
    return {name: np.ma.filled(np.ma.asarray(values, dtype=np.float64), np.nan) for name, values in found.items()}


def ways() -> list[Way]:
    """Those that are installed."""
    found = [Way("pandas groupby.rolling", lambda t: t, with_pandas, lambda f: {n: f[n].to_numpy() for n in NAMES}, 12)]
    if find_spec("polars"):
        found.append(
            Way("polars, one thread", polars_table, with_polars,
                lambda f: {n: f[n].cast(float).fill_null(np.nan).to_numpy() for n in NAMES}, 5)
        )  # fmt: skip
    if find_spec("duckdb"):
        found.append(Way("DuckDB (five of six), one thread", duckdb_table, with_duckdb, read_duckdb))
    return found
