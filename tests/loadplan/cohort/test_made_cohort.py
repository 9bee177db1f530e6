"""Runners who never were: their tables are those of real runs, and the analysis finds what was planted and no more."""

from __future__ import annotations

from functools import cache

import numpy as np
import pandas as pd
import pytest

from loadplan.acwr import METHODS
from loadplan.cohort.before_injury import PRIMARY
from loadplan.cohort.flags import FLAGS
from loadplan.cohort.study import summary, sums
from loadplan.cohort.tables import typed
from loadplan.daily import daily_load
from loadplan.runlog import log_table
from loadplan.synthetic.cohort import FIRST, WEEKLY_HAZARD, MadeCohort, spiked_week, tell_cohort
from loadplan.synthetic.cohort_weeks import COLUMN, cohort_weeks
from loadplan.weekly import weekly_load

SEEDS = range(8)
RUNNERS, WEEKS, TIMES = 300, 104, 3.0
"""As on the page ``docs/cohort.md``."""


@cache
def small() -> MadeCohort:
    return tell_cohort(12, 80, seed=5, times=TIMES)


@cache
def answer(seed: int, times: float) -> tuple[float, float, float]:
    """Of the question: the odds ratio, and its interval over runners."""
    made = tell_cohort(RUNNERS, WEEKS, seed=seed, times=times)
    none = typed({name: [] for name in FLAGS}, FLAGS)
    found = summary(sums(cohort_weeks(made), none, pd.DataFrame(made.injury_rows())))["before_injury"]["answers"][0]
    assert found["name"] == PRIMARY
    return found["odds_ratio"], found["over_runners"]["low"], found["over_runners"]["high"]


def test_the_planted_effect_is_found_in_every_cohort() -> None:
    assert all(answer(seed, TIMES)[1] > 1 for seed in SEEDS)


def test_nothing_is_found_where_nothing_is_planted_but_by_chance() -> None:
    """Of 8 cohorts one or two may stand out by chance: 3 or more have a probability below 1 in 100."""
    found = [answer(seed, 1.0) for seed in SEEDS]
    assert sum(low > 1 or high < 1 for _, low, high in found) <= 2
    assert np.exp(np.mean([np.log(ratio) for ratio, _, _ in found])) == pytest.approx(1.0, abs=0.1)


def test_a_weaker_effect_gives_a_smaller_number() -> None:
    by_times = {times: np.mean([np.log(answer(seed, times)[0]) for seed in range(4)]) for times in (1.0, 2.0, TIMES)}
    assert by_times[1.0] < by_times[2.0] < by_times[TIMES]


def test_the_same_seed_gives_the_same_runners_and_another_one_others() -> None:
    again = tell_cohort(12, 80, seed=5, times=TIMES)
    assert np.array_equal(again.metres, small().metres)
    assert again.injuries == small().injuries
    assert not np.array_equal(tell_cohort(12, 80, seed=6).metres, small().metres)


def test_injuries_are_as_frequent_as_was_planted() -> None:
    """Per week with a run, apart from what follows a spike; four standard errors."""
    made = tell_cohort(600, 104, seed=3, times=TIMES)
    ran = made.metres.reshape(600, 104, 7).sum(axis=2) > 0
    spiked = np.stack([spiked_week(made.metres, week) for week in range(104)], axis=1)
    after = np.zeros_like(spiked)
    for ago in (1, 2):
        after[:, ago:] |= spiked[:, :-ago]
    hurt = np.zeros_like(ran)
    for runner, day, _ in made.injuries:
        hurt[runner, day // 7] = True
    for raised, rate in ((False, WEEKLY_HAZARD), (True, TIMES * WEEKLY_HAZARD)):
        weeks = (ran | hurt) & (after == raised)
        count = weeks.sum()
        assert (hurt & weeks).sum() / count == pytest.approx(rate, abs=4 * np.sqrt(rate / count))


def test_nobody_runs_while_injured() -> None:
    for runner, day, lost in small().injuries:
        assert small().metres[runner, day] > 0
        assert not small().metres[runner, day + 1 : day + 1 + lost].any()


@pytest.mark.parametrize("runner", range(12))
def test_the_weeks_of_all_runners_at_once_are_those_of_each_alone(runner: int) -> None:
    made = small()
    mine = cohort_weeks(made)
    mine = mine[mine["runner"] == made.labels[runner]].set_index("week")
    daily = daily_load(log_table(made.runs(runner)), made.last_day)
    for method in METHODS:
        weeks = weekly_load(daily, method=method)
        weeks.index = pd.Index([day.date().isoformat() for day in weeks.index])
        assert list(mine.index) == list(weeks.index)
        column = COLUMN[method]
        same(mine[column], weeks["acwr"], 1e-9)
        assert mine[f"{column}_band"].tolist() == weeks["acwr_band"].tolist()
    for name in ("runs", "distance_km", "duration_min", "longest_km", "change_pct", "first_part"):
        same(mine[name], weeks[name], 1e-9)
    known = mine["spike_pct"].notna()
    same(mine["spike_pct"][known], weeks["spike_pct"][known], 1e-9)
    assert mine["spike_band"][known].tolist() == weeks["spike_band"][known].tolist()
    assert known.sum() > 20


def same(one: pd.Series[float], other: pd.Series[float], within: float) -> None:
    np.testing.assert_allclose(one.astype(float), other.astype(float), rtol=within, atol=within)


def test_the_table_begins_with_each_runners_first_run() -> None:
    weeks = cohort_weeks(small())
    assert weeks["week"].min() == FIRST.isoformat()
    assert (weeks.groupby("runner")["runs"].first() > 0).all()
