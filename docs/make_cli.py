"""The page of all commands, from their help texts: ``make docs``."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from enum import StrEnum
from typing import Any

import typer.main

from loadplan.cli import FILES, _application

HEAD = """# Every command

Made from the help texts by `make docs`; `loadplan COMMAND --help` says the same. Options of `loadplan` itself stand
before the command, options of a command behind it.
"""


def page() -> str:
    """The whole page."""
    return "\n".join([HEAD, *_told(typer.main.get_command(_application(list(FILES))), "loadplan")]).rstrip() + "\n"


def _told(command: Any, name: str) -> Iterator[str]:
    yield f"## `{name}`\n"
    yield from _help(command.help or "")
    rows = [row for one in command.params if (row := _row(one))]
    if rows:
        yield "\n".join(["| | |", "|---|---|", *rows]) + "\n"
    for inner_name, inner in getattr(command, "commands", {}).items():
        yield from _told(inner, f"{name} {inner_name}")


def _help(text: str) -> Iterator[str]:
    """Paragraphs; the example as code."""
    for part in re.split(r"\n\s*\n", text.replace("\b", "")):
        line = " ".join(part.split())
        if line.startswith("Example: "):
            yield f"```console\n$ {line.removeprefix('Example: ')}\n```\n"
        elif line:
            yield f"{line}\n"


def _row(one: Any) -> str:
    if getattr(one, "hidden", False) or one.name in ("help", "install_completion", "show_completion"):
        return ""
    named = one.metavar or _kind(one)
    words = " ".join((getattr(one, "help", None) or "").split()).replace("|", "\\|")
    if one.param_type_name == "argument":
        return f"| `{named or one.name.upper()}` | {words} |"
    flag = ", ".join(one.opts)
    typed = "" if getattr(one, "is_flag", False) else f" {named}".rstrip()
    needed = " Required." if one.required else ""
    return f"| `{flag}{typed}` | {words}{needed} |"


def _kind(one: Any) -> str:
    """The choices of an option, where its default is one of them; else its name."""
    if isinstance(one.default, StrEnum):
        return "/".join(type(one.default))
    return str(one.name).upper()


if __name__ == "__main__":
    sys.stdout.write(page())
