"""Random runners: histories, breaks, starts and wishes, from a seed or from hypothesis."""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from plan_pages import run_row
from plans.plan import PROFILES, Profile, Request

MONDAY = date(2025, 3, 3)
DAYS = {1: [6], 2: [2, 6], 3: [1, 3, 6], 4: [1, 2, 4, 6], 5: [0, 1, 3, 4, 6], 6: [0, 1, 2, 3, 5, 6], 7: list(range(7))}


@dataclass(frozen=True)
class Runner:
    """One runner who wants a plan."""

    rows: list[dict[str, Any]]
    start: date
    request: Request


def random_runner(seed: int) -> Runner:
    """A runner of 5 to 150 km and 2 to 7 runs a week, a break of 0 to 120 days, any weekday, any profile."""
    rng = random.Random(seed)
    per_week = rng.randint(2, 7)
    usual = rng.choice([rng.uniform(5, 20), rng.uniform(15, 60), rng.uniform(40, 150)])
    pace, climb = rng.uniform(270, 480), rng.choice([None, 0.0, 2.0, 10.0, 25.0])
    weeks = rng.choice([rng.randint(1, 6), rng.randint(6, 40)])
    rows = [row for w in range(weeks) for row in _week(rng, w, usual, per_week, pace, climb)]
    profile: Profile = rng.choice(PROFILES)
    still_runs = rng.random() < 0.5
    gap = rng.randint(1, 6) if still_runs else rng.randint(0, 120)
    last = date.fromisoformat(rows[-1]["start"][:10])
    return Runner(rows, last + timedelta(days=gap + 1), _request(rng, profile, per_week, usual))


def _week(
    rng: random.Random, number: int, usual: float, per_week: int, pace: float, climb: float | None
) -> list[dict[str, Any]]:
    km = usual * rng.uniform(0.7, 1.25) * (0.6 if rng.random() < 0.15 else 1)
    days = DAYS[max(1, per_week - (rng.random() < 0.25))]
    shares = [rng.uniform(0.8, 1.2) for _ in days]
    shares[-1] *= rng.uniform(1, 2)
    return [
        run_row(MONDAY + timedelta(days=7 * number + day), km * s / sum(shares), pace,
                None if climb is None else climb * km * s / sum(shares))
        for day, s in zip(days, shares, strict=True)
    ]  # fmt: skip


def _request(rng: random.Random, profile: Profile, per_week: int, usual: float) -> Request:
    return Request(
        profile=profile,
        days_per_week=rng.choice([None, None, rng.randint(2, 7)]),
        long_day=rng.choice([6, 6, 5, 2]),
        goal_km=rng.choice([None, None, usual * rng.uniform(0.4, 1.5)]),
        weeks=rng.choice([None, None, None, rng.randint(4, 30)]),
        worst_pain=rng.choice([None, 0, 2, 3, 4, 5, 7]),
        smallest_factor=rng.random() < 0.1,
        itb_onset_km=rng.choice([None, 1.0, 3.0, 5.0, 9.0]) if profile == "itb" else None,
        new_shoe=rng.choice([None, None, "New pair"]),
        week_start=rng.choice([0, 0, 0, 6]),
    )
