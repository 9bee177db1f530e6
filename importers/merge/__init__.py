"""One run from many witnesses, the same whatever their order.

witnesses --zones.on_utc--> --same.groups--> groups --belief.believed--> runs --zones.with_offset--> runs on their days
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from importers.merge.belief import believed, best_first
from importers.merge.covers import without_covers
from importers.merge.same import Group, Rule, groups, natural
from importers.merge.zones import known_offsets, on_utc, with_offset
from importers.run import Run
from importers.witness import Witness

__all__ = ["Group", "Merged", "Rule", "merge", "natural"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Merged:
    """One run or other activity, and who told of it."""

    run: Run
    witnesses: tuple[Witness, ...]
    """The one that gave the start first."""
    group: Group

    @property
    def identity(self) -> str:
        """Identity of the first witness."""
        return self.witnesses[0].identity


def merge(witnesses: Sequence[Witness], apart: Collection[tuple[str, str]] = ()) -> list[Merged]:
    """Every run once, by start, sport and identity.

    Args:
        witnesses: each identity once. What the runs are depends on the set alone, not on its order.
        apart: pairs of identities that the runner has split: never one run.
    """
    settled = without_covers(on_utc(sorted(witnesses, key=lambda w: w.identity)))
    known = known_offsets(settled)
    found = [_merged(group, known) for group in groups(settled, apart)]
    return sorted(found, key=_order)


def _merged(group: Group, known: list[tuple[datetime, int]]) -> Merged:
    order = best_first(group.members)
    zone = next((w.zone for w in order if w.zone is not None), None)
    return Merged(run=with_offset(believed(group.members), known, zone), witnesses=tuple(order), group=group)


def _order(merged: Merged) -> tuple[datetime, str, str]:
    return merged.run.start, merged.run.sport, merged.identity
