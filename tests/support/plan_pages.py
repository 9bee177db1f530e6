"""Golden plans of an outside program as the JSON of a plan, and small plans with one interesting number."""

from __future__ import annotations

from copy import deepcopy
from datetime import date, timedelta
from typing import Any

MONDAY = date(2026, 3, 2)
"""Day 0 of every golden plan."""


def golden_page(golden: dict[str, Any]) -> dict[str, Any]:
    """One golden plan in the keys of ``plan show``."""
    asked = golden["input"]
    base = asked["baseline"]
    pace = asked["pace_min_per_km"] * 60
    former = base["descent"] / base["km"]
    return {
        "profile": asked["profile"],
        "start": MONDAY.isoformat(),
        "target_km": min(base["km"], asked["goal_km"] or base["km"]),
        "baseline": {
            "distance_km": base["km"],
            "minutes": base["km"] * pace / 60,
            "runs_per_week": base["runs"],
            "longest_km": base["longest"],
            "ascent_m": base["descent"],
            "descent_m": base["descent"],
            "cadence_spm": asked["cadence_baseline_spm"],
            "pace_s_per_km": pace,
        },
        "request": {"worst_pain": asked["pain_during"], "itb_onset_km": asked["itb_onset_km"]},
        "weeks": [_week(w, pace, former) for w in golden["weeks"]],
        "full_load_week": golden["full_load_week"],
    }


def _week(week: dict[str, Any], pace: float, former: float) -> dict[str, Any]:
    levels = week["ladder_levels"] or [None] * len(week["sessions"])
    metres = former * (week["descent_share"] or 0.0)
    km = [s[1] for s in week["sessions"]]
    scale = week["distance_km"] / sum(km)  # sessions are rounded to 4 decimals, weeks to 3
    return {
        **{k: week[k] for k in ("number", "phase", "distance_km", "recovery", "bound_by", "cadence_target_spm")},
        "start": (MONDAY + timedelta(days=7 * (week["number"] - 1))).isoformat(),
        "minutes": week["distance_km"] * pace / 60,
        "longest_km": max(km) * scale,
        "ascent_m": metres * week["distance_km"],
        "descent_m": metres * week["distance_km"],
        "why": ["golden"],
        "sessions": [
            {
                "day": (MONDAY + timedelta(days=day)).isoformat(),
                "kind": "run_walk" if level else "run",
                "minutes": x * scale * pace / 60,
                "distance_km": x * scale,
                "level": level,
                "ascent_m": metres * x * scale,
                "descent_m": metres * x * scale,
            }
            for (day, x), level in zip(week["sessions"], levels, strict=True)
        ],
    }


def scaled_week(page: dict[str, Any], number: int, factor: float) -> dict[str, Any]:
    """The same plan with every run of one week longer by ``factor``."""
    out = deepcopy(page)
    week = next(w for w in out["weeks"] if w["number"] == number)
    for thing in (week, *week["sessions"]):
        for key in ("distance_km", "minutes", "longest_km", "ascent_m", "descent_m"):
            if key in thing:
                thing[key] *= factor
    return out


def golden_history(golden: dict[str, Any]) -> list[dict[str, Any]]:
    """The runs before a golden plan, as rows of the run log."""
    pace = golden["input"]["pace_min_per_km"]
    return [
        run_row(MONDAY + timedelta(days=day), km, pace * 60, metres) for day, km, metres in golden["input"]["history"]
    ]


def run_row(day: date, km: float, pace_s_per_km: float = 360.0, climb_m: float | None = None) -> dict[str, Any]:
    """One run at seven in the morning, UTC."""
    return {
        "start": f"{day.isoformat()}T07:00:00+00:00",
        "sport": "run",
        "distance_m": 1000 * km,
        "moving_s": km * pace_s_per_km,
        "ascent_m": climb_m,
        "descent_m": climb_m,
    }
