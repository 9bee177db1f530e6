"""Who needs attention first: the one ranking of reasons, for the page of one runner, an index of many, and a cohort.

A reason says what was seen, and its rank how soon somebody should look. The order is no forecast of anything.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final, NamedTuple

from loadplan.load_warning import Level

STOP, INJURED, RED, STRONG, ADVICE, AMBER, WARN, STOOD_OUT, QUIET_PLAN = 0, 8, 10, 20, 25, 30, 40, 50, 60
UNREAD, NO_DATA, PARTLY = 65, 70, 80
"""Rank of each reason: the smaller, the sooner. A stop of the screening takes the ranks up to 4."""
QUIET_RANK: Final = 100
QUIET: Final = "Nothing goes beyond a suggested limit."
NO_RUN_DAYS: Final = 14
"""d without a run from which it is said."""
INJURED_DAYS: Final = 28
"""d for which an injury stands first where nobody says when it was over."""
NEAR: Final[dict[Level, int]] = {"strong": STRONG, "warn": WARN}


@dataclass(frozen=True, slots=True, kw_only=True)
class Reason:
    """One reason to look."""

    rank: int
    text: str
    """A sentence."""
    level: Level
    brief: str = ""
    """The same in a few words, for a line of a table; empty where the sentence is short enough."""
    count: int = 1
    """How many things it names: of two alike, the one that names more stands first."""

    @property
    def line(self) -> str:
        """The few words, or the sentence."""
        return self.brief or self.text


class Spoken(NamedTuple):
    """What the ranking reads of a warning: its name, its level, and the week or day it speaks of."""

    name: str
    level: str
    when: str


def order_of(reasons: Sequence[Reason], name: str) -> tuple[int, int, int, str]:
    """Where somebody stands among others, smallest first: by the first reason, what it names, how many there are."""
    if not reasons:
        return QUIET_RANK, 0, 0, name
    return reasons[0].rank, -reasons[0].count, -len(reasons), name


def ranked(reasons: Iterable[Reason]) -> tuple[Reason, ...]:
    """Reasons, the most pressing first."""
    return tuple(sorted(reasons, key=lambda one: one.rank))


def beyond(warnings: Sequence[Spoken]) -> Iterator[Reason]:
    """Rules that spoke of the last weeks, by level; information alone is no reason to look."""
    for level, rank in NEAR.items():
        mine = [one for one in warnings if one.level == level]
        names, when = list(dict.fromkeys(one.name for one in mine)), list(dict.fromkeys(one.when for one in mine))
        if names:
            listed = ", ".join(names)
            text = f"Beyond a suggested limit in the week of {' and of '.join(when)}: {listed}."
            yield Reason(rank=rank, text=text, level=level, brief=f"{level}: {listed}", count=len(names))


def without_run(last: date | None, as_of: date) -> Iterator[Reason]:
    """No run at all, or none for two weeks."""
    if last is None:
        yield Reason(rank=NO_DATA, text="No run is recorded.", level="info")
    elif as_of - last >= timedelta(days=NO_RUN_DAYS):
        text = f"No run for {(as_of - last).days} days; the last one is of {last}."
        yield Reason(rank=NO_DATA, text=text, level="info", brief=f"no run since {last}")


def not_read(status: str, why: str, rejected: int, found: int) -> Iterator[Reason]:
    """Files of which nothing, or not all, could be read: what is not known must not pass for quiet."""
    if status == "failed":
        text = f"Nothing could be read ({why}); nothing is known of this runner."
        yield Reason(rank=UNREAD, text=text, level="info", brief=f"nothing could be read: {why}")
    elif rejected:
        text = f"{rejected} of {found} files and rows could not be read ({why})."
        yield Reason(rank=PARTLY, text=text, level="info", brief=f"{rejected} of {found} not read: {why}")


def injured(began: date | None, days_lost: float | None, as_of: date) -> Iterator[Reason]:
    """An injury that is not over as far as is known; where nobody says how long it took, one of the last four weeks."""
    if began is None or began > as_of:
        return
    ago = (as_of - began).days
    if ago < INJURED_DAYS if days_lost is None else ago <= days_lost:
        told = "; nobody says that it is over" if days_lost is None else ""
        text = f"Injured on {began}, {ago} days before this day{told}."
        yield Reason(rank=INJURED, text=text, level="strong", brief=f"injured on {began}")
