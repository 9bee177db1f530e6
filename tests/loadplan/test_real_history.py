"""One real runner, by the independent scan of the files: weeks on local days, and the break of winter 2016/17."""

from __future__ import annotations

from datetime import date, datetime

import pandas as pd
import pytest

from loadplan.breaks import find_breaks
from loadplan.daily import daily_load
from loadplan.rules import check_weeks
from loadplan.runlog import log_table
from loadplan.weekly import weekly_load

pytestmark = pytest.mark.corpus
RUNNER = "x3cl+running_page"


def number(cell: str) -> float | None:
    return float(cell) if cell else None


@pytest.fixture(scope="module")
def daily(corpus_index: list[dict[str, str]]) -> pd.DataFrame:
    runs = [
        {
            "id": row["file"],
            "start": datetime.fromisoformat(row["start"].replace(" ", "T").removesuffix("Z") + "+00:00"),
            "utc_offset_s": number(row["tz_off_s"]),
            "sport": "run",
            "distance_m": number(row["distance_m"]),
            "moving_s": number(row["timer_s"]),
            "elapsed_s": number(row["elapsed_s"]),
            "ascent_m": number(row["ascent_m"]),
        }
        for row in corpus_index
        if RUNNER in row["file"] and row["is_run"] == "1" and row["n_sessions"] == "1"
    ]
    assert len(runs) == 90
    return daily_load(log_table(runs), date(2017, 6, 4))


def test_the_winter_break_is_one_and_long(daily):
    longest = max(
        (b for b in find_breaks(daily) if daily.index[b.first].year == 2016 and b.ended), key=lambda b: b.days
    )
    assert 80 <= longest.days <= 90
    assert (daily.index[longest.first].year, daily.index[longest.last].year) == (2016, 2017)


def test_the_return_is_shown_without_a_band(daily):
    weeks = weekly_load(daily)
    spring = weeks.loc["2017-03-06":"2017-03-27"]
    assert set(spring["acwr_reason"]) == {"post_layoff"}
    assert spring["acwr_band"].isna().all()
    assert not [w for w in check_weeks(spring) if w.name.startswith("acwr")]


def test_nothing_is_lost_between_runs_days_and_weeks(daily):
    weeks = weekly_load(daily)
    assert weeks["distance_km"].sum() == pytest.approx(daily["distance_km"].sum())
    assert weeks["runs"].sum() == daily["runs"].sum()
