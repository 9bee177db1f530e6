"""The summary for a study: who is counted, who is left out, beside plain counting."""

from __future__ import annotations

import math
import random
from datetime import date, timedelta
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cohort_tables import (
    SPIKED,
    UNSEEN,
    counted_plainly,
    flags_table,
    injuries_table,
    monday,
    week_rows,
    weeks_table,
)
from loadplan.cohort.before_injury import AFTER_DAYS, CASE_WEEKS, EXPOSURES, HISTORY_WEEKS, KINDS, PRIMARY
from loadplan.cohort.injuries import injury_table, told_injuries
from loadplan.cohort.study import joined, summary, sums

Row = dict[str, Any]


def told(rows: list[Row], injuries: list[tuple[str, str, float | None]]) -> dict[str, Any]:
    return summary(sums(weeks_table(rows), flags_table(), injuries_table(injuries)))


def question(found: dict[str, Any]) -> dict[str, Any]:
    """What is told of the first of the list."""
    answer: dict[str, Any] = found["before_injury"]["answers"][0]
    assert answer["name"] == PRIMARY
    return answer


def test_case_weeks_are_the_four_before_the_week_of_the_injury() -> None:
    spiked = {12: SPIKED, 15: SPIKED, 16: SPIKED, 11: SPIKED}
    found = question(told(week_rows("a", 30, spiked), [("a", monday(16), None)]))
    assert (found["case_exposed"], found["case_known"]) == (2, CASE_WEEKS)
    assert (found["base_exposed"], found["base_known"]) == (1, 16 - CASE_WEEKS - HISTORY_WEEKS)


def test_a_sunday_belongs_to_its_week_and_a_monday_to_the_next() -> None:
    rows = week_rows("a", 30, {15: SPIKED})
    sunday = "2024-04-21"  # the last day of week 15
    assert question(told(rows, [("a", sunday, None)]))["case_exposed"] == 0
    assert question(told(rows, [("a", "2024-04-22", None)]))["case_exposed"] == 1


@pytest.mark.parametrize("shift", range(-6, 7))
def test_weeks_may_begin_on_any_weekday(shift: int) -> None:
    def moved(day: str) -> str:
        return (date.fromisoformat(day) + timedelta(days=shift)).isoformat()

    rows = week_rows("a", 30, {15: SPIKED, 16: SPIKED})
    for day, exposed in (("2024-04-22", 1), ("2024-04-28", 1), ("2024-04-29", 2)):
        found = question(told([row | {"week": moved(row["week"])} for row in rows], [("a", moved(day), None)]))
        assert found["case_exposed"] == exposed


def test_weeks_of_which_the_exposure_is_not_known_are_left_out_and_counted() -> None:
    found = question(told(week_rows("a", 30, {15: UNSEEN, 8: UNSEEN}), [("a", monday(16), None)]))
    assert found["unknown"] == 2
    assert found["case_known"] == CASE_WEEKS - 1
    assert found["base_known"] == 16 - CASE_WEEKS - HISTORY_WEEKS - 1


def test_a_ratio_that_is_shown_without_a_band_is_not_known() -> None:
    grey = {15: {"acwr": 2.0, "acwr_band": None}, 14: {"acwr": 2.0, "acwr_band": "high"}}
    answers = told(week_rows("a", 30, grey), [("a", monday(16), None)])["before_injury"]["answers"]
    (ratio,) = [one for one in answers if one["name"] == "ACWR uncoupled"]
    assert (ratio["case_exposed"], ratio["case_known"], ratio["unknown"]) == (1, CASE_WEEKS - 1, 1)


def test_an_injury_that_is_told_twice_is_one() -> None:
    twice = [("a", monday(16), 3.0), ("a", monday(16), 3.0)]
    found = told(week_rows("a", 30), twice)
    assert (found["incidence"]["injuries"], found["incidence"]["outside"], found["days_lost"]["known"]) == (1, 0, 1)


def test_limits_of_ones_own_change_no_question() -> None:
    from dataclasses import replace

    from plans.evidence import FINDINGS, own_limits

    key = EXPOSURES[PRIMARY][2]
    rows, hurt = week_rows("a", 30, {15: SPIKED}), [("a", monday(16), None)]
    with own_limits({key: replace(FINDINGS[key], value=90.0)}):
        found = question(told(rows, hurt))
    assert (found["limit"], found["case_exposed"]) == (10.0, 1)


def test_weeks_after_an_injury_are_no_base_until_the_way_back_is_over() -> None:
    injuries = [("a", monday(10), 0.0), ("a", monday(39), None)]
    weeks = told(week_rows("a", 50), injuries)["before_injury"]["weeks"]
    assert weeks["after_injury"] == 1 + AFTER_DAYS // 7
    assert weeks["behind_last_injury"] == 50 - 39
    longer = [("a", monday(10), 84.0), ("a", monday(39), None)]
    assert told(week_rows("a", 50), longer)["before_injury"]["weeks"]["after_injury"] == 1 + (84 + 35) // 7


def test_every_week_of_an_injured_runner_is_one_thing() -> None:
    rows = week_rows("a", 60, {7: {"runs": 0}, 20: {"complete": False}, 33: {"runs": 0}})
    weeks = told(rows, [("a", monday(18), 30.0), ("a", monday(45), None)])["before_injury"]["weeks"]
    assert sum(weeks.values()) == 60
    assert weeks["without_run"] == 2
    assert weeks["not_whole_or_early"] == HISTORY_WEEKS


def test_who_was_not_injured_gives_no_base_weeks() -> None:
    rows = week_rows("a", 30, {15: SPIKED}) + week_rows("b", 30, dict.fromkeys(range(30), SPIKED))
    assert question(told(rows, [("a", monday(16), None)]))["base_exposed"] == 0


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 2**32), st.integers(1, 4), st.integers(0, 3))
def test_the_counts_are_those_of_plain_counting(seed: int, runners: int, injuries: int) -> None:
    dice = random.Random(seed)
    rows, hurt = [], []
    for n in range(runners):
        kinds: dict[int, Row] = {}
        for week in range(dice.randrange(1, 70)):
            kinds[week] = dice.choice([{}, {}, SPIKED, UNSEEN, {"runs": 0}, {"complete": False}])
        rows += week_rows(f"r{n}", len(kinds), kinds)
        for _ in range(injuries):
            day = np.datetime64(monday(0)) + dice.randrange(-20, 560)
            hurt.append((f"r{n}", str(day), dice.choice([None, 3.0, 40.0])))
    dice.shuffle(rows)
    expected = counted_plainly(rows, first_of_each_day(hurt), AFTER_DAYS, HISTORY_WEEKS)
    found = sums(weeks_table(rows), flags_table(), injuries_table(hurt)).runners
    counted = {str(runner): [int(found.loc[runner, f"{PRIMARY} {kind}"]) for kind in KINDS] for runner in found.index}
    assert counted == expected


def first_of_each_day(injuries: list[tuple[str, str, float | None]]) -> list[tuple[str, str, float | None]]:
    """The same day of one runner counts once, as it was told first."""
    return list({(runner, day): (runner, day, lost) for runner, day, lost in reversed(injuries)}.values())


def cohort(dice: random.Random, runners: int = 12) -> tuple[list[Row], list[tuple[str, str, float | None]]]:
    rows, hurt = [], []
    for n in range(runners):
        spiked = {week: SPIKED for week in range(80) if dice.random() < 0.2}
        rows += week_rows(f"r{n:02}", 80, spiked)
        hurt.append((f"r{n:02}", monday(dice.randrange(12, 70)), float(dice.randrange(3, 40))))
    return rows, hurt


def flags_of(rows: list[Row]) -> list[tuple[str, str, str, int, int]]:
    runners = sorted({row["runner"] for row in rows})
    return [(runner, "week", "LP005", 80, 10 + n) for n, runner in enumerate(runners)]


def test_the_order_of_rows_and_of_runners_says_nothing() -> None:
    dice = random.Random(1)
    rows, hurt = cohort(dice)
    flags = flags_of(rows)
    whole = summary(sums(weeks_table(rows), flags_table(flags), injuries_table(hurt)))
    for some in (rows, hurt, flags):
        dice.shuffle(some)
    again = summary(sums(weeks_table(rows), flags_table(flags), injuries_table(hurt)))
    assert repr(again) == repr(whole)


def test_a_cohort_read_in_portions_gives_the_same() -> None:
    rows, hurt = cohort(random.Random(2))
    flags = flags_of(rows)
    whole = summary(sums(weeks_table(rows), flags_table(flags), injuries_table(hurt)))
    parts = []
    for runner in sorted({row["runner"] for row in rows}, reverse=True):
        mine = [[one for one in table if one[0] == runner] for table in (flags, hurt)]
        week = weeks_table([row for row in rows if row["runner"] == runner])
        parts.append(sums(week, flags_table(mine[0]), injuries_table(mine[1])))
    assert repr(summary(joined(parts))) == repr(whole)
    with pytest.raises(ValueError, match="two portions"):
        joined([parts[0], parts[0]])


def test_a_runner_without_weeks_is_a_runner_and_nothing_else() -> None:
    rows, hurt = cohort(random.Random(3))
    flags = flags_table([*flags_of(rows), ("nobody", "week", "LP005", 0, 0)])
    found = summary(sums(weeks_table(rows), flags, injuries_table([*hurt, ("nobody", monday(3), None)])))
    without = summary(sums(weeks_table(rows), flags_table(flags_of(rows)), injuries_table(hurt)))
    assert (found["runners"], found["runners_with_weeks"]) == (13, 12)
    assert found["incidence"]["outside"] == 1
    assert found["incidence"]["hours"] == without["incidence"]["hours"]
    assert found["before_injury"] == without["before_injury"]
    (share,) = [one for one in found["shares"] if (one["unit"], one["by"]) == ("week", "LP005")]
    assert (share["runners"], share["judged"]) == (12, 960)


def test_nobody_at_all_is_a_summary_of_unknowns() -> None:
    found = summary(joined([]))
    assert (found["runners"], found["weeks"], found["incidence"]) == (0, 0, None)
    assert all(math.isnan(one["share"]) and one["interval"] is None for one in found["shares"])


def test_without_a_day_of_injury_nothing_is_said_of_injuries() -> None:
    found = told(week_rows("a", 30), [])
    assert [found[name] for name in ("incidence", "days_lost", "before_injury")] == [None] * 3


def test_incidence_is_injuries_over_hours_with_the_exact_interval() -> None:
    rows = [row for n in range(10) for row in week_rows(f"r{n}", 40)]
    hurt = [(f"r{n}", monday(20 + n), None) for n in range(10)]
    rate = told(rows, hurt)["incidence"]
    assert rate["hours"] == 10 * 40 * 3
    assert rate["per_1000_h"] == pytest.approx(1000 * 10 / 1200)
    assert rate["interval"] == {"low": pytest.approx(4.795389 / 1.2, rel=1e-6), "high": pytest.approx(18.390356 / 1.2)}


def test_weeks_without_hours_take_their_injuries_with_them() -> None:
    rows = week_rows("a", 30, {20: {"duration_min": float("nan")}})
    rate = told(rows, [("a", monday(10), None), ("a", monday(20), None), ("a", "2031-01-01", None)])["incidence"]
    assert (rate["injuries"], rate["outside"], rate["weeks_without_hours"]) == (1, 2, 1)
    assert rate["hours"] == 29 * 3


def test_days_lost_are_told_of_those_that_are_known() -> None:
    rows = week_rows("a", 60)
    lost = told(rows, [("a", monday(10), 4.0), ("a", monday(30), 20.0), ("a", monday(50), None)])["days_lost"]
    assert (lost["known"], lost["unknown"], lost["median"], lost["total"]) == (2, 1, 12.0, 24.0)
    assert math.isnan(lost["per_1000_h"])
    all_known = told(rows, [("a", monday(10), 4.0), ("a", monday(30), 20.0)])["days_lost"]
    assert all_known["per_1000_h"] == pytest.approx(1000 * 24 / 180)


def test_load_before_an_injury_is_told_in_own_base_weeks() -> None:
    doubled = {week: {"distance_km": 60.0} for week in (14, 15)}
    rows = [row for n in range(6) for row in week_rows(f"r{n}", 30, doubled)]
    load = told(rows, [(f"r{n}", monday(16), None) for n in range(6)])["before_injury"]["load"]
    found = {one["weeks_before"]: one["mean"] for one in load if one["measure"] == "distance_km"}
    assert found == {4: 1.0, 3: 1.0, 2: 2.0, 1: 2.0}
    assert {one["weeks"] for one in load} == {6}


def test_those_beside_the_question_have_wider_intervals() -> None:
    rows, hurt = cohort(random.Random(4))
    levels = [one["level"] for one in told(rows, hurt)["before_injury"]["answers"]]
    assert levels[0] == 0.95
    assert levels[1:] == [pytest.approx(0.99)] * (len(EXPOSURES) - 1)


def test_days_of_the_list_of_runners_become_injuries() -> None:
    import pandas as pd

    summary_table = pd.DataFrame({"runner": ["a", "b"], "injuries": ["2024-05-01/2024-05-15 2024-01-02", None]})
    assert injury_table(summary_table)["date"].tolist() == ["2024-01-02", "2024-05-01"]
    assert [lost for _, lost in told_injuries("2024-05-01/2024-05-15 2024-01-02")] == [None, 14]
