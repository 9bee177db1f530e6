"""``report``: the page for a coach or physio; or one for every athlete, and an index."""

from __future__ import annotations

import os
from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from loadplan.cli.app import app
from loadplan.cli.exits import usage
from loadplan.cli.frame import AsOf, Force, command, limits_of, open_store, settings_of, today
from loadplan.cli.output import guard, write


@command(app, "report", "loadplan report --out coach.html")
def report(
    ctx: typer.Context,
    out: Annotated[Path, typer.Option(metavar="F", help="A .html or .pdf file; with --all a folder.")],
    share: Annotated[
        bool, typer.Option("--share", help="Leave out titles, exact times and devices, for handing on.")
    ] = False,
    everybody: Annotated[bool, typer.Option("--all", help="A page for each athlete, and an index.")] = False,
    jobs: Annotated[
        int | None, typer.Option(min=1, metavar="N", help="Processes for --all.", show_default="cores")
    ] = None,
    as_of: AsOf = None,
    force: Force = False,
) -> None:
    """The page for a coach or physio: what was run, what changed before the pain, what comes next."""
    day = as_of or today()
    if everybody:
        _all(ctx, out, day, share=share, force=force, jobs=jobs or os.cpu_count() or 1)
        return
    from loadplan.report import KINDS, page_bytes
    from loadplan.report.facts import read_facts
    from loadplan.report.page import page_of

    kind = out.suffix.lstrip(".").lower()
    if kind not in KINDS:
        raise usage(f"{out} must end in .{' or .'.join(KINDS)}; with --all name a folder")
    guard(out, force=force)
    chosen = settings_of(ctx)
    with open_store(ctx) as store, limits_of(ctx):
        facts = read_facts(store, day, units=chosen.units, week_start=chosen.week_start, share=share)
        data = page_bytes(page_of(facts), kind)
    from loadplan.outbox.safe_file import write_private

    write_private(out, data, force=force)
    write(f"{out}\n")


def _all(ctx: typer.Context, out: Path, day: date, *, share: bool, force: bool, jobs: int) -> None:
    from loadplan.outbox.safe_file import private_folder
    from loadplan.report.many import INDEX, write_all

    if out.exists() and not out.is_dir():
        raise usage(f"{out} is a file; `report --all` writes into a folder")
    private_folder(out)
    guard(out / INDEX, force=force)
    chosen = settings_of(ctx)
    pages = write_all(
        chosen.store, out, day, units=chosen.units, week_start=chosen.week_start, share=share, force=force, jobs=jobs,
        limits=chosen.limits,
    )  # fmt: skip
    for path in pages:
        write(f"{path}\n")
