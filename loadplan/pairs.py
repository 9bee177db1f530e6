"""The shoe cupboard as a list: which pairs, since when, how far, how much of this week. Plain Python: it starts fast.

A pair is new for 14 days from its first run; the first pair of the record is not, since what was worn before it is
not known. Custom, after Warne & Gruber 2017, doi:10.1186/s40798-017-0096-x.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any, Final

from plans.evidence import TOLERANCE, limit

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

SHARE_DAYS: Final = 7
"""d; exposure is looked at over a rolling week."""
METRES_PER_KM: Final = 1000.0


def pair_list(
    runs: Sequence[Mapping[str, Any]], entered: Sequence[Mapping[str, Any]], as_of: date
) -> list[dict[str, Any]]:
    """Every pair worn or entered, the earliest first, as of one day.

    Args:
        runs: Running rows of the log, as the store gives them.
        entered: Pairs as the runner entered them (``Store.shoes``).
        as_of: Runs after this day are not read.

    Returns:
        A dictionary a pair: ``name``, ``first_run`` (ISO day or None), ``age_days``, ``runs``, ``distance_km``, ``new``
        (None before the first run), ``share_7d`` of the last 7 days with ``share_7d_reason`` where it is None, and
        what was entered.
    """
    past = [row for row in runs if row["day"] <= as_of.isoformat()]
    window = [row for row in past if row["day"] > (as_of - timedelta(days=SHARE_DAYS)).isoformat()]
    facts = {row["name"]: row for row in entered}
    names = {row["shoe"] for row in past if row["shoe"]} | set(facts)
    seen = {name: _first_seen(past, name) for name in names}
    earliest = min((day for day in seen.values() if day), default=None)
    reason = _why_no_share(window)
    total = sum(_km(row) for row in window if row["shoe"])
    pairs = []
    for name in names:
        mine = [row for row in past if row["shoe"] == name]
        stated = facts.get(name, {})
        first = min((day for day in (seen[name], stated.get("first_day")) if day), default=None)
        can_be_new = bool(stated.get("first_day")) or seen[name] != earliest
        this_week = sum(_km(row) for row in window if row["shoe"] == name)
        pairs.append({
            "name": name,
            "first_run": first if mine else None,
            "age_days": (as_of - date.fromisoformat(first)).days if mine and first else None,
            "runs": len(mine),
            "distance_km": sum(_km(row) for row in mine),
            "new": _is_new(first, as_of) and can_be_new if mine and first else None,
            "share_7d": None if reason else this_week / total,
            "share_7d_reason": reason,
            **{key: stated.get(key) for key in ("drop_mm", "stack_mm", "plated", "retired", "default_from")},
        })  # fmt: skip
    return sorted(pairs, key=lambda pair: (pair["first_run"] or "~", pair["name"]))


def _first_seen(runs: Sequence[Mapping[str, Any]], name: str) -> str | None:
    return min((row["day"] for row in runs if row["shoe"] == name), default=None)


def _is_new(first: str, as_of: date) -> bool:
    return (as_of - date.fromisoformat(first)).days < limit("new_shoe_days")


def _km(row: Mapping[str, Any]) -> float:
    return float(row["distance_m"] or 0.0) / METRES_PER_KM


def _why_no_share(window: Sequence[Mapping[str, Any]]) -> str | None:
    """The reason why the week has no shares, in the words of the load table."""
    if not window:
        return "no_run"
    if len(window) < limit("new_shoe_min_runs"):
        return "few_runs"
    known = sum(_km(row) for row in window if row["shoe"])
    unknown = sum(_km(row) for row in window if not row["shoe"])
    too_many = unknown > limit("shoe_unknown_share") * (known + unknown) + TOLERANCE
    return "unknown_shoe" if too_many or known <= TOLERANCE else None
