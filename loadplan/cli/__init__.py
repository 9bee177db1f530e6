"""The command line: every command parses, calls, prints. What goes wrong ends in a sentence and an exit status."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

# Each file registers its commands on the app; the help lists them in this order.
from loadplan.cli import imports, audit, log, edit, load, flare, shoes, cadence, form  # isort: skip
from loadplan.cli import pain, screen, plan, chart, evidence, keep, demo  # isort: skip
from loadplan.cli.app import app
from loadplan.cli.exits import Exit, interrupted, report

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["app", "main", "run"]

GROUPS = (imports, audit, log, edit, load, flare, shoes, cadence, form, pain, screen, plan, chart, evidence, keep, demo)
"""The files of commands."""


def run(arguments: Sequence[str] | None = None) -> int:
    """Run one command line (without the program's name); its exit status."""
    for stream in (sys.stdout, sys.stderr):
        # A letter that the terminal's encoding lacks is shown as "?", and never ends a command.
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")
    line = sys.argv[1:] if arguments is None else list(arguments)
    try:
        status = app(args=line, prog_name="loadplan", standalone_mode=False)
        sys.stdout.flush()
    except (Exception, KeyboardInterrupt) as error:
        return report(error, debug="--debug" in line)
    if status == Exit.INTERRUPTED:  # the command line library has caught Ctrl-C
        return interrupted()
    return status if isinstance(status, int) else Exit.DONE


def main() -> None:
    """The command ``loadplan``."""
    sys.exit(run())
