"""No plan breaks its own ruler: whatever the history, its page passes the checker, which shares no code with it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from loadplan.baseline import past_days, plan_baseline
from loadplan.daily import daily_load
from loadplan.plan_rules import check_plan
from loadplan.runlog import log_table
from loadplan.weekly import weekly_load
from plans import build_plan, load_protocol
from random_runners import Runner, random_runner


def breaches(runner: Runner) -> list[str]:
    """What the checker says of the plan made for a runner."""
    week_start = "sun" if runner.request.week_start else "mon"
    daily = daily_load(log_table(runner.rows), runner.start - timedelta(days=1), week_start=week_start)
    baseline = plan_baseline(weekly_load(daily, week_start=week_start))
    protocol = load_protocol(runner.request.profile)
    plan = build_plan(baseline, protocol, runner.start, request=runner.request, history=past_days(daily))
    return [f"{w.week} {w.name} {w.measured} > {w.limit}: {w.message}" for w in check_plan(plan.as_json(), daily)]


@pytest.mark.parametrize("seed", range(40))
def test_the_plan_of_a_random_runner_has_no_breach(seed: int) -> None:
    assert breaches(random_runner(seed)) == []


@settings(max_examples=60, deadline=None)
@given(st.integers(min_value=1000, max_value=10**9))
def test_no_plan_breaks_its_own_ruler(seed: int) -> None:
    assert breaches(random_runner(seed)) == []
