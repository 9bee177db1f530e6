"""A second opinion on any file: fitparse, gpxpy or the standard library's tree, beside our own readers.

Only this room imports those libraries, and only when it is asked. Its readers share nothing with ours but the Run
that stands beside their answers.

Example:
    >>> from pathlib import Path
    >>> from importers.audit import audit_path
    >>> [audited.verdict for audited in audit_path(Path("run.fit"))]  # doctest: +SKIP
    [<Verdict.SAME: 'same'>]
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from hashlib import sha256
from heapq import heappush, heapreplace
from pathlib import Path
from typing import TYPE_CHECKING, Final

from importers.archive import Limits, Member, walk
from importers.audit.counting import UNKNOWN
from importers.audit.reading import Opinion, Reading, Value
from importers.audit.verdict import Compared, Verdict, compare, worst
from importers.problems import Problem
from importers.sniff import Kind

if TYPE_CHECKING:
    from importers.run import Recording, Run

__all__ = ["Audited", "Compared", "Verdict", "audit_member", "audit_path", "contents_of", "draw"]

SAME_START_S: Final = 120.0
"""Where two readers find different numbers of recordings, those that begin so near each other are one (s)."""
UNCOUNTED: Final = "its samples cannot be counted"
_NAMES: Final = (".fit", ".gpx", ".tcx")
_WITHOUT_DATE: Final = frozenset({"no_time", "power_up_clock"})
"""Our reasons for not keeping what has no day; the second reader must find no date either."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Audited:
    """One recording read twice; or one file that gave no recording, or could not be audited."""

    source: str
    """Label of the file within its archive."""
    session: int = 0
    reader: str = ""
    """The second reader and its version."""
    verdict: Verdict
    reason: str = ""
    """What holds for the whole recording: what the second reader had to be helped over, or why it is no audit."""
    values: tuple[Compared, ...] = ()
    content_sha256: str | None = None


def audit_path(path: Path, *, limits: Limits | None = None, only: Collection[str] | None = None) -> Iterator[Audited]:
    """Every activity of a file, folder or archive, read twice, one after another.

    Args:
        path: as for an import.
        limits: bytes and entries that may be unpacked.
        only: contents (sha256) to look at; the others are passed by. Each content is looked at once.

    Raises:
        ImporterError: no such path, or it may not be read.
    """
    wanted = None if only is None else set(only)
    for member in walk(path, limits):
        if wanted is None:
            yield from audit_member(member)
        elif member.content_sha256 in wanted:
            wanted.discard(member.content_sha256)
            yield from audit_member(member)
        if wanted is not None and not wanted:
            return


def draw(contents: Iterable[str], count: int, seed: str = "") -> frozenset[str]:
    """``count`` of the contents (sha256), each with the same chance; the same ones for the same seed.

    A content's place in the draw is a hash of it and the seed: the order of the archive and how often a content
    occurs do not matter, and no more than ``count`` are held at a time.

    Example:
        >>> from importers.audit import draw
        >>> draw(["a", "b", "b", "c"], 2) == draw(["c", "b", "a"], 2)
        True
    """
    chosen: list[tuple[int, str]] = []  # the largest place first
    held: set[str] = set()
    for content in contents:
        place = -int.from_bytes(sha256(f"{seed}:{content}".encode()).digest())
        if content in held or count < 1 or (len(chosen) == count and place <= chosen[0][0]):
            continue
        held.add(content)
        if len(chosen) == count:
            held.discard(heapreplace(chosen, (place, content))[1])
        else:
            heappush(chosen, (place, content))
    return frozenset(held)


def contents_of(path: Path, limits: Limits | None = None) -> Iterator[str]:
    """The content (sha256) of every activity file below a path, for a draw.

    Raises:
        ImporterError: no such path, or it may not be read.
    """
    return (str(m.content_sha256) for m in walk(path, limits) if m.data is not None)


def audit_member(member: Member) -> tuple[Audited, ...]:
    """The recordings of one member beside the second reader's; nothing for what is no activity by its content."""
    if member.data is None:
        return _unread(member)
    try:
        ours, problems = _ours(member)
    except Exception as error:  # a defect of ours must not cost the other files
        return (_whole(member, Verdict.NOT_AUDITED, f"loadplan's reader failed: {type(error).__name__}: {error}"),)
    opinion = _second(member)
    if opinion.failed:
        why = f"no second opinion: {opinion.failed}"
        return (_whole(member, Verdict.NOT_AUDITED, why, opinion),)
    try:
        return tuple(_paired(member, ours, opinion)) if ours else (_neither(member, opinion, problems),)
    except (ArithmeticError, ValueError) as error:  # numbers of damaged files: nothing that they give can be counted
        why = f"no second opinion: {UNCOUNTED} ({type(error).__name__}: {error})"
        return (_whole(member, Verdict.NOT_AUDITED, why, opinion),)


def _unread(member: Member) -> tuple[Audited, ...]:
    name = member.source.lower().removesuffix(".gz")
    if not member.named and member.kind is not Kind.BROKEN and not name.endswith(_NAMES):
        return ()
    why = member.problem.detail if member.problem else f"no activity, it is: {member.kind.value}"
    return (_whole(member, Verdict.NOT_AUDITED, why),)


def _whole(member: Member, verdict: Verdict, reason: str, opinion: Opinion | None = None) -> Audited:
    return Audited(
        source=member.source,
        reader=opinion.reader if opinion else "",
        verdict=verdict,
        reason=reason,
        content_sha256=member.content_sha256,
    )


def _neither(member: Member, opinion: Opinion, problems: Sequence[Problem]) -> Audited:
    """A file of which we keep nothing: the second reader must see why, too."""
    why = "; ".join(dict.fromkeys(p.detail for p in problems)) or "nothing"
    codes = {p.code for p in problems}
    if not opinion.readings:
        return _whole(member, Verdict.SAME, f"no activity for either: {opinion.nothing or why}", opinion)
    if codes & _WITHOUT_DATE and all(reading.own("start") is None for reading in opinion.readings):
        return _whole(member, Verdict.EXPLAINED, f"not kept, and no date for the other reader either: {why}", opinion)
    return _whole(member, Verdict.UNEXPLAINED, f"only the other reader finds an activity; ours says: {why}", opinion)


# ---------------------------------------------------------------- both readings
def _ours(member: Member) -> tuple[list[tuple[Run, int]], list[Problem]]:
    """Runs of a member as an import would keep them, each with its number of samples; and what was wrong."""
    from importers.measure import measure
    from importers.track import clean_recording

    recordings = [clean_recording(r) for r in _read(member)]
    runs = [
        (measure(r, source=member.source, content_sha256=member.content_sha256, session=k), len(r.track))
        for k, r in enumerate(recordings)
        if r.start is not None
    ]
    return runs, [p for r in recordings for p in r.problems]


def _read(member: Member) -> list[Recording]:
    if member.kind is Kind.FIT:
        from importers.fit import read_fit as reader
    elif member.kind is Kind.GPX:
        from importers.gpx import read_gpx as reader
    else:
        from importers.tcx import read_tcx as reader
    return reader(member.data or b"")


def _second(member: Member) -> Opinion:
    if member.kind is Kind.FIT:
        from importers.audit.fit import second_fit as reader
    elif member.kind is Kind.GPX:
        from importers.audit.gpx import second_gpx as reader
    else:
        from importers.audit.tcx import second_tcx as reader
    try:
        return reader(member.data or b"")
    except Exception as error:  # the libraries let many kinds through
        return Opinion(reader=member.kind.value, failed=f"{type(error).__name__}: {error}")


def _paired(member: Member, ours: Sequence[tuple[Run, int]], opinion: Opinion) -> Iterator[Audited]:
    theirs = list(opinion.readings)
    alone = len(theirs) == len(ours) == 1
    for run, samples in ours:
        at = 0 if alone else _nearest(run.start, theirs)
        reading = theirs.pop(at) if at is not None else None
        if reading is None:
            yield _ours_alone(member, opinion, run)
        else:
            yield _beside(member, opinion, run, samples, reading)
    for k, reading in enumerate(theirs, len(ours)):
        if reading.own("start") is not None:
            yield _alone(member, opinion, k, "only the other reader finds this recording")


def _nearest(start: datetime, theirs: Sequence[Reading]) -> int | None:
    """Which of the other readings begins near, by any of its ways to tell its start."""
    apart = [
        (abs((start - begin).total_seconds()), k)
        for k, reading in enumerate(theirs)
        for answer in reading.answers["start"]
        if isinstance(begin := answer.find(), datetime)
    ]
    least, best = min(apart, default=(SAME_START_S + 1, -1))
    return best if least <= SAME_START_S else None


def _ours_alone(member: Member, opinion: Opinion, run: Run) -> Audited:
    """A recording of ours only; explained where the other reader stopped at damage before it came so far."""
    one = _alone(member, opinion, run.session, "only loadplan finds this recording")
    begun = [begin for reading in opinion.readings if isinstance(begin := reading.own("start"), datetime)]
    if any(reading.stops for reading in opinion.readings) and all(begin < run.start for begin in begun):
        reason = "the other reader stops at the damage before this recording"
        return replace(one, verdict=Verdict.EXPLAINED, reason=reason)
    return one


def _alone(member: Member, opinion: Opinion, session: int, reason: str) -> Audited:
    return Audited(
        source=member.source,
        session=session,
        reader=opinion.reader,
        verdict=Verdict.UNEXPLAINED,
        reason=reason,
        content_sha256=member.content_sha256,
    )


def _beside(member: Member, opinion: Opinion, run: Run, samples: int, reading: Reading) -> Audited:
    values = compare(_values(run, samples), reading)
    noted = (Verdict.EXPLAINED,) if opinion.note else ()
    return Audited(
        source=member.source,
        session=run.session,
        reader=opinion.reader,
        verdict=worst((*noted, *(value.verdict for value in values))),
        reason=opinion.note,
        values=values,
        content_sha256=member.content_sha256,
    )


def _values(run: Run, samples: int) -> dict[str, Value | None]:
    return {
        "start": run.start,
        "utc_offset_s": run.utc_offset_s,
        "sport": None if run.sport == UNKNOWN else run.sport,
        "distance_m": run.distance_m,
        "elapsed_s": run.elapsed_s,
        "timer_s": run.moving_s,
        "ascent_m": run.ascent_m,
        "descent_m": run.descent_m,
        "cadence_spm": run.cadence_spm,
        "heart_rate_bpm": run.heart_rate_bpm,
        "samples": samples,
    }
