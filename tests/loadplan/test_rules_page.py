"""The page of the rules is what the code does; and every sentence the load engine can say keeps to what it knows."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

from loadplan.load_warning import ADVICE, LEVELS, NAMES
from loadplan.rules import RULES
from loadplan.rules_page import EXAMPLES, OF_RULE, example_of, rules_markdown
from loadplan.triggers import EXPOSURES
from plans.evidence import FINDINGS

ROOT = Path(__file__).resolve().parents[2]
SPEAKING = (
    "load_rules", "exposure_rules", "several_changes", "week_row", "load_warning", "flare", "triggers", "shoe_try",
    "cadence_log", "form", "rules_page", "own_limits", "grades", "surfaces", "cli/load", "cli/load_lines", "cli/flare",
    "cli/cadence", "cli/form", "cli/shoes", "cli/pain",
)  # fmt: skip
"""Rooms whose texts reach a runner."""
PROMISES = (
    r"\b(safe|safely|safety|danger\w*|risk\w*|prevent\w*|guarantee\w*|cleared|harmless|protects?|"
    r"will (?:heal|hurt|injure|cause))\b"
)
DIAGNOSES = (
    r"\b(you have|you suffer|your (?:tendon|cartilage|kneecap|itb|ligament) is|tendinopathy|syndrome|arthritis|"
    r"overtrain\w*)\b"
)
URGES = (
    r"\b(run more|do more|more km are|add (?:a run|km)|too little running|undertrain\w*|increase your|should run more|"
    r"build up more)\b"
)
FORBIDDEN = {"promise": PROMISES, "diagnosis": DIAGNOSES, "urging": URGES}
DISCLAIMER = "not medical advice or a diagnosis"


def sentences(room: str) -> list[str]:
    """Every text of a room as it stands in the code, docstrings left out; holes of f-strings as three dots."""
    tree = ast.parse((ROOT / "loadplan" / f"{room}.py").read_text(encoding="utf-8"))
    docstrings = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    joined = [node for node in ast.walk(tree) if isinstance(node, ast.JoinedStr)]
    within = {id(part) for node in joined for part in node.values}
    texts = [node for node in ast.walk(tree) if isinstance(node, ast.Constant) and isinstance(node.value, str)]
    return [
        *("".join(str(p.value) if isinstance(p, ast.Constant) else "..." for p in node.values) for node in joined),
        *(str(node.value) for node in texts if id(node) not in within | docstrings),
    ]


def test_the_page_shows_what_the_code_does() -> None:
    assert (ROOT / "docs" / "rules.md").read_text(encoding="utf-8") == rules_markdown(), "run: make docs"


@pytest.mark.parametrize("code", NAMES)
def test_every_rule_has_its_findings_an_example_and_what_to_do(code: str) -> None:
    assert OF_RULE[code]
    assert all(key in FINDINGS for key in OF_RULE[code])
    assert ADVICE[code].endswith((".", "ids."))
    assert re.match(r"[A-Z0-9].*\.$", example_of(code))


def test_an_example_is_measured_by_the_first_finding_of_its_rule() -> None:
    for (code, rule), example in zip(zip(NAMES, RULES, strict=True), EXAMPLES.values(), strict=True):
        week = {"week": None, "method": "uncoupled", "measure": "distance", "runs": 4, **example}
        found = rule(week)
        assert found is not None
        assert found.source.startswith(tuple(FINDINGS[key].source for key in OF_RULE[code])), code


def test_every_finding_that_a_rule_reads_stands_on_the_page() -> None:
    read = {text for room in ("load_rules", "exposure_rules", "several_changes") for text in sentences(room)}
    assert {key for key in read if key in FINDINGS} <= {key for keys in OF_RULE.values() for key in keys}


@pytest.mark.parametrize("room", SPEAKING)
@pytest.mark.parametrize("what", FORBIDDEN)
def test_no_sentence_promises_diagnoses_or_urges_more(room: str, what: str) -> None:
    texts = [text.replace(DISCLAIMER, "") for text in sentences(room)]
    assert len(texts) > 3
    assert not [text for text in texts if re.search(FORBIDDEN[what], text, re.IGNORECASE)]


def test_the_search_for_such_sentences_finds_them() -> None:
    wrong = {"promise": "This week is safe.", "diagnosis": "You have a syndrome.", "urging": "Run more next week."}
    assert all(re.search(FORBIDDEN[what], text, re.IGNORECASE) for what, text in wrong.items())
    assert any("was ... % above ..." in text for text in sentences("load_rules"))


def test_lower_than_usual_is_never_a_warning() -> None:
    week = {"week": None, "acwr": 0.2, "acwr_band": "lower", "method": "uncoupled", "measure": "distance", "runs": 1}
    week |= {"load": 5.0, "change_pct": -80.0, "build_change_pct": -80.0, "build_reference": 25.0}
    assert [rule(week) for rule in RULES] == [None] * len(RULES)


def test_every_exposure_that_flare_looks_at_has_a_finding() -> None:
    assert all(one.key in FINDINGS for one in EXPOSURES)
    assert LEVELS == ("info", "warn", "strong")
