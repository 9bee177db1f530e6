from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from activity_files import recording
from hypothesis import given
from hypothesis import strategies as st

from importers.climb import GRID_M, climb, hills, median3, moving_mean, peak_valley, profile, wave_m


@pytest.mark.parametrize(
    ("altitude", "expected"),
    [
        ([100, 101, 100, 99, 100, 101, 99, 100], (0, 0)),
        (list(range(100, 121)), (20, 0)),
        ([*range(100, 106), *range(104, 99, -1), *range(101, 106), *range(104, 99, -1)], (10, 10)),
        ([100, 104, 108, 106, 110, 114], (14, 0)),
        ([100, 104, 108, 104, 110, 114], (18, 4)),
        ([100, 103, 100, 103], (0, 0)),
        ([120, 110, 100], (0, 20)),
        ([100], (0, 0)),
        ([], (0, 0)),
    ],
)
def test_peak_valley_gives_the_golden_gain_and_loss(altitude, expected):
    assert peak_valley(altitude, 3.0) == expected


@given(st.lists(st.integers(0, 400).map(float), max_size=60), st.sampled_from([1.0, 3.0, 10.0]))
def test_climb_never_exceeds_the_sum_of_rises_and_mirrors_downhill(altitude, h):
    gain, loss = peak_valley(altitude, h)
    naive = sum(max(0, b - a) for a, b in pairwise(altitude))
    assert 0 <= gain <= naive + 1e-9
    assert peak_valley([-z for z in altitude], h) == pytest.approx((loss, gain))


def test_smoothing_keeps_a_steady_slope_and_takes_a_spike_away():
    slope = np.arange(40.0)
    assert moving_mean(slope, 50.0) == pytest.approx(slope)
    spiked = slope.copy()
    spiked[20] += 30
    assert median3(spiked)[20] == pytest.approx(21)


def shape_of(altitude_at, metres=3000, step=3.0, **options):
    x = np.arange(0, metres + step, step)
    track = recording(x / 3, altitude_m=altitude_at(x), distance_m=x).track
    return profile(track, x, **options)


def test_a_kilometre_at_five_percent_is_a_hill_of_a_kilometre():
    shape = shape_of(lambda x: np.clip(x - 1000, 0, 1000) * 0.05)
    up, down = hills(shape)
    assert up == pytest.approx(1000, abs=20)
    assert down == 0
    assert climb(shape)[0] == pytest.approx(50, abs=0.5)


def test_grades_below_three_percent_and_short_ramps_are_no_hills():
    assert hills(shape_of(lambda x: 0.029 * x)) == (0, 0)
    assert hills(shape_of(lambda x: 0.03 * x))[0] == 3000
    assert hills(shape_of(lambda x: np.clip(x - 1000, 0, 60) * 0.10)) == (0, 0)
    assert hills(shape_of(lambda x: -0.04 * x)) == (0, 3000)


def simulated(kind, rng):
    """A run of 10 km: true altitude on its samples, and its true climb."""
    x = np.arange(0, 10_000.1, 3.0)
    shapes = {
        "flat": np.zeros_like(x),
        "rollers": 7.5 * np.sin(2 * np.pi * x / 1000),
        "hills": 30 * np.sin(2 * np.pi * x / 2500),
        "reps": np.where(x < 6000, 10 - 10 * np.cos(2 * np.pi * x / 600), 0.0),
        "mountain": 0.06 * np.minimum(x, 10_000 - x),
    }
    z = shapes[kind]
    return x, z, float(np.clip(np.diff(z), 0, None).sum())


@pytest.mark.parametrize("kind", ["flat", "rollers", "hills", "reps", "mountain"])
def test_barometric_climb_is_within_seven_metres_on_simulated_runs(kind):
    rng = np.random.default_rng(3)
    x, z, truth = simulated(kind, rng)
    drift = np.cumsum(rng.normal(0, 0.01, len(x)))
    recorded = np.round((z + drift + rng.normal(0, 0.25, len(x))) / 0.2) * 0.2
    shape = profile(recording(x / 3, altitude_m=recorded).track, x)
    assert shape.barometric
    naive = float(np.clip(np.diff(recorded), 0, None).sum())
    assert abs(climb(shape)[0] - truth) <= 7
    assert naive - truth > 40


def test_noisy_altitude_is_taken_for_gps_and_does_not_make_climb_of_its_noise():
    rng = np.random.default_rng(4)
    x, z, _ = simulated("flat", rng)
    shape = profile(recording(x / 3, altitude_m=z + rng.normal(0, 3, len(x))).track, x)
    assert not shape.barometric
    assert climb(shape) == (0, 0)


def wandering(x, metres, over_m, rng):
    """Errors of a GPS: as large as ``metres``, alike over ``over_m`` of the way."""
    keep = np.exp(-(x[1] - x[0]) / over_m)
    errors = [0.0]
    for step in rng.normal(0, metres * np.sqrt(1 - keep**2), len(x) - 1):
        errors.append(errors[-1] * keep + step)
    return np.array(errors)


@pytest.mark.parametrize("grade", [0.0, 0.03])
def test_altitude_that_wanders_over_tens_of_metres_is_gps_and_as_low_as_its_climb_is_trusted(grade):
    rng = np.random.default_rng(5)
    smoothed = shape_of(lambda x: grade * x + wandering(x, 2.0, 60, rng))
    assert not smoothed.barometric
    assert smoothed.quality == "low"


@pytest.mark.parametrize("grade", [0.0, 0.03, 0.3])
def test_altitude_of_a_barometer_is_as_smooth_on_rough_ground_and_rounded_to_metres(grade):
    rng = np.random.default_rng(5)
    ground = lambda x: 300 * grade * np.sin(x / 300) + 10 * grade * np.sin(x / 31)  # noqa: E731
    noisy = shape_of(lambda x: np.round((ground(x) + rng.normal(0, 0.2, len(x))) / 0.2) * 0.2)
    assert noisy.barometric
    assert noisy.quality == "good"
    assert shape_of(lambda x: np.round(ground(x))).barometric


def test_a_steady_slope_does_not_wander():
    assert wave_m(np.arange(0, 500.0) * 0.5) < 0.01


@pytest.mark.parametrize("step", [3.0, 15.0])
def test_a_single_stray_altitude_makes_no_climb(step):
    x = np.arange(0, 3000 + step, step)
    altitude = 20 * np.sin(x / 300)
    clean = climb(profile(recording(x / 3, altitude_m=altitude).track, x))
    altitude[50] += 400
    altitude[90] -= 100
    assert climb(profile(recording(x / 3, altitude_m=altitude).track, x)) == pytest.approx(clean, abs=1)


@pytest.mark.parametrize("guess", [[0], [0, 0, 40], [187, 187, 187, 187]])
def test_a_first_guess_of_the_altitude_is_no_climb(guess):
    x = np.arange(0, 3003, 3.0)
    altitude = 300 + 20 * np.sin(x / 300)
    clean = climb(profile(recording(x / 3, altitude_m=altitude).track, x))
    altitude[: len(guess)] = guess
    shape = profile(recording(x / 3, altitude_m=altitude).track, x)
    assert climb(shape) == pytest.approx(clean, abs=1)
    assert shape.barometric


def test_a_summit_between_sparse_samples_is_no_stray():
    x = np.arange(0, 3000.0, 60)
    track = recording(x / 1.5, altitude_m=200 - 0.3 * np.abs(x - 1500)).track
    assert climb(profile(track, x))[0] == pytest.approx(450, abs=25)


def one_by_one(altitude, h):
    """Peaks and valleys as the rule reads, without any shortcut."""
    legs, turn, extreme, direction = [], None, None, 0
    low = high = altitude[0] if altitude else 0
    for z in altitude:
        if direction == 0:
            low, high = min(low, z), max(high, z)
            if z - low > h or high - z > h:
                direction = 1 if z - low > h else -1
                turn, extreme = (low if direction > 0 else high), z
        elif (z - extreme) * direction > 0:
            extreme = z
        elif (extreme - z) * direction > h:
            legs.append(extreme - turn)
            turn, extreme, direction = extreme, z, -direction
    if direction and abs(extreme - turn) > h:
        legs.append(extreme - turn)
    return sum(v for v in legs if v > 0), -sum(v for v in legs if v < 0)


@given(st.lists(st.integers(0, 60), max_size=80), st.sampled_from([0.0, 3.0, 10.0]))
def test_looking_only_at_turning_points_gives_the_same_climb(altitude, h):
    assert peak_valley([float(z) for z in altitude], h) == one_by_one(altitude, h)


def test_partly_missing_altitude_is_bridged_and_mostly_missing_is_unknown():
    x = np.arange(0, 2000.0, 3)
    altitude = 0.05 * x
    holes = altitude.copy()
    holes[np.arange(len(x)) % 3 != 0] = np.nan
    assert climb(profile(recording(x, altitude_m=holes).track, x))[0] == pytest.approx(100, abs=2)
    holes[x > 900] = np.nan
    assert profile(recording(x, altitude_m=holes).track, x) is None


def test_a_lift_taken_in_a_pause_is_no_climb():
    x = np.concatenate([np.arange(0, 1000.0, 5), np.arange(1000.0, 2000.0, 5)])
    second = np.arange(len(x)) >= 200
    track = recording(np.arange(len(x)), altitude_m=np.where(second, 300.0, 100.0), segment=second.astype(float)).track
    assert climb(profile(track, x)) == (0, 0)


def test_grade_at_a_distance_is_that_of_the_profile_and_unknown_outside():
    shape = shape_of(lambda x: 0.05 * x)
    grade = shape.grade_at(np.array([500.0, 5000.0, np.nan]))
    assert grade[0] == pytest.approx(0.05)
    assert np.isnan(grade[1:]).all()
    assert len(shape.grade) == len(shape.altitude_m) - 1
    assert shape.distance_m[1] == GRID_M
