from __future__ import annotations

from datetime import timedelta

import pytest
from activity_files import START, gpx, gpx_points, tcx, tcx_activity, tpx

from importers.gpx import GpxReader, read_gpx
from importers.markup.guard import CHUNK, DEPTH_MAX, NAMES_MAX, TEXT_MAX, HostileXMLError, read_carefully
from importers.markup.text import read_text
from importers.tcx import read_tcx

PLAIN = gpx(gpx_points(range(60), extra=lambda t: tpx(hr=100 + t)), name="Läufe")


def codes(recordings):
    return [p.code for r in recordings for p in r.problems]


def encoded(encoding, declared=None, mark=b""):
    text = PLAIN.decode().replace("UTF-8", declared or encoding)
    return mark + text.encode(encoding)


@pytest.mark.parametrize(
    "data",
    [
        PLAIN,
        b"\xef\xbb\xbf" + PLAIN,
        b" \r\n\t" + PLAIN,
        encoded("utf-16"),
        encoded("utf-16-le", "UTF-16", b"\xff\xfe"),
        encoded("utf-16-be", "UTF-16", b"\xfe\xff"),
        encoded("utf-16-le"),
        encoded("utf-16-be"),
        " \n".encode("utf-16-le") + encoded("utf-16-le"),
        " \n".encode("utf-16-be") + encoded("utf-16-be"),
        encoded("utf-32"),
        encoded("utf-32-be"),
        encoded("iso-8859-1"),
        encoded("iso-8859-15"),
        encoded("windows-1252"),
        encoded("cp850"),
        encoded("macroman", "macintosh"),
        PLAIN.replace(b"UTF-8", b"UTF-16"),  # saved otherwise than declared
        PLAIN[PLAIN.index(b"<gpx") :],
        PLAIN + b"\0" * 100,
    ],
)
def test_a_document_is_read_whatever_it_is_written_in(data):
    [r] = read_gpx(data)
    assert (len(r.track), r.summary.title, codes([r])) == (60, "Läufe", [])
    assert r.track.heart_rate_bpm[-1] == 159


@pytest.mark.parametrize("declared", ["UTF-8", "punycode", "no-such-encoding", "rot13"])
def test_wrong_bytes_lose_nothing_and_are_said(declared):
    [r] = read_gpx(encoded("cp1252", declared))
    assert (len(r.track), r.summary.title, codes([r])) == (60, "Läufe", ["wrong_encoding"])


def test_bytes_of_two_encodings_are_each_read():
    [r] = read_gpx(PLAIN.replace("Läufe".encode(), "Läufe ".encode() + "Übung".encode("cp1252")))
    assert (r.summary.title, codes([r])) == ("Läufe Übung", ["wrong_encoding"])


def test_a_document_of_nothing_but_wrong_bytes_is_read_in_one_go(monkeypatch):
    data = PLAIN.decode().encode("cp1252")
    [one] = read_gpx(data)
    monkeypatch.setattr("importers.markup.text.WRONG_MAX", 0)
    assert read_text(data).encoding == "cp1252"
    [other] = read_gpx(data)
    assert (one.summary, one.problems) == (other.summary, other.problems)


def test_a_cut_through_a_character_is_a_cut_and_no_wrong_encoding():
    assert codes(read_gpx(PLAIN[: PLAIN.index(b"\xc3") + 1])) == ["malformed_xml"]


@pytest.mark.parametrize(
    "hostile",
    [
        PLAIN.replace(b"?><", b'?><!DOCTYPE gpx [<!ENTITY a "aaaa">]><', 1),
        PLAIN.replace(b"?><", b'?><!DOCTYPE gpx SYSTEM "file:///etc/passwd"><', 1),
        PLAIN.replace(b"?><", b"?><!DOCTYPE gpx><", 1).decode().replace("UTF-8", "UTF-16").encode("utf-16"),
        PLAIN.replace(b"<trk>", b"<a>" * DEPTH_MAX + b"</a>" * DEPTH_MAX + b"<trk>"),
        PLAIN.replace("Läufe".encode(), b"x" * (TEXT_MAX + 1)),
        PLAIN.replace("Läufe".encode(), b"x\n" * TEXT_MAX),
        PLAIN.replace("Läufe".encode(), b"<![CDATA[" + b"<" * TEXT_MAX + b"]]>&amp;"),
        PLAIN.replace("Läufe".encode(), b"&amp;" * (TEXT_MAX + 1)),
        PLAIN.replace(b"<ele>100.0</ele>", b"<ele>" + b"1" * (TEXT_MAX + 1) + b"</ele>", 1),
    ],
)  # fmt: skip
def test_what_attackers_use_is_refused(hostile):
    with pytest.raises(HostileXMLError):
        read_carefully(read_text(hostile), GpxReader)
    assert codes(read_gpx(hostile)) == ["hostile_xml"]


@pytest.mark.parametrize("many", [
    b"".join(b"<a%d/>" % k for k in range(NAMES_MAX + 1)) + b"<!--x-->" * (CHUNK // 8),
    b"".join(b'<a b%d="1"/>' % k for k in range(NAMES_MAX + 1)),
])  # fmt: skip
def test_names_without_end_are_refused(many):
    assert codes(read_gpx(b"<gpx>" + many + b"</gpx>")) == ["hostile_xml"]


@pytest.mark.parametrize("endless", [
    b"<!--" + b"x" * (2 * CHUNK) + b"-->",
    b'<a b="' + b"x" * (2 * CHUNK) + b'"/>',
    b"<a" + b"x" * (2 * CHUNK) + b"/>",
    b"<?a " + b"x" * (2 * CHUNK) + b"?>",
    b"&" * (2 * CHUNK),
])  # fmt: skip
def test_what_goes_on_without_a_tag_is_refused_unread(endless, monkeypatch):
    monkeypatch.setattr(GpxReader, "_parse", None)
    data = PLAIN.replace(b"</trkseg>", endless + b"</trkseg>")
    assert codes(read_gpx(data)) == ["hostile_xml"]


@pytest.mark.parametrize("filling", [b"<hr>99</hr>", b"<time>x</time>", b"<a/>", b"<trkseg/>", b"<name>x</name>"])
def test_tags_without_end_are_refused_wherever_they_stand(filling, monkeypatch):
    monkeypatch.setattr("importers.markup.guard.TAGS_FREE", 1000)
    assert codes(read_gpx(PLAIN.replace(b"<ele>", filling * 100 + b"<ele>", 1))) == []
    for place in (b"<ele>", b"<trk>"):
        assert codes(read_gpx(PLAIN.replace(place, filling * 20_000 + place, 1))) == ["hostile_xml"]


def test_tags_of_points_are_not_too_many(monkeypatch):
    monkeypatch.setattr("importers.markup.guard.TAGS_FREE", 100)
    reader, problems = read_carefully(read_text(PLAIN), GpxReader)
    assert (reader.points.count, problems) == (60, [])


def test_ampersands_without_end_are_not_mended(monkeypatch):
    monkeypatch.setattr("importers.markup.guard.STRAYS_MAX", 3)
    name = "Läufe".encode()
    assert codes(read_gpx(PLAIN.replace(name, b"a & b & c & d"))) == ["malformed_xml"]
    [r] = read_gpx(PLAIN.replace(name, b"a & b & c & d & e"))
    assert (len(r.track), codes([r])) == (60, ["malformed_xml", "sport_guessed"])


def test_points_without_end_are_left_out_and_said(monkeypatch):
    monkeypatch.setattr("importers.markup.points.POINTS_MAX", 40)
    monkeypatch.setattr("importers.markup.lane.POINTS_MAX", 40)
    [r] = read_gpx(PLAIN)
    assert (len(r.track), r.salvaged, codes([r])) == (40, True, ["too_many_points"])
    assert "20 points" in r.problems[0].detail


def test_laps_without_end_are_refused(monkeypatch):
    monkeypatch.setattr("importers.tcx.LAPS_MAX", 1)
    assert codes(read_tcx(tcx(tcx_activity(20)))) == ["hostile_xml"]


def test_the_deepest_and_longest_allowed_are_read():
    deep = DEPTH_MAX - 1
    data = PLAIN.replace(b"<trk>", b"<a>" * deep + b"</a>" * deep + b"<trk>")
    assert codes(read_gpx(data.replace("Läufe".encode(), b"x" * TEXT_MAX))) == []


@pytest.mark.parametrize("sign", [b"&", b"& ", b"&nbsp;", b"&#0;", b"\x01", b"\0\0"])
def test_a_sign_that_cannot_stand_in_a_name_costs_nothing_but_itself(sign):
    [r] = read_gpx(PLAIN.replace("Läufe".encode(), b"A" + sign + b"B"))
    assert (len(r.track), r.sport, r.salvaged, codes([r])) == (60, "run", True, ["malformed_xml"])
    assert r.summary.title.startswith("A")
    assert r.summary.title.endswith("B")


@pytest.mark.parametrize("bad", [b"<ele>100.0</elf>", b"<ele>100.0", b"<ele 100.0</ele>", b"<ele>100.0</ele></a>"])
def test_reading_goes_on_behind_a_spot_that_is_not_well_formed(bad):
    head, tail = PLAIN[: len(PLAIN) // 2], PLAIN[len(PLAIN) // 2 :]
    data = head + tail.replace(b"<ele>100.0</ele>", bad, 1)
    [r] = read_gpx(data)
    assert len(r.track) >= 58
    assert (r.salvaged, codes([r]), len(set(r.track.segment))) == (True, ["malformed_xml"], 2)
    place = int(r.problems[0].detail.split("byte ")[1].split(" ")[0].replace(",", ""))
    assert len(head) <= place <= data.index(bad, len(head)) + 200


def test_two_documents_in_one_file_are_both_read():
    later = gpx(gpx_points(range(60, 120)))
    [r] = read_gpx(PLAIN + later)
    assert (len(r.track), r.salvaged, codes([r])) == (120, True, ["malformed_xml"])


def test_documents_of_two_days_in_one_file_are_two_recordings():
    later = gpx(gpx_points(range(30), start=START + timedelta(days=1)), kind="cycling")
    one, other = read_gpx(PLAIN + later)
    assert (len(one.track), one.sport, len(other.track), other.sport) == (60, "run", 30, "ride")


def test_a_prefix_without_a_name_costs_nothing():
    [r] = read_gpx(PLAIN.replace(b"<ele>", b"<x:></x:><ele>", 1))
    assert (len(r.track), codes([r])) == (60, [])


def test_reading_goes_on_under_a_prefix_and_in_a_tcx():
    bad = PLAIN.replace(b"<trk", b"<g:trk").replace(b"</trk", b"</g:trk").replace(b"</ele>", b"</elf>", 1)
    [r] = read_gpx(bad)
    assert (len(r.track), codes([r])) == (59, ["malformed_xml"])
    data = tcx(tcx_activity(60), tcx_activity(40, sport="Biking")).replace(b"</Value>", b"</Wert>", 1)
    first, second = read_tcx(data)
    assert (len(first.track), first.sport, len(second.track), second.sport) == (60, "run", 41, "ride")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "cp1252"])
def test_where_a_file_ends_too_early_is_said_in_bytes_of_the_file(encoding):
    data = b"" + encoded(encoding)
    cut = data[: len(data) * 2 // 3]
    [r] = read_gpx(cut)
    assert codes([r]) == ["truncated"]
    place = int(r.problems[0].detail.split("byte ")[1].split(":")[0].replace(",", ""))
    assert len(cut) - 200 <= place <= len(cut)


def test_a_defect_of_ours_is_a_problem_and_no_exception(monkeypatch):
    def broken(*_):
        raise RuntimeError("inside")

    monkeypatch.setattr("importers.gpx._recordings", broken)
    assert codes(read_gpx(PLAIN)) == ["malformed_xml"]
