"""How far in a pair today: what is told keeps the rules of the week, and a little more breaks them."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from loadplan.daily import daily_load
from loadplan.rules import check_weeks
from loadplan.shoe_try import try_pair
from loadplan.weekly import weekly_load
from run_logs import a_log, a_run, day

TODAY = 41
"""A Sunday: the rules look at the seven days up to it."""
FACTS = {"old": {"drop_mm": 10.0}, "new": {"drop_mm": 8.0}, "low": {"drop_mm": 2.0}}


def rows(runs):
    return [r | {"day": r["start"].date().isoformat(), "shoe": r.get("shoe")} for r in runs]


def tried(runs, name="new", km=5.0, today=TODAY, facts=None):
    entered = [{"name": n, **f} for n, f in (FACTS if facts is None else facts).items()]
    return try_pair(rows(runs), entered, name, km, day(today))


def old_runs(*days: int, km: float = 8.0):
    return [a_run(d, km, shoe="old") for d in (days or range(0, TODAY, 2))]


def names_of_warnings(runs, name: str, km: float) -> set[str]:
    told = [*runs, a_run(TODAY, km, hour=18, shoe=name)]
    weeks = weekly_load(daily_load(a_log(told), day(TODAY), shoes=FACTS))
    last = weeks.index[-1].date()
    return {w.name for w in check_weeks(weeks) if w.week == last and w.level != "info" and "shoe" in w.name}


def test_a_pair_that_is_not_new_has_no_limit_for_its_own_sake():
    trial = tried(old_runs(), "old", 30)
    assert (trial.verdict, trial.up_to_km, trial.new) == ("yes", None, False)
    assert any("longer than the longest run" in why for why in trial.why)


def test_a_first_run_in_a_new_pair_is_allowed_as_long_as_the_shortest():
    trial = tried([*old_runs(*range(0, 35, 2)), *old_runs(36, 38, km=10), *old_runs(40, km=4)], km=4)
    assert (trial.verdict, trial.age_days, trial.new) == ("yes", None, True)
    assert tried(old_runs(36, 38, km=10) + old_runs(0, 40, km=4), km=30).up_to_km == 12.0


def test_what_is_worn_already_counts():
    runs = old_runs(*range(0, 36, 2), km=10) + old_runs(36, 38) + [a_run(39, 3, shoe="new")]
    trial = tried(runs, km=8)
    assert (trial.verdict, trial.up_to_km, trial.age_days) == ("less", 5.0, 2)
    used_up = [*runs, a_run(40, 9, shoe="new")]
    assert tried(used_up, km=3).verdict == "no"


def test_a_very_different_pair_has_the_slow_schedule_and_always_one_km():
    runs = old_runs()
    assert tried(runs, "low", 8).up_to_km == pytest.approx(2.6)
    assert tried(runs, "low", 1).big_change
    short = old_runs(0, 20, 40, km=3)
    assert tried(short, "low", 3).up_to_km == 1.0
    assert "1 km in 7 days is always allowed" in " ".join(tried(short, "low", 3).why)


def test_unknown_pairs_make_the_share_unknown():
    runs = [*old_runs(0, 2, 36), a_run(38, 8), a_run(40, 8)]
    trial = tried(runs)
    assert (trial.verdict, trial.up_to_km, trial.share_after) == ("unknown", None, None)


def test_later_runs_are_not_read():
    runs = old_runs()
    assert tried([*runs, a_run(TODAY + 1, 9, shoe="new")]) == tried(runs)


def test_without_a_run_in_seven_days_the_shortest_of_four_weeks_holds():
    assert tried(old_runs(0, 20, 30, km=6), km=20).up_to_km == 6.0
    assert tried([], km=5).verdict in ("yes", "no", "less")


run = st.tuples(st.integers(15, TODAY), st.integers(2, 20), st.sampled_from(["old", "old", "new", "low", None]))


@settings(max_examples=25, deadline=None)
@given(st.lists(run, min_size=2, max_size=14, unique_by=lambda r: r[0]), st.sampled_from(["new", "low"]))
def test_what_is_suggested_keeps_the_rules_and_a_little_more_breaks_them(drawn, name):
    runs = [a_run(0, 9, shoe="old"), *(a_run(d, float(km), shoe=shoe) for d, km, shoe in sorted(drawn))]
    trial = tried(runs, name, 25)
    recent = [r for r in runs if r["start"].date() > day(TODAY - 7)]
    if trial.verdict == "unknown" or not recent or trial.up_to_km is None:
        return
    before = names_of_warnings(runs, "old", 0.2)
    if trial.up_to_km >= 0.2 and not before:
        assert not names_of_warnings(runs, name, trial.up_to_km)
    if any(r["shoe"] is None for r in recent):
        return
    is_first_weeks = trial.age_days is None or trial.age_days < 14
    if is_first_weeks and trial.up_to_km < 24 and trial.limit_share < 0.5:
        assert names_of_warnings(runs, name, trial.up_to_km + 0.3)


def test_the_answer_speaks_of_exposure_and_custom():
    trial = tried(old_runs())
    assert trial.grade == "custom"
    assert "Warne" in trial.source
    assert isinstance(day(0), date)
