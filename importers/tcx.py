"""TCX to recordings, read by expat behind a guard: one recording for each activity of the file."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final
from xml.parsers import expat

from importers.problems import Problem
from importers.run import RUN_SPORT, Recording, Summary
from importers.shape import cadence_unit
from importers.sports import house_sport
from importers.track import build_track, empty_recording
from importers.xmlguard import Guard, HostileXMLError, as_utc

if TYPE_CHECKING:
    from importers.run import Track

_POINT: Final[dict[str, str]] = {
    "LatitudeDegrees": "latitude_deg",
    "LongitudeDegrees": "longitude_deg",
    "AltitudeMeters": "altitude_m",
    "DistanceMeters": "distance_m",
    "HeartRateBpm/Value": "heart_rate_bpm",
    "Cadence": "cadence_spm",
    "RunCadence": "cadence_spm",
    "Speed": "speed_m_s",
    "Watts": "power_w",
}
"""Element of a track point -> column."""


@dataclass(slots=True)
class _Activity:
    sport: str
    points: list[dict[str, float]] = field(default_factory=list)
    times: list[datetime] = field(default_factory=list)
    segments: list[int] = field(default_factory=list)
    laps: int = 0
    tracks: int = 0
    lap_seconds: float | None = None
    lap_metres: float | None = None
    device: str | None = None
    naive: bool = False
    offset_s: int = 0
    untimed: int = 0


class _Reader(Guard):
    """Collects activities, laps and points as the elements go by."""

    def __init__(self) -> None:
        super().__init__()
        self.activities: list[_Activity] = []
        self._path: list[str] = []
        self._point: dict[str, float] | None = None
        self._time: datetime | None = None

    def start(self, name: str, attributes: dict[str, str]) -> None:
        """Open an activity, a lap, a track or a point."""
        self._path.append(name)
        if name == "Activity":
            self.activities.append(_Activity(sport=attributes.get("Sport", "")))
        elif name == "Track" and self.activities:
            self.activities[-1].tracks += 1
        elif name == "Trackpoint":
            self._point, self._time = {}, None

    def end(self, name: str, text: str) -> None:
        """Take the value of an element, or close what was open."""
        self._path.pop()
        parent = self._path[-1] if self._path else ""
        if not self.activities:
            return
        if self._point is not None:
            self._end_in_point(name, parent, text)
        elif parent == "Lap" and name == "TotalTimeSeconds":
            self._add_to_lap("lap_seconds", text)
        elif parent == "Lap" and name == "DistanceMeters":
            self._add_to_lap("lap_metres", text)
        elif parent == "Creator" and name == "Name":
            self.activities[-1].device = "".join(c for c in text if c.isprintable())[:60] or None

    def _add_to_lap(self, total: str, text: str) -> None:
        value = _number(text)
        if value is not None:
            setattr(self.activities[-1], total, (getattr(self.activities[-1], total) or 0.0) + value)

    def _end_in_point(self, name: str, parent: str, text: str) -> None:
        assert self._point is not None
        if name == "Trackpoint":
            self._close_point()
        elif name == "Time":
            self._time = _moment(text)
        else:
            column = _POINT.get(f"{parent}/{name}", _POINT.get(name))
            value = _number(text) if column else None
            if column and value is not None:
                self._point[column] = value

    def _close_point(self) -> None:
        activity = self.activities[-1]
        if self._time is None or self._point is None:
            activity.untimed += 1
        else:
            activity.naive |= self._time.tzinfo is None
            activity.offset_s = int((self._time.utcoffset() or timedelta()).total_seconds())
            activity.times.append(as_utc(self._time))
            activity.points.append(self._point)
            activity.segments.append(activity.tracks)
        self._point = None


def _number(text: str) -> float | None:
    try:
        return float(text)
    except ValueError:
        return None


def _moment(text: str) -> datetime | None:
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        return None


def read_tcx(data: bytes) -> list[Recording]:
    """Decode one TCX file into recordings, one for each activity. Nothing is raised for bad data."""
    reader, problems = _Reader(), []
    try:
        reader.feed(data)
    except HostileXMLError as error:
        return [empty_recording(_problem("hostile_xml", str(error)))]
    except (expat.ExpatError, ValueError, LookupError) as error:
        problems.append(_problem("truncated", f"not well-formed ({error}); points before it are kept"))
    if not any(a.times for a in reader.activities):
        return [empty_recording(_why_nothing(reader.activities, problems))]
    return [_recording(a, problems) for a in reader.activities if a.times]


def _why_nothing(activities: list[_Activity], problems: list[Problem]) -> Problem:
    if problems:
        return _problem("malformed_xml", problems[0].detail)
    if any(a.untimed for a in activities):
        return _problem("no_time", "none of its points has a time")
    return _problem("no_points", "a TCX file without track points (a course or workout, or nothing)")


def _problem(code: str, detail: str) -> Problem:
    return Problem(source="", code=code, detail=detail)


def _recording(activity: _Activity, faults: list[Problem]) -> Recording:
    problems = list(faults)
    if activity.untimed:
        problems.append(_problem("samples_dropped", f"{activity.untimed} points without a time dropped"))
    if activity.naive:
        problems.append(_problem("naive_time", "times without a zone are taken as UTC"))
    start = min(activity.times)
    sport = house_sport(activity.sport or None)
    track = _track(activity, start)
    rule = None
    if sport == RUN_SPORT:
        factor, rule = cadence_unit(track)
        track.cadence_spm[:] *= factor if factor is not None else float("nan")
    cut = bool(faults)
    return Recording(
        start=start,
        utc_offset_s=activity.offset_s or None,
        offset_source="file" if activity.offset_s else None,
        sport=sport,
        device=activity.device,
        track=track,
        summary=Summary(
            distance_m=None if cut else activity.lap_metres,
            timer_s=None if cut else activity.lap_seconds,
            cadence_rule=rule,
        ),
        salvaged=cut,
        problems=tuple(problems),
    )


def _track(activity: _Activity, start: datetime) -> Track:
    none = float("nan")
    columns: dict[str, list[float]] = {"segment": [float(s) for s in activity.segments]}
    for column in sorted(set().union(*activity.points)):
        columns[column] = [p.get(column, none) for p in activity.points]
    return build_track([(t - start).total_seconds() for t in activity.times], columns)
