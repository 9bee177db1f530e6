"""From the store to a plan: what the runner ran, said and asked for, handed to the planner; the plan judged and kept.

Runs after ``as_of`` are not read. A screening that stops ends the way here.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any, Final

from loadplan.text import clean
from plans.evidence import limit
from plans.pain import pain_light

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import pandas as pd

    from loadplan.rules import LoadWarning
    from loadplan.store import Store
    from plans.plan import Baseline, Profile, Request
    from plans.protocol import Protocol

SCORED: Final = ("during", "after", "morning", "usual", "fades", "builds", "altered_stride", "swelling")
"""What of an entry of the diary decides its light."""
HURT: Final = ("amber", "red")
EPISODE_DAYS: Final = 28
"""d; entries of pain with no more than this between them are one pain (as long as the longest short break)."""
PAIN_DAYS: Final = 14
"""d; the worst pain of these days sets the first dose (``rest_factor_*``)."""
HIP_DROP_FROM: Final = "C"
"""Grades run from A to F; this one and worse choose drills. Custom."""
WEEKDAYS: Final = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


class PlanStopError(Exception):
    """The screening says stop: no plan is made. ``result`` is the screening."""

    def __init__(self, result: Mapping[str, Any]) -> None:
        super().__init__("the screening says stop")
        self.result = result


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What the runner asks for, as typed."""

    start: date
    profile: Profile | None = None
    protocol: str | None = None
    """Path of an own protocol; None = the built-in one of the profile."""
    days: int | None = None
    long_day: str = "sun"
    goal_km: float | None = None
    weeks: int | None = None
    pain_since: date | None = None
    """First day of the pain; None = as the diary tells."""
    usual_km: float | None = None
    """Usual km a week as the runner states it; None = as the log tells."""
    usual_runs: int | None = None
    """Usual runs a week as stated; None = as the log tells."""
    goal_date: date | None = None
    """The day on which the runner wishes to be at full load."""
    new_shoe: str | None = None
    """A new pair that the plan brings in."""
    big_shoe_change: bool = False
    """True where the new pair differs much: the slow schedule."""
    strides: bool = False
    """True where strides are wished for; they come last."""


def make_plan(store: Store, daily: pd.DataFrame, wish: Wish, *, as_of: date, week_start: str = "mon") -> dict[str, Any]:
    """The plan as plain data, each week with the warnings that its own ruler gives it (none, if all is well).

    Args:
        store: Whose screening and pain diary count.
        daily: The daily table up to ``as_of``; empty where nothing was run.
        wish: What is asked for.
        as_of: The day that counts as today.
        week_start: ``mon`` or ``sun``.

    Raises:
        PlanStopError: the last screening stops and nobody lifted it.
        PlanError, ProtocolError: what was asked for cannot be planned; the text says why.
    """
    from loadplan.baseline import past_days, plan_baseline
    from loadplan.weekly import weekly_load
    from plans.builder import build_plan
    from plans.plan import Baseline, Request

    kept, result = read_screening(store, as_of)
    protocol = _protocol(wish, (result or {}).get("profile"))
    diary = store.pain(first=as_of - timedelta(days=PAIN_DAYS - 1), last=as_of)
    request = Request(
        profile=protocol.profile,
        days_per_week=wish.days,
        long_day=WEEKDAYS.index(wish.long_day),
        goal_km=wish.goal_km,
        weeks=wish.weeks,
        worst_pain=worst_pain(diary),
        smallest_factor=bool((result or {}).get("smallest_factor")),
        itb_onset_km=_onset(store, as_of) if protocol.profile == "itb" else None,
        week_start=WEEKDAYS.index(week_start),
        screened=kept is not None,
        notes=(*screening_notes(kept, result), *onset_notes(store, as_of, protocol.profile)),
        new_shoe=wish.new_shoe,
        big_shoe_change=wish.big_shoe_change,
        strides=wish.strides,
        goal_date=wish.goal_date,
        form=form_faults(store, as_of),
    )
    request = with_shoe_facts(request, store, as_of)
    weeks = weekly_load(daily, as_of=as_of, week_start=week_start)
    before = wish.pain_since or pain_began(store.pain(last=as_of), as_of, protocol.profile)
    baseline = plan_baseline(weeks, before=before) if len(daily) else None
    baseline = stated(baseline or Baseline(), wish)
    most = most_in_fewer_runs(baseline, wish)
    if most is not None:
        request = replace(request, goal_km=most, notes=(*request.notes, _fewer_runs_note(most, baseline)))
    plan = build_plan(baseline, protocol, wish.start, request=request, history=past_days(daily))
    own = protocol_text(wish.protocol)
    return judged(replace(plan, own_protocol=own).as_json(), daily)


def with_shoe_facts(request: Request, store: Store, as_of: date) -> Request:
    """The request with what the shoe list says of the new pair: a large change takes the slow schedule, and says so."""
    from loadplan.shoe_try import differs_much

    if request.new_shoe is None or request.big_shoe_change:
        return request
    big, former = differs_much(store.runs(sport="run", last=as_of), store.shoes(), request.new_shoe)
    if big:
        told = (
            f"{request.new_shoe} differs much from {former} in drop, stack or plate: it comes in by the slow schedule."
        )
    elif big is None:
        told = (
            f"Whether {request.new_shoe} differs much from the pair before is not known. If it does, by "
            f"{limit('big_change_drop_mm'):.0f} mm of drop, {limit('big_change_stack_mm'):.0f} mm of stack or a plate, "
            "say --big-shoe-change, or enter both: loadplan shoes add NAME --drop MM --stack MM."
        )
    else:
        return request
    return replace(request, big_shoe_change=bool(big), notes=(*request.notes, clean(told)))


def protocol_text(path: str | None) -> str | None:
    """The text of a clinic's own protocol, kept with the plan, so that an update needs no file; None = built in."""
    from pathlib import Path

    from plans.protocol import BUILT_IN

    return None if path is None or path in BUILT_IN else Path(path).read_text(encoding="utf-8-sig")


def most_in_fewer_runs(baseline: Baseline, wish: Wish) -> float | None:
    """The km a week that a wish for fewer runs than usual leaves, so that no run outgrows the longest usual one.

    None where nothing is asked that would stretch the runs. Custom: the plan brings back what was usual, and a run of
    a length that was never usual is not that.
    """
    runs, longest, usual = baseline.runs_per_week, baseline.longest_km, baseline.distance_km
    if wish.days is None or runs is None or longest is None or usual is None or wish.days >= runs:
        return None
    most = wish.days * longest
    return most if most < min(usual, wish.goal_km or usual) else None


def _fewer_runs_note(most: float, baseline: Baseline) -> str:
    return (
        f"With fewer runs a week than usual the plan goes up to {most:.1f} km a week and not to "
        f"{baseline.distance_km:.1f}: no run is planned longer than your longest usual one, "
        f"{baseline.longest_km:.1f} km."
    )


def check_wish(wish: Wish) -> None:
    """Read the own protocol, before anything is asked. Raises ProtocolError or PlanError."""
    if wish.protocol is not None:
        _protocol(wish, None)


def worst_pain(diary: Sequence[Mapping[str, Any]]) -> float | None:
    """The worst score of the entries, during the run, after it or the next morning; None where none was told."""
    scores = (entry.get(when) for entry in diary for when in ("during", "after", "morning"))
    return max((score for score in scores if score is not None), default=None)


def stated(baseline: Baseline, wish: Wish) -> Baseline:
    """The baseline with what the runner states in place of what the log tells; pace and climb stay the log's."""
    if wish.usual_km is None and wish.usual_runs is None:
        return baseline
    km = wish.usual_km if wish.usual_km is not None else baseline.distance_km
    pace, longest = baseline.pace_s_per_km, baseline.longest_km
    return replace(
        baseline,
        distance_km=km,
        minutes=baseline.minutes if km is None or pace is None else km * pace / 60,
        runs_per_week=baseline.runs_per_week if wish.usual_runs is None else float(wish.usual_runs),
        longest_km=longest if km is None or longest is None else min(longest, km),
        stated=True,
    )


def pain_began(diary: Sequence[Mapping[str, Any]], as_of: date, profile: Profile) -> date | None:
    """First day of the pain that is not over, by the diary; None where there is none.

    Entries that are amber or red belong together while no more than ``EPISODE_DAYS`` lie between them; pain older than
    the planner looks back is over.
    """
    hurt = [date.fromisoformat(entry["day"]) for entry in diary if light_of(entry, profile) in HURT]
    if not hurt or as_of - hurt[-1] > timedelta(weeks=limit("baseline_lookback_weeks")):
        return None
    began = hurt[-1]
    for day in reversed(hurt):
        if (began - day).days > EPISODE_DAYS:
            break
        began = day
    return began


def light_of(entry: Mapping[str, Any], profile: Profile) -> str:
    """The light of one entry of the diary."""
    told = {key: entry[key] for key in SCORED if entry.get(key) is not None}
    return str(pain_light(told.pop("during", None), **told, profile=profile))


def judged(plan: dict[str, Any], daily: pd.DataFrame) -> dict[str, Any]:
    """The plan with each week's warnings beside it, by the checker that shares no code with the planner."""
    from loadplan.plan_rules import check_plan

    found = check_plan(plan, daily)
    for week in plan["weeks"]:
        week["warnings"] = [*week["warnings"], *(_told(one) for one in found if _is_of(one, week))]
    return plan


def _told(warning: LoadWarning) -> str:
    told = warning.as_json()
    return f"{told['code']} {told['name']}: {told['message']}"


def _is_of(warning: LoadWarning, week: Mapping[str, Any]) -> bool:
    told = warning.as_json()
    start = date.fromisoformat(week["start"])
    day = date.fromisoformat(told.get("week") or told["day"])
    return start <= day < start + timedelta(days=7)


def read_screening(store: Store, as_of: date) -> tuple[dict[str, Any] | None, dict[str, Any] | None]:
    """The last screening as kept, and what it says; both None where there is none.

    Raises:
        PlanStopError: it stops, and nobody lifted it.
    """
    from plans.screen import screen_answers

    kept = store.last_screening(as_of)
    if kept is None:
        return None, None
    result = screen_answers(kept["answers"]).as_json()
    if result["stops"] and not kept["reason"]:
        raise PlanStopError(result)
    return kept, result


def _protocol(wish: Wish, described: Profile | None) -> Protocol:
    from plans.builder import PlanError
    from plans.protocol import load_protocol

    if wish.protocol is not None:
        protocol = load_protocol(wish.protocol)
        if wish.profile not in (None, protocol.profile):
            raise PlanError(f"{wish.protocol} is a protocol for {protocol.profile}, not for {wish.profile}")
        return protocol
    profile = wish.profile or described
    if profile is None:
        raise PlanError("which profile? Name one with --profile, or answer `loadplan screen` first")
    return load_protocol(profile)


def form_faults(store: Store, as_of: date) -> tuple[str, ...]:
    """Form findings of the last recording that choose drills: hip drop C or worse, little knee flexion, overstride."""
    last: Mapping[str, Any] = (store.forms(last=as_of) or [{}])[-1]
    flexion = last.get("knee_flexion_deg")
    found = {
        "overstride": bool(last.get("overstride")),
        "hip_drop": str(last.get("hip_drop") or "A").upper() >= HIP_DROP_FROM,
        "knee_flexion": flexion is not None and flexion < limit("knee_flexion_deg"),
    }
    return tuple(name for name, is_there in found.items() if is_there)


def _onset(store: Store, as_of: date) -> float | None:
    """The distance at which it last began to hurt, km; the diary's latest word."""
    told = [entry["onset_km"] for entry in store.pain(last=as_of) if entry.get("onset_km")]
    return told[-1] if told else None


def onset_notes(store: Store, as_of: date, profile: Profile) -> tuple[str, ...]:
    """How the distance at which the outside of the knee begins to hurt has moved, first to last."""
    told = [(entry["day"], entry["onset_km"]) for entry in store.pain(last=as_of) if entry.get("onset_km")]
    if profile != "itb" or len(told) <= 1:
        return ()
    (first, before), (last, now) = told[0], told[-1]
    return (f"It began to hurt at {before:g} km on {first}, and at {now:g} km on {last}.",)


def screening_notes(kept: Mapping[str, Any] | None, result: Mapping[str, Any] | None) -> tuple[str, ...]:
    """What must stand on every page: a lifted stop, advice, or that nobody was screened."""
    from plans.screen import QUESTIONS

    if kept is None or result is None:
        asked = " ".join(question for _, question, kind in QUESTIONS if kind == "yes_no")
        return (f"Not screened. If you would say yes to one of these, do not run, and see a doctor first: {asked}",)
    lifted = (f"Stop lifted by {kept['clinician']}: {kept['reason']}",) if kept["reason"] else ()
    advice: Sequence[str] = result["advice"] if result["flags"] else ()
    return (*lifted, *advice)
