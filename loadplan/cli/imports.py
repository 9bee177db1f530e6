"""``import`` and ``imports``: files in, and what became of every one of them."""

from __future__ import annotations

import os
import sys
import time
from collections import Counter
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer

from importers.problems import Fate, ImporterError, counted
from loadplan.cli.app import app
from loadplan.cli.audit import audit_body, audit_import, audited_status
from loadplan.cli.audit_pages import brief_lines
from loadplan.cli.exits import Exit, InterruptedInTheMiddle, say, usage
from loadplan.cli.frame import DryRun, Force, Format, Formatted, command, open_store, settings_of, stamp_day
from loadplan.cli.output import csv_text, guard, show, write_file
from loadplan.cli.table import Column, end_of, table, width, wrapped
from loadplan.text import clean, shortened
from loadplan.units import duration

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from importers.export import Progress
    from importers.problems import LedgerRow
    from importers.tally import Tally
    from loadplan.store import ImportResult, Store

TELL_S: Final = 0.1
"""How often the counter is written anew (s)."""
SHOWN_FILES: Final = 3
"""So many files are named beside each note."""
BATCH_KEYS: Final = ("id", "made", "reader", "paths", "counts", "problems")
MEMBER_KEYS: Final = (
    "source", "fate", "code", "detail", "content_sha256", "runs", "salvaged", "problems", "ids",
)  # fmt: skip
PROBLEM_KEYS: Final = ("source", "code", "detail")
SHOWN_PROBLEMS: Final = 12
"""How many problems the table names; all of them are in the JSON and under ``loadplan imports ID``."""


@command(app, "import", "loadplan import ~/Downloads/export_1234.zip")
def import_(
    ctx: typer.Context,
    paths: Annotated[list[Path], typer.Argument(metavar="PATH...", help="Folders, zips, .fit .gpx .tcx, also .gz.")],
    jobs: Annotated[int | None, typer.Option(min=1, metavar="N", help="Processes.", show_default="all cores")] = None,
    tz: Annotated[
        str | None,
        typer.Option(metavar="ZONE", help="Where the files do not say the local time, such as Europe/Berlin."),
    ] = None,
    dry_run: DryRun = False,
    rejected_csv: Annotated[
        Path | None, typer.Option(metavar="F", help="Write a table of what was rejected, and why.")
    ] = None,
    force: Force = False,
    audit: Annotated[
        int | None, typer.Option(min=1, metavar="N", help="Read N random files again with another reader.")
    ] = None,
    form: Formatted = Format.TABLE,
) -> None:
    """Read files into the run log. The same files again add nothing."""
    _check(paths, tz, rejected_csv, force=force)
    with open_store(ctx, write=True, dry_run=dry_run) as store:
        result, ledger = _import(store, paths, tz, jobs or os.cpu_count() or 1)
    if rejected_csv is not None and not dry_run:
        write_file(rejected_csv, csv_text(_rejected(ledger), PROBLEM_KEYS), force=force)
    problems = [{"source": p.source, "code": p.code, "detail": p.detail} for p in result.problems]
    body: dict[str, Any] = {"import": None if dry_run else result.key, "dry_run": dry_run, "known": result.known}
    body |= {"counts": dict(result.counts), "changes": dict(result.changes)}
    body |= {"tables": [_tally(one) for one in result.tallies], "problems": problems}
    lines = _lines(result, problems, ledger, dry_run=dry_run)
    status = _status(result.counts)
    if audit is not None:
        audited = audit_import(paths, ledger, audit)
        body["audit"] = audit_body(audited)
        lines += ["", "Audit", *brief_lines(audited, settings_of(ctx).units)]
        status = audited_status(status, audited)
    show(ctx, form, body, lines, rows="problems", as_of=stamp_day(), command="import", header=PROBLEM_KEYS)
    if rejected_csv is not None and dry_run:
        say(clean(f"Dry run: {rejected_csv} was not written."))
    raise typer.Exit(status)


@command(app, "imports", "loadplan imports 3")
def imports(
    ctx: typer.Context,
    import_id: Annotated[
        int | None, typer.Argument(metavar="ID", help="One import: every member and its fate.")
    ] = None,
    form: Formatted = Format.TABLE,
) -> None:
    """What was imported when, and what became of every file."""
    with open_store(ctx) as store:
        if import_id is None:
            rows = store.imports()
            name, lines = "imports", _batches(rows)
        else:
            if all(batch["id"] != import_id for batch in store.imports()):
                raise usage(f"no import {import_id}; `loadplan imports` lists them")
            rows = store.ledger(import_id)
            name, lines = "ledger", _members(rows)
    if not rows:
        say("No imports yet.")
    header = MEMBER_KEYS if name == "ledger" else BATCH_KEYS
    show(ctx, form, {"import": import_id, name: rows}, lines, rows=name, as_of=stamp_day(), header=header)


def _import(store: Store, paths: Sequence[Path], tz: str | None, jobs: int) -> tuple[ImportResult, Sequence[LedgerRow]]:
    """Read every path together, and keep what they say. The order in which they were typed says nothing.

    Archives that were imported before, and have not changed since, are not opened.
    """
    from loadplan.store.known import reader_name

    reader, mark = reader_name(), _fingerprint(sorted({path.resolve() for path in paths}), tz)
    known = store.known_import(mark, reader) if mark else None
    if known is not None:
        return known, store.ledger_rows(known.key)
    from importers import read_export

    memory = store.reading(reader)
    try:
        export = read_export(*paths, tz=tz, jobs=jobs, progress=_progress(), memory=memory)
        shown = [str(path) for path in paths]
        result = store.add_import(export, shown, reader=reader, fingerprint=mark, memory=memory)
    except KeyboardInterrupt:
        memory.flush()
        kept = "The log is as it was. What was read is noted: the same import again goes on from there."
        raise InterruptedInTheMiddle(kept) from None
    return result, export.ledger


def _fingerprint(paths: Sequence[Path], tz: str | None) -> str | None:
    """What tells these archives from all others, None where one of them is none."""
    from importers.directory import fingerprint

    marks = [fingerprint(path) for path in paths]
    return None if None in marks else " ".join([*sorted(filter(None, marks)), tz or ""])


def _tally(one: Tally) -> dict[str, Any]:
    return {**asdict(one), "unexplained": one.unexplained}


def _check(paths: Iterable[Path], tz: str | None, table_path: Path | None, *, force: bool) -> None:
    for path in paths:
        if not path.exists():
            raise ImporterError(f"{path}: no such file or folder. Nothing was changed.")
    if tz is not None:
        from zoneinfo import ZoneInfo

        try:
            ZoneInfo(tz)
        except (KeyError, ValueError, OSError):
            raise usage(f"--tz {tz!r} is no time zone; one is called like Europe/Berlin") from None
    if table_path is not None:
        guard(table_path, force=force)


def _status(counts: Mapping[str, int]) -> int:
    if not counts["kept"]:
        return Exit.NOTHING
    return Exit.PARTLY if counts["rejected"] else Exit.DONE


def _rejected(ledger: Iterable[LedgerRow]) -> list[dict[str, Any]]:
    rows = [row for row in ledger if row.fate is Fate.REJECTED]
    return [{"source": row.source, "code": row.code, "detail": row.detail} for row in rows]


def _lines(
    result: ImportResult, problems: Sequence[Mapping[str, str]], ledger: Sequence[LedgerRow], *, dry_run: bool
) -> list[str]:
    counts = result.counts
    reasons = Counter(row.code or "unknown" for row in ledger if row.fate is Fate.REJECTED)
    why = ", ".join(f"{code} {n}" for code, n in reasons.most_common())
    notes = {
        "found": "files and entries looked at",
        "runs": f"salvaged from damaged files: {counts['salvaged']}" if counts["salvaged"] else "",
        "other": "other activities: kept beside, never counted as load",
        "duplicates": "the same content, or the same run told again",
        "not_activities": "settings, monitoring and the like",
        "rejected": why,
        "new": "would be stored (dry run)" if dry_run else "stored now, not known before",
        **_again(result),
    }
    rows = [(name.replace("_", " "), str(counts[name]), note if counts[name] else "") for name, note in notes.items()]
    columns = [Column(""), Column("", right=True), Column("", flexible=True)]
    changed = ", ".join(f"{name} in {count}" for name, count in result.changes.items())
    shown = [*table(columns, rows)[1:], *(["", *wrapped(f"Changed: {changed}.", "  ", "")] if changed else [])]
    shown += (
        ["", *(line for one in result.tallies for line in wrapped(_reconciled(one), "  ", ""))]
        if result.tallies
        else []
    )
    if result.known:
        again = f"Nothing has changed in it since import {result.key}: it was not read again."
        shown += ["", *wrapped(again)]
    where = "with --format json" if dry_run else f"under `loadplan imports {result.key}`"
    return [*shown, *_problem_lines(problems, ledger, counts, where)]


def _reconciled(one: Tally) -> str:
    """What became of the rows of a table, in numbers that add up."""
    parts = [counted(one.runs, "run")]
    words = (
        (one.other, "other activity", "other activities"),
        (one.merged, "row of one that another row tells of", "rows of ones that other rows tell of"),
        (one.parents, "multisport activity told by its parts", "multisport activities told by their parts"),
        (one.unreadable, "unreadable", "unreadable"),
    )
    parts += [counted(*word) for word in words if word[0]]
    return f"{end_of(one.source)}: {counted(one.rows, 'row')}: {', '.join(parts)}, {one.unexplained:,} unexplained"


def _again(result: ImportResult) -> dict[str, str]:
    """Counts of what newer readers did to known runs; only where they did."""
    notes = {
        "measured_again": "known before, by newer readers",
        "changed": "of these have other values now",
        "no_longer_found": "newer readers do not find them: out of the log",
    }
    counts = result.counts
    told = counts["measured_again"] or counts["no_longer_found"]
    return {name: note for name, note in notes.items() if told and (counts[name] or name == "changed")}


def _problem_lines(
    problems: Sequence[Mapping[str, str]], ledger: Sequence[LedgerRow], counts: Mapping[str, int], where: str
) -> list[str]:
    """What was rejected, file by file; what was noted about kept files, by reason."""
    lost = [row for row in ledger if row.fate is Fate.REJECTED]
    lines = ["", "Rejected"] if lost else []
    for row in lost[:SHOWN_PROBLEMS]:
        lines += wrapped(f"{row.source}: {row.code}: {row.detail}", "    ", "  ")
    if len(lost) > SHOWN_PROBLEMS:
        lines.append(f"  ... and {len(lost) - SHOWN_PROBLEMS} more, {where}")
    names = {row.source for row in lost}
    noted: dict[str, dict[str, None]] = {}
    for problem in problems:
        if problem["source"] not in names:
            noted.setdefault(problem["code"], {})[problem["source"]] = None
    lines += ["", *wrapped(f"Kept, with a note (all of it {where})")] if noted else []
    for code, files in sorted(noted.items(), key=lambda item: -len(item[1])):
        more = ", ..." if len(files) > SHOWN_FILES else ""
        named = ", ".join(map(end_of, list(files)[:SHOWN_FILES]))
        lines += wrapped(f"{code.replace('_', ' ')} in {len(files)}: {named}{more}", "    ", "  ")
    if not counts["kept"]:
        hint = "" if lost else " No activity was found: name a .fit, .gpx or .tcx file, a folder or a zip."
        lines += ["", *wrapped(f"Nothing was kept.{hint}")]
    elif lost:
        lines += ["", *wrapped("Everything else was kept. Import a better copy of a rejected file at any time.")]
    return lines


def _batches(rows: Sequence[Mapping[str, Any]]) -> list[str]:
    columns = [
        Column("Id", right=True), Column("When"), Column("Runs", right=True), Column("Other", right=True),
        Column("New", right=True), Column("Rejected", right=True), Column("Paths", flexible=True, keep_end=True),
    ]  # fmt: skip
    names = ("runs", "other", "new", "rejected")
    cells = [
        [str(r["id"]), r["made"][:16].replace("T", " "), *(str(r["counts"][n]) for n in names), ", ".join(r["paths"])]
        for r in rows
    ]
    return table(columns, cells) if rows else []


def _members(rows: Sequence[Mapping[str, Any]]) -> list[str]:
    columns = [Column("Fate"), Column("Reason"), Column("Source", flexible=True, keep_end=True)]
    cells = [[r["fate"] + (" (salvaged)" if r["salvaged"] else ""), r["code"] or "", r["source"]] for r in rows]
    told = [line for row in rows if row["problems"] for line in _told(row)]
    return [*table(columns, cells), *(["", "What was said of them", *told] if told else [])] if rows else []


def _told(row: Mapping[str, Any]) -> list[str]:
    """All that was said of a file, and the runs that it gave."""
    ids = f" ({', '.join(row['ids'])})" if row["ids"] else ""
    lines = wrapped(f"{row['source']}{ids}", "    ", "  ")
    return [*lines, *(n for p in row["problems"] for n in wrapped(f"{p['code']}: {p['detail']}", "      ", "    "))]


def _progress() -> Callable[[Progress], None] | None:
    """A counter on stderr, on a terminal only: how far, how fast, and how long it will take."""
    if not sys.stderr.isatty():
        return None
    begun = last = time.monotonic()

    def tell(step: Progress) -> None:
        nonlocal last
        now = time.monotonic()
        done = step.done == step.total
        if now - last < TELL_S and not done:
            return
        last = now
        sys.stderr.write("\r\x1b[K" + ("" if done else shortened(progress_words(step, now - begun), width() - 1)))
        sys.stderr.flush()

    return tell


def progress_words(step: Progress, seconds: float) -> str:
    """How far an import is after so many seconds."""
    rate = step.done / seconds if seconds else 0.0
    if step.total is None or not rate:
        return f"{step.done:,} files, {rate:,.0f} a second"
    left = (step.total - step.done) / rate
    return f"{step.done:,} of {step.total:,} files, {rate:,.0f} a second, {duration(left)} left"
