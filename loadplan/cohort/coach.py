"""For a coach: everybody of a cohort, who needs attention first, each with the reason.

The ranking is the one of ``loadplan.attention``, by which ``report --all`` orders its index too. Here it reads what
files and a list of runners tell: warnings of the last weeks, injuries, silence, and what could not be read.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any, Final

import pandas as pd

from importers.sniff import CODES
from loadplan.attention import (
    QUIET,
    Reason,
    Spoken,
    beyond,
    injured,
    not_read,
    order_of,
    ranked,
    without_run,
)
from loadplan.cohort.injuries import told_injuries
from loadplan.rules import LoadWarning

NO_ACTIVITY: Final = frozenset({"no_activities", "not_activity", *CODES.values()})
"""Reasons that say what a file is instead."""
RECENT_WEEKS: Final = 2
"""The week of the day that counts as today and the last complete one, as ``check`` tells them."""
LAST_WEEK: Final = (
    "week", "runs", "distance_km", "build_change_pct", "build_change_pct_reason", "acwr", "acwr_reason", "acwr_band",
    "spike_pct", "spike_pct_reason",
)  # fmt: skip
"""What is told of the last complete week."""
TABLE: Final = (
    "rank", "runner", "level", "attention", "reasons", "last_day", *(f"last_{name}" for name in LAST_WEEK), "status",
)  # fmt: skip
"""Columns of the table, in their order. ``attention`` is a line of the reasons in a few words, ``reasons`` are
sentences; ``last_day`` is the day of the last run, the columns after it are of the last complete week."""


def recent(weeks: pd.DataFrame, warnings: Sequence[LoadWarning]) -> dict[str, Any]:
    """What the ranking reads of one runner's weeks, as plain values: it is small, and may be kept.

    Args:
        weeks: As ``weekly_load`` gives it.
        warnings: As ``check_weeks`` makes them of that.
    """
    last = weeks.tail(RECENT_WEEKS)
    if len(last) and last["complete"].iloc[-1]:
        last = last.tail(1)
    since = last.index[0].date() if len(last) else date.max
    told = [(one.name, one.level, one.week or one.day) for one in warnings]
    complete = weeks[weeks["complete"].astype(bool)].tail(1).reset_index()
    return {
        "warnings": [[name, level, str(when)] for name, level, when in told if when is not None and when >= since],
        "last_week": _plain(complete.iloc[0]) if len(complete) else {},
    }


def _plain(week: pd.Series[Any]) -> dict[str, Any]:
    """The last week as JSON takes it: None where unknown."""
    values: dict[str, Any] = {name: week[name] for name in LAST_WEEK}
    values["week"] = week["week"].date().isoformat()
    known = {name: None if pd.isna(value) else value for name, value in values.items()}
    return {name: getattr(value, "item", lambda value=value: value)() for name, value in known.items()}


def reasons(row: Mapping[str, Any], as_of: date) -> tuple[Reason, ...]:
    """Why somebody should look at one runner, the most pressing first; none where all is quiet.

    Args:
        row: The runner's row of the summary (``tables.SUMMARY``), with what ``recent`` gave under ``recent``.
        as_of: The day that counts as today.
    """
    spoken = [Spoken(*one) for one in (row.get("recent") or {}).get("warnings", ())]
    last = date.fromisoformat(row["last_day"]) if row.get("last_day") else None
    hurt = told_injuries(row.get("injuries"))
    why, failed = in_words(row.get("reason")), row["status"] == "failed"
    found = (
        *[one for first, lost in hurt for one in injured(first, lost, as_of)][-1:],
        *beyond(spoken),
        *not_read(str(row["status"]), why, int(row.get("rejected") or 0), int(row.get("found") or 0)),
        *(() if failed else without_run(last, as_of)),
    )
    return ranked(found)


def in_words(reason: str | None) -> str:
    """Why files could not be read, as a coach reads it: ``bad_zip 1, table 2`` is "bad zip (1), no activity (2)"."""
    told: Counter[str] = Counter()
    for one in (reason or "no_activities").split(", "):
        code, _, count = one.partition(" ")
        told["no activity" if code in NO_ACTIVITY else code.replace("_", " ")] += int(count or 1)
    alone = len(told) == 1 and told.total() == 1
    return ", ".join(word if alone else f"{word} ({count})" for word, count in told.items())


def table(rows: Iterable[Mapping[str, Any]], as_of: date) -> list[dict[str, Any]]:
    """The table for a coach: ``TABLE``, a row a runner, who needs attention first on top.

    Args:
        rows: As ``reasons`` takes them, in any order.
        as_of: The day that counts as today.
    """
    found = [(order_of(why, str(row["runner"])), row, why) for row in rows for why in (reasons(row, as_of),)]
    found.sort(key=lambda one: one[0])
    return [_row(rank, row, why) for rank, (_, row, why) in enumerate(found, 1)]


def _row(rank: int, row: Mapping[str, Any], why: Sequence[Reason]) -> dict[str, Any]:
    week = (row.get("recent") or {}).get("last_week", {})
    return {
        "rank": rank, "runner": row["runner"], "level": why[0].level if why else None,
        "attention": "; ".join(one.line for one in why) or QUIET, "reasons": [one.text for one in why],
        "last_day": row.get("last_day"), **{f"last_{name}": week.get(name) for name in LAST_WEEK},
        "status": row["status"],
    }  # fmt: skip


__all__ = ["TABLE", "reasons", "recent", "table"]
