"""What must hold for damaged files, whatever the damage; shared by the tests and the long run of ``make fuzz``."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cached_property
from types import FrameType

import numpy as np
import plain_fit
from damage import Damaged

from importers.archive import Member
from importers.decoding import Outcome, decode
from importers.fit import read_fit
from importers.gpx import read_gpx
from importers.run import Recording, Run
from importers.sniff import Kind
from importers.tcx import read_tcx

LATEST = datetime(2030, 1, 1, tzinfo=UTC)
READERS = {Kind.FIT: read_fit, Kind.GPX: read_gpx, Kind.TCX: read_tcx}
TIME_LIMIT_S = 20
"""No file may take longer; damaged ones here take milliseconds."""
KEPT_SHARE = 0.95
"""Of the samples before a cut, this share must be there still."""
DISTANCE_SHARE = 0.005
MOVED = {"elapsed_s": 1.0, "moving_s": 1.0, "ascent_m": 1.0, "cadence_spm": 1.0, "heart_rate_bpm": 1.0}
"""A value of a run has changed when it differs by more than this."""


class HangError(BaseException):
    """A reader took too long. No Exception, so that no reader can swallow it."""


@contextmanager
def time_limit(seconds: float = TIME_LIMIT_S) -> Iterator[None]:
    """Stop what hangs; in the main thread only."""

    def stop(signum: int, frame: FrameType | None) -> None:
        raise HangError(f"longer than {seconds} s")

    before = signal.signal(signal.SIGALRM, stop)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def outcome_of(data: bytes, kind: Kind) -> Outcome:
    """What an import makes of the bytes."""
    return decode(Member(source="damaged", kind=kind, data=data, content_sha256="0" * 64), LATEST)


@dataclass
class Source:
    """A whole file, and what comes of it."""

    name: str
    data: bytes
    kind: Kind

    @cached_property
    def outcome(self) -> Outcome:
        return outcome_of(self.data, self.kind)

    @cached_property
    def known(self) -> set[str]:
        """What is said of it although nobody damaged it."""
        return said(self.outcome)

    @cached_property
    def instants(self) -> set[datetime]:
        """Times of all samples that come of it."""
        return instants(READERS[self.kind](self.data))

    @cached_property
    def stamped(self) -> list[tuple[int, datetime]]:
        """Offset behind each FIT record that has a time, and the time."""
        epoch = datetime(1989, 12, 31, tzinfo=UTC)
        return [
            (end, epoch + timedelta(seconds=float(row["timestamp"])))
            for part in plain_fit.parts(self.data)
            for end, row in zip(part.record_ends(), part.records(), strict=True)
            if "timestamp" in row
        ]


def instants(recordings: list[Recording]) -> set[datetime]:
    """Times of all samples, to the second."""
    return {
        (r.start + timedelta(seconds=float(t))).replace(microsecond=0)
        for r in recordings
        if r.start is not None
        for t in r.track.time_s[np.isfinite(r.track.time_s)]
    }


@dataclass
class Verdict:
    """What was wrong with how one damaged file was read; ``changed`` holds run values that changed in silence."""

    faults: list[str] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)
    told: bool = True
    runs: int = 0


def judge(damaged: Damaged, source: Source) -> Verdict:
    """Read the damaged file, by its reader and by the import, and see what does not hold."""
    verdict = Verdict()
    try:
        with time_limit():
            recordings = READERS[source.kind](damaged.data)
            outcome = outcome_of(damaged.data, source.kind)
    except HangError as error:
        return Verdict(faults=[f"hangs: {error}"])
    except Exception as error:  # none may come here
        return Verdict(faults=[f"raises {type(error).__name__}: {error}"])
    verdict.runs = len(outcome.runs)
    verdict.told = _is_told(outcome, source)
    verdict.faults += _form_faults(recordings, outcome)
    if source.kind is Kind.FIT and not damaged.sealed and not verdict.told and _crc_is_bad(damaged.data):
        verdict.faults.append("a checksum that does not fit is not told")
    if damaged.cut_at is not None:
        verdict.faults += _lost_samples(damaged, source, recordings)
    if damaged.sealed and not verdict.told:
        verdict.changed = changes(source.outcome.runs, outcome.runs)
    return verdict


def _form_faults(recordings: list[Recording], outcome: Outcome) -> list[str]:
    faults = []
    if outcome.row.code == "reader_failed":
        faults.append(f"the import raises {outcome.row.detail}")
    if not outcome.runs and not outcome.row.code:
        faults.append("rejected without a reason")
    if not recordings or any(r.start is None and not r.problems for r in recordings):
        faults.append("nothing read, and no problem says why")
    return faults


def _is_told(outcome: Outcome, source: Source) -> bool:
    """True where the damage is rejected, salvaged, or named by a problem or flag that the whole file does not have."""
    if not outcome.runs or any(run.salvaged for run in outcome.runs):
        return True
    return bool(said(outcome) - source.known)


def said(outcome: Outcome) -> set[str]:
    """Codes of the problems of a file and of the flags of its runs."""
    return {p.code for p in outcome.problems} | {flag for run in outcome.runs for flag in run.flags}


def _crc_is_bad(data: bytes) -> bool:
    return any(not part.crc_fits for part in plain_fit.parts(data))


def _lost_samples(damaged: Damaged, source: Source, recordings: list[Recording]) -> list[str]:
    """Of the samples that stand before a cut and come of the whole file, nearly all must come of the cut one."""
    before = expected_before(damaged, source)
    kept = len(before & instants(recordings))
    if kept < KEPT_SHARE * len(before):
        return [f"keeps {kept} of {len(before)} samples before the cut"]
    return []


def expected_before(damaged: Damaged, source: Source) -> set[datetime]:
    """Times of the samples that stand whole before the cut."""
    assert damaged.cut_at is not None
    if source.kind is Kind.FIT:
        return {t for end, t in source.stamped if end <= damaged.cut_at} & source.instants
    return instants(READERS[source.kind](closed(damaged.data, source.kind))) & source.instants


def closed(data: bytes, kind: Kind) -> bytes:
    """A cut GPX or TCX file up to its last whole point, all that is open closed: the same points, well-formed."""
    point = b"trkpt" if kind is Kind.GPX else b"Trackpoint"
    head, found, _ = data.rpartition(b"</" + point + b">")
    if not found:
        return b""
    whole, open_tags, at = head + found, [], 0
    while (at := whole.find(b"<", at)) >= 0:
        end = whole.index(b"-->", at) + 3 if whole.startswith(b"<!--", at) else whole.index(b">", at) + 1
        tag, at = whole[at + 1 : end - 1], end
        if tag[:1] == b"/":
            open_tags.pop()
        elif tag[:1] not in (b"?", b"!") and not tag.endswith(b"/"):
            open_tags.append(tag.split()[0])
    return whole + b"".join(b"</" + t + b">" for t in reversed(open_tags))


def changes(before: tuple[Run, ...], after: tuple[Run, ...]) -> list[str]:
    """Values of runs that differ by more than a rounding."""
    if len(before) != len(after):
        return [f"runs: {len(before)} -> {len(after)}"]
    out = []
    for old, new in zip(before, after, strict=True):
        out += [
            f"{n}: {getattr(old, n)} -> {getattr(new, n)}" for n in ("sport",) if getattr(old, n) != getattr(new, n)
        ]
        if abs((old.start - new.start).total_seconds()) > 1:
            out.append(f"start: {old.start:%Y-%m-%d %H:%M:%S} -> {new.start:%Y-%m-%d %H:%M:%S}")
        limits = {**MOVED, "distance_m": DISTANCE_SHARE * (old.distance_m or 0.0)}
        out += [
            f"{name}: {getattr(old, name)} -> {getattr(new, name)}"
            for name, limit in limits.items()
            if _differs(getattr(old, name), getattr(new, name), limit)
        ]
    return out


def _differs(old: float | None, new: float | None, limit: float) -> bool:
    if old is None or new is None:
        return old is not new
    return not abs(old - new) <= limit
