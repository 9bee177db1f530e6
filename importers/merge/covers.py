"""A recording of the whole beside a file of its parts: stopped and resumed, saved as sessions of one file.

The sessions of a file stay runs of their own. Whoever tells of several of them at once (a service's row, a copy in one
piece) would count them again: it keeps its word on the pair, the title and how hard it was, and no more.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
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
    found = {w.identity: first for w in witnesses for first in _covered(w, parts)}
    marks = {first.identity for first in found.values()}
    return [_bound(w, found, marks) for w in witnesses]


def _covered(witness: Witness, parts: Sequence[Sequence[Witness]]) -> Iterator[Witness]:
    """The first of several sessions that a witness tells of at once."""
    seconds = extent_s(witness)
    if not seconds or witness.clock is not Clock.UTC:
        return
    begin, end = witness.start.timestamp() - SLACK_S, witness.start.timestamp() + seconds
    for sessions in parts:
        if sessions[0].run.sport != witness.run.sport or sessions[0].run.content_sha256 == witness.run.content_sha256:
            continue
        within = [one for one in sessions if begin <= one.start.timestamp() < end]
        if len(within) >= SEVERAL:
            yield within[0]
            return


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
