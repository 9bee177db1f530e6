"""``cadence``: run by run against one's own baseline, the trend, the steps ahead, and time on target."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Final

import typer

from importers.run import RUN_SPORT
from loadplan.cli.app import app
from loadplan.cli.exits import say, usage
from loadplan.cli.frame import AsOf, Format, Formatted, command, limits_of, open_store, settings_of, today
from loadplan.cli.load import daily_table
from loadplan.cli.log import say_empty
from loadplan.cli.output import show
from loadplan.cli.reasons import reasoned
from loadplan.cli.table import Column, table, wrapped
from loadplan.units import number, pace, percent

if TYPE_CHECKING:
    from loadplan.cadence_log import CadenceLog, CadenceRun
    from loadplan.units import Units

RUNS_SHOWN: Final = 12
SLOWEST_TARGET, FASTEST_TARGET = 120.0, 220.0
GROUND: Final = (
    "A small rise of cadence lowers the peak load of the knee (Heiderscheit 2011; Lenhart 2014; observed); evidence on "
    "pain and injury is limited (Anderson 2022). 170 to 180 is common among runners, and no aim in itself."
)


@command(app, "cadence", "loadplan cadence --target 168")
def cadence(
    ctx: typer.Context,
    last: Annotated[int, typer.Option(min=1, metavar="N", help="Runs shown, the newest last.")] = RUNS_SHOWN,
    target: Annotated[float | None, typer.Option(metavar="SPM", help="What was aimed at; else as planned.")] = None,
    as_of: AsOf = None,
    form: Formatted = Format.TABLE,
) -> None:
    """Cadence run by run: at your usual speed, its trend, the steps ahead, and time on target."""
    from loadplan.cadence_log import cadence_log, plan_targets

    if target is not None and not SLOWEST_TARGET <= target <= FASTEST_TARGET:
        raise usage(f"--target {target:g} cannot be meant: steps a minute of both feet, such as 168")
    day = as_of or today()
    with open_store(ctx) as store, limits_of(ctx):
        rows = store.runs(last=day, sport=RUN_SPORT)
        if not rows:
            say_empty(ctx, store, "runs")
            show(ctx, form, {"runs": []}, [], rows="runs", as_of=day)
            return
        plan = store.plan() or {}
        found = cadence_log(
            rows, daily_table(ctx, store, day), targets=plan_targets(plan), target_spm=target,
            from_spm=(plan.get("baseline") or {}).get("cadence_spm"),
        )  # fmt: skip
    if not found.runs:
        say("No run has a cadence: no device recorded it.")
    whole = found.as_json()
    body = reasoned(whole | {"runs": whole["runs"][-last:]}, "not_known")
    show(ctx, form, body, cadence_lines(found, last, settings_of(ctx).units), rows="runs", as_of=day)


def cadence_lines(found: CadenceLog, last: int, units: Units) -> list[str]:
    """The runs, and under them what is usual and what may come next."""
    if not found.runs:
        return []
    columns = [
        Column("Day"), Column(f"/{units}", right=True), Column("spm", right=True),
        Column("At usual speed", right=True), Column("Change", right=True),
        Column(f"Steps/{units}", right=True, spare=2), Column("Target", right=True), Column("On target", right=True),
    ]  # fmt: skip
    lines = table(columns, [_cells(one, units) for one in found.runs[-last:]])
    return [*lines, "", *_usual(found), *_ahead(found), *wrapped(GROUND)]


def _cells(one: CadenceRun, units: Units) -> list[str]:
    shown_pace = pace(1.0, one.speed_m_s, units) if one.speed_m_s else "-"
    steps = one.steps_per_km if units == "km" or one.steps_per_km is None else one.steps_per_km * 1.609344
    share = None if one.on_target is None else 100 * one.on_target
    return [
        str(one.day), shown_pace, number(one.cadence_spm), number(one.adjusted_spm), percent(one.change_pct),
        number(steps), number(one.target_spm), percent(share).lstrip("+"),
    ]  # fmt: skip


def _usual(found: CadenceLog) -> list[str]:
    base = found.baseline
    if base.reason:
        return wrapped(
            "Your usual cadence is not known yet: it takes five easy runs, 30 minutes in all, in the last four weeks."
        )
    text = (
        f"Your usual: {base.cadence_spm:.0f} steps a minute at {pace(1.0, base.speed_m_s)} min/km, the median of "
        f"{base.runs} easy runs."
    )
    trend = found.trend_spm_per_4_weeks
    if trend is not None:
        text += f" Trend at that speed: {trend:+.1f} steps a minute in four weeks."
    return wrapped(text)


def _ahead(found: CadenceLog) -> list[str]:
    from plans.evidence import limit

    base = found.baseline
    if base.reason:
        return []
    if not found.targets_spm:
        return wrapped(f"At {limit('cadence_ceiling_spm'):.0f} or more no step is suggested.")
    steps = ", ".join(f"{spm:.0f}" for spm in found.targets_spm)
    return wrapped(
        f"Steps that keep within {100 * (limit('cadence_cap_factor') - 1):.0f} % of it: {steps}; each at least "
        f"{limit('cadence_step_days'):.0f} days, only while the pain light is green."
    )
