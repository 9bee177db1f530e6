"""What each rule could have spoken of: held against the rules themselves on histories of many kinds."""

from __future__ import annotations

import random
from functools import cache
from typing import Any

import numpy as np
import pandas as pd
import pytest

from loadplan.acwr import acwr_by_day
from loadplan.cohort.flags import BARE, CHANGE, flags
from loadplan.cohort.judged import COULD, judged_weeks
from loadplan.cohort.shares import PUBLISHED, flag_sums, shares
from loadplan.daily import daily_load
from loadplan.load_warning import NAMES
from loadplan.rules import RULES, check_weeks
from loadplan.weekly import weekly_load
from run_logs import MONDAY, a_log, a_run, day, runs_of_weeks

LOUD: dict[str, dict[str, Any]] = {
    "LP001": {"change_pct": 900.0, "load": 900.0},
    "LP002": {"build_change_pct": 900.0, "load": 900.0},
    "LP003": {"acwr": 1.4, "acwr_band": "raised"},
    "LP004": {"acwr": 2.0, "acwr_band": "high"},
    "LP005": {"spike_pct": 900.0, "spike_band": "large"},
    "LP006": {"long_runs": 5},
    "LP007": {"ascent_build_pct": 900.0, "ascent_rise": 900.0, "ascent_m": 9000.0},
    "LP008": {"descent_build_pct": 900.0, "descent_rise": 900.0, "descent_m": 9000.0},
    "LP009": {
        "distance_build_pct": 900.0, "distance_rise": 900.0, "duration_build_pct": 900.0, "duration_rise": 900.0,
        "spike_pct": 900.0, "spike_band": "large", "ascent_build_pct": 900.0, "ascent_rise": 900.0,
        "descent_build_pct": 900.0, "descent_rise": 900.0, "fast_build_pct": 900.0, "fast_rise": 900.0,
        "surface_rise": 1.0, "surface_rise_km": 900.0, "new_shoe_share": 1.0, "cadence_adjusted_spm": 900.0,
    },
    "LP010": {"new_shoe_share": 1.0, "young_shoe_share": 1.0},
    "LP011": {"big_shoe_share": 5.0},
    "LP012": {},
    "LP013": {"cadence_change_pct": -90.0},
    "LP014": {"monotony": 90.0},
    "LP015": {"weeks_without_recovery": 90},
    "LP016": {"run_streak_days": 90},
    "LP017": {},
    "LP018": {"distance_missing": 1},
}  # fmt: skip
"""What makes a rule speak where its numbers are known; only known ones are raised. LP012 and LP017 tell of an event."""
TOLD = {"LP012": {"worn_shoes": (("a", 500.0, 510.0),)}, "LP017": {"new_climb_source": "device"}}


@cache
def history(seed: int) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Two years of one runner: gaps, pairs, climb of two sources, cadence, surfaces, runs that lack a number."""
    dice = random.Random(seed)
    runs, off = [], 0
    for number in range(730):
        if off:
            off -= 1
            continue
        if dice.random() < 0.012:
            off = dice.choice([8, 12, 35])
        if dice.random() < 0.5:
            continue
        km = None if dice.random() < 0.02 else round(dice.uniform(2, 16), 3)
        more: dict[str, Any] = {"shoe": f"pair {number // 140}"} if dice.random() < 0.9 else {}
        if dice.random() < 0.8:
            more |= {"ascent_m": dice.uniform(0, 200), "descent_m": dice.uniform(0, 200),
                     "climb_source": "device" if number < 400 else "barometric"}  # fmt: skip
        if seed % 2:
            more |= {"cadence_spm": dice.uniform(150, 175), "running_s": 1800.0}
        more["surface"] = dice.choice(["road", "trail"])
        runs.append(a_run(number, km, dice.uniform(20, 90), **more))
    stated = {"pair 2": {"drop_mm": 0.0, "stack_mm": 10.0}, "pair 1": {"drop_mm": 10.0, "stack_mm": 30.0}}
    daily = daily_load(a_log(runs), day(740), shoes=stated)
    return daily, weekly_load(daily)


SEEDS = range(4)


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("code", NAMES)
def test_a_rule_can_speak_of_each_week_that_counts_for_it(code: str, seed: int) -> None:
    _, weeks = history(seed)
    rule = RULES[list(NAMES).index(code)]
    for row, judged in zip(weeks.assign(week=weeks.index).to_dict("records"), judged_weeks(weeks)[code], strict=True):
        known = {name: value for name, value in LOUD[code].items() if not pd.isna(row[name])}
        spoken = rule({**row, **known, **TOLD.get(code, {})})
        assert spoken or not judged, row["week"]


def test_histories_hold_weeks_of_both_kinds_for_most_rules() -> None:
    """So that the tests around are about something."""
    counts = {code: [0, 0] for code in NAMES}
    for seed in SEEDS:
        weeks = history(seed)[1]
        ran = weeks["whole"] & (weeks["runs"] > 0)
        for code, judged in judged_weeks(weeks).items():
            counts[code][0] += int(judged.sum())
            counts[code][1] += int((ran & ~judged).sum())
    assert all(judged for judged, _ in counts.values()), counts
    always = {"LP016", "LP018"}
    assert all(unknown for code, (_, unknown) in counts.items() if code not in always), counts


@pytest.mark.parametrize("seed", SEEDS)
def test_no_rule_speaks_of_a_week_that_does_not_count_for_it(seed: int) -> None:
    _, weeks = history(seed)
    judged = judged_weeks(weeks)
    ran = weeks["whole"] & (weeks["runs"] > 0)
    spoken = [one for one in check_weeks(weeks) if one.week and ran[pd.Timestamp(one.week)]]
    assert spoken
    for one in spoken:
        assert judged[one.code][weeks.index.get_loc(pd.Timestamp(one.week))], (one.code, one.week)


@pytest.mark.parametrize("code", [code for code in NAMES if LOUD[code] and code not in ("LP006", "LP016", "LP018")])
def test_a_week_whose_numbers_are_not_known_does_not_count(code: str) -> None:
    _, weeks = history(1)
    blank = weeks.copy()
    for name in LOUD[code]:
        blank[name] = None if blank[name].dtype == object else np.nan
    if code in ("LP007", "LP008"):
        blank[f"{NAMES[code]}_build_reason"] = None
    assert not judged_weeks(blank)[code].any()
    assert judged_weeks(weeks)[code].any()


@pytest.mark.parametrize(("state", "codes"), [("ladder", ["LP015"]), ("planned", ["LP001", "LP007", "LP008"])])
def test_weeks_of_a_plan_do_not_count_for_rules_that_are_silent_in_them(state: str, codes: list[str]) -> None:
    _, weeks = history(1)
    planned = weeks.assign(**{state: True}, week=weeks.index)
    for code in codes:
        assert not judged_weeks(planned)[code].any()
        rule = RULES[list(NAMES).index(code)]
        assert not any(rule({**row, **LOUD[code]}) for row in planned.to_dict("records"))


def test_every_rule_has_its_line_and_its_flags() -> None:
    assert list(COULD) == list(NAMES)
    daily, weeks = history(0)
    found = flags(daily, weeks, check_weeks(weeks))
    assert set(found) == {(unit, by) for unit in ("week", "session") for by in (*NAMES, *BARE)}
    assert all(flagged <= judged for judged, flagged in found.values())


def test_weeks_are_counted_beside_the_warnings() -> None:
    daily, weeks = history(0)
    warnings = check_weeks(weeks)
    ran = weeks["whole"] & (weeks["runs"] > 0)
    for code in NAMES:
        mine = {one.week for one in warnings if one.code == code and one.week and ran[pd.Timestamp(one.week)]}
        assert flags(daily, weeks, warnings)["week", code][1] == len(mine), code


def test_sessions_of_the_bare_methods_are_the_days_run_on_which_they_are_known() -> None:
    daily = daily_load(a_log(runs_of_weeks(20, 20, 20, 20, 31, 20, 8)), day(48))
    weeks = weekly_load(daily)
    found = flags(daily, weeks, check_weeks(weeks))
    ran = (daily["runs"] > 0).to_numpy()
    for method in ("uncoupled", "coupled", "ewma"):
        values = acwr_by_day(daily, method)["acwr"].to_numpy()
        expected = (int((ran & ~np.isnan(values)).sum()), int((ran & (values >= 1.5)).sum()))
        assert found["session", method] == expected
        assert found["session", method][0] > 0


def test_the_rolling_change_is_seven_days_against_the_seven_before_and_unknown_before_a_fortnight() -> None:
    daily = daily_load(a_log([a_run(n, 10 if n < 7 else 13) for n in range(14)]), day(13))
    found = flags(daily, weekly_load(daily), [])
    assert found["session", CHANGE] == (1, 1)  # only on the last day are both weeks known, and it is 30 %
    less = daily_load(a_log([a_run(n, 10 if n < 7 else 12.9) for n in range(14)]), day(13))
    assert flags(less, weekly_load(less), [])["session", CHANGE] == (1, 0)


def test_a_run_without_distance_makes_the_change_unknown_and_not_small() -> None:
    runs = [a_run(n, None if n == 3 else 10, 60) for n in range(14)]
    daily = daily_load(a_log(runs), day(13))
    assert flags(daily, weekly_load(daily), [])["session", CHANGE] == (0, 0)


def test_nobody_who_ran_has_flags_of_zero_weeks() -> None:
    daily = daily_load(a_log([]), MONDAY)
    assert set(flags(daily, weekly_load(daily), []).values()) == {(0, 0)}


def test_shares_are_pooled_and_of_each_runner() -> None:
    rows = [("a", "week", "LP005", 90, 9), ("b", "week", "LP005", 10, 9), ("c", "week", "LP005", 0, 0)]
    table = pd.DataFrame(rows, columns=["runner", "unit", "by", "judged", "flagged"])
    found = {(one.unit, one.by): one for one in shares(flag_sums(table, pd.Index(["a", "b", "c"])))}
    spikes = found["week", "LP005"]
    assert (spikes.share, spikes.mean_of_runners, spikes.runners) == (0.18, 0.5, 2)
    assert spikes.interval == pytest.approx((0.1170, 0.2666), abs=5e-4)  # 18 of 100, Wilson
    assert {by for (unit, by), one in found.items() if one.published_pct is not None} == set(PUBLISHED)
    assert all(one.unit == "session" for one in found.values() if one.published_pct is not None)
