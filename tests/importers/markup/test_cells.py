"""Columns of bytes become the numbers that ``float`` makes of each text, or are left to it."""

from __future__ import annotations

import re

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from importers.markup import cells as cells_room
from importers.markup.cells import WIDTH, Cells, joined, plain_numbers

BESIDE = b'9.<trkpt lat="-7.5" lon="'
"""What stands before a text in its row is none of its own."""
PLAIN = re.compile(r"-?(\d+\.?\d*|\.\d+)")


def cells_of(texts):
    rows = [(BESIDE * 2 + text.encode())[-WIDTH:] for text in texts]
    return Cells(np.array(rows, dtype=f"S{WIDTH}"), np.array([len(text) for text in texts], dtype=np.int64))


def assert_as_float(texts):
    values, odd = plain_numbers(cells_of(texts))
    for k in sorted(set(range(len(texts))) - set(odd.tolist())):
        assert PLAIN.fullmatch(texts[k])
        assert str(float(values[k])) == str(float(texts[k])), texts[k]  # as text, for the sign of zero
    return odd.tolist()


figures = st.text("0123456789", min_size=1, max_size=11)
written = st.builds("{}{}.{}".format, st.sampled_from(["", "-"]), figures, figures)
halfway = st.integers(2**52, 2**53 - 1).map(lambda m: str(2 * m + 1))
fractions = st.builds(lambda text, k: f"{text[:k]}.{text[k:]}", halfway, st.integers(0, 17))


@given(st.lists(st.one_of(st.floats(-200, 200).map(repr), written, fractions, halfway), min_size=1, max_size=40))
@example(["9007199254740993", "9007199254740993.0", "-0.0", "0", "5.", ".5", "1844674407370955161.5"])
def test_numbers_are_those_of_float(texts):
    assert_as_float(texts)


@given(st.lists(st.text("0123456789.-+eE_ ,:/\n\t", max_size=24), min_size=1, max_size=40))
def test_what_is_written_otherwise_is_left_alone(texts):
    odd = assert_as_float(texts)
    assert set(odd) >= {k for k, text in enumerate(texts) if not PLAIN.fullmatch(text)}


def test_usual_numbers_are_not_left_to_others():
    assert assert_as_float(["-34.88288487226648", "174", "12.5", "-0.459622", "2.743000030517578", "0.0"]) == []


@pytest.mark.parametrize("text", ["", "-", ".", "-.", "1.2.3", "1" * 20, "0." + "0" * 30, "1e5", " 7", "nan", "1/2"])
def test_odd_texts_come_back_as_they_were(text):
    cells = cells_of(["1.5", text, "2.5"])
    values, odd = plain_numbers(cells)
    assert odd.tolist() == [1]
    assert cells.texts(odd) == [text]
    assert values[[0, 2]].tolist() == [1.5, 2.5]


def test_without_long_floats_many_digits_are_left_alone(monkeypatch):
    monkeypatch.setattr(cells_room, "_FINE", False)
    assert assert_as_float(["-34.882930121768375", "46.15864"]) == [0]


def test_columns_are_joined_in_order():
    whole = joined([cells_of(["1", "22"]), cells_of(["333"])])
    assert whole.texts(np.arange(3)) == ["1", "22", "333"]
