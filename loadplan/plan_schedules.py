"""The checker's rules on what comes back in steps: tendon spacing, ladder levels, cadence, hills, strides, week 0."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from datetime import timedelta
from itertools import pairwise

from loadplan.plan_breach import Breach, breach, over
from loadplan.plan_view import PlanView, SessionView, WeekView
from plans.evidence import FINDINGS

HOURS_A_DAY = 24
DAYS_A_WEEK = 7
PERCENT, SECONDS_A_MINUTE = 100, 60
CALM = frozenset({"relative_rest", "ladder"})
LADDER = {
    1: (6, 1, 4), 2: (6, 2, 3), 3: (6, 3, 2), 4: (6, 4, 1), 5: (4, 6, 1), 6: (3, 8, 2), 7: (3, 9, 1), 8: (2, 14, 1),
    9: (1, 30, 0),
}  # fmt: skip
"""Level -> times, minutes of running, minutes of walking."""
QUIET_PHASES = frozenset({"relative_rest", "recovery", "hold"})


def tendon_spacing(plan: PlanView) -> Iterator[Breach]:
    """Patellar tendon: 48 h between runs in relative rest and the first two weeks of rebuilding."""
    for week in _spaced_weeks(plan):
        yield from _spaced(
            plan, week, plan.limit("tendon_spacing_h") / HOURS_A_DAY, "tendon-spacing", "tendon_spacing_h"
        )


def _spaced_weeks(plan: PlanView) -> Iterator[WeekView]:
    """Weeks in which a tendon needs its 48 hours; a week that the pain repeats is not counted.

    One that the pain cut in its middle is no repeated one.
    """
    since = 0
    for week in plan.weeks if plan.profile == "patellar-tendon" else ():
        is_repeated = week.bound_by == "pain_light" and not plan.is_begun(week)
        since = 0 if week.phase in CALM else since + (not is_repeated)
        if since <= plan.limit("tendon_rebuild_weeks") and not week.is_ladder:
            yield week


def ladder_days(plan: PlanView) -> Iterator[Breach]:
    """Ladder runs are never on consecutive days, and flat."""
    for week in plan.weeks:
        if week.is_ladder:
            yield from _spaced(plan, week, 2, "ladder-days", "ladder_greens")
            if week.ascent_m or week.descent_m or any(s.hills for s in week.runs if plan.is_ahead(s)):
                yield breach("hills-early", "hills_start_share", week, week.descent_m, 0.0, "m", "the ladder is flat")


def ladder_dose(plan: PlanView) -> Iterator[Breach]:
    """A ladder session is its level: so many times so many minutes of running, and no more."""
    for week in plan.weeks:
        for run in week.runs:
            if run.level is None or not plan.is_ahead(run):
                continue
            repeats, minutes, walk = LADDER.get(run.level, (0, 0, 0))
            if over(run.minutes, repeats * minutes) or run.pattern != f"{repeats}x({minutes}/{walk})":
                yield breach("ladder-dose", "ladder_greens", week, run.minutes, repeats * minutes, "min",
                             f"the run on {run.day} is more than level {run.level}")  # fmt: skip


def tendon_mean(plan: PlanView) -> Iterator[Breach]:
    """Patellar tendon, while runs are spaced: no run but one is longer than the former mean run."""
    if not plan.base_km or not plan.base_runs:
        return
    mean = plan.base_km / plan.base_runs
    for week in _spaced_weeks(plan):
        judged = [
            run for run in week.runs if plan.is_ahead(run) and over(run.minutes, plan.limit("session_always_min"))
        ]
        longer = [run for run in judged if over(run.distance_km, mean)]
        if len(longer) > 1:
            yield breach("tendon-mean", "tendon_spacing_h", week, len(longer), 1, "runs",
                         "more than one run is longer than the former mean run")  # fmt: skip


def pain(plan: PlanView) -> Iterator[Breach]:
    """What the diary says of the week before an update: amber repeats, red is 0.80 at most, two reds cut by 30 %."""
    for before, week in pairwise(plan.full_weeks):
        if plan.planned_from is None or not before.start < plan.planned_from <= week.start:
            continue
        share = _share_after(plan, before)
        if share is None or {"ladder", "recovery"} & {before.phase, week.phase}:
            continue
        # A week that was cut in its middle stands for what all of it could have held.
        begun = before.whole_km if plan.is_begun(before) and before.whole_km is not None else before.planned_km
        if over(week.distance_km, share * begun) and over(week.minutes, plan.limit("session_least_min")):
            yield breach("pain-light", "amber_repeat_share", week, week.distance_km, share * begun, "km",
                         "the week is larger than the diary allows")  # fmt: skip


def _share_after(plan: PlanView, week: WeekView) -> float | None:
    """Share of a week that may follow it, by the lights of its days; None where they ask for nothing."""
    lights = [light for day, light in plan.diary if week.start <= day <= week.end]
    if "red" in lights:
        reds = [day for day, light in plan.diary if light == "red" and day <= week.end]
        two = any((b - a).days < plan.limit("pain_two_reds_days") and b >= week.start for a, b in pairwise(reds))
        return plan.limit("rest_factor_low") if two else plan.limit("amber_repeat_share")
    return 1.0 if "amber" in lights else None


def _spaced(plan: PlanView, week: WeekView, least_days: float, name: str, key: str) -> Iterator[Breach]:
    """Breaches of a least distance in days between a run of this week and the run before it."""
    for before, run in pairwise(plan.runs):
        gap = (run.day - before.day).days
        if run in week.runs and plan.is_ahead(run) and over(least_days, gap):
            yield breach(
                name, key, week, gap, least_days, "days", f"the run on {run.day} comes too soon after the last"
            )


def ladder_steps(plan: PlanView) -> Iterator[Breach]:
    """Levels rise one at a time, after two runs at the level, by at most two in seven days."""
    steps = [(w, s) for w in plan.weeks for s in w.runs if s.level is not None]
    held = 0
    for i, (week, run) in enumerate(steps):
        before = steps[i - 1][1].level if i else None
        rise = 0 if before is None or run.level is None else run.level - before
        if not plan.is_ahead(run):
            held = held + 1 if rise == 0 else 1
            continue
        if rise > 1 or (rise == 1 and held < plan.limit("ladder_greens")):
            yield breach("ladder-steps", "ladder_greens", week, held, plan.limit("ladder_greens"), "runs",
                         f"level {run.level} comes before two runs at level {before}")  # fmt: skip
        held = held + 1 if rise == 0 else 1
        if over(_rise_in_week([s for _, s in steps[: i + 1]]), plan.limit("ladder_levels_per_week")):
            most = plan.limit("ladder_levels_per_week")
            yield breach("ladder-steps", "ladder_levels_per_week", week, None, most, "levels",
                         "more than two levels up in seven days")  # fmt: skip


def _rise_in_week(runs: list[SessionView]) -> int:
    last = runs[-1]
    recent = [s.level or 0 for s in runs if (last.day - s.day) < timedelta(days=DAYS_A_WEEK)]
    return (last.level or 0) - min(recent)


def cadence(plan: PlanView) -> Iterator[Breach]:
    """Cadence rises by 3 to 5 spm, at least 14 days apart, never above the cap of the runner's own baseline."""
    last, since = plan.base_cadence_spm, None
    for week in plan.full_weeks:
        now = week.cadence_spm
        never_run = plan.is_over(week) and not week.runs
        if now is None or last is None or never_run:
            continue
        cap = _cadence_cap(plan)
        if cap is None or over(now, cap):
            yield breach(
                "cadence-cap", "cadence_cap_factor", week, now, cap, "spm", "the cadence target exceeds the cap"
            )
        if now != last:
            if over(now - last, FINDINGS["cadence_step_spm"].high) or now < last:
                yield breach("cadence-step", "cadence_step_spm", week, now - last, FINDINGS["cadence_step_spm"].high,
                             "spm", "the cadence step is too large")  # fmt: skip
            if since is not None and (week.start - since).days < plan.limit("cadence_step_days"):
                yield breach("cadence-step", "cadence_step_days", week, (week.start - since).days,
                             plan.limit("cadence_step_days"), "days", "the cadence step comes too soon")  # fmt: skip
            last, since = now, week.start


def _cadence_cap(plan: PlanView) -> float | None:
    baseline = plan.base_cadence_spm
    if baseline is None or baseline >= plan.limit("cadence_ceiling_spm"):
        return None
    return math.floor(min(plan.limit("cadence_cap_factor") * baseline, plan.limit("cadence_ceiling_spm")) + 1e-9)


def hills(plan: PlanView) -> Iterator[Breach]:
    """Hills come back after two weeks at 70 % of the target, by quarters of the former m per km; up before down."""
    if not _hill_schedule(plan) or not plan.base_km or not plan.base_descent_m:
        return
    former, share, ready = plan.base_descent_m / plan.base_km, 0.0, 0
    for week in plan.full_weeks:
        now = week.descent_m / week.distance_km / former if week.distance_km else 0.0
        if week.descent_m and not share and ready < plan.limit("hills_green_weeks"):
            yield breach(
                "hills-early", "hills_start_share", week, week.descent_m, 0.0, "m", "hills come back too early"
            )
        if over(now, share + plan.limit("hills_step_share")) or over(now, 1.0):
            yield breach("hills-step", "hills_step_share", week, now, share + plan.limit("hills_step_share"), "share",
                         "the hill step is too large")  # fmt: skip
        if week.descent_m and not week.ascent_m:
            yield breach("hills-order", "hills_step_share", week, week.descent_m, None, "m", "downhill before uphill")
        share = max(share, now)
        ready += bool(plan.target_km) and week.distance_km >= plan.limit("hills_start_share") * (plan.target_km or 0)


def _hill_schedule(plan: PlanView) -> bool:
    enough = (plan.base_descent_m or 0) >= plan.limit("hills_min_descent_m")
    return enough and (plan.profile != "general" or plan.has_ladder)


def one_new_thing(plan: PlanView) -> Iterator[Breach]:
    """At most one new thing a week, and only in a quiet week."""
    worn: set[str] = set()
    for before, week in pairwise((None, *plan.full_weeks)):
        if week is None:
            continue
        worn |= {s.shoe for s in week.runs if s.shoe and not plan.is_ahead(s)}
        new = _new_things(plan, before, week, worn)
        worn |= {s.shoe for s in week.runs if s.shoe}
        if len(new) > 1:
            yield breach(
                "two-new-things", "quiet_step_pct", week, len(new), 1, "things", f"{' and '.join(new)} start at once"
            )
        if new and not _quiet(plan, before, week):
            yield breach("not-quiet", "quiet_step_pct", week, None, plan.limit("quiet_step_pct"), "%",
                         f"{new[0]} starts in a week that already grows")  # fmt: skip


def _new_things(plan: PlanView, before: WeekView | None, week: WeekView, worn: set[str]) -> list[str]:
    last_cadence = before.cadence_spm if before and before.cadence_spm else plan.base_cadence_spm
    things = {
        "a cadence step": week.cadence_spm is not None and last_cadence is not None and week.cadence_spm > last_cadence,
        "a hill step": _hill_schedule(plan) and before is not None and over(_climb(week), _climb(before) * (1 + 1e-6)),
        "a new pair": plan.new_shoe is not None
        and plan.new_shoe not in worn
        and any(s.shoe == plan.new_shoe for s in week.runs),
        "strides": any(s.kind == "strides" for s in week.runs)
        and (before is None or not any(s.kind == "strides" for s in before.runs)),
    }
    return [name for name, starts in things.items() if starts]


def _climb(week: WeekView) -> float:
    return week.descent_m / week.distance_km if week.distance_km else 0.0


def _quiet(plan: PlanView, before: WeekView | None, week: WeekView) -> bool:
    if week.phase in QUIET_PHASES or before is None:
        return week.phase in QUIET_PHASES
    at_target = plan.target_km is not None and not over(plan.target_km, week.distance_km)
    return at_target or not over(week.distance_km, before.distance_km * (1 + plan.limit("quiet_step_pct") / 100))


def strides(plan: PlanView) -> Iterator[Breach]:
    """Speed comes last: no strides on the ladder, in relative rest, or before the hills are back."""
    hilly = not _hill_schedule(plan)
    for week in plan.weeks:
        fast = any(s.kind == "strides" for s in week.runs)
        if fast and (not hilly or week.phase in ("relative_rest", "ladder")):
            yield breach("strides-early", "quiet_step_pct", week, None, None, "", "strides come before what is slower")
        hilly = hilly or week.descent_m > 0


def week_zero(plan: PlanView) -> Iterator[Breach]:
    """The short first week carries no more than its days' share of the first dose."""
    if len(plan.weeks) < 2 or plan.weeks[0].number != 0 or plan.weeks[0].is_ladder:  # noqa: PLR2004 a week and its next
        return
    short, full = plan.weeks[0], plan.weeks[1]
    factor = plan.limit(rest_factor(plan)) if short.phase == "relative_rest" else plan.limit("layoff_factor_short")
    dose = max(full.distance_km, factor * (plan.base_km or 0.0))
    most = dose * (DAYS_A_WEEK - (plan.start - short.start).days) / DAYS_A_WEEK
    if over(short.distance_km, most):
        yield breach("week-zero", None, short, short.distance_km, most, "km", "the short week is larger than its days")


def grown(plan: PlanView, km: float) -> float:
    """A tenth more; from little 5 minutes more, but at most 1 km. Nothing of nothing."""
    tenth = (1 + plan.limit("build_change_pct") / PERCENT) * km
    if not km or km >= plan.limit("build_floor_below_km"):
        return tenth
    pace = (plan.pace_s_per_km or plan.limit("unknown_pace_s_per_km")) / SECONDS_A_MINUTE
    return max(tenth, km + min(plan.limit("build_floor_min") / pace, plan.limit("build_floor_km")))


def rest_factor(plan: PlanView) -> str:
    """Which finding sets the size of relative rest, by the worst pain of the last 14 days."""
    tendon, pain = plan.profile == "patellar-tendon", plan.worst_pain
    if plan.smallest_factor:
        return "rest_factor_high"
    if pain is None:
        return "rest_factor_mid"
    if pain <= plan.limit("pain_green_max_tendon" if tendon else "pain_green_max"):
        return "rest_factor_low"
    high = pain > plan.limit("pain_red_above_tendon") if tendon else pain >= plan.limit("pain_red_min")
    return "rest_factor_high" if high else "rest_factor_mid"


SCHEDULE_RULES: tuple[Callable[[PlanView], Iterator[Breach]], ...] = (
    tendon_spacing, tendon_mean, ladder_days, ladder_dose, ladder_steps, pain, cadence, hills, one_new_thing, strides,
    week_zero,
)  # fmt: skip
