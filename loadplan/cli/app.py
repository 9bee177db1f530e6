"""The command ``loadplan`` and its global options. Each group of commands has its own file."""

from __future__ import annotations

import os
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer


class UnitsChoice(StrEnum):
    """Units of distances shown to people."""

    KM = "km"
    MI = "mi"


class WeekStart(StrEnum):
    """First day of a week."""

    MON = "mon"
    SUN = "sun"


app = typer.Typer(
    name="loadplan",
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    no_args_is_help=True,
    context_settings={"help_option_names": ["-h", "--help"]},
    help=(
        "\b\nExample: loadplan import ~/Downloads/export_1234.zip && loadplan load\n\n"
        "What did I load, what changed before it hurt, and what do I run next? Offline, from a Garmin or Strava "
        "export.\n\nTraining information, not medical advice or a diagnosis."
    ),
)


def _version(asked: bool) -> None:
    if asked:
        from importlib.metadata import version

        typer.echo(f"loadplan {version('loadplan')}")
        raise typer.Exit


@app.callback()
def everywhere(
    ctx: typer.Context,
    store: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="The run log.  [env: LOADPLAN_STORE]", show_default="data folder"),
    ] = None,
    athlete: Annotated[str | None, typer.Option(metavar="NAME", help="Whose runs.", show_default="me")] = None,
    units: Annotated[UnitsChoice | None, typer.Option(help="Distances in tables.", show_default="km")] = None,
    week_start: Annotated[WeekStart | None, typer.Option(help="First day of a week.", show_default="mon")] = None,
    debug: Annotated[bool, typer.Option("--debug", help="Show where an error happened.")] = False,
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Show the version and leave.")
    ] = False,
) -> None:
    """Global options, before the command."""
    del version
    from loadplan.config import config_file, read_config, settings

    flags = {"store": store, "athlete": athlete, "units": units, "week_start": week_start, "debug": debug or None}
    file = config_file()
    ctx.obj = settings(flags, os.environ, read_config(file))
