from __future__ import annotations

import numpy as np
import pytest
from fit_bytes import EVENT, RECORD, STAMP, U8, U16, UNKNOWN, define, message, sealed
from hypothesis import given, settings
from hypothesis import strategies as st

from importers.fit.decode import read_chain

T0 = 1_000_000_000
RECORDS = 300
DEFINED = define(0, RECORD, [STAMP, (3, 1, U8)]) + define(1, UNKNOWN, [(1, 6, U8)])
ROW = 6 + 7


def row(t):
    """A record, and a message of a kind that nobody wants."""
    return message(0, "<IB", T0 + t, 100 + t % 50) + b"\1" + bytes(range(42, 48))


BODY = b"".join(row(t) for t in range(RECORDS))


def read(body):
    [decoded] = read_chain(sealed(DEFINED, body))
    times = decoded.records["timestamp"]
    return decoded, (times[np.isfinite(times)] - T0).tolist()


@settings(max_examples=80)
@given(st.integers(4 * ROW, len(BODY) - 8 * ROW), st.integers(1, 40))
def test_bytes_that_are_lost_cost_no_more_than_the_messages_they_belonged_to(at, count):
    decoded, seconds = read(BODY[:at] + BODY[at + count :])
    lost = set(range(at // ROW, (at + count) // ROW + 2))
    assert set(range(RECORDS)) - lost <= set(seconds)
    assert len(set(seconds) - set(range(RECORDS))) <= 1  # one patched together from two at most
    assert [p.code for p in decoded.problems] in ([], ["malformed"])  # none where whole messages are lost


@given(st.integers(0, RECORDS - 10))
def test_a_wrong_header_costs_its_message(n):
    """Local number 9 was never defined."""
    decoded, seconds = read(BODY[: n * ROW] + b"\x09" + BODY[n * ROW + 1 :])
    if n >= 1:
        assert seconds == [t for t in range(RECORDS) if t != n]
        assert decoded.damage_at == 14 + len(DEFINED) + (n - 1) * ROW + 6  # behind the last sound record
        assert [p.code for p in decoded.problems] == ["malformed"]
    else:
        assert (seconds, decoded.record_count) == ([], 0)  # no time is known to go on from


def test_a_definition_in_the_damage_does_not_count():
    wrong = define(0, EVENT, [(0, 200, U8)])
    decoded, seconds = read(BODY[: 100 * ROW] + b"\x09" + wrong + BODY[100 * ROW :])
    assert seconds == list(range(RECORDS))
    assert decoded.messages["event"] == []


def test_a_definition_before_the_damage_holds_behind_it():
    big = define(0, RECORD, [(7, 2, U16), STAMP], big=True)
    more = b"".join(message(0, ">HI", 200, T0 + RECORDS + t) for t in range(50))
    decoded, seconds = read(BODY + big + more[: 20 * 7] + b"\x09" + more[20 * 7 :])
    assert seconds == list(range(RECORDS + 50))
    assert set(decoded.records["power"][RECORDS:].tolist()) == {200}


def test_several_damaged_stretches_are_counted():
    body = b"".join(BODY[k : k + 50 * ROW] + b"\x0b\x0b\x0b" for k in range(0, len(BODY), 50 * ROW))
    decoded, seconds = read(body)
    assert seconds == list(range(RECORDS))
    assert "5 damaged stretches" in decoded.problems[0].detail


@pytest.mark.parametrize("rubbish", [b"\0" * 5000, b"\xff" * 5000, b"\x09" * 5000, bytes(range(256)) * 20])
def test_rubbish_of_any_kind_is_passed_over(rubbish):
    decoded, seconds = read(BODY[: 100 * ROW] + b"\x09" + rubbish + BODY[100 * ROW :])
    assert set(range(RECORDS)) <= set(seconds)
    assert decoded.problems[0].code == "malformed"


def test_times_of_another_day_are_no_way_on():
    far = b"".join(message(0, "<IB", T0 + 10_000_000 + t, 1) for t in range(50))
    _, seconds = read(BODY[: 100 * ROW] + b"\x09" + far)
    assert seconds == list(range(100))


def test_the_end_of_a_cut_file_is_no_damage_to_be_passed_over():
    data = sealed(DEFINED, BODY)
    [decoded] = read_chain(data[: len(data) - 200])
    assert [p.code for p in decoded.problems] == ["truncated"]
