"""GPX to recordings, read by gpxpy behind a guard; segments are never bridged."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Final
from xml.parsers import expat

import gpxpy

from importers.gpx_mend import mend
from importers.problems import Problem
from importers.run import RUN_SPORT, Recording, Summary
from importers.shape import cadence_unit, guess_sport, undecided_cadence
from importers.sports import UNKNOWN_SPORT, house_sport, house_surface
from importers.track import build_track, empty_recording
from importers.xmlguard import Guard, HostileXMLError, as_utc, trim

if TYPE_CHECKING:
    from importers.run import Track

_DECLARED: Final = re.compile(rb"""^<\?xml[^>]*?encoding\s*=\s*["']([A-Za-z0-9._-]+)["']""")
_DECLARATION: Final = re.compile(r"^\s*<\?xml[^>]*\?>")
_POINT_END: Final = re.compile(r"</((?:[\w.-]+:)?)trkpt\s*>")
SAME_RECORDING: Final = timedelta(minutes=60)
"""A track that starts later than this after the one before is a recording of its own."""
_EXTENSIONS: Final[dict[str, str]] = {
    "hr": "heart_rate_bpm",
    "cad": "cadence_spm",
    "cadence": "cadence_spm",
    "heartrate": "heart_rate_bpm",
    "speed": "speed_m_s",
    "power": "power_w",
    "powerinwatts": "power_w",
}
"""Extension of a point, in small letters and without its prefix -> column."""


def read_gpx(data: bytes) -> list[Recording]:
    """Decode one GPX file into recordings. Nothing is raised for bad data.

    Tracks that follow each other within an hour are one recording, as watches write them after a break; later ones
    are recordings of their own. A file without points or without times gives an empty recording whose problem says
    so. Times without a zone are taken as UTC, and that is said.
    """
    problems: list[Problem] = []
    try:
        text = _decode(data)
        cut = _guard(data, text)
        if cut:
            problems.append(_problem("truncated", f"not well-formed ({cut}); points before it are kept"))
        return _recordings(_parse(_close_open_elements(text) if cut else text, problems), problems)
    except HostileXMLError as error:
        return [empty_recording(_problem("hostile_xml", str(error)))]
    except Exception as error:  # gpxpy lets value, type, key and XML errors through
        detail = f"{error}" if isinstance(error, gpxpy.gpx.GPXException) else f"{type(error).__name__}: {error}"
        return [empty_recording(_problem("malformed_xml", detail[:300]))]


def _parse(text: str, problems: list[Problem]) -> Any:
    """The document by gpxpy; what it refuses is written anew without its bad values, and they are counted."""
    try:
        return gpxpy.parse(text)
    except Exception:  # one bad number, or a prefix that is declared nowhere
        mended, lost = mend(_DECLARATION.sub("", text))
        if lost:
            problems.append(_problem("samples_dropped", lost))
        return gpxpy.parse(mended)


def _problem(code: str, detail: str) -> Problem:
    return Problem(source="", code=code, detail=detail)


def _decode(data: bytes) -> str:
    """Text of the file: byte order mark, then the declared encoding, then UTF-8, wrong bytes replaced."""
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return data.decode("utf-16", "replace")
    body = trim(data)
    declared = _DECLARED.match(body)
    try:
        return body.decode(declared[1].decode() if declared else "utf-8")
    except (LookupError, UnicodeError):
        return body.decode("utf-8", "replace")


def _guard(data: bytes, text: str) -> str | None:
    """Refuse hostile XML; the fault of XML that is not well-formed, None of XML that is."""
    guard = Guard()
    try:
        guard.feed(data if data[:2] in (b"\xff\xfe", b"\xfe\xff") else _DECLARATION.sub("", text).encode())
    except expat.ExpatError as error:
        return str(error)
    return None


def _close_open_elements(text: str) -> str:
    """A cut document up to its last whole point, with the elements around it closed."""
    ends = [(match.end(), match[1]) for match in _POINT_END.finditer(text)]
    if not ends:
        return text
    end, prefix = ends[-1]
    return f"{text[:end]}</{prefix}trkseg></{prefix}trk></{prefix}gpx>"


def _recordings(gpx: Any, problems: list[Problem]) -> list[Recording]:
    """Recordings of a file: its tracks, those that follow each other closely taken together."""
    tracks = [t for t in gpx.tracks if any(s.points for s in t.segments)]
    if not tracks:
        return [empty_recording(_problem("no_points", "no track points (a route, waypoints or nothing)"))]
    timed = [t for t in tracks if _times(t)]
    if not timed:
        count = sum(len(s.points) for t in tracks for s in t.segments)
        return [empty_recording(_problem("no_time", f"none of its {count} points has a time"))]
    lost = sum(p.time is None for t in tracks for s in t.segments for p in s.points)
    if lost:
        problems.append(_problem("samples_dropped", f"{lost} points without a time dropped"))
    if any(p.time is not None and p.time.tzinfo is None for t in timed for s in t.segments for p in s.points):
        problems.append(_problem("naive_time", "times without a zone are taken as UTC"))
    return [_recording(gpx, group, problems) for group in _grouped(timed)]


def _times(track: Any) -> list[datetime]:
    return [as_utc(p.time) for s in track.segments for p in s.points if p.time is not None]


def _grouped(tracks: list[Any]) -> list[list[Any]]:
    """Tracks in order of time; after more than an hour, or with another type, a new recording begins."""
    groups: list[list[Any]] = []
    end = None
    for track in sorted(tracks, key=lambda t: min(_times(t))):
        times = _times(track)
        if end is not None and min(times) - end <= SAME_RECORDING and track.type == groups[-1][0].type:
            groups[-1].append(track)
            end = max(end, *times)
        else:
            groups.append([track])
            end = max(times)
    return groups


def _recording(gpx: Any, tracks: list[Any], problems: list[Problem]) -> Recording:
    segments = [s for t in tracks for s in t.segments]
    timed = [(number, p) for number, s in enumerate(segments) for p in s.points if p.time is not None]
    start = min(as_utc(p.time) for _, p in timed)
    track = _track(timed, start)
    return _described(gpx, tracks, track, start, _offset(timed[0][1].time), list(problems))


def _offset(time: datetime) -> int | None:
    """Seconds from UTC if the file writes local times with their offset; Z says nothing about the place."""
    offset = time.utcoffset()
    return int(offset.total_seconds()) if offset else None


def _track(timed: list[tuple[int, Any]], start: datetime) -> Track:
    none = float("nan")
    columns: dict[str, list[float]] = {
        "latitude_deg": [p.latitude for _, p in timed],
        "longitude_deg": [p.longitude for _, p in timed],
        "altitude_m": [none if p.elevation is None else p.elevation for _, p in timed],
        "speed_m_s": [none if p.speed is None else p.speed for _, p in timed],
        "segment": [float(segment) for segment, _ in timed],
    }
    extra = [_extensions(p) for _, p in timed]
    for column in set().union(*extra):
        columns[column] = [e.get(column, none) for e in extra]
    return build_track([(as_utc(p.time) - start).total_seconds() for _, p in timed], columns)


def _extensions(point: Any) -> dict[str, float]:
    """Heart rate, cadence and the like of one point, at any depth of its extensions."""
    found: dict[str, float] = {}
    for extension in point.extensions:
        for element in extension.iter():
            name = str(element.tag).rpartition("}")[2].rpartition(":")[2].lower()
            if name in _EXTENSIONS:
                try:
                    found.setdefault(_EXTENSIONS[name], float(element.text))
                except (TypeError, ValueError):
                    continue
    return found


def _described(
    gpx: Any, tracks: list[Any], track: Track, start: datetime, offset: int | None, problems: list[Problem]
) -> Recording:
    words = [t.type for t in tracks if t.type]
    title = next((t.name for t in tracks if t.name), gpx.name)
    sport = house_sport(words[0]) if words else UNKNOWN_SPORT
    if sport == UNKNOWN_SPORT:
        sport, why = guess_sport(track, title)
        problems.append(_problem("sport_guessed", f"no type: {sport}, {why}"))
    rule = None
    if sport == RUN_SPORT:
        factor, rule = cadence_unit(track)
        track.cadence_spm[:] *= factor if factor is not None else float("nan")
        problems += undecided_cadence(factor, rule)
    recording = Recording(
        start=start,
        utc_offset_s=offset,
        offset_source="file" if offset is not None else None,
        sport=sport,
        surface=house_surface(words[0]) if words and sport == RUN_SPORT else None,
        device=_device(gpx.creator),
        barometric=None,
        track=track,
        summary=Summary(title=title, cadence_rule=rule),
        problems=tuple(problems),
    )
    return replace(recording, salvaged=any(p.code == "truncated" for p in problems))


def _device(creator: str | None) -> str | None:
    """Who wrote the file, short and printable, without its address."""
    name = re.split(r"\s+-+\s|\s*https?:", creator or "")[0]
    return "".join(c for c in name if c.isprintable())[:60] or None
