"""The ratio: published values, a slow oracle, its identities, and its reasons for saying nothing."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from loadplan.acwr import METHODS, acwr_bands, acwr_by_day, ratio
from run_logs import bare_days, bare_weeks

GOLDEN = json.loads((Path(__file__).parents[1] / "data" / "golden.json").read_text())
loads = st.lists(st.integers(0, 20).map(float), min_size=36, max_size=90)


def last(daily: pd.DataFrame, method: str = "uncoupled", chronic: int = 28, **more: str) -> pd.Series:
    return acwr_by_day(daily, method, 7, chronic, **more).iloc[-1]


def slow(load: list[float], method: str, chronic: int, t: int) -> float | None:
    """The formulas of the evidence page, term by term."""
    if method == "ewma":
        short = long = load[0]
        for x in load[1 : t + 1]:
            short = x * 2 / 8 + short * 6 / 8
            long = x * 2 / (chronic + 1) + long * (chronic - 1) / (chronic + 1)
        return short / long if long else None
    acute = sum(load[t - 6 : t + 1])
    days = load[t - 6 - chronic : t - 6] if method == "uncoupled" else load[t - chronic + 1 : t + 1]
    return (acute / 7) / (sum(days) / chronic) if sum(days) else None


@pytest.mark.parametrize("athlete", GOLDEN["menaspa_williams_2017"]["athletes"].values(), ids=["1", "2", "3"])
def test_published_athletes(athlete):
    daily = bare_days(athlete["daily_load"])
    assert last(daily, "coupled")["acwr"] == pytest.approx(athlete["coupled_7_28"], abs=1e-9)
    assert last(daily, "uncoupled", 21)["acwr"] == pytest.approx(athlete["uncoupled_7_21"], abs=1e-9)
    ewma = last(daily, "ewma")
    assert ewma["acwr"] == pytest.approx(athlete["ewma_acwr"], abs=1e-9)
    assert (ewma["acute"] / 7, ewma["chronic"] / 7) == pytest.approx((athlete["ewma_acute"], athlete["ewma_chronic"]))
    assert not ewma["settled"]


@pytest.mark.parametrize("row", GOLDEN["weekly"], ids=lambda row: "-".join(map(str, row["weeks"])))
@pytest.mark.parametrize(("key", "method", "chronic"), [
    ("uncoupled", "uncoupled", 28), ("coupled", "coupled", 28), ("uncoupled_21", "uncoupled", 21)])  # fmt: skip
def test_golden_weeks(row, key, method, chronic):
    found = last(bare_weeks(row["weeks"]), method, chronic)
    if row[key] is None:
        assert np.isnan(found["acwr"])
        assert (found["reason"], found["band"]) == ("zero_chronic", None)
    else:
        assert found["acwr"] == pytest.approx(row[key], abs=1e-9)


def test_a_long_run_hides_from_the_ratio():
    vector = GOLDEN["long_run_blindspot"]
    daily = bare_days(vector["daily_km"])
    assert last(daily)["acwr"] == pytest.approx(vector["uncoupled"])
    assert last(daily, "coupled")["acwr"] == pytest.approx(vector["coupled"])
    assert last(daily, "ewma")["acwr"] == pytest.approx(vector["ewma_seed_first_day"])


@pytest.mark.parametrize(("weeks", "band"), [
    ([25, 25, 25, 25, 19], "lower"), ([25, 25, 25, 25, 20], "usual"), ([20, 20, 20, 20, 26], "usual"),
    ([20, 20, 20, 20, 26.1], "raised"), ([20, 20, 20, 20, 30], "raised"), ([20, 20, 20, 20, 31], "high")])  # fmt: skip
def test_bands_are_closed_below(weeks, band):
    assert last(bare_weeks(weeks))["band"] == band


def test_bands_bear_a_tolerance():
    near = np.array([0.8 - 1e-10, 1.3 + 1e-10, 1.5 + 1e-10, 0.8 - 1e-8, 1.3 + 1e-8, 1.5 + 1e-8, np.nan])
    assert acwr_bands(near).tolist() == ["usual", "usual", "raised", "lower", "raised", "high", None]


@settings(max_examples=60, deadline=None)
@given(loads, st.sampled_from([("uncoupled", 28), ("uncoupled", 21), ("coupled", 28), ("ewma", 28)]))
def test_every_day_agrees_with_the_slow_formula(load, variant):
    method, chronic = variant
    table = acwr_by_day(bare_days(load), method, 7, chronic)
    span = chronic + (7 if method == "uncoupled" else 0)
    for t, (value, reason) in enumerate(zip(table["acwr"], table["reason"], strict=True)):
        expected = slow(load, method, chronic, t) if t + 1 >= span else None
        if expected is None:
            assert np.isnan(value)
            assert reason == ("zero_chronic" if t + 1 >= span else "insufficient_history")
        else:
            assert value == pytest.approx(expected, rel=1e-9, abs=1e-9)


@settings(max_examples=40, deadline=None)
@given(loads, st.sampled_from(METHODS), st.floats(0.01, 1000))
def test_scaling_all_loads_changes_no_ratio(load, method, factor):
    np.testing.assert_allclose(
        ratio(np.array(load) * factor, method).acwr, ratio(np.array(load), method).acwr, rtol=1e-9, atol=1e-12
    )


@settings(max_examples=40, deadline=None)
@given(loads)
def test_coupled_follows_from_uncoupled_on_the_same_28_days(load):
    u = ratio(np.array(load), "uncoupled", 7, 21).acwr[27:]
    c = ratio(np.array(load), "coupled", 7, 28).acwr[27:]
    known = ~np.isnan(u)
    np.testing.assert_allclose(c[known], 4 * u[known] / (u[known] + 3), rtol=1e-9, atol=1e-9)
    assert np.nanmax(c, initial=0) <= 4 + 1e-9


@pytest.mark.parametrize("method", METHODS)
def test_a_constant_load_gives_one(method):
    table = acwr_by_day(bare_days([6.3] * 200), method)
    np.testing.assert_allclose(table["acwr"].dropna(), 1.0, rtol=1e-9)
    assert set(table["band"].dropna()) == {"usual"}


def test_a_block_of_runners_gives_each_runner_their_own_numbers():
    rng = np.random.default_rng(1)
    block, first = rng.integers(0, 15, (5, 120)).astype(float), np.array([0, 3, 40, 65, 70])
    for row, start in zip(block, first, strict=True):
        row[:start] = 0
        row[start] = 7
    for method in METHODS:
        together = ratio(block, method, first=first).acwr
        for k, start in enumerate(first):
            alone = ratio(block[k, start:], method).acwr
            np.testing.assert_allclose(together[k, start + 35 :], alone[35:], rtol=1e-9, atol=1e-9)


def test_ewma_agrees_with_pandas():
    load = pd.Series(np.random.default_rng(2).integers(0, 20, 5500).astype(float))
    expected = load.ewm(span=7, adjust=False).mean() / load.ewm(span=28, adjust=False).mean()
    np.testing.assert_allclose(ratio(load.to_numpy(), "ewma").acwr, expected, rtol=1e-9)


def test_history_counts_the_first_and_the_last_day():
    for method, needs in (("uncoupled", 35), ("coupled", 28), ("ewma", 28)):
        table = acwr_by_day(bare_days([5.0] * 40), method)
        assert table["reason"].notna().sum() == needs - 1
        assert np.isnan(table["acwr"].iloc[needs - 2])
        assert table["acwr"].iloc[needs - 1] == pytest.approx(1)


def test_little_running_has_a_value_and_no_band():
    found = last(bare_weeks([4.9, 4.9, 4.9, 4.9, 4.9]))
    assert (found["reason"], found["band"]) == ("low_chronic", None)
    assert found["acwr"] == pytest.approx(1)
    assert last(bare_weeks([5, 5, 5, 5, 5]))["band"] == "usual"


def test_after_a_break_the_value_is_shown_without_a_band_for_35_days():
    load = [5.0] * 60 + [0.0] * 7 + [5.0] * 60
    table = acwr_by_day(bare_days(load))
    grey = np.flatnonzero(table["reason"] == "post_layoff")
    assert (grey[0], grey[-1]) == (67, 66 + 34)
    assert table["band"].iloc[66 + 35] == "usual"
    coupled = np.flatnonzero(acwr_by_day(bare_days(load), "coupled")["reason"] == "post_layoff")
    assert coupled[-1] == 66 + 27


def test_six_days_off_are_no_break():
    table = acwr_by_day(bare_days([5.0] * 60 + [0.0] * 6 + [5.0] * 40))
    assert "post_layoff" not in set(table["reason"])


def test_a_month_off_and_back_is_named_a_layoff_by_every_method():
    for method, value in (("uncoupled", 1.2), ("coupled", 4.0)):
        found = last(bare_weeks([30, 0, 0, 0, 9]), method)
        assert found["acwr"] == pytest.approx(value)
        assert (found["reason"], found["band"]) == ("post_layoff", None)


def test_weeks_of_the_ladder_and_four_more_have_no_band():
    phase = [None] * 70 + ["ladder"] * 14 + ["rebuild"] * 42
    table = acwr_by_day(bare_weeks([20] * 18, phase=phase))
    assert np.flatnonzero(table["reason"] == "ladder").tolist() == list(range(70, 84 + 34))


@pytest.mark.parametrize("climb", ["ascent", "descent"])
def test_climb_has_a_value_and_no_band(climb):
    daily = bare_days([5.0] * 40, **{f"{climb}_m": [30.0] * 40})
    assert last(daily, measure=climb)["acwr"] == pytest.approx(1)
    assert last(daily, measure=climb)["band"] is None


def test_runs_that_lack_the_measure_make_it_unknown_not_small():
    km = [5.0] * 28 + [np.nan] * 7 + [5.0] * 40
    table = acwr_by_day(bare_days(km))
    assert set(table["reason"].iloc[34:64]) == {"missing_load"}
    assert table["acwr"].iloc[34:64].isna().all()
    assert table["acwr"].iloc[-1] == pytest.approx(1)


@pytest.mark.parametrize(("more", "word"), [({"method": "rolling"}, "method"), ({"measure": "miles"}, "measure"),
                                            ({"acute_days": 28, "chronic_days": 7}, "acute_days")])  # fmt: skip
def test_what_is_not_offered_is_refused(more, word):
    with pytest.raises(ValueError, match=word):
        acwr_by_day(bare_days([1.0] * 40), **more)
