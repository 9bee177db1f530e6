from __future__ import annotations

import numpy as np
import pytest
from activity_files import recording

from importers.steps import count_steps, is_running, mean_of, run_cadence

SECONDS = np.arange(0, 900.0)
ONE = np.concatenate([[0.0], np.ones(899)])


def track(cadence, **more):
    return recording(
        SECONDS, cadence_spm=np.broadcast_to(np.asarray(cadence, dtype=float), SECONDS.shape), **more
    ).track


def test_steps_are_cadence_times_time():
    assert count_steps(track(160.0), ONE) == pytest.approx(160 * 899 / 60)


def test_steps_per_kilometre_at_a_known_speed():
    steps = count_steps(track(160.0), ONE)
    assert steps / (2.5 * 899 / 1000) == pytest.approx(1066.7, abs=0.1)


def test_no_cadence_is_not_zero_steps():
    assert count_steps(track(np.nan), ONE) is None
    assert count_steps(track(0.0), ONE) is None


@pytest.mark.parametrize("every", [1, 2, 5, 10])
def test_cadence_that_is_written_now_and_then_makes_as_many_steps(every):
    cadence = np.where(SECONDS % every == 0, 160.0, np.nan)
    assert count_steps(track(cadence), ONE) == pytest.approx(160 * 899 / 60, rel=0.02)


def test_a_minute_without_cadence_has_no_steps():
    cadence = np.where((SECONDS > 200) & (SECONDS <= 260), np.nan, 160.0)
    assert count_steps(track(cadence), ONE) == pytest.approx(160 * 839 / 60)


def test_walking_is_below_140_and_without_cadence_below_two_metres_a_second():
    cadence = np.where(SECONDS < 3, 139.9, 140.0)
    assert is_running(track(cadence), np.zeros(900)).tolist() == [False] * 3 + [True] * 897
    assert is_running(track(np.nan), np.where(SECONDS < 2, 1.99, 2.0)).sum() == 898


def test_cadence_of_a_run_leaves_out_its_first_minute_walking_and_faults():
    cadence = np.where(SECONDS < 60, 200.0, 166.0)
    cadence[100:200] = 110.0
    cadence[200:210] = 240.0
    assert run_cadence(track(cadence), ONE, None) == 166.0


def test_cadence_needs_five_minutes():
    cadence = np.where(SECONDS < 361, 170.0, 100.0)
    assert run_cadence(track(cadence), ONE, None) == 170.0
    cadence[359:] = 100.0
    assert run_cadence(track(cadence), ONE, None) is None


def test_cadence_is_read_on_the_flat_and_unknown_ground_is_flat():
    cadence = np.where(SECONDS < 450, 160.0, 180.0)
    grade = np.where(SECONDS < 450, 0.03, 0.02)
    assert run_cadence(track(cadence), ONE, grade) == 180.0
    assert run_cadence(track(cadence), ONE, np.full(900, np.nan)) == 180.0
    assert run_cadence(track(170.0), ONE, np.full(900, -0.05)) is None


def test_a_mean_is_taken_over_time_and_not_over_samples():
    often, seldom = np.full(60, 1.0), np.full(6, 10.0)
    values = np.concatenate([np.full(60, 120.0), np.full(6, 160.0)])
    everywhere = np.ones(66, dtype=bool)
    assert mean_of(values, everywhere, np.concatenate([often, seldom])) == pytest.approx(140)
    assert mean_of(values, everywhere, np.zeros(66)) == pytest.approx(values.mean())
    assert mean_of(values, values > 130, np.concatenate([often, seldom])) == 160


def test_a_stray_value_is_no_mean():
    values = np.full(900, np.nan)
    assert mean_of(values, ONE >= 0, ONE) is None
    values[100:120] = 17.0
    assert mean_of(values, ONE >= 0, ONE) is None
    values[100:160] = 130.0
    assert mean_of(values, ONE >= 0, ONE) == 130
