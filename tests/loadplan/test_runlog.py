"""The run log as a table, and the check at the door."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pandas as pd
import pytest

from loadplan.runlog import LOG_COLUMNS, check_log, log_table
from run_logs import a_log, a_run


def test_rows_become_typed_columns_sorted_by_start():
    log = log_table([a_run(3, 5), a_run(1, 8), a_run(2, None)])
    assert log["distance_m"].tolist()[:1] == [8000.0]
    assert log["distance_m"].isna().tolist() == [False, True, False]
    assert {name: str(log[name].dtype) for name in LOG_COLUMNS} == LOG_COLUMNS


def test_iso_text_and_datetimes_give_the_same_row():
    text = log_table([{"start": "2026-03-02T07:00:00Z", "day": "2026-03-02", "sport": "run"}])
    dates = log_table([{"start": datetime(2026, 3, 2, 7, tzinfo=UTC), "day": date(2026, 3, 2), "sport": "run"}])
    pd.testing.assert_frame_equal(text, dates)


def test_an_instant_with_another_offset_is_the_same_instant():
    log = log_table([{"start": "2026-03-02T09:00:00+02:00", "sport": "run"}])
    assert log["start"][0] == pd.Timestamp("2026-03-02T07:00:00Z")


def test_the_local_day_follows_from_start_and_offset():
    late = {"start": "2026-03-02T23:30:00Z", "utc_offset_s": 3600, "sport": "run"}
    assert log_table([late])["day"][0] == pd.Timestamp("2026-03-03")


def test_more_keys_become_more_columns():
    log = log_table([a_run(0, title="hills"), a_run(1)])
    assert log["title"].tolist()[0] == "hills"


def test_an_empty_log_has_every_column_with_its_type():
    log = log_table([])
    assert len(log) == 0
    assert {name: str(log[name].dtype) for name in LOG_COLUMNS} == LOG_COLUMNS


@pytest.mark.parametrize("start", [None, "2026-03-02T07:00:00", 5])
def test_a_start_without_a_zone_is_refused(start):
    with pytest.raises(ValueError, match="'start'"):
        log_table([{"start": start, "sport": "run"}])


def test_text_in_a_column_of_numbers_names_the_column():
    with pytest.raises(ValueError, match="'distance_m'"):
        log_table([a_run(0, ascent_m=1.0) | {"distance_m": "far"}])


@pytest.mark.parametrize("value", [-3.0, float("inf")])
def test_an_impossible_amount_names_the_column(value):
    with pytest.raises(ValueError, match="'ascent_m'"):
        log_table([a_run(0, ascent_m=value)])


@pytest.mark.parametrize("column", ["id", "start", "distance_m"])
def test_a_missing_column_is_named(column):
    with pytest.raises(ValueError, match=f"'{column}'"):
        check_log(a_log([a_run(0)]).drop(columns=column))


def test_a_naive_start_is_refused():
    log = a_log([a_run(0)])
    log["start"] = log["start"].dt.tz_localize(None)
    with pytest.raises(ValueError, match="'start' must be aware"):
        check_log(log)


def test_a_row_without_a_day_is_refused():
    log = a_log([a_run(0), a_run(1)])
    log["day"] = [pd.Timestamp("2026-01-05"), pd.NaT]
    with pytest.raises(ValueError, match="'day'"):
        check_log(log)


def test_the_check_hands_the_log_back():
    log = a_log([a_run(0)])
    assert check_log(log) is log


def test_an_unknown_text_of_another_column_stays_none() -> None:
    rows = [
        {"id": name, "start": f"2026-03-0{n}T07:00:00+00:00", "sport": "run", "spread": spread}
        for n, (name, spread) in enumerate([("a", None), ("b", "[null,null,null]")], 1)
    ]
    assert log_table(rows)["spread"].tolist() == [None, "[null,null,null]"]
