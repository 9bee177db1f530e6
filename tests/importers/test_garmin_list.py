"""The list of the web page, in every language, unit and way of writing that spreadsheets leave it in."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from garmin_exports import (
    ENGLISH,
    HEADERS,
    KINDS,
    MILE_M,
    Done,
    Writing,
    cells_of,
    dumped,
    export_json,
    listed,
    some_runs,
    summary,
)
from hypothesis import given
from hypothesis import strategies as st

from importers.account import Account, AccountRow
from importers.garmin.listing import looks_like_list, read_list

RUN = Done(ident=1, start=datetime(2024, 5, 1, 6, 30, tzinfo=UTC))
LENGTH_M = 10.0
"""Half of the last decimal of a mile, rounded up (m)."""


def codes(account: Account) -> list[str]:
    return [problem.code for problem in account.problems]


def says(row: AccountRow, run: Done, *, feet: bool = False) -> bool:
    """Whether a row says what was done, as far as the list's decimals go."""
    climb_m = 0.16 if feet else 0.51
    return bool(
        row.start == run.local
        and not row.utc_known
        and row.utc_offset_s is None
        and row.sport == "run"
        and abs((row.distance_m or 0) - run.distance_m) < LENGTH_M
        and abs((row.moving_s or 0) - run.timer_s) < 0.051
        and abs((row.elapsed_s or 0) - run.elapsed_s) < 0.051
        and abs((row.ascent_m or 0) - run.ascent_m) < climb_m
        and abs((row.descent_m or 0) - run.descent_m) < climb_m
        and abs((row.cadence_spm or 0) - run.cadence_spm) < 0.51
        and row.heart_rate_bpm == run.heart_rate_bpm
        and row.steps == run.steps
        and row.title == " ".join(run.title.split())
    )


def check(how: Writing, runs: list[Done] | None = None) -> Account:
    runs = runs or some_runs()
    data = listed(runs, how)
    assert looks_like_list(data[:4096])
    account = read_list(data, source="Activities.csv")
    assert len(account.rows) == len(runs)
    for row, run in zip(account.rows, runs, strict=True):
        assert says(row, run, feet=how.miles), (row, run)
    assert codes(account) == (["miles"] if how.miles else [])
    return account


@pytest.mark.parametrize("miles", [False, True])
@pytest.mark.parametrize("language", sorted(HEADERS))
def test_a_list_in_every_language_and_unit_says_what_was_done(language: str, miles: bool) -> None:
    check(Writing(language=language, miles=miles))


@pytest.mark.parametrize("language", sorted(HEADERS))
@pytest.mark.parametrize("comma", [False, True])
def test_a_list_that_a_spreadsheet_wrote_again(language: str, comma: bool) -> None:
    check(Writing(language=language, sign=";", comma=comma, encoding="utf-8-sig"))
    check(Writing(language=language, sign="\t", comma=comma, encoding="utf-16"))
    check(Writing(language=language, sign=",", comma=comma))


@pytest.mark.parametrize(
    ("language", "encoding"),
    [("de", "cp1252"), ("fr", "cp1252"), ("nb", "cp1252"), ("ja", "cp932"), ("zh", "gb18030"), ("zh", "utf-16-le")],
)
def test_the_encodings_of_old_spreadsheets_are_found_by_the_header(language: str, encoding: str) -> None:
    check(Writing(language=language, sign=";", encoding=encoding))


@given(
    st.sampled_from(sorted(HEADERS)),
    st.booleans(),
    st.booleans(),
    st.lists(st.tuples(st.floats(400, 60_000), st.floats(1.2, 6.5), st.integers(120, 220)), min_size=1, max_size=6),
)
def test_whatever_was_run_comes_back(
    language: str, miles: bool, comma: bool, ran: list[tuple[float, float, int]]
) -> None:
    runs = [
        replace(
            RUN,
            start=RUN.start - timedelta(days=n),
            distance_m=distance,
            timer_s=distance / speed,
            elapsed_s=distance / speed + n,
            cadence_spm=float(cadence),
        )
        for n, (distance, speed, cadence) in enumerate(ran)
    ]
    check(Writing(language=language, miles=miles, comma=comma, sign=";" if comma else ","), runs)


def test_sports_and_surfaces_are_known_in_every_language() -> None:
    sports = {"hiking": "hike", "cycling": "ride", "walking": "walk"}
    surfaces = {"treadmill_running": "treadmill", "track_running": "track", "trail_running": "trail"}
    for language, kinds in KINDS.items():
        runs = [replace(RUN, kind=kind, distance_m=9_000, start=RUN.start + timedelta(hours=n))
                for n, kind in enumerate(kinds)]  # fmt: skip
        rows = read_list(listed(runs, Writing(language=language)), source="a.csv").rows
        found = [(row.sport, row.surface) for row in rows]
        assert found == [(sports.get(kind, "run"), surfaces.get(kind)) for kind in kinds], language


def test_without_steps_the_unit_stays_open_and_that_is_said() -> None:
    for miles in (False, True):
        account = read_list(listed(some_runs(), Writing(miles=miles, strides=False)), source="a.csv")
        assert codes(account) == ["units_undecided"]
        assert "kilometres were taken" in account.problems[0].detail


def test_steps_that_fit_neither_unit_leave_it_open() -> None:
    rows = [ENGLISH.split(","), *(cells_of(run, Writing()) for run in some_runs(3))]
    for cells in rows[1:]:
        cells[16] = f"{float(cells[16]) * 1.28:.2f}"
        cells[17] = "--"
    account = read_list(as_csv(rows), source="a.csv")
    assert codes(account) == ["units_undecided"]


def test_one_strange_run_does_not_change_the_unit_of_the_list() -> None:
    rows = [ENGLISH.split(","), *(cells_of(run, Writing(miles=True)) for run in some_runs(7))]
    rows[3][16] = "0.66"
    account = read_list(as_csv(rows), source="a.csv")
    assert codes(account) == ["miles"]
    assert account.rows[2].distance_m == pytest.approx(some_runs(7)[2].distance_m, abs=LENGTH_M)


def test_degrees_fahrenheit_come_with_miles() -> None:
    header = "Activity Type,Date,Favorite,Title,Distance,Calories,Time,Avg HR,Total Ascent,Max Temp"
    data = f'{header}\nRunning,2024-05-01 08:00:00,false,A,"6.21","600","00:50:00","150","328","80.6"\n'.encode()
    account = read_list(data, source="a.csv")
    assert codes(account) == ["miles"]
    assert account.rows[0].distance_m == pytest.approx(6.21 * MILE_M)
    assert account.rows[0].ascent_m == pytest.approx(328 * 0.3048)


def test_runs_on_the_track_are_in_metres() -> None:
    track = replace(RUN, kind="track_running", distance_m=3_600.0, timer_s=900.0, start=RUN.start + timedelta(days=1))
    for how in (Writing(), Writing(language="ja"), Writing(miles=True)):
        rows = read_list(listed([track, *some_runs(4)], how), source="a.csv").rows
        assert (rows[0].distance_m, rows[0].surface) == (3_600.0, "track")


def test_a_spreadsheet_that_drops_zeros_does_not_turn_kilometres_into_metres() -> None:
    rows = [ENGLISH.split(","), *(cells_of(run, Writing()) for run in some_runs(3)), cells_of(RUN, Writing())]
    rows[-1][4] = "10"
    assert read_list(as_csv(rows), source="a.csv").rows[-1].distance_m == 10_000.0


def test_a_length_too_fast_for_any_unit_is_left_out_and_named() -> None:
    rows = [ENGLISH.split(","), *(cells_of(run, Writing()) for run in some_runs(3)), cells_of(RUN, Writing())]
    rows[-1][4] = "70,000.00"
    account = read_list(as_csv(rows), source="a.csv")
    assert account.rows[-1].distance_m is None
    assert codes(account) == ["impossible_value"]


@pytest.mark.parametrize(
    ("dates", "moment"),
    [
        ("%d.%m.%Y %H:%M", "minute"),
        ("%d.%m.%Y %H:%M:%S", "second"),
        ("%d/%m/%Y %H:%M", "minute"),
        ("%m/%d/%Y %H:%M", "minute"),
        ("%m/%d/%Y %I:%M:%S %p", "second"),
        ("%m/%d/%y %H:%M", "minute"),
        ("%Y/%m/%d %H:%M", "minute"),
        ("%d-%m-%Y %H:%M", "minute"),
        ("%Y-%m-%dT%H:%M:%S", "second"),
    ],
)
def test_dates_as_spreadsheets_write_them(dates: str, moment: str) -> None:
    account = read_list(listed(some_runs(), Writing(dates=dates)), source="a.csv")
    for row, run in zip(account.rows, some_runs(), strict=True):
        assert row.start == (run.local if moment == "second" else run.local.replace(second=0))
    assert account.problems == ()


@pytest.mark.parametrize("dates", ["%d/%m/%Y %H:%M", "%m/%d/%Y %H:%M"])
def test_the_order_of_the_list_tells_the_month_where_no_day_is_above_twelve(dates: str) -> None:
    days = [datetime(2024, month, day, 6, tzinfo=UTC) for month, day in ((11, 3), (9, 12), (9, 2), (4, 10), (1, 5))]
    runs = [replace(RUN, start=day) for day in days]
    account = read_list(listed(runs, Writing(dates=dates)), source="a.csv")
    assert [row.start for row in account.rows] == [run.local for run in runs]
    assert account.problems == ()


def test_one_date_that_can_be_two_is_said() -> None:
    account = read_list(listed([RUN], Writing(dates="%d/%m/%Y %H:%M")), source="a.csv")
    assert account.rows[0].start == RUN.local
    assert codes(account) == ["date_order_undecided"]


def test_where_degrees_are_fahrenheit_the_month_comes_first() -> None:
    header = "Activity Type,Date,Favorite,Title,Distance,Calories,Time,Avg HR,Total Ascent,Max Temp"
    data = f"{header}\nCycling,7/4/2020 15:36,FALSE,A,7.16,520,0:49:12,132,223,80.6\n".encode()
    account = read_list(data, source="a.csv")
    assert account.rows[0].start == datetime(2020, 7, 4, 15, 36, tzinfo=UTC)
    assert codes(account) == ["date_order_undecided", "miles"]


def test_steps_counted_tell_miles_where_there_is_no_cadence() -> None:
    rows = [ENGLISH.split(","), *(cells_of(run, Writing(miles=True)) for run in some_runs(4))]
    for cells in rows[1:]:
        cells[10] = "--"
    assert codes(read_list(as_csv(rows), source="a.csv")) == ["miles"]


def test_a_language_that_nobody_taught_is_read_by_its_places() -> None:
    rows = [[f"Col{n}" for n in range(21)], *(cells_of(run, Writing()) for run in some_runs(4))]
    data = as_csv(rows)
    assert looks_like_list(data)
    account = read_list(data, source="a.csv")
    assert [row.start for row in account.rows] == [run.local for run in some_runs(4)]
    assert [row.distance_m for row in account.rows] == pytest.approx([r.distance_m for r in some_runs(4)], abs=LENGTH_M)
    assert set(codes(account)) == {"unknown_language", "units_undecided"}


@pytest.mark.parametrize(
    "other",
    [
        b"Activity ID,Activity Date,Activity Name,Activity Type,Activity Description,Elapsed Time,Distance\n"
        b'1,"Apr 16, 2021, 10:58:25 PM",Run,Run,,100,1.0\n',
        b"id,date,name,type,description,elapsed_time,distance,commute,gear,filename\n"
        b"1,2018-09-12 15:02:23,a,Run,,1,2,,,\n",
        b"Shoe Name,Shoe Brand,Shoe Model\nPegasus,Nike,Pegasus\n",
        b"Date,Title,Distance,Time\n2024-05-01,A,10,1:00:00\n",
        b"",
        b"\xff\xfe",
        export_json([summary(RUN), dumped(RUN)]),
        bytes(range(256)) * 20,
    ],
)
def test_other_tables_and_files_are_not_the_list(other: bytes) -> None:
    assert not looks_like_list(other)
    account = read_list(other, source="a.csv")
    assert (account.rows, codes(account)) == ((), ["not_a_list"])


def test_what_cannot_be_read_costs_only_itself_and_is_named_with_its_line() -> None:
    rows = [ENGLISH.split(","), *(cells_of(run, Writing()) for run in some_runs(6))]
    rows[2][1] = "yesterday"
    rows[3][4] = "07. Jul"
    account = read_list(as_csv(rows), source="a.csv")
    lines = [1]
    for cells in rows:
        lines.append(lines[-1] + 1 + sum(cell.count("\n") for cell in cells))
    assert [(p.source, p.code) for p in account.problems] == [
        (f"a.csv:{lines[2]}", "no_start"),
        (f"a.csv:{lines[3]}", "impossible_value"),
    ]
    assert len(account.rows) == 5
    assert account.rows[1].distance_m is None
    assert account.rows[1].moving_s == pytest.approx(some_runs(6)[2].timer_s, abs=0.051)


def test_a_cut_list_gives_the_whole_rows_before_the_cut_and_says_so() -> None:
    data = listed(some_runs(5))
    account = read_list(data[:-40], source="a.csv")
    assert [row.start for row in account.rows] == [run.local for run in some_runs(5)[:-1]]
    assert codes(account) == ["truncated"]


def test_the_same_row_twice_is_one_and_two_at_one_second_stay_two() -> None:
    other = replace(RUN, distance_m=5_000.0)
    account = read_list(listed([RUN, RUN, other]), source="a.csv")
    assert [row.activity_id for row in account.rows] == ["list-20240501T083000-run", "list-20240501T083000-run-2"]
    assert codes(account) == ["duplicate_row"]


def test_ids_do_not_depend_on_the_rest_of_the_list() -> None:
    ids = {row.activity_id for row in read_list(listed(some_runs(12)), source="a.csv").rows}
    assert {row.activity_id for row in read_list(listed(some_runs(12)[3:]), source="b.csv").rows} < ids


def test_missing_values_are_none_and_not_zero() -> None:
    cells = cells_of(RUN, Writing())
    bare = [*cells[:4], *["--"] * (len(cells) - 4)]
    (row,) = read_list(as_csv([ENGLISH.split(","), bare]), source="a.csv").rows
    values = [row.distance_m, row.elapsed_s, row.moving_s, row.ascent_m, row.cadence_spm, row.steps, row.heart_rate_bpm]
    assert values == [None] * len(values)


def test_lists_put_one_behind_the_other_lose_no_row() -> None:
    data = listed(some_runs(4)) + b"\r\n" + listed([replace(RUN, start=RUN.start + timedelta(days=90))])
    account = read_list(data, source="a.csv")
    assert len(account.rows) == 5
    assert account.problems == ()


def test_a_quote_that_is_never_closed_puts_no_value_in_a_wrong_place() -> None:
    header = "Activity Type,Date,Favorite,Title,Distance,Calories,Time,Avg HR"
    quotes = ("", '"', "")
    rows = [f"Running,2024-05-0{n} 08:00:00,false,{q}Run,5.01,400,00:30:00,150" for n, q in enumerate(quotes, 1)]
    account = read_list("\n".join([header, *rows]).encode(), source="a.csv")
    assert account.rows[0].distance_m == 5_010.0
    assert [row.distance_m for row in account.rows[1:]] == []
    assert "truncated" in codes(account)
    rows.append('Running,2024-05-04 08:00:00,false,"Run",5.01,400,00:30:00,150')
    account = read_list("\n".join([header, *rows]).encode(), source="a.csv")
    assert {row.distance_m for row in account.rows} <= {5_010.0, None}
    assert "unclosed_quote" in codes(account)


def test_commas_in_a_title_that_nobody_quoted_move_no_cell() -> None:
    data = listed(some_runs(), Writing()).decode().replace('"Run 2, along the river"', "Run 2, along, the river")
    account = read_list(data.encode(), source="a.csv")
    assert [row.distance_m for row in account.rows] == pytest.approx([r.distance_m for r in some_runs()], abs=LENGTH_M)
    assert "Run 2, along, the river" in [row.title for row in account.rows]
    assert account.problems == ()


def test_no_more_rows_are_read_than_a_life_has(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("importers.garmin.listing.ENTRIES_MAX", 3)
    account = read_list(listed(some_runs(5)), source="a.csv")
    assert (len(account.rows), codes(account)) == (3, ["too_many_rows"])


@given(st.binary(max_size=400))
def test_no_bytes_raise(data: bytes) -> None:
    for text in (data, ENGLISH.encode() + b"\n" + data, listed(some_runs(2)) + data):
        looks_like_list(text)
        read_list(text, source="a.csv")


@given(st.lists(st.lists(st.text(max_size=12), max_size=22), max_size=4))
def test_no_cells_raise_or_harm_the_rows_before(rows: list[list[str]]) -> None:
    whole = [ENGLISH.split(","), *(cells_of(run, Writing()) for run in some_runs(3)), *rows]
    account = read_list(as_csv(whole), source="a.csv")
    starts = [row.start for row in account.rows]
    assert [run.local for run in some_runs(3)] == starts[:3]


def as_csv(rows: list[list[str]]) -> bytes:
    import csv
    import io

    out = io.StringIO(newline="")
    csv.writer(out).writerows(rows)
    return out.getvalue().encode("utf-8", "replace")
