"""``run add``, ``edit``, ``remove``, ``split``: runs without a file, and corrections that outlive every import."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import Annotated, Any, Final

import typer

from loadplan.cli.app import app
from loadplan.cli.exits import say, usage
from loadplan.cli.frame import (
    DryRun,
    Format,
    Formatted,
    command,
    group,
    open_store,
    stamp_day,
    today,
    typed_day,
    typed_time,
)
from loadplan.cli.output import show
from loadplan.text import clean
from loadplan.units import METRES_PER_KM, SECONDS_PER_MINUTE

NOON: Final = time(12)
"""When a run without a time of day started."""
MOST_KM: Final = 1000.0
MOST_MINUTES: Final = 10_080.0
MOST_CLIMB_M: Final = 30_000.0
MOST_RPE: Final = 10.0
FASTEST_M_S: Final = 12.0
"""No runner is faster."""
EARLIEST: Final = date(2000, 1, 1)

run_app = group(
    app, "run", "loadplan run add --date 2026-11-20 --km 8.2 --minutes 47", "Runs without a file; corrections."
)

Km = Annotated[float | None, typer.Option("--km", metavar="X", help="Distance in km.")]
Minutes = Annotated[float | None, typer.Option(metavar="M", help="Time of running, in minutes.")]
Ascent = Annotated[float | None, typer.Option(metavar="M", help="Metres climbed.")]
Descent = Annotated[float | None, typer.Option(metavar="M", help="Metres descended.")]
Shoe = Annotated[str | None, typer.Option(metavar="NAME", help="The pair worn.")]
Rpe = Annotated[float | None, typer.Option(metavar="R", help="How hard it felt, 0 to 10.")]
Clock = Annotated[time | None, typer.Option("--time", parser=typed_time, metavar="HH:MM", help="Local start.")]


@command(run_app, "add", "loadplan run add --date 2026-11-20 --time 18:30 --km 8.2 --minutes 47 --shoe Pegasus")
def add(
    ctx: typer.Context,
    day: Annotated[date, typer.Option("--date", parser=typed_day, metavar="DAY", help="Local day of the run.")],
    km: Annotated[float, typer.Option("--km", metavar="X", help="Distance in km.")],
    minutes: Annotated[float, typer.Option(metavar="M", help="Time of running, in minutes.")],
    clock: Clock = None,
    ascent: Ascent = None,
    descent: Descent = None,
    shoe: Shoe = None,
    rpe: Rpe = None,
    dry_run: DryRun = False,
    form: Formatted = Format.TABLE,
) -> None:
    """Enter a run that no watch recorded."""
    typed = _checked(day=day, km=km, minutes=minutes, ascent=ascent, descent=descent, shoe=shoe, rpe=rpe)
    with open_store(ctx, write=True, dry_run=dry_run) as store:
        run_id = store.add_run(_typed_run(day, clock, typed))
        twin = next((row["id"] for row in store.runs() if run_id.startswith(f"{row['id']}-")), None)
        told = (store.origin(run_id) or {}).get("witnesses", ())
    if len(told) > 1:
        say(
            clean(f"{told[0]['source']} tells of the same run: its values stand. Two runs? loadplan run split {run_id}")
        )
    elif twin is not None:
        say(clean(f"{twin} starts at the same time; both are kept. The same run? loadplan run remove {run_id}"))
    verb = "would be added" if dry_run else "added"
    show(ctx, form, {"id": run_id, "runs": [{"id": run_id}]}, [f"{run_id} {verb}"], rows="runs", as_of=stamp_day())


@command(run_app, "edit", "loadplan run edit 20261120T173000-run --km 8.4 --ascent 120")
def edit(
    ctx: typer.Context,
    run_id: Annotated[str, typer.Argument(metavar="ID", help="As `loadplan log` shows it.")],
    day: Annotated[
        date | None, typer.Option("--date", parser=typed_day, metavar="DAY", help="Local day of the run.")
    ] = None,
    clock: Clock = None,
    km: Km = None,
    minutes: Minutes = None,
    ascent: Ascent = None,
    descent: Descent = None,
    shoe: Shoe = None,
    rpe: Rpe = None,
    sport: Annotated[str | None, typer.Option(metavar="SPORT", help="run, ride, walk, hike ...")] = None,
    dry_run: DryRun = False,
) -> None:
    """Correct a run. The correction stays when its file is imported again."""
    changes = _checked(day=day, km=km, minutes=minutes, ascent=ascent, descent=descent, shoe=shoe, rpe=rpe)
    with open_store(ctx, dry_run=dry_run) as store:
        row = store.run(run_id)
        if row is None:
            raise _unknown(run_id)
        if sport is not None:
            changes["sport"] = _sport(sport)
        if changes.get("elapsed_s", 0) < (row["elapsed_s"] or 0):
            changes.pop("elapsed_s", None)  # the clock ran on while the runner stood
        if day is not None or clock is not None:
            changes["start"] = _moved(row, day, clock)
        if not changes:
            raise usage("nothing to correct was given; see: loadplan run edit --help")
        _check_speed({**row, **changes})
        store.edit_run(run_id, changes)
    say(clean(f"{run_id}: {', '.join(sorted(changes))} {'would be ' if dry_run else ''}corrected"))


@command(run_app, "remove", "loadplan run remove 20261120T173000-run")
def remove(
    ctx: typer.Context,
    run_id: Annotated[str, typer.Argument(metavar="ID", help="As `loadplan log` shows it.")],
    dry_run: DryRun = False,
) -> None:
    """Take a run out of the log. Importing its file again does not bring it back."""
    with open_store(ctx, dry_run=dry_run) as store:
        if store.run(run_id) is None:
            raise _unknown(run_id)
        store.remove_run(run_id)
    say(clean(f"{run_id} {'would be ' if dry_run else ''}removed"))


@command(run_app, "split", "loadplan run split 20261120T173000-run")
def split(
    ctx: typer.Context,
    run_id: Annotated[str, typer.Argument(metavar="ID", help="As `loadplan log` shows it.")],
    undo: Annotated[bool, typer.Option("--undo", help="Take a split back: the rules decide again.")] = False,
    dry_run: DryRun = False,
    form: Formatted = Format.TABLE,
) -> None:
    """Take a merge back: what was taken for one run becomes several, and stays so when imported again."""
    with open_store(ctx, dry_run=dry_run) as store:
        if store.run(run_id) is None:
            raise _unknown(run_id)
        ids = store.unsplit_run(run_id) if undo else store.split_run(run_id)
    if len(ids) == 1 and not undo:
        raise usage(f"{run_id}: only one file or row tells of it; there is nothing to split")
    would = "would be " if dry_run else "now "
    if len(ids) == 1:
        lines = [f"{ids[0]}: {would}one run"]
    else:
        lines = [f"{run_id}: {would}{len(ids)} runs", *(f"  {one}" for one in ids)]
    show(ctx, form, {"ids": ids, "runs": [{"id": one} for one in ids]}, lines, rows="runs", as_of=stamp_day())


def _unknown(run_id: str) -> typer.BadParameter:
    return usage(f"no run {run_id!r} in the log; `loadplan log` shows the ids")


def _sport(text: str) -> str:
    name = text.strip().lower()
    if not name.isidentifier():
        raise usage(f"{text!r} is no sport; run, ride, walk, hike or swim are")
    return name


def _typed_run(day: date, clock: time | None, typed: dict[str, Any]) -> Any:
    from importers.run import Run

    local = datetime.combine(day, clock or NOON).astimezone()
    offset = local.utcoffset() or timedelta()
    climbed = typed.get("ascent_m") is not None or typed.get("descent_m") is not None
    return Run(
        start=local.astimezone(UTC), utc_offset_s=round(offset.total_seconds()), offset_source="typed",
        climb_source="manual" if climbed else None, source="typed", **typed,
    )  # fmt: skip


def _moved(row: dict[str, Any], day: date | None, clock: time | None) -> str:
    """The new start of a run, in UTC, from a corrected day or time on the runner's clock."""
    start = datetime.fromisoformat(row["start"])
    moved = datetime.combine(day or start.date(), clock or start.timetz().replace(tzinfo=None), start.tzinfo)
    return moved.astimezone(UTC).isoformat()


def _checked(
    *,
    day: date | None,
    km: float | None,
    minutes: float | None,
    ascent: float | None,
    descent: float | None,
    shoe: str | None,
    rpe: float | None,
) -> dict[str, Any]:
    """What was typed, in SI, or a usage error that says what can be meant."""
    if day is not None and not EARLIEST <= day <= today():
        raise usage(f"{day} is not a day between {EARLIEST} and today: a run cannot be in the future")
    _between("--km", km, MOST_KM, "a distance in km above 0")
    _between("--minutes", minutes, MOST_MINUTES, "a time in minutes above 0")
    _between("--ascent", ascent, MOST_CLIMB_M, "metres climbed, 0 or more", zero=True)
    _between("--descent", descent, MOST_CLIMB_M, "metres descended, 0 or more", zero=True)
    _between("--rpe", rpe, MOST_RPE, "a number from 0 to 10", zero=True)
    if shoe is not None and not shoe.strip():
        raise usage("--shoe needs a name")
    seconds = None if minutes is None else minutes * SECONDS_PER_MINUTE
    typed = {
        "distance_m": None if km is None else km * METRES_PER_KM, "moving_s": seconds, "elapsed_s": seconds,
        "ascent_m": ascent, "descent_m": descent, "shoe": shoe.strip() if shoe else None, "rpe": rpe,
    }  # fmt: skip
    given = {key: value for key, value in typed.items() if value is not None}
    _check_speed(given)
    return given


def _between(option: str, value: float | None, most: float, meant: str, *, zero: bool = False) -> None:
    if value is None:
        return
    if not (0 < value <= most or (zero and value == 0)):
        raise usage(f"{option} {value:g} cannot be meant: {option} is {meant}, at most {most:g}")


def _check_speed(values: dict[str, Any]) -> None:
    metres, seconds = values.get("distance_m"), values.get("moving_s")
    if metres and seconds and values.get("sport", "run") == "run" and metres / seconds > FASTEST_M_S:
        raise usage(
            f"{metres / METRES_PER_KM:g} km in {seconds / SECONDS_PER_MINUTE:g} minutes is faster than any runner"
        )
