"""The rows of an activities.csv: cells to what an activity is, once the whole table has been looked at."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from statistics import median
from typing import Final, NamedTuple

import numpy as np

from importers.account import AccountRow
from importers.checks.samples import WORLD_BEST_M_S
from importers.problems import Problem
from importers.run import RUN_SPORT
from importers.shape import STEPS_ABOVE, STRIDES_BELOW
from importers.sports import UNKNOWN_SPORT, house_type
from importers.strava.columns import Columns
from importers.table import number, seconds
from importers.track import RANGES

SERVICE: Final = "strava"
METRES_PER_KM: Final = 1000.0
SEEN_IN_METRES: Final = ("swim", "rowing")
"""Sports whose distance the athlete sees in metres, with a sign of thousands and without decimals."""
ON_FOOT: Final = (RUN_SPORT, "walk", "hike")
WHEELED: Final = "ride"
"""The gear of a ride is a bicycle."""
LOST: Final = "#error#"
"""What stands in place of the name of a file that the service could not export."""
RPE: Final = (1.0, 10.0)
"""Perceived exertion as the service asks for it; 0 is no answer."""
ID_DIGITS: Final = 19
"""Digits of a number of an activity at most (64 bits); today they have 11."""
MOST: Final = 1e9
"""Metres or seconds beyond are no measurement: 30 years, 25 times round the earth."""
TOO_FAST_M_S: Final = 340.0
"""A table whose activities have a higher median speed when read in km is in metres: airliners are slower."""
TOO_SLOW_M_S: Final = 0.05
"""And one with a lower median speed when read in metres is in km."""
_WHOLE: Final = re.compile(r"\d{1,3}(?:[.,'\u2019 \u00a0\u202f]\d{3})+|\d+")
_DECIMALS: Final = re.compile(r"([.,])\d\d?$")
_WITH_POINT: Final = re.compile(r"(\d{1,19})[.,]0*")
_ALWAYS_FAST_M_S: Final = WORLD_BEST_M_S[-1][1]
_BEST_OVER_M: Final = [metres for metres, _ in WORLD_BEST_M_S]
_BEST_M_S: Final = [speed for _, speed in WORLD_BEST_M_S]


class Cells(NamedTuple):
    """The cells of a row that are wanted, as text; empty where the table has no such column."""

    line: int
    id: str
    date: str
    name: str
    kind: str
    elapsed: str
    distance: str
    gear: str
    filename: str
    elapsed_again: str
    moving: str
    metres: str
    ascent: str
    descent: str
    rpe: str
    cadence: str
    heart_rate: str
    steps: str


class Rows:
    """Reads one row after another. What the table as a whole tells (signs, units) is worked out before the first."""

    def __init__(self, source: str, columns: Columns, cells: Sequence[Cells], resaved: bool) -> None:
        self.source = source
        self.problems: list[Problem] = []
        self.unknown_types: Counter[str] = Counter()
        self._types: dict[str, tuple[str, str | None]] = {}
        self._lines: dict[str, int] = {}
        self._comma = True if resaved else None
        self._km_comma = _comma_decimals(cells)
        self._in_metres = self._unit(columns, cells)

    def _unit(self, columns: Columns, cells: Sequence[Cells]) -> bool:
        """Whether the distances of a table that says them once are in metres."""
        if columns.metres is not None:
            return columns.in_metres
        dry = [row for row in cells if self._type(row.kind)[0] not in SEEN_IN_METRES]
        pairs = [(number(row.distance, self._km_comma), seconds(row.elapsed, self._comma)) for row in dry]
        speeds = [distance / time for distance, time in pairs if distance and time and distance > 0 and time > 0]
        usual = median(speeds) if speeds else None
        metres = columns.in_metres
        if usual is not None and not metres and usual * METRES_PER_KM > TOO_FAST_M_S:
            metres = True
        elif usual is not None and metres and usual < TOO_SLOW_M_S:
            metres = False
        if metres != columns.in_metres:
            unit = "metres" if metres else "km"
            self._say("distance_unit", f"distances are read in {unit}: nobody is as fast as they say otherwise")
        return metres

    def read(self, row: Cells, start: datetime | None, day_only: bool, shoes: Mapping[str, str]) -> AccountRow | None:
        """What a row says, None where it has no start or was there before: that is named."""
        if start is None:
            self._say("unreadable_row", f"its date is not readable: {row.date[:40]!r}", row.line)
            return None
        number_ = self._id(row, start)
        if number_ is None:
            return None
        if day_only:
            self._say("no_time_of_day", "it names a day and no time: midnight is taken", row.line)
        sport, surface = self._type(row.kind)
        if sport == UNKNOWN_SPORT:
            self.unknown_types[row.kind.strip()] += 1
        moving = self._amount(row, row.moving, time=True)
        elapsed = self._amount(row, row.elapsed_again, time=True)
        if elapsed is None:
            elapsed = self._amount(row, row.elapsed, time=True)
        metres = self._amount(row, row.metres)
        if metres is None:
            metres = self._first_distance(row, sport)
        if sport == RUN_SPORT and metres and (moving or elapsed):
            self._check_speed(row, metres, moving or elapsed or 0.0)
        gear = shoes.get(" ".join(row.gear.split())) or (" ".join(row.gear.split()) if sport != WHEELED else "")
        filename = row.filename.strip()
        lost = filename.lower() == LOST
        return AccountRow(
            service=SERVICE,
            activity_id=number_,
            start=start,
            utc_known=not day_only,
            sport=sport,
            surface=surface,
            distance_m=metres,
            elapsed_s=elapsed,
            moving_s=moving,
            ascent_m=self._amount(row, row.ascent),
            descent_m=self._amount(row, row.descent),
            cadence_spm=self._cadence(row.cadence, sport) if row.cadence else None,
            heart_rate_bpm=self._within(row.heart_rate, RANGES["heart_rate_bpm"]) if row.heart_rate else None,
            steps=(self._amount(row, row.steps) or None) if row.steps else None,
            rpe=self._within(row.rpe, RPE) if row.rpe else None,
            title=row.name.strip() or None,
            gear=gear or None,
            filename=None if lost else filename or None,
            file_lost=lost,
            source=f"{self.source}:{row.line}",
        )

    def _id(self, row: Cells, start: datetime) -> str | None:
        """Number of the activity; None for one that was there before."""
        name = row.id.strip()
        if not name.isdecimal() or len(name) > ID_DIGITS:
            point = _WITH_POINT.fullmatch(name[: 2 * ID_DIGITS])
            name = point[1] if point else self._made_id(row, start)
        first = self._lines.setdefault(name, row.line)
        if first != row.line:
            self._say("duplicate_id", f"activity {name} stands on line {first} already, and is taken once", row.line)
            return None
        return name

    def _made_id(self, row: Cells, start: datetime) -> str:
        """A name for an activity whose number a spreadsheet has spoilt: its start, which stays the same."""
        self._say("bad_id", f"{row.id[:40]!r} is no number of an activity: its start is taken for it", row.line)
        made = name = f"at-{start:%Y%m%dT%H%M%S}"
        again = 1
        while name in self._lines:
            again += 1
            name = f"{made}-{again}"
        return name

    def _type(self, kind: str) -> tuple[str, str | None]:
        known = self._types.get(kind)
        if known is None:
            known = self._types[kind] = house_type(kind.strip())
        return known

    def _amount(self, row: Cells, text: str, time: bool = False) -> float | None:
        """A number that is not negative; None where there is none, and what is no number is named."""
        if not text or text.isspace():
            return None
        value = seconds(text, self._comma) if time else number(text, self._comma)
        if value is None or not 0 <= value <= MOST:
            self._say("bad_number", f"{text[:40]!r} is no {'duration' if time else 'amount'} and is left out", row.line)
            return None
        return value

    def _first_distance(self, row: Cells, sport: str) -> float | None:
        """Metres from the distance as the athlete sees it, in the language's signs."""
        text = row.distance.strip()
        if not text:
            return None
        if self._in_metres:
            return self._amount(row, text)
        if sport in SEEN_IN_METRES and _WHOLE.fullmatch(text):
            return self._amount(row, re.sub(r"\D", "", text))
        value = number(text, self._km_comma)
        if value is None or not 0 <= value <= MOST:
            self._say("bad_number", f"{text[:40]!r} is no distance and is left out", row.line)
            return None
        return round(value * METRES_PER_KM, 3)

    def _check_speed(self, row: Cells, metres: float, time: float) -> None:
        speed = metres / time
        if speed > _ALWAYS_FAST_M_S and speed > (best := float(np.interp(metres, _BEST_OVER_M, _BEST_M_S))):
            detail = f"a run of {metres / METRES_PER_KM:,.1f} km at {speed:.1f} m/s: the best ever is {best:.1f} m/s"
            self._say("too_fast", detail, row.line)

    def _cadence(self, text: str, sport: str) -> float | None:
        """Steps a minute. The service counts one leg; some partners hand it both. None where that is undecided."""
        value = number(text, self._comma)
        if value is None or sport not in ON_FOOT or not 0 < value <= RANGES["cadence_spm"][1]:
            return None
        if value < STRIDES_BELOW:
            return 2 * value
        return value if value > STEPS_ABOVE else None

    def _within(self, text: str, limits: tuple[float, float]) -> float | None:
        value = number(text, self._comma)
        return value if value is not None and limits[0] <= value <= limits[1] else None

    def _say(self, code: str, detail: str, line: int | None = None) -> None:
        source = self.source if line is None else f"{self.source}:{line}"
        self.problems.append(Problem(source=source, code=code, detail=detail))


def _comma_decimals(cells: Collection[Cells]) -> bool | None:
    """Whether a comma stands before the decimals of the first distance (language); None where nothing tells."""
    signs = Counter(found[1] for row in cells if (found := _DECIMALS.search(row.distance)))
    return signs[","] > signs["."] if signs else None
