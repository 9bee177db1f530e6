"""A page of four panels as PNG, from a run log in memory, beside ``import matplotlib.pyplot``, in new processes."""

from __future__ import annotations

from datetime import date, timedelta

from support.side_by_side import python, ratios, table

from loadplan.charts import CHARTS, ChartInput, figure_bytes
from loadplan.daily import daily_load
from loadplan.runlog import log_table
from loadplan.weekly import weekly_load

N = 9
AS_OF = date(2026, 3, 29)
PAGE = """
from charts import CHARTS, figure_bytes, tables
figure_bytes(CHARTS["overview"](tables()), "png")
"""
PYPLOT = 2.2


def tables() -> ChartInput:
    """A year of four runs a week."""
    rows = []
    for week in range(52):
        for weekday, km in ((1, 8), (3, 9), (5, 7), (6, 13)):
            day = AS_OF - timedelta(weeks=week, days=6 - weekday)
            row = {"start": f"{day}T07:00:00+00:00", "sport": "run", "distance_m": km * 1000.0, "moving_s": km * 360.0}
            rows.append(row | {"ascent_m": km * 9.0, "descent_m": km * 9.0, "cadence_spm": 162.0})
    log = log_table(rows)
    daily = daily_load(log, AS_OF)
    return ChartInput(log=log, daily=daily, weeks=weekly_load(daily))


def main() -> None:
    import os
    from pathlib import Path

    os.chdir(Path(__file__).parent)
    rows = []
    for beside, limit in (
        ("import matplotlib.pyplot", PYPLOT),
        ("import pandas, matplotlib.pyplot", None),
    ):
        rows.append(
            ("page of four panels, new process", beside, ratios(python("-c", PAGE), python("-c", beside), N), limit)
        )
    given = tables()
    for name in CHARTS:
        found = ratios(
            lambda name=name: figure_bytes(CHARTS[name](given), "png"), python("-c", "import matplotlib.pyplot"), 3
        )
        rows.append((f"{name}, everything imported", "import matplotlib.pyplot", found, None))
    table(f"Charts as PNG; median of {N}", rows)


if __name__ == "__main__":
    main()
