"""FIT to recordings: one for each session of each file in a chain. Nothing is raised for bad data.

What stood before damage is kept, flagged ``salvaged``, with the reason as a Problem.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Final

import numpy as np

from importers.checks import checked
from importers.fit.clock import FIT_EPOCH, POWER_UP_CLOCK, Clock, number, offsets, read_clock
from importers.fit.decode import read_chain
from importers.fit.names import FILE_TYPES, SPORTS, SUB_SPORTS, maker_and_product, word, word_or_number
from importers.fit.samples import read_samples
from importers.fit.sessions import SESSIONS_MAX, own_samples, read_sessions
from importers.fit.witness import laps_by_session, steps_back, witness
from importers.problems import Problem, counted
from importers.run import RUN_SPORT, Recording, Summary
from importers.shape import STEPS_ABOVE, guess_sport
from importers.sports import UNKNOWN_SPORT, house_sport, house_surface
from importers.track import LONGEST_S, TOTALS, empty_recording, median

if TYPE_CHECKING:
    from collections.abc import Iterator

    from importers.fit.decode import Decoded, Values
    from importers.fit.samples import Samples
    from importers.fit.sessions import Session
    from importers.run import Track

STEPS_PER_STRIDE: Final = 2
SECONDS_PER_MINUTE: Final = 60.0
BLANK_S: Final = 60.0
"""Samples that go on for longer than this are of no recording of 0 s (s)."""
CUT_S: Final = 60.0
"""Records of a damaged file that end longer than this before their session does were cut (s)."""
NAME_MAX: Final = 60
"""Letters of a device's name that are kept."""

_ACTIVITY: Final = "activity"
_GENERIC: Final = "generic"
_NOT_ONLY: Final = (_GENERIC, "fitness_equipment", "training")
"""Sports that say so little that a sub-sport of running decides."""
_RUNNING: Final = "running"
_RUNNING_ONLY: Final = ("treadmill", "street", "trail", "track", "indoor_running")
"""Sub-sports that are those of a run and of nothing else (FIT profile)."""
_CREATOR: Final = 0
"""``device_index`` of the device that wrote the file."""
_BAROMETER: Final = 4
"""``device_type`` of a barometer inside the watch (FIT profile, local_device_type)."""
_LOCAL: Final = (None, 5)
"""``source_type`` of a sensor inside the watch; older watches do not say it."""


def read_fit(data: bytes) -> list[Recording]:
    """Decode one FIT file (or chain of files) into recordings, one for each session.

    A file that holds no activity gives one empty recording whose problem says why. Nothing is raised for bad data.
    """
    with np.errstate(all="ignore"):  # of numbers that nobody recorded, and of damaged ones beyond all bounds
        recordings = [recording for decoded in read_chain(data) for recording in _recordings(decoded)]
    kept = [r for r in recordings if r.start is not None]
    if not kept:
        return recordings[:1] or [empty_recording(Problem(source="", code="bad_header", detail="not a FIT file"))]
    told = {p for r in kept for p in r.problems}
    lost = {p: None for r in recordings for p in r.problems if p not in told}
    # settings and the like in a chain behind an activity are not worth a word; damage is
    lost = {p: None for p in lost if p.code not in ("not_activity", "no_records")}
    if lost:
        kept[-1] = replace(kept[-1], problems=(*kept[-1].problems, *lost))
    return kept


# ---------------------------------------------------------------- messages to recordings
def _recordings(decoded: Decoded) -> list[Recording]:
    refused = _refused(decoded)
    if refused is not None:
        return [empty_recording(refused)]
    clock = read_clock(decoded)
    samples = read_samples(decoded, clock)
    sessions = read_sessions(decoded, samples, clock)
    shared = (*_damage(decoded), *_odd(decoded, clock), *clock.problems(), *samples.problems)
    common = Recording(
        start=None,
        track=samples.track,
        utc_offset_s=clock.utc_offset_s,
        offset_source="file" if clock.utc_offset_s is not None else None,
        device=_device(decoded),
        barometric=_barometric(decoded),
        salvaged=bool(decoded.problems),
        problems=shared,
    )
    recordings = [_recording(decoded, common, samples, sessions, k) for k in range(len(sessions))]
    return _checked(recordings, decoded, clock, sessions)


def _checked(recordings: list[Recording], decoded: Decoded, clock: Clock, sessions: list[Session]) -> list[Recording]:
    """The recordings with what does not add up in them."""
    starts, back = [s.start_s for s in sessions], steps_back(decoded, clock, [(s.start_s, s.end_s) for s in sessions])
    laps = laps_by_session(decoded, clock, starts)
    return [
        checked(r, witness=witness(decoded, clock, sessions[k].values, starts, k, laps[k]), disordered=back[k])
        for k, r in enumerate(recordings)
    ]


def _damage(decoded: Decoded) -> list[Problem]:
    """What is wrong with the bytes, the first with what is kept all the same."""
    kept = f"{counted(decoded.record_count, 'record is', 'records are')} kept"
    return [replace(p, detail=f"{p.detail}; {kept}") if k == 0 else p for k, p in enumerate(decoded.problems)]


def _odd(decoded: Decoded, clock: Clock) -> Iterator[Problem]:
    """What no activity of a watch has, and what is made of it."""
    kind, count = _file_type(decoded), len(decoded.messages["session"])
    if kind is not None and word(FILE_TYPES, kind) != _ACTIVITY:
        detail = f"a FIT file of type {word_or_number(FILE_TYPES, kind)} that holds a session: read as an activity"
        yield Problem(source="", code="odd_type", detail=detail)
    if count > SESSIONS_MAX:
        yield Problem(source="", code="too_many_sessions", detail=f"{SESSIONS_MAX} of {count:,} sessions are read")
    if clock.utc_offset_s is None and offsets(decoded):
        yield Problem(source="", code="local_time", detail="its local time is of no zone: the local day is unknown")


def _file_type(decoded: Decoded) -> float | str | None:
    """What kind of file it is: an activity, if any of its file_id messages says so, else what the first one says."""
    said = [kind for values in decoded.messages["file_id"] if (kind := values.get("type")) is not None]
    return next((kind for kind in said if word(FILE_TYPES, kind) == _ACTIVITY), said[0] if said else None)


def _refused(decoded: Decoded) -> Problem | None:
    """Why a file is no recording, None where it is one. A session and its records are one, whatever the type says."""
    kind = _file_type(decoded)
    holds = decoded.record_count > 0 and (kind is None or bool(decoded.messages["session"]))
    if word(FILE_TYPES, kind) != _ACTIVITY and not holds:
        if decoded.problems and kind is None:
            return decoded.problems[0]
        named = "none" if kind is None else word_or_number(FILE_TYPES, kind)
        return Problem(source="", code="not_activity", detail=f"a FIT file of type {named}")
    if decoded.record_count or decoded.messages["session"] or decoded.messages["lap"]:
        return None
    if decoded.problems:
        return decoded.problems[0]
    return Problem(source="", code="no_records", detail="an activity file without any record")


def _recording(decoded: Decoded, common: Recording, samples: Samples, sessions: list[Session], k: int) -> Recording:
    """Session ``k`` of a file, with what is ``common`` to them all."""
    session = sessions[k]
    if session.start_s <= 0:
        return empty_recording(Problem(source="", code="no_time", detail="no time of day is recorded"))
    start, track, problems = _matched_start(session, own_samples(samples, sessions, k))
    if start < POWER_UP_CLOCK:
        detail = "the clock of the watch was not set: the day is unknown"
        return empty_recording(Problem(source="", code="power_up_clock", detail=detail))
    sport, surface, guessed = _sport(session, decoded, track)
    if sport == RUN_SPORT:
        track, counted = _in_steps(track)
        problems += counted
    summary = _without_blanks(_summary(session.values, sport, track), track)
    if common.salvaged and _was_cut(decoded, session, track):
        summary = replace(summary, **dict.fromkeys(TOTALS))  # they speak of what was cut off, too
    return replace(
        common,
        start=FIT_EPOCH + timedelta(seconds=start),
        sport=sport,
        surface=surface,
        track=track,
        summary=summary,
        problems=(*common.problems, *problems, *guessed),
    )


def _matched_start(session: Session, track: Track) -> tuple[float, Track, list[Problem]]:
    """Start of a session (FIT seconds), and its track from there: that of records which are as long at another time."""
    if not session.alone or not len(track):
        return session.start_s, track, []
    first, behind = float(track.time_s[0]), float(track.time_s[-1]) - (session.end_s - session.start_s)
    moved = min(first, behind) > CUT_S or max(first, behind) < -CUT_S
    if abs(first) <= LONGEST_S and not (moved and session.end_s > session.start_s):
        return session.start_s, track, []
    detail = "the session's start is not that of its records: theirs is taken"
    problem = Problem(source="", code="start_mismatch", detail=detail)
    return session.start_s + first, replace(track, time_s=track.time_s - first), [problem]


def _was_cut(decoded: Decoded, session: Session, track: Track) -> bool:
    """Whether records of a damaged file are missing that its summary, written before them, still counts."""
    before = decoded.summarised < decoded.record_count
    return before and len(track) > 0 and float(track.time_s[-1]) < session.end_s - session.start_s - CUT_S


def _in_steps(track: Track) -> tuple[Track, list[Problem]]:
    """The track of a run, its cadence in steps. FIT counts strides; an app that writes steps has twice as many."""
    cadence = track.cadence_spm
    if np.fmax.reduce(cadence, initial=0.0) > STEPS_ABOVE and median(cadence[cadence > 0]) > STEPS_ABOVE:
        detail = "its cadence counts steps, where FIT counts strides: it is not doubled"
        return track, [Problem(source="", code="cadence_in_steps", detail=detail)]
    return replace(track, cadence_spm=STEPS_PER_STRIDE * cadence), []


# ---------------------------------------------------------------- what the file says of a session
def _sport(session: Session, decoded: Decoded, track: Track) -> tuple[str, str | None, list[Problem]]:
    """Sport and surface: of the session, else of the sport message or a lap, else guessed from how it moved."""
    said = [session.values]
    if session.alone:
        said += [*decoded.messages["sport"][:1], *decoded.messages["lap"][:1]]
    named = [values for values in said if values.get("sport") is not None]
    best = next((v for v in named if word(SPORTS, v["sport"]) != _GENERIC), named[0] if named else {})
    sub = word(SUB_SPORTS, next((v["sub_sport"] for v in (best, *said) if v.get("sub_sport") is not None), None))
    name = word(SPORTS, best.get("sport"))
    if name in _NOT_ONLY and sub in _RUNNING_ONLY:
        name = _RUNNING
    sport, guessed = house_sport(name), []
    if sport == UNKNOWN_SPORT:
        sport, why = guess_sport(track, None)
        said_so = f"sport {word_or_number(SPORTS, best['sport'])} is not known" if best else "no sport recorded"
        guessed = [Problem(source="", code="sport_guessed", detail=f"{said_so}: {sport}, {why}")]
    return sport, house_surface(sub) if sport == RUN_SPORT else None, guessed


def _summary(session: Values, sport: str, track: Track) -> Summary:
    """Totals and means as the file says them. A 0 that only means "no sensor" is unknown."""
    cadence, timer = number(session, "avg_cadence"), number(session, "total_timer_time")
    fraction = number(session, "avg_fractional_cadence") or 0.0
    feet = _feet(cadence or 0.0) if sport == RUN_SPORT else 1
    cycles = number(session, "total_cycles") if sport == RUN_SPORT else None
    a_minute = SECONDS_PER_MINUTE * cycles / timer if cycles and timer else cadence or 0.0
    distance = number(session, "total_distance")
    measured = bool(distance) or bool(np.isfinite(track.distance_m).any())
    return Summary(
        distance_m=distance if measured else None,
        elapsed_s=number(session, "total_elapsed_time"),
        timer_s=timer,
        ascent_m=number(session, "total_ascent"),
        descent_m=number(session, "total_descent"),
        cadence_spm=feet * (cadence + fraction) or None if cadence is not None else None,
        heart_rate_bpm=number(session, "avg_heart_rate") or None,
        power_w=number(session, "avg_power") or None,
        steps=_feet(a_minute) * cycles if cycles else None,
    )


def _feet(a_minute: float) -> int:
    """How many feet stand for one that is counted so often: FIT counts strides, some apps steps."""
    return 1 if a_minute > STEPS_ABOVE else STEPS_PER_STRIDE


def _without_blanks(summary: Summary, track: Track) -> Summary:
    """The summary without totals of 0 where it was written before anything was summed up: its samples go on."""
    nothing = summary.elapsed_s == 0 and not summary.timer_s
    if not nothing or len(track) <= 1 or float(track.time_s[-1] - track.time_s[0]) <= BLANK_S:
        return summary
    return replace(summary, **dict.fromkeys(name for name in TOTALS if getattr(summary, name) == 0))


def _device(decoded: Decoded) -> str | None:
    """Maker and product as ``garmin/fenix5``. Never a serial number."""
    creator = (d for d in decoded.messages["device_info"] if d.get("device_index") == _CREATOR)
    for values in (decoded.first("file_id"), *creator):
        maker = values.get("manufacturer")
        if maker is not None:
            name = maker_and_product(maker, values.get("product_name") or values.get("product"))
            return "".join(c for c in name if c.isprintable())[:NAME_MAX]
    return None


def _barometric(decoded: Decoded) -> bool | None:
    """True where the watch lists its barometer; watches that do not list their sensors leave it open."""
    sensors = decoded.messages["device_info"]
    listed = any(d.get("device_type") == _BAROMETER and d.get("source_type") in _LOCAL for d in sensors)
    return True if listed else None
