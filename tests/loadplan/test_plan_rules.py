"""The checker passes worked plans of an outside program and catches what is changed in them."""

from __future__ import annotations

import json
from copy import deepcopy
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from loadplan.daily import daily_load
from loadplan.plan_breach import Breach
from loadplan.plan_rules import PLAN_RULES, check_plan
from loadplan.plan_schedules import SCHEDULE_RULES
from loadplan.plan_view import read_plan
from loadplan.runlog import log_table
from plan_pages import MONDAY, golden_history, golden_page, scaled_week

GOLDEN = json.loads((Path(__file__).parents[1] / "data" / "golden_plans.json").read_text(encoding="utf-8"))["plans"]
PAGES = {g["name"]: golden_page(g) for g in GOLDEN}
PAST = {g["name"]: daily_load(log_table(golden_history(g)), MONDAY - timedelta(days=1)) for g in GOLDEN}
ROUNDED = 0.002
"""km; the worked plans are printed with 3 decimals."""


def breaches(page: dict[str, Any]) -> list[Breach]:
    plan = read_plan(page)
    found = [b for rule in (*PLAN_RULES, *SCHEDULE_RULES) for b in rule(plan)]
    return [b for b in found if b.measured is None or b.limit is None or abs(b.measured - b.limit) > ROUNDED]


def names(page: dict[str, Any]) -> set[str]:
    return {b.name for b in breaches(page)}


def against_the_past(name: str, page: dict[str, Any]) -> set[str]:
    """Names of all breaches, the load rules over history and plan included; rounding apart."""
    found = check_plan(page, PAST[name])
    return {w.name for w in found if w.measured is None or w.limit is None or abs(w.measured - w.limit) > 10 * ROUNDED}


@pytest.mark.parametrize("name", PAGES)
def test_a_worked_plan_behind_its_own_history_has_no_breach(name: str) -> None:
    assert against_the_past(name, PAGES[name]) == set()


@pytest.mark.parametrize("name", PAGES)
def test_every_growing_week_made_15_percent_larger_is_noticed(name: str) -> None:
    weeks = [w for w in PAGES[name]["weeks"] if w["bound_by"] == "build_10pct"]
    assert weeks or name == "pfp_novice_6km_2runs"
    for week in weeks:
        page = scaled_week(PAGES[name], week["number"], 1.15)
        assert against_the_past(name, page) & {"build-change", "plan-session-growth"}, week["number"]


def test_a_week_of_a_few_km_that_grows_by_15_percent_too_much_is_noticed() -> None:
    name = "pfp_novice_6km_2runs"
    weeks = [w for w in PAGES[name]["weeks"] if w["bound_by"] == "build_floor"]
    assert weeks
    assert max(w["distance_km"] for w in weeks) < 7, "15 % of it is a kilometre at most: of the past no rule speaks"
    for week in weeks:
        assert "plan-growth" in against_the_past(name, scaled_week(PAGES[name], week["number"], 1.15)), week["number"]


def test_two_runs_over_the_former_mean_in_a_tendons_first_weeks_of_rebuilding_are_noticed() -> None:
    name = next(one for one in PAGES if PAGES[one]["profile"] == "patellar-tendon")
    first = next(w for w in PAGES[name]["weeks"] if w["phase"] == "rebuild")
    base = PAGES[name]["baseline"]
    factor = 1.01 * base["distance_km"] / base["runs_per_week"] / min(s["distance_km"] for s in first["sessions"])
    assert "tendon-mean" in names(scaled_week(PAGES[name], first["number"], factor))


def test_what_was_run_too_far_before_an_update_is_not_the_plans() -> None:
    page = deepcopy(PAGES[next(one for one in PAGES if PAGES[one]["request"]["itb_onset_km"])])
    week = next(w for w in page["weeks"] if w["phase"] == "relative_rest")
    run = week["sessions"][0]
    run["distance_km"] = week["longest_km"] = 2 * page["request"]["itb_onset_km"]
    assert "itb-onset" in names(page)
    page["planned_from"] = (date.fromisoformat(run["day"]) + timedelta(days=1)).isoformat()
    assert "itb-onset" not in names(page)


def test_a_jump_to_the_whole_target_after_a_break_is_noticed() -> None:
    name = "layoff10_45km_5runs"
    assert "build-change" in against_the_past(name, scaled_week(PAGES[name], 1, 45 / 33.75))


@pytest.mark.parametrize("name", PAGES)
def test_a_worked_plan_has_no_breach(name: str) -> None:
    assert breaches(PAGES[name]) == []


@pytest.mark.parametrize("name", PAGES)
def test_a_recovery_week_taken_out_is_noticed(name: str) -> None:
    page = deepcopy(PAGES[name])
    for week in page["weeks"]:
        if week["recovery"]:
            week.update(recovery=False, phase="rebuild")
            break
    assert "no-recovery" in names(page)


def test_a_long_run_a_quarter_longer_is_noticed() -> None:
    page = deepcopy(PAGES["pfp_40km_4runs"])
    run = page["weeks"][3]["sessions"][-1]
    page["weeks"][3]["distance_km"] += 0.25 * run["distance_km"]
    run["distance_km"] *= 1.25
    page["weeks"][3]["longest_km"] = run["distance_km"]
    assert {"longest-share", "session-growth"} <= names(page)


def test_a_jump_to_the_whole_target_is_noticed() -> None:
    page = PAGES["pfp_40km_4runs"]
    assert "first-dose" in names(scaled_week(page, 2, 40 / 24))


def test_a_week_over_the_target_is_noticed() -> None:
    assert "over-target" in names(scaled_week(PAGES["pfp_40km_4runs"], 12, 1.15))


def test_a_run_over_the_share_of_the_onset_distance_is_noticed() -> None:
    assert "itb-onset" in names(scaled_week(PAGES["itb_25km_3runs_onset5"], 1, 1.1))


def test_tendon_runs_on_two_days_in_a_row_are_noticed() -> None:
    page = deepcopy(PAGES["tendon_60km_5runs"])
    first, second = page["weeks"][0]["sessions"][:2]
    second["day"] = (date.fromisoformat(first["day"]) + timedelta(days=1)).isoformat()
    assert names(page) == {"tendon-spacing"}


def test_a_ladder_level_left_out_is_noticed() -> None:
    page = deepcopy(PAGES["layoff40_30km_4runs"])
    page["weeks"][0]["sessions"][2]["level"] = 4
    assert "ladder-steps" in names(page)


def test_ladder_runs_on_two_days_in_a_row_are_noticed() -> None:
    page = deepcopy(PAGES["layoff40_30km_4runs"])
    runs = page["weeks"][0]["sessions"]
    runs[1]["day"] = (date.fromisoformat(runs[0]["day"]) + timedelta(days=1)).isoformat()
    assert "ladder-days" in names(page)


def test_a_cadence_step_in_a_growing_week_is_noticed() -> None:
    page = deepcopy(PAGES["pfp_40km_4runs"])
    for week in page["weeks"][3:5]:
        week["cadence_target_spm"] = 168
    assert "not-quiet" in names(page)


def test_a_cadence_target_over_a_tenth_of_the_own_is_noticed() -> None:
    page = deepcopy(PAGES["pfp_40km_4runs"])
    page["weeks"][-1]["cadence_target_spm"] = 180
    assert "cadence-cap" in names(page)


def test_cadence_steps_a_week_apart_are_noticed() -> None:
    page = deepcopy(PAGES["pfp_40km_4runs"])
    page["weeks"][1]["cadence_target_spm"] = 168
    assert "cadence-step" in names(page)


def test_hills_in_relative_rest_are_noticed() -> None:
    page = deepcopy(PAGES["pfp_40km_4runs"])
    page["weeks"][0].update(ascent_m=50.0, descent_m=50.0)
    assert "hills-early" in names(page)


def test_all_hills_at_once_are_noticed() -> None:
    page = deepcopy(PAGES["pfp_40km_4runs"])
    page["weeks"][8].update(ascent_m=400.0, descent_m=400.0)
    assert "hills-step" in names(page)


def test_a_cadence_step_and_hills_in_one_week_are_noticed() -> None:
    page = deepcopy(PAGES["pfp_40km_4runs"])
    page["weeks"][8]["cadence_target_spm"] = 172
    assert "two-new-things" in names(page)


def test_a_run_outside_its_week_is_noticed() -> None:
    page = deepcopy(PAGES["pfp_40km_4runs"])
    page["weeks"][2]["sessions"][0]["day"] = page["weeks"][4]["sessions"][0]["day"]
    assert "run-day" in names(page)


def test_a_run_of_four_minutes_is_noticed() -> None:
    page = scaled_week(PAGES["pfp_novice_6km_2runs"], 1, 0.3)
    assert "short-run" in names(page)


def test_two_more_runs_than_last_week_are_noticed() -> None:
    page = deepcopy(PAGES["tendon_60km_5runs"])
    week = page["weeks"][4]
    extra = deepcopy(week["sessions"][0])
    extra["day"] = (date.fromisoformat(week["start"]) + timedelta(days=3)).isoformat()
    week["sessions"].append(extra)
    assert "more-runs" in names(page)


def test_a_week_without_a_binding_rule_is_noticed() -> None:
    page = deepcopy(PAGES["pfp_40km_4runs"])
    page["weeks"][0]["bound_by"] = "because"
    assert "no-reason" in names(page)


def test_what_is_no_plan_is_a_clear_error() -> None:
    with pytest.raises(ValueError, match="not a plan"):
        read_plan({"profile": "general"})
