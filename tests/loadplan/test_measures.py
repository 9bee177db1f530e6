"""Reading an amount of the daily table: what is not known is counted, not summed as 0."""

from __future__ import annotations

import numpy as np
import pytest

from loadplan.measures import MEASURE_COLUMNS, column_of, load_of, quotient, runs_of, texts, unknown_share
from run_logs import bare_days


def test_an_unknown_day_is_missing_and_a_rest_day_is_not():
    load = load_of(bare_days([5.0, np.nan, 0.0]), "distance")
    assert load.values.tolist() == [5, 0, 0]
    assert load.missing.tolist() == [0, 1, 0]
    assert load.runs.tolist() == [1, 1, 0]


def test_the_column_of_missing_sessions_wins_where_the_table_has_it():
    daily = bare_days([5.0, 3.0, np.nan], runs=[1, 2, 2], distance_missing=[0, 1, 2])
    assert load_of(daily, "distance").missing.tolist() == [0, 1, 2]


def test_a_table_without_the_column_knows_nothing_of_it():
    assert load_of(bare_days([5.0, 0.0]), "ascent").missing.tolist() == [1, 1]
    assert texts(bare_days([5.0]), "phase").tolist() == [None]


def test_runs_are_days_with_load_in_a_bare_table():
    assert runs_of(bare_days([5.0, 0.0, np.nan])).tolist() == [1, 0, 1]
    assert runs_of(bare_days([5.0], runs=[2])).tolist() == [2]


@pytest.mark.parametrize(("missing", "runs", "unknown"), [(1, 4, False), (2, 7, True), (0, 0, False), (1, 0, True)])
def test_a_quarter_of_unmeasured_runs_is_borne(missing, runs, unknown):
    assert unknown_share(np.array([missing]), np.array([runs])).tolist() == [unknown]


def test_a_quotient_is_nan_where_it_is_not_known():
    np.testing.assert_array_equal(quotient(np.array([1.0, 2.0]), np.array([0, 4]), np.array([0, 1])), [np.nan, 0.5])


@pytest.mark.parametrize("measure", MEASURE_COLUMNS)
def test_every_measure_has_a_column(measure):
    assert column_of(measure)


def test_another_name_is_refused():
    with pytest.raises(ValueError, match="no measure 'miles'; one of distance"):
        column_of("miles")
