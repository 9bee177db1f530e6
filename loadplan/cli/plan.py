"""``plan``: the way back to running; made, shown, checked, explained."""

from __future__ import annotations

import json
from contextlib import nullcontext
from datetime import date, timedelta
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer

from importers.run import RUN_SPORT
from loadplan.cli.app import app
from loadplan.cli.exits import Exit, say, usage
from loadplan.cli.frame import (
    AsOf,
    DryRun,
    Format,
    Formatted,
    command,
    group,
    open_store,
    settings_of,
    today,
    typed_day,
)
from loadplan.cli.load import STRICT_LEVELS, daily_table, warning_lines
from loadplan.cli.output import show
from loadplan.cli.plan_pages import change_lines, lifted_lines, plan_lines, session_rows, why_lines
from loadplan.cli.reasons import DOES_NOT_APPLY, NOT_RECORDED, reasoned
from loadplan.cli.screen import ask, can_ask, questions, screen_lines
from loadplan.text import clean

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from loadplan.store import Store
    from plans.plan import Profile

MOST_DAYS: Final = 7
MOST_WEEKS: Final = 52
MOST_KM: Final = 300.0
LONGEST_AHEAD: Final = timedelta(days=366)

plan_app = group(
    app, "plan", "loadplan plan new --profile patellofemoral --start 2026-11-30", "The way back to running."
)


class ProfileChoice(StrEnum):
    """What the runner describes; not a diagnosis."""

    PATELLOFEMORAL = "patellofemoral"
    ITB = "itb"
    TENDON = "patellar-tendon"
    GENERAL = "general"


class Weekday(StrEnum):
    """Days of the week."""

    MON = "mon"
    TUE = "tue"
    WED = "wed"
    THU = "thu"
    FRI = "fri"
    SAT = "sat"
    SUN = "sun"


@command(plan_app, "new", "loadplan plan new --profile patellofemoral --start 2026-11-30 --days 4 --long-day sun")
def new(
    ctx: typer.Context,
    start: Annotated[date, typer.Option(parser=typed_day, metavar="DAY", help="First day of the plan.")],
    profile: Annotated[
        ProfileChoice | None, typer.Option(help="What you describe.", show_default="the screening's")
    ] = None,
    days: Annotated[int | None, typer.Option(min=1, max=MOST_DAYS, metavar="N", help="Running days a week.")] = None,
    long_day: Annotated[Weekday, typer.Option(help="Day of the long run.")] = Weekday.SUN,
    goal_km: Annotated[
        float | None, typer.Option(metavar="X", help="Go up to this many km a week, not to all.")
    ] = None,
    weeks: Annotated[int | None, typer.Option(min=1, max=MOST_WEEKS, metavar="N", help="Length.")] = None,
    pain_since: Annotated[
        date | None,
        typer.Option(parser=typed_day, metavar="DAY", help="First day of the pain.", show_default="the diary's"),
    ] = None,
    usual_km: Annotated[
        float | None,
        typer.Option(metavar="X", help="Your usual km a week, as you state it.", show_default="the log's"),
    ] = None,
    usual_runs: Annotated[
        int | None,
        typer.Option(min=1, max=MOST_DAYS, metavar="N", help="Your usual runs a week.", show_default="the log's"),
    ] = None,
    goal_date: Annotated[
        date | None,
        typer.Option(parser=typed_day, metavar="DAY", help="Wished day of full load; it bends no rule."),
    ] = None,
    new_shoe: Annotated[str | None, typer.Option(metavar="NAME", help="A new pair to bring in, by session.")] = None,
    big_shoe_change: Annotated[
        bool, typer.Option("--big-shoe-change", help="It differs much in drop, stack or plate: the slow schedule.")
    ] = False,
    strides: Annotated[bool, typer.Option("--strides", help="Bring strides back, last of all.")] = False,
    protocol: Annotated[Path | None, typer.Option(metavar="FILE.toml", help="Your clinic's own protocol.")] = None,
    as_of: AsOf = None,
    dry_run: DryRun = False,
    form: Formatted = Format.TABLE,
) -> None:
    """Make a return-to-run plan from what was run before, and keep it."""
    from loadplan.planning import PlanStopError, Wish, check_wish, make_plan

    day = as_of or today()
    _check(start, day)
    _check_km("--goal-km", goal_km)
    _check_km("--usual-km", usual_km)
    if pain_since is not None and pain_since > day:
        raise usage(f"--pain-since {pain_since} is after {day}")
    wish = Wish(
        start=start, profile=_profile(profile), protocol=None if protocol is None else str(protocol), days=days,
        long_day=long_day.value, goal_km=goal_km, weeks=weeks, pain_since=pain_since,
        usual_km=usual_km, usual_runs=usual_runs, goal_date=goal_date, new_shoe=new_shoe,
        big_shoe_change=big_shoe_change, strides=strides,
    )  # fmt: skip
    check_wish(wish)
    with open_store(ctx, write=True, dry_run=dry_run) as store, store.together() if dry_run else nullcontext():
        _screen_first(store, day)
        try:
            made = make_plan(
                store, daily_table(ctx, store, day), wish, as_of=day, week_start=settings_of(ctx).week_start
            )
        except PlanStopError as stop:
            _stop(ctx, form, stop.result, day)
            raise typer.Exit(Exit.STOP) from None
        kept = store.plan(store.add_plan(made, day)) or {}
    _show(ctx, form, kept, day, None, whole=False)


@command(plan_app, "update", "loadplan plan update")
def update(ctx: typer.Context, as_of: AsOf = None, dry_run: DryRun = False, form: Formatted = Format.TABLE) -> None:
    """Plan the rest again, from what was really run and from the diary, and tell what changed.

    The plan as it was made first stays (plan show --original). No week becomes larger than it had it.
    """
    from loadplan.planning import PlanStopError
    from loadplan.updating import update_plan

    day = as_of or today()
    with open_store(ctx, write=True, dry_run=dry_run) as store, store.together() if dry_run else nullcontext():
        kept_plan(store)
        _screen_first(store, day)
        try:
            made = update_plan(store, daily_table(ctx, store, day), as_of=day)
        except PlanStopError as stop:
            _stop(ctx, form, stop.result, day)
            raise typer.Exit(Exit.STOP) from None
        kept = store.plan(store.add_plan(made, day, original=kept_plan(store)["original"])) or {}
        runs = store.runs(last=day, sport=RUN_SPORT)
    _show(ctx, form, kept, day, None, whole=False, runs=runs, changes=True)


@command(plan_app, "show", "loadplan plan show --week 3")
def show_(
    ctx: typer.Context,
    week: Annotated[int | None, typer.Option(metavar="N", help="Sessions of this week.")] = None,
    whole: Annotated[bool, typer.Option("--all", help="Sessions of every week.")] = False,
    original: Annotated[bool, typer.Option("--original", help="The plan as it was made, before any update.")] = False,
    as_of: AsOf = None,
    form: Formatted = Format.TABLE,
) -> None:
    """The plan as it was kept: its weeks beside what was run, and the sessions of the current one."""
    day = as_of or today()
    with open_store(ctx) as store:
        plan = kept_plan(store)
        plan = (store.plan(plan["original"]) or plan) if original else plan
        runs = store.runs(first=date.fromisoformat(plan["weeks"][0]["start"]), last=day, sport=RUN_SPORT)
    if week is not None:
        _week(plan, week)
    _show(ctx, form, plan, day, week, whole=whole, runs=runs)


@command(plan_app, "check", "loadplan plan check")
def check(
    ctx: typer.Context,
    strict: Annotated[bool, typer.Option("--strict", help="Exit with 6 when a warning is warn or strong.")] = False,
    file: Annotated[
        Path | None, typer.Option(metavar="FILE.json", help="Judge this plan (plan show --format json) beside the log.")
    ] = None,
    form: Formatted = Format.TABLE,
) -> None:
    """Judge the plan by the same rules as the past, by a checker that shares no code with the planner."""
    from loadplan.plan_rules import check_plan

    with open_store(ctx) as store:
        plan = kept_plan(store) if file is None else _from_file(file)
        day = date.fromisoformat(plan["as_of"])
        warnings = [warning.as_json() for warning in check_plan(plan, daily_table(ctx, store, day))]
    lines = [
        *lifted_lines(plan),
        *(warning_lines(warnings, settings_of(ctx).units) if warnings else ["The plan keeps every rule."]),
    ]
    show(ctx, form, {"plan": plan.get("id"), "warnings": warnings}, lines, rows="warnings", as_of=day)
    if strict and any(warning["level"] in STRICT_LEVELS for warning in warnings):
        raise typer.Exit(Exit.STOP)


@command(plan_app, "why", "loadplan plan why 3")
def why(
    ctx: typer.Context,
    number: Annotated[int, typer.Argument(metavar="WEEK", help="Number of the week.")],
    form: Formatted = Format.TABLE,
) -> None:
    """Which rule set the size of a week, line by line."""
    with open_store(ctx) as store:
        plan = kept_plan(store)
    week = _week(plan, number)
    body = {key: week[key] for key in ("number", "start", "phase", "distance_km", "minutes", "bound_by", "why")}
    show(
        ctx,
        form,
        {"week": body},
        [*lifted_lines(plan), *why_lines(week, settings_of(ctx).units)],
        rows=[body],
        as_of=today(),
    )


def _from_file(file: Path) -> dict[str, Any]:
    """A plan from the JSON that ``plan show`` or ``plan export`` wrote, or somebody else."""
    from loadplan.plan_view import read_plan

    try:
        plan = json.loads(file.read_text(encoding="utf-8"))
        read_plan(plan)
        plan["as_of"] = plan.get("made_as_of") or plan.get("as_of") or plan["start"]
        plan.setdefault("notes", [])
    except (OSError, ValueError, TypeError, AttributeError) as error:
        raise usage(f"{file} is no plan: {error}") from None
    return dict(plan)


def _check(start: date, as_of: date) -> None:
    if start < as_of:
        raise usage(f"--start {start} is before {as_of}: a plan starts today or later (--as-of names another today)")
    if start > as_of + LONGEST_AHEAD:
        raise usage(f"--start {start} is more than a year after {as_of}")


def _check_km(option: str, km: float | None) -> None:
    if km is not None and not 0 < km <= MOST_KM:
        raise usage(f"{option} {km:g} cannot be meant: km a week above 0, at most {MOST_KM:g}")


def _profile(profile: ProfileChoice | None) -> Profile | None:
    return None if profile is None else profile.value


def _screen_first(store: Store, as_of: date) -> None:
    """On a terminal the questions come before the plan; elsewhere they are printed with it."""
    from plans.screen import screen_answers

    if store.last_screening(as_of) is not None:
        return
    if can_ask():
        answers = ask()
        store.add_screening(as_of, answers, screen_answers(answers).as_json())
        return
    say("Not screened. If you would say yes to one of these, do not run, and see a doctor first:")
    say("\n".join([*questions(), "Answer them with: loadplan screen --answers FILE.toml"]))


def _stop(ctx: typer.Context, form: Format, result: Mapping[str, Any], as_of: date) -> None:
    lines = [*screen_lines(result), "A clinician may lift it: loadplan screen --override REASON --clinician NAME"]
    say("No plan was made: the screening says stop.")
    show(ctx, form, {"plan": None, "plan_reason": "screening_stop", "screening": result}, lines, rows=[], as_of=as_of)


def kept_plan(store: Store) -> dict[str, Any]:
    """The current plan; a usage error where there is none."""
    plan = store.plan()
    if plan is None:
        raise usage("there is no plan yet; make one: loadplan plan new --profile general --start DAY")
    return plan


def _week(plan: Mapping[str, Any], number: int) -> dict[str, Any]:
    for week in plan["weeks"]:
        if week["number"] == number:
            return dict(week)
    numbers = [week["number"] for week in plan["weeks"]]
    raise usage(clean(f"the plan has no week {number}; it has {numbers[0]} to {numbers[-1]}"))


def _show(
    ctx: typer.Context,
    form: Format,
    plan: Mapping[str, Any],
    as_of: date,
    week: int | None,
    *,
    whole: bool,
    runs: Sequence[Mapping[str, Any]] = (),
    changes: bool = False,
) -> None:
    from loadplan.plan_actual import with_actual

    plan = {**plan, "weeks": with_actual(plan, runs, as_of)}
    if form is Format.TABLE:
        units = settings_of(ctx).units
        told = change_lines(plan, units) if changes else []
        show(ctx, form, {}, [*told, *plan_lines(plan, units, as_of, week=week, whole=whole)], rows=(), as_of=as_of)
        return
    body = {key: value for key, value in plan.items() if key != "as_of"} | {"made_as_of": plan["as_of"]}
    body["baseline"] = reasoned(plan["baseline"], NOT_RECORDED)
    body["weeks"] = reasoned(plan["weeks"], DOES_NOT_APPLY)
    show(ctx, form, body, (), rows=session_rows(plan), as_of=as_of)
