from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from activity_files import METRES_PER_DEGREE, recording
from hypothesis import given
from hypothesis import strategies as st

from importers import path
from importers.measure import measure, motion
from importers.path import walk, walked
from importers.problems import Problem, counted
from importers.run import Recording, Summary
from importers.shape import between_m
from importers.track import build_track, clean_recording, empty_recording, median

SECONDS = np.arange(0, 601.0)


def north(metres):
    """Positions that many metres north of a place."""
    return {
        "latitude_deg": 10 + np.asarray(metres, dtype=float) / METRES_PER_DEGREE,
        "longitude_deg": np.full(len(metres), 20.0),
    }


def test_the_devices_own_totals_come_first():
    summary = Summary(distance_m=1900.0, timer_s=580.0, elapsed_s=620.0, ascent_m=12.0, descent_m=9.0)
    run = measure(recording(SECONDS, distance_m=3 * SECONDS, altitude_m=0.1 * SECONDS, summary=summary))
    assert (run.distance_m, run.moving_s, run.elapsed_s, run.ascent_m, run.descent_m) == (1900, 580, 620, 12, 9)
    assert run.climb_source == "device"


@pytest.mark.parametrize("name", ["altitude_m", "speed_m_s", "cadence_spm", "power_w", "distance_m"])
def test_a_column_that_never_leaves_0_was_not_measured(name):
    heart = np.full(len(SECONDS), 140.0)
    run = measure(recording(SECONDS, **north(3 * SECONDS), heart_rate_bpm=heart, **{name: 0 * SECONDS}))
    assert run == measure(recording(SECONDS, **north(3 * SECONDS), heart_rate_bpm=heart))
    assert (run.moving_s, run.running_s, run.heart_rate_bpm, run.ascent_m) == (600, 600, 140, None)


def test_without_totals_the_samples_speak():
    run = measure(recording(SECONDS, **north(3 * SECONDS)))
    assert run.distance_m == pytest.approx(1800, rel=1e-6)
    assert (run.moving_s, run.elapsed_s, run.running_s) == (600, 600, 600)
    assert run.ascent_m is run.climb_source is run.steps is run.cadence_spm is None


def test_where_nothing_tells_the_speed_all_recorded_time_counts_and_running_is_unknown():
    beats = {"heart_rate_bpm": np.full(601, 140.0)}
    runs = [
        measure(recording(SECONDS, **beats)),
        measure(recording(SECONDS, distance_m=np.where(SECONDS == 7, 50.0, np.nan), **beats)),
        measure(recording(SECONDS, distance_m=20 * SECONDS, **beats)),
    ]
    assert [(r.distance_m, r.moving_s, r.running_s) for r in runs] == [(None, 600, None)] * 3
    turning = measure(recording(SECONDS, cadence_spm=np.full(601, 165.0)))
    assert (turning.distance_m, turning.moving_s, turning.running_s, turning.steps) == (None, 600, 600, 1650)


def test_standing_is_not_moving():
    metres = np.cumsum(np.where((SECONDS > 100) & (SECONDS <= 200), 0.3, 3.0))
    assert measure(recording(SECONDS, **north(metres))).moving_s == 500


def test_two_segments_are_not_bridged():
    jump = np.where(SECONDS > 300, 5000.0, 0.0)
    run = measure(recording(SECONDS, segment=(SECONDS > 300).astype(float), **north(3 * SECONDS + jump)))
    assert run.distance_m == pytest.approx(1797, rel=1e-6)
    assert run.moving_s == 599


def test_a_pause_in_the_samples_is_not_bridged_and_a_short_loss_of_signal_keeps_its_distance():
    keep = (SECONDS <= 100) | (SECONDS >= 300)
    paused = measure(recording(SECONDS[keep], **north(3 * SECONDS[keep])))
    assert paused.distance_m == pytest.approx(1200, rel=1e-6)
    assert paused.moving_s == 400
    keep = (SECONDS <= 100) | (SECONDS >= 130)
    lost = measure(recording(SECONDS[keep], **north(3 * SECONDS[keep])))
    assert lost.distance_m == pytest.approx(1800, rel=1e-6)
    assert lost.moving_s == 570


def test_a_watch_that_records_seldom_is_not_all_pauses():
    seldom = SECONDS[::15]
    run = measure(recording(seldom, **north(3 * seldom)))
    assert (run.moving_s, round(run.distance_m)) == (600, 1800)


def test_steps_count_over_silences_when_the_timer_ran_all_the_time():
    seldom = np.concatenate([np.arange(0, 300, 5.0), np.arange(300, 601, 15.0)])
    columns = {"cadence_spm": np.full(len(seldom), 160.0), "distance_m": 3 * seldom}
    assert measure(recording(seldom, summary=Summary(timer_s=600), **columns)).steps == 1600
    assert measure(recording(seldom, **columns)).steps < 900


def test_distance_that_steps_back_adds_nothing_and_is_not_taken_away():
    metres = 3 * SECONDS
    metres[300:] -= 200
    assert measure(recording(SECONDS, distance_m=metres)).distance_m == pytest.approx(1797)


@pytest.mark.parametrize("at", [1, 300, 599])
def test_a_value_that_jumps_away_and_back_costs_nothing_and_adds_nothing(at):
    metres = 3 * SECONDS
    metres[at] += 400
    for columns in (north(metres), {"distance_m": metres}):
        made = recording(SECONDS, **columns)
        run = measure(made)
        assert run.distance_m == pytest.approx(1800, rel=1e-6)
        assert (run.moving_s, run.running_s) == (600, 600)
        assert [(p.code, p.detail.split()[0]) for p in walked(made).recording.problems] == [("samples_dropped", "1")]


def test_a_gps_that_stood_still_and_catches_up_keeps_its_distance_and_time():
    metres = 3 * SECONDS
    metres[200:300] = metres[200]
    made = recording(SECONDS, **north(metres))
    run = measure(made)
    assert run.distance_m == pytest.approx(1800, rel=1e-6)
    assert (run.moving_s, run.running_s) == (600, 600)
    assert len(walked(made).recording.problems) == 1


def test_a_stretch_too_fast_to_be_true_is_measured_from_the_last_good_point():
    step = np.where((SECONDS > 200) & (SECONDS <= 260), 15.0, 3.0)
    assert measure(recording(SECONDS, **north(np.cumsum(step)))).distance_m == pytest.approx(540 * 3 + 900, rel=1e-6)


def test_a_place_far_away_is_no_distance():
    first_fix = 3 * SECONDS
    first_fix[:5] += 2500
    assert measure(recording(SECONDS, **north(first_fix))).distance_m == pytest.approx(1797, rel=1e-6)
    moved = 3 * SECONDS + np.where(SECONDS >= 300, 20_000, 0)
    assert measure(recording(SECONDS, **north(moved))).distance_m == pytest.approx(1797, rel=1e-6)


def test_samples_without_a_position_lie_evenly_between_their_neighbours():
    places = north(3 * SECONDS)
    for column in places.values():
        column[100:130] = np.nan
    run = measure(recording(SECONDS, **places))
    assert run.distance_m == pytest.approx(1800, rel=1e-6)
    assert run.moving_s == 600


def test_the_devices_total_leaves_its_own_jumps_untold():
    metres = 3 * SECONDS
    metres[300] += 400
    made = recording(SECONDS, distance_m=metres, summary=Summary(distance_m=1800.0, timer_s=600.0))
    assert walked(made).recording.problems == ()


def test_a_hostile_track_of_jumps_is_searched_no_further_than_a_path_is_worth(monkeypatch):
    looked_at = []

    def counted(latitude_deg, longitude_deg):
        metres = between_m(latitude_deg, longitude_deg)

        def count(a, b):
            looked_at.append(len(latitude_deg[b]))
            return metres(a, b)

        return count

    monkeypatch.setattr(path, "between_m", counted)
    seconds = np.arange(60_000) / 4
    wild = np.where(np.arange(60_000) % 7 == 0, 3.0, 5e5 * (np.arange(60_000) % 11))
    measure(recording(seconds, **north(wild % 1e6)))
    assert len(looked_at) <= 2 * path.SEARCHES_MAX + 2
    assert sum(looked_at) <= path.SEARCHES_MAX * path.WINDOW_SAMPLES + 2 * len(seconds)


def test_a_batch_of_positions_at_one_instant_keeps_its_metres():
    seconds = np.array([0.0, 10.0, 10.001, 10.002, 20.0])
    run = measure(recording(seconds, **north([0.0, 1.0, 16.0, 31.0, 60.0])))
    assert run.distance_m == pytest.approx(60, rel=1e-6)


def test_impossible_totals_give_way_to_the_samples_and_are_named():
    made = recording(SECONDS, distance_m=3 * SECONDS, summary=Summary(distance_m=90_000.0, timer_s=600.0))
    assert measure(made).distance_m == 1800
    assert [p.code for p in clean_recording(made).problems] == ["impossible_total"]


def test_when_every_step_is_too_fast_the_distance_is_unknown():
    assert measure(recording(SECONDS, distance_m=20 * SECONDS)).distance_m is None


def test_impossible_samples_are_dropped_and_counted():
    speed = np.full(601, 3.0)
    speed[[5, 6]] = np.inf, 40.0
    altitude = np.full(601, 100.0)
    altitude[7] = 20_000
    heart = np.where(SECONDS < 10, 0.0, 150.0)
    made = recording(SECONDS, speed_m_s=speed, altitude_m=altitude, heart_rate_bpm=heart, distance_m=3 * SECONDS)
    cleaned = clean_recording(made)
    assert [p.detail for p in cleaned.problems] == ["impossible values dropped: 1 altitude_m, 2 speed_m_s"]
    run = measure(made)
    assert (run.heart_rate_bpm, run.distance_m) == (150, 1800)
    assert run == measure(cleaned)


def test_a_place_that_is_half_known_or_nowhere_is_unknown_and_no_fault():
    places = north(3 * SECONDS)
    places["latitude_deg"][1] = np.nan
    places["longitude_deg"][2] = 200.0
    for column in places.values():
        column[3] = 0.0
    cleaned = clean_recording(recording(SECONDS, **places))
    unknown = np.isnan([getattr(cleaned.track, name) for name in places])
    assert unknown.tolist() == [[1 <= n <= 3 for n in range(601)]] * 2
    assert [p.detail for p in cleaned.problems] == ["impossible values dropped: 1 longitude_deg"]
    whole = recording(SECONDS, **north(3 * SECONDS))
    assert clean_recording(whole) is whole


@given(st.lists(st.floats(-1e6, 1e6), min_size=1, max_size=30))
def test_the_median_is_that_of_numpy(numbers):
    assert median(np.array(numbers)) == np.median(numbers)


def test_what_does_not_add_up_in_a_run_is_named_on_it_and_where_a_value_comes_from_is_not():
    codes = ("sport_guessed", "session_distance", "truncated", "naive_time", "gaps", "gaps")
    told = tuple(Problem(source="", code=code, detail=str(k)) for k, code in enumerate(codes))
    made = recording(SECONDS, distance_m=3 * SECONDS, altitude_m=np.where(SECONDS == 9, 20_000, 100.0))
    assert measure(recording(SECONDS, distance_m=3 * SECONDS)).flags == ()
    flags = measure(replace(made, problems=told)).flags
    assert flags == ("gaps", "samples_dropped", "session_distance", "truncated")


def test_all_that_was_said_stays_with_the_run_and_a_repaired_clock_is_a_flag():
    said = (("clock_repaired", "taken from the file's creation"), ("naive_time", "as UTC"))
    told = tuple(Problem(source="", code=code, detail=detail) for code, detail in (*said, said[0]))
    run = measure(replace(recording(SECONDS, distance_m=3 * SECONDS), problems=told))
    assert run.notes == said
    assert run.flags == ("clock_repaired",)


@pytest.mark.parametrize(("count", "said"), [(1, "1 point"), (0, "0 points"), (2000, "2,000 points")])
def test_one_is_one(count, said):
    assert counted(count, "point") == said


def test_the_climb_of_a_device_is_as_good_as_its_altitude():
    wander = np.repeat(np.random.default_rng(1).normal(0, 6, 31), 20)[: len(SECONDS)]
    totals = Summary(ascent_m=50.0, descent_m=50.0)
    smooth = measure(recording(SECONDS, distance_m=3 * SECONDS, altitude_m=0.1 * SECONDS, summary=totals))
    rough = measure(recording(SECONDS, distance_m=3 * SECONDS, altitude_m=wander, summary=totals))
    flat = measure(recording(SECONDS, distance_m=3 * SECONDS, summary=totals))
    assert [run.climb_quality for run in (smooth, rough, flat)] == ["good", "low", None]
    assert {run.climb_source for run in (smooth, rough, flat)} == {"device"}


def test_samples_out_of_order_and_repeated_are_put_right():
    track = build_track([2.0, 0.0, 1.0, 1.0], {"distance_m": [6, 0, 3, 99], "heart_rate_bpm": [150, 140, np.nan, 145]})
    assert track.time_s.tolist() == [0, 1, 2]
    assert track.distance_m.tolist() == [0, 3, 6]
    assert track.heart_rate_bpm.tolist() == [140, 145, 150]


def test_other_sports_have_no_steps_and_no_hills():
    columns = {"cadence_spm": np.full(601, 85.0), "altitude_m": SECONDS * 0.2, "distance_m": SECONDS * 9}
    ride = measure(recording(SECONDS, sport="ride", **columns))
    assert ride.steps is ride.cadence_spm is ride.hill_up_m is ride.running_s is None
    assert ride.ascent_m == pytest.approx(120, abs=3)


def test_climb_names_its_source_and_its_device():
    made = recording(SECONDS, distance_m=3 * SECONDS, altitude_m=0.1 * SECONDS)
    run = measure(Recording(start=made.start, sport="run", device="garmin/fenix5", track=made.track))
    assert run.climb_source == "barometric:garmin/fenix5"
    assert run.ascent_m == pytest.approx(60, abs=2)


def test_a_recording_without_a_start_cannot_be_measured():
    with pytest.raises(ValueError, match="start"):
        measure(empty_recording(Problem(source="", code="no_time", detail="")))


def test_an_empty_track_gives_unknowns_not_zeros():
    run = measure(recording([]))
    assert run.distance_m is run.moving_s is run.elapsed_s is run.running_s is run.steps is None


values = st.one_of(st.floats(width=32), st.floats(-10, 5000))


@given(st.lists(st.tuples(values, values, values, values, values), max_size=40))
def test_whatever_the_samples_hold_a_run_comes_out_with_sane_numbers(rows):
    columns = np.array(rows, dtype=float).reshape(-1, 5)
    names = ("distance_m", "altitude_m", "cadence_spm", "latitude_deg")
    with np.errstate(all="ignore"):
        run = measure(recording(columns[:, 0], **{n: columns[:, i + 1] for i, n in enumerate(names)}))
    for name in ("distance_m", "moving_s", "running_s", "steps", "ascent_m", "hill_up_m"):
        value = getattr(run, name)
        assert value is None or (np.isfinite(value) and value >= 0)


def test_motion_is_as_long_as_the_track():
    track = recording(SECONDS, distance_m=3 * SECONDS).track
    moved = motion(track, "run", walk(track, "run"))
    assert len(moved.dt_s) == len(moved.step_m) == len(moved.speed_m_s) == len(track)


@pytest.mark.parametrize(("timer", "elapsed"), [(None, 100.0), (61.0, 100.0), (101.8, 101.8)])
def test_no_more_time_moves_than_passes(timer, elapsed):
    one = recording(np.arange(101.0), distance_m=np.arange(101) * 3.0)
    found = measure(replace(one, summary=Summary(timer_s=timer)))
    assert found.elapsed_s == elapsed
    assert found.moving_s <= found.elapsed_s
