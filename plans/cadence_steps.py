"""Cadence goes up in small steps, never by more than a tenth, never past 180."""

from __future__ import annotations

from collections.abc import Callable
from math import floor

from plans.evidence import TOLERANCE, limit
from plans.past import DAYS


def cadence_targets(baseline_spm: float | None, number: Callable[[str], float] = limit) -> tuple[float, ...]:
    """The targets one after the other, in steps/min of both feet; none where unknown or at 180 already.

    Steps of 4 up to the smaller of 1.10 x baseline and 180, rounded down (Heiderscheit 2011,
    doi:10.1249/MSS.0b013e3181ebedf4). ``number`` answers for a finding; a protocol may bring its own.

    Example:
        >>> from plans.cadence_steps import cadence_targets
        >>> cadence_targets(150)
        (154.0, 158.0, 162.0, 165.0)
    """
    if baseline_spm is None or baseline_spm >= number("cadence_ceiling_spm"):
        return ()
    cap = min(number("cadence_cap_factor") * baseline_spm, number("cadence_ceiling_spm"))
    top = float(floor(cap + TOLERANCE))
    targets = []
    target = float(floor(baseline_spm + TOLERANCE))
    while target < top:
        target = min(target + number("cadence_step_spm"), top)
        targets.append(target)
    return tuple(targets)


def may_step(week: int, last_step: int | None, number: Callable[[str], float] = limit) -> bool:
    """True where the last step is 14 days or more ago, or there was none."""
    return last_step is None or (week - last_step) * DAYS >= number("cadence_step_days")


def cadence_range(target_spm: float) -> tuple[float, float]:
    """The range that counts as on target, 2 % to either side."""
    width = limit("cadence_range_share") * target_spm
    return target_spm - width, target_spm + width


def count_blocks(minutes: float) -> int:
    """Blocks of two minutes in a run: how a new target is run in its first week."""
    return max(1, floor(minutes / 2))


def first_blocks(target_spm: float, minutes: float) -> str:
    """How to run a new target for the first week: short blocks, with a metronome."""
    return f"{count_blocks(minutes)} x (1 min at {target_spm:.0f} steps/min with a metronome, 1 min as you like)"
