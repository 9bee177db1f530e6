"""Gzip streams, well and damaged: what is kept and what is said does not depend on what unpacks them."""

from __future__ import annotations

import gzip
import io
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from importers import inflate
from importers.inflate import inflated

TEXT = b"".join(b"<trkpt lat='%d' lon='%d'/>" % (n * n, n) for n in range(9000))
PACKED = gzip.compress(TEXT, mtime=0)


class Spent:
    """Counts what is unpacked, and forbids nothing."""

    def __init__(self):
        self.bytes_read = 0

    def spend(self, count):
        self.bytes_read += count

    def check(self, size, packed):
        pass


def read(data, head=1000):
    budget = Spent()
    found, trouble = inflated(io.BytesIO(data[head:]), data[:head], budget)
    return found, trouble, budget.bytes_read


@pytest.fixture(params=["zlib", "isal"])
def quick(request, monkeypatch):
    library = zlib if request.param == "zlib" else pytest.importorskip("isal.isal_zlib")
    monkeypatch.setattr(inflate, "QUICK", library)
    return library


def test_a_whole_stream_is_unpacked_whoever_does_it(quick):
    assert read(PACKED) == (TEXT, None, len(TEXT))


def test_several_streams_behind_one_another_are_one_file_and_zeros_behind_them_are_none(quick):
    assert read(PACKED * 3 + bytes(100)) == (TEXT * 3, None, 3 * len(TEXT))


def test_a_cut_stream_gives_what_came_before_the_cut_and_counts_it_once(quick):
    found, trouble, spent = read(PACKED[: len(PACKED) // 2])
    assert trouble is not None
    assert trouble[0] == "truncated_gzip"
    assert TEXT.startswith(found)
    assert spent == len(found) > len(TEXT) // 4


def test_a_wrong_checksum_is_said_in_the_words_of_zlib(quick):
    found, trouble, _ = read(PACKED[:-8] + bytes(8))
    assert found == TEXT
    words = "Error -3 while decompressing data: incorrect data check"
    assert trouble == ("bad_gzip", f"the gzip stream is damaged ({words}); what came before is kept")


def test_a_header_that_zlib_refuses_is_refused(quick):
    _, trouble, _ = read(PACKED[:3] + b"\xe0" + PACKED[4:])
    assert trouble is not None
    assert "unknown header flags" in trouble[1]


def test_a_fault_of_the_archive_around_it_is_no_end_of_what_came_before(quick):
    class Broken(io.BytesIO):
        def read(self, size=-1):
            piece = super().read(5000)
            if not piece:
                raise zlib.error("outside")
            return piece

    data = PACKED[: len(PACKED) // 2]
    found, trouble = inflated(Broken(data[9:]), data[:9], Spent())
    assert trouble == ("bad_gzip", "the gzip stream is damaged (outside); what came before is kept")
    assert found == read(data)[0]


def test_a_packed_stream_too_large_to_be_kept_is_read_all_the_same(quick, monkeypatch):
    monkeypatch.setattr(inflate, "KEPT_BYTES", 2000)
    monkeypatch.setattr(inflate, "CHUNK", 500)
    assert read(PACKED) == (TEXT, None, len(TEXT))


@given(at=st.integers(4, len(PACKED) - 1), bit=st.integers(0, 7), cut=st.integers(0, 40))
def test_damage_costs_the_same_with_and_without_isal(at, bit, cut):
    library = pytest.importorskip("isal.isal_zlib")
    data = bytearray(PACKED[: len(PACKED) - cut])
    data[at % len(data)] ^= 1 << bit
    before = inflate.QUICK
    try:
        results = []
        for inflate.QUICK in (zlib, library):
            results.append(read(bytes(data)))
    finally:
        inflate.QUICK = before
    assert results[0] == results[1]
