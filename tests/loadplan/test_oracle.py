"""The whole engine beside a slow and obvious one that shares no line with it."""

from __future__ import annotations

import random

import numpy as np
import pandas as pd
import pytest
import slow_load as slow
from hypothesis import given, settings
from hypothesis import strategies as st

from loadplan.acwr import acwr_by_day
from loadplan.daily import daily_load
from loadplan.fast import easy_speeds
from loadplan.monotony import fitness_fatigue, monotony_by_day
from loadplan.rules import check_weeks
from loadplan.sessions import spike_by_day
from loadplan.shoes import new_shoe_share
from loadplan.weekly import weekly_load
from run_logs import a_log, a_run, bare_days, bare_weeks, day

some_km = st.lists(st.sampled_from([0, 0, 0, 3, 5, 8, 13, 21]).map(float), min_size=8, max_size=110)
started = some_km.map(lambda km: [5.0, *km])


def same(ours: float, theirs: float | None) -> bool:
    return bool(np.isnan(ours)) if theirs is None else ours == pytest.approx(theirs, rel=1e-9, abs=1e-9)


@settings(max_examples=40, deadline=None)
@given(started, st.sampled_from([("uncoupled", 28), ("uncoupled", 21), ("coupled", 28), ("ewma", 28)]))
def test_ratio_and_band_of_every_day(km, variant):
    method, chronic = variant
    table = acwr_by_day(bare_days(km), method, 7, chronic)
    for t, (value, reason, band) in enumerate(zip(table["acwr"], table["reason"], table["band"], strict=True)):
        expected = slow.acwr(km, t, method, chronic)
        assert same(value, expected)
        back = slow.break_days_before(km, t)
        fresh = back is not None and back[1] < (35 if (method, chronic) == ("uncoupled", 28) else 28)
        weak = expected is not None and table["chronic"].iloc[t] < 5 - 1e-9
        if expected is not None and not fresh and not weak:
            assert (reason, band) == (None, slow.band(expected))
        elif expected is not None:
            assert band is None
            assert reason == ("post_layoff" if fresh else "low_chronic")


@settings(max_examples=40, deadline=None)
@given(started)
def test_spikes_with_the_floor_after_breaks(km):
    table = spike_by_day(bare_days(km, longest_km=km, longest_min=[6 * x for x in km]))
    judged = [x if 6 * x > 10 else 0.0 for x in km]
    for t, (value, band) in enumerate(zip(table["spike_pct"], table["band"], strict=True)):
        expected = slow.spike(judged, t)
        assert same(value, expected)
        assert band == slow.spike_band(expected)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.integers(15, 80).map(float), min_size=1, max_size=16))
def test_changes_recovery_weeks_and_new_levels(totals):
    weeks = weekly_load(bare_weeks(totals))
    recovery, _ = slow.recovery_and_levels(totals)
    assert weeks["recovery"].tolist() == recovery
    for k in range(len(totals)):
        assert same(weeks["change_pct"].iloc[k], slow.change(totals, k))
        assert same(weeks["build_change_pct"].iloc[k], slow.build_change(totals, k))


@settings(max_examples=30, deadline=None)
@given(started)
def test_monotony_strain_fitness_fatigue(km):
    daily = bare_days(km)
    foster, fit = monotony_by_day(daily), fitness_fatigue(daily, measure="distance")
    for t in range(len(km)):
        value, strain = slow.monotony(km, t)
        assert same(foster["monotony"].iloc[t], value)
        assert same(foster["strain"].iloc[t], strain)
        ctl, atl, tsb = slow.fitness(km, t)
        assert (fit["ctl"].iloc[t], fit["atl"].iloc[t]) == pytest.approx((ctl, atl))
        assert same(fit["tsb"].iloc[t], tsb)
        assert fit["reason"].iloc[t] == ("insufficient_history" if t < 41 else None)


pair = st.tuples(st.integers(1, 60), st.integers(3, 20).map(float), st.sampled_from("abc"))


@settings(max_examples=40, deadline=None)
@given(st.lists(pair, min_size=1, max_size=30, unique_by=lambda r: r[0]))
def test_the_share_of_new_pairs(drawn):
    runs = [(0, 8.0, "a"), *drawn]
    daily = daily_load(a_log([a_run(d, km, shoe=shoe) for d, km, shoe in runs]), day(61))
    for t, value in enumerate(new_shoe_share(daily)["share"]):
        assert same(value, slow.new_share(runs, t))


@settings(max_examples=40, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 80), st.floats(2, 5)), min_size=1, max_size=40))
def test_the_own_easy_speed(drawn):
    runs = sorted(drawn)
    found = easy_speeds(np.array([d for d, _ in runs]), np.array([v for _, v in runs]))
    for (at, _), value in zip(runs, found, strict=True):
        assert same(value, slow.easy_speed(runs, at))


# ---------------------------------------------------------------- what must not matter
def log_of(seed: int, days: int = 90) -> list[dict]:
    """A made runner with everything that a log may hold."""
    rng = random.Random(seed)
    runs = []
    for d in range(days):
        if rng.random() < 0.55:
            km = rng.uniform(3, 18)
            runs.append(
                a_run(d, km, km * rng.uniform(4.5, 7), hour=rng.choice([6, 7, 18]), ascent_m=rng.uniform(0, 300),
                      descent_m=rng.uniform(0, 300), climb_source=rng.choice(["device:a", "device:a", "gps"]),
                      cadence_spm=rng.uniform(155, 175), steps=km * 1000, rpe=float(rng.randint(2, 8)),
                      surface=rng.choice(["road", "trail", None]), shoe=rng.choice(["a", "b", None]))
            )  # fmt: skip
    return runs


@pytest.mark.parametrize("seed", range(6))
def test_the_values_of_a_week_never_change_when_later_runs_are_added(seed):
    runs = log_of(seed)
    cut = 55
    early = weekly_load(daily_load(a_log([r for r in runs if r["start"].date() <= day(cut)]), day(cut)))
    late = weekly_load(daily_load(a_log(runs), day(89))).loc[early.index]
    whole = early["complete"]
    pd.testing.assert_frame_equal(early[whole], late[whole])
    assert check_weeks(early[whole]) == check_weeks(late[whole])


@pytest.mark.parametrize("seed", range(4))
def test_the_order_of_the_runs_does_not_matter(seed):
    runs = log_of(seed)
    mixed = random.Random(seed).sample(runs, len(runs))
    ours, theirs = (weekly_load(daily_load(a_log(x), day(89))) for x in (mixed, runs))
    pd.testing.assert_frame_equal(ours, theirs)


@pytest.mark.parametrize("seed", range(4))
def test_everything_a_week_later_is_the_same_a_week_later(seed):
    runs = log_of(seed)
    later = [r | {"start": r["start"] + pd.Timedelta(days=7).to_pytimedelta()} for r in runs]
    ours, theirs = (weekly_load(daily_load(a_log(x), day(n))) for x, n in ((runs, 89), (later, 96)))
    moved = {"last_day", "spike_day", "young_pairs"}
    keep = [c for c in ours.columns if c not in moved]
    pd.testing.assert_frame_equal(ours[keep].reset_index(drop=True), theirs[keep].reset_index(drop=True))


@pytest.mark.parametrize("measure", ["distance", "duration", "steps", "ascent", "descent", "srpe"])
@pytest.mark.parametrize("method", ["uncoupled", "coupled", "ewma"])
def test_every_measure_goes_with_every_method(measure, method):
    weeks = weekly_load(daily_load(a_log(log_of(3)), day(89)), method=method, measure=measure)
    last = weeks[weeks["complete"]].iloc[-1]
    assert np.isfinite(last["acwr"])
    assert last["load"] > 0
    assert (last["acwr_band"] is None) == (measure in ("ascent", "descent"))
    assert np.isfinite(last[["change_pct", "monotony", "ctl"]].astype(float)).all()


@pytest.mark.parametrize("amount", ["distance_m", "moving_s", "ascent_m", "steps", "rpe", "cadence_spm"])
def test_unknown_is_not_zero(amount):
    runs = [r | {amount: None, "elapsed_s": None} for r in log_of(2)]
    renamed = {"distance_m": "distance_km", "moving_s": "duration_min", "rpe": "srpe"}
    column = renamed.get(amount, amount)
    weeks = weekly_load(daily_load(a_log(runs), day(89)))
    ran = weeks[weeks["runs"] > 0]
    assert len(ran) > 5
    assert ran[column].isna().all()
    assert set(ran[f"{column}_reason"]) <= {"missing_load", "not_recorded"}
