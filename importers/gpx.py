"""GPX to recordings, read by expat behind a guard; segments are never bridged."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache
from itertools import pairwise
from typing import TYPE_CHECKING, Any, ClassVar, Final

import numpy as np

from importers.checks import checked
from importers.markup.guard import SALVAGED, Guard, HostileXMLError, printable
from importers.markup.lane import read_document
from importers.markup.points import TIME, Points, sensor
from importers.markup.text import read_text
from importers.markup.time import NO_TIME, US, moment_of, without_broken_clocks
from importers.problems import Problem, counted
from importers.run import Recording, Summary
from importers.shape import WORD_MAX, guess_sport, in_steps, same_instant, unknown_type
from importers.sports import UNKNOWN_SPORT, house_type
from importers.track import build_track, empty_recording

if TYPE_CHECKING:
    from importers.markup.cells import Index
    from importers.markup.time import Times
    from importers.run import Column

SAME_RECORDING_S: Final = 3600
"""A track that starts later than this after the one before is a recording of its own (s)."""
TRACKS_MAX: Final = 20_000
"""Tracks of one file; a life of running has fewer."""
SAME_TIME: Final = (5, 95)
"""Half the points of a track between these percentiles of the times of another: both were recorded at once."""
TITLE_MAX: Final = 200
"""Characters of a title that are kept."""
_PLACE: Final = {"lat": "latitude_deg", "lon": "longitude_deg"}
"""Attribute of a point -> column."""
_OWN: Final = {"ele": "altitude_m", "time": TIME}
"""Element of a point itself, not of its extensions -> column. A ``sensor`` may stand at any depth."""


@dataclass(slots=True)
class _TrackHead:
    """A track of the file: its words, and the first of its points."""

    first: int
    kind: str | None = None
    name: str | None = None


class GpxReader(Guard):
    """Collects tracks and their points as the elements go by. Routes and waypoints are no tracks."""

    point = "trkpt"
    frame = ("gpx", "trk", "trkseg")
    starts: ClassVar = {"gpx": "_gpx", "trk": "_trk", "trkseg": "_trkseg", "trkpt": "_trkpt"}
    ends: ClassVar = {"trkpt": "_end_trkpt", "trk": "_end_trk", "name": "_name", "type": "_type"}

    def __init__(self) -> None:
        super().__init__()
        self.tracks: list[_TrackHead] = []
        self.creator: str | None = None
        self.name: str | None = None
        self._depth = 0
        """Open elements with the point that is open, 0 without one."""
        self._track_depth = 0
        self._places = [(name, *self.points.lists(column)) for name, column in _PLACE.items()]

    def at_end(self, name: str) -> Any:
        """What takes a word or a value, or closes what was open."""
        column = _OWN.get(name) or sensor(name)
        return self._value(column, own=name in _OWN) if column else super().at_end(name)

    def _gpx(self, attributes: dict[str, str]) -> None:
        self.creator = self.creator or attributes.get("creator")

    def _trk(self, _: dict[str, str]) -> None:
        if not (self.reopens() and self.tracks):
            if self.tracks and self.tracks[-1].first == self.points.count:  # the one before is empty
                self.tracks.pop()
            self.tracks.append(_TrackHead(self.points.count))
            if len(self.tracks) > TRACKS_MAX:
                raise HostileXMLError(f"more than {TRACKS_MAX:,} tracks")
        self._track_depth = len(self.path)

    def _trkseg(self, _: dict[str, str]) -> None:
        self.reopens()
        self.points.part()

    def _trkpt(self, attributes: dict[str, str]) -> None:
        self.reopens()
        if not self.tracks:  # the beginning of the file is lost
            self.tracks.append(_TrackHead(self.points.count))
        if not self.points.begin():
            return
        self._depth = len(self.path)
        for name, texts, at in self._places:
            if name in attributes:
                texts.append(attributes[name])
                at.append(self.points.count - 1)

    def _end_trkpt(self, _: str) -> None:
        self._depth = 0

    def _end_trk(self, _: str) -> None:
        self._track_depth = 0

    def _value(self, column: str, *, own: bool) -> Any:
        points = self.points
        texts, at = points.lists(column)

        def end(text: str) -> None:
            if self._depth and (not own or len(self.path) == self._depth):
                texts.append(text)
                at.append(points.count - 1)

        return end

    def _name(self, text: str) -> None:
        if self._track_depth and len(self.path) == self._track_depth:
            self.tracks[-1].name = self.tracks[-1].name or text.strip()[:TITLE_MAX]
        elif len(self.path) == 1 or self.path[1:] == ["metadata"]:
            self.name = self.name or text.strip()[:TITLE_MAX]

    def _type(self, text: str) -> None:
        if self._track_depth and len(self.path) == self._track_depth:
            self.tracks[-1].kind = self.tracks[-1].kind or text.strip()[:TITLE_MAX]

    def takes_points(self) -> bool:
        """True in a track."""
        return bool(self.tracks) and not self._depth

    def words(self) -> object:
        """Names, types and the like."""
        return self.creator, self.name, self.tracks, self.points.breaks

    def broken(self) -> None:
        """The point that is open is not whole."""
        if self._depth:
            self.points.unfinished.append(self.points.count - 1)
        self._depth = self._track_depth = 0


@np.errstate(all="ignore")  # of damaged numbers beyond all bounds; cleaning drops them
def read_gpx(data: bytes) -> list[Recording]:
    """Decode one GPX file into recordings. Nothing is raised for bad data.

    Tracks that follow each other within an hour are one recording, as watches write them after a break; later ones
    are recordings of their own. A file without points or without times gives an empty recording whose problem says
    so. Times without a zone are taken as UTC, and that is said.
    """
    try:
        text = read_text(data)
        reader, problems = read_document(text, GpxReader)
        return _recordings(reader, problems)
    except HostileXMLError as error:
        return [empty_recording(_problem("hostile_xml", str(error)))]
    except Exception as error:  # a defect of ours costs this file and is said
        return [empty_recording(_problem("malformed_xml", f"{type(error).__name__}: {error}"[:300]))]


def _problem(code: str, detail: str) -> Problem:
    return Problem(source="", code=code, detail=detail)


def _recordings(reader: GpxReader, problems: list[Problem]) -> list[Recording]:
    """Recordings of a file: its tracks, those that follow each other closely taken together."""
    points = reader.points
    if not points.count:
        return [empty_recording(_nothing(problems, "no_points", "no track points (a route, waypoints or nothing)"))]
    times, broken = without_broken_clocks(points.times(), [t.first for t in reader.tracks])
    known = times.us != NO_TIME
    if not known.any():
        return [empty_recording(_nothing(problems, "no_time", f"none of its {points.count} points has a time"))]
    columns = {name: points.column(name) for name in (*_PLACE.values(), *points.names)}
    columns["segment"] = points.segments()
    problems = [*problems, *_losses(points, columns, known, int(broken.sum()))]
    if np.isnan(times.offset_s[known]).any():
        problems.append(_problem("naive_time", "times without a zone are taken as UTC"))
    groups, doubles = _grouped(reader, times.us, known)
    if doubles:
        detail = f"tracks left out because a longer one is of the same time: {doubles}"
        problems.append(_problem("same_time", detail))
    return [_recording(reader, tracks, at, times, columns, problems) for tracks, at in groups]


def _nothing(problems: list[Problem], code: str, detail: str) -> Problem:
    """Why nothing can be kept: what is wrong with the document, else what it lacks."""
    first = problems[0] if problems else None
    return replace(first, code="malformed_xml", detail=f"{first.detail}; {detail}") if first else _problem(code, detail)


def _losses(points: Points, columns: dict[str, Column], known: Any, broken: int) -> Iterator[Problem]:
    """What was left out of the points, counted."""
    bad = sum(count for name, count in points.lost.items() if name not in _PLACE.values())
    untimed = int((~known).sum()) - len(points.unfinished) - broken
    placeless = int(np.isnan(sum(columns[name][known] for name in _PLACE.values())).sum())
    if untimed:
        yield _problem("samples_dropped", f"{counted(untimed, 'point')} without a time dropped")
    if broken:
        yield _problem("samples_dropped", f"{counted(broken, 'point')} with a broken clock dropped")
    if bad:
        yield _problem(
            "samples_dropped", f"{counted(bad, 'value that is no number', 'values that are no numbers')} dropped"
        )
    if placeless == known.sum():
        yield _problem("no_place", "none of its points has a place")
    elif placeless:
        lost = f"{counted(placeless, 'place')} missing or no number; the rest of the point is kept"
        yield _problem("samples_dropped", lost)


def _grouped(reader: GpxReader, us: Index, known: Any) -> tuple[list[tuple[list[_TrackHead], Index]], int]:
    """Tracks in order of time, with their points that have one; and how many were left out.

    After more than an hour, or with another type, a new recording begins. Of two tracks of the same time, as a watch
    and a phone write them, the one with more points is kept.
    """
    timed = np.flatnonzero(known)
    edges = [0, *np.searchsorted(timed, [t.first for t in reader.tracks[1:]]).tolist(), len(timed)]
    parts = [(t, timed[a:z]) for t, (a, z) in zip(reader.tracks, pairwise(edges), strict=True) if z > a]
    spans = [(int(us[at].min()), int(us[at].max())) for _, at in parts]
    core = cache(lambda k: np.percentile(us[parts[k][1]], SAME_TIME))

    def at_once(j: int, k: int) -> bool:
        few, many = sorted((j, k), key=lambda n: len(parts[n][1]))
        moments, (low, high) = us[parts[few][1]], core(many)
        return 2 * int(((moments >= low) & (moments <= high)).sum()) > len(moments)

    groups: list[list[int]] = []
    end = doubles = 0
    for k in sorted(range(len(parts)), key=spans.__getitem__):
        begin, own_end = spans[k]
        last = groups[-1][-1] if groups else None
        if last is not None and begin < end and at_once(last, k):
            doubles += 1
            groups[-1][-1] = max(last, k, key=lambda n: len(parts[n][1]))
        elif last is not None and begin - end <= SAME_RECORDING_S * US and parts[k][0].kind == parts[last][0].kind:
            groups[-1].append(k)
        else:
            groups.append([k])
            end = own_end
        end = max(end, own_end)
    return [([parts[k][0] for k in own], np.concatenate([parts[k][1] for k in own])) for own in groups], doubles


def _recording(
    reader: GpxReader,
    tracks: list[_TrackHead],
    at: Index,
    times: Times,
    columns: dict[str, Column],
    faults: list[Problem],
) -> Recording:
    """One recording of tracks that belong together, from their points ``at``."""
    own = {name: column[at] for name, column in columns.items()}
    own["segment"] = np.concatenate([[0.0], np.cumsum(np.diff(own["segment"]) != 0)])
    us, offset = times.us[at], times.offset_s[at[0]]
    start = int(us.min())
    track = build_track((us - start) / US, own)
    words = [t.kind for t in tracks if t.kind]
    title = next((t.name for t in tracks if t.name), reader.name)
    sport, surface = house_type(words[0] if words else None)
    problems = [*faults, *same_instant(len(at), track)]
    if sport == UNKNOWN_SPORT:
        sport, why = guess_sport(track, title)
        problems.append(_problem("sport_guessed", f"{_untyped(words)}: {sport}, {why}"))
    problems += unknown_type(track, sport, words[0] if words else None, title)
    rule, undecided = in_steps(track, sport)
    recording = Recording(
        start=moment_of(start),
        utc_offset_s=int(offset) if offset and np.isfinite(offset) else None,
        offset_source="file" if offset and np.isfinite(offset) else None,
        sport=sport,
        surface=surface,
        device=_device(reader.creator),
        track=track,
        summary=Summary(title=title, cadence_rule=rule),
        salvaged=any(p.code in SALVAGED for p in faults),
        problems=(*problems, *undecided),
    )
    return checked(recording, disordered=int(np.count_nonzero(us[1:] < us[:-1])))


def _untyped(words: list[str]) -> str:
    return f"type {words[0][:WORD_MAX]!r} is not known" if words else "no type"


def _device(creator: str | None) -> str | None:
    """Who wrote the file, short and printable, without its address."""
    return printable(re.split(r"\s+-+\s|\s*https?:", creator or "")[0])
