"""What the README tells a reader to type works as it stands."""

from __future__ import annotations

import re
import shlex
import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

pytestmark = pytest.mark.story

ROOT = Path(__file__).resolve().parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"```console\n(.*?)```", README, re.DOTALL)
KEPT_OR_MORE = (0, 3)
"""Done; or something was kept and something rejected, as in the made-up runner's export."""


def typed(program: str) -> list[list[str]]:
    """The commands of one program in the console blocks, as words."""
    lines = [line.removeprefix("$ ") for block in BLOCKS for line in block.splitlines()]
    return [shlex.split(line)[1:] for line in lines if line.startswith(f"{program} ")]


def test_the_first_minute_works_in_order(runner: Any, home: Path) -> None:
    soon = (datetime.now(UTC).date() + timedelta(days=2)).isoformat()
    commands = typed("loadplan")
    assert len(commands) > 5
    (home / "exports").mkdir()
    shutil.copy(home / "export.zip", home / "exports" / "anna.zip")
    for words in commands:
        line = [str(home / "export.zip") if word.endswith("export_1234.zip") else word for word in words]
        line = [soon if re.fullmatch(r"20\d\d-\d\d-\d\d", word) else word for word in line]
        told = runner(*line)
        assert told.status in KEPT_OR_MORE, f"{line}: {told.err}"
        assert told.out.strip(), f"{line} says nothing"
    assert len(list((home / "pictures").glob("*.png"))) > 6


def test_the_targets_of_the_readme_stand_in_the_makefile() -> None:
    targets = re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)
    named = [words[0] for words in typed("make")]
    assert set(named) == {"demo", "test"}
    assert set(named) <= set(targets)


def test_every_command_of_the_table_has_a_help_that_begins_with_an_example(loadplan: Any) -> None:
    table = re.findall(r"^\| `loadplan ([a-z]+)", README, re.MULTILINE)
    assert len(table) > 7
    for name in table:
        assert "loadplan" in loadplan(name, "--help").out.split("Example")[1]
