"""P10: a plan of twelve weeks with its own check, beyond start-up. CPU time, the least of several."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "tests" / "support"))

from lives import begin

from loadplan.baseline import past_days, plan_baseline
from loadplan.plan_rules import check_plan
from loadplan.weekly import weekly_load
from plans import build_plan

TIMES = 7
LIMIT_MS = 50
SEEDS = (3, 11, 21)
"""Runners with half a year of runs and plans of different ways."""


def least_ms(work: Callable[[], object]) -> float:
    best = float("inf")
    for _ in range(TIMES):
        start = time.process_time()
        work()
        best = min(best, time.process_time() - start)
    return 1000 * best


def main() -> None:
    print(f"{'runner':>7} {'days':>6} {'weeks':>6} {'plan ms':>9} {'check ms':>9} {'both ms':>9}   limit {LIMIT_MS} ms")
    for seed in SEEDS:
        life = begin(seed)
        daily = life.daily(life.first.start - timedelta(days=1))
        usual = plan_baseline(weekly_load(daily, week_start=life.week_start))
        past = past_days(daily)

        def make(life=life, usual=usual, past=past):  # type: ignore[no-untyped-def]
            return build_plan(usual, life.protocol, life.first.start, request=life.runner.request, history=past)

        page = make().as_json()
        page = {**page, "weeks": page["weeks"][:13]}
        plan_ms = least_ms(lambda make=make: make().as_json())
        check_ms = least_ms(lambda page=page, daily=daily: check_plan(page, daily))
        sizes = f"{len(daily):>6} {len(page['weeks']):>6}"
        print(f"{seed:>7} {sizes} {plan_ms:>9.1f} {check_ms:>9.1f} {plan_ms + check_ms:>9.1f}")


if __name__ == "__main__":
    main()
