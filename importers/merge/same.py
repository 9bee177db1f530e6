"""Which witnesses are one run: four rules, one after another over all of them, the closest pairs of each first.

    number    the same service knows both under the same number
    start     the same sport, starts within 2 s; distances may differ, since one may be corrected
    overlap   the same sport; the shorter covered to more than 80 % and distances within 3 %, or inside the longer
    shifted   from exports that share nothing: starts apart by quarters of an hour, elapsed time and distance the same

The rules are those of real accounts: copies are re-encoded, cropped, shifted by mistakes with zones. No rule asks for
names of files, and none for "within five minutes": a false start just before a run is a recording of its own.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

from importers.merge.belief import best_first, extent_s, sport_of
from importers.witness import QUARTER_S, SAME_START_S, SHIFT_MAX_S, Clock, Witness

COVERED: Final = 0.8
"""Nobody runs twice at once: of a copy more than this share of the shorter is covered by the longer."""
OVERLAP_DISTANCE: Final = 0.03
"""Distances of two devices, or of a track with its ends cut off, differ by less than this share."""
SHIFTED_ELAPSED_S: Final = 2.0
SHIFTED_DISTANCE: Final = 0.005
NEIGHBOURS: Final = 64
"""So many recordings at one time are looked at. A person makes two or three; only a hostile table has more."""


class Rule(StrEnum):
    """Why two witnesses are one run."""

    NUMBER = "number"
    START = "start"
    OVERLAP = "overlap"
    SHIFTED = "shifted"


@dataclass(slots=True)
class Group:
    """Witnesses of one run, and by which rules they came together."""

    members: list[Witness]
    rules: dict[str, Rule] = field(default_factory=dict)
    """Identity of a witness -> the rule by which it joined."""
    sport: str = ""
    contents: set[str] = field(default_factory=set)
    typed: set[str] = field(default_factory=set)
    exports: set[str] = field(default_factory=set)
    foes: set[str] = field(default_factory=set)
    """Identities that the runner split from a member."""


Pair = tuple[float, str, str]
"""How far apart, and two identities."""


def groups(witnesses: Sequence[Witness], apart: Collection[tuple[str, str]] = ()) -> list[Group]:
    """Witnesses that are one run, together.

    Args:
        witnesses: each identity once, in any order; the result does not depend on it.
        apart: pairs of identities that the runner has split: never one run.
    """
    circle = _Circle(witnesses, apart)
    circle.join(Rule.NUMBER, _by_number(circle.witnesses))
    circle.settle()
    for rule, find in ((Rule.START, _by_start), (Rule.OVERLAP, _by_overlap), (Rule.SHIFTED, _by_shift)):
        circle.join(rule, find(circle))
        circle.settle()
    return circle.groups()


class _Circle:
    """The witnesses while they come together."""

    def __init__(self, witnesses: Sequence[Witness], apart: Collection[tuple[str, str]]) -> None:
        foes: dict[str, set[str]] = {}
        for one, other in apart:
            foes.setdefault(one, set()).add(other)
            foes.setdefault(other, set()).add(one)
        self.witnesses = sorted(witnesses, key=lambda w: (w.start, w.identity))
        self.of: dict[str, Group] = {w.identity: _alone(w, foes.get(w.identity, set())) for w in self.witnesses}

    def groups(self) -> list[Group]:
        """Each group once, by the start of its first witness."""
        return list({id(group): group for w in self.witnesses for group in [self.of[w.identity]]}.values())

    def settle(self) -> None:
        """Work out what a group is as a whole."""
        for group in self.groups():
            group.sport = sport_of(group.members)

    def join(self, rule: Rule, pairs: Iterator[Pair]) -> None:
        """Bring pairs together, the closest first, as far as nothing forbids it."""
        for _, one, other in sorted(pairs):
            first, second = self.of[one], self.of[other]
            if first is not second and _may_join(first, second, rule):
                self._unite(first, second, rule)

    def _unite(self, first: Group, second: Group, rule: Rule) -> None:
        if len(second.members) > len(first.members):
            first, second = second, first
        for witness in second.members:
            self.of[witness.identity] = first
            first.rules.setdefault(witness.identity, rule)
        for witness in first.members:
            first.rules.setdefault(witness.identity, rule)
        first.rules |= {k: v for k, v in second.rules.items() if k not in first.rules}
        first.members += second.members
        first.contents |= second.contents
        first.typed |= second.typed
        first.exports |= second.exports
        first.foes |= second.foes


def _alone(witness: Witness, foes: set[str]) -> Group:
    content = witness.run.content_sha256
    return Group(
        members=[witness],
        contents={content} if content else set(),
        typed={(*witness.activities, witness.identity)[0]} if witness.typed_in else set(),
        exports=set(witness.exports),
        foes=set(foes),
    )


def _may_join(one: Group, other: Group, rule: Rule) -> bool:
    """False for two sessions of one file, two runs typed in by hand, what was split, and shifts within one export."""
    if one.contents & other.contents or len(one.typed | other.typed) > 1:
        return False
    if one.foes and any(w.identity in one.foes for w in other.members):
        return False
    return rule is not Rule.SHIFTED or not one.exports & other.exports or _clockless(one) or _clockless(other)


def _clockless(group: Group) -> bool:
    """Whether only the wall clock is known of all of it."""
    return all(w.clock is Clock.LOCAL for w in group.members)


# ---------------------------------------------------------------- the rules
def _by_number(witnesses: Sequence[Witness]) -> Iterator[Pair]:
    first: dict[str, str] = {}
    for witness in witnesses:
        for number in witness.activities:
            one = first.setdefault(number, witness.identity)
            if one != witness.identity:
                yield 0.0, one, witness.identity


def _by_start(circle: _Circle) -> Iterator[Pair]:
    for one, other, apart in _near(circle, SAME_START_S):
        if circle.of[one.identity].sport == circle.of[other.identity].sport:
            yield apart, one.identity, other.identity


def _by_overlap(circle: _Circle) -> Iterator[Pair]:
    """Pairs of groups by their best witnesses; pairs within a group say nothing new."""
    spans = sorted(filter(None, map(_span, circle.groups())), key=lambda s: (s.start, s.identity))
    active: dict[str, list[_Span]] = {}
    for span in spans:
        others = [other for other in active.get(span.sport, ()) if other.end > span.start]
        for other in others:
            apart = _apart(other, span)
            if apart is not None:
                yield apart, other.identity, span.identity
        active[span.sport] = sorted([*others, span], key=lambda s: s.end)[-NEIGHBOURS:]


def _by_shift(circle: _Circle) -> Iterator[Pair]:
    timed = _Shifts(circle)
    for one, other, apart in _near(circle, SHIFT_MAX_S + SAME_START_S, timed.may_be):
        yield apart, one.identity, other.identity


def _near(
    circle: _Circle, seconds: float, fits: Callable[[Witness, Witness], float | None] | None = None
) -> Iterator[tuple[Witness, Witness, float]]:
    """Pairs of different groups whose starts are so near, and how far apart they are."""
    known = [w for w in circle.witnesses if w.clock is not Clock.DAY]
    stamps = [w.start.timestamp() for w in known]
    for at, one in enumerate(known):
        for behind in range(at + 1, min(at + 1 + NEIGHBOURS, len(known))):
            if stamps[behind] - stamps[at] > seconds:
                break
            other = known[behind]
            if circle.of[one.identity] is circle.of[other.identity]:
                continue
            apart = fits(one, other) if fits else stamps[behind] - stamps[at]
            if apart is not None:
                yield one, other, apart


@dataclass(frozen=True, slots=True)
class _Shifts:
    """Whether two witnesses may be copies with clocks apart."""

    circle: _Circle

    def may_be(self, one: Witness, other: Witness) -> float | None:
        """How far apart the two are but for the shift (s), None where they are no copies."""
        if self.circle.of[one.identity].sport != self.circle.of[other.identity].sport:
            return None
        if not (one.run.elapsed_s and other.run.elapsed_s and one.run.distance_m):
            return None
        shift = abs((one.start - other.start).total_seconds())
        off = abs(shift - round(shift / QUARTER_S) * QUARTER_S)
        longer = abs(one.run.elapsed_s - other.run.elapsed_s)
        if off > SAME_START_S or longer > SHIFTED_ELAPSED_S:
            return None
        if not _alike(one.run.distance_m, other.run.distance_m, SHIFTED_DISTANCE):
            return None
        return off + longer


@dataclass(frozen=True, slots=True)
class _Span:
    """From when to when a group was recorded (s)."""

    identity: str
    sport: str
    start: float
    end: float
    distance_m: float | None


def _span(group: Group) -> _Span | None:
    best = best_first(group.members)[0]
    if best.clock is Clock.DAY:
        return None
    seconds = extent_s(best)
    start = best.start.timestamp()
    return _Span(best.identity, group.sport, start, start + seconds, best.run.distance_m) if seconds else None


def _apart(one: _Span, other: _Span) -> float | None:
    """Share of the shorter that is not covered by the longer, where that and the distances make them one run."""
    shared = min(one.end, other.end) - max(one.start, other.start)
    shorter = min(one.end - one.start, other.end - other.start)
    bare = 1 - shared / shorter
    inside = shared >= shorter - SAME_START_S
    near = bare < 1 - COVERED and _alike(one.distance_m, other.distance_m, OVERLAP_DISTANCE)
    return max(bare, 0.0) if inside or near else None


def _alike(one: float | None, other: float | None, share: float) -> bool:
    return one is not None and other is not None and abs(one - other) <= share * max(one, other)


def natural(members: Sequence[Witness]) -> list[list[Witness]]:
    """What a split leaves together: witnesses that a service knows under one number; where that is all, each alone."""
    circle = _Circle(members, ())
    circle.join(Rule.NUMBER, _by_number(circle.witnesses))
    parts = [group.members for group in circle.groups()]
    return parts if len(parts) > 1 else [[witness] for witness in circle.witnesses]
