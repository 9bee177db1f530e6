"""Rows of accounts and the files beside them: which row is about which file, and what each has to say.

Strava's rows name their files; Garmin's summaries begin in the second in which their files do. A name is a label, no
proof: it is believed where start, time or distance agree with the file.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from hashlib import sha256
from itertools import chain
from typing import Final

from importers.about import Beside, Place, parents_of, sessions_about
from importers.account import AccountRow
from importers.accounts import TableKind, Told
from importers.decoding import NO_TIME, Outcome, wrong_date
from importers.garmin import GarminRow
from importers.problems import Fate, LedgerRow, Problem
from importers.run import Run
from importers.sniff import Kind
from importers.witness import Clock, Teller, Witness

ROUTES: Final = "routes/"
"""Folder of a Strava export with the routes that the athlete has drawn."""
PARENT: Final = "multisport_parent"
DIGEST: Final = 12
"""Letters that tell two versions of one row apart."""
_TELLERS: Final = {
    TableKind.STRAVA: Teller.STRAVA, TableKind.SUMMARIES: Teller.GARMIN, TableKind.LIST: Teller.LIST,
}  # fmt: skip
_FILES: Final = {Kind.FIT: Teller.FIT, Kind.TCX: Teller.TCX, Kind.GPX: Teller.GPX}
_DUPLICATES: Final = frozenset({"duplicate_id", "duplicate_row"})
_UNREAD: Final = frozenset({"unreadable_row", "no_start", "malformed"})
_FLAGS: Final = {"too_fast": "speed"}
"""What is said of a row -> the flag that its run carries."""


@dataclass(slots=True)
class Joined:
    """Everything that was said, and of which thing found."""

    witnesses: dict[str, Witness] = field(default_factory=dict)
    thing: dict[str, str] = field(default_factory=dict)
    """Identity of a witness -> the thing found that it is: a content, or a row without a file."""
    rows: dict[str, LedgerRow] = field(default_factory=dict)
    """Rows and summaries without a file, by thing, with the fate that is known of them already."""
    completed: dict[str, str] = field(default_factory=dict)
    """Content of a file without times -> the row that knows them."""
    restarted: dict[str, str] = field(default_factory=dict)
    """Content of a file with a wrong clock -> the row that knows its start."""
    problems: list[Problem] = field(default_factory=list)
    planned: set[str] = field(default_factory=set)
    """Contents that are plans of routes: kept by Strava in a folder of their own, and no activities."""
    of_row: dict[tuple[str, str], list[str]] = field(default_factory=dict)
    """Table and row -> identities that speak for it."""
    parents: dict[str, int] = field(default_factory=dict)
    """Table -> how many of its rows are parents of others."""
    unread: dict[str, int] = field(default_factory=dict)
    """Table -> how many of its rows could not be read, or cannot be."""
    doubled: dict[str, int] = field(default_factory=dict)
    """Table -> how many of its rows stand in it again."""


@dataclass(slots=True)
class _Link:
    """What rows say of a file's session."""

    numbers: set[str] = field(default_factory=set)
    restart: datetime | None = None


def join(
    outcomes: Mapping[str, Outcome], places: Sequence[Place], told: Sequence[Told], latest: datetime, zone: str | None
) -> Joined:
    """Put rows and files together.

    Args:
        outcomes: what each content gave.
        places: where each content was met, all of them.
        told: what the tables say.
        latest: aware instant after which a date is in the future.
        zone: zone that the runner named.
    """
    return _Desk(outcomes, places, latest, zone).joined(told)


class _Desk:
    def __init__(
        self, outcomes: Mapping[str, Outcome], places: Sequence[Place], latest: datetime, zone: str | None
    ) -> None:
        self.outcomes, self.places, self.latest, self.zone = outcomes, places, latest, zone
        self.by_path = {place.path.lower(): place.content_sha256 for place in places}
        self.links: dict[tuple[str, int], _Link] = {}
        self.out = Joined()

    def joined(self, told: Sequence[Told]) -> Joined:
        folders = tuple(f"{one.base}/{ROUTES}" for one in told if one.kind is TableKind.STRAVA)
        real = {place.content_sha256 for place in self.places if not place.path.startswith(folders or "\0")}
        self.out.planned = {place.content_sha256 for place in self.places} - real
        for one in told:
            self._table(one)
        self._files()
        return self.out

    # ------------------------------------------------------------ rows
    def _table(self, told: Told) -> None:
        self._say(told, *told.account.problems)
        teller, newest = _TELLERS[told.kind], max((row.start for row in told.account.rows), default=None)
        said: dict[str, list[str]] = {}
        for problem in told.account.problems:
            said.setdefault(problem.source, []).append(problem.code)
            self._not_read(told, problem)
        wall = teller is Teller.LIST
        by_clock = wall or teller is Teller.GARMIN
        beside = Beside(self.outcomes, self.places, told.base, wall=wall) if by_clock else None
        parents = parents_of(told.account.rows, beside)
        for row in told.account.rows:
            wrong = wrong_date(row.start, self.latest, row.source)
            if wrong:
                self._say(told, wrong)
                self._count(self.out.unread, told)
                self._without_file(told, row.source, Fate.REJECTED, wrong.code, wrong.detail)
            elif row.activity_id in parents:
                self._count(self.out.parents, told)
                self._without_file(told, row.source, Fate.NOT_ACTIVITY, PARENT, "its parts are listed themselves")
            else:
                flags = tuple(flag for code, flag in _FLAGS.items() if code in said.get(row.source, ()))
                witness = _witness(row, teller, newest, told.base, self.zone, flags)
                self._place(told, row, witness, self._files_of(told, row, beside))

    def _not_read(self, told: Told, problem: Problem) -> None:
        """A row that says nothing usable is a thing found, too."""
        if not problem.source.startswith(f"{told.source}:"):
            return
        if problem.code in _DUPLICATES:
            self._count(self.out.doubled, told)
            self._without_file(told, problem.source, Fate.DUPLICATE, problem.code, problem.detail)
        elif problem.code in _UNREAD:
            self._count(self.out.unread, told)
            self._without_file(told, problem.source, Fate.REJECTED, problem.code, problem.detail)

    def _say(self, told: Told, *problems: Problem) -> None:
        self.out.problems += [replace(problem, source=told.prefix + problem.source) for problem in problems]

    def _count(self, what: dict[str, int], told: Told) -> None:
        key = table_key(told)
        what[key] = what.get(key, 0) + 1

    def _without_file(self, told: Told, source: str, fate: Fate, code: str | None, detail: str | None) -> str:
        thing = f"{table_key(told)}|{source}|{len(self.out.rows)}"
        self.out.rows[thing] = LedgerRow(source=told.prefix + source, fate=fate, code=code, detail=detail)
        return thing

    def _files_of(self, told: Told, row: AccountRow, beside: Beside | None) -> list[str]:
        """Contents that the row may be about."""
        if beside is not None:
            return beside.starting(row)
        if row.filename is None:
            return []
        path = f"{told.base}/{row.filename}".lower()
        tries = (path, path.removesuffix(".gz"), f"{path}.gz")
        return list(dict.fromkeys(self.by_path[name] for name in tries if name in self.by_path))[:1]

    def _place(self, told: Told, row: AccountRow, witness: Witness, contents: list[str]) -> None:
        """Keep what a row says, of its file where it has one."""
        told_of = [content for content in contents if self._tells(content)]
        for content in told_of:
            outcome = self.outcomes[content]
            sessions = sessions_about(row, outcome, wall=witness.clock is Clock.LOCAL)
            if outcome.row.code == NO_TIME and not outcome.runs:
                self.out.completed[content] = row.source
                self._keep(told, row, replace(witness, typed_in=False), content)
                return
            if sessions:
                self._linked(told, row, witness, content, sessions)
                return
        if told_of:
            detail = f"its file {row.filename} is of another activity: start, time and distance differ; both are kept"
            self._say(told, Problem(source=row.source, code="other_file", detail=detail))
        thing = self._without_file(told, row.source, Fate.KEPT, None, None)
        self._keep(told, row, witness, thing)

    def _tells(self, content: str) -> bool:
        """Whether a file holds a recording, or would if it had times. Of a bad one the row tells alone."""
        outcome = self.outcomes[content]
        return bool(outcome.runs or outcome.astray) or outcome.row.code == NO_TIME

    def _linked(
        self, told: Told, row: AccountRow, witness: Witness, content: str, sessions: list[tuple[Run, datetime | None]]
    ) -> None:
        """A row about one session of a file, or, with its pair and title alone, about several."""
        several = len(sessions) > 1
        for run, restart in sessions:
            number = witness.activities[0] + (f"/{run.session}" if several else "")
            link = self.links.setdefault((content, run.session), _Link())
            link.numbers.add(number)
            link.restart = min(filter(None, (link.restart, restart)), default=None)
            if restart:
                self.out.restarted[content] = row.source
            spoken = _of_session(witness, run, number) if several else replace(witness, typed_in=False)
            self._keep(told, row, spoken, content)

    def _keep(self, told: Told, row: AccountRow, witness: Witness, thing: str) -> None:
        known = self.out.witnesses.get(witness.identity)
        self.out.witnesses[witness.identity] = _united(known, witness) if known else witness
        self.out.thing.setdefault(witness.identity, thing)
        if known and thing in self.out.rows and thing != self.out.thing[witness.identity]:
            again = f"the same row as {known.run.source}"
            self.out.rows[thing] = replace(self.out.rows[thing], fate=Fate.DUPLICATE, code="same_row", detail=again)
        self.out.of_row.setdefault((table_key(told), row.source), []).append(witness.identity)

    # ------------------------------------------------------------ files
    def _files(self) -> None:
        exports: dict[str, set[str]] = {}
        labels: dict[str, set[str]] = {}
        for place in self.places:
            exports.setdefault(place.content_sha256, set()).add(place.export)
            labels.setdefault(place.content_sha256, set()).add(place.label)
        for content, outcome in self.outcomes.items():
            for run in chain(outcome.runs, outcome.astray) if content not in self.out.planned else ():
                link = self.links.get((content, run.session), _Link())
                if run in outcome.astray and link.restart is None:
                    continue
                identity = f"{content}#{run.session}"
                self.out.thing[identity] = content
                self.out.witnesses[identity] = Witness(
                    identity=identity,
                    teller=_FILES[outcome.kind],
                    run=run if labels[content] == {run.source} else replace(run, source=min(labels[content])),
                    activities=tuple(sorted(link.numbers)),
                    exports=tuple(sorted(exports[content])),
                    restart=link.restart,
                    zone=self.zone,
                )


def table_key(told: Told) -> str:
    """Names a table among all that were met."""
    return f"{told.base}|{told.source}"


def _united(known: Witness, again: Witness) -> Witness:
    """One row met twice: with what it was downloaded, and its newest word."""
    told = max(filter(None, (known.told, again.told)), default=None)
    source = min(known.run.source, again.run.source)
    return replace(
        known,
        exports=tuple(sorted({*known.exports, *again.exports})),
        told=told,
        typed_in=known.typed_in and again.typed_in,
        run=replace(known.run, source=source),
    )


# ---------------------------------------------------------------- one row
def _witness(
    row: AccountRow, teller: Teller, newest: datetime | None, base: str, zone: str | None, flags: tuple[str, ...]
) -> Witness:
    clock = Clock.UTC if row.utc_known else Clock.LOCAL if teller is not Teller.STRAVA else Clock.DAY
    number = f"{row.service}:{row.activity_id}"
    run = Run(
        start=row.start,
        utc_offset_s=row.utc_offset_s if clock is Clock.UTC else None,
        offset_source=row.service if row.utc_offset_s is not None and clock is Clock.UTC else None,
        sport=row.sport,
        surface=row.surface,
        distance_m=row.distance_m,
        elapsed_s=row.elapsed_s if row.elapsed_s is not None else row.moving_s,
        moving_s=row.moving_s if row.moving_s is not None else row.elapsed_s,
        ascent_m=row.ascent_m,
        descent_m=row.descent_m,
        climb_source=str(teller) if row.ascent_m is not None or row.descent_m is not None else None,
        steps=row.steps,
        cadence_spm=row.cadence_spm,
        heart_rate_bpm=row.heart_rate_bpm,
        shoe=row.gear,
        rpe=row.rpe,
        title=row.title,
        source=row.source,
        flags=flags,
    )
    return Witness(
        identity=f"{number}#{_digest(run)}",
        teller=teller,
        run=run,
        clock=clock,
        typed_in=_typed_in(row),
        climb_corrected=isinstance(row, GarminRow) and row.climb_corrected,
        told=newest,
        activities=(number,),
        exports=(base,),
        zone=zone,
    )


def _typed_in(row: AccountRow) -> bool:
    """Whether somebody entered it by hand: Garmin says so, Strava has then no file and has lost none."""
    if isinstance(row, GarminRow):
        return row.typed_in
    return row.filename is None and not row.file_lost


def _digest(run: Run) -> str:
    """Tells two versions of one row apart: by what they say, not by where they stand."""
    names = (
        "utc_offset_s", "sport", "surface", "distance_m", "elapsed_s", "moving_s", "ascent_m", "descent_m", "steps",
        "cadence_spm", "heart_rate_bpm", "shoe", "rpe", "title",
    )  # fmt: skip
    said = [run.start.isoformat(), *(getattr(run, name) for name in names)]
    return sha256(json.dumps(said).encode()).hexdigest()[:DIGEST]


def _of_session(witness: Witness, run: Run, number: str) -> Witness:
    """What a row about a whole file says of one of its sessions: the pair, the title, how hard it was."""
    said = Run(
        start=run.start, sport=run.sport, shoe=witness.run.shoe, title=witness.run.title, rpe=witness.run.rpe,
        utc_offset_s=witness.run.utc_offset_s, offset_source=witness.run.offset_source, source=witness.run.source,
    )  # fmt: skip
    return replace(
        witness, identity=f"{witness.identity}~{run.content_sha256}#{run.session}", run=said, activities=(number,),
        typed_in=False,
    )  # fmt: skip
