"""Foster's numbers, fitness and fatigue."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from loadplan.monotony import fitness_fatigue, monotony_by_day
from run_logs import bare_days

GOLDEN = json.loads((Path(__file__).parents[1] / "data" / "golden.json").read_text())


@pytest.mark.parametrize("row", GOLDEN["foster"], ids=["1998", "km"])
def test_golden_monotony_and_strain(row):
    found = monotony_by_day(bare_days(row["daily"])).iloc[-1]
    assert found["monotony"] == pytest.approx(row["monotony_sample"])
    assert found["strain"] == pytest.approx(row["strain_sample"])


def test_a_week_of_equal_days_has_no_monotony():
    table = monotony_by_day(bare_days([5.3] * 8))
    assert table["monotony"].isna().all()
    assert table["reason"].tolist() == ["insufficient_history"] * 6 + ["zero_spread"] * 2


def test_a_week_of_rest_has_none_either():
    assert monotony_by_day(bare_days([5.0, 3.0] + [0.0] * 7))["reason"].iloc[-1] == "no_run"


def test_unknown_days_make_it_unknown():
    steps = [5000.0, np.nan, 3000.0, 2000.0, 0.0, 4000.0, 1000.0]
    assert monotony_by_day(bare_days([1.0] * 7, steps=steps), measure="steps")["reason"].iloc[-1] is None
    assert monotony_by_day(bare_days([5.0, np.nan, 3.0, 2.0, 0.0, 4.0, 1.0]))["reason"].iloc[-1] == "missing_load"
    assert monotony_by_day(bare_days([5.0, np.nan, np.nan, 0.0, 0.0, 4.0, 1.0]))["reason"].iloc[-1] == "missing_load"


def test_golden_fitness_and_fatigue():
    table = fitness_fatigue(bare_days([50.0] * 42), measure="distance")
    assert table["ctl"].iloc[41] == pytest.approx(GOLDEN["pmc_constant50"]["CTL_day42_exp"])
    assert table["atl"].iloc[6] == pytest.approx(GOLDEN["pmc_constant50"]["ATL_day7_exp"])
    assert table["tsb"].iloc[41] == pytest.approx(table["ctl"].iloc[40] - table["atl"].iloc[40])
    assert np.isnan(table["tsb"].iloc[0])
