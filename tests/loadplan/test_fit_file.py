from __future__ import annotations

import io
import math
from datetime import UTC, datetime, timedelta

import fitdecode
import fitparse
import gpxpy
import pytest
from hypothesis import given
from hypothesis import strategies as st

from loadplan.outbox.fit_activity import Part, activity_file, activity_messages, file_id
from loadplan.outbox.fit_file import DeveloperField, FitValueError, Message, crc16, describe, encode, strides
from loadplan.outbox.fit_profile import BYTE, FLOAT32, MESSAGES, UINT16, UINT64, Field
from loadplan.outbox.gpx_file import Point, gpx_bytes

START = datetime(2026, 3, 1, 7, 0, tzinfo=UTC)


def samples(n: int = 40, step_s: int = 5) -> list[dict[str, float | int | None]]:
    return [
        {
            "time_s": i * step_s,
            "distance": i * 14.25,
            "enhanced_altitude": 100.2 + i,
            "enhanced_speed": 2.85,
            "heart_rate": None if i == 3 else 140,
            "position_lat": -48.5 + i * 1e-4,
            "position_long": -123.25,
            **strides(167),  # type: ignore[dict-item]
        }
        for i in range(n)
    ]


def by_fitparse(data: bytes, name: str) -> list[dict[str, object]]:
    file = fitparse.FitFile(data, check_crc=True)
    return [m.get_values() for m in file.get_messages(name)]


def by_fitdecode(data: bytes, name: str) -> list[dict[str, object]]:
    with fitdecode.FitReader(io.BytesIO(data), check_crc=fitdecode.CrcCheck.RAISE) as reader:
        return [
            {f.name: f.value for f in frame.fields}
            for frame in reader
            if isinstance(frame, fitdecode.FitDataMessage) and frame.name == name
        ]


@pytest.mark.parametrize("endian", ["<", ">"])
@pytest.mark.parametrize("compress", [False, True])
def test_two_independent_readers_see_what_was_written(endian: str, compress: bool) -> None:
    data = activity_file(START, samples(), utc_offset_s=7200, endian=endian, compress=compress)  # type: ignore[arg-type]
    ours = samples()
    for theirs in (by_fitparse(data, "record"), by_fitdecode(data, "record")):
        assert len(theirs) == len(ours)
        for row, sample in zip(theirs, ours, strict=True):
            stamp = row["timestamp"]
            assert isinstance(stamp, datetime)
            assert stamp.replace(tzinfo=UTC) == START + timedelta(seconds=sample["time_s"] or 0)
            assert row["distance"] == sample["distance"]
            assert row["enhanced_altitude"] == pytest.approx(sample["enhanced_altitude"], abs=0.1)
            assert row["heart_rate"] == sample["heart_rate"]
            assert (row["cadence"], row["fractional_cadence"]) == (83, 0.5)
            assert row["position_lat"] == pytest.approx((sample["position_lat"] or 0) * 2**31 / 180, abs=1)


def test_session_and_activity_tell_totals_and_the_local_clock() -> None:
    data = activity_file(START, samples(), utc_offset_s=-3600, pauses=[(50, 80)], totals={"total_ascent": 39})
    (session,) = by_fitdecode(data, "session")
    (activity,) = by_fitparse(data, "activity")
    assert session["sport"] == "running"
    assert (session["total_elapsed_time"], session["total_timer_time"]) == (195.0, 165.0)
    assert session["total_distance"] == pytest.approx(39 * 14.25)
    assert session["total_ascent"] == 39
    local, stamp = activity["local_timestamp"], activity["timestamp"]
    assert isinstance(local, datetime)
    assert isinstance(stamp, datetime)
    assert local - stamp == timedelta(hours=-1)
    kinds = [(e["event_type"], e["timestamp"]) for e in by_fitdecode(data, "event")]
    assert [k for k, _ in kinds] == ["start", "stop_all", "start", "stop_all"]


def test_a_file_can_hold_several_sessions_or_none() -> None:
    rows = samples()
    parts = [
        Part(start=START, samples=rows, sport="cycling"),
        Part(start=START + timedelta(hours=1), samples=rows, sub_sport="trail"),
    ]
    two = encode(activity_messages(parts))
    assert [s["sport"] for s in by_fitdecode(two, "session")] == ["cycling", "running"]
    assert by_fitparse(two, "activity")[0]["num_sessions"] == 2
    bare = encode(activity_messages(parts, with_sessions=False, with_activity=False))
    assert by_fitdecode(bare, "session") == []
    assert len(by_fitdecode(bare, "record")) == 80


def test_developer_fields_are_read_back_by_name() -> None:
    power = DeveloperField(0, "Power", UINT16, "W")
    form = DeveloperField(1, "Form Power", FLOAT32, "W")
    part = Part(start=START, samples=[{"time_s": 0, "distance": 0.0, "Power": 250, "Form Power": 61.5}])
    data = encode(activity_messages([part], developer=[power, form]))
    for (row,) in (by_fitparse(data, "record"), by_fitdecode(data, "record")):
        assert (row["Power"], row["Form Power"]) == (250, 61.5)


def test_an_odd_developer_field_keeps_its_odd_size() -> None:
    odd = DeveloperField(0, "odd", UINT16, size=3)
    part = Part(start=START, samples=[{"time_s": 0, "heart_rate": 120, "odd": b"abc"}])
    data = encode(activity_messages([part], developer=[odd]))
    assert b"abc" in data
    assert crc16(data) == 0


def test_a_developer_field_can_name_the_native_field_it_stands_for() -> None:
    power = DeveloperField(0, "Power", UINT16, "W", native="power")
    data = encode([file_id(START), *describe([power]), Message("record", {"timestamp": START}, {power: 250})])
    (description,) = by_fitdecode(data, "field_description")
    assert (description["native_mesg_num"], description["native_field_num"]) == ("record", 7)
    assert by_fitdecode(data, "record")[0]["Power"] == 250


@pytest.mark.parametrize("endian", ["<", ">"])
def test_arrays_and_wide_numbers_are_read_back(endian: str) -> None:
    extra = {Field(200, UINT16): (1, None, 3), Field(201, UINT64): 2**40}
    data = encode([file_id(START), Message("record", {"timestamp": START}, extra=extra)], endian=endian)  # type: ignore[arg-type]
    for (row,) in (by_fitparse(data, "record"), by_fitdecode(data, "record")):
        assert (tuple(row["unknown_200"]), row["unknown_201"]) == ((1, None, 3), 2**40)  # type: ignore[arg-type]


def test_a_float_that_is_not_recorded_is_all_ones() -> None:
    data = encode([file_id(START), Message("record", {"timestamp": START}, extra={Field(202, FLOAT32): None})])
    assert data[:-2].endswith(b"\xff" * 4)


def test_a_header_can_say_that_it_has_no_sum_of_its_own() -> None:
    data = encode([file_id(START)], header_crc=False)
    assert data[12:14] == b"\0\0"
    assert crc16(data) == 0
    assert by_fitparse(data, "file_id")


def test_other_kinds_of_file_say_what_they_are() -> None:
    steps = Message("monitoring", {"timestamp": START, "cycles": 120, "activity_type": 6})
    data = encode([file_id(START, "monitoring_b"), steps])
    assert by_fitdecode(data, "file_id")[0]["type"] == "monitoring_b"
    assert by_fitparse(data, "monitoring")


def test_fields_outside_the_profile_can_be_written_by_number() -> None:
    own = Field(200, UINT16)
    data = encode([file_id(START), Message("record", {"timestamp": START}, extra={own: 7})])
    assert by_fitparse(data, "record")[0]["unknown_200"] == 7


def test_more_layouts_than_local_slots_are_redefined() -> None:
    names = [n for n in MESSAGES["session"].fields if n.startswith(("total", "avg", "max"))]
    rows = [Message("session", {"timestamp": START, n: 1}) for n in names] * 2
    data = encode([file_id(START), *rows])
    assert len(by_fitdecode(data, "session")) == 2 * len(names) > 32


def test_a_short_header_has_twelve_bytes_and_no_sum_of_its_own() -> None:
    data = encode([file_id(START)], short_header=True)
    assert data[0] == 12
    assert by_fitdecode(data, "file_id")


def test_the_checksum_is_the_published_one() -> None:
    assert crc16(b"123456789") == 0xBB3D


@pytest.mark.parametrize(
    ("name", "values"),
    [
        ("record", {"heart_rate": 300}),
        ("record", {"no_such_field": 1}),
        ("session", {"sport": "yodelling"}),
        ("record", {"heart_rate": b"x"}),
    ],
)
def test_what_does_not_fit_is_refused_in_words(name: str, values: dict[str, float]) -> None:
    with pytest.raises(FitValueError):
        encode([Message(name, values)])


@given(st.text(max_size=400))
def test_any_text_fits_and_ends_with_a_zero(text: str) -> None:
    data = encode([Message("file_id", {"type": "activity", "product_name": text})])
    assert crc16(data) == 0


@given(st.floats(min_value=-400, max_value=12000) | st.just(math.nan) | st.none())
def test_altitude_comes_back_within_its_step(altitude: float | None) -> None:
    data = activity_file(START, [{"time_s": 0, "altitude": altitude}])
    (row,) = by_fitdecode(data, "record")
    if altitude is None or math.isnan(altitude):
        assert row["altitude"] is None
    else:
        assert row["altitude"] == pytest.approx(altitude, abs=0.11)


def test_byte_fields_stay_as_they_are() -> None:
    assert MESSAGES["developer_data_id"].fields["application_id"].base is BYTE


def test_gpx_is_read_back_by_gpxpy() -> None:
    points = [
        Point(
            latitude_deg=-48.5 + i * 1e-4,
            longitude_deg=-123.25,
            time=START + timedelta(seconds=5 * i),
            altitude_m=12.5,
            heart_rate_bpm=141,
            cadence=84,
        )
        for i in range(4)
    ]
    data = gpx_bytes([points[:2], points[2:]], name="Evening <run> & more")
    track = gpxpy.parse(data.decode()).tracks[0]
    assert (track.name, track.type, len(track.segments)) == ("Evening <run> & more", "running", 2)
    last = track.segments[1].points[1]
    assert (last.time, last.elevation) == (START + timedelta(seconds=15), 12.5)
    extension = last.extensions[0]
    assert [child.text for child in extension] == ["141", "84"]
