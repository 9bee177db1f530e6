from __future__ import annotations

import struct

import pytest
from fit_bytes import DESCRIPTION, EVENT, RECORD, STAMP, U8, U16, UNKNOWN, define, message
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from importers.fit import leap as leaping
from importers.fit import walk as walking
from importers.fit.gather import plain_offsets
from importers.fit.walk import CUT, walk

SIZES = {0: 1, 1: 2, 2: 9, 3: 31}
"""Bytes of a message by its local number; 3 is of a kind that nobody wants."""
START = b"".join(
    define(local, UNKNOWN if local == 3 else RECORD, [(90, size - 1, U8)]) for local, size in SIZES.items()
)


def step_by_step(data, at):
    """Offsets by local number, the plain way."""
    found = {local: [] for local in SIZES}
    while at < len(data):
        found[data[at] & 15].append(at)
        at += SIZES[data[at] & 15]
    return found


@settings(max_examples=60)
@given(
    st.lists(st.tuples(st.sampled_from([*SIZES, 18, 33]), st.sampled_from([1, 2, 3, 15, 16, 17, 40, 700])), max_size=12)
)
def test_runs_and_single_messages_come_out_as_one_by_one(pieces):
    body = b"".join((bytes([head]) + b"\7" * (SIZES[head & 15] - 1)) * count for head, count in pieces)
    data = START + body
    found = walk(data, 0, len(data))
    plain = step_by_step(data, len(START))
    assert (found.at, found.code) == (len(data), None)
    for local, layout in enumerate(found.layouts):
        if local != 3:
            assert plain_offsets(layout).tolist() == plain[local]
    assert found.layouts[3].count == 0  # nobody wants them


TIME = struct.pack("<I", 1_000_000_000)
MIXED = {
    0: (RECORD, message(0, "<4sB", TIME, 0)),
    1: (UNKNOWN, message(1, "<4s", b"\0" + TIME[:3])),
    2: (UNKNOWN, message(2, "<6s", b"\0" + TIME + b"\0")),  # like a record
    3: (EVENT, message(3, "<4s", TIME)),
    4: (RECORD, message(4, "<4sH", TIME, 7)),
}
"""Kind of message and the message by its local number."""
DEFINED = {local: define(local, kind, [STAMP, (90, len(row) - 5, U8)]) for local, (kind, row) in MIXED.items()}


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(st.lists(st.sampled_from([*MIXED, 0, 0, 1, 1]), min_size=1, max_size=6), min_size=1, max_size=6),
    st.lists(st.sampled_from([*MIXED, "define 1", "define 9"]), max_size=30),
)
def test_records_among_other_messages_come_out_as_one_by_one(monkeypatch, periods, odd):
    monkeypatch.setattr(walking, "_QUIET", 32)
    monkeypatch.setattr(leaping, "FEW", 3)
    kinds = [kind for k, period in enumerate(periods) for kind in (period * 40 + odd[k :: len(periods)])]
    data, expected, longer = b"".join(DEFINED.values()), {local: [] for local in MIXED}, 0
    for kind in kinds:
        if kind == "define 1":
            longer = 3 - longer
            data += define(1, UNKNOWN, [STAMP, (90, longer, U8)])
        elif kind == "define 9":
            data += define(9, UNKNOWN, [STAMP])
        else:
            expected[kind].append(len(data))
            data += MIXED[kind][1] + bytes(longer if kind == 1 else 0)
    found = walk(data, 0, len(data))
    assert (found.at, found.code) == (len(data), None)
    for local, layout in enumerate(found.layouts[:5]):
        assert plain_offsets(layout).tolist() == (expected[local] if local in (0, 3, 4) else [])


def test_records_that_are_reached_at_once_are_those_of_the_definition_before_them(monkeypatch):
    monkeypatch.setattr(walking, "_QUIET", 32)
    some = (MIXED[0][1] + MIXED[1][1]) * 100
    again = define(0, RECORD, [STAMP, (91, 1, U8)])
    found = walk(DEFINED[0] + DEFINED[1] + some + again + some, 0, len(DEFINED[0] + DEFINED[1] + again) + 2 * len(some))
    assert [(layout.count, bool(layout.leaps)) for layout in found.layouts] == [(100, True), (0, False), (100, True)]


def test_records_that_are_reached_at_once_are_the_same_in_either_byte_order(monkeypatch):
    monkeypatch.setattr(walking, "_QUIET", 32)
    data = define(0, RECORD, [STAMP], big=True) + define(1, UNKNOWN, [STAMP])
    for second in range(200_000, 200_400):
        data += message(0, ">I", second) + message(1, "<I", second) * (second % 3 + 1)
    layout = walk(data, 0, len(data)).layouts[0]
    assert (layout.count, bool(layout.leaps)) == (400, True)


@given(st.integers(0, 400))
def test_messages_that_are_not_whole_are_left_out(stop):
    data = START + (b"\2" + bytes(8)) * 30 + (b"\1" + bytes(1)) * 20
    found = walk(data, 0, min(stop, len(data)))
    for layout in found.layouts:
        assert all(at + layout.size <= stop for at in plain_offsets(layout).tolist())
    assert found.code in (None, CUT)
    assert found.at <= min(stop, len(data))


def test_a_message_without_a_definition_ends_the_walk_where_it_stands():
    data = START + (b"\2" + bytes(8)) * 5 + b"\7" + bytes(90)
    found = walk(data, 0, len(data))
    assert (found.code, found.at) == ("malformed", len(START) + 45)
    assert found.layouts[2].count == 5
    assert f"byte {len(START) + 45:,}" in found.detail


def test_equal_definitions_share_their_messages_and_a_new_one_takes_the_place_of_the_old():
    one, two = define(0, RECORD, [STAMP]), define(0, RECORD, [STAMP, (3, 1, U8)])
    other_local = define(5, RECORD, [STAMP])
    data = one + b"\0abcd" + two + b"\0abcde" + one + b"\0abcd" + other_local + b"\5abcd"
    found = walk(data, 0, len(data))
    assert [layout.count for layout in found.layouts] == [3, 1]
    assert found.at == len(data)


def test_a_compressed_header_uses_the_definition_of_its_day():
    old, new = define(1, RECORD, [(3, 1, U8)]), define(1, RECORD, [(3, 1, U8), (4, 1, U8)])
    data = old + b"\xa3a" + b"\1a" + b"\xa4a" + new + b"\xa3ab" + b"\1ab"
    found = walk(data, 0, len(data))
    assert [(layout.compressed, layout.plain) for layout in found.layouts] == [
        ([len(old), len(old) + 4], [len(old) + 2]),
        ([len(data) - 6], [len(data) - 3]),
    ]


def test_messages_that_nobody_wants_are_noted_where_their_times_matter():
    data = define(0, UNKNOWN, [STAMP]) + b"\0abcd" + define(1, RECORD, [(3, 1, U8)]) + b"\xa1a"
    assert walk(data, 0, len(data)).layouts[0].count == 1


def test_a_new_description_of_developer_fields_makes_a_new_layout_of_an_equal_definition():
    describe = define(1, DESCRIPTION, [(0, 1, U8)])
    record = define(0, RECORD, [STAMP], [(0, 2, 0)])
    data = describe + b"\1a" + record + b"\0abcdef" + b"\1a" + record + b"\0abcdef"
    found = walk(data, 0, len(data))
    assert [layout.count for layout in found.layouts] == [2, 1, 1]


@pytest.mark.parametrize("keep", range(1, 19))
def test_a_definition_that_is_cut_is_said(keep):
    data = START + define(7, RECORD, [STAMP, (3, 1, U8)], [(0, 2, 0), (1, 2, 0)])[:keep]
    found = walk(data, 0, len(data))
    assert (found.code, found.at) == (CUT, len(START))


def test_no_more_messages_are_read_than_are_allowed(monkeypatch):
    monkeypatch.setattr(walking, "MAX_MESSAGES", 1000)
    data = define(0, EVENT, []) + bytes(5000)
    found = walk(data, 0, len(data))
    assert (found.code, sum(layout.count for layout in found.layouts)) == ("too_many_messages", 1000)
    unwanted = define(0, UNKNOWN, [(1, 3, U8)]) + bytes(4 * 1001)
    assert walk(unwanted, 0, len(unwanted)).code == "too_many_messages"
    assert walk(unwanted, 0, len(unwanted) - 4).code is None


def test_no_more_definitions_are_read_than_are_allowed(monkeypatch):
    monkeypatch.setattr(walking, "MAX_LAYOUTS", 50)
    data = b"".join(define(0, n, []) for n in range(60))
    assert walk(data, 0, len(data)).code == "too_many_messages"
    again = b"".join(define(0, n % 50, []) for n in range(60))
    assert walk(again, 0, len(again)).code is None


def test_fields_of_every_size_are_stepped_over():
    fields = [(n % 250, n % 256, U16) for n in range(255)]
    size = sum(field[1] for field in fields)
    data = define(0, RECORD, fields, [(n, 255, 0) for n in range(255)]) + (b"\0" + bytes(size + 255 * 255)) * 2
    found = walk(data, 0, len(data))
    assert (found.at, found.layouts[0].count) == (len(data), 2)


def test_byte_order_is_that_of_the_definition():
    data = define(0, RECORD, [STAMP], big=True) + message(0, ">I", 7) + define(1, RECORD, [STAMP])
    assert [(known.message, known.order) for known in walk(data, 0, len(data)).layouts] == [
        (RECORD, ">"),
        (RECORD, "<"),
    ]
    assert struct.unpack(">H", data[3:5]) == (RECORD,)
