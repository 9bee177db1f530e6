"""The whole way: paths to runs, a ledger with a row for everything looked at, and problems with their reasons.

Members are read one after another and decoded here or by worker processes, a few at a time, so that memory stays
flat; results come in the order of the walk, whatever the number of workers. A file that takes too long, or takes its
worker with it, costs only itself. When all are read, the tables of accounts are joined to their files, and what several
tell of is made one run.

    paths --walk--> members --decode--> outcomes --join (with the tables)--> witnesses --merge--> runs, ledger
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from functools import partial
from itertools import chain
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Final, Protocol

from importers.about import Place
from importers.account import Gear
from importers.accounts import Tables, table_kind
from importers.archive import HIDDEN, LINK, Limits, Member, count_members, walk
from importers.decoding import Outcome, decode, ledger_row, refused
from importers.join import Joined, join
from importers.merge import Merged, merge
from importers.problems import NOT_FOR_GOOD, Fate, ImporterError, LedgerRow, Problem
from importers.reckoning import settled, tallies
from importers.run import Run
from importers.sniff import ADVICE, CODES, Kind
from importers.tally import Tally
from importers.witness import Witness

if TYPE_CHECKING:
    from importers.workers import Lost

FUTURE_ALLOWANCE: Final = timedelta(days=1)
"""Zones lie up to 14 h ahead of UTC; what is later than tomorrow is a wrong clock."""
FILE_SECONDS: Final = 20.0
"""Computing time that reading one file may take; a run of three hours takes a few thousandths of a second."""
PATIENCE: Final = 6.0
"""So many times that by the clock until a worker that says nothing is ended: there may be more workers than cores."""
WORTH_WORKERS: Final = 4 * 1024 * 1024
"""Bytes of activities that are read here in the time that workers take to start."""
_ACTIVITY_NAMES: Final = (".fit", ".gpx", ".tcx")
DECODE: Callable[..., Outcome] = decode
"""What reads one member, here or in a worker, which imports it by its name."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """How far an import is: files looked at, how many there are at least (None: unknown), the last one's label."""

    done: int
    total: int | None
    source: str


class Memory(Protocol):
    """What was read before. Contents that it recalls are not read again."""

    def recall(self, content_sha256: str) -> Outcome | None:
        """What this content gave to the same readers, None where they did not read it."""

    def note(self, outcome: Outcome) -> None:
        """Hear what a content gave, in the order of the walk."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Export:
    """What an import found: runs and other activities by start, a ledger in the order of the walk, problems.

    The ledger's rows of tables that have no file stand behind those of the members.
    """

    runs: tuple[Run, ...] = ()
    ledger: tuple[LedgerRow, ...] = ()
    problems: tuple[Problem, ...] = ()
    witnesses: tuple[Witness, ...] = ()
    """Everybody who told of the runs; merging them gives ``runs``."""
    gear: tuple[Gear, ...] = ()
    """Pairs of shoes that the accounts list."""
    tallies: tuple[Tally, ...] = ()
    """For each table of activities, what became of its rows."""
    merged: tuple[Merged, ...] = ()
    """The runs once more, each with those who told of it."""

    def counts(self) -> dict[str, int]:
        """Numbers of an import. ``found = kept + duplicates + not_activities + rejected``.

        That counts files, and rows and summaries without a file. ``runs`` and ``other`` count activities, each once (a
        file with two sessions gives two), ``salvaged`` those of them that come from damaged files.
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


def read_export(
    *paths: str | os.PathLike[str],
    tz: str | None = None,
    jobs: int = 1,
    progress: Callable[[Progress], None] | None = None,
    limits: Limits | None = None,
    now: datetime | None = None,
    memory: Memory | None = None,
) -> Export:
    """Read a file, folder or archive into runs. One bad file costs only itself and is in the ledger with a reason.

    Args:
        paths: each a ``.fit``, ``.gpx``, ``.tcx`` (also ``.gz``), a folder, a zip as downloaded, zips in the zip, a
            table of activities. Several are read together: the same run counts once, and one gives another the
            local time.
        tz: zone of runs whose local time nothing else tells, such as ``Europe/Vienna``.
        jobs: worker processes; 1 decodes in this one, as is done with a few files anyway. The result is the same.
            A file may take 20 s of computing, where the system can interrupt (see ``deadline``).
        progress: called after each file.
        limits: bytes and entries that may be unpacked.
        now: aware instant after which a date is in the future by more than a day; default: the clock.
        memory: what was read before and need not be read again.

    Raises:
        ImporterError: no such path, not readable, or no such zone. Nothing is read then.

    Example:
        >>> from importers import read_export
        >>> read_export("export_1234.zip").counts()  # doctest: +SKIP
    """
    _check_zone(tz)
    latest = (now or datetime.now(UTC)) + FUTURE_ALLOWANCE
    reading = _Reading(memory)
    roots = sorted({Path(path).resolve() for path in paths})  # the order in which they were named says nothing
    members = _members(roots, limits)
    total = _total(roots) if progress else None
    outcomes: list[Outcome] = []
    work = partial(DECODE, latest=latest, seconds=FILE_SECONDS)
    for done, outcome in enumerate(_outcomes(reading.judged(members), jobs, work), 1):
        reading.heard(outcome)
        outcomes.append(_called(outcome, reading.prefixes[done - 1]))
        if progress:
            progress(Progress(done=done, total=total and max(total, done), source=outcome.row.source))
    told = reading.tables.read()
    joined = join(reading.contents, reading.places(), told, latest, tz)
    merged = merge(list(joined.witnesses.values()))
    return Export(
        runs=tuple(one.run for one in merged),
        ledger=tuple(settled([outcome.row for outcome in outcomes], joined, merged)),
        problems=(*_problems(outcomes, joined), *joined.problems),
        witnesses=tuple(joined.witnesses.values()),
        gear=tuple(dict.fromkeys(gear for one in told for gear in one.account.gear)),
        tallies=tuple(tallies(told, joined, merged)),
        merged=tuple(merged),
    )


def _problems(outcomes: Iterable[Outcome], joined: Joined) -> Iterator[Problem]:
    """What was said of each member; of the plan of a route nobody asks what it lacks."""
    told = (outcome for outcome in outcomes if outcome.row.content_sha256 not in joined.planned)
    return (problem for outcome in told for problem in outcome.problems)


def _check_zone(tz: str | None) -> None:
    from zoneinfo import ZoneInfo

    try:
        if tz:
            ZoneInfo(tz)
    except (OSError, ValueError, LookupError) as error:
        raise ImporterError(f"no such time zone: {tz}") from error


def _total(roots: Sequence[Path]) -> int | None:
    """How many members there are at least; a file that is no archive is one. None where a folder does not tell."""
    counts = [1 if count is None and root.is_file() else count for root in roots for count in [count_members(root)]]
    return None if None in counts else sum(count or 0 for count in counts)


Scoped = tuple[str, str, Member]
"""What a member was downloaded with, what its label begins with in the ledger, and the member."""


def _members(roots: Sequence[Path], limits: Limits | None) -> Iterator[Scoped]:
    """Members of all paths; of several folders and archives each says in the ledger out of which it came."""
    walks = [(root, walk(root, limits, table_kind)) for root in roots]
    for root, found in walks:
        for member in found:
            scope = root.parent if member.named else root
            yield str(scope), "" if len(roots) == 1 or member.named else f"{root.name}/", member


@dataclass(slots=True)
class _Reading:
    """What is known while members are read."""

    memory: Memory | None
    tables: Tables = field(default_factory=Tables)
    contents: dict[str, Outcome] = field(default_factory=dict)
    met: list[tuple[str, str, str, str]] = field(default_factory=list)
    """Scope, archive, label and content of each activity, also of those met before."""
    prefixes: list[str] = field(default_factory=list)
    """Of each member in turn, what its label begins with in the ledger."""
    fresh: set[str] = field(default_factory=set)
    """Contents that are read now for the first time."""

    def judged(self, members: Iterable[Scoped]) -> Iterator[Entry]:
        """Members with their outcome where it is known before decoding: tables, duplicates, pictures, what is known."""
        seen: dict[str, str] = {}
        for scope, prefix, member in members:
            self.prefixes.append(prefix)
            if member.table is not None:
                self.tables.take(member, scope, prefix)
                row = ledger_row(member, Fate.IGNORED, "account_table", f"table of an account: {member.table}")
                yield member, Outcome(row=row, problems=(member.problem,) if member.problem else ())
                continue
            if member.data is None:
                yield member, _undecoded(member)
                continue
            content = str(member.content_sha256)
            self.met.append((scope, member.archive, member.source, content))
            if content in seen:
                row = ledger_row(member, Fate.DUPLICATE, "same_content", f"the same bytes as {seen[content]}")
                yield member, Outcome(row=row)
                continue
            seen[content] = member.source
            known = None if self.memory is None or member.problem else self.memory.recall(content)
            if known is None and member.problem is None:
                self.fresh.add(content)
            yield member, None if known is None else _relabelled(known, member.source)

    def heard(self, outcome: Outcome) -> None:
        """Keep what a content gave."""
        content = outcome.row.content_sha256
        if content is None or outcome.row.code == "same_content" or outcome.kind is Kind.UNKNOWN:
            return
        self.contents[content] = outcome
        if self.memory is not None and content in self.fresh and outcome.row.code not in NOT_FOR_GOOD:
            self.memory.note(outcome)

    def places(self) -> list[Place]:
        """Where each content that gave anything was met, and with what it was downloaded."""
        bases = self.tables.bases()
        found = []
        for scope, archive, label, content in self.met:
            if content in self.contents:
                path = f"{scope}/{label}"
                base = next((b for b in bases if path.startswith(f"{b}/")), f"{scope}/{archive}" if archive else scope)
                found.append(Place(export=base, label=label, path=path, content_sha256=content))
        return found


def _called(outcome: Outcome, prefix: str) -> Outcome:
    """The outcome as the ledger and the problems name it."""
    if not prefix:
        return outcome
    return replace(
        outcome,
        row=replace(outcome.row, source=prefix + outcome.row.source),
        problems=tuple(replace(problem, source=prefix + problem.source) for problem in outcome.problems),
    )


def _relabelled(known: Outcome, source: str) -> Outcome:
    return replace(
        known,
        row=replace(known.row, source=source),
        runs=tuple(replace(run, source=source) for run in known.runs),
        problems=tuple(replace(problem, source=source) for problem in known.problems),
    )


# ---------------------------------------------------------------- members to outcomes
Entry = tuple[Member, Outcome | None]


def _outcomes(entries: Iterator[Entry], jobs: int, work: Callable[[Member], Outcome]) -> Iterator[Outcome]:
    """Outcomes in the order of the members. Workers are called when there is more to do than it takes to start them."""
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


def _lost(member: Member, why: Lost) -> Outcome:
    """Outcome of a file whose reading ended its process twice."""
    if why == "silent":
        return refused(member, "too_slow", "its reading came to no end and was stopped")
    return refused(member, "worker_died", "the process that read it ended without a word, twice; nothing of it is kept")


def _undecoded(member: Member) -> Outcome:
    """Outcome of what is no activity by its content, or could not be read."""
    code, detail = CODES.get(member.kind, "unknown_content"), f"{member.kind.value}, no activity"
    if member.problem:
        code, detail = member.problem.code, member.problem.detail
    elif _named_as_activity(member.source):
        advice = f" ({ADVICE[member.kind]})" if member.kind in ADVICE else ""
        detail = f"named as an activity, but it is: {member.kind.value}{advice}"
    elif not member.named:
        return Outcome(row=ledger_row(member, Fate.IGNORED, code, detail))
    if code in (LINK, HIDDEN):
        return Outcome(row=ledger_row(member, Fate.IGNORED, code, detail))
    return refused(member, code, detail)


def _named_as_activity(source: str) -> bool:
    name = PurePosixPath(source.lower())
    return (PurePosixPath(name.stem) if name.suffix == ".gz" else name).suffix in _ACTIVITY_NAMES
