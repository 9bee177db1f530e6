"""Records to samples: which field gives a column, which times are believed, where a stretch of the timer begins."""

from __future__ import annotations

from dataclasses import fields
from datetime import timedelta

import numpy as np
import pytest
from activity_files import START, fit_run
from hypothesis import given, settings
from hypothesis import strategies as st

from importers.fit import read_fit
from importers.measure import measure
from importers.run import Run
from importers.track import COLUMNS, build_track
from loadplan.outbox.fit_activity import Part, activity_messages
from loadplan.outbox.fit_file import DeveloperField, Message, encode
from loadplan.outbox.fit_profile import FLOAT32, UINT8, UINT16, Field

SECONDS = 300


def samples(**more):
    return [{"time_s": t, "distance": 3.0 * t, "cadence": 84, **more} for t in range(SECONDS + 1)]


def read(rows, **how):
    [recording] = read_fit(encode(activity_messages([Part(start=START, samples=rows)], **how)))
    return recording


def test_the_finer_fields_of_altitude_and_speed_win_sample_by_sample():
    rows = samples(altitude=100.0, speed=3.0)
    for row in rows[100:]:
        row |= {"enhanced_altitude": 250, "enhanced_speed": 3.4}
    track = read(rows).track
    assert track.altitude_m[[99, 100]].tolist() == [100.0, 250.0]
    assert track.speed_m_s[[99, 100]].tolist() == [3.0, 3.4]


def test_positions_come_in_degrees_and_leave_with_the_track():
    recording = read(
        [{**row, "position_lat": -33.5 + 1e-5 * row["time_s"], "position_long": 151.2} for row in samples()]
    )
    assert recording.track.latitude_deg[0] == pytest.approx(-33.5, abs=1e-6)
    assert recording.track.longitude_deg[0] == pytest.approx(151.2, abs=1e-6)
    assert not any(word in f.name for f in fields(Run) for word in ("latitude", "longitude", "position"))
    assert measure(recording).distance_m == 3.0 * SECONDS


def test_a_field_that_no_record_has_is_unknown_and_not_zero():
    track = read(samples()).track
    for column in ("altitude_m", "speed_m_s", "heart_rate_bpm", "power_w", "latitude_deg", "step_length_mm"):
        assert np.isnan(getattr(track, column)).all()


def test_a_value_that_a_sample_lacks_is_unknown_there():
    rows = samples(heart_rate=140)
    rows[7]["heart_rate"] = None
    track = read(rows).track
    assert np.flatnonzero(np.isnan(track.heart_rate_bpm)).tolist() == [7]


@pytest.mark.parametrize("native", [None, 210])
def test_power_of_an_app_counts_only_where_the_watch_has_none_of_its_own(native):
    app = DeveloperField(number=3, name="Power", base=UINT16, units="Watts", native="power")
    own = {} if native is None else {"power": native}
    track = read([{**row, "Power": 255, **own} for row in samples()], developer=[app]).track
    assert set(track.power_w) == {float(native or 255)}


def test_a_watch_that_loses_its_own_sensor_now_and_then_is_not_filled_up_by_an_app():
    app = DeveloperField(number=3, name="Power", base=UINT16, units="Watts", native="power")
    rows = [{**row, "Power": 255, "power": 210} for row in samples()]
    rows[9]["power"] = None
    assert np.isnan(read(rows, developer=[app]).track.power_w[9])


def test_cadence_of_an_app_counts_strides_like_that_of_the_watch():
    app = DeveloperField(number=1, name="Cadence", base=UINT8, units="RPM", native="cadence")
    rows = [{"time_s": t, "distance": 3.0 * t, "Cadence": 86} for t in range(SECONDS + 1)]
    assert set(read(rows, developer=[app]).track.cadence_spm) == {172.0}


@pytest.mark.parametrize(
    ("native", "units", "written", "column", "expected"),
    [
        ("cadence", "spm", 33, "cadence_spm", 66.0),  # strokes of a rower; a runner's steps are known by their number
        ("distance", "km", 0.5, "distance_m", 500.0),
        ("speed", "km/h", 10.8, "speed_m_s", 3.0),
        ("stance_time", "s", 0.25, "ground_contact_ms", 250.0),
        ("step_length", "m", 1.125, "step_length_mm", 1125.0),
        ("vertical_oscillation", "Centimeters", 9.25, "vertical_oscillation_mm", 92.5),
        ("vertical_oscillation", "furlongs", 92.5, "vertical_oscillation_mm", 92.5),
    ],
)
def test_an_app_may_count_in_another_unit_and_say_so(native, units, written, column, expected):
    app = DeveloperField(number=1, name="app", base=FLOAT32, units=units, native=native)
    recording = read([{"time_s": t, "app": written} for t in range(SECONDS)], developer=[app])
    assert getattr(recording.track, column) == pytest.approx(expected)


def test_heart_rate_power_and_running_dynamics_reach_the_run():
    extra = {"heart_rate": 151, "power": 250, "vertical_oscillation": 92.0, "stance_time": 251.0}
    extra |= {"stance_time_balance": 49.5, "vertical_ratio": 8.1, "step_length": 1130.0}
    run = measure(read(samples(**extra)))
    assert (run.heart_rate_bpm, run.power_w, run.cadence_spm) == (151, 250, None)
    found = (run.vertical_oscillation_mm, run.ground_contact_ms, run.ground_contact_balance_pct)
    assert found == pytest.approx((92, 251, 49.5))
    assert (run.vertical_ratio_pct, run.step_length_mm) == pytest.approx((8.1, 1130))


def test_records_without_a_time_are_left_out_and_counted():
    messages = activity_messages([Part(start=START, samples=samples())])
    lost = [Message("record", {"distance": 12.0, "speed": 1.0})] * 5
    [recording] = read_fit(encode([*messages[:50], *lost, *messages[50:]]))
    assert len(recording.track) == SECONDS + 1
    assert [(p.code, p.detail) for p in recording.problems] == [("samples_dropped", "5 records without a time dropped")]


def test_a_record_years_away_from_the_others_is_left_out_and_counted():
    messages = activity_messages([Part(start=START, samples=samples())])
    far = Message("record", {"timestamp": START + timedelta(days=4000), "distance": 12.0})
    [recording] = read_fit(encode([*messages[:50], far, *messages[50:]]))
    assert (len(recording.track), recording.track.time_s[-1]) == (SECONDS + 1, SECONDS)
    assert "samples_dropped" in [p.code for p in recording.problems]


def test_times_and_values_beyond_all_bounds_neither_raise_nor_stay():
    odd = [Field(253, FLOAT32), Field(5, FLOAT32)]
    messages = activity_messages([Part(start=START, samples=samples())])
    wild = [Message("record", {}, extra={odd[0]: t, odd[1]: 3e38}) for t in (3e38, -3e38, 1.0, 4e9)]
    [recording] = read_fit(encode([*messages[:50], *wild, *messages[50:]]))
    assert recording.start == START
    assert recording.track.time_s.tolist() == list(range(SECONDS + 1))
    assert measure(recording).distance_m == 3.0 * SECONDS


@pytest.mark.parametrize("stop", ["stop", "stop_all", "stop_disable_all"])
def test_each_start_of_the_timer_after_a_stop_begins_a_stretch(stop):
    part = Part(start=START, samples=samples(), pauses=((60.0, 90.0), (200.0, 230.0)))
    messages = [
        Message(m.name, {**m.values, "event_type": stop}) if m.values.get("event_type") == "stop_all" else m
        for m in activity_messages([part])
    ]
    [recording] = read_fit(encode(messages))
    segment = recording.track.segment
    assert np.flatnonzero(np.diff(segment)).tolist() == [89, 229]
    assert segment.tolist()[0] == 0


def test_a_second_start_without_a_stop_begins_none():
    again = Message("event", {"timestamp": START + timedelta(seconds=60), "event": "timer", "event_type": "start"})
    messages = activity_messages([Part(start=START, samples=samples())])
    [recording] = read_fit(encode([*messages[:50], again, *messages[50:]]))
    assert set(recording.track.segment) == {0.0}


def test_the_first_of_two_records_of_one_second_holds_and_the_second_fills_what_it_lacks():
    rows = samples()
    rows.insert(11, {"time_s": 10, "distance": 999.0, "heart_rate": 144})
    track = read(rows).track
    assert len(track) == SECONDS + 1
    assert (track.distance_m[10], track.heart_rate_bpm[10]) == (30.0, 144.0)


# ---------------------------------------------------------------- merging, against the plain definition
VALUES = st.one_of(st.just(float("nan")), st.integers(0, 9).map(float))


@settings(max_examples=150, deadline=None)
@given(
    st.lists(st.tuples(st.one_of(st.just(float("nan")), st.integers(0, 12).map(float)), VALUES, VALUES), max_size=25)
)
def test_samples_come_in_order_once_each_with_the_first_value_there_is(rows):
    columns = {"distance_m": [r[1] for r in rows], "power_w": [r[2] for r in rows]}
    track = build_track([r[0] for r in rows], columns)
    plain: dict[float, list[float]] = {}
    for time, *values in (r for r in rows if r[0] == r[0]):
        kept = plain.setdefault(time, [float("nan")] * 2)
        plain[time] = [old if old == old else new for old, new in zip(kept, values, strict=True)]
    assert track.time_s.tolist() == sorted(plain)
    for name, k in (("distance_m", 0), ("power_w", 1)):
        np.testing.assert_array_equal(getattr(track, name), [plain[t][k] for t in sorted(plain)])
    assert all(len(getattr(track, name)) == len(track) for name in COLUMNS)


def test_a_file_read_twice_gives_the_same_twice():
    data = fit_run(pauses=((30.0, 60.0),))
    first, second = read_fit(data)[0].track, read_fit(data)[0].track
    for name in COLUMNS:
        np.testing.assert_array_equal(getattr(first, name), getattr(second, name))
