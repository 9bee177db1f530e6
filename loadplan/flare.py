"""What changed in the six weeks before the pain began, and how unusual that was for this very runner.

The weeks are laid so that the last one ends on the day the pain began. Each exposure is told with its value, its limit
and plain shares: of the runner's own earlier weeks that were as high, and, since six weeks hold more than one, of the
earlier stretches of six weeks. A change before the pain is not its cause.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, timedelta
from itertools import pairwise
from typing import Any, Final

import pandas as pd

from loadplan.daily import daily_load
from loadplan.measures import DAYS_A_WEEK
from loadplan.shoes import Shoes
from loadplan.triggers import EXPOSURES, IN_SHARES, Exposure
from loadplan.week_row import WeekRow, day_of, is_true, known
from loadplan.weekly import weekly_load
from plans.evidence import FINDINGS, TOLERANCE, finding, limit

SIGNS: Final = ("fades", "builds", "altered_stride", "swelling")
SCORES: Final = ("during", "after", "morning")
PER_CENT: Final = 100
DIGITS: Final = {"ratio": 2}
"""Unit -> decimals that are shown; none for the others."""
MOST_DIGITS: Final = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Trigger:
    """One exposure in the weeks before the pain, at its highest."""

    name: str
    label: str
    value: float | None
    """The highest of these weeks; None where it is not known in any of them."""
    limit: float
    unit: str
    beyond: bool
    week: date | None
    """First day of the week with that value; ``to`` its last one."""
    to: date | None
    weeks_beyond: int
    """Of the weeks before the pain, those that a rule speaks of."""
    base_weeks: int
    """Earlier weeks of the record in which it is known."""
    base_as_high: int
    """Of these, how many were as high or higher."""
    base_beyond: int
    """Of these, how many a rule speaks of."""
    base_spans: int
    """Stretches of six weeks in a row among the earlier weeks: six weeks hold more than one does."""
    spans_as_high: int
    """Of these, how many held a week as high or higher."""
    share: float | None
    """``spans_as_high`` of ``base_spans``; None where the weeks before are too few to say."""
    stands_out: bool
    source: str
    grade: str

    @property
    def digits(self) -> int:
        """Decimals it takes for a value beyond its limit not to read like it."""
        digits = DIGITS.get(self.unit, 0)
        while self.value is not None and self.value > self.limit and digits < MOST_DIGITS:
            if round(self.value, digits) != round(self.limit, digits):
                break
            digits += 1
        return digits


@dataclass(frozen=True, slots=True, kw_only=True)
class Flare:
    """What changed before one day."""

    onset: date
    first: date
    """First day looked at."""
    base_weeks: int
    """Whole weeks with running in the record before that."""
    triggers: tuple[Trigger, ...]
    """What stands out first, then what was beyond its limit, then the others."""
    events: tuple[dict[str, Any], ...]
    """What else happened: new pairs, breaks, another source of climb; each with ``day``, ``kind``, ``detail``."""

    @property
    def outstanding(self) -> tuple[Trigger, ...]:
        """What was beyond its limit and unusual for this runner."""
        return tuple(one for one in self.triggers if one.stands_out)

    def as_json(self) -> dict[str, Any]:
        """With the keys of ``flare``."""
        return asdict(self)


def pain_began(entries: Sequence[Mapping[str, Any]]) -> date | None:
    """The day of the first entry of the diary that tells of pain; None where there is none."""
    return next((date.fromisoformat(entry["day"]) for entry in entries if _hurts(entry)), None)


def later_flares(entries: Sequence[Mapping[str, Any]]) -> list[date]:
    """Days on which pain came back after four weeks or more without an entry of pain."""
    days = [date.fromisoformat(entry["day"]) for entry in entries if _hurts(entry)]
    apart = timedelta(days=limit("flare_apart_days"))
    return [now for before, now in pairwise(days) if now - before >= apart]


def _hurts(entry: Mapping[str, Any]) -> bool:
    return any((entry.get(key) or 0) > 0 for key in SCORES) or any(entry.get(key) for key in SIGNS)


def what_changed(log: pd.DataFrame, onset: date, *, shoes: Shoes | None = None) -> Flare:
    """Look at the six weeks that end on the day the pain began.

    Args:
        log: The run log; runs after that day are not read.
        onset: The day the pain began.
        shoes: What the runner states of the pairs, as in ``daily_load``.

    Example:
        >>> from datetime import date
        >>> from loadplan.flare import what_changed
        >>> from loadplan.runlog import log_table
        >>> days = [f"2026-0{m}-{d:02}" for m in (1, 2, 3) for d in (3, 6, 10, 13, 17, 20, 24, 27)]
        >>> runs = [{"start": f"{day}T07:00:00+00:00", "sport": "run", "distance_m": 8000.0, "moving_s": 2900.0,
        ...          "elapsed_s": 2900.0} for day in days]
        >>> runs[-1]["distance_m"] = 18000.0
        >>> found = what_changed(log_table(runs), date(2026, 3, 27))
        >>> found.triggers[0].name, round(found.triggers[0].value), found.triggers[0].base_as_high
        ('session-spike', 125, 0)
    """
    first_weekday = (onset.weekday() + 1) % DAYS_A_WEEK
    daily = daily_load(log, onset, week_start=first_weekday, shoes=shoes)
    span = int(limit("flare_weeks"))
    first = onset - timedelta(weeks=span) + timedelta(days=1)
    if daily.empty:
        return Flare(onset=onset, first=first, base_weeks=0, triggers=(), events=())
    weeks = weekly_load(daily, as_of=onset, week_start=first_weekday)
    rows: list[WeekRow] = weeks.assign(week=weeks.index).to_dict("records")  # type: ignore[assignment]
    window, base = rows[-span:], [row for row in rows[:-span] if is_true(row, "whole") and known(row, "runs")]
    triggers = [_trigger(one, window, base) for one in EXPOSURES]
    triggers.sort(key=_rank)
    return Flare(
        onset=onset, first=first, base_weeks=len(base), triggers=tuple(triggers), events=tuple(_events(window, daily))
    )


def _rank(one: Trigger) -> tuple[bool, bool, float, float]:
    """What stands out first; the rarest first, and of two alike the one further beyond its limit."""
    times = (one.value or 0.0) / one.limit if one.limit else 0.0
    return (not one.stands_out, not one.beyond, 1.0 if one.share is None else one.share, -times)


def _trigger(exposure: Exposure, window: Sequence[WeekRow], base: Sequence[WeekRow]) -> Trigger:
    told = [(exposure.value(row), exposure.beyond(row), row) for row in window if not is_true(row, "first_part")]
    seen = [one for one in told if one[0] is not None]
    # A week that a rule speaks of comes before one that is higher and silent, such as the week after a break.
    value, beyond, week = max(seen, key=lambda one: (one[1], one[0]), default=(None, False, None))
    before = [found for found in (exposure.value(row) for row in base) if found is not None]
    as_high = sum(found >= value - TOLERANCE for found in before) if value is not None else 0
    enough = len(before) >= limit("flare_base_weeks")
    spans = [max(before[n : n + len(window)]) for n in range(len(before) - len(window) + 1)]
    spans_as_high = sum(found >= value - TOLERANCE for found in spans) if value is not None else 0
    share = spans_as_high / len(spans) if enough and value is not None else None
    ground = finding(exposure.key)
    return Trigger(
        name=exposure.name,
        label=exposure.label,
        value=value,
        limit=_limit(exposure, week),
        unit=exposure.unit,
        beyond=beyond,
        week=None if week is None else day_of(week),
        to=None if week is None else day_of(week, "last_day"),
        weeks_beyond=sum(one[1] for one in told),
        base_weeks=len(before),
        base_as_high=as_high,
        base_beyond=sum(exposure.beyond(row) for row in base),
        base_spans=len(spans),
        spans_as_high=spans_as_high,
        share=share,
        stands_out=beyond and share is not None and share <= limit("flare_unusual_share") + TOLERANCE,
        source=f"{ground.source}; against: {ground.against}" if ground.against else ground.source,
        grade=str(ground.grade),
    )


def _limit(exposure: Exposure, week: WeekRow | None) -> float:
    """The limit in the unit in which the value is told; of a very different pair that of its age."""
    bound = finding(exposure.key).value
    if exposure.name == "big-shoe-change" and week is not None:
        bound = known(week, "big_shoe_limit") or bound
    if exposure.name == "cadence-step":
        bound = FINDINGS[exposure.key].high
    return bound * PER_CENT if exposure.name in IN_SHARES else bound


def _events(window: Sequence[WeekRow], daily: pd.DataFrame) -> list[dict[str, Any]]:
    """New pairs, breaks that ended, pairs that are worn, and another source of climb, by day."""
    begin = day_of(window[0])
    found: dict[tuple[str, str], dict[str, Any]] = {}
    for row in window:
        for name, day, big in row.get("young_pairs") or ():
            if begin and day >= begin:
                words = f"{name} worn for the first time{'; it differs much from the pair before' if big else ''}"
                found["pair", name] = {"day": day, "kind": "new-pair", "detail": words}
        for name, mark, _ in row.get("worn_shoes") or ():
            told = {"day": day_of(row, "last_day"), "kind": "shoe-wear", "detail": f"{name} passed {mark:.0f} km"}
            found["wear", f"{name} {mark}"] = told
        if row.get("new_climb_source"):
            words = "climb was measured in another way, or by another watch, from this week on"
            found["climb", str(day_of(row))] = {"day": day_of(row), "kind": "source-change", "detail": words}
    return sorted([*found.values(), *_breaks(daily, begin)], key=lambda one: (one["day"], one["detail"]))


def _breaks(daily: pd.DataFrame, begin: date | None) -> list[dict[str, Any]]:
    from loadplan.breaks import find_breaks

    told = []
    for one in find_breaks(daily):
        last = daily.index[one.last].date()
        if one.ended and begin is not None and last >= begin:
            words = f"a break of {one.days} days ended"
            told.append({"day": last + timedelta(days=1), "kind": "break", "detail": words})
    return told
