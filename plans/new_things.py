"""One new thing a week, only in a quiet week; the one that has waited longest goes first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from plans.cadence_steps import may_step
from plans.case import Case
from plans.evidence import TOLERANCE, within
from plans.hill_return import HillsBy, may_start, next_share
from plans.plan import Phase, Thing
from plans.shoe_transition import is_settled

ORDER: tuple[Thing, ...] = ("cadence", "hills", "shoes", "strides")
"""Who goes first of those that have waited as long and taken as few steps."""
HARD: frozenset[Thing] = frozenset({"hills", "strides"})
"""What has no place in relative rest."""


def is_quiet(case: Case, phase: Phase, km: float, *, last_build: float | None, last_week: float | None) -> bool:
    """True for relative rest, recovery, hold, and a week that grows by at most 5 %; never on the ladder."""
    if phase in ("relative_rest", "recovery", "hold"):
        return True
    if phase == "ladder" or last_build is None or last_week is None:
        return False
    return within(km, (1 + case.limit("quiet_step_pct") / 100) * min(last_build, last_week))


@dataclass(slots=True)
class NewThings:
    """What has been started, and when."""

    cadence_steps: int = 0
    hills_share: float = 0.0
    shoes_late: int = 0
    """Days into its first week on which the new pair had its first run."""
    last: dict[Thing, int] = field(default_factory=dict)
    """Week of the last step of each thing."""
    steps: dict[Thing, int] = field(default_factory=dict)

    def copy(self) -> NewThings:
        """The same things, to go on from."""
        return replace(self, last=dict(self.last), steps=dict(self.steps))

    def cadence(self, case: Case) -> float | None:
        """The target of now in steps/min; None before the first step or without one."""
        return case.cadences[self.cadence_steps - 1] if self.cadence_steps else None

    def start_one(
        self, case: Case, number: int, phase: Phase, km: float, weeks_before: Sequence[float]
    ) -> Thing | None:
        """Start or step up the thing whose turn it is in this quiet week, and say which.

        Relative rest is flat and easy: hills and strides wait until it is over, however small the goal.
        """
        may = [thing for thing in ORDER if phase != "relative_rest" or thing not in HARD]
        ready = [thing for thing in may if self._is_ready(case, thing, number, km, weeks_before)]
        if not ready:
            return None
        chosen = min(ready, key=lambda thing: (self.last.get(thing, 0), self.steps.get(thing, 0), ORDER.index(thing)))
        self.last[chosen] = number
        self.steps[chosen] = self.steps.get(chosen, 0) + 1
        if chosen == "cadence":
            self.cadence_steps += 1
        if chosen == "hills":
            self.hills_share = next_share(self.hills_share)
        return chosen

    def _is_ready(self, case: Case, thing: Thing, number: int, km: float, weeks_before: Sequence[float]) -> bool:
        if thing == "cadence":
            return self.cadence_steps < len(case.cadences) and may_step(number, self.last.get("cadence"), case.limit)
        if thing == "hills":
            if case.hills is not HillsBy.SCHEDULE or self.hills_are_back(case):
                return False
            return self.hills_share > 0 or may_start(km, weeks_before, case.target_km)
        if thing == "shoes":
            return case.request.new_shoe is not None and "shoes" not in self.last
        full = case.limit("full_load_share") * case.target_km - TOLERANCE
        return any(week >= full for week in weeks_before) and self._strides_are_next(case)

    def hills_are_back(self, case: Case) -> bool:
        """True once hills need no more steps."""
        return case.hills is not HillsBy.SCHEDULE or self.hills_share >= 1 - TOLERANCE

    def _strides_are_next(self, case: Case) -> bool:
        """Speed comes last: after full load, hills, cadence and the new pair."""
        shoes_first = case.request.new_shoe is not None and "shoes" not in self.last
        wished = case.request.strides and "strides" not in self.last
        cadence_first = self.cadence_steps < len(case.cadences)
        return wished and self.hills_are_back(case) and not shoes_first and not cadence_first

    def all_done(self, case: Case, number: int) -> bool:
        """True where no schedule is under way after week ``number``."""
        shoes = case.request.new_shoe is None or (
            "shoes" in self.last and is_settled(case, number + 1 - self.last["shoes"], self.shoes_late)
        )
        strides = not case.request.strides or "strides" in self.last
        return shoes and strides and self.hills_are_back(case) and self.cadence_steps == len(case.cadences)
