"""A plan made with a clinic's own limit, at either end of what it may be, still passes its own check."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from loadplan.baseline import past_days, plan_baseline
from loadplan.daily import daily_load
from loadplan.plan_rules import check_plan
from loadplan.runlog import log_table
from loadplan.weekly import weekly_load
from plans import FINDINGS, build_plan, load_protocol
from plans.protocol import OwnLimit
from random_runners import random_runner

ENDS = [(f.key, end) for f in FINDINGS.values() if not f.is_fixed for end in sorted({f.low, f.high} - {f.value})]
SEEDS = (20005, 20017, 20030)
"""Among them the runners whose third week of relative rest once had hills."""


@pytest.fixture(scope="module")
def runners() -> list[Any]:
    """Each with the daily table and the usual week, worked out once."""
    found: list[Any] = []
    for seed in SEEDS:
        runner = random_runner(seed)
        week_start = "sun" if runner.request.week_start else "mon"
        daily = daily_load(log_table(runner.rows), runner.start - timedelta(days=1), week_start=week_start)
        usual = replace(plan_baseline(weekly_load(daily, week_start=week_start)), cadence_spm=167.0)
        found.append((runner, daily, usual, past_days(daily)))
    return found


@pytest.mark.parametrize(("key", "value"), ENDS)
def test_a_plan_with_an_own_limit_passes_its_check(runners: list[Any], key: str, value: float) -> None:
    for runner, daily, usual, past in runners:
        general = load_protocol(runner.request.profile)
        protocol = replace(general, limits={key: OwnLimit(value=float(value), source="ours")})
        plan = build_plan(usual, protocol, runner.start, request=runner.request, history=past)
        assert [(str(one.week), one.name) for one in check_plan(plan.as_json(), daily)] == []
