"""Every exposure of a week that can be looked back on: its value, its limit, and whether a rule speaks of it.

The rules decide what is beyond a limit; here each has the number behind it, known also where no rule speaks.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from loadplan.exposure_rules import ascent, big_shoe_change, cadence_drop, descent, new_shoes
from loadplan.load_rules import (
    acwr_high,
    acwr_raised,
    build_change,
    no_recovery_week,
    no_rest_day,
    session_spike,
    several_long_runs,
)
from loadplan.load_warning import LEVELS, LoadWarning
from loadplan.several_changes import CHANGES, several_changes
from loadplan.week_row import WeekRow, known

Value = Callable[[WeekRow], float | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Exposure:
    """One thing that can change from week to week."""

    name: str
    label: str
    """In a few words, as ``flare`` shows it."""
    value: Value
    unit: str
    key: str
    """The finding whose limit it has."""
    beyond: Callable[[WeekRow], bool]
    """Does a rule speak of this week's value?"""


def _column(name: str, factor: float = 1.0) -> Value:
    def value(week: WeekRow) -> float | None:
        found = known(week, name)
        return None if found is None else factor * found

    return value


def _warned(*rules: Callable[[WeekRow], LoadWarning | None], least: int = 1) -> Callable[[WeekRow], bool]:
    """True where one of the rules speaks, at this level or above (1 = warn, 0 = information too)."""

    def beyond(week: WeekRow) -> bool:
        return any(one is not None and LEVELS.index(one.level) >= least for one in (rule(week) for rule in rules))

    return beyond


def _changed(name: str) -> Callable[[WeekRow], bool]:
    return lambda week: CHANGES[name](week) is not None


def _cadence_rise(week: WeekRow) -> float | None:
    now, usual = known(week, "cadence_adjusted_spm"), known(week, "cadence_baseline_spm")
    return None if now is None or usual is None else now - usual


def _count(week: WeekRow) -> float | None:
    return float(sum(change(week) is not None for change in CHANGES.values()))


def _exposure(name: str, label: str, value: Value, unit: str, key: str, beyond: Callable[[WeekRow], bool]) -> Exposure:
    return Exposure(name=name, label=label, value=value, unit=unit, key=key, beyond=beyond)


EXPOSURES: Final = (
    _exposure("build-change", "more distance in a week", _column("build_change_pct"), "%", "build_change_pct",
              _warned(build_change)),
    _exposure("acwr", "week against four (ACWR)", _column("acwr"), "ratio", "acwr_raised",
              _warned(acwr_raised, acwr_high)),
    _exposure("session-spike", "longer run than in 30 days", _column("spike_pct"), "%", "spike_small_pct",
              _warned(session_spike)),
    _exposure("long-runs", "long runs in a week", _column("long_runs"), "runs", "long_runs_per_week",
              _warned(several_long_runs)),
    _exposure("ascent", "more ascent in a week", _column("ascent_rise"), "m", "climb_change_m", _warned(ascent)),
    _exposure("descent", "more descent in a week", _column("descent_rise"), "m", "climb_change_m", _warned(descent)),
    _exposure("fast-minutes", "more fast minutes in a week", _column("fast_rise"), "min", "change_ignore_min",
              _changed("fast minutes")),
    _exposure("surface", "more of one surface", _column("surface_rise", 100), "points", "surface_rise_share",
              _changed("surface")),
    _exposure("new-shoe-share", "km in new pairs", _column("new_shoe_share", 100), "%", "new_shoe_share",
              _warned(new_shoes)),
    _exposure("big-shoe-change", "km in a very different pair", _column("big_shoe_share", 100), "%",
              "big_change_first_share", _warned(big_shoe_change)),
    _exposure("cadence-step", "cadence above the usual", _cadence_rise, "spm", "cadence_step_spm",
              _changed("cadence")),
    _exposure("cadence-drop", "cadence below the usual", _column("cadence_change_pct", -1), "%", "cadence_drop_pct",
              _warned(cadence_drop, least=0)),
    _exposure("no-rest-day", "days in a row with a run", _column("run_streak_days"), "days", "rest_days_max_streak",
              _warned(no_rest_day, least=0)),
    _exposure("no-recovery-week", "weeks without an easier one", _column("weeks_without_recovery"), "weeks",
              "no_recovery_weeks", _warned(no_recovery_week, least=0)),
    _exposure("several-changes", "changes in one week", _count, "changes", "changes_per_week",
              _warned(several_changes)),
)  # fmt: skip
"""What ``flare`` looks at, in the order in which it is told."""

IN_SHARES: Final = ("surface", "new-shoe-share", "big-shoe-change")
"""Shown in per cent, while their limit is a share."""
