"""Findings are whole, and the page shows them."""

from __future__ import annotations

from pathlib import Path

import pytest

from plans.evidence import FINDINGS, Finding, Grade, limit, within
from plans.evidence_page import evidence_markdown

DOCS = Path(__file__).resolve().parents[2] / "docs"


@pytest.mark.parametrize("finding", FINDINGS.values(), ids=lambda f: f.key)
def test_every_finding_has_a_source_a_sentence_and_a_value_within_its_own_range(finding: Finding) -> None:
    assert finding.source.strip()
    assert finding.says.strip()
    assert finding.low <= finding.value <= finding.high


@pytest.mark.parametrize("finding", [f for f in FINDINGS.values() if f.grade is Grade.CONTESTED], ids=lambda f: f.key)
def test_a_contested_finding_names_its_counter_study(finding: Finding) -> None:
    assert finding.against


@pytest.mark.parametrize("word", ["safe", "danger", "risk", "prevent", "diagnos", "cleared"])
def test_no_finding_promises_or_threatens(word: str) -> None:
    assert not [f.key for f in FINDINGS.values() if word in f.says.lower()]


def test_exactly_at_a_limit_is_within_it() -> None:
    assert within(limit("acwr_high"), limit("acwr_high"))
    assert not within(limit("acwr_high") + 1e-6, limit("acwr_high"))


def test_the_page_of_the_evidence_shows_what_the_code_holds() -> None:
    assert (DOCS / "evidence.md").read_text(encoding="utf-8") == evidence_markdown(), "run: make docs"
