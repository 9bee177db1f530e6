from __future__ import annotations

import re

import pytest
from activity_files import gpx, gpx_points, tcx, tcx_activity

from importers.gpx import read_gpx
from importers.sniff import Kind, sniff
from importers.tcx import read_tcx

GPX = gpx(gpx_points(range(5))).decode().replace("UTF-8", "UTF-16")
TCX = tcx(tcx_activity(5)).decode().replace("UTF-8", "UTF-16")


@pytest.mark.parametrize("mark", ["", "\ufeff"])
@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be"])
@pytest.mark.parametrize(("text", "kind"), [(GPX, Kind.GPX), (TCX, Kind.TCX), ("  \n" + GPX, Kind.GPX)])
def test_wide_letters_are_known_with_and_without_a_mark(text, kind, encoding, mark):
    assert sniff((mark + text).encode(encoding)) is kind


@pytest.mark.parametrize("data", [b"\0\0\0\0", b"\0\1\2\3" * 10, b"abc\0def", b"\xff\xfe", b"<\0", b"\0" * 70_000])
def test_zero_bytes_alone_are_no_activity(data):
    assert sniff(data) not in (Kind.GPX, Kind.TCX, Kind.FIT)


def test_a_table_in_wide_letters_is_a_table():
    assert sniff("\ufeffid;date;km\n1;2024-05-04;10".encode("utf-16-le")) is Kind.TABLE


@pytest.mark.parametrize("size", [1, 8, 4096])
def test_a_file_of_nothing_but_zeros_is_not_called_empty(size: int) -> None:
    assert sniff(bytes(size)) is Kind.UNKNOWN
    assert sniff(b"") is Kind.EMPTY


def beheaded(data, *elements):
    """The document without the start and end tags of some elements."""
    return re.sub(rf"</?(?:{'|'.join(elements)})(?:\s[^>]*)?>".encode(), b"", data)


WHOLE = {"gpx": (gpx(gpx_points(range(60))), read_gpx), "tcx": (tcx(tcx_activity(60)), read_tcx)}


@pytest.mark.parametrize(
    ("kind", "lost"),
    [
        (Kind.TCX, ("TrainingCenterDatabase",)),
        (Kind.TCX, ("TrainingCenterDatabase", "Activities")),
        (Kind.GPX, ("gpx",)),
        (Kind.GPX, ("gpx", "trk")),
        (Kind.GPX, ("gpx", "trk", "trkseg")),
    ],
)
def test_points_without_their_outermost_element_are_kept_and_said(kind, lost):
    data, read = WHOLE[kind.value]
    headless = beheaded(data, *lost)
    assert sniff(headless) is kind
    (found,) = read(headless)
    assert len(found.track) == len(read(data)[0].track)
    assert found.salvaged
    assert "malformed_xml" in {problem.code for problem in found.problems}


@pytest.mark.parametrize(
    "data", [b"<svg><path/></svg>", b"<!DOCTYPE html><trkpt>", b"<kml><coordinates>1</coordinates></kml>"]
)
def test_other_documents_stay_what_they_are(data):
    assert sniff(data) in (Kind.XML, Kind.DOCUMENT)
