"""``doctor`` and ``backup``: is the store well, and a safe copy of it."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from loadplan.cli.app import app
from loadplan.cli.exits import Exit, say, usage
from loadplan.cli.frame import DryRun, Force, Format, Formatted, command, open_store, settings_of, stamp_day
from loadplan.cli.output import guard, show
from loadplan.cli.table import wrapped
from loadplan.text import clean


@command(app, "doctor", "loadplan doctor")
def doctor(ctx: typer.Context, form: Formatted = Format.TABLE) -> None:
    """Look whether the store and what loadplan stands on are well. Changes nothing."""
    from loadplan.doctor import examine

    checks = examine(settings_of(ctx).store)
    lines = [
        line for c in checks for line in wrapped(f"{c.says}", " " * 15, f"{'ok ' if c.ok else 'BAD'}  {c.name:<10}")
    ]
    well = all(check.ok for check in checks)
    show(
        ctx, form, {"ok": well, "checks": [asdict(check) for check in checks]}, lines, rows="checks", as_of=stamp_day()
    )
    if not all(check.ok for check in checks if check.name == "integrity"):
        raise typer.Exit(Exit.STORE)
    if not well:
        raise typer.Exit(Exit.DEFECT)


@command(app, "backup", "loadplan backup ~/loadplan-copy.db")
def backup(
    ctx: typer.Context,
    file: Annotated[Path, typer.Argument(metavar="FILE", help="Where the copy goes.")],
    force: Force = False,
    dry_run: DryRun = False,
) -> None:
    """A whole, consistent copy of the store, made while others may use it."""
    from loadplan.doctor import is_there

    source = settings_of(ctx).store
    if not is_there(source):
        raise usage(f"there is no store at {source} to copy")
    guard(file, force=force)
    if _is_same(file, source):
        raise usage(f"{file} is the store itself")
    if not dry_run:
        with open_store(ctx) as store:
            store.backup(file)
    say(clean(f"{source} {'would be ' if dry_run else ''}copied to {file}"))


def _is_same(file: Path, source: Path) -> bool:
    try:
        return file.samefile(source)
    except OSError:
        return False
