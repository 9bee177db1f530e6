"""Plan against actual: what was run of each planned session and week, straight from the rows of the log.

A session is matched with the runs of its day; where there are none, with runs of the day before or after that belong to
no session. Ladder sessions are compared by their running minutes, since their walking is planned apart.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from math import fsum
from typing import Any, Final

RUNNING: Final = frozenset({"run", "run_walk", "long", "hills", "strides"})
"""Kinds of sessions that are runs."""
METRES_PER_KM, SECONDS_PER_MINUTE = 1000.0, 60.0
NOT_YET, MISSED, NOT_COMPARED = "not_yet", "missed", "not_compared"
NO_TARGET, NOT_RECORDED, MEAN_ONLY = "no_target", "not_recorded", "mean_of_the_run_only"
WEEK: Final = timedelta(days=7)
DAY: Final = timedelta(days=1)
Row = Mapping[str, Any]


def with_actual(plan: Mapping[str, Any], runs: Iterable[Row], as_of: date) -> list[dict[str, Any]]:
    """The weeks of a plan, each week and session with ``actual`` beside it; None with a reason where there is none.

    Args:
        plan: As it is kept.
        runs: Rows of the log, sport run.
        as_of: The day that counts as today; later runs are not looked at.
    """
    by_day: dict[date, list[Row]] = {}
    for row in runs:
        by_day.setdefault(date.fromisoformat(row["day"]), []).append(row)
    known = {day: rows for day, rows in by_day.items() if day <= as_of}
    return [_week(week, known, as_of) for week in plan["weeks"]]


def _week(week: Mapping[str, Any], by_day: Mapping[date, list[Row]], as_of: date) -> dict[str, Any]:
    start = date.fromisoformat(week["start"])
    days = {day: rows for day, rows in by_day.items() if start <= day < start + WEEK}
    matched = match([date.fromisoformat(one["day"]) for one in week["sessions"] if one["kind"] in RUNNING], days)
    sessions = [_session(one, matched, days, as_of) for one in week["sessions"]]
    if start > as_of:
        return {**week, "sessions": sessions, "actual": None, "actual_reason": NOT_YET}
    rows = [row for day in sorted(days) for row in days[day]]
    extra = sorted(set(days) - set(matched.values()))
    compliance = [one["actual"]["cadence_compliance"] for one in sessions if one["actual"]]
    told = [value for value in compliance if value is not None]
    actual = {
        **_amounts(rows),
        "runs": len(rows),
        "longest_km": max((_km(row) or 0.0 for row in rows), default=0.0),
        "cadence_compliance": fsum(told) / len(told) if told else None,
        "missed": sum(one.get("actual_reason") == MISSED for one in sessions),
        "unplanned_days": [day.isoformat() for day in extra],
    }
    return {**week, "sessions": sessions, "actual": actual}


def match(planned: Sequence[date], ran: Iterable[date]) -> dict[date, date]:
    """Which day with runs belongs to which planned day: the same day, else a free neighbour in the same week."""
    free = sorted(set(ran))
    found = {day: day for day in planned if day in free}
    left = [day for day in free if day not in found]
    for day in planned:
        near = next((other for other in (day - DAY, day + DAY) if other in left), None)
        if day not in found and near is not None:
            found[day] = near
            left.remove(near)
    return found


def _session(
    session: Mapping[str, Any], matched: Mapping[date, date], days: Mapping[date, list[Row]], as_of: date
) -> dict[str, Any]:
    day = date.fromisoformat(session["day"])
    if session["kind"] not in RUNNING:
        return {**session, "actual": None, "actual_reason": NOT_COMPARED}
    if day not in matched:
        return {**session, "actual": None, "actual_reason": MISSED if day < as_of else NOT_YET}
    rows = days[matched[day]]
    shoes = {row["shoe"] for row in rows if row["shoe"]}
    share, reason = cadence_compliance(rows, session["cadence_low_spm"], session["cadence_high_spm"])
    actual = {
        "day": matched[day].isoformat(),
        "runs": [row["id"] for row in rows],
        **_amounts(rows),
        "cadence_spm": _mean_cadence(rows),
        "cadence_compliance": share,
        **({"cadence_compliance_reason": reason} if reason else {}),
        "shoe": ", ".join(sorted(shoes)) or None,
        "shoe_as_planned": session["shoe"] in shoes if session["shoe"] and shoes else None,
    }
    return {**session, "actual": actual}


def cadence_compliance(rows: Sequence[Row], low: float | None, high: float | None) -> tuple[float | None, str | None]:
    """Share of the running time within the range, and why it is unknown or how it is known.

    From the seconds by cadence that are kept of a run; where a run has none, its mean counts for the whole of it.
    """
    if low is None or high is None:
        return None, NO_TARGET
    within = total = 0.0
    by_mean = False
    for row in rows:
        bins = _cadence_bins(row)
        if bins:
            total += sum(bins.values())
            within += sum(seconds for spm, seconds in bins.items() if low <= spm <= high)
        elif row["cadence_spm"] is not None and row["moving_s"]:
            by_mean = True
            total += row["moving_s"]
            within += row["moving_s"] if low <= row["cadence_spm"] <= high else 0.0
    if not total:
        return None, NOT_RECORDED
    return within / total, MEAN_ONLY if by_mean else None


def _cadence_bins(row: Row) -> dict[int, float]:
    """Seconds by steps a minute, where they are kept of the run: the third histogram of its ``spread``."""
    text = row.get("spread")
    bins = json.loads(text)[2] if text else None
    return {} if bins is None else {bins[0] + n: float(seconds) for n, seconds in enumerate(bins[1])}


def _amounts(rows: Sequence[Row]) -> dict[str, float | None]:
    return {
        "distance_km": _sum(_km(row) for row in rows),
        "minutes": _sum(_minutes(row, "moving_s") for row in rows),
        "running_minutes": _sum(_minutes(row, "running_s") for row in rows),
        "ascent_m": _sum(row["ascent_m"] for row in rows),
        "descent_m": _sum(row["descent_m"] for row in rows),
    }


def _sum(values: Iterable[float | None]) -> float | None:
    """The sum; None where one of them is not known. Nothing run is 0."""
    known = list(values)
    return None if any(value is None for value in known) else float(sum(value or 0.0 for value in known))


def _km(row: Row) -> float | None:
    return None if row["distance_m"] is None else row["distance_m"] / METRES_PER_KM


def _minutes(row: Row, key: str) -> float | None:
    return None if row[key] is None else row[key] / SECONDS_PER_MINUTE


def _mean_cadence(rows: Sequence[Row]) -> float | None:
    known = [(row["cadence_spm"], row["moving_s"] or 0.0) for row in rows if row["cadence_spm"] is not None]
    seconds = sum(weight for _, weight in known)
    return sum(spm * weight for spm, weight in known) / seconds if seconds else None
