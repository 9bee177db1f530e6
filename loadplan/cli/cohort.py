"""``cohort``: a club or a study, every runner read, and who needs a look first."""

from __future__ import annotations

import errno
import os
import sys
import time
from collections import Counter
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer

from importers.problems import counted
from loadplan.cli.app import app
from loadplan.cli.cohort_lines import coach_lines, study_lines
from loadplan.cli.exits import Exit, InterruptedInTheMiddle, usage
from loadplan.cli.frame import AsOf, DryRun, Force, Format, Formatted, command, settings_of, today
from loadplan.cli.output import guard, show
from loadplan.cli.table import Column, table, width, wrapped
from loadplan.text import clean, shortened
from loadplan.units import duration

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from datetime import date

    from loadplan.cohort.engine import Progress
    from loadplan.cohort.one import Options
    from loadplan.cohort.parts import Folder
    from loadplan.cohort.people import Person
    from loadplan.cohort.results import Cohort
    from loadplan.units import Units

TELL_S: Final = 0.2
"""How often the counter is written anew (s)."""
SHOWN: Final = 12
"""So many runners who could not be read are named under the table; all of them are in the files and the JSON."""
STATUSES: Final = ("ok", "partly", "failed")
"""How a runner was read."""


@command(app, "cohort", "loadplan cohort exports/ --out club.csv")
def cohort(
    ctx: typer.Context,
    path: Annotated[
        Path, typer.Argument(metavar="PATH", help="A folder: each zip or folder in it is a runner. Or a runners.csv.")
    ],
    out: Annotated[
        Path | None,
        typer.Option(metavar="F", help="A .csv or .parquet of weeks; warnings, ledger and summary beside it."),
    ] = None,
    scheduler: Annotated[
        str | None, typer.Option(metavar="ADDRESS|local", help="A Dask cluster, or one started here.")
    ] = None,
    jobs: Annotated[int | None, typer.Option(min=1, metavar="N", help="Processes.", show_default="all cores")] = None,
    anonymise: Annotated[
        bool, typer.Option("--anonymise", help="Runners are numbers; no name of a file, a pair or a device.")
    ] = False,
    tz: Annotated[str | None, typer.Option(metavar="ZONE", help="Where the files do not say the local time.")] = None,
    study: Annotated[
        bool, typer.Option("--study", help="Also what all of them say together; by itself where injuries are given.")
    ] = False,
    as_of: AsOf = None,
    dry_run: DryRun = False,
    force: Force = False,
    form: Formatted = Format.TABLE,
) -> None:
    """Read many runners at once: weeks, warnings and a ledger of every file, and who needs a look first."""
    from loadplan.cohort.people import find_people

    day = as_of or today()
    files = _files(out, force=force or dry_run)
    people = find_people(path, anonymise=anonymise, leave_out=[_parts_path(out)] if out else [])
    if dry_run:
        _dry_run(ctx, form, people, day)
        return
    from loadplan.cohort.one import Options

    chosen = settings_of(ctx)
    options = Options(
        as_of=day, week_start=chosen.week_start, tz=_zone(tz), anonymise=anonymise, limits=chosen.limits
    )  # fmt: skip
    with _folder(out) as folder, _full_disk():
        read = _read(people, options, folder, jobs or os.cpu_count() or 1, scheduler, kept=out is not None)
        if out is not None:
            _write(read, out, force=force)
        rows = _ranked(read)
        found = _study(read) if study or any(one.injuries for one in people) else None
    counts = _counts(rows)
    body = {"counts": counts, "files": {name: str(file) for name, file in files.items()}, "runners": rows}
    body |= {} if found is None else {"study": found}
    lines = _lines(rows, counts, files, chosen.units, found)
    show(ctx, form, body, lines, rows="runners", as_of=day, header=_header())
    raise typer.Exit(_status(counts))


def _files(out: Path | None, *, force: bool) -> dict[str, Path]:
    """The files that will be written; a usage error where one of them cannot or must not be."""
    if out is None:
        return {}
    from loadplan.cohort.results import files_of

    files = files_of(out)
    for file in files.values():
        guard(file, force=force)
    return files


def _parts_path(out: Path | None) -> Path:
    return Path() if out is None else out.with_name(f"{out.name}.parts")


def _zone(tz: str | None) -> str | None:
    from zoneinfo import ZoneInfo

    try:
        if tz is not None:
            ZoneInfo(tz)
    except (KeyError, ValueError, OSError):
        raise usage(f"--tz {tz!r} is no time zone; one is called like Europe/Berlin") from None
    return tz


@contextmanager
def _folder(out: Path | None) -> Iterator[Folder]:
    """Where the parts lie: beside F, where the same call finds them again; without F only as long as this command."""
    from loadplan.cohort.parts import Folder

    if out is not None:
        yield Folder.at(_parts_path(out))
        return
    with TemporaryDirectory(prefix="loadplan-") as place:
        yield Folder.at(Path(place) / "parts")


@contextmanager
def _full_disk() -> Iterator[None]:
    try:
        yield
    except OSError as error:
        if error.errno != errno.ENOSPC:
            raise
        from loadplan.store import StoreError

        words = "the disk is full. What was read is kept: free some space, and run the same command again"
        raise StoreError(words) from error


def _read(
    people: Sequence[Person], options: Options, folder: Folder, jobs: int, scheduler: str | None, *, kept: bool
) -> Cohort:
    from loadplan.cohort.engine import ClusterLostError, read_cohort
    from loadplan.cohort.results import Cohort

    tell = _progress()
    try:
        keys = read_cohort(people, options, folder, jobs=jobs, scheduler=scheduler, tell=tell)
    except KeyboardInterrupt:
        if not kept:
            raise
        words = f"What was read is kept in {folder.path}: the same command again goes on from there."
        raise InterruptedInTheMiddle(words) from None
    except ClusterLostError as error:
        raise InterruptedInTheMiddle(str(error)) from error
    finally:
        if tell:
            sys.stderr.write("\r\x1b[K")
    return Cohort(people=people, keys=keys, folder=folder, as_of=options.as_of)


def _write(read: Cohort, out: Path, *, force: bool) -> None:
    from loadplan.cohort.results import write_results

    write_results(read, out, force=force)


def _ranked(read: Cohort) -> list[dict[str, Any]]:
    """A row a runner, who needs a look first on top: the summary, and what the coach's table tells beside it."""
    from loadplan.cohort.coach import table as coach_table
    from loadplan.cohort.tables import SUMMARY

    rows = {row["runner"]: row for row in read.summaries()}
    told = coach_table(rows.values(), read.as_of)
    return [{**{name: rows[one["runner"]][name] for name in SUMMARY}, **one} for one in told]


def _study(read: Cohort) -> dict[str, Any]:
    from loadplan.cohort.together import study_of

    return study_of(read)


# ---------------------------------------------------------------- what is shown
def _header() -> list[str]:
    from loadplan.cohort.coach import TABLE
    from loadplan.cohort.tables import SUMMARY

    return list(dict.fromkeys((*SUMMARY, *TABLE)))


def _counts(rows: Sequence[Mapping[str, Any]]) -> dict[str, int]:
    statuses = Counter(row["status"] for row in rows)
    return {"runners": len(rows), **{name: statuses[name] for name in STATUSES}}


def _status(counts: Mapping[str, int]) -> int:
    if counts["failed"] == counts["runners"]:
        return Exit.NOTHING
    return Exit.PARTLY if counts["failed"] or counts["partly"] else Exit.DONE


def _lines(
    rows: Sequence[Mapping[str, Any]], counts: Mapping[str, int], files: Mapping[str, Path], units: Units,
    found: Mapping[str, Any] | None,
) -> list[str]:  # fmt: skip
    """Who needs a look first, what all of them say together; how they were read, and where it is."""
    if not rows:
        return wrapped("Nobody is there: a cohort is a folder with a zip or a folder for each runner.")
    lines = coach_lines(rows, units) + ([] if found is None else ["", *study_lines(found)])
    return [*lines, "", *_said(rows, counts), *_where(files)]


def _said(rows: Sequence[Mapping[str, Any]], counts: Mapping[str, int]) -> list[str]:
    """How many were read how; who was not, and why."""
    from loadplan.cohort.coach import in_words

    lines = wrapped(
        f"{counted(counts['runners'], 'runner')}: {counts['ok']:,} read whole, {counts['partly']:,} but for some "
        f"files, {counts['failed']:,} not at all."
    )
    lost = [row for row in rows if row["status"] == "failed"]
    for row in lost[:SHOWN]:
        lines += wrapped(f"Not read: {clean(row['runner'])}: {in_words(row['reason'])}.", "    ", "  ")
    return lines


def _where(files: Mapping[str, Path]) -> list[str]:
    return ["", *(f"{name:<9} {file}" for name, file in files.items())] if files else []


def _dry_run(ctx: typer.Context, form: Format, people: Sequence[Person], day: date) -> None:
    rows = [
        {"runner": one.label, "path": str(one.path), "trouble": one.trouble[0] if one.trouble else None}
        for one in people
    ]  # fmt: skip
    cells = [[clean(row["runner"]), clean(row["path"]), row["trouble"] or ""] for row in rows]
    columns = [Column("Runner", flexible=True), Column("Path", flexible=True, keep_end=True), Column("Trouble")]
    lines = [*table(columns, cells), "", f"Dry run: {counted(len(rows), 'runner')}; nothing was read or written."]
    show(ctx, form, {"runners": rows}, lines, rows="runners", as_of=day, header=("runner", "path", "trouble"))


def _progress() -> Callable[[Progress], None] | None:
    """A counter on stderr, on a terminal only: how far, how fast, and how long it will take."""
    if not sys.stderr.isatty():
        return None
    begun = last = time.monotonic()

    def tell(step: Progress) -> None:
        nonlocal last
        now = time.monotonic()
        if now - last < TELL_S:
            return
        last = now
        sys.stderr.write("\r\x1b[K" + shortened(progress_words(step, now - begun), width() - 1))
        sys.stderr.flush()

    return tell


def progress_words(step: Progress, seconds: float) -> str:
    """How far a cohort is after so many seconds."""
    rate = (step.done - step.again) / seconds if seconds else 0.0
    words = f"{step.done:,} of {step.total:,} runners"
    if rate:
        words += f", {rate:,.1f} a second, {duration((step.total - step.done) / rate)} left"
    return words
