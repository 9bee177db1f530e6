"""May I wear this pair today, how far, and why: the limits of new pairs turned into km. Plain Python: it starts fast.

Share of the km of seven days, today's run included. Custom, after Warne & Gruber 2017
(doi:10.1186/s40798-017-0096-x) and Ridge 2013. It speaks of exposure, never of a model or a type of shoe.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, timedelta
from typing import Any, Final, Literal

from loadplan.pairs import METRES_PER_KM, SHARE_DAYS
from loadplan.shoe_facts import FORMER_DAYS, is_big_change, is_comparable, slow_share, worn_most
from plans.evidence import TOLERANCE, finding, limit

Verdict = Literal["yes", "less", "no", "unknown"]
Rows = Sequence[Mapping[str, Any]]
FLOOR: Final = 10
"""Km are told rounded down to a tenth, so that what is told keeps its limit."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """The answer for one pair on one day."""

    name: str
    km: float
    verdict: Verdict
    """yes; less: up to ``up_to_km``; no: not today; unknown: the share cannot be known."""
    up_to_km: float | None
    """Suggested upper limit of today's run in this pair; None: none for the shoe's sake, or not known."""
    age_days: int | None
    """Since its first run; None before it."""
    new: bool
    """Under 14 days old, or never worn."""
    big_change: bool
    """It differs much from the pair worn most before it."""
    share_after: float | None
    """Share of the km of 7 days in such pairs if the whole run is done in it."""
    limit_share: float | None
    longest_km: float | None
    """Longest run of the 30 days before; None without one."""
    why: tuple[str, ...]
    source: str
    grade: str

    def as_json(self) -> dict[str, Any]:
        """With the keys of ``shoes try``."""
        return asdict(self)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Window:
    """The seven days up to today, without today's run."""

    known_km: float
    unknown_km: float
    shortest_km: float | None
    """Shortest run of these days, in whatever pair; without one that of four weeks."""


def try_pair(runs: Rows, entered: Rows, name: str, km: float, as_of: date) -> Trial:
    """Judge a run of ``km`` in a pair on the day ``as_of``.

    Args:
        runs: Running rows of the log, as the store gives them; later ones are not read.
        entered: Pairs as the runner entered them (``Store.shoes``).
        name: The pair, worn before or not.
        km: How far the run is meant to be.
        as_of: The day of the run.
    """
    past = [row for row in runs if row["day"] <= as_of.isoformat()]
    facts = {row["name"]: row for row in entered}
    first = _first_days(past, facts)
    began = first.get(name, as_of)
    age = (as_of - began).days
    can_be_new = name not in first or _can_be_new(name, past, facts)
    big = can_be_new and _is_big(name, began, past, facts)
    slow = slow_share(max(age, 0)) if big else None
    young_key = _young_key(age) if can_be_new else None
    window = _window(past, as_of)
    limits = []
    if young_key:
        days = limit("new_shoe_days" if young_key == "new_shoe_share" else "new_shoe_later_days")
        limits.append(_share_limit(young_key, limit(young_key), _km_under(past, first, facts, as_of, days), window))
    if slow is not None:
        limits.append(_slow_limit(slow, _big_km(past, first, facts, as_of), window))
    strictest = min(limits, key=lambda one: one.up_to_km, default=None)
    unknown = window.unknown_km > limit("shoe_unknown_share") * (window.known_km + window.unknown_km + km) + TOLERANCE
    return _answer(
        name, km, None if name not in first else age, strictest, big, young_key, unknown, _longest(past, as_of), facts
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Limit:
    key: str
    share: float
    up_to_km: float
    so_far_km: float
    known_km: float
    says: str


def _share_limit(key: str, share: float, so_far_km: float, window: _Window) -> _Limit:
    """Up to a share of the km of seven days; one run in a new pair, the shortest, is always allowed."""
    by_share = (share * window.known_km - so_far_km) / (1 - share)
    says = f"in new pairs at most {_percent(share)} of the km of 7 days are suggested"
    if so_far_km <= TOLERANCE and window.shortest_km is not None and window.shortest_km > by_share:
        says = "one run a week in a new pair, the shortest, is always allowed"
        by_share = window.shortest_km
    return _Limit(key=key, share=share, up_to_km=max(by_share, 0.0), so_far_km=so_far_km, known_km=window.known_km,
                  says=says)  # fmt: skip


def _slow_limit(share: float, so_far_km: float, window: _Window) -> _Limit:
    """Of a very different pair a tenth at first; 1 km in seven days is always allowed: change shoes on the way."""
    by_share = (share * window.known_km - so_far_km) / (1 - share)
    least = limit("big_change_least_km") - so_far_km
    says = f"it differs much from the pair before, and at its age at most {_percent(share)} of the km are suggested"
    if least > by_share:
        says = (
            f"it differs much from the pair before, and {limit('big_change_least_km'):g} km in 7 days is always allowed"
        )
    return _Limit(key="big_change_first_share", share=share, up_to_km=max(by_share, least, 0.0), so_far_km=so_far_km,
                  known_km=window.known_km, says=says)  # fmt: skip


def _answer(
    name: str, km: float, age: int | None, strictest: _Limit | None, big: bool, young_key: str | None, unknown: bool,
    longest: float | None, facts: Mapping[str, Mapping[str, Any]],
) -> Trial:  # fmt: skip
    up_to = None if strictest is None or unknown else int(strictest.up_to_km * FLOOR + TOLERANCE) / FLOOR
    verdict: Verdict = (
        "yes" if up_to is None or km <= strictest_km(strictest) + TOLERANCE else "less" if up_to else "no"
    )
    if unknown and strictest is not None:
        verdict = "unknown"
    ground = finding(strictest.key if strictest else "new_shoe_days")
    after = None if strictest is None or unknown else (strictest.so_far_km + km) / (strictest.known_km + km)
    return Trial(
        name=name, km=km, verdict=verdict, up_to_km=up_to, age_days=age, new=young_key == "new_shoe_share",
        big_change=big, share_after=after, limit_share=None if strictest is None else strictest.share,
        longest_km=longest, why=tuple(_why(name, km, age, strictest, unknown, longest, facts.get(name, {}))),
        source=ground.source, grade=str(ground.grade),
    )  # fmt: skip


def strictest_km(one: _Limit | None) -> float:
    """The km of a limit; without one there is none."""
    return float("inf") if one is None else one.up_to_km


def _why(
    name: str, km: float, age: int | None, strictest: _Limit | None, unknown: bool, longest: float | None,
    stated: Mapping[str, Any],
) -> list[str]:  # fmt: skip
    """The reasons, a sentence each."""
    told = []
    if age is None:
        told.append(f"{name} has not been worn in a run of the log.")
        if not stated:
            told.append(
                "Its drop and stack are not entered, so how much it differs is not known: `loadplan shoes add`."
            )
    else:
        told.append(f"{name} is {age} {'day' if age == 1 else 'days'} old.")
    if strictest is None:
        told.append("It is not new, so nothing is suggested for the shoe's sake.")
    elif unknown:
        told.append(
            "The pair is unknown for more than a quarter of the km of 7 days, so its share is not known: "
            "`loadplan shoes wear` or `shoes default` names it."
        )
    else:
        known, used = strictest.known_km, strictest.so_far_km
        told.append(f"Of these 7 days {known:.1f} km are in known pairs, {used:.1f} km of them in such a pair.")
        told.append(f"{strictest.says[0].upper()}{strictest.says[1:]}; it is custom.")
    if longest is not None and km > longest * (1 + limit("spike_small_pct") / 100) + TOLERANCE:
        told.append(
            f"Whatever the shoe, {km:.1f} km is {100 * (km / longest - 1):.0f} % longer than the longest run of the 30 "
            f"days before ({longest:.1f} km)."
        )
    if stated.get("retired"):
        told.append(f"It was retired on {stated['retired']}.")
    return told


def _first_days(past: Rows, facts: Mapping[str, Mapping[str, Any]]) -> dict[str, date]:
    """First day of every pair that was worn: as stated, else as seen, whichever is earlier."""
    first: dict[str, str] = {}
    for row in past:
        if row["shoe"]:
            first[row["shoe"]] = min(first.get(row["shoe"], row["day"]), row["day"])
    for name, facts_of in facts.items():
        if name in first and facts_of.get("first_day"):
            first[name] = min(first[name], str(facts_of["first_day"]))
    return {name: date.fromisoformat(day) for name, day in first.items()}


def _can_be_new(name: str, past: Rows, facts: Mapping[str, Mapping[str, Any]]) -> bool:
    """The first pair of the record is not new: what was worn before it is not known."""
    if facts.get(name, {}).get("first_day"):
        return True
    seen = min(row["day"] for row in past if row["shoe"] == name)
    return bool(seen > min(row["day"] for row in past if row["shoe"]))


def _young_key(age: int) -> str | None:
    if age < limit("new_shoe_days"):
        return "new_shoe_share"
    return "new_shoe_later_share" if age < limit("new_shoe_later_days") else None


def differs_much(runs: Rows, entered: Rows, name: str) -> tuple[bool | None, str | None]:
    """Whether a pair differs much from the one worn most before it; and that one. None where it is not known.

    Args:
        runs: Running rows of the log up to the day that counts as today.
        entered: Pairs as the runner entered them (``Store.shoes``).
        name: The pair that a plan brings in, worn before or not.
    """
    facts = {row["name"]: row for row in entered}
    first, days = _first_days(runs, facts), [row["day"] for row in runs]
    began = first.get(name) or (date.fromisoformat(max(days)) + timedelta(days=1) if days else None)
    former = None if began is None else _former(began, runs)
    if former is None or former == name:
        return None, None
    old, new = facts.get(former, {}), facts.get(name, {})
    if is_big_change(old, new):
        return True, former
    return (False if is_comparable(old, new) else None), former


def _is_big(name: str, began: date, past: Rows, facts: Mapping[str, Mapping[str, Any]]) -> bool:
    former = _former(began, past)
    if former is None or former == name or name not in facts:
        return False
    return is_big_change(facts.get(former, {}), facts[name])


def _former(began: date, past: Rows) -> str | None:
    """The pair worn most in the four weeks before the day ``began``."""
    since = (began - timedelta(days=FORMER_DAYS)).isoformat()
    km: dict[str, float] = {}
    for row in past:
        if row["shoe"] and row["distance_m"] and since <= row["day"] < began.isoformat():
            km[row["shoe"]] = km.get(row["shoe"], 0.0) + _km(row)
    return worn_most(km)


def _recent(past: Rows, as_of: date, days: int = SHARE_DAYS) -> list[Mapping[str, Any]]:
    since = (as_of - timedelta(days=days)).isoformat()
    return [row for row in past if row["day"] > since]


def _window(past: Rows, as_of: date) -> _Window:
    recent = _recent(past, as_of)
    lengths = [_km(row) for row in recent if row["distance_m"]]
    lengths = lengths or [_km(row) for row in _recent(past, as_of, FORMER_DAYS) if row["distance_m"]]
    return _Window(
        known_km=sum(_km(row) for row in recent if row["shoe"]),
        unknown_km=sum(_km(row) for row in recent if not row["shoe"]),
        shortest_km=min(lengths, default=None),
    )


def _km_under(
    past: Rows, first: Mapping[str, date], facts: Mapping[str, Mapping[str, Any]], as_of: date, days: float
) -> float:
    """Km of the window in pairs that were younger than so many days when they were worn."""
    return sum(
        _km(row) for row in _recent(past, as_of)
        if row["shoe"] and (date.fromisoformat(row["day"]) - first[row["shoe"]]).days < days
        and _can_be_new(row["shoe"], past, facts)
    )  # fmt: skip


def _big_km(past: Rows, first: Mapping[str, date], facts: Mapping[str, Mapping[str, Any]], as_of: date) -> float:
    """Km of the window in pairs on the slow schedule."""
    big = {
        name for name, day in first.items()
        if _can_be_new(name, past, facts) and _is_big(name, day, past, facts)
    }  # fmt: skip
    return sum(
        _km(row) for row in _recent(past, as_of)
        if row["shoe"] in big and slow_share((date.fromisoformat(row["day"]) - first[row["shoe"]]).days) is not None
    )  # fmt: skip


def _longest(past: Rows, as_of: date) -> float | None:
    """Longest run of the 30 days before today."""
    before = [
        row for row in _recent(past, as_of, int(limit("spike_window_days")) + 1) if row["day"] < as_of.isoformat()
    ]
    return max((_km(row) for row in before if row["distance_m"]), default=None)


def _km(row: Mapping[str, Any]) -> float:
    return (row["distance_m"] or 0.0) / METRES_PER_KM


def _percent(share: float) -> str:
    return f"{100 * share:.0f} %"
