"""What activities.csv and shoes.csv of a Strava export say, in every version and language."""

# ruff: noqa: E501, RUF001 - tables of words

from __future__ import annotations

import csv
import io
import json
import subprocess
import sys
import zipfile
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from strava_exports import LANGUAGES, WIDTHS, Activity, Table, expected, header, some_activities, write

from importers.sports import house_type
from importers.strava import looks_like_activities, read_activities, read_shoes
from importers.strava.dates import read_dates

TABLES = [
    Table(language, width, html=(n + m) % 2 == 0, newline=("\r\n", "\n")[m % 2], seed=n + m)
    for n, language in enumerate(LANGUAGES)
    for m, width in enumerate(WIDTHS)
]


def difference(account, activities, table):
    """What the rows of an account say otherwise than the activities, empty where nothing."""
    found = {row.activity_id: row for row in account.rows}
    assert len(found) == len(account.rows)
    assert found.keys() == {str(a.number) for a in activities}
    return {
        (a.number, name): (getattr(found[str(a.number)], name), value)
        for a in activities
        for name, value in expected(a, table).items()
        if getattr(found[str(a.number)], name) != value
    }


def codes(account):
    return [problem.code for problem in account.problems]


def english(*rows, head=None, sign=","):
    """A table of 101 columns in English with the given rows as lists of cells."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, delimiter=sign)
    writer.writerow(head or header(Table()))
    writer.writerows(rows)
    return out.getvalue().encode()


def cells(number=1, date="Apr 16, 2021, 10:58:25 PM", kind="Run", **at):
    """One row of that table: 10 km in an hour; ``at`` names cells by place, as c17."""
    row = [""] * 101
    row[:7] = [str(number), date, "Run", kind, "", "3600", "10.00"]
    row[15:18] = ["3600.0", "3500.0", "10000.0"]
    for place, value in at.items():
        row[int(place[1:])] = value
    return row


# ---------------------------------------------------------------- whole tables
@pytest.mark.parametrize("table", TABLES, ids=lambda t: f"{t.language}-{t.width}")
def test_every_row_of_every_version_and_language_comes_back_once(table):
    activities = some_activities()
    data = write(activities, table)
    account = read_activities(data)
    assert difference(account, activities, table) == {}
    assert account.problems == ()
    assert looks_like_activities(data)


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("language", ["de", "pl", "ja"])
@pytest.mark.parametrize("width", [10, 94])
def test_a_table_saved_by_a_spreadsheet_says_the_same(language, width, encoding):
    table = Table(language, width, sign=";", encoding=encoding)
    data = write(some_activities(), table)
    assert difference(read_activities(data), some_activities(), table) == {}
    assert looks_like_activities(data[:4096])


def test_the_first_version_is_in_metres():
    table = Table("en", 10, old=True)
    data = write(some_activities(), table)
    assert difference(read_activities(data), some_activities(), table) == {}
    assert looks_like_activities(data)


texts = st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=30)
activities = st.builds(
    Activity,
    number=st.integers(1, 10**12),
    start=st.datetimes(datetime(2000, 1, 1), datetime(2030, 1, 1)).map(lambda t: t.replace(microsecond=0, tzinfo=UTC)),  # noqa: DTZ001
    kind=st.sampled_from(["run", "trail", "virtual", "ride", "walk", "swim"]),
    name=texts,
    description=texts,
    elapsed=st.integers(2000, 10**6),
    moving=st.floats(0, 1e6),
    metres=st.floats(0, 4e5),
    ascent=st.none() | st.floats(0, 9000),
    gear=st.sampled_from(["", "Pegasus 33", "Brooks, Ghost", "靴"]),
    filename=st.sampled_from(["", "#error#", "activities/1.fit.gz", "activities/ü.gpx"]),
    blank=st.booleans(),
    later=st.fixed_dictionaries(
        {},
        optional={
            "rpe": st.floats(1, 10),
            "heart_rate": st.floats(40, 220),
            "cadence": st.floats(1, 119),
            "steps": st.floats(1, 1e5),
        },
    ),
)
tables = st.builds(
    Table,
    language=st.sampled_from(sorted(LANGUAGES)),
    width=st.sampled_from(WIDTHS),
    html=st.booleans(),
    newline=st.sampled_from(["\n", "\r\n", "\r"]),
    sign=st.sampled_from([",", ";"]),
    encoding=st.sampled_from(["utf-8", "utf-8-sig", "utf-16"]),
    seed=st.integers(0, 9),
)


@given(rows=st.lists(activities, max_size=6, unique_by=lambda a: a.number), table=tables)
def test_what_is_written_is_read(rows, table):
    account = read_activities(write(rows, table))
    assert difference(account, rows, table) == {}
    assert set(codes(account)) <= {"too_fast", "distance_unit"}


@given(st.binary(max_size=400))
def test_no_bytes_are_too_strange(data):
    assert read_activities(data, shoes=data).rows == ()
    assert not looks_like_activities(data)
    assert isinstance(read_shoes(data), tuple)


@given(st.integers(0, 10**6), st.binary(min_size=1, max_size=8), st.sampled_from(["en", "de", "ja"]))
def test_damage_costs_no_more_than_the_rows_it_falls_in(place, damage, language):
    whole = write(some_activities(), Table(language, 81))
    start = whole.index(b"\n") + 1
    at = start + place % (len(whole) - start)
    account = read_activities(whole[:at] + damage + whole[at + len(damage) :])
    assert len(account.rows) + len(account.problems) > 0
    for row in account.rows:
        assert row.start.tzinfo is UTC
        assert row.distance_m is None or row.distance_m >= 0


def test_rows_stay_in_the_order_of_the_file_and_name_their_lines():
    first, second = cells(2, date="Apr 17, 2021, 1:00:00 AM", c2="two\nlines"), cells(1)
    account = read_activities(english(first, second), source="x/activities.csv")
    assert [(row.activity_id, row.source) for row in account.rows] == [
        ("2", "x/activities.csv:2"),
        ("1", "x/activities.csv:4"),
    ]


# ---------------------------------------------------------------- dates
@pytest.mark.parametrize(
    ("text", "iso"),
    [
        ("Apr 16, 2021, 10:58:25 PM", "2021-04-16T22:58:25"),
        ("Apr 16, 2021, 10:58:25\u202fPM", "2021-04-16T22:58:25"),
        ("Apr 16, 2021, 12:00:00 AM", "2021-04-16T00:00:00"),
        ("Apr 16, 2021, 12:00:00 PM", "2021-04-16T12:00:00"),
        ("12 Sep 2014, 08:15:15", "2014-09-12T08:15:15"),
        ("12\u00a0Sept\u00a02014, 08:15:15", "2014-09-12T08:15:15"),
        ("09.12.2022, 15:24:49", "2022-12-09T15:24:49"),
        ("8 jul 2017, 15:25:34", "2017-07-08T15:25:34"),
        ("23 jun. 2017 15:52:12", "2017-06-23T15:52:12"),
        ("9 mei 2026, 00:03:01", "2026-05-09T00:03:01"),
        ("6 mrt. 2024 14:23:15", "2024-03-06T14:23:15"),
        ("2018-09-12 15:02:23", "2018-09-12T15:02:23"),
        ("2018-09-12T15:02:23Z", "2018-09-12T15:02:23"),
        ("2018-09-12T15:02:23+02:00", "2018-09-12T13:02:23"),
        ("8 févr. 2017 à 15:25:34", "2017-02-08T15:25:34"),
        ("8 de jul. de 2017, 15:25:34", "2017-07-08T15:25:34"),
        ("8 ott 2017, 15:25:34", "2017-10-08T15:25:34"),
        ("8 paź 2017, 15:25:34", "2017-10-08T15:25:34"),
        ("8 października 2017 15:25:34", "2017-10-08T15:25:34"),
        ("8 juli 2017 3:25:34 em", "2017-07-08T15:25:34"),
        ("8. jul. 2017 15.25.34", "2017-07-08T15:25:34"),
        ("8. des. 2017, 15:25:34", "2017-12-08T15:25:34"),
        ("8. juli 2017 kl. 15:25:34", "2017-07-08T15:25:34"),
        ("8.7.2017 klo 15.25.34", "2017-07-08T15:25:34"),
        ("8. marraskuuta 2017 klo 15.25.34", "2017-11-08T15:25:34"),
        ("8. 7. 2017 15:25:34", "2017-07-08T15:25:34"),
        ("8. čvc 2017 15:25:34", "2017-07-08T15:25:34"),
        ("8. června 2017 15:25:34", "2017-06-08T15:25:34"),
        ("2017. júl. 8. 15:25:34", "2017-07-08T15:25:34"),
        ("2017. júl. 8. du. 3:25:34", "2017-07-08T15:25:34"),
        ("8 Ağu 2017 15:25:34", "2017-08-08T15:25:34"),
        ("8 июл. 2017 г., 15:25:34", "2017-07-08T15:25:34"),
        ("8 мая 2017 г., 15:25:34", "2017-05-08T15:25:34"),
        ("2017/07/08 15:25:34", "2017-07-08T15:25:34"),
        ("2017年7月8日 15:25:34", "2017-07-08T15:25:34"),
        ("2017年7月8日 下午3:25:34", "2017-07-08T15:25:34"),
        ("2017/07/08 午後3:25:34", "2017-07-08T15:25:34"),
        ("2017. 7. 8. 오후 3:25:34", "2017-07-08T15:25:34"),
        ("2017. 7. 8. 오전 12:25:34", "2017-07-08T00:25:34"),
        ("8 jul 2017, 3:25:34 p.\u00a0m.", "2017-07-08T15:25:34"),
        ("8 juil. 2017, 15 h 25 min 34 s", "2017-07-08T15:25:34"),
        ("8 лип. 2017 р., 15:25:34", "2017-07-08T15:25:34"),
        ("8 Ιουλ 2017, 3:25:34 μ.μ.", "2017-07-08T15:25:34"),
        ("2017. 7. 8. PM 3:25:34", "2017-07-08T15:25:34"),
        ("15:25:34 8 thg 7, 2017", "2017-07-08T15:25:34"),
        ("16.04.2021 22:58", "2021-04-16T22:58:00"),
        ("16-Apr-21 22:58", "2021-04-16T22:58:00"),
        ("25/12/2021 10:00:00", "2021-12-25T10:00:00"),
        ("12/25/21 10:00 PM", "2021-12-25T22:00:00"),
    ],
)
def test_a_date_is_read_in_all_forms(text, iso):
    assert read_dates([text]).values == [datetime.fromisoformat(iso).replace(tzinfo=UTC)]


@pytest.mark.parametrize(
    "text", ["", "yesterday", "Feb 30, 2021, 1:00:00 AM", "2021-13-13 10:00:00", "8 Foo 2021, 10:00:00", "44302.95",
             "9" * 30, "1 2 3 4 5:06:07", "10:00:00", "8 Jan Feb 2021, 10:00:00", "31.02.2021, 10:00:00"],
)  # fmt: skip
def test_what_is_no_date_is_none(text):
    assert read_dates([text]).values == [None]


@pytest.mark.parametrize("language", sorted(LANGUAGES))
def test_each_month_is_known_by_its_short_name(language):
    moments = [datetime(2021, month, 3, 4, 5, 6, tzinfo=UTC) for month in range(1, 13)]
    assert read_dates([LANGUAGES[language].date(t) for t in moments]).values == moments


@given(st.lists(st.datetimes(datetime(2009, 1, 1), datetime(2030, 1, 1)), min_size=1), st.booleans())  # noqa: DTZ001
def test_one_date_beyond_the_twelfth_tells_day_from_month_in_all(moments, month_first):
    moments = [t.replace(microsecond=0, tzinfo=UTC) for t in [*moments, datetime(2020, 5, 25)]]  # noqa: DTZ001
    form = "%m/%d/%Y %H:%M:%S" if month_first else "%d/%m/%Y %H:%M:%S"
    dates = read_dates([t.strftime(form) for t in moments])
    assert dates.values == moments
    assert bool(dates.notes) == any(t.day <= 12 and t.day != t.month for t in moments)


def test_numbers_that_rise_with_time_tell_day_from_month():
    texts = ["03/04/2021 10:00:00", "05/03/2021 10:00:00"]
    assert [t.month for t in read_dates(texts, ["1", "2"]).values] == [3, 5]
    assert [t.month for t in read_dates(texts, ["2", "1"]).values] == [4, 3]


def test_a_guess_between_day_and_month_is_said():
    account = read_activities(english(cells(date="03/04/2021 10:00:00")))
    assert account.rows[0].start == datetime(2021, 4, 3, 10, tzinfo=UTC)
    assert codes(account) == ["date_order"]
    assert "guess" in account.problems[0].detail


def test_a_day_without_a_time_is_kept_and_said():
    account = read_activities(english(cells(date="16.04.2021")))
    assert (account.rows[0].start, account.rows[0].utc_known) == (datetime(2021, 4, 16, tzinfo=UTC), False)
    assert codes(account) == ["no_time_of_day"]


# ---------------------------------------------------------------- numbers
def test_a_row_whose_second_block_is_empty_falls_back_to_the_first():
    row = read_activities(english(cells(c15="", c16="", c17=""))).rows[0]
    assert (row.elapsed_s, row.moving_s, row.distance_m) == (3600.0, None, 10000.0)


@pytest.mark.parametrize(
    ("text", "metres"),
    [("4,73", 4730.0), ("4.73", 4730.0), ("1.234,56", 1234560.0), ("1,234.56", 1234560.0), ("0,00", 0.0)],
)
def test_kilometres_are_read_with_either_sign(text, metres):
    row = read_activities(english(cells(c15="", c16="", c17="", c6=text))).rows[0]
    assert row.distance_m == metres


@pytest.mark.parametrize("text", ["1,500", "1.500", "1\u202f500", "1500", "1'500"])
@pytest.mark.parametrize("kind", ["Swim", "Rowing", "Schwimmen", "Aviron"])
def test_the_first_distance_of_swims_and_rows_is_in_metres(kind, text):
    assert read_activities(english(cells(kind=kind, c17="", c6=text))).rows[0].distance_m == 1500.0


def test_moving_longer_than_elapsed_is_kept():
    row = read_activities(english(cells(c16="3700.0"))).rows[0]
    assert (row.elapsed_s, row.moving_s) == (3600.0, 3700.0)


@pytest.mark.parametrize("text", ["-5.0", "nan", "inf", "1_000", "abc", "1e999", "1e30", "9" * 6000])
def test_what_is_no_number_is_left_out_and_said(text):
    account = read_activities(english(cells(c20=text)))
    assert account.rows[0].ascent_m is None
    assert [(p.code, p.source) for p in account.problems] == [("bad_number", "activities.csv:2")]


def test_ten_columns_in_metres_are_known_by_their_speed():
    table = Table("en", 10)
    data = write([replace(a, kind="run", blank=False) for a in some_activities()], table)
    rows = list(csv.reader(io.StringIO(data.decode(), newline="")))
    for row in rows[1:]:
        row[6] = str(float(row[6]) * 1000)
    account = read_activities(english(*rows[1:], head=rows[0]))
    assert [row.distance_m for row in account.rows] == [float(row[6]) for row in rows[1:]]
    assert codes(account) == ["distance_unit"]


def test_the_first_version_in_kilometres_is_known_by_its_speed():
    table = Table("en", 10, old=True)
    activities = [replace(a, metres=a.metres / 1000) for a in some_activities() if a.kind != "swim"]
    account = read_activities(write(activities, table))
    assert [row.distance_m for row in account.rows] == pytest.approx([a.metres * 1000 for a in activities], abs=0.001)
    assert codes(account) == ["distance_unit"]


def test_a_run_faster_than_a_runner_is_kept_and_said():
    account = read_activities(
        english(cells(c17="63800.0", c16="9000.0"), cells(2, kind="Ride", c17="63800.0", c16="9000.0"))
    )
    assert len(account.rows) == 2
    assert [(p.code, p.source) for p in account.problems] == [("too_fast", "activities.csv:2")]


@pytest.mark.parametrize(
    ("said", "steps"), [("71.25", 142.5), ("172.0", 172.0), ("125.0", None), ("0.0", None), ("", None)]
)
def test_cadence_of_one_leg_is_doubled(said, steps):
    head = header(Table())
    assert read_activities(english(cells(**{f"c{head.index('Average Cadence')}": said}))).rows[0].cadence_spm == steps


# ---------------------------------------------------------------- files and shoes
@pytest.mark.parametrize(
    ("text", "filename", "lost"),
    [("", None, False), ("#error#", None, True), ("activities/1.fit.gz", "activities/1.fit.gz", False)],
)
def test_a_lost_file_is_no_file_and_no_typed_in_run(text, filename, lost):
    row = read_activities(english(cells(c12=text))).rows[0]
    assert (row.filename, row.file_lost) == (filename, lost)


SHOES = (
    b"Shoe Name,Shoe Brand,Shoe Model,Shoe Default Sport Types\r\n"
    b'Old blue,Nike,Pegasus 33,Run\r\n"",Brooks,Ghost 15,\r\n"",,,\r\nOld blue,Nike,Pegasus 34,\r\n'
)


def test_a_pair_is_called_by_its_nickname_else_by_brand_and_model():
    assert [gear.name for gear in read_shoes(SHOES)] == ["Old blue", "Brooks Ghost 15"]


@pytest.mark.parametrize(
    ("said", "name"),
    [
        ("Old blue", "Old blue"),
        ("Nike Pegasus 33", "Old blue"),
        ("Brooks  Ghost 15", "Brooks Ghost 15"),
        ("Sold pair", "Sold pair"),
        ("", None),
    ],
)
def test_the_shoe_of_a_run_is_named_as_the_list_names_it(said, name):
    assert read_activities(english(cells(c11=said)), shoes=SHOES).rows[0].gear == name


def test_two_pairs_of_one_model_are_not_told_apart_by_it():
    shoes = b"Shoe Name,Shoe Brand,Shoe Model\nblue,Nike,Pegasus\nred,Nike,Pegasus\n"
    account = read_activities(english(cells(c11="Nike Pegasus")), shoes=shoes)
    assert account.rows[0].gear == "Nike Pegasus"


def test_an_unknown_shoe_is_no_shoe_and_a_bicycle_neither():
    account = read_activities(english(cells(), cells(2, kind="Ride", c11="Canyon")))
    assert [row.gear for row in account.rows] == [None, None]
    assert account.gear == ()


def test_pairs_that_the_list_has_forgotten_are_gear_too():
    assert [g.name for g in read_activities(english(cells(c11="Sold pair")), shoes=SHOES).gear] == [
        "Old blue",
        "Brooks Ghost 15",
        "Sold pair",
    ]


# ---------------------------------------------------------------- broken rows
def test_a_row_without_a_date_costs_only_itself():
    account = read_activities(english(cells(1, date="?"), cells(2)))
    assert [row.activity_id for row in account.rows] == ["2"]
    assert [(p.code, p.source) for p in account.problems] == [("unreadable_row", "activities.csv:2")]


def test_a_number_that_comes_twice_is_taken_once_and_said():
    account = read_activities(english(cells(1), cells(1, c17="5000.0"), cells(2)))
    assert [(row.activity_id, row.distance_m) for row in account.rows] == [("1", 10000.0), ("2", 10000.0)]
    assert [(p.code, p.source) for p in account.problems] == [("duplicate_id", "activities.csv:3")]


def test_numbers_that_a_spreadsheet_spoilt_lose_no_run():
    rows = [cells("1,23457E+10", date=f"Apr {n}, 2021, 1:00:00 AM") for n in (1, 2, 2)] + [cells("77.0")]
    account = read_activities(english(*rows))
    assert [row.activity_id for row in account.rows] == [
        "at-20210401T010000",
        "at-20210402T010000",
        "at-20210402T010000-2",
        "77",
    ]
    assert codes(account) == ["bad_id"] * 3


def test_too_few_cells_keep_what_is_there():
    account = read_activities(english(cells(1)[:7], cells(2)[:2], cells(3)))
    assert [(row.activity_id, row.distance_m) for row in account.rows] == [("1", 10000.0), ("3", 10000.0)]
    assert [(p.code, p.source) for p in account.problems] == [
        ("short_row", "activities.csv:2"),
        ("unreadable_row", "activities.csv:3"),
    ]


@pytest.mark.parametrize("place", [2, 4, 6])
def test_a_comma_without_quotes_is_put_back_where_it_was(place):
    row = cells(1, c15="3600.0")
    row[place : place + 1] = ["10", "00"]
    account = read_activities(english(cells(2, c17="1.0"), row, cells(3)))
    assert [(row.activity_id, row.distance_m, row.elapsed_s) for row in account.rows][1] == ("1", 10000.0, 3600.0)
    assert [(p.code, p.source) for p in account.problems] == [("long_row", "activities.csv:3")]


def test_a_row_put_together_must_add_up():
    row = cells(1, c15="1000.0")
    row[2:3] = ["10", "00"]
    account = read_activities(english(row, cells(2)))
    assert [row.activity_id for row in account.rows] == ["2"]
    assert codes(account) == ["unreadable_row"]


def test_a_row_that_cannot_be_put_together_is_named():
    account = read_activities(english(cells(1), [*cells(2)[2:], "1", "2", "3", "4"]))
    assert [row.activity_id for row in account.rows] == ["1"]
    assert codes(account) == ["unreadable_row"]


def test_empty_cells_behind_a_row_are_nothing():
    account = read_activities(english([*cells(1), "", ""]))
    assert (len(account.rows), account.problems) == (1, ())


def test_endless_digits_are_no_numbers():
    digits = "9" * 60_000
    rows = [cells(digits, date="03/04/2021 10:00:00"), cells(2, date="04/04/2021 10:00:00", c6=digits, c17=""),
            cells(3, kind="Swim", c6=digits, c17=""), cells(4, c15=f"{digits}:00:00"), cells(5, date=digits)]  # fmt: skip
    account = read_activities(english(*rows))
    assert [row.distance_m for row in account.rows] == [10000.0, None, None, 10000.0]
    assert account.rows[0].activity_id == "at-20210403T100000"
    assert sorted(codes(account)) == [
        "bad_id",
        "bad_number",
        "bad_number",
        "bad_number",
        "date_order",
        "unreadable_row",
    ]


def test_zero_bytes_and_long_texts_are_read_through():
    data = english(cells(1, c4="x" * 65_536), cells(2)).replace(b"Run", b"R\0un")
    account = read_activities(data)
    assert [row.sport for row in account.rows] == ["run", "run"]


def test_a_quote_that_is_never_closed_loses_what_it_swallows_and_no_more():
    tail = [cells(n) for n in range(2, 3000)]
    data = (
        english(cells(1), *tail)
        .replace(b"\r\n2,", b'\r\n2,"', 1)
        .replace(b'"Apr 16, 2021, 10:58:25 PM"', b"2021-04-16 22:58:25")
    )
    account = read_activities(data)
    assert len(account.rows) > 1000
    assert "unreadable_row" in codes(account)


def test_a_table_of_tables_names_its_header_once():
    data = english(cells(1)) + english(cells(2))
    account = read_activities(data)
    assert ([row.activity_id for row in account.rows], account.problems) == (["1", "2"], ())


def test_bytes_of_an_older_encoding_are_read_and_said():
    account = read_activities(write(some_activities()[:1], Table("de", 81, encoding="cp1252")))
    assert (len(account.rows), codes(account)) == (1, ["encoding"])


# ---------------------------------------------------------------- types
@pytest.mark.parametrize(
    "word", ["Run", "Lauf", "Hardloopsessie", "Corrida", "Carrera", "Corsa", "Bieganie", "Løb", "Löpning", "Futás", "Juoksu",
             "ランニング", "Løping", "Běh", "Бег", "跑步", "달리기", "Course à pied", "Trail Run", "Virtual Run", "TrailRun",
             "VirtualRun", "Treadmill", "Trail"],
)  # fmt: skip
def test_a_run_is_a_run_in_every_language(word):
    assert house_type(word)[0] == "run"


@pytest.mark.parametrize(
    "word", ["Ride", "Radfahrt", "Course en fauteuil", "Skilanglauf", "Roller Ski", "Inline Skate", "Wheelchair", "Walk",
             "Wandeling", "Wanderung", "Randonnée", "Rowing", "Yoga", "Krafttraining", "Spaziergang", "Ice Skate", "", "?",
             "Snowshoe", "Elliptical", "Crossfit", "Golf", "Trilha", "Esquí de fondo", "E-Bike Ride", "Eislaufen",
             "Eisschnelllauf", "Schneeschuhlauf", "Skøyteløp", "Rulleskøjteløb"],
)  # fmt: skip
def test_what_is_no_run_is_none(word):
    assert house_type(word)[0] != "run"


@pytest.mark.parametrize(
    ("word", "surface"),
    [("Run", None), ("Trail Run", "trail"), ("Virtual Run", "virtual"), ("Treadmill", "treadmill"), ("Laufband", "treadmill"),
     ("Traillauf", "trail"), ("Course à pied virtuelle", "virtual"), ("Bieg terenowy", "trail"), ("トレイルラン", "trail"),
     ("Polkujuoksu", "trail"), ("VirtualRun", "virtual"), ("Corrida em trilha", "trail"), ("Lauf", None)],
)  # fmt: skip
def test_the_type_of_a_run_tells_its_surface(word, surface):
    assert house_type(word) == ("run", surface)


def test_a_type_that_no_table_has_is_said_once():
    account = read_activities(english(cells(1, kind="Ļoti"), cells(2, kind="Ļoti"), cells(3)))
    assert [row.sport for row in account.rows] == ["unknown", "unknown", "run"]
    assert codes(account) == ["unknown_type"]
    assert "2 activities" in account.problems[0].detail


# ---------------------------------------------------------------- what it is
@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"Shoe Name,Shoe Brand,Shoe Model,Shoe Default Sport Types\nA,B,C,\n",
        b"Activity Type,Date,Favorite,Title,Distance,Calories,Time,Avg HR,Max HR,Avg Run Cadence\nRunning,2021-01-01 10:00:00,false,Run,10.0,700,1:00:00,150,170,170\n",
        b"Athlete ID,Email Address,First Name,Last Name\n1,a@b.c,A,B\n",
        b'Goal Type,Activity Type,Goal,Start Date,End Date,Segment ID,Time Period,Interval Time\nDistance Goal,All Ride,150000.0,"Jan 1, 2026, 12:00:00 AM",,,Week,\n',
        b"<?xml version='1.0'?><gpx/>",
        b"id,date,name\n1,2,3\n",
        b"a,b,c,d,e,f,g,h,i,j\nx,2021-01-01 10:00:00,3,4,5,6,7,8,9,10\n",
        b"\x0e\x10\x98\x00\x10\x00\x00\x00.FIT",
        b"," * 100_000,
        b"<" * 100_000,
    ],
)
def test_other_tables_are_not_taken_for_activities(data):
    assert not looks_like_activities(data)
    assert read_activities(data).rows == ()


def test_a_header_alone_is_known_where_it_repeats_itself():
    assert looks_like_activities(english())
    assert read_activities(english()).rows == ()


def test_a_header_cut_off_before_its_first_row_is_known():
    data = write(some_activities(), Table("fr", 99, html=True))
    assert looks_like_activities(data[: data.index(b"\n") + 20])


def test_words_that_nobody_knows_do_not_matter():
    head = [f"w{n}" for n in range(101)]
    head[15], head[17] = head[5], head[6]
    data = english(cells(c11="Shoe", c12="activities/1.fit.gz"), head=head)
    assert looks_like_activities(data)
    row = read_activities(data).rows[0]
    assert (row.distance_m, row.gear, row.filename) == (10000.0, "Shoe", "activities/1.fit.gz")


def test_columns_that_somebody_took_out_are_found_by_their_words():
    head = [
        "Activity ID",
        "Activity Date",
        "Activity Name",
        "Activity Type",
        "Elapsed Time",
        "Moving Time",
        "Distance",
        "Filename",
    ]
    row = ["5", "Oct 02, 2024, 8:35:00 AM", "Tempo", "Run", "2641", "2364", "7.93", "activities/1.gpx"]
    found = read_activities(english(row, head=head)).rows[0]
    assert (found.elapsed_s, found.moving_s, found.distance_m, found.filename) == (
        2641.0,
        2364.0,
        7930.0,
        "activities/1.gpx",
    )


# ---------------------------------------------------------------- whole exports of real runs
@pytest.fixture(scope="module")
def exports(corpus, tmp_path_factory):
    """The account exports made out of the real files, and what must be found in them."""
    script = corpus.parent / "tools" / "make_exports.py"
    if not script.is_file():
        pytest.skip(f"no {script}")
    out = tmp_path_factory.mktemp("exports")
    subprocess.run([sys.executable, script, out], check=True, stdout=subprocess.DEVNULL)
    return out, json.loads((out / "truth.json").read_text())


@pytest.mark.corpus
@pytest.mark.parametrize("name", ["strava_en", "strava_de", "strava_2018"])
def test_whole_exports_of_real_runs_are_read_exactly(exports, name):
    out, truth = exports
    with zipfile.ZipFile(out / f"{name}.zip") as archive:
        shoes = archive.read("shoes.csv") if "shoes.csv" in archive.namelist() else None
        data = archive.read("activities.csv")
    account = read_activities(data, shoes=shoes)
    runs = sorted((row for row in account.rows if row.sport == "run"), key=lambda row: row.start)
    assert looks_like_activities(data[:4096])
    assert account.problems == ()
    assert [(row.start, row.gear) for row in runs] == [
        (datetime.fromisoformat(t["start"]), t["shoe"]) for t in truth[name]
    ]
    assert [row.distance_m for row in runs] == pytest.approx([t["distance_m"] for t in truth[name]], abs=0.051)
    if name != "strava_2018":
        assert [row.moving_s for row in runs] == pytest.approx([t["moving_s"] for t in truth[name]], abs=0.051)
    named = [bool(row.filename) for row in runs]
    assert named == [t["file"] is not None for t in truth[name]]
    assert timedelta(0) < runs[-1].start - runs[0].start


@pytest.mark.corpus
def test_tables_of_real_exports_are_read_without_a_problem(corpus):
    tables = sorted((corpus / "corpus").glob("**/activities.csv"))
    assert len(tables) >= 3
    for path in tables:
        data = path.read_bytes()
        account = read_activities(data)
        assert looks_like_activities(data[:8192])
        assert len(account.rows) == len(list(csv.reader(io.StringIO(data.decode(), newline="")))) - 1
        assert set(codes(account)) <= {"distance_unit"}
