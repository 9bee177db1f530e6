"""On which weekdays a week's sessions fall. Weekdays are Monday = 0; the tables are for a long run on Sunday."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from functools import lru_cache
from itertools import combinations

from plans.past import DAYS

SUNDAY = 6
RUN_WEEKDAYS: dict[int, tuple[int, ...]] = {
    1: (6,),
    2: (2, 6),
    3: (1, 3, 6),
    4: (1, 2, 4, 6),
    5: (0, 1, 3, 4, 6),
    6: (0, 1, 2, 3, 5, 6),
}
"""Weekdays by number of runs; with three there are 48 hours between any two."""
LADDER_WEEKDAYS: dict[int, tuple[int, ...]] = {1: (6,), 2: (2, 6), 3: (0, 2, 4)}
"""Weekdays of the ladder, never one after the other."""


def run_weekdays(runs: int, long_day: int) -> tuple[int, ...]:
    """Weekdays of a week of ``runs`` runs with the long run on ``long_day``."""
    return _turn(RUN_WEEKDAYS[min(runs, max(RUN_WEEKDAYS))], long_day)


def ladder_weekdays(runs: int, long_day: int, *, is_tendon: bool = False) -> tuple[int, ...]:
    """Weekdays of a ladder week, turned with the long day; for a tendon those of later, so that 48 hours stay."""
    if is_tendon:
        return run_weekdays(min(runs, max(LADDER_WEEKDAYS)), long_day)
    return _turn(LADDER_WEEKDAYS[min(runs, max(LADDER_WEEKDAYS))], long_day)


def _turn(weekdays: Sequence[int], long_day: int) -> tuple[int, ...]:
    return tuple(sorted((day + long_day - SUNDAY) % DAYS for day in weekdays))


def is_next_to(weekday: int, other: int) -> bool:
    """True for neighbours in the week, Sunday and Monday too."""
    return (weekday - other) % DAYS in (1, DAYS - 1)


def rest_weekday(runs: Collection[int], long_day: int) -> int:
    """The weekday kept free of everything: the day before the long run, else the next one back without a run."""
    return next((long_day - n) % DAYS for n in range(1, DAYS + 1) if (long_day - n) % DAYS not in runs)


@lru_cache(maxsize=256)
def spread_weekdays(count: int, allowed: tuple[int, ...]) -> tuple[int, ...]:
    """``count`` of the ``allowed`` weekdays, as far apart as they can be."""
    count = min(count, len(allowed))

    def gaps(days: tuple[int, ...]) -> list[int]:
        return sorted((days[(n + 1) % len(days)] - day - 1) % DAYS + 1 for n, day in enumerate(days))

    return max(combinations(sorted(allowed), count), key=gaps, default=())
