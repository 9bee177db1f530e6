"""Windows over days, against the obvious way."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from loadplan.windows import exponential_mean, rolling_max, rolling_sum, row_median, shifted

series = st.lists(st.integers(0, 50).map(float), min_size=1, max_size=70).map(np.array)


@settings(max_examples=50, deadline=None)
@given(series, st.integers(1, 40))
def test_sums_and_maxima_are_those_of_the_last_days(values, days):
    windows = [values[max(0, t - days + 1) : t + 1] for t in range(len(values))]
    assert rolling_sum(values, days).tolist() == [w.sum() for w in windows]
    assert rolling_max(values, days).tolist() == [w.max() for w in windows]


@settings(max_examples=50, deadline=None)
@given(series, st.floats(0.01, 0.9), st.booleans())
def test_the_exponential_mean_is_the_recursion(values, weight, seeded):
    e = values[0] if seeded else weight * values[0]
    expected = [e]
    for x in values[1:]:
        e = weight * x + (1 - weight) * e
        expected.append(e)
    found = exponential_mean(values, weight, first=0 if seeded else None)
    np.testing.assert_allclose(found, expected, rtol=1e-10, atol=1e-12)


def test_a_shift_fills_what_was_before_the_record():
    assert shifted(np.arange(4.0), 2, -1).tolist() == [-1, -1, 0, 1]
    assert shifted(np.arange(4.0), 9).tolist() == [0, 0, 0, 0]


@pytest.mark.parametrize(("row", "expected"), [([3, 1, 2], 2), ([4, np.nan, 1], 2.5), ([np.nan] * 3, math.nan)])
def test_the_median_of_a_row_leaves_out_what_is_not_known(row, expected):
    np.testing.assert_allclose(row_median(np.array([row], dtype=float)), [expected])
