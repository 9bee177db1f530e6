"""The real command in a process of its own, with a home and a store of its own."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from loadplan.synthetic import tell_story, write_export

AS_OF = date(2026, 3, 8)


@dataclass(frozen=True)
class Told:
    """What a command printed and how it ended."""

    status: int
    out: str
    err: str

    @property
    def data(self) -> Any:
        return json.loads(self.out)


Command = Callable[..., Told]


def call(home: Path, *line: object, env: Mapping[str, str] | None = None) -> Told:
    """Run ``loadplan`` with a bare environment in ``home``; stdin is no terminal."""
    where = {
        "HOME": str(home), "LOADPLAN_STORE": str(home / "data" / "loadplan.db"), "PATH": os.environ["PATH"],
        "COLUMNS": "80", "MPLCONFIGDIR": str(home),
    }  # fmt: skip
    done = subprocess.run(
        [sys.executable, "-m", "loadplan", *map(str, line)],
        env={**where, **(env or {})}, cwd=home, capture_output=True, check=False, stdin=subprocess.DEVNULL,
    )  # fmt: skip
    told = Told(done.returncode, done.stdout.decode(), done.stderr.decode())
    assert "Traceback" not in told.out + told.err
    return told


@pytest.fixture(scope="session")
def in_home() -> Callable[..., Told]:
    """The command in a home that is named first: for homes that several tests share."""
    return call


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path


@pytest.fixture
def loadplan(home: Path) -> Command:
    """The command, in an empty home."""
    return lambda *line, **more: call(home, *line, **more)


@pytest.fixture(scope="session")
def at() -> Command:
    """The command in a home that is named first."""
    return call


@pytest.fixture(scope="session")
def imported(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home in which the synthetic runner's export (``export.zip``) has been imported. Copy it, do not write in it."""
    home = tmp_path_factory.mktemp("imported")
    write_export(tell_story(AS_OF), home / "export.zip")
    told = call(home, "import", "export.zip", "--format", "json")
    (home / "import.json").write_text(told.out, encoding="utf-8")
    (home / "import.status").write_text(str(told.status), encoding="utf-8")
    return home


@pytest.fixture
def runner(imported: Path, home: Path) -> Command:
    """The command in a copy of the imported home."""
    shutil.copytree(imported, home, dirs_exist_ok=True)
    return lambda *line, **more: call(home, *line, **more)
