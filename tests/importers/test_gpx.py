from __future__ import annotations

import re
from datetime import timedelta

import numpy as np
import pytest
from activity_files import START, gpx, gpx_points, tpx
from hypothesis import given, settings
from hypothesis import strategies as st

from importers.gpx import read_gpx
from importers.measure import measure
from importers.sniff import Kind, sniff


def codes(recordings):
    return [p.code for r in recordings for p in r.problems]


def test_a_plain_run_comes_out_as_it_went_in():
    [r] = read_gpx(gpx(gpx_points(range(601), extra=lambda t: tpx(hr=140, cad=84)), name="Evening"))
    run = measure(r)
    assert (r.start, r.sport, r.summary.title, r.device) == (START, "run", "Evening", "made")
    assert (r.utc_offset_s, r.problems, r.salvaged) == (None, (), False)
    assert run.distance_m == pytest.approx(1800, rel=1e-4)
    assert (run.moving_s, run.heart_rate_bpm, run.cadence_spm) == (600, 140, 168)


@pytest.mark.parametrize(("cadence", "steps", "rule"), [(84, 168, "strides"), (168, 168, "steps"), (125, None, "und")])
def test_the_unit_of_cadence_is_decided_by_its_median_and_the_rule_is_recorded(cadence, steps, rule):
    [r] = read_gpx(gpx(gpx_points(range(601), extra=lambda t: tpx(cad=cadence))))
    assert measure(r).cadence_spm == steps
    assert r.summary.cadence_rule.startswith(rule)


def test_several_segments_are_not_bridged():
    data = gpx(gpx_points(range(101)), gpx_points(range(400, 501)))
    run = measure(read_gpx(data)[0])
    assert run.distance_m == pytest.approx(600, rel=1e-4)
    assert (run.moving_s, run.elapsed_s) == (200, 500)


def test_missing_altitude_is_unknown_and_never_zero():
    data = gpx(gpx_points(range(601), altitude=lambda t: 500 + t / 10 if t % 2 else None))
    [r] = read_gpx(data)
    assert np.isnan(r.track.altitude_m[0])
    assert np.nanmin(r.track.altitude_m) > 499
    assert measure(r).ascent_m == pytest.approx(60, abs=3)


def test_times_without_a_zone_are_utc_and_it_is_said():
    recordings = read_gpx(gpx(gpx_points(range(100), zone="")))
    assert recordings[0].start == START
    assert codes(recordings) == ["naive_time"]


def test_times_with_an_offset_tell_the_local_day():
    [r] = read_gpx(gpx(gpx_points(range(100), zone="+02:00")))
    assert (r.start.hour, r.utc_offset_s, r.offset_source) == (4, 7200, "file")


def test_a_file_without_times_says_so():
    points = '<trkpt lat="1" lon="1"/><trkpt lat="1.001" lon="1"/>'
    [r] = read_gpx(gpx(points))
    assert (r.start, codes([r])) == (None, ["no_time"])


@pytest.mark.parametrize("data", [gpx(), gpx(""), b"<gpx><rte><rtept lat='1' lon='1'/></rte></gpx>"])
def test_a_file_without_points_is_no_activity(data):
    assert codes(read_gpx(data)) == ["no_points"]


@pytest.mark.parametrize(
    "wrap",
    [
        lambda d: b"\xef\xbb\xbf" + d,
        lambda d: b" " * 10 + d,
        lambda d: d.decode().replace("UTF-8", "UTF-16").encode("utf-16"),
        lambda d: d.decode().replace("UTF-8", "ISO-8859-1").replace("Evening", "Läufe").encode("latin-1"),
    ],
)
def test_marks_blanks_and_encodings_are_read(wrap):
    [r] = read_gpx(wrap(gpx(gpx_points(range(60)), name="Evening")))
    assert len(r.track) == 60
    assert r.summary.title in ("Evening", "Läufe")


@pytest.mark.parametrize(
    "head",
    [
        '<!DOCTYPE gpx [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]>',
        '<!DOCTYPE gpx SYSTEM "file:///etc/passwd">',
    ],
)
def test_document_types_and_entities_are_refused(head):
    assert codes(read_gpx(gpx(gpx_points(range(9)), head=head))) == ["hostile_xml"]


def test_depth_and_text_are_bounded():
    deep = gpx("<extensions>" + "<a>" * 5000 + "</a>" * 5000 + "</extensions>")
    long = gpx("", name="x" * 100_000)
    assert codes(read_gpx(deep)) == codes(read_gpx(long)) == ["hostile_xml"]


@pytest.mark.parametrize(("good", "bad", "points", "said"), [
    ('lat="10.', 'lat="abc', 601, "1 place missing or no number; the rest of the point is kept"),
    ('lat="10.', 'wat="10.', 601, "1 place missing or no number; the rest of the point is kept"),
    ("<ele>100.0</ele>", "<ele>abc</ele>", 601, "1 value that is no number dropped"),
    ("<time>2024-05-04T", "<time>2024-05-94T", 600, "1 point without a time dropped"),
])  # fmt: skip
def test_one_bad_value_costs_one_value(good, bad, points, said):
    data = gpx(gpx_points(range(601), extra=lambda t: tpx(hr=140, cad=84)), name='A "run" & <more>').decode()
    data = data.replace('A "run" & <more>', "A &quot;run&quot; &amp; &lt;more&gt;")
    assert data.count(good) >= 601
    head, _, rest = data.partition("</trkpt>")
    [r] = read_gpx((head + "</trkpt>" + rest.replace(good, bad, 1)).encode())
    assert said in [p.detail for p in r.problems]
    assert set(codes([r])) == {"samples_dropped"}
    assert len(r.track) == points
    run = measure(r)
    assert run.distance_m == pytest.approx(1800, rel=1e-3)
    assert (run.heart_rate_bpm, run.cadence_spm, r.sport, r.summary.title) == (140, 168, "run", 'A "run" & <more>')


def test_prefixes_that_are_declared_nowhere_are_read():
    data = gpx(gpx_points(range(601), extra=lambda t: tpx(hr=140, cad=84))).decode()
    bare = re.sub(r' xmlns:\w+="[^"]*"', "", data)
    assert bare != data
    [r] = read_gpx(bare.encode())
    assert (codes([r]), len(r.track), measure(r).heart_rate_bpm, measure(r).cadence_spm) == ([], 601, 140, 168)


def test_a_cut_file_with_a_bad_value_keeps_the_points_before_the_cut():
    data = gpx(gpx_points(range(600))).replace(b"<ele>100.0</ele>", b"<ele>?</ele>", 1)
    [r] = read_gpx(data[: len(data) // 2])
    assert codes([r]) == ["truncated", "samples_dropped"]
    assert len(r.track) > 290


def test_a_cut_file_keeps_its_points():
    data = gpx(gpx_points(range(600)))
    [r] = read_gpx(data[: len(data) // 2])
    assert r.salvaged
    assert codes([r]) == ["truncated"]
    assert len(r.track) > 290


@pytest.mark.parametrize(
    ("kind", "name", "speed", "sport"),
    [
        ("9", None, 3.0, "run"),
        ("trail_running", None, 3.0, "run"),
        ("10", None, 3.0, "walk"),
        ("4", None, 3.0, "hike"),
        ("1", None, 3.0, "ride"),
        ("Cycling", None, 3.0, "ride"),
        (None, "Corrida matutina", 3.0, "run"),
        (None, "Radfahrt", 3.0, "ride"),
        (None, "Waldlauf", 3.0, "run"),
        (None, "上海市 跑步", 3.0, "run"),
        (None, "Morning Run", 6.5, "run"),
        (None, None, 3.0, "run"),
        (None, None, 1.3, "unknown"),
        (None, None, 8.0, "unknown"),
        ("unknown", None, 8.0, "unknown"),
        ("kayaking", "Running late", 3.0, "kayaking"),
    ],
)
def test_the_sport_is_the_type_else_the_title_else_the_speed(kind, name, speed, sport):
    [r] = read_gpx(gpx(gpx_points(range(200), speed=speed), kind=kind, name=name))
    assert r.sport == sport
    assert ("sport_guessed" in codes([r])) == (kind in (None, "unknown"))


def tracks(*starts):
    """A file of several tracks of 100 s each."""
    one = [gpx(gpx_points(range(101), start=START + timedelta(seconds=s))).decode() for s in starts]
    inner = "".join(text[text.index("<trk>") : text.index("</gpx>")] for text in one)
    return (one[0][: one[0].index("<trk>")] + inner + "</gpx>").encode()


@pytest.mark.parametrize("name", ["hr", "HR", "heartrate", "HeartRate", "heart_rate", "x:hr"])
def test_a_heart_rate_is_known_however_it_is_spelt(name):
    [r] = read_gpx(gpx(gpx_points(range(60), extra=lambda t: f"<extensions><{name}>99</{name}></extensions>")))
    assert set(r.track.heart_rate_bpm) == {99.0}


@pytest.mark.parametrize("before", ["\ufeff", " \n\ufeff", "\ufeff \n", " " * 10])
def test_blanks_and_a_mark_before_the_document_are_passed_over(before):
    data = before.encode() + gpx(gpx_points(range(60)))
    assert (sniff(data), len(read_gpx(data)[0].track)) == (Kind.GPX, 60)


def test_of_two_tracks_of_the_same_time_the_longer_one_is_the_run():
    watch = gpx(gpx_points(range(601))).decode()
    phone = gpx(gpx_points(range(0, 601, 2), start=START + timedelta(seconds=0.5))).decode()
    second = phone[phone.index("<trk>") : phone.index("</gpx>")]
    for data in (watch.replace("</gpx>", second + "</gpx>"), watch.replace("<trk>", second + "<trk>", 1)):
        [r] = read_gpx(data.encode())
        assert (len(r.track), codes([r])) == (601, ["same_time"])
        assert measure(r).distance_m == pytest.approx(1800, rel=1e-4)


def test_a_stray_time_does_not_make_the_next_track_one_of_the_same_time():
    data = tracks(0, 200).decode().replace("T06:30:50Z", "T09:30:50Z", 1)
    assert [len(r.track) for r in read_gpx(data.encode())] == [202]


def test_tracks_of_one_outing_are_one_recording_and_of_another_day_their_own():
    recordings = read_gpx(tracks(0, 200, 86_400))
    assert [len(r.track) for r in recordings] == [202, 101]
    assert measure(recordings[0]).distance_m == pytest.approx(600, rel=1e-4)
    assert recordings[1].start == START + timedelta(days=1)


def test_a_trail_run_is_on_the_trail():
    assert read_gpx(gpx(gpx_points(range(60)), kind="trail_running"))[0].surface == "trail"


@pytest.mark.parametrize("data", [b"", b"<gpx", b"<gpx></gpx", b"<html></html>", b"\0" * 50, b"<gpx><trk>&nope;"])
def test_what_is_no_gpx_is_a_problem(data):
    assert len(codes(read_gpx(data))) == 1


def test_points_at_the_edge_of_the_calendar_do_not_raise():
    points = '<trkpt lat="1" lon="1"><time>0001-01-01T00:00:00+05:00</time></trkpt>' * 2
    assert read_gpx(gpx(points))


GOOD = gpx(gpx_points(range(20), extra=lambda t: tpx(hr=120)))


@settings(max_examples=100, deadline=None)
@given(st.lists(st.tuples(st.integers(0, len(GOOD) - 1), st.binary(max_size=3)), max_size=5), st.integers(0, len(GOOD)))
def test_no_damage_raises(changes, cut):
    data = GOOD
    for at, new in changes:
        data = data[:at] + new + data[at + len(new) :]
    for r in read_gpx(data[:cut]):
        if r.start is not None:
            measure(r)


@pytest.mark.parametrize(
    ("extra", "column", "value"),
    [
        ("<extensions><gpxtpx:TrackPointExtension><gpxtpx:hr>150</gpxtpx:hr></gpxtpx:TrackPointExtension></extensions>",
         "heart_rate_bpm", 150),
        ("<extensions><ns3:TrackPointExtension><ns3:speed>2.5</ns3:speed></ns3:TrackPointExtension></extensions>",
         "speed_m_s", 2.5),
        ("<extensions><heartrate>151</heartrate></extensions>", "heart_rate_bpm", 151),
        ("<extensions><gpxdata:hr>152</gpxdata:hr></extensions>", "heart_rate_bpm", 152),
        ("<extensions><gpxdata:cadence>85</gpxdata:cadence></extensions>", "cadence_spm", 170),
        ("<extensions><power>210</power></extensions>", "power_w", 210),
        ("<extensions><gpxpx:PowerExtension><gpxpx:PowerInWatts>211</gpxpx:PowerInWatts></gpxpx:PowerExtension>"
         "</extensions>", "power_w", 211),
        ("<extensions><VerticalOscillation>84.0</VerticalOscillation></extensions>", "vertical_oscillation_mm", 84),
        ("<extensions><VerticalOscillation>8.4</VerticalOscillation></extensions>", "vertical_oscillation_mm", 84),
        ("<extensions><GroundContactTime>241</GroundContactTime></extensions>", "ground_contact_ms", 241),
        ("<extensions><GroundContactTime>0.241</GroundContactTime></extensions>", "ground_contact_ms", 241),
        ("<speed>2.25</speed><course>90</course>", "speed_m_s", 2.25),
    ],
)  # fmt: skip
def test_sensors_as_watches_and_services_write_them(extra, column, value):
    [r] = read_gpx(gpx(gpx_points(range(60), extra=lambda t: extra)))
    assert getattr(r.track, column) == pytest.approx(np.full(60, value))


def test_what_stands_in_waypoints_routes_and_links_is_nothing_of_the_track():
    data = gpx(gpx_points(range(60))).replace(
        b"<trk>",
        b'<wpt lat="1" lon="1"><ele>9</ele><time>1999-01-01T00:00:00Z</time><name>w</name><type>walk</type></wpt>'
        b'<rte><name>r</name><rtept lat="1" lon="1"><ele>9</ele></rtept></rte>'
        b"<trk><link><text>Strava</text><type>text/html</type></link>",
    )
    [r] = read_gpx(data)
    assert (len(r.track), r.sport, r.summary.title, set(r.track.altitude_m)) == (60, "run", None, {100.0})


@pytest.mark.parametrize("head", [b"<gpx>", b'<gpx version="1.0">', b'<gpx version="5.8" creator="Wahoo">'])
def test_the_type_is_read_whatever_version_the_file_says_it_is(head):
    data = gpx(gpx_points(range(60), speed=8.0), kind="9")
    [r] = read_gpx(data[: data.index(b"<gpx")] + head + data[data.index(b"<trk>") :])
    assert (r.sport, codes([r])) == ("run", [])


def test_the_title_is_that_of_the_track_else_of_the_file():
    data = gpx(gpx_points(range(60))).replace(b"<trk>", b"<metadata><name> A day out </name></metadata><trk>")
    assert read_gpx(data)[0].summary.title == "A day out"
    assert read_gpx(data.replace(b"<trk>", b"<trk><name>Hill</name>"))[0].summary.title == "Hill"


@pytest.mark.parametrize(("word", "sport"), [
    ("Laufen", "run"), ("Hardlopen", "run"), ("Trail Run", "run"), ("obstacle_run", "run"), ("Radfahren", "ride"),
    ("mountain_biking", "ride"), ("nordic_walking", "walk"), ("Langlauf", "langlauf"),
    ("roller_skiing", "roller_skiing"),
])  # fmt: skip
def test_words_of_other_languages_and_services_are_sports(word, sport):
    assert read_gpx(gpx(gpx_points(range(60)), kind=word))[0].sport == sport


def test_a_point_without_a_place_keeps_its_time_and_sensors():
    data = gpx(gpx_points(range(60), extra=lambda t: tpx(hr=100 + t))).replace(b' lon="20.0"', b"", 1)
    [r] = read_gpx(data)
    assert np.isnan(r.track.longitude_deg[0])
    assert r.track.heart_rate_bpm[0] == 100


def test_the_number_of_points_without_times_is_said():
    [r] = read_gpx(gpx('<trkpt lat="1" lon="1"/>' * 7))
    assert "7 points" in r.problems[0].detail


def test_a_comma_before_the_decimals_is_read():
    data = gpx(gpx_points(range(60))).replace(b"<ele>100.0<", b"<ele>100,5<").replace(b'lon="20.0"', b'lon="20,25"')
    [r] = read_gpx(data)
    assert (set(r.track.altitude_m), set(r.track.longitude_deg), codes([r])) == ({100.5}, {20.25}, [])
    [r] = read_gpx(data.replace(b"<ele>100,5<", b"<ele>1,100.5<"))
    assert codes([r]) == ["samples_dropped"]


def test_a_number_beyond_all_bounds_costs_that_number_only():
    data = gpx(gpx_points(range(601), extra=lambda t: tpx(cad=1.5e308 if t == 50 else 84)))
    [r] = read_gpx(data)
    assert (len(r.track), r.problems) == (601, ())
    assert measure(r).cadence_spm == 168


def test_a_file_of_endless_tracks_is_refused(monkeypatch):
    monkeypatch.setattr("importers.gpx.TRACKS_MAX", 5)
    days = [gpx_points(range(2), start=START + timedelta(days=day)) for day in range(6)]
    assert len(read_gpx(gpx(*days[:5]).replace(b"</trkseg><trkseg>", b"</trkseg></trk><trk><trkseg>"))) == 5
    assert codes(read_gpx(gpx(*days).replace(b"</trkseg><trkseg>", b"</trkseg></trk><trk><trkseg>"))) == ["hostile_xml"]


# ---------------------------------------------------------------- clocks that were wrong for a while
@pytest.mark.parametrize("second", [0, 300, 600])
@pytest.mark.parametrize(
    "wrong", ["1970-01-01T00:00:00Z", "1999-08-22T00:00:00Z", "2004-09-17T12:00:00Z", "2050-01-01T00:00:00Z"]
)
def test_a_point_with_a_broken_clock_costs_only_itself_and_is_counted(second, wrong):
    right = (START + timedelta(seconds=second)).strftime("%Y-%m-%dT%H:%M:%SZ")
    [r] = read_gpx(gpx(gpx_points(range(601))).replace(right.encode(), wrong.encode()))
    assert (len(r.track), r.track.time_s[-1] <= 600) == (600, True)
    assert [p.detail for p in r.problems] == ["1 point with a broken clock dropped"]


def test_a_clock_that_was_set_late_costs_the_points_before():
    late = gpx_points(range(400), start=START.replace(year=1980)) + gpx_points(range(400, 601))
    [r] = read_gpx(gpx(late))
    assert (r.start, len(r.track)) == (START + timedelta(seconds=400), 201)


def test_where_most_points_are_far_from_each_other_none_is_dropped():
    days = [86_400 * 30 * k + t for k in range(4) for t in range(60)]
    assert sum(len(r.track) for r in read_gpx(gpx(gpx_points(days)))) == 240


def test_tracks_of_several_years_each_have_a_clock_of_their_own():
    years = [gpx(gpx_points(range(300), start=START.replace(year=year))) for year in (2008, 2016, 2023)]
    tracks = b"".join(re.findall(rb"<trk>.*</trk>", data)[0] for data in years)
    together = re.sub(rb"<trk>.*</trk>", tracks, years[0])
    assert [r.start.year for r in read_gpx(together)] == [2008, 2016, 2023]


# ---------------------------------------------------------------- types in other languages
@pytest.mark.parametrize(("pace", "said"), [(3.0, ["sport_unknown"]), (9.0, [])])
def test_a_type_in_no_table_that_moves_like_a_run_is_kept_as_it_is_and_that_is_said(pace, said):
    recordings = read_gpx(gpx(gpx_points(range(601), speed=pace), kind="Tsugaidz"))
    assert ([r.sport for r in recordings], codes(recordings)) == (["tsugaidz"], said)


def test_a_type_in_letters_of_another_script_is_guessed_and_named():
    [r] = read_gpx(gpx(gpx_points(range(601)), kind="სირბილი"))
    assert (r.sport, [p.code for p in r.problems]) == ("run", ["sport_guessed"])
    assert "'სირბილი' is not known" in r.problems[0].detail


# ---------------------------------------------------------------- what programs write for "nothing"
def test_a_full_byte_for_a_sensor_that_was_not_there_is_unknown():
    [r] = read_gpx(gpx(gpx_points(range(601), extra=lambda t: tpx(hr=255, cad=255 if t < 500 else 84))))
    assert measure(r).heart_rate_bpm is None
    assert (np.nanmin(r.track.cadence_spm), np.nanmax(r.track.cadence_spm)) == (168, 168)


@pytest.mark.parametrize(("seconds", "said"), [(60, ["samples_dropped"]), (2, [])])
def test_where_most_points_have_the_time_of_another_that_is_said(seconds, said):
    times = iter(range(601))

    def coarse(found):
        moment = START + timedelta(seconds=next(times) // seconds * seconds)
        return f"<time>{moment.strftime('%Y-%m-%dT%H:%M:%SZ')}</time>".encode()

    data = re.sub(rb"<time>.*?</time>", coarse, gpx(gpx_points(range(601))))
    assert codes(read_gpx(data)) == said
