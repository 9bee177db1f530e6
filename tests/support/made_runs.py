"""Runs that are known to the metre, and the files that watches and services make of them: FIT, GPX, TCX.

A copy may be shifted (a wrong clock or zone), cut at its ends, or be written in another format.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from functools import cache
from itertools import groupby
from typing import Any

from loadplan.outbox.fit_activity import Part, activity_messages
from loadplan.outbox.fit_file import Value, encode, strides
from loadplan.outbox.gpx_file import Point, gpx_bytes

STEP_S = 10
METRES_PER_DEGREE = 6_371_008.8 * math.pi / 180
FIT_SPORTS = {
    "run": ("running", "generic"), "trail": ("running", "trail"), "virtual": ("running", "virtual_activity"),
    "treadmill": ("running", "treadmill"), "ride": ("cycling", "road"), "walk": ("walking", "generic"),
    "swim": ("swimming", "lap_swimming"),
}  # fmt: skip
GPX_TYPES = {"run": "running", "trail": "trail_running", "virtual": "running", "ride": "cycling", "walk": "walking"}
HOUSE = {"run": "run", "trail": "run", "virtual": "run", "treadmill": "run", "ride": "ride", "walk": "walk",
         "swim": "swim"}  # fmt: skip
"""Kind -> sport as the log names it."""


@dataclass(frozen=True)
class Made:
    """One activity as it was done. ``pauses`` are (from, to) in seconds from the start, multiples of ten."""

    start: datetime
    metres: float = 3000.0
    seconds: int = 1000
    """With the timer running."""
    offset_s: int = 7200
    kind: str = "run"
    shoe: str = ""
    title: str = "Morning Run"
    pauses: tuple[tuple[int, int], ...] = ()
    rpe: float | None = None

    @property
    def elapsed(self) -> int:
        return self.seconds + sum(b - a for a, b in self.pauses)

    @property
    def end(self) -> datetime:
        return self.start + timedelta(seconds=self.elapsed)

    @property
    def sport(self) -> str:
        return HOUSE[self.kind]

    @property
    def day(self) -> date:
        return (self.start + timedelta(seconds=self.offset_s)).date()

    @property
    def ascent(self) -> float:
        return round(self.metres / 100, 1)

    def later(self, seconds: float) -> Made:
        """The same, done later."""
        return replace(self, start=self.start + timedelta(seconds=seconds))


@dataclass(frozen=True)
class Row:
    """One moment: seconds and metres from where the recording begins, and which stretch between pauses it is in."""

    time: int
    metres: float
    stretch: int


def _rows(run: Made, cut: tuple[int, int]) -> tuple[int, list[Row]]:
    """What is recorded, and at which second of the run the recording begins; ``cut`` seconds are lost at both ends."""
    last = run.elapsed - cut[1]
    times = sorted({*range(cut[0], last, STEP_S), cut[0], last, *(t for pause in run.pauses for t in pause)})
    kept = [t for t in times if cut[0] <= t <= last and not any(a < t < b for a, b in run.pauses)]
    rows = [Row(t - cut[0], _metres(run, t), sum(t >= b for _, b in run.pauses)) for t in kept]
    return cut[0], [replace(row, metres=row.metres - rows[0].metres) for row in rows]


def _metres(run: Made, t: int) -> float:
    """Faster in the middle than at the ends, as people run; on a treadmill it is steady."""
    timer = t - sum(min(t, b) - a for a, b in run.pauses if t > a)
    share = timer / run.seconds
    wave = 0.0 if run.kind == "treadmill" else -0.02 * math.sin(2 * math.pi * share)
    return run.metres * (share + wave)


def _place(run: Made, row: Row, first: float = 0.0) -> dict[str, float]:
    """North along a meridian; each start has its own place."""
    seed = int(run.start.timestamp()) % 9973
    latitude = 10 + seed % 97 / 10 + (first + row.metres) / METRES_PER_DEGREE
    return {"position_lat": latitude, "position_long": 20 + seed / 1000}


def _altitude(row: Row) -> float:
    return round(100 + 10 * math.sin(row.metres / 200), 1)


def part_of(
    run: Made, *, shift_s: int = 0, cut: tuple[int, int] = (0, 0), metres: float = 0.0, **totals: Value
) -> Part:
    """A session of a FIT file; ``metres`` were covered earlier in the file."""
    begin, rows = _rows(run, cut)
    sport, sub_sport = FIT_SPORTS[run.kind]
    beat = _steps(run)
    pauses = tuple((a - begin, b - begin) for a, b in run.pauses if a > begin and b < run.elapsed - cut[1])
    return Part(
        start=run.start + timedelta(seconds=begin + shift_s), sport=sport, sub_sport=sub_sport, pauses=pauses,
        samples=[_record(run, row, metres, beat) for row in rows], totals=totals,
    )  # fmt: skip


def _record(run: Made, row: Row, metres: float, beat: Mapping[str, Value]) -> Mapping[str, Value]:
    outside = run.kind not in ("treadmill", "swim")
    place = {**_place(run, row), "enhanced_altitude": _altitude(row)} if outside else {}
    return {"time_s": row.time, "distance": round(metres + row.metres, 2), "heart_rate": 140, **beat, **place}


def _steps(run: Made) -> Mapping[str, Value]:
    return strides(166.0) if HOUSE[run.kind] == "run" else {}


@cache
def as_fit(
    run: Made, *, shift_s: int = 0, cut: tuple[int, int] = (0, 0), offset: bool = True, **totals: Value
) -> bytes:
    """As a watch saves it."""
    return fit_of([part_of(run, shift_s=shift_s, cut=cut, **totals)], run.offset_s if offset else None)


def fit_of(parts: Sequence[Part], offset_s: int | None) -> bytes:
    """One file of several sessions."""
    return encode(activity_messages(parts, utc_offset_s=offset_s))


@cache
def as_gpx(
    run: Made, *, shift_s: int = 0, cut: tuple[int, int] = (0, 0), kind: str | None = "", timed: bool = True
) -> bytes:
    """As a service exports it; without times when not ``timed``, as some have been seen."""
    begin, rows = _rows(run, cut)
    start = run.start + timedelta(seconds=begin + shift_s)
    segments = [
        [
            Point(
                latitude_deg=place["position_lat"], longitude_deg=place["position_long"], altitude_m=_altitude(row),
                time=start + timedelta(seconds=row.time) if timed else None, heart_rate_bpm=140, cadence=83,
            )
            for row in stretch
            for place in [_place(run, row)]
        ]
        for _, stretch in groupby(rows, key=lambda row: row.stretch)
    ]  # fmt: skip
    return gpx_bytes(segments, name=run.title, kind=GPX_TYPES.get(run.kind) if kind == "" else kind)


@cache
def as_tcx(run: Made, *, shift_s: int = 0, cut: tuple[int, int] = (0, 0), sport: str = "", blanks: int = 0) -> bytes:
    """As a training centre saves it; Strava's copies begin with ten blanks."""
    begin, rows = _rows(run, cut)
    start = run.start + timedelta(seconds=begin + shift_s)
    word = sport or {"run": "Running", "ride": "Biking"}.get(HOUSE[run.kind], "Other")
    timer = rows[-1].time - sum(b - a for a, b in run.pauses if a > begin and b < run.elapsed - cut[1])
    tracks = "".join(
        f"<Track>{''.join(_trackpoint(run, row, start) for row in stretch)}</Track>"
        for _, stretch in groupby(rows, key=lambda row: row.stretch)
    )
    text = (
        '<?xml version="1.0" encoding="UTF-8"?><TrainingCenterDatabase '
        'xmlns="http://www.garmin.com/xmlschemas/TrainingCenterDatabase/v2" '
        'xmlns:ns3="http://www.garmin.com/xmlschemas/ActivityExtension/v2"><Activities>'
        f'<Activity Sport="{word}"><Id>{_stamp(start)}</Id><Lap StartTime="{_stamp(start)}">'
        f"<TotalTimeSeconds>{timer}</TotalTimeSeconds><DistanceMeters>{rows[-1].metres:.2f}</DistanceMeters>{tracks}"
        "</Lap><Creator><Name>Forerunner</Name></Creator></Activity></Activities></TrainingCenterDatabase>"
    )
    return b" " * blanks + text.encode()


def _trackpoint(run: Made, row: Row, start: datetime) -> str:
    place = _place(run, row)
    return (
        f"<Trackpoint><Time>{_stamp(start + timedelta(seconds=row.time))}</Time><Position><LatitudeDegrees>"
        f"{place['position_lat']:.9f}</LatitudeDegrees><LongitudeDegrees>{place['position_long']:.9f}"
        f"</LongitudeDegrees></Position><AltitudeMeters>{_altitude(row)}</AltitudeMeters><DistanceMeters>"
        f"{row.metres:.2f}</DistanceMeters><HeartRateBpm><Value>140</Value></HeartRateBpm><Extensions><ns3:TPX>"
        "<ns3:RunCadence>83</ns3:RunCadence></ns3:TPX></Extensions></Trackpoint>"
    )


def _stamp(t: datetime) -> str:
    return f"{t:%Y-%m-%dT%H:%M:%SZ}"


def some_runs(count: int = 12, *, first: datetime = datetime(2023, 3, 6, 5, 10, tzinfo=UTC), **same: Any) -> list[Made]:
    """Runs of different hour, length, pace and pauses, two days apart; the pairs of shoes follow each other."""
    runs = []
    for n in range(count):
        seconds = 600 + 70 * (n % 9)
        runs.append(Made(
            start=first + timedelta(days=2 * n, minutes=53 * (n % 11), seconds=7 * n), seconds=seconds,
            metres=round(seconds * (2.5 + 0.07 * (n % 8)) + 3.37 * n, 2), pauses=((200, 260),) if n % 3 == 1 else (),
            shoe=("Pegasus 33", "Pegasus 33", "", "Brooks Ghost 15")[n % 4], title=_titles(n),
        ))  # fmt: skip
    return [replace(run, **same) for run in runs] if same else runs


def _titles(n: int) -> str:
    return ("Morning Run", 'Lauf, mit\nZeilen "umbruch"', "=1+1; [/foo]", "朝ラン", "@SUM(A1)", "-5 km;\r\nzwei")[n % 6]
