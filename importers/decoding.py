"""One member's bytes to an outcome: its runs, its row of the ledger, its problems. What goes wrong is no exception."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Final

from importers.archive import Member
from importers.deadline import TooSlowError, cpu_limit
from importers.problems import WELL_ENOUGH, Fate, LedgerRow, Problem
from importers.run import Recording, Run
from importers.sniff import Kind

EARLIEST: Final = datetime(2000, 1, 1, tzinfo=UTC)
"""No watch recorded a run before; an earlier date is a wrong clock."""
NOT_ACTIVITY_CODES: Final = frozenset({"not_activity", "no_points", "no_records"})
"""Reasons of files that are whole and well, and no activity."""
NO_TIME: Final = "no_time"
"""Reason of a file without any time of day: a row of its service may know it."""
PAST: Final = "past_date"
FUTURE: Final = "future_date"
WRONG_CLOCK: Final = (PAST, FUTURE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What one member gave: its ledger row, its runs, its problems."""

    row: LedgerRow
    runs: tuple[Run, ...] = ()
    problems: tuple[Problem, ...] = ()
    astray: tuple[Run, ...] = ()
    """Recordings whose clock was wrong: of no use, unless a row of the service says when they began."""
    kind: Kind = Kind.UNKNOWN


def refused(member: Member, code: str, detail: str) -> Outcome:
    """Outcome of a member that is not kept."""
    problem = Problem(source=member.source, code=code, detail=detail)
    return Outcome(row=ledger_row(member, Fate.REJECTED, code, detail), problems=(problem,))


def ledger_row(member: Member, fate: Fate, code: str | None = None, detail: str | None = None) -> LedgerRow:
    """Row of the ledger for a member."""
    return LedgerRow(source=member.source, fate=fate, code=code, detail=detail, content_sha256=member.content_sha256)


def decode(member: Member, latest: datetime, seconds: float | None = None) -> Outcome:
    """Recordings of a member's bytes, measured. Whatever goes wrong is an outcome, never an exception.

    Args:
        member: an activity with its bytes.
        latest: aware instant after which a date is in the future.
        seconds: computing time allowed, where the platform can interrupt (see ``cpu_limit``); None: any.
    """
    try:
        reader = _reader(member.kind)
        with cpu_limit(seconds):
            return _decode(member, reader, latest)
    except TooSlowError:
        return refused(member, "too_slow", f"reading it took more than {seconds:g} s of computing: stopped")
    except Exception as error:  # a defect of ours must not cost the other files
        return refused(member, "reader_failed", f"{type(error).__name__}: {error}")


def _reader(kind: Kind) -> Callable[[bytes], list[Recording]]:
    """The reader of a format. NumPy comes with it: needed by whoever decodes, not by whoever looks."""
    if kind is Kind.FIT:
        from importers.fit import read_fit as reader
    elif kind is Kind.GPX:
        from importers.gpx import read_gpx as reader
    else:
        from importers.tcx import read_tcx as reader
    return reader


def _decode(member: Member, reader: Callable[[bytes], list[Recording]], latest: datetime) -> Outcome:
    from importers.measure import measured
    from importers.path import walked

    found = [walked(recording) for recording in reader(member.data or b"")]
    problems = [member.problem] if member.problem else []
    problems += dict.fromkeys(p for one in found for p in one.recording.problems)
    runs: list[Run] = []
    astray: list[Run] = []
    for k, one in enumerate(found):
        wrong = _unusable(one.recording, latest)
        if wrong:
            problems.insert(0, wrong)
        if one.recording.start is None or (wrong and wrong.code not in WRONG_CLOCK):
            continue
        run = measured(one, source=member.source, content_sha256=member.content_sha256, session=k)
        run = _of_damaged(run, member) if member.problem else run
        if wrong:
            astray.append(run)
            continue
        said = (Problem(source="", code=code, detail=detail) for code, detail in run.notes)
        problems += [problem for problem in said if problem not in problems]  # what only measuring found
        runs.append(run)
    named = tuple(replace(p, source=member.source) for p in problems)
    return Outcome(
        row=_fate(member, runs, named),
        runs=tuple(runs),
        problems=_told(named, runs),
        astray=tuple(astray),
        kind=member.kind,
    )


def _of_damaged(run: Run, member: Member) -> Run:
    """The run of an archive that is damaged itself: what is wrong with it does not add up in the run, too."""
    if member.problem is None:
        return run
    code, detail = member.problem.code, member.problem.detail
    flags, notes = tuple(sorted({*run.flags, code})), ((code, detail), *run.notes)
    return replace(run, salvaged=run.salvaged or member.salvaged, flags=flags, notes=notes)


def _unusable(recording: Recording, latest: datetime) -> Problem | None:
    """Why a recording that decodes cannot be a run of this person's past, None where it can."""
    if recording.start is None:
        return None
    totals = recording.summary
    if len(recording.track) <= 1 and not (totals.distance_m or totals.timer_s or totals.elapsed_s):
        return Problem(source="", code="nothing_recorded", detail="a single point and no totals")
    return wrong_date(recording.start, latest)


def wrong_date(start: datetime, latest: datetime, source: str = "") -> Problem | None:
    """Why nobody recorded anything then, None where somebody may have."""
    if start < EARLIEST:
        return Problem(source=source, code=PAST, detail=f"recorded on {start:%Y-%m-%d}: the clock was not set")
    if start > latest:
        return Problem(source=source, code=FUTURE, detail=f"recorded on {start:%Y-%m-%d}, which is in the future")
    return None


def _fate(member: Member, runs: list[Run], problems: tuple[Problem, ...]) -> LedgerRow:
    first = problems[0] if problems else None
    code, detail = (first.code, first.detail) if first else (None, None)
    if runs:
        return LedgerRow(
            source=member.source, fate=Fate.KEPT, code=code, detail=detail, content_sha256=member.content_sha256,
            runs=len(runs), salvaged=any(run.salvaged for run in runs),
        )  # fmt: skip
    reason = next((p for p in problems if p.code not in NOT_ACTIVITY_CODES), None)
    if reason:
        return ledger_row(member, Fate.REJECTED, reason.code, reason.detail)
    return ledger_row(member, Fate.NOT_ACTIVITY, code or "not_activity", detail)


def _told(problems: tuple[Problem, ...], runs: list[Run]) -> tuple[Problem, ...]:
    """Problems worth telling: a file that is simply no activity is in the ledger, and nobody's problem.

    Of a file that is not kept nobody asks where its values come from.
    """
    return tuple(p for p in problems if runs or p.code not in NOT_ACTIVITY_CODES | WELL_ENOUGH)
