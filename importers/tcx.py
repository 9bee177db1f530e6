"""TCX to recordings, read by expat behind a guard: one recording for each activity of the file."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final
from xml.parsers import expat

import numpy as np

from importers.path import walk
from importers.problems import Problem
from importers.run import RUN_SPORT, Recording, Summary
from importers.shape import cadence_unit, undecided_cadence
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


NO_SPORT: Final = ("", "other")
"""Polar and others write one of these for every sport."""
LAP_M: Final = 10.0
"""A lap whose distance is given as 0, while its points cover more than this, has no distance of its own (m)."""


@dataclass(slots=True)
class _Lap:
    start: datetime | None = None
    seconds: float | None = None
    metres: float | None = None
    times: list[datetime] = field(default_factory=list)


@dataclass(slots=True)
class _Activity:
    sport: str
    begun: datetime | None = None
    points: list[dict[str, float]] = field(default_factory=list)
    times: list[datetime] = field(default_factory=list)
    segments: list[int] = field(default_factory=list)
    laps: list[_Lap] = field(default_factory=list)
    tracks: int = 0
    device: str | None = None
    naive: bool = False
    offset_s: int = 0
    untimed: int = 0

    @property
    def start(self) -> datetime | None:
        """Its first point, else its first lap, else what names it."""
        return min(self.times) if self.times else next((lap.start for lap in self.laps if lap.start), self.begun)

    @property
    def is_recording(self) -> bool:
        """True with points; or with a start and totals, as an indoor run has them."""
        totals = any(lap.seconds or lap.metres for lap in self.laps)
        return bool(self.times or (totals and self.start))


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
        elif name == "Lap" and self.activities:
            self.activities[-1].laps.append(_Lap(start=self._clock(attributes.get("StartTime", ""))))
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
        elif parent == "Lap" and name == "TotalTimeSeconds" and self.activities[-1].laps:
            self.activities[-1].laps[-1].seconds = _number(text)
        elif parent == "Lap" and name == "DistanceMeters" and self.activities[-1].laps:
            self.activities[-1].laps[-1].metres = _number(text)
        elif parent == "Activity" and name == "Id":
            self.activities[-1].begun = self._clock(text)
        elif parent == "Creator" and name == "Name":
            self.activities[-1].device = "".join(c for c in text if c.isprintable())[:60] or None

    def _clock(self, text: str) -> datetime | None:
        """A moment in UTC. Until there is a point, its zone is that of the activity."""
        moment, activity = _moment(text), self.activities[-1]
        if moment is None:
            return None
        if not activity.times:
            self._note_zone(moment)
        return as_utc(moment)

    def _note_zone(self, moment: datetime) -> None:
        activity = self.activities[-1]
        activity.naive = moment.tzinfo is None or (activity.naive and bool(activity.times))
        activity.offset_s = int((moment.utcoffset() or timedelta()).total_seconds())

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
            self._note_zone(self._time)
            moment = as_utc(self._time)
            activity.times.append(moment)
            activity.points.append(self._point)
            if activity.laps:
                activity.laps[-1].times.append(moment)
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
    found = [a for a in reader.activities if (a.times if problems else a.is_recording)]
    if not found:
        return [empty_recording(_why_nothing(reader.activities, problems))]
    return [_recording(a, problems) for a in found]


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
    start = activity.start
    assert start is not None
    sport = house_sport(activity.sport or None)
    if activity.sport.lower() in NO_SPORT:
        problems.append(_problem("sport_unknown", f"its sport is {activity.sport or 'not named'!r}: kept as {sport}"))
    track = _track(activity, start)
    rule = None
    if sport == RUN_SPORT:
        factor, rule = cadence_unit(track)
        track.cadence_spm[:] *= factor if factor is not None else float("nan")
        problems += undecided_cadence(factor, rule)
    cut = bool(faults)
    summary = Summary() if cut else _totals(activity, track, start, sport, problems)
    return Recording(
        start=start,
        utc_offset_s=activity.offset_s or None,
        offset_source="file" if activity.offset_s else None,
        sport=sport,
        device=activity.device,
        track=track,
        summary=replace(summary, cadence_rule=rule),
        salvaged=cut,
        problems=tuple(problems),
    )


def _totals(activity: _Activity, track: Track, start: datetime, sport: str, problems: list[Problem]) -> Summary:
    """The sums of the laps. Where a lap has no distance or time its points give it, and that is said."""
    step = np.concatenate([[0.0], walk(track, sport).step_m]) if len(track) else np.zeros(0)
    metres, seconds, without = [], [], 0
    for lap in activity.laps:
        first, last = (_seconds(min(lap.times), start), _seconds(max(lap.times), start)) if lap.times else (0.0, -1.0)
        covered = float(step[(track.time_s >= first) & (track.time_s <= last)].sum()) if lap.times else None
        lacks = lap.metres is None or (lap.metres <= 0 and (covered or 0.0) > LAP_M)
        without += lacks
        metres.append(covered if lacks else lap.metres)
        seconds.append(lap.seconds if lap.seconds is not None or not lap.times else last - first)
    if 0 < without < len(metres):
        detail = f"{without} of {len(metres)} laps have no distance of their own: it is that of their points"
        problems.append(_problem("lap_distance_missing", detail))
    ends = [_seconds(lap.start, start) + lap.seconds for lap in activity.laps if lap.start and lap.seconds]
    return Summary(
        distance_m=None if without == len(metres) else _sum(metres),
        timer_s=_sum(seconds),
        elapsed_s=max(ends) if ends and not activity.times else None,
    )


def _seconds(moment: datetime, start: datetime) -> float:
    return (moment - start).total_seconds()


def _sum(values: list[float | None]) -> float | None:
    """Sum of what is known, None where nothing is."""
    known = [v for v in values if v is not None]
    return sum(known) if known else None


def _track(activity: _Activity, start: datetime) -> Track:
    none = float("nan")
    columns: dict[str, list[float]] = {"segment": [float(s) for s in activity.segments]}
    for column in sorted(set().union(*activity.points)):
        columns[column] = [p.get(column, none) for p in activity.points]
    return build_track([(t - start).total_seconds() for t in activity.times], columns)
