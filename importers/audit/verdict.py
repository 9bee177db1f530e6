"""Our value beside the second reader's: same, explained by a count that agrees, or unexplained."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final

from importers.audit.reading import VALUES, Reading, Value


class Verdict(StrEnum):
    """How two readings of one recording compare."""

    SAME = "same"
    EXPLAINED = "explained"
    UNEXPLAINED = "unexplained"
    NOT_AUDITED = "not audited"


@dataclass(frozen=True, slots=True)
class Tolerance:
    """Two values this near are the same: in the unit of the value, or as a share of ours, whichever is more."""

    near: float
    share: float = 0.0

    def holds(self, ours: float, theirs: float) -> bool:
        """True if the difference is within it."""
        return abs(ours - theirs) <= max(self.near, self.share * abs(ours))


NEAR: Final[dict[str, Tolerance]] = {
    "start": Tolerance(1.0),
    "utc_offset_s": Tolerance(0.0),
    "distance_m": Tolerance(2.0, 0.003),
    "elapsed_s": Tolerance(1.0),
    "timer_s": Tolerance(1.0),
    "ascent_m": Tolerance(1.0, 0.01),
    "descent_m": Tolerance(1.0, 0.01),
    "cadence_spm": Tolerance(1.0),
    "heart_rate_bpm": Tolerance(1.0),
    "samples": Tolerance(0.0),
}
"""How near a second reader's own answer must come (s, m, steps/min, bpm). gpxpy's earth is 0.1 % larger than ours."""
RECOUNTED: Final[dict[str, Tolerance]] = {
    "start": Tolerance(1.0),
    "utc_offset_s": Tolerance(0.0),
    "distance_m": Tolerance(5.0, 0.005),
    "elapsed_s": Tolerance(1.0),
    "timer_s": Tolerance(2.0, 0.01),
    "ascent_m": Tolerance(5.0, 0.05),
    "descent_m": Tolerance(5.0, 0.05),
    "cadence_spm": Tolerance(1.0),
    "heart_rate_bpm": Tolerance(1.0),
    "samples": Tolerance(0.0),
}
"""How near a count by the other way must come to explain a difference; looser, for it is another program's."""


GROWING: Final = ("distance_m", "elapsed_s", "timer_s", "ascent_m", "descent_m", "samples")
"""Values that only grow as more of a file is read."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Compared:
    """One value of one recording, side by side."""

    name: str
    unit: str
    ours: Value | None
    theirs: Value | None
    difference: float | None
    """Ours less theirs, in the unit; None for words and where one is unknown."""
    verdict: Verdict
    reason: str = ""
    recounted: Value | None = None
    """The second reader's value counted the way that explains the difference."""


def compare(ours: Mapping[str, Value | None], reading: Reading) -> tuple[Compared, ...]:
    """Every value of a recording beside the second reader's."""
    return tuple(_one(name, ours.get(name), reading) for name in VALUES)


def worst(verdicts: tuple[Verdict, ...]) -> Verdict:
    """The verdict of a recording from those of its values."""
    order = list(Verdict)
    return max(verdicts, key=order.index, default=Verdict.SAME)


def _one(name: str, ours: Value | None, reading: Reading) -> Compared:
    theirs = reading.own(name)
    if _agree(name, ours, theirs, NEAR):
        verdict, reason, recounted = Verdict.SAME, "", None
    else:
        verdict, reason, recounted = _explained(name, ours, reading)
    difference = _less(ours, theirs)
    return Compared(
        name=name,
        unit=VALUES[name],
        ours=ours,
        theirs=theirs,
        difference=difference,
        verdict=verdict,
        reason=reason,
        recounted=recounted,
    )


def _explained(name: str, ours: Value | None, reading: Reading) -> tuple[Verdict, str, Value | None]:
    """The way of counting that comes nearest to our value and near enough, or why nobody can know it."""
    if ours is None:
        for answer in reading.unknown.get(name, ()):
            if answer.find() is not None:
                return Verdict.EXPLAINED, answer.says, None
    else:
        counted = [
            (answer.says, found) for answer in reading.answers.get(name, ())[1:] if (found := answer.find()) is not None
        ]
        agreeing = [(says, found) for says, found in counted if _agree(name, ours, found, RECOUNTED)]
        if agreeing:
            says, found = min(agreeing, key=lambda way: abs(_less(ours, way[1]) or 0.0))
            return Verdict.EXPLAINED, says, found
        if reading.stops and name in GROWING:
            return _behind(ours, reading.own(name), [found for _, found in counted])
    return Verdict.UNEXPLAINED, "no way of counting of the other reader comes to it", None


def _behind(ours: Value, own: Value | None, counted: Sequence[Value]) -> tuple[Verdict, str, Value | None]:
    """Of a damaged file at which the other reader stops: whether ours lies between what came before and the total."""
    before, total = min(map(_float, counted), default=_float(own)), _float(own)
    if _float(ours) < before:
        return Verdict.UNEXPLAINED, "less than the other reader finds before the damage", None
    if _float(ours) <= total:
        return Verdict.EXPLAINED, "its total is of the whole file, loadplan's of what can be read", before
    return Verdict.EXPLAINED, "the other reader stops at the damage, loadplan reads on behind it", before


def _float(value: Value | None) -> float:
    return float(value) if isinstance(value, int | float) else 0.0


def _agree(name: str, ours: Value | None, theirs: Value | None, tolerances: Mapping[str, Tolerance]) -> bool:
    if ours is None or theirs is None:
        return ours is theirs
    if isinstance(ours, str) or isinstance(theirs, str):
        return ours == theirs
    apart = _less(ours, theirs)
    scale = 0.0 if isinstance(ours, datetime) else ours
    return apart is not None and tolerances[name].holds(scale, scale - apart)


def _less(ours: Value | None, theirs: Value | None) -> float | None:
    if isinstance(ours, datetime) and isinstance(theirs, datetime):
        return (ours - theirs).total_seconds()
    if isinstance(ours, int | float) and isinstance(theirs, int | float):
        return ours - theirs
    return None
