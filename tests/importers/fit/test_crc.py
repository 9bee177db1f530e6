from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from importers.fit.crc import PERIOD, crc16
from loadplan.outbox.fit_file import crc16 as byte_by_byte


def test_the_published_check_value_of_this_crc_comes_out():
    assert crc16(b"123456789") == 0xBB3D  # CRC-16/ARC in the catalogue of CRC algorithms


def test_nothing_has_the_crc_it_began_with():
    assert crc16(b"") == 0


@pytest.mark.parametrize(
    "length",
    [1, 2, 3, 12, PERIOD // 8, PERIOD // 8 + 1, PERIOD - 1, PERIOD, PERIOD + 1, 2 * PERIOD, 2 * PERIOD + 7, 100_003],
)
def test_folding_bytes_and_bits_gives_what_byte_by_byte_gives(length):
    data = random.Random(length).randbytes(length)
    assert crc16(data) == byte_by_byte(data)


@given(st.binary(max_size=200))
def test_short_data_too(data):
    assert crc16(data) == crc16(memoryview(data)) == byte_by_byte(data)


@given(st.binary(min_size=1, max_size=6000), st.data())
def test_data_that_end_with_their_own_crc_have_none_and_no_flipped_bit_hides(data, draw):
    whole = bytearray(data + byte_by_byte(data).to_bytes(2, "little"))
    assert crc16(whole) == 0
    bit = draw.draw(st.integers(0, 8 * len(whole) - 1))
    whole[bit // 8] ^= 1 << bit % 8
    assert crc16(whole) != 0
