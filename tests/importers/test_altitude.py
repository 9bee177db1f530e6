from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from activity_files import recording
from hypothesis import given
from hypothesis import strategies as st

from importers.altitude import levelled
from importers.climb import climb, profile
from importers.measure import measure
from importers.run import Summary

X = np.arange(0, 6000.0, 3)
GROUND = 300 + 40 * np.sin(X / 500)


def shape_of(altitude, x=X, speed=3.0, **values):
    return profile(recording(x / speed, altitude_m=altitude, **values).track, x)


def run_of(altitude, speed=3.0, x=X, summary=None, **values):
    one = recording(x / speed, altitude_m=altitude, distance_m=x, **values)
    return measure(replace(one, summary=summary) if summary else one)


TRUE = climb(shape_of(GROUND))


@pytest.mark.parametrize("count", [2, 3, 15])
@pytest.mark.parametrize("first", ["zeros", "too high"])
def test_a_wrong_level_before_the_first_fix_is_no_climb_and_is_counted(count, first):
    altitude = GROUND.copy()
    altitude[:count] = 0 if first == "zeros" else GROUND[:count] + 600
    found = run_of(altitude)
    assert (found.ascent_m, found.descent_m) == pytest.approx(TRUE, abs=4)
    assert found.climb_quality == "good"
    assert "samples_dropped" in found.flags
    assert f"{count} of its samples" in dict(found.notes)["samples_dropped"]


@pytest.mark.parametrize("wrong", [0.0, 700.0])
def test_a_lost_fix_under_way_is_left_out(wrong):
    altitude = GROUND.copy()
    altitude[800:812] = wrong
    found = run_of(altitude)
    assert (found.ascent_m, found.descent_m) == pytest.approx(TRUE, abs=4)
    assert "samples_dropped" in found.flags


@given(st.integers(300, 1700), st.sampled_from([-250.0, -60.0, 45.0, 600.0]))
def test_a_level_that_changes_for_good_is_taken_out_and_said(at, metres):
    altitude = GROUND.copy()
    altitude[at:] += metres
    found = run_of(altitude)
    assert (found.ascent_m, found.descent_m) == pytest.approx(TRUE, abs=12)
    assert found.climb_quality == "low"
    assert "jumps" in dict(found.notes)["session_climb"]


@pytest.mark.parametrize(("grade", "speed", "each"), [(0.5, 1.2, 5), (0.6, 1.0, 60), (-0.5, 4.0, 5), (0.9, 0.4, 30)])
def test_a_steep_mountain_stays_as_it_is(grade, speed, each):
    x = np.arange(0, 2000.0, speed * each)
    z = 500 + grade * np.minimum(x, 1500)
    kept = levelled(z, x / speed, x, np.zeros(len(x)))
    assert (kept.astray, kept.jumps) == (0, 0)
    assert np.array_equal(kept.altitude_m, z)


def test_a_bridge_and_a_tower_of_stairs_stay():
    t = np.arange(0, 900.0)
    x = np.where(t < 300, 3 * t, 900 + 0.5 * (t - 300))
    z = 50 + np.clip(t - 300, 0, 400) * 0.5
    kept = levelled(z, t, x, np.zeros(len(t)))
    assert np.array_equal(kept.altitude_m, z)


def test_a_lift_with_the_clock_running_is_no_climb():
    x = np.concatenate([np.arange(0, 3000.0, 3), np.full(5, 2997.0), np.arange(3000.0, 6000.0, 3)])
    z = np.where(np.arange(len(x)) < 1002, 20.0, 140.0) + np.sin(x / 50)
    found = profile(recording(np.arange(len(x)), altitude_m=z).track, x)
    assert climb(found) == (0, 0)
    assert found.quality == "low"


def test_zero_throughout_is_unknown_and_level_ground_is_no_climb_of_low_quality():
    assert run_of(np.zeros(len(X))).ascent_m is None
    level = run_of(np.full(len(X), 112.0))
    assert (level.ascent_m, level.climb_quality) == (0, "low")


def test_climb_that_nobody_can_run_is_doubted_whatever_it_comes_from():
    told = run_of(GROUND, summary=Summary(ascent_m=1563, timer_s=1620))
    assert (told.ascent_m, told.climb_quality) == (1563, "low")
    assert "nobody climbs so fast" in dict(told.notes)["session_climb"]
    fast = run_of(300 + 0.4 * X)
    assert fast.climb_quality == "low"
    assert "session_climb" in fast.flags
    record = np.arange(0, 1920.0, 2)
    assert "session_climb" not in run_of(500 + record / 1.92, speed=1920 / 1641, x=record).flags


def test_ascent_and_descent_of_a_loop_are_alike_or_doubted():
    angle = 2 * np.pi * X / X[-1]
    place = {"latitude_deg": 46 + 0.008 * np.cos(angle), "longitude_deg": 8 + 0.012 * np.sin(angle)}
    assert run_of(GROUND, **place, summary=Summary(ascent_m=200, descent_m=190)).flags == ()
    odd = run_of(GROUND, **place, summary=Summary(ascent_m=200, descent_m=20))
    assert "ends where it began" in dict(odd.notes)["session_climb"]


def test_a_profile_whose_halves_disagree_is_not_trusted():
    rng = np.random.default_rng(2)
    noise = np.convolve(rng.normal(0, 15, len(X)), np.ones(20) / 20, "same")
    assert shape_of(GROUND + np.where(X > 2900, 0, noise)).quality == "low"
    assert shape_of(GROUND).quality == "good"
