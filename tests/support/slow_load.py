"""The load engine once more, slow and obvious: every formula of the evidence page, term by term, on plain lists.

Nothing of loadplan is used here. Loads are lists of one number a day; weeks lists of one number a week.
"""

from __future__ import annotations

import math
from statistics import median, stdev

NO = None
Number = float | None


# ---------------------------------------------------------------- ratios
def acwr(load: list[float], t: int, method: str, chronic_days: int = 28) -> Number:
    """Section 2: null while the record is too short, and where there is nothing to divide by."""
    if method == "ewma":
        if t + 1 < chronic_days:
            return NO
        short = long = load[0]
        for x in load[1 : t + 1]:
            short = x * 2 / 8 + short * (1 - 2 / 8)
            long = x * 2 / (chronic_days + 1) + long * (1 - 2 / (chronic_days + 1))
        return short / long if long > 0 else NO
    days = chronic_days + (7 if method == "uncoupled" else 0)
    if t + 1 < days:
        return NO
    acute = sum(load[t - k] for k in range(7))
    first = 7 if method == "uncoupled" else 0
    chronic = sum(load[t - k] for k in range(first, first + chronic_days)) / (chronic_days / 7)
    return acute / chronic if chronic > 0 else NO


def band(ratio: Number) -> str | None:
    if ratio is None:
        return None
    if ratio < 0.8 - 1e-9:
        return "lower"
    return "usual" if ratio <= 1.3 + 1e-9 else "raised" if ratio <= 1.5 + 1e-9 else "high"


# ---------------------------------------------------------------- breaks
def break_days_before(load: list[float], t: int) -> tuple[int, int] | None:
    """Length of the newest break that ended before day t, and days since its last day; None without one."""
    day = t
    while day >= 0:
        if load[day] > 0:
            gap = 0
            while day - gap - 1 >= 0 and load[day - gap - 1] == 0:
                gap += 1
            began = any(x > 0 for x in load[: day - gap])
            if gap >= 7 and began:
                return gap, t - (day - 1)
        day -= 1
    return None


# ---------------------------------------------------------------- sessions
def spike(load: list[float], t: int) -> Number:
    """Section 4, sessions of a day each, all long enough: against the longest of the 30 days before."""
    if load[t] < 1:
        return NO
    reference = max((x for x in load[max(0, t - 30) : t] if x >= 1), default=0.0)
    back = break_days_before(load, t)
    if back and back[1] <= 30:
        gap, since = back
        factor = {True: 1.0}.get(gap <= 7, 0.75 if gap <= 14 else 0.6 if gap <= 28 else None)
        first = t - since - gap + 1
        before = max((x for x in load[max(0, first - 30) : first] if x >= 1), default=0.0)
        reference = max(reference, (factor or 0.0) * before)
    return 100 * (load[t] / reference - 1) if reference > 0 else NO


def spike_band(pct: Number) -> str | None:
    if pct is None:
        return None
    return "none" if pct <= 10 + 1e-9 else "small" if pct <= 30 + 1e-9 else "moderate" if pct <= 100 + 1e-9 else "large"


# ---------------------------------------------------------------- weeks
def change(weeks: list[float], k: int) -> Number:
    return 100 * (weeks[k] / weeks[k - 1] - 1) if k and weeks[k - 1] > 0 else NO


def recovery_and_levels(weeks: list[float]) -> tuple[list[bool], list[int]]:
    """Section 3 without breaks: which weeks are recovery, and from which week on each may look back."""
    recovery, since, level, was_low = [], [], 0, False
    for k, load in enumerate(weeks):
        since.append(level)
        recent = max(weeks[max(level, k - 3) : k], default=0.0)
        low = recent > 0 and load <= 0.85 * recent + 1e-9
        if low and was_low:
            level, low = k, False
            recovery.append(False)
        else:
            recovery.append(low)
        was_low = low
    return recovery, since


def build_change(weeks: list[float], k: int) -> Number:
    """Against the largest of the last two reference weeks within four; else the week before. No breaks."""
    recovery, since = recovery_and_levels(weeks)
    found = [j for j in range(max(since[k], k - 4), k) if not recovery[j]][-2:]
    if found:
        reference = max(weeks[j] for j in found)
    elif k:
        reference = weeks[k - 1]
    else:
        return NO
    return 100 * (weeks[k] / reference - 1) if reference > 0 else NO


# ---------------------------------------------------------------- monotony, fitness
def monotony(load: list[float], t: int) -> tuple[Number, Number]:
    if t < 6:
        return NO, NO
    days = load[t - 6 : t + 1]
    spread = stdev(days)
    if spread <= 1e-9:
        return NO, NO
    value = sum(days) / 7 / spread
    return value, sum(days) * value


def fitness(load: list[float], t: int) -> tuple[float, float, Number]:
    ctl = atl = 0.0
    before: Number = NO
    for n, x in enumerate(load[: t + 1]):
        before = ctl - atl if n else NO
        ctl += (x - ctl) * (1 - math.exp(-1 / 42))
        atl += (x - atl) * (1 - math.exp(-1 / 7))
    return ctl, atl, before


# ---------------------------------------------------------------- shoes, fast minutes
def new_share(runs: list[tuple[int, float, str]], t: int) -> Number:
    """Section 7: runs as (day, km, pair), all pairs named; share of the km of 7 days in pairs under 14 days old."""
    first: dict[str, int] = {}
    for day, _, pair in sorted(runs):
        first.setdefault(pair, day)
    earliest = min(first.values(), default=0)
    window = [(day, km, pair) for day, km, pair in runs if t - 6 <= day <= t]
    if len({day for day, _, _ in window}) < 2:
        return NO
    new = sum(km for day, km, pair in window if day - first[pair] < 14 and first[pair] > earliest)
    return new / sum(km for _, km, _ in window)


def easy_speed(runs: list[tuple[int, float]], day: int) -> Number:
    """Median speed of the sessions of the 28 days before; with fewer than five none. Runs as (day, speed)."""
    speeds = [speed for at, speed in runs if day - 28 <= at < day]
    return median(speeds) if len(speeds) >= 5 else NO
