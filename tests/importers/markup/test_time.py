from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from importers.markup.time import EPOCH, NO_TIME, moment_of, one_time, parse_times

DAY = "2020-02-29T"


def utc(*parts):
    return datetime(*parts, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "moment", "offset"),
    [
        (DAY + "09:16:19Z", utc(2020, 2, 29, 9, 16, 19), 0),
        (DAY + "09:16:19.67Z", utc(2020, 2, 29, 9, 16, 19, 670_000), 0),
        (DAY + "09:16:19.1234567891Z", utc(2020, 2, 29, 9, 16, 19, 123_456), 0),
        (DAY + "09:16:19,5z", utc(2020, 2, 29, 9, 16, 19, 500_000), 0),
        (DAY + "09:16:19+05:30", utc(2020, 2, 29, 3, 46, 19), 19_800),
        (DAY + "09:16:19-0330", utc(2020, 2, 29, 12, 46, 19), -12_600),
        (DAY + "09:16:19+02", utc(2020, 2, 29, 7, 16, 19), 7_200),
        (DAY + "09:16:19", utc(2020, 2, 29, 9, 16, 19), np.nan),
        (DAY + "24:00:00Z", utc(2020, 3, 1), 0),
        ("2016-12-31T23:59:60Z", utc(2017, 1, 1), 0),
        ("2020-02-29 09:16", utc(2020, 2, 29, 9, 16), np.nan),
        ("20200229T091619Z", utc(2020, 2, 29, 9, 16, 19), 0),
        ("  2020-02-29T09:16:19Z\n", utc(2020, 2, 29, 9, 16, 19), 0),
    ],
)
def test_times_as_programs_write_them(text, moment, offset):
    times = parse_times([text])
    assert moment_of(int(times.us[0])) == moment
    assert times.offset_s[0] == pytest.approx(offset, nan_ok=True)


@pytest.mark.parametrize(
    "text",
    ["", "x", "2019-02-29T09:16:19Z", DAY + "24:00:01Z", DAY + "25:00:00Z", DAY + "09:60:00Z", DAY + "09:16:61Z",
     DAY + "09:16:19+25:00", DAY + "09:16:19+02:75", "0001-01-01T00:00:00+05:00", "9999-12-31T23:59:59Z",
     "2020-2-29T09:16:19Z", DAY + "0٩:16:19Z", DAY + "09:16:19ZZ"],
)  # fmt: skip
def test_what_is_no_time_of_a_recording(text):
    assert one_time(text)[0] == parse_times([text, text]).us[1] == NO_TIME


zones = st.one_of(st.none(), st.integers(-14 * 4, 14 * 4).map(lambda q: timezone(timedelta(minutes=15 * q))))
first, last = (datetime.fromisoformat(day) for day in ("1900-01-02", "2200-12-30"))
moments = st.datetimes(first, last, timezones=zones)


@given(st.lists(moments, max_size=20))
def test_a_column_of_times_is_what_the_standard_library_reads(column):
    """Mixed lengths and zones in one column, as files have that leave out a fraction of zero."""
    times = parse_times([m.isoformat().replace("+00:00", "Z") for m in column])
    for k, moment in enumerate(column):
        aware = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
        assert times.us[k] == (aware - EPOCH) // timedelta(microseconds=1)
        assert times.offset_s[k] == (
            moment.utcoffset().total_seconds() if moment.tzinfo else pytest.approx(np.nan, nan_ok=True)
        )


@given(st.lists(st.tuples(st.integers(0, 9), st.integers(0, 23), st.characters(codec="utf-8")), max_size=6))
def test_a_column_with_odd_texts_is_read_as_each_alone(changes):
    column = [f"2021-12-3{k % 2}T23:59:5{k}.25Z" for k in range(10)]
    for row, at, sign in changes:
        column[row] = column[row][:at] + sign + column[row][at + 1 :]
    times = parse_times(column)
    alone = [one_time(text) for text in column]
    assert times.us.tolist() == [us for us, _ in alone]
    assert np.array_equal(times.offset_s, [offset for _, offset in alone], equal_nan=True)
