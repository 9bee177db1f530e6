"""Sessions: spikes against the longest of 30 days, and long runs."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from loadplan.acwr import acwr_bands
from loadplan.breaks import find_breaks
from loadplan.daily import daily_load
from loadplan.sessions import is_judged, long_runs, spike_bands, spike_by_day
from run_logs import a_log, a_run, bare_days, day

GOLDEN = json.loads((Path(__file__).parents[1] / "data" / "golden.json").read_text())


def spikes(km: list[float], **more):
    longest = {"longest_km": km, "longest_min": [6 * x for x in km]}
    return spike_by_day(bare_days(km, **(longest | more)))


@pytest.mark.parametrize("row", GOLDEN["single_session_spike"], ids=lambda row: str(row["d"]))
def test_golden_spikes(row):
    found = spikes([row["longest30"], row["d"]]).iloc[-1]
    assert found["spike_pct"] == pytest.approx(100 * row["rel"])
    assert found["band"] == {"reference": "none"}.get(row["bin"], row["bin"])


def test_the_spike_sees_what_the_ratio_does_not():
    vector = GOLDEN["long_run_blindspot"]
    found = spikes([float(x) for x in vector["daily_km"]]).iloc[-1]
    assert (found["spike_pct"], found["band"]) == (pytest.approx(80), "moderate")


def test_bands_bear_a_tolerance():
    values = np.array([10 + 1e-10, 30 + 1e-10, 100 + 1e-10, 10 + 1e-8, np.nan])
    assert spike_bands(values).tolist() == ["none", "small", "moderate", "small", None]


@settings(max_examples=60, deadline=None)
@given(st.lists(st.sampled_from([0, 0, 0, 2, 3, 5, 8, 13]).map(float), min_size=2, max_size=80))
def test_every_day_agrees_with_the_longest_of_the_30_days_before(km):
    if any(all(x == 0 for x in km[t : t + 7]) for t in range(len(km))):
        km = [x or 2.0 for x in km]
    for t, (spike, reason) in enumerate(zip(*spikes(km)[["spike_pct", "reason"]].to_numpy().T, strict=True)):
        before = max(km[max(0, t - 30) : t], default=0)
        expected = None if km[t] == 0 or before == 0 else 100 * (km[t] / before - 1)
        assert reason == ("no_run" if km[t] == 0 else "no_reference" if before == 0 else None)
        assert np.isnan(spike) if expected is None else spike == pytest.approx(expected)


def test_the_reference_is_forgotten_after_30_days():
    km = [10.0] + [2.0] * 30
    assert spikes([*km[:30], 4.0])["reference_km"].iloc[-1] == 10
    assert spikes([*km, 4.0])["reference_km"].iloc[-1] == 2


@pytest.mark.parametrize(("km", "minutes"), [(0.99, 20.0), (2.0, 10.0)])
def test_short_sessions_are_neither_judged_nor_a_reference(km, minutes):
    table = spikes([5.0, km, 5.0], longest_min=[30.0, minutes, 30.0])
    assert table["reason"].tolist() == ["no_reference", "no_run", None]
    table = spikes([km, 5.0], longest_min=[minutes, 30.0])
    assert table["reason"].iloc[1] == "no_reference"


def test_two_sessions_of_a_day_do_not_lend_each_other_their_lengths():
    quick, slow = a_run(7, 2.4, 9.5, hour=6), a_run(7, 1.2, 12, hour=18)
    table = spike_by_day(daily_load(a_log([a_run(0, 1.5, 11), quick, slow]), day(8)))
    assert table[["session_km", "reference_km"]].iloc[7].tolist() == [1.2, 1.5]
    assert table["band"].iloc[7] == "none"
    table = spike_by_day(daily_load(a_log([a_run(0, 3), quick, a_run(7, 0.9, 12, hour=18)]), day(8)))
    assert table["reason"].iloc[7] == "no_run"


def test_after_a_break_the_reference_is_a_share_of_what_was():
    table = spikes([20.0] + [0.0] * 35 + [5.0])
    assert table["reason"].iloc[-1] == "no_reference"
    table = spikes([20.0, *[0.0] * 10, 12.0, *[0.0] * 29, 15.0])
    assert table["reference_km"].iloc[11] == 20
    late = spikes([20.0, 8.0, *[0.0] * 28, 5.0, 5.0, 10.0])
    assert late["reference_km"].iloc[-1] == 12
    assert late["after_break"].iloc[-1]


def test_the_floor_after_a_break_holds_for_30_days():
    km = [20.0] * 3 + [0.0] * 20 + [4.0] * 31
    table = spikes(km)
    assert table["reference_km"].iloc[23 + 29] == 12
    assert table["reference_km"].iloc[23 + 30] == 4


def test_ladder_days_show_the_value_without_a_band():
    table = spikes([2.0, 5.0], phase=["ladder", "ladder"])
    assert table["spike_pct"].iloc[1] == pytest.approx(150)
    assert table[["reason", "band"]].iloc[1].tolist() == ["ladder", None]


def test_an_unknown_length_is_no_short_one():
    table = spike_by_day(daily_load(a_log([a_run(0, 5), a_run(1, None, 50), a_run(2, 5)]), day(2)))
    assert table["reason"].iloc[1:].tolist() == ["missing_load", "missing_load"]


@pytest.mark.parametrize(("km", "long"), [
    ([10, 10, 4, 4], [1, 1, 0, 0]), ([8, 8, 8], [0, 0, 0]), ([10], [0]), ([9, 6], [1, 0]), ([8.9, 6], [0, 0]),
    ([10, 0.5, 0.5], [0, 0, 0])])  # fmt: skip
def test_a_long_run_is_half_as_long_again_as_the_mean_of_the_others(km, long):
    values = np.array(km, dtype=float)
    assert long_runs(np.zeros(len(km), dtype=np.int64), values, 6 * values + 10).astype(int).tolist() == long


def test_thresholds_can_be_named_and_are_the_findings_by_default():
    daily = bare_days([10.0, 0, 0, 11.0, 13.0], longest_km=[10.0, 0, 0, 11.0, 13.0], longest_min=[60.0] * 5)
    assert spike_by_day(daily)["spike_pct"].iloc[-1] == spike_by_day(daily, window_days=30)["spike_pct"].iloc[-1]
    assert spike_by_day(daily, window_days=1)["spike_pct"].iloc[3] != spike_by_day(daily)["spike_pct"].iloc[3]
    assert list(spike_bands(np.array([12.0]))) == ["small"]
    assert list(spike_bands(np.array([12.0]), small_pct=15)) == ["none"]
    assert list(acwr_bands(np.array([1.4]), raised=1.45)) == ["usual"]
    assert not is_judged(np.array([3.0]), np.array([20.0]), least_km=5)[0]
    assert [len(find_breaks(daily, least_days=days)) for days in (2, 3)] == [1, 0]
