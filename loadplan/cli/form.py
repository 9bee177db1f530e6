"""``form``: grades typed in, and running dynamics, before and after."""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer

from importers.run import RUN_SPORT
from loadplan.cli.app import app
from loadplan.cli.exits import say, usage
from loadplan.cli.frame import AsOf, DryRun, Format, Formatted, command, group, open_store, today, typed_day
from loadplan.cli.output import show
from loadplan.cli.reasons import reasoned
from loadplan.cli.table import Column, table, wrapped
from loadplan.units import number

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from loadplan.form import Form, FormMeasure

LEAST_FLEXION, MOST_FLEXION = 90.0, 180.0
MOST_LEAN: Final = 45.0
BLOCKS: Final = 6
"""times four weeks that the trend goes back."""
LABELS: Final = {
    "speed_m_s": "speed", "cadence_spm": "cadence", "steps_per_km": "steps per km", "step_length_mm": "step length",
    "vertical_oscillation_mm": "vertical oscillation", "vertical_ratio_pct": "vertical ratio",
    "ground_contact_ms": "ground contact", "ground_contact_balance_pct": "contact balance", "power_w": "power",
    "hip_drop": "hip drop", "knee_flexion_deg": "knee flexion", "trunk_lean_deg": "trunk lean",
    "overstride": "overstride", "foot_strike": "foot strike",
}  # fmt: skip
FINE: Final = {"speed_m_s": 2, "vertical_ratio_pct": 1, "ground_contact_balance_pct": 1}
"""Digits of what changes in small steps."""


class HipDrop(StrEnum):
    """How far the hip of the free leg sinks, A (level) to F."""

    A = "A"
    B = "B"
    C = "C"
    D = "D"
    E = "E"
    F = "F"


class FootStrike(StrEnum):
    """Which part of the foot lands first."""

    HEEL = "heel"
    MIDFOOT = "midfoot"
    FOREFOOT = "forefoot"


form_app = group(
    app, "form", "loadplan form --as-of 2026-11-28", "Form: grades typed in and running dynamics, before and after.",
    invoke_without_command=True,
)  # fmt: skip


@form_app.callback()
def form(
    ctx: typer.Context,
    before: Annotated[
        date | None, typer.Option(parser=typed_day, metavar="DAY", help="Last day of the four weeks before.")
    ] = None,
    trend: Annotated[bool, typer.Option("--trend", help="Four weeks by four weeks instead.")] = False,
    as_of: AsOf = None,
    form: Formatted = Format.TABLE,
) -> None:
    """Form before and after: medians of four weeks, and the first and last grades."""
    if ctx.invoked_subcommand is not None:
        return
    from loadplan.form import form_before_after, form_trend

    day = as_of or today()
    if before is not None and before > day:
        raise usage(f"--before {before} lies after {day}")
    with open_store(ctx) as store:
        entries = store.forms(last=day)
        runs = store.runs(last=day, sport=RUN_SPORT)
    found, blocks = form_before_after(runs, entries, day, before), form_trend(runs, day, BLOCKS)
    if found.before is None:
        say("No run has a cadence or other running dynamics yet, and no grade is typed in: loadplan form add --help")
    rows = blocks if trend else [measure for part in ("grades", "measures") for measure in found.as_json()[part]]
    body = reasoned(found.as_json() | {"entries": entries, "trend": blocks}, "not_known")
    show(ctx, form, body, trend_lines(blocks) if trend else form_lines(found), rows=rows, as_of=day)


@command(form_app, "add", "loadplan form add --hip-drop C --knee-flexion 138")
def add(
    ctx: typer.Context,
    day: Annotated[
        date | None,
        typer.Option("--date", parser=typed_day, metavar="DAY", help="Of the recording.", show_default="today"),
    ] = None,
    hip_drop: Annotated[HipDrop | None, typer.Option(case_sensitive=False, help="A (level) to F.")] = None,
    knee_flexion: Annotated[float | None, typer.Option(metavar="DEG", help="Knee angle at mid-stance.")] = None,
    trunk_lean: Annotated[float | None, typer.Option(metavar="DEG", help="Forward lean of the trunk.")] = None,
    overstride: Annotated[
        bool | None, typer.Option("--overstride/--no-overstride", help="The foot lands far in front of the knee.")
    ] = None,
    foot_strike: Annotated[FootStrike | None, typer.Option(help="What lands first.")] = None,
    note: Annotated[str | None, typer.Option(metavar="T", help="For yourself; never shown to others.")] = None,
    dry_run: DryRun = False,
) -> None:
    """Type in what somebody saw in a recording of your running: a physio, a coach or yourself."""
    when = day or today()
    if when > today():
        raise usage(f"{when} is in the future")
    _check("--knee-flexion", knee_flexion, LEAST_FLEXION, MOST_FLEXION)
    _check("--trunk-lean", trunk_lean, -MOST_LEAN, MOST_LEAN)
    entry: dict[str, Any] = {
        "hip_drop": hip_drop and hip_drop.value, "knee_flexion_deg": knee_flexion, "trunk_lean_deg": trunk_lean,
        "overstride": overstride, "foot_strike": foot_strike and foot_strike.value,
    }  # fmt: skip
    if all(value is None for value in entry.values()):
        raise usage("nothing was typed in; see loadplan form add --help")
    with open_store(ctx, write=True, dry_run=dry_run) as store:
        store.add_form(when, {key: value for key, value in (entry | {"note": note}).items() if value is not None})
    say(f"Form of {when}: {'would be ' if dry_run else ''}entered")


def _check(option: str, value: float | None, low: float, high: float) -> None:
    if value is not None and not low <= value <= high:
        raise usage(f"{option} {value:g} cannot be meant: degrees, {low:g} to {high:g}")


def form_lines(found: Form) -> list[str]:
    """The table before and after, and what it rests on."""
    if found.before is None and not found.grades:
        return []
    columns = [
        Column("Form"), Column("Before", right=True), Column("After", right=True), Column("Change", right=True),
        Column("Unit"), Column("Runs", right=True),
    ]  # fmt: skip
    lines = table(columns, [_cells(one) for one in (*found.grades, *found.measures)])
    spans = [
        f"{name}: {span.first} to {span.last}, {span.runs} runs."
        for name, span in (("Before", found.before), ("After", found.after)) if span is not None
    ]  # fmt: skip
    soon = [] if found.after is not None else ["After: too soon, it takes four weeks."]
    how = "Watches: medians of the runs of four weeks, three at least. A change of speed changes all of them by itself."
    return [*lines, "", *wrapped(" ".join([*spans, *soon, how]))]


def trend_lines(blocks: Sequence[Mapping[str, Any]]) -> list[str]:
    """A line for each four weeks, a column for each measure that is known in one of them."""
    from loadplan.form import MEASURES

    known = [name for name in LABELS if any(block.get(name) is not None for block in blocks)]
    if not known:
        return []
    columns = [Column("Four weeks to"), *(Column(LABELS[name].split()[-1], right=True) for name in known)]
    rows = [
        [str(block["last"]), *(_shown(block[name], FINE.get(name, 0)) for name in known)] for block in blocks
    ]  # fmt: skip
    units = ", ".join(f"{LABELS[name]} ({MEASURES[name]})" for name in known)
    return [*table(columns, rows, gap=" "), "", *wrapped(f"Medians of the runs: {units}.")]


def _cells(one: FormMeasure) -> list[str]:
    digits = FINE.get(one.name, 0)
    runs = "-" if one.runs_before is None else f"{one.runs_before}, {one.runs_after}"
    change = "-" if one.change is None else f"{one.change:+.{digits}f}"
    return [LABELS[one.name], _shown(one.before, digits), _shown(one.after, digits), change, one.unit, runs]


def _shown(value: float | str | bool | None, digits: int) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return value if isinstance(value, str) else number(value, digits)
