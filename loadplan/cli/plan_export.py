"""``plan export``: the plan for calendar, watch, spreadsheet and desk, and a click track for cadence work."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer

from loadplan.cli.exits import say, usage
from loadplan.cli.frame import AsOf, DryRun, Force, command, open_store, today
from loadplan.cli.output import guard
from loadplan.cli.plan import kept_plan, plan_app
from loadplan.outbox.workout import CadenceUnit
from loadplan.text import clean

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

MINUTES: Final = 10.0
"""min; the length of a click track where none is asked for."""


def _file(name: str, says: str) -> Any:
    return typer.Option(name, metavar="FILE", help=says)


@command(plan_app, "export", "loadplan plan export --ics plan.ics --fit workouts --md plan.md")
def export(
    ctx: typer.Context,
    ics: Annotated[Path | None, _file("--ics", "Calendar of whole days; an update changes its events.")] = None,
    fit: Annotated[
        Path | None, typer.Option("--fit", metavar="DIR", help="A FIT workout for each run that is still to come.")
    ] = None,
    csv: Annotated[Path | None, _file("--csv", "A row a session.")] = None,
    json: Annotated[Path | None, _file("--json", "All of it; `plan check --file` reads it.")] = None,
    md: Annotated[Path | None, _file("--md", "A page to print, week by week.")] = None,
    intervals: Annotated[Path | None, _file("--intervals", "Workout text for intervals.icu.")] = None,
    metronome: Annotated[Path | None, _file("--metronome", "A click track (WAV); needs --spm.")] = None,
    spm: Annotated[float | None, typer.Option(metavar="N", help="Clicks a minute: steps of both feet.")] = None,
    minutes: Annotated[float, typer.Option(metavar="M", help="Length of the click track.")] = MINUTES,
    cadence_unit: Annotated[
        CadenceUnit, typer.Option(help="How your watch counts a target of cadence: one leg or both.")
    ] = CadenceUnit.STRIDES,
    as_of: AsOf = None,
    force: Force = False,
    dry_run: DryRun = False,
) -> None:
    """Write the plan to files. They are private (0600), hold no place and no device, and carry the stop signs."""
    asked = {"--ics": ics, "--csv": csv, "--json": json, "--md": md, "--intervals": intervals}
    wanted = {name: path for name, path in asked.items() if path is not None}
    if not wanted and fit is None and metronome is None:
        raise usage("nothing to write: name a file with --ics, --fit, --csv, --json, --md, --intervals or --metronome")
    files: list[tuple[Path, bytes]] = []
    if wanted or fit is not None:
        with open_store(ctx) as store:
            plan = kept_plan(store)
            versions = store.plan_versions(plan["original"])
        files += [(path, _bytes(name, plan, versions, as_of or today())) for name, path in wanted.items()]
        files += _workouts(plan, fit, as_of or today(), cadence_unit) if fit is not None else []
    if metronome is not None:
        files.append((metronome, _clicks(spm, minutes)))
    _write(files, fit, force=force, dry_run=dry_run)


def _bytes(name: str, plan: Mapping[str, Any], versions: Sequence[Mapping[str, Any]], day: date) -> bytes:
    from loadplan.outbox.calendar import calendar
    from loadplan.outbox.intervals import intervals_text
    from loadplan.outbox.plan_tables import plan_csv, plan_json, plan_markdown

    if name == "--ics":
        return calendar(versions)
    if name == "--intervals":
        return intervals_text(plan, day).encode()
    return {"--csv": plan_csv, "--json": plan_json, "--md": plan_markdown}[name](plan).encode()


def _workouts(plan: Mapping[str, Any], folder: Path, day: date, unit: CadenceUnit) -> Iterator[tuple[Path, bytes]]:
    from loadplan.outbox.fit_workout import workout_files

    return ((folder / name, data) for name, data in workout_files(plan, day, unit))


def _clicks(spm: float | None, minutes: float) -> bytes:
    from loadplan.outbox.metronome import click_track

    if spm is None:
        raise usage("--metronome needs --spm: how many steps a minute")
    try:
        return click_track(spm, minutes)
    except ValueError as error:
        raise usage(str(error)) from None


def _write(files: Sequence[tuple[Path, bytes]], folder: Path | None, *, force: bool, dry_run: bool) -> None:
    """All files, after a look whether each of them may be written."""
    from loadplan.outbox.safe_file import private_folder, write_private

    if len({path.absolute() for path, _ in files}) < len(files):
        raise usage("two of the files have the same name")
    if folder is not None and folder.exists() and not folder.is_dir():
        raise usage(f"{folder} is not a folder")
    if folder is not None and not folder.exists():
        if not folder.parent.is_dir():
            raise usage(f"{folder} cannot be made: {folder.parent} does not exist")
        if not dry_run:
            private_folder(folder)
    for path, _ in files:
        if path.parent.is_dir() or path.parent != folder:
            guard(path, force=force)
    for path, data in files:
        if not dry_run:
            write_private(path, data, force=force)
        say(clean(f"{path} {'would be ' if dry_run else ''}written"))
