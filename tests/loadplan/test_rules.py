"""Each rule speaks where it should, keeps silent where it should, and says it in plain words."""

from __future__ import annotations

import re
from datetime import date

import pytest

from loadplan.daily import daily_load
from loadplan.load_warning import NAMES
from loadplan.rules import RULES, check_weeks
from loadplan.weekly import weekly_load
from run_logs import a_log, a_run, bare_days, bare_weeks, day, runs_of_weeks

FORBIDDEN = re.compile(r"\b(safe|danger\w*|risk\w*|prevent\w*|injur\w*|should run more|too little)\b", re.IGNORECASE)


def check(runs, until: int, **more):
    return check_weeks(weekly_load(daily_load(a_log(runs), day(until), **more)))


def last_week(*totals: float) -> dict[str, str]:
    """Rules that speak of the last of some weeks, with their level; runs on four days."""
    warnings = check(runs_of_weeks(*totals), 7 * len(totals) - 1)
    return {w.name: w.level for w in warnings if w.week == day(7 * (len(totals) - 1))}


def test_there_is_one_rule_a_code_in_the_order_of_the_codes():
    assert [rule.__doc__.split(":")[0] for rule in RULES] == list(NAMES)
    assert len(set(NAMES.values())) == len(NAMES) == 18


def test_a_steady_runner_hears_only_that_no_week_was_easier():
    assert last_week(40, 40, 40, 40, 40, 40) == {"no-recovery-week": "info"}
    assert last_week(40, 40, 40, 40) == {}


@pytest.mark.parametrize(("weeks", "level"), [
    ((20, 22, 24.2, 26.6), None), ((20, 20, 20, 22.5), "warn"), ((20, 20, 20, 26.1), "strong"),
    ((40, 44, 48.4, 38.72, 53.24), None), ((6, 6, 6, 7), None), ((6, 6, 6, 7.1), "warn")])  # fmt: skip
def test_build_change(weeks, level):
    assert last_week(*weeks).get("build-change") == level


def test_no_number_reads_like_the_limit_that_it_passes():
    said = {w.name: w.message for w in check(runs_of_weeks(30, 30, 30, 30, 33.012), 34)}
    assert said["build-change"].startswith("This week was 10.04 % above")
    assert "was 10.04 % longer" in said["session-spike"]
    assert "was 30.04 % above" in {w.name: w.message for w in check(runs_of_weeks(30, 30, 39.012), 20)}["build-change"]
    said = {w.name: w.message for w in check(runs_of_weeks(20, 20, 20, 20, 30.002), 34)}
    assert "1.5001 times" in said["acwr-high"]


def test_weekly_change_speaks_beyond_30_percent_but_not_on_leaving_an_easy_week():
    assert last_week(20, 20, 20, 27)["weekly-change"] == "info"
    assert "weekly-change" not in last_week(20, 20, 20, 26)
    assert "weekly-change" not in last_week(40, 44, 48.4, 38.72, 53.24)


@pytest.mark.parametrize(("last", "name", "level"), [
    (30, "acwr-raised", "warn"), (31, "acwr-high", "strong"), (26, None, None)])  # fmt: skip
def test_acwr(last, name, level):
    found = {k: v for k, v in last_week(20, 20, 20, 20, last).items() if k.startswith("acwr")}
    assert found == ({name: level} if name else {})


def test_nobody_is_told_to_do_more():
    assert not {"acwr-raised", "acwr-high", "build-change"} & set(last_week(40, 40, 40, 40, 20))


def test_the_ratio_is_told_with_its_variant_and_its_amounts():
    (high,) = [w for w in check(runs_of_weeks(20, 20, 20, 20, 31), 34) if w.name == "acwr-high"]
    assert high.message == (
        "This week was 1.55 times your average of the previous four weeks (31.0 against 20.0 km). That is a large "
        "change against your recent training; it is a monitoring signal, not a forecast."
    )
    assert (high.measured, high.limit, high.unit, high.grade) == (pytest.approx(1.55), 1.5, "ratio", "contested")
    assert "Impellizzeri" in high.source


@pytest.mark.parametrize(("km", "level"), [(11, None), (11.1, "warn"), (13.1, "warn"), (20.1, "strong")])
def test_session_spike_names_its_day(km, level):
    runs = [a_run(n, 10) for n in range(0, 21, 2)] + [a_run(22, km)]
    found = [w for w in check(runs, 27) if w.name == "session-spike"]
    assert [(w.day, w.week, w.level) for w in found] == ([(day(22), day(21), level)] if level else [])


def test_two_long_runs_in_a_week():
    runs = [a_run(0, 10), a_run(2, 10), a_run(4, 4), a_run(6, 4)]
    assert ("long-runs", 2) in [(w.name, w.measured) for w in check(runs, 6)]
    assert not check(runs[:1] + runs[2:], 6)


def test_several_changes_are_named_together():
    base = runs_of_weeks(40, 40, 40, ascent_m=50.0, descent_m=50.0, shoe="old", climb_source="device:x")
    jump = runs_of_weeks(0, 0, 0, 48, ascent_m=90.0, descent_m=90.0, shoe="new", climb_source="device:x")
    (found,) = [w for w in check(base + jump, 27) if w.name == "several-changes"]
    assert found.measured == 3
    assert "distance, hills and new shoes" in found.message
    names = {w.name for w in check(base + jump, 27)}
    assert {"build-change", "ascent", "descent", "new-shoe-share"} <= names


def test_distance_and_longest_session_are_one_change():
    runs = [*runs_of_weeks(40, 40, 40), *runs_of_weeks(0, 0, 0, 56, per_week=4)]
    names = {w.name for w in check(runs, 27)}
    assert {"build-change", "session-spike"} <= names
    assert "several-changes" not in names


def test_cadence_and_fast_minutes_are_changes_too():
    base = runs_of_weeks(40, 40, 40, cadence_spm=160.0)
    jump = runs_of_weeks(0, 0, 0, 40, minutes=48, cadence_spm=175.0)
    (found,) = [w for w in check(base + jump, 27) if w.name == "several-changes"]
    assert "fast minutes and cadence" in found.message


def old_and_new(*new_km: float):
    old = [a_run(n, 8, shoe="old") for n in range(0, 21, 2)]
    return old + [a_run(21 + n, km, shoe="new") for n, km in enumerate(new_km)] + [a_run(26, 26, shoe="old")]


def test_new_shoes():
    (found,) = [w for w in check(old_and_new(7, 7), 27) if w.name == "new-shoe-share"]
    assert (found.level, found.measured) == ("warn", pytest.approx(0.35))
    assert found.message.endswith("It is about new, first worn on 2026-01-26.")
    assert "new-shoe-share" not in {w.name for w in check(old_and_new(6.5, 6.5), 27)}


def test_one_run_a_week_in_a_new_pair_the_shortest_is_noted_and_not_warned_of():
    (found,) = [w for w in check(old_and_new(14), 27) if w.name == "new-shoe-share"]
    assert (found.level, found.measured) == ("info", pytest.approx(0.35))


def test_young_shoes_are_noted_up_to_the_fourth_week():
    runs = [a_run(n, 8, shoe="old") for n in range(0, 21, 2)] + [a_run(21, 5, shoe="new")]
    runs += [a_run(n, 8, shoe="new") for n in (36, 38, 40)]
    levels = [w.level for w in check(runs, 41) if w.name == "new-shoe-share" and w.week == day(35)]
    assert levels == ["info"]


def test_a_big_change_of_shoes():
    shoes = {"old": {"drop_mm": 10}, "new": {"drop_mm": 0}}
    (found,) = [w for w in check(old_and_new(4), 27, shoes=shoes) if w.name == "big-shoe-change"]
    assert (found.measured, found.limit) == (pytest.approx(4 / 30), pytest.approx(0.1))
    assert not [w for w in check(old_and_new(1), 27, shoes=shoes) if w.name == "big-shoe-change"]


def test_shoe_wear_is_information():
    marks = [w for w in check([a_run(n, 30, shoe="a") for n in range(30)], 34) if w.name == "shoe-wear"]
    assert [(w.level, w.limit) for w in marks] == [("info", 500), ("info", 800)]


def test_cadence_drop():
    runs = runs_of_weeks(40, 40, 40, cadence_spm=170.0) + runs_of_weeks(0, 0, 0, 40, cadence_spm=160.0)
    (found,) = [w for w in check(runs, 27) if w.name == "cadence-drop"]
    assert found.measured == pytest.approx(100 * 10 / 170)


def test_monotony_and_no_rest_day():
    runs = [a_run(n, 8 + 0.1 * (n % 3)) for n in range(14)]
    found = {w.name: w.measured for w in check(runs, 13)}
    assert found["monotony"] > 2
    assert found["no-rest-day"] == 14


def test_missing_data_says_how_many():
    runs = [a_run(n, None if n < 3 else 8, 50) for n in (0, 2, 4)]
    (found,) = [w for w in check(runs, 6) if w.name == "missing-data"]
    assert found.message.startswith("2 of 3 runs of this week have no distance: the week has no number and is not")
    runs = [a_run(n, None if n < 1 else 8, 50) for n in (0, 2, 4, 6)]
    (found,) = [w for w in check(runs, 6) if w.name == "missing-data"]
    assert found.message == "1 of 4 runs of this week has no distance: the week is not compared."
    (found,) = [w for w in check([a_run(0, None, 50)], 6) if w.name == "missing-data"]
    assert found.message.startswith("1 of 1 run of this week has no distance: the week has no number")


def test_no_rule_looks_at_the_incomplete_first_week_of_a_record():
    assert check([a_run(2, 5), a_run(4, 30)], 6) == []
    assert {w.name for w in check([a_run(0, 5), a_run(4, 30)], 6)} == {"session-spike"}


def test_ladder_weeks_are_silent_in_percent_ratio_spike_and_recovery():
    totals = [30.0] * 5 + [0.0] * 6 + [7, 11, 12, 13, 14, 15, 15]
    phase = [None] * 7 * 11 + ["ladder"] * 7 * 7
    km = [t / 7 for t in totals for _ in range(7)]
    daily = bare_days(km, phase=phase, longest_km=km, longest_min=[6 * x for x in km])
    names = {w.name for w in check_weeks(weekly_load(daily)) if w.week >= day(77)}
    assert not names & {
        "weekly-change",
        "build-change",
        "acwr-raised",
        "acwr-high",
        "session-spike",
        "no-recovery-week",
    }


def test_rules_can_be_left_out_by_code_or_name():
    weeks = weekly_load(bare_weeks([20, 20, 20, 20, 31]))
    names = {w.name for w in check_weeks(weeks, ignore=["LP004", "no-rest-day"])}
    assert "build-change" in names
    assert not names & {"acwr-high", "no-rest-day"}


def test_every_warning_has_source_grade_and_plain_words():
    runs = runs_of_weeks(40, 40, 40, 40, ascent_m=50.0, descent_m=50.0, shoe="old", climb_source="device:x")
    runs += runs_of_weeks(0, 0, 0, 0, 90, ascent_m=190.0, descent_m=90.0, shoe="new", climb_source="gps", minutes=60)
    runs += [a_run(35 + n, 9, shoe="new") for n in range(12)]
    found = check(runs, 48)
    assert len({w.code for w in found}) > 7
    for one in found:
        assert one.source
        assert one.grade in ("trialled", "observed", "contested", "custom")
        assert not FORBIDDEN.search(one.message), one.message
        assert re.match(r"[A-Z0-9].*\.$", one.message)


def test_as_json_has_the_keys_of_the_interface():
    (found,) = [w for w in check(runs_of_weeks(20, 20, 20, 20, 31), 34) if w.name == "build-change"]
    told = found.as_json()
    assert list(told) == [
        "code", "name", "level", "week", "day", "measured", "limit", "unit", "message", "source", "grade",
        "advice"]  # fmt: skip
    assert (told["code"], told["week"], told["day"]) == ("LP002", "2026-02-02", None)
    assert isinstance(found.week, date)
