"""Surfaces: the share of each in the km of a week, and how much one of them rose. Only what was recorded is known."""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt

from importers.run import SURFACES
from loadplan.measures import Bools, Floats, Texts, quotient
from plans.evidence import TOLERANCE, chosen

BEFORE_WEEKS: Final = 4
"""weeks before the one judged, whose km together are what was usual."""
LEAST_BEFORE_WEEKS: Final = 2
"""weeks with running among them; with fewer nothing was usual yet."""


class SurfaceShares(NamedTuple):
    """Shares of the km of each week by surface, and the largest rise of one of them."""

    share: npt.NDArray[np.float64]
    """weeks x surfaces; NaN where too much of the week's surface is unknown, or nothing was run."""
    reason: Texts
    rise: Floats
    """Largest rise of one surface's share against the four weeks before (0 to 1)."""
    rise_km: Floats
    """The same in km: what was run on it beyond its former share."""
    to: Texts
    """The surface that rose."""
    rise_reason: Texts


def surface_shares(
    km: npt.NDArray[np.float64], total_km: Floats, whole: Bools, *, unknown_share: float | None = None
) -> SurfaceShares:
    """Shares by surface, and how they changed.

    Args:
        km: weeks x surfaces, in the order of ``SURFACES``; 0 where none was recorded.
        total_km: Distance of each week; NaN unknown.
        whole: Weeks that are over and known from their first day; only they are compared.
        unknown_share: Share of the km whose surface may be unknown; by default the finding ``surface_unknown_share``.
    """
    least = 1 - chosen(unknown_share, "surface_unknown_share")
    known = km.sum(axis=1)
    ok = _enough(known, total_km, least)
    share = quotient(km, known[:, None], np.broadcast_to(ok[:, None], km.shape))
    reason = np.where(ok, None, np.where(total_km > 0, "unknown_surface", "no_run"))  # type: ignore[call-overload]
    before_km, before_known, before_total = (_before(one) for one in (km, known, np.nan_to_num(total_km)))
    ran = _before((total_km > 0).astype(np.float64))
    usual = _enough(before_known, before_total, least) & (ran >= LEAST_BEFORE_WEEKS)
    former = quotient(before_km, before_known[:, None], np.broadcast_to(usual[:, None], km.shape))
    more = share - former
    comparable = ok & usual & whole
    best = np.where(comparable, np.nan_to_num(more, nan=-1.0).argmax(axis=1), 0)
    rise = np.where(comparable, np.take_along_axis(more, best[:, None], axis=1)[:, 0], np.nan)
    why = np.select(
        [comparable, ~whole, ~ok, ran < LEAST_BEFORE_WEEKS],
        ["", "partial_week", "unknown_surface", "insufficient_history"], "unknown_surface",
    )  # fmt: skip
    return SurfaceShares(
        share=share,
        reason=reason,
        rise=rise,
        rise_km=rise * known,
        to=np.where(comparable, np.array(SURFACES, dtype=object)[best], None),  # type: ignore[call-overload]
        rise_reason=np.where(why == "", None, why),  # type: ignore[call-overload]
    )


def _enough(known_km: Floats, total_km: Floats, least_share: float) -> Bools:
    """Is the surface of enough of the km known?"""
    total = np.nan_to_num(total_km)
    return np.asarray((known_km > 0) & (known_km >= least_share * total - TOLERANCE), dtype=np.bool_)


def _before(values: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """Sum of the four weeks before each week."""
    total = np.concatenate([np.zeros((1, *values.shape[1:])), np.cumsum(values, axis=0)])
    at = np.arange(len(values))
    return np.asarray(total[at] - total[np.maximum(at - BEFORE_WEEKS, 0)], dtype=np.float64)
