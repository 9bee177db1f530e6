"""A pain entry to a light: green, amber, red or unknown. Pure functions, no diary and no clock."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from plans.evidence import limit
from plans.plan import Profile
from plans.wrong_value import shown

PAIN_SCALE = (0.0, 10.0)
"""Pain is told on a scale from 0 (none) to 10 (worst)."""


class PainError(ValueError):
    """A pain score that is no number from 0 to 10."""


class Light(StrEnum):
    """What a diary entry says about the next run."""

    GREEN = "green"
    AMBER = "amber"
    RED = "red"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class PainLimits:
    """The limits of one profile on the 0-10 scale; ``red_at`` itself is red unless ``red_is_open``."""

    green_max: float
    red_at: float
    red_is_open: bool


def pain_limits(profile: Profile = "general") -> PainLimits:
    """The pain limits of a profile (Esculier 2018, doi:10.1136/bjsports-2016-096988; tendon: Silbernagel 2007)."""
    if profile == "patellar-tendon":
        return PainLimits(
            green_max=limit("pain_green_max_tendon"), red_at=limit("pain_red_above_tendon"), red_is_open=True
        )
    return PainLimits(green_max=limit("pain_green_max"), red_at=limit("pain_red_min"), red_is_open=False)


def pain_light(
    during: float | None,
    after: float | None = None,
    morning: float | None = None,
    *,
    usual: float = 0.0,
    fades: bool = False,
    builds: bool = False,
    altered_stride: bool = False,
    swelling: bool = False,
    profile: Profile = "general",
) -> Light:
    """The light of one run, as far as it is told: without ``after`` and ``morning`` green rests on ``during`` alone.

    Args:
        during: worst pain during the run, 0-10; None = no entry, which is unknown.
        after: pain 60 minutes later (patellar tendon: 24 hours later), 0-10; None = not told.
        morning: pain the next morning, 0-10; None = not told.
        usual: the usual pain of a day without a run, 0-10.
        fades: mild at the start and gone within the first km.
        builds: grew during the run.
        altered_stride: the stride changed because of it.
        swelling: any swelling afterwards.
        profile: whose limits hold; the patellar tendon is allowed one point more.

    Returns:
        RED before AMBER before GREEN: the worst sign decides.

    Raises:
        PainError: a score outside 0 to 10.
    """
    for score in (during, after, morning, usual):
        _check_score(score)
    limits = pain_limits(profile)
    if builds or altered_stride or swelling or _worse(morning, usual) or _is_red(during, limits):
        return Light.RED
    if _worse(after, usual):
        return Light.AMBER
    if during is None:
        return Light.UNKNOWN
    if not _is_green(during, limits, fades=fades):
        return Light.AMBER
    return Light.GREEN


def counts_as_mild_start(during: float | None, *, fades: bool, profile: Profile = "general") -> bool:
    """True for a run that is green only because its pain was mild and gone within the first km."""
    if during is None or not fades:
        return False
    return pain_limits(profile).green_max < during <= limit("pain_fades_max")


def holds_by_mild_starts(mild_starts: Sequence[bool]) -> bool:
    """True where the last three runs in a row all began with mild pain: green, and still no progress."""
    needed = int(limit("pain_fades_streak"))
    return len(mild_starts) >= needed and all(mild_starts[-needed:])


def week_light(lights: Iterable[Light], *, mild_starts: Sequence[bool] = (), profile: Profile = "general") -> Light:
    """The light of a week: the worst of its entries; without one unknown, for ``general`` green.

    A week of green entries that closes three mild starts in a row is amber: it repeats.
    """
    seen = set(lights)
    for worst in (Light.RED, Light.AMBER):
        if worst in seen:
            return worst
    if holds_by_mild_starts(mild_starts):
        return Light.AMBER
    if Light.GREEN in seen or profile == "general":
        return Light.GREEN
    return Light.UNKNOWN


def _check_score(score: float | None) -> None:
    low, high = PAIN_SCALE
    if score is not None and (isinstance(score, bool) or not low <= score <= high):
        raise PainError(f"pain is a number from 0 to 10, not {shown(score)}")


def _worse(score: float | None, usual: float) -> bool:
    return score is not None and score > usual


def _is_red(during: float | None, limits: PainLimits) -> bool:
    if during is None:
        return False
    return during > limits.red_at or (during == limits.red_at and not limits.red_is_open)


def _is_green(during: float, limits: PainLimits, *, fades: bool) -> bool:
    return during <= limits.green_max or (fades and during <= limit("pain_fades_max"))
