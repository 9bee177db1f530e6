"""A second opinion: what it finds the same, what it explains, and that a wrong reader of ours does not get past it."""

from __future__ import annotations

import math
import re
import subprocess
import sys
from collections import Counter
from dataclasses import replace
from datetime import timedelta
from itertools import islice

import pytest
from activity_files import START, fit_run, gpx, gpx_points, gz, tcx, tcx_activity, tpx, zipped
from damage import fit_damages, xml_damages
from fit_shapes import part, shapes
from hypothesis import given
from hypothesis import strategies as st

from importers import ImporterError, audit
from importers.archive import Member
from importers.audit import Verdict, audit_member, audit_path, contents_of, draw
from importers.audit.climb import legs_m
from importers.audit.reading import VALUES, Sample
from importers.audit.sums import believable_m, lines_m, moving_s
from importers.sniff import ACTIVITIES, sniff
from loadplan.outbox.fit_activity import activity_messages, file_id
from loadplan.outbox.fit_file import EPOCH, Message, encode

RUN_TOTALS = {"total_ascent": 31, "total_descent": 29, "avg_heart_rate": 140, "avg_cadence": 84}


def member(data, name="run"):
    return Member(source=name, kind=sniff(data), data=data, content_sha256="0" * 64, named=True)


def only(data):
    [one] = audit_member(member(data))
    return one, {value.name: value for value in one.values}


# ---------------------------------------------------------------- same and explained
@pytest.mark.parametrize("data", [fit_run(seconds=900, totals=RUN_TOTALS), tcx(tcx_activity(900, cadence=168))])
def test_a_plain_run_is_the_same_for_both(data):
    one, values = only(data)
    assert list(values) == list(VALUES)
    assert {name for name, v in values.items() if v.verdict is Verdict.UNEXPLAINED} == set()
    for name in ("start", "sport", "elapsed_s", "timer_s", "samples", "heart_rate_bpm", "cadence_spm"):
        assert values[name].verdict is Verdict.SAME, name
    assert values["distance_m"].ours == values["distance_m"].theirs == 2700
    assert values["cadence_spm"].ours == pytest.approx(168)
    assert values["samples"].ours == 901
    assert one.reader.split()[0] in ("fitparse", "xml.etree")


@pytest.mark.parametrize("name", shapes())
def test_every_shape_of_a_fit_file_is_the_same_or_explained(name):
    audited = audit_member(member(shapes()[name]))
    assert audited
    assert {one.verdict for one in audited} <= {Verdict.SAME, Verdict.EXPLAINED}


def test_fitparse_is_helped_over_fields_of_odd_size_and_that_is_said():
    one, values = only(shapes()["odd developer field"])
    assert one.verdict is Verdict.EXPLAINED
    assert "odd size" in one.reason
    assert values["distance_m"].verdict is Verdict.SAME


def test_a_pause_that_the_other_reader_bridges_is_explained_by_counting_without_it():
    """10 min at 3 m/s, 4 min of silence in which 720 m pass, 10 min more."""
    one, values = only(gpx(gpx_points([*range(601), *range(840, 1441)])))
    metres = values["distance_m"]
    assert metres.ours == pytest.approx(3600, rel=0.002)
    assert metres.theirs == pytest.approx(4320, rel=0.002)
    assert metres.difference == pytest.approx(-720, abs=10)
    assert (metres.verdict, one.verdict) == (Verdict.EXPLAINED, Verdict.EXPLAINED)
    assert "over a pause" in metres.reason
    assert metres.recounted == pytest.approx(metres.ours, rel=0.005)


def test_one_foot_counted_is_explained_by_doubling():
    _, values = only(gpx(gpx_points(range(900), extra=lambda t: tpx(cad=84, hr=140))))
    cadence = values["cadence_spm"]
    assert (cadence.ours, cadence.theirs, cadence.recounted) == (168, 84, 168)
    assert cadence.verdict is Verdict.EXPLAINED
    assert "one foot" in cadence.reason


def test_smoothed_climb_is_explained_by_smoothing_the_other_readers_samples():
    def noisy(t):
        return 200 + 40 * math.sin(t / 300) + 1.5 * (t % 2)

    _, values = only(gpx(gpx_points(range(1800), altitude=noisy)))
    climb = values["ascent_m"]
    assert climb.ours == pytest.approx(78, abs=12)
    assert climb.theirs > 2 * climb.ours
    assert climb.verdict is Verdict.EXPLAINED
    assert "smooths" in climb.reason


def test_a_cut_gpx_file_is_compared_up_to_its_last_whole_point():
    whole = gpx(gpx_points(range(900)))
    one, values = only(whole[: len(whole) // 2])
    assert one.verdict is Verdict.EXPLAINED
    assert "damage" in one.reason
    assert values["samples"].verdict is Verdict.SAME


def test_a_prefix_that_is_declared_nowhere_does_not_stop_the_audit():
    data = gpx(gpx_points(range(900), extra=lambda t: "<x:odd>1</x:odd>"))
    one, values = only(data)
    assert one.verdict is Verdict.EXPLAINED
    assert "prefixes" in one.reason
    assert values["distance_m"].verdict is Verdict.SAME


def test_a_cut_fit_file_is_compared_up_to_the_cut():
    whole = fit_run(seconds=900)
    one, values = only(whole[: len(whole) // 2])
    assert one.verdict is Verdict.EXPLAINED
    assert "fitparse" in one.reason
    assert values["samples"].verdict is not Verdict.UNEXPLAINED


def test_a_wrong_checksum_is_said():
    data = bytearray(fit_run(seconds=900))
    data[-1] ^= 0xFF
    one, _ = only(bytes(data))
    assert (one.verdict, "checksum" in one.reason) == (Verdict.EXPLAINED, True)


def test_each_of_several_sessions_meets_its_own():
    audited = audit_member(member(shapes()["several sessions"]))
    assert [one.session for one in audited] == [0, 1, 2]
    assert all(one.values[0].difference == 0 for one in audited)


@pytest.mark.parametrize(
    "ties",
    [
        {"file_id": {"time_created": START}},
        {"activity": {"local_timestamp": START + timedelta(seconds=400)}},
        {"file_id": {"time_created": START}, "activity": {"local_timestamp": START + timedelta(seconds=7600)}},
        {"session": {"start_time": START}},
    ],
)
def test_a_clock_that_was_not_set_is_tied_to_its_day_by_the_other_reader_too(ties):
    off = EPOCH + timedelta(days=99)
    messages = activity_messages([part(start=off)], utc_offset_s=None)
    told = [Message(m.name, {**m.values, **ties.get(m.name, {})}, m.developer, m.extra) for m in messages]
    one, values = only(encode(told))
    assert values["start"].ours == START
    assert one.verdict is Verdict.EXPLAINED
    assert values["samples"].verdict is Verdict.SAME


# ---------------------------------------------------------------- what does not agree
WRONG = {
    "start": lambda v: v + timedelta(hours=1),
    "utc_offset_s": lambda v: v - 3600,
    "sport": lambda v: "ride",
    "distance_m": lambda v: v * 1.02,
    "elapsed_s": lambda v: v + 30,
    "timer_s": lambda v: v - 30,
    "ascent_m": lambda v: v * 1.3,
    "descent_m": lambda v: 0.0,
    "cadence_spm": lambda v: v / 2,
    "heart_rate_bpm": lambda v: v + 10,
    "samples": lambda v: v - 1,
}


@pytest.mark.parametrize("name", WRONG)
def test_a_wrong_value_of_ours_is_unexplained(name, monkeypatch):
    right = audit._values
    monkeypatch.setattr(audit, "_values", lambda *a: (found := right(*a)) | {name: WRONG[name](found[name])})
    one, values = only(fit_run(seconds=900, totals=RUN_TOTALS))
    assert {n for n, v in values.items() if v.verdict is Verdict.UNEXPLAINED} == {name}
    assert one.verdict is Verdict.UNEXPLAINED


@pytest.mark.parametrize("name", sorted(set(WRONG) - {"utc_offset_s", "elapsed_s", "ascent_m", "descent_m"}))
def test_a_wrong_value_of_ours_is_unexplained_in_gpx_and_tcx_too(name, monkeypatch):
    right = audit._values
    monkeypatch.setattr(audit, "_values", lambda *a: (found := right(*a)) | {name: WRONG[name](found[name])})
    points = gpx_points(range(900), extra=lambda t: tpx(cad=168, hr=140))
    for data in (gpx(points), tcx(tcx_activity(900, cadence=168))):
        _, values = only(data)
        assert {n for n, v in values.items() if v.verdict is Verdict.UNEXPLAINED} == {name}


@pytest.mark.parametrize("name", ["distance_m", "timer_s", "cadence_spm", "heart_rate_bpm"])
def test_a_value_that_we_do_not_find_is_unexplained(name, monkeypatch):
    right = audit._values
    monkeypatch.setattr(audit, "_values", lambda *a: right(*a) | {name: None})
    _, values = only(fit_run(seconds=900, totals=RUN_TOTALS))
    assert values[name].verdict is Verdict.UNEXPLAINED


def test_a_heart_rate_that_we_lose_is_not_explained_by_a_cadence_of_one_foot(monkeypatch):
    right = audit._values
    monkeypatch.setattr(audit, "_values", lambda *a: right(*a) | {"heart_rate_bpm": None})
    data = gpx(gpx_points(range(900), extra=lambda t: tpx(hr=140, cad=84)))
    assert only(data)[1]["heart_rate_bpm"].verdict is Verdict.UNEXPLAINED


@pytest.mark.parametrize("name", ["distance_m", "elapsed_s", "timer_s"])
def test_too_much_of_a_cut_file_is_not_explained_by_what_stands_behind_the_cut(name, monkeypatch):
    right = audit._values
    monkeypatch.setattr(audit, "_values", lambda *a: (found := right(*a)) | {name: 1.1 * found[name]})
    data = gpx(gpx_points(range(600)))
    assert only(data[: len(data) // 2])[1][name].verdict is Verdict.UNEXPLAINED


@pytest.mark.parametrize("kind", ["Laufen", "TrailRun", "Treadmill", "Course à pied", "跑步", "Running (Road)"])
def test_running_in_other_words_is_the_same(kind):
    assert only(gpx(gpx_points(range(300)), kind=kind))[1]["sport"].verdict is Verdict.SAME


def test_points_of_a_course_beside_an_activity_are_not_counted():
    data = tcx(tcx_activity(300)).decode()
    inner = data[data.index("<Track>") : data.index("</Track>")] + "</Track>"
    course = f"<Courses><Course><Lap><TotalTimeSeconds>9</TotalTimeSeconds></Lap>{inner}</Course></Courses>"
    samples = only(data.replace("</Activities>", f"</Activities>{course}").encode())[1]["samples"]
    assert (samples.ours, samples.theirs) == (301, 301)


def test_the_end_of_a_first_guess_of_altitude_is_no_climb_for_either():
    guess = gpx_points(range(900), altitude=lambda t: 0.0 if t < 5 else 500 + 20 * math.sin(t / 60))
    up = only(gpx(guess))[1]["ascent_m"]
    assert (up.ours < 100, up.theirs > 500, up.verdict) == (True, True, Verdict.EXPLAINED)


def test_a_recording_that_only_one_finds_is_unexplained(monkeypatch):
    right = audit._ours
    monkeypatch.setattr(audit, "_ours", lambda m: (right(m)[0][:1], []))
    audited = audit_member(member(tcx(tcx_activity(600), tcx_activity(600).replace("2024-05-04", "2024-06-04"))))
    assert [one.verdict for one in audited][1:] == [Verdict.UNEXPLAINED]
    monkeypatch.setattr(audit, "_ours", lambda m: ([], []))
    one, _ = only(fit_run())
    assert (one.verdict, "only the other" in one.reason) == (Verdict.UNEXPLAINED, True)


def test_a_defect_of_our_reader_is_no_audit_and_no_exception(monkeypatch):
    def broken(_):
        raise RuntimeError("boom")

    monkeypatch.setattr(audit, "_ours", broken)
    one, _ = only(fit_run())
    assert (one.verdict, "boom" in one.reason) == (Verdict.NOT_AUDITED, True)


# ---------------------------------------------------------------- what is not shown to anybody
BOMB = b'<!DOCTYPE gpx [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;&a;">]>'


def test_a_document_type_never_reaches_another_reader(monkeypatch):
    import gpxpy

    def never(*_):
        raise AssertionError("gpxpy saw it")

    monkeypatch.setattr(gpxpy, "parse", never)
    data = gpx(gpx_points(range(99)))
    end = data.index(b"?>") + 2
    for wicked in (data[:end] + BOMB + data[end:], (data[:end] + BOMB + data[end:])[:-50]):
        one, _ = only(wicked)
        assert (one.verdict, "document type" in one.reason) == (Verdict.NOT_AUDITED, True)
    whole = tcx(tcx_activity(99))
    end = whole.index(b"?>") + 2
    one, _ = only(whole[:end] + BOMB.replace(b"gpx", b"TrainingCenterDatabase") + whole[end:])
    assert (one.verdict, "document type" in one.reason) == (Verdict.NOT_AUDITED, True)


@pytest.mark.parametrize(
    "wicked", [b"<gpx " * 200_000, b"<gpx><trk><trkseg>" + b"<trkpt " * 200_000, b"<gpx>" + b" xmlns" * 200_000]
)
def test_no_document_makes_an_audit_search_without_end(wicked):
    """Each would take minutes to hours where every search ran to the end of the document."""
    one, _ = only(wicked)
    assert one.verdict is Verdict.NOT_AUDITED


def test_a_file_whose_size_the_watch_never_wrote_is_read_with_it():
    data = bytearray(fit_run(seconds=900))
    data[4:8] = bytes(4)
    one, values = only(bytes(data))
    assert one.verdict is Verdict.EXPLAINED
    assert values["samples"].ours == values["samples"].theirs == 901


@pytest.mark.parametrize("sealed", [False, True])
def test_no_damage_gets_past_an_audit_as_an_exception(sealed):
    source = [shapes()["plain fields"], shapes()["several sessions"]]
    for damaged in islice(fit_damages(source, sealed=sealed), 24):
        kind = sniff(damaged.data[:65536])
        if kind in ACTIVITIES:
            assert audit_member(Member(source="x", kind=kind, data=damaged.data, content_sha256="x"))


def test_a_file_too_long_for_fitparse_is_not_audited(monkeypatch):
    from importers.audit import messages

    monkeypatch.setattr(messages, "MESSAGES_MAX", 100)
    one, _ = only(fit_run())
    assert (one.verdict, "more than 100 messages" in one.reason) == (Verdict.NOT_AUDITED, True)


def test_a_document_too_large_for_the_other_readers_is_not_audited(monkeypatch):
    from importers.audit import xml_gate

    monkeypatch.setattr(xml_gate, "BYTES_MAX", 1000)
    for data in (gpx(gpx_points(range(99))), tcx(tcx_activity(99))):
        one, _ = only(data)
        assert (one.verdict, "more than 1,000 bytes" in one.reason) == (Verdict.NOT_AUDITED, True)


def test_no_damaged_xml_gets_past_an_audit_as_an_exception():
    for damaged in islice(xml_damages([gpx(gpx_points(range(60))), tcx(tcx_activity(60))]), 60):
        kind = sniff(damaged.data[:65536])
        if kind in ACTIVITIES:
            assert audit_member(Member(source="x", kind=kind, data=damaged.data, content_sha256="x"))


def test_no_position_leaves_the_room():
    one, _ = only(gpx(gpx_points(range(600))))
    assert "20.0" not in repr(one)
    assert "10.0" not in repr(replace(one, values=()))
    assert not {name for name in VALUES if "latitude" in name or "longitude" in name}


# ---------------------------------------------------------------- files, folders, archives, draws
def test_every_activity_of_an_archive_is_audited_and_nothing_else(tmp_path):
    path = tmp_path / "e.zip"
    files = {
        "a/1.fit.gz": gz(fit_run()),
        "a/2.gpx": gpx(gpx_points(range(600))),
        "a/3.tcx": b" " * 10 + tcx(tcx_activity(600)),
        "a/4.fit": encode([file_id(START, "monitoring_b")]),
        "a/5.fit": b"time,hr\n1,2\n",
        "routes/6.gpx": b"<gpx version='1.1'><rte><rtept lat='1' lon='1'/></rte></gpx>",
        "activities.csv": b"id,date\n1,2\n",
    }
    path.write_bytes(zipped(files))
    audited = {one.source: one for one in audit_path(path)}
    assert set(audited) == set(files) - {"activities.csv"}
    assert audited["a/4.fit"].verdict is Verdict.SAME
    assert "no activity" in audited["a/4.fit"].reason
    assert audited["routes/6.gpx"].verdict is Verdict.SAME
    assert audited["a/5.fit"].verdict is Verdict.NOT_AUDITED
    contents = list(contents_of(path))
    assert len(contents) == 5
    [one] = audit_path(path, only=contents[1:2])
    assert one.source == "a/2.gpx"


def test_a_path_that_is_not_there_is_an_error(tmp_path):
    with pytest.raises(ImporterError):
        audit_path(tmp_path / "none.fit").__next__()


@given(st.lists(st.text("0123456789abcdef", min_size=1, max_size=4)), st.integers(0, 9), st.text(max_size=3))
def test_a_draw_depends_on_the_contents_and_the_seed_and_on_nothing_else(contents, count, seed):
    drawn = draw(contents, count, seed)
    assert drawn == draw(reversed(contents), count, seed) == draw(contents + contents[:2], count, seed)
    assert drawn <= set(contents)
    assert len(drawn) == min(count, len(set(contents)))


def test_every_content_has_the_same_chance_in_a_draw():
    contents = [f"{k:064x}" for k in range(20)]
    seen = Counter(one for seed in range(2000) for one in draw(contents, 5, str(seed)))
    assert set(seen) == set(contents)
    assert all(abs(n - 500) < 5 * math.sqrt(2000 * 0.25 * 0.75) for n in seen.values())


def test_reading_an_export_imports_no_other_reader(tmp_path):
    days = [START + timedelta(days=n) for n in range(3)]
    files = {
        "1.fit": fit_run(start=days[2]),
        "2.gpx": gpx(gpx_points(range(99), start=days[1])),
        "3.tcx": tcx(tcx_activity(sport="Biking")),
    }
    for name, data in files.items():
        (tmp_path / name).write_bytes(data)
    code = (
        "import sys, importers; runs = importers.read_export(sys.argv[1]).runs; assert len(runs) == 3;"
        "others = {'fitparse', 'gpxpy', 'xml.etree.ElementTree', 'importers.audit'} & set(sys.modules);"
        "sys.exit(str(others) if others else 0)"
    )
    done = subprocess.run([sys.executable, "-c", code, str(tmp_path)], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")


# ---------------------------------------------------------------- its own sums, against figures from outside
@pytest.mark.parametrize(
    ("altitude", "legs"),
    [
        ([100, 101, 100, 99, 100, 101, 99, 100], (0, 0)),
        ([float(z) for z in range(100, 121)], (20, 0)),
        ([*range(100, 106), *range(104, 99, -1), *range(101, 106), *range(104, 99, -1)], (10, 10)),
        ([100, 104, 108, 106, 110, 114], (14, 0)),
        ([100, 104, 108, 104, 110, 114], (18, 4)),
        ([100, 103, 100, 103], (0, 0)),
    ],
)
def test_its_own_climb_meets_the_published_examples(altitude, legs):
    assert legs_m([float(z) for z in altitude], 3.0) == legs


def test_its_own_lines_are_those_of_the_globe():
    """A degree of latitude is 111.2 km; one of longitude at 60 degrees north is half of it."""
    at = [Sample(time_s=0, latitude_deg=60, longitude_deg=20), Sample(time_s=9, latitude_deg=61, longitude_deg=20)]
    assert lines_m(at) == pytest.approx(111_195, rel=1e-4)
    at[1] = Sample(time_s=9, latitude_deg=60, longitude_deg=21)
    assert lines_m(at) == pytest.approx(55_597, rel=1e-4)


def test_its_own_path_leaves_out_a_stray_position():
    step = 3 / 111_195
    track = [Sample(time_s=float(t), latitude_deg=10 + t * step, longitude_deg=20.0) for t in range(100)]
    track[50] = track[50]._replace(latitude_deg=11.0)
    assert believable_m(track, 12.0) == pytest.approx(297, abs=0.1)
    assert lines_m(track) > 200_000
    assert moving_s(track) == 99


@pytest.mark.corpus
@pytest.mark.parametrize("folder", ["dblock+tcx", "tkrajina+gpxpy", "muktihari+fit", "marcusvolz+strava_py"])
def test_no_difference_over_real_files_is_unexplained(corpus, folder):
    audited = list(audit_path(corpus / "corpus" / folder))
    assert len(audited) > 1
    assert [(one.source, one.reason) for one in audited if one.verdict is Verdict.UNEXPLAINED] == []


def test_a_folder_that_may_not_be_read_is_named_and_a_link_is_not() -> None:
    from importers.archive import Member
    from importers.audit import audit_member
    from importers.problems import Problem
    from importers.sniff import Kind

    def told(kind: Kind, code: str) -> list[str]:
        problem = Problem(source="sub", code=code, detail="the folder may not be read")
        return [one.reason for one in audit_member(Member(source="sub", kind=kind, problem=problem))]

    assert told(Kind.BROKEN, "unreadable") == ["the folder may not be read"]
    assert told(Kind.UNKNOWN, "link") == []


@pytest.mark.parametrize("data", [gpx(gpx_points(range(901))), tcx(tcx_activity(900))])
def test_a_point_with_a_broken_clock_is_left_out_by_both_and_that_is_explained(data):
    one, values = only(data.replace(START.strftime("%Y-%m-%dT%H:%M:%SZ").encode(), b"1970-01-01T00:00:00Z"))
    assert one.verdict is Verdict.EXPLAINED
    assert {name for name, v in values.items() if v.verdict is Verdict.UNEXPLAINED} == set()
    assert values["samples"].reason == "points with a broken clock are dropped"


@pytest.mark.parametrize("data", [gpx(gpx_points(range(901))), tcx(tcx_activity(900, speed=3.5))])
def test_decimal_commas_of_another_language_are_read_by_both(data):
    head, mark, body = data.partition(b"<Lap" if b"<Lap" in data else b"<trk>")
    one, values = only(head + mark + re.sub(rb'(?<=[>"])(\d+)\.(\d+)(?=[<"])', rb"\1,\2", body))
    assert one.verdict in (Verdict.SAME, Verdict.EXPLAINED)
    assert values["distance_m"].theirs == pytest.approx(values["distance_m"].ours, rel=0.002)
