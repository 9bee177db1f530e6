"""Planned runs as workout text for intervals.icu: a section for each run, its steps with minutes and an easy pace.

``m`` means minutes there; what stands before the length of a step is its cue. Cadence is part of the cue, since the
site takes a target of cadence for cycling only.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any, Final

from loadplan.outbox.words import footer, stop_signs, title
from loadplan.outbox.workout import Block, Repeat, Step, workout
from loadplan.text import clean

SECONDS: Final = 60
EASY_SHARE: Final = 0.1
"""Share of the own easy pace to either side that an easy step spans. Custom."""


def intervals_text(plan: Mapping[str, Any], first: date) -> str:
    """Workouts of all planned runs from ``first`` on; copy the lines of a run into its workout."""
    lines = [f"# {clean(line)}" for line in (*footer(plan), stop_signs(plan))]
    for week in plan["weeks"]:
        for session in week["sessions"]:
            blocks = workout(session)
            if blocks and date.fromisoformat(session["day"]) >= first:
                lines += ["", f"## {session['day']} {clean(title(session))}", ""]
                lines += _lines(blocks, _pace(session))
    return "\n".join(lines) + "\n"


def _lines(blocks: tuple[Block, ...], pace: str) -> Iterator[str]:
    for block in blocks:
        if isinstance(block, Repeat):
            yield from ("", f"{block.times}x")
            yield from (_step(step, pace) for step in block.steps)
            yield ""
        else:
            yield _step(block, pace)


def _step(step: Step, pace: str) -> str:
    minutes, seconds = divmod(step.seconds, SECONDS)
    length = f"{minutes}m{seconds}s" if minutes and seconds else f"{minutes}m" if minutes else f"{seconds}s"
    return f"- {step.title} {length}{pace if step.intensity == 'active' else ''}"


def _pace(session: Mapping[str, Any]) -> str:
    """The easy pace of the plan as a range, the slower end first."""
    if not session["distance_km"]:
        return ""
    seconds = SECONDS * session["minutes"] / session["distance_km"]
    slow, quick = (divmod(round(seconds * share), SECONDS) for share in (1 + EASY_SHARE, 1 - EASY_SHARE))
    return f" {slow[0]}:{slow[1]:02d}-{quick[0]}:{quick[1]:02d}/km Pace"
