"""The whole way: a path to runs, a ledger with a row for everything looked at, and problems with their reasons.

Members are read one after another and decoded here or by worker processes, a few at a time, so that memory stays
flat; results come in the order of the walk, whatever the number of workers. A file that takes too long, or takes its
worker with it, costs only itself.
"""

from __future__ import annotations

import os
from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import partial
from itertools import chain
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Final
from zoneinfo import ZoneInfo

from importers.archive import Limits, Member, count_members, walk
from importers.deadline import TooSlowError, cpu_limit
from importers.problems import WELL_ENOUGH, Fate, ImporterError, LedgerRow, Problem
from importers.run import Recording, Run
from importers.sniff import ADVICE, CODES, Kind

if TYPE_CHECKING:
    from importers.workers import Lost

EARLIEST: Final = datetime(2000, 1, 1, tzinfo=UTC)
"""No watch recorded a run before; an earlier date is a wrong clock."""
FUTURE_ALLOWANCE: Final = timedelta(days=1)
"""Zones lie up to 14 h ahead of UTC; what is later than tomorrow is a wrong clock."""
NEIGHBOUR_DAYS: Final = 7
"""A run of unknown local time takes the offset of the nearest run within so many days."""
FILE_SECONDS: Final = 20.0
"""Computing time that reading one file may take; a run of three hours takes a few thousandths of a second."""
PATIENCE: Final = 6.0
"""So many times that by the clock until a worker that says nothing is ended: there may be more workers than cores."""
WORTH_WORKERS: Final = 4 * 1024 * 1024
"""Bytes of activities that are read here in the time that workers take to start."""
READER_VERSION: Final = 4
"""Raise it whenever a reader or a measure gives other values: runs read by another version are measured again."""
NOT_ACTIVITY_CODES: Final = frozenset({"not_activity", "no_points", "no_records"})
"""Reasons of files that are whole and well, and no activity."""
_ACTIVITY_NAMES: Final = (".fit", ".gpx", ".tcx")


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """How far an import is: files looked at, how many there are at least (None: unknown), the last one's label."""

    done: int
    total: int | None
    source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Export:
    """What an import found: runs and other activities by start, a ledger in the order of the walk, problems."""

    runs: tuple[Run, ...] = ()
    ledger: tuple[LedgerRow, ...] = ()
    problems: tuple[Problem, ...] = ()

    def counts(self) -> dict[str, int]:
        """Numbers of an import. ``found = kept + duplicates + not_activities + rejected`` counts files.

        ``runs`` and ``other`` count activities (a file with two sessions gives two), ``salvaged`` those of them that
        come from damaged files.
        """
        fates = [row.fate for row in self.ledger]
        return {
            "found": len(fates) - fates.count(Fate.IGNORED),
            "kept": fates.count(Fate.KEPT),
            "runs": sum(run.is_run for run in self.runs),
            "other": sum(not run.is_run for run in self.runs),
            "not_activities": fates.count(Fate.NOT_ACTIVITY),
            "duplicates": fates.count(Fate.DUPLICATE),
            "salvaged": sum(run.salvaged for run in self.runs),
            "rejected": fates.count(Fate.REJECTED),
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What one member gave: its ledger row, its runs, its problems."""

    row: LedgerRow
    runs: tuple[Run, ...] = ()
    problems: tuple[Problem, ...] = ()


def read_export(
    *paths: str | os.PathLike[str],
    tz: str | None = None,
    jobs: int = 1,
    progress: Callable[[Progress], None] | None = None,
    limits: Limits | None = None,
    now: datetime | None = None,
) -> Export:
    """Read a file, folder or archive into runs. One bad file costs only itself and is in the ledger with a reason.

    Args:
        paths: each a ``.fit``, ``.gpx``, ``.tcx`` (also ``.gz``), a folder, a zip as downloaded, zips in the zip.
            Several are one export: the same content counts once, and one gives another the local time.
        tz: zone of runs whose local time nothing else tells, such as ``Europe/Vienna``.
        jobs: worker processes; 1 decodes in this one, as is done with a few files anyway. The result is the same.
            A file may take 20 s of computing; decoding in this process, that is watched in the main thread of
            systems with interval timers only.
        progress: called after each file.
        limits: bytes and entries that may be unpacked.
        now: aware instant after which a date is in the future by more than a day; default: the clock.

    Raises:
        ImporterError: no such path, not readable, or no such zone. Nothing is read then.

    Example:
        >>> from importers import read_export
        >>> read_export("export_1234.zip").counts()  # doctest: +SKIP
    """
    roots, zone = [Path(path) for path in paths], _zone(tz)
    latest = (now or datetime.now(UTC)) + FUTURE_ALLOWANCE
    members = chain.from_iterable([walk(root, limits) for root in roots])
    total = _total(roots) if progress else None
    outcomes = []
    work = partial(DECODE, latest=latest, seconds=FILE_SECONDS)
    for done, outcome in enumerate(_outcomes(members, jobs, work), 1):
        outcomes.append(outcome)
        if progress:
            progress(Progress(done=done, total=total and max(total, done), source=outcome.row.source))
    runs = sorted((run for o in outcomes for run in o.runs), key=_order)
    return Export(
        runs=tuple(_with_offsets(runs, zone)),
        ledger=tuple(o.row for o in outcomes),
        problems=tuple(p for o in outcomes for p in o.problems),
    )


def _total(roots: Sequence[Path]) -> int | None:
    """How many members there are at least; a file that is no archive is one. None where a folder does not tell."""
    counts = [1 if count is None and root.is_file() else count for root in roots for count in [count_members(root)]]
    return None if None in counts else sum(count or 0 for count in counts)


def _zone(tz: str | None) -> ZoneInfo | None:
    try:
        return ZoneInfo(tz) if tz else None
    except (OSError, ValueError, LookupError) as error:
        raise ImporterError(f"no such time zone: {tz}") from error


def _order(run: Run) -> tuple[datetime, str, list[str], int]:
    return run.start, run.sport, run.source.split("/"), run.session


# ---------------------------------------------------------------- members to outcomes
Entry = tuple[Member, Outcome | None]


def _outcomes(members: Iterator[Member], jobs: int, work: Callable[[Member], Outcome]) -> Iterator[Outcome]:
    """Outcomes in the order of the members. Workers are called when there is more to do than it takes to start them."""
    entries = _judged(members)
    first = _first(entries) if jobs > 1 else []
    if _weights(first) < WORTH_WORKERS:
        yield from (known or work(member) for member, known in chain(first, entries))
        return
    from importers.workers import in_order

    yield from in_order(
        chain(first, entries), work, jobs=jobs, weight=_weight, lost=_lost, patience_s=PATIENCE * FILE_SECONDS
    )


def _first(entries: Iterator[Entry]) -> list[Entry]:
    """The first members, up to so many bytes that workers are worth their start."""
    first: list[Entry] = []
    size = 0
    for entry in entries:
        first.append(entry)
        size += _weights([entry])
        if size >= WORTH_WORKERS:
            break
    return first


def _weights(entries: Iterable[Entry]) -> int:
    return sum(_weight(member) for member, known in entries if known is None)


def _weight(member: Member) -> int:
    return len(member.data or b"")


def _judged(members: Iterable[Member]) -> Iterator[tuple[Member, Outcome | None]]:
    """Members with their outcome where it is known before decoding: duplicates, pictures, broken entries."""
    seen: dict[str, str] = {}
    for member in members:
        if member.data is None:
            yield member, _undecoded(member)
        elif member.content_sha256 in seen:
            first = seen[member.content_sha256]
            row = _row(member, Fate.DUPLICATE, "same_content", f"the same bytes as {first}")
            yield member, Outcome(row=row)
        else:
            seen[str(member.content_sha256)] = member.source
            yield member, None


def _lost(member: Member, why: Lost) -> Outcome:
    """Outcome of a file whose reading ended its process twice."""
    if why == "silent":
        return _refused(member, "too_slow", "its reading came to no end and was stopped")
    return _refused(
        member, "worker_died", "the process that read it ended without a word, twice; nothing of it is kept"
    )


def _refused(member: Member, code: str, detail: str) -> Outcome:
    problem = Problem(source=member.source, code=code, detail=detail)
    return Outcome(row=_row(member, Fate.REJECTED, code, detail), problems=(problem,))


def _row(member: Member, fate: Fate, code: str | None = None, detail: str | None = None) -> LedgerRow:
    return LedgerRow(source=member.source, fate=fate, code=code, detail=detail, content_sha256=member.content_sha256)


def _undecoded(member: Member) -> Outcome:
    """Outcome of what is no activity by its content, or could not be read."""
    code, detail = CODES.get(member.kind, "unknown_content"), f"{member.kind.value}, no activity"
    if member.problem:
        code, detail = member.problem.code, member.problem.detail
    elif _named_as_activity(member.source):
        advice = f" ({ADVICE[member.kind]})" if member.kind in ADVICE else ""
        detail = f"named as an activity, but it is: {member.kind.value}{advice}"
    elif not member.named:
        return Outcome(row=_row(member, Fate.IGNORED, code, detail))
    if code == "link":
        return Outcome(row=_row(member, Fate.IGNORED, code, detail))
    return _refused(member, code, detail)


def _named_as_activity(source: str) -> bool:
    name = PurePosixPath(source.lower())
    return (PurePosixPath(name.stem) if name.suffix == ".gz" else name).suffix in _ACTIVITY_NAMES


# ---------------------------------------------------------------- one member
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
        return _refused(member, "too_slow", f"reading it took more than {seconds:g} s of computing: stopped")
    except Exception as error:  # a defect of ours must not cost the other files
        return _refused(member, "reader_failed", f"{type(error).__name__}: {error}")


DECODE: Callable[..., Outcome] = decode
"""What reads one member, here or in a worker, which imports it by its name."""


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
    runs = []
    for k, one in enumerate(found):
        wrong = _unusable(one.recording, latest)
        if wrong:
            problems.insert(0, wrong)
        elif one.recording.start is not None:
            run = measured(one, source=member.source, content_sha256=member.content_sha256, session=k)
            said = (Problem(source="", code=code, detail=detail) for code, detail in run.notes)
            problems += [problem for problem in said if problem not in problems]  # what only measuring found
            runs.append(_of_damaged(run, member) if member.problem else run)
    named = tuple(replace(p, source=member.source) for p in problems)
    return Outcome(row=_fate(member, runs, named), runs=tuple(runs), problems=_told(named, runs))


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
    day = recording.start.date().isoformat()
    if recording.start < EARLIEST:
        return Problem(source="", code="past_date", detail=f"recorded on {day}: the clock was not set")
    if recording.start > latest:
        return Problem(source="", code="future_date", detail=f"recorded on {day}, which is in the future")
    return None


def _fate(member: Member, runs: list[Run], problems: tuple[Problem, ...]) -> LedgerRow:
    first = problems[0] if problems else None
    code, detail = (first.code, first.detail) if first else (None, None)
    if runs:
        row = _row(member, Fate.KEPT, code, detail)
        return replace(row, runs=len(runs), salvaged=any(run.salvaged for run in runs))
    reason = next((p for p in problems if p.code not in NOT_ACTIVITY_CODES), None)
    if reason:
        return _row(member, Fate.REJECTED, reason.code, reason.detail)
    return _row(member, Fate.NOT_ACTIVITY, code or "not_activity", detail)


def _told(problems: tuple[Problem, ...], runs: list[Run]) -> tuple[Problem, ...]:
    """Problems worth telling: a file that is simply no activity is in the ledger, and nobody's problem.

    Of a file that is not kept nobody asks where its values come from.
    """
    return tuple(p for p in problems if runs or p.code not in NOT_ACTIVITY_CODES | WELL_ENOUGH)


# ---------------------------------------------------------------- local time
def _with_offsets(runs: list[Run], zone: ZoneInfo | None) -> Iterator[Run]:
    """Runs with the offset of their nearest neighbour in time, else of the zone given, where the file has none."""
    known = [run for run in runs if run.utc_offset_s is not None]
    starts = [run.start for run in known]
    for run in runs:
        if run.utc_offset_s is not None:
            yield run
            continue
        neighbour = _nearest(run, known, starts)
        if neighbour is not None:
            yield replace(run, utc_offset_s=neighbour.utc_offset_s, offset_source="neighbours")
        elif zone is not None:
            offset = run.start.astimezone(zone).utcoffset() or timedelta()
            yield replace(run, utc_offset_s=int(offset.total_seconds()), offset_source="tz")
        else:
            yield run


def _nearest(run: Run, known: list[Run], starts: list[datetime]) -> Run | None:
    at = bisect_left(starts, run.start)
    near = [r for r in known[max(0, at - 1) : at + 1] if abs(r.start - run.start) <= timedelta(days=NEIGHBOUR_DAYS)]
    return min(near, key=lambda r: abs(r.start - run.start), default=None)
