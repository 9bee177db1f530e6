"""Hills: a load of its own, compared within one source."""

from __future__ import annotations

import numpy as np
import pytest

from loadplan.daily import daily_load
from loadplan.hills import new_sources, week_sources
from loadplan.rules import check_weeks
from loadplan.weekly import weekly_load
from run_logs import a_log, a_run, bare_weeks, day, runs_of_weeks

WATCH = "device:watch"


def hilly(*ascents: float, sources: tuple[str, ...] | None = None):
    """Weeks of 40 km in four runs with so many metres up and half as many down."""
    runs = []
    for w, metres in enumerate(ascents):
        source = sources[w] if sources else WATCH
        climb = {"ascent_m": metres / 4, "descent_m": metres / 8, "climb_source": source}
        runs += runs_of_weeks(*[0] * w, 40, **climb)
    return weekly_load(daily_load(a_log(runs), day(7 * len(ascents) - 1)))


def names(weeks) -> list[str]:
    return [w.name for w in check_weeks(weeks.tail(1))]


def test_climb_has_its_own_change_and_ratio_and_leaves_distance_alone():
    weeks = hilly(200, 200, 200, 200, 300)
    assert weeks["ascent_m"].tolist() == [200, 200, 200, 200, 300]
    assert weeks["ascent_build_pct"].iloc[-1] == pytest.approx(50)
    assert weeks["ascent_acwr"].iloc[-1] == pytest.approx(1.5)
    assert weeks["acwr"].iloc[-1] == pytest.approx(1)
    assert weeks["climb_m_per_km"].iloc[-1] == pytest.approx(7.5)


@pytest.mark.parametrize(("ascents", "said"), [
    ((400, 400, 460), ["ascent"]), ((400, 400, 450), []), ((600, 600, 659), []), ((600, 600, 661), ["ascent"]),
    ((0, 0, 60), ["ascent"]), ((800, 800, 920), ["ascent", "descent"])])  # fmt: skip
def test_a_rise_must_pass_both_a_tenth_and_50_m(ascents, said):
    assert [name for name in names(hilly(*ascents)) if name in ("ascent", "descent")] == said


def test_weeks_of_two_sources_are_not_compared_and_it_is_said():
    weeks = hilly(200, 200, 900, 900, sources=(WATCH, WATCH, "gps:phone", "gps:phone"))
    assert weeks["ascent_build_reason"].iloc[2] == "source_change"
    assert np.isnan(weeks["ascent_build_pct"].iloc[2])
    assert weeks["ascent_build_pct"].iloc[3] == pytest.approx(0)
    assert [(w.week, w.name) for w in check_weeks(weeks) if w.name in ("ascent", "source-change")] == [
        (day(14), "source-change")
    ]


def test_after_a_break_another_source_is_not_compared_with_what_was():
    runs = runs_of_weeks(40, 40, 40, ascent_m=50.0, climb_source=WATCH)
    for source, reason in ((WATCH, None), ("gps:phone", "source_change")):
        back = runs_of_weeks(0, 0, 0, 0, 0, 30, ascent_m=90.0, climb_source=source)
        week = weekly_load(daily_load(a_log(runs + back), day(41))).iloc[-1]
        assert week["ascent_build_reason"] == reason
        assert np.isnan(week["ascent_build_pct"]) == (reason is not None)


def test_the_ratio_of_climb_does_not_mix_sources():
    weeks = hilly(*[200] * 9, sources=(WATCH,) * 6 + ("gps:phone",) * 3)
    assert weeks["ascent_acwr"].iloc[5] == pytest.approx(1)
    assert weeks["ascent_acwr"].iloc[6:].isna().all()
    assert weeks["descent_acwr_reason"].tolist()[5:] == [None] + ["source_change"] * 3


def test_a_week_of_two_sources_is_compared_with_none():
    high = {"ascent_m": 300.0, "descent_m": 300.0, "climb_source": "gps:phone"}
    low = {"ascent_m": 100.0, "descent_m": 100.0, "climb_source": WATCH}
    runs = []
    for week in range(6):
        seldom, often = (low, high) if week == 5 else (high, low)
        runs += [a_run(7 * week + d, 10, **(seldom if d == 0 else often)) for d in (0, 2, 4, 6)]
    weeks = weekly_load(daily_load(a_log(runs), day(41)))
    last = weeks.iloc[-1]
    assert (last["ascent_m"], last["climb_source"]) == (1000, "device:watch + gps:phone")
    for climb in ("ascent", "descent"):
        found = last[[f"{climb}_change_pct", f"{climb}_build_pct", f"{climb}_acwr"]]
        assert found.isna().all()
        reasons = last[[f"{climb}_change_pct_reason", f"{climb}_build_reason", f"{climb}_acwr_reason"]]
        assert set(reasons) == {"source_change"}
    assert not {"ascent", "descent", "several-changes"} & set(names(weeks))
    assert np.isnan(last["hill_up_change_pct"])


def test_after_a_break_all_the_weeks_before_must_be_of_one_source():
    runs = runs_of_weeks(40, 40, 40, ascent_m=50.0, climb_source=WATCH)
    runs += runs_of_weeks(0, 0, 0, 40, ascent_m=150.0, climb_source="gps:phone")
    back = runs_of_weeks(0, 0, 0, 0, 0, 0, 30, ascent_m=150.0, climb_source="gps:phone")
    week = weekly_load(daily_load(a_log(runs + back), day(48))).iloc[-1]
    assert week["build_after_break"]
    assert week["ascent_build_reason"] == "source_change"


def test_sources_are_joined_over_the_week_and_new_ones_found():
    sources = np.array(["b", None, "a + b", None, None, "c"], dtype=object)
    starts = np.array([0, 3, 5])
    joined = week_sources(sources, starts)
    assert joined.tolist() == ["a + b", None, "c"]
    assert new_sources(joined).tolist() == [None, None, "c"]


def test_a_source_not_seen_for_four_weeks_is_new_again():
    weeks = np.array(["a", "b", "b", "b", "b", "a"], dtype=object)
    assert new_sources(weeks).tolist() == [None, "b", None, None, None, "a"]


def test_weeks_without_climb_have_none_and_say_so():
    weeks = weekly_load(daily_load(a_log(runs_of_weeks(40, 40)), day(13)))
    assert weeks["ascent_m"].isna().all()
    assert set(weeks["ascent_m_reason"]) == {"missing_load"}
    assert names(weeks) == []


def test_a_plan_judges_its_hills_by_its_own_schedule():
    climb = [10.0] * 14 + [60.0] * 7
    daily = bare_weeks([40, 40, 40], ascent_m=climb, descent_m=climb, phase=[None] * 14 + ["rebuild"] * 7)
    assert "ascent" not in names(weekly_load(daily))
    assert "ascent" in names(weekly_load(daily.drop(columns="phase")))
