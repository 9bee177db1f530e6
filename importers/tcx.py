"""TCX to recordings, read by expat behind a guard: one recording for each activity of the file."""

from __future__ import annotations

import math
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, ClassVar, Final

import numpy as np

from importers.checks import checked
from importers.markup.guard import SALVAGED, Guard, HostileXMLError, printable
from importers.markup.lane import read_document
from importers.markup.points import TIME, number, sensor
from importers.markup.text import read_text
from importers.markup.time import NO_TIME, US, moment_of, one_time, without_broken_clocks
from importers.path import GAP_S, walk
from importers.problems import Problem, counted
from importers.run import Recording, Summary
from importers.shape import in_steps, same_instant, unknown_type
from importers.sports import house_type
from importers.track import build_track, empty_recording

if TYPE_CHECKING:
    from collections.abc import Iterator

    from importers.markup.points import Points
    from importers.markup.time import Times
    from importers.run import Column, Track

_VALUES: Final[dict[str, str]] = {
    "Time": TIME,
    "LatitudeDegrees": "latitude_deg",
    "LongitudeDegrees": "longitude_deg",
    "AltitudeMeters": "altitude_m",
    "DistanceMeters": "distance_m",
}
"""Element of a point -> column; at any depth, as a ``sensor`` may stand."""
_LAP_VALUES: Final = ("TotalTimeSeconds", "DistanceMeters", "Steps")
NO_SPORT: Final = ("", "other")
"""Polar and others write one of these for every sport."""
LAPS_MAX: Final = 20_000
"""Laps and activities of one file; more are no recording."""
LAP_M: Final = 10.0
"""A lap whose distance is given as 0, while its points cover more than this, has no distance of its own (m)."""


@dataclass(slots=True)
class _Lap:
    """A lap: what it says of itself, and which points are its own."""

    start: int
    """Microseconds since 1970, ``NO_TIME`` where unknown."""
    first: int
    end: int
    said: dict[str, float] = field(default_factory=dict)
    heart_rate_bpm: float | None = None

    @property
    def seconds(self) -> float | None:
        """Its time as the device gives it."""
        return self.said.get("TotalTimeSeconds")

    @property
    def metres(self) -> float | None:
        """Its distance as the device gives it."""
        return self.said.get("DistanceMeters")


@dataclass(slots=True)
class _Activity:
    """An activity: its words, its laps, and the first of its points."""

    sport: str
    first: int
    begun: int = NO_TIME
    offset_s: float = 0.0
    """Of its first time; NaN where it names no zone."""
    laps: list[_Lap] = field(default_factory=list)
    device: str | None = None

    @property
    def start(self) -> int:
        """What its first lap says, else what names it."""
        return next((lap.start for lap in self.laps if lap.start != NO_TIME), self.begun)

    @property
    def has_totals(self) -> bool:
        """True with a start and totals, as an indoor run has them."""
        return self.start != NO_TIME and any(lap.seconds or lap.metres for lap in self.laps)


class TcxReader(Guard):
    """Collects activities, laps and points as the elements go by. Courses and workouts are no activities."""

    point = "Trackpoint"
    frame = ("TrainingCenterDatabase", "Activities", "Activity", "Lap", "Track")
    starts: ClassVar = {
        "Activity": "_begin",
        "Run": "_begin",
        "Lap": "_begin_lap",
        "Track": "_begin_track",
        "Trackpoint": "_begin_point",
    }
    ends: ClassVar = {
        "Activity": "_end_activity",
        "Run": "_end_activity",
        "Lap": "_end_lap",
        "Trackpoint": "_end_point",
        "Value": "_heart_rate",
        "Id": "_id",
        "Name": "_name",
    }

    def __init__(self) -> None:
        super().__init__()
        self.activities: list[_Activity] = []
        self.author: str | None = None
        self.lap_breaks: list[int] = []
        """First points of laps: no break where time runs on."""
        self._in_activity = self._in_point = self._new_lap = False
        self._lap: _Lap | None = None
        self._laps = 0

    def at_end(self, name: str) -> Any:
        """What takes a word or a value, or closes what was open."""
        column = _VALUES.get(name) or sensor(name)
        return self._value(name, column) if column or name in _LAP_VALUES else super().at_end(name)

    def _begin(self, attributes: dict[str, str]) -> None:
        self._in_activity = True
        if not (self.reopens() and self.activities):
            folder = self.path[-2].rpartition(":")[2] if len(self.path) > 1 else ""  # of the first version: Running
            sport = attributes.get("Sport", "" if folder == "Activities" else folder)
            self.activities.append(_Activity(sport.strip(), self.points.count))
            self._count_lap()

    def _end_activity(self, _: str) -> None:
        self._in_activity = False

    def _begin_lap(self, attributes: dict[str, str]) -> None:
        reopened = self.reopens()
        self._new_lap = not reopened
        if not self._in_activity:
            return
        laps = self.activities[-1].laps
        if not (reopened and laps):
            self._count_lap()
            laps.append(_Lap(self._clock(attributes.get("StartTime", "")), self.points.count, self.points.count))
        self._lap = laps[-1]

    def _count_lap(self) -> None:
        self._laps += 1
        if self._laps > LAPS_MAX:
            raise HostileXMLError(f"more than {LAPS_MAX:,} laps")

    def _end_lap(self, _: str) -> None:
        if self._lap is not None:
            self._lap.end = self.points.count
        self._lap = None

    def _begin_track(self, _: dict[str, str]) -> None:
        self.reopens()
        if self._new_lap:
            self.lap_breaks.append(self.points.count)
        else:
            self.points.part()
        self._new_lap = False

    def _begin_point(self, _: dict[str, str]) -> None:
        self.reopens()
        self._in_point = self._in_activity and self.points.begin()

    def _end_point(self, _: str) -> None:
        self._in_point = False

    def _value(self, name: str, column: str | None) -> Any:
        of_lap = name in _LAP_VALUES
        points = self.points
        texts, at = points.lists(column) if column else ([], [])

        def end(text: str) -> None:
            if self._in_point:
                texts.append(text)
                at.append(points.count - 1)
            elif of_lap and self._lap is not None and name not in self._lap.said and math.isfinite(number(text)):
                self._lap.said[name] = number(text)

        return end

    def _heart_rate(self, text: str) -> None:
        parent = self._parent()
        if self._in_point and parent == "HeartRateBpm":
            texts, at = self.points.lists("heart_rate_bpm")
            texts.append(text)
            at.append(self.points.count - 1)
        elif self._lap is not None and not self._in_point and parent == "AverageHeartRateBpm":
            self._lap.heart_rate_bpm = number(text) if number(text) > 0 else None

    def _id(self, text: str) -> None:
        if self._in_activity and self._lap is None:
            self.activities[-1].begun = self._clock(text)

    def _name(self, text: str) -> None:
        parent = self._parent()
        if parent == "Creator" and self._in_activity:
            self.activities[-1].device = printable(text)
        elif parent == "Author":
            self.author = printable(text)

    def _parent(self) -> str:
        """Element around the one that has just ended; "" around the outermost."""
        return self.path[-1].rpartition(":")[2] if self.path else ""

    def _clock(self, text: str) -> int:
        """A moment of a lap or of the activity's name; its zone holds until a point has one."""
        us, offset = one_time(text)
        if us != NO_TIME:
            self.activities[-1].offset_s = offset
        return us

    def takes_points(self) -> bool:
        """True in an activity."""
        return self._in_activity and not self._in_point

    def words(self) -> object:
        """Names, laps and the like."""
        return self.activities, self.author, self.points.breaks, self.lap_breaks

    def broken(self) -> None:
        """The point that is open is not whole, and neither are the laps."""
        if self._in_point:
            self.points.unfinished.append(self.points.count - 1)
        self._end_lap("")
        self._in_point = self._in_activity = False


@np.errstate(all="ignore")  # of damaged numbers beyond all bounds; cleaning drops them
def read_tcx(data: bytes) -> list[Recording]:
    """Decode one TCX file into recordings, one for each activity. Nothing is raised for bad data.

    Times without a zone are taken as UTC, and that is said. An activity without a point is one if its laps have totals.
    """
    try:
        reader, problems = read_document(read_text(data), TcxReader)
        return _recordings(reader, problems)
    except HostileXMLError as error:
        return [empty_recording(_problem("hostile_xml", str(error)))]
    except Exception as error:  # a defect of ours costs this file and is said
        return [empty_recording(_problem("malformed_xml", f"{type(error).__name__}: {error}"[:300]))]


def _problem(code: str, detail: str) -> Problem:
    return Problem(source="", code=code, detail=detail)


def _recordings(reader: TcxReader, problems: list[Problem]) -> list[Recording]:
    points, whole = reader.points, not any(p.code in SALVAGED for p in problems)
    times, broken = without_broken_clocks(points.times(), [a.first for a in reader.activities])
    columns = {name: points.column(name) for name in points.names}
    columns["segment"] = _segments(reader, times)
    ends = [*(a.first for a in reader.activities), points.count][1:]
    found = []
    for activity, end in zip(reader.activities, ends, strict=True):
        own = slice(activity.first, end)
        timed = times.us[own] != NO_TIME
        if timed.any() or (whole and activity.has_totals):
            lost = _losses(points, own, times, int(broken[own].sum()))
            found.append(_recording(reader, activity, own, times, columns, [*problems, *lost]))
    return found or [empty_recording(_why_nothing(points.count, problems))]


def _losses(points: Points, own: slice, times: Times, broken: int) -> Iterator[Problem]:
    """What was left out of the points of an activity, counted; ``broken`` of them are of a wrong clock."""
    unknown = int(np.count_nonzero(times.us[own] == NO_TIME))
    untimed = unknown - broken - sum(own.start <= k < own.stop for k in points.unfinished)
    for count, why in ((untimed, "without a time"), (broken, "with a broken clock")):
        if count:
            yield _problem("samples_dropped", f"{counted(count, 'point')} {why} dropped")
    bad = points.lost.total()
    if bad:
        lost = f"{counted(bad, 'value that is no number', 'values that are no numbers')} dropped"
        yield _problem("samples_dropped", lost)


def _why_nothing(count: int, problems: list[Problem]) -> Problem:
    if problems:
        return replace(problems[0], code="malformed_xml")
    if count:
        return _problem("no_time", f"none of its {counted(count, 'point')} has a time")
    return _problem("no_points", "a TCX file without track points (a course or workout, or nothing)")


def _segments(reader: TcxReader, times: Times) -> Column:
    """Number of the stretch of each point. A new lap is no pause, where its first point follows the last one soon."""
    breaks, us = list(reader.points.breaks), times.us
    timed = np.flatnonzero(us != NO_TIME)
    for first in reader.lap_breaks:
        k = int(np.searchsorted(timed, first))
        if not 0 < k < len(timed) or us[timed[k]] - us[timed[k - 1]] > GAP_S * US:
            breaks.append(first)
    number_of = np.searchsorted(np.sort(np.array(breaks, dtype=np.int64)), np.arange(len(us)), side="right")
    return number_of.astype(np.float64)


def _recording(
    reader: TcxReader,
    activity: _Activity,
    own: slice,
    times: Times,
    columns: dict[str, Column],
    faults: list[Problem],
) -> Recording:
    at = np.flatnonzero(times.us[own] != NO_TIME) + own.start
    offset = times.offset_s[at[0]] if len(at) else activity.offset_s
    us = times.us[at]
    start = int(us.min()) if len(us) else activity.start
    values = {name: column[at] for name, column in columns.items()}
    values["segment"] = np.concatenate([[0.0], np.cumsum(np.diff(values["segment"]) != 0)])[: len(at)]
    track = build_track((us - start) / US, values)
    problems = [*faults, *same_instant(len(at), track)]
    if np.isnan(times.offset_s[at]).any() or np.isnan(offset):
        problems.append(_problem("naive_time", "times without a zone are taken as UTC"))
    sport, surface = house_type(activity.sport or None)
    if activity.sport.lower() in NO_SPORT:
        problems.append(_problem("sport_unknown", f"its sport is {activity.sport or 'not named'!r}: kept as {sport}"))
    else:
        problems += unknown_type(track, sport, activity.sport, None)
    rule, undecided = in_steps(track, sport)
    cut = any(p.code in SALVAGED for p in faults)
    summary = Summary() if cut else _totals(activity, track, times, start, sport, problems)
    recording = Recording(
        start=moment_of(start),
        utc_offset_s=int(offset) if offset and np.isfinite(offset) else None,
        offset_source="file" if offset and np.isfinite(offset) else None,
        sport=sport,
        surface=surface,
        device=activity.device or reader.author,
        track=track,
        summary=replace(summary, cadence_rule=rule),
        salvaged=cut,
        problems=(*problems, *undecided),
    )
    return checked(recording, disordered=int(np.count_nonzero(us[1:] < us[:-1])))


# ---------------------------------------------------------------- totals of the laps
def _totals(
    activity: _Activity, track: Track, times: Times, start: int, sport: str, problems: list[Problem]
) -> Summary:
    """The sums of the laps. Where a lap has no distance or time its points give it, and that is said."""
    spans = [_span(lap, times, start) for lap in activity.laps]
    in_doubt = any(not lap.metres for lap in activity.laps) and len(track) > 1
    path = np.cumsum(np.concatenate([[0.0, 0.0], walk(track, sport).step_m])) if in_doubt else None
    metres: list[float | None] = []
    seconds: list[float | None] = []
    without = 0
    for lap, span in zip(activity.laps, spans, strict=True):
        covered = None
        if span is not None and path is not None:
            first, end = np.searchsorted(track.time_s, span[0]), np.searchsorted(track.time_s, span[1], side="right")
            covered = float(path[end] - path[first])
        lacks = lap.metres is None or (lap.metres <= 0 and (covered or 0.0) > LAP_M)
        without += lacks
        metres.append(covered if lacks else lap.metres)
        seconds.append(lap.seconds or (span[1] - span[0] if span else None))
    if 0 < without < len(metres):
        detail = f"{without} of {len(metres)} laps have no distance of their own: it is that of their points"
        problems.append(_problem("lap_distance_missing", detail))
    summary = Summary(
        distance_m=_sum(metres) if any(lap.metres for lap in activity.laps) else None,
        timer_s=_sum(seconds) if any(lap.seconds for lap in activity.laps) else None,
    )
    return summary if len(track) else _indoors(summary, activity.laps, start)


def _span(lap: _Lap, times: Times, start: int) -> tuple[float, float] | None:
    """First and last second of the points of a lap, None without any."""
    us = times.us[lap.first : lap.end]
    us = us[us != NO_TIME]
    return ((int(us.min()) - start) / US, (int(us.max()) - start) / US) if len(us) else None


def _indoors(summary: Summary, laps: list[_Lap], start: int) -> Summary:
    """What only laps can say where there is no point."""
    ends = [(lap.start - start) / US + lap.seconds for lap in laps if lap.start != NO_TIME and lap.seconds]
    beats = [(lap.heart_rate_bpm, lap.seconds) for lap in laps if lap.heart_rate_bpm and lap.seconds]
    weight = sum(seconds for _, seconds in beats)
    return replace(
        summary,
        elapsed_s=max(ends) if ends else None,
        heart_rate_bpm=sum(rate * seconds for rate, seconds in beats) / weight if weight else None,
        steps=_sum([lap.said.get("Steps") for lap in laps]),
    )


def _sum(values: list[float | None]) -> float | None:
    """Sum of what is known, None where nothing is."""
    known = [v for v in values if v is not None]
    return sum(known) if known else None
