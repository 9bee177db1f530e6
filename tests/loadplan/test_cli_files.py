"""Only the file of the typed command is read, and nothing is lost by that."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path

import pytest
from typer.main import get_command

from loadplan.cli import FILES, WITHOUT, files_of, run, whole_app

COMMANDS = [name for names in FILES.values() for name in names]


def test_every_command_is_in_the_table_and_every_entry_is_a_command() -> None:
    assert set(get_command(whole_app()).commands) == set(COMMANDS)


@pytest.mark.parametrize("name", COMMANDS)
def test_a_command_is_registered_by_its_own_file(name: str) -> None:
    file, *_ = files_of([name, "--help"])
    source = Path(import_module(f"loadplan.cli.{file}").__file__ or "").read_text(encoding="utf-8")
    assert f'app, "{name}"' in source


@pytest.mark.parametrize(("line", "files"), [
    (["load"], ["load"]), (["--store", "load", "check", "--strict"], ["load"]),
    (["--units", "mi", "pain", "list"], ["pain"]),
    (["--store=x.db", "log"], ["log"]),
    (["--debug", "plan", "show"], ["plan"]), (["plan", "export"], ["plan", "plan_export"]),
    (["plan"], ["plan", "plan_export"]), (["plan", "--help"], ["plan", "plan_export"]),
    (["shoes", "try", "load"], ["shoes"]),
])  # fmt: skip
def test_global_options_come_before_the_command(line: list[str], files: list[str]) -> None:
    assert files_of(line) == files


@pytest.mark.parametrize("line", [[], ["--help"], ["-h"], ["--debug"], ["lod"], ["--stroe", "x", "load"], ["--store"]])
def test_what_is_no_command_reads_them_all(line: list[str]) -> None:
    assert files_of(line) == list(FILES)


def test_the_version_needs_no_command(capsys: pytest.CaptureFixture[str]) -> None:
    assert files_of(["--version"]) == []
    assert run(["--version"]) == 0
    assert capsys.readouterr().out.startswith("loadplan ")


def test_the_help_lists_the_commands_in_one_order_whatever_was_read_first() -> None:
    app = whole_app()
    names = [str(one.name) for one in app.registered_commands]
    assert names == [name for name in COMMANDS if name in names]


def test_what_a_word_does_without_holds_none_of_its_commands() -> None:
    """The words that need less than their whole group are those of the file that they name."""
    for file, words in WITHOUT.items():
        source = Path(import_module(f"loadplan.cli.{file}").__file__ or "").read_text(encoding="utf-8")
        assert not [word for word in words if f'_app, "{word}"' in source]
