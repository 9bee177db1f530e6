"""Running days in a row, and weeks in a row without an easier one."""

from __future__ import annotations

import numpy as np

from loadplan.habits import run_streaks
from loadplan.weekly import weekly_load
from run_logs import bare_days, bare_weeks


def counted(*totals: float, **columns) -> list[int]:
    return weekly_load(bare_weeks(totals, **columns))["weeks_without_recovery"].tolist()


def test_days_in_a_row_end_with_a_day_of_rest():
    assert run_streaks(np.array([1, 2, 0, 1, 1, 1])).tolist() == [1, 2, 0, 1, 2, 3]


def test_an_easier_week_ends_the_row():
    assert counted(40, 40, 40, 30, 40, 40) == [1, 2, 3, 0, 1, 2]
    assert counted(40, 40, 30, 28, 28) == [1, 2, 0, 0, 1]
    assert counted(40, 40, 0, 40) == [1, 2, 0, 1]


def test_the_row_begins_anew_with_a_plan_and_after_the_ladder():
    assert counted(*[40] * 6, phase=[None] * 28 + ["rebuild"] * 14) == [1, 2, 3, 4, 1, 2]
    assert counted(*[12] * 4, phase=["ladder"] * 14 + ["rebuild"] * 14) == [0, 0, 1, 2]


def test_the_unfinished_week_is_not_counted():
    assert weekly_load(bare_days([5.0] * 17))["weeks_without_recovery"].tolist() == [1, 2, 0]


def test_weeks_whose_load_is_not_known_are_not_called_hard() -> None:
    days = bare_days([5.0] * 56).assign(srpe=float("nan"), runs=1)
    assert weekly_load(days, measure="srpe")["weeks_without_recovery"].tolist() == [0] * 8
