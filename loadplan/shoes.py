"""Shoes: which pair was worn when, and how much of the running was in a new one. The change is the exposure.

The first pair ever seen in the record is not new: what was worn before it is not known. Limits are custom, after
Warne & Gruber 2017 (doi:10.1186/s40798-017-0096-x) and Ridge 2013.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

import numpy as np
import pandas as pd

from loadplan.measures import DAYS_A_WEEK, Bools, Floats, Ints, Texts, numbers, quotient, runs_of
from loadplan.shoe_facts import FORMER_DAYS, is_big_change, worn_most
from loadplan.windows import rolling_sum
from plans.evidence import TOLERANCE, chosen, limit

Shoes = Mapping[str, Mapping[str, Any]]
"""Pair -> what the runner states of it: ``first_day``, ``drop_mm``, ``stack_mm``, ``plated``, ``minimalist``."""

SHARE_DAYS: Final = 7
"""d; exposure is looked at over a rolling week."""


@dataclass(frozen=True, slots=True)
class Pair:
    """One pair: its first day as a day number, and whether it counts as new from then on."""

    first: int
    can_be_new: bool
    big_change: bool = False


@dataclass(frozen=True, slots=True)
class Worn:
    """The runs as arrays: day number, km (NaN unknown), pair (None unknown), session, sorted by start."""

    day: Ints
    km: Floats
    shoe: Texts
    session: Ints


def day_number(day: date | datetime | str | pd.Timestamp | np.datetime64) -> int:
    """Days since 1970 of a calendar day."""
    return int(np.datetime64(pd.Timestamp(day).date(), "D").astype(np.int64))


def find_pairs(worn: Worn, shoes: Shoes | None = None) -> dict[str, Pair]:
    """The pairs of a log by name, in the order of their first day."""
    stated = {name: day_number(facts["first_day"]) for name, facts in (shoes or {}).items() if facts.get("first_day")}
    seen: dict[str, int] = {}
    for day, name in zip(worn.day.tolist(), worn.shoe.tolist(), strict=True):
        if name is not None and name not in seen:
            seen[name] = day
    earliest = min(seen.values(), default=0)
    first = {name: min(stated.get(name, day), day) for name, day in seen.items()}
    ordered = sorted(first, key=lambda name: (first[name], name))
    return {
        name: Pair(first[name], name in stated or seen[name] > earliest, _is_big(name, first[name], worn, shoes or {}))
        for name in ordered
    }


def _is_big(name: str, first: int, worn: Worn, shoes: Shoes) -> bool:
    """Does the pair differ much from the one worn most in the four weeks before it?"""
    former = _worn_most(worn, first)
    if former is None or former == name or name not in shoes:
        return False
    return is_big_change(shoes.get(former, {}), shoes[name])


def _worn_most(worn: Worn, before: int) -> str | None:
    recent = (worn.day < before) & (worn.day >= before - FORMER_DAYS) & ~np.isnan(worn.km)
    km: dict[str, float] = {}
    for name, one in zip(worn.shoe[recent].tolist(), worn.km[recent].tolist(), strict=True):
        if name is not None:
            km[name] = km.get(name, 0.0) + one
    return worn_most(km)


def shoe_days(worn: Worn, start: int, days: int, shoes: Shoes | None = None) -> dict[str, Any]:
    """The columns of the daily table that speak of shoes.

    Args:
        worn: The runs.
        start: Day number of the first day of the table.
        days: Length of the table.
        shoes: What the runner states of the pairs.
    """
    pairs = find_pairs(worn, shoes)
    known_km = np.nan_to_num(worn.km)
    has = worn.shoe != None  # noqa: E711
    age = np.array(
        [
            d - pairs[s].first if s is not None and pairs[s].can_be_new else -1
            for d, s in zip(worn.day, worn.shoe, strict=True)
        ],
        dtype=np.int64,
    )
    big = np.array([s is not None and pairs[s].big_change for s in worn.shoe.tolist()], dtype=np.bool_) & (age >= 0)
    allowed = limit("big_change_first_share") + limit("big_change_step_share") * (age // DAYS_A_WEEK)
    big &= allowed < 1 - TOLERANCE
    new = (age >= 0) & (age < limit("new_shoe_days"))
    young = (age >= 0) & (age < limit("new_shoe_later_days"))
    at = worn.day - start

    def km(which: Bools) -> Floats:
        return np.bincount(at[which], known_km[which], days).astype(np.float64)

    def sessions(which: Bools) -> Floats:
        first = np.unique(worn.session[which & (worn.session >= 0)], return_index=True)[1]
        return np.bincount(at[which & (worn.session >= 0)][first], minlength=days).astype(np.float64)

    strictest = np.full(days, np.nan)
    for day, share in zip(at[big].tolist(), allowed[big].tolist(), strict=True):
        strictest[day] = np.fmin(strictest[day], share)
    return {
        "shoe_known_km": km(has),
        "shoe_unknown_km": km(~has),
        "new_shoe_km": km(new),
        "young_shoe_km": km(young),
        "shoe_runs": sessions(has),
        "new_shoe_runs": sessions(new),
        "big_shoe_km": km(big),
        "big_shoe_limit": strictest,
        "worn_shoes": _marks(worn, known_km, start, days),
        "first_worn": _first_worn(worn, pairs, start, days),
    }


def _first_worn(worn: Worn, pairs: Mapping[str, Pair], start: int, days: int) -> Texts:
    """On the first day of a pair that can be new: a tuple of (name, differs much from the one before); else None."""
    out = np.full(days, None, dtype=object)
    seen: set[str] = set()
    for day, name in zip(worn.day.tolist(), worn.shoe.tolist(), strict=True):
        if name is None or name in seen:
            continue
        seen.add(name)
        if pairs[name].can_be_new and day - pairs[name].first < limit("new_shoe_later_days"):
            out[day - start] = (*(out[day - start] or ()), (name, pairs[name].big_change))
    return out


def _marks(worn: Worn, km: Floats, start: int, days: int) -> Texts:
    """On the day a pair passes 500 or 800 km: a tuple of (name, mark in km, km so far); else None."""
    out = np.full(days, None, dtype=object)
    total: dict[str, float] = {}
    marks = (limit("shoe_wear_km"), limit("shoe_worn_km"))
    for day, name, one in zip(worn.day.tolist(), worn.shoe.tolist(), km.tolist(), strict=True):
        if name is None:
            continue
        before = total.get(name, 0.0)
        total[name] = before + one
        passed = [mark for mark in marks if before < mark - TOLERANCE <= total[name]]
        if passed:
            out[day - start] = (*(out[day - start] or ()), (name, passed[-1], total[name]))
    return out


def new_shoe_share(
    daily: pd.DataFrame, *, unknown_share: float | None = None, least_runs: float | None = None
) -> pd.DataFrame:
    """Share of the km of the last 7 days in pairs younger than 14 days.

    Args:
        daily: The daily table.
        unknown_share: Share of the km that may be in shoes nobody named; by default the finding
            ``shoe_unknown_share``.
        least_runs: With fewer runs nothing is said; by default the finding ``new_shoe_min_runs``.

    Returns:
        A row a day: ``share``; ``reason``: ``no_run``, ``few_runs`` (under two in the window), ``unknown_shoe`` (more
        than a quarter of the km in shoes nobody named); ``young_share``, the same of pairs younger than 28 days;
        ``big_share`` of pairs on the slow schedule, and ``big_limit``, the strictest of their limits;
        ``allowed``: one run in a new pair, the shortest of the window; ``big_allowed``: no more than 1 km on the slow
        schedule. Both are always fine.
    """

    def window(column: str) -> Floats:
        return np.asarray(rolling_sum(np.nan_to_num(numbers(daily, column)), SHARE_DAYS), dtype=np.float64)

    known, unknown = window("shoe_known_km"), window("shoe_unknown_km")
    runs = rolling_sum(runs_of(daily), SHARE_DAYS)
    reason = np.full(len(daily), None, dtype=object)
    reason[unknown > chosen(unknown_share, "shoe_unknown_share") * (known + unknown) + TOLERANCE] = "unknown_shoe"
    reason[runs < chosen(least_runs, "new_shoe_min_runs")] = "few_runs"
    reason[runs == 0] = "no_run"
    reason[(reason == None) & (known <= TOLERANCE)] = "unknown_shoe"  # noqa: E711
    ok = reason == None  # noqa: E711

    def share(column: str) -> Floats:
        return quotient(window(column), known, ok)

    shortest = pd.Series(numbers(daily, "shortest_km")).rolling(SHARE_DAYS, min_periods=1).min().to_numpy()
    once = np.abs(window("new_shoe_runs") - 1) < TOLERANCE
    strict = pd.Series(numbers(daily, "big_shoe_limit")).rolling(SHARE_DAYS, min_periods=1).min().to_numpy()
    return pd.DataFrame(
        {
            "share": _clean(share("new_shoe_km")),
            "reason": pd.Series(reason, index=daily.index, dtype="object"),
            "young_share": _clean(share("young_shoe_km")),
            "big_share": _clean(share("big_shoe_km")),
            "big_limit": strict,
            "allowed": once & (window("new_shoe_km") <= shortest + TOLERANCE),
            "big_allowed": window("big_shoe_km") <= limit("big_change_least_km") + TOLERANCE,
        },
        index=daily.index,
    )


def _clean(share: Floats) -> Floats:
    """Crumbs of running sums away: a share lies between 0 and 1."""
    return np.where(np.abs(share) < TOLERANCE, 0.0, np.clip(share, 0.0, 1.0))
