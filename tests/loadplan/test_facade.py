"""``import loadplan``: the public names, and that they cost nothing until used."""

from __future__ import annotations

import doctest
import importlib
import pkgutil
import subprocess
import sys
import zipfile

import pytest
from activity_files import gpx, gpx_points

import importers
import loadplan


def test_importing_loads_neither_pandas_nor_numpy():
    code = "import sys, loadplan; print(*{'pandas', 'numpy', 'matplotlib', 'sqlite3', 'typer'} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == ""


def test_an_archive_that_the_store_knows_is_told_without_numpy_or_a_reader(tmp_path):
    with zipfile.ZipFile(tmp_path / "export.zip", "w") as archive:
        archive.writestr("run.gpx", gpx(gpx_points(range(60))))
    line = ["--store", str(tmp_path / "log.db"), "import", "--format", "json", str(tmp_path / "export.zip")]
    heavy = {"numpy", "pandas", "matplotlib", "importers.export", "importers.archive", "importers.decoding"}
    code = f"import sys; from loadplan.cli import run; run(sys.argv[1:]); print(*{heavy} & set(sys.modules))"
    first, again = (
        subprocess.run([sys.executable, "-c", code, *line], capture_output=True, text=True, check=True).stdout
        for _ in range(2)
    )
    assert '"known": false' in first
    assert "numpy" in first
    assert '"known": true' in again
    assert again.splitlines()[-1] == ""


@pytest.mark.parametrize("name", loadplan.__all__)
def test_every_public_name_is_there(name):
    found = getattr(loadplan, name)
    assert name in dir(loadplan)
    assert callable(found) or name == "__version__"


def test_no_public_name_is_the_name_of_a_room():
    rooms = {room.name for room in pkgutil.iter_modules(loadplan.__path__)}
    assert not rooms & set(loadplan.__all__)


def test_another_name_is_an_attribute_error():
    with pytest.raises(AttributeError, match="cure"):
        _ = loadplan.cure


def examples() -> dict[str, doctest.DocTest]:
    """Every example of a docstring, with nothing at hand but what it imports itself."""
    rooms = [room.name for package in (importers, loadplan)
             for room in pkgutil.walk_packages(package.__path__, f"{package.__name__}.")
             if "__" not in room.name]  # fmt: skip
    finder = doctest.DocTestFinder(exclude_empty=True)
    found = [t for room in rooms for t in finder.find(importlib.import_module(room), globs={}) if t.examples]
    return {test.name: test for test in found}


EXAMPLES = examples()
NEEDED = ("acwr_by_day", "plan_baseline", "daily_load", "check_weeks", "log_table", "weekly_load", "read_export")


def test_what_one_starts_with_has_an_example():
    assert set(NEEDED) <= {name.rpartition(".")[2] for name in EXAMPLES}


@pytest.mark.parametrize("name", EXAMPLES)
def test_the_examples_of_the_docstrings_run_as_they_are_written(name):
    told: list[str] = []
    found = doctest.DocTestRunner().run(EXAMPLES[name], out=told.append)
    assert not found.failed, "".join(told)
