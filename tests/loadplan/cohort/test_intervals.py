"""Intervals beside published tables, R and statsmodels 0.15 with scipy 1.17, whose values stand here as numbers."""

from __future__ import annotations

import math
import random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from loadplan.cohort.intervals import FEWEST, NONE, mantel_haenszel, odds_parts, over_runners, poisson, wilson

NEWCOMBE = {(81, 263): (0.2553, 0.3662), (15, 148): (0.0624, 0.1605), (0, 20): (0.0, 0.1611), (1, 29): (0.0061, 0.1718)}
"""Newcombe 1998, Stat Med 17:857, doi:10.1002/(SICI)1097-0258(19980430)17:8<857::AID-SIM777>3.0.CO;2-E, table I."""
GARWOOD = {0: (0.0, 3.688879), 1: (0.025318, 5.571643), 3: (0.618672, 8.767273), 10: (4.795389, 18.390356),
           50: (37.110964, 65.918766), 384: (346.548453, 424.395486), 20000: (19723.767601, 20279.133628)}  # fmt: skip
"""scipy.stats.chi2.ppf(0.025, 2 k) / 2 and chi2.ppf(0.975, 2 k + 2) / 2."""
BERKELEY = [(512, 313, 89, 19), (353, 207, 17, 8), (120, 205, 202, 391), (138, 279, 131, 244), (53, 138, 94, 299),
            (22, 351, 24, 317)]  # fmt: skip
"""R's data UCBAdmissions, of which ``mantelhaen.test`` tells 0.9046968 (0.7719074 to 1.0603298)."""
SHARES = st.integers(0, 500).flatmap(lambda total: st.tuples(st.integers(0, total), st.just(total)))


@pytest.mark.parametrize(("counts", "bounds"), NEWCOMBE.items())
def test_the_interval_of_a_share_is_the_published_one(counts: tuple[int, int], bounds: tuple[float, float]) -> None:
    assert wilson(*counts) == pytest.approx(bounds, abs=5e-5)


def test_the_interval_of_a_share_at_another_level_is_that_of_statsmodels() -> None:
    assert wilson(3, 1000, 0.99) == pytest.approx((0.0007581012310614674, 0.011793516682924922), rel=1e-9)


@settings(max_examples=40, deadline=None)
@given(SHARES)
def test_the_interval_of_a_share_lies_between_0_and_1_holds_the_share_and_is_a_mirror(counts: tuple[int, int]) -> None:
    hits, total = counts
    low, high = wilson(hits, total)
    if not total:
        assert math.isnan(low)
        return
    assert 0 <= low <= hits / total <= high <= 1
    assert wilson(total - hits, total) == pytest.approx((1 - high, 1 - low), abs=1e-12)


@settings(max_examples=40, deadline=None)
@given(st.integers(1, 200), st.integers(1, 50))
def test_more_weeks_of_the_same_share_give_a_narrower_interval(total: int, times: int) -> None:
    few, many = wilson(total // 2, total), wilson(total // 2 * times, total * times)
    assert many.high - many.low <= few.high - few.low + 1e-12


@pytest.mark.parametrize(("hits", "total"), [(-1, 5), (6, 5)])
def test_what_is_no_share_is_an_error(hits: int, total: int) -> None:
    with pytest.raises(ValueError, match="no share"):
        wilson(hits, total)


@pytest.mark.parametrize(("events", "bounds"), GARWOOD.items())
def test_the_interval_of_a_count_is_that_of_the_chi_square(events: int, bounds: tuple[float, float]) -> None:
    assert poisson(events) == pytest.approx(bounds, rel=1e-6, abs=1e-6)


def test_the_interval_of_a_count_at_another_level_is_that_of_the_chi_square() -> None:
    assert poisson(7, 0.99) == pytest.approx((2.0373374786996714, 17.133593268913344), rel=1e-9)


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 3000))
def test_the_interval_of_a_count_holds_it_and_grows_with_it(events: int) -> None:
    low, high = poisson(events)
    assert 0 <= low <= events < high
    assert poisson(events + 1).low > low
    assert poisson(events + 1).high > high


def test_the_odds_ratio_over_strata_and_its_interval_are_those_of_r() -> None:
    found = mantel_haenszel(np.array(BERKELEY))
    assert found.ratio == pytest.approx(0.9046968, abs=5e-8)
    assert found.interval == pytest.approx((0.7719074, 1.0603298), abs=5e-8)
    at_99 = mantel_haenszel(np.array(BERKELEY), 0.99)
    assert at_99.interval == pytest.approx((0.7343503893685897, 1.114558340147346), rel=1e-9)


STRATA = st.lists(st.tuples(*[st.integers(0, 9)] * 4), min_size=1, max_size=8)


@settings(max_examples=40, deadline=None)
@given(STRATA)
def test_the_odds_ratio_turns_over_with_exposure_and_knows_no_order_of_strata(
    strata: list[tuple[int, int, int, int]],
) -> None:
    table = np.array(strata, dtype=float)
    found, turned = mantel_haenszel(table), mantel_haenszel(table[:, [1, 0, 3, 2]])
    if math.isnan(found.ratio):
        assert math.isnan(found.interval.low)
        return
    assert found.interval.low <= found.ratio <= found.interval.high
    assert turned.ratio == pytest.approx(1 / found.ratio)
    assert turned.interval == pytest.approx((1 / found.interval.high, 1 / found.interval.low))
    assert mantel_haenszel(table[::-1]).ratio == pytest.approx(found.ratio)
    over, under = odds_parts(table).sum(axis=0)
    assert over / under == pytest.approx(found.ratio)


def test_no_stratum_gives_no_odds_ratio() -> None:
    for nothing in (np.empty((0, 4)), np.zeros((3, 4)), np.array([[2, 0, 3, 0]])):
        assert math.isnan(mantel_haenszel(nothing).ratio)


def test_runners_that_are_all_alike_leave_nothing_to_draw() -> None:
    assert over_runners(np.full(9, 2.0), np.full(9, 8.0)) == [(0.25, 0.25)]


def test_drawing_says_nothing_of_few_runners_or_of_nothing_at_all() -> None:
    few = FEWEST - 1
    assert over_runners(np.ones(few), np.ones(few)) == [NONE]
    assert over_runners(np.ones(few + 1), np.ones(few + 1)) == [(1.0, 1.0)]
    assert math.isnan(over_runners(np.zeros(9), np.zeros(9))[0].low)
    rare = np.array([1.0] * few + [0.0] * 20)
    assert over_runners(np.stack([rare, rare + 1], axis=1), np.ones((few + 20, 2)))[0] == pytest.approx(
        NONE, nan_ok=True
    )
    assert math.isnan(over_runners(np.empty(0), np.empty(0))[0].low)


@settings(max_examples=40, deadline=None)
@given(st.lists(st.tuples(st.integers(1, 20), st.integers(1, 20)), min_size=FEWEST, max_size=30), st.randoms())
def test_drawing_runners_knows_no_order_of_them_and_repeats_itself(
    rows: list[tuple[int, int]], dice: random.Random
) -> None:
    over, under = np.array(rows, dtype=float).T
    shuffled = list(rows)
    dice.shuffle(shuffled)
    again = np.array(shuffled, dtype=float).T
    (found,) = over_runners(over, under)
    assert over_runners(*again) == [found]
    assert (over / under).min() - 1e-12 <= found.low <= found.high <= (over / under).max() + 1e-12


def test_drawn_in_portions_or_at_once_is_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    dice = np.random.default_rng(1)
    over, under = dice.random((50, 3)), dice.random((50, 3)) + 1
    whole = over_runners(over, under)
    monkeypatch.setattr("loadplan.cohort.intervals._CHUNK", 500)
    assert over_runners(over, under) == whole


def test_drawing_runners_covers_the_truth_where_a_formula_does_not() -> None:
    """Of 300 cohorts whose runners differ, the interval over runners holds the true share in about 95 of a hundred."""
    dice = np.random.default_rng(2)
    own = dice.beta(2, 6, size=(300, 40))
    hits = dice.binomial(50, own)
    held = [low <= 0.25 <= high for row in hits for low, high in over_runners(row, np.full(40, 50.0), draws=400)]
    naive = [wilson(int(row.sum()), 2000) for row in hits]
    assert 0.88 <= np.mean(held) <= 0.99
    assert np.mean([low <= 0.25 <= high for low, high in naive]) < 0.75
