"""Breaks, and what they are worth on the way back."""

from __future__ import annotations

import numpy as np
import pytest

from loadplan.breaks import days_since_break, find_breaks, in_break, layoff_factor
from run_logs import bare_days


def days_off(*gaps: int) -> list[float]:
    return [x for gap in gaps for x in [5.0] + [0.0] * gap] + [5.0]


def test_seven_days_without_a_run_are_a_break_and_six_are_none():
    assert [b.days for b in find_breaks(bare_days(days_off(6, 7, 20, 2)))] == [7, 20]


def test_a_break_that_goes_on_has_not_ended():
    (one,) = find_breaks(bare_days([5.0] + [0.0] * 9))
    assert (one.first, one.last, one.days, one.ended) == (1, 9, 9, False)


def test_before_the_first_run_nothing_is_known():
    assert find_breaks(bare_days([0.0] * 20 + [5.0])) == []
    assert find_breaks(bare_days([0.0] * 20)) == []


def test_days_in_and_since_a_break():
    daily = bare_days(days_off(7, 1))
    breaks = find_breaks(daily)
    assert in_break(breaks, len(daily)).tolist() == [False] + [True] * 7 + [False] * 3
    assert days_since_break(breaks, len(daily))[8:].tolist() == [1, 2, 3]
    assert np.all(days_since_break(breaks, len(daily))[:8] > 1000)


@pytest.mark.parametrize(("days", "factor"), [(7, 1.0), (8, 0.75), (14, 0.75), (15, 0.6), (28, 0.6), (29, None)])
def test_the_layoff_factor_falls_with_the_days_off(days, factor):
    assert layoff_factor(days) == factor
