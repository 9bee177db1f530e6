from __future__ import annotations

import subprocess
import sys

import pytest

import importers


def test_importing_the_door_and_the_plain_rooms_brings_no_numpy():
    code = "import sys, importers, importers.run, importers.problems; print('numpy' in sys.modules)"
    out = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert out.stdout.strip() == "False"


@pytest.mark.parametrize("name", importers.__all__)
def test_every_public_name_is_there(name):
    assert getattr(importers, name).__name__ == name


def test_unknown_names_are_attribute_errors():
    with pytest.raises(AttributeError, match="nothing_like_this"):
        _ = importers.nothing_like_this
