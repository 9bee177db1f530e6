"""A plan as the daily table of the past."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pandas as pd
import pytest

from loadplan.daily import DAILY_COLUMNS, daily_load
from loadplan.plan_rules import check_plan
from loadplan.projection import project_plan
from loadplan.runlog import log_table
from plan_pages import MONDAY, golden_page, run_row


def page(*runs: tuple[int, float], start: int = 0, number: int = 1) -> dict[str, Any]:
    """A plan of one rebuild week with runs of (day after the Monday, km), 6 min/km."""
    golden = {
        "input": {
            "profile": "general", "pain_during": 0, "pace_min_per_km": 6.0, "itb_onset_km": None, "goal_km": None,
            "cadence_baseline_spm": None, "baseline": {"km": 30.0, "runs": 3, "longest": 10.0, "descent": 0.0},
        },
        "full_load_week": None,
        "weeks": [
            {
                "number": 1, "phase": "rebuild", "distance_km": sum(km for _, km in runs), "recovery": False,
                "cadence_target_spm": None, "descent_share": 0.0, "bound_by": "layoff_factor", "ladder_levels": None,
                "sessions": [list(run) for run in runs],
            }
        ],
    }  # fmt: skip
    out = golden_page(golden)
    out["start"] = (MONDAY + timedelta(days=start)).isoformat()
    out["weeks"][0]["number"] = number
    return out


def past(*days_before: int, km: float = 10.0) -> pd.DataFrame:
    rows = [run_row(MONDAY - timedelta(days=n), km) for n in days_before]
    return daily_load(log_table(rows), MONDAY - timedelta(days=min(days_before)))


def test_the_days_between_the_past_and_the_plan_are_rest_days() -> None:
    table = project_plan(page((0, 5), (2, 6), (5, 7)), past(9))
    assert len(table) == 9 + 7
    assert table["distance_km"].tolist() == [10.0, *[0.0] * 8, 5.0, 0.0, 6.0, 0.0, 0.0, 7.0, 0.0]
    assert list(table.columns) == list(DAILY_COLUMNS)
    assert table.dtypes.to_dict() == past(9).dtypes.to_dict()


def test_planned_days_carry_their_phase_and_real_ones_none() -> None:
    table = project_plan(page((0, 5)), past(2))
    assert table["phase"].tolist() == [None, None, *["rebuild"] * 7]


def test_what_a_plan_does_not_say_is_not_known() -> None:
    day = project_plan(page((0, 5)), past(1)).loc[pd.Timestamp(MONDAY)]
    assert pd.isna(day["srpe"])
    assert (day["srpe_missing"], day["runs"]) == (1, 1)


def test_a_run_of_the_start_day_stays_where_none_is_planned_on_it() -> None:
    table = project_plan(page((2, 5)), past(0, 3, km=14.0))
    assert table.loc[pd.Timestamp(MONDAY), "distance_km"] == 14.0


def test_a_planned_run_of_the_start_day_stands_in_place_of_a_real_one() -> None:
    table = project_plan(page((0, 5)), past(0, 3, km=14.0))
    assert table.loc[pd.Timestamp(MONDAY), "distance_km"] == 5.0


def test_a_start_on_the_day_before_the_first_week_is_no_crash() -> None:
    table = project_plan(page((1, 5), start=-1), past(1, 4))
    assert table.index.is_unique
    assert table.loc[pd.Timestamp(MONDAY - timedelta(days=1)), "distance_km"] == 10.0
    assert table.index[-1] == pd.Timestamp(MONDAY + timedelta(days=6))


def test_a_plan_without_weeks_leaves_the_past() -> None:
    empty = page((0, 5))
    empty["weeks"] = []
    assert project_plan(empty, past(1))["distance_km"].tolist() == [10.0]
    assert check_plan(empty, past(1)) == []


def test_a_plan_before_any_run_stands_alone() -> None:
    table = project_plan(page((0, 5)), daily_load(log_table([]), MONDAY))
    assert table["distance_km"].sum() == pytest.approx(5.0)
