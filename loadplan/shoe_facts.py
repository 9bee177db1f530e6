"""What one pair has to do with another: how much they differ, and the share that suits a pair's age. Plain Python.

Custom, after Warne & Gruber 2017 (doi:10.1186/s40798-017-0096-x) and Ridge 2013.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from plans.evidence import TOLERANCE, limit

FORMER_DAYS: Final = 28
"""d; the pair worn most in these days is what a new one is compared with."""
DAYS_A_WEEK: Final = 7


def is_big_change(former: Mapping[str, Any], new: Mapping[str, Any]) -> bool:
    """A drop that differs by 4 mm or more, a stack by 8 mm or more, or a first minimalist or plated pair.

    What is not stated of a pair is not known, and makes no change; a former pair of which nothing is said of plates
    counts as one without.
    """
    for key, most in (("drop_mm", "big_change_drop_mm"), ("stack_mm", "big_change_stack_mm")):
        old, now = former.get(key), new.get(key)
        if old is not None and now is not None and abs(now - old) >= limit(most) - TOLERANCE:
            return True
    return any(bool(new.get(key)) and not former.get(key) for key in ("plated", "minimalist"))


def is_comparable(former: Mapping[str, Any], new: Mapping[str, Any]) -> bool:
    """True where both pairs say their drop, or both their stack, or the new one whether it has a plate."""
    both = any(former.get(key) is not None and new.get(key) is not None for key in ("drop_mm", "stack_mm"))
    return both or new.get("plated") is not None


def slow_share(age_days: int) -> float | None:
    """Share of the km that a very different pair may have at its age: a tenth, and ten points more each week.

    None once that is all of them.
    """
    share = limit("big_change_first_share") + limit("big_change_step_share") * (age_days // DAYS_A_WEEK)
    return share if share < 1 - TOLERANCE else None


def worn_most(km: Mapping[str, float]) -> str | None:
    """The pair with the most km; of two alike the first by name."""
    return max(sorted(km), key=lambda name: km[name]) if km else None
