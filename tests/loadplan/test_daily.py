"""The run log day by day."""

from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from loadplan.daily import DAILY_COLUMNS, daily_load
from run_logs import MONDAY, a_log, a_run, day


def days_of(*runs, until: int = 6, **more) -> pd.DataFrame:
    return daily_load(a_log(runs), day(until), **more)


def test_one_row_a_day_from_the_first_run_to_as_of():
    table = days_of(a_run(1, 5), a_run(4, 7), until=6)
    assert [d.date() for d in table.index] == [day(n) for n in range(1, 7)]
    assert table["distance_km"].tolist() == [5, 0, 0, 7, 0, 0]
    assert table["runs"].tolist() == [1, 0, 0, 1, 0, 0]
    assert table.index.name == "day"
    assert {name: str(table[name].dtype) for name in DAILY_COLUMNS} == DAILY_COLUMNS


def test_runs_after_as_of_are_not_read():
    pd.testing.assert_frame_equal(days_of(a_run(0), a_run(9), until=5), days_of(a_run(0), until=5))


def test_only_running_counts():
    table = days_of(a_run(0), a_run(1, 40, sport="ride"), a_run(2, 10, sport="hike"), a_run(3, 6, surface="treadmill"))
    assert table["distance_km"].sum() == 11
    assert table["treadmill_km"].sum() == 6


@pytest.mark.parametrize("runs", [[], [a_run(0, sport="ride")], [a_run(9)], [a_run(0, 0.05)]])
def test_without_a_run_the_table_is_empty_and_has_its_columns(runs):
    table = days_of(*runs)
    assert len(table) == 0
    assert list(table.columns) == list(DAILY_COLUMNS)


def test_the_day_is_the_local_one():
    table = days_of(a_run(0, hour=23.5, utc_offset_s=3600.0), until=2)
    assert table.index[0].date() == day(1)


@pytest.mark.parametrize(("pause_min", "sessions"), [(59.9, 1), (60, 2)])
def test_recordings_less_than_an_hour_apart_are_one_session(pause_min, sessions):
    second = 7 + (30 + pause_min) / 60
    table = days_of(a_run(0, 5, 30), a_run(0, 4, 24, hour=second))
    assert table["runs"].iloc[0] == sessions
    assert table["longest_km"].iloc[0] == (9 if sessions == 1 else 5)
    assert table["distance_km"].iloc[0] == 9


def test_a_session_ends_with_the_day():
    assert days_of(a_run(0, 5, 30, hour=23.5), a_run(1, 5, 30, hour=0.1))["runs"].tolist()[:2] == [1, 1]


def test_the_pause_is_counted_from_the_end_of_the_elapsed_time():
    long_stop = a_run(0, 5, 30) | {"elapsed_s": 7200.0}
    assert days_of(long_stop, a_run(0, 4, 24, hour=9.5))["runs"].iloc[0] == 1


@pytest.mark.parametrize("tiny", [a_run(2, 0.09, 5), a_run(2, 0.5, 0.9)])
def test_tiny_recordings_are_in_the_sums_only(tiny):
    table = days_of(a_run(0, 5), tiny)
    assert table["runs"].tolist()[2] == 0
    assert table["longest_km"].iloc[2] == 0
    assert table["distance_km"].iloc[2] == tiny["distance_m"] / 1000


def test_a_run_of_unknown_length_counts_and_is_not_zero():
    table = days_of(a_run(0, 5), a_run(2, None, 30))
    assert table["runs"].iloc[2] == 1
    assert np.isnan(table["distance_km"].iloc[2])
    assert np.isnan(table["longest_km"].iloc[2])
    assert table["distance_missing"].iloc[2] == 1
    assert table["duration_min"].iloc[2] == 30


def test_of_a_day_with_one_unknown_run_the_known_is_summed_and_the_rest_counted():
    table = days_of(a_run(0, 5), a_run(0, None, 30, hour=18))
    assert (table["distance_km"].iloc[0], table["distance_missing"].iloc[0], table["runs"].iloc[0]) == (5, 1, 2)


def test_rest_days_are_zero_in_every_amount():
    rest = days_of(a_run(0, 5, ascent_m=10.0, descent_m=10.0, steps=4000.0, rpe=4.0)).iloc[3]
    assert (rest[["distance_km", "duration_min", "steps", "ascent_m", "descent_m", "srpe"]] == 0).all()


def test_effort_is_rpe_times_minutes():
    assert days_of(a_run(0, 5, 30, rpe=4.0))["srpe"].iloc[0] == 120


def test_a_treadmill_does_not_go_down_and_how_far_it_goes_up_is_not_known():
    table = days_of(a_run(0, 5, surface="treadmill"), a_run(1, 5))
    assert table["descent_m"].iloc[0] == 0
    assert np.isnan(table["ascent_m"].iloc[0])
    assert np.isnan(table["descent_m"].iloc[1])


def test_long_runs_are_found_in_their_calendar_week():
    table = days_of(a_run(0, 10), a_run(2, 10), a_run(3, 4), a_run(5, 4))
    assert table["long_runs"].tolist() == [1, 0, 1, 0, 0, 0, 0]
    assert days_of(*(a_run(n, 8) for n in (0, 2, 4)))["long_runs"].sum() == 0


def test_the_week_of_a_long_run_may_begin_on_sunday():
    runs = [a_run(0, 10), a_run(2, 6), a_run(6, 10)]
    assert days_of(*runs)["long_runs"].tolist() == [0, 0, 0, 0, 0, 0, 0]
    assert days_of(*runs, week_start="sun")["long_runs"].tolist() == [1, 0, 0, 0, 0, 0, 0]


def test_cadence_is_weighted_by_minutes():
    table = days_of(a_run(0, 5, 30, cadence_spm=160.0), a_run(0, 2, 10, hour=18, cadence_spm=172.0))
    assert table["cadence_spm"].iloc[0] == pytest.approx(163)
    assert table["cadence_min"].iloc[0] == 40


def test_fast_minutes_need_an_own_easy_speed():
    easy = [a_run(n, 5) for n in range(5)]
    table = days_of(*easy, a_run(6, 5, 25), a_run(7, 5, 26.2), until=8)
    assert np.isnan(table["fast_min"].iloc[0])
    assert table["fast_min"].tolist()[5:] == [0, 25, 0, 0]
    assert table["fast_missing"].tolist()[:7] == [1, 1, 1, 1, 1, 0, 0]


def test_climb_sources_of_a_day_are_named():
    table = days_of(
        a_run(0, ascent_m=5.0, climb_source="gps"), a_run(0, hour=18, ascent_m=5.0, climb_source="device:x"), a_run(1)
    )
    assert table["climb_source"].tolist()[:2] == ["device:x + gps", None]


def test_a_week_start_that_is_none_is_refused():
    with pytest.raises(ValueError, match="week_start"):
        days_of(a_run(0), week_start="tue")


random_run = st.tuples(st.integers(0, 40), st.integers(1, 20), st.sampled_from([6.0, 12.0, 18.0]))


@settings(max_examples=30, deadline=None)
@given(st.lists(random_run, min_size=1, max_size=25, unique_by=lambda r: (r[0], r[2])), st.randoms())
def test_the_order_of_rows_is_of_no_account(runs, rng):
    rows = [a_run(d, float(km), hour=h, ascent_m=10.0 * km, shoe=f"pair {km % 3}") for d, km, h in runs]
    mixed = a_log(rows).sample(frac=1, random_state=rng.randrange(1000))
    pd.testing.assert_frame_equal(daily_load(mixed, day(50)), daily_load(a_log(rows), day(50)))


@settings(max_examples=30, deadline=None)
@given(st.lists(random_run, min_size=1, max_size=25))
def test_no_metre_is_lost(runs):
    rows = [a_run(d, float(km), hour=h) for d, km, h in runs]
    table = daily_load(a_log(rows), date(2026, 3, 1))
    assert table["distance_km"].sum() == pytest.approx(sum(km for _, km, _ in runs))
    assert len(table) == (date(2026, 3, 1) - MONDAY).days + 1 - min(d for d, _, _ in runs)
