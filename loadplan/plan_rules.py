"""What only a plan can break: the order of return, spacing, shares, ladder steps, schedules. The independent checker.

``check_plan`` reads the plan's JSON and the log's daily table, takes every limit from ``plans.evidence``, shares no
code with the planner, and lists each breach. The rules that judge the past judge the projected weeks too; the rules
here come on top. ``PLAN_RULES`` is a plain tuple of functions from a plan to its breaches.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import date
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from loadplan.plan_breach import Breach, breach, over
from loadplan.plan_lived import lived_plan
from loadplan.plan_schedules import SCHEDULE_RULES, grown, rest_factor
from loadplan.plan_view import PlanView, WeekView, read_plan
from plans.evidence import FINDINGS

if TYPE_CHECKING:
    import pandas as pd

    from loadplan.rules import LoadWarning

BOUNDS = frozenset({
    "relative_rest", "layoff_factor", "ladder", "build_10pct", "build_floor", "build_change", "acwr", "session_cap",
    "itb_onset", "tendon_48h", "recovery_week", "goal", "target", "baseline", "pain_light",
})  # fmt: skip
WEEK_DAYS = 7
SHARE_BY_RUNS = {2: "longest_share_2", 3: "longest_share_3"}
SIZES = frozenset({"build-change", "weekly-change", "acwr-raised", "acwr-high"})
"""Rules on the size of a week: what is left of a week that has begun must keep them, whatever was run before."""
OWN_COLUMNS = {"build_change_pct": "build_change_pct", "acwr_plan_max": "acwr", "spike_small_pct": "spike_pct"}
"""Limits of a protocol that the weekly table measures, and its column."""
PERCENT = 100
JUDGED_LEVELS = frozenset({"warn", "strong"})


def check_plan(plan_json: Mapping[str, Any], daily: pd.DataFrame) -> list[LoadWarning]:
    """Every breach of a plan, in order of weeks; an empty list is a plan that keeps its rules.

    Args:
        plan_json: the plan as ``plan show --format json`` gives it.
        daily: the runner's daily table (``daily_load``) up to the day the plan was made.

    Returns:
        Breaches of the load rules in the projected weeks and of the rules only a plan can break.

    Raises:
        ValueError: when ``plan_json`` is not a plan.
    """
    plan = read_plan(plan_json)
    lived = lived_plan(plan, daily)
    rules = (*PLAN_RULES, *SCHEDULE_RULES)
    breaches = [b for rule in rules for b in rule(plan if rule is sums else lived)]
    found = [b.as_warning() for b in breaches if _is_ahead(plan, b)]
    return sorted([*_load_warnings(plan_json, plan, daily), *found], key=lambda w: (str(w.week or w.day), w.code))


def _is_ahead(plan: PlanView, found: Breach) -> bool:
    """Only what lies ahead can be a breach; of a week that has begun, what was run before is not the plan's."""
    if plan.is_over(found.week):
        return False
    return not plan.is_begun(found.week) or any(
        plan.is_ahead(run) and run.day <= found.week.end and run.day >= found.week.start for run in plan.runs
    )


def _load_warnings(plan_json: Mapping[str, Any], plan: PlanView, daily: pd.DataFrame) -> list[LoadWarning]:
    """The past's own rules on the projected weeks of the plan."""
    import pandas as pd

    from loadplan.projection import project_plan
    from loadplan.rules import check_weeks
    from loadplan.weekly import weekly_load

    if not plan.weeks:
        return []
    start = "sun" if plan.weeks[0].start.weekday() == WEEK_DAYS - 1 else "mon"
    days = project_plan(plan_json, daily, week_start=start)
    weeks = weekly_load(days, week_start=start)
    ahead = [s for s in plan.runs if plan.is_ahead(s)]
    begun = next((w for w in plan.weeks if not plan.is_over(w)), plan.weeks[-1])
    first = pd.Timestamp(begun.start if any(s.day <= begun.end for s in ahead) else begun.end)
    found = [w for w in check_weeks(weeks[weeks.index >= first]) if w.level in JUDGED_LEVELS]
    # What was really run in week 0, before the plan's first run, is not the plan's; nor what is over at an update.
    planned = {s.day for s in ahead}
    found = [w for w in found if w.day is None or w.day in planned]
    found = [w for w in found if w.name in SIZES or not plan.is_begun(begun) or w.week != begun.start]
    long = {day.date() for day in days.index[days["long_runs"] > 0]} & planned
    found = [w for w in found if w.name != "long-runs" or w.week is None or _has_day(w.week, long)]
    more = [*_short_week_spikes(days, plan), *_growth(weeks, plan), *(_own_limits(weeks, plan) if plan.limits else ())]
    return found + [b.as_warning() for b in more]


def _has_day(week: date, days: set[date]) -> bool:
    """True where one of the days lies in the week: two long runs before the plan are not the plan's."""
    return any(0 <= (day - week).days < WEEK_DAYS for day in days)


def _growth(weeks: pd.DataFrame, plan: PlanView) -> Iterator[Breach]:
    """A whole week is at most a tenth over its reference week; from little 5 minutes more, at most 1 km.

    Of the past the rules let every rise of up to 1 km pass, for it is too small to speak of; a plan was made by rule,
    so it is held to the rule, however small its weeks are.
    """
    import pandas as pd

    for week in plan.full_weeks:
        if week.is_ladder or plan.is_over(week) or plan.is_begun(week):
            continue
        reference: Any = weeks.at[pd.Timestamp(week.start), "build_reference"]
        if not reference > 0:
            continue
        most = grown(plan, float(reference))
        if over(week.distance_km, most) and over(week.minutes, plan.limit("session_least_min")):
            yield breach("growth", "build_change_pct", week, week.distance_km, most, "km",
                         "the week grows by more than a tenth, or by more than 5 minutes or 1 km")  # fmt: skip


def _own_limits(weeks: pd.DataFrame, plan: PlanView) -> Iterator[Breach]:
    """A clinic's own, stricter limits on growth, ratio and spike, in the projected weeks that lie wholly ahead."""
    import pandas as pd

    for week in plan.full_weeks:
        if plan.is_over(week) or plan.is_begun(week) or week.is_ladder:
            continue
        row: Any = weeks.loc[pd.Timestamp(week.start)]
        for key, column in OWN_COLUMNS.items():
            measured, most = row[column], plan.limit(key)
            if key in plan.limits and pd.notna(measured) and over(measured, most) and _counts(row, key):
                yield breach("own-limit", key, week, float(measured), most, FINDINGS[key].unit,
                             "the week exceeds the protocol's own limit")  # fmt: skip


def _counts(row: Any, key: str) -> bool:
    """Small rises and ratios in the grey do not count, for a clinic neither."""
    if key == "acwr_plan_max":
        return row["acwr_reason"] is None
    if key == "spike_small_pct":
        return bool(row["longest_min"] > FINDINGS["session_always_min"].value)
    rise = row["distance_km"] * (1 - 1 / (1 + row["build_change_pct"] / PERCENT))
    return bool(over(rise, FINDINGS["change_ignore_km"].value))


def _short_week_spikes(days: pd.DataFrame, plan: PlanView) -> Iterator[Breach]:
    """Runs planned in week 0 that a larger run before the plan would hide: a week tells its largest spike only."""
    import pandas as pd

    from loadplan.sessions import spike_by_day

    week = plan.weeks[0]
    planned = spike_by_day(days).loc[[pd.Timestamp(s.day) for s in week.runs if plan.is_ahead(s)]]
    most = plan.limit("spike_small_pct")
    for spike in planned["spike_pct"][planned["reason"].isna()].dropna() if week.number == 0 else ():
        if over(spike, most):
            yield breach("short-week-spike", "spike_small_pct", week, spike, most, "%", "a run is too long")


def sums(plan: PlanView) -> Iterator[Breach]:
    """A week is the sum of its runs, each run at least five minutes, on a day of its week and not before the start."""
    for week in plan.weeks:
        total, minutes = sum(s.distance_km for s in week.runs), sum(s.minutes for s in week.runs)
        if abs(total - week.distance_km) > SUM_TOLERANCE or abs(minutes - week.minutes) > SUM_TOLERANCE * WEEK_DAYS:
            yield breach("week-sum", None, week, total, week.distance_km, "km", "its runs do not add up to the week")
        for run in week.runs:
            if not max(week.start, plan.start) <= run.day <= week.end:
                yield breach("run-day", None, week, None, None, "", f"a run on {run.day} lies outside its week")
            if over(plan.limit("session_least_min"), run.minutes):
                yield breach(
                    "short-run", "session_least_min", week, run.minutes, None, "min", "a run is too short to do"
                )


def calendar(plan: PlanView) -> Iterator[Breach]:
    """Weeks follow each other without a gap, each with a binding rule and its reasons."""
    for week in plan.weeks:
        if week.bound_by not in BOUNDS or not week.why:
            yield breach("no-reason", None, week, None, None, "", "the week does not say which rule set its size")
    for before, week in pairwise(plan.weeks):
        if (week.start - before.start).days != WEEK_DAYS or week.number != before.number + 1:
            yield breach("week-gap", None, week, None, None, "", "the weeks do not follow each other")


def target(plan: PlanView) -> Iterator[Breach]:
    """No week is larger than the goal or the baseline."""
    bounds = [x for x in (plan.target_km, plan.base_km, plan.goal_km) if x is not None]
    for week in plan.weeks if bounds else ():
        if over(week.distance_km, min(bounds)):
            yield breach("over-target", None, week, week.distance_km, min(bounds), "km", "the week exceeds the target")


def first_dose(plan: PlanView) -> Iterator[Breach]:
    """Relative rest keeps its share of the baseline; ITB runs stay under the share of the onset distance."""
    share = plan.limit(rest_factor(plan))
    for week in plan.weeks:
        if week.phase != "relative_rest":
            continue
        if plan.base_km is not None and over(week.distance_km, share * plan.base_km):
            yield breach("first-dose", rest_factor(plan), week, week.distance_km, share * plan.base_km, "km",
                         "relative rest is larger than its share of the baseline")  # fmt: skip
        if plan.profile == "itb" and plan.itb_onset_km is not None:
            most = plan.limit("itb_onset_share") * plan.itb_onset_km
            longest = max((run.distance_km for run in week.runs if plan.is_ahead(run)), default=0.0)
            if over(longest, most):
                yield breach("itb-onset", "itb_onset_share", week, longest, most, "km",
                             "a run comes too near the distance at which it hurt")  # fmt: skip
        if week.ascent_m or week.descent_m:
            yield breach("hills-early", "hills_start_share", week, week.descent_m, 0.0, "m", "relative rest is flat")


def frequency(plan: PlanView) -> Iterator[Breach]:
    """At most six runs a week, one run day more than the week before, one rest day."""
    usual = max(plan.base_runs or 0, plan.limit("tendon_runs_per_week"))
    for before, week in pairwise((None, *plan.full_weeks)):
        days = len({s.day for s in week.runs}) if week else 0
        most = usual if before is None else before.planned_runs + 1.0
        if week and over(len(week.runs), min(most + _half_run(most), plan.limit("runs_per_week_max"))):
            yield breach(
                "more-runs", "runs_per_week_max", week, len(week.runs), most, "runs", "too many runs are added"
            )
        if week and days >= WEEK_DAYS:
            yield breach("no-rest-day", "runs_per_week_max", week, days, WEEK_DAYS - 1, "days", "there is no rest day")


def _half_run(most: float) -> float:
    """Round half a run up: a median of 3.5 runs may be planned as 4."""
    return 0.5 if most % 1 else 0.0


def longest_share(plan: PlanView) -> Iterator[Breach]:
    """The longest run keeps its share of the week, and no larger share than before; equal runs are always allowed."""
    for week in plan.full_weeks:
        runs = len(week.runs)
        if week.is_ladder or plan.is_begun(week) or runs < min(SHARE_BY_RUNS):
            continue
        most = max(_share_limit(plan, runs), 1 / runs)
        if over(week.longest_km, most * week.distance_km):
            key = SHARE_BY_RUNS.get(runs, "longest_share_4")
            yield breach("longest-share", key, week, week.longest_km, most * week.distance_km, "km",
                         "the longest run takes too large a share of the week")  # fmt: skip


def _share_limit(plan: PlanView, runs: int) -> float:
    share = plan.limit(SHARE_BY_RUNS.get(runs, "longest_share_4"))
    if plan.base_km and plan.base_longest_km and plan.base_runs and runs >= plan.base_runs:
        return min(share, plan.base_longest_km / plan.base_km)
    return share


def session_growth(plan: PlanView) -> Iterator[Breach]:
    """From the second full week no run exceeds the longest of the plan's last five weeks by more than a tenth.

    The short week 0 counts for no phase: its runs are short because its days are few.
    """
    span = int(plan.limit("plan_longest_weeks"))
    for week in plan.weeks:
        recent = [w for w in plan.weeks if week.number - span <= w.number < week.number]
        before = [s.distance_km for w in recent for s in w.runs]
        if week.is_ladder or week.number <= 1 or not before:
            continue
        most = max(before) * (1 + plan.limit("spike_small_pct") / 100)
        for run in week.runs:
            if (
                plan.is_ahead(run)
                and over(run.distance_km, most)
                and over(run.minutes, plan.limit("session_always_min"))
            ):
                yield breach("session-growth", "spike_small_pct", week, run.distance_km, most, "km",
                             f"the run on {run.day} is too long against the last weeks")  # fmt: skip


def recovery(plan: PlanView) -> Iterator[Breach]:
    """A recovery week is four fifths of the last build week at most, and comes at least every fourth week."""
    build, since, before = None, 0, plan.before_km
    for week in plan.full_weeks:
        since = 0 if week.recovery or week.phase in ("relative_rest", "ladder") else since + 1
        if since >= plan.limit("recovery_every_weeks"):
            yield breach(
                "no-recovery", "recovery_every_weeks", week, since, None, "weeks", "no easier week for too long"
            )
        is_least = not over(week.minutes, plan.limit("session_least_min"))
        too_much = build is not None and over(week.distance_km, plan.limit("recovery_week_share") * build)
        if week.recovery and build is not None and too_much and not is_least:
            yield breach("recovery-size", "recovery_week_share", week, week.distance_km,
                         plan.limit("recovery_week_share") * build, "km", "the recovery week is too large")  # fmt: skip
        build, before = _build_level(plan, week, build, before)


def _build_level(plan: PlanView, week: WeekView, build: float | None, before: float) -> tuple[float | None, float]:
    """The level a week leaves behind, and its km.

    A recovery week leaves the level as it is. A week that was run as planned is the new level, or leaves the old one.
    After one that was run shorter the old level is repeated. An old level is never more than one step over the larger
    of the last two weeks as they were run.
    """
    if week.recovery:
        return build, before
    if week.is_ladder:
        return week.distance_km or build, week.distance_km
    if not plan.is_over(week) and not plan.is_begun(week):
        return week.distance_km, week.distance_km
    most = grown(plan, max(week.distance_km, before))
    if not over(plan.limit("low_week_share") * week.planned_km, week.distance_km):
        return max(week.distance_km, min(build or 0.0, most)), week.distance_km
    level = build if build is not None else week.planned_km
    return (min(level, most) if most > 0 else level), week.distance_km


def long_runs(plan: PlanView) -> Iterator[Breach]:
    """At most one long run a week; never on a day next to hills or strides."""
    for week in plan.weeks:
        longs = [s for s in week.runs if s.kind == "long"]
        if over(len(longs), plan.limit("long_runs_per_week")):
            yield breach("long-runs", "long_runs_per_week", week, len(longs), 1, "runs", "two long runs in a week")
        yield from _beside_long(plan, week)


def _beside_long(plan: PlanView, week: WeekView) -> Iterator[Breach]:
    hard = {s.day for s in plan.runs if s.kind in ("hills", "strides")}
    for run in week.runs:
        if run.kind == "long" and any(abs((run.day - d).days) == 1 for d in hard):
            yield breach("long-beside-hard", "long_runs_per_week", week, None, None, "",
                         "the long run lies beside hills or strides")  # fmt: skip


SUM_TOLERANCE = 1e-6
"""km; sums of floats."""

PLAN_RULES: tuple[Callable[[PlanView], Iterator[Breach]], ...] = (
    sums, calendar, target, first_dose, frequency, longest_share, session_growth, recovery, long_runs,
)  # fmt: skip
