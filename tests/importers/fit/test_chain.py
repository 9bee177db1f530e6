from __future__ import annotations

import struct

import pytest
from fit_bytes import RECORD, STAMP, define, header, message, sealed
from hypothesis import given
from hypothesis import strategies as st

from importers.fit.chain import MAX_CHAIN
from importers.fit.decode import read_chain
from loadplan.outbox.fit_file import crc16

RECORDS = define(0, RECORD, [STAMP]) + b"".join(message(0, "<I", 1_000_000_000 + t) for t in range(200))
WHOLE = sealed(RECORDS)


def told(data):
    """Records, codes and the offset of the first damage of each file of a chain."""
    return [(d.record_count, [p.code for p in d.problems], d.damage_at) for d in read_chain(data)]


@pytest.mark.parametrize("length", [12, 14, 16, 40])
def test_a_whole_file_has_no_problem_whatever_the_length_of_its_header(length):
    assert told(sealed(RECORDS, length=length)) == [(200, [], None)]


def test_a_header_checksum_of_zero_says_that_there_is_none():
    head = WHOLE[:12] + b"\0\0"
    assert told(head + RECORDS + struct.pack("<H", crc16(head + RECORDS))) == [(200, [], None)]


def test_a_header_checksum_that_does_not_fit_is_said():
    head = WHOLE[:12] + b"\1\0"
    assert told(head + RECORDS + struct.pack("<H", crc16(head + RECORDS))) == [(200, ["bad_header_crc"], 0)]


def test_a_wrong_checksum_is_said_with_its_offset_and_all_records_are_kept():
    data = bytearray(WHOLE)
    data[-1] ^= 1
    assert told(bytes(data)) == [(200, ["bad_crc"], len(data) - 2)]
    assert f"{len(data) - 2:,}" in next(read_chain(bytes(data))).problems[0].detail


@pytest.mark.parametrize("stated", [1, 500, len(RECORDS) - 1, len(RECORDS) + 1, 10 * len(RECORDS), 0xFFFFFFFF])
def test_a_size_that_lies_is_found_out_by_the_checksum(stated):
    seal = WHOLE[-2:]  # as it was written for the true size
    data = header(0, stated=stated)[:12] + WHOLE[12:14] + RECORDS + seal
    assert told(data) == [(200, ["wrong_size"], 0)]


def test_a_size_that_lies_inside_a_file_sealed_around_it_is_found_out_too():
    head = header(0, stated=500)
    assert told(head + RECORDS + struct.pack("<H", crc16(head + RECORDS))) == [(200, ["wrong_size"], 0)]


@pytest.mark.parametrize("ending", [b"", b"\0\0", WHOLE[-2:]])
def test_a_file_whose_size_was_never_written_keeps_its_records(ending):
    [(records, codes, _)] = told(header(0) + RECORDS + ending)
    assert (records, codes) in [(200, ["unfinished"]), (200, ["wrong_size"])]


def test_an_empty_file_is_no_unfinished_one():
    assert told(sealed()) == [(0, [], None)]
    assert told(sealed() + WHOLE) == [(0, [], None), (200, [], None)]


@given(st.integers(15, len(WHOLE) - 1))
def test_of_a_cut_file_every_whole_record_is_kept(cut):
    [(records, codes, damage_at)] = told(WHOLE[:cut])
    whole = max(0, min(200, (cut - 14 - len(define(0, RECORD, [STAMP]))) // 5))
    assert (records, codes[0]) == (whole, "truncated")
    assert damage_at <= cut


def test_files_of_a_chain_are_read_each_for_itself():
    assert told(WHOLE + sealed(RECORDS, length=12) + WHOLE) == [(200, [], None)] * 3


def test_a_cut_file_does_not_swallow_the_one_behind_it():
    [first, second] = told(WHOLE[:400] + WHOLE)
    assert (first[1], second) == (["truncated"], (200, [], None))
    assert 70 < first[0] < 80


def test_a_damaged_file_does_not_spoil_the_one_behind_it():
    data = bytearray(WHOLE)
    data[100] ^= 255
    assert told(bytes(data) + WHOLE) == [(200, ["bad_crc"], len(WHOLE) - 2), (200, [], None)]


@pytest.mark.parametrize("behind", [b"\0", b"\0" * 40, b"\xff" * 7, b"<?xml?>", WHOLE[:10]])
def test_bytes_behind_the_last_file_that_are_no_fit_are_legal(behind):
    assert told(WHOLE + behind)[0] == (200, [], None)


def test_files_behind_bytes_that_are_no_fit_are_found():
    assert told(WHOLE + b"\0" * 40 + WHOLE) == [(200, [], None)] * 2


@pytest.mark.parametrize("place", [0, 8, 9, 11])
def test_a_file_whose_header_is_damaged_is_not_left_out_in_silence(place):
    second = bytearray(WHOLE)
    second[place] ^= 4
    told_of = told(WHOLE + bytes(second))
    assert [code for _, codes, _ in told_of for code in codes]


def test_a_wrong_length_of_the_header_costs_no_record():
    data = bytes([99]) + WHOLE[1:]
    [(records, codes, _)] = told(data)
    assert (records, codes[0]) == (200, "bad_header")


def test_more_files_than_a_chain_may_have_are_said():
    small = sealed(define(0, RECORD, [STAMP]))
    files = told(small * (MAX_CHAIN + 1))
    assert len(files) == MAX_CHAIN
    assert files[-1][1] == ["too_many_files"]
    assert told(small * MAX_CHAIN)[-1][1] == []


@pytest.mark.parametrize("data", [b"", b"\0", b"FIT", WHOLE[:11], b"\x0b" + WHOLE[1:], b"x" * 100, b"PK\3\4" + WHOLE])
def test_what_does_not_begin_as_fit_gives_nothing(data):
    assert told(data) == []
