"""The run/walk ladder: nine levels from 6 x (1 min run / 4 min walk) to 30 minutes of running."""

from __future__ import annotations

from dataclasses import dataclass, field

from plans.evidence import TOLERANCE, limit
from plans.past import DAYS


@dataclass(frozen=True, slots=True)
class Level:
    """One level: ``repeats`` x (``run`` minutes / ``walk`` minutes)."""

    number: int
    repeats: int
    run: int
    walk: int

    @property
    def run_minutes(self) -> float:
        """Minutes of running in all; walking is not counted."""
        return float(self.repeats * self.run)

    @property
    def walk_minutes(self) -> float:
        """Minutes of walking between the runs."""
        return float(self.repeats * self.walk)

    @property
    def pattern(self) -> str:
        """Such as '6x(2/3)'."""
        return f"{self.repeats}x({self.run}/{self.walk})"


LEVELS: tuple[Level, ...] = (
    Level(1, 6, 1, 4),
    Level(2, 6, 2, 3),
    Level(3, 6, 3, 2),
    Level(4, 6, 4, 1),
    Level(5, 4, 6, 1),
    Level(6, 3, 8, 2),
    Level(7, 3, 9, 1),
    Level(8, 2, 14, 1),
    Level(9, 1, 30, 0),
)
"""The nine levels; clinical custom, no trial."""

FIRST, SECOND, LAST = 1, 2, len(LEVELS)
"""Levels at which a ladder starts, and its end."""


def level(number: int) -> Level:
    """The level with this number, 1 to 9."""
    return LEVELS[number - 1]


def runs_on_ladder(runs_before: int) -> int:
    """Three a week; two where the runner ran two or fewer."""
    return min(int(limit("ladder_runs_per_week")), max(runs_before, int(limit("ladder_runs_per_week")) - 1))


def level_within(most: int, runs: int, most_minutes: float) -> int | None:
    """The highest level up to ``most`` whose week of ``runs`` sessions fits ``most_minutes``; None where none does."""
    found = min(top_level(runs, most_minutes), most)
    return found if found >= FIRST else None


def top_level(runs: int, most_minutes: float) -> int:
    """The last level whose week of ``runs`` sessions fits ``most_minutes``; 0 where not even the first does."""
    fitting = [one.number for one in LEVELS if runs * one.run_minutes <= most_minutes + TOLERANCE]
    return max(fitting, default=0)


@dataclass(slots=True)
class Ladder:
    """Where the runner stands. ``day`` gives the next session and, taken as green, moves on."""

    level: int
    top: int
    greens: int = 0
    ups: list[int] = field(default_factory=list)
    """Days of the last steps up."""
    hold_until: int = 0
    """No step up before this day."""

    @property
    def is_done(self) -> bool:
        """True once the top level was green twice."""
        return self.level == self.top and self.greens >= limit("ladder_greens")

    @property
    def now(self) -> Level:
        """The level of the next session."""
        return level(self.level)

    def day(self, day: int) -> Level:
        """The level of a session on ``day``, and then the next one if it may be."""
        now = self.now
        self.greens += 1
        if self.greens >= limit("ladder_greens") and self.level < self.top and self._may_step_up(day):
            self.level, self.greens = self.level + 1, 0
            self.ups.append(day)
        return now

    def _may_step_up(self, day: int) -> bool:
        recent = [up for up in self.ups if day - up < DAYS]
        return day >= self.hold_until and len(recent) < limit("ladder_levels_per_week")

    def lived(self, day: int, run_level: int, *, green: bool) -> None:
        """A session that was really run, at the level it was run at. More than the ladder stands at counts as that."""
        if not green or run_level < self.level:
            return
        self.greens += 1
        if self.greens >= limit("ladder_greens") and self.level < self.top and self._may_step_up(day):
            self.level, self.greens = self.level + 1, 0
            self.ups.append(day)

    def again(self) -> None:
        """An amber light: the level begins anew."""
        self.greens = 0

    def down(self, to: int | None = None, *, hold_until: int = 0) -> None:
        """One level down, or to a level; no step up before ``hold_until``."""
        self.level = max(FIRST, self.level - 1 if to is None else min(to, self.level))
        self.greens = 0
        self.hold_until = max(self.hold_until, hold_until)
