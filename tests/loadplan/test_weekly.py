"""Days to weeks: sums, changes, the unfinished week, and what may not change them."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from loadplan.daily import daily_load
from loadplan.rules import check_weeks
from loadplan.weekly import WEEK_KEYS, weekly_load
from run_logs import a_log, a_run, bare_days, bare_weeks, day, runs_of_weeks


def weeks_of(runs, until: int, **more) -> pd.DataFrame:
    return weekly_load(daily_load(a_log(runs), day(until)), **more)


def test_every_key_of_the_interface_is_a_column_in_its_order():
    weeks = weeks_of(runs_of_weeks(20, 22), 13)
    assert tuple(weeks.columns[: len(WEEK_KEYS)]) == WEEK_KEYS
    assert weeks.index.name == "week"


def test_sums_of_a_week():
    runs = [a_run(0, 5, ascent_m=50.0, descent_m=40.0, hill_up_m=500.0, hill_down_m=300.0), a_run(2, 7, ascent_m=10.0,
            descent_m=10.0, hill_up_m=0.0, hill_down_m=0.0)]  # fmt: skip
    week = weeks_of(runs, 6).iloc[0]
    assert (week["runs"], week["distance_km"], week["duration_min"], week["longest_km"]) == (2, 12, 72, 7)
    assert (week["ascent_m"], week["descent_m"], week["hill_up_km"], week["hill_down_km"]) == (60, 50, 0.5, 0.3)
    assert week["complete"]


@pytest.mark.parametrize(("week_start", "first"), [("mon", "2026-01-05"), ("sun", "2026-01-04")])
def test_weeks_begin_on_monday_or_sunday(week_start, first):
    weeks = weeks_of([a_run(0), a_run(6)], 8, week_start=week_start)
    assert str(weeks.index[0].date()) == first
    assert weeks["runs"].tolist() == ([2, 0] if week_start == "mon" else [1, 1])


def test_a_week_is_complete_when_its_last_day_has_come():
    runs = runs_of_weeks(20, 20)
    assert weeks_of(runs, 12)["complete"].tolist() == [True, False]
    assert weeks_of(runs, 13)["complete"].tolist() == [True, True]


def test_as_of_leaves_later_days_out():
    daily = bare_weeks([20, 20, 30])
    pd.testing.assert_frame_equal(weekly_load(daily, as_of=day(13)), weekly_load(daily.iloc[:14]))


def test_of_the_unfinished_week_only_rolling_numbers_are_shown():
    week = weekly_load(bare_days([4.0] * 35 + [6.0] * 3)).iloc[-1]
    assert week["acwr"] == pytest.approx((4 * 4 + 3 * 6) / 28)
    assert (week["acwr_reason"], week["acwr_band"]) == ("partial_week", None)
    assert week[["change_pct", "build_change_pct", "monotony"]].isna().all()


def test_a_young_record_says_so_in_the_unfinished_week_too():
    assert weekly_load(bare_days([4.0] * 10))["acwr_reason"].tolist() == ["insufficient_history"] * 2


def test_change_against_nothing_is_null():
    weeks = weekly_load(bare_weeks([20, 0, 20]))
    assert np.isnan(weeks["change_pct"].iloc[2])
    assert weeks["change_pct_reason"].iloc[2] == "zero_previous"


def test_the_measure_decides_what_is_compared():
    runs = runs_of_weeks(20, 20, minutes=30) + runs_of_weeks(0, 0, 20, minutes=45)
    assert weeks_of(runs, 20)["change_pct"].iloc[-1] == 0
    assert weeks_of(runs, 20, measure="duration")["change_pct"].iloc[-1] == pytest.approx(50)


@pytest.mark.parametrize("wrong", [{"measure": "miles"}, {"measure": "fast"}, {"method": "x"}, {"week_start": "tue"}])
def test_what_is_not_offered_is_refused(wrong):
    with pytest.raises(ValueError, match=r"one of|mon or sun"):
        weekly_load(bare_weeks([20, 20]), **wrong)


def test_of_an_empty_log_there_are_no_weeks():
    weeks = weekly_load(daily_load(a_log([]), day(0)))
    assert len(weeks) == 0
    assert tuple(weeks.columns[: len(WEEK_KEYS)]) == WEEK_KEYS


def test_a_week_of_unmeasured_runs_has_no_number_and_neither_has_what_rests_on_it():
    runs = runs_of_weeks(20, 20, 20, 20, 20, 20, 20)
    unknown = [
        r | {"distance_m": None} if r["start"].date() >= day(35) and r["start"].date() < day(42) else r for r in runs
    ]
    weeks = weeks_of(unknown, 48)
    assert np.isnan(weeks["distance_km"].iloc[5])
    assert weeks["distance_km_reason"].iloc[5] == "missing_load"
    assert weeks["acwr_reason"].iloc[5:].tolist() == ["missing_load"] * 2
    assert weeks["change_pct_reason"].iloc[5:].tolist() == ["missing_load"] * 2
    assert not weeks["recovery"].any()
    assert weeks["build_change_pct"].iloc[6] == pytest.approx(0)
    assert weeks["runs"].iloc[5] == 4
    assert weeks["duration_min"].iloc[5] == pytest.approx(120)


def one_unknown(in_weeks: tuple[int, ...], amount: str, count: int = 8) -> list[dict[str, object]]:
    """Weeks of 4 x 10 km; in some of them one run lacks an amount."""
    runs = runs_of_weeks(*[40] * count)
    return [r | {amount: None} if n // 4 in in_weeks and n % 4 == 3 else r for n, r in enumerate(runs)]


def test_a_week_half_seen_shows_what_is_known_and_is_compared_with_nothing():
    weeks = weeks_of(one_unknown((4, 5, 6), "distance_m"), 55)
    assert weeks["distance_km"].tolist() == [40] * 4 + [30] * 3 + [40]
    assert weeks["load"].tolist() == weeks["distance_km"].tolist()
    assert not weeks["recovery"].any()
    assert not weeks["new_level"].any()
    assert weeks["change_pct_reason"].tolist()[4:] == ["missing_load"] * 4
    assert weeks["build_change_pct_reason"].tolist()[4:] == ["missing_load"] * 3 + [None]
    assert weeks["build_change_pct"].iloc[7] == pytest.approx(0)
    assert weeks["acwr_reason"].tolist()[4:] == ["missing_load"] * 4
    assert weeks["acwr_band"].isna().all()
    assert weeks["duration_build_pct"].tolist()[1:] == [0] * 7
    assert {w.code for w in check_weeks(weeks)} == {"LP015", "LP018"}


def test_one_run_without_time_leaves_the_minutes_uncompared_and_the_distance_alone():
    no_time = [r | {"elapsed_s": r["moving_s"]} for r in one_unknown((6,), "moving_s")]
    by_time = weeks_of(no_time, 55, measure="duration")
    assert by_time["change_pct_reason"].tolist()[6:] == ["missing_load"] * 2
    assert by_time["acwr_reason"].iloc[6] == "missing_load"
    assert weeks_of(no_time, 55)["change_pct"].tolist()[1:] == [0] * 7


def test_a_run_without_climb_leaves_distance_and_climb_compared():
    runs = [r | {"descent_m": 50.0} for r in runs_of_weeks(*[40] * 6, ascent_m=50.0)]
    indoors = [r | ({"ascent_m": None, "surface": "treadmill"} if n % 4 == 3 else {}) for n, r in enumerate(runs)]
    compared = ["change_pct", "build_change_pct", "acwr", "ascent_build_pct", "ascent_acwr"]
    assert weeks_of(indoors, 41)[compared].iloc[-1].tolist() == [0, 0, 1, 0, 1]


def test_hands_out_no_zero_for_what_no_watch_recorded():
    weeks = weeks_of(runs_of_weeks(20, 20), 13)
    assert (
        weeks[["ascent_m", "descent_m", "hill_up_km", "hill_down_km", "cadence_spm", "steps", "srpe"]]
        .isna()
        .all()
        .all()
    )


def test_planned_weeks_are_measured_like_others():
    real, planned = bare_weeks([40, 40, 44]), bare_weeks([40, 40, 44], phase=[None] * 14 + ["rebuild"] * 7)
    pd.testing.assert_frame_equal(
        weekly_load(real)[["change_pct", "build_change_pct", "acwr"]],
        weekly_load(planned)[["change_pct", "build_change_pct", "acwr"]],
    )


def test_the_longest_of_a_week_of_unknown_lengths_is_not_zero():
    weeks = weeks_of([a_run(0, 5), a_run(8, None, 40)], 20)
    assert weeks["longest_km"].tolist()[::2] == [5, 0]
    assert np.isnan(weeks["longest_km"].iloc[1])
    assert weeks["longest_km_reason"].tolist() == [None, "missing_load", None]
    assert weeks["longest_min"].tolist() == [30, 40, 0]


def test_climb_and_fast_minutes_have_their_own_change():
    weeks = weeks_of(runs_of_weeks(40, ascent_m=50.0) + runs_of_weeks(0, 40, ascent_m=60.0), 13)
    assert weeks["ascent_change_pct"].iloc[1] == pytest.approx(20)
    assert weeks["descent_change_pct_reason"].iloc[1] == "missing_load"


def test_running_minutes_stand_beside_and_change_nothing():
    weeks = weeks_of(runs_of_weeks(40, running_s=1800.0), 6)
    assert (weeks["running_min"].iloc[0], weeks["duration_min"].iloc[0]) == (120, 240)


def test_a_steady_runner_is_steady():
    week = weeks_of(runs_of_weeks(*[40] * 10), 69).iloc[-1]
    assert (week["change_pct"], week["build_change_pct"], week["spike_pct"]) == pytest.approx((0, 0, 0), abs=1e-9)
    assert week["acwr"] == pytest.approx(1)
    assert (week["acwr_band"], week["spike_band"]) == ("usual", "none")


def halves(run: dict) -> list[dict]:
    """The same run recorded as two, one right after the other."""
    seconds = run["moving_s"] / 2
    part = {k: run[k] / 2 for k in ("distance_m", "ascent_m", "descent_m", "hill_up_m", "steps")}
    part |= {"moving_s": seconds, "elapsed_s": seconds}
    second = (
        run | part | {"id": run["id"] + "-2", "start": run["start"] + pd.Timedelta(seconds=seconds).to_pytimedelta()}
    )
    return [run | part, second]


random_run = st.tuples(st.integers(0, 70), st.integers(2, 20), st.integers(0, 3), st.booleans())


@settings(max_examples=30, deadline=None)
@given(st.lists(random_run, min_size=1, max_size=30, unique_by=lambda r: r[0]))
def test_a_run_recorded_in_two_parts_changes_no_week(runs):
    whole = [
        a_run(d, float(km), ascent_m=20.0 * km, descent_m=10.0 * km, hill_up_m=100.0 * km, steps=1000.0 * km, rpe=3.0,
              cadence_spm=150.0 + km, shoe=f"pair {shoe}" if shoe else None, climb_source="device:x")
        for d, km, shoe, _ in runs
    ]  # fmt: skip
    parts = [p for run, (*_, split) in zip(whole, runs, strict=True) for p in (halves(run) if split else [run])]
    pd.testing.assert_frame_equal(weeks_of(parts, 80), weeks_of(whole, 80), rtol=1e-6, atol=1e-9)


@settings(max_examples=30, deadline=None)
@given(st.lists(st.integers(0, 30).map(float), min_size=8, max_size=120))
def test_weeks_sum_up_to_their_days(km):
    weeks = weekly_load(bare_days([5.0, *km]))
    assert weeks["distance_km"].sum() == pytest.approx(5 + sum(km))
    assert weeks["runs"].sum() == 1 + sum(x > 0 for x in km)
    assert all(week.weekday() == 0 for week in weeks.index)
