"""Cross-checks: what a file says twice must agree. A recording that decodes but does not add up is flagged, not mended.

The device's totals are held against samples, laps and each other (distance, time, means, climb), the samples against
the clock, the distance, the timer and what a body can do. Each check is a small function from ``Facts`` to the
sentences of what it found; ``CHECKS`` lists them. Limits lie beyond what devices do: rounding, pauses, sparse samples.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, Final

import numpy as np

from importers.checks.facts import Facts, Found, Witness, facts_of
from importers.checks.samples import date, distance_order, gaps, speed, sport, time_order
from importers.checks.totals import no_summary, session_climb, session_distance, session_means, session_time, unclosed
from importers.problems import Problem

if TYPE_CHECKING:
    from importers.run import Recording

__all__ = ["CHECKS", "Witness", "checked", "cross_check"]

Check = Callable[[Facts], Found]


CHECKS: Final[tuple[tuple[str, Check], ...]] = (
    ("no_summary", no_summary),
    ("unclosed", unclosed),
    ("session_distance", session_distance),
    ("session_time", session_time),
    ("session_means", session_means),
    ("session_climb", session_climb),
    ("time_order", time_order),
    ("distance_order", distance_order),
    ("gaps", gaps),
    ("speed", speed),
    ("date", date),
    ("sport", sport),
)
"""Code of the problem -> check, in the order in which they speak."""


def checked(recording: Recording, *, witness: Witness | None = None, disordered: int = 0) -> Recording:
    """The recording with what does not add up in it among its problems; see ``cross_check``."""
    found = cross_check(recording, witness=witness, disordered=disordered)
    return replace(recording, problems=(*recording.problems, *found)) if found else recording


def cross_check(recording: Recording, *, witness: Witness | None = None, disordered: int = 0) -> tuple[Problem, ...]:
    """What does not add up in a recording: a Problem for each check that found something, with its numbers.

    Args:
        recording: one session as decoded, its samples in order of time.
        witness: what the file says beside its summary; None where the format has nothing of the kind.
        disordered: its samples that were written with a time before that of the sample in front of them.
    """
    if recording.start is None:
        return ()
    with np.errstate(invalid="ignore", over="ignore", divide="ignore"):
        facts = facts_of(recording, witness, disordered)
        said = {code: list(check(facts)) for code, check in CHECKS}
    return tuple(Problem(source="", code=code, detail="; ".join(found)) for code, found in said.items() if found)
