"""LoadWarning: one rule that spoke about one week, with its number, its limit and where the limit comes from."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any, Final, Literal

from plans.evidence import Finding, finding

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


LEVELS: Final[tuple[Level, ...]] = ("info", "warn", "strong")
"""From the weakest to the strongest."""

ADVICE: Final[dict[str, str]] = {
    "LP001": "Look at what made the difference. The next week need not go up again.",
    "LP002": "Suggested: stay at this amount or below it for a week before the next rise.",
    "LP003": "Suggested: a week near your average of the previous four before the next rise.",
    "LP004": "Suggested: a week near your average of the previous four before the next rise.",
    "LP005": "Suggested: for now no run longer than this one, and a shorter one next.",
    "LP006": "Suggested: one long run in seven days, and the others of about the same length.",
    "LP007": "Suggested: no more climb than this next week; a flatter route for one of the runs does it.",
    "LP008": "Suggested: no more descent than this next week; downhill is the harder direction for a knee.",
    "LP009": "Suggested: keep one of the changes, and take the others back for a week or two.",
    "LP010": "Suggested: the former pair on the longer runs. `loadplan shoes try NAME --km X` tells how far today.",
    "LP011": "Suggested: the former pair on most runs. `loadplan shoes try NAME --km X` tells how far today.",
    "LP012": "Nothing has to change by itself. A pair that follows is new for 14 days.",
    "LP013": "Look whether terrain, tiredness or another watch explains it: `loadplan cadence` shows each run.",
    "LP014": "An easier day, or a day off, between two harder ones makes a week less uniform.",
    "LP015": "Custom: every fourth week at four fifths of the one before.",
    "LP016": "Custom: a day without a run now and then.",
    "LP017": "Read a change of climb across this week with care.",
    "LP018": "`loadplan run edit ID` enters what is missing; `loadplan log` shows the ids.",
}
"""Code -> what one can do about it: suggestions of upper limits, never of more."""


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
            "advice": ADVICE.get(self.code),
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
    ground = finding(key)
    return LoadWarning(
        code=code,
        name=NAMES[code],
        level=level,
        week=week,
        day=day,
        measured=measured,
        limit=ground.value if limit is None else limit,
        unit=ground.unit if unit is None else unit,
        message=message,
        source=_source(ground),
        grade=str(ground.grade),
    )


def beyond_limit(value: float, key: str, digits: int) -> str:
    """A number with so many digits, and more of them while it would read like the limit ``key`` that it passes."""
    bound = finding(key).value
    while digits < MOST_DIGITS and round(value, digits) == round(bound, digits):
        digits += 1
    return f"{value:.{digits}f}"


def _source(finding: Finding) -> str:
    return f"{finding.source}; against: {finding.against}" if finding.against else finding.source
