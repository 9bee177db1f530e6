"""Our readers beside others, value by value: 0 differing values, but for the exceptions that are listed here.

Over the real files the FIT decoder is held against the plain reader of the tests on every file, and against fitparse
and fitdecode on one file of each device; ``make differential`` takes every file for these, too.
"""

from __future__ import annotations

import gzip
import os
from collections import Counter
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path

import numpy as np
import plain_fit
import pytest
from compare import Difference, by_plain, compare, ours
from fit_shapes import shapes
from second_readers import Point, by_fitdecode, by_fitparse, by_gpxpy, by_tcxreader

from importers.gpx import read_gpx
from importers.run import Recording
from importers.tcx import read_tcx

WHOLE = bool(os.environ.get("WHOLE_CORPUS"))
SLICE_RECORDS = 6_000
"""Without ``WHOLE_CORPUS`` only files of so many records are given to the slow readers, one of each device."""
EXCEPTIONS: dict[str, dict[str, str]] = {
    "fitparse": {},
    "fitdecode": {},
}
"""Reader -> what differs -> why. Each is counted, and one that no file shows any more fails its test."""
OTHER_UNITS = {"vertical_oscillation": 10.0}
"""The one app of the real files that writes it counts, and says so, in centimetres: ours are millimetres."""
READERS = {"fitparse": by_fitparse, "fitdecode": by_fitdecode, "plain": by_plain}


@cache
def content(path: Path) -> bytes:
    data = path.read_bytes()
    return gzip.decompress(data) if data[:2] == b"\x1f\x8b" else data


@pytest.fixture(scope="module")
def fit_rows(corpus_index):
    return sorted((r for r in corpus_index if r["kind"] == "fit"), key=lambda r: r["sha1"])


@pytest.fixture(scope="module")
def sliced(fit_rows):
    """The first file of each device in the order of their hashes, of those that are not long."""
    if WHOLE:
        return fit_rows
    devices: dict[str, dict[str, str]] = {}
    for row in fit_rows:
        if 0 < int(row["n_records"]) <= SLICE_RECORDS:
            devices.setdefault(row["device"], row)
    return list(devices.values())


def differences(name: str, rows: list[dict[str, str]], corpus: Path) -> tuple[Difference, Counter[str]]:
    """What differs over all these files, and how often each listed exception was met."""
    total, excused = Difference(), Counter[str]()
    for row in rows:
        data = content(corpus / "corpus" / row["file"])
        found = compare(ours(data), READERS[name](data))
        total.values += found.values
        for what, n in found.found.items():
            if what in EXCEPTIONS.get(name, {}):
                excused[what] += n
            else:
                total.add(what, f"{row['file']}, {found.examples[what]}", n)
    return total, excused


@pytest.mark.parametrize("reader", READERS)
@pytest.mark.parametrize("shape", sorted(shapes()))
def test_every_shape_made_in_code_reads_as_other_readers_read_it(shape, reader):
    data = shapes()[shape]
    theirs = READERS[reader](data)
    found = compare(ours(data), theirs)
    assert found.lines() == []
    assert found.values > 800 or "odd developer" in shape or "developer fields" in shape
    assert bool(theirs.error) == (reader != "plain" and shape.startswith(("odd", "developer fields")))


@pytest.mark.corpus
def test_every_value_of_every_real_fit_file_is_that_of_the_plain_reader(corpus, fit_rows):
    found, _ = differences("plain", fit_rows, corpus)
    assert found.lines() == []
    assert found.values > 10_000_000


@pytest.mark.corpus
@pytest.mark.parametrize("reader", ["fitparse", "fitdecode"])
def test_values_of_real_fit_files_are_those_of_public_readers(corpus, sliced, reader):
    found, excused = differences(reader, sliced, corpus)
    assert found.lines() == []
    assert found.values > (10_000_000 if WHOLE else 500_000)
    assert not WHOLE or set(excused) == set(EXCEPTIONS[reader])


@pytest.mark.corpus
def test_developer_fields_of_real_files_that_name_a_native_field_are_those_of_the_plain_reader(corpus, fit_rows):
    columns = Counter[str]()
    for data in (content(corpus / "corpus" / row["file"]) for row in fit_rows):
        decoded = ours(data)
        if any(d.developer for d in decoded):
            for mine, part in zip(decoded, plain_fit.parts(data), strict=True):
                theirs = plain_fit.columns([app for name, _, _, app in part.messages if name == "record"])
                assert theirs.keys() == mine.developer.keys()
                for name, column in theirs.items():
                    columns[name] += 1
                    np.testing.assert_allclose(mine.developer[name], column * OTHER_UNITS.get(name, 1.0))
    assert columns["heart_rate"] > 2
    assert set(OTHER_UNITS) <= set(columns)


@pytest.mark.corpus
def test_more_real_files_are_read_than_by_any_public_reader(corpus, fit_rows):
    read = Counter[str]()
    for row in fit_rows:
        records = sum(d.record_count for d in ours(content(corpus / "corpus" / row["file"])))
        read["ours"] += records >= int(row["n_records"])
        read["fitparse"] += row["fitparse"] == "ok"
        read["fitdecode"] += row["fitdecode"] == "ok"
    assert read["ours"] == len(fit_rows) > read["fitdecode"] > read["fitparse"]


# ---------------------------------------------------------------- GPX and TCX
COLUMNS = (
    "latitude_deg", "longitude_deg", "altitude_m", "distance_m", "heart_rate_bpm", "cadence_spm", "speed_m_s",
    "power_w",
)  # fmt: skip


def instants(recordings: list[Recording]) -> dict[datetime, dict[str, float]]:
    """Values of each instant of all recordings; cadence as the file counts it."""
    out: dict[datetime, dict[str, float]] = {}
    for r in recordings:
        feet = 2.0 if (r.summary.cadence_rule or "").startswith("strides") else 1.0
        for k, t in enumerate(r.track.time_s):
            row = {c: float(getattr(r.track, c)[k]) for c in COLUMNS}
            row["cadence_spm"] /= feet
            assert r.start is not None
            out.setdefault(r.start + timedelta(seconds=float(t)), row)
    return out


def merged(points: list[Point]) -> dict[datetime, dict[str, float]]:
    """Points by instant; of several with the same time, the first that has a value gives it."""
    out: dict[datetime, dict[str, float]] = {}
    for time, values in points:
        row = out.setdefault(time, {})
        for name, value in values.items():
            row.setdefault(name, float(value))
    return out


def point_differences(recordings: list[Recording], points: list[Point]) -> tuple[Counter[str], int]:
    """What differs, and how many values were compared; a cadence of unknown unit is none on purpose."""
    mine, others, found = instants(recordings), merged(points), Counter[str]()
    undecided = any(p.code == "cadence_undecided" for r in recordings for p in r.problems)
    names = [c for c in COLUMNS if not (undecided and c == "cadence_spm")]
    found["instants"] = len(mine.keys() ^ others.keys())
    for time in mine.keys() & others.keys():
        for name in names:
            own, other = mine[time][name], others[time].get(name, np.nan)
            found[name] += not (own == other or (np.isnan(own) and np.isnan(other)) or abs(own - other) < 1e-9)
    return +found, len(mine) * len(names)


@pytest.mark.corpus
def test_points_of_every_real_gpx_file_are_those_of_gpxpy(corpus, corpus_index):
    found, values, refused = compared(corpus, corpus_index, "gpx")
    assert found == {}
    assert values > 100_000
    assert refused == {"GPXException": 1}, "a point without a place: gpxpy loses the file, we the point"


@pytest.mark.corpus
def test_points_of_every_real_tcx_file_are_those_of_tcxreader(corpus, corpus_index):
    pytest.importorskip("tcxreader", reason="tcxreader is not installed")
    found, values, refused = compared(corpus, corpus_index, "tcx")
    assert found == {}
    assert values > 10_000
    assert refused == {"ValueError": 1, "ParseError": 1}, "times without a zone, a prefix that is declared nowhere"


def compared(corpus: Path, index: list[dict[str, str]], kind: str) -> tuple[Counter[str], int, Counter[str]]:
    """What differs over all files, values compared, and what the public reader raised where it lost a file."""
    found, values, refused = Counter[str](), 0, Counter[str]()
    read, other = {"gpx": (read_gpx, by_gpxpy), "tcx": (read_tcx, by_tcxreader)}[kind]
    for row in (r for r in index if r["kind"] == kind):
        data = content(corpus / "corpus" / row["file"])
        try:
            points = other(data)
        except Exception as error:  # these readers raise what they like
            refused[type(error).__name__] += 1
            assert sum(len(r.track) for r in read(data)) > 0, row["file"]
            continue
        differing, n = point_differences(read(data), points)
        found, values = found + differing, values + n
    return found, values, refused
