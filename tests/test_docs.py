"""What the pages say is what the code has."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest

from loadplan.daily import DAILY_COLUMNS
from loadplan.runlog import LOG_COLUMNS
from loadplan.weekly import weekly_load

ROOT = Path(__file__).resolve().parents[1]
BUILT = ("duration", "ascent", "descent", "fast")
"""Measures whose build columns the page names once, for distance."""


def named() -> set[str]:
    """Every name in code type on the page of names."""
    return set(re.findall(r"`([a-z0-9_.]+)`", (ROOT / "docs" / "names.md").read_text(encoding="utf-8")))


def weekly_columns() -> list[str]:
    days = pd.date_range("2026-01-05", periods=14, name="day")
    columns = weekly_load(pd.DataFrame({"distance_km": [2.0] * 14}, index=days)).columns
    built = tuple(f"{m}_{what}" for m in BUILT for what in ("build_pct", "rise", "reference"))
    return [c for c in columns if not c.endswith("_reason") and c not in built]


@pytest.mark.parametrize("column", sorted({*LOG_COLUMNS, *DAILY_COLUMNS, *weekly_columns()}))
def test_every_column_stands_on_the_page_of_names(column: str) -> None:
    assert column in named()


def test_every_link_of_the_pages_leads_somewhere() -> None:
    for page in (ROOT / "README.md", ROOT / "CONTRIBUTING.md", *(ROOT / "docs").rglob("*.md")):
        for link in re.findall(r"\]\(([^)#:]+)\)", page.read_text(encoding="utf-8")):
            assert (page.parent / link).exists(), f"{page.name}: {link}"


def test_the_page_of_commands_is_made_from_their_help_texts() -> None:
    maker = ROOT / "docs" / "make_cli.py"
    made = subprocess.run([sys.executable, maker], capture_output=True, check=True, cwd=ROOT).stdout.decode()
    page = (ROOT / "docs" / "cli.md").read_text(encoding="utf-8")
    assert page == made, "make docs writes it anew"
    assert "## `loadplan report`" in page
