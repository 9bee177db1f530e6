"""What the synthetic runner did: week by week, a steady base, a holiday, then too much at once, then pain.

Weeks are counted back from the week of the end date (0): -5 the jump in distance, -4 new shoes, -3 hills and a long
run far beyond the others, on which the knee begins to hurt, -2 and -1 reduced.
"""

from __future__ import annotations

import math
import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Final, Literal

Kind = Literal["easy", "long", "tempo", "ride"]
Route = Literal["flat", "rolling", "hilly"]

WEEKS: Final = 60
"""About 14 months."""
PHONE_WEEKS: Final = 5
"""The first weeks were recorded with a phone (GPX); then came a watch (FIT)."""
BASE_KM: Final = 35.0
SEASON_KM: Final = 3.0
EASY_SHARE: Final = 0.78
"""Every fourth week is an easier one."""
EASY_EVERY: Final = 4
NOISE: Final = 0.03
LATE_KM: Final = {-7: 36.0, -6: 37.5, -5: 48.0, -4: 49.0, -3: 56.0, -2: 22.0, -1: 18.0}
HOLIDAY: Final = -31
"""In this week and the one before nothing was run for twelve days."""
HOLIDAY_KM: Final = {-32: 14.0, -31: 0.0, -30: 22.0, -29: 25.0, -28: 28.0, -27: 31.0, -26: 33.5, -25: 36.0}
SECOND_PAIR, NEW_PAIR, HILLS, SPIKE = -24, -4, -3, -3
SPIKE_SHARE: Final = 0.43
SPEED_M_S: Final = {"easy": 2.75, "long": 2.68, "tempo": 3.1, "ride": 6.2}
RIDE_KM: Final = 24.0
RIDE_EVERY: Final = 5
SUMMER: Final = range(4, 11)
"""Months with one hour of daylight saving time, roughly."""
TUESDAY, SATURDAY, SUNDAY = 1, 5, 6
GENTLE_WEEKS: Final = 4
OLD_WEEKS: Final = 12
"""So long had the first pair been worn before the record begins."""
HOUR_S: Final = 3600
CADENCE_SPM: Final = 161.0
SORE_CADENCE_SPM: Final = 158.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Outing:
    """One activity as planned by the story; ``samples`` turns it into what a device would record."""

    start: datetime
    """Aware UTC."""
    utc_offset_s: int
    kind: Kind
    km: float
    speed_m_s: float
    route: Route
    cadence_spm: float
    shoe: str
    phone: bool
    seed: int

    @property
    def day(self) -> date:
        """The local day."""
        return (self.start + timedelta(seconds=self.utc_offset_s)).date()


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """One pair of shoes, the day of its first run, and the day from which it is the usual one (None: never)."""

    name: str
    first_day: date
    drop_mm: float
    stack_mm: float
    default_from: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class PainNote:
    """One entry of the diary, 0-10."""

    day: date
    during: float
    after_60_min: float
    next_morning: float
    note: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """Everything the synthetic runner did and wrote down, oldest first."""

    end: date
    outings: tuple[Outing, ...]
    pairs: tuple[Pair, ...]
    pain: tuple[PainNote, ...]

    @property
    def runs(self) -> tuple[Outing, ...]:
        """The outings on foot."""
        return tuple(o for o in self.outings if o.kind != "ride")

    @property
    def pain_began(self) -> date:
        """The day of the first entry."""
        return self.pain[0].day


OLD, SECOND, NEW = "Kestrel 4", "Kestrel 5", "Petrel Low"


def tell_story(end: date, *, seed: int = 7) -> Story:
    """The same story for the same ``end`` (its last day) and ``seed``."""
    dice = random.Random(seed)
    monday = end - timedelta(days=end.weekday())
    outings: list[Outing] = []
    for week in range(-WEEKS, 1):
        first = monday + timedelta(weeks=week)
        outings += (o for o in _week(week, first, dice) if o.day <= end)
    return Story(end=end, outings=tuple(outings), pairs=_pairs(monday), pain=tuple(_pain(outings, monday)))


def _week_km(week: int, first: date, dice: random.Random) -> float:
    wobble = 1 + NOISE * dice.uniform(-1, 1)
    fixed = {**HOLIDAY_KM, **LATE_KM, 0: 16.0}.get(week)
    if fixed is not None:
        return fixed
    season = SEASON_KM * math.cos(2 * math.pi * (first.timetuple().tm_yday - 160) / 365)
    easy = EASY_SHARE if week % EASY_EVERY == 0 else 1.0
    grown = 1 - 0.15 * min(1.0, max(0.0, (-week - 50) / 10))
    return (BASE_KM + season) * easy * grown * wobble


def _week(week: int, first: date, dice: random.Random) -> Iterator[Outing]:
    """The outings of one week: Tuesday, Thursday, Saturday and the long one on Sunday."""
    km = _week_km(week, first, dice)
    for weekday, kind, share in _shares(week):
        if km > 0:
            yield _outing(week, first + timedelta(days=weekday), kind, km * share * dice.uniform(0.97, 1.03), dice)
    if week % RIDE_EVERY == 0:
        yield _outing(week, first + timedelta(days=4), "ride", RIDE_KM, dice)


def _shares(week: int) -> tuple[tuple[int, Kind, float], ...]:
    """(weekday, kind, share of the week's km)."""
    if week > SPIKE:
        return ((1, "easy", 0.3), (3, "easy", 0.3), (5, "easy", 0.4))
    if week == SPIKE:
        return ((1, "easy", 0.2), (3, "tempo", 0.2), (5, "easy", 1 - 0.4 - SPIKE_SHARE), (6, "long", SPIKE_SHARE))
    if week == HOLIDAY - 1:
        return ((1, "easy", 0.5), (2, "easy", 0.5))
    if week % EASY_EVERY == 0 and week not in LATE_KM:
        return ((1, "easy", 0.31), (3, "easy", 0.31), (6, "long", 0.38))
    return ((1, "easy", 0.22), (3, "tempo", 0.24), (5, "easy", 0.2), (6, "long", 0.34))


def _outing(week: int, day: date, kind: Kind, km: float, dice: random.Random) -> Outing:
    offset = HOUR_S if day.month in SUMMER else 0
    clock = time(9, dice.randrange(0, 50)) if kind in ("long", "ride") else time(18, dice.randrange(0, 50))
    local = datetime.combine(day, clock, tzinfo=UTC)
    sore = week > SPIKE
    return Outing(
        start=local - timedelta(seconds=offset),
        utc_offset_s=offset,
        kind=kind,
        km=km,
        speed_m_s=SPEED_M_S[kind] * dice.uniform(0.97, 1.03) * (0.95 if sore else 1),
        route=_route(week, kind),
        cadence_spm=(SORE_CADENCE_SPM if sore else CADENCE_SPM) + dice.uniform(-1, 1),
        shoe=_shoe(week, day),
        phone=week < PHONE_WEEKS - WEEKS,
        seed=dice.randrange(2**31),
    )


def _route(week: int, kind: Kind) -> Route:
    if week == HILLS and kind in ("long", "tempo"):
        return "hilly"
    return "rolling" if kind in ("long", "ride") and week <= SPIKE else "flat"


def _shoe(week: int, day: date) -> str:
    """The second pair comes in gently; the new one is worn on every second day of running from its first week on."""
    if week >= NEW_PAIR and day.weekday() in (TUESDAY, SATURDAY, SUNDAY):
        return NEW
    if SECOND_PAIR <= week < SECOND_PAIR + GENTLE_WEEKS:
        return SECOND if day.weekday() == TUESDAY else OLD
    return SECOND if week >= SECOND_PAIR else OLD


def _pairs(monday: date) -> tuple[Pair, ...]:
    def day(week: int, weekday: int) -> date:
        return monday + timedelta(weeks=week, days=weekday)

    return (
        Pair(name=OLD, first_day=day(-WEEKS - OLD_WEEKS, 0), drop_mm=10, stack_mm=32, default_from=day(-WEEKS, 0)),
        Pair(
            name=SECOND,
            first_day=day(SECOND_PAIR, 1),
            drop_mm=10,
            stack_mm=33,
            default_from=day(SECOND_PAIR + GENTLE_WEEKS, 0),
        ),
        Pair(name=NEW, first_day=day(NEW_PAIR, 1), drop_mm=4, stack_mm=24, default_from=None),
    )


def _pain(outings: list[Outing], monday: date) -> Iterator[PainNote]:
    """From the long run on, an entry after every run; easing slowly."""
    first = monday + timedelta(weeks=SPIKE, days=6)
    words = ("front of the knee from km 14 on", "stairs hurt", "better when slower")
    levels = ((5, 4, 3), (4, 3, 2), (4, 2, 1), (3, 2, 0), (3, 1, 0), (2, 1, 0), (2, 0, 0))
    days = [o.day for o in outings if o.day >= first and o.kind != "ride"]
    for i, day in enumerate(days):
        during, after, morning = levels[min(i, len(levels) - 1)]
        note = words[i] if i < len(words) else ""
        yield PainNote(day=day, during=during, after_60_min=after, next_morning=morning, note=note)
