"""The evidence as a page: ``python -m plans.evidence_page > docs/evidence.md``. A test keeps the two the same."""

from __future__ import annotations

import sys

from plans.evidence import FINDINGS, Finding, Grade

INTRO = """# Every limit, its source and grade

Made by `make docs` from `plans/evidence.py`; the rules and the planner read the same findings.
`loadplan evidence KEY` shows one.

Limits are suggested upper limits. They are monitoring signals, not forecasts, and say nothing about one knee.

Grades:
"""

MEANING = {
    Grade.TRIALLED: "used in a randomised trial",
    Grade.OBSERVED: "seen in a cohort or a laboratory",
    Grade.CONTESTED: "studies disagree; the counter-study stands beside it",
    Grade.CUSTOM: "custom of experts or coaches; no trial",
}


def number(value: float) -> str:
    """A limit as people write it: 10, 0.85, 0.333."""
    return f"{value:.3f}".rstrip("0").rstrip(".")


def evidence_markdown() -> str:
    """The whole page of findings as Markdown, in the order of ``FINDINGS``."""
    grades = "\n".join(f"- **{grade}**: {says}." for grade, says in MEANING.items())
    rows = "\n".join(_row(f) for f in FINDINGS.values())
    head = "| key | limit | a clinic may choose | what it says | source | grade |\n|---|---|---|---|---|---|"
    return f"{INTRO}{grades}\n\n{head}\n{rows}\n"


def _row(f: Finding) -> str:
    source = f"{f.source}. Against: {f.against}" if f.against else f.source
    span = "fixed" if f.is_fixed else f"{number(f.low)} to {number(f.high)}"
    return f"| `{f.key}` | {number(f.value)} {f.unit} | {span} | {f.says} | {source} | {f.grade} |"


if __name__ == "__main__":
    sys.stdout.write(evidence_markdown())
