"""The page docs/cohort.md is what its script makes: the words, the columns, and the first cohorts made again."""

from __future__ import annotations

import importlib.util
import re
import sys
from pathlib import Path
from types import ModuleType

import pytest

from loadplan.cohort.tables import TABLES

ROOT = Path(__file__).resolve().parents[1]
PAGE = (ROOT / "docs" / "cohort.md").read_text(encoding="utf-8")
AGAIN = 2
"""Cohorts of each kind that are made again; the page was made of two hundred."""


@pytest.fixture(scope="module")
def maker() -> ModuleType:
    spec = importlib.util.spec_from_file_location("make_cohort", ROOT / "docs" / "make_cohort.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


def cells(kind: str) -> list[list[str]]:
    """Every row of the page that begins with that word."""
    rows = [line.strip("| ").split(" | ") for line in PAGE.splitlines() if line.startswith("| ")]
    return [row[1:] for row in rows if row[0] == kind]


def test_the_words_of_the_page_are_those_of_its_script(maker: ModuleType) -> None:
    for words in (maker.HEAD, maker.tables(), maker.method(), maker.LIMITS):
        assert words in PAGE, "make cohort-page writes it anew"


def test_the_page_names_every_column_of_every_table() -> None:
    for name, columns in TABLES.items():
        (row,) = cells(f"`{name}`")
        assert re.findall(r"`(\w+)`", row[-1]) == list(columns)


def test_the_first_cohorts_of_the_page_are_made_again(maker: ModuleType) -> None:
    for kind in maker.KINDS:
        listed = cells(kind)[-1]
        assert len(listed) == maker.LISTED
        for seed in range(AGAIN):
            one = maker.question(kind, seed)
            told = [float(number) for number in re.findall(r"\d+\.\d+", listed[seed])]
            assert told == pytest.approx([one.ratio, one.low, one.high], abs=0.0051), (kind, seed)


def test_the_page_says_that_the_planted_effect_is_found_and_none_where_none_is(maker: ModuleType) -> None:
    shares = {kind: [float(cell.rstrip(" %")) for cell in cells(kind)[0]] for kind in maker.KINDS}
    assert shares["planted"][1] == 100.0
    assert shares["none"][1] + shares["none"][2] <= 9.0  # 5 of 100 by chance, and three standard errors of 200 cohorts
    assert shares["none"][0] == pytest.approx(1.0, abs=0.02)


def test_every_line_of_the_words_can_be_read_without_scrolling(maker: ModuleType) -> None:
    for words in (maker.HEAD, maker.method(), maker.LIMITS):
        assert max(len(line) for line in words.splitlines()) <= 140
