"""What stands beside the runs of the next two weeks: strength with its exercises, cross-training."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from typing import Any, Final

from loadplan.report.blocks import Block, Bullets, Level
from loadplan.report.facts import FORTNIGHT
from loadplan.text import clean
from loadplan.units import number

NAMES: Final = {"strength": "Strength", "cross": "Cross-training"}
"""Kinds of session that are told here."""
TITLE: Final = "Beside the runs"

Session = Mapping[str, Any]


def beside_the_runs(plan: Mapping[str, Any], as_of: date) -> Block | None:
    """The strength and cross-training from ``as_of`` to 14 days after it; None where the plan has none."""
    items: list[tuple[str, Level]] = [(text, "") for text in _lines(plan, as_of)]
    return Bullets(items=tuple(items), title=TITLE, small=True) if items else None


def _lines(plan: Mapping[str, Any], as_of: date) -> Iterator[str]:
    after = as_of + FORTNIGHT + timedelta(days=1)
    alike: dict[tuple[Any, ...], list[date]] = {}
    for week in plan["weeks"]:
        for one in week["sessions"]:
            day = date.fromisoformat(one["day"])
            if one["kind"] in NAMES and as_of <= day < after:
                key = (one["kind"], one["minutes"], tuple(one.get("steps") or ())[:1], tuple(one.get("drills") or ()))
                alike.setdefault(key, []).append(day)
    for (kind, minutes, steps, drills), days in sorted(alike.items(), key=lambda one: list(NAMES).index(one[0][0])):
        what = "; ".join([_without_how(drill) for drill in drills] if drills else steps)
        name = clean(steps[0]) if drills and steps else NAMES[kind]
        told = f": {clean(what)}" if what else ""
        yield f"{name}{_minutes(minutes)}, {_when(days)}{told}."


def _minutes(minutes: float | None) -> str:
    return f", {number(minutes)} min" if minutes is not None else ""


def _when(days: Sequence[date]) -> str:
    """How often, and on which days of the week."""
    if len(days) == 1:
        return f"{days[0]:%a %d %b}"
    weekdays = dict.fromkeys(f"{day:%a}" for day in sorted(days, key=date.weekday))
    return f"{len(days)} times ({', '.join(weekdays)})"


def _without_how(drill: str) -> str:
    """The exercise with its sets; how it is done stands in ``plan show``."""
    return drill.partition(":")[0]
