from __future__ import annotations

import struct
from datetime import UTC, datetime, timedelta

import numpy as np
import pytest
from activity_files import START, fit_run
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from importers.fit import read_fit
from importers.measure import measure
from loadplan.outbox.fit_activity import Part, activity_messages, file_id
from loadplan.outbox.fit_file import DeveloperField, Message, crc16, encode, strides


def codes(recordings):
    return [[p.code for p in r.problems] for r in recordings]


def steady(seconds, speed, cadence=None, start_m=0.0, **more):
    return [{"time_s": t, "distance": start_m + speed * t, **strides(cadence), **more} for t in range(seconds + 1)]


def reseal(data):
    """The file with a checksum that fits its bytes again."""
    return data[:-2] + struct.pack("<H", crc16(data[:-2]))


def test_a_plain_run_comes_out_as_it_went_in():
    [r] = read_fit(fit_run(totals={"total_ascent": 12, "total_descent": 11}))
    assert (r.start, r.utc_offset_s, r.offset_source) == (START, 7200, "file")
    assert (r.sport, r.surface, r.salvaged, r.problems) == ("run", None, False, ())
    assert len(r.track) == 601
    assert r.track.distance_m[-1] == pytest.approx(1800)
    assert (r.summary.timer_s, r.summary.ascent_m, r.summary.descent_m) == (600, 12, 11)
    assert "loadplan demo watch" in r.device


@pytest.mark.parametrize("compress", [False, True])
def test_running_cadence_is_doubled_with_its_fraction(compress):
    [r] = read_fit(fit_run(cadence=159.0, compress=compress))
    assert set(r.track.cadence_spm) == {159.0}
    assert measure(r).cadence_spm == 159.0


def test_cadence_of_a_ride_is_left_as_it_is():
    [r] = read_fit(fit_run(sport="cycling", cadence=180.0))
    assert (r.sport, set(r.track.cadence_spm)) == ("ride", {90.0})


def test_cadence_that_an_app_wrote_in_steps_is_not_doubled():
    rows = [{**row, "cadence": 0 if t < 30 else 168 + t % 5} for t, row in enumerate(steady(600, 3.0))]
    [r] = read_fit(encode(activity_messages([Part(start=START, samples=rows, totals={"avg_cadence": 170})])))
    assert (measure(r).cadence_spm, r.summary.cadence_spm) == (170, 170)
    assert codes([r]) == [["cadence_in_steps"]]
    assert measure(r).flags == ()


def test_a_sprint_in_a_run_is_no_reason_to_take_its_strides_for_steps():
    rows = [{**row, "cadence": 136 if t < 20 else 84} for t, row in enumerate(steady(600, 3.0))]
    [r] = read_fit(encode(activity_messages([Part(start=START, samples=rows)])))
    assert (measure(r).cadence_spm, codes([r])) == (168, [[]])


@pytest.mark.parametrize(("sub", "surface"), [("trail", "trail"), ("treadmill", "treadmill"), ("generic", None)])
def test_the_sub_sport_is_the_surface(sub, surface):
    assert read_fit(fit_run(sub_sport=sub))[0].surface == surface


def test_a_pause_is_in_elapsed_and_not_in_moving_time():
    [r] = read_fit(fit_run(pauses=((200.0, 320.0),)))
    run = measure(r)
    assert (run.elapsed_s, run.moving_s) == (600, 480)
    assert r.track.segment.max() == 1


def test_running_dynamics_and_power_reach_the_run():
    extra = {"vertical_oscillation": 92.0, "stance_time": 251.0, "vertical_ratio": 8.1, "step_length": 1130.0}
    part = Part(start=START, samples=steady(400, 3.0, 170, power=250, **extra))
    run = measure(read_fit(encode(activity_messages([part])))[0])
    assert run.vertical_oscillation_mm == pytest.approx(92)
    assert run.ground_contact_ms == pytest.approx(251)
    assert run.vertical_ratio_pct == pytest.approx(8.1)
    assert run.step_length_mm == pytest.approx(1130)
    assert run.power_w == 250


def test_a_zero_of_a_sensor_that_is_not_there_is_unknown():
    zeros = dict.fromkeys(("avg_heart_rate", "avg_cadence", "avg_power", "total_cycles"), 0)
    [r] = read_fit(fit_run(totals=zeros))
    s = r.summary
    assert (s.heart_rate_bpm, s.cadence_spm, s.power_w, s.steps) == (None, None, None, None)
    assert (measure(r).heart_rate_bpm, measure(r).cadence_spm) == (140, 168)
    assert measure(r).steps == pytest.approx(1680)


@pytest.mark.parametrize(("cycles", "steps"), [(840, 1680), (1700, 1700)])
def test_a_total_of_strides_is_doubled_and_one_of_steps_is_not(cycles, steps):
    [r] = read_fit(fit_run(cadence=None, seconds=600, totals={"total_cycles": cycles}))
    assert measure(r).steps == steps


def test_a_distance_of_zero_that_no_sample_confirms_is_unknown():
    indoors = [{"time_s": t, "heart_rate": 140} for t in range(600)]
    standing = [{"time_s": t, "distance": 0.0, "heart_rate": 140} for t in range(600)]
    found = []
    for samples in (indoors, standing):
        part = Part(start=START, samples=samples, totals={"total_distance": 0})
        found.append(read_fit(encode(activity_messages([part])))[0].summary.distance_m)
    assert found == [None, 0]


def test_a_summary_that_was_written_before_anything_was_summed_up_gives_way_to_the_samples():
    zeros = ("total_elapsed_time", "total_timer_time", "total_distance", "total_ascent", "total_descent")
    messages = activity_messages([Part(start=START, samples=steady(600, 3.0, 168))])
    blank = [Message(m.name, {**m.values, **dict.fromkeys(zeros, 0)}) if m.name == "session" else m for m in messages]
    run = measure(read_fit(encode(blank))[0])
    assert (run.distance_m, run.elapsed_s, run.moving_s, run.ascent_m) == (1800, 600, 600, None)
    assert "session_time" in run.flags


def test_sessions_are_cut_by_their_times_and_start_at_distance_zero():
    ride = Part(start=START, samples=steady(300, 8.0), sport="cycling")
    later = START + timedelta(seconds=300)
    run = Part(start=later, samples=steady(400, 3.0, 168, start_m=2400.0))
    recordings = read_fit(encode(activity_messages([ride, run], utc_offset_s=3600)))
    assert [r.sport for r in recordings] == ["ride", "run"]
    assert [r.start for r in recordings] == [START, later]
    assert recordings[1].track.distance_m[-1] == pytest.approx(1200)
    assert recordings[1].track.time_s[-1] == 400
    assert measure(recordings[1]).distance_m == pytest.approx(1200)


def test_a_file_without_a_session_is_summarised_from_its_records():
    part = Part(start=START, samples=steady(600, 3.0, 168))
    [r] = read_fit(encode(activity_messages([part], with_sessions=False, with_activity=False)))
    run = measure(r)
    assert (run.sport, run.distance_m, run.moving_s) == ("run", 1800, 600)
    assert codes([r]) == [["sport_guessed", "no_summary", "unclosed"]]
    assert not r.salvaged


def test_a_cut_file_keeps_its_samples_and_says_so():
    data = fit_run()
    [r] = read_fit(data[: len(data) * 2 // 3])
    assert r.salvaged
    assert "truncated" in codes([r])[0]
    assert 0.6 * 601 <= len(r.track) <= 601
    assert measure(r).distance_m == pytest.approx(3 * r.track.time_s[-1])


def test_a_bad_checksum_is_never_silent():
    data = fit_run()
    [r] = read_fit(data[:-1] + bytes([data[-1] ^ 1]))
    assert (r.salvaged, codes([r])) == (True, [["bad_crc"]])
    assert len(r.track) == 601


def test_a_file_whose_size_was_never_written_is_recovered():
    data = bytearray(fit_run())
    data[4:8] = bytes(4)
    [r] = read_fit(bytes(data[:-2]))
    assert r.salvaged
    assert len(r.track) >= 599


def test_a_header_checksum_made_for_a_size_of_zero_is_no_reason_to_lose_the_run():
    data = bytearray(fit_run())
    data[4:8] = bytes(4)
    data[12:14] = struct.pack("<H", crc16(bytes(data[:12])))
    [r] = read_fit(bytes(data[:-2]))
    assert r.salvaged
    assert codes([r]) == [["unfinished"]]
    assert len(r.track) >= 599


def test_a_short_header_without_a_size_is_recovered_too():
    part = Part(start=START, samples=steady(600, 3.0, 168))
    data = bytearray(encode(activity_messages([part]), short_header=True))
    data[4:8] = bytes(4)
    assert len(read_fit(bytes(data[:-2]))[0].track) >= 599


def summary_first():
    """Totals before the records, as some watches write them."""
    messages = activity_messages([Part(start=START, samples=steady(600, 3.0, 168), totals={"total_ascent": 20})])
    late = [m for m in messages if m.name in ("lap", "session", "activity")]
    return encode([messages[0], *late, *(m for m in messages[1:] if m not in late)])


def test_totals_of_a_file_that_was_cut_give_way_to_its_samples():
    data = summary_first()
    [whole] = read_fit(data)
    assert (whole.salvaged, measure(whole).distance_m, measure(whole).ascent_m) == (False, 1800, 20)
    [r] = read_fit(data[: len(data) // 2])
    run = measure(r)
    assert r.salvaged
    assert 200 < r.track.time_s[-1] < 400
    assert run.distance_m == pytest.approx(3 * r.track.time_s[-1])
    assert run.moving_s == run.elapsed_s == r.track.time_s[-1]
    assert run.ascent_m is None


def test_totals_behind_the_records_hold_whatever_is_wrong_with_the_file():
    data = fit_run(totals={"total_elapsed_time": 900, "total_timer_time": 900, "total_distance": 2700})
    [r] = read_fit(data[:-1] + bytes([data[-1] ^ 1]))
    assert r.salvaged
    assert (measure(r).distance_m, measure(r).moving_s) == (2700, 900)


def test_totals_hold_where_only_the_end_was_cut():
    [r] = read_fit(summary_first()[:-40])
    assert r.salvaged
    assert measure(r).distance_m == 1800


def test_chained_files_are_read_one_after_the_other():
    second = fit_run(start=START + timedelta(days=1), seconds=300)
    recordings = read_fit(fit_run() + second)
    assert [len(r.track) for r in recordings] == [601, 301]
    assert codes(recordings) == [[], []]


def test_bytes_behind_the_file_that_are_no_fit_are_legal():
    [r] = read_fit(fit_run() + b"\0" * 30)
    assert (r.salvaged, r.problems) == (False, ())


def test_damage_to_a_later_file_of_a_chain_is_told_with_the_run_before_it():
    broken = bytearray(encode([file_id(START)]))
    broken[-1] ^= 1
    [r] = read_fit(fit_run() + bytes(broken))
    assert (len(r.track), r.salvaged, codes([r])) == (601, False, [["bad_crc"]])


def test_records_and_sessions_without_any_time_have_no_day():
    rows = [Message("record", {"distance": 3.0 * t}) for t in range(60)]
    [r] = read_fit(encode([file_id(None), *rows, Message("session", {"sport": "running", "total_distance": 180})]))
    assert (r.start, codes([r])) == (None, [["no_time"]])


def test_settings_in_a_chain_are_not_worth_a_word():
    settings_file = encode([file_id(START, "settings")])
    assert codes(read_fit(fit_run() + settings_file)) == [[]]


@pytest.mark.parametrize("kind", ["settings", "monitoring_b", "course", "workout"])
def test_files_of_other_types_are_no_activities(kind):
    [r] = read_fit(encode([file_id(START, kind)]))
    assert (r.start, codes([r])) == (None, [["not_activity"]])


def test_an_activity_without_records_is_none():
    assert codes(read_fit(encode([file_id(START)]))) == [["no_records"]]


def test_a_clock_counting_from_power_up_is_quarantined():
    old = datetime(1989, 12, 31, tzinfo=UTC) + timedelta(days=30)
    [r] = read_fit(fit_run(start=old))
    assert (r.start, codes([r])) == (None, [["power_up_clock"]])


def test_an_offset_is_rounded_to_a_quarter_and_an_impossible_one_is_unknown():
    assert read_fit(fit_run(utc_offset_s=20_701))[0].utc_offset_s == 20_700
    assert read_fit(fit_run(utc_offset_s=16 * 3600))[0].utc_offset_s is None
    assert read_fit(fit_run(utc_offset_s=None))[0].offset_source is None


def test_repeated_and_backward_times_are_put_in_order():
    samples = steady(100, 3.0, 168)
    samples[40], samples[60] = samples[60], samples[40]
    samples.append(dict(samples[50]))
    data = encode(
        [
            file_id(START),
            *(
                Message("record", {"timestamp": START + timedelta(seconds=s["time_s"]), "distance": s["distance"]})
                for s in samples
            ),
        ]
    )
    [r] = read_fit(data)
    assert r.track.time_s.tolist() == list(range(101))
    assert (np.diff(r.track.distance_m) > 0).all()


def test_developer_fields_of_an_odd_size_cost_nothing():
    odd = DeveloperField(number=0, name="odd", size=3)
    part = Part(start=START, samples=[{**s, "odd": b"abc"} for s in steady(60, 3.0)])
    [r] = read_fit(encode(activity_messages([part], developer=[odd])))
    assert (r.salvaged, r.problems) == (False, ())
    assert r.track.distance_m.tolist() == [3.0 * t for t in range(61)]


def test_developer_fields_of_one_file_do_not_leak_into_the_next():
    app = DeveloperField(number=0, name="cadence")
    part = Part(start=START, samples=[{**s, "cadence": 12} for s in steady(60, 3.0)])
    named = encode(activity_messages([part], developer=[app]))
    alone = [len(r.track) for r in read_fit(fit_run())]
    read_fit(named)
    assert [len(r.track) for r in read_fit(fit_run())] == alone


@pytest.mark.parametrize("data", [b"", b"not fit at all", b"\x0e\x10\0\0\xff\xff\xff\xff.FIT", fit_run()[:20]])
def test_what_is_no_fit_gives_one_recording_that_says_why(data):
    [r] = read_fit(data)
    assert r.start is None
    assert len(r.problems) == 1


GOOD = fit_run(seconds=40)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.lists(st.tuples(st.integers(0, len(GOOD) - 1), st.integers(0, 255)), max_size=8),
    st.integers(0, len(GOOD)),
    st.booleans(),
)
def test_no_damage_raises_and_none_is_silent_about_its_checksum(changes, cut, sealed):
    data = bytearray(GOOD)
    for at, value in changes:
        data[at] = value
    damaged = reseal(bytes(data)) if sealed else bytes(data[:cut])
    recordings = read_fit(damaged)
    assert recordings
    for r in recordings:
        if r.start is not None:
            measure(r)
        if not sealed and damaged != GOOD and r.start is not None and cut < len(GOOD):
            assert r.problems


def test_one_file_id_that_says_activity_is_enough():
    run, settings_id = activity_messages([Part(start=START, samples=steady(600, 3.0))]), file_id(START, "settings")
    records = [m for m in run if m.name not in ("session", "lap", "activity")]
    for messages in (run, records):
        [r] = read_fit(encode([settings_id, *messages]))
        assert (len(r.track), "odd_type" in codes([r])[0]) == (601, False)
    [alone] = read_fit(encode([settings_id, *(m for m in records if m.name != "file_id")]))
    assert codes([alone]) == [["not_activity"]]
