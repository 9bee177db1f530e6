"""What stays of the samples: seconds by speed, metres by grade, seconds by cadence."""

from __future__ import annotations

import numpy as np
import pytest
from activity_files import recording
from hypothesis import given
from hypothesis import strategies as st

from importers.measure import measure
from importers.spread import SPEED_STEP_M_S, Spread, read_spread, spread

SECONDS = np.arange(0, 1201.0)


def spread_of(seconds=SECONDS, **columns) -> Spread:
    text = measure(recording(seconds, **columns)).spread
    assert text is not None
    return read_spread(text)


def by_bin(bins) -> dict[int, int]:
    first, held = bins
    return {first + n: one for n, one in enumerate(held) if one}


def test_a_steady_run_lies_in_one_bin_of_speed():
    found = spread_of(distance_m=3 * SECONDS)
    assert by_bin(found.speed_s) == {round(3 / SPEED_STEP_M_S): 1200}
    assert found.cadence_s is found.grade_m is None


def test_fast_stretches_within_a_run_are_seen():
    speed = np.where((SECONDS > 400) & (SECONDS <= 700), 4.02, 2.52)
    found = by_bin(spread_of(distance_m=np.cumsum(speed)).speed_s)
    assert sum(s for n, s in found.items() if n * SPEED_STEP_M_S >= 3.9) == pytest.approx(300, abs=20)
    assert sum(found.values()) == pytest.approx(1200, abs=2)


def test_positions_that_wander_make_no_fast_seconds():
    metres = np.maximum.accumulate(2.8 * SECONDS + np.random.default_rng(3).normal(0, 1, len(SECONDS)))
    found = by_bin(spread_of(distance_m=metres).speed_s)
    assert not [n for n in found if n * SPEED_STEP_M_S >= 1.15 * 2.8 + 0.1]


def test_walking_is_no_running_at_a_low_speed():
    cadence = np.where(SECONDS > 600, 110.0, 165.0)
    found = spread_of(distance_m=2.5 * SECONDS, cadence_spm=cadence)
    assert sum(by_bin(found.speed_s).values()) == pytest.approx(600, abs=20)
    assert by_bin(found.cadence_s) == {165: 600}


@pytest.mark.parametrize(("percent", "number"), [(5, 5), (-4, -4), (0.2, 0), (23, 10), (-15, -10)])
def test_metres_lie_in_the_bin_of_their_grade(percent, number):
    metres = 3 * SECONDS
    ramp = np.where(metres < 1000, 100.0, 100 + percent / 100 * (metres - 1000))
    found = by_bin(spread_of(distance_m=metres, altitude_m=ramp).grade_m)
    assert found[number] == pytest.approx(2600 if number else 3600, abs=100)
    assert sum(found.values()) == pytest.approx(3600, abs=20)


def test_a_watch_that_records_seldom_is_spread_alike():
    seldom = SECONDS[::7]
    metres = np.cumsum(np.where(SECONDS > 600, 4.02, 2.52))
    often, found = (by_bin(spread_of(t, distance_m=metres[t.astype(int)]).speed_s) for t in (SECONDS, seldom))
    fast = [sum(s for n, s in one.items() if n * SPEED_STEP_M_S >= 3.9) for one in (often, found)]
    assert fast[1] == pytest.approx(fast[0], abs=25)


def test_what_is_no_run_or_tells_nothing_has_none():
    assert measure(recording(SECONDS, sport="ride", distance_m=8 * SECONDS)).spread is None
    assert measure(recording(SECONDS, heart_rate_bpm=np.full(1201, 140.0))).spread is None


@given(st.lists(st.integers(0, 5000), max_size=40), st.integers(-10, 230))
def test_what_is_written_is_read_back(held, first):
    one = Spread(speed_s=(first, tuple(held)), cadence_s=None, grade_m=(-10, (3,)))
    assert read_spread(one.to_text()) == one


@pytest.mark.parametrize("text", ["", "{}", "[1,2,3]", "[null,null]", "[[1],null,null]"])
def test_other_text_is_refused(text):
    with pytest.raises(ValueError, match=r".*"):
        read_spread(text)


def test_a_broken_clock_fills_no_memory():
    dt_s = np.array([0.0, 1.0, 7e10])
    found = spread(dt_s, np.array([0.0, 3.0, 9.0]), np.ones(3, dtype=bool), np.full(3, np.nan), None)
    assert found is None
