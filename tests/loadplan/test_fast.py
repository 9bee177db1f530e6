"""Fast minutes: from the samples where they are known, else by whole runs; never one against the other."""

from __future__ import annotations

import numpy as np
import pytest

from importers.spread import SPEED_STEP_M_S, Spread
from loadplan.daily import daily_load
from loadplan.rules import check_weeks
from loadplan.weekly import weekly_load
from run_logs import a_log, a_run, day

EASY = 1000 / 360
"""m/s; 6 min/km, the pace of a_run."""


def spread(**minutes_at: float) -> str:
    """A histogram of speed: minutes at a share of the easy speed, such as x100=30, x130=5."""
    held = {int(int(k[1:]) / 100 * EASY / SPEED_STEP_M_S): round(60 * v) for k, v in minutes_at.items()}
    first = min(held)
    return Spread(speed_s=(first, tuple(held.get(n, 0) for n in range(first, max(held) + 1)))).to_text()


def week_of(last: list[dict], before: str | None = None, weeks: int = 4):
    base = [a_run(7 * w + d, 10, spread=before) for w in range(weeks) for d in (0, 2, 4, 6)]
    return weekly_load(daily_load(a_log(base + last), day(7 * weeks + 6)))


def test_intervals_in_an_easy_run_are_fast_minutes():
    easy = spread(x100=60)
    weeks = week_of([a_run(28 + d, 10, spread=spread(x95=48, x130=12)) for d in (0, 2)], easy)
    assert weeks["fast_min"].iloc[-1] == pytest.approx(24)
    assert weeks["fast_min"].iloc[1:-1].tolist() == [0, 0, 0]
    assert weeks["fast_source"].iloc[-1] == "samples"
    assert (weeks["fast_rise"].iloc[-1], weeks["fast_build_reason"].iloc[-1]) == (pytest.approx(24), "zero_reference")


def test_the_limit_itself_cuts_its_bin():
    limit = 1.15 * EASY
    held = Spread(speed_s=(int(limit / SPEED_STEP_M_S), (600,))).to_text()
    weeks = week_of([a_run(28, 10, spread=held)], spread(x100=60))
    above = 1 - (limit / SPEED_STEP_M_S) % 1
    assert weeks["fast_min"].iloc[-1] == pytest.approx(10 * above, rel=1e-6)


def test_a_run_known_by_its_mean_alone_is_fast_or_not_as_a_whole():
    weeks = week_of([a_run(28, 10, 48), a_run(30, 10, 55)])
    assert weeks["fast_min"].iloc[-1] == pytest.approx(48)
    assert weeks["fast_source"].iloc[-1] == "mean"


def test_minutes_of_samples_are_not_compared_with_minutes_of_means():
    weeks = week_of([a_run(28 + d, 10, spread=spread(x95=40, x130=20)) for d in (0, 2, 4)])
    assert weeks["fast_min"].iloc[-1] == pytest.approx(60)
    assert np.isnan(weeks["fast_rise"].iloc[-1])
    assert weeks["fast_build_reason"].iloc[-1] == "source_change"
    assert "fast minutes" not in " ".join(w.message for w in check_weeks(weeks))


def test_without_an_own_easy_speed_nothing_is_fast_or_slow():
    weeks = weekly_load(daily_load(a_log([a_run(d, 10, spread=spread(x130=60)) for d in (0, 2, 4)]), day(6)))
    assert np.isnan(weeks["fast_min"].iloc[0])
    assert weeks["fast_min_reason"].iloc[0] == "missing_load"


def test_a_session_of_two_recordings_sums_both():
    easy = spread(x100=60)
    parts = [a_run(28, 5, spread=spread(x95=24, x130=6)), a_run(28, 5, hour=7.6, spread=spread(x130=10, x95=20))]
    weeks = week_of(parts, easy)
    assert (weeks["runs"].iloc[-1], weeks["fast_min"].iloc[-1]) == (1, pytest.approx(16))
