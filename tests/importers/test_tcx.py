from __future__ import annotations

import re
from datetime import timedelta

import numpy as np
import pytest
from activity_files import START, tcx, tcx_activity
from hypothesis import given, settings
from hypothesis import strategies as st

from importers import read_export
from importers.measure import measure
from importers.tcx import read_tcx


def codes(recordings):
    return [p.code for r in recordings for p in r.problems]


def test_a_plain_run_comes_out_as_it_went_in():
    [r] = read_tcx(tcx(tcx_activity(400)))
    run = measure(r)
    assert (r.start, r.sport, r.device, r.problems) == (START, "run", "Forerunner", ())
    assert (run.distance_m, run.moving_s, run.heart_rate_bpm, run.cadence_spm) == (1200, 400, 141, 168)
    assert r.summary.cadence_rule.startswith("strides")


def test_leading_blanks_as_a_service_writes_them_are_read():
    assert len(read_tcx(b" " * 10 + tcx(tcx_activity()))[0].track) == 121


def test_several_activities_are_several_recordings():
    sports = [r.sport for r in read_tcx(tcx(tcx_activity(), tcx_activity(sport="Biking"), tcx_activity(sport="Other")))]
    assert sports == ["run", "ride", "other"]


def test_a_cut_file_keeps_its_points_and_measures_them():
    data = tcx(tcx_activity(400))
    [r] = read_tcx(data[: len(data) // 2])
    assert (r.salvaged, codes([r])) == (True, ["truncated"])
    assert measure(r).distance_m == pytest.approx(3 * r.track.time_s[-1])


def test_times_without_a_zone_are_said():
    assert codes(read_tcx(tcx(tcx_activity()).replace(b"Z</Time>", b"</Time>"))) == ["naive_time"]


def test_no_points_is_no_activity_and_no_times_is_a_problem():
    assert codes(read_tcx(tcx())) == ["no_points"]
    assert codes(read_tcx(tcx(tcx_activity()).replace(b"<Time>", b"<Tame>").replace(b"</Time>", b"</Tame>"))) == [
        "no_time"
    ]


def lap(minute, seconds=60, metres=180.0, points=True, recorded=True):
    """One lap of a run at 3 m/s; ``points`` with their distance if ``recorded``, else none."""
    begun = START + timedelta(minutes=minute)
    stamp = lambda t: (begun + timedelta(seconds=t)).strftime("%Y-%m-%dT%H:%M:%SZ")  # noqa: E731
    inside = "".join(
        f"<Trackpoint><Time>{stamp(t)}</Time>"
        + (f"<DistanceMeters>{3.0 * (60 * minute + t)}</DistanceMeters>" if recorded else "")
        + "</Trackpoint>"
        for t in range(seconds)
    )
    return (
        f'<Lap StartTime="{stamp(0)}"><TotalTimeSeconds>{seconds}</TotalTimeSeconds>'
        + (f"<DistanceMeters>{metres}</DistanceMeters>" if metres is not None else "")
        + (f"<Track>{inside}</Track></Lap>" if points else "</Lap>")
    )


def laps(*made, sport="Running"):
    return tcx(f'<Activity Sport="{sport}"><Id>{START:%Y-%m-%dT%H:%M:%SZ}</Id>{"".join(made)}</Activity>')


def test_a_run_indoors_without_a_point_is_a_run_with_its_totals(tmp_path):
    data = laps(lap(0, 600, 2000.0, points=False), lap(10, 300, 900.0, points=False))
    [r] = read_tcx(data)
    run = measure(r)
    assert (r.start, r.sport, r.problems, len(r.track)) == (START, "run", (), 0)
    assert (run.distance_m, run.moving_s, run.elapsed_s) == (2900, 900, 900)
    (tmp_path / "indoors.tcx").write_bytes(data)
    export = read_export(tmp_path)
    assert [(row.fate, row.runs) for row in export.ledger] == [("kept", 1)]


def test_a_lap_of_nothing_is_no_activity():
    assert codes(read_tcx(laps(lap(0, 0, 0.0, points=False)))) == ["no_points"]


@pytest.mark.parametrize("metres", [None, 0.0])
def test_a_lap_without_a_distance_has_that_of_its_points(metres):
    [r] = read_tcx(laps(lap(0), lap(1, metres=metres)))
    assert measure(r).distance_m == pytest.approx(360, abs=4)
    assert codes([r]) == ["lap_distance_missing"]
    [r] = read_tcx(laps(lap(0, metres=metres), lap(1, metres=metres)))
    assert measure(r).distance_m == pytest.approx(357)  # the end of a lap is no pause
    assert codes([r]) == []


def test_a_lap_of_standing_still_is_left_at_zero():
    [r] = read_tcx(laps(lap(0), lap(1, metres=0.0, recorded=False)))
    assert (measure(r).distance_m, codes([r])) == (180, [])


def test_laps_of_no_time_have_that_of_their_points():
    assert measure(read_tcx(laps(lap(0), lap(1)).replace(b">60<", b">0<"))[0]).moving_s == 119
    assert measure(read_tcx(laps(lap(0), lap(1)).replace(b">60<", b">0<", 1))[0]).moving_s == 59 + 60


def test_a_distance_that_stays_at_0_is_none_and_speed_gives_it():
    data = re.sub(r"<DistanceMeters>[\d.]+<", "<DistanceMeters>0<", tcx_activity())
    assert measure(read_tcx(tcx(data))[0]).distance_m == pytest.approx(360)
    assert measure(read_tcx(tcx(data.replace("Speed>3.0<", "Speed>0<")))[0]).distance_m is None


def test_half_a_run_of_unknown_distance_is_said():
    [r] = read_tcx(laps(lap(0), lap(1, metres=None, points=False)))
    assert (measure(r).distance_m, codes([r])) == (180, ["lap_distance_missing", "session_time"])


def test_what_names_no_sport_and_a_cadence_of_neither_unit_are_said():
    assert codes(read_tcx(laps(lap(0), sport="Other"))) == ["sport_unknown"]
    [r] = read_tcx(tcx(tcx_activity(400, cadence=125)))
    assert codes([r]) == ["cadence_undecided"]
    assert measure(r).cadence_spm is measure(r).steps is None


@pytest.mark.parametrize("name", ["Value", "Name", "Id", "Time", "Lap", "Track", "Trackpoint", "DistanceMeters"])
def test_a_document_that_begins_anywhere_keeps_what_follows(name):
    whole = tcx(tcx_activity())
    found = read_tcx(f"<{name}>140</{name}></Lap>".encode() + whole[whole.index(b"<Activities") :])
    assert [len(r.track) for r in found] == [121]


def test_a_document_type_is_refused():
    data = tcx(tcx_activity()).replace(b"?>", b"?><!DOCTYPE x>", 1)
    assert codes(read_tcx(data)) == ["hostile_xml"]


GOOD = tcx(tcx_activity(12))


@settings(max_examples=100, deadline=None)
@given(st.lists(st.tuples(st.integers(0, len(GOOD) - 1), st.binary(max_size=3)), max_size=5), st.integers(0, len(GOOD)))
def test_no_damage_raises(changes, cut):
    data = GOOD
    for at, new in changes:
        data = data[:at] + new + data[at + len(new) :]
    for r in read_tcx(data[:cut]):
        if r.start is not None:
            measure(r)


def test_a_lap_that_begins_later_is_after_a_pause_and_a_second_track_too():
    [r] = read_tcx(laps(lap(0), lap(1), lap(5)))
    assert sorted(set(r.track.segment)) == [0, 1]
    one = lap(0).replace("</Trackpoint><Trackpoint>", "</Trackpoint></Track><Track><Trackpoint>", 1)
    assert sorted(set(read_tcx(laps(one))[0].track.segment)) == [0, 1]


def test_neither_the_name_of_an_activity_nor_the_start_of_a_lap_need_be_a_time():
    [r] = read_tcx(tcx(tcx_activity(60)))
    assert (r.start, codes([r])) == (START, [])


@pytest.mark.parametrize("prefix", ["", "x:", "ns3:"])
def test_extensions_are_read_under_any_prefix(prefix):
    data = tcx(tcx_activity(60)).replace(b"ns3:", prefix.encode()).replace(b"xmlns:x=", b"xmlns:y=")
    data = data.replace(b"<%sSpeed>" % prefix.encode(), b"<%sWatts>250</%sWatts><%sSpeed>" % ((prefix.encode(),) * 3))
    [r] = read_tcx(data)
    assert set(r.track.power_w) == {250.0}
    assert set(r.track.speed_m_s) == {3.0}
    assert set(r.track.cadence_spm) == {168.0}


def test_the_program_is_named_where_no_device_is():
    data = tcx(tcx_activity(60)).replace(b"<Creator><Name>Forerunner</Name></Creator>", b"")
    data = data.replace(b"</Activities>", b"</Activities><Author><Name>Connect Api</Name></Author>")
    assert read_tcx(data)[0].device == "Connect Api"


def test_courses_and_workouts_are_no_activities():
    data = tcx(tcx_activity(60)).replace(b"Activity", b"Course").replace(b"Activities", b"Courses")
    assert codes(read_tcx(data)) == ["no_points"]


def test_activities_of_the_first_version_of_the_format_are_read():
    data = tcx(tcx_activity(60)).replace(b'<Activity Sport="Running">', b"<History><Running><Run>")
    data = data.replace(b"</Activity>", b"</Run></Running></History>")
    [r] = read_tcx(data.replace(b"<Activities>", b"").replace(b"</Activities>", b""))
    assert (r.sport, len(r.track)) == ("run", 61)


def test_one_bad_value_costs_one_value():
    data = tcx(tcx_activity(60)).replace(b"<Value>141</Value>", b"<Value>?</Value>", 1)
    data = data.replace(b"T06:30:05Z", b"T06:30:95Z")
    [r] = read_tcx(data)
    assert (len(r.track), np.isnan(r.track.heart_rate_bpm).sum()) == (60, 1)
    assert codes([r]) == ["samples_dropped", "samples_dropped"]


def test_a_run_indoors_takes_heart_rate_and_steps_from_its_laps():
    said = "<AverageHeartRateBpm><Value>{}</Value></AverageHeartRateBpm><Extensions><Steps>{}</Steps></Extensions>"
    made = [
        lap(k, 60 * (k + 1), 100.0, points=False).replace("</Lap>", said.format(150 + 30 * k, 100) + "</Lap>")
        for k in (0, 1)
    ]
    [r] = read_tcx(laps(*made))
    assert r.summary.heart_rate_bpm == pytest.approx((150 + 2 * 180) / 3)
    assert r.summary.steps == 200


def test_the_points_of_each_activity_and_lap_are_their_own():
    first, second = read_tcx(tcx(tcx_activity(60), tcx_activity(30)))
    assert (len(first.track), len(second.track)) == (61, 31)
    assert (measure(first).distance_m, measure(second).distance_m) == (180, 90)


def test_a_point_with_a_broken_clock_costs_only_itself_and_is_counted():
    right = START.strftime("%Y-%m-%dT%H:%M:%SZ").encode()
    [r] = read_tcx(tcx(tcx_activity(400)).replace(right, b"1970-01-01T00:00:00Z"))
    assert (r.start, len(r.track)) == (START + timedelta(seconds=1), 400)
    assert [p.detail for p in r.problems] == ["1 point with a broken clock dropped"]


def test_a_sport_of_several_words_tells_the_surface_and_an_unknown_one_is_said():
    [trail] = read_tcx(tcx(tcx_activity(sport="Trail Running")))
    [unknown] = read_tcx(tcx(tcx_activity(sport="Tsugaidz")))
    assert (trail.sport, trail.surface, codes([trail])) == ("run", "trail", [])
    assert (unknown.sport, codes([unknown])) == ("tsugaidz", ["sport_unknown"])
