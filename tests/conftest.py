"""Fixtures that all tests share: where the real files lie, and a clean home for the real command."""

from __future__ import annotations

import csv
import os
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings

# CI tries the same examples each time, so that it judges the change and not the dice; make test tries new ones.
settings.register_profile("ci", derandomize=True)
if os.environ.get("CI"):
    settings.load_profile("ci")

SHARED_DATA = Path(__file__).resolve().parents[1].parent / "shared" / "data"


@pytest.fixture(scope="session")
def corpus() -> Path:
    """The folder of real files beside the checkout; skips where it is absent."""
    if not (SHARED_DATA / "corpus").is_dir():
        pytest.skip(f"no real files at {SHARED_DATA}")
    return SHARED_DATA


@pytest.fixture(scope="session")
def corpus_index(corpus: Path) -> list[dict[str, str]]:
    """The independent scan of the real files, a row a file."""
    with (corpus / "index.csv").open(encoding="utf-8", newline="") as f:
        return list(csv.DictReader(f))


@pytest.fixture(autouse=True)
def no_network() -> Iterator[None]:
    """Nothing here speaks to a network: a socket to another machine is a failure, in every test.

    For each test anew, since plugins for sockets put the true ones back after each.
    """
    connect = socket.socket.connect

    def refuse(self: socket.socket, address: Any) -> None:
        if self.family in (socket.AF_INET, socket.AF_INET6):
            raise AssertionError(f"a test tried to reach {address}")
        connect(self, address)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(socket.socket, "connect", refuse)
        yield
