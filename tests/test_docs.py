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
from plans.evidence import FINDINGS, Grade

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


def test_every_page_stands_in_the_index() -> None:
    index = (ROOT / "docs" / "index.md").read_text(encoding="utf-8")
    pages = {page.name for page in (ROOT / "docs").glob("*.md")} - {"index.md"}
    assert pages - set(re.findall(r"\]\(([\w-]+\.md)\)", index)) == set()
    assert "(docs/index.md)" in (ROOT / "README.md").read_text(encoding="utf-8")


def helps() -> list[tuple[str, str, str, str]]:
    """The lines of the page of what helps: what, what is known, source, grade."""
    page = (ROOT / "docs" / "what-helps.md").read_text(encoding="utf-8")
    rows = [tuple(cell.strip() for cell in line.strip("|").split("|")) for line in page.splitlines() if line[:1] == "|"]
    return [row for row in rows if row[0] != "what" and not set(row[0]) <= {"-"}]  # type: ignore[misc]


def test_every_line_of_what_helps_has_a_source_and_a_grade_that_agree_with_the_findings() -> None:
    assert len(helps()) > 15
    for what, known, source, grade in helps():
        assert known
        assert source
        assert grade in set(Grade)
        for key in re.findall(r"`([a-z0-9_]+)`", what):
            found = FINDINGS[key]
            assert found.grade == grade, key
            said = f"{found.source} {found.against or ''}"
            names = re.findall(r"([A-Z][a-z]+) (?:& \w+ )?(?=\d{4})", source) or ["custom"]
            assert any(name.lower() in said.lower() for name in names), (key, source)


PROMISES = r"(?i)\b(prevents?|protects?|guarantee[sd]?|cures?|cleared to run|you are safe|risk of)\b"


def test_no_page_for_people_promises_or_diagnoses() -> None:
    for name in ("what-helps", "for-coaches", "for-physios", "for-researchers", "reading-the-page"):
        page = (ROOT / "docs" / f"{name}.md").read_text(encoding="utf-8")
        said = re.sub(r"Do not say: [^.]*\.", "", page)
        assert not re.findall(
            r"(?i)\b(prevents?|protects?|guarantee[sd]?|cures?|cleared to run|you are safe|risk of)\b", said
        ), name
