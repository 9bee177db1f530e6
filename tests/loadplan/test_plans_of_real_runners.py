"""Plans for real runners at a dozen dates each, before, in and after breaks; and for logs with next to nothing."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict
from datetime import date, timedelta
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from importers import read_export
from loadplan.baseline import past_days, plan_baseline
from loadplan.daily import daily_load
from loadplan.plan_rules import check_plan
from loadplan.runlog import log_table
from loadplan.weekly import weekly_load
from plan_pages import run_row
from plans import PROFILES, DiaryDay, Plan, Profile, Request, adapt_plan, build_plan, load_protocol

RUNNERS = {"x3cl+running_page": 80, "tiny656+running_page": 90, "corriporai+runpandas": 3}
"""Folder -> runs that it has at least."""
DATES = 12
FIRST_PERIOD = date(2026, 3, 2)


@cache
def log_of(folder: Path) -> pd.DataFrame:
    runs = [asdict(run) | {"id": str(n)} for n, run in enumerate(read_export(folder).runs) if run.sport == "run"]
    return log_table(runs)


def plan_for(log: pd.DataFrame, as_of: date, profile: Profile, **wishes: Any) -> tuple[Plan, pd.DataFrame]:
    daily = daily_load(log, as_of)
    usual = plan_baseline(weekly_load(daily, as_of=as_of)) if len(daily) else None
    request = Request(profile=profile, **wishes)
    start = as_of + timedelta(days=1)
    plan = build_plan(usual, load_protocol(profile), start, request=request, history=past_days(daily))
    return plan, daily


def breaches(plan: Plan, daily: pd.DataFrame) -> list[str]:
    return [f"{w.week or w.day} {w.name} {w.measured} > {w.limit}" for w in check_plan(plan.as_json(), daily)]


def telling_days(log: pd.DataFrame) -> list[date]:
    """Days spread over the record, and days before, in and after its longest gaps."""
    days = sorted(set(log["day"].dt.date))
    gaps = sorted(pairwise(days), key=lambda pair: pair[0] - pair[1])[:2]
    around = [day for a, b in gaps for day in (a, a + (b - a) / 2, b, b + timedelta(days=10))]
    step = max(len(days) // (DATES - len(around)), 1)
    return sorted({*around, *days[::step]})[: DATES + 2]


@pytest.mark.corpus
@pytest.mark.parametrize("runner", RUNNERS)
def test_a_real_runner_gets_a_plan_without_a_breach_at_every_date(corpus: Path, runner: str) -> None:
    log = log_of(corpus / "corpus" / runner)
    assert len(log) >= RUNNERS[runner]
    days = telling_days(log)
    for n, day in enumerate(days):
        plan, daily = plan_for(log, day, PROFILES[n % len(PROFILES)])
        assert breaches(plan, daily) == [], day
        _reads_without_asking(plan)


@pytest.mark.corpus
@pytest.mark.parametrize("runner", RUNNERS)
def test_the_plan_of_a_real_runner_is_updated_without_a_breach_from_what_was_really_run(
    corpus: Path, runner: str
) -> None:
    """Nobody ran by these plans: what came later in the log is too much, too little, and long breaks."""
    log = log_of(corpus / "corpus" / runner)
    days = telling_days(log)
    updates = 0
    for n, day in enumerate(days):
        first, _ = plan_for(log, day, PROFILES[n % len(PROFILES)])
        plan = first
        for after in UPDATES_AFTER[n % len(UPDATES_AFTER)]:
            plan = updated(plan, first, log, day + timedelta(days=after))
            updates += 1
    assert updates == sum(len(UPDATES_AFTER[n % len(UPDATES_AFTER)]) for n in range(len(days)))


def updated(plan: Plan, first: Plan, log: pd.DataFrame, as_of: date) -> Plan:
    """The plan updated on ``as_of`` from the log as it goes on, with a light for each run; judged."""
    daily = daily_load(log, as_of)
    ran = daily.index[(daily["distance_km"] > 0) & (daily.index >= pd.Timestamp(first.start))]
    diary = [
        DiaryDay(day=day.date(), light=LIGHTS[n % len(LIGHTS)], worst=PAIN[LIGHTS[n % len(LIGHTS)]])
        for n, day in enumerate(ran)
    ]
    protocol = load_protocol(first.profile)
    now = adapt_plan(plan, protocol, as_of, history=past_days(daily), diary=diary, original=first)
    assert breaches(now, daily) == [], as_of
    _reads_without_asking(now)
    return now


UPDATES_AFTER = ((3, 9, 26), (7, 14, 21), (12, 40), (5, 33, 61))
"""Days after the plan was made on which it is updated, runner after runner and date after date."""
LIGHTS = ("green", "green", "amber", "green", "green", "red", "green", "amber", "amber")
PAIN = {"green": 1.0, "amber": 3.0, "red": 6.0}


def _reads_without_asking(plan: Plan) -> None:
    """Each week has dose and reason, each run its steps, the plan its horizon and its signs to stop."""
    assert any("ull load" in note for note in plan.notes)
    assert plan.what_to_watch
    assert plan.footer
    for week in plan.weeks:
        assert week.why
        for one in week.sessions:
            if one.distance_km:
                assert one.steps[0].endswith(("walk", "mobility"))
                assert one.steps[-1].endswith("walk")


def steady(km: float, runs: int, weeks: int) -> list[dict[str, Any]]:
    days = {1: [6], 2: [2, 6], 3: [1, 3, 6], 6: [0, 1, 2, 3, 5, 6]}[runs]
    return [
        run_row(FIRST_PERIOD + timedelta(days=7 * week + day), km / runs, climb_m=5 * km / runs)
        for week in range(weeks)
        for day in days
    ]


LOGS: dict[str, list[dict[str, Any]]] = {
    "empty": [],
    "one run": [run_row(FIRST_PERIOD, 6.0)],
    "one week": steady(24.0, 3, 1),
    "5 km a week": steady(5.0, 2, 10),
    "150 km a week": steady(150.0, 6, 10),
}


@pytest.mark.parametrize("name", LOGS)
@pytest.mark.parametrize("profile", PROFILES)
@pytest.mark.parametrize("off", [1, 12, 40])
def test_next_to_nothing_and_very_much_get_a_plan_without_a_breach(name: str, profile: Profile, off: int) -> None:
    rows = LOGS[name]
    last = max((date.fromisoformat(row["start"][:10]) for row in rows), default=FIRST_PERIOD)
    plan, daily = plan_for(log_table(rows), last + timedelta(days=off), profile, worst_pain=3.0)
    assert breaches(plan, daily) == []
    _reads_without_asking(plan)
    if name in ("empty", "one run"):
        assert plan.weeks[-1].phase != "relative_rest"
        assert _says(plan.notes, "No usual week", "not known")


@pytest.mark.parametrize("name", LOGS)
@pytest.mark.parametrize(("share", "turn"), [(0.0, 0), (0.6, 1), (1.0, 2), (1.7, 3)])
def test_their_plans_are_updated_without_a_breach(name: str, share: float, turn: int) -> None:
    rows, profile = list(LOGS[name]), PROFILES[(list(LOGS).index(name) + turn) % len(PROFILES)]
    last = max((date.fromisoformat(row["start"][:10]) for row in rows), default=FIRST_PERIOD)
    first, _ = plan_for(log_table(rows), last + timedelta(days=2), profile, worst_pain=3.0)
    plan, since = first, first.start
    for after in (4, 11, 27):
        as_of = first.start + timedelta(days=after)
        rows += [
            run_row(one.day, share * one.distance_km)
            for week in plan.weeks
            for one in week.sessions
            if share and one.distance_km and since <= one.day <= as_of
        ]
        plan, since = updated(plan, first, log_table(rows), as_of), as_of + timedelta(days=1)


def _says(notes: Iterable[str], *words: str) -> bool:
    return any(word in note for note in notes for word in words)
