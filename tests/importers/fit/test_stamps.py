from __future__ import annotations

import math

from fit_bytes import DESCRIPTION, EVENT, RECORD, STAMP, U8, UNKNOWN, define, message, sealed
from hypothesis import given
from hypothesis import strategies as st

from importers.fit.decode import read_chain

T0 = 1_000_000_000
HEART = (3, 1, U8)


def compressed(local, time, heart=120):
    return bytes([0x80 | local << 5 | time % 32, heart])


def times(*chunks):
    [decoded] = read_chain(sealed(*chunks))
    assert not decoded.problems
    return decoded.records["timestamp"].tolist()


def test_the_worked_example_of_the_protocol_rolls_over():
    """FIT protocol, compressed timestamp headers: offsets 0x1B, 0x1D, 0x02, 0x05, 0x01, 0x12 after 0x...3B."""
    start = 0x3B + (T0 & ~0xFF)
    low = (27, 29, 2, 5, 1, 18)
    body = [bytes([0x80 | offset, 99]) for offset in low]
    found = times(define(1, EVENT, [STAMP]), message(1, "<I", start), define(0, RECORD, [HEART]), *body)
    assert [int(t) - (T0 & ~0xFF) for t in found] == [0x3B, 0x3D, 0x42, 0x45, 0x61, 0x72]


@given(
    st.lists(st.tuples(st.integers(0, 31), st.sampled_from(["plain", "compressed", "event", "unknown"])), max_size=60)
)
def test_times_follow_any_message_that_has_one(steps):
    body, expected, now = [], [], T0
    body += [define(0, RECORD, [HEART]), define(1, RECORD, [STAMP, HEART])]
    body += [define(2, EVENT, [STAMP]), define(3, UNKNOWN, [(7, 2, U8), STAMP]), message(2, "<I", now)]
    for step, kind in steps:
        now += step
        if kind == "compressed":
            body.append(compressed(0, now))
        else:
            body.append({"plain": message(1, "<IB", now, 120), "event": message(2, "<I", now)}.get(
                kind, message(3, "<HI", 9, now)))  # fmt: skip
        if kind in ("plain", "compressed"):
            expected.append(now)
    assert times(*body) == expected


def test_a_full_time_that_goes_back_is_followed_too():
    body = [define(0, RECORD, [HEART]), define(1, RECORD, [STAMP, HEART])]
    body += [message(1, "<IB", T0, 1), compressed(0, T0 + 5), message(1, "<IB", T0 - 5000, 1), compressed(0, T0 - 4990)]
    assert times(*body) == [T0, T0 + 5, T0 - 5000, T0 - 4990]


def test_a_time_that_is_not_recorded_is_no_reference():
    body = [define(0, RECORD, [HEART]), define(1, EVENT, [STAMP]), message(1, "<I", T0), message(1, "<I", 0xFFFFFFFF)]
    assert times(*body, compressed(0, T0 + 3)) == [T0 + 3]


def test_times_before_any_full_one_are_unknown():
    body = [define(0, RECORD, [HEART]), compressed(0, 7), define(1, EVENT, [STAMP]), message(1, "<I", T0)]
    found = times(*body, compressed(0, T0 + 1))
    assert math.isnan(found[0])
    assert found[1] == T0 + 1


def test_small_messages_may_have_a_compressed_time_as_well():
    body = [define(1, EVENT, [STAMP]), message(1, "<I", T0), define(2, EVENT, [(0, 1, U8)]), compressed(2, T0 + 9, 4)]
    [decoded] = read_chain(sealed(*body))
    assert decoded.messages["event"] == [{"timestamp": T0}, {"event": 4, "timestamp": T0 + 9}]


def test_a_compressed_header_does_not_hide_the_other_header_of_the_same_layout():
    body = [define(0, RECORD, [STAMP, HEART]), message(0, "<IB", T0, 1), b"\x80" + message(0, "<IB", T0 + 64, 1)[1:]]
    assert times(*body) == [T0, T0 + 64 + (-T0 - 64) % 32]


def test_descriptions_and_compressed_times_go_together():
    body = [define(1, DESCRIPTION, [(0, 1, U8)]), b"\1\0", define(2, EVENT, [STAMP]), message(2, "<I", T0)]
    assert times(*body, define(0, RECORD, [HEART], [(0, 1, 0)]), compressed(0, T0 + 1) + b"x") == [T0 + 1]
