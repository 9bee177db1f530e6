"""``import loadplan``: the public names, and that they cost nothing until used."""

from __future__ import annotations

import doctest
import importlib
import pkgutil
import subprocess
import sys

import pytest

import loadplan


def test_importing_loads_neither_pandas_nor_numpy():
    code = "import sys, loadplan; print(*{'pandas', 'numpy', 'matplotlib', 'sqlite3', 'typer'} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == ""


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


@pytest.mark.parametrize("room", ["acwr", "daily", "rules", "runlog", "weekly"])
def test_the_examples_of_the_docstrings_hold(room):
    found = doctest.testmod(importlib.import_module(f"loadplan.{room}"))
    assert found.attempted
    assert not found.failed
