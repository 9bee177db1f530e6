"""Many runners at once: the same numbers as the tables of one, exactly, and each from its own first day on."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from loadplan.acwr import METHODS, acwr_by_day
from loadplan.blocks import LoadMetrics, load_metrics
from loadplan.monotony import monotony_by_day
from loadplan.sessions import spike_by_day
from run_logs import bare_days

blocks = hnp.arrays(
    np.int64, st.tuples(st.integers(1, 4), st.integers(1, 120)), elements=st.sampled_from([0, 0, 1, 5000, 12345, 42195])
)


@settings(max_examples=60, deadline=None)
@given(blocks)
def test_a_block_agrees_with_the_tables_of_each_runner(metres):
    found = load_metrics(metres)
    for k, row in enumerate(metres):
        daily = bare_days(row / 1000, longest_km=row / 1000, longest_min=[60.0] * len(row))
        for method in METHODS:
            ours, theirs = getattr(found, method)[k], acwr_by_day(daily, method)["acwr"].to_numpy()
            np.testing.assert_allclose(ours, theirs, rtol=1e-9, atol=1e-9, err_msg=method)
        np.testing.assert_allclose(found.monotony[k], monotony_by_day(daily)["monotony"], rtol=1e-9, atol=1e-9)


@settings(max_examples=40, deadline=None)
@given(hnp.arrays(np.int64, st.integers(2, 90), elements=st.integers(0, 40_000)))
def test_every_metric_agrees_with_a_slow_formula(metres):
    found = load_metrics(metres)
    for t in range(len(metres)):
        acute, before = metres[max(0, t - 6) : t + 1].sum(), metres[max(0, t - 13) : max(0, t - 6)].sum()
        change = 100 * (acute / before - 1) if t >= 13 and before else np.nan
        assert found.change_pct[t] == pytest.approx(change, nan_ok=True)
        longest = metres[max(0, t - 30) : t].max() if t else np.nan
        assert found.longest_m[t] == pytest.approx(longest, nan_ok=True)
        week = metres[t - 6 : t + 1] if t >= 6 else np.zeros(0)
        alike = len(week) == 0 or (week == week[0]).all()
        assert found.monotony[t] == pytest.approx(np.nan if alike else week.mean() / week.std(ddof=1), nan_ok=True)


@settings(max_examples=40, deadline=None)
@given(hnp.arrays(np.int64, st.integers(1, 100), elements=st.integers(0, 20_000)), st.integers(0, 50))
def test_a_runner_who_began_later_has_the_same_numbers_later(metres, late):
    alone = load_metrics(metres)
    shared = np.zeros((2, late + len(metres)), dtype=np.int64)
    shared[0, late:], shared[1] = metres, 7000
    together = load_metrics(shared, np.array([late, 0]))
    for ours, theirs in zip(together, alone, strict=True):
        np.testing.assert_allclose(ours[0, late:], theirs, rtol=1e-9)
        assert np.isnan(ours[0, :late]).all()


def test_one_runner_is_a_row_and_many_blocks_are_one():
    metres = np.random.default_rng(1).integers(0, 20_000, (150, 80))
    whole = load_metrics(metres)
    for ours, theirs in zip(load_metrics(metres[131]), whole, strict=True):
        np.testing.assert_allclose(ours, theirs[131], rtol=1e-12)
    assert isinstance(whole, LoadMetrics)


def test_the_longest_is_that_of_the_spike_rule():
    km = np.random.default_rng(5).integers(2, 30, 90).astype(float)
    daily = bare_days(km, longest_km=km, longest_min=[60.0] * 90)
    np.testing.assert_allclose(
        load_metrics((km * 1000).astype(int)).longest_m[1:] / 1000, spike_by_day(daily)["reference_km"][1:]
    )


@settings(max_examples=30, deadline=None)
@given(blocks)
def test_what_arrays_held_before_changes_no_result(metres):
    dirty = LoadMetrics(*(np.full(metres.shape, 7.0) for _ in LoadMetrics._fields))
    assert load_metrics(metres, out=dirty) is dirty
    for ours, theirs in zip(dirty, load_metrics(metres), strict=True):
        np.testing.assert_array_equal(ours, theirs)
