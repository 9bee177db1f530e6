"""Exit statuses, and the one place where an error becomes a sentence."""

from __future__ import annotations

import os
import sys
import traceback
from enum import IntEnum
from pathlib import Path

import typer

from loadplan.text import clean

TYPED_WRONG = frozenset(
    {"ImporterError", "ConfigError", "ScreenError", "PainError", "PlanError", "ProtocolError", "CohortError"}
)
"""Errors that say what was typed or handed in wrongly; by name, so that nothing is imported only to fail."""


class Exit(IntEnum):
    """What the exit status of a command means."""

    DONE = 0
    DEFECT = 1
    USAGE = 2
    PARTLY = 3
    NOTHING = 4
    STORE = 5
    STOP = 6
    INTERRUPTED = 130


def say(message: str) -> None:
    """A message for the person: on stderr, so that stdout stays data."""
    print(message, file=sys.stderr, flush=True)  # noqa: T201


class Misunderstood(typer.BadParameter):
    """What was typed cannot be meant. The sentence stands alone, without the library's words before it."""

    def format_message(self) -> str:
        """The sentence."""
        return self.message


def usage(message: str) -> Misunderstood:
    """What was typed cannot be meant: raise this, and the command ends with status 2."""
    return Misunderstood(clean(message))


class InterruptedInTheMiddle(Exception):  # noqa: N818 - nothing is wrong
    """Somebody pressed Ctrl-C, and something was kept: the text says what."""


def interrupted() -> int:
    """Somebody pressed Ctrl-C; the exit status."""
    say("\nInterrupted. Nothing of this command was kept.")
    return Exit.INTERRUPTED


def report(error: BaseException, *, debug: bool) -> int:
    """Tell an error in words; the exit status it stands for."""
    if debug:
        traceback.print_exception(error)
    if isinstance(error, InterruptedInTheMiddle):
        say(f"\nInterrupted. {clean(error)}")
        return Exit.INTERRUPTED
    if isinstance(error, KeyboardInterrupt | typer.Abort):
        return interrupted()
    if hasattr(error, "show") and hasattr(error, "exit_code"):
        # Usage errors of the command line library.
        error.show()
        return int(error.exit_code)
    kind = type(error).__name__
    if kind == "StoreError":
        say(f"Error: {clean(error)}")
        return Exit.STORE
    if kind in TYPED_WRONG:
        say(f"Error: {clean(error)}")
        return Exit.USAGE
    if isinstance(error, OSError) and _is_of_the_user(error):
        say(clean(f"Error: {error.filename}: {error.strerror}. Nothing half done was kept."))
        return Exit.USAGE
    say(
        f"Error: this is a defect of loadplan, not of your data ({kind}: {clean(error)}). "
        "Nothing half done was kept. The same command with --debug before its name shows where."
    )
    return Exit.DEFECT


def _is_of_the_user(error: OSError) -> bool:
    """True for a file or folder that may not be entered, read or written, and is none of the program's own."""
    if not isinstance(error.filename, str | bytes | os.PathLike) or not error.strerror:
        return False
    return not Path(os.fsdecode(error.filename)).absolute().is_relative_to(Path(__file__).parents[1])
