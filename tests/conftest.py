"""Fixtures that all tests share: where the real files lie, and a clean home for the real command."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

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
