"""Cadence: the own baseline, and weeks against it at equal speed."""

from __future__ import annotations

import numpy as np
import pytest

from loadplan.cadence import cadence_baseline
from loadplan.daily import daily_load
from loadplan.weekly import weekly_load
from run_logs import a_log, a_run, day


def table(*runs, until: int = 27):
    return daily_load(a_log(runs), day(until))


def easy(n: int, spm: float, *, speed: float = 2.5, minutes: float = 30.0):
    return a_run(n, speed * minutes * 60 / 1000, minutes, cadence_spm=spm)


def test_the_baseline_is_the_median_of_the_last_five_easy_runs():
    runs = [easy(n, spm) for n, spm in enumerate([150, 150, 160, 161, 162, 163, 170])]
    found = cadence_baseline(table(*runs))
    assert (found.cadence_spm, found.runs, found.reason) == (162, 5, None)
    assert found.speed_m_s == pytest.approx(2.5)


def test_fast_runs_are_not_easy_ones():
    runs = [easy(n, 160) for n in range(6)] + [easy(n, 190, speed=2.8) for n in (6, 7)]
    assert cadence_baseline(table(*runs)).cadence_spm == 160


def test_short_runs_are_added_until_they_make_half_an_hour():
    runs = [easy(n, spm, minutes=5) for n, spm in enumerate([150, 152, 154, 156, 158, 160])]
    assert cadence_baseline(table(*runs)).cadence_spm == 155
    assert cadence_baseline(table(*runs[1:])).reason == "insufficient_history"


def test_four_runs_or_runs_of_long_ago_are_no_baseline():
    few = cadence_baseline(table(*(easy(n, 160) for n in range(4))))
    assert np.isnan(few.cadence_spm)
    assert few.reason == "insufficient_history"
    assert cadence_baseline(table(*(easy(n, 160) for n in range(6)), until=40)).reason == "insufficient_history"


def test_the_own_slope_is_used_from_ten_runs_of_different_speed_on():
    runs = [easy(n, 160 + 8 * (0.05 * n), speed=2.4 + 0.05 * n) for n in range(10)]
    assert cadence_baseline(table(*runs)).slope_spm_per_m_s == pytest.approx(8)
    assert cadence_baseline(table(*runs[:9])).slope_spm_per_m_s == 5.6
    same = [easy(n, 160 + n % 2) for n in range(12)]
    assert cadence_baseline(table(*same)).slope_spm_per_m_s == 5.6


def test_a_slow_run_lies_on_the_baseline_when_speed_explains_it():
    runs = [easy(n, 160) for n in range(0, 21, 3)] + [easy(22, 160 - 5.6 * 0.5, speed=2.0), easy(24, 150)]
    weeks = weekly_load(table(*runs[:-1]))
    assert weeks["cadence_spm"].iloc[-1] == pytest.approx(157.2)
    assert weeks["cadence_change_pct"].iloc[-1] == pytest.approx(0)
    tired = weekly_load(table(*runs[:-2], runs[-1]))
    assert tired["cadence_change_pct"].iloc[-1] == pytest.approx(100 * (150 / 160 - 1))


def test_without_cadence_the_week_says_so():
    weeks = weekly_load(table(*(a_run(n, 5) for n in range(0, 28, 2))))
    assert weeks["cadence_spm"].isna().all()
    assert set(weeks["cadence_spm_reason"]) == {"not_recorded"}
