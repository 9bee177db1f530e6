from __future__ import annotations

import math
import struct
import tracemalloc
from datetime import timedelta

import numpy as np
import pytest
from fit_bytes import (
    BYTES,
    DESCRIPTION,
    EVENT,
    RECORD,
    S32,
    STAMP,
    TEXT,
    U8,
    U16,
    U32,
    define,
    message,
    sealed,
)
from fit_shapes import START, shapes
from hypothesis import given, settings
from hypothesis import strategies as st

from importers.fit import decode, records, walk
from importers.fit.decode import read_chain
from loadplan.outbox.fit_file import DeveloperField, Message, describe, encode, seconds
from loadplan.outbox.fit_profile import FLOAT32, MESSAGES, SEMICIRCLES, UINT16

NAN = math.nan


def one(*chunks):
    [decoded] = read_chain(sealed(*chunks))
    return decoded


def column(fields, form, *rows, name, big=False):
    """A column of records of one layout."""
    decoded = one(define(0, RECORD, fields, big=big), *(message(0, form, *row) for row in rows))
    assert not decoded.problems
    return decoded.records[name].tolist()


# ---------------------------------------------------------------- fields
@pytest.mark.parametrize(("order", "big"), [("<", False), (">", True)])
def test_values_have_the_scale_and_offset_of_the_profile(order, big):
    fields = [STAMP, (2, 2, U16), (5, 4, U32), (6, 2, U16), (0, 4, S32), (53, 1, U8)]
    decoded = one(define(0, RECORD, fields, big=big), message(0, f"{order}IHIHiB", 10**9, 2600, 123456, 3210, -5, 64))
    assert {name: values.tolist() for name, values in decoded.records.items()} == {
        "timestamp": [10**9],
        "altitude": [20.0],
        "distance": [1234.56],
        "speed": [3.21],
        "position_lat": [-5],
        "fractional_cadence": [0.5],
    }


def same(values, expected):
    return np.array_equal(np.array(values, dtype=float), np.array(expected, dtype=float), equal_nan=True)


@pytest.mark.parametrize(
    ("base", "form", "invalid"),
    [
        (0x00, "B", 0xFF), (0x01, "b", 0x7F), (0x02, "B", 0xFF), (0x0A, "B", 0), (0x0D, "B", 0xFF), (0x83, "h", 0x7FFF),
        (0x84, "H", 0xFFFF), (0x85, "i", 0x7FFFFFFF), (0x86, "I", 0xFFFFFFFF), (0x88, "f", NAN), (0x88, "f", math.inf),
        (0x89, "d", NAN), (0x8B, "H", 0), (0x8C, "I", 0), (0x8E, "q", 2**63 - 1), (0x8F, "Q", 2**64 - 1),
        (0x90, "Q", 0), (0x04, "H", 0xFFFF), (0x06, "I", 0xFFFFFFFF),  # as written without the bit for byte order
    ],
)  # fmt: skip
def test_what_is_not_recorded_is_no_number_in_every_base_type(base, form, invalid):
    fields = [(7, struct.calcsize("<" + form), base)]
    for order, big in (("<", False), (">", True)):
        found = column(fields, order + form, (100,), (invalid,), (3,), name="power", big=big)
        assert same(found, [100, NAN, 3])


def test_of_an_array_the_first_element_is_taken():
    assert same(column([(7, 6, U16)], "<3H", (1, 2, 3), (0xFFFF, 5, 6), name="power"), [1, NAN])


@pytest.mark.parametrize("field", [(7, 3, U16), (7, 1, U16), (7, 2, BYTES), (7, 2, TEXT), (7, 2, 0x33), (7, 0, U16)])
def test_a_field_whose_size_or_type_cannot_be_is_stepped_over(field):
    decoded = one(define(0, RECORD, [field, (3, 1, U8)]), b"\0" + b"x" * field[1] + b"\x8c")
    assert "power" not in decoded.records
    assert decoded.records["heart_rate"].tolist() == [140]
    assert decoded.problems == []


def test_records_of_several_definitions_stand_in_the_order_of_the_file():
    decoded = one(
        define(0, RECORD, [STAMP, (3, 1, U8)]), define(1, RECORD, [(7, 2, U16), STAMP], big=True),
        define(2, RECORD, []),
        message(0, "<IB", 10, 1), message(1, ">HI", 7, 11), b"\2", message(0, "<IB", 12, 2), message(1, ">HI", 8, 13),
    )  # fmt: skip
    assert same(decoded.records["timestamp"], [10, 11, NAN, 12, 13])
    assert same(decoded.records["heart_rate"], [1, NAN, NAN, 2, NAN])
    assert same(decoded.records["power"], [NAN, 7, NAN, NAN, 8])
    assert (np.diff(decoded.record_at) > 0).all()


def test_there_are_always_times_and_all_columns_are_of_one_length():
    assert one().records.keys() == {"timestamp"}
    assert len(one().records["timestamp"]) == one().record_count == 0
    assert same(column([(3, 1, U8)], "<B", (1,), (2,), name="timestamp"), [NAN, NAN])


# ---------------------------------------------------------------- compressed speed and distance
def packed(speed, distance):
    bits = round(speed * 100) | (round(distance * 16) & 0xFFF) << 12
    return bits.to_bytes(3, "little")


def test_packed_distance_counts_on_over_its_rollover():
    metres = [0.0, 100.5, 250.0, 256.5, 300.0, 511.75, 512.0]
    body = [define(0, RECORD, [(8, 3, BYTES)]), *(b"\0" + packed(2.5, m) for m in metres)]
    decoded = one(*body)
    assert decoded.records["distance"].tolist() == metres
    assert set(decoded.records["speed"].tolist()) == {2.5}
    assert "compressed_speed_distance" not in decoded.records


def test_packed_values_that_are_not_recorded_are_unknown_and_do_not_advance():
    body = [define(0, RECORD, [(8, 3, BYTES)]), *(b"\0" + p for p in (packed(1, 10), b"\xff" * 3, packed(1, 12)))]
    assert same(one(*body).records["distance"], [10, NAN, 12])
    assert same(one(*body).records["speed"], [1, NAN, 1])


def test_packed_values_give_way_to_fields_of_their_own():
    body = [define(0, RECORD, [(8, 3, BYTES), (5, 4, U32)])]
    body += [b"\0" + packed(1, 10) + struct.pack("<I", raw) for raw in (5000, 0xFFFFFFFF)]
    assert one(*body).records["distance"].tolist() == [50, 10]


def test_packed_fields_of_another_size_are_stepped_over():
    assert one(define(0, RECORD, [(8, 2, BYTES)]), b"\0ab").records.keys() == {"timestamp"}


# ---------------------------------------------------------------- developer fields
def developer(field, value, **how):
    messages = [Message("record", {"timestamp": START + timedelta(seconds=t)}, {field: value}) for t in range(3)]
    [decoded] = read_chain(encode([*describe([field]), *messages], **how))
    assert not decoded.problems
    return {name: values.tolist() for name, values in decoded.developer.items()}


@pytest.mark.parametrize("endian", ["<", ">"])
def test_a_developer_field_that_stands_for_one_of_the_profile_is_kept_apart(endian):
    assert developer(DeveloperField(3, "My Watts", UINT16, "W", native="power"), 250, endian=endian) == {
        "power": [250] * 3
    }


def test_a_developer_field_without_a_number_of_the_profile_goes_by_its_name():
    assert developer(DeveloperField(3, "Heart Rate", UINT16, "bpm"), 141) == {"heart_rate": [141] * 3}


@pytest.mark.parametrize("unit", ["Centimeters", "cm", "CM "])
def test_a_developer_field_in_another_unit_is_turned_into_that_of_the_profile(unit):
    field = DeveloperField(0, "Vertical Oscillation", FLOAT32, unit, native="vertical_oscillation")
    assert developer(field, 7.5) == {"vertical_oscillation": [75] * 3}


@pytest.mark.parametrize("name", ["Form Power", "timestamp", "", "compressed speed distance", "no such field"])
def test_developer_fields_that_stand_for_nothing_we_want_are_stepped_over(name):
    assert developer(DeveloperField(0, name, UINT16), 7) == {}


@pytest.mark.parametrize("size", [1, 3, 5])
def test_developer_fields_of_odd_size_are_stepped_over(size):
    field = DeveloperField(0, "Power", UINT16, size=size)
    assert developer(field, b"x" * size) == {}


DESCRIBE = [(0, 1, U8), (1, 1, U8), (2, 1, U8), (15, 1, U8)]


def test_developer_fields_that_nobody_described_are_stepped_over():
    body = [define(0, RECORD, [STAMP], [(9, 2, 7)]), message(0, "<IH", 10**9, 250), message(0, "<IH", 10**9 + 1, 251)]
    decoded = one(*body)
    assert (decoded.developer, decoded.records["timestamp"].tolist()) == ({}, [10**9, 10**9 + 1])
    assert decoded.problems == []


def test_a_developer_field_that_is_described_anew_means_the_new_thing_from_there_on():
    record = define(0, RECORD, [STAMP], [(0, 1, 0)])
    body = [define(1, DESCRIPTION, DESCRIBE), message(1, "<BBBB", 0, 0, U8, 7), record, message(0, "<IB", 1, 200)]
    body += [message(1, "<BBBB", 0, 0, U8, 3), record, message(0, "<IB", 2, 150)]
    decoded = one(*body)
    assert same(decoded.developer["power"], [200, NAN])
    assert same(decoded.developer["heart_rate"], [NAN, 150])


def test_a_description_that_comes_late_is_believed():
    record = define(0, RECORD, [STAMP], [(0, 1, 0)])
    body = [record, message(0, "<IB", 1, 200), define(1, DESCRIPTION, DESCRIBE), message(1, "<BBBB", 0, 0, U8, 7)]
    assert one(*body).developer["power"].tolist() == [200]


def test_developer_fields_of_other_messages_are_none_of_the_record():
    body = [define(1, DESCRIPTION, [*DESCRIBE, (14, 2, U16)]), message(1, "<BBBBH", 0, 0, U8, 7, 18)]
    body += [define(0, RECORD, [STAMP], [(0, 1, 0)]), message(0, "<IB", 1, 200)]
    assert one(*body).developer == {}


# ---------------------------------------------------------------- small messages
def test_small_messages_have_names_numbers_and_texts_and_leave_out_what_is_not_recorded():
    [decoded] = read_chain(shapes()["plain"])
    [session] = decoded.messages["session"]
    assert session["sport"] == 1
    assert session["start_time"] == seconds(START)
    assert session["total_timer_time"] == 400
    assert (session["total_ascent"], session["avg_power"]) == (31, 240)
    assert "avg_speed" not in session
    assert decoded.first("file_id")["type"] == 4
    assert decoded.first("file_id")["product_name"] == "loadplan demo watch"
    assert decoded.first("sport") == {}
    assert [e["event_type"] for e in decoded.messages["event"]] == [0, 4]
    assert decoded.first("activity")["local_timestamp"] - decoded.first("activity")["timestamp"] == 7200


def test_no_serial_number_is_read():
    body = [Message("file_id", {"type": "activity", "serial_number": 123456789})]
    [decoded] = read_chain(encode([*body, Message("device_info", {"serial_number": 123456789})]))
    assert "123456789" not in repr(decoded.messages)
    assert decoded.messages["device_info"] == [{}]


@pytest.mark.parametrize(
    ("raw", "text"),
    [
        (b"abc\0\0", "abc"),
        (b"abcde", "abcde"),
        (b"a\0bcd", "a"),
        (b"\xff\xfeabc"[:5], "\ufffd\ufffdabc"),
        (bytes(5), None),
    ],
)
def test_texts_end_at_their_zero_and_are_always_text(raw, text):
    assert one(define(0, 0, [(8, 5, TEXT)]), b"\0" + raw).first("file_id").get("product_name") == text


def test_the_short_data_of_an_event_stand_in_for_the_long():
    body = [define(0, EVENT, [(2, 2, U16)]), message(0, "<H", 3), define(1, EVENT, [(2, 2, U16), (3, 4, U32)])]
    assert one(*body, message(1, "<HI", 3, 70000)).messages["event"] == [{"data": 3}, {"data": 70000}]


def test_records_before_the_last_summary_are_counted():
    record, session = define(0, RECORD, [STAMP]), define(1, 18, [STAMP])
    body = [record, message(0, "<I", 1) * 20, session, message(1, "<I", 2), message(0, "<I", 3) * 30]
    assert one(*body).summarised == 20
    assert one(*body, message(1, "<I", 9)).summarised == 50
    assert one(record, message(0, "<I", 1) * 20).summarised == 0


# ---------------------------------------------------------------- damage and limits
def test_what_stands_before_damage_is_kept_and_the_place_is_said():
    good = define(0, RECORD, [STAMP]) + message(0, "<I", 10**9) * 40
    decoded = one(good, b"\x0f" + bytes(50))
    assert decoded.record_count == 40
    assert [p.code for p in decoded.problems] == ["malformed"]
    assert decoded.damage_at == 14 + len(good)
    assert f"{decoded.damage_at:,}" in decoded.problems[0].detail


def test_no_more_records_than_are_allowed_are_kept_and_they_are_the_first(monkeypatch):
    monkeypatch.setattr(records, "MAX_RECORDS", 50)
    body = [define(0, RECORD, [STAMP]), define(1, RECORD, [STAMP])]
    body += [message(t % 2, "<I", t) for t in range(80)]
    decoded = one(*body)
    assert decoded.records["timestamp"].tolist() == list(range(50))
    assert [p.code for p in decoded.problems] == ["too_many_messages"]
    assert [p.code for p in one(*body[:52]).problems] == []


def test_no_more_small_messages_than_are_allowed_are_kept(monkeypatch):
    monkeypatch.setattr(decode, "MAX_SMALL", 50)
    decoded = one(define(0, EVENT, [STAMP]), *(message(0, "<I", t) for t in range(80)))
    assert [e["timestamp"] for e in decoded.messages["event"]] == list(range(50))
    assert [p.code for p in decoded.problems] == ["too_many_messages"]


@pytest.mark.parametrize("number", [RECORD, EVENT, 0, 0xFF00])
@pytest.mark.parametrize("heads", [b"\0", b"\0\1"])
def test_messages_of_one_byte_by_the_million_do_not_eat_the_memory(monkeypatch, number, heads):
    monkeypatch.setattr(walk, "MAX_MESSAGES", 20_000)  # a hundredth of all limits
    monkeypatch.setattr(records, "MAX_RECORDS", 5_000)
    monkeypatch.setattr(decode, "MAX_SMALL", 200)
    data = sealed(define(0, number, []), define(1, number, [], big=True), heads * 100_000)
    tracemalloc.start()
    [decoded] = read_chain(data)
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert decoded.record_count <= 5_000
    assert "too_many_messages" in [p.code for p in decoded.problems]
    assert most < 2_500_000


# ---------------------------------------------------------------- round trips
def _numbers(name):
    """Values that the encoder and the profile can hold exactly, and None."""
    spec = MESSAGES["record"].fields[name]
    bits = 8 * struct.calcsize("<" + spec.base.code)
    low, high = (-(2 ** (bits - 1)), 2 ** (bits - 1) - 2) if spec.base.code.islower() else (0, 2**bits - 2)
    return st.none() | st.integers(low, high)


NAMES = (
    "position_lat", "position_long", "distance", "altitude", "enhanced_altitude", "speed", "enhanced_speed", "cadence",
    "fractional_cadence", "heart_rate", "power", "vertical_oscillation", "stance_time", "stance_time_balance",
    "vertical_ratio", "step_length",
)  # fmt: skip
ROWS = st.lists(
    st.tuples(st.integers(0, 40), st.sets(st.sampled_from(NAMES), max_size=6)),
    max_size=25,
)


@settings(max_examples=60)
@given(ROWS, st.sampled_from("<>"), st.booleans(), st.booleans(), st.data())
def test_what_the_encoder_wrote_comes_out_value_by_value(rows, endian, compress, odd, data):
    """Any fields in any record, both byte orders, compressed times, odd developer fields among them."""
    app = DeveloperField(4, "odd", UINT16, size=3)
    messages, expected, now = [*describe([app]), Message("event", {"timestamp": START})], [], START
    for step, names in rows:
        now += timedelta(seconds=step)
        raw = {name: data.draw(_numbers(name), label=name) for name in sorted(names)}
        values = {}
        for name, stored in raw.items():
            spec = MESSAGES["record"].fields[name]
            values[name] = None if stored is None else stored / spec.scale - spec.offset
        messages.append(Message("record", {"timestamp": now, **values}, {app: b"xyz"} if odd else {}))
        units = {"position_lat": SEMICIRCLES, "position_long": SEMICIRCLES}
        expected.append(
            {"timestamp": float(seconds(now))}
            | {name: value * units.get(name, 1) for name, value in values.items() if value is not None}
        )
    [decoded] = read_chain(encode(messages, endian=endian, compress=compress))
    assert decoded.problems == []
    assert decoded.record_count == len(rows)
    for name, values in decoded.records.items():
        assert same(np.round(values, 6), np.round([row.get(name, NAN) for row in expected], 6))
    assert {name for row in expected for name in row} <= decoded.records.keys() | {"timestamp"}
