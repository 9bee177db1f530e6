"""Reference weeks, recovery weeks, new levels and the way back from a break."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from statistics import median

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from loadplan.weekly import weekly_load
from run_logs import bare_days, bare_weeks

GOLDEN = json.loads((Path(__file__).parents[1] / "data" / "golden.json").read_text())


def build(*totals: float) -> list[float]:
    return weekly_load(bare_weeks(totals))["build_change_pct"].tolist()


def planned(totals: list[float], recovery: set[int], phase: str = "rebuild") -> dict[str, list[object]]:
    """Columns of a table in which every week is planned."""
    return {
        "phase": [phase] * 7 * len(totals),
        "recovery": [w in recovery for w in range(len(totals)) for _ in range(7)],
    }


@pytest.mark.parametrize("row", GOLDEN["build_change"], ids=lambda row: "-".join(map(str, row["weeks"])))
def test_golden_build_changes(row):
    assert build(*row["weeks"])[-1] == pytest.approx(row["build_change_pct"], abs=1e-5)


def test_the_golden_rebuild_never_rises_by_more_than_a_tenth():
    weeks = GOLDEN["rebuild_12_to_30"]
    table = weekly_load(bare_weeks(weeks, **planned(weeks, {3, 7, 11})))
    assert np.nanmax(table["build_change_pct"]) <= 10 + 1e-3
    assert np.nanmax(table["acwr"]) == pytest.approx(1.2954, abs=1e-3)
    assert table["recovery"].to_numpy().nonzero()[0].tolist() == [3, 7, 11]


def test_a_planned_week_is_recovery_only_where_planned_so():
    weeks = [40, 40, 40, 24, 40]
    assert weekly_load(bare_weeks(weeks))["recovery"].tolist() == [False, False, False, True, False]
    told = weekly_load(bare_weeks(weeks, **planned([float(w) for w in weeks], {1})))
    assert told["recovery"].tolist() == [False, True, False, False, False]


def test_the_second_low_week_is_a_new_level():
    table = weekly_load(bare_weeks([40, 40, 40, 30, 28, 28, 40]))
    assert table["recovery"].tolist() == [False, False, False, True, False, False, False]
    assert table["new_level"].tolist() == [False, False, False, False, True, False, False]
    assert table["build_change_pct"].iloc[-1] == pytest.approx(100 * (40 / 28 - 1))


def test_exactly_85_percent_is_low():
    assert weekly_load(bare_weeks([40, 40, 34]))["recovery"].iloc[-1]
    assert not weekly_load(bare_weeks([40, 40, 34.1]))["recovery"].iloc[-1]


def test_the_incomplete_first_week_is_no_reference():
    from_friday = bare_days([0.0] * 4 + [5.0] * 3 + [4.0] * 14).iloc[4:]
    table = weekly_load(from_friday)
    assert table["build_change_pct"].isna().tolist() == [True, True, False]
    assert table["build_change_pct_reason"].tolist() == ["partial_week", "no_reference", None]
    assert table["change_pct_reason"].tolist() == ["partial_week", "insufficient_history", None]


def test_the_unfinished_week_is_compared_with_nothing():
    table = weekly_load(bare_days([5.0] * 24))
    assert table["complete"].tolist() == [True, True, True, False]
    assert np.isnan(table["change_pct"].iloc[-1])
    assert np.isnan(table["build_change_pct"].iloc[-1])
    assert table["build_change_pct_reason"].iloc[-1] == "partial_week"


def test_after_a_month_off_there_is_no_reference_but_the_ladder():
    table = weekly_load(bare_weeks([40, 40, 40, 40, 0, 0, 0, 0, 0, 10, 12]))
    assert table["build_change_pct_reason"].iloc[9] == "ladder"
    assert table["build_change_pct"].iloc[10] == pytest.approx(20)


def test_before_a_break_weeks_of_another_break_are_skipped():
    weeks = [40, 42, 44, 0, 46, 0, 0, 30]
    assert build(*weeks)[-1] == pytest.approx(100 * (30 / (0.75 * median([40, 42, 44, 46])) - 1))


def test_only_twelve_weeks_before_a_break_are_looked_at():
    assert build(40, 40, *[20, 0] * 6, 0, 10)[-1] == pytest.approx(100 * (10 / (0.75 * 20) - 1))


def test_ladder_weeks_have_no_build_change():
    weeks = [7, 11, 12, 13]
    table = weekly_load(bare_weeks(weeks, **planned([float(w) for w in weeks], set(), "ladder")))
    assert set(table["build_change_pct_reason"]) == {"ladder"}
    assert table["build_change_pct"].isna().all()


def slow_build(totals: tuple[float, ...]) -> list[float | None]:
    """The page read word by word, for whole weeks in which either every day is run or none."""
    rest = [t == 0 for t in totals]

    @cache
    def since(k: int) -> int:
        return max((j for j in range(k) if level(j)), default=0)

    @cache
    def low(k: int) -> bool:
        if rest[k]:
            return False
        before = [totals[j] for j in (k - 3, k - 2, k - 1) if j >= since(k) and not rest[j]]
        return bool(before) and totals[k] <= 0.85 * max(before) + 1e-9

    @cache
    def level(k: int) -> bool:
        return k > 0 and low(k) and low(k - 1) and not level(k - 1)

    def gap_before(k: int) -> tuple[int, int] | None:
        """The newest break that is over in week k: its first week, and the week after its last."""
        ends = [j for j in range(1, k + 1) if not rest[j] and rest[j - 1] and not all(rest[:j])]
        if not ends:
            return None
        first = max(j for j in range(ends[-1]) if not rest[j]) + 1
        return first, ends[-1]

    def change(k: int) -> float | None:
        gap = gap_before(k)
        start = max(since(k), gap[1] if gap else 0)

        def counts(j: int) -> bool:
            return not rest[j] and (not low(j) or level(j))

        found = [totals[j] for j in range(max(start, k - 4), k) if counts(j)]
        if found:
            return 100 * (totals[k] / max(found[-2:]) - 1)
        if gap and not any(counts(j) for j in range(start, k)):
            days = 7 * (gap[1] - gap[0])
            before = [totals[j] for j in range(max(0, gap[0] - 12), gap[0]) if not rest[j]][-4:]
            factor = {7: 1.0, 14: 0.75, 21: 0.6, 28: 0.6}.get(days)
            return 100 * (totals[k] / (factor * median(before)) - 1) if factor and before else None
        return 100 * (totals[k] / totals[k - 1] - 1) if k and totals[k - 1] else None

    return [change(k) for k in range(len(totals))]


@settings(max_examples=150, deadline=None)
@given(st.lists(st.sampled_from([0, 10, 17, 20, 24, 26, 30, 34, 40]), min_size=2, max_size=26))
def test_any_history_agrees_with_the_page_read_slowly(weeks):
    totals = (20.0, *map(float, weeks))
    expected = [np.nan if x is None else x for x in slow_build(totals)]
    np.testing.assert_allclose(build(*totals), expected, rtol=1e-9, atol=1e-9)


@settings(max_examples=40, deadline=None)
@given(st.lists(st.integers(1, 60), min_size=2, max_size=20), st.floats(0.01, 100))
def test_scaling_all_weeks_changes_no_change(weeks, factor):
    np.testing.assert_allclose(build(*(w * factor for w in weeks)), build(*weeks), rtol=1e-7, atol=1e-7)
