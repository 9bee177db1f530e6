"""What a FIT file says a second time beside its sessions: in its laps, its file_id and its sport message."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from math import isfinite
from typing import TYPE_CHECKING, Final

import numpy as np

from importers.checks import Witness
from importers.fit.clock import number
from importers.fit.names import SPORTS, word_or_number

if TYPE_CHECKING:
    from importers.fit.clock import Clock
    from importers.fit.decode import Decoded, Values

LAP_EARLY_S: Final = 2.0
"""A lap belongs to the last session that began no later than this after it (s)."""


Laps = list[tuple["Values", float | None]]
"""Laps, each with its start (FIT s), None where it does not say."""


def witness(decoded: Decoded, clock: Clock, session: Values, starts: Sequence[float], k: int, laps: Laps) -> Witness:
    """Witness of a session.

    Args:
        decoded: the file.
        clock: how to read its times.
        session: what the file says of the session.
        starts: start of each session of the file (FIT s).
        k: which of them it is.
        laps: its laps, of ``laps_by_session``.
    """
    own, firsts = [lap for lap, _ in laps], [at for _, at in laps if at is not None]
    created = clock.second(decoded.first("file_id"), "time_created")
    activities = decoded.messages["activity"]
    said = decoded.messages["sport"] if len(starts) == 1 else []
    return Witness(
        sessions=len(decoded.messages["session"]),
        sessions_told=number(activities[-1], "num_sessions") if activities else None,
        closed=bool(activities),
        distance_m=_sum(own, "total_distance"),
        elapsed_s=_sum(own, "total_elapsed_time"),
        timer_s=_sum(own, "total_timer_time"),
        ascent_m=_sum(own, "total_ascent"),
        laps=len(own),
        begun_s=min(firsts) - starts[k] if firsts else None,
        created_s=created - min(starts) if created is not None else None,
        mean_speed_m_s=number(session, "enhanced_avg_speed", "avg_speed"),
        sport=next(iter(_words([session])), None),
        sports=_words([*own, *said]),
    )


def steps_back(decoded: Decoded, clock: Clock, bounds: Sequence[tuple[float, float]]) -> list[int]:
    """Records of each session that were written with a time before that of the record in front of them.

    Args:
        decoded: the file.
        clock: how to read its times.
        bounds: first and last FIT second of each session; of a file with one all records are its own.
    """
    time = clock.seconds(decoded.records["timestamp"])
    earlier = time[1:] < time[:-1]
    back = time[1:][earlier] if earlier.any() else time[:0]
    if len(bounds) == 1 or not len(back):
        return [len(back)] * len(bounds)
    return [int(np.count_nonzero((back >= start) & (back < end))) for start, end in bounds]


def laps_by_session(decoded: Decoded, clock: Clock, starts: Sequence[float]) -> list[Laps]:
    """The laps of each session: a lap is of the session begun last, of the first if it began before or does not say."""
    out: list[Laps] = [[] for _ in starts]
    order = sorted((start, k) for k, start in enumerate(starts))
    begun = [start for start, _ in order]
    for lap in decoded.messages["lap"]:
        at = clock.second(lap, "start_time")
        before = bisect_right(begun, at + LAP_EARLY_S) if at is not None and len(starts) > 1 else 0
        out[order[before - 1][1] if before else 0].append((lap, at))
    return out


def _sum(laps: Sequence[Values], name: str) -> float | None:
    """Sum of a total over laps, None where no lap has it."""
    known = [value for lap in laps if isinstance(value := lap.get(name), float)]
    total = sum(known)
    return total if known and isfinite(total) else None


def _words(messages: Sequence[Values]) -> tuple[str, ...]:
    """Sports that messages name, each once."""
    named = dict.fromkeys(values.get("sport") for values in messages)
    return tuple(word_or_number(SPORTS, sport) for sport in named if sport is not None)
