"""What a coach should look at first, with the reason: lines for the top of a page, and the order of the index."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import TYPE_CHECKING, Final

from loadplan.attention import (
    ADVICE,
    AMBER,
    QUIET_PLAN,
    RED,
    STOOD_OUT,
    STOP,
    Reason,
    Spoken,
    beyond,
    ranked,
    without_run,
)
from loadplan.report.facts import FORTNIGHT, WEEK
from loadplan.report.story import LEVEL_WORDS
from plans.screen import screen_answers

if TYPE_CHECKING:
    from loadplan.report.facts import Facts

URGENCY: Final = {"emergency": 0, "same_day": 1, "clinician": 2, "physio": 3, "guided": 4}
MOST_LABELS: Final = 4
"""Exposures named in one line."""


def attention(facts: Facts) -> tuple[Reason, ...]:
    """Every reason, the most pressing first; none where all is quiet."""
    found = (*_screened(facts), *_pain(facts), *_warned(facts), *_flared(facts), *_plan(facts), *_data(facts))
    return ranked(found)


def _screened(facts: Facts) -> Iterator[Reason]:
    kept = facts.screening
    if kept is None:
        return
    result = screen_answers(kept["answers"])
    if result.stops and not kept["reason"]:
        text = f"Screening of {kept['day']}: {LEVEL_WORDS[result.level]}. No plan is made."
        yield Reason(rank=STOP + URGENCY[result.level], text=text, level="strong")
    elif result.stops:
        yield Reason(rank=ADVICE, text="A stop of the screening was lifted (see below).", level="warn")
    elif result.flags:
        yield Reason(rank=ADVICE, text=f"Screening of {kept['day']}: {LEVEL_WORDS[result.level]}.", level="warn")


def _pain(facts: Facts) -> Iterator[Reason]:
    since = (facts.as_of - FORTNIGHT).isoformat()
    recent = [one for one in facts.diary if one["day"] > since]
    lights = [one["light"] for one in recent]
    for light, rank, level in (("red", RED, "strong"), ("amber", AMBER, "warn")):
        if light in lights:
            last = [one["day"] for one in recent if one["light"] == light][-1]
            times = lights.count(light)
            text = f"Pain light {light} on {times} of {len(recent)} entries in 14 days, last on {last}."
            yield Reason(rank=rank, text=text, level=level)  # type: ignore[arg-type]
            return


def _warned(facts: Facts) -> Iterator[Reason]:
    return beyond([Spoken(one.name, one.level, str(one.week or one.day)) for one in facts.warnings])


def _flared(facts: Facts) -> Iterator[Reason]:
    found = facts.flare
    if found is None:
        return
    labels = [one.label for one in found.outstanding]
    if len(labels) > MOST_LABELS:
        labels = [*labels[: MOST_LABELS - 1], f"{len(labels) - MOST_LABELS + 1} more (below)"]
    short = any(one.beyond and one.share is None for one in found.triggers) or not found.triggers
    nothing = (
        "the record before it is too short to say what stood out"
        if short
        else "nothing that is known stood out before it"
    )
    words = f"stood out before it: {', '.join(labels)}" if labels else nothing
    yield Reason(rank=STOOD_OUT, text=f"Pain began on {found.onset}; {words}.", level="info")


def _plan(facts: Facts) -> Iterator[Reason]:
    if facts.plan is None:
        return
    weeks = facts.plan["weeks"]
    if date.fromisoformat(weeks[-1]["start"]) + WEEK <= facts.as_of:
        yield Reason(rank=QUIET_PLAN, text="The plan is over.", level="info")
        return
    current = next((w for w in weeks if facts.as_of < date.fromisoformat(w["start"]) + WEEK), weeks[-1])
    if date.fromisoformat(current["start"]) > facts.as_of:
        yield Reason(rank=QUIET_PLAN, text=f"A plan begins on {facts.plan['start']}.", level="info")
        return
    text = f"Plan: week {current['number']} of {weeks[-1]['number']}, {current['phase'].replace('_', ' ')}."
    yield Reason(rank=QUIET_PLAN, text=text, level="info")


def _data(facts: Facts) -> Iterator[Reason]:
    return without_run(date.fromisoformat(facts.runs[-1]["day"]) if facts.runs else None, facts.as_of)
