"""``demo``: the whole tour on a synthetic runner, and on an export of your own."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from loadplan.cli.app import app
from loadplan.cli.exits import usage
from loadplan.cli.frame import Force, command


@command(app, "demo", "loadplan demo --out demo-out")
def demo(
    ctx: typer.Context,
    out: Annotated[Path, typer.Option(metavar="DIR", help="Where pictures and pages go.")] = Path("demo-out"),
    export: Annotated[Path | None, typer.Option(metavar="PATH", help="Your own export, shown after the demo.")] = None,
    force: Force = False,
) -> None:
    """The whole tour on a synthetic runner: import, load, plan, charts. Your own run log is not touched."""
    from loadplan.cli import run
    from loadplan.demo import run_demo

    del ctx
    if export is not None and not export.exists():
        raise usage(f"{export}: no such file or folder")
    try:
        raise typer.Exit(run_demo(out, run=run, export=export, force=force))
    except (FileExistsError, NotADirectoryError) as error:
        raise usage(f"{error}; --force writes into it, --out names another folder") from None
