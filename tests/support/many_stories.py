"""Runners' stories for pictures: any length, gaps, spikes, many pairs, unknown values; by seed."""

from __future__ import annotations

import random
from datetime import UTC, date, datetime, timedelta
from typing import Any

from loadplan.cadence_log import CadenceRun
from loadplan.charts import ChartInput
from loadplan.daily import daily_load
from loadplan.runlog import log_table
from loadplan.weekly import weekly_load

AS_OF = date(2026, 3, 25)
ALL_WEEKS = 100
"""Longer records are drawn by their last weeks: bars of half a point are no picture."""
PAIRS = (
    "Kestrel 4",
    "Petrel Low",
    "A name of a pair that goes on and on",
    "跑鞋 № 5",
    "Gull",
    "Tern",
    "Auk Trail",
    "Skua",
)
PHASES = ("relative_rest", "ladder", "rebuild", "recovery", "hold")
BOUNDS = ("relative_rest", "ladder", "build_10pct", "recovery_week", "target", "acwr", "session_cap", "build_floor")
LIGHTS = ("green", "amber", "red", "unknown")


def story(seed: int, *, weeks: int | None = None, planned: bool | None = None, **more: Any) -> ChartInput:
    """Everything that charts are drawn from.

    Args:
        seed: Which story.
        weeks: Length of the record; None = from one week to fifteen years.
        planned: With a plan or without; None = as the dice say.
        more: Fields of ``ChartInput``, such as ``units`` and ``shown``.
    """
    dice = random.Random(seed)
    length = weeks or dice.choice([1, 2, 5, 17, 26, 60, 250, 780])
    log = log_table(_rows(dice, length))
    daily = daily_load(log, AS_OF)
    diary = _diary(dice)
    plan = _plan(dice) if (dice.random() < 0.6 if planned is None else planned) else None
    lengths = [0, 16, 26] if length < ALL_WEEKS else [16, 26]
    usual: dict[str, Any] = {
        "units": dice.choice(["km", "mi"]), "shown": dice.choice(lengths),
        "method": dice.choice(["uncoupled", "coupled", "ewma"]),
    }  # fmt: skip
    since = date.fromisoformat(diary[0]["day"]) if diary else None
    return ChartInput(
        log=log, daily=daily, weeks=weekly_load(daily), plan=plan, pain=diary, pain_since=since,
        cadence=_held(dice) if plan else (), **(usual | more),
    )  # fmt: skip


def _rows(dice: random.Random, weeks: int) -> list[dict[str, Any]]:
    """Runs of every week: some weeks empty, some twice as long, climb and cadence sometimes not recorded."""
    usual, per_week = (
        dice.choice([dice.uniform(4, 20), dice.uniform(20, 60), dice.uniform(60, 180)]),
        dice.randint(1, 7),
    )
    pairs = dice.sample(PAIRS, dice.randint(1, len(PAIRS)))
    monday = AS_OF - timedelta(days=AS_OF.weekday(), weeks=weeks - 1)
    gap = dice.randrange(weeks) if dice.random() < 0.5 else None
    rows = []
    for week in range(weeks):
        if gap is not None and gap <= week < gap + dice.choice([1, 3, 12]):
            continue
        km = usual * dice.uniform(0.5, 1.4) * (2.5 if dice.random() < 0.06 else 1)
        for weekday in sorted(dice.sample(range(7), per_week)):
            day = monday + timedelta(weeks=week, days=weekday)
            if day <= AS_OF:
                pair = pairs[week * len(pairs) // weeks]
                rows.append(_row(dice, day, max(0.3, km / per_week * dice.uniform(0.4, 2.2)), pair))
    return rows or [_row(dice, monday, 5.0, pairs[0])]


def _row(dice: random.Random, day: date, km: float, pair: str) -> dict[str, Any]:
    climb = None if dice.random() < 0.1 else km * dice.uniform(0, 20)
    return {
        "id": f"{day:%Y%m%d}T080000-run", "start": datetime(day.year, day.month, day.day, 8, tzinfo=UTC),
        "utc_offset_s": 0, "sport": "run", "distance_m": None if dice.random() < 0.03 else 1000.0 * km,
        "elapsed_s": 360.0 * km, "moving_s": 360.0 * km, "ascent_m": climb, "descent_m": climb,
        "hill_up_m": climb, "hill_down_m": climb, "climb_source": "device",
        "cadence_spm": None if dice.random() < 0.2 else dice.gauss(162, 3), "cadence_speed_m_s": 2.8,
        "cadence_seconds": 1500.0, "shoe": None if dice.random() < 0.1 else pair,
    }  # fmt: skip


def _diary(dice: random.Random) -> list[dict[str, Any]]:
    days = sorted(dice.sample(range(200), dice.choice([0, 1, 4, 30])), reverse=True)
    return [
        {
            "day": (AS_OF - timedelta(days=ago)).isoformat(), "during": float(dice.randint(0, 10)), "after": None,
            "morning": dice.choice([None, 0.0, 3.0, 10.0]), "light": dice.choice(LIGHTS),
        }
        for ago in days
    ]  # fmt: skip


def _plan(dice: random.Random) -> dict[str, Any]:
    weeks, usual = dice.choice([1, 4, 17, 52]), dice.uniform(5, 150)
    first = AS_OF + timedelta(days=7 * dice.randint(-6, 1) - AS_OF.weekday())
    return {
        "profile": "general", "target_km": dice.choice([None, usual]), "full_load_week": 6,
        "request": {"week_start": 0},
        "weeks": [
            {
                "number": n + 1, "start": (first + timedelta(weeks=n)).isoformat(),
                "distance_km": usual * min(1.0, 0.5 + n / 20) * dice.uniform(0.8, 1), "phase": dice.choice(PHASES),
                "bound_by": dice.choice(BOUNDS), "cadence_target_spm": dice.choice([None, 164 + 4 * (n // 4)]),
            }
            for n in range(weeks)
        ],
    }  # fmt: skip


def _held(dice: random.Random) -> list[CadenceRun]:
    return [
        CadenceRun(
            id=str(ago), day=AS_OF - timedelta(days=ago), speed_m_s=2.7, cadence_spm=160.0, adjusted_spm=None,
            change_pct=None, steps_per_km=None, target_spm=164.0, on_target=dice.random(),
        )
        for ago in sorted(dice.sample(range(60), dice.choice([0, 3, 12])), reverse=True)
    ]  # fmt: skip
