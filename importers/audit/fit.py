"""The second reader of FIT: fitparse. It is helped over what it cannot read, and that is said."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from statistics import median
from typing import Any, Final

from importers.audit import sums
from importers.audit.clock import CLOCK_SET, Tie, ties, turn_s, whole_quarters
from importers.audit.counting import FEET, reading, sport_of
from importers.audit.messages import Fields, File, read_files, words
from importers.audit.reading import Answer, Opinion, Reading, Sample, Value

EPOCH_S: Final = 631_065_600
"""The first FIT second, 1989-12-31, in seconds since 1970."""
DEGREES: Final = 180 / 2**31
"""Degrees of one semicircle."""
TOUCH_S: Final = 2.0
"""Sessions that follow each other begin so near the end of the one before (s)."""
END_S: Final = 1.0
"""Records so long behind the end of a session belong to it (s)."""
ACTIVITY: Final = (4, "activity")
NEWER_SPORTS: Final[dict[float, str]] = {
    53: "diving", 62: "hiit", 64: "racket", 67: "meditation", 69: "disc_golf", 71: "cricket", 72: "rugby",
    73: "hockey", 74: "lacrosse", 75: "volleyball", 76: "water_tubing", 77: "wakesurfing", 80: "mixed_martial_arts",
    82: "snorkeling", 83: "dance", 84: "jump_rope",
}  # fmt: skip
"""Numbers that the FIT profile has named since fitparse was made."""


def second_fit(data: bytes) -> Opinion:
    """What fitparse makes of a FIT file, or of each file of a chain."""
    from importlib.metadata import version

    reader = f"fitparse {version('fitparse')}"
    try:
        files, note, stops = read_files(data)
    except Exception as error:  # fitparse lets struct, key, attribute and type errors through
        return Opinion(reader=reader, failed=words(error))
    activities = [f for f in files if _is_activity(f)]
    if not activities:
        kinds = ", ".join(sorted({str(f.first("file_id").get("type")) for f in files}))
        return Opinion(reader=reader, note=note, nothing=f"a FIT file of type {kinds}")
    readings = tuple(r for f in activities for r in _readings(f, note=note, stops=stops))
    return Opinion(reader=reader, readings=readings, note=note, nothing="" if readings else "no records, no session")


def _is_activity(file: File) -> bool:
    kind = file.first("file_id").get("type")
    return kind in ACTIVITY or (kind is None and bool(file.records))


# ---------------------------------------------------------------- readings
def _readings(file: File, *, note: str, stops: bool) -> Iterator[Reading]:
    sessions = sorted(file.messages.get("session", []) or [{}], key=lambda s: _number(s.get("start_time")) or 0.0)
    spans = [_span(session) for session in sessions]
    for k, session in enumerate(sessions):
        own = file.records if len(sessions) == 1 else _within(file.records, *_moved(session, spans, k))
        if session or own:
            yield _reading(file, session, own, whole=not note, stops=stops)


def _span(session: Mapping[str, Any]) -> tuple[float | None, float]:
    start = _number(session.get("start_time"))
    lasts = _number(session.get("total_elapsed_time")) or _number(session.get("total_timer_time")) or 0.0
    return start, (start or 0.0) + lasts


def _moved(
    session: Mapping[str, Any], spans: Sequence[tuple[float | None, float]], k: int
) -> tuple[float | None, float, float | None]:
    """Start, end, and start of the next session. A start that reaches into the next session is set back to its end."""
    start, end = spans[k]
    after = min((begin for begin, _ in spans[k + 1 :] if begin is not None), default=None)
    stamp = _number(session.get("timestamp"))
    if start is not None and after is not None and stamp is not None and end > after + TOUCH_S >= stamp:
        start = stamp - (end - start)
    return start, end, after


def _within(records: Sequence[Fields], start: float | None, end: float, after: float | None) -> list[Fields]:
    """Records of one session of several: from its start to its end, or to the start of the one that follows."""
    if start is None:
        return []
    last = end + END_S
    return [
        r
        for r in records
        if (t := _number(r.get("timestamp"))) is not None and start <= t <= last and (after is None or t < after)
    ]


def _reading(file: File, session: Mapping[str, Any], records: Sequence[Fields], *, whole: bool, stops: bool) -> Reading:
    word = session.get("sport", file.first("sport").get("sport"))
    sub = session.get("sub_sport", file.first("sport").get("sub_sport"))
    sport = "run" if sub == "treadmill" and word == "fitness_equipment" else sport_of(word)
    feet = FEET if sport in ("run", None) else 1.0
    samples = sums.in_order(list(_samples(file, records)))
    start = _number(session.get("start_time"))
    totals: dict[str, Value | None] = {
        "start": _date(start),
        "utc_offset_s": _offset(file),
        "sport": sport,
        "distance_m": _number(session.get("total_distance")),
        "elapsed_s": _number(session.get("total_elapsed_time")),
        "timer_s": _number(session.get("total_timer_time")),
        "ascent_m": _number(session.get("total_ascent")),
        "descent_m": _number(session.get("total_descent")),
        "cadence_spm": _session_cadence(session, feet),
        "heart_rate_bpm": _number(session.get("avg_heart_rate")),
        "samples": float(len(records)),
    }
    extra = _extra(session, word, samples, start) | _by_clock(file, start, records)
    return reading(samples, totals, sport=sport, feet=feet, extra=extra, whole=whole, stops=stops)


def _session_cadence(session: Mapping[str, Any], feet: float) -> float | None:
    whole = _number(session.get("avg_running_cadence", session.get("avg_cadence")))
    return None if whole is None else feet * (whole + (_number(session.get("avg_fractional_cadence")) or 0.0))


def _extra(
    session: Mapping[str, Any], word: object, samples: Sequence[Sample], start: float | None
) -> dict[str, Sequence[Answer]]:
    """Ways of counting that only FIT has."""
    newer = NEWER_SPORTS.get(word) if isinstance(word, int) else None
    stamp, lasts = _number(session.get("timestamp")), _number(session.get("total_elapsed_time"))

    def back() -> Value | None:
        return _date(stamp - lasts) if stamp is not None and lasts is not None else None

    def days_away() -> Value | None:
        near = start is None or not samples or abs(samples[0].time_s - EPOCH_S - start) <= sums.DAYS_AWAY_S
        return None if near else datetime.fromtimestamp(samples[0].time_s, UTC)

    return {
        "start": [
            Answer("the session's start is days away from its records, whose own is taken", days_away),
            Answer("the start is too late or missing: its end less the time it took", back),
        ],
        "sport": [Answer(f"fitparse has no name for sport {word}; the profile has one today", lambda: newer)],
    }


def _by_clock(file: File, start: float | None, records: Sequence[Fields]) -> dict[str, Sequence[Answer]]:
    """Starts and offsets of a recording whose clock was not set; nothing for one that was."""
    last = next(reversed(file.messages.get("activity", [])), {})
    found = ties(
        start,
        [time for r in records if (time := _number(r.get("timestamp"))) is not None],
        created=_number(file.first("file_id").get("time_created")),
        stamp=_number(last.get("timestamp")),
        local=_number(last.get("local_timestamp")),
    )

    def starts(tie: Tie) -> Answer:
        return Answer(tie.says, lambda: _date(tie.start_s))

    def offsets(tie: Tie) -> Answer:
        return Answer(tie.says, lambda: tie.offset_s)

    ways: dict[str, Sequence[Answer]] = {"start": [starts(tie) for tie in found]}
    return ways | {"utc_offset_s": [offsets(tie) for tie in found]} if found else {}


def _samples(file: File, records: Sequence[Fields]) -> Iterator[Sample]:
    """Samples of the records, but for those whose clock is broken: days away from the others."""
    starts = _restarts(file)
    written = [time for r in records if (time := _number(r.get("timestamp"))) is not None]
    shift = turn_s(written) or 0.0
    timed = [
        (time + shift if time < CLOCK_SET else time, r)
        for r in records
        if (time := _number(r.get("timestamp"))) is not None
    ]
    middle = median(time for time, _ in timed) if timed else 0.0
    for time, r in timed:
        if abs(time - middle) <= sums.DAYS_AWAY_S:
            yield Sample(
                time_s=time + EPOCH_S,
                latitude_deg=_scaled(r.get("position_lat"), DEGREES),
                longitude_deg=_scaled(r.get("position_long"), DEGREES),
                distance_m=_number(r.get("distance")),
                altitude_m=_number(r.get("enhanced_altitude", r.get("altitude"))),
                speed_m_s=_number(r.get("enhanced_speed", r.get("speed"))),
                cadence=_cadence(r),
                heart_rate_bpm=_number(r.get("heart_rate")),
                part=bisect_right(starts, time),
            )


def _cadence(record: Mapping[str, Any]) -> float | None:
    whole = _number(record.get("cadence"))
    return None if whole is None else whole + (_number(record.get("fractional_cadence")) or 0.0)


def _restarts(file: File) -> list[float]:
    """When the timer was started again."""
    starts, stopped = [], False
    for event in file.messages.get("event", []):
        if event.get("event") in ("timer", 0):
            kind, time = str(event.get("event_type")), _number(event.get("timestamp"))
            if stopped and kind in ("start", "0") and time is not None:
                starts.append(time)
            stopped = kind.startswith("stop") or (stopped and kind not in ("start", "0"))
    return sorted(starts)


def _offset(file: File) -> float | None:
    """Seconds from UTC to the wall clock, in whole quarters of an hour."""
    for activity in reversed(file.messages.get("activity", [])):
        utc, local = _number(activity.get("timestamp")), _number(activity.get("local_timestamp"))
        if utc is not None and local is not None and min(utc, local) >= CLOCK_SET:
            return whole_quarters(local - utc)
    return None


def _date(fit_s: float | None) -> datetime | None:
    if fit_s is None or fit_s < CLOCK_SET:
        return None
    return datetime.fromtimestamp(EPOCH_S, UTC) + timedelta(seconds=fit_s)


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _number(value: Any) -> float | None:
    return float(value) if _is_number(value) else None


def _scaled(value: Any, factor: float) -> float | None:
    number = _number(value)
    return None if number is None else number * factor
