"""From the store to an updated plan: what was run and written down since, and the rest planned again.

The plan that was made first stays in the store, and so does every update.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from loadplan.planning import judged, light_of, onset_notes, read_screening, screening_notes

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    import pandas as pd

    from loadplan.store import Store
    from plans.plan import DiaryDay, Plan, Profile
    from plans.protocol import Protocol


def update_plan(store: Store, daily: pd.DataFrame, *, as_of: date) -> dict[str, Any]:
    """The current plan again from ``as_of`` on, as plain data; ``original`` is the id of the plan it began with.

    Args:
        store: Whose plan, screening and diary count.
        daily: The daily table up to ``as_of``.
        as_of: The day that counts as today.

    Raises:
        PlanStopError: the last screening stops and nobody lifted it.
        PlanError: there is no plan, it is over, or it was updated on a later day.
    """
    from loadplan.baseline import past_days
    from plans.adapt import adapt_plan
    from plans.builder import PlanError
    from plans.kept import read_plan

    current = store.plan()
    if current is None:
        raise PlanError("there is no plan yet; make one: loadplan plan new --profile general --start DAY")
    if as_of.isoformat() < current["as_of"]:
        raise PlanError(f"the plan is from {current['as_of']}; an update on {as_of} would forget what it knew then")
    kept, result = read_screening(store, as_of)
    plan, first = read_plan(current), read_plan(store.plan(current["original"]) or current)
    protocol = protocol_of(first)
    notes = (*screening_notes(kept, result), *onset_notes(store, as_of, protocol.profile))
    diary = diary_days(store, as_of, protocol.profile)
    made = adapt_plan(
        replace(plan, screened=kept is not None),
        protocol,
        as_of,
        history=past_days(daily),
        diary=diary,
        original=replace(first, request=replace(first.request, notes=notes, screened=kept is not None)),
    )
    return judged(made.as_json(), daily)


def protocol_of(plan: Plan) -> Protocol:
    """The protocol that a plan was made with: its own text where a clinic shipped one, else the built-in one."""
    from plans.protocol import load_protocol, read_protocol

    return (
        load_protocol(plan.protocol) if plan.own_protocol is None else read_protocol(plan.own_protocol, plan.protocol)
    )


def diary_days(store: Store, as_of: date, profile: Profile) -> list[DiaryDay]:
    """The diary up to ``as_of`` as the planner takes it."""
    return [_diary_day(entry, profile) for entry in store.pain(last=as_of)]


def _diary_day(entry: Mapping[str, Any], profile: Profile) -> DiaryDay:
    from datetime import date

    from plans.pain import counts_as_mild_start
    from plans.plan import DiaryDay

    scores = [entry[when] for when in ("during", "after", "morning") if entry.get(when) is not None]
    mild = counts_as_mild_start(entry["during"], fades=bool(entry.get("fades")), profile=profile) if scores else False
    return DiaryDay(
        day=date.fromisoformat(entry["day"]),
        light=light_of(entry, profile),
        worst=max(scores, default=None),
        mild_start=mild,
    )
