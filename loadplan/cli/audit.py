"""``audit``: what we read in a file beside what another program reads in it."""

from __future__ import annotations

import sys
from functools import reduce
from operator import xor
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer

from importers.problems import Fate, ImporterError
from loadplan.cli.app import app
from loadplan.cli.audit_pages import audit_counts, brief_lines, whole_lines
from loadplan.cli.exits import Exit, say
from loadplan.cli.frame import Format, Formatted, command, settings_of, stamp_day
from loadplan.cli.output import show
from loadplan.cli.reasons import DOES_NOT_APPLY, NOT_RECORDED, reasoned
from loadplan.cli.table import width
from loadplan.text import shortened

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Sequence

    from importers.audit import Audited, Compared
    from importers.problems import LedgerRow

WHOLE_UP_TO: Final = 3
"""So many recordings are shown value by value; of more, a line each and what differs."""
CSV_KEYS: Final = (
    "source", "session", "reader", "name", "unit", "ours", "theirs", "difference", "verdict", "reason", "recounted",
)  # fmt: skip


@command(app, "audit", "loadplan audit run.fit")
def audit(
    ctx: typer.Context,
    files: Annotated[
        list[Path], typer.Argument(metavar="FILE...", help="Files, folders, zips: every activity in them.")
    ],
    sample: Annotated[int | None, typer.Option(min=1, metavar="N", help="Only N random files of all.")] = None,
    seed: Annotated[str, typer.Option(metavar="TEXT", help="Another draw of --sample; the same text, the same.")] = "",
    form: Formatted = Format.TABLE,
) -> None:
    """A second opinion on a file: our reading beside fitparse's, gpxpy's or a plain XML tree's.

    Each difference is explained only where counting the other reader's samples another way comes to our value.
    Nothing is stored. Status 0: all same or explained; 3: something is unexplained, or could not be audited; 4:
    nothing could be audited.
    """
    check_paths(files)
    only = None if sample is None else _drawn(files, sample, seed)
    audited = audit_all(files, only)
    body = audit_body(audited)
    paged = whole_lines if len(audited) <= WHOLE_UP_TO else brief_lines
    lines = paged(audited, settings_of(ctx).units)
    rows: str | list[dict[str, Any]] = _flat(audited) if form is Format.CSV else "audits"
    show(ctx, form, body, lines, rows=rows, as_of=stamp_day(), header=CSV_KEYS)
    if not audited:
        say("No activity was found: name a .fit, .gpx or .tcx file, a folder or a zip.")
    raise typer.Exit(audit_status(audited))


def check_paths(paths: Iterable[Path]) -> None:
    """An error in words where there is no such path."""
    for path in paths:
        if not path.exists():
            raise ImporterError(f"{path}: no such file or folder.")


def audit_all(paths: Iterable[Path], only: frozenset[str] | None = None) -> list[Audited]:
    """Every activity under the paths, or those with the given content, read twice; with a counter on a terminal."""
    from importers.audit import audit_path

    audited: list[Audited] = []
    left = None if only is None else set(only)
    unique = list(dict.fromkeys(path.resolve() for path in paths))
    tell = _progress(unique, left)
    for path in unique:
        for one in audit_path(path, only=left):
            audited.append(one)
            tell(one.source)
        if left is not None:
            left -= {a.content_sha256 for a in audited if a.content_sha256}
    tell("")
    return audited


def audit_import(paths: Iterable[Path], ledger: Iterable[LedgerRow], count: int) -> list[Audited]:
    """``count`` random activities of those that an import read, or rejected, each with the same chance, read twice.

    The seed is the content of them all: the same import draws the same files, a larger one others.
    """
    from importers.audit import draw

    looked_at = (Fate.KEPT, Fate.DUPLICATE, Fate.REJECTED)
    contents = {row.content_sha256 for row in ledger if row.fate in looked_at and row.content_sha256}
    seed = reduce(xor, (int(content, 16) for content in contents), 0)
    return audit_all(paths, draw(contents, count, f"{seed:x}"))


def audit_status(audited: Sequence[Audited]) -> int:
    """Exit status of an audit."""
    counts = audit_counts(audited)
    if counts["same"] + counts["explained"] + counts["unexplained"] == 0:
        return Exit.NOTHING
    return Exit.PARTLY if counts["unexplained"] or counts["not_audited"] else Exit.DONE


def audited_status(status: int, audited: Sequence[Audited]) -> int:
    """Exit status of an import with its audit: what is unexplained makes a clean import partly done."""
    unexplained = audit_counts(audited)["unexplained"]
    return Exit.PARTLY if unexplained and status == Exit.DONE else status


def _drawn(paths: Iterable[Path], count: int, seed: str) -> frozenset[str]:
    from importers.audit import contents_of, draw

    unique = dict.fromkeys(path.resolve() for path in paths)
    return draw((content for path in unique for content in contents_of(path)), count, seed)


def _progress(paths: Sequence[Path], only: Collection[str] | None) -> Callable[[str], None]:
    """What tells how far it is: a counter on stderr, on a terminal only; nothing more for an empty label."""
    from importers.archive import count_members

    if not sys.stderr.isatty():
        return lambda source: None
    total = sum(count_members(path) or 1 for path in paths) if only is None else len(only)
    done: set[str] = set()

    def tell(source: str) -> None:
        done.add(source)
        line = shortened(f"{len(done)} of {max(total, len(done))} files read twice; {source}", width() - 1)
        sys.stderr.write("\r\x1b[K" + (line if source else ""))
        sys.stderr.flush()

    return tell


# ---------------------------------------------------------------- for programs
def audit_body(audited: Sequence[Audited]) -> dict[str, Any]:
    """The audit as JSON."""
    return {"counts": audit_counts(audited), "audits": [_audit_row(one) for one in audited]}


def _audit_row(one: Audited) -> dict[str, Any]:
    values = [reasoned(_value_row(value) | _not_applying(value), NOT_RECORDED) for value in one.values]
    row: dict[str, Any] = {"source": one.source, "session": one.session, "reader": one.reader or None}
    return {**reasoned(row, DOES_NOT_APPLY), "verdict": str(one.verdict), "reason": one.reason, "values": values}


def _value_row(value: Compared) -> dict[str, Any]:
    return {
        "name": value.name,
        "unit": value.unit,
        "ours": value.ours,
        "theirs": value.theirs,
        "difference": value.difference,
        "verdict": str(value.verdict),
        "reason": value.reason,
        "recounted": value.recounted,
    }


def _not_applying(value: Compared) -> dict[str, str]:
    pairs = (("difference", value.difference), ("recounted", value.recounted))
    return {f"{key}_reason": DOES_NOT_APPLY for key, what in pairs if what is None}


def _flat(audited: Sequence[Audited]) -> list[dict[str, Any]]:
    """A row a value; of a file without values one row that says why."""
    rows = []
    for one in audited:
        head = {"source": one.source, "session": one.session, "reader": one.reader}
        rows += [{**head, **_value_row(value)} for value in one.values]
        if not one.values:
            empty = dict.fromkeys(CSV_KEYS) | head
            rows.append(empty | {"verdict": str(one.verdict), "reason": one.reason})
    return rows
