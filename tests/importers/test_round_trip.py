"""Random activities written, read, and the same again: FIT by the project's encoder, GPX and TCX by hand."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from importers.fit import read_fit
from importers.gpx import read_gpx
from importers.run import Recording
from importers.tcx import read_tcx
from loadplan.outbox.fit_activity import Part, activity_messages
from loadplan.outbox.fit_file import DeveloperField, Message, encode, strides
from loadplan.outbox.fit_profile import FLOAT32, UINT16, UINT32

few = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
starts = st.integers(0, 20 * 365 * 86_400).map(lambda s: datetime(2005, 1, 1, tzinfo=UTC) + timedelta(seconds=s))
endians = st.sampled_from(["<", ">"])

FIT_FIELDS = {
    # field of a record: (column, lowest, highest, step of the format)
    "distance": ("distance_m", 0.0, 90_000.0, 0.01),
    "enhanced_altitude": ("altitude_m", -400.0, 8000.0, 0.2),
    "enhanced_speed": ("speed_m_s", 0.0, 11.0, 0.001),
    "heart_rate": ("heart_rate_bpm", 30, 220, 1),
    "power": ("power_w", 1, 900, 1),
    "vertical_oscillation": ("vertical_oscillation_mm", 20.0, 200.0, 0.1),
    "stance_time": ("ground_contact_ms", 100.0, 500.0, 0.1),
    "stance_time_balance": ("ground_contact_balance_pct", 40.0, 60.0, 0.01),
    "vertical_ratio": ("vertical_ratio_pct", 1.0, 20.0, 0.01),
    "step_length": ("step_length_mm", 300.0, 2000.0, 0.1),
    "position_lat": ("latitude_deg", -89.0, 89.0, 180 / 2**31),
    "position_long": ("longitude_deg", -179.0, 179.0, 180 / 2**31),
}
FIT_FORMS = st.fixed_dictionaries(
    {"endian": endians, "compress": st.booleans(), "short_header": st.booleans(), "header_crc": st.booleans()}
)


@st.composite
def times(draw: Any, most: int = 40) -> list[int]:
    """Seconds from 0, rising, now and then with a gap."""
    steps = draw(st.lists(st.integers(1, 6) | st.integers(25, 70), min_size=1, max_size=most))
    return [0, *np.cumsum(steps).tolist()]


@st.composite
def samples(draw: Any) -> list[dict[str, Any]]:
    """Rows of a run for the encoder; any value may be unknown, distance rises."""
    seconds = draw(times())
    n = len(seconds)
    names = draw(st.sets(st.sampled_from(sorted(FIT_FIELDS))))
    columns: dict[str, list[Any]] = {"time_s": seconds}
    for name in sorted(names):
        _, low, high, _ = FIT_FIELDS[name]
        number = st.integers(low, high) if isinstance(low, int) else st.floats(low, high)
        values = draw(st.lists(number | (st.none() if name != "distance" else st.nothing()), min_size=n, max_size=n))
        columns[name] = sorted(values) if name == "distance" else values
    cadences = draw(st.lists(st.none() | st.integers(0, 250).map(float), min_size=n, max_size=n))
    return [
        {**{k: v[i] for k, v in columns.items()}, **strides(cadences[i])}
        for i in range(n)
    ]  # fmt: skip


def assert_track(r: Recording, rows: list[dict[str, Any]], base_m: float = 0.0) -> None:
    """The track holds the rows, each value within half a step of the format."""
    np.testing.assert_array_equal(r.track.time_s, [row["time_s"] for row in rows])
    for name, (column, _, _, step) in FIT_FIELDS.items():
        wanted = [np.nan if row.get(name) is None else row[name] for row in rows]
        shift = base_m if name == "distance" else 0.0
        got = getattr(r.track, column)
        np.testing.assert_allclose(got, np.array(wanted, dtype=float) - shift, rtol=0, atol=step * 0.51 + 1e-9)
    spm = [
        np.nan if row["cadence"] is None else 2 * (row["cadence"] + (row["fractional_cadence"] or 0.0)) for row in rows
    ]
    np.testing.assert_allclose(r.track.cadence_spm, spm, rtol=0, atol=1e-9)


def faults(r: Recording) -> set[str]:
    """Problems of the file itself; random values do not add up, and that may be said."""
    return {p.code for p in r.problems} & {"bad_crc", "truncated", "malformed", "bad_header_crc", "unfinished"}


@few
@given(starts, samples(), FIT_FORMS, st.none() | st.integers(-56, 56))
def test_a_fit_run_comes_back_in_every_form_of_the_format(start, rows, form, quarters):
    offset = None if quarters is None else 900 * quarters
    part = Part(start=start, samples=rows)
    [r] = read_fit(encode(activity_messages([part], utc_offset_s=offset), **form))
    assert (r.start, r.utc_offset_s, r.sport, r.salvaged, faults(r)) == (start, offset, "run", False, set())
    assert_track(r, rows)
    assert r.summary.elapsed_s == rows[-1]["time_s"]


@few
@given(starts, samples(), FIT_FORMS, st.integers(1, 9), st.integers(1, 20))
def test_developer_fields_of_any_size_stand_in_nobodys_way(start, rows, form, size, odd):
    fields = [
        DeveloperField(0, "noise", UINT32, size=size),
        DeveloperField(1, "Form Power", FLOAT32, "W"),
        DeveloperField(2, "more", UINT16, index=1, size=odd),
    ]
    extra = {"noise": bytes(range(size)), "Form Power": 60.5, "more": b"\xff" * odd}
    part = Part(start=start, samples=[{**row, **extra} for row in rows])
    [r] = read_fit(encode(activity_messages([part], developer=fields), **form))
    assert (r.start, faults(r)) == (start, set())
    assert_track(r, rows)


@few
@given(starts, times(), st.lists(st.integers(1, 900), min_size=1, max_size=60), endians)
def test_a_developer_field_that_names_a_native_one_gives_its_values_where_the_watch_has_none(start, t, watts, endian):
    field = DeveloperField(0, "Power", UINT16, "W", native="power")
    given_w = [watts[i % len(watts)] for i in range(len(t))]
    rows = [{"time_s": s, "distance": 3.0 * s, "Power": w, **strides(170)} for s, w in zip(t, given_w, strict=True)]
    part = Part(start=start, samples=rows)
    [r] = read_fit(encode(activity_messages([part], developer=[field]), endian=endian))
    np.testing.assert_array_equal(r.track.power_w, given_w)


@few
@given(starts, samples(), samples(), FIT_FORMS, FIT_FORMS)
def test_files_in_a_chain_come_back_each_for_itself(start, first, second, form, other):
    later = start + timedelta(days=1)
    chain = encode(activity_messages([Part(start=start, samples=first)]), **form)
    chain += encode(activity_messages([Part(start=later, samples=second)]), **other)
    recordings = read_fit(chain)
    assert [r.start for r in recordings] == [start, later]
    for r, rows in zip(recordings, (first, second), strict=True):
        assert faults(r) == set()
        assert_track(r, rows)


@few
@given(
    starts, st.lists(times(12), min_size=2, max_size=4), st.lists(st.integers(2, 4000), min_size=3, max_size=3), endians
)
def test_sessions_of_one_file_come_back_each_with_its_own_records(start, parts_s, gaps, endian):
    parts, metres, at = [], 0.0, start
    for k, seconds in enumerate(parts_s):
        rows = [{"time_s": s, "distance": metres + 3.0 * s, "heart_rate": 120 + k, **strides(170)} for s in seconds]
        parts.append(Part(start=at, samples=rows, sport=["running", "cycling"][k % 2]))
        metres, at = rows[-1]["distance"], at + timedelta(seconds=seconds[-1] + gaps[k % 3])
    recordings = read_fit(encode(activity_messages(parts, utc_offset_s=3600), endian=endian))
    assert [(r.start, r.sport) for r in recordings] == [(p.start, ["run", "ride"][k % 2]) for k, p in enumerate(parts)]
    for k, (r, p) in enumerate(zip(recordings, parts, strict=True)):
        np.testing.assert_array_equal(r.track.time_s, [s["time_s"] for s in p.samples])
        np.testing.assert_allclose(r.track.distance_m, [3.0 * s for s in r.track.time_s], atol=0.011)
        assert set(r.track.heart_rate_bpm) == {120 + k}


@few
@given(starts, st.lists(st.integers(20, 200), min_size=2, max_size=8), FIT_FORMS)
def test_pauses_come_back_as_stretches_and_as_time_not_on_the_timer(start, edges, form):
    at = np.cumsum(edges).tolist()
    pauses = [(float(a), float(b)) for a, b in zip(at[::2], at[1::2], strict=False)]
    end = at[-1] + 30
    seconds = [s for s in range(end + 1) if not any(a < s < b for a, b in pauses)]
    rows = [{"time_s": s, "distance": 2.5 * s, **strides(166)} for s in seconds]
    [r] = read_fit(encode(activity_messages([Part(start=start, samples=rows, pauses=pauses)]), **form))
    np.testing.assert_array_equal(r.track.segment, [sum(b <= s for _, b in pauses) for s in seconds])
    assert (r.summary.elapsed_s, r.summary.timer_s) == (end, end - sum(b - a for a, b in pauses))


@few
@given(starts, samples(), st.randoms(use_true_random=False))
def test_records_in_any_order_come_back_in_the_order_of_time(start, rows, rng):
    whole = activity_messages([Part(start=start, samples=rows)])
    records = [m for m in whole if m.name == "record"]
    rng.shuffle(records)
    shuffled = iter(records)
    [r] = read_fit(encode([next(shuffled) if m.name == "record" else m for m in whole]))
    assert_track(r, rows)


@few
@given(starts, samples(), st.lists(st.sampled_from(["heart_rate", "power", "distance", "cadence"]), max_size=3))
def test_fields_that_are_left_out_now_and_then_are_unknown_there(start, rows, drop):
    """Each combination of fields has a definition of its own."""
    whole, k, wanted = [], 0, []
    for m in activity_messages([Part(start=start, samples=rows)]):
        if m.name == "record":
            gone = drop if k % 3 == 1 else []
            wanted.append({**rows[k], **dict.fromkeys(gone)})
            m = Message(m.name, {n: v for n, v in m.values.items() if n not in gone})
            k += 1
        whole.append(m)
    [r] = read_fit(encode(whole))
    assert_track(r, wanted)


# ---------------------------------------------------------------- GPX and TCX
COLUMNS = {"altitude_m": (-400.0, 8000.0), "heart_rate_bpm": (30.0, 220.0), "cadence_spm": (1.0, 250.0)}


@st.composite
def points(draw: Any, least: int = 1) -> list[dict[str, float | None]]:
    """Track points with a place, a time in milliseconds, and values that may be unknown."""
    steps = draw(st.lists(st.integers(100, 9000), min_size=least, max_size=25))
    out = []
    for ms in np.cumsum([0, *steps]).tolist():
        row: dict[str, float | None] = {"time_s": ms / 1000}
        row["latitude_deg"], row["longitude_deg"] = draw(st.floats(-90, 90)), draw(st.floats(-180, 180))
        for name, (low, high) in COLUMNS.items():
            row[name] = draw(st.none() | st.floats(low, high))
        out.append(row)
    return out


def stamp(start: datetime, seconds: float, zone: str) -> str:
    hours = {"Z": 0, "+05:45": 5.75, "-03:30": -3.5}[zone]
    local = (start + timedelta(seconds=seconds, hours=hours)).replace(tzinfo=None)
    return local.isoformat(timespec="milliseconds") + zone


def element(name: str, value: float | None) -> str:
    return "" if value is None else f"<{name}>{value!r}</{name}>"


def gpx_text(start: datetime, segments: list[list[dict[str, float | None]]], zone: str) -> str:
    body = ""
    for rows in segments:
        body += "<trkseg>"
        for p in rows:
            inner = element("t:hr", p["heart_rate_bpm"]) + element("t:cad", p["cadence_spm"])
            body += (
                f'<trkpt lon="{p["longitude_deg"]!r}" lat="{p["latitude_deg"]!r}">{element("ele", p["altitude_m"])}'
                f"<time>{stamp(start, p['time_s'] or 0.0, zone)}</time>"
                f"<extensions><t:TrackPointExtension>{inner}</t:TrackPointExtension></extensions></trkpt>\n"
            )
        body += "</trkseg>"
    space = (
        'xmlns="http://www.topografix.com/GPX/1/1" xmlns:t="http://www.garmin.com/xmlschemas/TrackPointExtension/v2"'
    )
    return f'<gpx version="1.1" creator="x" {space}><trk><type>running</type>{body}</trk></gpx>'


def tcx_text(start: datetime, rows: list[dict[str, float | None]], zone: str) -> str:
    body = ""
    for p in rows:
        place = element("LatitudeDegrees", p["latitude_deg"]) + element("LongitudeDegrees", p["longitude_deg"])
        rate = f"<HeartRateBpm>{element('Value', p['heart_rate_bpm'])}</HeartRateBpm>" if p["heart_rate_bpm"] else ""
        body += (
            f"<Trackpoint><Time>{stamp(start, p['time_s'] or 0.0, zone)}</Time><Position>{place}</Position>"
            f"{element('AltitudeMeters', p['altitude_m'])}{rate}"
            f"<Extensions><ns3:TPX>{element('ns3:RunCadence', p['cadence_spm'])}</ns3:TPX></Extensions></Trackpoint>\n"
        )
    space = (
        'xmlns="http://www.garmin.com/xmlschemas/TrainingCenterDatabase/v2" '
        'xmlns:ns3="http://www.garmin.com/xmlschemas/ActivityExtension/v2"'
    )
    return (
        f'<TrainingCenterDatabase {space}><Activities><Activity Sport="Running"><Id>x</Id>'
        f'<Lap StartTime="{stamp(start, 0.0, zone)}"><Track>{body}</Track></Lap></Activity></Activities>'
        "</TrainingCenterDatabase>"
    )


def encoded(text: str, encoding: str) -> bytes:
    if encoding == "no declaration":
        return text.encode()
    if encoding == "blanks first":
        return b" " * 10 + f'<?xml version="1.0" encoding="UTF-8"?>{text}'.encode()
    return f'<?xml version="1.0" encoding="{encoding}"?>{text}'.encode(encoding)


ENCODINGS = st.sampled_from(["UTF-8", "UTF-16", "ISO-8859-1", "no declaration", "blanks first"])
ZONES = st.sampled_from(["Z", "+05:45", "-03:30"])


def assert_points(r: Recording, rows: list[dict[str, float | None]]) -> None:
    """The same points; cadence in the unit that the reader's own rule tells."""
    np.testing.assert_allclose(r.track.time_s, [p["time_s"] for p in rows], rtol=0, atol=1e-6)
    for name in ("latitude_deg", "longitude_deg", "altitude_m", "heart_rate_bpm"):
        wanted = [np.nan if p[name] is None else p[name] for p in rows]
        np.testing.assert_array_equal(getattr(r.track, name), np.array(wanted, dtype=float))
    rule = r.summary.cadence_rule or ""
    feet = 2.0 if rule.startswith("strides") else np.nan if rule.startswith("undecided") else 1.0
    spm = [np.nan if p["cadence_spm"] is None else feet * p["cadence_spm"] for p in rows]
    np.testing.assert_allclose(r.track.cadence_spm, spm)


@few
@given(starts, st.lists(points(), min_size=1, max_size=3), ENCODINGS, ZONES)
def test_a_gpx_track_comes_back_in_any_encoding_and_zone(start, segments, encoding, zone):
    at, flat, number = 0.0, [], []
    for k, rows in enumerate(segments):
        for p in rows:
            p["time_s"] += at
        at = rows[-1]["time_s"] + 100.0
        flat += rows
        number += [k] * len(rows)
    [r] = read_gpx(encoded(gpx_text(start, segments, zone), encoding))
    assert (r.start, r.sport, r.salvaged) == (start, "run", False)
    assert_points(r, flat)
    np.testing.assert_array_equal(np.diff(r.track.segment) != 0, np.diff(number) != 0)
    assert r.utc_offset_s == {"Z": None, "+05:45": 20_700, "-03:30": -12_600}[zone]


@few
@given(starts, points(), ENCODINGS, ZONES)
def test_a_tcx_activity_comes_back_in_any_encoding_and_zone(start, rows, encoding, zone):
    [r] = read_tcx(encoded(tcx_text(start, rows, zone), encoding))
    assert (r.start, r.sport, r.salvaged) == (start, "run", False)
    assert_points(r, rows)
    assert r.utc_offset_s == {"Z": None, "+05:45": 20_700, "-03:30": -12_600}[zone]


@few
@given(starts, points(least=5), st.floats(0.2, 1.0), st.sampled_from(["gpx", "tcx"]))
def test_a_cut_track_keeps_every_point_that_stands_whole_before_the_cut(start, rows, share, kind):
    text = gpx_text(start, [rows], "Z") if kind == "gpx" else tcx_text(start, rows, "Z")
    data = text.encode()[: int(share * len(text))]
    whole = data.count(b"</trkpt>" if kind == "gpx" else b"</Trackpoint>")
    assume(whole > 0)
    [r] = (read_gpx if kind == "gpx" else read_tcx)(data)
    assert len(r.track) >= whole
    np.testing.assert_array_equal(r.track.latitude_deg[:whole], [p["latitude_deg"] for p in rows[:whole]])
    assert r.salvaged == (len(data) < len(text))


@pytest.mark.parametrize("zone", ["Z", "+05:45"])
def test_the_writers_here_write_what_other_readers_read(zone):
    import gpxpy

    start = datetime(2024, 5, 4, 6, 30, tzinfo=UTC)
    row = {"time_s": 1.5, "latitude_deg": 1.25, "longitude_deg": 2.0, "altitude_m": 3.0}
    rows = [{**row, "heart_rate_bpm": 140.0, "cadence_spm": 84.0}]
    [point] = gpxpy.parse(gpx_text(start, [rows], zone)).tracks[0].segments[0].points
    assert (point.latitude, point.elevation, point.time) == (1.25, 3.0, start + timedelta(seconds=1.5))
