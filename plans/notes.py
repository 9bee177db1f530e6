"""What a plan says about itself: the honest horizon, what binds, what is missing, and when to look again."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from itertools import pairwise

from plans.case import SECONDS_A_MINUTE, Case
from plans.evidence import limit
from plans.hill_return import HillsBy
from plans.past import DAYS
from plans.plan import Bound, DiaryDay, Week
from plans.weeks import WeekDraft

PLAIN: dict[Bound, str] = {
    "relative_rest": "relative rest",
    "layoff_factor": "the smaller start after time off",
    "ladder": "the run/walk ladder",
    "build_10pct": "a tenth more a week",
    "build_floor": "5 minutes or 1 km more a week",
    "build_change": "a tenth over the reference week",
    "acwr": "1.3 x the average of four weeks",
    "session_cap": "the longest single run",
    "itb_onset": "the distance at which it begins to hurt",
    "tendon_48h": "48 hours between runs",
    "recovery_week": "recovery weeks",
    "goal": "the goal",
    "target": "the usual week",
    "baseline": "the usual week at once",
    "pain_light": "the pain light",
}
"""What binds a week, in plain words."""

MISSED_WEEKS = 3
"""Weeks in a row with fewer runs than planned, after which fewer runs a week are suggested. Custom."""
WITH_PAIN = "Is the knee better than two weeks ago? If not, see a physiotherapist."
WITHOUT_PAIN = "Do the runs feel easier than two weeks ago? If something hurts and stays, see a physiotherapist."


def checkpoints(case: Case, draft: WeekDraft) -> Iterator[str]:
    """What to look at in this week."""
    if draft.number == case.limit("advice_weeks_first") and case.route != "layoff":
        yield WITHOUT_PAIN if case.profile == "general" else WITH_PAIN
    if draft.number == case.limit("form_week"):
        yield "Record your running form again this week or next."
    if draft.number == case.limit("advice_weeks_strong") and case.profile != "general":
        yield "If the knee is not clearly better by now, a physiotherapist is strongly advised."
    if draft.number == case.limit("retest_week"):
        yield "Repeat the first tests: single-leg squat, step-down, hop if it is comfortable, cadence, pain."
    if case.onset_km is not None and _passes_onset(case.onset_km, draft):
        yield f"A run longer than the {case.onset_km:g} km at which it began to hurt: stop at the first sign."


def _passes_onset(onset_km: float, draft: WeekDraft) -> bool:
    return any(km > onset_km for km in draft.km)


def plan_notes(case: Case, drafts: Sequence[WeekDraft], shown: Sequence[WeekDraft], full: int | None) -> Iterator[str]:
    """The notes of a plan, the most important first."""
    if not case.request.screened:
        yield "No screening was answered. Please read the warning signs before the first run."
    yield from case.reasons
    yield from _start_notes(case)
    yield from _horizon(case, drafts, shown, full)
    yield from _goal_date(case, drafts, full)
    yield from _missing(case)
    yield from _onset(case, drafts)
    yield from case.request.notes


def adapted_notes(
    case: Case,
    drafts: Sequence[WeekDraft],
    shown: Sequence[WeekDraft],
    full: int | None,
    *,
    weeks: Sequence[Week],
    told: Sequence[DiaryDay],
    begin: date,
    said: Sequence[str],
) -> Iterator[str]:
    """The notes of a plan that was adapted: advice first, then what days off changed, then what lies ahead."""
    if not case.request.screened:
        yield "No screening was answered. Please read the warning signs before the first run."
    yield from advice(case, weeks, told, begin)
    yield from dict.fromkeys(said)
    yield from _missed(weeks)
    if case.request.smallest_factor:
        yield "The screening advised care: the plan starts at its smallest dose."
    if full is not None and (not drafts or full < drafts[0].number):
        yield f"Full load ({case.target_km:.1f} km a week) was week {full}."
    else:
        yield from _horizon(case, drafts, shown or drafts[:1], full)
        yield from _goal_date(case, drafts, full)
    yield from _missing(case)
    yield from _onset(case, drafts)
    yield from case.request.notes


def _missed(weeks: Sequence[Week]) -> Iterator[str]:
    """A way out for who misses runs week after week: each update is sized from what was run, and shrinks."""
    over = [week for week in weeks if week.done is not None and week.number > 0][-MISSED_WEEKS:]
    if len(over) == MISSED_WEEKS and all(week.done is not None and week.done.runs < week.runs for week in over):
        fewer = max(min(week.done.runs for week in over if week.done is not None), 1)
        yield (
            f"You ran fewer times than planned in {MISSED_WEEKS} weeks in a row, and the plan is sized from what was "
            f"run. A plan with fewer runs a week may fit better: loadplan plan new --days {fewer}."
        )


def advice(case: Case, weeks: Sequence[Week], told: Sequence[DiaryDay], begin: date) -> Iterator[str]:
    """Whom to see: after two red lights; no better after two weeks; not clearly better at week six."""
    if any(week.done is not None and week.done.verdict == "cut" for week in weeks[-DAYS:]) or _two_reds(told, begin):
        yield "Two red lights within seven days: please let a physiotherapist look at it before the load grows again."
    start = date.fromordinal(case.start)
    weeks_in = (begin - start).days // DAYS
    first = case.request.worst_pain
    if first is None:
        first = _worst(told, start, start + timedelta(days=DAYS - 1))
    now = _worst(told, begin - timedelta(days=DAYS), begin)
    if not first or now is None:
        return
    told_as = f"worst pain {now:g} of 10 in the last seven days, {first:g} at the start"
    if weeks_in >= case.limit("advice_weeks_strong") and now > (1 - case.limit("pain_better_share")) * first:
        yield f"Not clearly better after {weeks_in} weeks ({told_as}): a physiotherapist is strongly advised."
    elif weeks_in >= case.limit("advice_weeks_first") and now >= first:
        yield f"No better after {weeks_in} weeks ({told_as}): please see a physiotherapist."


def _two_reds(told: Sequence[DiaryDay], begin: date) -> bool:
    span = timedelta(days=limit("pain_two_reds_days"))
    reds = [one.day for one in told if one.light == "red" and begin - one.day <= 2 * span]
    return any(b - a < span for a, b in pairwise(reds))


def _worst(told: Sequence[DiaryDay], first: date, last: date) -> float | None:
    return max((one.worst for one in told if first <= one.day <= last and one.worst is not None), default=None)


def _start_notes(case: Case) -> Iterator[str]:
    if case.first_day > case.wished_start:
        day = date.fromordinal(case.first_day)
        counted = "" if case.days_off is None else "; days off are counted to it"
        yield f"The first run is on {day:%A} {day.isoformat()}, the next possible day{counted}."
    off = case.days_off
    if off is None and case.route == "rest":
        yield (
            "Your days off are not known, since no run is in the log: this plan assumes that you have been running. "
            f"After more than {case.limit('layoff_long_days'):.0f} days off, begin with walking and short runs instead."
        )
    if off is not None and off > case.limit("layoff_mid_days"):
        most = case.limit("layoff_long_days")
        yield (
            f"Between {most:.0f} and {most + 1:.0f} days off the way back changes much: up to {most:.0f} days it "
            f"starts from a smaller week, after that from walking and short runs. You had {off} days off."
        )
    if case.request.smallest_factor:
        yield "The screening advised care: the plan starts at its smallest dose."
    known = case.baseline.weeks
    if case.base_km is not None and not case.baseline.stated and known < case.limit("baseline_weeks"):
        yield f"The usual week rests on {known} complete week{'' if known == 1 else 's'} only; four are better."
    if case.baseline.stated:
        yield "The usual week is as stated, not from the log."


def _horizon(case: Case, drafts: Sequence[WeekDraft], shown: Sequence[WeekDraft], full: int | None) -> Iterator[str]:
    target = f"{case.target_km:.1f} km a week"
    before = [draft for draft in drafts if full is None or draft.number <= full]
    if case.target_bound == "goal":
        yield f"Full load is your goal, {target}."
    elif case.base_km is not None and case.request.goal_km is not None and case.request.goal_km > case.base_km:
        yield f"The plan leads back to your usual {target}; the goal of {case.request.goal_km:g} km lies beyond it."
    if full is None:
        yield f"Full load ({target}) is not reached in {drafts[-1].number} weeks; {_binding(before)}."
    elif full > shown[-1].number:
        yield f"Full load ({target}) would be week {full}, after the end of these weeks; {_binding(before)}."
    else:
        yield f"Full load ({target}) is week {full}; {_binding(before)}."


def _binding(drafts: Sequence[WeekDraft]) -> str:
    """Which rules set the weeks, the most frequent first."""
    counts = Counter(draft.bid.bound for draft in drafts if draft.number > 0)
    rules = ", ".join(f"{PLAIN[bound]} ({count})" for bound, count in counts.most_common())
    return f"what sets the weeks until then (number of weeks): {rules}"


def _goal_date(case: Case, drafts: Sequence[WeekDraft], full: int | None) -> Iterator[str]:
    wished = case.request.goal_date
    if wished is None:
        return
    if full is None:
        yield f"Full load by {wished} cannot be: it is not reached in {drafts[-1].number} weeks."
        return
    reached = next(draft for draft in drafts if draft.number == full)
    earliest = date.fromordinal(reached.week) + timedelta(days=DAYS - 1)
    if earliest > wished:
        before = [draft for draft in drafts if draft.number <= full]
        yield f"Full load by {wished} cannot be; the earliest day is {earliest}; {_binding(before)}. No rule is bent."


def _missing(case: Case) -> Iterator[str]:
    if not case.pace_known:
        minutes, seconds = divmod(round(case.pace_min * SECONDS_A_MINUTE), int(SECONDS_A_MINUTE))
        yield f"Your pace is not known: km are told at {minutes}:{seconds:02d} min/km; the minutes count."
    if not case.cadences:
        known = case.baseline.cadence_spm is not None
        yield "Your cadence is high enough: no step is planned." if known else "Your cadence is not known: no steps."
    if case.hills is HillsBy.UNKNOWN:
        yield "Your former climb is not known: stay on flat ground; hills are not planned."
    if case.baseline.longest_km is None and case.base_km is not None:
        yield "Your former longest run is not known: all runs of a week are equal."


def _onset(case: Case, drafts: Sequence[WeekDraft]) -> Iterator[str]:
    if case.onset_km is None:
        return
    for draft in drafts:
        for day, km in zip(draft.days, draft.km, strict=True):
            if km > case.onset_km:
                yield (
                    f"The first run past {case.onset_km:g} km, where it began to hurt, is on "
                    f"{date.fromordinal(day)} (week {draft.number}, {km:.1f} km)."
                )
                return
