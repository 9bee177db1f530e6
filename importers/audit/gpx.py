"""The second reader of GPX: gpxpy. It is helped over what it refuses, and that is said."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any, Final

from importers.audit import sums
from importers.audit.counting import reading, sport_of
from importers.audit.reading import Answer, Opinion, Reading, Sample, Value
from importers.audit.xml_gate import GPX_POINT, RefusedError, helped, in_utc, number, text_of

TOGETHER: Final = timedelta(hours=1)
"""Tracks of one type that follow each other so closely are one recording."""
_ROOT: Final = re.compile(r"<(?:[\w.-]+:)?gpx\b[^<>]*>")
_VERSION: Final = re.compile(r"""\sversion\s*=\s*("[^"]*"|'[^']*')""")
_KNOWN_VERSION: Final = re.compile(r"""\sversion\s*=\s*["']1\.[01]["']""")
_TIMED_POINT: Final = re.compile(r"<(?:[\w.-]+:)?trkpt\b(?:(?!trkpt\b).)*?<(?:[\w.-]+:)?time>", re.DOTALL)
_HEART: Final = ("hr", "heartrate")
_CADENCE: Final = ("cad", "cadence", "runcadence")
_SPEED: Final = ("speed",)


def second_gpx(data: bytes) -> Opinion:
    """What gpxpy makes of a GPX file."""
    import gpxpy

    reader = f"gpxpy {gpxpy.__version__}"
    try:
        text = text_of(data)
        document, note, stops = _parsed(text)
    except RefusedError as error:
        return Opinion(reader=reader, failed=f"not shown to gpxpy: {error}")
    except Exception as error:  # gpxpy lets value, type, key and XML errors through
        return Opinion(reader=reader, failed=f"{error or type(error).__name__}")
    tracks = [t for t in document.tracks if any(s.points for s in t.segments)]
    if not tracks:
        return Opinion(reader=reader, note=note, nothing="no track points")
    timed = [t for t in tracks if _points(t)]
    if not timed:
        return Opinion(reader=reader, note=note, nothing="none of its points has a time")
    groups = _grouped(timed)
    written = float(len(_TIMED_POINT.findall(text))) if len(groups) == 1 else None
    readings = tuple(_reading(document, group, written, stops=stops) for group in groups)
    return Opinion(reader=reader, note=note, readings=readings)


def _parsed(text: str) -> tuple[Any, str, bool]:
    """The document, what had to be done to read it, whether it was cut. Raises what gpxpy raises in the end."""
    import gpxpy

    failure: Exception = ValueError("not read")
    first = ""
    text, as_one = _as_known_version(text)
    for note, attempt, stops in helped(text, GPX_POINT):
        alone = f"{note} (gpxpy alone fails: {first})" if note else ""
        try:
            return gpxpy.parse(attempt), "; ".join(filter(None, (as_one, alone))), stops
        except Exception as error:
            first = first or str(error)
            failure = error
    raise failure


def _as_known_version(text: str) -> tuple[str, str]:
    """The document as GPX 1.1 where it is of no version that gpxpy reads whole, and what was done."""
    root = _ROOT.search(text)
    if root is None or _KNOWN_VERSION.search(root[0]):
        return text, ""
    bare = _VERSION.sub("", root[0])
    known = bare.replace("gpx", 'gpx version="1.1"', 1)
    return text.replace(root[0], known, 1), "read as GPX 1.1: gpxpy leaves out much of any other version"


def _points(track: Any) -> list[Any]:
    return [p for s in track.segments for p in s.points if p.time is not None]


def _grouped(tracks: Sequence[Any]) -> list[list[Any]]:
    groups: list[list[Any]] = []
    end: datetime | None = None
    for track in sorted(tracks, key=lambda t: min(in_utc(p.time) for p in _points(t))):
        times = [in_utc(p.time) for p in _points(track)]
        if end is not None and min(times) - end <= TOGETHER and track.type == groups[-1][0].type:
            groups[-1].append(track)
        else:
            groups.append([track])
            end = None
        end = max(times) if end is None else max(end, *times)
    return [_without_doubles(group) for group in groups]


def _without_doubles(tracks: Sequence[Any]) -> list[Any]:
    """The tracks but those that were for the most part recorded while a longer one was."""
    kept: list[tuple[datetime, datetime]] = []
    out: list[Any] = []
    for track in sorted(tracks, key=lambda t: -len(_points(t))):
        times = sorted(in_utc(p.time) for p in _points(track))
        if not any(2 * sum(first <= t <= last for t in times) > len(times) for first, last in kept):
            out.append(track)
            kept.append((times[len(times) // 20], times[-1 - len(times) // 20]))
    return sorted(out, key=lambda t: min(in_utc(p.time) for p in _points(t)))


def _reading(document: Any, tracks: Sequence[Any], written: float | None, *, stops: bool) -> Reading:
    words = [t.type for t in tracks if t.type]
    points = [p for t in tracks for p in _points(t)]
    sound = sums.of_one_clock(_samples(tracks))
    samples = sums.in_order(sound)
    bounds = [in_utc(p.time) for p in points]
    offset = points[0].time.utcoffset()
    sport = sport_of(words[0]) if words else None
    totals: dict[str, Value | None] = {
        "start": min(bounds),
        "utc_offset_s": offset.total_seconds() if offset else None,
        "sport": sport,
        "distance_m": sum(t.length_2d() or 0.0 for t in tracks),
        "elapsed_s": (max(bounds) - min(bounds)).total_seconds(),
        "timer_s": _moving(tracks),
        "samples": float(sum(len(s.points) for t in tracks for s in t.segments)),
        **_climb(tracks),
    }
    title = next((t.name for t in tracks if t.name), document.name)
    timed = Answer("points without a time are dropped", lambda: float(len(points)))
    clocked = Answer("points with a broken clock are dropped", lambda: float(len(sound)))
    placeless = Answer("points without a place are kept for their time", lambda: written)
    named = Answer("no type is recorded: taken from the title", lambda: None if sport else sport_of_title(title))
    extra = {"samples": [timed, clocked, placeless], "sport": [named]}
    return reading(samples, totals, sport=sport, whole=False, stops=stops, extra=extra)


def sport_of_title(title: str | None) -> str | None:
    """The sport that one of the words of a title names."""
    words = (title or "").lower().replace("-", " ").split()
    return next((s for w in words if (s := sport_of(w)) in ("run", "ride", "walk", "hike", "swim")), None)


def _moving(tracks: Sequence[Any]) -> float | None:
    """Moving time (s) as gpxpy counts it."""
    try:
        return float(sum(t.get_moving_data().moving_time for t in tracks))
    except Exception:  # it divides by spans of time that may be none
        return None


def _climb(tracks: Sequence[Any]) -> dict[str, Value | None]:
    if not any(p.elevation is not None for t in tracks for p in _points(t)):
        return {"ascent_m": None, "descent_m": None}
    both = [t.get_uphill_downhill() for t in tracks]
    return {"ascent_m": float(sum(b.uphill for b in both)), "descent_m": float(sum(b.downhill for b in both))}


def _samples(tracks: Sequence[Any]) -> Iterator[Sample]:
    segments = [s for t in tracks for s in t.segments]
    for part, segment in enumerate(segments):
        for p in segment.points:
            if p.time is not None:
                more = _extensions(p)
                yield Sample(
                    time_s=in_utc(p.time).timestamp(),
                    latitude_deg=p.latitude,
                    longitude_deg=p.longitude,
                    altitude_m=p.elevation,
                    speed_m_s=p.speed if p.speed is not None else _first(more, _SPEED),
                    cadence=_first(more, _CADENCE),
                    heart_rate_bpm=_first(more, _HEART),
                    part=part,
                )


def _extensions(point: Any) -> dict[str, float]:
    found: dict[str, float] = {}
    for extension in point.extensions:
        for element in extension.iter():
            value = number(element.text)
            if value is not None:
                found.setdefault(str(element.tag).rpartition("}")[2].rpartition(":")[2].lower().replace("_", ""), value)
    return found


def _first(values: dict[str, float], names: Sequence[str]) -> float | None:
    return next((values[n] for n in names if n in values), None)
