"""What a command puts on stdout: JSON in an envelope, CSV, or lines for people. Files appear whole or not at all."""

from __future__ import annotations

import csv
import io
import json
import math
import os
import sys
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, Final

import typer

from loadplan.cli.exits import Exit, say, usage
from loadplan.cli.frame import Format, settings_of
from loadplan.text import csv_cell

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path

SCHEMA: Final = 1
"""Version of the JSON that commands print."""


def show(
    ctx: typer.Context,
    form: Format,
    body: Mapping[str, Any],
    lines: Iterable[str],
    *,
    rows: str | Sequence[Mapping[str, Any]],
    as_of: date,
    command: str | None = None,
    header: Sequence[str] = (),
) -> None:
    """Print a command's result. ``rows`` is the table of the CSV, or names the list in ``body`` that is.

    ``header`` names the columns of a table that may be empty.
    """
    if form is Format.TABLE:
        write("".join(f"{line}\n" for line in lines))
    elif form is Format.CSV:
        write(csv_text(body[rows] if isinstance(rows, str) else rows, header))
    else:
        head = {"schema": SCHEMA, "command": command or name_of(ctx), "as_of": as_of.isoformat()}
        write(json_text({**head, "athlete": settings_of(ctx).athlete, **body}))


def write(text: str) -> None:
    """Data, on stdout. A reader that has seen enough (``loadplan log | head``) ends the command without an error."""
    try:
        sys.stdout.write(text)
        sys.stdout.flush()
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        raise typer.Exit from None
    except OSError as error:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        say(f"The output could not be written: {error.strerror or error}.")
        raise typer.Exit(Exit.STORE) from None


def name_of(ctx: typer.Context) -> str:
    """The command as typed, such as ``plan show``."""
    return " ".join(ctx.command_path.split()[1:])


def json_text(body: Mapping[str, Any]) -> str:
    """JSON in plain ASCII: nothing in it can steer a terminal. Unknown numbers are null."""
    return json.dumps(_plain(body), indent=2, allow_nan=False) + "\n"


def csv_text(rows: Sequence[Mapping[str, Any]], header: Sequence[str] = ()) -> str:
    """A CSV table with a header, safe to open in a spreadsheet; nested values as JSON; nothing for unknown."""
    names = list(rows[0]) if rows else list(header)
    if not names:
        return ""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(names)
    writer.writerows([_cell(row.get(name)) for name in names] for row in rows)
    return out.getvalue()


def write_file(path: Path, text: str, *, force: bool) -> None:
    """A private file that appears at once or not at all; an existing one only with ``--force``."""
    from loadplan.outbox.safe_file import write_private

    guard(path, force=force)
    write_private(path, text.encode(), force=force)


def guard(path: Path, *, force: bool) -> None:
    """A usage error where ``path`` cannot or must not be written."""
    if path.is_dir() or not path.parent.is_dir():
        raise usage(f"{path} cannot be written: name a file in a folder that exists")
    if path.exists() and not force:
        raise usage(f"{path} is already there; --force writes over it")


def _plain(value: Any) -> Any:
    if isinstance(value, float):
        return float(value) if math.isfinite(value) else None
    if isinstance(value, dict):
        return {str(key): _plain(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(inner) for inner in value]
    if isinstance(value, datetime | date):
        return value.isoformat()
    return value


def _cell(value: Any) -> object:
    plain = _plain(value)
    return csv_cell(json.dumps(plain) if isinstance(plain, dict | list) else plain)
