"""A recording of the whole beside a file of its parts: stopped and resumed, saved as sessions of one file.

The sessions of a file stay runs of their own. Whoever tells of several of them at once (a service's row, a copy in one
piece) would count them again: it keeps its word on the pair, the title and how hard it was, and no more.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from importers.merge.belief import extent_s
from importers.run import Run
from importers.witness import Clock, Witness

SLACK_S: Final = 2.0
"""Services round starts to whole seconds, each in its way."""
SEVERAL: Final = 2
LOOKED_AT: Final = 64
"""So many parts of one file are looked at."""


def without_covers(witnesses: Sequence[Witness]) -> list[Witness]:
    """The witnesses, those who tell of several sessions of one file at once bound to the first of these."""
    files: dict[tuple[str, str], list[Witness]] = {}
    for witness in witnesses:
        if witness.run.content_sha256 is not None:
            files.setdefault((witness.run.content_sha256, witness.run.sport), []).append(witness)
    parts = [sorted(told, key=lambda w: w.start)[:LOOKED_AT] for told in files.values() if len(told) >= SEVERAL]
    if not parts:
        return list(witnesses)
    sports = {sessions[0].run.sport for sessions in parts}
    begun = {sport: _begun(parts, sport) for sport in sports}
    firsts = ((w, _covered(w, begun[w.run.sport])) for w in witnesses if w.run.sport in sports)
    found = {w.identity: first for w, first in firsts if first is not None}
    marks = {first.identity for first in found.values()}
    return [_bound(w, found, marks) for w in witnesses]


Begun = list[tuple[float, int, int, Witness]]
"""When sessions of one sport begin (s), of which file they are and which of it, and the sessions, by time."""


def _begun(parts: Sequence[Sequence[Witness]], sport: str) -> Begun:
    return sorted(
        (one.start.timestamp(), file, nth, one)
        for file, sessions in enumerate(parts)
        if sessions[0].run.sport == sport
        for nth, one in enumerate(sessions)
    )


def _covered(witness: Witness, begun: Begun) -> Witness | None:
    """The first of several sessions of another file that a witness tells of at once."""
    seconds = extent_s(witness)
    if not seconds or witness.clock is not Clock.UTC:
        return None
    start = witness.start.timestamp()
    first, last = (bisect_left(begun, (at, -1)) for at in (start - SLACK_S, start + seconds))
    within: dict[int, list[Witness]] = {}
    for _, file, _, one in begun[first:last]:
        if one.run.content_sha256 != witness.run.content_sha256:
            within.setdefault(file, []).append(one)
    several = [file for file, sessions in within.items() if len(sessions) >= SEVERAL]
    return within[min(several)][0] if several else None


def _bound(witness: Witness, found: dict[str, Witness], marks: set[str]) -> Witness:
    """The witness with a number that binds it to the session it covers, or that covers bind themselves to."""
    if witness.identity in marks:
        return replace(witness, activities=(*witness.activities, f"part:{witness.identity}"))
    first = found.get(witness.identity)
    if first is None:
        return witness
    said = witness.run
    run = Run(
        start=first.start, sport=said.sport, shoe=said.shoe, title=said.title, rpe=said.rpe, source=said.source,
        utc_offset_s=said.utc_offset_s, offset_source=said.offset_source,
    )  # fmt: skip
    return replace(witness, run=run, activities=(f"part:{first.identity}",), restart=None)
