"""What people see on a (pseudo) terminal: every line fits, colours can be read in light and dark, or are left out."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from loadplan.cli.table import COLOURS
from loadplan.text import columns_wide

pty = pytest.importorskip("pty", reason="this system has no pseudo terminals")
pytestmark = pytest.mark.story

DAY = ("--as-of", "2026-03-08")
COMMANDS = (
    ("load", *DAY),
    ("check", "--as-of", "2026-02-15"),
    ("plan", "show", *DAY),
    ("shoes", *DAY),
    ("pain", "list", *DAY),
)
CODE = re.compile(r"\x1b\[([0-9;]*)m")
LOUD = {"load", "check", "pain"}
"""Commands that have something to warn of here."""


@pytest.fixture(scope="module")
def hurt(imported: Path, at: Any, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The synthetic runner with a painful week, a plan, and pairs with long names in two scripts."""
    home = tmp_path_factory.mktemp("terminal")
    shutil.copytree(imported, home, dirs_exist_ok=True)
    (home / "answers.toml").write_text('location = "front"\n')
    for day, during in (("2026-02-21", 6), ("2026-03-05", 3)):
        at(home, "pain", "add", "--date", day, "--during", during, "--note", "膝が痛い " * 12)
    at(home, "shoes", "add", "ランニングシューズ with a name that goes on " * 2, "--from", "2026-01-01")
    at(home, "screen", "--answers", "answers.toml", *DAY)
    assert at(home, "plan", "new", "--start", "2026-03-09", *DAY).status == 0
    return home


def on_a_terminal(home: Path, line: tuple[str, ...], columns: int, **more: str) -> str:
    """Everything a command writes to a terminal of so many columns."""
    env = {
        "HOME": str(home), "LOADPLAN_STORE": str(home / "data" / "loadplan.db"), "PATH": os.environ["PATH"],
        "COLUMNS": str(columns), "TERM": "xterm-256color", "LANG": "C.UTF-8", **more,
    }  # fmt: skip
    ours, theirs = pty.openpty()
    with subprocess.Popen(
        [sys.executable, "-m", "loadplan", *line], env=env, cwd=home, stdin=theirs, stdout=theirs, stderr=theirs
    ) as running:
        os.close(theirs)
        out = b""
        while piece := _read(ours):
            out += piece
        assert running.wait() in (0, 6)
    os.close(ours)
    return out.decode().replace("\r\n", "\n")


def _read(descriptor: int) -> bytes:
    try:
        return os.read(descriptor, 65536)
    except OSError:  # Linux says so when the other end is closed
        return b""


def fits(text: str, columns: int) -> None:
    """Every line is as wide as the terminal at most, without what steers it, and uses the room that it has."""
    lines = [CODE.sub("", line) for line in text.splitlines()]
    assert max(columns_wide(line) for line in lines) <= columns
    assert not [line for line in lines if "\x1b" in line]
    assert set(CODE.findall(text)) <= {*COLOURS.values(), "0"}


@pytest.mark.parametrize("columns", [80, 120])
@pytest.mark.parametrize("line", COMMANDS, ids=lambda one: " ".join(one[:-2]))
def test_each_line_fits_and_colours_only_repeat_what_words_say(hurt: Path, line: tuple[str, ...], columns: int) -> None:
    loud = on_a_terminal(hurt, line, columns)
    fits(loud, columns)
    assert bool(CODE.search(loud)) == (line[0] in LOUD)
    if columns == 80:
        quiet = on_a_terminal(hurt, line, columns, NO_COLOR="1")
        assert not CODE.search(quiet)
        assert quiet == CODE.sub("", loud)


def test_what_is_piped_is_what_the_terminal_shows_without_colours(hurt: Path, at: Any) -> None:
    line = COMMANDS[-1]
    piped = at(hurt, *line, env={"LANG": "C.UTF-8"}).out
    assert piped == CODE.sub("", on_a_terminal(hurt, line, 80))
    assert on_a_terminal(hurt, line, 80, TERM="dumb") == piped


def test_a_line_that_is_too_wide_or_steers_is_found() -> None:
    for text in ("x" * 81, "跑" * 41, "\x1b[2J", "\x1b[33mpale\x1b[0m"):
        with pytest.raises(AssertionError):
            fits(text, 80)


XTERM = {"31": (205, 0, 0), "35": (205, 0, 205), "33": (205, 205, 0), "36": (0, 205, 205), "34": (0, 0, 238)}


def luminance(colour: tuple[int, int, int]) -> float:
    """Relative luminance as WCAG 2.2 defines it."""
    parts = [one / 255 for one in colour]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(code: str, ground: float) -> float:
    low, high = sorted((luminance(XTERM[code]), ground))
    return (high + 0.05) / (low + 0.05)


def test_colours_can_be_read_on_white_and_on_black() -> None:
    used = {code.split(";")[-1] for code in COLOURS.values()}
    assert min(contrast(code, ground) for code in used for ground in (0.0, 1.0)) >= 3
    assert min(contrast(code, 1.0) for code in ("33", "36")) < 3  # yellow and cyan are the ones that cannot
