"""LoadWarning: one rule that spoke about one week, with its number, its limit and where the limit comes from."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any, Final, Literal

from plans.evidence import FINDINGS, Finding

Level = Literal["info", "warn", "strong"]

MOST_DIGITS: Final = 6
"""digits behind the point with which a number is shown at most."""

NAMES: Final[dict[str, str]] = {
    "LP001": "weekly-change",
    "LP002": "build-change",
    "LP003": "acwr-raised",
    "LP004": "acwr-high",
    "LP005": "session-spike",
    "LP006": "long-runs",
    "LP007": "ascent",
    "LP008": "descent",
    "LP009": "several-changes",
    "LP010": "new-shoe-share",
    "LP011": "big-shoe-change",
    "LP012": "shoe-wear",
    "LP013": "cadence-drop",
    "LP014": "monotony",
    "LP015": "no-recovery-week",
    "LP016": "no-rest-day",
    "LP017": "source-change",
    "LP018": "missing-data",
}
"""Code -> name of every rule. Codes never change their meaning."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LoadWarning:
    """One thing a rule noticed. It carries the finding it rests on: ``source`` and ``grade`` are never empty."""

    code: str
    name: str
    level: Level
    week: date | None = None
    """First day of the week it speaks of."""
    day: date | None = None
    """The day, where it is one."""
    measured: float | None
    limit: float | None
    unit: str
    message: str
    source: str
    grade: str

    def as_json(self) -> dict[str, Any]:
        """The warning with the keys of ``load`` and ``check``; days as ISO text."""
        return {
            "code": self.code,
            "name": self.name,
            "level": self.level,
            "week": self.week.isoformat() if self.week else None,
            "day": self.day.isoformat() if self.day else None,
            "measured": self.measured,
            "limit": self.limit,
            "unit": self.unit,
            "message": self.message,
            "source": self.source,
            "grade": self.grade,
        }


def warning(
    code: str,
    level: Level,
    key: str,
    measured: float | None,
    message: str,
    *,
    week: date | None = None,
    day: date | None = None,
    limit: float | None = None,
    unit: str | None = None,
) -> LoadWarning:
    """Make a warning that rests on the finding ``key``; its limit and unit are the finding's unless given."""
    finding = FINDINGS[key]
    return LoadWarning(
        code=code,
        name=NAMES[code],
        level=level,
        week=week,
        day=day,
        measured=measured,
        limit=finding.value if limit is None else limit,
        unit=finding.unit if unit is None else unit,
        message=message,
        source=_source(finding),
        grade=str(finding.grade),
    )


def beyond_limit(value: float, key: str, digits: int) -> str:
    """A number with so many digits, and more of them while it would read like the limit ``key`` that it passes."""
    bound = FINDINGS[key].value
    while digits < MOST_DIGITS and round(value, digits) == round(bound, digits):
        digits += 1
    return f"{value:.{digits}f}"


def _source(finding: Finding) -> str:
    return f"{finding.source}; against: {finding.against}" if finding.against else finding.source
