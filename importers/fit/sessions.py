"""The sessions of a FIT file: their bounds in time, and the samples that are theirs.

Summaries stand before or behind the records, or are missing: then the laps are summed up, else the records speak. The
distance of a record counts over the whole file, so each later session is set back to 0.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import groupby
from typing import TYPE_CHECKING, Final

import numpy as np

from importers.fit.clock import number
from importers.track import cut_track

if TYPE_CHECKING:
    from importers.fit.clock import Clock
    from importers.fit.decode import Decoded, Values
    from importers.fit.samples import Samples
    from importers.run import Column, Track

TOUCH_S: Final = 2.0
"""Sessions that follow each other touch to within this (s)."""
AFTER_S: Final = 1.0
"""A session's last record may come this much after its end: both are rounded (s)."""
ELAPSED_MAX_S: Final = 2**32 / 1000
"""The longest time that a session can say: 32 bits of thousandths (s)."""
SESSIONS_MAX: Final = 128
"""Sessions of one file that are read; a swimrun of one day has about fifty."""
MULTISPORT: Final = 18
"""``sport`` of a sum over the sessions of a file (FIT profile)."""
TAIL_S: Final = 60.0
"""In a damaged file, records this long after the last summary are of a session whose own summary is lost (s)."""

_SUMS: Final = ("total_distance", "total_timer_time", "total_ascent", "total_descent", "total_cycles")
_MEANS: Final = ("avg_heart_rate", "avg_cadence", "avg_fractional_cadence", "avg_power")
_KINDS: Final = ("sport", "sub_sport")


@dataclass(frozen=True, slots=True)
class Session:
    """One session: what the file says of it, and when it was."""

    values: Values
    start_s: float
    """FIT seconds; 0 where the file has no time at all."""
    end_s: float
    alone: bool = True
    """The only one of its file: then all records are its own."""


def read_sessions(decoded: Decoded, samples: Samples, clock: Clock) -> list[Session]:
    """Sessions of a file, at least one, in the order of the file."""
    found = _once(decoded.messages["session"]) or _from_laps(decoded, samples, clock)
    if not found:
        found = [{k: v for k, v in decoded.first("sport").items() if k in _KINDS}]
    bounds = _all_bounds(found, samples, clock)
    tail = _tail(decoded, samples, clock, bounds)
    if tail is not None:
        found, bounds = [*found, tail.values], [*bounds, (tail.start_s, tail.end_s)]
    return [Session(v, start, end, len(found) == 1) for v, (start, end) in zip(found, bounds, strict=True)]


def _once(sessions: list[Values]) -> list[Values]:
    """Sessions without the sum over them all; of those with one start and sport the longest, which was written last."""
    parts = [s for s in sessions[:SESSIONS_MAX] if s.get("sport") != MULTISPORT]
    kept: dict[object, Values] = {}
    for session in parts or sessions[:1]:
        start = number(session, "start_time")
        key = tuple(sorted(session.items())) if start is None else (start, session.get("sport"))
        if key not in kept or _length(session) >= _length(kept[key]):
            kept[key] = session
    return list(kept.values())


def _length(session: Values) -> float:
    """Seconds from start to end, pauses included, as far as they are said; 0 where they are not."""
    said = (number(session, name) or 0.0 for name in ("total_elapsed_time", "total_timer_time"))
    return min(max(0.0, *said), ELAPSED_MAX_S)


# ---------------------------------------------------------------- bounds
def _all_bounds(sessions: list[Values], samples: Samples, clock: Clock) -> list[tuple[float, float]]:
    """First and last FIT second of each session; none reaches into the one that follows it, or has another's start.

    Some watches write a start that is too late: where the end is another session's start, the end is believed.
    """
    bounds = [_bounds(session, samples, clock) for session in sessions]
    for k, session in enumerate(sessions):
        start, end = bounds[k]
        later = [b[0] for b in bounds if b[0] > start]
        stamp = clock.second(session, "timestamp")
        reaches = bool(later) and _length(session) > 0 and end > min(later) + TOUCH_S
        if reaches and stamp is not None and abs(stamp - min(later)) <= TOUCH_S:
            start = stamp - (end - start)
        taken = any(b[0] == start for b in bounds[:k])
        bounds[k] = (start, start if taken else min([end, *later]))
    return bounds


def _bounds(session: Values, samples: Samples, clock: Clock) -> tuple[float, float]:
    """First and last FIT second of a session. Its ``timestamp`` is its end in some files, its start in others.

    One that does not say how long it was goes on to the last record.
    """
    elapsed = _length(session)
    start = clock.second(session, "start_time")
    if start is None:
        stamp = clock.second(session, "timestamp")
        start = samples.epoch_s if stamp is None else _start_by_stamp(stamp, elapsed, samples)
    last = samples.epoch_s + float(samples.track.time_s[-1]) if len(samples.track) else start
    return start, start + elapsed if elapsed else max(start, last)


def _start_by_stamp(stamp: float, elapsed: float, samples: Samples) -> float:
    """Start of a session that only says a ``timestamp``: whichever reading of it covers more of the records."""
    time = samples.track.time_s + samples.epoch_s
    ends = ((time >= stamp - elapsed - TOUCH_S) & (time <= stamp + TOUCH_S)).sum()
    begins = ((time >= stamp - TOUCH_S) & (time <= stamp + elapsed + TOUCH_S)).sum()
    return stamp if begins > ends else stamp - elapsed


# ---------------------------------------------------------------- sessions that the file does not sum up
def _from_laps(decoded: Decoded, samples: Samples, clock: Clock) -> list[Values]:
    """Laps as sessions, one for each stretch of one sport. Totals only where the laps reach to the last record."""
    laps = [lap for lap in decoded.messages["lap"] if clock.second(lap, "start_time") is not None]
    stretches = [list(group) for _, group in groupby(laps, key=lambda lap: lap.get("sport"))]
    sessions = [_sum_up(stretch, clock) for stretch in stretches[:SESSIONS_MAX]]
    if sessions and len(samples.track):
        last = samples.epoch_s + float(samples.track.time_s[-1])
        session = sessions[-1]
        start = number(session, "start_time") or 0.0
        if start + (number(session, "total_elapsed_time") or 0.0) < last - TOUCH_S:  # the last lap is not written
            kept: Values = {k: session[k] for k in ("start_time", *_KINDS) if k in session}
            sessions[-1] = {**kept, "total_elapsed_time": last - start}
    return sessions


def _sum_up(laps: list[Values], clock: Clock) -> Values:
    """The totals of some laps; one that a lap lacks is left out."""
    times = [
        (clock.second(lap, "start_time") or 0.0, number(lap, "total_elapsed_time", "total_timer_time")) for lap in laps
    ]
    start = min(t for t, _ in times)
    session: Values = {k: v for k in _KINDS if (v := laps[0].get(k)) is not None}
    session["start_time"] = start
    session["total_elapsed_time"] = max(t + (elapsed or 0.0) for t, elapsed in times) - start
    for name in _SUMS:
        parts = [number(lap, name) for lap in laps]
        if None not in parts:
            session[name] = sum(p for p in parts if p is not None)
    weights = [number(lap, "total_timer_time", "total_elapsed_time") or 0.0 for lap in laps]
    for name in _MEANS:
        known = [(w, v) for w, lap in zip(weights, laps, strict=True) if (v := number(lap, name)) is not None and w > 0]
        if known:
            session[name] = sum(w * v for w, v in known) / sum(w for w, _ in known)
    return session


def _tail(decoded: Decoded, samples: Samples, clock: Clock, bounds: list[tuple[float, float]]) -> Session | None:
    """Records of a damaged file behind its last summary: a session whose own summary was cut off."""
    if decoded.damage_at is None or not 0 < decoded.summarised < decoded.record_count:
        return None
    time = clock.seconds(decoded.records["timestamp"][decoded.summarised :])
    end = max(b[1] for b in bounds)
    last = samples.epoch_s + float(samples.track.time_s[-1]) if len(samples.track) else 0.0
    behind = time[(time > end) & (time <= last)]
    if not len(behind) or float(behind.max()) < end + TAIL_S:
        return None
    laps = [lap for lap in decoded.messages["lap"] if (clock.second(lap, "start_time") or 0.0) >= end]
    sport = [s for s in decoded.messages["sport"] if len(decoded.messages["sport"]) > len(bounds)]
    known = laps[-1] if laps else sport[-1] if sport else {}
    values: Values = {k: v for k in _KINDS if (v := known.get(k)) is not None}
    return Session(values, float(behind.min()), float(behind.max()))


# ---------------------------------------------------------------- the samples of a session
def own_samples(samples: Samples, sessions: list[Session], k: int) -> Track:
    """Records of session ``k``, seconds counted from its start. Distance starts at 0 again where it runs on."""
    session, track = sessions[k], samples.track
    shift = samples.epoch_s - session.start_s
    if session.alone:
        return replace(track, time_s=track.time_s + shift) if shift else track
    begin, end = -shift, session.end_s - samples.epoch_s
    follows = any(session.start_s < other.start_s <= session.end_s + AFTER_S for other in sessions)
    first = int(np.searchsorted(track.time_s, begin))
    behind = track.time_s.searchsorted(end, "left") if follows else track.time_s.searchsorted(end + AFTER_S, "right")
    own = cut_track(track, slice(first, max(first, int(behind))))
    return replace(own, time_s=own.time_s + shift, distance_m=_from_zero(track, own.distance_m, first, begin))


def _from_zero(track: Track, distance_m: Column, first: int, begin: float) -> Column:
    """Distance of the samples from number ``first`` on, less what the track had covered at second ``begin``."""
    known = np.flatnonzero(np.isfinite(distance_m))
    before = np.flatnonzero(np.isfinite(track.distance_m[:first]))
    if not len(known) or not len(before):
        return distance_m
    ends = [before[-1], first + known[0]]
    if track.distance_m[ends[0]] > track.distance_m[ends[1]]:
        return distance_m
    return distance_m - float(np.interp(begin, track.time_s[ends], track.distance_m[ends]))
