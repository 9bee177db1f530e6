"""One breach of a plan, and how it becomes a warning like any other."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from plans.evidence import FINDINGS, TOLERANCE

if TYPE_CHECKING:
    from loadplan.plan_view import WeekView
    from loadplan.rules import LoadWarning

NAMES = (
    "week-sum", "run-day", "short-run", "no-reason", "week-gap", "over-target", "first-dose", "itb-onset",
    "hills-early", "more-runs", "no-rest-day", "longest-share", "session-growth", "no-recovery", "recovery-size",
    "long-runs", "long-beside-hard", "tendon-spacing", "ladder-days", "ladder-steps", "cadence-step", "cadence-cap",
    "hills-step", "hills-order", "two-new-things", "not-quiet", "strides-early", "week-zero",
    "short-week-spike", "ladder-dose", "tendon-mean", "pain-light", "own-limit", "growth",
)  # fmt: skip
"""Names of the rules that only a plan can break, in the order of their codes LP101, LP102, ..."""

FIRST_CODE = 101


@dataclass(frozen=True, slots=True, kw_only=True)
class Breach:
    """One rule that one planned week breaks. ``key`` names the finding; None where the plan contradicts itself."""

    name: str
    key: str | None
    week: WeekView
    measured: float | None
    limit: float | None
    unit: str
    says: str

    def as_warning(self) -> LoadWarning:
        """The breach in the form of every other warning, level strong."""
        from loadplan.rules import LoadWarning

        finding = FINDINGS[self.key] if self.key else None
        return LoadWarning(
            code=f"LP{FIRST_CODE + NAMES.index(self.name)}",
            name=f"plan-{self.name}",
            level="strong",
            week=self.week.start,
            measured=self.measured,
            limit=self.limit,
            unit=self.unit,
            message=f"Week {self.week.number} of the plan: {self.says}.",
            source=finding.source if finding else "The plan contradicts itself",
            grade=str(finding.grade) if finding else "custom",
        )


def breach(
    name: str, key: str | None, week: WeekView, measured: float | None, bound: float | None, unit: str, says: str
) -> Breach:
    """Shorthand for one breach."""
    return Breach(name=name, key=key, week=week, measured=measured, limit=bound, unit=unit, says=says)


def over(measured: float, bound: float) -> bool:
    """True when ``measured`` exceeds ``bound`` beyond the tolerance (1e-9, relative above 1)."""
    return measured > bound + TOLERANCE * max(1.0, abs(bound))
