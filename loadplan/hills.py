"""Hills: a load of its own, never folded into distance. Ascent and descent against earlier weeks of one source.

Running downhill shifts the work to the knee (Shih & Ho 2023, JSSM 22:111). Watches without a barometer write a
multiple of the true climb, so a new watch looks like a hill: weeks of two sources are not compared, nor is a week
that was itself measured by two.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

import numpy as np
import pandas as pd

from loadplan.acwr import acwr_by_day
from loadplan.measures import JOIN, Bools, Floats, Ints, Texts, quotient
from loadplan.reference import Build

CLIMBS: Final = ("ascent", "descent")
OF_CLIMB: Final = (*CLIMBS, "hill_up", "hill_down")
"""What comes from the profile of altitude, and so from one source or another."""
SOURCE_WEEKS: Final = 4
"""weeks before the one judged; a source seen in none of the last four with climb is new."""


def climb_m_per_km(ascent_m: Floats, distance_km: Floats) -> Floats:
    """Metres climbed on each km; NaN where either is unknown or nothing was run."""
    return quotient(ascent_m, distance_km, distance_km > 0)


def climb_acwr(daily: pd.DataFrame, method: str = "uncoupled") -> pd.DataFrame:
    """The ratio of ascent and of descent on every day: the value and no band, since none was ever studied for climb."""
    found = {climb: acwr_by_day(daily, method, measure=climb) for climb in CLIMBS}
    return pd.DataFrame(
        {f"{climb}_{name}": table[name] for climb, table in found.items() for name in ("acwr", "reason")},
        index=daily.index,
    )


def week_sources(sources: Texts, starts: Ints) -> Texts:
    """What measured the climb of each week: the sources of its days, joined; None where there was none."""
    edges = [*starts.tolist(), len(sources)]
    out = np.full(len(starts), None, dtype=object)
    for k in range(len(starts)):
        seen = {one for day in sources[edges[k] : edges[k + 1]] if day for one in day.split(JOIN)}
        out[k] = JOIN.join(sorted(seen)) or None
    return out


def new_sources(sources: Texts) -> Texts:
    """The sources of each week that the four weeks with climb before it did not have; None where none is new."""
    out = np.full(len(sources), None, dtype=object)
    before: list[set[str]] = []
    for k, week in enumerate(sources):
        if not week:
            continue
        now = set(week.split(JOIN))
        fresh = now - set().union(*before[-SOURCE_WEEKS:])
        out[k] = JOIN.join(sorted(fresh)) or None if before else None
        before.append(now)
    return out


def mixed_sources(sources: Texts) -> Bools:
    """True where the week judged and the four before it were not all measured by one and the same source."""
    out = np.zeros(len(sources), dtype=np.bool_)
    for k in range(len(sources)):
        out[k] = _several(sources[max(0, k - SOURCE_WEEKS) : k + 1])
    return out


def _several(weeks: Iterable[str | None]) -> bool:
    """True where these weeks, taken together, were measured by more than one source."""
    return len({one for week in weeks if week for one in week.split(JOIN)}) > 1


def same_source_as_before(change_pct: Floats, reason: Texts, sources: Texts) -> tuple[Floats, Texts]:
    """The change against the week before only where both weeks were measured by one and the same source."""
    other = np.zeros(len(sources), dtype=np.bool_)
    for k in range(1, len(sources)):
        other[k] = _several(sources[k - 1 : k + 1])
    other &= ~np.isnan(change_pct)
    return np.where(other, np.nan, change_pct), np.where(other, "source_change", reason)


def same_source(build: Build, sources: Texts) -> Build:
    """The change of a climb only where the week and its reference were measured by one and the same source.

    After a break the reference is no single week: then the four weeks with climb before it must be of that source.
    """
    other = np.zeros(len(sources), dtype=np.bool_)
    before: list[str] = []
    for k, now in enumerate(sources):
        then = [sources[build.newest[k]]] if build.newest[k] >= 0 else before[-SOURCE_WEEKS:]
        other[k] = _several([now, *then])
        before += [now] if now else []
    other &= ~np.isnan(build.reference)
    reason = build.reason.copy()
    reason[other] = "source_change"
    return build._replace(
        change_pct=np.where(other, np.nan, build.change_pct),
        reference=np.where(other, np.nan, build.reference),
        reason=reason,
    )
