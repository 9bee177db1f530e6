"""``evidence``: the numbers behind every rule, their sources and grades."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated

import typer

from loadplan.cli.app import app
from loadplan.cli.exits import usage
from loadplan.cli.frame import Format, Formatted, command, stamp_day
from loadplan.cli.output import show
from loadplan.cli.table import wrapped

if TYPE_CHECKING:
    from collections.abc import Sequence

    from loadplan.constants import Constant
    from plans.evidence import Finding


@command(app, "evidence", "loadplan evidence acwr_high")
def evidence(
    ctx: typer.Context,
    key: Annotated[str | None, typer.Argument(metavar="KEY", help="One number, with all that is known of it.")] = None,
    form: Formatted = Format.TABLE,
) -> None:
    """The numbers behind every rule, their sources and grades; and the constants of measuring."""
    from loadplan.constants import measuring_constants
    from plans.evidence import FINDINGS

    constants = measuring_constants()
    names = {constant.name.lower() for constant in constants}
    wanted = None if key is None else key.lower()
    if wanted is not None and wanted not in FINDINGS and wanted not in names:
        raise usage(
            f"no number is called {key!r}{_near(wanted, [*FINDINGS, *sorted(names)])}; `loadplan evidence` lists them"
        )
    found = [finding for name, finding in FINDINGS.items() if wanted in (None, name)]
    measured = [constant for constant in constants if wanted in (None, constant.name.lower())]
    body = {
        "findings": [asdict(finding) | {"grade": str(finding.grade)} for finding in found],
        "constants": [asdict(constant) for constant in measured],
    }
    lines = _lines(found, measured) if wanted is None else [*_details(found), *_constant_lines(measured)]
    show(ctx, form, body, lines, rows="findings" if found else "constants", as_of=stamp_day())


def _details(findings: Sequence[Finding]) -> list[str]:
    return [line for finding in findings for line in _one(finding)]


def _near(key: str, keys: Sequence[str]) -> str:
    from difflib import get_close_matches

    near = get_close_matches(key, keys, n=1)
    return f" (did you mean {near[0]}?)" if near else ""


def _lines(findings: Sequence[Finding], constants: Sequence[Constant]) -> list[str]:
    lines = ["Limits (suggested upper limits; loadplan evidence KEY tells the source)"]
    for f in findings:
        lines += [f"  {f.key}: {f.value:g} {f.unit} ({f.grade})", *wrapped(f.says, "      ")]
    return [*lines, "", "Constants of reading and measuring", *_constant_lines(constants)]


def _constant_lines(constants: Sequence[Constant]) -> list[str]:
    lines = []
    for c in constants:
        lines += [f"  {c.name.lower()}: {c.value:g} (in {c.room})", *wrapped(c.says, "      ")]
    return lines


def _one(finding: Finding) -> list[str]:
    span = "fixed" if finding.low == finding.high else f"a clinic may choose {finding.low:g} to {finding.high:g}"
    lines = [f"{finding.key}: {finding.value:g} {finding.unit} ({span})", *wrapped(finding.says, "  ")]
    lines += wrapped(f"Source: {finding.source}", "    ", "  ")
    if finding.against:
        lines += wrapped(f"Against: {finding.against}", "    ", "  ")
    return [*lines, f"  Grade: {finding.grade}"]
