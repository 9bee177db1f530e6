"""``evidence``: the numbers behind every rule, their sources and grades."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated

import typer

from loadplan.cli.app import app
from loadplan.cli.exits import usage
from loadplan.cli.frame import Format, Formatted, command, today
from loadplan.cli.output import show
from loadplan.cli.table import Column, table, wrapped

if TYPE_CHECKING:
    from collections.abc import Sequence

    from plans.evidence import Finding


@command(app, "evidence", "loadplan evidence acwr_high")
def evidence(
    ctx: typer.Context,
    key: Annotated[
        str | None, typer.Argument(metavar="[KEY]", help="One number, with all that is known of it.")
    ] = None,
    form: Formatted = Format.TABLE,
) -> None:
    """The numbers behind every rule, their sources and grades."""
    from plans.evidence import FINDINGS

    if key is not None and key not in FINDINGS:
        raise usage(f"no number is called {key!r}{_near(key, list(FINDINGS))}; `loadplan evidence` lists them")
    chosen = list(FINDINGS.values()) if key is None else [FINDINGS[key]]
    rows = [asdict(finding) | {"grade": str(finding.grade)} for finding in chosen]
    lines = _list(chosen) if key is None else _one(chosen[0])
    show(ctx, form, {"findings": rows}, lines, rows="findings", as_of=today())


def _near(key: str, keys: Sequence[str]) -> str:
    from difflib import get_close_matches

    near = get_close_matches(key, keys, n=1)
    return f" (did you mean {near[0]}?)" if near else ""


def _list(findings: Sequence[Finding]) -> list[str]:
    columns = [Column("Key"), Column("Limit"), Column("Grade"), Column("Says", flexible=True)]
    return table(columns, [[f.key, f"{f.value:g} {f.unit}", str(f.grade), f.says] for f in findings])


def _one(finding: Finding) -> list[str]:
    span = "fixed" if finding.low == finding.high else f"a clinic may choose {finding.low:g} to {finding.high:g}"
    lines = [f"{finding.key}: {finding.value:g} {finding.unit} ({span})", *wrapped(finding.says, "  ")]
    lines += wrapped(f"Source: {finding.source}", "    ", "  ")
    if finding.against:
        lines += wrapped(f"Against: {finding.against}", "    ", "  ")
    return [*lines, f"  Grade: {finding.grade}"]
