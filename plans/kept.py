"""A plan as it was kept: its JSON back to a Plan."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields
from datetime import date
from typing import Any

from plans.plan import Baseline, Change, DiaryDay, Done, Plan, Request, Session, Week

TEXTS = ("steps", "drills", "why", "checkpoints", "warnings", "what_to_do", "what_to_watch", "notes", "form")
"""Keys of lists of texts."""
DAYS = ("day", "start", "known_to", "planned_from", "goal_date")
"""Keys of days."""


def read_plan(data: Mapping[str, Any]) -> Plan:
    """The Plan that ``Plan.as_json`` wrote; keys that it does not know are left out.

    Raises:
        ValueError: something else than a plan; the text names what is missing.
    """
    try:
        return Plan(
            **{
                **_known(Plan, data),
                "baseline": _baseline(data["baseline"]),
                "weeks": tuple(_week(week) for week in data["weeks"]),
                "request": Request(**_known(Request, data["request"])),
                "diary": tuple(DiaryDay(**_known(DiaryDay, one)) for one in data.get("diary", ())),
                "changes": tuple(Change(**_known(Change, one)) for one in data.get("changes", ())),
            }
        )
    except (KeyError, TypeError) as error:
        raise ValueError(f"this is not a plan that loadplan kept: {error}") from error


def _baseline(data: Mapping[str, Any]) -> Baseline:
    known = _known(Baseline, data)
    return Baseline(**{**known, "first": _day(data.get("from")), "last": _day(data.get("to"))})


def _week(data: Mapping[str, Any]) -> Week:
    sessions = tuple(Session(**_known(Session, one)) for one in data["sessions"])
    done = data.get("done")
    return Week(
        **{**_known(Week, data), "sessions": sessions, "done": Done(**_known(Done, done)) if done is not None else None}
    )


def _known(kind: Any, data: Mapping[str, Any]) -> dict[str, Any]:
    names = {one.name for one in fields(kind)}
    return {key: _value(key, value) for key, value in data.items() if key in names}


def _value(key: str, value: Any) -> Any:
    if key in DAYS:
        return _day(value)
    return tuple(value) if key in TEXTS and isinstance(value, list) else value


def _day(value: Any) -> date | None:
    return None if value is None else date.fromisoformat(value)
