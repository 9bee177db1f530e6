"""Runners who never were, by the hundred: their runs, and injuries that follow a rule which is known.

Made from a seed alone, as metres a day, so that a thousand of them cost a second. Whether a long run far beyond those
before it makes an injury more frequent is planted or not: an analysis must find the one and nothing in the other.
The rates are of the size that is published (7.7 injuries per 1,000 h of recreational running: Videbaek 2015,
doi:10.1007/s40279-015-0333-8); nothing else here is a finding about people.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from loadplan.measures import DAYS_A_WEEK, Bools, Floats, Ints
from plans.evidence import limit

FIRST: Final = date(2023, 1, 2)
"""Monday of the first week."""
PATTERNS: Final[dict[int, tuple[int, ...]]] = {
    2: (2, 6), 3: (1, 3, 6), 4: (1, 3, 5, 6), 5: (0, 1, 3, 5, 6), 6: (0, 1, 2, 3, 5, 6),
}  # fmt: skip
"""Runs a week -> their weekdays, Monday = 0; the last one is the long run."""
WEEK_KM: Final = (12.0, 70.0)
PACE_S_PER_KM: Final = (300.0, 420.0)
LONG_OF_OTHERS: Final = 1.5
EASY_EVERY, EASY_SHARE = 4, 0.8
SEASON: Final = 0.15
WEEK_NOISE, RUN_NOISE = 0.10, 0.06
JUMP_SHARE, JUMP = 0.06, (1.15, 1.9)
"""Share of the weeks with a long run that goes far beyond the others, and how far."""
HOLIDAY_SHARE: Final = 0.012
BACK: Final = (0.6, 0.7, 0.8, 0.9)
"""Of the usual week, in the weeks after an injury."""
LOST_DAYS: Final = (3.0, 60.0)
WEEKLY_HAZARD: Final = 0.012
REACH_WEEKS: Final = 2
"""weeks after a spike in which an injury is more frequent, where that is planted."""
_UNIFORMS: Final = 12
HOUR: Final = 7


@dataclass(frozen=True, slots=True)
class MadeCohort:
    """The runs and the injuries of runners who never were."""

    labels: tuple[str, ...]
    metres: Ints
    """Runners x days, from ``FIRST``; a run a day at most."""
    pace_s_per_km: Floats
    injuries: tuple[tuple[int, int, int], ...]
    """Number of the runner, of the day, and days lost."""

    @property
    def last_day(self) -> date:
        """The last day of the record, a Sunday."""
        return FIRST + timedelta(days=self.metres.shape[1] - 1)

    def runs(self, number: int) -> Iterator[dict[str, Any]]:
        """One runner's runs, as ``log_table`` takes them."""
        pace = float(self.pace_s_per_km[number])
        for day in np.flatnonzero(self.metres[number]).tolist():
            metres = int(self.metres[number, day])
            start = datetime.combine(FIRST + timedelta(days=day), time(HOUR), tzinfo=UTC)
            took = metres / 1000 * pace
            yield {
                "id": str(day), "start": start, "sport": "run", "distance_m": metres, "moving_s": took,
                "elapsed_s": took, "utc_offset_s": 0,
            }  # fmt: skip

    def injury_rows(self) -> dict[str, list[Any]]:
        """The injuries as columns: ``runner``, ``date``, ``days_lost``."""
        rows = [(self.labels[n], (FIRST + timedelta(days=day)).isoformat(), float(lost)) for n, day, lost in
                self.injuries]  # fmt: skip
        return {name: [row[at] for row in rows] for at, name in enumerate(("runner", "date", "days_lost"))}


@dataclass(slots=True)
class _State:
    """Where each runner stands while the weeks go by."""

    week_km: Floats
    phase: Floats
    ran: Bools
    """Runners x weekdays on which they run."""
    off_until: Ints
    """First day on which they run again."""
    weeks_back: Ints
    """Weeks since the way back began; many for who never was away."""
    spiked: list[Bools]
    """Of the last weeks, the newest last."""


def tell_cohort(runners: int, weeks: int, *, seed: int, times: float = 1.0, trend: float = 0.0) -> MadeCohort:
    """Make a cohort.

    Args:
        runners: How many.
        weeks: Length of each record.
        seed: The same seed gives the same cohort.
        times: By how much the hazard of an injury is raised in the two weeks after a week with a spike; 1: not at all.
        trend: How the share of such weeks changes over the record: from ``1 - trend`` times the usual to ``1 + trend``.
    """
    dice = np.random.Generator(np.random.PCG64(seed))
    state = _begin(dice, runners)
    pace = _between(dice, PACE_S_PER_KM, runners)
    metres = np.zeros((runners, weeks * DAYS_A_WEEK), dtype=np.int64)
    injuries: list[tuple[int, int, int]] = []
    for week in range(weeks):
        days = slice(week * DAYS_A_WEEK, (week + 1) * DAYS_A_WEEK)
        share = JUMP_SHARE * (1 + trend * (2 * week / max(1, weeks - 1) - 1))
        metres[:, days] = _week(dice, state, week, share)
        raised = np.any(state.spiked[-REACH_WEEKS:], axis=0) if state.spiked else np.zeros(runners, dtype=np.bool_)
        hurt = (dice.random(runners) < WEEKLY_HAZARD * np.where(raised, times, 1.0)) & (metres[:, days] > 0).any(axis=1)
        drawn = dice.random((2, runners))
        for n in np.flatnonzero(hurt).tolist():
            ran = np.flatnonzero(metres[n, days])
            day = days.start + int(ran[int(drawn[0, n] * len(ran))])
            low, high = LOST_DAYS
            lost = int(low * (high / low) ** drawn[1, n])
            injuries.append((n, day, lost))
            metres[n, day + 1 : days.stop] = 0
            state.off_until[n], state.weeks_back[n] = day + 1 + lost, 0
        state.spiked.append(spiked_week(metres, week))
    width = max(4, len(str(runners)))
    return MadeCohort(tuple(f"runner-{n:0{width}}" for n in range(1, runners + 1)), metres, pace, tuple(injuries))


def spiked_week(metres: Ints, week: int) -> Bools:
    """Who ran a day of this week more than 10 % beyond the longest of the 30 days before it."""
    window, beyond = int(limit("spike_window_days")), 1 + limit("spike_small_pct") / 100
    out = np.zeros(len(metres), dtype=np.bool_)
    for day in range(week * DAYS_A_WEEK, (week + 1) * DAYS_A_WEEK):
        before = metres[:, max(0, day - window) : day].max(axis=1, initial=0)
        out |= (before > 0) & (metres[:, day] > beyond * before)
    return out


def _begin(dice: np.random.Generator, runners: int) -> _State:
    low, high = WEEK_KM
    counts = np.array(sorted(PATTERNS))[(dice.random(runners) * len(PATTERNS)).astype(np.int64)]
    ran = np.zeros((runners, DAYS_A_WEEK), dtype=np.bool_)
    for count, weekdays in PATTERNS.items():
        ran[np.ix_(counts == count, weekdays)] = True
    return _State(
        week_km=low * (high / low) ** dice.random(runners), phase=dice.random(runners), ran=ran,
        off_until=np.zeros(runners, dtype=np.int64), weeks_back=np.full(runners, len(BACK)), spiked=[],
    )  # fmt: skip


def _week(dice: np.random.Generator, state: _State, week: int, jump_share: float) -> npt.NDArray[np.int64]:
    """Metres of each day of one week, without what an injury takes from it."""
    runners = len(state.phase)
    season = 1 + SEASON * np.sin(2 * np.pi * (week / 52 + state.phase))
    easy = np.where((week + (state.phase * EASY_EVERY).astype(np.int64)) % EASY_EVERY == 0, EASY_SHARE, 1.0)
    back = np.append(BACK, 1.0)[np.minimum(state.weeks_back, len(BACK))]
    total = state.week_km * season * easy * back * np.exp(WEEK_NOISE * _normal(dice, (runners,)))
    parts: Floats = state.ran.astype(np.float64) * np.exp(RUN_NOISE * _normal(dice, state.ran.shape))
    parts[:, DAYS_A_WEEK - 1] *= LONG_OF_OTHERS
    km = total[:, None] * parts / parts.sum(axis=1, keepdims=True)
    jumps = dice.random(runners) < jump_share
    km[:, DAYS_A_WEEK - 1] *= np.where(jumps, _between(dice, JUMP, runners), 1.0)
    away = np.arange(week * DAYS_A_WEEK, (week + 1) * DAYS_A_WEEK) < state.off_until[:, None]
    holiday = dice.random(runners) < HOLIDAY_SHARE
    km[away | holiday[:, None]] = 0.0
    state.weeks_back += ~away.any(axis=1)
    return np.asarray(np.round(1000 * km), dtype=np.int64)


def _between(dice: np.random.Generator, bounds: tuple[float, float], count: int) -> Floats:
    low, high = bounds
    return low + (high - low) * dice.random(count)


def _normal(dice: np.random.Generator, shape: tuple[int, ...]) -> Floats:
    """Nearly normal, of plain uniforms: the same bytes with every version of NumPy."""
    return np.asarray(dice.random((_UNIFORMS, *shape)).sum(axis=0) - _UNIFORMS / 2)
