"""Random lives with a plan: what was run, how it felt, when the plan was updated; from a seed."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

import pandas as pd

from loadplan.baseline import past_days, plan_baseline
from loadplan.daily import daily_load
from loadplan.plan_rules import check_plan
from loadplan.runlog import log_table
from loadplan.weekly import weekly_load
from plan_pages import run_row
from plans import DiaryDay, Plan, PlanError, Protocol, adapt_plan, build_plan, load_protocol
from random_runners import Runner, random_runner

RUNS = frozenset({"run", "run_walk", "long", "hills", "strides"})
WORST = {"green": 1.0, "amber": 3.0, "red": 6.0}


@dataclass
class Life:
    """One runner with a plan, day by day."""

    runner: Runner
    first: Plan
    plan: Plan
    protocol: Protocol
    rows: list[dict[str, Any]]
    diary: list[DiaryDay] = field(default_factory=list)

    @property
    def week_start(self) -> str:
        return "sun" if self.runner.request.week_start else "mon"

    def daily(self, as_of: date) -> pd.DataFrame:
        return daily_load(log_table(self.rows), as_of, week_start=self.week_start)

    def update(self, as_of: date, diary: list[DiaryDay] | None = None) -> Plan:
        """The plan after an update, not kept."""
        return adapt_plan(
            self.plan,
            self.protocol,
            as_of,
            history=past_days(self.daily(as_of)),
            diary=self.diary if diary is None else diary,
            original=self.first,
        )

    def breaches(self, plan: Plan, as_of: date) -> list[str]:
        found = check_plan(plan.as_json(), self.daily(as_of))
        return [f"{w.week or w.day} {w.name} {w.measured} > {w.limit}: {w.message}" for w in found]


def begin(seed: int) -> Life:
    """A random runner with a plan that nothing was run of yet."""
    runner = random_runner(seed)
    week_start = "sun" if runner.request.week_start else "mon"
    daily = daily_load(log_table(runner.rows), runner.start - timedelta(days=1), week_start=week_start)
    baseline = plan_baseline(weekly_load(daily, week_start=week_start))
    protocol = load_protocol(runner.request.profile)
    plan = build_plan(baseline, protocol, runner.start, request=runner.request, history=past_days(daily))
    return Life(runner, plan, plan, protocol, list(runner.rows))


@dataclass(frozen=True)
class Habits:
    """How a runner keeps to a plan."""

    skips: float
    moves: float
    more: float
    size: tuple[float, float]
    writes: float
    amber: float
    red: float
    holiday: float


def habits(rng: random.Random) -> Habits:
    return Habits(
        skips=rng.choice([0, 0, 0.1, 0.4, 0.8]),
        moves=rng.choice([0, 0, 0.2]),
        more=rng.choice([0, 0, 0.1, 0.5]),
        size=rng.choice([(1, 1), (1, 1), (0.9, 1.1), (0.4, 1.0), (1.0, 1.8)]),
        writes=rng.choice([1, 1, 0.6, 0.1]),
        amber=rng.choice([0, 0.05, 0.2, 0.5]),
        red=rng.choice([0, 0, 0.05, 0.2]),
        holiday=rng.choice([0, 0, 0.01, 0.03]),
    )


def live(life: Life, until: date, rng: random.Random, way: Habits, since: date) -> None:
    """Live from ``since`` to ``until``, both included, by the plan as it stands."""
    planned = {one.day: one for week in life.plan.weeks for one in week.sessions if one.kind in RUNS}
    away = since
    day = since
    while day <= until:
        if rng.random() < way.holiday:
            away = day + timedelta(days=rng.choice([8, 12, 20, 35, 100]))
        session = planned.get(day)
        km = 0.0
        if day >= away:
            if session is not None and rng.random() >= way.skips:
                km = (session.distance_km or 0.0) * rng.uniform(*way.size)
            elif session is None and rng.random() < way.more / 3:
                km = rng.uniform(1, 12)
        if km >= 0.1:
            life.rows.append(run_row(day, km, 360.0, None if rng.random() < 0.1 else 8 * km))
            if rng.random() < way.writes:
                life.diary.append(entry(day, rng, way))
        day += timedelta(days=1)


def entry(day: date, rng: random.Random, way: Habits) -> DiaryDay:
    dice = rng.random()
    light = "red" if dice < way.red else "amber" if dice < way.red + way.amber else "green"
    return DiaryDay(day=day, light=light, worst=WORST[light], mild_start=light == "green" and rng.random() < 0.1)


def updates(life: Life, rng: random.Random, way: Habits, most: int) -> Iterator[tuple[date, Plan]]:
    """Live and update the plan again and again, up to ``most`` times or to its end."""
    day = life.first.start - timedelta(days=1)
    for _ in range(most):
        until = day + timedelta(days=rng.choice([1, 3, 5, 7, 7, 7, 10, 14, 25]))
        live(life, until, rng, way, day + timedelta(days=1))
        day = until
        try:
            life.plan = life.update(day)
        except PlanError:
            return
        yield day, life.plan
