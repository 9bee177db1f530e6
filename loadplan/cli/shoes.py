"""``shoes``: the pairs, their km, age and share of this week; and what the runner says of them."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Annotated, Any

import typer

from importers.run import RUN_SPORT
from loadplan.cli.app import app
from loadplan.cli.exits import say, usage
from loadplan.cli.frame import (
    AsOf,
    DryRun,
    Format,
    Formatted,
    command,
    group,
    limits_of,
    open_store,
    settings_of,
    today,
    typed_day,
)
from loadplan.cli.output import show
from loadplan.cli.reasons import reasoned
from loadplan.cli.table import Column, table, wrapped
from loadplan.text import clean
from loadplan.units import distance, number, percent, spoken

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from loadplan.shoe_try import Trial
    from loadplan.store import Store
    from loadplan.units import Units

MOST_MM = 100.0
MOST_KM = 300.0
REASONS = {
    "no_run": "there is no run in the last 7 days",
    "few_runs": "it needs two runs in the last 7 days",
    "unknown_shoe": "the pair is unknown for more than a quarter of the last 7 days' km",
}

shoes_app = group(
    app, "shoes", "loadplan shoes add Pegasus --drop 10 --stack 33", "Pairs: km, age, share of this week.",
    invoke_without_command=True,
)  # fmt: skip

Name = Annotated[str, typer.Argument(metavar="NAME", help="As in the log.")]


@shoes_app.callback()
def shoes(ctx: typer.Context, as_of: AsOf = None, form: Formatted = Format.TABLE) -> None:
    """Pairs: km, age, share of this week."""
    if ctx.invoked_subcommand is not None:
        return
    from loadplan.pairs import pair_list

    day = as_of or today()
    with open_store(ctx) as store, limits_of(ctx):
        pairs = pair_list(store.runs(sport=RUN_SPORT, last=day), store.shoes(), day)
        if not pairs:
            say("No pair is known yet. Enter one with `loadplan shoes add NAME`, then `shoes wear` or `shoes default`.")
    body = {"pairs": pairs if form is Format.CSV else reasoned(pairs, "not_told")}
    show(ctx, form, body, _lines(pairs, settings_of(ctx).units), rows="pairs", as_of=day)


@command(shoes_app, "add", "loadplan shoes add Pegasus --drop 10 --stack 33 --from 2026-11-01")
def add(
    ctx: typer.Context,
    name: Name,
    drop: Annotated[float | None, typer.Option(metavar="MM", help="Heel to toe drop.")] = None,
    stack: Annotated[float | None, typer.Option(metavar="MM", help="Height of the sole under the heel.")] = None,
    plated: Annotated[bool | None, typer.Option("--plated/--no-plate", help="It has a stiff plate.")] = None,
    since: Annotated[date | None, typer.Option("--from", parser=typed_day, metavar="DAY", help="First worn.")] = None,
    dry_run: DryRun = False,
) -> None:
    """Enter a pair, or say more of one that is known."""
    for option, value in (("--drop", drop), ("--stack", stack)):
        if value is not None and not 0 <= value <= MOST_MM:
            raise usage(f"{option} {value:g} cannot be meant: millimetres, 0 to {MOST_MM:g}")
    with open_store(ctx, write=True, dry_run=dry_run) as store:
        new = store.add_shoe(_named(name), drop_mm=drop, stack_mm=stack, plated=plated, first_day=since)
    say(clean(f"{name}: {'would be ' if dry_run else ''}{'entered' if new else 'changed'}"))


@command(shoes_app, "wear", "loadplan shoes wear 20261120T173000-run Pegasus")
def wear(
    ctx: typer.Context,
    run_id: Annotated[str, typer.Argument(metavar="RUN_ID", help="As `loadplan log` shows it.")],
    name: Name,
    dry_run: DryRun = False,
) -> None:
    """Say which pair a run was done in."""
    with open_store(ctx, dry_run=dry_run) as store:
        if store.run(run_id) is None:
            raise usage(f"no run {run_id!r} in the log; `loadplan log` shows the ids")
        _tell_new(store, name)
        store.wear(run_id, _named(name))
    say(clean(f"{run_id}: {'would be ' if dry_run else ''}run in {name}"))


@command(shoes_app, "default", "loadplan shoes default Pegasus --from 2026-11-01")
def default(
    ctx: typer.Context,
    name: Name,
    since: Annotated[date, typer.Option("--from", parser=typed_day, metavar="DAY", help="From this day on.")],
    dry_run: DryRun = False,
) -> None:
    """From a day on, runs without a known pair count as run in this one."""
    with open_store(ctx, write=True, dry_run=dry_run) as store:
        _tell_new(store, name)
        store.default_shoe(_named(name), since)
    say(clean(f"{name}: {'would be ' if dry_run else ''}the pair of every run from {since} that names no other"))


@command(shoes_app, "retire", "loadplan shoes retire Pegasus")
def retire(
    ctx: typer.Context,
    name: Name,
    day: Annotated[date | None, typer.Option("--on", parser=typed_day, metavar="DAY", help="Last worn.")] = None,
    dry_run: DryRun = False,
) -> None:
    """A pair is worn no more; it stays in the list with its km."""
    with open_store(ctx, dry_run=dry_run) as store:
        if name not in _known(store):
            raise usage(f"no pair {name!r}; `loadplan shoes` lists them")
        store.retire_shoe(name, day or today())
    say(clean(f"{name}: {'would be ' if dry_run else ''}retired"))


@command(shoes_app, "try", "loadplan shoes try Pegasus --km 8")
def try_(
    ctx: typer.Context,
    name: Name,
    km: Annotated[float, typer.Option(metavar="X", help="How far the run is meant to be.")],
    as_of: AsOf = None,
    form: Formatted = Format.TABLE,
) -> None:
    """May I wear this pair today, how far, and why."""
    from loadplan.shoe_try import try_pair

    if not 0 < km <= MOST_KM:
        raise usage(f"--km {km:g} cannot be meant: a distance above 0, up to {MOST_KM:g} km")
    day = as_of or today()
    with open_store(ctx) as store, limits_of(ctx):
        trial = try_pair(store.runs(sport=RUN_SPORT, last=day), store.shoes(), _named(name), km, day)
    body = trial.as_json()
    show(ctx, form, reasoned(body, "not_known"), _trial_lines(trial, settings_of(ctx).units), rows=[body], as_of=day)


def _trial_lines(trial: Trial, units: Units) -> list[str]:
    answers = {
        "yes": f"Yes: nothing speaks against {trial.km:.1f} km in {trial.name} for the shoe's sake.",
        "less": f"Up to {trial.up_to_km or 0:.1f} km of today's {trial.km:.1f} km in {trial.name} are suggested.",
        "no": f"Not today: the suggested share of {trial.name} is used up for these 7 days.",
        "unknown": f"It cannot be said how far in {trial.name}.",
    }
    lines = wrapped(spoken(answers[trial.verdict], units))
    lines += [line for why in trial.why for line in wrapped(spoken(why, units), "    ", "  - ")]
    return [*lines, *wrapped(f"Rests on: {trial.source} ({trial.grade}). A suggested upper limit, not a forecast.")]


def _named(name: str) -> str:
    if not name.strip():
        raise usage("a pair needs a name")
    return name.strip()


def _known(store: Store) -> set[str]:
    return {row["name"] for row in store.shoes()} | {row["shoe"] for row in store.runs() if row["shoe"]}


def _tell_new(store: Store, name: str) -> None:
    if name.strip() not in _known(store):
        say(clean(f"{name} is a pair not seen before; `loadplan shoes add` takes its drop and stack."))


def _lines(pairs: Sequence[Mapping[str, Any]], units: Units) -> list[str]:
    if not pairs:
        return []
    columns = [
        Column("Pair", flexible=True), Column("First run"), Column("Age", right=True), Column("Runs", right=True),
        Column(units, right=True), Column("Last 7 d", right=True), Column("Drop", right=True),
        Column("Notes", flexible=True),
    ]  # fmt: skip
    lines = table(columns, [_cells(pair, units) for pair in pairs], gap=" ")
    reason = pairs[0]["share_7d_reason"]
    return [*lines, *(wrapped(f"No share of the last 7 days: {REASONS[reason]}.") if reason else [])]


def _cells(pair: Mapping[str, Any], units: Units) -> list[str]:
    notes = [
        *(["new"] if pair["new"] else []),
        *(["plated"] if pair["plated"] else []),
        *([f"usual from {pair['default_from']}"] if pair["default_from"] else []),
        *([f"retired {pair['retired']}"] if pair["retired"] else []),
    ]
    age = "-" if pair["age_days"] is None else f"{pair['age_days']} d"
    share = pair["share_7d"]
    return [
        pair["name"], pair["first_run"] or "-", age, str(pair["runs"]), distance(pair["distance_km"], units),
        percent(None if share is None else share * 100).lstrip("+"), number(pair["drop_mm"]), ", ".join(notes),
    ]  # fmt: skip
