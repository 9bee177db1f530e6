"""What the commands share: global settings, common options, and a help text that starts with an example."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from datetime import UTC, date, datetime, time
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, Any, TypeVar, cast

import typer

from loadplan.cli.exits import usage
from loadplan.units import parse_day, parse_time

if TYPE_CHECKING:
    from contextlib import AbstractContextManager

    from loadplan.config import Settings
    from loadplan.store import Store

Body = TypeVar("Body", bound=Callable[..., Any])


def typed_day(text: str | date) -> date:
    """A day as typed in an option; a usage error with a sentence for anything else."""
    try:
        return text if isinstance(text, date) else parse_day(text)
    except ValueError as error:
        raise usage(str(error)) from None


def typed_time(text: str | time) -> time:
    """A time of day as typed in an option."""
    try:
        return text if isinstance(text, time) else parse_time(text)
    except ValueError as error:
        raise usage(str(error)) from None


class Format(StrEnum):
    """How rows are shown."""

    TABLE = "table"
    JSON = "json"
    CSV = "csv"


AsOf = Annotated[
    date | None,
    typer.Option(
        "--as-of", parser=typed_day, metavar="DAY", help="The day that counts as today.", show_default="today"
    ),
]
Formatted = Annotated[Format, typer.Option("--format", help="For people, for programs, for spreadsheets.")]
DryRun = Annotated[bool, typer.Option("--dry-run", help="Say what would be done, and write nothing.")]
Force = Annotated[bool, typer.Option("--force", help="Write over a file that is already there.")]


def command(app: typer.Typer, name: str, example: str, **options: Any) -> Callable[[Body], Body]:
    """Register a command whose help starts with an example and goes on with its docstring."""

    def register(body: Body) -> Body:
        text = inspect.cleandoc(body.__doc__ or "")
        shown = f"\b\nExample: {example}\n\n{text}"
        app.command(name, help=shown, short_help=text.splitlines()[0], **options)(body)
        return body

    return register


def group(app: typer.Typer, name: str, example: str, says: str, **options: Any) -> typer.Typer:
    """A command with commands of its own."""
    inner = typer.Typer(rich_markup_mode=None, add_completion=False)
    shown = f"\b\nExample: {example}\n\n{says}"
    app.add_typer(inner, name=name, help=shown, short_help=says.splitlines()[0], **options)
    return inner


def settings_of(ctx: typer.Context) -> Settings:
    """The global settings of this command line."""
    return cast("Settings", ctx.obj)


def limits_of(ctx: typer.Context) -> AbstractContextManager[None]:
    """The limits that hold for what was run: the general ones, and the runner's own out of ``config.toml``."""
    from plans.evidence import own_limits

    return own_limits(settings_of(ctx).limits)


def open_store(ctx: typer.Context, *, write: bool = False, dry_run: bool = False) -> Store:
    """The store of this command line; only a writing command makes a new file."""
    from loadplan.store import Store

    chosen = settings_of(ctx)
    return Store.open(chosen.store, create=write, athlete=chosen.athlete, dry_run=dry_run)


def today() -> date:
    """The day on the clock of this machine. Only commands ask; calculations are told."""
    return datetime.now().astimezone().date()


def stamp_day() -> date:
    """The day, the same in every time zone, on what does not depend on the day: the log has the same bytes anywhere."""
    return datetime.now(UTC).date()
