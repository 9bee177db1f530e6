"""The fast lane reads what the careful reader reads, to the last value and word, or leaves the document to it."""

from __future__ import annotations

from dataclasses import fields
from itertools import islice

import numpy as np
import pytest
from activity_files import gpx, gpx_points, tcx, tcx_activity, tpx
from damage import xml_damages
from hypothesis import given, settings
from hypothesis import strategies as st

from importers import gpx as gpx_room
from importers import tcx as tcx_room
from importers.gpx import GpxReader, read_gpx
from importers.markup.guard import read_carefully
from importers.markup.lane import read_fast
from importers.markup.text import read_text
from importers.tcx import TcxReader, read_tcx


def is_fast(data):
    reader = TcxReader if b"TrainingCenterDatabase" in data else GpxReader
    return read_fast(read_text(data).utf8, reader) is not None


def both(data):
    """Recordings as they are read, and as the careful reader alone reads them."""
    read, room = (read_tcx, tcx_room) if b"TrainingCenterDatabase" in data else (read_gpx, gpx_room)
    fast = read(data)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(room, "read_document", read_carefully)
        return fast, read(data)


def assert_same(data, name=""):
    fast, careful = both(data)
    assert len(fast) == len(careful), name
    for one, other in zip(fast, careful, strict=True):
        for field in fields(one):
            if field.name != "track":
                assert getattr(one, field.name) == getattr(other, field.name), f"{name}: {field.name}"
        for field in fields(one.track):
            mine, yours = getattr(one.track, field.name), getattr(other.track, field.name)
            assert np.array_equal(mine, yours, equal_nan=True), f"{name}: {field.name}"


RUN = gpx(gpx_points(range(40), extra=lambda t: tpx(hr=120 + t, cad=84)))
GAPPY = gpx(
    gpx_points(range(40), altitude=lambda t: None if t % 3 else 5.5, extra=lambda t: tpx(hr=99) if t % 4 else ""),
    gpx_points(range(100, 150)),
)
LAPS = tcx(tcx_activity(40), tcx_activity(30, sport="Biking"))


PREFIXED = RUN.replace(b"</", b"</n:").replace(b"<t", b"<n:t").replace(b"<g", b"<n:g").replace(b"<e", b"<n:e")


@pytest.mark.parametrize("data", [RUN, GAPPY, LAPS, PREFIXED.replace(b"n:gpxtpx:", b"gpxtpx:")])
def test_common_documents_take_the_lane_and_come_out_the_same(data):
    assert is_fast(data)
    assert_same(data)


@pytest.mark.parametrize(("old", "new"), [
    (b"<ele>100.0</ele>", b"<ele>1e2</ele>"),
    (b"<ele>100.0</ele>", b"<ele> 100.0\n</ele>"),
    (b"<ele>100.0</ele>", b"<ele>1_0</ele>"),
    (b"<ele>100.0</ele>", b"<ele></ele>"),
    (b"<ele>100.0</ele>", b"<ele/>"),
    (b"<ele>100.0</ele>", b"<ele>nan</ele>"),
    (b"<ele>100.0</ele>", b"<ele>&#49;00</ele>"),
    (b"<ele>100.0</ele>", b"<ele><![CDATA[7]]></ele>"),
    (b"<ele>100.0</ele>", b"<ele>1<!-- 2 -->3</ele>"),
    (b"<ele>100.0</ele>", b"<ele>100.0</ele><ele>200.0</ele>"),
    (b"<ele>100.0</ele>", b"<ele>x</ele><ele>200.0</ele>"),
    (b"<ele>100.0</ele>", b"<ele a='>'>100.0</ele>"),
    (b"<ele>100.0</ele>", b"<x:ele>100.0</x:ele>"),
    (b"<ele>100.0</ele>", b"<ele5>100.0</ele5>"),
    (b"<ele>100.0</ele>", b"<ele>100.0</ele5>"),
    (b"<ele>100.0</ele>", b"<name>caf\xc3\xa9 &amp; more</name>"),
    (b"<trkpt lat=", b"<trkpt  lat="),
    (b'lon="20.0"', b"lon='20.0'"),
    (b'lon="20.0"', b'lon="20.0" lon="1"'),
    (b'lon="20.0"', b'n="1" lon="20.0"'),
    (b'lon="20.0"', b''),
    (b'lon="20.0">', b'lon="20.0"><trkseg/>'),
    (b'lon="20.0">', b'lon="20.0"><trkpt lat="1" lon="2"/>'),
    (b"<trkpt", b"<!-- pause --><trkpt"),
    (b"</trkpt>", b"</trkpt>\r\n"),
    (b"</trkpt>", b"</trkpt><![CDATA[ ]]>"),
    (b"<trkseg>", b"<!-- <trkseg>"),
    (b"<trkseg>", b"<!-- --><trkseg>"),
    (b"<trkseg>", b"<trkseg><![CDATA["),
    (b"<trkseg>", b"<?x <trkseg>"),
    (b"<trkseg>", b'<trkseg><points-read-elsewhere n="4"/>'),
    (b"</trkseg>", b"</trkseg></trk><trk><trkseg>"),
    (b"<trk>", b"<rte>"),
    (b"</trk>", b"</trk><x:trkpt lat='1' lon='2'/>"),
])  # fmt: skip
@pytest.mark.parametrize("where", ["first", "middle", "all"])
def test_whatever_is_unusual_is_read_the_same(old, new, where):
    for data in (RUN, GAPPY):
        assert old in data
        middle = data.index(old) if where == "first" else max(data.find(old, len(data) // 2), 0)
        assert_same(data.replace(old, new) if where == "all" else data[:middle] + data[middle:].replace(old, new, 1))


@pytest.mark.parametrize(("old", "new"), [
    (b"<Trackpoint>", b"<Trackpoint><Creator><Name>x</Name></Creator>"),
    (b"<Trackpoint>", b"<Trackpoint><Lap/>"),
    (b"<Value>141</Value>", b'<Value xsi:type="x">141</Value>'),
    (b"<Value>", b"<Value></Value><Value>"),
    (b"<Activity ", b"<Course "),
    (b"</Activity>", b""),
    (b"<Track>", b"<Track></Track><Track>"),
    (b"<Track>", b"<Trackpoint><Track>"),
])  # fmt: skip
def test_whatever_is_unusual_in_a_tcx_is_read_the_same(old, new):
    assert_same(LAPS.replace(old, new))
    assert_same(LAPS.replace(old, new, 1))


def test_points_without_any_text_take_the_lane_and_come_out_the_same():
    bare = LAPS.replace(b"<Track>", b"<Track><Trackpoint></Trackpoint>")
    assert is_fast(bare)
    assert_same(bare)


def test_long_texts_that_feed_nothing_keep_no_point_from_the_lane():
    told = RUN.replace(b"<ele>", b"<link>" + b"over the hills and far away, " * 9 + b"</link><ele>")
    assert is_fast(told)
    assert_same(told)


def test_marks_of_the_lane_mean_nothing_in_a_document():
    forged = RUN.replace(b"<trkseg>", b'<trkseg><points-read-elsewhere n="4"/>')
    assert not is_fast(forged)
    assert len(read_gpx(forged)[0].track) == 40


def test_depth_counts_the_elements_around_the_points_too():
    deep = RUN.replace(b"<trk>", b"<a>" * 59 + b"<trk>").replace(b"</trk>", b"</trk>" + b"</a>" * 59)
    assert [p.code for p in read_gpx(deep)[0].problems] == ["hostile_xml"]
    assert_same(deep)


def test_a_long_document_is_read_the_same_across_sections_and_chunks():
    data = gpx(gpx_points(range(9000), extra=lambda t: tpx(hr=100 + t % 50) if t % 1000 else ""))
    assert len(data) > (1 << 20)
    assert is_fast(data)
    assert_same(data)
    assert len(read_gpx(data)[0].track) == 9000


@pytest.mark.parametrize("size", [1, 100, 700, 2000, 5000])
@pytest.mark.parametrize("data", [RUN, GAPPY, LAPS, tcx(*[tcx_activity(5)] * 20)])
def test_sections_of_any_size_make_no_difference(data, size, monkeypatch):
    monkeypatch.setattr("importers.markup.lane.SECTION", size)
    assert is_fast(data)
    assert_same(data)


@pytest.mark.parametrize(
    "data", [RUN, GAPPY, LAPS, tcx(*[tcx_activity(5)] * 20), RUN.replace(b"<ele>", b"<ele>x</ele><ele>")]
)
def test_values_in_many_turns_are_those_of_one(data, monkeypatch):
    whole, _ = both(data)
    monkeypatch.setattr("importers.markup.points.WAITING_MAX", 1)
    monkeypatch.setattr("importers.markup.guard.CHUNK", 100)
    monkeypatch.setattr("importers.markup.guard.refuse_endless", lambda data: None)
    _, turns = both(data)
    for one, other in zip(whole, turns, strict=True):
        assert (one.start, one.summary, one.problems) == (other.start, other.summary, other.problems)
        for field in fields(one.track):
            assert np.array_equal(getattr(one.track, field.name), getattr(other.track, field.name), equal_nan=True)


piece = st.sampled_from([
    b"<ele>1</ele>", b"<ele>2.50</ele>", b"<time>2024-05-04T06:30:01Z</time>", b"<time>2024-05-04T06:30:02.5Z</time>",
    b"<extensions><hr>99</hr></extensions>", b"\n  ", b"<speed>3.1</speed>", b"<speed>0</speed>", b"<fix>3d</fix>",
    b"<name>A &lt; B</name>", b"<ele/>",
])  # fmt: skip
point = st.tuples(st.integers(-90, 90), st.lists(piece, max_size=4)).map(
    lambda p: b'<trkpt lat="%d" lon="1.5">' % p[0] + b"".join(p[1]) + b"</trkpt>"
)
between = st.sampled_from([b"", b"", b"", b"\n", b"</trkseg><trkseg>", b"<!-- -->", b"</trkseg></trk><trk><trkseg>"])
documents = st.lists(st.tuples(point, between), min_size=16, max_size=30).map(
    lambda parts: b"<gpx><trk><type>9</type><trkseg>" + b"".join(p + b for p, b in parts) + b"</trkseg></trk></gpx>"
)


@settings(max_examples=100, deadline=None)
@given(documents, st.integers(1, 3000))
def test_documents_of_many_shapes_come_out_the_same(data, section):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("importers.markup.lane.SECTION", section)
        assert_same(data)


@settings(max_examples=100, deadline=None)
@given(
    st.sampled_from([RUN, GAPPY, LAPS]),
    st.lists(st.tuples(st.integers(0, 9000), st.sampled_from(list(b'<>/"= &;!?-.0159eEtTZ\0\n\xff'))), max_size=3),
)
def test_documents_with_wrong_bytes_come_out_the_same(data, changes):
    out = bytearray(data)
    for at, byte in changes:
        out[at % len(out)] = byte
    assert_same(bytes(out))


def test_damaged_files_come_out_the_same():
    for damaged in islice(xml_damages([RUN, GAPPY, LAPS]), 300):
        assert_same(damaged.data, damaged.name)


@pytest.mark.corpus
def test_real_files_come_out_the_same_and_most_take_the_lane(corpus):
    files = [p for ending in ("gpx", "tcx") for p in sorted((corpus / "corpus").rglob(f"*.{ending}"))]
    fast = 0
    for path in files:
        data = path.read_bytes()
        assert_same(data, path.name)
        fast += is_fast(data)
    assert len(files) > 90
    assert fast > 60
