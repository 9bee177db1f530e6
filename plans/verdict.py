"""What the diary says of a week: go on, repeat, step down, or cut. Pure functions."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise

from plans.evidence import limit
from plans.pain import Light, holds_by_mild_starts
from plans.plan import DiaryDay, Profile, VerdictKind

STRICTER: tuple[VerdictKind, ...] = ("advance", "repeat", "step_down", "cut")
"""Verdicts, the strictest last."""
HURT = (Light.AMBER, Light.RED)


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What a week's entries say about the next week, with the light of the week and a sentence."""

    kind: VerdictKind
    light: Light
    why: str


def verdict(
    told: Sequence[DiaryDay],
    first: date,
    last: date,
    *,
    ran: Collection[date],
    profile: Profile,
    before: Light = Light.UNKNOWN,
) -> Verdict:
    """The verdict on the days from ``first`` to ``last``.

    Args:
        told: The diary, the oldest first.
        first: First day of the week.
        last: Last day that counts.
        ran: Days of the week with a run, planned or done: an entry of another day does not move the plan on.
        profile: For ``general`` no entry counts as no pain.
        before: The light of the week before.
    """
    known = [one for one in told if one.day <= last]
    mine = [one for one in known if one.day >= first]
    strict = _red(known, mine) or _amber(known, mine, before) or _mild(known, mine)
    if strict is not None:
        return strict
    if any(one.light == Light.GREEN and one.day in ran for one in mine):
        return Verdict(kind="advance", light=Light.GREEN, why="green")
    if profile == "general":
        return Verdict(kind="advance", light=Light.GREEN, why="no pain was entered")
    return Verdict(kind="repeat", light=Light.UNKNOWN, why="no run of it has an entry in the diary: it is repeated")


def _red(known: Sequence[DiaryDay], mine: Sequence[DiaryDay]) -> Verdict | None:
    reds = [one.day for one in known if one.light == Light.RED]
    mine_red = [day for day in reds if mine and day >= mine[0].day]
    if not mine_red:
        return None
    span = timedelta(days=limit("pain_two_reds_days"))
    two = next(((a, b) for a, b in pairwise(reds) if b - a < span and b in mine_red), None)
    if two is not None:
        days = f"{two[0]} and {two[1]}" if two[0] != two[1] else f"twice on {two[0]}"
        why = f"two red lights within {limit('pain_two_reds_days'):.0f} days ({days}): two weeks at the first dose"
        return Verdict(kind="cut", light=Light.RED, why=why)
    return Verdict(kind="step_down", light=Light.RED, why=f"a red light on {mine_red[0]}: {_share()}")


def _amber(known: Sequence[DiaryDay], mine: Sequence[DiaryDay], before: Light) -> Verdict | None:
    ambers = [one.day for one in mine if one.light == Light.AMBER]
    if not ambers:
        return None
    second = next(_second_in_a_row(known, mine), None)
    if second is not None:
        return Verdict(
            kind="step_down", light=Light.AMBER, why=f"a second amber light in a row on {second}: {_share()}"
        )
    if before in HURT:
        why = f"amber on {ambers[0]}, after a week that was {before}: {_share()}"
        return Verdict(kind="step_down", light=Light.AMBER, why=why)
    return Verdict(kind="repeat", light=Light.AMBER, why=f"an amber light on {ambers[0]}: the week is repeated")


def _share() -> str:
    return f"{limit('amber_repeat_share'):.2f} of it"


def _second_in_a_row(known: Sequence[DiaryDay], mine: Sequence[DiaryDay]) -> Iterator[date]:
    for one, other in pairwise(known):
        if one.light in HURT and other.light == Light.AMBER and other.day >= mine[0].day:
            yield other.day


def _mild(known: Sequence[DiaryDay], mine: Sequence[DiaryDay]) -> Verdict | None:
    mild = [one.mild_start for one in known]
    if mine and any(holds_by_mild_starts(mild[: n + 1]) for n in range(len(known) - len(mine), len(known))):
        runs = f"{limit('pain_fades_streak'):.0f} runs in a row began with pain"
        return Verdict(kind="repeat", light=Light.AMBER, why=f"{runs}: the week is repeated")
    return None
