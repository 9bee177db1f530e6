"""FIT to recordings: one for each session of each file in a chain. Nothing is raised for bad data.

What stood before damage is kept, flagged ``salvaged``, with the reason as a Problem.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Final

import numpy as np

from importers.fit_messages import Decoded, Values, number, read_chain
from importers.problems import Problem
from importers.run import RUN_SPORT, Recording, Summary
from importers.shape import guess_sport
from importers.sports import UNKNOWN_SPORT, house_sport, house_surface
from importers.track import TOTALS, build_track, cut_track, empty_recording

if TYPE_CHECKING:
    from importers.run import Column, Track

FIT_EPOCH: Final = datetime(1989, 12, 31, tzinfo=UTC)
POWER_UP_CLOCK: Final = 0x10000000
"""Timestamps below this are seconds since the watch was switched on, not a date (FIT protocol, date_time)."""
DEGREES_PER_SEMICIRCLE: Final = 180 / 2**31
STEPS_PER_STRIDE: Final = 2
OFFSET_STEP_S: Final = 900
"""Local offsets are whole quarters of an hour (s)."""
OFFSET_MAX_S: Final = 15 * 3600
"""Offsets beyond are no zone of this earth (s)."""
LONGEST_S: Final = 10 * 86400
"""A record further than this from the others has a broken clock (s)."""
TOUCH_S: Final = 2.0
"""Sessions that follow each other touch to within this (s)."""
CUT_S: Final = 60.0
"""Records of a damaged file that end longer than this before their session does were cut (s)."""

_ACTIVITY: Final = "activity"
_COLUMNS: Final[dict[str, tuple[str, ...]]] = {
    "distance_m": ("distance",),
    "altitude_m": ("enhanced_altitude", "altitude"),
    "speed_m_s": ("enhanced_speed", "speed"),
    "heart_rate_bpm": ("heart_rate",),
    "power_w": ("power",),
    "vertical_oscillation_mm": ("vertical_oscillation",),
    "ground_contact_ms": ("stance_time",),
    "ground_contact_balance_pct": ("stance_time_balance",),
    "vertical_ratio_pct": ("vertical_ratio",),
    "step_length_mm": ("step_length",),
    "latitude_deg": ("position_lat",),
    "longitude_deg": ("position_long",),
    "cadence_spm": ("cadence",),
}
"""Column -> fields of a record, the better one first. Semicircles and strides are turned into our units after."""


def read_fit(data: bytes) -> list[Recording]:
    """Decode one FIT file (or chain of files) into recordings, one for each session.

    A file that holds no activity gives one empty recording whose problem says why. Nothing is raised for bad data.
    """
    recordings: list[Recording] = []
    for decoded in read_chain(data):
        recordings.extend(_recordings(decoded))
    kept = [r for r in recordings if r.start is not None]
    problems = {p: None for r in recordings for p in r.problems}
    if kept:  # settings and the like in a chain behind an activity are not worth a word; damage is
        other = tuple(p for p in problems if p.code not in ("not_activity", "no_records"))
        lost = [p for p in other if not any(p in r.problems for r in kept)]
        kept[-1:] = [_with_problems(kept[-1], lost)]
        return kept
    return recordings[:1] or [empty_recording(Problem(source="", code="bad_header", detail="not a FIT file"))]


def _with_problems(recording: Recording, problems: list[Problem]) -> Recording:
    return replace(recording, problems=(*recording.problems, *problems)) if problems else recording


# ---------------------------------------------------------------- messages to recordings
def _recordings(decoded: Decoded) -> list[Recording]:
    kind = decoded.first("file_id").get("type")
    unsupported = [p for p in decoded.problems if p.code == "unsupported"]
    if unsupported:  # the file is whole, only not for fitparse: half of a run would be worse than none
        return [empty_recording(unsupported[0])]
    if kind != _ACTIVITY and not (kind is None and decoded.record_count):
        if decoded.problems and kind is None:
            return [empty_recording(decoded.problems[0])]
        return [empty_recording(Problem(source="", code="not_activity", detail=f"a FIT file of type {kind}"))]
    if not decoded.record_count and not decoded.messages["session"]:
        return [_nothing_inside(decoded)]
    track, epoch = _track(decoded)
    sessions = decoded.messages["session"] or [_session_from_records(decoded, track, epoch)]
    bounds = _all_bounds(sessions, track, epoch)
    return [_recording(decoded, session, track, epoch, bounds, k) for k, session in enumerate(sessions)]


def _nothing_inside(decoded: Decoded) -> Recording:
    if decoded.problems:
        return empty_recording(decoded.problems[0])
    return empty_recording(Problem(source="", code="no_records", detail="an activity file without any record"))


def _clock(values: Values, *names: str) -> float | None:
    """First of the named times that is a date, in FIT seconds."""
    return next((t for n in names if (t := number(values, n)) is not None and t >= POWER_UP_CLOCK), None)


def _track(decoded: Decoded) -> tuple[Track, float]:
    """All records of the file as one track; its seconds count from the returned FIT second."""
    records = {name: np.array(column, dtype=np.float64) for name, column in decoded.records.items()}
    time = _plausible_times(records["timestamp"], decoded)
    known = time[np.isfinite(time)]
    epoch = float(known.min()) if len(known) else 0.0
    columns: dict[str, Column] = {column: _column(records, names) for column, names in _COLUMNS.items()}
    columns["cadence_spm"] = columns["cadence_spm"] + np.nan_to_num(_column(records, ("fractional_cadence",)))
    columns["latitude_deg"] *= DEGREES_PER_SEMICIRCLE
    columns["longitude_deg"] *= DEGREES_PER_SEMICIRCLE
    columns["segment"] = _segments(time, decoded.messages["event"])
    return build_track(time - epoch, columns), epoch


def _column(records: dict[str, Column], names: tuple[str, ...]) -> Column:
    """A record's field as a column; where it is missing, the next best one."""
    column = records[names[0]]
    for name in names[1:]:
        column = np.where(np.isnan(column), records[name], column)
    return column.copy()


def _plausible_times(time: Column, decoded: Decoded) -> Column:
    """Times without those of a broken clock: seconds since power-up, and records days away from the rest."""
    with np.errstate(invalid="ignore"):
        powered = time < POWER_UP_CLOCK
        if powered.any() and not powered.all():
            time = np.where(powered, np.nan, time)
        middle = np.nanmedian(time) if np.isfinite(time).any() else 0.0
        far = np.abs(time - middle) > LONGEST_S
    if far.any():
        decoded.trouble("samples_dropped", f"{int(far.sum())} records with a broken clock dropped")
    return np.where(far, np.nan, time)


def _segments(time: Column, events: list[Values]) -> Column:
    """Number of the stretch of each record: a new one begins at each start of the timer after a stop."""
    starts, stopped = [], False
    for event in events:
        if event.get("event") == "timer":
            if str(event.get("event_type")).startswith("stop"):
                stopped = True
            elif event.get("event_type") == "start" and stopped:
                starts.append(number(event, "timestamp") or np.inf)
                stopped = False
    return np.searchsorted(np.sort(np.array(starts)), time, side="right").astype(np.float64)


def _session_from_records(decoded: Decoded, track: Track, epoch: float) -> Values:
    """What little is known of an activity that says nothing of itself."""
    sport = decoded.first("sport")
    session: Values = {k: sport[k] for k in ("sport", "sub_sport") if k in sport}
    if len(track):
        session["start_time"] = epoch
    return session


def _all_bounds(sessions: list[Values], track: Track, epoch: float) -> list[tuple[float, float]]:
    """First and last FIT second of each session; none reaches into the one that follows it.

    Some watches write a start that is too late: where the end is another session's start, the end is believed.
    """
    bounds = [_bounds(session, track, epoch) for session in sessions]
    for k, session in enumerate(sessions):
        start, end = bounds[k]
        later = [b[0] for b in bounds if b[0] > start]
        stamp = _clock(session, "timestamp")
        if later and end > min(later) + TOUCH_S and stamp is not None and abs(stamp - min(later)) <= TOUCH_S:
            start = stamp - (end - start)
        bounds[k] = (start, min([end, *later]) if later else end)
    return bounds


def _bounds(session: Values, track: Track, epoch: float) -> tuple[float, float]:
    """First and last FIT second of a session. ``session.timestamp`` is its end in some files, its start in others."""
    elapsed = number(session, "total_elapsed_time", "total_timer_time") or 0.0
    start = _clock(session, "start_time")
    if start is None:
        end = _clock(session, "timestamp")
        start = end - elapsed if end is not None else epoch
    return start, start + elapsed


def _recording(
    decoded: Decoded, session: Values, track: Track, epoch: float, bounds: list[tuple[float, float]], k: int
) -> Recording:
    start = bounds[k][0]
    problems = list(decoded.problems)
    if start <= 0:
        return empty_recording(Problem(source="", code="no_time", detail="no time of day is recorded"))
    if start < POWER_UP_CLOCK:
        detail = "the clock of the watch was not set: the day is unknown"
        return empty_recording(Problem(source="", code="power_up_clock", detail=detail))
    own = _own_records(track, epoch, bounds, k)
    if len(bounds) == 1 and len(own) and abs(float(own.time_s[0]) + epoch - start) > LONGEST_S:
        detail = "the session's start is days away from its records: theirs is taken"
        problems.append(Problem(source="", code="start_mismatch", detail=detail))
        start = float(own.time_s[0]) + epoch
    sport, surface = _sport(session, decoded.first("sport"))
    if sport == UNKNOWN_SPORT:
        sport, why = guess_sport(own, None)
        problems.append(Problem(source="", code="sport_guessed", detail=f"no sport recorded: {sport}, {why}"))
    offset = _utc_offset(decoded)
    summary = _summary(session, sport)
    salvaged = any(p.code != "samples_dropped" for p in decoded.problems)
    first = decoded.summarised < decoded.record_count
    if salvaged and first and len(own) and float(own.time_s[-1]) + epoch < bounds[k][1] - CUT_S:
        summary = replace(summary, **dict.fromkeys(TOTALS))  # they speak of what was cut off, too
    return Recording(
        start=FIT_EPOCH + timedelta(seconds=start),
        utc_offset_s=offset,
        offset_source="file" if offset is not None else None,
        sport=sport,
        surface=surface,
        device=_device(decoded),
        track=_in_house_units(own, sport, epoch - start),
        summary=summary,
        salvaged=salvaged,
        problems=tuple(problems),
    )


def _own_records(track: Track, epoch: float, bounds: list[tuple[float, float]], k: int) -> Track:
    """Records of session ``k``. Distance runs on through a file: each later session starts again at 0."""
    if len(bounds) == 1:
        return track
    begin, end = bounds[k][0] - epoch, bounds[k][1] - epoch
    follows = any(other > k and b[0] - epoch <= end + 1 for other, b in enumerate(bounds))
    time = track.time_s
    inside = (time >= begin) & ((time < end) if follows else (time <= end + 1))
    own = cut_track(track, inside)
    known = np.isfinite(track.distance_m)
    before, after = track.distance_m[known & (time < begin)], own.distance_m[np.isfinite(own.distance_m)]
    if len(before) and len(after) and before[-1] <= after[0]:
        own.distance_m[:] -= np.interp(begin, time[known], track.distance_m[known])
    return own


def _in_house_units(track: Track, sport: str, shift_s: float) -> Track:
    """Seconds from the start of the session, and for running steps instead of strides."""
    track.time_s[:] += shift_s
    if sport == RUN_SPORT:
        track.cadence_spm[:] *= STEPS_PER_STRIDE
    return track


def _sport(session: Values, sport_message: Values) -> tuple[str, str | None]:
    word = session.get("sport", sport_message.get("sport"))
    sub = session.get("sub_sport", sport_message.get("sub_sport"))
    if word == "fitness_equipment" and sub == "treadmill":
        word = "running"
    sport = house_sport(word) if isinstance(word, str) else UNKNOWN_SPORT
    return sport, house_surface(sub) if sport == RUN_SPORT else None


def _summary(session: Values, sport: str) -> Summary:
    feet = STEPS_PER_STRIDE if sport == RUN_SPORT else 1
    cadence = number(session, "avg_running_cadence", "avg_cadence")
    fraction = number(session, "avg_fractional_cadence") or 0.0
    strides = number(session, "total_strides") if sport == RUN_SPORT else None
    return Summary(
        distance_m=number(session, "total_distance"),
        elapsed_s=number(session, "total_elapsed_time"),
        timer_s=number(session, "total_timer_time"),
        ascent_m=number(session, "total_ascent"),
        descent_m=number(session, "total_descent"),
        cadence_spm=feet * (cadence + fraction) if cadence is not None else None,
        heart_rate_bpm=number(session, "avg_heart_rate"),
        power_w=number(session, "avg_power"),
        steps=STEPS_PER_STRIDE * strides if strides is not None else None,
    )


def _utc_offset(decoded: Decoded) -> int | None:
    """Seconds from UTC to the clock on the wrist, from the one message that has both."""
    for activity in reversed(decoded.messages["activity"]):
        stamp, local = _clock(activity, "timestamp"), _clock(activity, "local_timestamp")
        if stamp is not None and local is not None:
            offset = round((local - stamp) / OFFSET_STEP_S) * OFFSET_STEP_S
            if abs(offset) <= OFFSET_MAX_S:
                return offset
    return None


def _device(decoded: Decoded) -> str | None:
    """Maker and product as ``garmin/fenix5``. Never a serial number."""
    creator = (d for d in decoded.messages["device_info"] if d.get("device_index") in (0, "creator"))
    for values in (decoded.first("file_id"), *creator):
        product = values.get("product_name") or values.get("garmin_product") or values.get("product")
        maker = values.get("manufacturer")
        if maker is not None:
            name = f"{maker}/{product}" if product is not None else str(maker)
            return "".join(c for c in name if c.isprintable())[:60]
    return None
