"""Who is believed about what: the values of one run from all of its witnesses.

    cadence, heart rate, hills, dynamics          files first, whole ones, the longest, FIT before TCX and GPX
    start                                         the same, among those on whose clock most agree
    time                                          whole files, then rows, then damaged files
    distance                                      Garmin's summary, whole files, Strava's row, the list, damaged files
    climb                                         the same; a summary that agrees with the watch leaves it the source
    pair, effort, title, kind of sport            rows, those of the newest table first; then files; for the pair and
                                                  the effort what was typed in comes first

Where distances or climb differ the run says so (``notes``), with both numbers.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any, Final

from importers.run import RUN_SPORT, Run
from importers.sports import UNKNOWN_SPORT
from importers.witness import Clock, Teller, Witness

SAMPLED: Final = (
    "running_s", "hill_up_m", "hill_down_m", "steps", "cadence_spm", "heart_rate_bpm", "power_w",
    "vertical_oscillation_mm", "ground_contact_ms", "ground_contact_balance_pct", "vertical_ratio_pct",
    "step_length_mm", "spread", "device", "climb_quality",
)  # fmt: skip
"""Values that only samples tell well."""
LONGEST: Final = 0.95
"""A file shorter than this share of the longest is a cropped copy."""
SAME_DISTANCE: Final = 0.005
"""Distances closer than this share are the same number, rounded by somebody."""
SAME_CLIMB_M: Final = 2.0
SAME_CLIMB: Final = 0.02
"""Climb that differs by less, in metres or as a share, is the watch's own number."""
SAME_CLOCK_S: Final = 450.0
"""Half a quarter of an hour: clocks that are apart by a mistake with zones differ by more (s)."""
VAGUE_SPORTS: Final = (UNKNOWN_SPORT, "other", "workout", "uncategorized")
TREADMILL: Final = "treadmill"
"""There a watch guesses the distance, and runners correct it."""
PAUSE_FACTOR: Final = 2.0
PAUSE_SLACK_S: Final = 1800.0
"""A recording that stood longer than it ran, and half an hour, was forgotten: only its timer says how long it was."""
_RANK: Final = {teller: n for n, teller in enumerate(Teller)}
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
CORRECTED: Final = "distance_corrected"
CLIMB_CORRECTED: Final = "climb_corrected"
CLOCK: Final = "clock_corrected"
NOTES: Final = frozenset({CORRECTED, CLIMB_CORRECTED, CLOCK})
"""Codes of what only merging finds."""


def best_first(members: Sequence[Witness]) -> list[Witness]:
    """Witnesses in the order in which they are believed about samples and the start."""
    if len(members) == 1:
        return list(members)
    longest = max((w.run.elapsed_s or 0.0 for w in members if w.teller.is_file), default=0.0)
    return sorted(members, key=lambda w: (*_standing(w, longest), *_known(w), w.identity))


def _standing(witness: Witness, longest: float) -> tuple[Any, ...]:
    cropped = witness.teller.is_file and (witness.run.elapsed_s or 0.0) < LONGEST * longest
    return (
        not witness.teller.is_file,
        witness.run.salvaged,
        cropped,
        witness.clock is not Clock.UTC,
        _RANK[witness.teller],
    )


def _known(witness: Witness) -> tuple[Any, ...]:
    """The newest word first; then the longest, and the one with more values."""
    told = witness.told or _EPOCH
    values = sum(getattr(witness.run, name) is not None for name in (*SAMPLED, "distance_m", "moving_s", "elapsed_s"))
    return -told.timestamp(), -(witness.run.elapsed_s or 0.0), -(witness.run.moving_s or 0.0), -values


def sport_of(members: Sequence[Witness]) -> str:
    """Sport of the run: as the runner has it at the service, else as the file says."""
    if len(members) == 1:
        return members[0].run.sport
    said = [w.run.sport for w in (*rows_first(members), *best_first(members))]
    return next((sport for sport in said if sport not in VAGUE_SPORTS), said[-1])


def rows_first(members: Sequence[Witness]) -> list[Witness]:
    """Rows of services, the newest word first."""
    rows = [w for w in members if not w.teller.is_file and w.teller is not Teller.TYPED]
    return sorted(rows, key=lambda w: (-(w.told or _EPOCH).timestamp(), _RANK[w.teller], w.identity))


def believed(members: Sequence[Witness]) -> Run:
    """The run of these witnesses. One witness alone is believed in all it says."""
    order = best_first(members)
    first = order[0]
    if len(order) == 1 and first.restart is None:
        return first.run
    if len(order) == 1:
        return replace(first.run, start=first.start, notes=(*first.run.notes, *_restarted(first)), **_flags(first))
    rows, typed = rows_first(members), [w for w in order if w.teller is Teller.TYPED]
    runs = [w.run for w in order]
    sport = sport_of(members)
    surface = _first((*[w.run for w in rows], *runs), "surface") if sport == RUN_SPORT else None
    distance, about_distance = _distance(order, surface)
    climb, about_climb = _climb(order)
    told = [w.run for w in (*typed, *rows, *order)]
    agreed = on_one_clock(order)
    return replace(
        first.run,
        start=agreed[0].start,
        **_clock([*agreed, *order]),
        sport=sport,
        surface=surface,
        distance_m=distance,
        **{name: _first([w.run for w in _timed(order)], name) for name in ("elapsed_s", "moving_s")},
        **climb,
        **{name: _first(runs, name) for name in SAMPLED},
        **{name: _first(told, name) for name in ("shoe", "rpe")},
        title=_first([w.run for w in (*rows, *order)], "title"),
        notes=(*first.run.notes, *_restarted(first), *_shifted(first, agreed[0]), *about_distance, *about_climb),
        **_flags(first),
    )


def on_one_clock(order: Sequence[Witness]) -> list[Witness]:
    """Those of the witnesses whose clock most share, in their order: a copy may be shifted by a mistake with zones."""
    stamps = [w.start.timestamp() for w in order]
    agree = [sum(abs(one - other) < SAME_CLOCK_S for other in stamps) for one in stamps]
    return [witness for witness, count in zip(order, agree, strict=True) if count == max(agree)]


def _shifted(first: Witness, agreed: Witness) -> tuple[tuple[str, str], ...]:
    if abs(first.start - agreed.start).total_seconds() < SAME_CLOCK_S:
        return ()
    said = f"{first.start:%Y-%m-%d %H:%M:%S}"
    return ((CLOCK, f"the file's clock says {said} UTC; others agree on {agreed.start:%Y-%m-%d %H:%M:%S}"),)


def _flags(witness: Witness) -> dict[str, Any]:
    return {"flags": tuple(sorted({*witness.run.flags, CLOCK}))} if _restarted(witness) else {}


def _restarted(witness: Witness) -> tuple[tuple[str, str], ...]:
    if witness.restart is None or witness.restart == witness.run.start:
        return ()
    said = f"{witness.run.start:%Y-%m-%d %H:%M:%S}"
    return (
        (CLOCK, f"the file's clock says {said} UTC; its row at the service says {witness.restart:%Y-%m-%d %H:%M:%S}"),
    )


def _first(runs: Iterable[Run], name: str) -> Any:
    return next((value for run in runs if (value := getattr(run, name)) is not None), None)


def _clock(order: Sequence[Witness]) -> dict[str, Any]:
    """Offset of the local clock from the best witness that says it."""
    said = next((w.run for w in order if w.run.utc_offset_s is not None), None)
    return {"utc_offset_s": said.utc_offset_s if said else None, "offset_source": said.offset_source if said else None}


# ---------------------------------------------------------------- totals
def _by(*wanted: Callable[[Witness], bool]) -> Callable[[Sequence[Witness]], list[Witness]]:
    """Witnesses by the first wish that they fulfil, in the order given within each."""

    def sort(order: Sequence[Witness]) -> list[Witness]:
        return sorted(order, key=lambda w: next((n for n, wish in enumerate(wanted) if wish(w)), len(wanted)))

    return sort


def _is_whole_file(w: Witness) -> bool:
    return w.teller.is_file and not w.run.salvaged


def _is(*tellers: Teller) -> Callable[[Witness], bool]:
    return lambda w: w.teller in tellers


_TOTALS: Final = _by(
    _is(Teller.GARMIN), _is_whole_file, _is(Teller.STRAVA), _is(Teller.LIST), lambda w: w.teller.is_file
)
_TREADMILL: Final = _by(_is(Teller.GARMIN), _is(Teller.STRAVA), _is_whole_file, _is(Teller.LIST))
_timed: Final = _by(
    _is_whole_file, _is(Teller.GARMIN), _is(Teller.STRAVA), _is(Teller.LIST), lambda w: w.teller.is_file
)


def _distance(order: Sequence[Witness], surface: str | None) -> tuple[float | None, tuple[tuple[str, str], ...]]:
    ranked = (_TREADMILL if surface == TREADMILL else _TOTALS)(order)
    said = [w for w in ranked if w.run.distance_m is not None]
    told = next((w for w in said if w.run.distance_m), said[0] if said else None)
    if told is None or told.run.distance_m is None:
        return None, ()
    file = next((w.run.distance_m for w in order if w.teller.is_file and w.run.distance_m), None)
    if told.teller.is_file or file is None or abs(told.run.distance_m - file) <= SAME_DISTANCE * file:
        return told.run.distance_m, ()
    detail = f"distance of {_who(told)}: {told.run.distance_m:,.0f} m; the file says {file:,.0f} m"
    return told.run.distance_m, ((CORRECTED, detail),)


def _climb(order: Sequence[Witness]) -> tuple[dict[str, Any], tuple[tuple[str, str], ...]]:
    """Ascent and descent from one source. A summary that says what the watch says leaves the watch its word."""
    told = next((w for w in _TOTALS(order) if w.run.ascent_m is not None), None)
    file = next((w for w in order if w.teller.is_file and w.run.ascent_m is not None), None)
    if told is None:
        descent = _first([w.run for w in order], "descent_m")
        return {
            "ascent_m": None,
            "descent_m": descent,
            "climb_source": _first([w.run for w in order], "climb_source"),
        }, ()
    if file is not None and told is not file and not told.climb_corrected and _same_climb(told.run, file.run):
        told = file
    source = told.run.climb_source or str(told.teller)
    values = {"ascent_m": told.run.ascent_m, "descent_m": told.run.descent_m, "climb_source": source}
    if file is None or told is file or _same_climb(told.run, file.run):
        return values, ()
    detail = f"climb of {_who(told)}: {told.run.ascent_m:,.0f} m; the file says {file.run.ascent_m:,.0f} m"
    return values, ((CLIMB_CORRECTED, detail),)


def _same_climb(one: Run, other: Run) -> bool:
    a, b = one.ascent_m or 0.0, other.ascent_m or 0.0
    return abs(a - b) <= max(SAME_CLIMB_M, SAME_CLIMB * max(a, b))


def _who(witness: Witness) -> str:
    names = {
        Teller.GARMIN: "Garmin's summary", Teller.STRAVA: "Strava's row", Teller.LIST: "Garmin's list",
        Teller.TYPED: "what was typed in",
    }  # fmt: skip
    return names.get(witness.teller, "another file")


def extent_s(witness: Witness) -> float | None:
    """How long it was recorded (s), a watch that was never stopped counted until its timer stood still."""
    elapsed: float | None
    moving: float | None
    elapsed, moving = witness.run.elapsed_s, witness.run.moving_s
    forgotten = elapsed is not None and moving and elapsed > PAUSE_FACTOR * moving + PAUSE_SLACK_S
    return moving if elapsed is None or forgotten else elapsed
