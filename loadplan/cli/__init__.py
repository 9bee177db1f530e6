"""The command line: every command parses, calls, prints. What goes wrong ends in a sentence and an exit status.

Only the file of the command that was typed is read; help, shell completion and what is not understood read them all.
"""

from __future__ import annotations

import gc
import os
import sys
from importlib import import_module
from typing import TYPE_CHECKING, Final

from loadplan.cli.exits import Exit, interrupted, report

if TYPE_CHECKING:
    from collections.abc import Sequence

    import typer

__all__ = ["main", "run", "whole_app"]

FILES: Final[dict[str, tuple[str, ...]]] = {
    "imports": ("import", "imports"), "audit": ("audit",), "log": ("log",), "edit": ("run",), "load": ("load", "check"),
    "flare": ("flare",), "shoes": ("shoes",), "cadence": ("cadence",), "form": ("form",), "pain": ("pain",),
    "screen": ("screen",), "plan": ("plan",), "plan_export": ("plan",), "chart": ("chart",), "coach": ("report",),
    "cohort": ("cohort",), "evidence": ("evidence",),
    "keep": ("doctor", "backup"), "demo": ("demo",),
}  # fmt: skip
"""File -> its commands, in the order of the help."""
WITHOUT: Final = {"plan_export": frozenset({"new", "update", "show", "check", "why"})}
"""File -> words behind its command that do without it."""
LONG: Final = frozenset({"imports", "audit", "chart", "cohort", "demo"})
"""Files whose commands may take long, and much memory with it."""
WITH_VALUE: Final = frozenset({"--store", "--athlete", "--units", "--week-start"})
"""Global options that the next word belongs to."""
COMPLETION: Final = "_LOADPLAN_COMPLETE"
"""Set while a shell asks what may follow."""


def whole_app() -> typer.Typer:
    """The application with all of its commands."""
    return _application(list(FILES))


def _application(files: Sequence[str]) -> typer.Typer:
    """The application with the commands of these files, in the order of the help whatever was read first."""
    from loadplan.cli.app import app as application

    for file in files:
        import_module(f"{__name__}.{file}")
    order = [name for names in FILES.values() for name in names]
    for registered in (application.registered_commands, application.registered_groups):
        registered.sort(key=lambda one: order.index(str(one.name)))
    return application


def files_of(line: Sequence[str]) -> list[str]:
    """Which files a command line needs: that of its command, none for the version, or all of them."""
    if list(line) == ["--version"]:
        return []
    words = iter(line)
    for word in words:
        if word in WITH_VALUE:
            next(words, None)
        elif not word.startswith("-"):
            inner = next(words, "")
            needed = [file for file, names in FILES.items() if word in names and inner not in WITHOUT.get(file, ())]
            return needed or list(FILES)
        elif word != "--debug" and "=" not in word:
            break
    return list(FILES)


def run(arguments: Sequence[str] | None = None) -> int:
    """Run one command line (without the program's name); its exit status."""
    for stream in (sys.stdout, sys.stderr):
        # A letter that the terminal's encoding lacks is shown as "?", and never ends a command.
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")
    line = sys.argv[1:] if arguments is None else list(arguments)
    try:
        application = _application(list(FILES) if COMPLETION in os.environ else files_of(line))
        status = application(args=line, prog_name="loadplan", standalone_mode=False)
        sys.stdout.flush()
    except (Exception, KeyboardInterrupt) as error:
        return report(error, debug="--debug" in line)
    if status == Exit.INTERRUPTED:  # the command line library has caught Ctrl-C
        return interrupted()
    return status if isinstance(status, int) else Exit.DONE


def main() -> None:
    """The command ``loadplan``."""
    if not LONG & set(files_of(sys.argv[1:])):
        # A command of a second frees its memory by ending; looking for cycles while it starts costs a twentieth of it.
        gc.disable()
    sys.exit(run())
