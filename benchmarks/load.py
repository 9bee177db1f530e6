"""The load metrics of one runner over 15 years beside the same with pandas rolling windows, on the same days."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pandas as pd
from support.side_by_side import ratios, seconds, table

from loadplan.acwr import METHODS, acwr_by_day, ratio
from loadplan.monotony import monotony_by_day
from loadplan.sessions import spike_by_day
from loadplan.weekly import weekly_load
from loadplan.windows import rolling_max

N = 15
YEARS = 15
SAME = 1e-9


def days() -> pd.DataFrame:
    rng = np.random.default_rng(7)
    index = pd.date_range("2010-01-04", periods=YEARS * 365, name="day")
    km = np.where(np.arange(len(index)) % 2 == 0, rng.uniform(4, 16, len(index)).round(3), 0.0)
    ran = (km > 0).astype(int)
    columns = {"distance_km": km, "duration_min": km * 6, "runs": ran, "longest_km": km, "longest_min": km * 6}
    return pd.DataFrame(columns, index=index)


def with_pandas(daily: pd.DataFrame) -> pd.DataFrame:
    """Coupled, uncoupled, EWMA, monotony and the longest of 30 days, as one would write them."""
    km = daily["distance_km"]
    acute, four = km.rolling(7).sum(), km.rolling(28).sum()
    week = km.rolling(7)
    return pd.DataFrame(
        {
            "coupled": (acute / 7) / (four / 28),
            "uncoupled": acute / (four.shift(7) / 4),
            "ewma": km.ewm(span=7, adjust=False).mean() / km.ewm(span=28, adjust=False).mean(),
            "monotony": week.mean() / week.std(),
            "longest": daily["longest_km"].rolling(30).max().shift(1),
        }
    )


def with_loadplan(daily: pd.DataFrame) -> pd.DataFrame:
    ratio = {m: acwr_by_day(daily, m)["acwr"] for m in ("coupled", "uncoupled", "ewma")}
    return pd.DataFrame(
        {
            **ratio,
            "monotony": monotony_by_day(daily)["monotony"],
            "longest": spike_by_day(daily)["reference_km"],
        }
    )


def on_arrays(km: npt.NDArray[np.float64]) -> None:
    for method in METHODS:
        ratio(km, method)
    rolling_max(km, 30)


def main() -> None:
    daily = days()
    ours, theirs = with_loadplan(daily), with_pandas(daily)
    apart = {name: float(np.nanmax(np.abs(ours[name] - theirs[name]).iloc[60:])) for name in ours}
    print("Largest difference from pandas:", {name: f"{value:.1e}" for name, value in apart.items()})
    assert max(apart.values()) < SAME
    beside = "pandas rolling, values alone"
    km = daily["distance_km"].to_numpy()
    arrays = ratios(lambda: on_arrays(km), lambda: with_pandas(daily), N)
    metrics = ratios(lambda: with_loadplan(daily), lambda: with_pandas(daily), N)
    weekly = ratios(lambda: weekly_load(daily), lambda: with_pandas(daily), N)
    rows = [
        ("four metrics on bare arrays", beside, arrays, 1.0),
        ("five tables, reasons and bands", beside, metrics, None),
        ("whole weekly table", beside, weekly, None),
    ]
    print(f"Four metrics on bare arrays: {1000 * min(seconds(lambda: on_arrays(km)) for _ in range(N)):.2f} ms")
    table(f"One runner, {YEARS} years of days; median of {N}", rows)


if __name__ == "__main__":
    main()
